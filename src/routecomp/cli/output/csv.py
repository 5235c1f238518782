"""Print records as CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

import click

from routecomp.workspace.problem import visible


def print_csv(columns: Sequence[str], records: Iterable[Mapping[str, str | None]]) -> None:
    """Print a line of headings and one line for each record, on standard output."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for record in records:
        writer.writerow([_cell(record[column]) for column in columns])
    click.echo(out.getvalue(), nl=False)


def _cell(value: str | None) -> str:
    """Return a cell that no spreadsheet takes for a formula, and no terminal for a control sequence."""
    text = "" if value is None else visible(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
