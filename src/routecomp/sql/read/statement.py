"""Read what a statement declares, changes and drops, as far as the rules ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from routecomp.sql.literals import quoted_name
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

    @property
    def quoted(self) -> str:
        """The name as a statement may write it, whatever characters are in it."""
        return ".".join(quoted_name(part) for part in (self.schema, self.name) if part)


def name_at(tokens: Tokens, index: int) -> tuple[Name, int] | None:
    """Return the name that begins at a place, and the place behind it; None where none does.

    Of more than two parts only the last two are kept, as schema and name.
    """
    if not 0 <= index < len(tokens) or tokens[index].name is None:
        return None
    parts = [tokens[index]]
    while index + 2 < len(tokens) and tokens[index + 1].up == "." and tokens[index + 2].name is not None:
        index += 2
        parts.append(tokens[index])
    names = [part.name or "" for part in parts]
    return Name(names[-2] if len(names) > 1 else None, names[-1], parts[0], parts[-1]), index + 1


def skip(tokens: Tokens, index: int, *words: str) -> int:
    """Return the place behind these keywords if they stand at a place, else the same place."""
    end = index + len(words)
    return (
        end
        if end <= len(tokens) and all(token.up == word for token, word in zip(tokens[index:end], words, strict=True))
        else index
    )


def group_end(tokens: Tokens, index: int) -> int:
    """Return the place of the parenthesis that closes the one at a place, or the number of tokens if none does."""
    depth = 0
    for place in range(index, len(tokens)):
        depth += (tokens[place].up == "(") - (tokens[place].up == ")")
        if not depth:
            return place
    return len(tokens)


def parts(tokens: Tokens) -> list[Tokens]:
    """Return tokens split at the commas outside of every parenthesis, without empty parts."""
    split: list[Tokens] = []
    begin = 0
    while (index := find(tokens, ",", begin)) != -1:
        split.append(tokens[begin:index])
        begin = index + 1
    split.append(tokens[begin:])
    return [part for part in split if part]


@dataclass(frozen=True, slots=True)
class Alter:
    """One action of an ALTER TABLE: its tokens, `ADD` or the like first."""

    table: Name
    action: Tokens

    def says(self, *words: str) -> bool:
        """Return whether the action begins with these keywords."""
        return len(self.action) >= len(words) and all(
            token.up == word for token, word in zip(self.action, words, strict=False)
        )


@remembered
def alters(statement: Statement) -> list[Alter]:
    """Return the actions of an ALTER TABLE; none for other statements."""
    if not statement.starts("ALTER", "TABLE"):
        return []
    tokens = statement.tokens
    named = name_at(tokens, skip(tokens, skip(tokens, 2, "IF", "EXISTS"), "ONLY"))
    if named is None:
        return []
    table, index = named
    return [Alter(table, action) for action in parts(tokens[skip(tokens, index, "*") :])]


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
        """Whether the column says NOT NULL; a primary key that does not is not required here."""
        return any(token.up == "NOT" and after.up == "NULL" for token, after in pairwise(self.rest))


@dataclass(frozen=True, slots=True)
class CreatedTable:
    """A table that is created: its columns, the tokens of each of its constraints, and the last token of its list."""

    table: Name
    last: Token
    columns: tuple[Column, ...]
    constraints: tuple[Tokens, ...]


@remembered
def created_table(statement: Statement) -> CreatedTable | None:
    """Return what a CREATE TABLE declares, without columns where it lists none (AS, OF); None for other statements."""
    index = _after_create(statement, "TABLE")
    named = None if index is None else name_at(statement.tokens, skip(statement.tokens, index, "IF", "NOT", "EXISTS"))
    if named is None:
        return None
    table, index = named
    tokens = statement.tokens
    if index >= len(tokens) or tokens[index].up != "(":
        return CreatedTable(table, tokens[-1], (), ())
    end = group_end(tokens, index)
    items = parts(tokens[index + 1 : end])
    return CreatedTable(
        table,
        tokens[min(end, len(tokens) - 1)],
        tuple(column(item) for item in items if item[0].up not in (*_CONSTRAINT, "LIKE")),
        tuple(item for item in items if item[0].up in _CONSTRAINT),
    )


@dataclass(frozen=True, slots=True)
class CreatedPartition:
    """A partition that is created of a table: of all rows that no other one is for, if it is the default."""

    name: Name
    table: Name
    is_default: bool


@remembered
def created_partition(statement: Statement) -> CreatedPartition | None:
    """Return what a CREATE TABLE ... PARTITION OF makes; None for other statements."""
    tokens = statement.tokens
    created = created_table(statement)
    if created is None:
        return None
    index = tokens.index(created.table.last) + 1
    table = name_at(tokens, index + 2) if skip(tokens, index, "PARTITION", "OF") != index else None
    return None if table is None else CreatedPartition(created.table, table[0], tokens[-1].up == "DEFAULT")


def column(item: Tokens) -> Column:
    """Return the column that these tokens declare, its name first."""
    end = next((index for index in range(1, len(item)) if item[index].up in _AFTER_TYPE), len(item))
    return Column(item[0], item[1:end], item[end:])


def added_column(alter: Alter) -> Column | None:
    """Return the column that an action adds; None for other actions."""
    if not alter.says("ADD") or len(alter.action) < 2 or alter.action[1].up in _CONSTRAINT:
        return None
    index = skip(alter.action, skip(alter.action, 1, "COLUMN"), "IF", "NOT", "EXISTS")
    return column(alter.action[index:]) if index < len(alter.action) else None


def added_constraint(alter: Alter) -> Tokens | None:
    """Return the tokens of the constraint that an action adds; None for other actions."""
    return (
        alter.action[1:] if alter.says("ADD") and len(alter.action) > 1 and alter.action[1].up in _CONSTRAINT else None
    )


def _after_create(statement: Statement, what: str) -> int | None:
    """Return the place behind the word `what` of a CREATE; None for other statements."""
    if not statement.starts("CREATE"):
        return None
    for index in range(1, min(6, len(statement.tokens))):
        if statement.tokens[index].up == what:
            return index + 1
        if statement.tokens[index].up not in (
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
class CreatedIndex:
    """An index that is created."""

    word: Token
    name: Name | None
    table: Name
    unique: bool
    concurrently: Token | None


@remembered
def created_index(statement: Statement) -> CreatedIndex | None:
    """Return the index that a statement creates; None for other statements."""
    index = _after_create(statement, "INDEX")
    if index is None:
        return None
    tokens = statement.tokens
    word = tokens[index - 1]
    after = skip(tokens, index, "CONCURRENTLY")
    concurrently = tokens[index] if after != index else None
    named = (
        None
        if tokens[after : after + 1] and tokens[after].up == "ON"
        else name_at(tokens, skip(tokens, after, "IF", "NOT", "EXISTS"))
    )
    on = find(tokens, "ON", after)
    table = name_at(tokens, skip(tokens, on + 1, "ONLY")) if on != -1 else None
    if table is None:
        return None
    return CreatedIndex(word, named and named[0], table[0], tokens[1].up == "UNIQUE", concurrently)


def created_name(statement: Statement, what: str) -> Name | None:
    """Return the name of what a CREATE of this kind (TRIGGER, FUNCTION) makes; None for other statements."""
    index = _after_create(statement, what)
    named = None if index is None else name_at(statement.tokens, skip(statement.tokens, index, "IF", "NOT", "EXISTS"))
    return named and named[0]


def created_tables(script: Script) -> set[str]:
    """Return the names of the tables that a file creates itself: nobody uses them before it is done."""
    return {table.table.name for statement in script.statements if (table := created_table(statement)) is not None}


def changes_schema(statement: Statement, own: set[str]) -> bool:
    """Return whether a statement alters, or builds an index on, a table that is not among the file's own.

    Other statements, as CREATE TABLE and DROP, count as none.
    """
    if (index := created_index(statement)) is not None:
        return index.table.name not in own
    return any(alter.table.name not in own for alter in alters(statement))


@dataclass(frozen=True, slots=True)
class Check:
    """A CHECK: its word, its condition, and its name where it has one."""

    word: Token
    condition: Tokens
    name: Token | None


def checks(tokens: Tokens) -> Iterator[Check]:
    """Yield the CHECKs among the tokens of a column or a constraint."""
    for index, token in enumerate(tokens):
        if token.up == "CHECK" and index + 1 < len(tokens) and tokens[index + 1].up == "(":
            named = tokens[index - 1] if index > 1 and tokens[index - 2].up == "CONSTRAINT" else None
            yield Check(token, tokens[index + 2 : group_end(tokens, index + 1)], named)


@remembered
def all_checks(statement: Statement) -> list[tuple[str, Column | None, Check]]:
    """Return every CHECK that a statement declares, with its table's name and its column.

    The column is None where the CHECK is a constraint of the table.
    """
    declared: list[tuple[str, Column | None, Check]] = []
    if (table := created_table(statement)) is not None:
        for column in table.columns:
            declared += [(table.table.name, column, check) for check in checks(column.rest)]
        for constraint in table.constraints:
            declared += [(table.table.name, None, check) for check in checks(constraint)]
    for alter in alters(statement):
        added = added_column(alter)
        if added is not None:
            declared += [(alter.table.name, added, check) for check in checks(added.rest)]
        elif (item := added_constraint(alter)) is not None:
            declared += [(alter.table.name, None, check) for check in checks(item)]
    return declared


def known_columns(script: Script) -> dict[str, dict[str, Column]]:
    """Return table to its columns by name, as this file and those before it declare them.

    Columns that were dropped or renamed are still among them.
    """
    known: dict[str, dict[str, Column]] = {}
    for file in (*script.earlier, script):
        for statement in file.statements:
            if (table := created_table(statement)) is not None:
                known[table.table.name] = {column.name.name or "": column for column in table.columns}
            for alter in alters(statement):
                added = added_column(alter)
                if added is not None:
                    known.setdefault(alter.table.name, {})[added.name.name or ""] = added
    return known


def find_unique(tokens: Tokens) -> Token | None:
    """Return the word that makes a column or a constraint unique by building an index; None where none does.

    It is UNIQUE or PRIMARY; one that takes an index (USING INDEX) builds none.
    """
    words = [token.up for token in tokens]
    if "USING" in words and words[words.index("USING") + 1 : words.index("USING") + 2] == ["INDEX"]:
        return None
    return next((token for token in tokens if token.up in ("UNIQUE", "PRIMARY")), None)


def dropped_objects(statement: Statement, *kinds: str) -> Iterator[tuple[str, Name]]:
    """Yield kind and name of what a DROP of one of these kinds (in capitals) drops; nothing for other statements."""
    tokens = statement.tokens
    if not statement.starts("DROP") or len(tokens) < 3 or tokens[1].up not in kinds:
        return
    index = skip(tokens, skip(tokens, 2, "CONCURRENTLY"), "IF", "EXISTS")
    for part in parts(tokens[index:]):
        named = name_at(part, 0)
        if named is not None:
            yield tokens[1].up, named[0]


def dropped_column(alter: Alter) -> Name | None:
    """Return the column that an action drops; None for other actions."""
    if not alter.says("DROP") or alter.action[1:2] == () or alter.action[1].up in ("CONSTRAINT",):
        return None
    named = name_at(alter.action, skip(alter.action, skip(alter.action, 1, "COLUMN"), "IF", "EXISTS"))
    return named and named[0]


def created_objects(script: Script | None) -> set[tuple[str, str]]:
    """Return what a migration makes, as (TABLE, name), (COLUMN, table.name), and so on; nothing without a migration.

    The kinds are TABLE, INDEX, TRIGGER, SCHEMA, COLUMN and CONSTRAINT; the latter two only as ALTER TABLE adds them.
    """
    objects: set[tuple[str, str]] = set()
    for statement in script.statements if script is not None else ():
        if (table := created_table(statement)) is not None:
            objects.add(("TABLE", table.table.name))
        if (index := created_index(statement)) is not None and index.name is not None:
            objects.add(("INDEX", index.name.name))
        for kind in ("TRIGGER", "SCHEMA"):
            if (name := created_name(statement, kind)) is not None:
                objects.add((kind, name.name))
        for alter in alters(statement):
            if (added := added_column(alter)) is not None:
                objects.add(("COLUMN", f"{alter.table.name}.{added.name.name}"))
            item = added_constraint(alter)
            if item is not None and item[0].up == "CONSTRAINT" and len(item) > 1:
                objects.add(("CONSTRAINT", item[1].name or ""))
    return objects


def proven_not_null(script: Script, before: int) -> set[tuple[str, str]]:
    """Return (table, column) of every validated CHECK (column IS NOT NULL) that stands.

    Those of earlier files count, and of this file the statements before number `before`; what that one drops itself is
    gone before it does anything else.
    """
    checks: dict[tuple[str, str], str] = {}
    proven: set[tuple[str, str]] = set()
    every = [statement for file in script.earlier for statement in file.statements] + script.statements[:before]
    for statement in every:
        for table, _, check in all_checks(statement):
            words = [token.up for token in check.condition]
            if len(words) == 4 and words[1:] == ["IS", "NOT", "NULL"]:
                column = check.condition[0].name or ""
                name = check.name.name if check.name is not None else None
                key = (table, name or f"{table}_{column}_check")  # what the server calls one without a name
                checks[key] = column
                if [token.up for token in statement.tokens[-2:]] != ["NOT", "VALID"]:
                    proven.add(key)
        for alter in alters(statement):
            _follow(alter, checks, proven)
        for _, dropped in dropped_objects(statement, "TABLE"):
            proven -= {key for key in proven if key[0] == dropped.name}
    for alter in alters(script.statements[before]):
        if alter.says("DROP", "CONSTRAINT"):
            _follow(alter, checks, proven)
    return {(table, checks[table, name]) for table, name in proven}


def _follow(alter: Alter, checks: dict[tuple[str, str], str], proven: set[tuple[str, str]]) -> None:
    """Change which checks there are, by table and name, and which of them are proven, as an action does."""
    table, action = alter.table.name, alter.action
    if alter.says("VALIDATE", "CONSTRAINT") and (table, action[-1].name) in checks:
        proven.add((table, action[-1].name or ""))
    elif alter.says("DROP", "CONSTRAINT"):
        named = name_at(action, skip(action, 2, "IF", "EXISTS"))
        proven.discard((table, named[0].name if named is not None else ""))
    elif alter.says("RENAME", "CONSTRAINT") and len(action) > 4 and (table, action[2].name) in checks:
        old, new = (table, action[2].name or ""), (table, action[4].name or "")
        checks[new] = checks[old]
        if old in proven:
            proven ^= {old, new}
    elif (dropped := dropped_column(alter)) is not None:
        proven -= {key for key in proven if key[0] == table and checks[key] == dropped.name}


def primary_key(statement: Statement) -> set[str]:
    """Return the columns of the primary key that a CREATE TABLE declares as a constraint; none for other statements."""
    table = created_table(statement)
    columns: set[str] = set()
    for item in table.constraints if table is not None else ():
        index = find(item, "KEY")
        if index > 0 and item[index - 1].up == "PRIMARY" and item[index + 1 : index + 2] and item[index + 1].up == "(":
            columns |= {token.name for token in item[index + 2 : group_end(item, index + 1)] if token.name is not None}
    return columns
