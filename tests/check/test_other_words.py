"""A required key that is written as another word is one finding: the word's, which says what is missing."""

from __future__ import annotations

import pytest

from tests.check.project import MODELS, PREFERENCES, PROVIDERS, SCALES, findings

MODEL = (
    "  more: {provider: alpha, quality: 0.8, price: {input: 2.00, output: 8.00}, latency_ms: 820, "
    "context_window: 9000}\n"
)
TENANT = "tenants:\n  acme: {weights: {quality: 0.40, latency: 0.30, cost: 0.30}}\n"
PROVIDER = (
    "  more: {adapter: openai, base_url: 'https://a.example', chat_path: /v1, api_key_env: MORE_API_KEY, stack: us}\n"
)


def said(old: str, new: str) -> list[tuple[str, str]]:
    """Return rule and help of what is found in a project of which one piece of text is another."""
    texts = {
        "routes_models": MODELS + MODEL,
        "routes_providers": PROVIDERS + PROVIDER,
        "routes_defaults": "defaults:\n  model: fair\n" + SCALES,
        "policies_tenants": TENANT,
        "policies_preferences": PREFERENCES,
    }
    assert not findings(**texts)
    changed = {name: text.replace(old, new) for name, text in texts.items()}
    assert sum(changed[name] != text for name, text in texts.items()) == 1
    return [(diagnostic.rule, diagnostic.help) for diagnostic in findings(**changed)]


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        ("context_window: 9000", "room: 9000", "context_window"),
        ("latency_ms: 820", "speed: 820", "latency_ms"),
        ("base_url: 'https://a.example'", "address: 'https://a.example'", "base_url"),
        ("base_url: 'https://a.example'", "location: 'https://a.example'", "base_url"),
        ("MORE_API_KEY, stack", "MORE_API_KEY, zone", "stack"),
        ("price: {input: 2.00", "cost: {input: 2.00", "price"),
        ("{input: 2.00", "{prompt: 2.00", "input"),
    ],
)
def test_another_word(old: str, new: str, missing: str) -> None:
    """It is one finding, and no fix: whether the word means the key, only its author knows."""
    help = f"`{missing}` is missing: if that is meant, rename it; else remove it, and add `{missing}:`"
    assert said(old, new) == [("RC112", help)]


def test_two_words_are_two_findings() -> None:
    """Each is said, and nothing else."""
    both = said("latency_ms: 820, context_window: 9000", "speed: 820, size: 9000")
    help = "`latency_ms`, `context_window` are missing: if one of them is meant, rename it"
    assert both == [("RC112", help)] * 2


def test_two_words_of_a_mapping_are_one_habit() -> None:
    """Within a body they are one finding; a misspelt word beside another one is its own."""
    help = "`input`, `output` are missing: rename them"
    assert said("{input: 2.00, output: 8.00}", "{in: 2.00, out: 8.00}") == [("RC112", help)]
    assert [rule for rule, _ in said("{input: 2.00, output: 8.00}", "{prompt: 2.00, outptu: 8.00}")] == ["RC112"] * 2


def test_what_is_not_another_word() -> None:
    """A missing key without an unknown one is missing; more unknown ones than missing are none of them."""
    assert said(", latency_ms: 820", "") == [("RC113", "add `latency_ms:`")]
    assert "RC113" in [rule for rule, _ in said("latency_ms: 820", "speed: 820, notes: x")]
    assert ("RC113", "add `output:`") in said("{input: 2.00, output: 8.00}", "{input: 2,5}")


def test_equals_signs() -> None:
    """One finding writes the whole mapping."""
    help = "a colon and a space stand behind a key: write `input: 2.00, output: 8.00`"
    assert said("{input: 2.00, output: 8.00}", "{input=2.00, output=8.00}") == [("RC112", help)]


def test_percentages() -> None:
    """Percentages are one mistake, with figures where these add up to 1."""
    weights = "quality: 0.40, latency: 0.30, cost: 0.30"
    help = "they are shares of 1: write quality: 0.40, latency: 0.30, cost: 0.30"
    assert said(weights, "quality: 40, latency: 30, cost: 30") == [("RC117", help)]
    help = "they are shares of 1: write quality: 0.39, latency: 0.30, cost: 0.31"
    assert said(weights, "quality: 40, latency: 30, cost: 31") == [("RC117", help)]
    help = "they are shares of 1: write some that add up to 1"
    assert said(weights, "quality: 40, latency: 30, cost: 41") == [("RC117", help)]


def test_a_section_without_its_key() -> None:
    """The lines of `scoring` below `defaults` are one finding, which says what belongs above them."""
    assert said("scoring:\n", "") == [("RC112", "put `scoring:` above it")]


@pytest.mark.parametrize(
    ("old", "new", "help"),
    [
        ("latency_ms: 820", "Latency_ms: 820", "did you mean `latency_ms`?"),
        ("latency_ms: 820", "latencyms: 820", "did you mean `latency_ms`?"),
        ("latency_ms: 820", "output_ration: 0.3, latency_ms: 820", "did you mean `output_ratio`?"),
        ("quality: 0.8,", "quality: 7.6,", "it is a share of 1: write 0.76, if it is of 10, else 0.076"),
        ("quality: 0.8,", "quality: 76,", "it is a share of 1: write 0.76"),
        ("input: 2.00", "input: .000002", "prices are US dollars per million tokens: write 2"),
        ("input: 2.00", "input: 0.00000200", "prices are US dollars per million tokens: write 2"),
    ],
)
def test_slips_that_are_no_other_word(old: str, new: str, help: str) -> None:
    """A unit in a misspelt word makes it no other word, and a figure is of the unit that is likely."""
    ((_, said_help),) = said(old, new)
    assert said_help == help
