"""Several names written as one: what is offered keeps every name, and is never a merged word."""

from __future__ import annotations

import pytest

from tests.check.full_project import (
    DEFAULTS,
    EXPERIMENTS,
    FEATURES,
    MODELS,
    PROVIDERS,
    TARGETS,
    TENANTS,
    changed,
)

BETWEEN = (", ", "; ", ";", "|", " | ", " & ", "+", " + ", "/", " / ", " and ", ",")
LISTS = [
    (TARGETS, "stacks: [eu]", "stacks", "eu", "us"),
    (TARGETS, "models: [gpt-6.1-sol, mistral-medium-3]", "models", "gpt-6.1-sol", "mistral-medium-3"),
    (TENANTS, "banned_providers: [local]", "banned_providers", "local", "openai"),
    (FEATURES, "fallback: [mistral-medium-3]", "fallback", "mistral-medium-3", "gpt-6-luna"),
    (MODELS, "capabilities: [streaming, tools]", "capabilities", "streaming", "tools"),
]
SINGLE = [
    (DEFAULTS, "preset: balanced", "preset", "balanced", "cost_first"),
    (DEFAULTS, "model: small-mistral", "model", "small-mistral", "gpt-6-luna"),
    (DEFAULTS, "support-chat: gpt-6.1-sol", "support-chat", "gpt-6.1-sol", "gpt-6-luna"),
    (MODELS, "successor: mistral-medium-3", "successor", "mistral-medium-3", "gpt-6-luna"),
    (MODELS, "provider: openai", "provider", "openai", "mistral"),
    (PROVIDERS, "stack: us", "stack", "us", "eu"),
    (EXPERIMENTS, "model: mistral-medium-3}", "model", "mistral-medium-3", "gpt-6-luna"),
]


@pytest.mark.parametrize(("path", "old", "key", "first", "second"), LISTS)
def test_names_of_a_list(path: str, old: str, key: str, first: str, second: str) -> None:
    """Each is an entry of its own, as one entry of the list and in place of it; no safe fix loses one."""
    for between in BETWEEN:
        text = first + between + second
        (entry,) = changed((path, old, f'{key}: ["{text}"]'))
        assert entry.help.endswith(f"write {first}, {second}"), between
        assert entry.fix is None
        (whole,) = changed((path, old, f'{key}: "{text}"'))
        assert f"[{first}, {second}]" in whole.help or (between == "/" and f"{first}-{second}" not in whole.help)
        assert whole.fix is None or not whole.fix.is_safe


@pytest.mark.parametrize(("path", "old", "key", "first", "second"), SINGLE)
def test_one_name_is_wanted(path: str, old: str, key: str, first: str, second: str) -> None:
    """Never the text that is refused, nor a list, nor one of the two as if it were meant."""
    for between in BETWEEN:
        end = "}" if old.endswith("}") else ""
        (found,) = changed((path, old, f'{key}: "{first}{between}{second}"{end}'))
        assert found.help == f"one name is wanted here: keep one of {first}, {second}", between


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("mistral-medim-3|gpt-6-luna", "mistral-medium-3, gpt-6-luna"),
        ("GPT 6 Luna | Mistral Medium 3", "gpt-6-luna, mistral-medium-3"),
        ("openai/gpt-6-luna; mistral/mistral-medium-3", "gpt-6-luna, mistral-medium-3"),
        ("gpt-6-luna + zeta", "gpt-6-luna, zeta"),
        ("gpt-6-luna:mistral-medium-3", "gpt-6-luna, mistral-medium-3"),
        ("gpt-6-luna ~ mistral-medium-3", "gpt-6-luna, mistral-medium-3"),
        ("gpt-6-luna und mistral-medium-3", "gpt-6-luna, mistral-medium-3"),
    ],
)
def test_each_of_several_references_is_the_declared_one(text: str, names: str) -> None:
    """A misspelt one among them, one with its provider, and one that nobody declares."""
    (found,) = changed((FEATURES, "fallback: [mistral-medium-3]", f'fallback: ["{text}"]'))
    assert found.help == f"each is an entry of its own: write {names}"


@pytest.mark.parametrize(
    ("path", "old", "new", "help"),
    [
        (TARGETS, "\n      stacks: [eu]", " {stacks: eu, us}", "write [eu, us]"),
        (TARGETS, "\n      stacks: [eu]", " {stacks: [eu], us}", "write [eu, us]"),
        (TENANTS, "  acme:", "  more: {preset: balanced, banned_models: gpt-6-luna, small-mistral}\n  acme:",
         "write [gpt-6-luna, small-mistral]"),
        (TENANTS, "  acme:", "  more: {banned_providers: local, openai, mistral, min_quality: 0.5}\n  acme:",
         "write [local, openai, mistral]"),
        (TENANTS, "  acme:", "  more: {preset: balanced, cost_first, min_quality: 0.5}\n  acme:",
         "one name is wanted at `preset`: keep one of balanced, cost_first"),
    ],
)  # fmt: skip
def test_a_list_without_brackets_in_braces(path: str, old: str, new: str, help: str) -> None:
    """It is one finding with all entries; the words behind the comma are no unknown keys."""
    (found,) = changed((path, old, new))
    assert found.help == help
    assert found.fix is None


