"""A reference that names nothing gets the remedy that keeps what its author decided: no other name in its place."""

from __future__ import annotations

import pytest

from tests.check.project import MODELS, PROVIDERS, findings

FEATURE = "features: {chat: {models: {good: primary}, fallback: [NAMES]}}\n"
TARGET = "targets: {best: {candidates: {models: [NAMES]}}}\n"
BAN = "tenants: {acme: {banned_models: [NAMES]}}\n"
STACKS = "tenants: {acme: {stacks: [NAMES]}}\n"
BANNED = "tenants: {acme: {banned_providers: [NAMES]}}\n"
PREFERRED = "tenants: {acme: {preferred_providers: [NAMES]}}\n"
LISTS = {
    "a fallback": ("routes_features", FEATURE, "fair", "poor"),
    "candidates": ("routes_targets", TARGET, "fair", "poor"),
    "a ban": ("policies_tenants", BAN, "fair", "poor"),
    "stacks": ("policies_tenants", STACKS, "eu", "us"),
    "banned providers": ("policies_tenants", BANNED, "alpha", "beta"),
    "preferred providers": ("policies_tenants", PREFERRED, "alpha", "beta"),
}


@pytest.mark.parametrize("between", ["\n    ", "\n    - ", "\n\n    ", "\r\n     "])
@pytest.mark.parametrize("place", LISTS)
def test_two_names_over_two_lines_are_both_offered(place: str, between: str) -> None:
    """A comma or a dash is missing: whoever follows the remedy loses neither."""
    name, text, first, second = LISTS[place]
    (finding,) = findings(**{name: text.replace("NAMES", f"{first}{between}{second}")})
    assert finding.rule == "RC118"
    assert finding.help == f"each is an entry of its own: write {first}, {second}"


def test_a_slip_in_one_of_two_lines() -> None:
    """The name that is meant is offered beside the other."""
    (finding,) = findings(policies_tenants=BAN.replace("NAMES", "good\n    poorr"))
    assert finding.help == "each is an entry of its own: write good, poor"


MOVED_MODEL = MODELS.replace("  good: {", "  house: {was: goad, ") + MODELS.splitlines()[1] + "\n"
MOVED_PROVIDER = PROVIDERS.replace("  beta: {", "  gamma: {was: betta, ") + PROVIDERS.splitlines()[2] + "\n"


@pytest.mark.parametrize(
    ("files", "new"),
    [
        ({"routes_models": MOVED_MODEL, "policies_tenants": BAN.replace("NAMES", "goad")}, "house"),
        ({"routes_models": MOVED_MODEL, "routes_features": FEATURE.replace("NAMES", "goad")}, "house"),
        ({"routes_models": MOVED_MODEL, "routes_targets": TARGET.replace("NAMES", "goad")}, "house"),
        ({"routes_models": MOVED_MODEL, "routes_targets": "targets: {x: {candidates: {logical: goad}}}\n"}, "house"),
        ({"routes_providers": MOVED_PROVIDER, "policies_tenants": BANNED.replace("NAMES", "betta")}, "gamma"),
        ({"routes_providers": MOVED_PROVIDER, "policies_tenants": PREFERRED.replace("NAMES", "betta")}, "gamma"),
        (
            {
                "routes_targets": TARGET.replace("best: {", "better: {was: besst, ").replace("NAMES", "fair"),
                "routes_features": "features: {chat: {models: {good: primary}, then: besst}}\n",
            },
            "better",
        ),
    ],
)
def test_a_name_of_before_is_that_of_today(files: dict[str, str], new: str) -> None:
    """`was` says what became of it, however near another name is."""
    (finding,) = findings(**files)
    assert f"[{new}]" in finding.help or finding.help.endswith(f"was renamed: write `{new}`"), finding.help


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (BAN.replace("NAMES", "alpha"), "`alpha` is a provider: write it in `banned_providers`"),
        (BAN.replace("NAMES", "eu"), "`eu` is a stack: `stacks` lists those that are allowed"),
        (
            BANNED.replace("NAMES", "good"),
            "`good` is a model of provider `alpha`: bans of models are in `banned_models`",
        ),
        (BANNED.replace("NAMES", "us"), "`us` is a stack: `stacks` lists those that are allowed"),
        (
            STACKS.replace("NAMES", "beta"),
            "`beta` is a provider, of stack `eu`: `stacks` lists stacks that are allowed",
        ),
    ],
)
def test_a_thing_of_another_kind_is_called_what_it_is(text: str, right: str) -> None:
    """No near name is offered where the name is that of something else; `alphas` is a model near to `alpha`."""
    near = MODELS + MODELS.splitlines()[1].replace("good", "alphas") + "\n"
    assert [finding.help for finding in findings(policies_tenants=text, routes_models=near)] == [right]


@pytest.mark.parametrize(
    ("text", "matching"),
    [
        (BAN.replace("NAMES", "goo*"), ": good"),
        (BAN.replace("NAMES", "'*o*'"), ": good, poor"),
        (BAN.replace("NAMES", "'?air'"), ": fair"),
        (BAN.replace("NAMES", "gpt-*"), ""),
        (BANNED.replace("NAMES", "'*a'"), ": alpha, beta"),
        (STACKS.replace("NAMES", "e*"), ": eu"),
        (FEATURE.replace("NAMES", "'po*'"), ": poor"),
    ],
)
def test_a_pattern_is_called_one(text: str, matching: str) -> None:
    """There are none in lists of references: all that it matches is listed."""
    name = "routes_features" if text.startswith("features") else "policies_tenants"
    (finding,) = findings(**{name: text})
    assert finding.help == "there are no patterns here: name each" + matching
