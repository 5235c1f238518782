"""Add up what calls came to, for metrics: by outcome, by model, in time, tokens and money."""

from __future__ import annotations

import sys
import threading
from collections import Counter, deque
from decimal import Decimal
from typing import Final

from routecomp.service.capture.record import Record
from routecomp.service.capture.rows import cost_of
from routecomp.service.capture.texts import as_slug, whole
from routecomp.service.exposition import Histogram, family, histograms

_MOST_PENDING: Final = 20_000
"""How many calls wait for a thread that adds them up."""
_FEW: Final = 4
_MOST_MODELS: Final = 2000
"""How many models are told apart; all others are `other`. A table has a few hundred."""
_SECONDS: Final = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0)


class Tally:
    """Sums over finished calls. To note one is to append it; the threads of sinks, and whoever asks, add them up.

    No name that a caller gives is a label: models are the table's, all other words are of the vocabulary.
    """

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget everything, also in a child."""
        self._lock = threading.Lock()
        self._pending: deque[Record] = deque()
        self._calls: Counter[tuple[str, str, str]] = Counter()
        self._attempts: Counter[tuple[str, str]] = Counter()
        self._tokens: Counter[tuple[str, str]] = Counter()
        self._cost_pusd: Counter[str] = Counter()
        self._seconds: dict[str, Histogram] = {}
        self._first_token = Histogram(_SECONDS)
        self._has_first_token = False
        self._models: set[str] = set()

    def note(self, record: Record) -> None:
        """Take note of a call that is finished; wait for nobody."""
        self._pending.append(record)
        if len(self._pending) >= _MOST_PENDING and self._lock.acquire(blocking=False):
            try:  # no thread does it: a few for each that comes, so that no call waits for all
                self._add_up(_FEW)
            finally:
                self._lock.release()

    def add_up(self) -> None:
        """Add up what was noted."""
        with self._lock:
            self._add_up()

    def outcomes(self) -> dict[str, int]:
        """Return how many calls came to each outcome."""
        with self._lock:
            self._add_up()
            counts: Counter[str] = Counter()
            for (outcome, _, _), count in self._calls.items():
                counts[outcome] += count
            return dict(counts)

    def metrics(self) -> str:
        """Return the sums as Prometheus' text."""
        with self._lock:
            self._add_up()
            calls = [
                ({"outcome": outcome, "status": status, "route": route}, count)
                for (outcome, status, route), count in sorted(self._calls.items())
            ]
            attempts = [({"model": model, "outcome": word}, n) for (model, word), n in sorted(self._attempts.items())]
            tokens = [({"model": model, "kind": kind}, count) for (model, kind), count in sorted(self._tokens.items())]
            costs = [({"model": model}, Decimal(pusd).scaleb(-12)) for model, pusd in sorted(self._cost_pusd.items())]
            seconds = [({"outcome": outcome}, seconds) for outcome, seconds in sorted(self._seconds.items())]
            first_token: list[tuple[dict[str, str], Histogram]] = (
                [({}, self._first_token)] if self._has_first_token else []
            )
            return (
                family("routecomp_calls_total", "counter", "Calls that asked the router and are finished.", calls)
                + family("routecomp_attempts_total", "counter", "Tries of models.", attempts)
                + family("routecomp_tokens_total", "counter", "Tokens of answered calls.", tokens)
                + family("routecomp_cost_usd_total", "counter", "What calls cost, in dollars.", costs)
                + histograms("routecomp_call_seconds", "How long calls took.", seconds)
                + histograms("routecomp_first_token_seconds", "How long first tokens took.", first_token)
            )

    def _add_up(self, most: int = sys.maxsize) -> None:
        for _ in range(most):
            try:
                record = self._pending.popleft()
            except IndexError:
                return
            decision, usage = record.decision, record.usage
            self._calls[record.outcome, decision.status, decision.route or "none"] += 1
            for attempt in record.attempts:
                self._attempts[self._model(attempt.endpoint.model), attempt.outcome] += 1
            if usage is not None:
                model = self._model(record.answered_by)
                for kind, count in (("input", usage.input_tokens), ("output", usage.output_tokens)):
                    self._tokens[model, kind] += whole(count) or 0
                self._cost_pusd[model] += cost_of(record) or 0
            self._seconds.setdefault(record.outcome, Histogram(_SECONDS)).add((whole(record.latency_ms) or 0) / 1000)
            first_token_ms = whole(record.first_token_ms)
            if first_token_ms is not None:
                self._first_token.add(first_token_ms / 1000)
                self._has_first_token = True
            record.counted = True

    def _model(self, name: str | None) -> str:
        """Return the label of a model."""
        slug = as_slug(name) or "none"
        if slug not in self._models:
            if len(self._models) >= _MOST_MODELS:
                return "other"
            self._models.add(slug)
        return slug
