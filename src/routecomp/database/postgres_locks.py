"""Name the tables that a statement of PostgreSQL waited for, and the sessions that hold them."""

from __future__ import annotations

from collections.abc import Callable

from routecomp.database.driver import Rows
from routecomp.sql.dialects.postgres import POSTGRES
from routecomp.sql.literals import literal

_HOLDERS = """\
SELECT DISTINCT c.relname, a.pid, a.usename, a.application_name, a.state
FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_stat_activity a ON a.pid = l.pid
JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
WHERE l.granted AND l.pid <> pg_backend_pid() AND c.relkind IN ('r', 'p', 'v', 'm')
AND position(c.relname::text IN {statement}) > 0 ORDER BY 1, 2 LIMIT 5"""


def table_holders(run: Callable[[str], Rows], statement: str) -> str:
    """Say which sessions hold tables that a statement names, each behind `; `; empty where the server shows none."""
    rows = run(_HOLDERS.format(statement=literal(statement, POSTGRES)))
    return "".join(
        f"; {table} is held by session {pid} of {user}{f', {application}' * bool(application)} "
        f"({state or 'state unknown'})"
        for table, pid, user, application, state in rows
    )