SLOTS = (
    "[0, 4999]", "0-4999", "[[0-4999]]", "[0-4999]", '"0..4999"', "0 to 4999", "{from: 0, to: 4999}", "[[0, 0.4999]]",
    "[{first: 0, last: 4999}]", "\n          - 0\n          - 4999", "0, 4999",
)  # fmt: skip


@pytest.mark.parametrize("slots", SLOTS)
def test_ranges_of_slots(slots: str) -> None:
    """The finding speaks of slots and says what to write, of all variants at once."""
    weight = "weight: 0.50\n        versions: [{version: 1, model: "
    first, second = (f"{weight}{model}}}]" for model in ("gpt-6.1-sol", "mistral-medium-3"))
    (found,) = changed(
        (EXPERIMENTS, first, f"slots: {slots}\n        {first}"),
        (EXPERIMENTS, second, f"slots: {slots}\n        {second}"),
    )
    assert found.rule == "RC120"
    assert "ranges of slots" in found.message
    assert found.help == "write control: [[0, 4999]], medium: [[0, 4999]]"


def test_ranges_of_slots_in_braces() -> None:
    """The comma behind a range is no end of it."""
    old = "\n        weight: 0.50\n        versions: [{version: 1, model: gpt-6.1-sol}]"
    for slots, ranges in (("0, 4999", "[[0, 4999]]"), ("0-99, 200-299", "[[0, 99], [200, 299]]")):
        new = f" {{weight: 0.50, slots: {slots}, versions: [{{version: 1, model: gpt-6.1-sol}}]}}"
        (found,) = changed((EXPERIMENTS, old, new))
        assert found.help == f"write {ranges}"


@pytest.mark.parametrize("slots", ["50%", "all", "5000", "{share: 0.5}", "none"])
def test_what_is_no_range_of_slots(slots: str) -> None:
    """No figure is made up, and no list of names is asked for."""
    line = "weight: 0.50\n        versions: [{version: 1, model: gpt-6.1-sol}]"
    (found,) = changed((EXPERIMENTS, line, f"slots: {slots}\n        {line}"))
    assert found.help.startswith("write ranges of slots, 0 to 9999")
    assert "names" not in found.help


@pytest.mark.parametrize(
    ("versions", "help"),
    [
        ("1", "write a list, as in [{version: 1, model: …}]"),
        ("gpt-6.1-sol", "write a list, as in [{version: …, model: gpt-6.1-sol}]"),
        ("all", "write a list, as in [{version: …, model: …}]"),
        ("{version: 1, model: gpt-6.1-sol}", "write a list, even of one entry: [{version: 1, model: gpt-6.1-sol}]"),
    ],
)
def test_a_list_of_versions(versions: str, help: str) -> None:
    """What is to be written is a list of versions, and no list of names."""
    (found,) = changed((EXPERIMENTS, "[{version: 1, model: gpt-6.1-sol}]", versions))
    assert found.help == help


@pytest.mark.parametrize("statuses", [("primary",), ("primary", "shadow"), ("shadow", "primary", "retired")])
def test_models_behind_their_status(statuses: tuple[str, ...]) -> None:
    """A feature whose rows are turned round is one mistake, with all rows as they are written."""
    models = ("small-mistral", "gpt-6-luna", "small-local")
    rows = "\n".join(f"      {status}: {model}" for status, model in zip(statuses, models, strict=False))
    (found,) = changed((FEATURES, "      small-mistral: primary", rows))
    listed = ", ".join(f"{model}: {status}" for status, model in zip(statuses, models, strict=False))
    assert found.help == f"a model stands before its status: write `{listed}`"


def test_a_list_where_one_value_is_wanted() -> None:
    """One is kept; within another list, its entries are entries of that one."""
    (single,) = changed((DEFAULTS, "preset: balanced", "preset: [balanced, cost_first]"))
    assert single.help == "one value is wanted here: keep one of balanced, cost_first"
    (lone,) = changed((DEFAULTS, "preset: balanced", "preset: [balanced]"))
    assert lone.help == "write balanced"
    (inner,) = changed((TENANTS, "banned_providers: [local]", "banned_providers: [[local, openai]]"))
    assert inner.help == "each is an entry of its own: write local, openai"
    (candidates,) = changed((TARGETS, "candidates: all", "candidates: [gpt-6-luna]"))
    assert "models" in candidates.help


def test_several_numbers() -> None:
    """Two numbers with points are none with a comma."""
    for text in ("0.5, 0.6", "0.5,0.6"):
        (found,) = changed((TENANTS, "  acme:", f"  more: {{min_quality: {text}}}\n  acme:"))
        assert found.help == "one number is wanted here: keep one of 0.5, 0.6"
