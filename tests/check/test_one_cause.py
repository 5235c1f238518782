"""Mistakes that show in other files than their own: each is one finding, at its cause. Two mistakes are two."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.check.full_project import (
    FEATURES,
    MODELS,
    PREFERENCES,
    PROVIDERS,
    TARGETS,
    TENANTS,
    TEXTS,
    changed,
    findings,
)

Edit = tuple[str, str, str]


class Mistake(NamedTuple):
    """A mistake, the rule of its one finding, the file that it points into, and what message or help say."""

    edits: tuple[Edit, ...]
    rule: str
    path: str
    says: str = ""


def slug(path: str, old: str, new: str) -> Mistake:
    """Return a mistake: a body's name is no slug, and is far from what it was."""
    return Mistake(((path, f"  {old}:\n", f"  {new}:\n"),), "RC118", path, new.strip('"'))


MISTAKES: dict[str, Mistake] = {
    "a provider's name in capitals": slug(PROVIDERS, "openai", "OpenAI_EU"),
    "a provider's name with a space": slug(PROVIDERS, "mistral", "La Plateforme"),
    "a provider's name in another script": slug(PROVIDERS, "mistral", "мистраль"),
    "a provider's name of marks": slug(PROVIDERS, "local", "-"),
    "a provider without a name": slug(PROVIDERS, "local", '""'),
    "another model's name": slug(MODELS, "gpt-6.1-sol", "gpt 4.1"),
    "a model's name of parts": slug(MODELS, "gpt-6.1-sol", "openai.gpt-6-1/v1"),
    "a target's name with a mark": slug(TARGETS, "auto", "Best!"),
    "a feature's floor above its fallback": Mistake(
        ((FEATURES, "min_quality: 0.60", "min_quality: 0.90"),), "RC407", FEATURES, "tenant `rhein-bank`"
    ),
    "a sunset long ago": Mistake(
        ((MODELS, "sunset: 2028", "sunset: 2018"),), "RC411", "routes/defaults.yaml", "the primary of feature"
    ),
    "a target without its selector's line": Mistake(
        ((TARGETS, "    candidates:\n      stacks: [eu]", "    stacks: [eu]"),),
        "RC112",
        TARGETS,
        "`candidates:` above",
    ),
    "a target with a selector of models alone": Mistake(
        ((TARGETS, "    candidates:\n      models:", "    models:"),), "RC112", TARGETS, "candidates:"
    ),
    "a stack misspelt": Mistake(
        ((PROVIDERS, "stack: eu\n    chat_path", "stack: eux\n    chat_path"),),
        "RC404",
        PROVIDERS,
        "did you mean `eu`?",
    ),
    "a stack of swapped letters": Mistake(
        ((PROVIDERS, "stack: eu\n    chat_path", "stack: ue\n    chat_path"),),
        "RC404",
        PROVIDERS,
        "stack `ue` of provider",
    ),
    "a stack in a longer word": Mistake(
        ((PROVIDERS, "stack: eu\n    chat_path", "stack: europe\n    chat_path"),), "RC404", PROVIDERS, "`eu`"
    ),
    "a logical model misspelt": Mistake(
        (
            (MODELS, "    share: 0.6\n", ""),
            (MODELS, "logical_slug: small\n    share: 0.4\n", "logical_slug: smal\n"),
            (TARGETS, "stacks: [eu]", "logical: small"),
            (PREFERENCES, "frontier: 0.80", "frontier: 0.60"),
            (TENANTS, "banned_providers: [local]", "banned_models: [small-mistral]"),
        ),
        "RC404",
        MODELS,
        "did you mean `small`?",
    ),
    "a stack of the default policy misspelt": Mistake(
        (
            (PROVIDERS, "OPENAI_API_KEY\n    stack: us", "OPENAI_API_KEY\n    stack: usa"),
            ("routes/defaults.yaml", "{preset: balanced}", "{preset: balanced, stacks: [eu, us]}"),
            (
                PROVIDERS,
                "  local:",
                "  other: {adapter: openai, base_url: https://a.example, auth: none, stack: us}\n  local:",
            ),
        ),
        "RC401",
        PROVIDERS,
        "did you mean `us`?",
    ),
    "secret headers without their line": Mistake(
        ((PROVIDERS, "    secret_headers:\n", ""),), "RC333", PROVIDERS, "below `secret_headers:`"
    ),
    "headers without their line, and secret ones": Mistake(
        ((PROVIDERS, "    headers:\n", ""),), "RC333", PROVIDERS, "`x-app`, `x-region` below `query`"
    ),
    "a key's place in a user name": Mistake(
        ((PROVIDERS, "https://api.openai.com", "https://${KEY}@api.openai.com"),), "RC312", PROVIDERS, "user name"
    ),
    "a shadow promoted by one word": Mistake(
        ((FEATURES, "{status: shadow, sample", "{status: primary, sample"),), "RC303", FEATURES, "2 primaries"
    ),
    "keys in capitals": Mistake(
        ((PROVIDERS, "rpm: 4000\n      tpm:", "RPM: 4000\n      TPM:"),), "RC112", PROVIDERS, "rpm"
    ),
    "keys in another case": Mistake(
        ((MODELS, "latency_ms: 780\n    context_window", "latencyMs: 780\n    contextWindow"),),
        "RC112",
        MODELS,
        "write `latency_ms`, `context_window`",
    ),
    "numbers for texts": Mistake(
        ((PROVIDERS, "x-region: fra\n      x-app: desk", "x-region: 1\n      x-app: 2"),), "RC115", PROVIDERS, "quotes"
    ),
    "a share in per cent": Mistake(((MODELS, "share: 0.6", "share: 60%"),), "RC115", MODELS, "0.6"),
    "a share of a model whose logical slug is misspelt": Mistake(
        ((MODELS, "logical_slug: small\n    share: 0.6", "logical_slgu: small\n    share: 0.6"),), "RC112", MODELS
    ),
    "a section's line gone": Mistake(
        ((PREFERENCES, "preferences:\n", ""),), "RC203", PREFERENCES, "`preferences:` above"
    ),
    "a section misspelt": Mistake(((MODELS, "models:\n", "model:\n"),), "RC203", MODELS, "`models`"),
    "a target among tenants": Mistake(
        (
            (TARGETS, "  auto:\n    candidates: all\n    min_quality: 0.50\n", ""),
            (TENANTS, "tenants:\n", "tenants:\n  auto:\n    candidates: all\n    min_quality: 0.50\n"),
        ),
        "RC120",
        TENANTS,
        "below `targets:`",
    ),
    "targets at the left margin": Mistake(
        ((TARGETS, TEXTS[TARGETS], "\n".join(line.lstrip() for line in TEXTS[TARGETS].split("\n"))),), "RC109", TARGETS
    ),
    "a floor's name in the dial": Mistake(((PREFERENCES, "  dial:\n", ""),), "RC112", PREFERENCES, "put `dial:` above"),
}

