"""The house's import order: each package sees only those before it, and the runtime sees the standard library alone."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "routecomp"
ORDER = (
    "source",
    "diagnostics",
    "parse",
    "model",
    "rules",
    "table",
    "emit",
    "runtime",
    "service",
    "sql",
    "database",
    "review",
    "checker",
    "compiler",
    "comparer",
    "workspace",
    "explain",
    "cli",
)
FILES = sorted(SOURCE.rglob("*.py"))


def imported(path: Path) -> list[str]:
    """Every module a file imports, at its top or inside a function."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            found += [node.module] if node.module != "routecomp" else [f"routecomp.{n.name}" for n in node.names]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_run_one_way(path: Path) -> None:
    """A file imports only from its own package and those before it in the order of the house."""
    room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    if room in ("__init__", "__main__"):
        return  # the public face reaches into every room
    for module in imported(path):
        if module == "routecomp.__version__":
            continue
        if module.startswith("routecomp."):
            other = module.split(".")[1]
            assert ORDER.index(other) <= ORDER.index(room), f"{room} imports {module}"
        elif room == "runtime":
            assert module.split(".")[0] in sys.stdlib_module_names, f"the runtime imports {module}"


def test_every_room_has_its_place() -> None:
    """Each package or module under src/routecomp has a place in the order."""
    rooms = {path.relative_to(SOURCE).parts[0].removesuffix(".py") for path in FILES} - {"__init__", "__main__"}
    assert rooms <= set(ORDER)
