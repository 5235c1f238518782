"""Tokens of a statement in, what it does out: names, parts, rows and conditions, as far as the rules ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from routecomp.sql.read.lexer import Token
from routecomp.sql.read.script import Script, Statement, find, remembered

Tokens = Sequence[Token]


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a statement: `schema` is None where it has none."""

    schema: str | None
    name: str
    first: Token
    last: Token


def name_at(some: Tokens, at: int) -> tuple[Name, int] | None:
    """The name that begins here, and the place behind it."""
    if not 0 <= at < len(some) or some[at].name is None:
        return None
    parts = [some[at]]
    while at + 2 < len(some) and some[at + 1].up == "." and some[at + 2].name is not None:
        at += 2
        parts.append(some[at])
    names = [part.name or "" for part in parts]
    return Name(names[-2] if len(names) > 1 else None, names[-1], parts[0], parts[-1]), at + 1


def skip(some: Tokens, at: int, *words: str) -> int:
    """The place behind these keywords where they stand here, else the same place."""
    end = at + len(words)
    return (
        end
        if end <= len(some) and all(token.up == word for token, word in zip(some[at:end], words, strict=True))
        else at
    )


def group_end(some: Tokens, at: int) -> int:
    """The place of the parenthesis that closes the one here, or the end."""
    depth = 0
    for place in range(at, len(some)):
        depth += (some[place].up == "(") - (some[place].up == ")")
        if not depth:
            return place
    return len(some)


def parts(some: Tokens) -> list[Tokens]:
    """Tokens split at the commas outside of every parenthesis."""
    found: list[Tokens] = []
    begin = 0
    while (at := find(some, ",", begin)) != -1:
        found.append(some[begin:at])
        begin = at + 1
    found.append(some[begin:])
    return [one for one in found if one]


@dataclass(frozen=True, slots=True)
class Alter:
    """One action of an ALTER TABLE: its tokens, `ADD` or the like first."""

    table: Name
    action: Tokens

    def says(self, *words: str) -> bool:
        """Whether the action begins with these keywords."""
        return len(self.action) >= len(words) and all(
            token.up == word for token, word in zip(self.action, words, strict=False)
        )


@remembered
def alters(statement: Statement) -> list[Alter]:
    """The actions of an ALTER TABLE; none for other statements."""
    if not statement.starts("ALTER", "TABLE"):
        return []
    some = statement.tokens
    found = name_at(some, skip(some, skip(some, 2, "IF", "EXISTS"), "ONLY"))
    if found is None:
        return []
    table, at = found
    return [Alter(table, one) for one in parts(some[skip(some, at, "*") :])]


