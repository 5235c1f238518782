"""Apply tenants' budgets to calls, and tell how it is with them."""

from __future__ import annotations

import atexit
import weakref
from decimal import Decimal
from typing import Any, TypedDict

from routecomp.runtime.resolver import Facts
from routecomp.service.budgets.amounts import CENT, Models, exact, whole
from routecomp.service.budgets.claim import FREE, Claim, Tokens, Unclaimed
from routecomp.service.budgets.ledger import Account, Ledger, LedgerStatus
from routecomp.service.budgets.measure import tokens_of
from routecomp.service.budgets.periods import periods_of
from routecomp.service.budgets.redis_store import RedisBudgets
from routecomp.service.budgets.store import BudgetStore
from routecomp.service.capture.ticks import Ticks
from routecomp.service.clock import SYSTEM, Clock
from routecomp.service.exposition import family
from routecomp.service.strict import WrongArgument

_EXIT_S = 0.5
_MOST = 100


class AccountStatus(TypedDict):
    """What a tenant has spent of a day or a month, in dollars."""

    tenant: str
    period: str
    limit_usd: Decimal
    taken_usd: Decimal
    """What calls cost, and what those under way may cost; with a store also those of other processes."""


class BudgetsStatus(LedgerStatus):
    """What `Budgets.status` returns; counts are of this process."""

    calls: dict[str, int]
    """Calls of tenants with a budget, by how their number of input tokens is known."""
    refused: int
    """Calls that the budget rejected."""
    spent: int
    """Accounts of which nothing is left."""
    accounts: list[AccountStatus]
    """The accounts of which the smallest part is left, 100 of them at most."""


class Budgets:
    """The budgets of the tenants that the table declares. Where it declares none, nothing of this runs."""

    def __init__(self, store: BudgetStore | None = None, *, clock: Clock = SYSTEM, is_kept: bool = True) -> None:
        """Take where accounts are shared; without `is_kept` budgets are not applied."""
        self._clock = clock
        self._is_kept = is_kept
        self.ledger = Ledger(store, clock=clock)
        self._calls: dict[Tokens, Ticks] = {"given": Ticks(), "estimated": Ticks(), "unknown": Ticks()}
        self._refused = Ticks()
        reference = weakref.ref(self)

        def at_exit() -> None:
            if (budgets := reference()) is not None:
                budgets.close(_EXIT_S)

        self._at_exit = at_exit
        atexit.register(self._at_exit)

    def begin(
        self, facts: Facts, models: Models, request: Any, *, strict: bool = False
    ) -> tuple[Any, Claim | Unclaimed]:
        """Return a request as the router takes it, and what it may spend: FREE for a tenant without a budget.

        `input_tokens` may be a function, which is called once. `messages` are for this alone, and are not kept. Who
        gives neither is asked about with the tokens that `messages` seem to have, but only for tenants with a budget.
        """
        messages = request.get("messages")
        if "messages" in request:
            request = {name: value for name, value in request.items() if name != "messages"}
        tokens = request.get("input_tokens")
        if callable(tokens):
            tokens = _asked(tokens, strict=strict)
            request = {**request, "input_tokens": tokens}
        tenant = request.get("tenant")
        budget = facts.budget(tenant) if self._is_kept and tenant is not None else None
        if budget is None:
            return request, FREE
        cents = (budget.daily_cents, budget.monthly_cents)
        accounts = [
            self.ledger.account(str(tenant), period, limit * CENT)
            for period, limit in zip(periods_of(self._clock.time()), cents, strict=True)
            if limit is not None
        ]
        known: Tokens = "given"
        number = whole(tokens)
        if number is None:
            number = 0 if messages is None else tokens_of(messages)
            known = "estimated" if number else "unknown"
        if not accounts or (strict and tokens is not None and whole(tokens) is None):
            return request, FREE
        self._calls[known].add()
        own = request.get("max_cost_usd")
        claim = Claim(
            self.ledger, accounts, models, number, whole(request.get("max_output_tokens")), own, known, self._refused
        )
        return claim.limit(request), claim

    def status(self) -> BudgetsStatus:
        """Return how it is with accounts and store."""
        accounts = self.ledger.accounts()
        nearest = sorted(accounts, key=lambda a: (a.left / max(a.limit, 1), a.tenant, a.period))[:_MOST]
        return {
            **self.ledger.status(),
            "calls": {word: ticks.value for word, ticks in self._calls.items()},
            "refused": self._refused.value,
            "spent": sum(account.left <= 0 for account in accounts),
            "accounts": [_account(account) for account in nearest],
        }

    def metrics(self) -> str:
        """Return counts as Prometheus' text, without the names of tenants."""
        status = self.status()
        calls = [({"input_tokens": word}, count) for word, count in status["calls"].items() if count]
        if not calls:
            return ""
        degraded: list[tuple[dict[str, str], int]] = [] if status["store"] is None else [({}, int(status["degraded"]))]
        name = "routecomp_budget{}".format
        return (
            family(name("_calls_total"), "counter", "Calls of tenants with a budget.", calls)
            + family(name("_refused_total"), "counter", "Calls that a budget rejected.", [({}, status["refused"])])
            + family(name("s_spent"), "gauge", "Days and months of which nothing is left.", [({}, status["spent"])])
            + family(name("s_degraded"), "gauge", "Whether the store cannot be reached.", degraded)
        )

    def close(self, timeout_s: float) -> bool:
        """Tell the store what was spent, give back the rest, and return whether it answered in time."""
        atexit.unregister(self._at_exit)
        return self.ledger.close(timeout_s)


def named_store(budgets: BudgetStore | str | bool, redis_url: str | None, clock: Clock) -> BudgetStore | None:
    """Return where accounts are shared: what is named, else the Redis that health shares; None for neither.

    ValueError for what can be no store.
    """
    if isinstance(budgets, bool):
        return RedisBudgets(redis_url, clock=clock) if budgets and redis_url is not None else None
    if isinstance(budgets, str):
        return RedisBudgets(budgets, clock=clock)
    if not callable(getattr(budgets, "exchange", None)):
        raise ValueError("`budgets` is true, false, a URL of a Redis or Valkey, or a store with `exchange` and `close`")
    return budgets


def _asked(function: Any, *, strict: bool) -> Any:
    """Return the tokens that a caller's function counts; None, as if nothing were given, if it raises."""
    try:
        return function()
    except Exception as error:
        if strict:
            raise WrongArgument(f"`input_tokens` is a function that raised {type(error).__name__}") from error
        return None


def _account(account: Account) -> AccountStatus:
    return {
        "tenant": account.tenant,
        "period": account.period,
        "limit_usd": exact(account.limit),
        "taken_usd": exact(account.limit - account.left),
    }
