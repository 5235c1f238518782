"""Remember which models cannot be called now: open circuits, limits that are reached, keys that are closed."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from routecomp.runtime.resolver import Endpoint, Facts
from routecomp.service.clock import SYSTEM, Clock
from routecomp.service.forks import in_child
from routecomp.service.health.ages import Ages
from routecomp.service.health.breaker import DEFAULT, Breaker, Figures
from routecomp.service.health.headers import limits_left
from routecomp.service.health.metrics import metrics_of
from routecomp.service.health.permit import Failed, Permit, Refusal
from routecomp.service.health.quota import Full, Quota
from routecomp.service.health.scope import Scope, models_of, scopes_of
from routecomp.service.health.sharing import Closure, Sharing, Store
from routecomp.service.health.status import HealthStatus, describe
from routecomp.service.moments import bounded

_NONE: Final[frozenset[str]] = frozenset()
_NOTHING: Final[dict[str, float]] = {}
_MOST: Final = 4096
"""How many scopes are remembered; of more the oldest is forgotten. A table has a few hundred."""
_PLACE_S: Final = 600.0
"""How long a call without a timeout of its own may hold a place, in seconds: what providers' clients wait for."""
_PRUNE_S: Final = 1.0
_OPEN: Final = "open"
_ASKED: Final = "asked"
_HEADERS: Final = "headers"
_LIMITS: Final = ("rpm", "tpm", "parallel")
_Value = TypeVar("_Value")


class _Barred(NamedTuple):
    """The models that cannot be called from one reading of the clock to another."""

    facts: Facts | None
    since: float
    until: float
    models: frozenset[str]


_STALE: Final = _Barred(None, 0.0, 0.0, _NONE)


