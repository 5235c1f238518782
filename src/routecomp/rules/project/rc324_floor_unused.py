"""RC324 floor-unused: every named floor is one the dial reads."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Severity, warning
from routecomp.model.project import Declared, node_at
from routecomp.parse.edit import key_removal
from routecomp.parse.tree import Mapping
from routecomp.rules.registry import project_rule
from routecomp.source.edits import Fix


@project_rule("RC324", "floor-unused", Severity.WARNING)
def floor_unused(declared: Declared) -> Iterator[Diagnostic]:
    """A floor is declared that nothing reads.

    Of the named floors only `good` and the two that `clamp` names decide anything. Policies, features and targets
    write their floors as numbers.

    Why: whoever raises this floor expects better answers, and nothing changes.

    Fix: remove it, or name it in `clamp`.
    """
    entry = declared.preferences
    if entry is None or any(name not in entry.body.floors for name in entry.body.clamp):
        return  # which floor an unknown name in the clamp was meant to be is not known
    floors = node_at(entry.node, ("floors",))
    for name in entry.body.floors:
        if name == "good" or name in entry.body.clamp:
            continue
        edit = key_removal(floors, name) if isinstance(floors, Mapping) else None
        yield warning(
            "RC324",
            f"the floor `{name}` is read by nothing",
            entry.key_span("floors", name),
            "remove it, or name it in `clamp`",
            fix=Fix(f"remove `{name}`", (edit,)) if edit is not None else None,
        )
