"""The runner's ledger `routecomp_migrations`: its rows, and the chain of hashes that ties them to the promotions.

Each row holds the hash of the row before it, and the hash of all promotions that were written since. Whoever
changes, removes or slips in a row of either ledger, with whatever rights, breaks the chain at that place.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace
from importlib.resources import files
from typing import Literal

from routecomp.database.connection import Database, Rows
from routecomp.sql.file_names import BASELINE
from routecomp.sql.ledgers import PROMOTIONS
from routecomp.sql.literals import named, statements

LEDGER = "routecomp_migrations"
NOTHING = "0" * 64
"""The hash before the first row."""
Direction = Literal["up", "down", "adopt"]
"""up, down: the file was run; adopt: it had been run by other means, and what it leads to was there."""
_UTC = {"postgres": "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')", "sqlite": "{}"}
_NOW = {
    "postgres": (_UTC["postgres"].format("clock_timestamp()"), "session_user"),
    "sqlite": ("strftime('%Y-%m-%dT%H:%M:%fZ', 'now')", "'unknown'"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. `checksum` is the SHA-256 of the file that was run; `promotions_to` is the highest id of the
    promotions `promotions_hash` covers; `catalogue` is what the schema then had to be, where it changed it."""

    seq: int
    migration: str
    direction: str
    checksum: str
    applied_at: str
    actor: str
    version: str
    promotions_to: int
    promotions_hash: str
    catalogue: str | None
    prev_hash: str
    hash: str

    @property
    def right_hash(self) -> str:
        """The hash that follows from everything else in the row."""
        return digest(list(astuple(replace(self, hash=""))))


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain does not fit: the row, and what is wrong there."""

    seq: int
    message: str


def digest(content: object) -> str:
    """SHA-256 of a content as canonical JSON."""
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def checksum(data: bytes) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(data).hexdigest()


def entries(database: Database) -> list[Entry]:
    """Every row, oldest first; none where there is no ledger."""
    if not database.has(LEDGER):
        return []
    columns = [
        f"{_UTC[database.dialect].format(name)}" if name == "applied_at" else name
        for name in Entry.__dataclass_fields__
    ]
    table = named(LEDGER, database.dialect)
    held = [Entry(*row) for row in database.run(f"SELECT {', '.join(columns)} FROM {table} ORDER BY seq")]
    # SQLite stores any text where its checks were switched off; -1 was never written, so the row's hash shows it.
    return [one if isinstance(one.promotions_to, int) else replace(one, promotions_to=-1) for one in held]


def promotions(database: Database, after: int | None = None) -> Rows:
    """The promotions, or those with an id above `after`: id, feature, from, to, kind, actor, time, migration."""
    if not database.has(PROMOTIONS):
        return []
    when = _UTC[database.dialect].format("happened_at")
    return database.run(
        f"SELECT id, feature, from_model, to_model, kind, actor, {when}, migration"
        f" FROM {named(PROMOTIONS, database.dialect)}"
        f"{'' if after is None else f' WHERE id > {after}'} ORDER BY id"
    )


def create(database: Database) -> None:
    """Make the ledger, within the transaction that writes its first row."""
    text = files("routecomp.database").joinpath(f"ledger_{database.dialect}.sql").read_text(encoding="utf-8")
    for statement in statements(text):
        database.run(statement)


def append(database: Database, migration: str, direction: Direction, data: bytes, catalogue: str | None) -> Entry:
    """Write the next row. INVARIANT: within the transaction of the migration, under the lock."""
    from routecomp import __version__

    held = entries(database)
    if not database.has(LEDGER):
        create(database)
    after = covered(held)
    since = promotions(database, after)
    now, actor = database.run(f"SELECT {', '.join(_NOW[database.dialect])}")[0]
    gone = not database.has(PROMOTIONS)  # the baseline was taken back
    to = 0 if gone else int(since[-1][0]) if since else after
    row = Entry(
        held[-1].seq + 1 if held else 1,
        migration,
        direction,
        checksum(data),
        str(now),
        str(actor),
        __version__,
        to,
        digest([list(one) for one in since]),
        catalogue,
        held[-1].hash if held else NOTHING,
        "",
    )
    row = replace(row, hash=row.right_hash)
    cells = astuple(row)
    database.run(
        f"INSERT INTO {named(LEDGER, database.dialect)} ({', '.join(Entry.__dataclass_fields__)})"
        f" VALUES ({', '.join([database.mark] * len(cells))})",
        cells,
    )
    return row


def covered(held: list[Entry]) -> int:
    """The highest id of a promotion that the chain covers."""
    return held[-1].promotions_to if held else 0


def breaks(held: list[Entry], found: Rows) -> Iterator[Break]:
    """Every place where the chain does not fit, the first one first; `found` are all promotions."""
    before, seq, after = NOTHING, 0, 0
    # With the baseline the promotions went as well: only what came later can be looked at.
    fresh = max((one.seq for one in held if one.direction == "down" and one.migration == BASELINE), default=0)
    if held and found and found[0][0] < 1:
        yield Break(
            held[0].seq,
            f"a promotion of {PROMOTIONS} has the id {found[0][0]}: ids begin with 1, and it was slipped in",
        )
    for one in held:
        what = f"row {one.seq} ({one.direction} {one.migration})"
        if one.seq != seq + 1:
            yield Break(
                one.seq,
                f"{what} follows row {seq}: what stood between them is gone"
                if seq
                else f"{what} is the first: what stood before it is gone",
            )
        elif one.prev_hash != before:
            yield Break(one.seq, f"{what} does not follow the row before it: that one was put there later")
        if one.right_hash != one.hash:
            yield Break(one.seq, f"{what} is not what was written: its content or its hash was changed")
        if one.seq > fresh:
            own = [list(row) for row in found if after < row[0] <= one.promotions_to]
            if digest(own) != one.promotions_hash:
                yield Break(
                    one.seq,
                    f"{what} does not fit the promotions of {PROMOTIONS} {_ids(after, one)}: some "
                    "were changed, removed or added",
                )
        before, seq = one.hash, one.seq
        after = one.promotions_to


def _ids(after: int, one: Entry) -> str:
    if one.promotions_to <= after:
        return "since the row before it"
    first = after + 1
    return f"with id {first}" if first == one.promotions_to else f"with id {first} to {one.promotions_to}"
