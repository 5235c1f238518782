"""Walk one call from its decision to its one outcome, without doing any of it: no input, no output, no waiting.

`next()` says what to do: go somewhere (`At`), or wait (`Wait`). Whoever drives it says how that went, and asks again.
What ends the call without an answer is raised by `next()`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from routecomp.service.budgets.claim import FREE
from routecomp.service.budgets.measure import bytes_seen
from routecomp.service.calls.arguments import seconds, settle
from routecomp.service.calls.at import At
from routecomp.service.calls.backoff import LONG_S, back_off
from routecomp.service.calls.desk import LONGEST_S, Entry
from routecomp.service.calls.errors import BadAnswer, Exhausted, KeyMissing, Rejected, StreamBroken
from routecomp.service.calls.walk import Walk
from routecomp.service.capture.record import CallOutcome
from routecomp.service.failures.answers import PLAIN, failure_of, headers_of
from routecomp.service.failures.classify import classify
from routecomp.service.failures.failure import Failure
from routecomp.service.health.permit import Permit, Refusal
from routecomp.service.strict import check_arguments
from routecomp.service.usage import Usage, usage_of

_NONE: Final[frozenset[str]] = frozenset()
_CANCELLED: Final = "Cancelled"
_PATIENT_S: Final = 10.0
"""How long a host without a declared time-out may be silent before that counts against it, whatever the deadline."""
_SLACK_S: Final = 0.005
"""How much sooner than it was told a client may end a wait."""
_UNSAID: Final = Failure("retriable_error", "Unsaid", None, "request")
"""A try of a `dispatch` loop that went on to the next model without a word on what became of it."""


class Wait(NamedTuple):
    """How long to wait before `next()` is asked again."""

    seconds: float


class _Failed(NamedTuple):
    """A try that failed, and when."""

    model: str
    failure: Failure
    moment: float


def _is_refusal(failure: Failure) -> bool:
    """Return whether a host refused the request itself; a wait that the caller ended says nothing of it."""
    return failure.blames == "request" and failure.outcome != "timeout"


class Call(Walk):
    """One call. It is driven by one thread or task at a time; it ends once, and then nothing changes it any more.

    It is made, and then it begins: whoever drives it has it before it is in flight, and ends it by `cancelled` whatever
    is raised where, also by a handler of signals between any two steps.
    """

    _later: tuple[tuple[float, Entry, int], ...] = ()  # retries for which a host asks a long wait: when, of whom, which
    _delay = 0.0
    _failed: tuple[_Failed, ...] = ()
    own_wait: tuple[float, float | None] = (0.0, None)
    """Since when the next chunk is waited for, and how long its caller lets that take; None without such a limit."""
    _seen_bytes = 0  # how much its model has written, where a budget is to know

    def begin(self) -> None:
        """Decide, and take note that the call begins. An argument that the router does not know is a TypeError."""
        desk, request, deadline = self._desk, self._request, self._deadline
        self._view = view = desk.view()
        self.begun = now = desk.clock.monotonic()
        self.until = now + (desk.deadline_s if deadline is None else seconds("deadline", deadline, desk))
        if "unavailable" in request or "capabilities" in request:
            settle(request)
        tokens = request.get("input_tokens")
        if view.has_budgets or not (tokens is None or type(tokens) is int) or "messages" in request:
            request, self._claim = desk.budgets.begin(view.facts, view.models, request, strict=desk.strict)
        self._request = request
        barred = desk.health.barred(view.facts, now)
        decision = self._resolve(barred) if barred else view.router.resolve(**request)
        self._chain = decision.chain
        if barred:  # what bars them now may be over when the chain is
            self._fresh = True
        if decision.status != "ok" and barred:  # whatever is barred here, it is the policy that rejects, or nobody
            barred = _NONE
            decision, self._chain = self._resolve(barred), ()
        if desk.strict:
            check_arguments(decision, request)
        if self._claim is not FREE:
            decision = self._claim.pays(decision, lambda: self._resolve(barred))
            self._chain = self._chain and decision.chain
        self.decision = self._asked = decision
        desk.capture.begin(decision, request, view.router, barred, self)

    @property
    def is_over(self) -> bool:
        """Whether the call has its outcome, or has not begun."""
        record = self.record
        return record is None or not record.is_open

    @property
    def first_token_s(self) -> float | None:
        """How long the model that is tried may take for its first chunk, by the table."""
        return None if self._entry is None else self._entry.first_token_s

    @property
    def ends_try(self) -> float:
        """The moment at which this try has taken all the time it has."""
        total_s = float("inf") if self._entry is None else self._entry.total_s
        return min(self.until, self._begun_try + total_s)

    def next(self) -> At | Wait:
        """Return what to do; raise what ends the call without an answer."""
        if self._permit is not None:
            self.failed_by(_UNSAID, None)
        desk, view = self._desk, self._view
        now = desk.clock.monotonic()
        is_plain = now < self.until and self._again is None and self.decision[0] == "ok"
        if not is_plain and (step := self._again_or_never(now)) is not None:
            return step
        health = desk.health
        slug: str | None
        if self._place == 0 and self._chain:
            slug, self._place = self._chain[0], 1
        else:
            slug = self._take(now)
        while slug is not None:
            entry = view.entry(self._asked, slug)
            if entry is not None:
                if missing := entry.variables.missing():
                    self._keyless += missing
                    self._skip(slug)
                elif self._claim is not FREE and not self._claim.covers(slug):
                    self._skip(slug)
                else:
                    permit: Permit | Refusal | None = entry.leave if health.is_quiet else None
                    if permit is None:
                        tokens = self._request.get("input_tokens")
                        tokens = tokens if type(tokens) is int else None
                        permit = health.begin(entry.endpoint, view.facts, tokens, now)
                    if not isinstance(permit, Refusal):
                        self._permit, self._entry, self._begun_try, self._retries = permit, entry, now, 0
                        self._tried += (slug,)
                        self.numbered = number = self.numbered + 1
                        left, total_s = self.until - now, entry.total_s
                        return At(entry.endpoint, number, left if left < total_s else total_s, self._trying)
                    self._refuse(slug, permit, now)
            slug = self._take(now)
        if (step := self._despite(now)) is not None:
            return step
        if (wait := self._come_back(now)) is not None:
            return wait
        raise self._end_of_walk(now, late=False)

    def _again_or_never(self, now: float) -> At | Wait | None:
        """Wait for the same model, or ask it again; raise what ends the call. None: the walk goes on."""
        if self.decision.status != "ok":
            explanation = self._view.router.explain(**self._claim.limit(self._request))
            again_s = self._claim.retry_after(self.decision, explanation)
            self._finish("rejected", now)
            raise Rejected(self.decision, explanation, again_s)
        if now >= self.until:
            raise self._end_of_walk(now, late=True)
        if self._delay:
            delay, self._delay = self._delay, 0.0
            return Wait(delay)
        again, self._again = self._again, None
        return None if again is None else self._begin(again, now)

    def _come_back(self, now: float) -> Wait | None:
        """Wait for a model that asked for a long wait, where nobody else is left to ask."""
        for moment, entry, retry in sorted(self._later, key=lambda later: later[0])[:1]:
            self._later = tuple(later for later in self._later if later[1] is not entry)
            self._again, self._retries = entry, retry
            return Wait(max(moment - now, 0.0))
        return None

    def see(self, chunk: Any) -> None:
        """Take note of what a chunk of a stream holds: a budget pays for it even if nobody tells what it cost."""
        if self._claim is not FREE:
            self._seen_bytes += bytes_seen(chunk)

    def returned(self, answer: Any) -> bool:
        """Take what the caller's function returned; return False if that says that the host failed."""
        if isinstance(answer, PLAIN):
            self.succeeded()
            return True
        failure = failure_of(answer, self._desk.clock)
        if failure is not None:
            self.failed_by(failure, BadAnswer(answer, failure))
            return False
        self.succeeded(usage_of(answer), headers=headers_of(answer))
        return True

    def succeeded(
        self,
        usage: Usage | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        first_token_at: float | None = None,
    ) -> None:
        """Take note that the try brought an answer, and end the call."""
        desk, permit, entry, record = self._desk, self._permit, self._entry, self.record
        if permit is None or entry is None or record is None:
            return  # the call was ended meanwhile, by another thread
        now = desk.clock.monotonic()
        if self._claim is not FREE:
            self._claim.settle(entry.model, usage, seen_bytes=self._seen_bytes)
        if headers or permit is not entry.leave:
            tokens = None if usage is None else (usage.input_tokens or 0) + (usage.output_tokens or 0)
            desk.health.end(permit, None, headers, now - self._begun_try, now, tokens=tokens)
        self._permit = self._trying = self._error = None
        desk.capture.answered(
            record,
            entry.endpoint,
            "succeeded" if entry.model == self._tried[0] else "fell_back",
            usage,
            (now - self._begun_try) * 1000,
            (now - self.begun) * 1000,
            None if first_token_at is None else (first_token_at - self.begun) * 1000,
            self._view.facts,
        )

    def failed(self, error: Exception) -> bool:
        """Take what the try raised; return whether it is the caller's own error, which ends the call as it is."""
        return self.failed_by(classify(error, wall=self._desk.clock.time()), error)

    def failed_by(self, failure: Failure, error: BaseException | None) -> bool:
        """Take note that the try failed; return whether the call ends with that."""
        now = self._desk.clock.monotonic()
        entry = self._entry
        if entry is None or self._permit is None:
            return False
        failure = self._fair(failure, now, now - self._begun_try)
        model = self._end_try(failure, now)
        self._failed += (_Failed(model, failure, now),)
        if failure.blames == "caller":
            self._finish("failed", now, error_class=failure.error_class)
            return True
        self._error = error
        if failure.outcome != "terminal_error" and failure is not _UNSAID and self._retries < self._view.retries:
            delay = back_off(self._retries + 1, failure.retry_after_s)
            if now + delay >= self.until:
                return False
            if delay > LONG_S:
                self._later += ((now + delay, entry, self._retries + 1),)
            else:
                self._again, self._delay = entry, delay
                self._retries += 1
        return False

    def refused(self, mistake: TypeError) -> None:
        """Take note that what the caller's function returned is no answer: its own mistake, which ends the call."""
        self.failed_by(Failure("terminal_error", type(mistake).__name__, None, "caller"), None)

    def broken(
        self, failure: Failure, usage: Usage | None, first_token_at: float | None, waited_s: float
    ) -> StreamBroken:
        """Take note that a stream broke after its first chunk, which ends the call; return what to raise.

        `waited_s` is how long its host was waited for; the rest of the time its caller took.
        """
        now = self._desk.clock.monotonic()
        failure = self._fair(failure, now, waited_s)
        model = self._end_try(failure, now)
        self._finish("failed", now, usage, first_token_at, error_class=failure.error_class)
        return StreamBroken(model, failure)

    def cancelled(self, *, usage: Usage | None = None, first_token_at: float | None = None) -> None:
        """Take note that the caller went away; nothing changes if the call is over."""
        if not self.is_over:
            self._leave("cancelled", _CANCELLED, usage, first_token_at)

    def abandoned(
        self, error: BaseException, *, usage: Usage | None = None, first_token_at: float | None = None
    ) -> None:
        """Take note that the caller's own code failed; nothing changes if the call is over."""
        if not self.is_over:
            self._leave("failed", classify(error).error_class, usage, first_token_at)

    def gave_up(self) -> None:
        """Take note that the caller left the walk after tries that failed; nothing changes if the call is over."""
        if not self.is_over:
            now = self._desk.clock.monotonic()
            if self._failed:
                self._finish("failed", now, error_class=self._failed[-1].failure.error_class)
            else:
                self._finish("cancelled", now, error_class=_CANCELLED)

    def _leave(self, outcome: CallOutcome, error_class: str, usage: Usage | None, first_token_at: float | None) -> None:
        """End the call in the middle of a try, of which its host learns nothing."""
        now = self._desk.clock.monotonic()
        permit, entry, record = self._permit, self._entry, self.record
        if permit is not None and entry is not None and record is not None:
            self._desk.health.cancel(permit, now)
            self._claim.lose()
            self._permit = None
            if len(record.attempts) < self.numbered:
                went_well = first_token_at is not None
                self._desk.capture.attempt(
                    record,
                    entry.endpoint,
                    "ok" if went_well else "terminal_error",
                    (now - self._begun_try) * 1000,
                    None if went_well else error_class,
                )
        self._finish(outcome, now, usage, first_token_at, error_class=error_class)

    def _end_try(self, failure: Failure, now: float) -> str:
        """Tell health and capture that a try failed, and return the model that was asked."""
        permit, entry, record = self._permit, self._entry, self.record
        assert entry is not None
        endpoint, latency_s = entry.endpoint, now - self._begun_try
        if permit is None or record is None:
            return endpoint.model
        if failure.outcome == "timeout" or failure.blames == "caller" or failure is _UNSAID:
            self._claim.lose()
        if failure.blames == "caller":
            self._desk.health.cancel(permit, now)
        else:
            self._desk.health.end(permit, failure, None, latency_s, now)
        self._permit = None
        self._desk.capture.attempt(record, endpoint, failure.outcome, latency_s * 1000, failure.error_class)
        return endpoint.model

    def _fair(self, failure: Failure, now: float, waited_s: float) -> Failure:
        """Return a failure, which blames no host for a wait that its caller ended before its time.

        Its time is the endpoint's own `total_ms`; else a host that is silent for some seconds is to blame.
        """
        entry = self._entry
        if failure.outcome != "timeout" or failure.blames != "host" or entry is None:
            return failure
        enough_s = entry.total_s if entry.total_s < LONGEST_S else _PATIENT_S
        since, limit = self.own_wait
        if limit is not None and now >= since + limit - _SLACK_S:
            is_fair = now - since >= enough_s - _SLACK_S
        else:
            is_fair = now < self.ends_try - _SLACK_S or waited_s >= enough_s - _SLACK_S
        if is_fair:
            return failure
        return failure._replace(blames="request")

    def _end_of_walk(self, now: float, *, late: bool) -> BaseException:
        """End the call without an answer, and return what to raise."""
        last, cause = self._failed[-1] if self._failed else None, self._error
        error_class = last.failure.error_class if last is not None else "Deadline" if late else "Exhausted"
        error: BaseException
        if not late and cause is not None and all(_is_refusal(failed.failure) for failed in self._failed):
            error = cause  # every model refused the request: the caller's own fault, as their client raised it
        elif last is None and not late and self._keyless:
            error, error_class = KeyMissing(self._keyless), "KeyMissing"
        else:
            asked = [f.moment + f.failure.retry_after_s for f in self._failed if f.failure.retry_after_s is not None]
            asked += [] if self._refused_until is None else [self._refused_until]
            failures = [(failed.model, failed.failure) for failed in self._failed]
            error = Exhausted(failures, max(min(asked) - now, 0.0) if asked else None, late=late)
            error.__cause__ = cause
        self._finish("failed", now, error_class=error_class)
        return error

    def _finish(
        self,
        outcome: CallOutcome,
        now: float,
        usage: Usage | None = None,
        first_token_at: float | None = None,
        model: str | None = None,
        *,
        error_class: str | None = None,
    ) -> None:
        """Give the call its one outcome."""
        self._trying = self._error = None
        has_begun = first_token_at is not None or self._seen_bytes
        slug = self._entry.model if has_begun and self._entry is not None else None
        self._claim.settle(slug, usage, is_whole=False, seen_bytes=self._seen_bytes)
        if self.record is None:
            return
        self._desk.capture.finish(
            self.record,
            outcome,
            usage=usage,
            latency_ms=(now - self.begun) * 1000,
            first_token_ms=None if first_token_at is None else (first_token_at - self.begun) * 1000,
            model=model,
            error_class=error_class,
            facts=self._view.facts,
        )


class HeldCall(Call):
    """A call that its caller holds between two tries: one that is dropped there has been cancelled."""

    def begin(self) -> None:
        """Begin, and say that who drops the call cancels it: a collector may find the record before the call."""
        super().begin()
        if self.record is not None:
            self.record.dropped_is_cancelled = True

    def __del__(self) -> None:
        """Take note that nobody ended it, so that none stays in flight for ever."""
        if not self.is_over:
            self.cancelled()
        elif self._permit is not None:  # its record was found first
            permit, self._permit = self._permit, None
            self._desk.health.cancel(permit, self._desk.clock.monotonic())
            self._claim.lose()
