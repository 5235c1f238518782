"""Test the messages about text that is not YAML: the place, the fact, the remedy."""

from __future__ import annotations

import pytest

from routecomp.parse import parse

# Text, place of the finding, characters underlined, a part of the message, place of the label if there is one.
CASES = [
    ("a:\n\tb: c\n", "2:1", "\t", "a tab in the indentation", None),
    ("a:\n  - x\n \t \nb: c\n", "3:2", "\t ", "a tab on an otherwise empty line", None),
    ("-\ta: b\n", "1:2", "\t", "a tab stands where only spaces may", None),
    ("a: |\n\tb\n", "2:1", "\t", "a tab in the indentation", None),
    ("a: b: c\n", "1:5", ":", "a second `:`", None),
    ("a: b\n  c: d\n", "2:3", "c:", "continues the value above", "1:4"),
    ("a:1\nb: 2\n", "1:2", ":", "a space is missing after this `:`", None),
    ("a: 1\nb:2\n", "2:2", ":", "a space is missing after this `:`", None),
    ("a: 1\nsome words\nb: 2\n", "2:1", "some words", "the line has no `:`", None),
    ("a: {b:}\n", "1:6", ":", "a space is missing after this `:`", None),
    ('a: "x" y\n', "1:8", "y", "text after the closing quote", "1:4"),
    ('a: "x\nb: "y"\n', "2:5", 'y"', "text after the quotes that opened on line 1", "1:4"),
    ("a: it's\nb: 'it's'\n", "2:8", "s'", "text after the closing quote", "2:4"),
    ('a: 1\nb: "x\nc: d\n', "2:4", '"', 'this `"` is never closed', None),
    ("a: '\n---\n'\n", "1:4", "'", "is not closed before the document marker", "2:1"),
    ("a: [b, c\n", "1:4", "[", "this `[` is never closed", None),
    ("a: {b: c\n", "1:4", "{", "this `{` is never closed", None),
    ("x: 1\na: [b\nc: d\n", "2:4", "[", "is not closed before the next key", "3:2"),
    ("a: [b: c: d]\n", "1:9", ":", "a `,` or `]` is missing", "1:4"),
    ('a: ["b" "c"]\n', "1:9", '"c"', "a `,` or `]` is missing", "1:4"),
    ("a: [b]]\n", "1:7", "]", "text after the closing `]`", "1:4"),
    ("a: ]\n", "1:4", "]", "does not belong to any bracket", None),
    ("a: [b,, c]\n", "1:7", ",", "a value is missing", None),
    ("a: [- b]\n", "1:5", "-", "a `-` between brackets", None),
    ("a: [-]\n", "1:5", "-", "a lone `-`", None),
    ("a: - b\n", "1:4", "-", "a list item cannot begin here", None),
    ("a: 1\n- b\n", "2:1", "-", "a list item among the keys", "1:1"),
    ("- a\nb: c\n", "2:1", "b", "a key among the items", "1:1"),
    ("k:\n    a: b\n  c: d\n", "3:3", "c", "begins in column 3, which fits nothing above", "1:1"),
    ("a: |\nsome text\nb: 1\n", "2:1", "some", "the text of this `|` must be indented", "1:4"),
    ("|\n]\n", "2:1", "]", "the text of this `|` must be indented", "1:1"),
    (" a: 1\nb: 2\n", "2:1", "b", "belongs to nothing above", None),
    ("a: @b\n", "1:4", "@", "cannot begin with `@`", None),
    ("a: `b`\n", "1:4", "`", "cannot begin with a backtick", None),
    ("a: %b\n", "1:4", "%", "cannot begin with `%`", None),
    ("a: [|]\n", "1:5", "|", "cannot begin a value between brackets", None),
    ("a: > text\n  b\n", "1:6", "text", "text on the line of a `|` or `>`", "1:4"),
    ('a: "\\d"\n', "1:5", "\\d", "names no character", None),
    ('a: "{{ x }}", b\n', "1:13", ",", "text after", "1:4"),
    ("a: {{ x }}\n", "1:4", "{{ x }}", "template braces", None),
    ("{{ x }}: 1\n", "1:1", "{{ x }}", "template braces", None),
    ("a: {{ x }}/y\n", "1:4", "{{ x }}", "template braces", None),
    ('a: {{ x | default("y") }}\n', "1:4", '{{ x | default("y") }}', "template braces", None),
    ("{% if x %}\na: b\n", "1:1", "{% if x %}", "template braces", None),
    ("k" * 1100 + ": 1\n", "1:1", "k", "more than 1,024 characters", None),
    ("a: |\n    \n  b\n", "3:3", "b", "indented less than an empty line before it", "1:4"),
    # What libyaml lets pass.
    ("a: [b,\nc]\n", "2:1", "c", "must be indented by at least 1 space", "1:4"),
    ("a:\n  b: [\n  c\n    ]\n", "3:3", "c", "must be indented by at least 3 spaces", "2:6"),
    ("- {a: b\n}\n", "2:1", "}", "belongs to a mapping and must be indented", "1:3"),
    ('a: "b\nc"\n', "2:1", "c", "belongs to a text and must be indented", "1:4"),
    ("a: 'b\n\tc'\n", "2:1", "\t", "belongs to a text and must be indented", "1:4"),
    ("a: [b]#c\n", "1:7", "#", "a comment needs a space", None),
    ('a: "b"#c\n', "1:7", "#", "a comment needs a space", None),
    ("a: [b,#c\n  d]\n", "1:7", "#", "a comment needs a space", None),
    ("a: |#c\n  d\n", "1:5", "#", "a comment needs a space", None),
    ("a:\n|\n b\n", "2:1", "|", "must be indented by at least 1 space", None),
    ("a: |\n   \n  # b\nc: d\n", "3:3", "#", "indented less than an empty line before it", "1:4"),
    ("|\n# b\n", "2:1", "#", "must be indented", "1:1"),
    ("|1\n  b\n", "1:1", "|", "read differently by different YAML readers", None),
]


