"""Fixes: what a machine may change, and that it changes nothing else."""

from __future__ import annotations

import random

import pytest

from routecomp.source.edits import Edit, Fix, apply_fixes
from routecomp.source.text import SourceFile, Span
from tests.check.project import PREFERENCES, checked, findings, fixed, project

TEXT = "abcdefghij"
FILE = SourceFile("routes/x.yaml", TEXT)


def fix(*edits: tuple[int, int, str]) -> Fix:
    """A fix of `TEXT`."""
    return Fix("change it", tuple(Edit(Span(FILE, start, end), new) for start, end, new in edits))


def test_edits_are_made_where_they_stand() -> None:
    """Replacements, insertions and removals are made at their offsets in the old text."""
    assert apply_fixes(TEXT, [fix((8, 9, "")), fix((0, 1, "AAA")), fix((4, 4, "-"))]) == "AAAbcd-efghj"


def test_of_two_that_overlap_the_first_in_the_file_is_made() -> None:
    """The order in which fixes are given decides nothing."""
    one, other = fix((1, 4, "X")), fix((3, 6, "Y"))
    assert apply_fixes(TEXT, [one, other]) == apply_fixes(TEXT, [other, one]) == "aXefghij"


def test_neighbours_do_not_overlap() -> None:
    """A fix may end where the next begins."""
    assert apply_fixes(TEXT, [fix((0, 3, "")), fix((3, 6, ""))]) == "ghij"


def test_a_fix_is_made_whole_or_not_at_all() -> None:
    """Of a fix with several edits none is made when one of them cannot be."""
    assert apply_fixes(TEXT, [fix((0, 2, "X")), fix((1, 3, "Y"), (8, 9, "Z"))]) == "Xcdefghij"


def test_the_same_fix_twice_is_made_once() -> None:
    """Two findings may offer the same change; inserting at one place twice is a conflict."""
    assert apply_fixes(TEXT, [fix((5, 5, "-")), fix((5, 5, "-"))]) == "abcde-fghij"


def test_any_order_gives_the_same_text() -> None:
    """Shuffled, fixes that conflict in many ways give one result."""
    chance = random.Random(20261120)
    for _ in range(200):
        fixes = []
        for _ in range(chance.randint(1, 6)):
            cuts = sorted(chance.sample(range(11), 2 * chance.randint(1, 2)))
            fixes.append(fix(*((a, b, chance.choice("XYZ")) for a, b in zip(cuts[::2], cuts[1::2], strict=True))))
        results = {apply_fixes(TEXT, chance.sample(fixes, len(fixes))) for _ in range(6)}
        assert len(results) == 1


TENANT = "tenants:\n  acme:\n    preset: balanced\n"
REPAIRS = {
    "a slip in a key": ("min_qualty: 0.5", "min_quality: 0.5"),
    "another writing of a key": ("minQuality: 0.5", "min_quality: 0.5"),
    "a word": ("objective: Cheapest", "objective: cheapest"),
    "a quoted word with a slip": ('objective: "cheepest"', "objective: cheapest"),
    "a quoted number": ("min_quality: '0.55'", "min_quality: 0.55"),
    "a number as a block": ("min_quality: >-\n      0.55", "min_quality: 0.55"),
    "a block with a comment": (
        "min_quality: >-  # measured in May\n      0.55",
        "min_quality: 0.55  # measured in May",
    ),
    "a literal with a comment": ("min_quality: |- #5\n      .55", "min_quality: 0.55  #5"),
    "a word in a block": ("objective: >-  # as agreed\n      cheepest", "objective: cheapest  # as agreed"),
    "a boolean in a block": ("fallback_enabled: >-  # for now\n      yes", "fallback_enabled: true  # for now"),
    "letters and marks in a block": (
        "description: >-  # a bar\n      cafe\u0301",
        "description: >-  # a bar\n      caf\u00e9",
    ),
    "an exponent": ("min_quality: 55e-2", "min_quality: 0.55"),
    "a leading zero": ("min_quality: 00.55", "min_quality: 0.55"),
    "no zero before the point": ("min_quality: .55", "min_quality: 0.55"),
    "nothing after the point": ("min_quality: 1.", "min_quality: 1"),
    "underscores": ("fallback_cost_penalty_pct: 1_0.5_0", "fallback_cost_penalty_pct: 10.50"),
    "hexadecimal": ("fallback_cost_penalty_pct: 0x1F", "fallback_cost_penalty_pct: 31"),
    "zeros at the end": ("min_quality: 0.55000", "min_quality: 0.5500"),
    "yes": ("fallback_enabled: yes", "fallback_enabled: true"),
    "Off": ("fallback_enabled: Off", "fallback_enabled: false"),
    "a quoted boolean": ('fallback_enabled: "false"', "fallback_enabled: false"),
    "TRUE": ("fallback_enabled: TRUE", "fallback_enabled: true"),
    "one value for a list": ("stacks: eu", "stacks: [eu]"),
    "a null with nothing behind it": ("min_quality:", None),
    "a null with a tilde": ("min_quality: ~   ", None),
    "two nulls": ("min_quality: null\n    stacks: Null", None),
    "letters and marks": ("description: cafe\u0301", "description: caf\u00e9"),
}


