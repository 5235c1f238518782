"""Hold the house together: which room imports which, where imports stand, how large files are, what they touch."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "routecomp"
ARCHITECTURE = Path(__file__).parents[1] / "docs" / "ARCHITECTURE.md"
ORDER = tuple(re.findall(r"^\| `([a-z]+)` \| ", ARCHITECTURE.read_text(encoding="utf-8"), re.MULTILINE))
"""The rooms in the order of the page's table: each sees only itself and those before it."""

DOORS = (
    "__init__.py",
    "cli/start.py",
    "cli/main.py",
    "cli/exit.py",
    "cli/app.py",
    "cli/commands/docs.py",
    "cli/completion.py",
    "cli/fixing.py",
    "review/on_demand.py",
    "workspace/on_demand.py",
    "workspace/git/on_demand.py",
    "workspace/git/process.py",
    "workspace/named_paths.py",
    "workspace/problem.py",
)
"""Where an import may stand inside a function: the public face, the way from the console script to a command, and
what a command does without where its answer is remembered, where there is no repository, where no diff is shown, where
names are plain, and where nothing is claimed."""

SHIPPED = {
    "runtime": ("runtime",),
    "service": ("runtime", "service"),
    "testing": ("runtime", "service", "testing"),
}
"""The rooms that a user's service runs, without the compiler and its libraries: which rooms each may see."""

DRIVERS = {
    "service/capture/sinks/opentelemetry.py": ("opentelemetry",),
    "service/redis_connection.py": ("redis",),
}
"""The files of these rooms that open something for which a package is needed, and which; imported when it is opened."""

MOST_LINES = 450
ASSEMBLED = "runtime/resolver.py"
"""Written by `runtime/assemble.py` from `runtime/parts/`; it may be as long as its parts together."""

STAGEHANDS = {"one", "found", "at", "some", "said", "held"}
"""Words that say nothing of what a variable holds."""

TERMINAL = ("routecomp.cli.output.terminal", "routecomp.cli.output.layout")
"""Modules that know the terminal: its colours and its width."""

OLD_START = "cli/start.py"
"""Where console scripts lead that were installed from a checkout before this one."""

FILES = {path.relative_to(SOURCE).as_posix(): path for path in sorted(SOURCE.rglob("*.py"))}
MODULES = {".".join(("routecomp", *Path(file).with_suffix("").parts)).removesuffix(".__init__"): file for file in FILES}


@cache
def nodes_of(file: str) -> tuple[ast.AST, ...]:
    """Return every node of a file's syntax tree, the module itself first."""
    return tuple(ast.walk(ast.parse(FILES[file].read_text(encoding="utf-8"))))


def tree_of(file: str) -> ast.Module:
    """Return the syntax tree of a file."""
    tree = nodes_of(file)[0]
    assert isinstance(tree, ast.Module)
    return tree


def room_of(file: str) -> str:
    """Return the room that a file belongs to."""
    return file.split("/")[0].removesuffix(".py")


def imports_of(file: str) -> Iterator[tuple[ast.stmt, str]]:
    """Yield every import statement of a file, at its top or not, with each module that it loads."""
    for node in nodes_of(file):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            assert node.module is not None
            for alias in node.names:
                module = f"{node.module}.{alias.name}"
                yield node, module if module in MODULES else node.module


def checked_files() -> list[str]:
    """Return the files written by hand."""
    return [file for file in FILES if file != ASSEMBLED]


def test_imports_run_one_way() -> None:
    """A file imports only from its own room and those before it; what services run sees what it is shipped with.

    The runtime sees the standard library alone, the service layer the runtime too, and at its doors what they open.
    """
    wrong = []
    for file in FILES:
        room = room_of(file)
        if room in ("__init__", "__main__"):
            continue  # the public face reaches into every room
        for _, module in imports_of(file):
            if module.startswith("routecomp."):
                other = room_of(MODULES[module])
                allowed = ORDER.index(other) <= ORDER.index(room) and other in SHIPPED.get(room, ORDER)
            else:
                package = module.split(".")[0]
                stdlib = package in sys.stdlib_module_names
                allowed = room not in SHIPPED or stdlib or package in DRIVERS.get(file, ())
            if not allowed:
                wrong.append(f"{file} imports {module}")
    assert wrong == []


