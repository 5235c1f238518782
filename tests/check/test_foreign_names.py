"""Keys that people bring from other routers: the finding says our word for each, with the value in our unit."""

from __future__ import annotations

import pytest

from routecomp.model import foreign_names, wire_fields
from routecomp.model.adapters import ADAPTERS
from routecomp.model.part import Part
from routecomp.model.provider import Provider
from routecomp.model.route import Model
from tests.check.project import MODELS, PROVIDERS, SCALES, findings

MODEL = "provider: alpha, quality: 0.8, price: {input: 2.00, output: 8.00}, latency_ms: 820, context_window: 9000"
PROVIDER = "adapter: openai, base_url: 'https://a.example', chat_path: /v1, api_key_env: MORE_API_KEY, stack: us"


def said(body: str, section: str = "models") -> list[tuple[str, str]]:
    """Return rule and help of what is found in a project with one more body of a section."""
    texts = {
        "routes_models": MODELS,
        "routes_providers": PROVIDERS,
        "routes_defaults": "defaults:\n  model: fair\n" + SCALES,
    }
    folder = "policies" if section == "tenants" else "routes"
    name = f"{folder}_{section}"
    texts[name] = texts.get(name, f"{section}:\n") + f"  more: {{{body}}}\n"
    return [(diagnostic.rule, diagnostic.help) for diagnostic in findings(**texts)]


@pytest.mark.parametrize(
    ("section", "body", "help"),
    [
        ("models", f"{MODEL}, max_input_tokens: 128000", "write `context_window: 128000`"),
        ("models", f"{MODEL}, deployment: my-gpt", "write `provider_model_name: my-gpt`"),
        ("models", f"{MODEL}, model_name: GPT 4o", "write `aliases: [GPT 4o]`, what callers send; or make it the slug"),
        ("models", f"{MODEL}, max_tokens: 4096", "write `max_output_tokens: 4096`, the most that it answers with"),
        ("models", f"{MODEL}, max_output: 4096", "write `max_output_tokens: 4096`, the most that it answers with"),
        ("models", f"{MODEL}, timeout_ms: 9000", "write `timeouts: {total_ms: 9000}`"),
        ("providers", f"{PROVIDER}, connect_timeout_ms: 900", "write `timeouts: {connect_ms: 900}`"),
        ("models", f"{MODEL}, api_base: 'https://x'", "write `base_url: 'https://x'` in its provider"),
        ("models", f"{MODEL}, supports_function_calling: true", "write `tools` in `capabilities`"),
        ("models", f"{MODEL}, cooldown_time: 5", "write `cooloff_s: 5` in `resilience`"),
        (
            "models",
            f"{MODEL}, litellm_params: {{model: azure/x, api_base: x, colour: red}}",
            "there is no such group: its keys stand in the body itself: `model` is `provider_model_name`, "
            "`api_base` is `base_url` of its provider",
        ),
        ("providers", PROVIDER.replace("base_url", "api_base"), "write `base_url: 'https://a.example'`"),
        ("providers", PROVIDER.replace("adapter", "type"), "write `adapter: openai`"),
        (
            "providers",
            PROVIDER.replace("api_key_env: MORE_API_KEY", "api_key: os.environ/MORE_API_KEY"),
            "write `api_key_env: MORE_API_KEY`, the name of the variable, never the key",
        ),
        ("providers", f"{PROVIDER}, deployment: my-gpt", "write `provider_model_name: my-gpt` in a model"),
        ("providers", f"{PROVIDER}, deployment_name: my-gpt", "write `provider_model_name: my-gpt` in a model"),
        ("providers", f"{PROVIDER}, organization: org-a", "write `headers: {OpenAI-Organization: org-a}`"),
        ("providers", f"{PROVIDER}, resource: ours", "write `base_url: https://ours.openai.azure.com`"),
        (
            "providers",
            f"{PROVIDER}, aws_secret_access_key: hunter2",
            "write `auth: sigv4`, which is signed with your service's own credentials",
        ),
        ("models", f"{MODEL}, organization: org-a", "write `headers: {OpenAI-Organization: org-a}` in its provider"),
        ("models", f"{MODEL}, default_query: {{a: b}}", "write `query: …` in its provider"),
        ("targets", "candidates: all, model_group_alias: a/b", "write `aliases: [a/b]`, what callers send"),
        ("features", "models: {good: primary}, fallbacks: [fair]", "write `fallback: …`"),
        ("tenants", "blocked_models: [good]", "write `banned_models: …`"),
    ],
)
def test_our_word(section: str, body: str, help: str) -> None:
    """It is one finding: a key that is missing under our word is not said a second time."""
    assert said(body, section) == [("RC112", help)]


