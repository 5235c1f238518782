"""One word where a list is wanted, and references written as they are elsewhere: what is offered is what is meant."""

from __future__ import annotations

import pytest

from tests.check.full_project import DEFAULTS, EXPERIMENTS, FEATURES, MODELS, TARGETS, TENANTS, changed

CAPABILITIES = "capabilities: [streaming, tools]"
ALIASES = "aliases: [router/eu]"
HOW_MANY = ("all", "none", "true", "no", "any", "full", "Both", "off", "default", "max", "never", "1", "n/a")


@pytest.mark.parametrize("word", HOW_MANY)
def test_a_word_of_quantity_is_no_entry(word: str) -> None:
    """No fix makes a list of it; the message says what a list of none is."""
    for path, old, key in ((MODELS, CAPABILITIES, "capabilities"), (TARGETS, ALIASES, "aliases")):
        (found,) = changed((path, old, f"{key}: {word}"))
        assert found.rule == "RC120"
        assert found.fix is None
        assert "[] for none" in found.help
        assert f"[{word}]" not in found.help
    for old, key in (("fallback: [mistral-medium-3]", "fallback"),):
        (found,) = changed((FEATURES, old, f"{key}: {word}"))
        assert found.fix is None
    (found,) = changed((TARGETS, "stacks: [eu]", f"stacks: {word}"))
    assert found.fix is None


@pytest.mark.parametrize(
    ("path", "old", "new", "is_fixed"),
    [
        (MODELS, CAPABILITIES, "capabilities: tools", True),
        (MODELS, CAPABILITIES, "capabilities: tooling", False),
        (MODELS, CAPABILITIES, "capabilities: streaming, tooling", False),
        (MODELS, CAPABILITIES, "capabilities: streaming, tools", True),
        (TARGETS, ALIASES, "aliases: router/eu", False),
        (TARGETS, "stacks: [eu]", "stacks: eu", True),
        (FEATURES, "fallback: [mistral-medium-3]", "fallback: mistral-medium-3", True),
    ],
)
def test_a_known_word_is_the_one_entry(path: str, old: str, new: str, is_fixed: bool) -> None:
    """A fix puts into brackets what is declared, or what everybody knows there, and no word of the author's own."""
    (found,) = changed((path, old, new))
    assert found.rule == "RC120"
    assert (found.fix is not None) == is_fixed


REFERENCES = [
    (FEATURES, "fallback: [mistral-medium-3]", "fallback: [{}]", "mistral-medium-3"),
    (FEATURES, "gpt-6.1-sol: primary", '"{}": primary', "gpt-6.1-sol"),
    (TARGETS, "models: [gpt-6.1-sol, mistral-medium-3]", 'models: [gpt-6.1-sol, "{}"]', "mistral-medium-3"),
    (DEFAULTS, "model: small-mistral", 'model: "{}"', "small-mistral"),
    (DEFAULTS, "support-chat: gpt-6.1-sol", 'support-chat: "{}"', "gpt-6.1-sol"),
    (MODELS, "successor: mistral-medium-3", 'successor: "{}"', "mistral-medium-3"),
    (EXPERIMENTS, "versions: [{version: 1, model: mistral-medium-3}]", 'versions: [{{version: 1, model: "{}"}}]',
     "mistral-medium-3"),
]  # fmt: skip


@pytest.mark.parametrize("spelling", ["openai/{}", "{}:latest", "{}@latest", "models/{}", "eu.vendor/{}:free"])
@pytest.mark.parametrize(("path", "old", "new", "name"), REFERENCES)
def test_a_reference_means_the_declared_name_that_it_holds(
    path: str, old: str, new: str, name: str, spelling: str
) -> None:
    """One finding, which offers the name; never one that nobody declares."""
    (found, *others) = changed((path, old, new.format(spelling.format(name))))
    assert not others
    assert found.rule == "RC118"
    assert found.help == f"did you mean `{name}`?"


def test_a_reference_to_nothing_offers_no_name() -> None:
    """What is near no declared name is not rewritten to one; a name of the author's own is."""
    (found,) = changed((FEATURES, "fallback: [mistral-medium-3]", "fallback: [zeta/omega]"))
    assert "zeta-omega" not in found.help
    own = [each for each in changed((MODELS, "  gpt-6-luna:", "  zeta/omega:")) if each.rule == "RC118"]
    assert "zeta-omega" in own[0].help
    (tools,) = changed((MODELS, CAPABILITIES, "capabilities: [Web Search]"))
    assert "`web-search`" in tools.help


def test_providers_and_stacks_are_named_from_their_own() -> None:
    """A reference is compared with the names of its own kind alone."""
    (found,) = changed((TENANTS, "banned_providers: [local]", 'banned_providers: ["host:mistral/mistral-medium-3"]'))
    assert found.help == "did you mean `mistral`?"
    (found,) = changed((TARGETS, "stacks: [eu]", "stacks: [EU]"))
    assert found.help == "did you mean `eu`?"
    (found,) = changed((DEFAULTS, "preset: balanced", "preset: 'balanced:v1'"))
    assert found.help == "did you mean `balanced`?"


def test_several_names_in_one_text_are_several_entries() -> None:
    """None of them is dropped."""
    for text in ("eu, us", "eu us", "eu;us"):
        (found,) = changed((TARGETS, "stacks: [eu]", f"stacks: ['{text}']"))
        assert found.help.endswith("write eu, us")
