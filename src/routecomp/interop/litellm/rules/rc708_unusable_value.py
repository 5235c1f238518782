"""RC708 unusable-value: numbers, words and addresses are ones that LiteLLM can use."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.interop.value import Kind, Value
from routecomp.model.suggest import suggestion

_SWITCHES = ("enable_pre_call_checks", "enable_tag_filtering", "disable_cooldowns", "set_verbose", "cache_responses")
STRATEGIES = (
    "simple-shuffle",
    "least-busy",
    "latency-based-routing",
    "cost-based-routing",
    "usage-based-routing-v2",
    "usage-based-routing",
    "provider-budget-routing",
    "lar1",
)
_POSITIVE = (
    "rpm",
    "tpm",
    "itpm",
    "otpm",
    "rpd",
    "tpd",
    "timeout",
    "stream_timeout",
    "max_budget",
    "max_parallel_requests",
)
_NOT_NEGATIVE = (
    "weight",
    "order",
    "max_retries",
    "num_retries",
    "cooldown_time",
    "allowed_fails",
    "max_fallbacks",
    "retry_after",
)
_LARGEST_PRICE = Decimal("0.01")
"""Dollars a token: a price from here on is one of a million tokens."""
_NO_TEXT = ("http://", "https://", "$", "{{", "env", "unix:", "os.", "grpc", "ws")
"""How an address begins, or what another finding tells of."""
_MODES = (
    *("chat", "completion", "responses", "embedding", "rerank", "image_generation", "image_edit", "moderation"),
    *("audio_transcription", "audio_speech", "realtime", "video_generation", "batch", "ocr", "search", "vector_store"),
)


@litellm_rule("RC708", "unusable-value")
def find(subject: Subject) -> Iterator[Diagnostic]:
    """A value is none that LiteLLM can use.

    Looked at are limits, weights, retries and times (a number, not negative), prices (dollars a token, so below 0.01),
    the routing strategy, the `mode` of a model, the address of a host (`http://` or `https://` before it), and
    `api_version`, which needs quotes where it is a day.

    Why: a weight that is a text makes every call of the group fail, and a limit that is one makes the proxy leave the
    deployment out. Others count as nothing: a negative weight switches all weights of its group off.

    Fix: write a value of the kind that the finding names.
    """
    for settings in (subject.config.router_settings, subject.config.litellm_settings):
        yield from _numbers(settings)
    strategy = subject.config.router_settings.fields.get("routing_strategy")
    if strategy is not None and strategy.text not in STRATEGIES and strategy.kind is Kind.TEXT:
        help = suggestion(strategy.text, STRATEGIES, f"use one of: {', '.join(STRATEGIES)}")
        yield error("RC708", f"`{strategy.text}` is no routing strategy: the proxy does not start", strategy.span, help)
    for name in _SWITCHES:
        switch = subject.config.router_settings.fields.get(name)
        if switch is not None and switch.kind is Kind.TEXT and switch.text.lower() not in ("true", "false"):
            yield error("RC708", f"`{name}` is neither true nor false", switch.span, "write `true` or `false`")
    for deployment in subject.config.deployments:
        yield from _numbers(deployment.value)
        for part in (deployment.params, deployment.info):
            if part is not None:
                yield from _numbers(part)
                yield from _prices(part)
                yield from _texts(part)


def _numbers(part: Value) -> Iterator[Diagnostic]:
    """Yield the numbers of a mapping that are none, or too low."""
    for name in (*_POSITIVE, *_NOT_NEGATIVE):
        value = part.fields.get(name)
        if value is None or value.kind in (Kind.NULL, Kind.ENVIRONMENT, Kind.MAPPING, Kind.CREDENTIAL):
            continue
        if value.number is None:
            yield error("RC708", f"`{name}` is no number", value.span, "write a number")
        elif name == "weight" and value.is_quoted:
            yield error("RC708", "`weight` is a text: each call of the group fails", value.span, "remove the quotes")
        elif value.number < 0:
            yield error("RC708", f"`{name}` is negative", value.span, "write a number above 0")
        elif value.number == 0 and name in _POSITIVE:
            yield error("RC708", f"`{name}` is 0: no call is let through", value.span, "write a number above 0")


def _prices(part: Value) -> Iterator[Diagnostic]:
    """Yield the prices of a mapping that are none, negative, or those of a million tokens."""
    for name in ("input_cost_per_token", "output_cost_per_token", "cache_read_input_token_cost"):
        value = part.fields.get(name)
        if value is None or value.kind in (Kind.NULL, Kind.ENVIRONMENT):
            continue
        if value.number is None:
            yield error("RC708", f"`{name}` is no number", value.span, "write dollars a token, as 0.000003")
        elif value.number < 0:
            yield error("RC708", f"`{name}` is negative", value.span, "write dollars a token, as 0.000003")
        elif value.number >= _LARGEST_PRICE:
            message = f"`{name}` is ${value.text} a token"
            yield error("RC708", message, value.span, "a price of a million tokens is divided by 1000000")


def _texts(part: Value) -> Iterator[Diagnostic]:
    """Yield addresses, modes and versions that LiteLLM cannot use."""
    base = part.fields.get("api_base") or part.fields.get("base_url")
    if base is not None and base.kind is Kind.TEXT and base.text and not base.text.startswith(_NO_TEXT):
        message = f"`{base.name}` is no address: `http://` or `https://` is missing"
        yield error("RC708", message, base.span, f"write `https://{base.text.lstrip('/')}`")
    version = part.fields.get("api_version")
    if version is not None and version.kind is Kind.DATE:
        message = "this `api_version` is a day, not a text: the deployment is left out"
        yield error("RC708", message, version.span, "put it in quotes")
    mode = part.fields.get("mode")
    if mode is not None and part.name == "model_info" and mode.kind is Kind.TEXT and mode.text not in _MODES:
        yield error(
            "RC708", f"`{mode.text}` is no mode of a model", mode.span, suggestion(mode.text, _MODES, "use `chat`")
        )
