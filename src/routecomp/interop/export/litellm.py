"""Write a program as a configuration file of LiteLLM's proxy, whose `router_settings` its Router takes too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal

from routecomp.interop.export.export import Export, header
from routecomp.interop.export.fields import Fields
from routecomp.interop.export.litellm_call import litellm_call
from routecomp.interop.export.losses import DECIDED, becomes, lose_common
from routecomp.interop.export.routes import Pick, Route, Routes, key_of
from routecomp.interop.export.yaml_text import Value, yaml_text
from routecomp.model.project import Entry, Program
from routecomp.model.provider import Provider
from routecomp.model.route import Model

GATEWAY = "LiteLLM"
_HIDDEN = "routecomp:"
Add = Callable[[str, str, str | None, Mapping[str, Value]], bool]
_ALLOWED_FAILS = 3
_MAX_FALLBACKS = 5
"""What LiteLLM takes where a file says nothing."""
_MILLI = Decimal("0.001")
_PICO = Decimal("0.000000000001")
_BP = Decimal("0.0001")
_SUPPORTS: Mapping[str, str] = {
    "streaming": "supports_native_streaming",
    "tools": "supports_function_calling",
    "vision": "supports_vision",
    "reasoning": "supports_reasoning",
    "prompt-caching": "supports_prompt_caching",
    "json-schema": "supports_response_schema",
}
"""LiteLLM's word for a capability."""
_GUESSED = (
    *("ai21_chat", "anthropic", "bedrock", "cohere", "cohere_chat", "nlp_cloud", "openai"),
    *("text-completion-openai", "vertex_ai"),
)
"""The prefixes that LiteLLM puts before a name that it knows, and then asks the wildcards again."""
_WORDS: Mapping[str, str] = {
    "providers.adapter": "the prefix of `model`",
    "providers.base_url": "`api_base`, or what stands for it",
    "providers.chat_path": "`api_base`, or what stands for it",
    "providers.stream_path": "LiteLLM knows where this adapter streams",
    "providers.query": "`api_version`",
    "providers.headers": "`extra_headers`",
    "providers.secret_headers": "`extra_headers`, by the name of the variable",
    "providers.auth": "LiteLLM sends the key so",
    "providers.region": "`aws_region_name`",
    "providers.api_key_env": "`api_key: os.environ/…`",
    "providers.params": "`extra_body`",
    "providers.timeouts": "`timeout` and `stream_timeout`",
    "providers.limits": "the limits of its only deployment",
    "models.provider": "the address and the key",
    "models.provider_model_name": "`model`",
    "models.quality": f"{DECIDED}, and stands in `model_info`",
    "models.latency_ms": f"{DECIDED}, and stands in `model_info`",
    "models.output_ratio": f"{DECIDED}, and stands in `model_info`",
    "models.price": "`input_cost_per_token`, `output_cost_per_token`",
    "models.context_window": "`max_input_tokens` in `model_info`, asked by `enable_pre_call_checks`",
    "models.max_output_tokens": "`max_output_tokens` in `model_info`",
    "models.min_output_tokens": "it stands in `model_info`",
    "models.capabilities": "`supports_…` in `model_info`",
    "models.params": "`extra_body`",
    "models.api_key_env": "`api_key: os.environ/…`",
    "models.limits": "`rpm`, `tpm`, `max_parallel_requests`",
    "models.timeouts": "`timeout` and `stream_timeout`",
    "models.share": "`weight`",
    "features.fallback": "`fallbacks`, in this order",
    "features.then": "`fallbacks`, in the order of this policy",
    "features.aliases": "`model_group_alias`",
    "targets.aliases": "`model_group_alias`, or a wildcard",
    "models.aliases": "`model_group_alias`",
    "resilience.failures": "`allowed_fails`",
    "resilience.window_s": "LiteLLM counts the failures of a minute",
    "resilience.cooloff_s": "`cooldown_time`",
    "resilience.max_attempts": "chains are cut to it, and `max_fallbacks` reaches as far",
    "resilience.retries": "`num_retries`",
}


