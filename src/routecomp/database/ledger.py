"""Keep the ledger `routecomp_migrations`: its rows, and the chain of hashes that ties them to the promotions.

Each row holds the hash of the row before it, and the hash of all promotions that were written since. Whoever
changes, removes or slips in a row of either ledger, with whatever rights, breaks the chain at that place.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from importlib.resources import files
from typing import Literal

from routecomp.database.catalog import Catalogue, unpack
from routecomp.database.driver import Database, Rows
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.file_names import BASELINE
from routecomp.sql.ledgers import PROMOTIONS
from routecomp.sql.literals import table_name
from routecomp.sql.names import DEFAULT, Names
from routecomp.sql.script_text import statements
from routecomp.version import __version__

LEDGER = "routecomp_migrations"
NOTHING = "0" * 64
"""The hash before the first row."""
_NAMED = re.compile(rf"(public\.)?\b({LEDGER}\w*)")
Direction = Literal["up", "down", "adopt"]
"""up, down: the file was run; adopt: it had been run by other means, and what it leads to was there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row.

    `direction` is a `Direction`. `checksum` is the SHA-256 of the file that was run; `promotions_to` is the id of the
    last promotion that this row and those before it cover, 0 for none; `promotions_hash` is the hash of those that this
    row adds; `catalogue` is what the schema then had to be (see `pack`), None where the migration did not change it or
    the database keeps statements.
    """

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
        """The hash that follows from everything else in the row; `hash` differs from it where the row was changed."""
        return digest(list(astuple(replace(self, hash=""))))


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain does not fit: the row, and what is wrong there."""

    seq: int
    message: str


def digest(content: object) -> str:
    """Return the SHA-256, in hex, of a content as canonical JSON; what JSON does not know is written as its `str`."""
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def checksum(data: bytes) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def entries(database: Database) -> list[Entry]:
    """Return every row, oldest first; none where there is no ledger.

    A `promotions_to` that is no integer becomes -1, so that the row's hash does not fit.
    """
    if not database.has(LEDGER):
        return []
    columns = [database.utc(name) if name == "applied_at" else name for name in Entry.__dataclass_fields__]
    table = table_name(LEDGER, database.dialect)
    rows = [Entry(*row) for row in database.run(f"SELECT {', '.join(columns)} FROM {table} ORDER BY seq")]
    # A file may hold any text where its checks were switched off; -1 was never written, so the row's hash shows it.
    return [row if isinstance(row.promotions_to, int) else replace(row, promotions_to=-1) for row in rows]


def promotions(database: Database, after: int | None = None) -> Rows:
    """Return the promotions with an id above `after` (None: all), by id; none where the table is missing.

    Columns: id, feature, from, to, kind, actor, time in UTC, migration.
    """
    if not database.has(PROMOTIONS):
        return []
    when = database.utc("happened_at")
    return database.run(
        f"SELECT id, feature, from_model, to_model, kind, actor, {when}, migration"
        f" FROM {table_name(PROMOTIONS, database.dialect)}"
        f"{'' if after is None else f' WHERE id > {after}'} ORDER BY id"
    )


def create(database: Database) -> None:
    """Create the ledger's table and what guards it. INVARIANT: within the transaction that writes its first row."""
    for statement in ledger_statements(database.dialect):
        database.run(statement)


def ledger_statements(dialect: Dialect) -> tuple[str, ...]:
    """Return the statements that make the ledger's table and what guards it, with the names of a dialect."""
    text = files("routecomp.database").joinpath(f"ledger_{dialect.name}.sql").read_text(encoding="utf-8")
    return statements(_NAMED.sub(lambda match: (dialect.table_name if match[1] else dialect.names.of)(match[2]), text))


def append(database: Database, migration: str, direction: Direction, data: bytes, catalogue: str | None) -> Entry:
    """Write the next row, and return it; create the ledger where there is none.

    `data` is the file that was run. INVARIANT: within the transaction of the migration, under the lock.
    """
    rows = entries(database)
    if not database.has(LEDGER):
        create(database)
    after = covered(rows)
    since = promotions(database, after)
    now, actor = database.run(f"SELECT {database.clock}, {database.user}")[0]
    gone = not database.has(PROMOTIONS)  # the baseline was taken back
    to = 0 if gone else int(since[-1][0]) if since else after
    row = Entry(
        rows[-1].seq + 1 if rows else 1,
        migration,
        direction,
        checksum(data),
        str(now),
        str(actor),
        __version__,
        to,
        digest([list(promotion) for promotion in since]),
        catalogue,
        rows[-1].hash if rows else NOTHING,
        "",
    )
    row = replace(row, hash=row.right_hash)
    cells = astuple(row)
    database.run(
        f"INSERT INTO {table_name(LEDGER, database.dialect)} ({', '.join(Entry.__dataclass_fields__)})"
        f" VALUES ({', '.join([database.mark] * len(cells))})",
        cells,
    )
    return row


def covered(rows: list[Entry]) -> int:
    """Return the id of the promotion up to which the last row covers the promotions; 0 without rows.

    It is 0 also after the baseline was taken back, whatever earlier rows cover.
    """
    return rows[-1].promotions_to if rows else 0


def expected_schema(rows: Sequence[Entry]) -> Catalogue:
    """Return the last schema that the ledger keeps; empty where it keeps none."""
    text = next((entry.catalogue for entry in reversed(rows) if entry.catalogue is not None), None)
    return {} if text is None else unpack(text)


def breaks(rows: list[Entry], promotions: Rows, names: Names = DEFAULT) -> Iterator[Break]:
    """Yield every place where the chain does not fit, in the order of `rows`; a row may have several.

    `rows` and `promotions` are all there are, oldest first; `names` are for the messages. Promotions are not compared
    with the rows up to the last way back of the baseline, which took them away.
    """
    table = names.of(PROMOTIONS)
    hash, seq, after = NOTHING, 0, 0
    # With the baseline the promotions went as well: only what came later can be looked at.
    fresh = max((row.seq for row in rows if row.direction == "down" and row.migration == BASELINE), default=0)
    if rows and promotions and promotions[0][0] < 1:
        yield Break(
            rows[0].seq,
            f"a promotion of {table} has the id {promotions[0][0]}: ids begin with 1, and it was slipped in",
        )
    for row in rows:
        what = f"row {row.seq} ({row.direction} {row.migration})"
        if row.seq != seq + 1:
            yield Break(
                row.seq,
                f"{what} follows row {seq}: what stood between them is gone"
                if seq
                else f"{what} is the first: what stood before it is gone",
            )
        elif row.prev_hash != hash:
            yield Break(row.seq, f"{what} does not follow the row before it: that one was put there later")
        if row.right_hash != row.hash:
            yield Break(row.seq, f"{what} is not what was written: its content or its hash was changed")
        if row.seq > fresh:
            own = [list(promotion) for promotion in promotions if after < promotion[0] <= row.promotions_to]
            if digest(own) != row.promotions_hash:
                yield Break(
                    row.seq,
                    f"{what} does not fit the promotions of {table} {_ids(after, row)}: some "
                    "were changed, removed or added",
                )
        hash, seq = row.hash, row.seq
        after = row.promotions_to


def _ids(after: int, row: Entry) -> str:
    """Say which promotions a row adds to those up to `after`: `with id 3 to 5`; for none `since the row before it`."""
    if row.promotions_to <= after:
        return "since the row before it"
    first = after + 1
    return f"with id {first}" if first == row.promotions_to else f"with id {first} to {row.promotions_to}"