_CONSTRAINT = ("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "EXCLUDE")
_AFTER_TYPE = (*_CONSTRAINT, "NOT", "NULL", "DEFAULT", "REFERENCES", "GENERATED", "COLLATE", "AS", "STORAGE")


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it is declared: `type` and `rest` are its tokens."""

    name: Token
    type: Tokens
    rest: Tokens

    @property
    def required(self) -> bool:
        """Whether it is NOT NULL."""
        return any(self.rest[at].up == "NOT" and self.rest[at + 1].up == "NULL" for at in range(len(self.rest) - 1))


@dataclass(frozen=True, slots=True)
class Made:
    """A table that is created: its columns, and the tokens of each of its constraints."""

    table: Name
    columns: tuple[Column, ...]
    constraints: tuple[Tokens, ...]


@remembered
def created_table(statement: Statement) -> Made | None:
    """What a CREATE TABLE declares; None for other statements."""
    at = _after_create(statement, "TABLE")
    found = None if at is None else name_at(statement.tokens, skip(statement.tokens, at, "IF", "NOT", "EXISTS"))
    if found is None:
        return None
    table, at = found
    some = statement.tokens
    if at >= len(some) or some[at].up != "(":
        return Made(table, (), ())
    items = parts(some[at + 1 : group_end(some, at)])
    return Made(
        table,
        tuple(column(item) for item in items if item[0].up not in (*_CONSTRAINT, "LIKE")),
        tuple(item for item in items if item[0].up in _CONSTRAINT),
    )


def column(item: Tokens) -> Column:
    """A column's declaration, its name first."""
    end = next((at for at in range(1, len(item)) if item[at].up in _AFTER_TYPE), len(item))
    return Column(item[0], item[1:end], item[end:])


def added_column(alter: Alter) -> Column | None:
    """The column an action adds; None for other actions."""
    if not alter.says("ADD") or len(alter.action) < 2 or alter.action[1].up in _CONSTRAINT:
        return None
    at = skip(alter.action, skip(alter.action, 1, "COLUMN"), "IF", "NOT", "EXISTS")
    return column(alter.action[at:]) if at < len(alter.action) else None


def added_constraint(alter: Alter) -> Tokens | None:
    """The tokens of the constraint an action adds; None for other actions."""
    return (
        alter.action[1:] if alter.says("ADD") and len(alter.action) > 1 and alter.action[1].up in _CONSTRAINT else None
    )


def _after_create(statement: Statement, what: str) -> int | None:
    if not statement.starts("CREATE"):
        return None
    for at in range(1, min(6, len(statement.tokens))):
        if statement.tokens[at].up == what:
            return at + 1
        if statement.tokens[at].up not in (
            "OR",
            "REPLACE",
            "TEMP",
            "TEMPORARY",
            "UNLOGGED",
            "GLOBAL",
            "LOCAL",
            "UNIQUE",
            "CONSTRAINT",
            "VIRTUAL",
        ):
            return None
    return None


@dataclass(frozen=True, slots=True)
class MadeIndex:
    """An index that is created."""

    word: Token
    name: Name | None
    table: Name
    unique: bool
    concurrently: Token | None


@remembered
def created_index(statement: Statement) -> MadeIndex | None:
    """What a CREATE INDEX says; None for other statements."""
    at = _after_create(statement, "INDEX")
    if at is None:
        return None
    some = statement.tokens
    word = some[at - 1]
    after = skip(some, at, "CONCURRENTLY")
    concurrently = some[at] if after != at else None
    named = (
        None
        if some[after : after + 1] and some[after].up == "ON"
        else name_at(some, skip(some, after, "IF", "NOT", "EXISTS"))
    )
    on = find(some, "ON", after)
    table = name_at(some, skip(some, on + 1, "ONLY")) if on != -1 else None
    if table is None:
        return None
    return MadeIndex(word, named and named[0], table[0], some[1].up == "UNIQUE", concurrently)


def created_name(statement: Statement, what: str) -> Name | None:
    """The name of what a CREATE of this kind makes (TRIGGER, FUNCTION); None for other statements."""
    at = _after_create(statement, what)
    found = None if at is None else name_at(statement.tokens, skip(statement.tokens, at, "IF", "NOT", "EXISTS"))
    return found and found[0]


def tables_made(script: Script) -> set[str]:
    """The tables a file creates itself: nobody uses them before it is done."""
    return {made.table.name for statement in script.statements if (made := created_table(statement)) is not None}


def changes_schema(statement: Statement, own: set[str]) -> bool:
    """Whether a statement changes the schema of a table that was there before."""
    if (index := created_index(statement)) is not None:
        return index.table.name not in own
    return any(alter.table.name not in own for alter in alters(statement))


@dataclass(frozen=True, slots=True)
class Check:
    """A CHECK: its word, its condition, and its name where it has one."""

    word: Token
    condition: Tokens
    name: Token | None


def checks(some: Tokens) -> Iterator[Check]:
    """The CHECKs among the tokens of a column or a constraint."""
    for at, token in enumerate(some):
        if token.up == "CHECK" and at + 1 < len(some) and some[at + 1].up == "(":
            named = some[at - 1] if at > 1 and some[at - 2].up == "CONSTRAINT" else None
            yield Check(token, some[at + 2 : group_end(some, at + 1)], named)


@remembered
def all_checks(statement: Statement) -> list[tuple[str, Column | None, Check]]:
    """Every CHECK a statement declares, with its table, and its column where it stands in one."""
    found: list[tuple[str, Column | None, Check]] = []
    if (made := created_table(statement)) is not None:
        for one in made.columns:
            found += [(made.table.name, one, check) for check in checks(one.rest)]
        for constraint in made.constraints:
            found += [(made.table.name, None, check) for check in checks(constraint)]
    for alter in alters(statement):
        added = added_column(alter)
        if added is not None:
            found += [(alter.table.name, added, check) for check in checks(added.rest)]
        elif (item := added_constraint(alter)) is not None:
            found += [(alter.table.name, None, check) for check in checks(item)]
    return found


def columns_known(script: Script) -> dict[str, dict[str, Column]]:
    """Table to its columns, as this file and those before it declare them."""
    known: dict[str, dict[str, Column]] = {}
    for one in (*script.earlier, script):
        for statement in one.statements:
            if (made := created_table(statement)) is not None:
                known[made.table.name] = {column.name.name or "": column for column in made.columns}
            for alter in alters(statement):
                added = added_column(alter)
                if added is not None:
                    known.setdefault(alter.table.name, {})[added.name.name or ""] = added
    return known


def find_unique(some: Tokens) -> Token | None:
    """The word that makes a column or a constraint unique by building an index."""
    words = [token.up for token in some]
    if "USING" in words and words[words.index("USING") + 1 : words.index("USING") + 2] == ["INDEX"]:
        return None
    return next((token for token in some if token.up in ("UNIQUE", "PRIMARY")), None)


def dropped(statement: Statement, *kinds: str) -> Iterator[tuple[str, Name]]:
    """What a DROP of one of these kinds names."""
    some = statement.tokens
    if not statement.starts("DROP") or len(some) < 3 or some[1].up not in kinds:
        return
    at = skip(some, skip(some, 2, "CONCURRENTLY"), "IF", "EXISTS")
    for part in parts(some[at:]):
        found = name_at(part, 0)
        if found is not None:
            yield some[1].up, found[0]


def dropped_column(alter: Alter) -> Name | None:
    """The column an action drops; None for other actions."""
    if not alter.says("DROP") or alter.action[1:2] == () or alter.action[1].up in ("CONSTRAINT",):
        return None
    found = name_at(alter.action, skip(alter.action, skip(alter.action, 1, "COLUMN"), "IF", "EXISTS"))
    return found and found[0]


def made_by(script: Script | None) -> set[tuple[str, str]]:
    """What a migration makes: (TABLE, name), (COLUMN, table.name), and so on; nothing where there is no way there."""
    found: set[tuple[str, str]] = set()
    for statement in script.statements if script is not None else ():
        if (made := created_table(statement)) is not None:
            found.add(("TABLE", made.table.name))
        if (index := created_index(statement)) is not None and index.name is not None:
            found.add(("INDEX", index.name.name))
        for kind in ("TRIGGER", "SCHEMA"):
            if (name := created_name(statement, kind)) is not None:
                found.add((kind, name.name))
        for alter in alters(statement):
            if (added := added_column(alter)) is not None:
                found.add(("COLUMN", f"{alter.table.name}.{added.name.name}"))
            item = added_constraint(alter)
            if item is not None and item[0].up == "CONSTRAINT" and len(item) > 1:
                found.add(("CONSTRAINT", item[1].name or ""))
    return found


def proven_not_null(script: Script, before: int) -> set[tuple[str, str]]:
    """(table, column) of every validated CHECK (column IS NOT NULL), of earlier files and this one's beginning."""
    held: dict[tuple[str, str | None], str] = {}
    proven: set[tuple[str, str]] = set()
    every = [statement for one in script.earlier for statement in one.statements] + script.statements[:before]
    for statement in every:
        for table, _, check in all_checks(statement):
            words = [token.up for token in check.condition]
            if len(words) == 4 and words[1:] == ["IS", "NOT", "NULL"]:
                column = check.condition[0].name or ""
                name = None if check.name is None else check.name.name
                if [token.up for token in statement.tokens[-2:]] == ["NOT", "VALID"]:
                    held[table, name] = column
                else:
                    proven.add((table, column))
        for alter in alters(statement):
            if alter.says("VALIDATE", "CONSTRAINT") and (alter.table.name, alter.action[-1].name) in held:
                proven.add((alter.table.name, held[alter.table.name, alter.action[-1].name]))
    return proven


def primary_key(statement: Statement) -> set[str]:
    """The columns of the primary key that a CREATE TABLE declares: NOT NULL on PostgreSQL, not on SQLite."""
    made = created_table(statement)
    found: set[str] = set()
    for item in made.constraints if made is not None else ():
        at = find(item, "KEY")
        if at > 0 and item[at - 1].up == "PRIMARY" and item[at + 1 : at + 2] and item[at + 1].up == "(":
            found |= {token.name for token in item[at + 2 : group_end(item, at + 1)] if token.name is not None}
    return found
