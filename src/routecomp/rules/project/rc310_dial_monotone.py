"""RC310 dial-monotone: more quality never means a lower floor."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.project import Declared
from routecomp.rules.lookup import share
from routecomp.rules.registry import project_rule


@project_rule("RC310", "dial-monotone")
def dial_monotone(declared: Declared) -> Iterator[Diagnostic]:
    """The dial turns the wrong way.

    The delta of `quality` is at least the default's, which is 0, and that of `cost` is at most that.

    Why: a customer who turns towards quality would be given worse models, and one who turns towards cost dearer
    ones. A lost minus sign is enough: `cost: 0.10` instead of `cost: -0.10`.

    Fix: correct the sign or the size of the delta, so that quality >= default >= cost.
    """
    entry = declared.preferences
    if entry is None:
        return
    default = entry.body.default
    for name, sign in (("quality", 1), ("cost", -1)):
        # What the default's own delta must be is another rule's matter.
        delta: int = 0 if name == default else getattr(entry.body.dial, name)
        if delta * sign < 0:
            side = "below" if sign > 0 else "above"
            fact = f"the dial's `{name}` ({share(delta)}) lies {side} the default `{default}`, which is 0"
            yield error(
                "RC310",
                fact,
                entry.span("dial", name),
                "correct its sign or its size: quality >= default >= cost",
                labels=(Label(entry.span("default"), "the default"),),
            )
