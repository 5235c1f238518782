"""Mistakes that show in several places, as an attack found them: each is one finding. Beside each, two that are two."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from routecomp.diagnostics.diagnostic import Diagnostic
from tests.check.rule_mistakes import (
    ASSISTANTS,
    COMMERCE,
    DEFAULTS,
    DOCUMENTS,
    MISTRAL,
    PREFERENCES,
    PRESETS,
    PROVIDERS,
    TARGETS,
    TICKETS,
)
from tests.check.test_one_mistake import DRAWER, findings

PRICE = "price: {input: 1.50, output: 7.50}"
WEIGHTS = "weights: {quality: 0.35, latency: 0.55, cost: 0.10}"
FLOORS = "floors: {good: 0.50, frontier: 0.85}"
DIAL = "dial: {quality: +0.10, balanced: 0, cost: -0.10}"
MEDIUM = "  mistral-medium-3:\n"


class Edit(NamedTuple):
    """Replace every occurrence of a text in a file."""

    path: str
    old: str
    new: str


class Relative(NamedTuple):
    """A mistake, the rule of its one finding, and what its help (or message) says."""

    edits: tuple[Edit, ...]
    rule: str
    says: str = ""


def of(rule: str, path: str, old: str, new: str, says: str = "") -> Relative:
    """Return a mistake in one place."""
    return Relative((Edit(path, old, new),), rule, says)


def moved(path: str, other: str, first: str, last: str, rule: str, says: str) -> Relative:
    """Return a mistake: the lines from `first` up to `last` stand at the end of another file."""
    text = DRAWER.texts[path]
    start = text.index(first)
    lines = text[start : text.index(last, start) if last else len(text)]
    end = DRAWER.texts[other].rstrip("\n").rpartition("\n")[2]
    return Relative((Edit(path, lines, ""), Edit(other, end + "\n", f"{end}\n\n{lines.rstrip()}\n")), rule, says)


def found(edits: tuple[Edit, ...]) -> list[Diagnostic]:
    """Return what is found after some edits, each of which changes something."""
    texts = dict(DRAWER.texts)
    for path, old, new in edits:
        assert old in texts[path], (path, old)
        texts[path] = texts[path].replace(old, new)
    return findings({**DRAWER.files, **{path: texts[path].encode() for path, _, _ in edits}})


RELATIVES: dict[str, Relative] = {
    "the line of preferences deleted": of("RC203", PREFERENCES, "preferences:\n", "", "put `preferences:` above"),
    "a comma forgotten in a pair": of("RC118", PREFERENCES, "[good, frontier]", "[good frontier]", "good, frontier"),
    "a comma forgotten in a list": of(
        "RC118", DOCUMENTS, "[gpt-6-luna, claude-", "[gpt-6-luna claude-", "gpt-6-luna, claude-"
    ),
    "a comma forgotten among slots": of("RC120", ASSISTANTS, "[[0, 4999],", "[[0 4999],", "write [[0, 4999]"),
    "commas that may part thousands": of(
        "RC115", MISTRAL, PRICE, "price: {input: 1,375, output: 7,50}", "input: 1.375 or 1375, output: 7.50"
    ),
    "a word that means another key": of(
        "RC112", MISTRAL, "context_window: 128000", "max_tokens: 128000", "`context_window` is missing"
    ),
    "a slug with a slash": of("RC118", MISTRAL, MEDIUM, "  mistral/mistral-medium-3:\n", "mistral-medium-3"),
    "a slug with a colon": of("RC118", MISTRAL, MEDIUM, "  mistral-medium-3:latest:\n"),
    "shadow with both figures retired": of(
        "RC307", DOCUMENTS, "{status: shadow, sample: 0.03", "{status: retired, sample: 0.03"
    ),
    "shadow with both figures primary": of(
        "RC303", DOCUMENTS, "{status: shadow, sample: 0.03", "{status: primary, sample: 0.03"
    ),
    "second primary below the floor": of(
        "RC303", DOCUMENTS, "mistral-small-3.2-ovhcloud: shadow", "mistral-small-3.2-ovhcloud: primary"
    ),
    "second primary is a fallback": of("RC303", DOCUMENTS, "gpt-6-luna: shadow", "gpt-6-luna: primary"),
    "flat prices": of(
        "RC112", MISTRAL, PRICE, "price_input: 1.50\n    price_output: 7.50", "price: {input: 1.50, output: 7.50}"
    ),
    "flat prices the other way": of(
        "RC112", MISTRAL, PRICE, "input_price: 1.50\n    output_price: 7.50", "price: {input: 1.5, output: 7.5}"
    ),
    "prices for each token": of(
        "RC112",
        MISTRAL,
        PRICE,
        "input_cost_per_token: 0.0000015\n    output_cost_per_token: 7.5e-06",
        "write `price: {input: 1.5, output: 7.5}`, in US dollars per million tokens",
    ),
    "prices without their key": of(
        "RC112", MISTRAL, PRICE, "input: 1.50\n    output: 7.50", "price: {input: 1.50, output: 7.50}"
    ),
    "a flat scale": of(
        "RC112",
        DEFAULTS,
        "cost: {best: 0, worst: 20.00}",
        "cost_best: 0\n  cost_worst: 20.00",
        "cost: {best: 0, worst: 20.00}",
    ),
    "flat weights": of(
        "RC112",
        COMMERCE,
        WEIGHTS,
        "quality: 0.35\n    latency: 0.55\n    cost: 0.10",
        "weights: {quality: 0.35, latency: 0.55, cost: 0.10}",
    ),
    "weights of ten": of(
        "RC117",
        COMMERCE,
        WEIGHTS,
        "weights: {quality: 4, latency: 3, cost: 3}",
        "quality: 0.40, latency: 0.30, cost: 0.30",
    ),
    "weights of ten, one of them 1": of(
        "RC117",
        COMMERCE,
        WEIGHTS,
        "weights: {quality: 7, latency: 2, cost: 1}",
        "quality: 0.70, latency: 0.20, cost: 0.10",
    ),
    "weights in per cent": of("RC117", COMMERCE, WEIGHTS, "weights: {quality: 40, latency: 30, cost: 30}", "0.40"),
    "weights with signs": of(
        "RC115",
        COMMERCE,
        WEIGHTS,
        "weights: {quality: 40%, latency: 30%, cost: 30%}",
        "quality: 0.40, latency: 0.30, cost: 0.30",
    ),
    "weights with spaces and signs": of(
        "RC115",
        COMMERCE,
        WEIGHTS,
        "weights: {quality: 40 %, latency: 30 %, cost: 30 %}",
        "quality: 0.40, latency: 0.30, cost: 0.30",
    ),
    "weights of variants": of("RC117", TICKETS, "weight: 0.50", "weight: 50", "0.50"),
    "floors in per cent": of(
        "RC117", PREFERENCES, FLOORS, "floors: {good: 50, frontier: 85}", "good: 0.50, frontier: 0.85"
    ),
    "dial in per cent": of(
        "RC117", PREFERENCES, DIAL, "dial: {quality: 10, balanced: 0, cost: -10}", "quality: 0.10, cost: -0.10"
    ),
    "a dial without noughts": of(
        "RC115", PREFERENCES, DIAL, "dial: {quality: .1, balanced: 0, cost: -.1}", "cost: -0.1"
    ),
    "weights in quotes": of(
        "RC115", COMMERCE, WEIGHTS, "weights: {quality: '0.35', latency: '0.55', cost: '0.10'}", "quotes"
    ),
    "prices with commas in braces": of(
        "RC115", MISTRAL, PRICE, "price: {input: 1,50, output: 7,50}", "input: 1.50, output: 7.50"
    ),
    "other prices with commas in braces": of(
        "RC115", MISTRAL, PRICE, "price: {input: 1,50, output: 7,60}", "input: 1.50, output: 7.60"
    ),
    "weights with commas in braces": of(
        "RC115",
        COMMERCE,
        WEIGHTS,
        "weights: {quality: 0,40, latency: 0,30, cost: 0,30}",
        "quality: 0.40, latency: 0.30, cost: 0.30",
    ),
    "dial with commas in braces": of(
        "RC115", PREFERENCES, DIAL, "dial: {quality: +0,10, balanced: 0, cost: -0,10}", "quality: 0.10, cost: -0.10"
    ),
    "prices with commas": of(
        "RC115", MISTRAL, PRICE, "price:\n      input: 1,50\n      output: 7,50", "input: 1.50, output: 7.50"
    ),
    "a text with a star": of("RC106", PRESETS, "Cheap even", "*Cheap even", "quotes"),
    "a text in stars": of("RC106", PRESETS, "Cheap even", "**Cheap** even", "quotes"),
    "a text with an ampersand": of("RC106", PRESETS, "Cheap even", "&Cheap even", "quotes"),
    "a text with an exclamation mark": of("RC107", PRESETS, "Cheap even", "!Cheap even"),
    "a text with a per cent sign": of("RC103", PRESETS, "Cheap even", "%Cheap even", "quotes"),
    "a text with an at sign": of("RC103", PRESETS, "Cheap even", "@Cheap even", "quotes"),
    "a text with a backtick": of("RC103", PRESETS, "Cheap even", "`Cheap` even", "quotes"),
    "a wildcard in a list": of("RC106", TARGETS, "[router/auto,", "[*,"),
    "a merge key with its anchor": Relative(
        (
            Edit(MISTRAL, MEDIUM, "  mistral-medium-3: &g\n"),
            Edit(MISTRAL, "  codestral-2508:\n", "  codestral-2508:\n    <<: *g\n"),
        ),
        "RC106",
    ),
    "a merge key": of("RC106", MISTRAL, "  codestral-2508:\n", "  codestral-2508:\n    <<: *g\n"),
    "merge keys": of("RC106", MISTRAL, "    provider: mistral\n", "    <<: *g\n    provider: mistral\n"),
    "dial in other words": of("RC112", PREFERENCES, DIAL, "dial: {high: +0.10, medium: 0, low: -0.10}", "quality"),
    "prices in other words": of(
        "RC112", MISTRAL, PRICE, "price: {prompt: 1.50, completion: 7.50}", "`input`, `output`"
    ),
    "weights in other words": of(
        "RC112", COMMERCE, WEIGHTS, "weights: {quality: 0.35, speed: 0.55, price: 0.10}", "`latency`, `cost`"
    ),
    "capabilities in capitals": of(
        "RC118", MISTRAL, "[streaming, tools, json-schema]", "[Streaming, Tools, json-schema]", "streaming, tools"
    ),
    "a clamp of figures": of("RC213", PREFERENCES, "clamp: [good, frontier]", "clamp: [0.50, 0.85]"),
    "a no-break space behind a colon": of("RC103", MISTRAL, "    quality: 0.74", "    quality:\u00a00.74", "U+00A0"),
    "cents": of("RC115", MISTRAL, "{input: 1.50,", "{input: 150 ct,", "1.5"),
    "binary thousands": of("RC115", MISTRAL, "context_window: 128000", "context_window: 125Ki", "128000"),
    "a model in preferences": moved(
        MISTRAL, PREFERENCES, MEDIUM, "  mistral-small-2603:", "RC120", "below `models:` in routes/"
    ),
    "a model in defaults": moved(
        MISTRAL, DEFAULTS, MEDIUM, "  mistral-small-2603:", "RC120", "below `models:` in routes/"
    ),
    "a provider in defaults": moved(
        PROVIDERS, DEFAULTS, "  openai:", "  anthropic:", "RC120", "below `providers:` in routes/"
    ),
    "a target in preferences": moved(
        TARGETS, PREFERENCES, "  europe:", "  open-weights:", "RC120", "below `targets:` in routes/"
    ),
    "floors among tenants": Relative(
        (Edit(PREFERENCES, f"  {FLOORS}\n", ""), Edit(COMMERCE, "tenants:\n", f"tenants:\n  {FLOORS}\n")),
        "RC120",
        "below `preferences:`",
    ),
    "config routes among models": moved(DEFAULTS, MISTRAL, "  routes:", "  model:", "RC120", "below `defaults:`"),
    "config routes among tenants": moved(DEFAULTS, COMMERCE, "  routes:", "  model:", "RC120", "below `defaults:`"),
}


PAIRS: dict[str, tuple[tuple[Edit, ...], list[str]]] = {
    "two of a section's keys misspelt": (
        (Edit(PREFERENCES, "preferences:\n", ""), Edit(DOCUMENTS, "then: europe", "then: europa")),
        ["RC203", "RC208"],
    ),
    "a name too few, and one that is none": ((Edit(PREFERENCES, "[good, frontier]", "[Good]"),), ["RC118", "RC120"]),
    "a bad slug and another model's": (
        (
            Edit(MISTRAL, MEDIUM, "  mistral/mistral-medium-3:\n"),
            Edit(DOCUMENTS, "[gpt-6-luna, claude", "[gpt-7-luna, claude"),
        ),
        ["RC118", "RC207"],
    ),
    "two bad slugs": (
        (
            Edit(MISTRAL, MEDIUM, "  mistral/mistral-medium-3:\n"),
            Edit(MISTRAL, "  codestral-2508:", "  mistral/codestral-2508:"),
        ),
        ["RC118", "RC118"],
    ),
    "a stray model and an unknown key beside it": (
        (
            Edit(MISTRAL, DRAWER.texts[MISTRAL][DRAWER.texts[MISTRAL].index(MEDIUM) :], ""),
            Edit(
                PREFERENCES,
                "  clamp:",
                "  colour: red\n"
                + DRAWER.texts[MISTRAL][DRAWER.texts[MISTRAL].index(MEDIUM) :].split("\n\n")[0]
                + "\n  clamp:",
            ),
        ),
        ["RC112", "RC120", "RC207", "RC207", "RC207"],
    ),
    "figures of two kinds in one mapping": (
        (Edit(MISTRAL, PRICE, "price: {input: '1.50', output: $7.50}"),),
        ["RC115", "RC115"],
    ),
    "a share and a word in one mapping": (
        (Edit(COMMERCE, WEIGHTS, "weights: {quality: 35, latency: fast, cost: 0.10}"),),
        ["RC115", "RC117"],
    ),
    "percentages of two mappings": (
        (Edit(PREFERENCES, FLOORS, "floors: {good: 50, frontier: 85}"), Edit(PREFERENCES, "+0.10", "10")),
        ["RC117", "RC117"],
    ),
    "a comma in braces, and a key that stands twice": (
        (Edit(MISTRAL, PRICE, "price: {input: 1,50, output: 7.50, output: 7.60}"),),
        ["RC109", "RC115"],
    ),
    "flat prices, and an unknown key": (
        (Edit(MISTRAL, PRICE, "price_input: 1.50\n    price_output: 7.50\n    colour: red"),),
        ["RC112", "RC112"],
    ),
    "two anchors": (
        (Edit(MISTRAL, MEDIUM, "  mistral-medium-3: &g\n"), Edit(MISTRAL, "quality: 0.5555", "quality: &h 0.5555")),
        ["RC106", "RC106"],
    ),
    "an alias, and text that cannot be read below it": (
        (Edit(PRESETS, "Cheap even", "*Cheap"), Edit(PRESETS, "    min_quality: 0.65", "    min_quality 0.65")),
        ["RC106"],  # what stands behind it in a file that cannot be read is not known
    ),
    "retired figures in two rows": (
        (
            Edit(DOCUMENTS, "{status: shadow, sample: 0.03", "{status: retired, sample: 0.03"),
            Edit(DOCUMENTS, "{status: shadow, sample: 0.10", "{status: retired, sample: 0.10"),
        ),
        ["RC307", "RC307"],
    ),
    "two primaries, and another below its floor": (
        (
            Edit(DOCUMENTS, "gpt-6-luna: shadow", "gpt-6-luna: primary"),
            Edit(DOCUMENTS, "min_quality: 0.75", "min_quality: 0.99"),
        ),
        ["RC303", "RC305"],
    ),
    "a fallback misspelt, and a target below the clamp": (
        (
            Edit(DOCUMENTS, "claude-opus-5-5,", "claude-opus-5-5x,"),
            Edit(TARGETS, "candidates: {logical: any-qwen3-235b}", "candidates: {models: [gpt-4o-mini]}"),
        ),
        ["RC207", "RC402"],
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_two_mistakes_are_two_findings(name: str) -> None:
    """What one cause explains is silent, and nothing else."""
    edits, rules = PAIRS[name]
    diagnostics = found(edits)
    assert sorted(d.rule for d in diagnostics) == rules, [(d.rule, str(d.span), d.message, d.help) for d in diagnostics]


def test_a_fix_of_several_places() -> None:
    """What is rewritten in one place is rewritten in all, safely only where each is the same value."""
    (quoted,) = found(RELATIVES["weights in quotes"].edits)
    assert quoted.fix is not None
    assert quoted.fix.is_safe
    assert [edit.replacement for edit in quoted.fix.edits] == ["0.35", "0.55", "0.10"]
    (percent,) = found(RELATIVES["weights with signs"].edits)
    assert percent.fix is None


def test_a_copied_file_is_one_finding() -> None:
    """Every body of it is declared twice; two files that each repeat a body of a third are two."""
    copied = findings({**DRAWER.files, "routes/models/more.yaml": DRAWER.files[MISTRAL]})
    assert [d.rule for d in copied] == ["RC201"]
    assert "others: " in copied[0].message
    body = DRAWER.texts[MISTRAL].split("models:\n")[1].split("\n\n")[0]
    again = {f"routes/models/more{n}.yaml": f"models:\n{body}\n".encode() for n in range(2)}
    assert [d.rule for d in findings({**DRAWER.files, **again})] == ["RC201", "RC201"]


@pytest.mark.parametrize("name", RELATIVES)
def test_a_relative_is_one_finding(name: str) -> None:
    """The cause, and what to write."""
    relative = RELATIVES[name]
    diagnostics = found(relative.edits)
    shown = [(d.rule, str(d.span), d.message, d.help) for d in diagnostics]
    assert [d.rule for d in diagnostics] == [relative.rule], shown
    assert relative.says in f"{diagnostics[0].message} | {diagnostics[0].help}", shown
