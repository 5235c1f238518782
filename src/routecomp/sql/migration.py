"""Hold one migration, and list those of a folder in the order in which they are applied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from routecomp.sql.file_names import FILE
from routecomp.sql.names import Names, written_names


@dataclass(frozen=True, slots=True)
class Migration:
    """One migration of one dialect: `id` is its file's name without the ending; `down` is None without a down file."""

    id: str
    up: bytes
    down: bytes | None

    @property
    def number(self) -> int:
        """The number its name begins with."""
        return int(self.id.partition("_")[0])


def list_migrations(files: Mapping[str, bytes]) -> list[Migration]:
    """Return the migrations of a folder (file name to bytes), in the order they are applied.

    Other files are left out, and down files without their up file.
    """
    ups: dict[str, bytes] = {}
    downs: dict[str, bytes] = {}
    for name, data in files.items():
        match = FILE.fullmatch(name)
        if match is not None:
            (ups if match["way"] == "up" else downs)[match["id"]] = data
    migrations = (Migration(id, up, downs.get(id)) for id, up in ups.items())
    return sorted(migrations, key=lambda migration: (migration.number, migration.id))


def names_in(migrations: Iterable[Migration]) -> Names | None:
    """Return the names that migrations of one dialect give to tables; None where there is no baseline."""
    return written_names(migration.up for migration in migrations)
