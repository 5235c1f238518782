"""Say slowly and obviously what is closed and for how long: every question is answered from the whole log.

A scope is the name of a model with its key, or of a key. Times are whole seconds; 5 failures in 60 s open for 60 s.
"""

from __future__ import annotations

FAILURES, WINDOW, COOLOFF = 5, 60, 60


class Log:
    """What happened to one scope."""

    def __init__(self) -> None:
        self.events: list[tuple[int, str, int]] = []
        self.asked: list[int] = []

    def write(self, now: int, word: str, trial: int = 0) -> int:
        """Write an event down; for `begin` return the number of the trial, 0 for a call that is none."""
        if word == "begin":
            trial = 0 if self.circuit(now)[0] is None else 1 + sum(w == "begin" and n > 0 for _, w, n in self.events)
        self.events.append((now, word, trial))
        return trial

    def hold(self, now: int, until: int) -> None:
        """Write down that others found the host broken: it is open until a moment, if it would not be anyway."""
        if until > (self.circuit(now)[0] or now):
            self.events.append((now, "hold", until))

    def circuit(self, now: int) -> tuple[int | None, int, int]:
        """Return until when the circuit is open (None: closed), until when a probe counts, and how often it opened."""
        failed: list[int] = []
        until, probe, trips, newest, older = None, 0, 0, 0, 0
        for time, word, trial in self.events:
            if word == "begin" and trial:
                newest, probe = trial, time + COOLOFF
            elif word == "nothing" and trial == newest:
                probe = 0
            elif word == "ok" and until is not None and trial > older:
                until, probe, failed = None, 0, []
            elif word == "fail" and until is None:
                failed = [moment for moment in [*failed, time] if time - moment < WINDOW]
                if len(failed) >= FAILURES:
                    until, probe, failed, trips, older = time + COOLOFF, 0, [], trips + 1, newest
            elif word == "hold":
                trips += until is None or time >= until
                until, probe, failed, older = trial, 0, [], newest if until is None else older
            elif word == "fail" and until is not None and trial > older:
                trips += time >= until
                until, probe = max(until, time + COOLOFF), 0
        return until, probe, trips

    def wait(self, now: int) -> int:
        """Return for how many seconds nothing may be called."""
        until, probe, _ = self.circuit(now)
        return max([(until or 0) - now, probe - now, *[moment - now for moment in self.asked], 0])
