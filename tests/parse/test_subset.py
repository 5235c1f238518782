"""Test that YAML outside of the subset and duplicate keys are refused at their places, all in one run."""

from __future__ import annotations

import pytest

from routecomp.parse import Limits, parse
from routecomp.parse.tree import Mapping
from tests.parse.plain_values import to_python

LIMITS = Limits()


def findings(text: str, limits: Limits = LIMITS) -> list[tuple[str, int, int, str]]:
    """Rule, line, column and the characters underlined; there must be no tree."""
    parsed = parse("f.yaml", text.encode(), limits)
    assert parsed.root is None
    return [(f.rule, f.span.line, f.span.column, f.span.text) for f in parsed.diagnostics if f.span]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x 1\n", [("RC106", 1, 4, "&x")]),
        ("a: *x\n", [("RC106", 1, 4, "*x")]),
        ("*x : 1\n", [("RC106", 1, 1, "*x")]),
        ("- &x\n  a: 1\n", [("RC106", 1, 3, "&x")]),
        ("a: &x [1]\nb: &y {c: *x}\n", [("RC106", 1, 4, "&x"), ("RC106", 2, 4, "&y")]),
        ("<<: {a: 1}\n", [("RC106", 1, 1, "<<")]),
        ("a: {<<: *x}\n", [("RC106", 1, 9, "*x")]),
        ("a: !x 1\n", [("RC107", 1, 4, "!x")]),
        ("a: !!str 1\n", [("RC107", 1, 4, "!!str")]),
        ("a: ! 1\n", [("RC107", 1, 4, "!")]),
        ("a: !<tag:x> 1\n", [("RC107", 1, 4, "!<tag:x>")]),
        (
            "a: !x &y 1\nb: &y !x 1\n",
            [("RC107", 1, 4, "!x"), ("RC106", 1, 7, "&y"), ("RC106", 2, 4, "&y"), ("RC107", 2, 7, "!x")],
        ),
        ("!!map {a: 1}\n", [("RC107", 1, 1, "!!map")]),
        ("a: 1\n---\nb: 2\n", [("RC108", 2, 1, "---")]),
        ("a: 1\n...\nb: 2\n", [("RC108", 3, 1, "b")]),
        ("a: 1\n...\n---\n", [("RC108", 3, 1, "---")]),
        ("%YAML 1.2\n---\na: 1\n", [("RC108", 1, 1, "%YAML 1.2")]),
        ("# c\n%TAG ! x:\n---\na: 1\n", [("RC108", 2, 1, "%TAG ! x:")]),
        ("%FOO bar\n---\na: 1\n", [("RC108", 1, 1, "%FOO bar")]),
        ("[a]: 1\n", [("RC110", 1, 1, "[")]),
        ("a: {{b: 1}: 2}\n", [("RC103", 1, 4, "{{b: 1}: 2}")]),
        ("a: {[b]: 2}\n", [("RC110", 1, 5, "[")]),
        ("? a\n: 1\n", [("RC110", 1, 1, "?")]),
        ("?\n: 1\n", [("RC110", 1, 2, "\n")]),
        ("b: 1\n? a\n", [("RC110", 2, 1, "?")]),
        ("- ? a\n  : 1\n", [("RC110", 1, 3, "?")]),
        ("a: {? b : 1}\n", [("RC110", 1, 5, "?")]),
        ("a: [ # why?\n ?b]\n", [("RC110", 2, 2, "?")]),
        (": 1\n", [("RC110", 1, 1, ":")]),
        ("a: {: 1}\n", [("RC110", 1, 5, ":")]),
        ("", [("RC111", 1, 1, "")]),
        ("\n  \n# c\n", [("RC111", 1, 1, "")]),
        ("# c\n...\n", [("RC111", 1, 1, "")]),
    ],
)
def test_what_is_not_supported_is_underlined(text: str, expected: list[tuple[str, int, int, str]]) -> None:
    """Anchors, aliases, merge keys, tags, documents, directives, odd keys, empty files."""
    assert findings(text) == expected


def test_a_second_document_names_the_first() -> None:
    """The label stands at the first document's marker."""
    (diagnostic,) = parse("f.yaml", b"# c\n---\na: 1\n--- # again\nb: 1\n").diagnostics
    assert [str(label.span) for label in diagnostic.labels] == ["f.yaml:2:1"]


@pytest.mark.parametrize("text", ["--- # c\na: 1\n...\n", "---\na: 1\n", "a: 1\n...\n# c\n", "a: 1\n... # c\n...\n"])
def test_one_document_may_have_its_markers(text: str) -> None:
    """A start marker and end markers around the one document are no second document."""
    parsed = parse("f.yaml", text.encode())
    assert parsed.diagnostics == []
    assert parsed.root is not None
    assert to_python(parsed.root) == {"a": 1}


