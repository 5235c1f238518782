"""Decide each call of a LiteLLM proxy before it is routed: the model, and what follows where that fails."""

from __future__ import annotations

import logging
import math
import os
import threading
import time
import uuid
from collections.abc import Callable, Collection, Mapping
from contextvars import ContextVar
from typing import Any, NamedTuple

from litellm.integrations.custom_logger import CustomLogger

from routecomp.runtime.resolver import ARGUMENTS, Decision, Router, load
from routecomp_litellm.groups import Groups
from routecomp_litellm.names import (
    HIDDEN,
    brings_credentials,
    names_beside,
    parts_of,
    replace_names,
    strip_all,
    tool_models,
)
from routecomp_litellm.policy import Policy, Rejected
from routecomp_litellm.upstream import drop_upstream, is_own_address, known_parameters

_DECIDED = (
    "completion",
    "text_completion",
    "anthropic_messages",
    "responses",
    "compact_responses",
    "generate_content",
    "generate_content_stream",
    "create_interaction",
)
CALLS = frozenset(f"{prefix}{name}" for prefix in ("", "a") for name in _DECIDED)
"""The calls whose model is chosen. Of all others it is only looked whether the models that they name are permitted."""
FROM_REQUEST = tuple(name for name in ARGUMENTS if name not in ("model", "tenant", "unavailable"))
"""What a caller may say in `metadata.routecomp`. Who the tenant is, the proxy's key says, never the caller."""
_ITS_OWN = ("litellm-internal-health-check", "litellm_internal_jobs")
"""The keys with which LiteLLM calls models for itself."""
_LOG = logging.getLogger("routecomp.litellm")


class _Call(NamedTuple):
    """What was decided for the call that this task makes."""

    id: str
    request: Mapping[str, Any]
    decision: Decision
    groups: tuple[str, ...]
    api_key: str | None


_CALL: ContextVar[_Call | None] = ContextVar("routecomp_call", default=None)


