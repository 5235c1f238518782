"""Read what LiteLLM's settings say beside routes: retries, circuits, timeouts; and what no project says."""

from __future__ import annotations

from routecomp.interop.counts import MOST, count_of
from routecomp.interop.from_litellm.deployments import milliseconds_of
from routecomp.interop.from_litellm.routes import setting
from routecomp.interop.imported import Imported
from routecomp.interop.ledger import Fate, Ledger
from routecomp.interop.litellm.config import LiteLLMConfig
from routecomp.interop.value import Kind, Value

_ROUTES = {
    "context_window_fallbacks": "a chain that counts for one kind of failure alone is nothing a project says",
    "content_policy_fallbacks": "a chain that counts for one kind of failure alone is nothing a project says",
    "provider_budget_config": "what may be spent at one provider is nothing a project says",
    "enable_tag_filtering": "tags of requests choose no models in a project",
    "optional_pre_call_checks": "a call that belongs to an earlier one is not sent where that one went",
    "model_group_affinity_config": "a call that belongs to an earlier one is not sent where that one went",
    "enable_health_check_routing": "models are left alone by what services saw of them, not by checks of their own",
    "router_general_settings": "a project calls declared models only",
    "fallback_access_check": "what a key may call is the tenant's `allow`, whatever place in a chain it has",
    "fallback_budget_check": "a budget counts for the tenant, whatever place in a chain a model has",
    "use_litellm_proxy": "LiteLLM sends all calls to another proxy of its own",
    "api_base": "LiteLLM calls hosts here that a deployment states no base for",
    "routing_groups": "a strategy for a part of the names is nothing a project says",
    "model_alias_map": "names are rewritten behind the router here",
}
_LIMITED = "enforce_model_rate_limits"
"""The check that holds calls back where a deployment has had as many as its limits say."""
_INSTEAD = {
    "context_window_fallbacks": "add the larger model to the feature's `fallback`: a call that does not fit goes there",
    "content_policy_fallbacks": "catch the refusal in your service, and ask the other name",
    "provider_budget_config": "give tenants a `budget`, or the provider `limits`",
    "enable_tag_filtering": "give tenants `stacks`, or name a target for each tag",
    "optional_pre_call_checks": "keep the model in your service, and ask for it by its slug",
    "model_group_affinity_config": "keep the model in your service, and ask for it by its slug",
    "enable_health_check_routing": "see `resilience`",
    "router_general_settings": "declare the models that callers name",
    "fallback_access_check": "say `allow` of the tenant",
    "fallback_budget_check": "give tenants a `budget`",
    "use_litellm_proxy": "write `litellm_proxy/` before the models, and the proxy's URL as `api_base`",
    "api_base": "write it as `api_base` of each deployment",
    "routing_groups": "say it by `share`, or by targets",
    "model_alias_map": "write the names as `aliases` of the model",
}
_GENERAL = Fate("lost", "it sets up the proxy, not the routing", "keep it where the proxy runs, if you keep one")
_MODULE = Fate(
    "lost", "it sets up the proxy's own work beside routing", "your service does this itself, or keeps the proxy for it"
)
_SECTIONS = {
    "general_settings": _GENERAL,
    "litellm_settings": _MODULE,
    "router_settings": Fate(
        "lost", "it tunes LiteLLM's router, and no project says it", "see `resilience` and the policies"
    ),
    "include": Fate("mapped", "the included files are read"),
    "credential_list": Fate("lost", "no deployment that is carried refers to it", "name variables by `api_key_env`"),
}
_OF_A_DEPLOYMENT = Fate(
    "lost", "no field of a model says it", "if your calls need it, write it under `params` of the model"
)


