"""RC708 unusable-value: numbers, words and addresses are ones that LiteLLM can use."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from routecomp.diagnostics.diagnostic import Diagnostic, error, warning
from routecomp.interop.litellm.names import VERSION, names
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.interop.litellm.words import MODES, OTHER_MODES, PRE_CALL_CHECKS, STRATEGIES
from routecomp.interop.value import Kind, Value
from routecomp.model.suggest import suggestion

_SWITCHES = ("enable_pre_call_checks", "enable_tag_filtering", "disable_cooldowns", "set_verbose", "cache_responses")
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
_AT_ZERO = {
    "max_fallbacks": ("no fallback is tried", "write how many may be tried, or remove the fallbacks"),
    "cooldown_time": ("LiteLLM takes its default, 5 seconds", "write `disable_cooldowns: true`, or the seconds"),
}
"""What 0 does, and what to write."""
_RATES = ("rpm", "tpm")
_ENFORCED = ("usage-based-routing", "usage-based-routing-v2")
"""The strategies that keep the limits of a deployment, also one of 0."""
_LARGEST_PRICE = Decimal("0.01")
"""Dollars a token: a price from here on is one of a million tokens."""
_NO_TEXT = ("http://", "https://", "$", "{{", "env", "unix:", "os.", "grpc", "ws")
"""How an address begins, or what another finding tells of."""


@litellm_rule("RC708", "unusable-value")
def find(subject: Subject) -> Iterator[Diagnostic]:
    """A value is none that LiteLLM can use.

    Looked at are limits, weights, retries and times (a number, not negative), prices (dollars a token, so below 0.01),
    the routing strategy, switches (no quotes around `true` and `false`), the `mode` of a model, the address of a host
    (`http://` or `https://` before it), and `api_version`, which needs quotes where it is a day. A limit of 0 is a
    warning where calls are let through all the same: only the strategies for usage, and the check
    `enforce_model_rate_limits`, keep an `rpm` or `tpm` of 0.

    Why: a weight that is a text makes every call of the group fail, and a limit that is one makes the proxy leave the
    deployment out. Others count as nothing: a negative weight switches all weights of its group off.

    Fix: write a value of the kind that the finding names.
    """
    router = subject.config.router_settings
    for settings in (router, subject.config.litellm_settings):
        yield from _numbers(settings, ())
    strategy = router.fields.get("routing_strategy")
    if strategy is not None and strategy.text not in STRATEGIES and strategy.kind is Kind.TEXT:
        help = suggestion(strategy.text, STRATEGIES, f"use one of: {', '.join(STRATEGIES)}")
        yield error("RC708", f"`{strategy.text}` is no routing strategy: the proxy does not start", strategy.span, help)
    yield from _switches(router)
    for settings in (subject.config.litellm_settings, subject.config.general_settings):
        yield from _quoted(settings, names("switches"))
    yield from _policies(router)
    checks = router.fields.get("optional_pre_call_checks")
    yield from _pre_call_checks(checks)
    stated = [each.text for each in checks.items] if checks is not None else []
    keeps_rates = router.text_of("routing_strategy") in _ENFORCED or "enforce_model_rate_limits" in stated
    closing = _RATES if keeps_rates else ()
    for deployment in subject.config.deployments:
        yield from _numbers(deployment.value, closing)
        for part in (deployment.params, deployment.info):
            if part is not None:
                yield from _numbers(part, closing)
                yield from _prices(part)
                yield from _texts(part)
                yield from _quoted(part, names("deployment switches"))


def _switches(settings: Value) -> Iterator[Diagnostic]:
    """Yield the switches of the router that are texts: LiteLLM asks whether there is any, or whether it is `true`."""
    for name in _SWITCHES:
        switch = settings.fields.get(name)
        if switch is None or switch.kind is not Kind.TEXT or not switch.text:
            continue
        if switch.text.lower() not in ("true", "false"):
            yield error("RC708", f"`{name}` is neither true nor false", switch.span, "write `true` or `false`")
        elif name == "enable_tag_filtering":
            if switch.text.lower() == "true":
                yield error("RC708", f"`{name}` is a text: it counts as not set", switch.span, "remove the quotes")
        elif switch.text.lower() == "false":
            yield error("RC708", f"`{name}` is a text: it counts as set", switch.span, "remove the quotes")


def _quoted(part: Value, switches: frozenset[str]) -> Iterator[Diagnostic]:
    """Yield switches that are texts: of some LiteLLM asks whether there is any, of others whether they are `true`."""
    for name, value in part.fields.items():
        if name in switches and value.kind is Kind.TEXT and value.text.lower() in ("true", "false"):
            counts = "set" if value.text.lower() == "false" else "not set"
            yield warning("RC708", f"`{name}` is a text: it may count as {counts}", value.span, "remove the quotes")


def _pre_call_checks(checks: Value | None) -> Iterator[Diagnostic]:
    """Yield the optional checks before a call that LiteLLM does not know."""
    if checks is not None and checks.kind is Kind.TEXT and checks.text:
        message = "`optional_pre_call_checks` is no list: nothing is checked"
        yield error("RC708", message, checks.span, f"write it in brackets: `[{checks.text}]`")
    for check in checks.items if checks is not None else ():
        if check.kind is Kind.TEXT and check.text not in PRE_CALL_CHECKS:
            help = suggestion(check.text, PRE_CALL_CHECKS, f"use one of: {', '.join(PRE_CALL_CHECKS)}")
            yield error("RC708", f"`{check.text}` is no check before a call: nothing is checked", check.span, help)


def _policies(router: Value) -> Iterator[Diagnostic]:
    """Yield the numbers of retry policies, and of those for failures, that are none."""
    stated = [router.fields.get("retry_policy"), router.fields.get("allowed_fails_policy")]
    groups = router.fields.get("model_group_retry_policy")
    for policy in (*stated, *(groups.fields.values() if groups is not None else ())):
        for value in policy.fields.values() if policy is not None else ():
            if value.kind in (Kind.NULL, Kind.ENVIRONMENT):
                continue
            if value.number is None or value.number < 0 or value.number % 1:
                end = "the proxy does not start" if policy in stated else "it is not read"
                message = f"`{value.name}` is no whole number from 0 on: {end}"
                yield error("RC708", message, value.span, "write how often, as a whole number")


def _numbers(part: Value, closing: tuple[str, ...]) -> Iterator[Diagnostic]:
    """Yield the numbers of a mapping that are none, or too low; of `closing` limits 0 lets no call through."""
    for name in (*_POSITIVE, *_NOT_NEGATIVE):
        value = part.fields.get(name)
        if value is None or value.kind in (Kind.NULL, Kind.ENVIRONMENT, Kind.MAPPING, Kind.CREDENTIAL):
            continue
        if value.number is None:
            yield error("RC708", f"`{name}` is no number", value.span, "write a number")
        elif name == "weight" and value.is_quoted:
            yield error("RC708", "`weight` is a text: each call of the group fails", value.span, "remove the quotes")
        elif value.number < 0:
            yield error("RC708", f"`{name}` is negative", value.span, f"write {_least(name)}")
        elif value.number == 0 and name in closing:
            yield error("RC708", f"`{name}` is 0: no call is let through", value.span, "write a number above 0")
        elif value.number == 0 and name in _AT_ZERO:
            yield warning("RC708", f"`{name}` is 0: {_AT_ZERO[name][0]}", value.span, _AT_ZERO[name][1])
        elif value.number == 0 and name in _POSITIVE:
            message = f"`{name}` is 0, which LiteLLM {VERSION} takes for no limit"
            yield warning("RC708", message, value.span, "write a number above 0, or remove it")


def _least(name: str) -> str:
    """Say what the least number is that may be written."""
    return "a number above 0" if name in _POSITIVE else "0 or more"


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
    base = part.fields.get("base_url") or part.fields.get("api_base")
    if base is not None and base.kind is Kind.TEXT and base.text and not base.text.startswith(_NO_TEXT):
        message = f"`{base.name}` is no address: `http://` or `https://` is missing"
        yield error("RC708", message, base.span, f"write `https://{base.text.lstrip('/')}`")
    version = part.fields.get("api_version")
    if version is not None and version.kind is Kind.DATE:
        message = "this `api_version` is a day, not a text: the deployment is left out"
        yield error("RC708", message, version.span, "put it in quotes")
    mode = part.fields.get("mode")
    if mode is not None and part.name == "model_info" and mode.kind is Kind.TEXT and mode.text not in MODES:
        meant = OTHER_MODES.get(mode.text.lower())
        help = f"use `{meant}`" if meant else suggestion(mode.text, MODES, f"use one of: {', '.join(MODES)}")
        yield error("RC708", f"`{mode.text}` is no mode of a model", mode.span, help)
