"""RC309 default-dial: the default preference does not move the floor."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.project import Declared
from routecomp.rules.lookup import share
from routecomp.rules.registry import project_rule
from routecomp.source.edits import Edit, Fix


@project_rule("RC309", "default-dial")
def default_dial(declared: Declared) -> Iterator[Diagnostic]:
    """The default preference has a delta other than 0.

    A request that names the default preference gets exactly what a request without a preference gets.

    Why: with another delta every request of every tenant would be moved by a dial nobody turned, and the floors in
    the files would not be the floors in force.

    Fix: set the delta of the default preference to 0. To move everyone's floor, change the floor.
    """
    entry = declared.preferences
    if entry is None:
        return
    name = entry.body.default
    delta: int = getattr(entry.body.dial, name)
    if delta != 0:
        span = entry.span("dial", name)
        yield error(
            "RC309",
            f"the default preference `{name}` moves the floor by {share(delta)}",
            span,
            "write 0",
            labels=(Label(entry.span("default"), "the default"),),
            fix=Fix("write `0`", (Edit(span, "0"),)),
        )
