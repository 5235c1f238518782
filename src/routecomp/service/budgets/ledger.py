"""Hold the accounts of this process: what calls have taken of each, and what may yet be taken, by anybody.

With a store, a process first takes from the account what its calls then take from the process. So nothing that a call
may spend is unknown to the others, and whatever becomes of the process stays taken.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Final, TypedDict

from routecomp.service.budgets.periods import Period, long_over
from routecomp.service.budgets.store import Answer, Ask, BudgetStore
from routecomp.service.clock import SYSTEM, Clock
from routecomp.service.forks import in_child

_EVERY_S: Final = 0.25
"""How often the store is asked while accounts are in use."""
_IN_USE_S: Final = 10.0
"""How long after its last call an account is in use."""
_LONGEST_S: Final = 5.0
"""How long a store that fails is left alone, at most."""
_PATIENCE_S: Final = 0.5
"""How long a call waits for the store, once: then calls go on by what is known."""
_KEPT_S: Final = 3600.0
"""How long an account is remembered after its end, for calls that began before it, at least; see `long_over`."""
_PART: Final = 16
"""What a process takes beforehand is at most this part of what is left."""


class Account:
    """What a tenant may spend in one day or month; amounts are pico-dollars."""

    __slots__ = (
        "ends",
        "holds",
        "is_known",
        "is_told",
        "limit",
        "more",
        "need",
        "others",
        "pace",
        "period",
        "seen",
        "tenant",
        "used",
    )

    def __init__(self, tenant: str, period: Period, limit: int) -> None:
        self.tenant = tenant
        self.period, self.ends = period
        self.limit = limit
        self.used = 0
        """What calls of this process took, and take."""
        self.holds = 0
        """What this process took from the store; of more than that the store knows nothing yet."""
        self.others = 0
        """What others took, as the store said last."""
        self.is_known = False
        """Whether the store was asked for it."""
        self.is_told = True
        """Whether the store has answered to what it was told last."""
        self.need = self.more = 0
        """What the store is to be asked for."""
        self.pace = 0
        """What calls took between two rounds, lately."""
        self.seen = 0.0
        """When a call asked for it last, by the monotonic clock."""

    @property
    def left(self) -> int:
        """What may yet be taken, by anybody; below 0 where more was taken than there was."""
        return self.limit - self.others - self.used


class LedgerStatus(TypedDict):
    """How it is with the store of budgets."""

    store: str | None
    """The class of the store; None where each process counts for itself, and forgets it when it ends."""
    degraded: bool
    """Whether the store was not reached when it was asked last: what others take meanwhile is not known."""
    exchanges: int
    errors: int
    last_error: str | None
    """The class of the last exception."""


class Ledger:
    """The accounts that calls have asked for, and the thread that exchanges them with a store."""

    def __init__(
        self,
        store: BudgetStore | None = None,
        *,
        clock: Clock = SYSTEM,
        every_s: float = _EVERY_S,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        self._store = store
        self.clock = clock
        self._every_s = every_s
        self._patience_s = patience_s
        self._accounts: dict[tuple[str, str], Account] = {}
        self._is_closed = False
        self._begin_anew()
        in_child(self._in_child)

    def _begin_anew(self) -> None:
        self._change = threading.Condition(threading.Lock())
        self._given: deque[tuple[Sequence[Account], int]] = deque()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self.process = secrets.token_hex(8)
        self._exchanges = self._errors = self._rounds = 0
        self._last_error: str | None = None
        self._is_degraded = False

    def _in_child(self) -> None:
        """Begin as another process; what the parent holds is what others hold."""
        for account in self._accounts.values():
            account.others += max(account.holds, account.used)
            account.used = account.holds = account.need = account.more = account.pace = 0
            account.is_told = True
        self._begin_anew()

    def account(self, tenant: str, period: Period, limit: int) -> Account:
        """Return an account; its limit is from now on what the table says now."""
        account = self._accounts.get((tenant, period.name))
        if account is None:
            with self._change:
                if len(self._accounts) > 1000 and len(self._accounts) % 1000 == 0:
                    self._forget()
                account = self._accounts.setdefault((tenant, period.name), Account(tenant, period, limit))
        account.limit = limit
        return account

    def left(self, accounts: Sequence[Account]) -> int:
        """Return what a call may take at most; of an account that is new here the store is asked first."""
        with self._change:
            self._see(accounts)
            deadline: float | None = None
            while self._asks_first and not all(account.is_known for account in accounts):
                deadline = self._await_round(deadline)
            return max(min(account.left for account in accounts), 0)

    def take(self, accounts: Sequence[Account], amount: int) -> bool:
        """Take an amount from each account, and return True; or from none, where one of them has not that much left."""
        with self._change:
            self._see(accounts)
            deadline: float | None = None
            while True:
                if amount > 0 and any(account.left < amount for account in accounts):
                    return False
                short = [account for account in accounts if account.used + amount > account.holds]
                if amount <= 0 or not short or not self._asks_first:
                    break
                for account in short:
                    lacking = account.used + amount - account.holds
                    whole = account.need + account.more + lacking
                    account.need = min(account.need or lacking, lacking)  # who needs less may get it alone
                    account.more = whole - account.need
                deadline = self._await_round(deadline)
            for account in accounts:
                account.used += amount
                account.pace += max(amount, 0)
            return True

    def give(self, accounts: Sequence[Account], amount: int) -> None:
        """Give back what a call took and did not spend; less than nothing where it spent more.

        It waits for nobody: a finalizer may do it in the midst of anything.
        """
        self._given.append((accounts, amount))

    def accounts(self) -> list[Account]:
        """Return the accounts whose periods last."""
        with self._change:
            self._settle()
            now = self.clock.time()
            return [account for account in self._accounts.values() if account.ends > now]

    def status(self) -> LedgerStatus:
        """Return how it is with the store."""
        return {
            "store": None if self._store is None else type(self._store).__name__,
            "degraded": self._is_degraded,
            "exchanges": self._exchanges,
            "errors": self._errors,
            "last_error": self._last_error,
        }

    def close(self, timeout_s: float) -> bool:
        """Tell the store what was taken, give back the rest, and return whether it answered in time."""
        self._is_closed = True
        self._wake.set()
        if self._thread is None and self._accounts and self._change.acquire(timeout=max(timeout_s, 0.0)):
            try:
                self._start()  # there could be no thread while calls were made
            finally:
                self._change.release()
        if self._thread is None:
            return self._store is None or not self._accounts
        self._thread.join(timeout_s)
        return not (self._thread.is_alive() or self._is_degraded)

    @property
    def _asks_first(self) -> bool:
        """Whether calls wait for the store."""
        return self._store is not None and not self._is_degraded and not self._is_closed

    def _see(self, accounts: Sequence[Account]) -> None:
        now = time.monotonic()
        for account in accounts:
            account.seen = now
        self._settle()
        if not self._is_closed:
            self._start()

    def _start(self) -> None:
        """Start the thread, once; where the process can have no more of them, whoever comes next tries again."""
        if self._store is None or self._thread is not None:
            return
        try:
            self._thread = threading.Thread(target=self._run, name="routecomp-budgets", daemon=True)
            self._thread.start()
        except BaseException as error:
            self._thread = None
            if not isinstance(error, RuntimeError):
                raise  # a signal's: a thread that began nevertheless sees that it is not the one
            self._failed(error)

    def _settle(self) -> None:
        """Take note of what was given back."""
        while True:
            try:
                accounts, amount = self._given.popleft()
            except IndexError:
                return
            for account in accounts:
                account.used -= amount

    def _await_round(self, deadline: float | None) -> float:
        """Wait until the store was asked once more; without an answer in time calls wait no longer."""
        now = time.monotonic()
        deadline = now + self._patience_s if deadline is None else deadline
        rounds = self._rounds
        self._wake.set()
        if not self._change.wait_for(lambda: self._rounds != rounds or not self._asks_first, max(deadline - now, 0)):
            self._is_degraded, self._last_error = True, "TimeoutError"
            self._change.notify_all()
        self._settle()
        return deadline

    def _forget(self) -> None:
        ends: dict[str, float] = {}
        for account in sorted(self._accounts.values(), key=lambda account: account.seen):
            ends.pop(account.period, None)
            ends[account.period] = account.ends
        over = long_over(ends, self.clock.time() - _KEPT_S)
        self._accounts = {key: account for key, account in self._accounts.items() if account.period not in over}

    def _failed(self, error: BaseException) -> None:
        """Take note that the store was not reached: calls go on by what is known."""
        self._errors += 1
        self._is_degraded, self._last_error = True, type(error).__name__
        self._change.notify_all()

    def _run(self) -> None:
        """Exchange accounts again and again, until the end; nothing that a store raises ends that."""
        assert self._store is not None
        with self._change:
            if self._thread is not threading.current_thread():
                return
        wait_s = self._every_s
        while True:
            is_last = self._is_closed
            with self._change:
                accounts, asks = self._asks(is_last=is_last)
            try:
                answers = self._asked(self._store, asks)
            except BaseException as error:  # SystemExit too: without this thread spending is shared and kept no more
                with self._change:
                    self._failed(error)
                wait_s = min(2 * wait_s, _LONGEST_S)
            else:
                with self._change:
                    for account, ask, answer in zip(accounts, asks, answers, strict=True):
                        _learn(account, ask, answer)
                    if asks:
                        self._exchanges += 1
                        self._is_degraded = False
                    self._rounds += 1
                    self._change.notify_all()
                wait_s = self._every_s
            if is_last:
                break
            if self._is_degraded and not self._is_closed:
                time.sleep(self._every_s)  # calls do not wait now, and a store that fails is not asked at once
            self._wake.wait(wait_s)
            self._wake.clear()
        try:
            self._store.close()
        except BaseException as error:
            self._last_error = type(error).__name__

    def _asked(self, store: BudgetStore, asks: Sequence[Ask]) -> list[Answer]:
        """Ask a store, and return an answer to each question; raise whatever it raises, and if they are none."""
        answers = store.exchange(self.process, asks) if asks else []
        return [Answer(int(answer.holds), int(answer.others)) for answer, _ in zip(answers, asks, strict=True)]

    def _asks(self, *, is_last: bool) -> tuple[list[Account], list[Ask]]:
        """Return what there is to say and to ask of accounts that are in use, or that the store does not know."""
        self._settle()
        since = time.monotonic() - _IN_USE_S
        chosen, asks = [], []
        for account in self._accounts.values():
            if account.seen < since and account.used == account.holds and account.is_told:
                continue
            ahead = 0 if is_last else max(min(2 * account.pace, account.left // _PART), 0)
            spare = max(account.holds - account.used, 0)
            wants = 0 if is_last else account.more + max(ahead - spare, 0)
            holds = account.used + min(spare, ahead if account.need == 0 else spare)
            asks.append(Ask(account.tenant, account.period, account.ends, account.limit, holds, account.need, wants))
            chosen.append(account)
            account.holds = max(holds, account.used)
            account.is_told = False
            account.need = account.more = 0
            account.pace //= 2
        return chosen, asks


def _learn(account: Account, ask: Ask, answer: Answer) -> None:
    """Take note of what the store gave."""
    account.holds += answer.holds - ask.holds
    account.others = answer.others
    account.is_known = account.is_told = True
