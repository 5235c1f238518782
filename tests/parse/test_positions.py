"""Test spans: every node covers its own characters, whatever stands before it in the file."""

from __future__ import annotations

import pytest

from routecomp.parse import parse
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence

TEXT = """\
# é 😀
top: plain value   # note
"q😀": 'single ''quoted'''
list:
- a
-   - nested
    - 7

- {k: [v, "w"], "x" : }
wide: [a b , c: d , ]
text: |  # header
  one

  two


folded: >-
  x 😀
  y
empty:
nothing: |

multi: m
  n
last: "z
  z"
"""

SPANS = {
    "top": "top",
    "plain value": "plain value",
    "q😀": '"q😀"',
    "single 'quoted'": "'single ''quoted'''",
    "nested": "nested",
    "7": "7",
    "v": "v",
    "w": '"w"',
    "a b": "a b",
    "d": "d",
    "one\n\ntwo\n": "|  # header\n  one\n\n  two",
    "x 😀 y": ">-\n  x 😀\n  y",
    "m n": "m\n  n",
    "z z": '"z\n  z"',
}


def nodes(node: Node) -> list[Node]:
    collected: list[Node] = [node]
    if isinstance(node, Mapping):
        for key, value in node.items:
            collected += [key, *nodes(value)]
    elif isinstance(node, Sequence):
        for item in node.items:
            collected += nodes(item)
    return collected


def written(text: str, data: bytes) -> dict[str, str]:
    """The characters each scalar covers, by its value."""
    parsed = parse("f.yaml", data)
    assert parsed.diagnostics == []
    assert parsed.root is not None
    assert parsed.source.text == text
    return {node.text: node.span.text for node in nodes(parsed.root) if isinstance(node, Scalar)}


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_scalars_cover_what_was_written(bom: bytes, line_end: str) -> None:
    """Quotes are included, trailing empty lines are not; with characters beyond the BMP, CR LF and a BOM."""
    text = TEXT.replace("\n", line_end)
    collected = written(text, bom + text.encode())
    expected = {value: span.replace("\n", line_end) for value, span in SPANS.items()}
    assert {value: collected[value] for value in expected} == expected
    assert collected[""] == "|"


def test_collections_cover_their_items() -> None:
    """In brackets from bracket to bracket, else from the first key or dash to the end of the last value."""
    parsed = parse("f.yaml", TEXT.encode())
    root = parsed.root
    assert isinstance(root, Mapping)
    assert root.span.text == TEXT[TEXT.index("top") :].rstrip("\n")
    sequence = root.get("list")
    assert isinstance(sequence, Sequence)
    assert sequence.span.text == '- a\n-   - nested\n    - 7\n\n- {k: [v, "w"], "x" : }'
    nested = sequence.items[1]
    assert isinstance(nested, Sequence)
    assert nested.span.text == "- nested\n    - 7"
    wide = root.get("wide")
    assert isinstance(wide, Sequence)
    assert wide.span.text == "[a b , c: d , ]"
    assert wide.items[1].span.text == "c: d"


def test_a_missing_value_has_the_place_behind_the_colon() -> None:
    """An empty value is a place without characters."""
    root = parse("f.yaml", TEXT.encode()).root
    assert isinstance(root, Mapping)
    value = root.get("empty")
    assert isinstance(value, Scalar)
    assert (value.text, value.plain, value.start, value.end) == (
        "",
        True,
        TEXT.index("empty:") + 6,
        TEXT.index("empty:") + 6,
    )


def test_keys_are_found_with_their_place() -> None:
    """`key` gives the node of a key, so that a finding can underline it."""
    root = parse("f.yaml", TEXT.encode()).root
    assert isinstance(root, Mapping)
    key = root.key("wide")
    assert key is not None
    assert str(key.span) == "f.yaml:10:1"
    assert root.key("absent") is None
    assert root.get("absent") is None


def test_plain_is_only_what_stood_without_quotes() -> None:
    """Quoted and block scalars are not plain: `"true"` is no boolean."""
    root = parse("f.yaml", b"[a, 'a', \"a\"]").root
    assert isinstance(root, Sequence)
    assert [isinstance(item, Scalar) and item.plain for item in root.items] == [True, False, False]
    root = parse("f.yaml", b"a: |\n  1\nb: >\n  1\n").root
    assert isinstance(root, Mapping)
    assert [isinstance(value, Scalar) and value.plain for _, value in root.items] == [False, False]


def test_a_missing_line_end_at_the_end_counts_as_written() -> None:
    """The last line of a block of text has the same value with and without it, and no span leaves the text."""
    for data in (b"a: |\n  x", b"a: |\n  x\n"):
        root = parse("f.yaml", data).root
        assert isinstance(root, Mapping)
        value = root.get("a")
        assert isinstance(value, Scalar)
        assert (value.text, value.span.text) == ("x\n", "|\n  x")
