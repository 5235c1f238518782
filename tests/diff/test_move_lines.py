"""The lines of a move are those of the change that cause it, whatever else the change does."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest

from routecomp.checker import Options
from routecomp.comparer import diff
from routecomp.review.analysis import causes
from routecomp.review.analysis.space import Bounds
from routecomp.review.base.base import Base
from routecomp.review.diff.difference import Difference
from routecomp.review.diff.render import FORMATS, render
from tests.review.histories import Files, State, moved, not_moved


def compared(before: Files, after: Files, prefix: str = "main:") -> Difference:
    """Compare two projects for all requests, chains included."""
    sides = [{path: text.encode() for path, text in files.items() if path != "README.md"} for files in (before, after)]
    result = diff(sides[1], Options(today=date(2026, 11, 20)), Base("on main", prefix, sides[0]), None, Bounds())
    assert result.difference is not None, result
    return result.difference


def lines_that_differ(before: Files, after: Files) -> set[tuple[str, str]]:
    """Return the lines that only one side has, with their sign."""
    sides = [{line.strip() for text in files.values() for line in text.split("\n")} for files in (before, after)]
    return {("-", text) for text in sides[0] - sides[1]} | {("+", text) for text in sides[1] - sides[0]}


@pytest.mark.parametrize("seed", range(40))
def test_each_move_has_the_lines_of_its_culprit(seed: int) -> None:
    """A planted change among others that do not move the decision: its lines are those of the moves of its tenant."""
    dice = random.Random(seed)
    before = State()
    planted = moved(before, dice)
    wanted = lines_that_differ(before.files(), planted.files())
    after = planted
    for number in range(dice.randrange(1, 5)):
        after = replace(not_moved(after, dice, number), feature="support-chat", tenant="acme", last_tenant="")
        after = replace(after, model="mistral-large")
    difference = compared(before.files(), after.files())
    assert difference.moves is not None
    assert len(difference.lines) == len(difference.moves.rows)
    for row, lines in zip(difference.moves.rows, difference.lines, strict=True):
        assert lines is not None
        assert lines.lines, row
        shown = {(line.sign, line.text) for line in lines.lines}
        assert {sign for sign, _ in shown} <= {"+", "-"}, (row, shown)
        if "acme" in row.callers and ("feature", "support-chat") in row.names:
            assert wanted & shown, (row, shown)


def test_a_line_shows_no_credential_and_no_user_of_a_url() -> None:
    """Lines are shown with stars for what a URL says before its host; a very long line is cut."""
    before = State().files()
    path = "routes/all.yaml"
    after = before | {path: before[path].replace("latency_ms: 900", "latency_ms: 901 # " + "x" * 900)}
    after[path] = after[path].replace("latency_ms: 1800", "latency_ms: 1700 # see https://ada@host.example/x")
    difference = compared(before, after)
    for format in FORMATS:
        page = render(format, difference, None, False)
        assert "ada@" not in page
        assert "***@host.example" in page
    assert all(len(line.text) <= 200 for lines in difference.lines if lines for line in lines.lines)


def test_what_is_over_the_time_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without time no line is looked for: each format says so, and JSON has null."""
    before, dice = State(), random.Random(1)
    difference = compared(before.files(), moved(before, dice).files())
    assert difference.moves is not None
    late = replace(difference, lines=(None,) * len(difference.lines))
    for format in ("text", "markdown", "html"):
        assert "its lines were not looked for: that took too long" in " ".join(
            render(format, late, None, False).split()
        )
    assert '"lines": null' in render("json", late, None, False)
    rows = difference.moves.rows
    assert causes.lines_of_moves(rows, [], [], None, -1.0) == (None,) * len(rows)  # type: ignore[arg-type]


def test_files_that_differ_wholly_are_compared_in_little_time() -> None:
    """Of 40,000 lines that all changed, those of the value are told: no alignment of all with all is asked for."""
    before, path = State().files(), "routes/all.yaml"
    filler = [f"# {number} of the old version\n" for number in range(40_000)]
    old = before | {path: "".join(filler) + before[path]}
    new_text = "".join(line.replace("old", "new") for line in filler) + State(floor="0.80", primary=1).files()[path]
    difference = compared(old, before | {path: new_text})
    signs = {(line.sign, line.text) for lines in difference.lines if lines for line in lines.lines}
    assert {("-", "claude: primary"), ("+", "mistral-large: primary")} <= signs
