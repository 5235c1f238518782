"""Judge the keys of a LiteLLM file: what each mapping may hold, and where a key belongs that stands elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

from routecomp.interop.litellm.config import Deployment
from routecomp.interop.litellm.foreign import TOP_LEVEL
from routecomp.interop.litellm.names import names
from routecomp.interop.litellm.rule import Subject
from routecomp.interop.value import Kind, Value
from routecomp.model.suggest import closest, typo_of

_MOST = 300
"""Faults that are looked for: nobody reads on, and to look for a near word takes its time."""
_ENTRY = frozenset(("model_name", "litellm_params", "model_info", "tpm", "rpm", "blocked"))
_TOP = TOP_LEVEL | {
    "sandbox_tools",
    "litellm_jwtauth",
    "enable_jwt_auth",
    "agent_list",
    "agents",
    "policies",
    "policy_attachments",
    "worker_registry",
}
_RETRIES = frozenset(
    f"{kind}ErrorRetries"
    for kind in ("BadRequest", "Authentication", "Timeout", "RateLimit", "ContentPolicyViolation", "InternalServer")
) | {"ContentPolicyViolationErrorRetries", "ServiceUnavailableErrorRetries"}
_FAILS = frozenset(name.replace("Retries", "AllowedFails") for name in _RETRIES)
_STRATEGY_ARGS = frozenset(("ttl", "lowest_latency_buffer", "max_latency_list_size", "rpm", "tpm", "time_window"))
_OTHER_WORDS = {
    "base": "api_base",
    "url": "api_base",
    "endpoint": "api_base",
    "base_path": "api_base",
    "key": "api_key",
    "token": "api_key",
    "auth_token": "api_key",
    "secret": "api_key",
    "retries": "num_retries",
    "provider": "custom_llm_provider",
    "fallback": "fallbacks",
    "strategy": "routing_strategy",
    "aliases": "model_group_alias",
    "model_alias": "model_group_alias",
    "model_aliases": "model_group_alias",
    "requests_per_minute": "rpm",
    "tokens_per_minute": "tpm",
    "deployment_name": "model",
    "deployment": "model",
}
"""What people write for a key, although it is not near in spelling."""

_OF_ONE_PROVIDER = {"apikey": ("watsonx", "watsonx_text")}
"""Parameters that these providers alone read; for others they are a known one misspelt."""
_UNREAD_IN_INFO = frozenset(
    (
        *("api_key", "api_base", "base_url", "api_version", "litellm_credential_name", "weight", "order"),
        *("max_retries", "num_retries", "timeout", "stream_timeout", "max_parallel_requests", "max_budget"),
        *("budget_duration", "aws_region_name", "vertex_project", "vertex_location"),
    )
)
"""Parameters that steer a call: below `model_info`, where any key may stand for people to read, they do nothing."""

_MODULE = frozenset(
    (
        *("drop_params", "modify_params", "request_timeout", "set_verbose", "json_logs", "cache", "cache_params"),
        *("callbacks", "success_callback", "failure_callback", "service_callback", "turn_off_message_logging"),
        *("ssl_verify", "max_budget", "budget_duration", "default_team_settings", "upperbound_key_generate_params"),
    )
)
"""Well-known settings of the module, which nothing else reads."""


class Verdict(StrEnum):
    """What is wrong with a key."""

    MISTYPED = "mistyped"
    MISPLACED = "misplaced"
    UNREAD = "unread"


class KeyFault(NamedTuple):
    """A key that LiteLLM does not read where it stands: in which mapping, and the known key or place that is meant.

    It `may_be_meant` where any key may stand.
    """

    value: Value
    where: str
    verdict: Verdict
    meant: str
    may_be_meant: bool = False


@lru_cache(maxsize=1)
def key_faults(subject: Subject) -> tuple[KeyFault, ...]:
    """Return the keys that nothing reads where they stand, in the order of the file; the first few hundred."""
    return tuple(islice(_key_faults(subject), _MOST))


def _key_faults(subject: Subject) -> Iterator[KeyFault]:
    """Yield each key that nothing reads where it stands, in the order of the file."""
    config = subject.config
    shared = {value.span for value in config.root.fields.values()} if _has_anchors(subject) else set()
    for value in config.root.fields.values():
        if not value.name.startswith(("x-", "x_", ".", "_")) and not (shared and _is_anchor_holder(value)):
            yield from _judge(value, "at the top of the file", _TOP, "top")
    for deployment in config.deployments:
        for value in deployment.value.fields.values():
            if value.name == "model" and "model_name" not in deployment.value.fields:
                yield KeyFault(value, "in an entry of `model_list`", Verdict.MISTYPED, "model_name")
            elif deployment.params is not None or value.name not in names("params"):
                yield from _judge(value, "in an entry of `model_list`", _ENTRY, "entry")
        params = names("params") - _of_other_providers(deployment)
        for value in deployment.params.fields.values() if deployment.params is not None else ():
            yield from _judge(value, "in `litellm_params`", params, "params")
        for value in deployment.info.fields.values() if deployment.info is not None else ():
            yield from _judge_info(value)
    for section, kind in ((config.router_settings, "router"), (config.litellm_settings, "module")):
        for value in section.fields.values():
            yield from _judge(value, f"in `{section.name}`", names(kind), kind)
    for value in config.general_settings.fields.values():
        yield from _judge(value, "in `general_settings`", names("general"), "general")
    yield from _policies(config.router_settings)


def _policies(settings: Value) -> Iterator[KeyFault]:
    """Yield the faults in the mappings of `router_settings` whose keys are words of LiteLLM."""
    for name, known in (
        ("retry_policy", _RETRIES),
        ("allowed_fails_policy", _FAILS),
        ("routing_strategy_args", _STRATEGY_ARGS),
    ):
        stated = settings.fields.get(name)
        for value in stated.fields.values() if stated is not None else ():
            yield from _judge(value, f"in `{name}`", known, "policy")
    groups = settings.fields.get("model_group_retry_policy")
    for policy in groups.fields.values() if groups is not None else ():
        for value in policy.fields.values():
            yield from _judge(value, "in a retry policy", _RETRIES, "policy")


def _judge(value: Value, where: str, known: frozenset[str], place: str) -> Iterator[KeyFault]:
    """Yield the fault of a key, if it is none of those that are known at its place."""
    key = value.name
    if key in known:
        return
    if place == "policy":
        near = next((name for name in sorted(known) if _bare(name) == _bare(key)), None) or closest(key, known)
    else:
        near = typo_of(key, known) or _other_word(key, known)
    home = _home(key, place)
    if home and near is None:
        yield KeyFault(value, where, Verdict.MISPLACED, home)
    elif near is not None:
        yield KeyFault(value, where, Verdict.MISTYPED, near)
    elif key not in names("seen"):
        yield KeyFault(value, where, Verdict.UNREAD, "")


def _bare(key: str) -> str:
    """Return the letters of a key of a policy without the word that all of them have."""
    return key.lower().replace("_", "").replace("error", "")


def _judge_info(value: Value) -> Iterator[KeyFault]:
    """Yield the fault of a key of `model_info`, which may hold any: a known one misspelt, or a parameter of calls."""
    key, where = value.name, "in `model_info`"
    if key in names("info"):
        return
    if key in _UNREAD_IN_INFO:
        yield KeyFault(value, where, Verdict.MISPLACED, "`litellm_params`", may_be_meant=True)
    elif near := typo_of(key, _common_info()):
        yield KeyFault(value, where, Verdict.MISTYPED, near, may_be_meant=True)


def _of_other_providers(deployment: Deployment) -> set[str]:
    """Return the parameters that only other providers than that of a deployment read."""
    provider = deployment.value.text_of("litellm_params", "custom_llm_provider") or deployment.model.partition("/")[0]
    return {name for name, readers in _OF_ONE_PROVIDER.items() if provider not in readers}


def _other_word(key: str, known: frozenset[str]) -> str | None:
    """Return the known key for which people write another word."""
    meant = _OTHER_WORDS.get(key.lower().replace("-", "_"))
    return meant if meant in known else None


@cache
def _common_info() -> frozenset[str]:
    """Return the keys of `model_info` of which a near word is surely a misspelling: it may hold any others."""
    return frozenset(
        (
            *("id", "mode", "base_model", "max_tokens", "max_input_tokens", "max_output_tokens", "team_id"),
            *("input_cost_per_token", "output_cost_per_token", "supports_vision", "supports_function_calling"),
            "access_groups",
        )
    )


def _home(key: str, place: str) -> str:
    """Return the place where a key is read that stands elsewhere; an empty text where none is known for sure."""
    if place not in ("module", "params") and key in _MODULE:
        return "`litellm_settings`"
    homes = {
        "top": (("router", "`router_settings`"), ("general", "`general_settings`")),
        "entry": (("params", "`litellm_params`"), ("info", "`model_info`")),
        "params": (("router", "`router_settings`"),),
        "router": (("general", "`general_settings`"),),
        "module": (("router", "`router_settings`"), ("general", "`general_settings`")),
        "general": (("router", "`router_settings`"),),
    }
    for kind, shown in homes.get(place, ()):
        if key in names(kind):
            return shown
    if key in _TOP and place != "top":
        return "the top of the file"
    return ""


def _has_anchors(subject: Subject) -> bool:
    """Return whether a file uses anchors: then a section may stand there to be named elsewhere."""
    return any("&" in source.text and "*" in source.text for source in subject.config.files)


def _is_anchor_holder(value: Value) -> bool:
    """Return whether the value of a top key begins with an anchor, or holds one."""
    line = value.span.file.text.rfind("\n", 0, value.span.start) + 1
    before = value.span.file.text[line : value.span.start]
    return "&" in before or "&" in value.span.text or value.kind in (Kind.NULL,)