def export_litellm(routes: Routes) -> Export:
    """Return the file, and the report of what LiteLLM does not say."""
    program, fields = routes.program, Fields(routes.program)
    lose_common(fields, routes, GATEWAY, "litellm")
    deployments: list[Value] = []
    used: Counter[str] = Counter()
    callable_models: dict[str, str] = {}

    def add(name: str, slug: str, variable: str | None, more: Mapping[str, Value]) -> bool:
        params = litellm_call(program, slug, variable, fields).params
        if params is None:
            return False
        used[slug] += 1
        deployments.append(
            {
                "model_name": name,
                "litellm_params": {**params, **_price(program, slug), **_service(program, slug), **more},
                "model_info": _info(program, slug),
            }
        )
        return True

    taken = {name for route in routes.routes for name in route.names}
    for slug in routes.models:
        name = slug if slug in routes.pinned else hidden_name(slug, taken)
        if add(name, slug, key_of(program, slug), {}):
            callable_models[slug] = name
    aliases: dict[str, Value] = {}
    fallbacks: list[Value] = []
    longest = 1
    for route in routes.served:
        chain = [callable_models[slug] for slug in route.chain if slug in callable_models]
        picks = [pick for pick in route.picks if pick.model in callable_models]
        alias = _only_name(program, picks, callable_models)
        if not picks:
            if not chain:
                continue  # no model of it can be called; the provider's field says so
            alias, chain = chain[0], chain[1:]
        longest = max(longest, len(chain))
        for name in route.exact_names:
            if alias is None:
                for pick in picks:
                    add(name, pick.model, pick.endpoint.api_key_env, {"weight": pick.weight})
            elif name != alias:
                aliases[name] = alias
            if chain:
                fallbacks.append({name: list(chain)})
        for pattern in route.patterns:
            _add_pattern(program, pattern, route, set(callable_models), add)
            longest = max(longest, len(route.models))
    _lose_limits(fields, program, used)
    _lose_service(fields, routes)
    _lose_guesses(fields, routes)
    settings: dict[str, Value] = {"routing_strategy": "simple-shuffle"}
    if aliases:
        settings["model_group_alias"] = dict(sorted(aliases.items()))
    if fallbacks:
        settings["fallbacks"] = fallbacks
    if longest > _MAX_FALLBACKS:
        settings["max_fallbacks"] = longest
    resilience = program.sure_resilience
    settings |= {
        "num_retries": resilience.retries,
        "allowed_fails": resilience.failures - 1,
        # Without a policy LiteLLM takes its own default number for one that nobody set.
        **({"allowed_fails_policy": {}} if resilience.failures - 1 == _ALLOWED_FAILS else {}),
        "cooldown_time": resilience.cooloff_s,
    }
    if _windows_differ(routes):
        settings["enable_pre_call_checks"] = True
    if any(program.models[slug].body.limits.rpm or program.models[slug].body.limits.tpm for slug in used):
        settings["optional_pre_call_checks"] = ["enforce_model_rate_limits"]
    document: dict[str, Value] = {"model_list": deployments, "router_settings": settings}
    text = header("#", routes.tenant) + yaml_text(document)
    return Export(text.encode(), fields.report("litellm", becomes(_WORDS, routes)))


def hidden_name(slug: str, taken: Collection[str]) -> str:
    """Return the group of a model that callers may not name: none of the names that they may."""
    name = f"{_HIDDEN}{slug}"
    while name in taken:
        name = _HIDDEN + name
    return name


def _only_name(program: Program, picks: list[Pick], names: Mapping[str, str]) -> str | None:
    """Return the name of the deployment that a route's only pick already has; None where it needs its own."""
    if len(picks) != 1 or picks[0].endpoint.api_key_env != key_of(program, picks[0].model):
        return None
    return names[picks[0].model]


def _add_pattern(program: Program, pattern: str, route: Route, known: set[str], add: Add) -> None:
    """Add the deployments of a wildcard: it has no alias and no fallbacks, so `order` says what follows."""
    picks = [pick for pick in route.picks if pick.model in known]
    for pick in picks:
        weight: dict[str, Value] = {"weight": pick.weight} if len(picks) > 1 else {}
        add(pattern, pick.model, pick.endpoint.api_key_env, {"order": 1, **weight})
    for order, slug in enumerate([slug for slug in route.chain if slug in known], 2 if picks else 1):
        add(pattern, slug, key_of(program, slug), {"order": order})


def _price(program: Program, slug: str) -> dict[str, Value]:
    """Return the prices of a token in dollars, exactly."""
    price = program.models[slug].body.price
    return {"input_cost_per_token": price.input * _PICO, "output_cost_per_token": price.output * _PICO}


