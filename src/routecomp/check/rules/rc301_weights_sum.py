"""RC301 weights-sum: the weights of every policy add up to exactly 1.00."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.check.registry import rule
from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.fields import written
from routecomp.model.policy import Weights
from routecomp.model.program import Declared, Entry

ONE = 10_000


@rule("RC301", "weights-sum")
def weights_sum(declared: Declared) -> Iterator[Diagnostic]:
    """The weights of a policy do not add up to exactly 1.00.

    `quality`, `latency` and `cost` are shares of one score. Where they add up to 1.05, every score of that
    policy is off by the same factor against floors, reports and every other policy, and nobody sees it.

    Fix: change one of the three so that they add up to 1.00. They are added exactly, from the text, so
    0.33, 0.33 and 0.34 do, and 0.33, 0.33 and 0.33 do not.
    """
    for entry in (*declared.presets.values(), *declared.tenants.values()):
        if entry.body.weights is not None:
            yield from _sum(entry, entry.title, entry.body.weights, ("weights",))
    defaults = declared.defaults
    if defaults is not None and defaults.body.policy.weights is not None:
        yield from _sum(defaults, "the default policy", defaults.body.policy.weights, ("policy", "weights"))


def _sum(entry: Entry, title: str, weights: Weights, path: tuple[str, ...]) -> Iterator[Diagnostic]:
    off = weights.total - ONE
    if off:
        change = f"{'lower' if off > 0 else 'raise'} one of the three by {written(abs(off), 4)}"
        yield error("RC301", f"weights of {title} add up to {written(weights.total, 4)}, not 1.00",
                    entry.span(*path, "cost"), change, note="the three are added exactly")
