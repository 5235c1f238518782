"""Read the outcomes that services wrote, from a database or from files of JSON lines, for the commands that measure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import BinaryIO

from routecomp.database.connection import open_database, read_only
from routecomp.measure.lines import Reading
from routecomp.measure.outcome import Outcome
from routecomp.measure.rows import read_outcomes, require_outcomes
from routecomp.sql.names import Names
from routecomp.workspace.databases import chosen, worded
from routecomp.workspace.problem import Problem, visible

STDIN = "-"


@dataclass(frozen=True)
class Source:
    """Where outcomes are: a database, or files of JSON lines, of which `-` is what `stdin` gives.

    `reading` counts what was read of files.
    """

    database: str | None
    logs: Sequence[str]
    names: Names
    stdin: BinaryIO | None = None
    reading: Reading = field(default_factory=Reading)

    @property
    def shown(self) -> str:
        """How messages call it."""
        if self.database is not None:
            return visible(chosen(self.database).shown)
        more = f" and {len(self.logs) - 1} more" if len(self.logs) > 1 else ""
        return f"{self._called(self.logs[0])}{more}"

    @contextmanager
    def outcomes(self, column: str, names: Sequence[str]) -> Iterator[Iterator[Outcome]]:
        """Give the outcomes whose `column` is one of the names, while the block runs.

        Raises a `Problem` where the database or a file cannot be read, within the block too.
        """
        with ExitStack() as stack:
            if self.database is None:
                yield self._of_files(column, frozenset(names))
                return
            address = chosen(self.database).named(self.names)
            stack.enter_context(worded())
            database = stack.enter_context(open_database(address, writes=False))
            stack.enter_context(read_only(database))
            require_outcomes(database)
            yield read_outcomes(database, column, names)

    @property
    def notes(self) -> list[str]:
        """Say what of the files was left out, with the first places."""
        reading, notes = self.reading, []
        if reading.bad:
            lines = f"{reading.bad:,} of {reading.lines:,} lines are none that a service writes, and are left out"
            notes.append(f"{lines}; the first:")
            notes += [f"  {self._called(file)}:{number}: {why}" for file, number, why in reading.told]
        if reading.repeated:
            notes.append(f"{reading.repeated:,} rows were there twice, and count once")
        return notes

    def _of_files(self, column: str, names: frozenset[str]) -> Iterator[Outcome]:
        for path in self.logs:
            try:
                with self._open(path) as lines:
                    yield from self.reading.outcomes(path, lines, lambda row: row.get(column) in names)
            except OSError as failure:
                raise Problem(
                    f"{visible(path)} cannot be read: {(failure.strerror or str(failure)).lower()}",
                    "name the files that a sink `JsonLines` writes",
                ) from None

    def _open(self, path: str) -> AbstractContextManager[BinaryIO]:
        if path != STDIN:
            return open(path, "rb")
        if self.stdin is None:
            raise Problem("standard input is closed", "name a file")
        return nullcontext(self.stdin)

    def _called(self, path: str) -> str:
        return "standard input" if path == STDIN else visible(path)
