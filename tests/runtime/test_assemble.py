"""The resolver is the assembly of its parts; parts that do not make one file are refused."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest

from routecomp.runtime import resolver
from routecomp.runtime.assemble import ORDER, PARTS, AssemblyError, assemble


def test_the_committed_file_is_the_assembly() -> None:
    """`resolver.py` is what the parts make, byte for byte; `make refresh` rewrites it."""
    assert Path(resolver.__file__).read_bytes() == assemble().encode("utf-8")


def test_the_assembly_depends_on_the_parts_alone(tmp_path: Path) -> None:
    """Parts in another folder make the same file, and the file names no folder."""
    copy = tmp_path / "parts"
    shutil.copytree(PARTS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    text = assemble(copy)
    assert text == assemble(PARTS)
    assert str(tmp_path) not in text
    assert not [line for line in text.splitlines() if "import" in line and "routecomp" in line]


@pytest.mark.parametrize(
    ("part", "old", "new", "message"),
    [
        ("order", "class _Order:", "class Decision:", "part order binds Decision, which is bound already"),
        ("order", "class _Order:", "class _Order(Router, _Near):", "part order uses _Near while the file is loaded"),
        (
            "order",
            "class _Order:",
            "def min() -> None: ...\n\n\nclass _Order:",
            "part order binds min, which is bound already",
        ),
        ("router", "class Router:", "class Another:", "part program imports Router from router, which does not"),
        (
            "router",
            "import os\n",
            "import os\nimport routecomp.table.codec\n",
            "part router imports routecomp.table.codec",
        ),
        ("policy", "import _Order", "import _Log", "part policy imports _Log from order, which does not bind it"),
    ],
)
def test_parts_that_make_no_file(tmp_path: Path, part: str, old: str, new: str, message: str) -> None:
    """A name bound twice or used too early, an import of the project: each is refused by name."""
    copy = tmp_path / "parts"
    shutil.copytree(PARTS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    changed = copy / f"{part}.py"
    text = changed.read_text(encoding="utf-8")
    assert old in text
    changed.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(AssemblyError, match=message):
        assemble(copy)


def test_a_part_that_is_not_listed(tmp_path: Path) -> None:
    """Each file of the folder has its place in ORDER."""
    shutil.copytree(PARTS, tmp_path / "parts", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "parts" / "more.py").write_text('"""More."""\n', encoding="utf-8")
    with pytest.raises(AssemblyError, match="more"):
        assemble(tmp_path / "parts")


@pytest.mark.parametrize("part", ORDER)
def test_parts_are_small(part: str) -> None:
    """A part is a room that a reader sees at once."""
    text = (PARTS / f"{part}.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 450
    assert ast.get_docstring(ast.parse(text))