def _service(program: Program, slug: str) -> dict[str, Value]:
    """Return limits and timeouts; a timeout of the model replaces its provider's."""
    model = program.models[slug].body
    host = program.providers[model.provider].body
    made: dict[str, Value] = {}
    for name, declared in (("rpm", model.limits.rpm), ("tpm", model.limits.tpm)):
        if declared is not None:
            made[name] = declared
    if model.limits.parallel is not None:
        made["max_parallel_requests"] = model.limits.parallel
    total = model.timeouts.total_ms or host.timeouts.total_ms
    first = model.timeouts.first_token_ms or host.timeouts.first_token_ms
    if total is not None:
        made["timeout"] = total * _MILLI
    if first is not None:
        made["stream_timeout"] = first * _MILLI
    return made


def _info(program: Program, slug: str) -> dict[str, Value]:
    """Return what LiteLLM reads of a model, and what only routecomp does, so that it can be imported again."""
    model = program.models[slug].body
    host = program.providers[model.provider].body
    made: dict[str, Value] = {"max_input_tokens": model.context_window}
    if model.max_output_tokens is not None:
        made["max_output_tokens"] = model.max_output_tokens
    made |= {_SUPPORTS[word]: True for word in sorted(_SUPPORTS) if word in model.capabilities}
    own: dict[str, Value] = {
        "slug": slug,
        "stack": host.stack,
        "quality": _share(model.quality),
        "latency_ms": model.latency_ms,
        "output_ratio": _share(model.output_ratio),
        "compliance": _share(model.compliance),
        "min_output_tokens": model.min_output_tokens,
        "capabilities": list(model.capabilities),
    }
    return {**made, "routecomp": own}


def _share(basis_points: int) -> str:
    """Return basis points as a share, as an author writes it."""
    return format((basis_points * _BP).normalize(), "f")


def _lose_limits(fields: Fields, program: Program, used: Counter[str]) -> None:
    """Note the limits that LiteLLM counts otherwise: those of a provider, and those of a model that stands twice."""
    for slug, times in used.items():
        for key in ("rpm", "tpm", "parallel"):
            if times > 1 and getattr(program.models[slug].body.limits, key) is not None:
                fields.lose(
                    program.models[slug],
                    ("limits", key),
                    f"it stands in {times} deployments, and {GATEWAY} counts each apart",
                    "name the model itself or an alias, which share one deployment",
                )
    hosts = {program.models[slug].body.provider for slug in used}
    for slug in hosts:
        host = program.providers[slug]
        for key in ("rpm", "tpm", "parallel"):
            if getattr(host.body.limits, key) is not None:
                fields.lose(
                    host,
                    ("limits", key),
                    f"{GATEWAY} limits a deployment, never a provider's models together",
                    "give each model a limit of its own",
                )


def _lose_service(fields: Fields, routes: Routes) -> None:
    """Note what LiteLLM has no word for: the wait for a connection, and a window of its own for failures."""
    program = routes.program
    models = [program.models[slug] for slug in routes.models]
    hosts = [program.providers[slug] for slug in {model.body.provider for model in models}]
    entries: list[Entry[Model] | Entry[Provider]] = [*models, *hosts]
    for entry in entries:
        if entry.body.timeouts.connect_ms is not None:
            fields.lose(entry, ("timeouts", "connect_ms"), f"{GATEWAY} waits for a whole answer, not for a connection")
    resilience = program.resilience
    if resilience is not None and resilience.body.window_s != resilience.body.cooloff_s:
        fields.lose(
            resilience,
            ("window_s",) if resilience.has("window_s") else ("cooloff_s",),
            f"{GATEWAY} counts failures for as long as a deployment cools off",
            "let `window_s` be `cooloff_s`",
        )


def _lose_guesses(fields: Fields, routes: Routes) -> None:
    """Note the patterns that LiteLLM also asks for a name with a prefix of its own before it."""
    for route in routes.served:
        for pattern in route.patterns:
            start = pattern[:-1]
            heads = [f"{head}/" for head in _GUESSED if start.startswith(f"{head}/") or f"{head}/".startswith(start)]
            if start and heads:
                fields.lose(
                    route.entry,
                    ("aliases",),
                    f"{GATEWAY} puts `{heads[0]}` before names that it knows: `{pattern}` takes those too, also names "
                    "that are refused here",
                    "let patterns begin with a word of your own",
                )


def _windows_differ(routes: Routes) -> bool:
    """Return whether any chain has models with different windows: then LiteLLM must count tokens."""
    windows = [{routes.program.models[slug].body.context_window for slug in route.models} for route in routes.served]
    return any(len(window) > 1 for window in windows)
