"""Join the parts of the resolver into one file, which needs nothing but the standard library.

The text of a part is copied as it is. Its docstring becomes a comment above it, its imports of other parts are
dropped, and its other imports are merged with those of all parts. The result depends on the parts alone: it holds no
date and no path, and the same parts give the same bytes.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PARTS = Path(__file__).parent / "parts"
ROOM = "routecomp.runtime.parts"
ORDER = (
    "limits",
    "decision",
    "explanation",
    "router",
    "endpoint",
    "facts",
    "bodies",
    "memory",
    "decide",
    "ranked",
    "view",
    "explain",
    "filters",
    "request",
    "numbers",
    "table",
    "policy",
    "order",
    "feature",
    "shares",
    "experiment",
    "last_resort",
    "catalogue",
    "near",
    "masks",
    "model",
    "contracts",
    "kinds",
    "table_keys",
    "table_fields",
    "read_file",
    "refused",
    "program",
)
"""The parts in the order in which a reader of the file meets them: what callers use first, helpers later."""

OPENING = '''# ruff: noqa: PGH004
# ruff: noqa
# fmt: off
"""Answer requests from a compiled routing table: a decision for each, never an exception.

This one file needs nothing but Python (3.11 or newer) and is a complete program:

    import resolver
    router = resolver.load("generated/routing_table.json")
    decision = router.resolve(feature="support-chat", tenant="acme", input_tokens=1200)
    decision.model, decision.url, decision.chain
    router.endpoint(decision, decision.chain[1])  # how the next model is called, should the first fail

    python resolver.py < requests.jsonl          # one decision for every line

What a decision means is written in docs/semantics.md (sections 4 to 6), what the files hold in docs/table.md.
All arithmetic happened at compile time; what is left is looking up, comparing and masking. A set of models is
one whole number, bit i standing for the i-th model. A filter is such a mask, and what survives is what the masks share.

A decision is found in the first of three ways that leads to one: it is remembered from an earlier call (`_Memory`);
its models are among the nearest candidates of the route (`_Near`); they are sought among all models (`_Catalogue`,
`_Order`). `Router.explain` takes no short cut: it applies every filter of `_FILTERS` to all candidates.

