"""The migrations that are released and those of the output folder in, what will run when the change is merged out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from routecomp.diagnostics.render.shown import visible
from routecomp.review.diff.difference import Difference, MigrationFile
from routecomp.sql.dialects.registry import dialects
from routecomp.sql.file_names import BASELINE, FILE
from routecomp.sql.literals import statements


def new_migrations(released: Iterable[str], files: Mapping[str, bytes]) -> tuple[MigrationFile, ...]:
    """Those of `files` (`migrations/<dialect>/0002_x.up.sql` to bytes) that are not among the released ones.

    A first baseline is left out: it is the whole schema, and nothing that anyone changed.
    """
    known = set(released)
    found: list[MigrationFile] = []
    for path, data in sorted(files.items()):
        folder, _, name = path.removeprefix("migrations/").partition("/")
        match = FILE.fullmatch(name)
        is_new = path.startswith("migrations/") and f"{folder}/{name}" not in known
        if match is not None and match["id"] != BASELINE and is_new:
            found.append(MigrationFile(match["id"], folder, match["way"], statements(data.decode())))
    return tuple(found)


def shown(difference: Difference) -> list[MigrationFile]:
    """What people read: the way there, for the first dialect; the others say the same in other words."""
    ups = [one for one in difference.migrations if one.way == "up"]
    return [one for one in ups if one.dialect == ups[0].dialect]


def title(one: MigrationFile) -> str:
    """Which migration, for which database."""
    return f"migration {visible(one.id)} ({one.dialect})"


def work(one: MigrationFile) -> list[str]:
    """The statements between BEGIN and COMMIT, without what every migration begins with."""
    framing = tuple(start for dialect in dialects() for start in dialect.framing)
    return [statement for statement in one.statements if not statement.startswith(framing)]


def safe_lines(statement: str) -> list[str]:
    """A statement's lines, nothing in them that a reader could not see."""
    return [visible(line) for line in f"{statement};".split("\n")]
