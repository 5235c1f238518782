"""Test that every comment is found, and nothing that is text."""

from __future__ import annotations

import pytest

from routecomp.parse import parse
from routecomp.parse.comments import comments

TEXT = """\
# one 😀
a: 1 # two
b#c: d#e  #three # still three
'q # no': "x # no \\" # no"   # four
f: 'it''s # no
  # no
  '  # five
list: [a, # six
  b#, # seven
  "c # no" # eight
  ] # nine
text: |  # ten
  # no
  x # no

  # no
 # eleven
# twelve
fold: >- # thirteen
# fourteen
keep: |+
  # no

# fifteen
  # sixteen
plain: x
  y # seventeen

- : #"""


def found(text: str) -> list[tuple[str, int, bool]]:
    """Text, line and own_line of each comment."""
    parsed = parse("f.yaml", text.encode())
    assert parsed.root is not None
    return [(comment.text, comment.span.line, comment.own_line) for comment in comments(parsed.source, parsed.root)]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_comments_are_told_from_text(line_end: str) -> None:
    """Behind keys, values, quotes, commas, brackets and block headers; not within any scalar."""
    text = TEXT.replace("- : #", "# eighteen").replace("\n", line_end)
    names = (
        "one 😀",
        "two",
        "three # still three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
    )
    lines = (1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 17, 18, 19, 20, 24, 25, 27, 29)
    own = {"one 😀", "eleven", "twelve", "fourteen", "fifteen", "sixteen", "eighteen"}
    assert [(comment.lstrip("# "), line, alone) for comment, line, alone in found(text)] == [
        (name, line, name in own) for name, line in zip(names, lines, strict=True)
    ]


def test_the_span_covers_the_comment() -> None:
    """From the `#` to the end of the line, without the line end."""
    parsed = parse("f.yaml", b"a: 1  # note\t\r\n")
    (comment,) = comments(parsed.source, parsed.root)
    assert comment.span.text == comment.text == "# note\t"
    assert str(comment.span) == "f.yaml:1:7"


def test_comments_may_be_asked_for_by_what_they_hold() -> None:
    """Only comments that hold the text come, each once, and text in scalars does not count."""
    parsed = parse("f.yaml", b"# mark: a mark: b\nx: 'mark: c' # mark: d # mark: e\ny: 1 # other\nz: mark # mar\n")
    assert [comment.text for comment in comments(parsed.source, parsed.root, "mark:")] == [
        "# mark: a mark: b",
        "# mark: d # mark: e",
    ]


def test_dropped_duplicates_are_no_comments() -> None:
    """The value of a duplicate key is text, although the tree leaves it out."""
    assert found("a: 1\na: 'x # no'\n") == []


def test_without_a_tree_there_are_no_comments() -> None:
    """A file that cannot be read has none."""
    parsed = parse("f.yaml", b"# c\na: [\n")
    assert comments(parsed.source, parsed.root) == []