@pytest.mark.parametrize(("wrong", "right"), REPAIRS.values(), ids=REPAIRS)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "BOM"])
def test_repairs(wrong: str, right: str | None, end: str, mark: str) -> None:
    """Each repair gives exactly the file its author would have written, whatever the line ends."""
    before = f"{mark}# as it was\n{TENANT}    {wrong}\n    banned_models: [poor]  # kept\n"
    after = (
        f"{mark}# as it was\n{TENANT}    {right}\n    banned_models: [poor]  # kept\n"
        if right
        else f"{mark}# as it was\n{TENANT}    banned_models: [poor]  # kept\n"
    )
    files = project(policies_tenants=before.replace("\n", end))
    found = checked(files).diagnostics
    assert found
    assert all(one.fix is not None for one in found), found
    repaired = fixed(files)
    assert repaired["policies/tenants.yaml"].decode() == after.replace("\n", end)
    assert checked(repaired).diagnostics == []
    assert repaired | {"policies/tenants.yaml": b""} == files | {"policies/tenants.yaml": b""}


FLOW = {
    "the first of three": ("{min_quality: ~, preset: balanced, stacks: [eu]}", "{preset: balanced, stacks: [eu]}"),
    "the second": ("{preset: balanced, min_quality: null , stacks: [eu]}", "{preset: balanced , stacks: [eu]}"),
    "the last": ("{preset: balanced, min_quality: }", "{preset: balanced}"),
    "a bare key": ("{preset: balanced, min_quality}", "{preset: balanced}"),
    "quotes without a space": (
        '{"preset":"balanced","fallback_enabled":"true"}',
        '{"preset":"balanced","fallback_enabled":true}',
    ),
}


@pytest.mark.parametrize(("wrong", "right"), FLOW.values(), ids=FLOW)
def test_repairs_between_braces(wrong: str, right: str) -> None:
    """Keys between the commas of one line are repaired and removed with their comma."""
    repaired = fixed(project(policies_tenants=f"tenants:\n  acme: {wrong}\n"))
    assert repaired["policies/tenants.yaml"].decode() == f"tenants:\n  acme: {right}\n"
    assert checked(repaired).diagnostics == []


NOT_FOR_A_MACHINE = {
    "a null beside a comment": "tenants:\n  acme:\n    preset: balanced\n    min_quality:  # to be agreed\n",
    "a null that is the only key": "tenants:\n  acme:\n    min_quality:\n",
    "nulls that are all the keys": "tenants:\n  acme:\n    min_quality:\n    stacks:\n",
    "decimals that say something": "tenants:\n  acme:\n    min_quality: 0.55555\n",
    "a number out of range": "tenants:\n  acme:\n    min_quality: '55'\n",
    "hexadecimal out of range": "tenants:\n  acme:\n    fallback_cost_penalty_pct: 0xFFFF\n",
    "an exponent out of range": "tenants:\n  acme:\n    min_quality: 5e9\n",
    "an exponent with too many decimals": "tenants:\n  acme:\n    min_quality: 1e-9\n",
    "a word far from all": "tenants:\n  acme:\n    objective: fastest\n",
    "a key far from all": "tenants:\n  acme:\n    region: eu\n    preset: balanced\n",
    "one for a boolean": "tenants:\n  acme:\n    fallback_enabled: 1\n",
    "a comma for a point": "tenants:\n  acme:\n    min_quality: 0,55\n",
    "a per cent sign": "tenants:\n  acme:\n    min_quality: 55%\n",
    "a name with a slip": "tenants:\n  acme:\n    banned_providers: [alfa]\n",
    "a key that is there already": "tenants:\n  acme:\n    min_quality: 0.5\n    min_qualty: 0.6\n",
}


