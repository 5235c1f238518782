"""Choose and write the SQL that a report shows to people."""

from __future__ import annotations

from routecomp.diagnostics.render.shown import visible
from routecomp.review.diff.difference import Difference, MigrationFile
from routecomp.sql.dialects.registry import dialects


def shown_migrations(difference: Difference) -> list[MigrationFile]:
    """Return the `up` migrations of the first dialect; those of other dialects do the same in other SQL.

    The result is empty where there is none.
    """
    ups = [migration for migration in difference.migrations if migration.way == "up"]
    return [migration for migration in ups if migration.dialect == ups[0].dialect]


def migration_title(migration: MigrationFile) -> str:
    """Name a migration and its dialect."""
    return f"migration {visible(migration.id)} ({migration.dialect})"


def body_statements(migration: MigrationFile) -> list[str]:
    """Return the statements of a migration without those that frame every migration."""
    framing = tuple(start for dialect in dialects() for start in dialect.framing)
    return [statement for statement in migration.statements if not statement.startswith(framing)]


def visible_lines(statement: str) -> list[str]:
    """Return the lines of a statement with its semicolon; invisible characters are written as escapes."""
    return [visible(line) for line in f"{statement};".split("\n")]
