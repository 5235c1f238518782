"""RC217 folder-not-read: nothing beside the project's own folders is of the form of what belongs into them."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Severity, warning
from routecomp.diagnostics.rule import Scope
from routecomp.model.layout import fits
from routecomp.model.part import Part
from routecomp.model.sections import FOLDERS, SECTIONS, Section
from routecomp.parse import Parsed
from routecomp.parse.tree import Mapping, Node, Scalar
from routecomp.rules.registry import document

document(
    "RC217",
    "folder-not-read",
    Scope.PROJECT,
    """
A file beside `routes/`, `policies/` or `experiments/` holds what belongs into one of them.

It lies in the project's root, or in a folder that is none of the three, and has a section whose bodies are of the form
of ours: tenants with bans or stacks, models with prices. In a folder whose name is nearly one of the three (`policy/`,
`route/`, `Routes/`) a section that belongs there is enough. Only the three folders are read, under exactly these names.

Why: what stands in the file decides nothing. A tenant's bans or floors that somebody wrote there are not in the
table, and every check passes.

Fix: move the file to the folder that the finding names. Where another tool reads it, waive the warning at the
section, or begin the file's name with a dot.
""",
    Severity.WARNING,
    waivable=True,
)

_NEAR = {
    "routes": ("route", "routing", "routers", "rotues", "routs", "routes.d"),
    "policies": ("policy", "polices", "policys", "policies.d", "polocies"),
    "experiments": ("experiment", "experiements", "experimets", "experiments.d"),
}
"""Folder to the names that people write for it, besides its own in other letters."""
_BARE = ("defaults", "resilience")
"""Sections whose keys other tools have too."""
_OF_ALL = frozenset({"description", "owner"})


def folders_not_read(parsed: list[Parsed]) -> Iterator[Diagnostic]:
    """Yield a finding for each file in the root, and each folder, of these that lie beside those of the project."""
    by_top: dict[str, list[tuple[str, Scalar]]] = {}
    for file in parsed:
        path = file.source.path
        top, _, below = path.partition("/")
        key = _section(file.root, _meant(top) if below else None)
        if key is not None:
            by_top.setdefault(top, []).append((path, key))
    for top, ((path, key), *others) in by_top.items():
        wanted = SECTIONS[key.text].folder
        if _meant(top) is not None and path != top:
            yield warning(
                "RC217",
                f"{top}/ is not read: what stands in it decides nothing",
                key.span,
                f"move its files to {wanted}/",
            )
            continue
        more = f" (nor {'is 1 other file' if len(others) == 1 else f'are {len(others)} other files'} in {top}/)"
        yield warning(
            "RC217",
            f"{path} is not read{more if others else ''}: what stands in it decides nothing",
            key.span,
            f"move it to {wanted}/: `mkdir -p {wanted} && git mv {shlex.quote(path)} {wanted}/`",
        )


def _meant(name: str) -> str | None:
    """Return the folder of the project whose name is nearly this."""
    word = name.casefold()
    return next((folder for folder in FOLDERS if word == folder or word in _NEAR[folder]), None)


def _section(root: Node | None, meant: str | None) -> Scalar | None:
    """Return the first key of a file that is a section of ours; `meant` is the folder that its place seems to name."""
    if not isinstance(root, Mapping):
        return None
    for key, value in root.items:
        section = SECTIONS.get(key.text)
        if section is not None and (section.folder == meant or _is_ours(key.text, section, value)):
            return key
    return None


def _is_ours(name: str, section: Section, value: Node) -> bool:
    """Return whether a value is of the form of a section: most of its bodies have the keys of such bodies."""
    if not isinstance(value, Mapping) or name in _BARE:
        return False
    if section.once:
        return fits(section.body, value)
    bodies = [body for _, body in value.items if not isinstance(body, Mapping) or body.items]
    ours = sum(isinstance(body, Mapping) and _resembles(section.body, body) for body in bodies)
    return ours > 0 and 2 * ours >= len(bodies)


def _resembles(body: type[Part], node: Mapping) -> bool:
    """Return whether a mapping has the keys of a body: at least two thirds of those it must have, and few others."""
    keys = {key.text for key, _ in node.items}
    required = {name for name, info in body.fields.items() if info.is_required}
    own = keys & body.fields.keys() - _OF_ALL
    return bool(own) and 2 * len(own) > len(keys - _OF_ALL) and 3 * len(required - keys) <= len(required)
