"""State what a dialect of SQL must answer, so that nothing outside this folder names one.

A dialect is an object whose only state is how a project calls its tables. It says how its database writes values,
names, tables and transactions, and what the rules over SQL need to know of it. How a live database is reached is the
business of a driver in `database/`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from copy import copy
from typing import Any, Literal, Protocol, Self

from routecomp.sql.names import DEFAULT, Names
from routecomp.sql.schema import Check, Column, Foreign, Table, View, form_name

Template = Literal["functions", "indexes", "triggers", "drop"]
"""The parts of a schema that are templates: what comes before the tables, behind them (indexes, then triggers and the
functions they call), and what takes everything away."""


class Dialect(ABC):
    """The SQL of one database."""

    # What people call it

    name: str
    """The name in settings, folders and reports: lower-case letters."""
    title: str
    """The name in sentences."""
    address_form: str
    """How the address of a database is written, for help texts."""
    address_example: str
    """An address that a help text may show."""

    # Values and names

    names: Names = DEFAULT
    """How the project calls its tables, and all that belongs to them."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, Dialect) and self.names == other.names

    def __hash__(self) -> int:
        return hash((type(self), self.names))

    def named(self, names: Names) -> Self:
        """Return the dialect of a project that calls its tables by these names."""
        if names == self.names:
            return self
        dialect = copy(self)
        dialect.names = names
        return dialect

    character_function: str
    """The function that gives the character of a code point: it writes characters that do not show."""

    @abstractmethod
    def boolean(self, value: bool) -> str:
        """Return a truth value as SQL."""

    @abstractmethod
    def table_name(self, table: str) -> str:
        """Return the name of one of our tables as statements write it, with its schema where there is a search path."""

    def qualified(self, name: str) -> str:
        """Return the whole name of a table, index or function: with its schema, where there is a search path.

        Here it is named as the database does, with the project's prefix.
        """
        return name

    # Columns

    @abstractmethod
    def type_of(self, column: Column) -> str:
        """Return the type of a column."""

    @abstractmethod
    def default_of(self, column: Column) -> str | None:
        """Return the default of a column as SQL; None without one.

        A moment's default is the database's clock, and the default `actor` is whoever is connected.
        """

    @abstractmethod
    def form(self, column: Column) -> str:
        """Return the condition that holds a column to its form and bounds; empty where the type says it all.

        All dialects accept the same values: a whole number is never rounded, a text never stored in its place.
        """

    def condition_of(self, check: Check) -> str:
        """Return the condition of a check; empty where triggers of the check's name hold it.

        A dialect must overrule this for every check without a condition of its own: it fails with an `AssertionError`
        there.
        """
        assert check.condition is not None, f"{self.name} does not say how it holds {check.name}"
        return check.condition

    def checks(self, table: Table) -> Iterator[tuple[str, str]]:
        """Yield the name and the condition of every CHECK of a table: those of its columns' forms first.

        A form or check whose condition is empty, and computed columns, have none.
        """
        for column in table.columns:
            condition = "" if column.computed else self.form(column)
            if condition:
                yield self.names.of(form_name(table, column)), condition
        for check in table.checks:
            condition = self.condition_of(check)
            if condition:
                yield self.names.of(check.name), condition

    def checks_of_trigger(self, table: Table) -> Iterator[tuple[str, str]]:
        """Yield the name and the condition, over the row `NEW`, of what one trigger holds in place of CHECKs."""
        return iter(())

    # The schema

    @abstractmethod
    def create_table(self, table: Table, foreign: Sequence[Foreign]) -> str:
        """Return the statement that makes a table with its keys, checks, and these foreign keys instead of its own."""

    def add_foreign_key(self, table: Table, foreign: Foreign) -> str | None:
        """Return the statement that adds a foreign key to a table that is there already.

        None where CREATE TABLE may refer to a table that is made later.
        """
        return None

    def create_partition(self, table: Table) -> str | None:
        """Return the statement that makes the partition of all days that have none; None where tables have none."""
        return None

    def comments(self, table: Table) -> Iterator[str]:
        """Yield the statements that describe a table and its columns; none where the database keeps no comments."""
        return iter(())

    template_package: str = "routecomp.sql.dialects"
    """The package beside which the templates lie (Jinja): `templates/<name>/<part>.sql.j2`, statements that end with
    `;` and an empty line."""

    def comment_on_view(self, view: View) -> Iterator[str]:
        """Yield the statement that describes a view; none where the database keeps no comments."""
        return iter(())

    def is_guard(self, statement: str) -> bool:
        """Return whether a statement of the schema is the first that watches rows; never, if a dialect does not say.

        The rows of a first migration are inserted before it.
        """
        return False

    # Changes of the schema

    changes_in_place: bool = False
    """Whether ALTER TABLE changes columns and constraints, and views and functions are replaced. Elsewhere a table is
    made anew, with its rows."""
    apart: tuple[str, ...] = ()
    """The settings that a migration begins with which runs outside of a transaction; empty where none has to."""
    rebuild_opening: tuple[str, ...] = ()
    """The statements before tables are made anew."""
    rename_opening: tuple[str, ...] = ()
    """The statements behind those that begin the transaction in which a project's tables get other names."""

    def can_add(self, definition: str) -> bool:
        """Return whether ALTER TABLE adds a column that is defined so, and not computed, to a table with rows."""
        return False

    def put_aside(self, table: str, aside: str, key: str, aside_key: str) -> Iterator[str]:
        """Yield the statements that give a table, and its primary key, other names."""
        yield f"ALTER TABLE {self.qualified(table)} RENAME TO {aside}"

    def move_partitions(self, table: str, new: Dialect) -> Iterator[str]:
        """Yield the statements that give the partitions of a table the names that they have in `new`."""
        return iter(())

    def create_index(self, definition: str) -> str:
        """Return the statement that builds an index on a table in use; `definition` is that of an empty table's."""
        return definition

    def drop_index(self, name: str) -> str:
        """Return the statement that drops an index of a table in use."""
        return f"DROP INDEX {self.qualified(name)}"

    def drop_trigger(self, name: str, table: str) -> str:
        """Return the statement that drops a trigger."""
        return f"DROP TRIGGER {self.qualified(name)}"

    def drop_function(self, name: str) -> str:
        """Return the statement that drops a function; never called where the schema has none."""
        return f"DROP FUNCTION {self.qualified(name)}"

    def rebuild_guards(
        self, table: str, columns: int, children: Sequence[str], triggers: Collection[str]
    ) -> Iterator[tuple[str, str]]:
        """Yield what must be true of a table before it is made anew, as an expression to complain with and a condition.

        It has so many columns; only these `children` have rows that would be changed when its own are deleted; and they
        have only these `triggers`.
        """
        return iter(())

    def stops(self, message: str, condition: str) -> Iterator[str]:
        """Yield statements that fail where a condition is not true, and that keep all from being committed then.

        They stand in a transaction that `opening` begins; who runs it may go on after a statement that fails.
        """
        yield self.assertion(message, condition)

    joining: str = "string_agg"
    """The function that joins the texts of rows."""
    by_bytes: str = ""
    """What stands behind a text in ORDER BY, so that it is ordered by its bytes; empty where it always is."""
    has_big_numbers: bool = False
    """Whether whole numbers of 40 digits are multiplied exactly; elsewhere they have 64 bits."""

    def rename_guards(self, known: Collection[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
        """Yield what must not be there when all our tables are made anew under other names.

        Each is a text to complain with and a query for the `name` of each such object. `known` are the objects that
        migrations made: the table, the kind and the name of each.
        """
        return iter(())

    number_word: str = ""
    """What a column says whose table remembers the last number it gave to a row, even when that row is gone."""

    def keep_numbers(self, table: str, copy: str) -> Iterator[str]:
        """Yield what keeps the last number a table gave to a row, under the name of its copy, while it is made anew."""
        return iter(())

    def restore_numbers(self, table: str, copy: str) -> Iterator[str]:
        """Yield what gives that number back."""
        return iter(())

    # Migrations

    opening: tuple[str, ...]
    """The statements that begin the transaction of a migration. `migrate` brings a transaction of its own, and skips
    them."""
    session: tuple[str, ...] = ()
    """The statements behind the opening: they bound how long a migration waits and runs, and take the lock."""
    framing: tuple[str, ...]
    """How the statements begin that frame a migration and are no part of its work."""

    def lock_row(self, table: str, column: str, value: str) -> str | None:
        """Return the statement that locks a row until the end of the transaction; None where the lock is the file's."""
        return None

    @abstractmethod
    def assertion(self, message: str, condition: str) -> str:
        """Return a statement that fails where a condition is not true (NULL is not).

        It selects from, or inserts into, `routecomp_assert`, by which the rules over SQL know it. `message` and
        `condition` are SQL expressions.
        """

    checks_at_commit: bool = False
    """Whether triggers check the invariants when a transaction commits; elsewhere each migration asserts them."""

    def check_all(self, subject: str, subjects: str) -> str | None:
        """Return the statement that checks the invariants of a kind of subject; None where no trigger checks at COMMIT.

        `subjects` is the query for the subjects' names. The rows of a first migration are older than its triggers.
        """
        return None

    # Replay

    has_sandbox: bool = False
    """Whether migrations can be run in memory, without a server. A project needs a dialect where they can: the state
    that the next migration starts from is what the released ones lead to."""

    def sandbox(self) -> Sandbox:
        """Return an empty database in memory, which the caller closes; `NotImplementedError` without `has_sandbox`."""
        raise NotImplementedError

    # What the rules over SQL need to know

    token_pattern: str
    """The regular expression of one token (see `token_pattern` in `dialects.tokens`)."""
    nested_comments: bool = False
    """Whether a block comment holds others, and one that is not closed is an error."""
    online_changes: bool = False
    """Whether services use the tables while a migration runs, and statements exist that lock them only briefly:
    `lock_timeout`, CONCURRENTLY, NOT VALID."""
    reserved_prefixes: tuple[str, ...] = ()
    """How names begin that the database keeps for itself."""

    def schema_fault(self, name: str) -> tuple[str, str] | None:
        """Return what keeps a schema from having this name, and the remedy; None where nothing does.

        Called only where there is a search path.
        """
        return None

    has_roles: bool = False
    """Whether tables have owners, who give others rights on them (GRANT)."""
    has_search_path: bool = False
    """Whether a name without its schema is looked up along a path that the session chooses."""
    enforces_types: bool = True
    """Whether a column holds only values of its type."""
    keys_are_required: bool = True
    """Whether the columns of a primary key are NOT NULL by themselves."""
    above_every_number: str
    """What is greater than every number, in words: it passes a check that bounds a number from below alone."""


class SandboxError(Exception):
    """A statement that a sandbox refuses: `words` are the database's; `message` is the assertion's, or those words."""

    def __init__(self, words: str, message: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.message = message or words


class Sandbox(Protocol):
    """A database in memory. It begins outside of a transaction; statements begin and end them."""

    @property
    def dialect(self) -> Dialect:
        """The dialect that it understands."""

    def run(self, statement: str) -> None:
        """Run one statement; what needs tables that are not here (the company's own) is not checked.

        Raises `SandboxError` where it fails; the transaction is as the statement left it.
        """

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query of ours; a truth value is 0 or 1, or a `bool`."""

    def tables(self) -> dict[str, set[str]]:
        """Return the tables, ours and others, by name; each with the names of its columns."""

    def schema(self) -> list[tuple[str, str, str, str]]:
        """Return every object of the schema as (kind, name, table, definition), sorted by kind and name."""

    def copy(self, other: Sandbox) -> None:
        """Replace what is here by the contents of another sandbox of the same dialect."""

    def undo(self) -> None:
        """Undo the transaction, if one is open."""

    def close(self) -> None:
        """Forget everything."""
