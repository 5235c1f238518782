"""Keep what probes find where services see it: rows of `provider_health_checks`, and the circuits that all share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from routecomp.database.driver import Address
from routecomp.database.drivers import driver_of
from routecomp.hosts.probe import Probed
from routecomp.runtime.resolver import Facts
from routecomp.service.health.database_store import DatabaseStore
from routecomp.service.health.redis_store import RedisStore
from routecomp.service.health.scope import Scope
from routecomp.service.health.sharing import Closure
from routecomp.service.paramstyles import MARKS, ParamStyle
from routecomp.workspace.problem import Problem

_WAIT_S = 5
_ROW = "INSERT INTO {table} (provider, model, outcome, latency_ms) VALUES ({marks})"
_HOST = "host"


class Store(Protocol):
    """What circuits are shared through: a store of `routecomp.service`."""

    def exchange(self, told: Sequence[Closure], facts: Facts | None) -> Sequence[Closure]:
        """Keep what is told, and return all that is closed now."""

    def close(self) -> None:
        """Close the connection."""


class HealthChecks:
    """The table `provider_health_checks` of a database."""

    def __init__(self, address: Address) -> None:
        self._connect, self._style = connecting(address)
        names, schema = address.dialect.names, _schema(address)
        self._table = (f"{schema}." if schema else "") + names.of("provider_health_checks")
        self._shown = address.shown

    def write(self, probes: Iterable[Probed]) -> int:
        """Insert a row for each model that was called, and return how many; raise a `Problem` where that fails."""
        rows = [
            (probed.provider, probed.model, probed.outcome, probed.warm_ms)
            for probed in probes
            if probed.outcome is not None
        ]
        mark = MARKS[self._style]
        marks = ", ".join(mark(name, place) for place, name in enumerate(("a", "b", "c", "d"), 1))
        try:
            connection = self._connect()
            try:
                connection.cursor().executemany(_ROW.format(table=self._table, marks=marks), rows)
                connection.commit()
            finally:
                connection.close()
        except Exception as failure:
            raise Problem(
                f"{self._shown}: the rows of {self._table} cannot be written ({type(failure).__name__})",
                "see that `routecomp migrate status` reaches the database, and that this user may insert there",
            ) from None
        return len(rows)


def connecting(address: Address) -> tuple[Callable[[], Any], ParamStyle]:
    """Return a function that connects to a database within a few seconds, and how its driver marks values."""
    plain = driver_of(address.dialect).plain
    assert plain is not None, f"{address.dialect.name} has no plain connection"
    return lambda: plain.connect(address, _WAIT_S), plain.paramstyle


def _schema(address: Address) -> str | None:
    return None if address.is_file else address.dialect.names.schema


def shared_store(url: str | None, address: Address | None) -> Store | None:
    """Return what circuits are shared through: Redis's URL, else the database; None without either."""
    if url is not None:
        try:
            return RedisStore(url)
        except ImportError:
            raise Problem("sharing through Redis needs its client", "pip install 'routecomp[redis]'") from None
        except ValueError:
            raise Problem("--shared is no URL of Redis", "write redis://HOST:6379/0 or rediss://…") from None
    if address is None:
        return None
    connect, style = connecting(address)
    return DatabaseStore(connect, style, schema=_schema(address), table_prefix=address.dialect.names.prefix)


def tell(store: Store, probes: Sequence[Probed], facts: Facts, every_s: float) -> str | None:
    """Open the circuits of models whose probe failed through the host, close those that were open and answer.

    A circuit that a probe opens stays open until the probe after the next. Returns the class of what the store
    raised, None where all went well.
    """
    resilience = facts.resilience
    open_s = max(0 if resilience is None else resilience.cooloff_s, 2 * every_s)
    scopes = {
        probed.model: Scope("model", probed.model, known.api_key_env)
        for probed in probes
        if probed.outcome is not None and (known := facts.model(probed.model)) is not None
    }
    failed = [probed for probed in probes if probed.model in scopes and not probed.is_well and probed.blames == _HOST]
    well = {scopes[probed.model] for probed in probes if probed.model in scopes and probed.is_well}
    try:
        closed = store.exchange([Closure(scopes[probed.model], "open", open_s) for probed in failed], facts)
        answering = [probed for probed in closed if probed.scope in well and probed.reason == "open"]
        if answering:
            store.exchange([probed._replace(for_s=0) for probed in answering], facts)
    except Exception as failure:
        return type(failure).__name__
    return None
