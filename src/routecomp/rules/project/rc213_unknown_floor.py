"""RC213 unknown-floor: the floors that the dial needs are declared."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.project import Declared
from routecomp.model.suggest import suggestion
from routecomp.parse.scalars import NUMBER
from routecomp.rules.registry import project_rule


@project_rule("RC213", "unknown-floor")
def unknown_floor(declared: Declared) -> Iterator[Diagnostic]:
    """The clamp names a floor that is not declared, or the floor `good` is missing.

    `clamp` names the lowest and the highest floor the dial may move to, by their names under `floors`. `good` is
    the floor of a request for which neither policy nor feature nor target declares one.

    Why: without its bounds the dial could move a floor to where no model is good enough, or where every model is;
    without `good` a request that declares nothing would have no floor at all.

    Fix: declare the floor under `floors`, or name one that is there.
    """
    entry = declared.preferences
    if entry is None:
        return
    floors = entry.body.floors
    if "good" not in floors:
        yield error(
            "RC213",
            "`floors` declares no floor `good`",
            entry.key_span("floors"),
            "add `good:`, the floor where nothing else declares one",
        )
    if all(NUMBER.fullmatch(name) and name not in floors for name in entry.body.clamp):
        help = f"name two of them: {', '.join(floors)}" if floors else "declare floors under `floors:`, and name two"
        yield error("RC213", "`clamp` holds figures, not the names of floors", entry.span("clamp"), help)
        return
    for position, name in enumerate(entry.body.clamp):
        if name not in floors and not (name == "good" and "good" not in floors):
            yield error(
                "RC213",
                f"`clamp` names the unknown floor `{name}`",
                entry.span("clamp", position),
                suggestion(name, floors) or f"declare `{name}` under `floors:`",
            )
