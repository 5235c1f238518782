"""Define the options by which commands find what services recorded."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from routecomp.cli.options import complete_files
from routecomp.sql.names import Names
from routecomp.workspace.outcomes import STDIN, Source

F = TypeVar("F", bound=Callable[..., Any])


def outcome_options(command: F) -> F:
    """Add --database and --log."""
    named = click.option(
        "--database", metavar="URL", help="The database that services write to; `-`: $ROUTECOMP_DATABASE."
    )
    lines = click.option(
        "--log",
        "logs",
        metavar="FILE",
        multiple=True,
        shell_complete=complete_files,
        help="JSON lines that services wrote; several may be named; `-`: standard input.",
    )
    return named(lines(command))


def source_of(database: str | None, logs: tuple[str, ...], names: Names) -> Source:
    """Return where the outcomes are; raise a usage error unless it is a database or files."""
    if database is not None and logs:
        raise click.UsageError("--database and --log contradict each other")
    if database is None and not logs:
        raise click.UsageError("where are the outcomes? name --database URL or --log FILE")
    if logs.count(STDIN) > 1:
        raise click.UsageError("--log - is given twice")
    return Source(database, logs, names, None if sys.stdin is None else sys.stdin.buffer)


def tell_notes(notes: list[str]) -> None:
    """Print what reading left out, on standard error."""
    for note in notes:
        click.echo(note if note.startswith(" ") else f"note: {note}", err=True)
