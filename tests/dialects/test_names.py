"""Nothing outside of sql/dialects/ and the drivers in database/ names a dialect: no text and no name of the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from routecomp.sql.dialects.names import dialect_names

SOURCE = Path(__file__).parents[2] / "src/routecomp"
NAMED = re.compile("|".join(dialect_names()), re.IGNORECASE)
ALLOWED = ("sql/dialects/", *(f"database/{name}" for name in (*dialect_names(), "drivers.py")), "interop/tensorzero.py")
"""The last reads another program's file, in which a section is called so."""


def words(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of every string that is no docstring, every name, attribute, parameter and import of a file."""
    docstrings = {
        id(node.value)
        for parent in ast.walk(tree)
        if isinstance(parent, ast.Module | ast.ClassDef | ast.FunctionDef)
        for node in parent.body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes) and id(node) not in docstrings:
            yield node.lineno, str(node.value)
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.arg | ast.keyword):
            yield node.lineno, node.arg or ""
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, " ".join([node.module or "", *(name.name for name in node.names)])
        elif isinstance(node, ast.Import):
            yield node.lineno, " ".join(name.name for name in node.names)


def test_no_other_file_names_a_dialect() -> None:
    """A third dialect needs no edit elsewhere."""
    named = [
        f"{path.relative_to(SOURCE)}:{line}: {text}"
        for path in sorted(SOURCE.rglob("*.py"))
        if not path.relative_to(SOURCE).as_posix().startswith(ALLOWED)
        for line, text in words(ast.parse(path.read_text(encoding="utf-8")))
        if NAMED.search(text)
    ]
    assert named == []
