"""Models that say one name for their callers, as other routers have it: the help is followed, and nothing is found."""

from __future__ import annotations

import re

import pytest

from tests.check.project import DEFAULTS, MODELS, findings

BODY = "provider: alpha, quality: 0.8, price: {input: 2, output: 8}, latency_ms: 820, context_window: 9000"
ADDED = re.compile(r"write `([^`]+)` in `targets`")
FIRST = re.compile(r"write `([^`]+)`(?! in `targets`)")


def helps(bodies: dict[str, str], targets: str = "") -> list[tuple[str, str]]:
    """Return rule and help of what is found in a project with more models and targets."""
    models = MODELS + "".join(f"  {slug}: {{{BODY}{keys}}}\n" for slug, keys in bodies.items())
    texts = {"routes_models": models, "routes_defaults": DEFAULTS}
    if targets:
        texts["routes_targets"] = f"targets:\n{targets}"
    return [(each.rule, each.help) for each in findings(**texts)]


def followed(bodies: dict[str, str], foreign: str, targets: str = "") -> list[tuple[str, str]]:
    """Return what is found after the help on each foreign name is followed; the keys must be one of each body."""
    found = helps(bodies, targets)
    assert [rule for rule, _ in found] == ["RC112"] * len(bodies)
    written = {}
    for (slug, keys), (_, help) in zip(bodies.items(), found, strict=True):
        inner = FIRST.search(help)
        written[slug] = keys.replace(foreign, f", {inner[1]}" if inner else "")
        targets += "".join(f"  {target}\n" for target in ADDED.findall(help))
    return helps(written, targets)


@pytest.mark.parametrize(("key", "count"), [("model_name", 2), ("model_group", 3)])
@pytest.mark.parametrize(
    "name",
    ["gpt-4o", "openai/gpt-4o", "'GPT 4o'", "good", "one", "auto", "'openai/*'", "a" * 70, "'-'", "frontier", "a/b"],
)
def test_a_name_of_several_is_followed(name: str, key: str, count: int) -> None:
    """Whether the name is a slug, none, or taken by a model of them, another model, a target or an alias."""
    slugs = ["one", "two", "three"][:count]
    foreign = f", {key}: {name}"
    targets = "  auto: {candidates: all, aliases: [frontier, a/b]}\n  openai-gpt-4o: {candidates: all}\n"
    if name == "a" * 70:
        assert all("logical_slug: one-hosts" in help for _, help in helps(dict.fromkeys(slugs, foreign), targets))
        return
    assert followed(dict.fromkeys(slugs, foreign), foreign, targets) == []


def test_what_is_written() -> None:
    """A slug is the logical model itself; for another name one target is written once."""
    two = {"one": ", model_name: gpt-4o", "two": ", model_name: gpt-4o"}
    assert helps(two) == [("RC112", "write `logical_slug: gpt-4o`, which callers send")] * 2
    foreign = ", model_name: openai/gpt-4o"
    target = "openai-gpt-4o-any: {candidates: {logical: openai-gpt-4o}, aliases: [openai/gpt-4o]}"
    write = "write `logical_slug: openai-gpt-4o`"
    assert helps(dict.fromkeys(("one", "two"), foreign)) == [
        ("RC112", f"{write}, and write `{target}` in `targets`, for what callers send"),
        ("RC112", write),
    ]


def test_names_beside_logical_models() -> None:
    """Logical models that are stated stay: one or several, of the same name or another."""
    foreign = ", model_name: gpt-4o"
    for own in (("l", "l"), ("l", "m"), ("gpt-4o", "gpt-4o"), ("", "l")):
        keys = [f", logical_slug: {logical}{foreign}" if logical else foreign for logical in own]
        assert followed(dict(zip(("one", "two"), keys, strict=True)), foreign) == []
    both = {"one": foreign, "two": foreign, "three": ", logical_slug: gpt-4o"}
    assert [help for _, help in helps(both)] == ["write `logical_slug: gpt-4o`, which callers send"] * 2
    assert [help for _, help in helps({"one": foreign, "three": ", logical_slug: gpt-4o"})] == [
        "write `logical_slug: gpt-4o`, which callers send"
    ]


def test_weights_of_one_name_are_shares() -> None:
    """The weights of deployments are the shares of what becomes their logical model."""
    bodies = {"one": ", model_name: gpt-4o, weight: 3", "two": ", model_name: gpt-4o, weight: 1"}
    assert sorted(help for _, help in helps(bodies)) == [
        "write `logical_slug: gpt-4o`, which callers send",
        "write `logical_slug: gpt-4o`, which callers send",
        "write `share`, which add up to 1: one: 0.75, two: 0.25",
    ]


def test_a_name_of_one() -> None:
    """A name that is the model's own slug is left out; one of its own is an alias."""
    assert [help for _, help in helps({"one": ", model_name: one"})] == [
        "remove it: it is the slug, which callers send"
    ]
    assert [help for _, help in helps({"one": ", model_name: x"})] == [
        "write `aliases: [x]`, what callers send; or make it the slug"
    ]
