"""List the migrations that run when a change is merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from routecomp.review.diff.difference import MigrationFile
from routecomp.sql.file_names import BASELINE, FILE
from routecomp.sql.script_text import statements


def new_migrations(released: Iterable[str], files: Mapping[str, bytes]) -> tuple[MigrationFile, ...]:
    """Return the migrations in `files` (`migrations/<dialect>/0002_x.up.sql` to bytes) that are not released yet.

    Each up and down file is one of them, in the order of the paths; other files are ignored. `released` are names as
    `<dialect>/0002_x.up.sql`. A baseline is left out: it creates the whole schema, and is not what anyone changed.
    """
    known = set(released)
    migrations: list[MigrationFile] = []
    for path, data in sorted(files.items()):
        dialect, _, name = path.removeprefix("migrations/").partition("/")
        match = FILE.fullmatch(name)
        is_new = path.startswith("migrations/") and f"{dialect}/{name}" not in known
        if match is not None and match["id"] != BASELINE and is_new:
            migrations.append(MigrationFile(match["id"], dialect, match["way"], statements(data.decode())))
    return tuple(migrations)
