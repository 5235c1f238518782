"""Translate keys that people bring from other routers: which key of ours says the same, and in which unit.

A row whose key of ours does not exist in its body is passed by.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, NamedTuple

from routecomp.model.body_types import is_part, type_at
from routecomp.model.experiment import Experiment
from routecomp.model.fields import BOOLEAN_WORDS
from routecomp.model.part import Part
from routecomp.model.policy import DefaultPolicy, Preset, Tenant
from routecomp.model.provider import Provider
from routecomp.model.route import (
    Defaults,
    Feature,
    Model,
    Resilience,
    Row,
    Target,
)
from routecomp.model.wire_fields import KNOWN_AS
from routecomp.parse.tree import Mapping, Node, Scalar

_LONGEST = 40
_VARIABLE = re.compile(r"(?:os\.environ/|env\.|\$\{?)?([A-Z][A-Z0-9_]{1,99})\}?")


class Word(NamedTuple):
    """What a foreign key is called here.

    `key` are the keys of ours, joined with dots, in the body of class `owner`; None for the body that has the foreign
    one. A number is multiplied by `factor`. `note` says more: the unit, or what else is to be done. `form` is what the
    value becomes, `{}` standing for the foreign one; empty where it stays as it is. `switch` is what true and false
    become.
    """

    key: str
    note: str = ""
    factor: int | Fraction = 1
    owner: type[Part] | None = None
    form: str = ""
    switch: tuple[str, str] = ("", "")


class Translation(NamedTuple):
    """The help for a foreign key, and the first key of ours that it stands for in the same mapping; empty for none."""

    help: str
    key: str


class Meaning(NamedTuple):
    """The key of ours that a foreign key stands for, with dots, its value there, and what is to be said of it."""

    key: str
    shown: str
    note: str


_VERTEX = "https://{}-aiplatform.googleapis.com"
_PRICE = "in US dollars per million tokens"
_SHARE = "a part of 1"
_SIGNED = "where `auth` is `sigv4`; else the region stands in `base_url` alone, and this is left out"
_STACK = "the word for where it stands; with `auth: sigv4` the region of AWS is `region`"
_OWNERS: MappingOf[type[Part], str] = {
    Provider: "its provider",
    Model: "a model",
    Resilience: "`resilience`",
    Feature: "a feature",
    Target: "a target",
}


def _rows(names: str, word: Word) -> dict[str, Word]:
    """Return one row for each of several names, parted by spaces."""
    return dict.fromkeys(names.split(), word)


_NOT = ("false", "true")
_OTHER_STACKS = Word("stacks", "those that are allowed, all but these", form="[…]")
_SHARED = {
    **_rows(
        "max_parallel_requests max_parallel parallel_requests max_concurrency concurrency concurrent",
        Word("limits.parallel"),
    ),
    **_rows("timeout request_timeout timeout_s timeout_seconds", Word("timeouts.total_ms", "in milliseconds", 1000)),
    **_rows("max_concurrent concurrent_requests max_concurrent_requests", Word("limits.parallel")),
    **_rows("timeout_ms total_timeout_ms request_timeout_ms", Word("timeouts.total_ms")),
    **_rows("connect_timeout_ms", Word("timeouts.connect_ms")),
    **_rows("ttft_ms ttfb_ms first_byte_ms", Word("timeouts.first_token_ms")),
    **_rows("ttft_s ttfb_s first_byte_s", Word("timeouts.first_token_ms", "in milliseconds", 1000)),
    **_rows("stream_timeout", Word("timeouts.first_token_ms", "in milliseconds", 1000)),
    **_rows("connect_timeout", Word("timeouts.connect_ms", "in milliseconds", 1000)),
    **_rows("num_retries max_retries", Word("retries", owner=Resilience)),
    **_rows("cooldown_time cooldown", Word("cooloff_s", owner=Resilience)),
    **_rows("allowed_fails", Word("failures", owner=Resilience)),
    **_rows("temperature top_p top_k seed stop presence_penalty frequency_penalty", Word("params.*")),
    **_rows("reasoning_effort thinking response_format", Word("params.*")),
    **_rows("extra_body default_params", Word("params")),
}
_MODEL = {
    **_SHARED,
    **_rows("input_cost_per_token prompt_cost_per_token", Word("price.input", _PRICE, 10**6)),
    **_rows("output_cost_per_token completion_cost_per_token", Word("price.output", _PRICE, 10**6)),
    **_rows("input_cost_per_1k_tokens cost_per_1k_input_tokens", Word("price.input", _PRICE, 1000)),
    **_rows("output_cost_per_1k_tokens cost_per_1k_output_tokens", Word("price.output", _PRICE, 1000)),
    **_rows("input_cost_per_million_tokens input_price prompt_price", Word("price.input", _PRICE)),
    **_rows("output_cost_per_million_tokens output_price completion_price", Word("price.output", _PRICE)),
    **_rows("max_input_tokens context_length max_context_length max_context_tokens", Word("context_window")),
    **_rows("context_size n_ctx num_ctx max_model_len", Word("context_window")),
    **_rows(
        "max_tokens max_completion_tokens max_new_tokens max_output max_output_length",
        Word("max_output_tokens", "the most that it answers with"),
    ),
    **_rows("deployment deployment_name deployment_id azure_deployment engine", Word("provider_model_name")),
    **_rows("model model_id upstream_model", Word("provider_model_name", "without a router's prefix")),
    **_rows("model_name model_group model_alias", Word("aliases.[]", "what callers send; or make it the slug")),
    **_rows("api_base base_url api_endpoint api_url", Word("base_url", owner=Provider)),
    **_rows("api_version", Word("query.api-version", owner=Provider)),
    **_rows("extra_headers headers", Word("headers", owner=Provider)),
    **_rows("aws_region_name", Word("region", _SIGNED, owner=Provider)),
    **_rows("region_name", Word("stack", _STACK, owner=Provider, form="…")),
    **_rows("vertex_location", Word("base_url", owner=Provider, form=_VERTEX)),
    **_rows("api_key", Word("api_key_env", "the name of the variable, never the key")),
    **_rows("custom_llm_provider litellm_provider llm_provider provider_name vendor", Word("provider", "a slug")),
    **_rows("weight", Word("share", "a part of 1, which those of one `logical_slug` are together", form="…")),
    **_rows("deprecation_date shutdown_date retirement_date end_of_life", Word("sunset")),
    **_rows("supports_function_calling supports_tools", Word("capabilities.tools")),
    **_rows("supports_vision", Word("capabilities.vision")),
    **_rows("supports_native_streaming supports_streaming", Word("capabilities.streaming")),
    **_rows("supports_reasoning", Word("capabilities.reasoning")),
    **_rows("supports_response_schema", Word("capabilities.json-schema")),
    **_rows("supports_prompt_caching", Word("capabilities.prompt-caching")),
    **_rows("enabled is_enabled is_active available", Word("active")),
    **_rows("disabled disable is_disabled inactive paused archived blocked", Word("active", switch=_NOT)),
    **_rows("visible public is_public is_visible is_listed shown show", Word("listed")),
    **_rows("hidden hide is_hidden unlisted private is_private invisible internal", Word("listed", switch=_NOT)),
}
_PROVIDER = {
    **_SHARED,
    **_rows("api_base api_endpoint api_url endpoint url host azure_endpoint endpoint_url", Word("base_url")),
    **_rows("resource resource_name azure_resource", Word("base_url", form="https://{}.openai.azure.com")),
    **_rows("organization organization_id openai_organization", Word("headers.OpenAI-Organization")),
    **_rows("project openai_project", Word("headers.OpenAI-Project")),
    **_rows(
        "aws_access_key_id aws_secret_access_key aws_session_token aws_profile_name",
        Word("auth", "which is signed with your service's own credentials", form="sigv4"),
    ),
    **_rows("vertex_project gcp_project", Word("chat_path", "with the location in it too", form="…/projects/{}/…")),
    **_rows("api_key key_env env_key api_key_name", Word("api_key_env", "the name of the variable, never the key")),
    **_rows("type api_type provider_type custom_llm_provider litellm_provider", Word("adapter")),
    **_rows("api_version", Word("query.api-version")),
    **_rows("extra_headers default_headers http_headers", Word("headers")),
    **_rows("default_query", Word("query")),
    **_rows("aws_region_name region_name", Word("region", _SIGNED)),
    **_rows("vertex_location", Word("base_url", form=_VERTEX)),
    **_rows("active", Word("active", "each that it hosts", owner=Model)),
}
_POLICY = {
    **_rows(
        "allow_fallback allow_fallbacks enable_fallback enable_fallbacks fallbacks_enabled", Word("fallback_enabled")
    ),
    **_rows("use_fallback use_fallbacks fallback fallbacks", Word("fallback_enabled", switch=("true", "false"))),
    **_rows("no_fallback no_fallbacks disable_fallback disable_fallbacks", Word("fallback_enabled", switch=_NOT)),
    **_rows("fallback_disabled fallbacks_disabled strict_no_fallback", Word("fallback_enabled", switch=_NOT)),
    **_rows("min_compliance compliance_min minimum_compliance compliance", Word("compliance_veto_threshold")),
    **_rows("required_compliance require_compliance compliance_floor", Word("compliance_veto_threshold")),
    **_rows("compliance_threshold min_compliance_score", Word("compliance_veto_threshold")),
    **_rows("quality_floor quality_min minimum_quality min_quality_score", Word("min_quality")),
    **_rows("banned_stacks blocked_stacks denied_stacks excluded_stacks avoid_stacks", _OTHER_STACKS),
    **_rows("banned_regions blocked_regions denied_regions excluded_regions avoid_regions", _OTHER_STACKS),
    **_rows("excluded_models avoid_models forbidden_models", Word("banned_models")),
    **_rows("excluded_providers avoid_providers forbidden_providers", Word("banned_providers")),
    **_rows("blocked_models denied_models disallowed_models", Word("banned_models")),
    **_rows("blocked_providers denied_providers ignored_providers", Word("banned_providers")),
    **_rows("allowed_regions regions region allowed_stacks", Word("stacks", "the region words of providers")),
    **_rows("allowed_models only_models", Word("banned_models", "all but these", form="[…]")),
    **_rows("allowed_providers only_providers", Word("banned_providers", "all but these", form="[…]")),
}
_TENANT = {
    **_POLICY,
    **_rows("max_budget", Word("budget.daily_usd", "or `monthly_usd`, in US dollars")),
    **_rows("daily_budget", Word("budget.daily_usd", "in US dollars")),
    **_rows("monthly_budget", Word("budget.monthly_usd", "in US dollars")),
    **_rows("routing_strategy", Word("preset", "`latency_first`, `cost_first` or `quality_first`")),
}
_ROUTE = _rows("model_name model_group model_group_alias model_alias", Word("aliases.[]", "what callers send"))
_ROW = {
    **_rows("rate sample_rate sampling sampling_rate mirror mirror_rate mirrored traffic", Word("sample", _SHARE)),
    **_rows("fraction share ratio probability weight sample_ratio portion", Word("sample", _SHARE)),
    **_rows(
        "percent percentage pct sample_pct sample_percent traffic_percent", Word("sample", _SHARE, Fraction(1, 100))
    ),
}
_EXPERIMENT = {
    **_rows("active enabled running is_active", Word("status", switch=("active", "paused"))),
    **_rows("disabled inactive paused stopped", Word("status", switch=("paused", "active"))),
}
_WORDS: MappingOf[type[Part], MappingOf[str, Word]] = {
    Model: _MODEL,
    Provider: _PROVIDER,
    Tenant: _TENANT,
    Preset: _POLICY,
    DefaultPolicy: _POLICY,
    Row: _ROW,
    Experiment: _EXPERIMENT,
    Feature: {**_ROUTE, **_rows("fallbacks default_fallbacks", Word("fallback"))},
    Target: {**_ROUTE, **_rows("model_list deployments models", Word("candidates.models"))},
    Resilience: {
        **_rows("num_retries max_retries", Word("retries")),
        **_rows("cooldown_time cooldown", Word("cooloff_s")),
        **_rows("allowed_fails", Word("failures")),
        **_rows("max_fallbacks", Word("max_attempts", "the first model is one of them")),
        **_rows("timeout request_timeout", Word("timeouts.total_ms", "in milliseconds", 1000, Provider)),
    },
    Defaults: {**_rows("default_model fallback_model", Word("model"))},
}
_GROUPS = ("litellm_params", "model_info")
"""Mappings that hold what stands in the body itself here."""
_SECTIONS = {
    "model_list": "write `models:`, a mapping from slug to body; a `model_name` is an alias of one, or of a target",
    "deployments": "write `models:`, a mapping from slug to body",
    "router_settings": "retries, failures and the cool-off stand in `resilience:`; presets say what is best",
    "litellm_settings": "retries, failures and the cool-off stand in `resilience:`; remove the rest",
    "general_settings": "remove it: how the service itself runs is no matter of routing",
    "environment_variables": "remove it: variables are set where the service runs, and `api_key_env` names them",
    "model_group_alias": "write `aliases:` in the target, feature or model",
    "fallbacks": "write `fallback:` in the feature",
}


_ELSEWHERE: MappingOf[type[Part], type[Part]] = {Model: Provider, Provider: Model}
"""The body in which a key that people write in another one stands here: a host and a model are one entry elsewhere."""


def translate(body: type[Part], inner: tuple[str | int, ...], name: str, value: Node) -> Translation | None:
    """Return what an unknown key of a body says in our words; None for a key that we do not know either.

    `inner` leads to the mapping within the body that has the key.
    """
    part: Any = type_at(body, inner) if inner else None
    if is_part(part) and part in _WORDS:
        body, inner = part, ()
    words = _WORDS.get(body, {})
    above = f"{inner[0]}." if len(inner) == 1 else ""
    if inner:
        words = {
            key: word for key, word in words.items() if above and word.key.startswith(above) and word.owner is None
        }
    if name in _GROUPS and isinstance(value, Mapping):
        return _group(body, name, value)
    word = words.get(name)
    if (word is None or not _exists(body, word)) and not inner:
        word = _of_other_body(body, name)
    if word is None or not _exists(body, word) or (any(word.switch) and not isinstance(value, Scalar)):
        return None
    own = "" if word.owner is not None else word.key.partition(".")[0]
    key = word.key.removeprefix(above) if inner else word.key
    return Translation(_sentence(word._replace(key=key), name, value), key if inner else own)


def meaning(body: type[Part], name: str, value: Node) -> Meaning | None:
    """Return which key of ours, with dots, a key of a body stands for, and its value there; None for one of ours."""
    word = _WORDS.get(body, {}).get(name)
    if word is None or word.owner is not None or not _exists(body, word):
        return None
    return Meaning(word.key, _shown(word, value), word.note)


def section_help(name: str, folder: str, sections: MappingOf[str, Any]) -> str:
    """Return the help for an unknown section: what it is called here, else the sections of its folder."""
    listed = ", ".join(known for known, section in sections.items() if section.folder == folder)
    return _SECTIONS.get(name) or f"sections under {folder}/ are {listed}"


def _exists(body: type[Part], word: Word) -> bool:
    """Return whether the body of a word has its key."""
    return word.key.partition(".")[0] in (word.owner or body).fields


def _of_other_body(body: type[Part], name: str) -> Word | None:
    """Return the word for a key that stands in the other body of a pair; None for one that neither has."""
    other = _ELSEWHERE.get(body)
    word = None if other is None else _WORDS[other].get(name)
    return word if other is None or word is None or word.owner is not None else word._replace(owner=other)


def _sentence(word: Word, name: str, value: Node) -> str:
    """Say what to write in place of a key, with its value where it stays a value."""
    written = _yaml(word, name, _shown(word, value))
    note = f", {word.note}" if word.note else ""
    if word.key.startswith("capabilities."):
        written = f"`{word.key.partition('.')[2]}` in `capabilities`"
        switch = BOOLEAN_WORDS.get(value.text.lower()) if isinstance(value, Scalar) else None
        if switch == "false":
            return f"leave it out, and {written} too: a capability that is not listed is none"
        if switch is None:
            return f"write {written} if it is true"
    if word.owner is not None:
        return f"write {written} in {_OWNERS[word.owner]}{note}"
    return f"write {written}{note}"


def _yaml(word: Word, name: str, shown: str) -> str:
    """Write the key of ours as YAML in backquotes."""
    outer, _, inner = word.key.partition(".")
    if inner == "[]":
        return f"`{outer}: [{shown}]`"
    if inner:
        return f"`{outer}: {{{name if inner == '*' else inner}: {shown}}}`"
    return f"`{outer}: {shown}`"


def _shown(word: Word, value: Node) -> str:
    """Return a value as our key takes it; `…` for what is no short scalar, and for what could be a key."""
    if any(word.switch):
        text = BOOLEAN_WORDS.get(value.text.lower()) if isinstance(value, Scalar) else None
        return "…" if text is None else word.switch[text == "false"]
    if word.form:
        return word.form.replace("{}", _shown(word._replace(form=""), value))
    if not isinstance(value, Scalar) or not value.text or len(value.text) > _LONGEST or "\n" in value.text:
        return "…"
    if word.key == "adapter" and (ours := KNOWN_AS.get(value.text.lower())) is not None:
        return ours
    if word.key == "api_key_env":
        variable = _VARIABLE.fullmatch(value.text)
        return "…" if variable is None else variable[1]
    if word.note == _SHARE and value.text.endswith("%"):
        return _times(value.text.rstrip("% "), Fraction(1, 100))
    if word.factor != 1 or word.note == _PRICE:
        return _times(value.text, word.factor)
    return value.span.text.strip() if "\n" not in value.span.text else "…"


def _times(text: str, factor: int | Fraction) -> str:
    """Return a number, however it is written, times a factor, as a decimal; `…` for what is none, or has no end."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return "…"
    if not number.is_finite() or abs(number.adjusted()) > _LONGEST:
        return "…"
    product = Fraction(number) * factor
    digits = f"{Decimal(product.numerator) / Decimal(product.denominator):f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _group(body: type[Part], name: str, value: Mapping) -> Translation | None:
    """Say what the keys of a mapping that we do not have are called here."""
    words = _WORDS.get(body, {})
    known = [
        f"`{key.text}` is `{_flat(words[key.text], key.text)}`{_whose(words[key.text])}"
        for key, _ in value.items
        if key.text in words and _exists(body, words[key.text])
    ]
    listed = f": {', '.join(known[:6])}" + (" …" if len(known) > 6 else "") if known else ""
    return Translation(f"there is no such group: its keys stand in the body itself{listed}", "")


def _flat(word: Word, name: str) -> str:
    """Return the key of ours with dots."""
    return word.key.replace(".[]", "").replace("*", name)


def _whose(word: Word) -> str:
    """Say in which other body a key of ours stands."""
    return "" if word.owner is None else f" of {_OWNERS[word.owner]}"
