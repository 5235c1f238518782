"""Names in expectations: each kind is checked where it stands, once, and a stranger can be meant."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from routecomp.checker import Options, check
from tests.cli.transcripts import SMALL

FILES = {path: text.encode() for path, text in SMALL.items()}
EXPERIMENT = b"""\
experiments:
  nimbus:
    public_model_id: preview/nimbus
    status: draft
    variants:
      control: {weight: 0.5, versions: [{version: 1, model: claude}]}
      large: {weight: 0.5, versions: [{version: 1, model: mistral-large}]}
"""
# By argument: a slip in a name, the rule that finds it, and the name that was meant.
ARGUMENTS: dict[str, tuple[Any, str, str]] = {
    "feature": ("suport-chat", "RC218", "support-chat"),
    "model": ("mistral-larg", "RC218", "mistral-large"),
    "tenant": ("berln", "RC218", "berlin"),
    "preference": ("qualty", "RC218", "quality"),
    "stack": ("avoid-eus", "RC210", "eu"),
    "capabilities": (["tool"], "RC218", "tools"),
    "unavailable": (["mistrl"], "RC218", "mistral"),
}
KEYS: dict[str, tuple[Any, str, str]] = {
    "model": ("claud", "RC207", "claude"),
    "provider": ("antropic", "RC206", "anthropic"),
    "chain": (["claud"], "RC207", "claude"),
    "chain_begins": (["claud"], "RC207", "claude"),
    "shadows": (["claud"], "RC207", "claude"),
    "experiment": ("nimbs", "RC218", "nimbus"),
    "variant": ("contrl", "RC218", "control"),
}
ANY = {"source": "table"}


def findings(entry: dict[str, Any], files: dict[str, bytes] | None = None) -> list[tuple[str, str, str]]:
    """What is found in a project with an expectation: rule, the text that is underlined, and help."""
    text = json.dumps({"expectations": {"asked": entry}})
    project = {**FILES, "experiments/e.yaml": EXPERIMENT, **(files or {}), "policies/expectations.yaml": text.encode()}
    result = check(project, Options(date(2026, 11, 20)))
    return [(each.rule, each.span.text if each.span else "", each.help) for each in result.diagnostics]


def flat(value: Any) -> str:
    """A name, or the one in a list."""
    return str(value[0] if isinstance(value, list) else value)


@pytest.mark.parametrize("argument", ARGUMENTS)
def test_a_slip_in_a_request(argument: str) -> None:
    """It is one finding at its place, in `request` and under `for`; none where it is listed in `undeclared`."""
    slip, rule, meant = ARGUMENTS[argument]
    other = {} if argument in ("feature", "model") else {"feature": "support-chat"}
    for entry in (
        {"request": {**other, argument: slip}, "expect": ANY},
        {"request": other, "for": {argument: [slip]}, "expect": ANY},
    ):
        ((found, text, help_),) = findings(entry)
        assert (found, text.strip('"')) == (rule, flat(slip))
        assert f"did you mean `{meant}`?" in help_
        assert findings({**entry, "undeclared": [flat(slip)]}) == []


@pytest.mark.parametrize("key", KEYS)
def test_a_slip_in_a_decision(key: str) -> None:
    """It is one finding at its place, in `expect` and in a row; a decision never names a stranger."""
    slip, rule, meant = KEYS[key]
    request = {"feature": "support-chat"}
    row = {"where": {"tenant": "acme"}, "expect": {key: slip}}
    for entry in (
        {"request": request, "expect": {key: slip}},
        {"request": request, "for": {"tenant": ["acme"]}, "rows": [row]},
    ):
        ((found, text, help_),) = findings(entry)
        assert (found, text.strip('"')) == (rule, flat(slip))
        assert f"did you mean `{meant}`?" in help_


def test_two_slips_are_two_findings() -> None:
    """One name in two places is one finding, two names are two."""
    entry = {"for": {"tenant": ["berln", "acmee"], "feature": ["support-chat"]}, "expect": {"model": "claude"}}
    assert [text.strip('"') for _, text, _ in findings(entry)] == ["berln", "acmee"]
    twice = {"request": {"feature": "support-chat"}, "expect": {"model": "claud", "chain": ["claud"]}}
    assert len(findings(twice)) == 1


@pytest.mark.parametrize("argument", ["feature", "model", "tenant", "capabilities", "unavailable"])
def test_nothing_is_said_of_names_that_a_broken_file_may_declare(argument: str) -> None:
    """Where a file cannot be read, its names are not known, and an expectation that uses one is right."""
    broken = {"routes/broken.yaml": b"models: [", "policies/broken.yaml": b"tenants: ["}
    other = {} if argument in ("feature", "model") else {"feature": "support-chat"}
    entry = {"request": {**other, argument: ARGUMENTS[argument][0]}, "expect": ANY}
    assert {rule for rule, _, _ in findings(entry, broken)} == {"RC103"}


UNREAD = {"routes/unread.yaml": b"models:\n  unread:\n    provider: anthropic\n"}
"""A model that lacks what it needs: one finding, and nothing but its own names is hidden."""


@pytest.mark.parametrize("argument", ARGUMENTS)
def test_a_slip_beside_a_model_that_cannot_be_read(argument: str) -> None:
    """Two mistakes are two findings."""
    slip, rule, _ = ARGUMENTS[argument]
    other = {} if argument in ("feature", "model") else {"feature": "support-chat"}
    found = findings({"request": {**other, argument: slip}, "expect": ANY}, UNREAD)
    assert sorted({name for name, _, _ in found}) == sorted({"RC113", rule})


@pytest.mark.parametrize("argument", ARGUMENTS)
def test_a_slip_under_for_leaves_its_rows_alone(argument: str) -> None:
    """A row that means the right name finds it misspelt under `for`: one mistake. A row of its own kind is another."""
    slip, rule, meant = ARGUMENTS[argument]
    value = [meant] if isinstance(slip, list) else f"avoid-{meant}" if argument == "stack" else meant
    other = {} if argument in ("feature", "model") else {"feature": "support-chat"}
    row = {"where": {argument: value}, "expect": ANY}
    entry: dict[str, Any] = {"request": other, "for": {argument: [slip]}, "rows": [row]}
    assert [name for name, _, _ in findings(entry)] == [rule]
    entry["rows"] = [row, {"where": {"input_tokens": 1}, "expect": ANY}]
    assert [name for name, _, _ in findings(entry)] == [rule, "RC371"]


def test_a_provider_that_is_gone_is_one_finding() -> None:
    """What its models say of it is told with their rule, and not again for the expectation."""
    files = {path: text.replace(b"  mistral:", b"  mistrel:") for path, text in FILES.items()}
    entry = {"request": {"feature": "support-chat", "unavailable": ["mistral"]}, "expect": ANY}
    assert [name for name, _, _ in findings(entry, files)] == ["RC206"]


def test_names_of_another_kind() -> None:
    """A feature where a call name stands, and the other way round, are told apart."""
    ((_, _, help_),) = findings({"request": {"model": "support-chat"}, "expect": ANY})
    assert help_ == "`support-chat` is a feature: write `feature: support-chat`"
    ((_, _, help_),) = findings({"request": {"feature": "auto"}, "expect": ANY})
    assert help_ == "it is target `auto`: write `model: auto`"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"request": {"feature": "support-chat"}, "for": {"feature": ["support-chat"]}, "expect": ANY}, "under `for`"),
        ({"for": {"feature": ["support-chat", "support-chat"]}, "expect": ANY}, "holds a value twice"),
        ({"request": {"feature": "support-chat"}}, "expects nothing"),
        ({"request": {"feature": "support-chat"}, "gate": "open", "expect": ANY}, "always shut"),
        ({"request": {"feature": "support-chat"}, "undeclared": ["x"], "expect": ANY}, "none of its requests"),
        (
            {"request": {"feature": "support-chat", "tenant": "acme"}, "undeclared": ["acme"], "expect": ANY},
            "which is declared",
        ),
        (
            {
                "for": {"feature": ["support-chat"], "input_tokens": [*range(400)], "max_output_tokens": [*range(400)]},
                "expect": ANY,
            },
            "more than 100,000 requests",
        ),
    ],
    ids=lambda item: item if isinstance(item, str) else "",
)
def test_what_contradicts_itself(entry: dict[str, Any], words: str) -> None:
    """Each is one finding of RC371 that says so."""
    project = {**FILES, "policies/expectations.yaml": json.dumps({"expectations": {"asked": entry}}).encode()}
    (diagnostic,) = check(project, Options(date(2026, 11, 20))).diagnostics
    assert diagnostic.rule == "RC371"
    assert words in diagnostic.message