def read_settings(config: LiteLLMConfig, project: Imported, ledger: Ledger) -> None:
    """Set resilience and timeouts of a project, and say what became of every field that nothing else reads."""
    _read_retries(config, project, ledger)
    _read_circuits(config, project, ledger)
    _read_timeouts(config, project, ledger)
    checks = config.router_settings.get("enable_pre_call_checks")
    ledger.map(checks, "the filters of every chain: a call that does not fit a window goes to the next model")
    for section in (config.router_settings, config.litellm_settings):
        for name, reason in _ROUTES.items():
            value = section.get(name)
            is_off = value is None or value.is_empty or (value.kind is Kind.BOOL and value.text.lower() == "false")
            if is_off:
                ledger.map(value, "off, as in a project")
            elif name == "optional_pre_call_checks" and value is not None and value.items:
                for item in value.items:
                    if item.text == _LIMITED:
                        ledger.map(item, "`limits` of the models hold, whatever picks")
                    else:
                        ledger.lose(item, reason, _INSTEAD[name], routes=True)
            else:
                ledger.lose(value, reason, _INSTEAD[name], routes=True)
    for name, fate in _SECTIONS.items():
        ledger.put(config.root.get(name), fate)
    for deployment in config.deployments:
        preferences = deployment.value.get("model_info", "adaptive_router_preferences")
        ledger.lose(preferences, "the adaptive router starts from it; a project has `quality`", "say it by `quality`")
        ledger.put(deployment.value, _OF_A_DEPLOYMENT)


def _read_retries(config: LiteLLMConfig, project: Imported, ledger: Ledger) -> None:
    """Read how often one model is tried again."""
    value = setting(config, "num_retries")
    if value is not None and (count := count_of(value, 0)) is not None:
        project.resilience["retries"] = count
        ledger.map(value, "`resilience.retries`")
    _mark_other(config, "num_retries", value, ledger)
    for name, reason in (
        ("retry_after", "how long to wait before a retry is the service's own to say"),
        ("retry_policy", "retries are the same for every kind of failure"),
        ("model_group_retry_policy", "retries are the same for every model"),
    ):
        ledger.lose(config.router_settings.get(name), reason, "see `resilience.retries`")


def _read_circuits(config: LiteLLMConfig, project: Imported, ledger: Ledger) -> None:
    """Read after how many failures a model is left alone, and for how long."""
    allowed, time = setting(config, "allowed_fails"), setting(config, "cooldown_time")
    seconds = count_of(time)
    if seconds:
        project.resilience["cooloff_s"] = seconds
        ledger.map(time, "`resilience.cooloff_s`")
    if allowed is not None and (count := count_of(allowed, 0)) is not None:
        project.resilience["failures"] = min(count + 1, MOST)
        if seconds:
            project.resilience["window_s"] = seconds
        ledger.map(allowed, "`resilience.failures`: one more than is allowed")
    for name, value in (("allowed_fails", allowed), ("cooldown_time", time)):
        _mark_other(config, name, value, ledger)
    policy = config.router_settings.get("allowed_fails_policy")
    if policy is not None and policy.kind is Kind.MAPPING and not policy.fields:
        ledger.map(policy, "empty: `resilience.failures` counts for every kind of failure")
    ledger.lose(policy, "failures count the same, whatever their kind", "see `resilience.failures`")


def _read_timeouts(config: LiteLLMConfig, project: Imported, ledger: Ledger) -> None:
    """Read how long a call may take where its deployment says nothing."""
    own, module = config.router_settings.get("timeout"), config.litellm_settings.get("request_timeout")
    value = own if own is not None and own.kind is not Kind.NULL else module
    if (milliseconds := milliseconds_of(value)) is not None:
        for provider in project.providers:
            provider.total_ms = milliseconds
        ledger.map(value, "`timeouts.total_ms` of every provider")
        if module is not value:
            ledger.leave(module, "`router_settings.timeout` counts in its place")


def _mark_other(config: LiteLLMConfig, name: str, value: Value | None, ledger: Ledger) -> None:
    """Say that a setting is not read because the same one of the router counts."""
    module = config.litellm_settings.get(name)
    if module is not None and module is not value:
        ledger.leave(module, f"`router_settings.{name}` counts in its place")
