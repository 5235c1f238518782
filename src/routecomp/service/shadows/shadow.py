"""Make one mirrored call: what it may spend, its host's health, and its own outcome."""

from __future__ import annotations

import threading
from typing import Any, Final, Literal

from routecomp.runtime.resolver import Decision, Endpoint
from routecomp.service.budgets.amounts import CENT, charged, estimate, whole
from routecomp.service.budgets.ledger import Account
from routecomp.service.budgets.measure import tokens_of
from routecomp.service.budgets.periods import periods_of
from routecomp.service.calls.at import At
from routecomp.service.calls.desk import Desk, View, variables_of
from routecomp.service.calls.heard import Heard
from routecomp.service.calls.streams import HALF
from routecomp.service.failures.answers import PLAIN, failure_of, headers_of
from routecomp.service.failures.classify import classify
from routecomp.service.failures.failure import Failure
from routecomp.service.health.permit import Permit
from routecomp.service.usage import Progress, Usage, usage_of

REASON: Final = "shadow"
"""What stands among the reasons of its outcome."""

Word = Literal["mirrored", "dropped", "health", "key", "spent"]


class Skipped(Exception):
    """Why a shadow is not called, in a word."""

    def __init__(self, word: Word) -> None:
        super().__init__(word)
        self.word: Final = word


class Shadow:
    """A call of one shadow. It begins once, and then ends once."""

    def __init__(self, desk: Desk, view: View, decision: Decision, request: Any, slug: str) -> None:
        self._desk = desk
        self._view = view
        self._decision = decision
        self._request = request
        self._slug = slug
        self._accounts: list[Account] = []
        self._tokens = 1
        self._reserved = 0
        self.heard = Heard()
        """What its stream has said, if it is one."""
        self._permit: Permit | None = None
        self._turn = threading.Lock()
        """Whoever begins the call, in a thread, and who leaves it meanwhile, take turns."""
        self._is_left = False
        self.has_begun = False
        """Whether it has an outcome of its own, or will have."""
        self._uncounted = [True]

    def is_news(self) -> bool:
        """Return True to whoever asks first: what became of it is counted once."""
        try:
            return self._uncounted.pop()
        except IndexError:
            return False

    def begin(self) -> At:
        """Return where to go; raise Skipped."""
        desk, facts = self._desk, self._view.facts
        endpoint = self._view.router.shadow(self._decision, self._slug)
        declared = facts.shadow(self._decision.route_name, self._slug)
        if endpoint is None or declared is None:
            raise Skipped("dropped")  # another table serves, without it
        if variables_of(endpoint).missing():
            raise Skipped("key")
        given = self._request.get("input_tokens")
        tokens = whole(given)
        if tokens is None:
            messages = self._request.get("messages")
            tokens = 1 if messages is None else tokens_of(messages)
        self._tokens = max(tokens, 1)
        expected = estimate(self._view.models, self._slug, self._tokens, whole(self._request.get("max_output_tokens")))
        if declared.max_daily_cents is not None:
            name = f"shadow:{self._decision.route_name}:{self._slug}"  # no tenant's slug has a colon
            day, _ = periods_of(desk.clock.time())
            self._accounts = [desk.budgets.ledger.account(name, day, declared.max_daily_cents * CENT)]
            if not desk.budgets.ledger.left(self._accounts) or not desk.budgets.ledger.take(self._accounts, expected):
                raise Skipped("spent")
            self._reserved = expected
        with self._turn:
            if self._is_left:
                self._settle(0)
                raise Skipped("dropped")
            return self._go(endpoint, tokens, None if whole(given) is None else expected)

    def _go(self, endpoint: Endpoint, tokens: int, expected: int | None) -> At:
        """Ask the host's health, and begin the outcome; raise Skipped."""
        desk = self._desk
        self._begun = now = desk.clock.monotonic()
        permit = desk.health.begin(endpoint, self._view.facts, tokens, now)
        if not isinstance(permit, Permit):
            self._settle(0)
            raise Skipped("health")
        self._permit, self._endpoint = permit, endpoint
        decision = self._decision._replace(
            model=endpoint.model,
            provider=endpoint.provider,
            upstream_model=endpoint.upstream_model,
            url=endpoint.url,
            adapter=endpoint.adapter,
            api_key_env=endpoint.api_key_env,
            chain=(endpoint.model,),
            shadows=(),
            estimated_cost_pusd=expected,
            reasons=(REASON,),
        )
        names = ("feature", "request_id")
        asked = {name: self._request[name] for name in names if name in self._request}
        self._record = desk.capture.begin(decision, asked)
        self.has_begun = True
        total = endpoint.timeouts.get("total_ms")
        return At(endpoint, 1, desk.deadline_s if total is None else min(total / 1000, desk.deadline_s))

    def answered(self, answer: Any) -> None:
        """Take what the function returned: an answer, or one that says that the host failed."""
        if isinstance(answer, Progress):
            usage, failure, headers = answer.usage, HALF if answer.is_half else None, None
        elif isinstance(answer, PLAIN):
            usage, failure, headers = None, None, None
        else:
            usage, failure, headers = usage_of(answer), failure_of(answer, self._desk.clock), headers_of(answer)
        if failure is not None:
            self._end(failure, usage if failure is HALF else None)
        else:
            self._end(None, usage, headers)

    def failed(self, error: BaseException, *, is_called: bool = True) -> None:
        """Take what the function raised, or, without `is_called`, what kept it from being called.

        Nothing changes if the call has ended; one that has not begun never will, and one that just begins is not made.
        """
        if isinstance(error, Exception):
            self._end(classify(error, wall=self._desk.clock.time()), None, is_called=is_called)
        else:
            self._end(Failure("terminal_error", "Cancelled", None, "caller"), None, is_called=is_called)

    def _end(
        self, failure: Failure | None, usage: Usage | None, headers: Any = None, *, is_called: bool = True
    ) -> None:
        with self._turn:
            permit, self._permit = self._permit, None
            self._is_left = True
        if permit is None:
            return
        desk, now = self._desk, self._desk.clock.monotonic()
        latency_s = now - self._begun
        if failure is not None and usage is None:
            usage = self.heard.progress.usage
        is_unknown = failure is None or failure is HALF or failure.outcome == "timeout" or failure.blames == "caller"
        if is_called and (is_unknown or self.heard.has_begun):
            is_whole, seen = failure is None, self.heard.seen_bytes
            models, reserved = self._view.models, self._reserved
            self._settle(charged(models, self._slug, usage, self._tokens, reserved, is_whole=is_whole, seen_bytes=seen))
        else:
            self._settle(0)
        if failure is not None and failure.blames == "caller":
            desk.health.cancel(permit, now)
        else:
            desk.health.end(permit, failure, headers, latency_s, now)
        outcome: Any = "ok" if failure is None else failure.outcome
        error_class = None if failure is None else failure.error_class
        desk.capture.attempt(self._record, self._endpoint, outcome, latency_s * 1000, error_class)
        desk.capture.finish(
            self._record,
            "succeeded" if failure is None else "cancelled" if error_class == "Cancelled" else "failed",
            usage=usage,
            latency_ms=latency_s * 1000,
            model=self._slug if failure is None else None,
            error_class=error_class,
            facts=self._view.facts,
        )

    def _settle(self, spent: int) -> None:
        if self._accounts:
            self._desk.budgets.ledger.give(self._accounts, self._reserved - spent)
