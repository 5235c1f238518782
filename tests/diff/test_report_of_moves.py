"""Moves in every format: few, bounded, each with its request and its lines; hostile values stay text."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import cmarkgfm  # type: ignore[import-untyped]
import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from routecomp.diagnostics.render.shown import width
from routecomp.review.diff.render import FORMATS, render
from routecomp.rules.registry import rules
from tests.diagnostics.test_reports import sarif_schema
from tests.diff.hostile import hostile_difference, sampled
from tests.diff.test_reports import HOSTILE, PageReader

MOST = 60_000
TEXTS = st.lists(
    st.sampled_from(HOSTILE) | st.text(max_size=12) | st.text('`|\\<>@[]()!&\n -_*"', max_size=9),
    min_size=2,
    max_size=6,
)


def results(report: str) -> list[dict[str, Any]]:
    """Return the results of a SARIF log that follows its schema, and whose rules have pages."""
    log = json.loads(report)
    sarif_schema().validate(log)
    (run,) = log["runs"]
    assert {result["ruleId"] for result in run["results"]} <= {*rules()}
    listed: list[dict[str, Any]] = run["results"]
    return listed


def requests_in_cells(comment: str) -> list[str]:
    """Return the requests of the moves of a comment, as GitHub shows them."""
    page = cmarkgfm.github_flavored_markdown_to_html(comment)
    moves = page.partition("Calls that move, of all that may be made")[2].partition("<h4>")[0]
    return [unescape(cell) for cell in re.findall(r"<td><code>(\{&quot;model&quot;.*?)</code></td>", moves)]


@settings(max_examples=25, deadline=None)
@given(TEXTS)
def test_hostile_moves_stay_in_their_cells(texts: list[str]) -> None:
    """For any values a comment and a page have our tags alone, and each move of a comment its request, as JSON."""
    difference = hostile_difference(texts)
    comment = render("markdown", difference)
    page = PageReader(cmarkgfm.github_flavored_markdown_to_html(comment))
    known = {"h3", "h4", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "br", "strong"}
    assert set(page.tags) <= known, page.tags
    assert not page.attributes
    assert page.rows == [5] * (len(texts) + 1) + [6] * (len(texts) + 1) + [5] * (len(texts) + 1)
    for request, text in zip(requests_in_cells(comment), texts, strict=True):
        assert json.loads(request)["model"] == text
    html = PageReader(render("html", difference))
    classes = {value for name, value in html.attributes if name == "class"}
    assert classes <= {"note", "at", "breaking", "behavioural", "cosmetic"}
    assert not set(html.tags) & {"script", "img", "a", "iframe"}


@settings(max_examples=8, deadline=None)
@given(TEXTS)
def test_hostile_moves_are_printed_plainly(texts: list[str]) -> None:
    """In a terminal lines keep to 100 columns, requests apart; JSON is ASCII; SARIF follows its schema."""
    difference = hostile_difference(texts)
    for line in render("text", difference).splitlines():
        assert width(line) <= 100 or line.startswith('    {"model"'), line[:120]
        assert not any(c < " " for c in line), line[:120]
    assert render("json", difference).isascii()
    listed = results(render("sarif", difference))
    assert [each["ruleId"] for each in listed[: len(texts)]] == ["RC825"] * len(texts)
    assert sum(each["level"] == "note" for each in listed) == len(texts) - 1
    assert all(each["locations"] for each in listed)


@pytest.mark.parametrize(
    ("text", "copies"),
    [("plain", 1), ("plain", 200), ("x" * 400, 9), ("\U0001f4a5" * 120, 9), ("|`\\" * 90, 1), ("\u202e" * 300, 9)],
)
def test_a_report_of_any_size_is_bounded(text: str, copies: int) -> None:
    """At most 30 moves and 60,000 characters for people; each move that is shown has its request and its lines."""
    difference = hostile_difference([f"{text}{n}" for n in range(8)], copies, outside=3)
    comment, page = render("markdown", difference), render("text", difference)
    assert len(comment.encode()) <= MOST
    assert len(page) <= MOST
    requests = requests_in_cells(comment)
    assert 0 < len(requests) <= 30
    assert len(requests) == min(30, copies * 8) or re.search("more moves?, left out here", comment)
    part = page.partition("Calls that move")[2].partition("Everything else is unchanged")[0]
    shown = part.count('\n    {"model": ')
    assert 0 < shown <= 30
    assert part.count("more changed values") + part.count("its lines were not looked for") == shown
    html = render("html", difference)
    assert html.partition("Calls that move")[2].partition("</table>")[0].count("<tr>") <= 31
    listed = results(render("sarif", difference))
    assert sum(each["ruleId"] == "RC821" for each in listed) <= 30
    assert len(json.loads(render("json", difference))["moves"]["rows"]) == 8 * copies


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_sampled_says_so_in_every_format(format: str) -> None:
    """Sampled, not proven, with how many requests of each view and the seed; the word of a proof is nowhere."""
    proven = render(format, hostile_difference(["a", "b"]))
    report = render(format, sampled(hostile_difference(["a", "b"])))
    words = " ".join(report.split())
    if format == "json":
        moves = json.loads(report)["moves"]
        assert (moves["proven"], moves["unproven"], moves["samples"], moves["seed"]) == (False, 17, 50, 4711)
        return
    assert "sampled, not proven: 17 of 900 views" in words
    assert "50 random requests of each (seed 4711)" in words
    assert "unchanged, proven" in " ".join(proven.split()) or format == "sarif"
    assert "unchanged, proven" not in words
    if format == "sarif":
        assert [each["ruleId"] for each in results(report)].count("RC823") == 1
        assert json.loads(report)["runs"][0]["properties"]["moves"]["proven"] is False
        assert json.loads(proven)["runs"][0]["properties"]["moves"]["proven"] is True


def test_what_is_not_allowed_comes_first_and_is_marked() -> None:
    """Moves outside of what is allowed are marked in each format, and are errors in SARIF."""
    difference = hostile_difference(["a", "b", "c"], outside=2)
    for format in ("text", "markdown", "html"):
        page = render(format, difference)
        assert page.count("not allowed") == 2, format
        assert page.count("Not allowed: ") == 2
        assert "Declared to move" in page
    document = json.loads(render("json", difference))
    assert [row["allowed"] for row in document["moves"]["rows"]] == [False, False, True]
    assert document["guards"]["broken"][0] == {"what": "a", "witness": {"model": "x"}, "moves": 7}
    listed = results(render("sarif", difference))
    assert [each["ruleId"] for each in listed] == [*["RC825"] * 3, *["RC822"] * 3, "RC821"]
