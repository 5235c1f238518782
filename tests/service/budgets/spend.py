"""Spend a tenant's budget as fast as possible, in a process of its own: `python -m tests.service.budgets.spend`.

Arguments: where accounts are shared, how many threads, how many calls of each, and the name of a way to end. It prints
how many calls were answered. Each costs 175,000,000 pico-dollars, as expected.
"""

from __future__ import annotations

import os
import signal
import sys
import threading

from routecomp.service.budgets.budgets import Budgets
from routecomp.service.budgets.file_store import FileStore
from routecomp.service.budgets.redis_store import RedisBudgets
from routecomp.service.budgets.store import BudgetStore
from routecomp.service.calls.errors import Rejected
from tests.service.calls.world import KEYS, World

COST = 10 * 17_500_000


def store_at(place: str) -> BudgetStore:
    """Return the store of a URL or a path."""
    return RedisBudgets(place, timeout_s=5.0) if "://" in place else FileStore(place)


def main(place: str, threads: int, calls: int, cents: int, end: str) -> None:
    """Spend, print, and end."""
    for name in KEYS:
        os.environ[name] = "key"
    world = World({"budgets": {"cheap": {"daily_cents": None, "monthly_cents": cents}}})
    world.desk.budgets = budgets = Budgets(store_at(place), clock=world.clock)
    budgets.ledger._patience_s = 30.0  # so that a slow machine is not taken for a store that is gone
    served: list[int] = []

    def work() -> None:
        for _ in range(calls):
            try:
                world.calls.run(
                    lambda at: {"usage": {"prompt_tokens": 10, "completion_tokens": 5}},
                    model="opus", tenant="cheap", input_tokens=10,
                )  # fmt: skip
            except Rejected:
                return
            served.append(1)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    status = budgets.status()
    assert not status["degraded"], status
    assert status["errors"] == 0, status
    print(len(served), flush=True)
    if end == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    budgets.close(10)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