@pytest.mark.parametrize(
    ("key", "value", "price"),
    [
        ("input_cost_per_token", "0.0000025", "2.5"),
        ("input_cost_per_token", "2.5e-06", "2.5"),
        ("input_cost_per_token", "1E-6", "1"),
        ("input_cost_per_token", "0", "0"),
        ("input_cost_per_1k_tokens", "0.0025", "2.5"),
        ("input_cost_per_million_tokens", "2.50", "2.5"),
        ("input_cost_per_token", "free", "…"),
        ("input_cost_per_token", "1e999", "…"),
        ("input_cost_per_token", "nan", "…"),
    ],
)
def test_prices_are_per_million(key: str, value: str, price: str) -> None:
    """The price is converted exactly, and `price` is not missing besides."""
    body = MODEL.replace("price: {input: 2.00, output: 8.00}", f"{key}: {value}")
    assert said(body) == [("RC112", f"write `price: {{input: {price}}}`, in US dollars per million tokens")]
    inside = MODEL.replace("input: 2.00", f"{key}: {value}")
    wanted = "`input`" if price == "…" else f"`input: {value if value == '2.50' else price}`"
    apart = "" if key == "input_cost_per_million_tokens" else "the units differ: "
    assert said(inside) == [("RC112", f"{apart}write {wanted}, in US dollars per million tokens")]


@pytest.mark.parametrize("name", [name for name in foreign_names._WORDS[Model] if name.startswith("supports_")])
def test_a_capability_that_is_not_there_is_not_written(name: str) -> None:
    """What says that a model cannot do something is left out, whatever its spelling; what is unclear is conditional."""
    for value in ("false", "no", "'off'", "False"):
        ((_, help),) = said(f"{MODEL}, {name}: {value}")
        assert help.startswith("leave it out")
    ((_, yes),) = said(f"{MODEL}, {name}: yes")
    assert yes.startswith("write `")
    assert yes.endswith("` in `capabilities`")
    assert said(f"{MODEL}, {name}: maybe")[0][1] == f"{yes} if it is true"


@pytest.mark.parametrize("key", ["type", "api_type", "provider_type", "custom_llm_provider", "litellm_provider"])
def test_the_word_for_an_adapter_is_ours(key: str) -> None:
    """The value that is to be written is one: followed, no adapter is unknown."""
    for theirs, ours in {**wire_fields.KNOWN_AS, "Azure": "azure_openai", "openai": "openai"}.items():
        ((_, help),) = said(PROVIDER.replace("adapter: openai", f"{key}: {theirs}"), "providers")
        assert help == f"write `adapter: {ours}`"
        assert ours in ADAPTERS


def test_no_region_for_a_host_that_signs_nothing() -> None:
    """A region is written for calls that are signed alone; what another router calls one of a model is its stack."""
    for key in ("aws_region_name", "region_name"):
        ((_, help),) = said(f"{PROVIDER}, {key}: eu-west-1", "providers")
        assert "where `auth` is `sigv4`; else" in help
    ((_, help),) = said(f"{MODEL}, region_name: eu")
    assert help.startswith("write `stack: …` in its provider")


def test_no_key_is_shown() -> None:
    """A value that may be a key itself is not repeated."""
    body = PROVIDER.replace("api_key_env: MORE_API_KEY", "api_key: hunter2-hunter2")
    assert [help for rule, help in said(body, "providers") if rule == "RC112"] == [
        "write `api_key_env: …`, the name of the variable, never the key"
    ]


@pytest.mark.parametrize("section", sorted(foreign_names._SECTIONS))
def test_sections(section: str) -> None:
    """A section of another router is said in our words."""
    (found,) = findings(
        routes_models=MODELS, routes_defaults="defaults:\n  model: fair\n" + SCALES, routes_more=f"{section}: [x]\n"
    )
    assert (found.rule, found.help) == ("RC203", foreign_names._SECTIONS[section])


@pytest.mark.parametrize("body", foreign_names._WORDS, ids=lambda body: body.__name__)
def test_no_word_of_ours_is_foreign(body: type[Part]) -> None:
    """A key that we know ourselves is never translated, and a translation leads to a key."""
    for name, word in foreign_names._WORDS[body].items():
        assert name not in body.fields
        assert word.owner is None or word.key.partition(".")[0] not in body.fields


@pytest.mark.parametrize(
    ("section", "body", "other"),
    [("providers", PROVIDER, Model), ("models", MODEL, Provider)],
)
def test_hosts_and_models_know_the_words_of_each_other(section: str, body: str, other: type[Part]) -> None:
    """No word that has a key of ours in the other body of the two is said to be removed."""
    for name in foreign_names._WORDS[other]:
        assert [help for _, help in said(f"{body}, {name}: 3", section) if "remove it" in help] == [], name