class RoutecompHook(CustomLogger):  # type: ignore[misc,unused-ignore]  # untyped where LiteLLM is not installed
    """A callback of LiteLLM's proxy: routecomp chooses, LiteLLM calls.

    A call that cannot be decided goes on unchanged, and LiteLLM routes it as its own file says: the hook never fails a
    call. A rejection by the policy is no failure but an answer: it is raised as `Rejected`, unless `rejects` is false.

    `tenant_from` is the attribute of the proxy's key that names the tenant. The table is read again where its file
    changed, at most each `reload_s` seconds, in a thread. `litellm_router` is the Router that makes the calls, by
    default the running proxy's; `groups` are the names of its groups, where there is no Router to ask.
    """

    def __init__(
        self,
        router: Router,
        *,
        tenant_from: str = "team_id",
        rejects: bool = True,
        reload_s: float = 5.0,
        groups: Collection[str] | None = None,
        litellm_router: Any = None,
    ) -> None:
        super().__init__()
        known_parameters()  # at the start: an error later would leave calls undecided
        self.router = router
        self._tenant_from = tenant_from
        self._rejects = rejects
        self._reload_s = reload_s
        self._group_names = groups
        self._litellm_router = litellm_router
        self._next = time.monotonic() + reload_s
        self._reloading = threading.Lock()

    @classmethod
    def from_environment(cls) -> RoutecompHook:
        """Make the hook of the variables ROUTECOMP_TABLE, ROUTECOMP_FALLBACK, _TENANT_FROM, _REJECTS and _RELOAD_S."""
        get = os.environ.get
        path = get("ROUTECOMP_TABLE", "generated/routing_table.json")
        reload_s = _seconds(get("ROUTECOMP_RELOAD_S"))
        return cls(
            load(path, fallback=get("ROUTECOMP_FALLBACK")),
            tenant_from=get("ROUTECOMP_TENANT_FROM", "team_id"),
            rejects=get("ROUTECOMP_REJECTS", "1") != "0",
            reload_s=reload_s,
        )

    async def async_pre_call_hook(
        self, user_api_key_dict: Any, cache: Any, data: dict[str, Any], call_type: Any
    ) -> dict[str, Any]:
        """Return a request with the model that routecomp chose, and with what follows it as fallbacks."""
        try:
            self._reload_soon()
            call = _call_of(data)
            if call is not None and data.get("model") == call.groups[0]:
                return data  # decided already
            request = self.request_of(user_api_key_dict, data)
            self._enter(request, data, decides=str(getattr(call_type, "value", call_type)) in CALLS)
        except Rejected:
            raise
        except Exception:
            _LOG.warning("routecomp decided nothing: LiteLLM routes this call itself", exc_info=True)
        return data

    async def async_filter_deployments(
        self,
        model: str,
        healthy_deployments: list[Any],
        messages: Any,
        request_kwargs: dict[str, Any] | None = None,
        parent_otel_span: Any = None,
    ) -> list[Any]:
        """Return the deployments that may answer, each time LiteLLM takes a group: first, or where another failed.

        By whatever way a request came to the group, its name decides: it is asked once more, for those ways and lists
        that the hook does not see before the call.
        """
        kept, refusal = [], None
        for deployment in healthy_deployments:
            why = self._refusal((deployment["model_name"], model), request_kwargs or {}, deployment=deployment)
            refusal = refusal or why
            if why is None:
                kept.append(deployment)
        if refusal is not None and not kept:
            raise refusal
        return kept

    async def async_pre_call_deployment_hook(self, kwargs: dict[str, Any], call_type: Any) -> dict[str, Any] | None:
        """Return a call of a deployment with the key of an experiment's version, where its model is the one called.

        What LiteLLM calls without choosing a deployment (by its id, for a batch) is refused here at the latest.
        """
        group = self._bag(kwargs).get("deployment_model_name")
        named = kwargs.get("model") if group is None else group
        if isinstance(named, str) and (refusal := self._refusal((named,), kwargs, behind=group is None)) is not None:
            raise refusal
        call = _call_of(kwargs)
        if call is None or call.api_key is None or group != call.groups[0] or not self._is_own(kwargs, call):
            return None
        return {**kwargs, "api_key": call.api_key}

    def _is_own(self, kwargs: Mapping[str, Any], call: _Call) -> bool:
        """Whether a call goes to the model of its decision: of a group with several addresses, to the model's own."""
        if is_own_address(kwargs, call.decision.url) or self._groups().has_one_address(call.groups[0]):
            return True
        _LOG.warning(
            "the key of a version was not given: the group %s has several addresses, and this is not its model's",
            call.groups[0],
        )
        return False

    def request_of(self, user_api_key_dict: Any, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what routecomp is asked for a request of the proxy."""
        metadata = data.get("metadata")
        own = metadata.get("routecomp") if isinstance(metadata, dict) else None
        request: dict[str, Any] = {
            "unit": data.get("user"),
            "request_id": data.get("litellm_call_id"),
            "stream": data.get("stream") is True or None,
            "tools": bool(data.get("tools")) or None,
            "max_output_tokens": data.get("max_completion_tokens") or data.get("max_tokens"),
        }
        if isinstance(own, dict):
            request |= {name: own[name] for name in FROM_REQUEST if name in own}
        request["model"] = data.get("model")
        request["tenant"] = getattr(user_api_key_dict, self._tenant_from, None)
        return {name: value for name, value in request.items() if value is not None}

    def _enter(self, request: Mapping[str, Any], data: dict[str, Any], *, decides: bool) -> None:
        """Write a decision into a request, or look whether all is permitted that it names; raise Rejected."""
        groups = self._groups()
        policy = Policy(self.router, request, groups)
        if self._rejects:
            for name in (*parts_of(data.get("model")), *tool_models(data)):
                if name.startswith(HIDDEN):
                    raise Rejected(policy.decision(name), name)
            for name in tool_models(data):
                policy.look(name)
        if decides and self._decide(request, data, policy):
            return
        if not self._rejects:
            return
        if data.get("model"):
            drop_upstream(data)
        stand_in = policy.stand_in if decides else policy.look
        names = [stand_in(name) for name in parts_of(data.get("model"))]
        if decides and isinstance(data.get("model"), str) and "," in data["model"]:
            data["model"] = ",".join(names)
        for name in names_beside(data):
            policy.look(name)
        replace_names(data, _permitted(stand_in))

    def _decide(self, request: Mapping[str, Any], data: dict[str, Any], policy: Policy) -> bool:
        """Write the decision of a request into it, and return whether there is one; raise Rejected."""
        decision = policy.asked()
        if decision.status == "unknown_model":
            return False  # a name that only LiteLLM knows
        if decision.model is None:
            if self._rejects:
                raise Rejected(decision)
            return False
        groups = policy.groups_of(decision)
        if not groups:
            _LOG.warning("LiteLLM has no group for any of %s: it routes this call itself", ", ".join(decision.chain))
            return False
        own = None if brings_credentials(data) else self._own_key(decision)
        strip_all(data)
        data["model"], data["fallbacks"] = groups[0], groups[1:]
        data |= {"context_window_fallbacks": [], "content_policy_fallbacks": []}  # nor those of LiteLLM's file
        data["litellm_call_id"] = data.get("litellm_call_id") or str(uuid.uuid4())
        _CALL.set(_Call(data["litellm_call_id"], request, decision, tuple(groups), own))
        return True

    def _own_key(self, decision: Decision) -> str | None:
        """Return the key of an experiment's version, where it has one that is not its model's."""
        facts, own = self.router.facts.model(decision.model), decision.api_key_env
        if decision.variant is None or own is None or facts is None or own == facts.api_key_env:
            return None
        return os.environ.get(own)

    def _refusal(
        self, names: Collection[str], kwargs: Mapping[str, Any], *, behind: bool = False, deployment: Any = None
    ) -> Rejected | None:
        """Return why a call that LiteLLM makes may not go to a group of these names; None where it may.

        A decided call may go to its chain alone, among the models that the table knows, once its model failed. What no
        caller asked for, such as a guardrail's own model or a check of health, may go anywhere. Where LiteLLM says
        nothing of a call, as where it lets a provider count tokens, it is judged as one of no tenant. With `behind` the
        names are a provider's, and the groups that have them are meant.
        """
        if not self._rejects:
            return None
        try:
            call, bag = _call_of(kwargs), self._bag(kwargs)
            if call is not None and not set(call.groups).isdisjoint(names):
                return None
            asked = self._asked(bag, kwargs) if call is None else call.request
            if asked is None and (bag or kwargs.get("litellm_call_id")):
                return None
            policy = Policy(self.router, asked or {}, self._groups())
            for name in names:
                if behind:
                    policy.look(name)
                elif (refusal := policy.refusal(name)) is not None:
                    return refusal
                if deployment is not None and (refusal := policy.refusal_within(name, deployment)) is not None:
                    return refusal
                if call is not None and bag.get("previous_models") and self.router.facts.model(name) is not None:
                    return Rejected(call.decision, name)
        except Rejected as refusal:
            return refusal
        except Exception:
            _LOG.warning("routecomp could not look at a group that LiteLLM calls", exc_info=True)
        return None

    def _bag(self, kwargs: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what the proxy notes of a call: of two places the one with its key, which no caller can write."""
        bags = [bag for key in ("litellm_metadata", "metadata") if isinstance(bag := kwargs.get(key), Mapping)]
        own = [bag for bag in bags if hasattr(bag.get("user_api_key_auth"), self._tenant_from)]
        return (own or [bag for bag in bags if "user_api_key" in bag] or bags or [{}])[0]

    def _asked(self, bag: Mapping[str, Any], kwargs: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return who asked for a call that LiteLLM makes; None where no caller of the proxy did."""
        key = bag.get("user_api_key_auth")
        if getattr(key, "api_key", None) in _ITS_OWN:
            return None
        if hasattr(key, self._tenant_from):
            tenant = getattr(key, self._tenant_from)
        elif "user_api_key" in bag:
            tenant = bag.get(f"user_api_key_{self._tenant_from}")
        else:
            return None
        request = {"tenant": tenant, "unit": kwargs.get("user"), "request_id": kwargs.get("litellm_call_id")}
        return {name: value for name, value in request.items() if value is not None}

    def _groups(self) -> Groups:
        """Return the groups that LiteLLM can call."""
        if self._litellm_router is not None or self._group_names is not None:
            return Groups(self._litellm_router, self._group_names)
        # lazy: whoever uses the Router alone has no proxy
        from litellm.proxy import proxy_server

        return Groups(proxy_server.llm_router)

    def _reload_soon(self) -> None:
        """Let a thread read the table again, where that is due and none does."""
        now = time.monotonic()
        if now < self._next or not self._reloading.acquire(blocking=False):
            return
        self._next = now + self._reload_s
        threading.Thread(target=self._reload, name="routecomp-reload", daemon=True).start()

    def _reload(self) -> None:
        """Read the files again; a table that is refused leaves the last good one serving."""
        try:
            if not self.router.reload():
                _LOG.warning("routecomp: %s", self.router.status()["last_rejection"])
        except Exception:
            _LOG.warning("routecomp could not read its table again", exc_info=True)
        finally:
            self._reloading.release()


def _call_of(kwargs: Mapping[str, Any]) -> _Call | None:
    """Return what was decided for a call that LiteLLM makes; None for another call within the same task."""
    call = _CALL.get()
    return call if call is not None and kwargs.get("litellm_call_id") == call.id else None


def _permitted(stand_in: Callable[[str], str]) -> Callable[[str], str | None]:
    """Return the same function, with None for a name that is refused."""

    def permitted(name: str) -> str | None:
        try:
            return stand_in(name)
        except Rejected:
            return None

    return permitted


def _seconds(text: str | None) -> float:
    """Return the seconds between two looks at the table's file; raise ValueError where they are none."""
    try:
        seconds = float(text or 5)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise ValueError(f"ROUTECOMP_RELOAD_S is {text!r}: write a number of seconds, such as 5, or leave it out")
    return max(seconds, 0.1)
