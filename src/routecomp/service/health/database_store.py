"""Share open circuits through the table `circuit_breakers` of docs/database.md, by any driver of PEP 249."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from routecomp.runtime.resolver import Facts
from routecomp.service.clock import SYSTEM, Clock
from routecomp.service.health.scope import Scope
from routecomp.service.health.sharing import Closure
from routecomp.service.paramstyles import MARKS, ORPHANS, ParamStyle

_OPENED: Final = """
INSERT INTO {table} AS held (provider, model, state, trip_count, opened_at, open_until, last_failure_at)
VALUES ({provider}, {model}, 'open', 1, {now}, {until}, {now})
ON CONFLICT (provider, model) DO UPDATE SET
  trip_count = held.trip_count
    + CASE WHEN held.state = 'open' AND held.open_until > excluded.opened_at THEN 0 ELSE 1 END,
  state = 'open', opened_at = excluded.opened_at, last_failure_at = excluded.last_failure_at,
  open_until = CASE WHEN held.open_until > excluded.open_until THEN held.open_until ELSE excluded.open_until END
"""
_CLOSED: Final = """
UPDATE {table} SET state = 'closed', closed_at = {now}, last_success_at = {now}
WHERE provider = {provider} AND model = {model} AND state <> 'closed'
"""
_READ: Final = """
SELECT provider, model, open_until FROM {table} WHERE state = 'open' AND open_until > {now}
UNION ALL SELECT provider, model, NULL FROM {table} WHERE state = 'closed' AND closed_at > {lately}
"""
_LATELY_S: Final = 600.0
"""How long others are told that a circuit was closed, in seconds: clocks of services differ by less."""


class DatabaseStore:
    """A store for `Health(shared=…)`: the circuits of models as the table calls them.

    The database has a row for each provider and model, and no key: circuits of an experiment's own key, closed keys and
    waits that hosts ask for stay in each process. Deadlines are by the wall clocks of those who write and read.
    """

    quiet_at_fork = True  # a fork within a transaction of SQLite's would lock the child's own connections for ever

    def __init__(
        self,
        connect: Callable[[], Any],
        paramstyle: ParamStyle = "qmark",
        *,
        schema: str | None = None,
        table_prefix: str = "",
        clock: Clock = SYSTEM,
    ) -> None:
        """Take a function that connects, with a time-out of its own. Names are those of the settings."""
        self._connect = connect
        self._mark = MARKS[paramstyle]
        self._is_named = paramstyle in ("named", "pyformat")
        self._table = f"{schema}." if schema else ""
        self._table += f"{table_prefix}circuit_breakers"
        self._clock = clock
        self._connection: Any = None
        self._process = os.getpid()

    def exchange(self, told: Sequence[Closure], facts: Facts | None) -> Sequence[Closure]:
        """Write circuits that opened or closed, and return all that are open now, or were closed lately."""
        if facts is None:
            return []
        wall = self._clock.time()
        try:
            cursor = self._open().cursor()
            for closure in told:
                model = facts.model(closure.scope.name) if closure.scope.kind == "model" else None
                if model is not None and model.api_key_env == closure.scope.key and closure.reason == "open":
                    names = {"provider": model.provider, "model": model.model, "now": _text(wall)}
                    if closure.for_s > 0:
                        self._run(cursor, _OPENED, names | {"until": _text(wall + closure.for_s)})
                    else:
                        self._run(cursor, _CLOSED, names)
            self._run(cursor, _READ, {"now": _text(wall), "lately": _text(wall - _LATELY_S)})
            rows = cursor.fetchall()
            cursor.close()
            self._connection.commit()
        except Exception:
            self.close()
            raise
        closures = [self._closure(row, facts, wall) for row in rows]
        return [closure for closure in closures if closure is not None]

    def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if self._process != os.getpid():
            ORPHANS.append(connection)
        elif connection is not None:
            connection.close()

    def _open(self) -> Any:
        if self._process != os.getpid():
            self.close()
            self._process = os.getpid()
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _run(self, cursor: Any, statement: str, values: dict[str, str]) -> None:
        """Run a statement with the marks of the driver; a value that stands twice is given twice."""
        names: list[str] = []

        class Marks(dict[str, str]):
            def __missing__(marks, name: str) -> str:
                names.append(name)
                return self._mark(name, len(names))

        text = statement.format_map(Marks(table=self._table))
        cursor.execute(text, values if self._is_named else [values[name] for name in names])

    def _closure(self, row: Any, facts: Facts, wall: float) -> Closure | None:
        """Return what a row says of a model as the table calls it; None for one that it lacks."""
        provider, slug, until = row
        model = facts.model(slug)
        if model is None or model.provider != provider:
            return None
        if until is None:
            return Closure(Scope("model", slug, model.api_key_env), "open", 0.0)
        moment = until if isinstance(until, datetime) else datetime.fromisoformat(str(until))
        return Closure(Scope("model", slug, model.api_key_env), "open", moment.timestamp() - wall)


def _text(seconds: float) -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
