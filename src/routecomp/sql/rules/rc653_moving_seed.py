"""RC653 moving-seed: rows that are written hold no clock and no dice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.lexer import Token
from routecomp.sql.read.row_edits import AUDIT, edits
from routecomp.sql.read.script import Script
from routecomp.sql.rule import migration_rule

_WORDS = (
    "CURRENT_TIMESTAMP",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "SESSION_USER",
    "CURRENT_USER",
)
_MOVING = frozenset(
    (
        "now",
        "random",
        "randomblob",
        "clock_timestamp",
        "statement_timestamp",
        "transaction_timestamp",
        "timeofday",
        "gen_random_uuid",
        "uuid_generate_v1",
        "uuid_generate_v4",
        "uuidv4",
        "uuidv7",
        "nextval",
        "last_insert_rowid",
    )
)
_DATES = frozenset(("date", "time", "datetime", "julianday", "unixepoch", "strftime", "to_date"))
_NOW = ("now", "today", "yesterday", "tomorrow")


@migration_rule("RC653", "moving-seed", aliases=("R13",))
def moving_seed(script: Script) -> Iterator[Diagnostic]:
    """A row that is inserted or changed holds `now()`, a random value or the like.

    Defaults of columns, and rows of the ledgers, may.

    Why: a fresh install and a database that grew then differ for ever, and no dump can be compared with another.

    Fix: write the value, or leave the column to its default.
    """
    for statement in script.statements:
        for edit in edits(statement):
            if script.bare(edit.table.name) in AUDIT:
                continue
            for index, token in enumerate(edit.tokens):
                if token.up in _WORDS or _moves(token, edit.tokens[index + 1 : index + 6]):
                    yield error(
                        "RC653",
                        f"`{token.text}` gives every database another value",
                        script.span(token),
                        "write the value, or leave the column to its default",
                    )


def _moves(token: Token, after: Sequence[Token]) -> bool:
    """Return whether a token, with those behind it, calls a function whose value is another one at each run."""
    if not after or after[0].up != "(":
        return False
    return token.name in _MOVING or (
        token.name in _DATES and any((argument.value or "").lower() in _NOW for argument in after[1:])
    )
