"""RC301 weights-sum: the weights of every policy add up to exactly 1.00."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.numbers import ONE
from routecomp.model.project import Declared
from routecomp.rules.lookup import policies, policy_title, share
from routecomp.rules.registry import project_rule


@project_rule("RC301", "weights-sum")
def weights_sum(declared: Declared) -> Iterator[Diagnostic]:
    """The weights of a policy do not add up to exactly 1.00.

    `quality`, `latency` and `cost` are shares of one score. They are added exactly, from the text: 0.33, 0.33 and
    0.34 make 1.00, and 0.33, 0.33 and 0.33 do not.

    Why: with weights that add up to 1.05 every score of that policy is off, nobody can say any more which share
    each of the three has, and a database that holds the same rule refuses the row at deployment.

    Fix: change one of the three so that they add up to 1.00.
    """
    for entry, fields, path in policies(declared):
        weights = fields.weights
        if weights is None or weights.total == ONE:
            continue
        off = weights.total - ONE
        change = f"{'lower' if off > 0 else 'raise'} one of the three by {share(abs(off))}"
        sum = " + ".join(share(part) for part in (weights.quality, weights.latency, weights.cost))
        yield error(
            "RC301",
            f"weights of {policy_title(entry, path)} add up to {share(weights.total)}, not 1.00",
            entry.key_span(*path, "weights"),
            change,
            note=sum,
        )
