"""Choose whom a call asks next: the chain of its decision, others in the place of models that cannot be tried."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from routecomp.runtime.resolver import Decision
from routecomp.service.budgets.claim import FREE
from routecomp.service.calls.arguments import unavailable_with
from routecomp.service.calls.at import At, Trying
from routecomp.service.calls.desk import Desk, Entry, View
from routecomp.service.capture.record import Record
from routecomp.service.health.permit import Permit, Refusal

_CIRCUIT: Final = ("open", "probe")
"""The reasons for which health refuses a model whose host may be well again."""
_CHAINS: Final = 100
"""In how many chains, one behind the other, a call looks for a model that only a circuit bars."""


class Walk:
    """The walk of one call along chains of models."""

    decision: Decision
    """The decision that is captured."""
    until: float
    """The moment at which the call's deadline is over."""
    record: Record | None = None
    _permit: Permit | None = None  # both are the class's own too: a finalizer reads them of what is only half made
    _view: View
    _asked: Decision  # whose chain is walked now
    _chain: tuple[str, ...]
    # What most calls never touch is the class's own until it is set; what each call reads is its own from the start.
    _entry: Entry | None = None
    _begun_try = 0.0
    _skipped: tuple[str, ...] = ()  # models that could not be tried: without a key, or refused by health
    _keyless: tuple[str, ...] = ()  # the variables that are not set
    _refused_until: float | None = None
    _fresh = False  # whether models were skipped since the router was asked last
    _refused_by = ""
    _retries = 0

    def __init__(
        self,
        desk: Desk,
        request: Any,
        deadline: float | None = None,
        *,
        trying: Trying | None = None,
    ) -> None:
        self._desk = desk
        self._request: Any = request
        self._deadline = deadline
        self._trying = trying
        self.record = None
        self.numbered = 0
        self._permit = None
        self._claim = FREE  # what it may spend of a budget
        self._place = 0
        self._tried: tuple[str, ...] = ()
        self._again: Entry | None = None  # whom to ask once more
        self._error: BaseException | None = None  # what the latest try raised

    def _left_out(self, barred: Iterable[str]) -> list[str]:
        return [slug for slug in (*barred, *self._skipped) if slug not in self._tried]

    def _resolve(self, barred: Iterable[str]) -> Decision:
        request = self._claim.limit(self._request)
        if barred or self._skipped:
            request = {**request, "unavailable": unavailable_with(request, self._left_out(barred))}
        return self._view.router.resolve(**request)

    def _decide(self, decision: Decision, left_out: Iterable[str]) -> None:
        """Take another decision for the call's own, as long as no model was asked."""
        if not self._tried and self.record is not None:
            self.decision = self._asked = decision
            self._desk.capture.redecide(self.record, decision, frozenset(left_out))

    def _skip(self, slug: str) -> None:
        """Leave out a model; before any was asked the router decides anew, since an experiment has its own rule."""
        self._skipped += (slug,)
        self._fresh = True
        if not self._tried:
            self._place = len(self._chain)

    def _take(self, now: float) -> str | None:
        """Return the next model to try.

        Where models of the chain could not be tried, the router is asked for others in their place.
        """
        while True:
            while self._place < len(self._chain):
                slug = self._chain[self._place]
                self._place += 1
                if slug not in self._tried and slug not in self._skipped:
                    return None if self._is_full() else slug
            if not self._fresh or self._is_full():
                return None
            self._fresh = False
            barred = self._desk.health.barred(self._view.facts, now)
            decision = self._resolve(barred)
            if not self._goes_on(decision):
                return None
            self._decide(decision, self._left_out(barred))
            self._asked, self._chain, self._place = decision, decision.chain, 0

    def _goes_on(self, decision: Decision) -> bool:
        """Return whether the walk may go on with another decision for the same request.

        A policy that forbids a second model makes chains of one: after a try nobody else comes from such a chain.
        """
        chain = decision.chain
        return decision.status == "ok" and (len(chain) > 1 or not self._tried or set(self._tried) <= {*chain})

    def _is_full(self) -> bool:
        """Return whether as many models were tried as the policy allows."""
        most = self._view.max_attempts
        return bool(self._tried) and len(self._tried) >= (len(self.decision.chain) if most is None else most)

    def _despite(self, now: float) -> At | None:
        """Begin a try of the model whose wait ends first, where circuits and limits bar all that are left.

        Once a model was tried, only circuits are passed by: their hosts may be well again, while of a limit it is known
        that it refuses.
        """
        barred = self._desk.health.barred(self._view.facts, now)
        if self._is_full() or (not barred and self._refused_until is None):
            return None
        refused = self._skipped
        self._skipped = tuple(slug for slug in refused if self._lacks_key(slug))
        try:
            return self._begin_barred(now)
        finally:
            self._skipped = (*refused, *(slug for slug in self._skipped if slug not in refused))

    def _begin_barred(self, now: float) -> At | None:
        """Begin a try of one of the models that only circuits and limits bar; None if there is none.

        A chain has no more models than may be asked: where limits bar all of it that is left, those behind it follow.
        """
        passed: list[str] = []
        for _ in range(_CHAINS):
            decision = self._resolve(passed)
            if not self._goes_on(decision):
                return None
            left = [slug for slug in decision.chain if slug not in self._tried and slug not in self._skipped]
            entries = {slug: entry for slug in left if (entry := self._view.entry(decision, slug)) is not None}
            missing = {slug: names for slug, entry in entries.items() if (names := entry.variables.missing())}
            self._keyless += tuple(name for names in missing.values() for name in names)
            self._skipped += tuple(missing)
            if entries and len(missing) == len(entries):
                continue
            usable = {slug: entry for slug, entry in entries.items() if slug not in missing}
            if (step := self._begin_first(decision, usable, passed, now)) is not None:
                return step
            if not usable or not self._tried:
                return None
            passed += usable
        return None

    def _begin_first(self, decision: Decision, usable: dict[str, Entry], passed: list[str], now: float) -> At | None:
        """Begin a try of that model of a decision's chain whose wait ends first; `passed` are left out of the chain."""
        health, view = self._desk.health, self._view
        waits = [
            (health.wait_of(slug, entry.endpoint, now), place, slug, entry)
            for place, (slug, entry) in enumerate(usable.items())
            if self._claim.affords(slug)
        ]
        for _, _, slug, entry in sorted(waits, key=lambda wait: wait[:2]):
            before = (*passed, *decision.chain[: decision.chain.index(slug)])
            decided = decision, self._left_out(before)
            if not self._tried and before:
                anew = self._resolve(before)
                if anew.chain[:1] == (slug,) and (own := view.entry(anew, slug)) and not own.variables.missing():
                    entry, decided = own, (anew, decided[1])
            refused_until = self._refused_until
            if (step := self._begin(entry, now, decided=decided)) is not None:
                return step
            if not self._tried or self._refused_by in _CIRCUIT:
                self._refused_until = refused_until  # what comes of the try says when to come back
                return self._begin(entry, now, despite=True, decided=decided)
        return None

    def _lacks_key(self, slug: str) -> bool:
        entry = self._view.entry(self._asked, slug)
        return entry is not None and bool(entry.variables.missing())

    def _begin(
        self,
        entry: Entry,
        now: float,
        *,
        despite: bool = False,
        decided: tuple[Decision, list[str]] | None = None,
    ) -> At | None:
        """Begin a try of a model that was tried before, or is barred; None if health or a budget refuses it.

        `decided` is the decision by which it is tried, and what that left out.
        """
        tokens, model = self._request.get("input_tokens"), entry.endpoint.model
        if not self._claim.covers(model):
            return None
        tokens = tokens if type(tokens) is int else None
        permit = self._desk.health.begin(entry.endpoint, self._view.facts, tokens, now, despite=despite)
        if not isinstance(permit, Permit):
            self._refuse(model, permit, now)
            return None
        if decided is not None and decided[0].model == model:
            self._decide(*decided)
        if model not in self._tried:
            self._tried, self._retries = (*self._tried, model), 0
        self._permit, self._entry, self._begun_try = permit, entry, now
        self.numbered += 1
        return At(entry.endpoint, self.numbered, min(self.until - now, entry.total_s), self._trying)

    def _refuse(self, slug: str, refusal: Refusal, now: float) -> None:
        """Take note that health lets no try of a model begin."""
        until = now + refusal.wait_s
        self._refused_until = until if self._refused_until is None else min(until, self._refused_until)
        self._refused_by = refusal.reason
        self._skip(slug)
