"""State what a driver must do, so that migrations run on any database alike."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, Protocol

from routecomp.database.catalog import Catalogue
from routecomp.database.failure import DatabaseError
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.names import Names
from routecomp.sql.read.statement import Name

Rows = list[tuple[Any, ...]]
Say = Callable[[str], None]
READ_WAIT_S = 10.0
"""The seconds that a statement which only reads waits for others, where nobody says."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is, and how to call it without a password.

    `where` is what the driver is given: a file's path, or a URL that may hold a password, which is why it is shown
    nowhere; `shown` is how messages call the database; `secrets` are texts that no message may hold; `is_file` says
    that `where` is a path; `origin` names the variable it stood in, empty where it was given. The names of `dialect`
    say which project's tables in the database are meant.
    """

    dialect: Dialect
    where: str = field(repr=False)
    shown: str = ""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    is_file: bool = False
    origin: str = ""

    def named(self, names: Names) -> Address:
        """Return the address of the same database, where a project calls its tables by these names."""
        return replace(self, dialect=self.dialect.named(names))


class Apart(Protocol):
    """What a connection can do with statements that no transaction may hold."""

    def begin_apart(self) -> None:
        """End the transaction of `begin`, and keep its lock."""

    def step_apart(self, statement: str) -> None:
        """Run such a statement; what an earlier attempt left half done is done anew."""

    def end_apart(self) -> None:
        """Give the lock back; where the connection is gone it is free already."""


class Database(Protocol):
    """One connection.

    `run` raises what the driver raises. `in_words` makes a `DatabaseError` of it; it is asked while the transaction of
    the statement that failed is still open.
    """

    dialect: Dialect
    address: Address
    mark: str
    """What stands for a value in a statement."""
    clock: str
    """The expression for the time now, in UTC, as text."""
    user: str
    """The expression for whoever is connected."""
    keeps_statements: bool
    """Whether the catalogue holds the statements that made the schema, so that it can be compared with a sandbox's.
    Else it holds definitions in the server's own words, which the ledger keeps, and it names columns one by one."""

    @property
    def apart(self) -> Apart | None:
        """What runs statements outside of transactions; None where the dialect has no migrations that do."""

    def run(self, statement: str, values: Sequence[Any] = ()) -> Rows:
        """Run one statement, with `values` where its marks stand; return its rows, [] for a statement without rows."""

    def step(self, statement: str) -> None:
        """Run one statement of a file; raise what the driver raises, also where there are two."""

    def begin(self, wait_s: float, say: Say) -> None:
        """Begin a transaction that holds the lock of migrations; `say` is called with a text before it waits.

        Raises a `DatabaseError` of kind `again` if the lock is not free after `wait_s` seconds.
        """

    def insist(self, statement: str, wait_s: float) -> None:
        """Set how long statements wait for a lock, where the `statement` that was run may have set that otherwise."""

    def begin_reading(self, wait_s: float = READ_WAIT_S) -> None:
        """Begin a transaction that sees one moment of the database and is meant to write nothing.

        A statement in it waits for others for `wait_s`, in seconds.

        PostgreSQL refuses to write in it. On SQLite only a connection to a file made with `writes=False` does.
        """

    def rollback(self) -> None:
        """Undo the transaction; nothing happens where there is none, or no connection any more."""

    def has(self, table: str) -> bool:
        """Return whether there is such a table of ours; it is named without the project's prefix.

        `routecomp_assert`, which is a function on some databases, stands for the schema as a whole.
        """

    def find_table(self, table: Name, *, lock: bool) -> bool:
        """Return whether there is a table that statements name so.

        With `lock` nobody else reads or writes it until the transaction ends.
        """

    def utc(self, column: str) -> str:
        """Return the expression that gives the moment in a column, in UTC, as text."""

    def catalogue(self, tables: Collection[str]) -> Catalogue:
        """Return the objects of these tables, and our functions, with their definitions; a missing table has none.

        Tables are named as the database does, without their schema.

        INVARIANT: within a transaction.
        """

    def in_words(self, failure: BaseException, doing: str, statement: str = "") -> DatabaseError | None:
        """Make a `DatabaseError` of a failure of the driver; return None for any other failure.

        `doing` completes its message (`while it was applied`); `statement` is the one that failed. It may ask the
        database for more, and may roll the transaction back to do so.
        """

    def close(self) -> None:
        """Close the connection."""


class Connect(Protocol):
    """Connects to a database.

    Where its file is missing, `create` makes the file, and `empty` gives an empty database in memory; else that is an
    error. Without `writes` the file is opened to read. A server ignores all three.
    """

    def __call__(self, address: Address, *, create: bool, writes: bool, empty: bool) -> Database:
        """Return a connection; raise `DatabaseError` where none can be had."""


class Plain(NamedTuple):
    """How the driver's own package connects, within some seconds, and marks values (PEP 249)."""

    connect: Callable[[Address, int], Any]
    paramstyle: Literal["qmark", "format"]


@dataclass(frozen=True, slots=True)
class Driver:
    """How databases of one dialect are reached. Its ledger is made by `ledger_<dialect>.sql`, beside this file.

    `schemes` are how URLs begin; `examples` are URLs that messages may show; `read` makes an `Address` of what stands
    behind the scheme and the colon, and raises `DatabaseError` (without help where the examples are the help).
    `read_plain` does so with a text without a scheme, and `read_environment` with the variables that clients of such a
    database know; both return None where those are none of theirs.
    `plain` connects without the lock of migrations, for a few rows.
    """

    dialect: Dialect
    schemes: tuple[str, ...]
    examples: tuple[str, ...]
    read: Callable[[str], Address]
    connect: Connect
    read_plain: Callable[[str], Address | None] = lambda text: None
    read_environment: Callable[[Mapping[str, str]], Address | None] = lambda variables: None
    plain: Plain | None = None