@pytest.mark.parametrize(("text", "place", "underlined", "message", "label"), CASES)
def test_the_finding_says_what_is_wrong_and_where(
    text: str, place: str, underlined: str, message: str, label: str | None
) -> None:
    """One finding at the smallest place, with a remedy and, where something began earlier, that place."""
    parsed = parse("f.yaml", text.encode())
    assert parsed.root is None
    (diagnostic,) = parsed.diagnostics
    assert diagnostic.span is not None
    assert (str(diagnostic.span), diagnostic.span.text) == (f"f.yaml:{place}", underlined)
    assert message in diagnostic.message
    assert diagnostic.help
    assert [str(label.span) for label in diagnostic.labels] == ([] if label is None else [f"f.yaml:{label}"])
    assert len(diagnostic.message) <= 100


@pytest.mark.parametrize(
    "text",
    [
        "a: [b\n  ,c\n]\n",
        'a: "b\nc\n  d"\n',
        "a: {b: c, # x\nd: e}\n",
        "- - [1,\n2,\n 3]\n",
        "a: [b]#c\n",
        "a:\n  - x\n \t\n  - y\n",
        "a: [b,#c\n d\n]\n",
    ],
)
def test_a_fix_makes_the_file_readable(text: str) -> None:
    """Applying every offered edit leaves a file without findings, of the value that was meant."""
    parsed = parse("f.yaml", text.encode())
    assert parsed.diagnostics
    fixed = text
    edits = [edit for diagnostic in parsed.diagnostics if diagnostic.fix for edit in diagnostic.fix.edits]
    assert len(edits) == len(parsed.diagnostics)
    for edit in sorted(edits, key=lambda edit: -edit.span.start):
        fixed = fixed[: edit.span.start] + edit.replacement + fixed[edit.span.end :]
    assert parse("f.yaml", fixed.encode()).diagnostics == []


@pytest.mark.parametrize(
    "text",
    [
        "a: [\n  b\n ]\n",
        'a: [ [ "b\n c",\n d],\n e]\n',
        "a:\n- [b,\n c]\n",
        '- a: "b\n\n\n   c"\n',
        "[a,\nb,\n# c\nd]\n",
        "a: {\n  # c\n# d\n\n  b: c }\n",
        "a: 'b # c'\n",
        "a: b#c # d\n",
        "# a#b\nc: d\n",
        "a: |\n x#y\n",
        "a: |  \n\n  x\n",
        "a:\n  |\n  x\n",
        "a: https://x/#y\n",
        "a:\n  b\n  c\n",
        "a: [b-, -c, d-]\n",
        "a: x]\n",
        "a: x}, y\n",
        "a: x{y\n",
        "a: |2\n   x\n",
        "- |1\n  x\n",
    ],
)
def test_what_looks_alike_but_is_right_is_read(text: str) -> None:
    """Neighbours of the refused texts that YAML 1.2 allows."""
    assert parse("f.yaml", text.encode()).diagnostics == []
