"""Hold one migration, and list those of a folder in the order in which they are applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from routecomp.sql.file_names import FILE, PROMOTED, STANDS_FOR, WRITTEN_BY
from routecomp.sql.names import Names, written_names
from routecomp.sql.state import Promotion

_HEAD = 4_096
_PER_LINE = 4
MAY_BE_ROLLED_BACK = ("promotion", "swap")
"""The kinds of promotions whose inverse is a rollback."""


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
    return tuple(id for line in _lines(up, STANDS_FOR) for id in line)


def standing_for(up: bytes, ids: Sequence[str]) -> bytes:
    """Return an up file that says in its head which migrations of other dialects it does the work of."""
    return _with_lines(
        up, [f"{STANDS_FOR}{' '.join(ids[start : start + _PER_LINE])}" for start in range(0, len(ids), _PER_LINE)]
    )


def promoted_before(up: bytes, promotions: Mapping[str, Promotion]) -> bytes:
    """Return a baseline that says in its head which promotions of before it may be rolled back."""
    return _with_lines(
        up,
        [
            f"{PROMOTED}{feature} {old} {new} {kind}"
            for feature, (old, new, kind) in sorted(promotions.items())
            if kind in MAY_BE_ROLLED_BACK
        ],
    )


def read_promoted(up: bytes) -> dict[str, Promotion]:
    """Return what `promoted_before` said of each feature; nothing for most files."""
    return {line[0]: (line[1], line[2], line[3]) for line in _lines(up, PROMOTED) if len(line) == 4}


def _with_lines(up: bytes, lines: Sequence[str]) -> bytes:
    """Return an up file with lines more in its head."""
    head, _, rest = up.partition(b"\n\n")
    return b"\n".join([head, *(line.encode() for line in lines), b"", rest]) if lines else up


def _lines(up: bytes, begin: str) -> Iterator[list[str]]:
    """Yield the words of each line in the head of an up file that begins with `begin`, without that."""
    marker = begin.encode()
    if marker not in up:
        return
    for line in up.splitlines():
        if line.startswith(marker):
            yield line.removeprefix(marker).decode("utf-8", "replace").split()
        elif line and not line.startswith(b"--"):
            return  # the first statement: a comment further down is no head
