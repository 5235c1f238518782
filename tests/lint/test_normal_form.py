"""Test the normal form of definitions: what means the same compares equal, and what does not, does not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecomp.sql.dialects.postgres import POSTGRES
from routecomp.sql.dialects.sqlite import SQLITE
from routecomp.sql.read.normal_form import is_same, normal_form

SAME = (
    (
        "CHECK ((((a >= (0)::numeric) AND (a <= (9)::numeric)) AND (a = trunc(a))))",
        "CHECK (((a >= (0)::numeric) AND (a <= (9)::numeric) AND (a = trunc(a))))",
    ),
    ("CHECK (a BETWEEN 0 AND 9 AND b)", "check(a>=0 and a<=9 and b)"),
    ("CHECK (a IS NULL OR (a BETWEEN -1 AND 9))", "CHECK (a IS NULL OR (a >= -1 AND a <= 9))"),
    ("CHECK (length(a) BETWEEN 1 AND 2 OR c)", "CHECK ((length(a) >= 1 AND length(a) <= 2) OR c)"),
    ('CHECK (("position" >= 0))', "CHECK (position >= 0)"),
    ("CHECK (a != 'x')", "CHECK (a <> 'x') -- as it was"),
    ("CHECK ((a OR (b OR c)))", "CHECK (a OR b OR c)"),
    (
        "CREATE INDEX i ON t (a) WHERE ((s = 'x') AND ((NOT b) AND c))",
        "CREATE INDEX i ON t (a) WHERE ((s = 'x') AND (NOT b) AND c)",
    ),
)
OTHERS = (
    ("CHECK (a AND (b OR c))", "CHECK (a AND b OR c)"),
    ("CHECK (a >= 0 AND a <= 9)", "CHECK (a >= 0 AND a <= 8)"),
    ("CHECK (NOT (a AND b))", "CHECK (NOT a AND b)"),
    ("CHECK (NOT a BETWEEN 0 AND 9)", "CHECK (NOT a >= 0 AND a <= 9)"),
    ("CHECK (a NOT BETWEEN 0 AND 9)", "CHECK (a BETWEEN 0 AND 9)"),
    ("CHECK (x = 'A')", "CHECK (x = 'a')"),
    ("CHECK (x = 'a AND (b AND c)')", "CHECK (x = 'a AND b AND c')"),
    ("CHECK (x = '')", "CHECK (x IS NULL)"),
    ("CHECK ((a + b) * c = 0)", "CHECK (a + b * c = 0)"),
    ('CHECK ("A" > 0)', "CHECK (a > 0)"),
    ("CHECK (f(a, b))", "CHECK (f((a, b)))"),
    ("UNIQUE (a, b)", "UNIQUE (b, a)"),
    ("CHECK (a IN (SELECT b))", "CHECK (a IN ((SELECT b)))"),
)


@pytest.mark.parametrize("dialect", [POSTGRES, SQLITE], ids=lambda dialect: dialect.name)
def test_examples(dialect: object) -> None:
    """What PostgreSQL prints before and after a restore is the same; a condition that is changed is not."""
    assert isinstance(dialect, type(POSTGRES) | type(SQLITE))
    for definition, other in SAME:
        assert is_same(definition, other, dialect), (definition, other)
    for definition, other in OTHERS:
        assert not is_same(definition, other, dialect), (definition, other)


LEAVES = st.sampled_from(["a", "b > 1", "c BETWEEN 0 AND 1", "NOT a", "b NOT BETWEEN 1 AND 2", "c IN (0, 2)"])
Tree = str | tuple[str, list["Tree"]]
TREES: st.SearchStrategy[Tree] = st.recursive(
    LEAVES,
    lambda trees: st.tuples(st.sampled_from(["AND", "OR"]), st.lists(trees, min_size=2, max_size=3)),
    max_leaves=6,
)


def write(tree: Tree, draw: st.DataObject, above: str = "OR") -> str:
    """Write a condition with all parentheses that it needs, and some that it does not."""
    if isinstance(tree, str):
        return f"({tree})" if draw.draw(st.booleans()) else tree
    word, parts = tree
    text = f" {word} ".join(write(part, draw, word) for part in parts)
    return f"({text})" if (word, above) == ("OR", "AND") or draw.draw(st.booleans()) else text


@given(TREES, TREES, st.data())
def test_conditions(tree: Tree, other: Tree, data: st.DataObject) -> None:
    """Parentheses that change nothing do not matter; conditions with one normal form are true of the same rows."""
    first, again, second = (write(one, data) for one in (tree, tree, other))
    assert is_same(first, again, SQLITE)
    rows = ", ".join(str(row) for row in product((0, 1), (0, 1, 2), (0, 1, 2)))
    with closing(sqlite3.connect(":memory:")) as database:
        holds = [
            database.execute(f"WITH t (a, b, c) AS (VALUES {rows}) SELECT ({text}) FROM t").fetchall()
            for text in (first, normal_form(first, SQLITE), second)
        ]
    assert holds[0] == holds[1]
    if is_same(first, second, SQLITE):
        assert holds[0] == holds[2]
