"""Put the parts of a service together, and open them: which table serves, calls, health, capture."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any, NamedTuple, TypedDict

from routecomp.service.budgets.budgets import Budgets, BudgetsStatus, named_store
from routecomp.service.budgets.file_store import FileStore
from routecomp.service.budgets.store import BudgetStore
from routecomp.service.calls.calls import Calls
from routecomp.service.calls.desk import DEADLINE_S, Desk
from routecomp.service.calls.keys import holds_key
from routecomp.service.capture.capture import Capture, CaptureStatus
from routecomp.service.capture.sink import Sink
from routecomp.service.capture.sinks.json_lines import JsonLines
from routecomp.service.clock import SYSTEM, Clock
from routecomp.service.figures import check_seconds, check_whole
from routecomp.service.health.health import Health
from routecomp.service.health.redis_store import RedisStore
from routecomp.service.health.sharing import Store
from routecomp.service.health.status import HealthStatus
from routecomp.service.releases.keys import Keys
from routecomp.service.shadows.mirror import Mirror, MirrorStatus
from routecomp.service.state import default_folder
from routecomp.service.tables.status import Refresh, TablesStatus
from routecomp.service.tables.tables import Hook, Tables
from routecomp.service.tables.verify import LastResort
from routecomp.service.tables.web import Headers

CLOSE_S = 5.0
"""How long `close` waits for sinks, in seconds."""
OWN_BYTES = 64 << 20
"""How long the file of outcomes becomes that nobody asked for; there are two of them at most."""


class KeyGap(NamedTuple):
    """A variable of the environment that is not set, and what cannot be called without it."""

    variable: str
    needed_by: tuple[str, ...]
    """Slugs of models, and `public id/variant` of experiments whose versions have keys of their own."""


class ServiceStatus(TypedDict):
    """What `Service.status` returns."""

    tables: TablesStatus
    health: HealthStatus
    capture: CaptureStatus
    budgets: BudgetsStatus
    shadows: MirrorStatus | None
    """None where nothing is mirrored."""
    keys_missing: list[str]
    """The variables that are not set which calls may need."""


class Service(Calls):
    """A router that reloads itself, and runs calls. `open` makes one; it is closed at the end, or its block is left."""

    def __init__(
        self, tables: Tables, health: Health, capture: Capture, desk: Desk, mirror: Mirror | None = None
    ) -> None:
        super().__init__(desk)
        self._tables = tables
        self._health = health
        self._capture = capture
        self._mirror = desk.mirror = mirror

    def status(self) -> ServiceStatus:
        """Return what serves, what is barred, and what was captured; it reads no file."""
        return {
            "tables": self._tables.status(),
            "health": self._health.status(),
            "capture": self._capture.status(),
            "budgets": self._desk.budgets.status(),
            "shadows": None if self._mirror is None else self._mirror.status(),
            "keys_missing": [gap.variable for gap in self.check_keys()],
        }

    def metrics(self) -> str:
        """Return counts of calls, sinks and health in Prometheus' text format; no tenant, unit or id is in it."""
        shadows = "" if self._mirror is None else self._mirror.metrics()
        return self._capture.metrics() + self._health.metrics() + self._desk.budgets.metrics() + shadows

    def ready(self) -> bool:
        """Return whether a table serves: the answer to a readiness probe."""
        return self._tables.ready()

    def live(self) -> bool:
        """Return whether the process is in order: the answer to a liveness probe."""
        return self._tables.live()

    def check_keys(self) -> tuple[KeyGap, ...]:
        """Return every variable that calls may need and that is not set, or empty: ask at start, and say it loudly.

        At run time a model without its key is left out, and others come in its place.
        """
        needed = self.facts.key_variables
        return tuple(KeyGap(name, needed[name]) for name in needed if not holds_key(name))

    def refresh(self) -> Refresh:
        """Look for a table now, in this thread, and say what came of it."""
        return self._tables.refresh()

    def invalidate(self) -> None:
        """Look for a table soon, in the thread that watches; safe in a handler of signals."""
        self._tables.invalidate()

    def flush(self, timeout: float = CLOSE_S) -> bool:
        """Return whether the outcomes of all calls that ended were given to every sink within some seconds."""
        return self._capture.flush(timeout)

    def close(self, timeout: float = CLOSE_S) -> bool:
        """Stop watching, give what is captured to the sinks, and return whether that was done within some seconds."""
        end = time.monotonic() + timeout
        self._tables.close(wait_s=min(1.0, timeout / 4))
        is_done = self._mirror is None or self._mirror.close(timeout / 2)
        is_done = self._capture.close(max(end - time.monotonic(), 0.0)) and is_done
        is_done = self._health.close(max(end - time.monotonic(), 0.0)) and is_done
        return self._desk.budgets.close(max(end - time.monotonic(), 0.0)) and is_done

    def __enter__(self) -> Service:
        """Return the service itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    async def __aenter__(self) -> Service:
        """Return the service itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close it in another thread, so that the calls of this loop may end meanwhile."""
        await asyncio.to_thread(self.close)


def open(
    source: str | os.PathLike[str],
    *,
    fallback: str | os.PathLike[str] | None = None,
    last_good: str | os.PathLike[str] | bool | None = True,
    last_resort: LastResort = None,
    sinks: Sequence[Sink | str | os.PathLike[str]] | None = None,
    shared: Store | str | None = None,
    budgets: BudgetStore | str | bool = True,
    mirror: bool = False,
    strict: bool = False,
    deadline: float = DEADLINE_S,
    every_s: float = 30.0,
    stale_after_s: float | None = None,
    key: Keys | None = None,
    unsigned: bool = False,
    headers: Headers | None = None,
    timeout_s: float = 10.0,
    max_bytes: int | None = None,
    sighup: bool = False,
    on_activated: Sequence[Hook] = (),
    on_refused: Sequence[Hook] = (),
    on_stale: Sequence[Hook] = (),
    capacity: int = 10_000,
    clock: Clock = SYSTEM,
) -> Service:
    """Open a service over a table, and watch for others; docs/service.md says what each argument means.

    A table that is missing or bad never raises: what was kept of an earlier run serves, else the ladder of
    docs/semantics.md, section 6, and `status()` says so. ValueError for an argument that cannot be meant.
    """
    check_seconds(deadline=deadline)
    check_whole("capacity", capacity)
    opened = None if sinks is None else [_sink(sink) for sink in _listed(sinks)]
    redis_url = shared if isinstance(shared, str) else None
    budget_store = named_store(budgets, redis_url, clock)
    if isinstance(shared, str):
        shared = RedisStore(shared)
    elif not (shared is None or callable(getattr(shared, "exchange", None))):
        raise ValueError("`shared` is a URL of a Redis or Valkey, or a store with `exchange` and `close`")
    named: dict[str, Any] = {"on_activated": on_activated, "on_refused": on_refused, "on_stale": on_stale}
    tables = Tables(
        source,
        fallback=fallback,
        last_good=last_good,
        last_resort=last_resort,
        every_s=every_s,
        stale_after_s=stale_after_s,
        key=key,
        unsigned=unsigned,
        headers=headers,
        timeout_s=timeout_s,
        max_bytes=max_bytes,
        sighup=sighup,
        clock=clock,
        **named,
    )
    capture = Capture(
        [_own_lines(last_good, tables.stem)] if opened is None else opened, clock=clock, capacity=capacity
    )
    tables.start()
    health = Health(clock=clock, shared=shared)
    folder = "" if last_good is None or last_good is False or budgets is False else _folder(last_good)
    if budget_store is None and folder:
        budget_store = FileStore(os.path.join(folder, f"{tables.stem}.budgets"), clock=clock)
    kept = Budgets(budget_store, clock=clock, is_kept=budgets is not False)
    desk = Desk(tables, health, capture, clock, strict=strict, deadline_s=deadline, budgets=kept)
    return Service(tables, health, capture, desk, Mirror(desk) if mirror else None)


def _listed(sinks: object) -> Iterable[object]:
    """Return what a list holds; ValueError for a single sink, and for text, whose letters are no files."""
    if isinstance(sinks, str | bytes | os.PathLike) or not isinstance(sinks, Iterable):
        raise ValueError("`sinks` is a list of sinks and paths")
    return sinks


def _sink(sink: Any) -> Sink:
    """Return a sink as it was given, or of JSON lines at its path; ValueError for anything else."""
    if isinstance(sink, str | os.PathLike):
        return JsonLines(sink)
    if isinstance(sink, type) or not (
        callable(getattr(sink, "write", None)) and callable(getattr(sink, "close", None))
    ):
        kind = sink.__name__ if isinstance(sink, type) else type(sink).__name__
        raise ValueError(f"one of `sinks` is neither a path nor a sink with `write` and `close`: {kind}")
    return sink  # type: ignore[no-any-return]


def _own_lines(last_good: str | os.PathLike[str] | bool | None, stem: str) -> JsonLines:
    """Return the sink of those who name none: a file in the folder in which tables are kept, or would be by default.

    A user who has no folder for it gets a sink that fails, and says so in the status.
    """
    folder = _folder(last_good)
    path = os.path.join(folder, f"{stem}.outcomes.jsonl") if folder else ""
    return JsonLines(path, max_bytes=OWN_BYTES, private=True)


def _folder(last_good: str | os.PathLike[str] | bool | None) -> str:
    """Return the folder in which a service keeps what it keeps; empty if its user has none."""
    return default_folder() if last_good is None or isinstance(last_good, bool) else os.fspath(last_good)
