"""Waivers: what they cover, until when, and what becomes of those that cover nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.check.project import TODAY, checked, fixed, project

GOOD = 'RC403 until=2026-12-01 reason="until the promotion is confirmed"'
FEATURES = "features: {chat: {models: {good: primary}}}\n"
SCORING = "scoring:\n  cost: {best: 0, worst: 75}\n  latency_ms: {best: 0, worst: 10000}\n"


def route(comment: str = "", above: str = "", model: str = "fair") -> dict[str, bytes]:
    """A project whose config route is off the chain (RC403), with a comment behind it and lines above it."""
    behind = f"  # {comment}" if comment else ""
    text = f"defaults:\n  model: fair\n  routes:\n{above}    chat: {model}{behind}\n{SCORING}"
    return project(routes_features=FEATURES, routes_defaults=text)


def rules(files: dict[str, bytes], today: date = TODAY) -> list[str]:
    """The ids found, sorted."""
    return sorted(one.rule for one in checked(files, today).diagnostics)


def test_without_a_waiver() -> None:
    """The finding the others are about."""
    assert rules(route()) == ["RC403"]


@pytest.mark.parametrize(
    "above",
    [
        f"    # routecomp:allow {GOOD}\n",
        f"    # routecomp:allow {GOOD}\n    # and a note\n",
        f"    # routecomp:allow {GOOD}\n\n",
        f"# routecomp:allow {GOOD}\n",
        f"    #routecomp:allow  {GOOD}\n",
        f"    ## routecomp:allow {GOOD}\n",
    ],
    ids=["directly", "a comment between", "an empty line between", "at the margin", "no space", "two signs"],
)
def test_on_a_line_of_its_own_above(above: str) -> None:
    """It covers the next line that holds more than a comment."""
    assert rules(route(above=above)) == []


def test_behind_the_finding() -> None:
    """It covers its own line."""
    assert rules(route(f"routecomp:allow {GOOD}")) == []


@pytest.mark.parametrize("place", ["head", "below", "above a neighbour", "behind a neighbour"])
def test_one_in_the_wrong_place_is_sent_to_the_right_one(place: str) -> None:
    """No fix takes it out with its reason: it says the line, and there it is right."""
    waiver = f"# routecomp:allow {GOOD}"
    lines = f"defaults:\n  model: fair\n  routes:\n    chat: fair\n{SCORING}".splitlines()
    wrong = list(lines)
    if place == "behind a neighbour":
        wrong[1] += f"  {waiver}"
    else:
        wrong.insert({"head": 0, "below": len(wrong), "above a neighbour": 1}[place], waiver)
    files = project(routes_features=FEATURES, routes_defaults="\n".join(wrong) + "\n")
    (unneeded,) = [each for each in checked(files).diagnostics if each.rule == "RC125"]
    assert unneeded.fix is None
    line = wrong.index("    chat: fair") + 1
    assert unneeded.help == f"move it to a line of its own directly above line {line}: RC403 is found there"
    lines.insert(3, waiver)
    assert rules(project(routes_features=FEATURES, routes_defaults="\n".join(lines) + "\n")) == []


def test_what_cannot_be_read_is_shown_with_its_own_rule() -> None:
    """The example names the rule and the day that were written; without a day it names none that passes."""
    (found,) = [d for d in checked(route("routecomp:allow RC402 until 2027-03-01")).diagnostics if d.rule == "RC123"]
    assert "RC402 until=2027-03-01" in found.help
    (found,) = [d for d in checked(route("routecomp:allow RC407")).diagnostics if d.rule == "RC123"]
    assert "RC407 until=YYYY-MM-DD" in found.help


def test_it_covers_its_line_alone() -> None:
    """One line further up, with something between, it covers that line, and is not needed there."""
    text = f"defaults:\n  # routecomp:allow {GOOD}\n  model: fair\n  routes:\n    chat: fair\n{SCORING}"
    assert rules(project(routes_features=FEATURES, routes_defaults=text)) == ["RC125", "RC403"]


def test_it_covers_its_rule_alone() -> None:
    """A waiver of another rule covers nothing here."""
    assert rules(route(f"routecomp:allow {GOOD.replace('RC403', 'RC402')}")) == ["RC125", "RC403"]


def test_until_is_the_last_day() -> None:
    """It holds on the day it names and not on the next; then the waived finding is back beside the expired waiver."""
    files = route(f"routecomp:allow {GOOD}")
    last = date(2026, 12, 1)
    assert rules(files, last) == []
    assert rules(files, last + timedelta(days=1)) == ["RC124", "RC403"]
    found = checked(files, last + timedelta(days=1)).diagnostics
    assert [one.message for one in found if one.rule == "RC124"] == ["this waiver of RC403 expired on 2026-12-01"]


def test_an_expired_waiver_that_nothing_needs_is_expired() -> None:
    """Expired is an error, needed or not."""
    assert rules(route(f"routecomp:allow {GOOD}", model="good"), date(2027, 1, 1)) == ["RC124"]


def test_two_waivers_for_two_rules() -> None:
    """Waivers may be stacked above one line."""
    text = (
        "preferences:\n  default: balanced\n"
        '  # routecomp:allow RC324 until=2026-12-01 reason="used by the next release"\n'
        "  floors: {good: 0.50, spare: 0.6, frontier: 0.85}\n"
        "  dial: {quality: +0.10, balanced: 0, cost: -0.10}\n  clamp: [good, frontier]\n"
    )
    targets = (
        'targets:\n  # routecomp:allow RC402 until=2026-12-01 reason="cheap on purpose"\n'
        "  eu: {candidates: {stacks: [eu]}}\n"
    )
    assert rules(project(policies_preferences=text, routes_targets=targets)) == []


MALFORMED = {
    "no until": 'routecomp:allow RC403 reason="x"',
    "no reason": "routecomp:allow RC403 until=2026-12-01",
    "an empty reason": 'routecomp:allow RC403 until=2026-12-01 reason=" "',
    "an open quote": 'routecomp:allow RC403 until=2026-12-01 reason="x',
    "other quotes": "routecomp:allow RC403 until=2026-12-01 reason='x'",
    "no rule": 'routecomp:allow until=2026-12-01 reason="x"',
    "two rules": 'routecomp:allow RC402 RC403 until=2026-12-01 reason="x"',
    "more behind": 'routecomp:allow RC403 until=2026-12-01 reason="x" please',
    "another order": 'routecomp:allow RC403 reason="x" until=2026-12-01',
    "a slip in the word": 'routecomp:alow RC403 until=2026-12-01 reason="x"',
    "a space": 'routecomp: allow RC403 until=2026-12-01 reason="x"',
    "no such day": 'routecomp:allow RC403 until=2026-02-30 reason="x"',
    "no day at all": 'routecomp:allow RC403 until=20261201 reason="x"',
    "other digits": 'routecomp:allow RC403 until=２０２６-12-01 reason="x"',
    "an unknown rule": 'routecomp:allow RC999 until=2026-12-01 reason="x"',
    "a name for an id": 'routecomp:allow route-off-chain until=2026-12-01 reason="x"',
    "behind other words": "approved. routecomp:allow RC403",
}


@pytest.mark.parametrize("comment", MALFORMED.values(), ids=MALFORMED)
def test_malformed(comment: str) -> None:
    """What was meant as a waiver and is none is an error, and waives nothing."""
    assert rules(route(comment)) == ["RC123", "RC403"]


@pytest.mark.parametrize("rule", ["RC301", "RC303", "RC401", "RC109", "RC122", "RC124", "RC125"])
def test_invariants_are_never_waived(rule: str) -> None:
    """Errors about the state, and the findings about waivers themselves, have no waiver."""
    found = checked(route(f'routecomp:allow {rule} until=2026-12-01 reason="x"')).diagnostics
    assert [one.rule for one in found] == ["RC403", "RC123"]
    assert "cannot be waived" in found[1].message


def test_an_unknown_rule_is_guessed_at() -> None:
    """The nearest id is offered."""
    found = checked(route('routecomp:allow RC430 until=2026-12-01 reason="x"')).diagnostics
    assert [one.help for one in found if one.rule == "RC123"] == ["did you mean `RC403`?"]


@pytest.mark.parametrize("comment", ["see routecomp: it says why", "# routecomp", "written for routecomp:", "a:b"])
def test_comments_about_us_are_comments(comment: str) -> None:
    """Not every mention of the tool is a waiver."""
    assert rules(route(comment, model="good")) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"above": f"    # routecomp:allow {GOOD}\n"}, {}),
        ({"above": f"\n    # a note\n    # routecomp:allow {GOOD}\n"}, {"above": "\n    # a note\n"}),
        ({"comment": f"routecomp:allow {GOOD}"}, {}),
    ],
)
def test_an_unused_waiver_is_removed(before: dict[str, str], after: dict[str, str]) -> None:
    """Its line goes with it, or the spaces before it; nothing else changes."""
    files = route(**before, model="good")
    assert rules(files) == ["RC125"]
    assert fixed(files) == route(**after, model="good")


def test_an_unused_waiver_is_not_judged_beside_errors() -> None:
    """While a file cannot be read, rules keep silent, and a waiver of one must not be removed for it."""
    files = route(f"routecomp:allow {GOOD}") | {"routes/features.yaml": b"features: [\n"}
    assert rules(files) == ["RC103"]


def test_a_waiver_of_a_rule_of_change_is_not_judged_without_a_base() -> None:
    """Whether it is needed only a comparison can tell."""
    assert rules(route('routecomp:allow RC501 until=2026-12-01 reason="outage"', model="good")) == []


def test_a_waiver_in_a_scalar_is_text() -> None:
    """What stands in quotes is no comment."""
    text = f"tenants:\n  acme:\n    description: '# routecomp:allow {GOOD}'\n"
    assert rules(project(policies_tenants=text)) == []