SWITCHES = [
    ("models", MODEL, "disabled", "active", False),
    ("models", MODEL, "inactive", "active", False),
    ("models", MODEL, "enabled", "active", True),
    ("models", MODEL, "hidden", "listed", False),
    ("models", MODEL, "visible", "listed", True),
    ("tenants", "preset: balanced", "no_fallback", "fallback_enabled", False),
    ("tenants", "preset: balanced", "allow_fallback", "fallback_enabled", True),
]


@pytest.mark.parametrize(("section", "body", "key", "ours", "same"), SWITCHES)
def test_a_switch_that_is_named_the_other_way_round(section: str, body: str, key: str, ours: str, same: bool) -> None:
    """What it becomes says the same as it does."""
    for value in (True, False):
        written = str(value if same else not value).lower()
        assert said(f"{body}, {key}: {str(value).lower()}", section) == [("RC112", f"write `{ours}: {written}`")]


def test_what_is_barred_elsewhere_is_allowed_here() -> None:
    """Regions that are barred are those left out of `stacks`; models that alone are allowed leave the others barred."""
    others = "write `stacks: […]`, those that are allowed, all but these"
    for key in ("banned_stacks: [us]", "denied_regions: us", "avoid_stacks: [us]"):
        assert said(f"preset: balanced, {key}", "tenants") == [("RC112", others)]
    threshold = [("RC112", "write `compliance_veto_threshold: 0.9`")]
    assert said("preset: balanced, min_compliance: 0.9", "tenants") == threshold
    rest = [("RC112", "write `banned_models: […]`, all but these")]
    assert said("preset: balanced, allowed_models: [good]", "tenants") == rest


@pytest.mark.parametrize("key", ["rate", "sample_rate", "fraction", "traffic", "share", "weight", "mirror"])
def test_what_is_mirrored_to_a_shadow(key: str) -> None:
    """It is a sample, whatever it is called, with and without a bound of what is spent."""
    for bound in ("", ", max_daily_usd: 5"):
        for figure in ("0.05", "5%"):
            body = f"models: {{good: primary, fair: {{status: shadow, {key}: {figure}{bound}}}}}"
            assert said(body, "features") == [("RC112", "write `sample: 0.05`, a part of 1")]


UNITS = [
    ("unit: 1k", "input: 2000, output: 8000"),
    ("unit: per_1k_tokens", "input: 2000, output: 8000"),
    ("per: 1000", "input: 2000, output: 8000"),
    ("per: 1_000", "input: 2000, output: 8000"),
    ("tokens: thousand", "input: 2000, output: 8000"),
    ("currency: usd, unit: 1k", "input: 2000, output: 8000"),
    ("unit: token", "convert the figures"),
    ("unit: cents", "input: 0.02, output: 0.08"),
    ("currency: EUR", "convert the figures"),
    ("unit: characters", "convert the figures"),
    ("unit: 1M", "already"),
    ("per: million", "already"),
    ("currency: USD", "already"),
    ("unit: 1e6", "already"),
]


@pytest.mark.parametrize(("unit", "told"), UNITS)
def test_the_unit_of_prices(unit: str, told: str) -> None:
    """It is always the same one, with the figures to write where the other one is known; in `price` and beside it."""
    inside = MODEL.replace("output: 8.00}", f"output: 8.00, {unit}}}")
    beside = f"{MODEL}, {unit.replace('unit', 'price_unit').replace('per:', 'price_per:')}"
    for body in (inside, beside):
        ((rule, help),) = said(body)
        assert rule == "RC112"
        assert help.startswith("prices are US dollars per million tokens")
        assert told in help


def test_prices_of_one_token() -> None:
    """They are told in full, however small."""
    body = MODEL.replace("2.00", "0.000002").replace("8.00", "0.000008, unit: per_token")
    ((_, help),) = said(body)
    assert "write `input: 2, output: 8`" in help


def test_the_keys_of_a_tenant_in_a_preset() -> None:
    """They are to be removed, and the preset stays one; so in the default policy."""
    weights = "weights: {quality: 0.2, latency: 0.2, cost: 0.6}"
    for keys, names in (
        ("budget: {daily_usd: 5.00}", "`budget`: remove it"),
        ("preset: balanced", "`preset`: remove it"),
        ("was: old", "`was`: remove it"),
        ("preset: balanced, budget: {daily_usd: 5.00}", "`preset` and no `budget`: remove them"),
    ):
        for slug in ("latency_first", "house"):
            texts = f"presets:\n  {slug}: {{objective: weighted, {weights}, {keys}}}\n"
            (finding,) = findings(policies_presets=texts)
            assert finding.help.startswith(f"a preset has no {names}")
            assert "tenants" not in finding.help
    policy = f"defaults: {{model: fair, policy: {{preset: balanced, budget: {{daily_usd: 5.00}}}}}}\n{SCALES}"
    (finding,) = findings(routes_defaults=policy)
    assert finding.help.startswith("the default policy has no `budget`: remove it")
