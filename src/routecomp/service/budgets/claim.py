"""Hold what one call may spend of its tenant's budget: what is reserved while it runs, and what it came to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final, Literal

from routecomp.runtime.resolver import Decision, Explanation
from routecomp.service.budgets.amounts import Models, charged, dollars, estimate, is_lower
from routecomp.service.budgets.ledger import Account, Ledger
from routecomp.service.capture.ticks import Ticks
from routecomp.service.usage import Usage

Tokens = Literal["given", "estimated", "unknown"]
_BOUND: tuple[Any, ...] = ("feature", "target", "logical")
"""The routes on which the router keeps to `max_cost_usd`."""
_ROUNDS: Final = 100
"""How often a call decides anew while others are quicker; then it is refused."""


class Claim:
    """What a call takes of its tenant's accounts. It is settled once; one that is dropped unsettled gives all back."""

    __slots__ = (
        "_is_open",
        "_latest",
        "_ledger",
        "_lost",
        "_max_output",
        "_models",
        "_own",
        "_process",
        "_refused",
        "_reserved",
        "_spent",
        "_tokens",
        "accounts",
        "known",
    )

    def __init__(
        self,
        ledger: Ledger,
        accounts: Sequence[Account],
        models: Models,
        tokens: int,
        max_output: int | None,
        own: Any,
        known: Tokens,
        refused: Ticks,
    ) -> None:
        self._ledger = ledger
        self._refused = refused
        self._process = ledger.process
        self.accounts = accounts
        self._models = models
        self._tokens = max(tokens, 1)  # a call of nothing would pass whatever is left
        self._max_output = max_output
        self._own = own
        self.known = known
        """How the number of input tokens is known."""
        self._reserved = 0
        self._spent = 0  # by tries before the latest
        self._latest = 0  # what the latest try is expected to cost
        self._lost = 0  # what it may have cost, if nobody says
        self._is_open = True

    def limit(self, request: Any) -> Any:
        """Return a request with what is left of the budget as its limit of cost, unless the caller's own is lower."""
        left = dollars(self._ledger.left(self.accounts) + self._reserved)
        own = left if self._own is None or not is_lower(self._own, left) else self._own
        return {**request, "input_tokens": self._tokens, "max_cost_usd": own}

    def pays(self, decision: Decision, again: Callable[[], Decision]) -> Decision:
        """Reserve what a decision's model is expected to cost, and return the decision, with what is to be said of it.

        Where others took meanwhile what was left, the router decides `again`. Of pinned calls, experiments and rungs it
        keeps to no limit: they are refused here.
        """
        rounds = 0
        while decision.status == "ok" and not self.covers(decision.model or ""):
            is_bound = decision.source == "table" and decision.route in _BOUND
            rounds += 1
            decision = again() if is_bound and rounds < _ROUNDS else self._refused_of(decision)
        if self.known == "given":
            return decision
        return decision._replace(reasons=(*sorted((*decision.reasons, f"input_tokens_{self.known}")),))

    def affords(self, slug: str) -> bool:
        """Return whether a try of a model could be paid for now."""
        left = self._ledger.left(self.accounts) + self._reserved - self._spent - self._lost
        return left >= estimate(self._models, slug, self._tokens, self._max_output)

    def covers(self, slug: str) -> bool:
        """Reserve what a try of a model is expected to cost, in place of the try before; False if it is not left."""
        expected = estimate(self._models, slug, self._tokens, self._max_output)
        spent = self._spent + self._lost
        if not self._ledger.take(self.accounts, spent + expected - self._reserved):
            return False
        self._reserved, self._latest, self._spent, self._lost = spent + expected, expected, spent, 0
        return True

    def lose(self) -> None:
        """Take note that the try ended and nobody knows what its host charges for it: then what was expected counts."""
        self._lost = self._latest

    def settle(
        self, slug: str | None = None, usage: Usage | None = None, *, is_whole: bool = True, seen_bytes: int = 0
    ) -> None:
        """Give back what was reserved and not spent. `slug` is the model that answered, with what it used."""
        if self._is_open:
            self._is_open = False
            if slug is not None:
                self._lost = charged(
                    self._models, slug, usage, self._tokens, self._latest, is_whole=is_whole, seen_bytes=seen_bytes
                )
            if self._process == self._ledger.process:
                self._ledger.give(self.accounts, self._reserved - self._spent - self._lost)

    def retry_after(self, decision: Decision, explanation: Explanation) -> float | None:
        """Return the seconds after which a rejected call may be affordable; None if it is not the budget that rejects.

        Neither does it where the request would cost more than the tenant may ever spend in a period.
        """
        if decision.status != "rejected_cost":
            return None
        log = explanation.get("filters", ())
        dropped = [slug for line in log if line["filter"] == "cost" for slug in line["dropped"]]
        needed = min(
            [estimate(self._models, slug, self._tokens, self._max_output) for slug in dropped], default=self._latest
        )
        own: Decimal = dollars(needed)
        if (self._own is not None and is_lower(self._own, own)) or any(a.limit < needed for a in self.accounts):
            return None
        self._refused.add()
        wall = self._ledger.clock.time()
        ends = [account.ends for account in self.accounts if account.left < needed]
        return max(max(ends, default=wall) - wall, 1.0)

    def __del__(self) -> None:
        """Give back what nobody settled."""
        if self._is_open and self._reserved:
            self._is_open = False
            if self._process == self._ledger.process:
                self._ledger.give(self.accounts, self._reserved)

    def _refused_of(self, decision: Decision) -> Decision:
        """Return the rejection in place of a decision whose model costs more than is left."""
        self._latest = estimate(self._models, decision.model or "", self._tokens, self._max_output)
        nothing: Any = None
        return decision._replace(
            status="rejected_cost",
            model=nothing,
            provider=nothing,
            upstream_model=nothing,
            url=nothing,
            adapter=nothing,
            api_key_env=nothing,
            chain=(),
            shadows=(),
            estimated_cost_pusd=None,
        )


class Unclaimed:
    """What calls have that no budget limits."""

    __slots__ = ()

    def limit(self, request: Any) -> Any:
        """Return the request."""
        return request

    def pays(self, decision: Decision, again: Callable[[], Decision]) -> Decision:
        """Return the decision."""
        return decision

    def affords(self, slug: str) -> bool:
        """Return True."""
        return True

    covers = affords

    def lose(self) -> None:
        """Do nothing."""

    def settle(
        self, slug: str | None = None, usage: Usage | None = None, *, is_whole: bool = True, seen_bytes: int = 0
    ) -> None:
        """Do nothing."""

    def retry_after(self, decision: Decision, explanation: Explanation) -> float | None:
        """Return None: what rejected the call is no budget."""
        return None


FREE: Final[Claim | Unclaimed] = Unclaimed()
