"""See every route of a table as every policy does, once, for all proofs of reach."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

from routecomp.model.policy import EffectivePolicy
from routecomp.model.project import Program
from routecomp.review.analysis.claims.table import Table, View
from routecomp.review.analysis.explore import Budget
from routecomp.review.analysis.lens import RankedLens
from routecomp.review.analysis.side import UNDECLARED, standing, tenants_by_policy


class Seen(NamedTuple):
    """A route as one policy sees it: the callers whose policy that is, and its effective fields."""

    view: View
    callers: Sequence[str | None]
    policy: EffectivePolicy
    lens: Any


class Views:
    """Every route of a table under every policy, declared features that have only a config route among them."""

    def __init__(self, program: Program, table: Table, budget: Budget) -> None:
        """See all routes; raise OverBudgetError where they are more than the budget allows."""
        self.program, self.table = program, table
        self.all: list[Seen] = []
        callers = [*tenants_by_policy([table.side]).values()]
        for way in table.ways.all:
            for tenants in callers:
                budget.visit()
                view = View(way, tenants[0])
                self.all.append(Seen(view, tenants, self._policy(tenants[0]), table.lens(view)))

    def _policy(self, tenant: str | None) -> EffectivePolicy:
        """Return the effective policy of a caller."""
        if tenant is None or tenant == UNDECLARED:
            return self.program.default_policy
        return self.program.tenant_policy(tenant)

    @cached_property
    def ranked(self) -> list[Seen]:
        """The routes that rank models and leave one, each once for each policy."""
        met: set[tuple[str, tuple[str | None, str]]] = set()
        ranked = []
        for seen in self.all:
            key = standing(self.table.side, seen.view.tenant), seen.view.way.routes[0][:2]
            if isinstance(seen.lens, RankedLens) and seen.lens.picks and key not in met:
                met.add(key)
                ranked.append(seen)
        return ranked
