"""Test that any bytes get an answer, with places inside the text, and never a value other than that of YAML 1.2."""

from __future__ import annotations

from decimal import Decimal

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from routecomp.diagnostics.diagnostic import Severity
from routecomp.diagnostics.rule import Scope
from routecomp.parse import Limits, Parsed, parse
from routecomp.parse.comments import comments
from routecomp.parse.scalars import NUMBER
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence
from routecomp.rules.registry import rules
from tests.parse import grammar
from tests.parse.plain_values import to_python
from tests.parse.texts import yamlish


def is_sound(parsed: Parsed) -> None:
    """What holds of every result: places within the text, an error where there is no tree, nodes within nodes."""
    length = len(parsed.source.text)
    for diagnostic in parsed.diagnostics:
        assert diagnostic.severity is Severity.ERROR
        assert diagnostic.rule in rules(Scope.TEXT)
        assert diagnostic.span is not None
        for span in (diagnostic.span, *(label.span for label in diagnostic.labels)):
            assert 0 <= span.start <= span.end <= length
            assert str(span)
        assert diagnostic.message.isprintable()
        assert diagnostic.help
    if parsed.root is None:
        assert parsed.diagnostics
        return
    assert all(diagnostic.rule == "RC109" for diagnostic in parsed.diagnostics)
    contains(parsed.root, 0, length, Limits().max_depth)
    for comment in comments(parsed.source, parsed.root):
        assert comment.text.startswith("#")
        assert comment.span.text == comment.text


def contains(node: Node, start: int, end: int, depth: int) -> None:
    assert start <= node.start <= node.end <= end
    if isinstance(node, Scalar):
        return
    assert depth > 0
    if isinstance(node, Mapping):
        for key, value in node.items:
            contains(key, node.start, node.end, depth - 1)
            contains(value, key.end, node.end, depth - 1)
    else:
        for item in node.items:
            contains(item, node.start, node.end, depth - 1)


@settings(deadline=None)
@given(st.binary(max_size=200))
@example(b"\xff\xfea\x00")
@example(b"\xef\xbb\xbf")
@example(b"%TAG ! x\n" * 1001)
def test_any_bytes_give_an_answer(data: bytes) -> None:
    """Whatever the bytes, there is a source, and a tree or an error with a place."""
    is_sound(parse("f.yaml", data))


@settings(max_examples=400, deadline=None)
@given(yamlish)
@example("--- ")
@example("a: |")
@example("- ")
def test_anything_like_yaml_gives_an_answer(text: str) -> None:
    """The same for texts made of YAML's own pieces."""
    is_sound(parse("f.yaml", text.encode()))


@settings(max_examples=1500, deadline=None)
@given(yamlish)
@example("[a, ?b]")
@example("a:\n|\n b\n")
@example("- |\n   \n # c\n- d\n")
@example("a: [b\n]\n")
@example("|1\n  b\n")
@example("foo: |\n  x\n   ")
def test_what_is_read_is_what_yaml_says(text: str) -> None:
    """A tree without findings has exactly the value that the slow reader of the specification finds."""
    parsed = parse("f.yaml", text.encode())
    if parsed.root is not None and not parsed.diagnostics:
        assert to_python(parsed.root) == grammar.read(text)


@pytest.mark.hard
@settings(max_examples=200_000, deadline=None)
@given(yamlish)
def test_what_is_read_is_what_yaml_says_at_length(text: str) -> None:
    """The same, for long."""
    parsed = parse("f.yaml", text.encode())
    is_sound(parsed)
    if parsed.root is not None and not parsed.diagnostics:
        assert to_python(parsed.root) == grammar.read(text)


# YAML 1.1, which dumps here, quotes what it would read as something else; 1.2 and we need no quotes for
# that, so only the other direction matters: plain text that we take for a number, a boolean or null.
words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Cn", "Zl", "Zp"), include_characters="\n\t"),
    max_size=12,
)
numbers = st.integers().map(str) | st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str)
leaves = words | st.booleans() | st.none() | st.integers() | numbers
trees = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4), max_leaves=12
)


@settings(max_examples=300, deadline=None)
@given(trees, st.sampled_from([None, False, True]), st.sampled_from([20, 80, 10_000]), st.integers(2, 6))
def test_what_another_writer_wrote_is_read_back(tree: object, flow: bool | None, width: int, indent: int) -> None:
    """A tree that PyYAML wrote, in blocks or brackets, short or long lines, has the value it was made of."""
    text = yaml.safe_dump(
        tree, default_flow_style=flow, width=width, indent=indent, allow_unicode=True, sort_keys=False
    )
    parsed = parse("f.yaml", text.encode())
    if any(diagnostic.rule == "RC110" for diagnostic in parsed.diagnostics):
        assert "? " in text  # PyYAML writes long keys, and keys over lines, with a `?`
        return
    if any("in the indentation" in d.message or "behind this dash" in d.message for d in parsed.diagnostics):
        assert not text.isascii()  # a key or an entry of the tree begins with another blank than ours
        return
    assert parsed.diagnostics == []
    assert parsed.root is not None
    assert to_python(parsed.root) == tree
    is_sound(parsed)


@settings(deadline=None)
@given(st.integers(0, 2000))
def test_numbers_keep_their_digits(value: int) -> None:
    """A plain number comes back with all its digits, zeros at the end included."""
    text = f"{value}.{value:04}0"
    root = parse("f.yaml", f"- {text}\n".encode()).root
    assert root is not None
    assert NUMBER.fullmatch(text)
    assert isinstance(root, Sequence)
    diagnostic = to_python(root.items[0])
    assert diagnostic == Decimal(text)
    assert str(diagnostic) == text
