"""A blank that YAML takes for a letter is named where it stands, and a fix puts a plain one there."""

from __future__ import annotations

import pytest

from routecomp.parse import parse

ODD = "\u00a0\u2007\u202f\u3000\u2009"
BROKEN = {
    "indentation": "a:\n  b: 1\n  c: 2\n~~d: 3\n",
    "in turn": "a:\n  b:\n    c: 2\n~ ~ d: 3\n",
    "behind a blank": "a:\n  b: 1\n ~c: 2\n",
    "all lines": "a:\n  b:\n~~~~c: 1\n~~~~d: 2\n",
    "first line below": "a:\n~~b: 1\n",
    "a dash": "a:\n  -~b\n  -~c\n",
    "a dash among others": "a:\n  - x\n  -~b\n",
    "behind a dash and a blank": "a:\n  - ~b: 1\n",
}
LEGAL = ("a: |\n  b\n  ~c\n", "a: b~c\n", "a: 'b\n  ~c'\n", "# ~a\na: 1\n", "a:~\n", "a: b\n  ~c\n")


@pytest.mark.parametrize("blank", ODD)
@pytest.mark.parametrize("name", BROKEN)
def test_it_is_named_and_replaced(name: str, blank: str) -> None:
    """It is one finding, at the blank; the fix gives what the text looks like."""
    text = BROKEN[name].replace("~", blank)
    parsed = parse("x.yaml", text.encode())
    (finding,) = parsed.diagnostics
    assert finding.message.startswith(f"U+{ord(blank):04X} (")
    assert ("behind this dash" if f"-{blank}" in text else "in the indentation") in finding.message
    assert finding.help == "replace it by a blank"
    assert finding.span is not None
    assert finding.span.start == text.index(blank)
    assert finding.fix is not None
    mended = text
    for edit in sorted(finding.fix.edits, key=lambda each: -each.span.start):
        mended = mended[: edit.span.start] + edit.replacement + mended[edit.span.end :]
    assert mended == BROKEN[name].replace("~", " ")
    assert parse("x.yaml", mended.encode()).diagnostics == []


@pytest.mark.parametrize("text", LEGAL)
def test_in_texts_it_is_a_letter(text: str) -> None:
    """Block texts, quotes, comments and the inside of a value may hold it: nothing is said of an indentation."""
    found = parse("x.yaml", text.replace("~", "\u00a0").encode()).diagnostics
    assert not any("indentation" in each.message or "dash" in each.message for each in found)


def test_another_error_is_told_beside_a_text_that_holds_it() -> None:
    """Where the blank is not the cause, the cause is told."""
    found = parse("x.yaml", "a: |\n  b\n  \u00a0c\nd: [1\n".encode()).diagnostics
    assert found
    assert not any("U+00A0" in each.message for each in found)
