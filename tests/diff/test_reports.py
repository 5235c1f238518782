"""Test the formats of a diff: hostile values stay in their cells, comments are bounded, lists say what is left out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from html.parser import HTMLParser

import click
import cmarkgfm  # type: ignore[import-untyped]
import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from routecomp.cli.commands.diff import diff
from routecomp.diagnostics.render.shown import width
from routecomp.review.diff.difference import Caller, Case, Decisions, Difference, Group, Row, Severity
from routecomp.review.diff.render import FORMATS, render
from routecomp.review.diff.render.markdown import MARKER, MAX_BYTES
from routecomp.runtime.resolver import Decision
from routecomp.source.text import SourceFile, Span
from tests.diff.hostile import hostile_difference

HOSTILE = (
    "`",
    "``` ```",
    "| a | b |",
    "\\|",
    "\\\\|",
    "\\`|",
    "a\nb",
    "\r\n\r\n# big",
    "<script>alert(1)</script>",
    "<!--",
    "-->",
    "<img src=x onerror=alert(1)>",
    "</td></tr></table>",
    "@octocat",
    "@org/team",
    "#1",
    "GH-1",
    "https://evil.example/x",
    "www.evil.example",
    "a@evil.example",
    "[x](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "[x]: y",
    "&lt;b&gt;",
    "&#96;",
    "\u202e\u2066",
    "\x1b[31m",
    "\u2028",
    "``x`",
    " ",
    "",
    "~~x~~",
    "**x**",
    "</code>",
    "\ud800",
    "$x$",
    ":tada:",
    MARKER,
    "\t|",
    "x" * 400,
    "`" * 400,
    "|" * 400,
)


class PageReader(HTMLParser):
    """The tags of an HTML page, its attributes, and the number of cells of each table row."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.rows: list[int] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += attrs
        if tag == "tr":
            self.rows.append(0)
        if tag in ("td", "th"):
            self.rows[-1] += 1


def difference(texts: Sequence[str], copies: int = 1) -> Difference:
    """Make a difference in which every name and value is one of these texts."""
    file = SourceFile("routes/" + texts[0] + ".yaml", "x\n")
    span = Span(file, 0, 1)
    rows, groups = [], []
    for number in range(copies):
        for at, text in enumerate(texts):
            other = texts[at - 1]
            severity = list(Severity)[(number + at) % 3]
            rows.append(Row("feature", text, text, other, text, severity, text, span, span))
            caller = Caller((text, other), True, True, text)
            case = Case(caller, "quality", (("capabilities", (text,)), ("stack", other)))
            was = Decision("ok", "feature", "table", text, chain=(text, other), url=other)
            now = Decision("ok", "feature", "table", other, chain=(other,), reasons=(text,))
            change = ("pick", "chain", "endpoint")[at % 3]
            groups.append(
                Group(
                    "model",
                    text,
                    "direct",
                    change,
                    Severity.BEHAVIOURAL,
                    was,
                    now,
                    {"model": text, "tenant": other},
                    (case,),
                    ("GATE",),
                )
            )
    decisions = Decisions(tuple(groups), 10, 5, 1)
    return Difference(f"on {texts[0]}", "a", "b", tuple(rows), decisions)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(HOSTILE) | st.text(max_size=12) | st.text("`|\\<>@[]()!&\n -_*", max_size=9),
        min_size=2,
        max_size=6,
    )
)
def test_a_comment_is_what_it_seems(texts: list[str]) -> None:
    """For any values, GitHub's parser sees our tables with equal rows, and no link, image or HTML of an author."""
    comment = render("markdown", difference(texts))
    page = PageReader(cmarkgfm.github_flavored_markdown_to_html(comment))
    assert set(page.tags) <= {
        "h3",
        "h4",
        "p",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "code",
        "br",
        "strong",
        "ul",
        "li",
    }, page.tags
    assert page.tags["table"] == 2
    assert page.rows == [6] * (len(texts) + 1) + [5] * (len(texts) + 1)
    assert not page.attributes
    assert comment.startswith(MARKER + "\n")
    assert comment.count("\n" + MARKER) == 0


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=12), min_size=2, max_size=6))
def test_a_page_is_what_it_seems(texts: list[str]) -> None:
    """For any values, the HTML page has only our own tags and classes."""
    page = PageReader(render("html", difference(texts)))
    assert set(page.tags) <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "h2",
        "p",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "span",
        "code",
        "br",
    }
    assert {value for name, value in page.attributes if name == "class"} <= {
        "note",
        "at",
        "breaking",
        "behavioural",
        "cosmetic",
    }
    assert not {name for name, _ in page.attributes} & {"href", "src", "onerror", "onclick"}
    assert page.rows == [5] * 2 * (len(texts) + 1)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=12), min_size=2, max_size=4))
def test_text_keeps_to_its_columns(texts: list[str]) -> None:
    """Only witnesses are wider than 100 columns, and no control character is printed."""
    for line in render("text", difference(texts)).splitlines():
        assert width(line) <= 100 or line.startswith('    {"model"'), line[:120]
        assert not any(c < " " for c in line), line[:120]


@pytest.mark.parametrize("text", ["policy-of-a-tenant", "\U0001f4a5" * 60, "|`\\" * 50])
def test_five_thousand_rows_fit_a_comment(text: str) -> None:
    """A comment on 5,000 changed rows stays under 60,000 bytes and says how many rows it leaves out."""
    large = difference([f"{text}-{number}" for number in range(5_000)])
    comment = render("markdown", large)
    assert len(comment.encode()) <= MAX_BYTES
    page = PageReader(cmarkgfm.github_flavored_markdown_to_html(comment))
    shown = page.rows.count(5) - 1
    assert 5 < shown < 5_000
    assert f"… and {5_000 - shown:,} more changes, left out here" in comment
    assert f"… and {5_000 - (page.rows.count(6) - 1):,} more groups, left out here" in comment


@pytest.mark.parametrize("format", FORMATS)
def test_a_limit_is_kept_and_said(format: str) -> None:
    """With a limit of 2 each list has two items, and the report says that there are more."""
    report = render(format, difference(["aa", "bb", "cc", "dd", "ee"]), 2)
    if format == "json":
        read = json.loads(report)
        assert len(read["changes"]) == len(read["decisions"]["groups"]) == 2
        assert read["left_out"] == {"changes": 3, "groups": 3}
    elif format == "sarif":
        security = render(format, hostile_difference(["aa", "bb", "cc", "dd", "ee"]), 2)
        results = json.loads(security)["runs"][0]["results"]
        assert [result["ruleId"] for result in results] == ["RC825", "RC825", "RC825", "RC822", "RC822", "RC821"]
        assert "and 3 more changes" in results[2]["message"]["text"]
        assert json.loads(security)["runs"][0]["properties"]["moves"]["left_out"] == 3
    else:
        assert report.count("3 more ") == 2


def test_the_command_knows_every_format() -> None:
    """The command offers every format that has a renderer."""
    option = next(param for param in diff.params if param.name == "format")
    assert isinstance(option.type, click.Choice)
    assert tuple(option.type.choices) == FORMATS


def test_nothing_to_tell() -> None:
    """Two equal tables give one sentence in every format for people."""
    same = Difference("on main", "a", "a", (), Decisions((), 100, 0))
    assert render("text", same) == "Compared with what is on main: nothing changes.\n"
    assert render("markdown", same).endswith("Compared with what is on `main`: nothing changes.\n")
    assert json.loads(render("json", same))["changed"] is False