class Health:
    """What is known of hosts, keys and limits, in this process. Threads share it; a fork's child begins no call anew.

    `now` is always `clock.monotonic()`, which the caller reads once for several questions.
    """

    def __init__(self, *, clock: Clock = SYSTEM, shared: Store | None = None) -> None:
        """Keep what is learnt in memory, and share it through a store if there is one."""
        self._clock = clock
        self._ages = Ages()
        # The lock may be taken again by its own thread: the garbage collector may close a stream of an earlier call. So
        # what may change is copied before it is gone through.
        self._lock = threading.RLock()
        self._breakers: dict[Scope, Breaker] = {}
        self._closed: dict[Scope, dict[str, float]] = {}  # until when, by reason
        self._left: dict[Scope, dict[str, tuple[int, float]]] = {}  # what headers said is left, and until when
        self._quotas: dict[Scope, Quota] = {}
        self._barred: _Barred | None = None  # None: nothing is barred
        self._refused = 0
        self._trips: dict[Scope, int] = {}  # of circuits that are well again
        self._figures = DEFAULT
        self._next_prune = 0.0
        in_child(self._after_fork)
        self._sharing: Sharing | None = None
        self.is_quiet = shared is None
        """Whether nothing is remembered or shared, so that a call without declared limits need not ask: see `Leave`."""
        if shared is not None:
            self._sharing = Sharing(shared, self.learn)
            weakref.finalize(self, Sharing.end, self._sharing).atexit = False

    def barred(self, facts: Facts, now: float) -> frozenset[str]:
        """Return the models that the next call gives the router as `unavailable`."""
        barred = self._barred
        if barred is None:
            return _NONE
        if barred.since <= now < barred.until and barred.facts == facts:
            return barred.models
        with self._lock:
            return self._find_barred(facts, now)

    def wait_of(self, slug: str, endpoint: Endpoint | None, now: float) -> float:
        """Return the seconds until a model may be called, 0 if it may now.

        Without an endpoint it is the least of the waits with those keys of which something is remembered.
        """
        with self._lock:
            time = self._at(now)
            if endpoint is not None:
                return self._wait(scopes_of(endpoint), time)
            known = [scope for scope in (*self._breakers, *self._closed) if scope.kind == "model"]
            return min((self._wait((scope,), time) for scope in known if scope.name == slug), default=0.0)

    def soonest(self, endpoints: Sequence[Endpoint], now: float) -> Endpoint:
        """Return the endpoint to try where all are barred: the one whose wait ends first, of equals the first."""
        return min(endpoints, key=lambda endpoint: self.wait_of(endpoint.model, endpoint, now))

    def begin(
        self, endpoint: Endpoint, facts: Facts, tokens: int | None, now: float, *, despite: bool = False
    ) -> Permit | Refusal:
        """Let a call begin, or say why and for how long not. Each permit is ended once: by `end` or by `cancel`.

        `tokens` is what the call is expected to take, of input and output. With `despite` nothing refuses it: where
        everything is barred, the model whose wait ends first is tried. What it shows counts as that of a probe.
        """
        if self._sharing is not None:
            self._sharing.facts = facts
        limits = endpoint.limits
        limited = bool(limits["model"] or limits["provider"])
        if not (limited or self._breakers or self._closed or self._left):
            return Permit(endpoint, facts, ())
        with self._lock:
            time, scopes, tokens = self._at(now), scopes_of(endpoint), max(tokens or 0, 0)
            if time >= self._next_prune:
                self._prune(time)
            if not despite and (refusal := self._refusal(endpoint, scopes, tokens, time)) is not None:
                self._refused += 1
                return refusal
            permit = Permit(endpoint, facts, self._try(scopes, facts, time) if self._breakers else ())
            if limited:
                self._take(permit, scopes, tokens, time)
            return permit

    def end(
        self,
        permit: Permit,
        failure: Failed | None,
        headers: Mapping[str, Any] | None,
        latency_s: float,
        now: float,
        *,
        tokens: int | None = None,
    ) -> None:
        """Take note of what came of a call; `tokens` is what it took. A permit that was ended before is left alone."""
        if headers is None and failure is not None:
            headers = failure.headers
        if not permit.finish() or (failure is None and not permit.counts and not headers):
            return
        left = limits_left(headers, self._clock.time()) if headers else []
        with self._lock:
            time = self._at(now)
            self._give_back(permit, tokens, time)
            if failure is None:
                for scope, trial in permit.trials:
                    if (breaker := self._breakers.get(scope)) is not None:
                        breaker.succeed(trial, time)
                        if breaker.state(time) == "closed":
                            self._tell(scope, _OPEN, 0.0)
            else:
                self._fail(permit, failure, time)
            model = Scope("model", permit.endpoint.model, permit.endpoint.api_key_env)
            for what, remaining, reset_s in left:
                if reset_s > 0:
                    self._kept(self._left, model, dict[str, tuple[int, float]])[what] = remaining, time + reset_s
                    if remaining <= 0:
                        self._close(model, _HEADERS, time + reset_s)
            if failure is not None or permit.trials:
                self._barred = _STALE

    def cancel(self, permit: Permit, now: float) -> None:
        """Take note that a call ended of which nothing is learnt: it was cancelled, or never made."""
        if permit.finish() and permit.counts:
            with self._lock:
                self._give_back(permit, None, self._at(now))
                self._release(permit)

    def learn(self, closure: Closure) -> None:
        """Close what another process found closed, unless it is closed for as long already, or what a trial closed."""
        scope, reason, for_s = closure
        with self._lock:
            if self._sharing is not None and self._sharing.has_news_of(scope):
                return  # the store will be told better
            time = self._at(self._clock.monotonic())
            until = time + bounded(for_s)
            if reason == _OPEN and for_s <= 0:
                if (breaker := self._breakers.get(scope)) is not None and breaker.state(time) != "closed":
                    breaker.close(time)
                    self._barred = _STALE
            elif reason == _OPEN:
                self._kept(self._breakers, scope, Breaker).hold(until, time)
                self._barred = _STALE
            else:
                self._close(scope, reason, until)

    def close(self, timeout_s: float) -> bool:
        """Share nothing more; return whether the store was let go in time."""
        return self._sharing is None or self._sharing.close(timeout_s)

    def status(self) -> HealthStatus:
        """Return what is remembered, as plain values; waits are in seconds from now."""
        with self._lock:
            time = self._at(self._clock.monotonic())
            self._prune(time)
            rows = describe(self._breakers, self._closed, self._left, self._quotas, self._trips, self._figures, time)
            shared = None if self._sharing is None else self._sharing.status()
            return {"refused": self._refused, "shared": shared, "scopes": rows}

    def metrics(self) -> str:
        """Return the same as Prometheus' text."""
        return metrics_of(self.status())

    def _at(self, now: float) -> float:
        """Return the time of a reading of the clock; what is barred is worked out anew if the clock was set back."""
        ahead = self._ages.ahead
        time = self._ages.at(now)
        if self._ages.ahead != ahead and self._barred is not None:
            self._barred = _STALE
        return time

    def _refusal(self, endpoint: Endpoint, scopes: tuple[Scope, ...], tokens: int, time: float) -> Refusal | None:
        """Return what bars a call longest; None if nothing does."""
        refusals: list[tuple[float, str]] = []
        for scope in scopes:
            if (breaker := self._breakers.get(scope)) is not None and (until := breaker.until(time)) > time:
                refusals.append((until, breaker.state(time) if breaker.state(time) == "open" else "probe"))
            refusals += [
                (until, why) for why, until in [*self._closed.get(scope, _NOTHING).items()] if why not in _LIMITS
            ]
        for what, (remaining, until) in [*self._left.get(scopes[0], {}).items()]:
            if what in ("tokens", "input-tokens") and tokens > remaining:
                refusals.append((until, _HEADERS))
        refusals += [(full.until, full.limit) for _, full in self._full(endpoint, scopes, tokens, time)]
        until, reason = max(refusals, default=(time, ""))
        return Refusal(reason, until - time) if until > time else None

    def _full(
        self, endpoint: Endpoint, scopes: tuple[Scope, ...], tokens: int, time: float
    ) -> list[tuple[Scope, Full]]:
        """Return the declared limits that are reached, of the model and of its provider."""
        reached = []
        for scope in scopes[:2]:
            quota = self._quotas.get(scope)
            full = None if quota is None else quota.full(endpoint.limits[scope.kind], tokens, time)
            if full is not None:
                reached.append((scope, full))
        return reached

    def _try(self, scopes: tuple[Scope, ...], facts: Facts, time: float) -> tuple[tuple[Scope, int], ...]:
        """Return which circuits a call tries that begins now, and its number in each."""
        opened = [(scope, breaker) for scope in scopes if (breaker := self._breakers.get(scope)) is not None]
        if not opened:
            return ()
        figures = self._judge_by(facts)
        trials = [(scope, number) for scope, breaker in opened if (number := breaker.take(time, figures))]
        if trials:
            self._barred = _STALE
        return tuple(trials)

    def _take(self, permit: Permit, scopes: tuple[Scope, ...], tokens: int, time: float) -> None:
        """Count a call against the declared limits, and bar what is full with it."""
        endpoint = permit.endpoint
        until = time + endpoint.timeouts.get("total_ms", _PLACE_S * 1000) / 1000
        permit.tokens = tokens
        for scope in scopes[:2]:
            if endpoint.limits[scope.kind]:
                _kept(self._quotas, scope, Quota).take(permit, tokens, time, until)
                permit.places = (*permit.places, scope)
        for scope, full in self._full(endpoint, scopes, 0, time):
            closed = self._kept(self._closed, scope, dict[str, float])
            closed[full.limit] = full.until
            self._barred = _STALE

    def _give_back(self, permit: Permit, tokens: int | None, time: float) -> None:
        """Free the places of a call that ended."""
        for scope in permit.places:
            if (quota := self._quotas.get(scope)) is not None:
                quota.give_back(permit, 0 if tokens is None else tokens - permit.tokens, time)
                if self._closed.get(scope, _NOTHING).pop("parallel", None) is not None:
                    self._barred = _STALE

    def _release(self, permit: Permit) -> None:
        for scope, trial in permit.trials:
            if (breaker := self._breakers.get(scope)) is not None:
                breaker.give_back(trial)
                self._barred = _STALE

    def _fail(self, permit: Permit, failure: Failed, time: float) -> None:
        """Count a failure where it belongs: against the key, against the model as it is called with the key, or not."""
        if failure.blames in ("request", "caller"):
            return self._release(permit)
        endpoint, trials = permit.endpoint, dict(permit.trials)
        key = endpoint.api_key_env
        scope = Scope("model", endpoint.model, key)
        if failure.blames == "key" and key is not None:
            scope = Scope("key", key, key)
        wait = failure.retry_after_s or 0.0
        if wait > 0:
            self._close(scope, _ASKED, time + bounded(wait))
            self._tell(scope, _ASKED, wait)
        if wait > 0 and failure.outcome == "rate_limited":
            return self._release(permit)  # the host is well, and says how long to leave it alone
        figures = self._judge_by(permit.facts)
        breaker = self._kept(self._breakers, scope, Breaker)
        before = breaker.until(time)
        breaker.fail(trials.pop(scope, 0), time, figures)
        if breaker.state(time) == "open" and breaker.until(time) > before:
            self._tell(scope, _OPEN, breaker.until(time) - time)
        for other, trial in trials.items():
            if (tried := self._breakers.get(other)) is not None:
                tried.give_back(trial)
        return None

    def _close(self, scope: Scope, reason: str, until: float) -> None:
        """Close a scope until a moment, unless it is closed for longer."""
        closed = self._kept(self._closed, scope, dict[str, float])
        closed[reason] = max(until, closed.get(reason, until))
        self._barred = _STALE

    def _tell(self, scope: Scope, reason: str, for_s: float) -> None:
        """Let other processes know."""
        if self._sharing is not None:
            self._sharing.tell(Closure(scope, reason, for_s))

    def _wait(self, scopes: Sequence[Scope], time: float) -> float:
        untils = [breaker.until(time) for scope in scopes if (breaker := self._breakers.get(scope)) is not None]
        for scope in scopes:
            untils += self._closed.get(scope, _NOTHING).values()
        return max([*untils, time]) - time

    def _find_barred(self, facts: Facts, now: float) -> frozenset[str]:
        """Return what is barred, and keep it until something changes."""
        time = self._at(now)
        self._prune(time)
        waits = {scope: self._wait((scope,), time) for scope in (*self._breakers, *self._closed)}
        ends = [wait for wait in waits.values() if wait > 0]
        if not ends:
            self._barred = None
            return _NONE
        models = models_of([scope for scope, wait in waits.items() if wait > 0], facts)
        self._barred = _Barred(facts, now, now + min(ends), models)
        return models

    def _judge_by(self, facts: Facts) -> Figures:
        """Return the figures of a table, which count from then on."""
        resilience = facts.resilience
        if resilience is not None:
            self._figures = Figures(resilience.failures, resilience.window_s, resilience.cooloff_s)
        return self._figures

    def _prune(self, time: float) -> None:
        """Forget what has lapsed."""
        self._next_prune = time + _PRUNE_S
        for scope, breaker in list(self._breakers.items()):
            if breaker.is_clean(time, self._figures):
                del self._breakers[scope]
                if breaker.trips:
                    self._trips[scope] = _kept(self._trips, scope, int) + breaker.trips
        for scope, closed in list(self._closed.items()):
            for reason in [reason for reason, until in [*closed.items()] if until <= time]:
                del closed[reason]
            if not closed:
                del self._closed[scope]
        for scope, left in list(self._left.items()):
            for what in [what for what, (_, until) in [*left.items()] if until <= time]:
                del left[what]
            if not left:
                del self._left[scope]
        self.is_quiet = self._sharing is None and not (self._breakers or self._closed or self._left)

    def _kept(self, store: dict[Scope, _Value], scope: Scope, make: Callable[[], _Value]) -> _Value:
        """Return what is remembered of a scope, so that calls ask from now on."""
        self.is_quiet = False
        return _kept(store, scope, make)

    def _after_fork(self) -> None:
        """Begin in a child: calls that are under way are the parent's, and so is its lock."""
        self._lock = threading.RLock()
        for breaker in self._breakers.values():
            breaker.drop_probe()
        for quota in self._quotas.values():
            quota.drop_places()
        for closed in self._closed.values():
            closed.pop("parallel", None)
        if self._barred is not None:
            self._barred = _STALE


def _kept(store: dict[Scope, _Value], scope: Scope, make: Callable[[], _Value]) -> _Value:
    """Return what is remembered of a scope; the oldest scope is forgotten where there are too many."""
    value = store.get(scope)
    if value is None:
        while len(store) >= _MOST:
            store.pop(next(iter(store)), None)
        value = store[scope] = make()
    return value
