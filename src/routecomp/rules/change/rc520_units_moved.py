"""RC520 units-moved: a change of weights moves no more units than it has to (a warning)."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Severity, warning
from routecomp.model.experiment import Experiment
from routecomp.model.numbers import format_decimal
from routecomp.model.project import Entry
from routecomp.rules.change.change import Change
from routecomp.rules.change.moved_units import least_moving, moved
from routecomp.rules.change.rc515_salt_frozen import salt
from routecomp.rules.registry import change_rule
from routecomp.source.text import Span

_RUNNING = ("active", "paused")
_MOST_RANGES = 12


@change_rule("RC520", "units-moved", Severity.WARNING)
def units_moved(change: Change) -> Iterator[Diagnostic]:
    """More units (users) of a running experiment change their variant than the new weights need.

    Without `slots`, variants own contiguous ranges in declared order, so a change of one weight, or of the order,
    shifts every range behind it. The least possible share is the sum of what the growing variants gain.

    Why: users change sides for nothing, and each that does blurs the figures.

    Fix: write `slots` that leave every unit where it is unless its variant shrinks; the finding says which.
    """
    for before, after in change.experiments():
        if before.body.status not in _RUNNING or after.body.status not in _RUNNING or salt(before) != salt(after):
            continue  # with another salt every figure would be a guess; that is another rule's finding
        units = moved(before.body, after.body)
        if units is not None and units.slots > units.least:
            place = _first_difference(before, after)
            yield warning(
                "RC520",
                f"{format_decimal(units.slots, 2)} % of the units of {after.title} change their variant; "
                f"{format_decimal(units.least, 2)} % would do",
                place,
                _remedy(before, after),
                labels=(change.label(_first_difference(after, before), "before the change"),),
            )


def _first_difference(before: Entry[Experiment], after: Entry[Experiment]) -> Span:
    """Return the place in `after` of the first difference: a weight, else slots, else the order of the variants."""
    for field in ("weight", "slots"):
        for id, variant in after.body.variants.items():
            pair = before.body.variants.get(id)
            if (
                pair is not None
                and getattr(pair, field) != getattr(variant, field)
                and after.has("variants", id, field)
            ):
                return after.span("variants", id, field)
    return after.key_span("variants")


def _remedy(before: Entry[Experiment], after: Entry[Experiment]) -> str:
    """Return the remedy: the slots that move the fewest units if they are few ranges, else a description of them."""
    slots = least_moving(before.body, {id: variant.weight for id, variant in after.body.variants.items()})
    if slots is None or sum(map(len, slots.values())) > _MOST_RANGES:
        return "write `slots` that leave every unit where it is unless its variant shrinks"
    written = ", ".join(
        f"{id} [" + ", ".join(f"[{first}, {last}]" for first, last in ranges) + "]" for id, ranges in slots.items()
    )
    return f"write these `slots`: {written}"
