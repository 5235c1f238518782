"""What LiteLLM's files say becomes a project that decides the same; what cannot be said is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from routecomp.interop.writer import project_files
from tests.interop.importing.project import checked, fates, filled, imported, picks, router


def deployment(name: str, model: str, *lines: str, beside: str = "") -> str:
    """Return an entry of `model_list`."""
    params = "".join(f"      {line}\n" for line in (f"model: {model}", *lines))
    return f"  - model_name: {name}\n    litellm_params:\n{params}{beside}"


def config(*deployments: str, more: str = "") -> str:
    return "model_list:\n" + "".join(deployments) + more


def test_a_name_of_one_deployment_is_a_model_and_pinned(tmp_path: Path) -> None:
    made = imported(tmp_path, config(deployment("GPT 4", "openai/gpt-4o"), deployment("plain", "openai/gpt-4o-mini")))
    table = router(made)
    assert (table.resolve(model="plain").route, table.resolve(model="plain").upstream_model) == (
        "direct",
        "gpt-4o-mini",
    )
    assert table.resolve(model="GPT 4", stream=True, tools=True).upstream_model == "gpt-4o"
    assert table.resolve(model="GPT 4").api_key_env == "OPENAI_API_KEY"


@pytest.mark.parametrize(
    ("lines", "shares"),
    [
        (("", "", ""), {"m-1": 3334, "m-2": 3333, "m-3": 3333}),
        (("weight: 3", "weight: 1", "rpm: 9"), {"m-1": 7500, "m-2": 2500}),
        (("rpm: 1", "tpm: 5", "rpm: 4"), {"m-1": 2000, "m-3": 8000}),
        (("tpm: 1", "", "tpm: 3"), {"m-1": 2500, "m-3": 7500}),
        (("order: 2", "order: 1", "order: 1"), {"m-2": 5000, "m-3": 5000}),
        (("weight: 1", "weight: 30000", ""), {"m-1": 1, "m-2": 9999}),
        (("weight: 0", "weight: 0", "weight: 0"), {"m-1": 3334, "m-2": 3333, "m-3": 3333}),
    ],
)
def test_several_deployments_share_as_simple_shuffle_weighs_them(
    tmp_path: Path, lines: tuple[str, ...], shares: dict[str, int]
) -> None:
    made = imported(
        tmp_path, config(*(deployment("m", f"openai/gpt-{place}", line) for place, line in enumerate(lines)))
    )
    assert {model.slug: model.share for model in made.project.models if model.share} == shares
    counted = picks(router(made), "m")
    assert set(counted) <= set(shares)
    assert all(abs(counted.get(slug, 0) / 400 - share / 10_000) < 0.1 for slug, share in shares.items())


def test_rpm_beside_the_parameters_weighs_too(tmp_path: Path) -> None:
    beside = "    rpm: {}\n".format
    made = imported(
        tmp_path,
        config(deployment("m", "openai/a", beside=beside(1)), deployment("m", "openai/b", beside=beside(3))),
    )
    assert [model.share for model in made.project.models] == [2500, 7500]
    assert [model.limits for model in made.project.models] == [{"rpm": 1}, {"rpm": 3}]


def test_an_order_in_model_info_counts_where_the_parameters_state_none(tmp_path: Path) -> None:
    info = "    model_info: {{order: {}}}\n".format
    entries = (
        deployment("m", "openai/a", "order: 2", beside=info(1)),
        deployment("m", "openai/b", beside=info(3)),
        deployment("n", "openai/c", "order: 2"),
        deployment("n", "openai/d", beside=info(1)),
    )
    made = imported(tmp_path, config(*entries))
    table = router(made)
    assert [table.resolve(model=name).upstream_model for name in "mn"] == ["a", "d"]
    assert fates(made)["model_list[1].model_info.order"] == "mapped"


def test_fallbacks_are_the_chain_of_a_feature_depth_first(tmp_path: Path) -> None:
    names = "abcde"
    more = (
        "router_settings:\n  fallbacks:\n  - a: [b, c]\n  - b: [d, a]\n  - nobody: [a]\n  - c: [ghost]\n"
        "litellm_settings:\n  default_fallbacks: [e]\n"
    )
    made = imported(tmp_path, config(*(deployment(name, f"openai/{name}") for name in names), more=more))
    table = router(made)
    upstream = {model.slug: model.upstream for model in made.project.models}
    assert [upstream[slug] for slug in table.resolve(model="a").chain] == ["a", "b", "d", "c", "e"]
    assert [upstream[slug] for slug in table.resolve(model="c").chain] == ["c", "e"]
    assert [upstream[slug] for slug in table.resolve(model="d").chain] == ["d", "e"]
    assert fates(made)["router_settings.fallbacks[2].nobody[0]"] == "left-out"
    assert fates(made)["router_settings.fallbacks[3].c[0]"] == "left-out"


def test_a_long_chain_is_not_cut(tmp_path: Path) -> None:
    names = [f"m{number}" for number in range(9)]
    more = f"router_settings:\n  fallbacks: [{{m0: [{', '.join(names[1:])}]}}]\n"
    made = imported(tmp_path, config(*(deployment(name, f"openai/{name}") for name in names), more=more))
    assert len(router(made).resolve(model="m0").chain) == 9


def test_a_fallback_may_name_a_deployment_by_its_id(tmp_path: Path) -> None:
    info = "    model_info: {id: local}\n"
    made = imported(
        tmp_path,
        config(
            deployment("a", "openai/a"),
            deployment("b", "openai/x"),
            deployment("b", "openai/y", beside=info),
            more="router_settings:\n  fallbacks: [{a: [local]}]\n",
        ),
    )
    chain = router(made).resolve(model="a").chain
    assert [model.upstream for slug in chain for model in made.project.models if model.slug == slug] == ["a", "y"]


def test_an_alias_wins_over_a_group_of_its_name(tmp_path: Path) -> None:
    more = "router_settings:\n  model_group_alias: {b: a, c: {model: a, hidden: true}, d: nothing}\n"
    made = imported(tmp_path, config(deployment("a", "openai/a"), deployment("b", "openai/b"), more=more))
    table = router(made)
    assert [table.resolve(model=name).upstream_model for name in "abc"] == ["a", "a", "a"]
    assert fates(made)["router_settings.model_group_alias.d"] == "left-out"


CHEAP = "input_cost_per_token: 0.0000000001", "output_cost_per_token: 0.0000000001"


@pytest.mark.parametrize(
    ("first", "second", "pick"),
    [
        (("openai/gpt-4o-mini",), ("openai/gpt-4o",), 0),  # the catalogue has no such names: the first counts
        (("openai/gpt-4o",), ("gpt-4o-mini",), 1),
        (("openai/gpt-4o",), ("openai/x", "base_model: gpt-4o-mini"), 1),
        (("openai/x",), ("openai/y", *CHEAP), 1),
        (("openai/x",), ("openai/y", "input_cost_per_token: 0", "output_cost_per_token: 0"), 0),
        (("gpt-4o-mini",), ("openai/x", "model_info", *CHEAP), 0),
        (("openai/x",), ("openai/y", "model_info", "base_model: gpt-4o"), 1),
    ],
)
def test_cost_based_routing_reads_the_prices_that_litellm_reads(
    tmp_path: Path, first: tuple[str, ...], second: tuple[str, ...], pick: int
) -> None:
    entries = []
    for model, *lines in (first, second):
        own = lines if "model_info" not in lines else []
        info = f"    model_info: {{{', '.join(lines[1:])}}}\n" if lines and not own else ""
        entries.append(deployment("m", model, *own, beside=info))
    made = imported(tmp_path, config(*entries, more="router_settings: {routing_strategy: cost-based-routing}\n"))
    assert router(made).resolve(model="m").upstream_model == made.project.models[pick].upstream


def test_a_deployment_of_one_team_decides_calls(tmp_path: Path) -> None:
    info = "    model_info: {team_id: t1, team_public_model_name: gpt}\n"
    made = imported(tmp_path, config(deployment("m", "openai/gpt-4o", beside=info)))
    assert {field.key for field in made.report.routes_lost} == {
        "model_list[0].model_info.team_id",
        "model_list[0].model_info.team_public_model_name",
    }


def test_cost_based_routing_picks_the_cheapest_that_is_known(tmp_path: Path) -> None:
    made = imported(
        tmp_path,
        config(
            deployment("m", "openai/unheard-of"),
            deployment("m", "gpt-4o"),
            deployment("m", "gpt-4o-mini"),
            more="router_settings: {routing_strategy: cost-based-routing}\n",
        ),
    )
    upstream = {model.slug: model.upstream for model in made.project.models}
    chain = router(made).resolve(model="m", request_id="r").chain
    assert [upstream[slug] for slug in chain] == ["gpt-4o-mini", "gpt-4o", "unheard-of"]
    assert fates(made)["router_settings.routing_strategy"] == "mapped"


@pytest.mark.parametrize("strategy", ["latency-based-routing", "least-busy", "usage-based-routing-v2"])
def test_a_strategy_that_measures_is_a_hint_where_it_chooses(tmp_path: Path, strategy: str) -> None:
    more = f"router_settings: {{routing_strategy: {strategy}}}\n"
    one = imported(tmp_path, config(deployment("m", "openai/a"), more=more))
    two = imported(tmp_path, config(deployment("m", "openai/a"), deployment("m", "openai/b"), more=more))
    assert fates(one)["router_settings.routing_strategy"] == "mapped"
    assert fates(two)["router_settings.routing_strategy"] == "hint"
    assert [model.share for model in two.project.models] == [5000, 5000]


URLS = {
    "openai/gpt-4o": "https://api.openai.com/v1/chat/completions",
    "groq/llama": "https://api.groq.com/openai/v1/chat/completions",
    "perplexity/sonar": "https://api.perplexity.ai/chat/completions",
    "openai/x\n      api_base: https://one.example/v1": "https://one.example/v1/chat/completions",
    "openai/x\n      api_base: https://one.example/": "https://one.example/chat/completions",
    "openai/x\n      base_url: http://10.0.0.7:8000/v1/": "http://10.0.0.7:8000/v1/chat/completions",
    "ollama/llama3": "http://localhost:11434/v1/chat/completions",
    "azure/dep\n      api_base: https://r.openai.azure.com/\n      api_version: 2024-02-15-preview": (
        "https://r.openai.azure.com/openai/deployments/dep/chat/completions?api-version=2024-02-15-preview"
    ),
    "azure/dep\n      api_base: https://r.openai.azure.com\n      api_version: v1": (
        "https://r.openai.azure.com/openai/v1/chat/completions"
    ),
    "anthropic/claude-x": "https://api.anthropic.com/v1/messages",
    "gemini/gemini-2.5-pro": "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent",
    "gemini/gemini-x": "https://generativelanguage.googleapis.com/v1alpha/models/gemini-x:generateContent",
    "gemini/gemini-x\n      api_base: https://aiplatform.googleapis.com/v1/publishers/google": (
        "https://aiplatform.googleapis.com/v1/publishers/google/models/gemini-x:generateContent"
    ),
    "bedrock/us-east-1/anthropic.claude-x": (
        "https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-x/converse"
    ),
    "bedrock/converse/us.anthropic.claude-x\n      aws_region_name: eu-west-1": (
        "https://bedrock-runtime.eu-west-1.amazonaws.com/model/us.anthropic.claude-x/converse"
    ),
    "vertex_ai/gemini-x\n      vertex_project: p\n      vertex_location: europe-west1": (
        "https://europe-west1-aiplatform.googleapis.com"
        "/v1/projects/p/locations/europe-west1/publishers/google/models/gemini-x:generateContent"
    ),
    "vertex_ai/claude-x\n      vertex_project: p": (
        "https://us-central1-aiplatform.googleapis.com"
        "/v1/projects/p/locations/us-central1/publishers/anthropic/models/claude-x:rawPredict"
    ),
    "cohere/command-r": "https://api.cohere.com/v2/chat",
}


def test_the_url_is_the_one_that_litellm_calls(tmp_path: Path) -> None:
    made = imported(tmp_path, config(*(deployment(f"m{place}", model) for place, model in enumerate(URLS))))
    table = router(made)
    for place, (model, url) in enumerate(URLS.items()):
        assert table.resolve(model=f"m{place}").url == url, model


def test_what_stands_in_the_environment_counts_once_it_is_said(tmp_path: Path) -> None:
    text = config(
        deployment("a", "os.environ/MODEL", "api_base: os.environ/BASE"),
        deployment("b", "openai/b", "api_base: os.environ/STATED"),
        more="environment_variables: {STATED: https://stated.example/v1, OTHER: $HOME}\n",
    )
    open_ended = imported(tmp_path, text)
    assert {"provider `base`: base_url", "provider `base`: adapter", "model `a`: provider_model_name"} <= set(
        open_ended.project.missing
    )
    findings = checked(open_ended).diagnostics
    assert [each.rule for each in findings] == ["RC126"] * len(open_ended.project.missing)
    said = imported(tmp_path, text, said={"MODEL": "openai/gpt-x", "BASE": "https://said.example/v1"})
    table = router(said)
    assert table.resolve(model="a").url == "https://said.example/v1/chat/completions"
    assert table.resolve(model="a").upstream_model == "gpt-x"
    assert table.resolve(model="b").url == "https://stated.example/v1/chat/completions"


def test_a_credential_is_neither_written_nor_shown(tmp_path: Path) -> None:
    secret = "sk-proj-" + "aB3dE5fG7h" * 4
    text = config(
        deployment("a", "openai/a", f"api_key: {secret}"),
        deployment("b", "openai/b", "api_base: http://10.0.0.1/v1", "api_key: not-needed"),
        deployment("c", "openai/c", f"extra_headers: {{authorization: Bearer {secret}, x-team: blue}}"),
        more=f"general_settings: {{master_key: {secret}}}\n",
    )
    made = imported(tmp_path, text)
    everything = b"".join(project_files(made.project).values()).decode() + made.report.json()
    assert secret[8:] not in everything
    table = router(made)
    assert table.resolve(model="a").api_key_env == "A_API_KEY"
    assert table.resolve(model="b").api_key_env is None
    assert made.project.providers[2].headers == {"x-team": "blue"}
    assert fates(made)["model_list[0].litellm_params.api_key"] == "lost"


def test_figures_of_the_file_and_the_catalogue_are_exact(tmp_path: Path) -> None:
    info = "    model_info: {max_input_tokens: 9000, max_output_tokens: 700, "
    info += "supports_vision: true, supports_function_calling: false}\n"
    made = imported(
        tmp_path,
        config(
            deployment("a", "openai/own", "input_cost_per_token: 1e-06", "output_cost_per_token: 0", beside=info),
            deployment("b", "openai/gpt-4o", "input_cost_per_token: 0.00000015"),
            deployment("c", "openai/gpt-4o", "api_base: https://elsewhere.example/v1"),
            deployment(
                "d",
                "openai/x",
                "api_base: https://elsewhere.example/v1",
                beside="    model_info: {base_model: gpt-4o}\n",
            ),
        ),
    )
    a, b, c, d = made.project.models
    assert [a.figure(key).text for key in ("price.input", "price.output", "context_window")] == ["1", "0", "9000"]
    assert a.capabilities == ["streaming", "vision"]
    assert a.optional["max_output_tokens"].text == "700"
    assert [b.figure(key).text for key in ("price.input", "price.output")] == ["0.15", "10"]
    assert c.missing == ["quality", "price.input", "price.output", "latency_ms", "context_window"]
    assert d.figure("price.input").text == "2.5"


LEFT = {
    "an embedding by its mode": deployment("m", "openai/x", beside="    model_info: {mode: embedding}\n"),
    "an image by the catalogue": deployment("m", "openai/dall-e-3"),
    "a provider that nobody knows": deployment("m", "nobody/x"),
    "a bare name that nobody knows": deployment("m", "some-model-of-mine"),
    "no model": deployment("m", "azure/", "api_base: https://r.openai.azure.com"),
}
LOST = {
    "a provider without an adapter": deployment("m", "sagemaker/x"),
    "any name": deployment('"openai/*"', "openai/*"),
    "plain http to the internet": deployment("m", "openai/x", "api_base: http://api.example.com/v1"),
    "a vertex model of a third": deployment("m", "vertex_ai/llama"),
}


@pytest.mark.parametrize("what", [*LEFT, *LOST])
def test_what_cannot_be_carried_is_told(tmp_path: Path, what: str) -> None:
    made = imported(tmp_path, config((LEFT | LOST)[what], deployment("other", "openai/gpt-4o")))
    assert [model.slug for model in made.project.models] == ["other"]
    told = [field for field in made.report.told if field.key.startswith("model_list[0]")]
    assert any(field.routes for field in told) == (what in LOST)
    assert all(field.reason for field in told)
    assert not [each for each in checked(filled(made)).diagnostics if each.severity == "error"]


def test_settings_become_resilience_and_timeouts(tmp_path: Path) -> None:
    more = (
        "router_settings: {num_retries: 2, allowed_fails: 3, cooldown_time: 30, timeout: 1.5}\n"
        "litellm_settings: {num_retries: 9, request_timeout: 60, drop_params: true}\n"
    )
    made = imported(tmp_path, config(deployment("a", "openai/a", "timeout: 5", "stream_timeout: 2"), more=more))
    assert made.project.resilience == {"retries": 2, "cooloff_s": 30, "failures": 4, "window_s": 30}
    assert made.project.providers[0].total_ms == 1500
    assert made.project.models[0].timeouts == {"total_ms": 5000, "first_token_ms": 2000}
    assert fates(made)["litellm_settings.num_retries"] == "left-out"
    assert fates(made)["litellm_settings.drop_params"] == "lost"
    router(made)


def test_names_that_meet_stay_apart(tmp_path: Path) -> None:
    names = ("GPT 4", "gpt-4", "gpt 4", "GPT-4", "yes", "42")
    more = "router_settings:\n  fallbacks: [{gpt-4: [yes]}]\n"
    made = imported(tmp_path, config(*(deployment(f'"{n}"', f"openai/{i}x") for i, n in enumerate(names)), more=more))
    table = router(made)
    assert [table.resolve(model=name).upstream_model for name in names] == [f"{place}x" for place in range(len(names))]


def test_the_same_input_is_the_same_bytes(tmp_path: Path) -> None:
    text = config(deployment("a", "openai/a"), deployment("a", "groq/b"), deployment("c", "azure/c"))
    assert project_files(imported(tmp_path, text).project) == project_files(imported(tmp_path, text).project)


def test_an_adaptive_router_is_a_target_with_its_weights(tmp_path: Path) -> None:
    own = (
        "  - model_name: smart\n    litellm_params:\n      model: auto_router/adaptive_router\n"
        "      adaptive_router_config: {available_models: [a, b], weights: {quality: 0.7, cost: 0.3}}\n"
    )
    made = imported(tmp_path, config(own, deployment("a", "openai/a"), deployment("b", "openai/b")))
    assert made.project.targets[0].models == ["a", "b"]
    assert made.project.weights == {"quality": "0.7", "latency": "0", "cost": "0.3"}
    assert router(made).resolve(model="smart").status == "ok"


def test_a_pattern_that_leads_to_one_model_is_a_target(tmp_path: Path) -> None:
    made = imported(tmp_path, config(deployment('"claude-*"', "anthropic/claude-x"), deployment("a", "openai/a")))
    table = router(made)
    assert table.resolve(model="claude-whatever").upstream_model == "claude-x"
    assert table.resolve(model="other").status == "unknown_model"


def test_a_description_is_kept_and_a_deployment_id_is_the_model(tmp_path: Path) -> None:
    info = "    model_info: {description: 'Für\n      alle: #1'}\n"
    lines = ("api_base: https://r.openai.azure.com", "deployment_id: dep", "aws_region_name: us-east-1")
    made = imported(tmp_path, config(deployment("a", "azure/gpt-4o", *lines, beside=info)))
    assert made.project.models[0].description == "Für alle: #1"
    assert fates(made)["model_list[0].litellm_params.aws_region_name"] == "left-out"
    assert "/deployments/dep/" in str(router(made).resolve(model="a").url)


def test_names_that_pass_through_become_models_once_they_are_said(tmp_path: Path) -> None:
    text = config(
        deployment('"*"', "openai/*"),
        deployment('"anthropic/*"', "anthropic/*"),
        deployment("own", "groq/x"),
        more="router_settings: {fallbacks: [{gpt-5: [own]}]}\n",
    )
    without = imported(tmp_path, text)
    assert [field.key for field in without.report.routes_lost] == [
        "model_list[0].litellm_params.model",
        "model_list[1].litellm_params.model",
    ]
    made = imported(tmp_path, text, calls=("gpt-5", "anthropic/claude-x", "own"))
    assert made.report.routes_lost == ()
    table = router(made)
    assert table.resolve(model="anthropic/claude-x").upstream_model == "claude-x"
    assert table.resolve(model="gpt-5").upstream_model == "gpt-5"
    assert len(table.resolve(model="gpt-5").chain) == 2
    assert table.resolve(model="gpt-6").status == "unknown_model"


def test_a_model_in_the_body_is_a_loss_that_decides_calls(tmp_path: Path) -> None:
    """LiteLLM sends it in the place of the deployment's own."""
    made = imported(tmp_path, config(deployment("m", "openai/mm", "extra_body: {model: other, top_k: 3}")))
    lost = {field.key.rpartition(".")[2]: field.routes for field in made.report.fields if field.status == "lost"}
    assert lost == {"model": True}
