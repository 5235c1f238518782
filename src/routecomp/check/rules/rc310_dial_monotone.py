"""RC310 dial-monotone: more quality never means a lower floor."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from routecomp.check.lookup import share
from routecomp.check.registry import rule
from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.program import Declared
from routecomp.model.words import PREFERENCES


@rule("RC310", "dial-monotone")
def dial_monotone(declared: Declared) -> Iterator[Diagnostic]:
    """The dial turns the wrong way.

    From `quality` over `balanced` to `cost` the deltas never rise.

    Why: a customer who turns towards quality would be given worse models, and one who turns towards cost dearer
    ones. A lost minus sign is enough: `cost: 0.10` instead of `cost: -0.10`.

    Fix: correct the sign or the size of the delta, so that quality >= balanced >= cost.
    """
    entry = declared.preferences
    if entry is None:
        return
    # What the default's delta must be is another rule's matter: here it counts as 0.
    deltas = {name: 0 if name == entry.body.default else getattr(entry.body.dial, name) for name in PREFERENCES}
    for upper, lower in pairwise(PREFERENCES):
        if deltas[lower] > deltas[upper]:
            wrong, other = (upper, lower) if lower == entry.body.default else (lower, upper)
            yield error("RC310", f"the dial's `{lower}` ({share(deltas[lower])}) lies above its `{upper}` "
                                 f"({share(deltas[upper])})", entry.span("dial", wrong),
                        "correct its sign or its size: quality >= balanced >= cost",
                        labels=(Label(entry.span("dial", other), f"`{other}`"),))
