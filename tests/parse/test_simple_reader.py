"""Test that simple files have the tree that libyaml gives: the quick reader is sure, or it passes."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecomp.parse import Limits
from routecomp.parse.document import parse_with_libyaml
from routecomp.parse.encoding import decode_text
from routecomp.parse.simple_reader import read_simple
from routecomp.parse.tree import Mapping, Node, Scalar
from tests.parse.texts import yamlish

ROOT = Path(__file__).parents[2]
FOLDERS = ("routes", "policies", "experiments", "tests/rules", "tests/changes")
FILES = [
    path.read_text(encoding="utf-8", errors="replace") for f in FOLDERS for path in sorted((ROOT / f).rglob("*.y*ml"))
]
LIMITS = Limits()
PIECES = [
    *"ab:#-,[]{}'\"|>&*!%@`?~._/0=()$+<é日 \n\t",
    *("  ", "\n  ", "\n    ", "a: ", "b:\n", "- ", ": ", " #c", "---", "null", "[a, b]", "{a: 1}", '"x"', "'y'", "a b"),
    *(", ", "\\", "https://a.b/c", "-1", "k: v\n", "  k: v\n", "\xa0", " : ", "x:y", "[]", "{}", "''"),
]


def values(node: Node) -> object:
    """Everything a node holds, places included."""
    own = (type(node).__name__, node.start, node.end)
    if isinstance(node, Scalar):
        return *own, node.text, node.plain
    items = (
        [(values(k), values(v)) for k, v in node.items] if isinstance(node, Mapping) else list(map(values, node.items))
    )
    return *own, node.flow, items, getattr(node, "dropped", ())


def is_read_alike(text: str, limits: Limits = LIMITS) -> bool:
    """Whether the quick reader reads the text; then libyaml gives the same tree, without an error."""
    source, body, diagnostics = decode_text("a.yaml", text.encode("utf-8", "surrogatepass"), limits.max_bytes)
    if diagnostics:
        return False
    simple = read_simple(source, limits.max_depth, limits.max_nodes)
    if simple is None:
        return False
    parsed = parse_with_libyaml(source, body, limits, diagnostics)
    assert parsed.diagnostics == [], text
    assert parsed.root is not None
    assert values(simple) == values(parsed.root), text
    return True


def test_most_files_are_simple() -> None:
    """Nearly every file of the example and the fixtures is read the quick way: else it would prove nothing here."""
    assert sum(map(is_read_alike, FILES)) > 0.7 * len(FILES) > 100


@given(yamlish)
def test_any_text_is_read_alike(text: str) -> None:
    """Whatever hypothesis makes up, both readers agree, or the quick one passes."""
    is_read_alike(text)
    is_read_alike(f"a: {text}")


def edited(chance: Random) -> str:
    """A file, or a few of its lines, with a few pieces put in or over others; or pieces alone."""
    if chance.random() < 0.4:
        text = "".join(chance.choices(PIECES, k=chance.randrange(1, 14)))
        return (
            chance.choice(("", "a: ", "k:\n  a: ", "k:\n  - "))
            + text
            + chance.choice(("", "\n  b: c\n", "\nb: c\n", "\n  - b\n"))
        )
    lines = chance.choice(FILES).split("\n")
    at = chance.randrange(len(lines))
    text = "\n".join(lines[max(0, at - 6) : at + 6])
    for _ in range(chance.randrange(1, 4)):
        start = chance.randrange(len(text) + 1)
        text = text[:start] + chance.choice(PIECES) + text[start + chance.choice((0, 0, 1, 2, 5)) :]
    return text


@pytest.mark.parametrize("count", [4_000, pytest.param(400_000, marks=pytest.mark.hard)])
def test_edited_files_are_read_alike(count: int) -> None:
    """Files with random edits are read alike; a part of them is still simple."""
    chance = Random(count)
    assert sum(is_read_alike(edited(chance)) for _ in range(count)) > count // 50


@given(st.integers(1, 6), st.integers(1, 6))
def test_limits_are_those_of_the_other_reader(depth: int, nested: int) -> None:
    """A simple file that is nested deeper than the limit is left to the reader that reports it."""
    block = "".join(f"{'  ' * level}a:\n" for level in range(nested)) + f"{'  ' * nested}b: c\n"
    for text in (block, f"a: {'{b: ' * nested}c{'}' * nested}\n", f"a: {'[' * nested}c{']' * nested}\n"):
        assert is_read_alike(text, Limits(max_depth=depth)) == (depth > nested)