@pytest.mark.parametrize("text", NOT_FOR_A_MACHINE.values(), ids=NOT_FOR_A_MACHINE)
def test_what_only_an_author_knows_has_no_fix(text: str) -> None:
    """Where two readings are possible, or something would be lost, there is a finding without a fix."""
    found = findings(policies_tenants=text)
    assert found
    assert [one.fix for one in found] == [None] * len(found)


def test_two_slips_of_one_key_are_not_made_one() -> None:
    """Two unknown keys near the same known one: only the first is renamed."""
    repaired = fixed(project(policies_tenants="tenants:\n  acme:\n    min_qualty: 0.5\n    min_qualiti: 0.6\n"))
    assert repaired["policies/tenants.yaml"] == b"tenants:\n  acme:\n    min_quality: 0.5\n    min_qualiti: 0.6\n"
    assert [one.rule for one in checked(repaired).diagnostics] == ["RC112"]
    assert checked(repaired).diagnostics[0].fix is None


def test_two_slips_of_one_section_are_not_made_one() -> None:
    """Sections are renamed only where the new name is free."""
    files = project(policies_x="tenents:\n  a: {}\ntenannts:\n  b: {}\n", policies_y="tenants: {c: {}}\ntenent: {}\n")
    assert fixed(files) == files


def test_a_required_key_is_not_removed() -> None:
    """A null where a value is required has no fix: leaving the key out is another error."""
    found = findings(
        routes_scoring="scoring:\n  cost:\n  latency_ms: {best: 0, worst: 10}\n",
        routes_defaults="defaults: {model: fair}\n",
    )
    assert [(one.rule, one.fix, one.help) for one in found] == [("RC114", None, "give it a value")]


def test_unused_things_are_removed() -> None:
    """Weights nobody reads, on one line or on several, and floors nobody reads."""
    files = project(
        policies_tenants="tenants:\n  acme:\n    objective: cheapest\n    weights:\n"
        "      quality: 0.2\n      latency: 0.5\n"
        "      cost: 0.3\n    min_quality: 0.5\n  globex: {weights: {quality: 0.2, latency: 0.5, cost: 0.3}, "
        "objective: cheapest}\n",
        policies_preferences=PREFERENCES.replace(
            "{good: 0.50, frontier: 0.85}", "{spare: 0.1, good: 0.50, other: 0.6, frontier: 0.85}"
        ),
    )
    repaired = fixed(files)
    assert repaired["policies/tenants.yaml"].decode() == (
        "tenants:\n  acme:\n    objective: cheapest\n    min_quality: 0.5\n  globex: {objective: cheapest}\n"
    )
    assert repaired["policies/preferences.yaml"].decode() == PREFERENCES
    assert checked(repaired).diagnostics == []


def test_weights_with_a_comment_stay() -> None:
    """What an author wrote beside them is not thrown away."""
    found = findings(
        policies_tenants="tenants:\n  acme:\n    objective: cheapest\n    weights:\n      quality: 0.2  # why\n"
        "      latency: 0.5\n      cost: 0.3\n"
    )
    assert [(one.rule, one.fix) for one in found] == [("RC323", None)]


def test_the_dial_is_set_to_zero() -> None:
    """The delta of the default preference, whichever it is."""
    wrong = PREFERENCES.replace("default: balanced", "default: cost")
    repaired = fixed(project(policies_preferences=wrong))
    assert repaired["policies/preferences.yaml"].decode() == wrong.replace("cost: -0.10", "cost: 0")
    assert checked(repaired).diagnostics == []
