"""RC217 folder-not-read: no folder beside the project's own holds what belongs into one of them."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Severity, warning
from routecomp.diagnostics.rule import Scope
from routecomp.model.reader import SECTIONS
from routecomp.parse import Parsed
from routecomp.parse.tree import Mapping
from routecomp.rules.registry import document

document(
    "RC217",
    "folder-not-read",
    Scope.PROJECT,
    """
A folder beside `routes/`, `policies/` or `experiments/` holds files that belong into one of them.

Its name is nearly one of the three (`policy/`, `route/`, `Routes/`), and a YAML file in it has a section that belongs
there. Only the three folders are read, under exactly these names.

Why: what stands in the folder decides nothing. A tenant's bans or floors that somebody wrote there are not in the
table, and every check passes.

Fix: move the files to the folder that the finding names. A folder that another tool reads gets another name, or the
warning is waived at the section.
""",
    Severity.WARNING,
    waivable=True,
)


def folders_not_read(parsed: list[Parsed]) -> Iterator[Diagnostic]:
    """Yield a finding for each folder of these files, which lie beside those of the project, at its first section."""
    met: set[str] = set()
    for file in parsed:
        folder = file.source.path.split("/", 1)[0]
        root = file.root
        keys = [key for key, _ in root.items if key.text in SECTIONS] if isinstance(root, Mapping) else []
        if folder in met or not keys:
            continue
        met.add(folder)
        wanted = SECTIONS[keys[0].text].folder
        yield warning(
            "RC217",
            f"{folder}/ is not read: what stands in it decides nothing",
            keys[0].span,
            f"move its files to {wanted}/",
        )
