"""See every route of a table as every policy does, once, for all proofs of reach."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from routecomp.model.policy import EffectivePolicy
from routecomp.model.project import Program
from routecomp.review.analysis.claims.table import Table, View
from routecomp.review.analysis.explore import Budget
from routecomp.review.analysis.lens import RankedLens
from routecomp.review.analysis.routes import lens_of
from routecomp.review.analysis.side import UNDECLARED, policy_of, standing, tenants_by_policy
from routecomp.review.analysis.space import WORDS
from routecomp.runtime.resolver import _permitted


class Ranked(NamedTuple):
    """What proofs of reach need of a route that ranks models: its candidates and shadows, and its floors.

    `floors` are those of `RankedLens.floor`, by position of the dial.
    """

    candidates: int
    shadows: int
    floors: dict[str | None, tuple[int, int]]


class Seen(NamedTuple):
    """A route as one policy sees it: the callers whose policy that is, and its effective fields.

    `ranked` is None for a route that ranks nothing; `opened` are the models that it may name.
    """

    view: View
    callers: Sequence[str | None]
    policy: EffectivePolicy
    opened: int
    ranked: Ranked | None


class Views:
    """Every route of a table under every policy, but pinned models: those are what `pinned` of a policy says.

    Declared features that have only a config route are among them. Of each route only masks are kept.
    """

    def __init__(self, program: Program, table: Table, budget: Budget) -> None:
        """See all routes; raise OverBudgetError where they are more than the budget allows."""
        self.program, self.table = program, table
        self.all: list[Seen] = []
        callers = [*tenants_by_policy([table.side]).values()]
        for way in table.ways.all:
            for tenants in callers:
                if way.routes[0].kind == "direct":
                    continue
                budget.visit()
                lens = lens_of(table.side, tenants[0], way.routes[0])
                ranked = _masks(lens) if isinstance(lens, RankedLens) else None
                view, opened = View(way, tenants[0]), lens.opened & table.side.all
                self.all.append(Seen(view, tenants, self._policy(tenants[0]), opened, ranked))
        self.pinned = 0
        for tenants in callers:
            policy = policy_of(table.side, tenants[0])
            self.pinned |= table.side.mask(_permitted(table.side.catalogue, policy, listed=True))

    def _policy(self, tenant: str | None) -> EffectivePolicy:
        """Return the effective policy of a caller."""
        if tenant is None or tenant == UNDECLARED:
            return self.program.default_policy
        return self.program.tenant_policy(tenant)

    @cached_property
    def ranked(self) -> list[tuple[Seen, Ranked]]:
        """The routes that rank models and leave one, each once for each policy."""
        met: set[tuple[str, tuple[str | None, str]]] = set()
        routes = []
        for seen in self.all:
            key = standing(self.table.side, seen.view.tenant), seen.view.way.routes[0][:2]
            if seen.ranked is not None and seen.ranked.candidates and key not in met:
                met.add(key)
                routes.append((seen, seen.ranked))
        return routes


def _masks(lens: RankedLens) -> Ranked:
    """Return the masks of a route that ranks models."""
    candidates = lens.opened & lens.needed
    shadows = lens.opened >> len(lens.side.slugs) & lens.needed if candidates else 0
    return Ranked(candidates, shadows, {position: lens.floor(position) for position in (None, *WORDS)})