def test_every_room_has_its_place() -> None:
    """Each package or module under src/routecomp has a place in the order."""
    assert {room_of(file) for file in FILES} - {"__init__", "__main__"} <= set(ORDER)


def test_no_two_files_import_each_other() -> None:
    """No file leads back to itself by imports, those for type checkers included."""
    graph = {
        file: {MODULES[module] for _, module in imports_of(file) if module in MODULES} - {file}
        for file in checked_files()
    }
    assert circles(graph) == []


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the sets of files that all lead to each other, by Tarjan's algorithm."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    components: list[list[str]] = []

    def visit(file: str) -> None:
        number[file] = lowest[file] = len(number)
        stack.append(file)
        for other in graph.get(file, ()):
            if other not in number:
                visit(other)
                lowest[file] = min(lowest[file], lowest[other])
            elif other in stack:
                lowest[file] = min(lowest[file], number[other])
        if lowest[file] == number[file]:
            component = [stack.pop()]
            while component[-1] != file:
                component.append(stack.pop())
            if len(component) > 1:
                components.append(sorted(component))

    for file in graph:
        if file not in number:
            visit(file)
    return components


def test_imports_stand_at_the_top() -> None:
    """Only the doors, and third-party drivers, are imported in functions; a `# lazy:` comment says why."""
    wrong = []
    for file in checked_files():
        lines = FILES[file].read_text(encoding="utf-8").splitlines()
        for node, module in late_imports(file):
            if file not in DOORS and not is_third_party(module):
                wrong.append(f"{file}:{node.lineno} imports {module}")
            elif "# lazy: " not in "".join(lines[node.lineno - 2 : node.lineno]):
                wrong.append(f"{file}:{node.lineno} does not say why it imports {module} late")
    assert wrong == []


def late_imports(file: str) -> Iterator[tuple[ast.stmt, str]]:
    """Yield the imports of a file that stand neither at its top nor under TYPE_CHECKING."""
    early = {id(node) for node in tree_of(file).body}
    for block in tree_of(file).body:
        if isinstance(block, ast.If) and isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING":
            early |= {id(node) for node in ast.walk(block)}
    return ((node, module) for node, module in imports_of(file) if id(node) not in early)


def is_third_party(module: str) -> bool:
    """Return whether a module is neither ours nor of the standard library; its sqlite3 is a driver like others."""
    package = module.split(".")[0]
    return package == "sqlite3" or (package != "routecomp" and package not in sys.stdlib_module_names)


def test_files_stay_small() -> None:
    """No file written by hand is longer than somebody reads at a sitting."""
    lengths = {file: len(FILES[file].read_text(encoding="utf-8").splitlines()) for file in checked_files()}
    assert {file: lines for file, lines in lengths.items() if lines > MOST_LINES} == {}


def test_cli_is_the_command_line() -> None:
    """Each file under cli/ touches click or the terminal: what does neither belongs to a room that others can use.

    A file touches click where it imports it. It touches the terminal where it names a standard stream (`sys.stdin`,
    `sys.stdout`, `sys.stderr`), writes to one by its descriptor (`os.write`), or colours or lays out text for it (by
    importing `cli.output.terminal`, which knows its colours, or `cli.output.layout`, which knows its width). A
    package's empty `__init__.py` holds nothing.
    """
    streams = {"sys.stdin", "sys.stdout", "sys.stderr", "os.write"}
    wrong = []
    for file in FILES:
        if room_of(file) != "cli" or not tree_of(file).body or file in (MODULES[TERMINAL[0]], OLD_START):
            continue
        modules = {module for _, module in imports_of(file)}
        names = {ast.unparse(node) for node in nodes_of(file) if isinstance(node, ast.Attribute)}
        if "click" not in modules and not modules & set(TERMINAL) and not names & streams:
            wrong.append(file)
    assert wrong == []


def test_names_say_what_they_hold() -> None:
    """No variable and no parameter has a name that would fit any other."""
    wrong = [
        f"{file}:{line} binds {name}"
        for file in checked_files()
        for name, line in bound_names(file)
        if name in STAGEHANDS
    ]
    assert wrong == []


def bound_names(file: str) -> Iterator[tuple[str, int]]:
    """Yield every name that a file binds as a variable or a parameter, with its line."""
    for node in nodes_of(file):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name, node.lineno
