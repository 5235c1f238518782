"""Hold one migration, and list those of a folder in the order in which they are applied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from routecomp.sql.file_names import FILE, STANDS_FOR, WRITTEN_BY
from routecomp.sql.names import Names, written_names

_HEAD = 4_096
_PER_LINE = 4


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

    @property
    def is_ours(self) -> bool:
        """Whether routecomp wrote it."""
        return WRITTEN_BY.encode() in self.up[:_HEAD]

    @property
    def covers(self) -> frozenset[str]:
        """The ids of the migrations whose work it does: its own, or those that it stands for."""
        return frozenset(stands_for(self.up)) or frozenset((self.id,))


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


def covered(migrations: Iterable[Migration]) -> frozenset[str]:
    """Return the ids of all migrations whose work is done by some of a dialect, be it under other names."""
    return frozenset(id for migration in migrations for id in migration.covers)


def lacking(by_dialect: Mapping[str, Sequence[Migration]]) -> dict[str, list[str]]:
    """Return what each dialect that has migrations lacks: ids that routecomp wrote for another one, in their order.

    What people wrote may be for one dialect alone, and so is what stands for others.
    """
    shared = {
        migration.id: migration.number
        for migrations in by_dialect.values()
        for migration in migrations
        if migration.is_ours and not stands_for(migration.up)
    }
    every = sorted(shared, key=lambda id: (shared[id], id))
    known = {name: covered(migrations) for name, migrations in by_dialect.items() if migrations}
    missing = {name: [id for id in every if id not in ids] for name, ids in known.items()}
    return {name: ids for name, ids in missing.items() if ids}


def doubled(migrations: Iterable[Migration]) -> tuple[str, Migration, Migration] | None:
    """Return an id whose work two migrations of a dialect do, with both; None where there is none."""
    known: dict[str, Migration] = {}
    for migration in migrations:
        for id in sorted(migration.covers):
            if id in known:
                return id, known[id], migration
            known[id] = migration
    return None


def stands_for(up: bytes) -> tuple[str, ...]:
    """Return the ids of the migrations of other dialects that an up file does the work of; none for most files."""
    marker = STANDS_FOR.encode()
    if marker not in up:
        return ()
    ids: list[str] = []
    for line in up.splitlines():
        if line.startswith(marker):
            ids += line.removeprefix(marker).decode("utf-8", "replace").split()
        elif line and not line.startswith(b"--"):
            break  # the first statement: a comment further down is no head
    return tuple(ids)


def standing_for(up: bytes, ids: Sequence[str]) -> bytes:
    """Return an up file that says in its head which migrations of other dialects it does the work of."""
    lines = [f"{STANDS_FOR}{' '.join(ids[start : start + _PER_LINE])}\n" for start in range(0, len(ids), _PER_LINE)]
    head, _, rest = up.partition(b"\n\n")
    return head + b"\n" + "".join(lines).encode() + b"\n" + rest
