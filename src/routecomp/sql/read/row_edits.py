"""Tokens of a statement in, the rows it changes out: which table, which values, on what condition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from routecomp.sql.read.lexer import Token
from routecomp.sql.read.script import Statement, find, remembered
from routecomp.sql.read.statement import Name, Tokens, group_end, name_at, parts, skip

AUDIT = frozenset(("model_promotions", "routecomp_migrations"))
"""The ledgers: rows are appended, never changed."""


@dataclass(frozen=True, slots=True)
class Edit:
    """An INSERT, UPDATE or DELETE, by itself or within a WITH: `tokens` begin with `word`."""

    verb: str
    word: Token
    table: Name
    tokens: Tokens
    after: int

    @property
    def condition(self) -> Tokens:
        """The tokens of its own WHERE; none where it has none."""
        at = find(self.tokens, "WHERE", self.after)
        if at == -1:
            return ()
        end = find(self.tokens, "RETURNING", at)
        return self.tokens[at + 1 : end if end != -1 else len(self.tokens)]


@remembered
def edits(statement: Statement) -> list[Edit]:
    """Every change of rows a statement makes: its own, and those in its WITH."""
    return list(_edits(statement))


def _edits(statement: Statement) -> Iterator[Edit]:
    some = statement.tokens
    start = 1 if some[0].up == "EXPLAIN" else 0
    if len(some) <= start or some[start].up not in ("INSERT", "UPDATE", "DELETE", "REPLACE", "WITH"):
        return
    if some[start].up != "WITH":
        own = _edit(some[start:])
        if own is not None:
            yield own
        return
    for at, token in enumerate(some):
        if token.up in ("INSERT", "UPDATE", "DELETE", "REPLACE") and some[at - 1].up in ("(", ")"):
            within = some[at - 1].up == "("
            one = _edit(some[at : group_end(some, at - 1) if within else len(some)])
            if one is not None:
                yield one


def _edit(some: Tokens) -> Edit | None:
    at = 1
    if some[at : at + 1] and some[at].up == "OR":  # SQLite: INSERT OR REPLACE, UPDATE OR IGNORE
        at += 2
    at = skip(some, skip(some, skip(some, at, "INTO"), "FROM"), "ONLY")
    found = name_at(some, at)
    verb = "INSERT" if some[0].up == "REPLACE" else some[0].up
    return None if found is None else Edit(verb, some[0], found[0], some, found[1])


def inserted(edit: Edit) -> list[dict[str, Tokens]]:
    """The rows of an INSERT ... VALUES that names its columns: column to the tokens of its value."""
    some = edit.tokens
    if edit.verb != "INSERT" or edit.after >= len(some) or some[edit.after].up != "(":
        return []
    end = group_end(some, edit.after)
    columns = [part[0].name or "" for part in parts(some[edit.after + 1 : end])]
    at = find(some, "VALUES", end + 1)
    rows: list[dict[str, Tokens]] = []
    at += 1
    while 0 < at < len(some) and some[at].up == "(":
        close = group_end(some, at)
        rows.append(dict(zip(columns, parts(some[at + 1 : close]), strict=False)))
        at = close + 2 if some[close + 1 : close + 2] and some[close + 1].up == "," else len(some)
    return rows


def assigned(some: Tokens, begin: int = 0) -> dict[str, Tokens]:
    """What an UPDATE (or DO UPDATE) sets: column to the tokens of its value."""
    at = find(some, "SET", begin)
    if at == -1:
        return {}
    ends = [end for word in ("WHERE", "FROM", "RETURNING") if (end := find(some, word, at)) != -1]
    found: dict[str, Tokens] = {}
    for one in parts(some[at + 1 : min(ends, default=len(some))]):
        if len(one) > 2 and one[1].up == "=":
            found[one[0].name or ""] = one[2:]
    return found


def is_upsert(edit: Edit) -> bool:
    """Whether an INSERT may change a row that is there."""
    words = [token.up for token in edit.tokens]
    return edit.verb == "INSERT" and (
        words[0] == "REPLACE"
        or words[1:3] == ["OR", "REPLACE"]
        or ("CONFLICT" in words and "DO" in words and "UPDATE" in words)
    )


def text_of(some: Tokens | None) -> str | None:
    """The text of a value that is one string literal."""
    return some[0].value if some is not None and len(some) == 1 else None


def whole_of(some: Tokens | None) -> int | None:
    """The number of a value that is one whole number."""
    if some is None or len(some) != 1 or some[0].kind != "number" or not some[0].text.isdigit():
        return None
    return int(some[0].text)


def equal_to(condition: Tokens, name: str) -> str | None:
    """The text that a condition wants a column to hold: `name = 'text'`."""
    for at in range(len(condition) - 2):
        if condition[at].name == name and condition[at + 1].up == "=" and condition[at + 2].value is not None:
            return condition[at + 2].value
    return None


def assertion(statement: Statement) -> bool:
    """Whether a statement is one of our assertions: it fails where a condition does not hold."""
    some = statement.tokens
    for at in (1, 2):
        found = name_at(some, at) if statement.starts("SELECT" if at == 1 else "INSERT") else None
        if found is not None and found[0].name == "routecomp_assert":
            return True
    return False


def strings(some: Tokens) -> set[str]:
    """The texts of all string literals."""
    return {token.value for token in some if token.value is not None}