routecomp assembles this file from parts and copies it: a change made here is lost with the next copy.
"""

from __future__ import annotations'''

EXPORTS = (
    "ARGUMENTS",
    "FORMAT",
    "Decision",
    "DecisionSource",
    "DecisionStatus",
    "Endpoint",
    "Explanation",
    "Facts",
    "ModelFacts",
    "ProviderFacts",
    "ResilienceFacts",
    "BudgetFacts",
    "ShadowFacts",
    "RouteKind",
    "Router",
    "RouterStatus",
    "load",
    "main",
    "resolve_line",
    "serve",
    "slot_of",
)


class AssemblyError(Exception):
    """Why the parts do not make one file."""


def assemble(folder: Path = PARTS) -> str:
    """Return the text of resolver.py, made of the parts in `folder`.

    Raises AssemblyError for a part that is missing or not in ORDER, an import that the file cannot have, a name that
    is bound twice, and a name that is used while the file is loaded before the statement that binds it.
    """
    listed = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    if listed != set(ORDER):
        raise AssemblyError(f"the folder and ORDER do not name the same parts: {', '.join(listed ^ set(ORDER))}")
    parts = [_read_part(folder / f"{name}.py") for name in ORDER]
    imports: dict[str, set[str]] = {}  # module to names; the name "" stands for `import module`
    for part in parts:
        for module, name in part.imports:
            imports.setdefault(module, set()).add(name)
    _check_names(parts, {name or module for module in imports for name in imports[module]})
    lines = [f"import {module}" for module in sorted(imports) if "" in imports[module]]
    for module in sorted(imports):
        if names := sorted(imports[module] - {""}, key=_import_rank):
            lines.append(f"from {module} import {', '.join(names)}")
    exports = "__all__ = [\n" + "".join(f'    "{name}",\n' for name in EXPORTS) + "]"
    head = "\n\n".join([OPENING, "\n".join(lines), exports])
    return "\n\n\n".join([head, *(f"{part.banner}\n\n\n{part.text}" for part in parts)]) + "\n"


@dataclass(frozen=True)
class _Part:
    """A part as it is copied: its text and statements without docstring and imports."""

    name: str
    banner: str  # the docstring as a comment
    text: str
    statements: list[ast.stmt]
    imports: list[tuple[str, str]]  # from outside the parts: module and name, no name for `import module`
    borrowed: list[tuple[str, str]]  # from other parts: part and name


def _read_part(path: Path) -> _Part:
    """Read one part, which begins with a docstring and its imports and holds at least one statement more."""
    text = path.read_text(encoding="utf-8")
    module = ast.parse(text)
    imports, borrowed, statements = [], [], module.body[1:]
    end = module.body[0].end_lineno or 0
    while isinstance(node := statements[0], ast.Import | ast.ImportFrom):
        end = node.end_lineno or 0
        if isinstance(node, ast.Import):
            imports += [(alias.name, "") for alias in node.names]
        elif str(node.module).startswith(f"{ROOM}."):
            borrowed += [(str(node.module).removeprefix(f"{ROOM}."), alias.name) for alias in node.names]
        elif node.module != "__future__":
            imports += [(str(node.module), alias.name) for alias in node.names]
        del statements[0]
    first, *more = (ast.get_docstring(module) or "").split("\n")
    banner = "\n".join([f"# --- {first} ---", *(f"# {line}".rstrip() for line in more)])
    return _Part(path.stem, banner, "\n".join(text.split("\n")[end:]).strip("\n"), statements, imports, borrowed)


def _check_names(parts: list[_Part], imported: set[str]) -> None:
    """Raise AssemblyError where the parts, joined to one file, bind a name twice or use it on loading before that.

    Python's builtins count as bound; uses in function bodies and annotations are not checked. Also refuse an import of
    a name that its part does not bind, an import from routecomp, and an unbound name of EXPORTS.
    `imported` are the names that the imports of the file bind.
    """
    owners = dict.fromkeys(dir(builtins), "Python") | dict.fromkeys(imported, "an import")
    for part in parts:
        for statement in part.statements:
            for name in _used_at_once(statement):
                if name not in owners:
                    raise AssemblyError(f"part {part.name} uses {name} while the file is loaded, before it is bound")
            for name in _bound(statement):
                if name in owners:
                    raise AssemblyError(f"part {part.name} binds {name}, which is bound already: by {owners[name]}")
                owners[name] = f"part {part.name}"
    for part in parts:
        for owner, name in part.borrowed:
            if owners.get(name) != f"part {owner}":
                raise AssemblyError(f"part {part.name} imports {name} from {owner}, which does not bind it")
        for module, _ in part.imports:
            if module.startswith("routecomp"):
                raise AssemblyError(f"part {part.name} imports {module}, which is not beside a copied file")
    if unknown := set(EXPORTS) - set(owners):
        raise AssemblyError(f"no part binds {', '.join(sorted(unknown))}, which EXPORTS names")


def _bound(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a function, a class or an assignment binds; other statements yield none."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name))


def _used_at_once(node: ast.AST) -> Iterator[str]:
    """Yield the names that are looked up while the file is loaded: not those in bodies of functions, or annotations."""
    children: list[ast.AST | None] = [*ast.iter_child_nodes(node)]
    own: set[str] = set()
    if isinstance(node, ast.FunctionDef):
        children = [*node.decorator_list, *node.args.defaults, *node.args.kw_defaults]
    elif isinstance(node, ast.Lambda):
        children = [*node.args.defaults, *node.args.kw_defaults]
    elif isinstance(node, ast.AnnAssign):
        children = [node.value]
    elif isinstance(node, ast.ClassDef):
        own = {name for statement in node.body for name in _bound(statement)}
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        own = {child.id for child in ast.walk(node) if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store)}
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield node.id
    for child in children:
        if child is not None:
            yield from (name for name in _used_at_once(child) if name not in own)


def _import_rank(name: str) -> tuple[int, str]:
    """Return a key that sorts imported names as ruff does: constants, then classes, then the rest."""
    return 0 if name.isupper() else 1 if name[0].isupper() else 2, name
