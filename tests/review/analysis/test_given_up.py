"""Whoever breaks a promise and takes it out in the same change is told of: claims are asked as the base has them."""

from __future__ import annotations

from datetime import date

import pytest

from routecomp.checker import Options, check
from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.review.base.base import Base
from tests.cli.transcripts import SMALL

PROMISE = "never_reaches: {stacks: [us]}, tenants: [berlin]"
NOTHING = ""
LOOSE = ("stacks: [eu]", "stacks: [us, eu]")


def findings(before: str, after: str, *edits: tuple[str, str]) -> list[Diagnostic]:
    """What is found of a project whose claim `p` is one thing on main, and another here, with further edits."""

    def files(claim: str) -> dict[str, bytes]:
        claims = {"policies/claims.yaml": f"claims:\n  p: {{{claim}}}\n"} if claim else {}
        return {path: text.encode() for path, text in {**SMALL, **claims}.items()}

    changed = files(after)
    for old, new in edits:
        assert any(old.encode() in data for data in changed.values())
        changed = {path: data.replace(old.encode(), new.encode()) for path, data in changed.items()}
    result = check(changed, Options(date(2026, 11, 20)), base=Base("on main", "", files(before)))
    return [each for each in result.diagnostics if each.rule in ("RC801", "RC803")]


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (NOTHING, "is taken out"),
        ("at_least: {models: 1}", "says something else now"),
        ("always: answered", "says something else now"),
    ],
)
def test_a_promise_that_is_broken_and_given_up_is_told(after: str, words: str) -> None:
    """With the request that breaks it, whatever stands in its place; at its place, where there is one."""
    (each,) = findings(PROMISE, after, LOOSE)
    assert each.rule == "RC803"
    assert words in each.message
    assert "as it is on main it does not hold: a call" in each.message
    assert "routecomp explain" in each.help
    assert (each.span is None) == (after == NOTHING)


@pytest.mark.parametrize(
    ("after", "edits"),
    [
        (NOTHING, []),
        ("always: answered", []),
        (PROMISE + ", description: told to the customer", []),
        (NOTHING, [("  berlin:\n    stacks: [eu]\n", "")]),
    ],
)
def test_what_still_holds_or_is_about_nobody_any_more_is_no_finding(after: str, edits: list[tuple[str, str]]) -> None:
    assert findings(PROMISE, after, *edits) == []


def test_a_promise_that_stands_and_is_broken_is_an_error_as_ever() -> None:
    assert [each.rule for each in findings(PROMISE, PROMISE, LOOSE)] == ["RC801"]


def test_names_that_a_change_takes_away_leave_the_others_under_the_promise() -> None:
    """A claim about two tenants, of whom one leaves, still binds the other."""
    both = PROMISE.replace("[berlin]", "[acme, berlin]")
    gone = ("  acme:\n    preset: balanced\n", "")
    assert [each.rule for each in findings(both, NOTHING, LOOSE, gone)] == ["RC803"]