@pytest.mark.parametrize(
    "text",
    [
        "a: x&y !z *b\n",
        "a: '&x'\n",
        'a: "*x !y"\n',
        "a: x # &y *z !w\n",
        "a: |\n  &x\n  *y\n  !z\n  ? q\n",
        "'<<': 1\n",
        "a: b ? c\n",
        "a: ?b\n",
        "a: [b?, 'c ? d'] # ? e\n",
        "a: >\n  ---x\n  %y\n",
        "a: 5%\n",
        "a: -,\n",
        "a: [-b, '-']\n",
    ],
)
def test_the_same_signs_inside_of_text_are_text(text: str) -> None:
    """Signs within plain, quoted and block text and in comments mean nothing."""
    assert parse("f.yaml", text.encode()).diagnostics == []


def test_duplicate_keys_keep_the_first_and_name_both() -> None:
    """Also where the two are written differently, in nested mappings, in brackets, and more than twice."""
    text = "a: 1\nb: {c: 1, 'c': 2}\n\"a\": 3\nd:\n  - e: 1\n    e: 2\n'a': 4\n"
    parsed = parse("f.yaml", text.encode())
    assert parsed.root is not None
    assert to_python(parsed.root) == {"a": 1, "b": {"c": 1}, "d": [{"e": 1}]}
    places = [(str(f.span), str(f.labels[0].span)) for f in parsed.diagnostics]
    assert places == [
        ("f.yaml:2:11", "f.yaml:2:5"),
        ("f.yaml:3:1", "f.yaml:1:1"),
        ("f.yaml:6:5", "f.yaml:5:5"),
        ("f.yaml:7:1", "f.yaml:1:1"),
    ]
    assert all(f.rule == "RC109" for f in parsed.diagnostics)
    assert isinstance(parsed.root, Mapping)
    assert [key.text for key, _ in parsed.root.dropped] == ["a", "a"]


def test_keys_are_the_same_only_as_texts() -> None:
    """`1`, `1.0` and `01` are three keys; `1` and `"1"` are one."""
    assert parse("f.yaml", b"1: a\n1.0: b\n01: c\n").diagnostics == []
    assert [f.rule for f in parse("f.yaml", b"1: a\n'1': b\n").diagnostics] == ["RC109"]


def test_a_long_or_unprintable_key_is_not_repeated_in_the_message() -> None:
    """The message of a duplicate key stays one short printable line."""
    for key in ("k" * 500, '"a\\nb"', "'\u0301\u200d'"):
        parsed = parse("f.yaml", f"{key}: 1\n{key}: 2\n".encode())
        (diagnostic,) = parsed.diagnostics
        assert len(diagnostic.message) < 120
        assert diagnostic.message.isprintable()


def test_unlike_findings_come_together() -> None:
    """A file with several kinds of faults shows them all, in the order of the text."""
    text = "a: &x 1\nb: !t 2\nb: 3\n[c]: 4\nd: *x\n"
    assert [(rule, line) for rule, line, _, _ in findings(text)] == [
        ("RC106", 1),
        ("RC107", 2),
        ("RC109", 3),
        ("RC110", 4),
    ]


@pytest.mark.parametrize("depth", [1, 2, 32])
def test_depth_is_counted_in_open_collections(depth: int) -> None:
    """As deep as the limit is read, one more is refused at the bracket, key or dash that opens it."""
    limits = Limits(max_depth=depth)
    assert parse("f.yaml", b"[" * depth + b"]" * depth, limits).root is not None
    assert findings("[" * (depth + 1) + "]" * (depth + 1), limits) == [("RC104", 1, depth + 1, "[")]
    assert parse("f.yaml", b"- " * depth + b"x", limits).root is not None
    assert findings("- " * (depth + 1) + "x", limits) == [("RC104", 1, 2 * depth + 1, "-")]
    lines = [f"{'  ' * level}k:\n" for level in range(depth)]
    assert parse("f.yaml", "".join(lines).encode(), limits).root is not None
    assert [f[:3] for f in findings("".join([*lines, "  " * depth + "k: 1"]), limits)] == [
        ("RC104", depth + 1, 2 * depth + 1)
    ]


def test_size_is_counted_in_bytes() -> None:
    """A file of the limit is read, one byte more is refused, with both figures."""
    data = "a: é".encode()
    assert parse("f.yaml", data, Limits(max_bytes=len(data))).root is not None
    (diagnostic,) = parse("f.yaml", data, Limits(max_bytes=len(data) - 1)).diagnostics
    assert (diagnostic.rule, diagnostic.message) == ("RC105", "the file has 5 bytes; the limit is 4")


def test_the_number_of_nodes_is_bounded() -> None:
    """A small file of very many values is refused like a large one."""
    assert parse("f.yaml", b"[1,2,3,4,5]", Limits(max_nodes=20)).root is not None
    assert findings("[1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0]", Limits(max_nodes=20))[0][0] == "RC105"


def test_findings_of_one_kind_are_capped() -> None:
    """Twenty aliases are shown, then one line says that there are more."""
    diagnostics = parse("f.yaml", "".join(f"- *x{n}\n" for n in range(50)).encode()).diagnostics
    assert len(diagnostics) == 21
    assert diagnostics[-1].message == "and more findings of this kind"
    duplicates = parse("f.yaml", ("a: 1\n" * 51).encode())
    assert duplicates.root is not None
    assert duplicates.diagnostics[-1].message == "and 30 more findings of this kind"
