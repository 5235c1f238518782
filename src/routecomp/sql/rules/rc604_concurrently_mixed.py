"""RC604 concurrently-mixed: CONCURRENTLY stands alone, outside of a transaction (PostgreSQL)."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.script import Script
from routecomp.sql.rule import migration_rule


@migration_rule("RC604", "concurrently-mixed", lambda dialect: dialect.online_changes, aliases=("L04",))
def concurrently_mixed(script: Script) -> Iterator[Diagnostic]:
    """CONCURRENTLY stands within a transaction, or beside other statements.

    PostgreSQL refuses it within a transaction. Outside of one nothing is undone when it fails: what stands beside
    it in the file is done or not, and nobody knows which.

    Why: a failed build leaves an invalid index behind, and a file that ran in part cannot be run again.

    Fix: a migration of its own, marked `-- routecomp:no-transaction`, with nothing but SET beside it.
    """
    begun = any(statement.starts("BEGIN") or statement.starts("START") for statement in script.statements)
    working = [statement for statement in script.statements if not statement.starts("SET")]
    for statement in working:
        if not any(statement.starts(word) for word in ("CREATE", "DROP", "REINDEX", "REFRESH", "ALTER")):
            continue
        word = next((token for token in statement.tokens if token.up == "CONCURRENTLY"), None)
        if word is not None and (begun or len(working) > 1):
            where = "within a transaction" if begun else "beside other statements"
            yield error(
                "RC604",
                f"CONCURRENTLY stands {where}",
                script.span(word),
                "give it a migration of its own, marked `-- routecomp:no-transaction`",
            )
