"""RC601 no-timeout: a migration waits for locks, and runs, for a bounded time (PostgreSQL)."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.lexer import Token
from routecomp.sql.read.script import Script
from routecomp.sql.rule import migration_rule


@migration_rule("RC601", "no-timeout", lambda dialect: dialect.online_changes, aliases=("L01",))
def no_timeout(script: Script) -> Iterator[Diagnostic]:
    """A migration sets no `lock_timeout` or no `statement_timeout`.

    PostgreSQL's default for both is 0: wait for ever. Both are set by SET LOCAL before the first statement that does
    anything (by SET where the file runs outside of a transaction, which SET LOCAL would not reach).

    Why: a migration that waits for a lock stands in a queue, and every query that comes after it stands behind it. One
    long report is enough to stop every service.

    Fix: begin with `SET LOCAL lock_timeout = '5s'` and `SET LOCAL statement_timeout = '10min'`.
    """
    missing = {"lock_timeout", "statement_timeout"}
    for statement in script.statements:
        tokens = statement.tokens
        if statement.starts("BEGIN") or statement.starts("START"):
            continue
        if not statement.starts("SET"):
            names = " and ".join(f"`{name}`" for name in sorted(missing))
            if missing:
                yield error(
                    "RC601",
                    f"this runs without a {names}",
                    script.span(tokens[0]),
                    "begin with SET LOCAL lock_timeout = '5s' and SET LOCAL statement_timeout = '10min'",
                )
            return
        index = 1 + (tokens[1:2] != () and tokens[1].up in ("LOCAL", "SESSION"))
        local = tokens[1].up == "LOCAL"
        if local != script.without_transaction and len(tokens) > index + 2 and _is_bounded(tokens[index + 2]):
            missing.discard(tokens[index].name or "")


def _is_bounded(value: Token) -> bool:
    """Return whether the value of a timeout is above 0."""
    text = value.value if value.value is not None else value.text
    return text[:1] in "123456789" and bool(text)
