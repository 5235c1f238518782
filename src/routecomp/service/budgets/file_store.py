"""Keep accounts in a small file: for all processes of this user on this machine, and for those that follow them."""

from __future__ import annotations

import json
import os
import secrets
import stat
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from routecomp.service.budgets.periods import long_over
from routecomp.service.budgets.store import Answer, Ask, granted
from routecomp.service.clock import SYSTEM, Clock
from routecomp.service.turns import LOCK_FLAGS, Turns

_FORMAT: Final = 1
_KEPT_S: Final = 86_400.0
"""How long an account is kept after its end, at least; see `long_over`."""
_SAFELY: Final = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_TURNS: Final = Turns(patience_s=2.0, poll_s=0.002)

Accounts = dict[str, dict[str, int]]
"""What is taken, by period and tenant."""


class FileStore:
    """A file that is written beside the old one and renamed: whoever reads it finds one or the other."""

    def __init__(self, path: str, *, clock: Clock = SYSTEM) -> None:
        """Take a path; the file and its folder are made when they are first needed, for this user alone."""
        self.path = path
        self._clock = clock
        self._process = ""
        self._written: dict[tuple[str, str], int] = {}  # what the file holds of this process

    def exchange(self, process: str, asks: Sequence[Ask]) -> Sequence[Answer]:
        """Write what this process holds, and return that and what others hold. Raises OSError and ValueError."""
        if process != self._process:
            self._process, self._written = process, {}
        answers: list[Answer] = []
        with _TURNS.take(self._open_lock):
            kept, ends = self._read()
            is_changed = False
            for ask in asks:
                tenants = kept[ask.period] = kept.pop(ask.period, {})  # the periods stand in the order of their use
                ends.pop(ask.period, None)
                ends[ask.period] = ask.ends
                mine = self._written.get((ask.tenant, ask.period), 0)
                others = max(tenants.get(ask.tenant, 0) - mine, 0)
                holds = ask.holds + granted(ask.limit, others, ask.holds, ask.need, ask.more)
                is_changed = is_changed or tenants.get(ask.tenant) != others + holds
                tenants[ask.tenant] = others + holds
                answers.append(Answer(holds, others))
            if is_changed:
                self._write(kept, ends)
        for ask, answer in zip(asks, answers, strict=True):
            self._written[ask.tenant, ask.period] = answer.holds
        return answers

    def close(self) -> None:
        """Do nothing: no file is open between two exchanges."""

    def _read(self) -> tuple[Accounts, dict[str, float]]:
        """Return the accounts, and when their periods end."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY | _SAFELY)
        except FileNotFoundError:
            return {}, {}
        with os.fdopen(descriptor, "rb") as file:
            info = os.fstat(file.fileno())
            if not stat.S_ISREG(info.st_mode) or info.st_uid != os.geteuid() or info.st_mode & 0o022:
                raise PermissionError("others may have written it")
            raw = file.read()
        try:
            return _parse(raw)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
            # Nothing that we wrote: put aside, so that the next exchange begins anew, and this one says it.
            with suppress(OSError):
                os.replace(self.path, f"{self.path}.bad")
            raise ValueError("it was no file of budgets") from None

    def _write(self, kept: Accounts, ends: dict[str, float]) -> None:
        over = long_over(ends, self._clock.time() - _KEPT_S)
        periods = {name: [ends[name], kept[name]] for name in kept if name not in over}
        if over:
            self._written = {key: amount for key, amount in self._written.items() if key[1] not in over}
        raw = json.dumps({"budgets": _FORMAT, "periods": periods}).encode()
        beside = f"{self.path}.new-{secrets.token_hex(8)}"
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _SAFELY, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, self.path)
        except BaseException:
            with suppress(OSError):
                os.unlink(beside)
            raise

    def _open_lock(self) -> int:
        os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
        return os.open(f"{self.path}.lock", LOCK_FLAGS, 0o600)


def _parse(raw: bytes) -> tuple[Accounts, dict[str, float]]:
    body: Any = json.loads(raw)
    if body["budgets"] != _FORMAT:
        raise ValueError
    kept = {str(name): {str(t): int(v) for t, v in tenants.items()} for name, (_, tenants) in body["periods"].items()}
    return kept, {str(name): float(moment) for name, (moment, _) in body["periods"].items()}