PAIRS: dict[str, tuple[tuple[Edit, ...], list[str]]] = {
    "a name that is no slug, and a reference near another name": (
        ((MODELS, "  gpt-6.1-sol:\n", "  gpt 4.1:\n"), (FEATURES, "[gpt-6-luna,", "[gpt-6-lunaa,")),
        ["RC118", "RC207"],
    ),
    "a name that is no slug and nobody uses, and a reference near another name": (
        ((MODELS, "  gpt-6-luna:\n", "  Luna (old):\n"), (FEATURES, "[gpt-6-luna, small-local]", "[small-locl]")),
        ["RC118", "RC207"],
    ),
    "a name that is no slug, and a reference to nothing": (
        ((MODELS, "  gpt-6.1-sol:\n", "  gpt 4.1:\n"), (FEATURES, "[gpt-6-luna,", "[something-else,")),
        ["RC118", "RC207"],
    ),
    "two names that are no slugs": (
        ((MODELS, "  gpt-6.1-sol:\n", "  gpt 4.1:\n"), (MODELS, "  mistral-medium-3:\n", "  Le Medium:\n")),
        ["RC118", "RC118"],
    ),
    "a provider's name that is no slug, and a model's provider misspelt": (
        ((PROVIDERS, "  openai:\n", "  OpenAI_EU:\n"), (MODELS, "provider: local", "provider: locall")),
        ["RC118", "RC206"],
    ),
    "a floor above a fallback, and a tenant that bans all of another feature": (
        (
            (FEATURES, "min_quality: 0.60", "min_quality: 0.90"),
            (TENANTS, "banned_providers: [local]", "banned_models: [small-mistral, small-local, gpt-6-luna]"),
        ),
        ["RC404", "RC407"],
    ),
    "two models past their sunsets": (
        (
            (MODELS, "sunset: 2028", "sunset: 2018"),
            (
                MODELS,
                "    compliance: 0.90\n    capabilities",
                "    sunset: 2019-01-31\n    compliance: 0.90\n    capabilities",
            ),
        ),
        ["RC411", "RC411"],
    ),
    "keys in another case, and one misspelt": (
        (
            (MODELS, "latency_ms: 780\n    context_window", "latencyMs: 780\n    contextWindow"),
            (MODELS, "compliance: 0.90\n  mistral", "complience: 0.90\n  mistral"),
        ),
        ["RC112", "RC112"],
    ),
    "a secret header among the others, and a header that nobody may set": (
        ((PROVIDERS, "x-region: fra", "x-region: MY_TOKEN"), (PROVIDERS, "x-app: desk", "host: desk")),
        ["RC333", "RC333"],
    ),
    "a stack misspelt, and a tenant that allows nothing": (
        (
            (PROVIDERS, "stack: eu\n    chat_path", "stack: eux\n    chat_path"),
            (TENANTS, "min_quality: 0.60", "min_quality: 0.99"),
        ),
        ["RC404", "RC404"],
    ),
    "a section's line gone, and a name misspelt in it": (
        ((PREFERENCES, "preferences:\n", ""), (PREFERENCES, "[good, frontier]", "[good, frontir]")),
        ["RC203", "RC213"],
    ),
    "a section's line gone, and a key misspelt in it": (
        ((PREFERENCES, "preferences:\n", ""), (PREFERENCES, "clamp:", "clmp:")),
        ["RC112", "RC203"],
    ),
    "a section misspelt, and a key in it": (
        ((TENANTS, "tenants:\n", "tenant:\n"), (TENANTS, "stacks:", "stakcs:")),
        ["RC112", "RC203"],
    ),
    "a section misspelt, and a reference to another": (
        ((PROVIDERS, "providers:\n", "provider:\n"), (TENANTS, "stacks: [eu]", "stacks: [eux]")),
        ["RC203", "RC210"],
    ),
    "a share in per cent, and others that do not add up": (
        (
            (MODELS, "share: 0.6", "share: 60%"),
            (MODELS, "    capabilities:", "    logical_slug: big\n    share: 0.5\n    capabilities:"),
        ),
        ["RC115", "RC362"],
    ),
    "two blocks whose lines are gone": (
        ((TARGETS, "    candidates:\n      stacks: [eu]", "    stacks: [eu]"), (PREFERENCES, "  dial:\n", "")),
        ["RC112", "RC112"],
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_finding(name: str) -> None:
    """It stands where the mistake is, and says so."""
    mistake = MISTAKES[name]
    diagnostics = changed(*mistake.edits)
    shown = [(d.rule, str(d.span), d.message, d.help) for d in diagnostics]
    assert [d.rule for d in diagnostics] == [mistake.rule], shown
    span = diagnostics[0].span
    assert span is not None
    assert span.path == mistake.path, shown
    assert mistake.says in f"{diagnostics[0].message} | {diagnostics[0].help}", shown


@pytest.mark.parametrize("name", PAIRS)
def test_two_mistakes_are_two_findings(name: str) -> None:
    """What one cause explains is silent, and nothing else."""
    edits, rules = PAIRS[name]
    diagnostics = changed(*edits)
    assert sorted(d.rule for d in diagnostics) == rules, [(d.rule, str(d.span), d.message, d.help) for d in diagnostics]


def test_no_piece_of_a_bad_name_is_offered() -> None:
    """Remedies name what is declared alone."""
    (unknown,) = [
        d
        for d in changed((MODELS, "  gpt-6.1-sol:\n", "  gpt 4.1/v1:\n"), (FEATURES, "[gpt-6-luna,", "[else,"))
        if d.rule == "RC207"
    ]
    offered = unknown.help.partition("one of: ")[2].split(", ")
    assert set(offered) == {"gpt-6-luna", "mistral-medium-3", "small-local", "small-mistral"}


def test_many_names_that_are_no_slugs() -> None:
    """Each is said, and what they may mean is not."""
    text = TEXTS[MODELS]
    for name in ("gpt-6.1-sol", "gpt-6-luna", "mistral-medium-3", "small-mistral", "small-local"):
        text = text.replace(f"  {name}:\n", f"  {name.upper()}-X!:\n")
    assert [d.rule for d in findings({MODELS: text})] == ["RC118"] * 5


@pytest.mark.parametrize(
    "value",
    [
        *("${CF_AIG_TOKEN}", "$CF_AIG_TOKEN", "os.environ/CF_AIG_TOKEN", "{{ CF_AIG_TOKEN }}", "env:CF_AIG_TOKEN"),
        *("CF_AIG_TOKEN", "CF_AIG_PASSWORD", "MY_SECRET", "Bearer ${MY_SECRET}", "%MY_SECRET%"),
    ],
)
def test_values_that_name_a_variable(value: str) -> None:
    """Nothing fills them in: they are refused wherever they would be sent as they stand."""
    for old in ("x-app: desk", "tier: standard", "service_tier: auto"):
        name = old.partition(":")[0]
        (diagnostic,) = changed((PROVIDERS, old, f'{name}: "{value}"'))
        assert (diagnostic.rule, diagnostic.help) == ("RC333", "put it below `secret_headers:`")


@pytest.mark.parametrize("value", ["PROD_EU", "key_value", "a_token", "EU_CENTRAL_1", "token", "KEY", "2024-10-21"])
def test_values_that_name_none(value: str) -> None:
    """A word in capitals is no key's variable, nor is a word in small letters."""
    assert changed((PROVIDERS, "x-app: desk", f'x-app: "{value}"')) == []
    assert changed((PROVIDERS, "x-app: desk", 'x-auth-type: "API_KEY"')) == []


def test_names_of_headers_beside_headers() -> None:
    """A provider that has headers means what its query holds."""
    assert changed((PROVIDERS, "tier: standard", "x-tier: standard")) == []


def test_a_fix_of_several_keys() -> None:
    """All of them are renamed."""
    (diagnostic,) = changed((PROVIDERS, "rpm: 4000\n      tpm:", "RPM: 4000\n      TPM:"))
    assert diagnostic.fix is not None
    assert [edit.replacement for edit in diagnostic.fix.edits] == ["rpm", "tpm"]


def test_a_stack_of_its_own() -> None:
    """A word that one provider carries and nothing names is no slip where nothing goes wrong because of it."""
    assert changed((PROVIDERS, "auth: none\n    stack: eu", "auth: none\n    stack: au")) == []


def test_a_waiver_where_nothing_is_left() -> None:
    """What is waived at the tenant is no more part of the finding at the word."""
    waiver = '  # routecomp:allow RC404 until=2027-01-01 reason="a trial"\n'
    edits = (
        (PROVIDERS, "stack: eu\n    chat_path", "stack: eux\n    chat_path"),
        (TENANTS, "  rhein-bank:\n", waiver + "  rhein-bank:\n"),
    )
    (diagnostic,) = changed(*edits)
    assert "rhein-bank" not in diagnostic.message
