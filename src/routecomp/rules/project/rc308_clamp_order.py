"""RC308 clamp-order: the dial's clamp runs from the lower floor to the higher one."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.project import Declared
from routecomp.rules.lookup import share
from routecomp.rules.registry import project_rule


@project_rule("RC308", "clamp-order")
def clamp_order(declared: Declared) -> Iterator[Diagnostic]:
    """The clamp's first floor lies above its second.

    `clamp: [lowest, highest]` names the floors between which the dial moves.

    Why: the dial lowers a floor down to the first of the two and raises it up to the second. With the two exchanged
    neither position would do what it says.

    Fix: exchange the two names, or correct the values under `floors`.
    """
    entry = declared.preferences
    if entry is None:
        return
    floors = entry.body.floors
    low, high = entry.body.clamp
    if low in floors and high in floors and floors[low] > floors[high]:
        yield error(
            "RC308",
            f"the clamp runs from `{low}` ({share(floors[low])}) down to `{high}` ({share(floors[high])})",
            entry.span("clamp"),
            f"write [{high}, {low}]",
            labels=tuple(Label(entry.span("floors", name), f"`{name}`") for name in (low, high)),
        )
