"""Read which rows a statement changes: which table, which values, on what condition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from routecomp.sql.names import Names
from routecomp.sql.read.lexer import Token
from routecomp.sql.read.script import Statement, find, remembered
from routecomp.sql.read.statement import Name, Tokens, group_end, name_at, parts, skip

AUDIT = frozenset(("model_promotions", "routecomp_migrations"))
"""The ledgers: rows are appended, never changed."""


@dataclass(frozen=True, slots=True)
class Edit:
    """An INSERT, UPDATE or DELETE, by itself or within a WITH: `tokens` begin with `word`.

    REPLACE is an INSERT. `after` is the place in `tokens` behind the table's name.
    """

    verb: str
    word: Token
    table: Name
    tokens: Tokens
    after: int

    @property
    def condition(self) -> Tokens:
        """The tokens of the edit's own WHERE; none without one."""
        index = find(self.tokens, "WHERE", self.after)
        if index == -1:
            return ()
        end = find(self.tokens, "RETURNING", index)
        return self.tokens[index + 1 : end if end != -1 else len(self.tokens)]


@remembered
def edits(statement: Statement) -> list[Edit]:
    """Return every INSERT, UPDATE, DELETE or REPLACE of a statement: its own, and those in its WITH; [] without one.

    MERGE and TRUNCATE are none.
    """
    return list(_edits(statement))


def _edits(statement: Statement) -> Iterator[Edit]:
    tokens = statement.tokens
    start = _run_from(tokens)
    if start is None or len(tokens) <= start:
        return
    if tokens[start].up in ("INSERT", "UPDATE", "DELETE", "REPLACE"):
        own = _edit(tokens[start:])
        if own is not None:
            yield own
    elif tokens[start].up in ("WITH", "COPY"):
        for index, token in enumerate(tokens):
            if token.up in ("INSERT", "UPDATE", "DELETE", "REPLACE") and tokens[index - 1].up in ("(", ")"):
                within = tokens[index - 1].up == "("
                edit = _edit(tokens[index : group_end(tokens, index - 1) if within else len(tokens)])
                if edit is not None:
                    yield edit


def _run_from(tokens: Tokens) -> int | None:
    """Return where that begins which a statement runs: behind EXPLAIN ANALYZE and PREPARE; None if it runs nothing."""
    if tokens[0].up == "PREPARE":
        return find(tokens, "AS") + 1 or None
    if tokens[0].up != "EXPLAIN":
        return 0
    options: list[Tokens] = []
    index = 1
    if tokens[1:2] and tokens[1].up == "(":
        index = group_end(tokens, 1) + 1
        options = parts(tokens[2 : index - 1])
    while index < len(tokens) and tokens[index].up in ("ANALYZE", "ANALYSE", "VERBOSE"):
        options.append(tokens[index : index + 1])
        index += 1
    runs = any(
        option[0].up in ("ANALYZE", "ANALYSE") and not (option[1:] and option[1].text.lower() in ("false", "off", "0"))
        for option in options
    )
    return index if runs else None


def _edit(tokens: Tokens) -> Edit | None:
    """Return the edit that these tokens begin with; None where no table's name follows."""
    index = 1
    if tokens[index : index + 1] and tokens[index].up == "OR":  # SQLite: INSERT OR REPLACE, UPDATE OR IGNORE
        index += 2
    index = skip(tokens, skip(tokens, skip(tokens, index, "INTO"), "FROM"), "ONLY")
    named = name_at(tokens, index)
    verb = "INSERT" if tokens[0].up == "REPLACE" else tokens[0].up
    return None if named is None else Edit(verb, tokens[0], named[0], tokens, named[1])


def inserted_rows(edit: Edit) -> list[dict[str, Tokens]]:
    """Return the rows of an INSERT ... VALUES that names its columns; [] for other edits.

    A row maps columns to the tokens of their values.
    """
    tokens = edit.tokens
    if edit.verb != "INSERT" or edit.after >= len(tokens) or tokens[edit.after].up != "(":
        return []
    end = group_end(tokens, edit.after)
    columns = [part[0].name or "" for part in parts(tokens[edit.after + 1 : end])]
    index = find(tokens, "VALUES", end + 1)
    rows: list[dict[str, Tokens]] = []
    index += 1
    while 0 < index < len(tokens) and tokens[index].up == "(":
        close = group_end(tokens, index)
        rows.append(dict(zip(columns, parts(tokens[index + 1 : close]), strict=False)))
        index = close + 2 if tokens[close + 1 : close + 2] and tokens[close + 1].up == "," else len(tokens)
    return rows


def assigned_cells(tokens: Tokens, begin: int = 0) -> dict[str, Tokens]:
    """Return what an UPDATE (or DO UPDATE) sets from `begin` on: column to the tokens of its value; {} without SET."""
    index = find(tokens, "SET", begin)
    if index == -1:
        return {}
    ends = [end for word in ("WHERE", "FROM", "RETURNING") if (end := find(tokens, word, index)) != -1]
    cells: dict[str, Tokens] = {}
    for part in parts(tokens[index + 1 : min(ends, default=len(tokens))]):
        if len(part) > 2 and part[1].up == "=":
            cells[part[0].name or ""] = part[2:]
    return cells


def is_upsert(edit: Edit) -> bool:
    """Return whether an INSERT may change a row that is there; False for other edits."""
    words = [token.up for token in edit.tokens]
    return edit.verb == "INSERT" and (
        words[0] == "REPLACE"
        or words[1:3] == ["OR", "REPLACE"]
        or ("CONFLICT" in words and "DO" in words and "UPDATE" in words)
    )


def text_of(tokens: Tokens | None) -> str | None:
    """Return the text of a value that is one string literal; None for others."""
    return tokens[0].value if tokens is not None and len(tokens) == 1 else None


def whole_of(tokens: Tokens | None) -> int | None:
    """Return the number of a value that is one whole number; None for others."""
    if tokens is None or len(tokens) != 1 or tokens[0].kind != "number" or not tokens[0].text.isdigit():
        return None
    return int(tokens[0].text)


def equal_to(condition: Tokens, name: str) -> str | None:
    """Return the text that a condition wants a column to hold (`name = 'text'`); None where it wants none.

    Of several it is the first.
    """
    for index in range(len(condition) - 2):
        if condition[index].name == name and condition[index + 1].up == "=" and condition[index + 2].value is not None:
            return condition[index + 2].value
    return None


def assertion(statement: Statement, names: Names) -> bool:
    """Return whether a statement is one of our assertions, which fail where a condition does not hold."""
    tokens = statement.tokens
    for index in (1, 2):
        named = name_at(tokens, index) if statement.starts("SELECT" if index == 1 else "INSERT") else None
        if named is not None and names.bare(named[0].name) == "routecomp_assert":
            return True
    return False


def strings(tokens: Tokens) -> set[str]:
    """Return the texts of all string literals."""
    return {token.value for token in tokens if token.value is not None}
