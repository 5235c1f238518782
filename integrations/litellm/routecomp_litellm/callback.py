"""Decide each call of a LiteLLM proxy before it is routed: the model, and what follows where that fails."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Collection, Mapping
from typing import Any

from litellm.integrations.custom_logger import CustomLogger

from routecomp.runtime.resolver import ARGUMENTS, Decision, Router, load

CALLS = frozenset({"completion", "acompletion", "anthropic_messages", "responses", "aresponses"})
"""The calls that are decided; embeddings, images and the like go on as they are."""
FROM_REQUEST = tuple(name for name in ARGUMENTS if name not in ("model", "tenant", "unavailable"))
"""What a caller may say in `metadata.routecomp`. Who the tenant is, the proxy's key says, never the caller."""
_HIDDEN = "routecomp:"  # before the name of a group for a model that callers may not name (`routecomp export litellm`)
_STATUS = {"rejected_policy": 403, "rejected_experiment": 403, "rejected_unavailable": 503, "unknown_model": 404}
_LOG = logging.getLogger("routecomp.litellm")


class Rejected(Exception):
    """The policy answers a call with no model; the proxy answers its caller with `status_code`."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        self.status_code = _STATUS.get(decision.status, 422)
        super().__init__(f"{decision.status}: no model of `{decision.route_name}` may answer this request")


class RoutecompHook(CustomLogger):  # type: ignore[misc,unused-ignore]  # untyped where LiteLLM is not installed
    """A callback of LiteLLM's proxy: routecomp chooses, LiteLLM calls.

    A call that cannot be decided goes on unchanged, and LiteLLM routes it as its own file says: the hook never fails a
    call. A rejection by the policy is no failure but an answer: it is raised as `Rejected`, unless `rejects` is false.

    `tenant_from` is the attribute of the proxy's key that names the tenant. The table is read again where its file
    changed, at most each `reload_s` seconds, in a thread. `groups` are the names of the groups that LiteLLM has; by
    default those of the running proxy.
    """

    def __init__(
        self,
        router: Router,
        *,
        tenant_from: str = "team_id",
        rejects: bool = True,
        reload_s: float = 5.0,
        groups: Collection[str] | None = None,
    ) -> None:
        super().__init__()
        self.router = router
        self._tenant_from = tenant_from
        self._rejects = rejects
        self._reload_s = reload_s
        self._groups = groups
        self._next = time.monotonic() + reload_s
        self._reloading = threading.Lock()

    @classmethod
    def from_environment(cls) -> RoutecompHook:
        """Make the hook of the variables ROUTECOMP_TABLE, ROUTECOMP_FALLBACK, _TENANT_FROM, _REJECTS and _RELOAD_S."""
        get = os.environ.get
        path = get("ROUTECOMP_TABLE", "generated/routing_table.json")
        return cls(
            load(path, fallback=get("ROUTECOMP_FALLBACK")),
            tenant_from=get("ROUTECOMP_TENANT_FROM", "team_id"),
            rejects=get("ROUTECOMP_REJECTS", "1") != "0",
            reload_s=_seconds(get("ROUTECOMP_RELOAD_S")),
        )

    async def async_pre_call_hook(
        self, user_api_key_dict: Any, cache: Any, data: dict[str, Any], call_type: Any
    ) -> dict[str, Any]:
        """Return a request with the model that routecomp chose, and with what follows it as fallbacks."""
        try:
            self._reload_soon()
            if str(getattr(call_type, "value", call_type)) not in CALLS:
                return data
            decision = self.router.resolve_request(self.request_of(user_api_key_dict, data))
            rejection = self._apply(decision, data)
        except Exception:
            _LOG.warning("routecomp decided nothing: LiteLLM routes this call itself", exc_info=True)
            return data
        if rejection is not None:
            raise rejection
        return data

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

    def _apply(self, decision: Decision, data: dict[str, Any]) -> Rejected | None:
        """Write a decision into a request; return the rejection that the caller is to be told."""
        if decision.status == "unknown_model":
            return None  # a name that only LiteLLM knows
        if decision.model is None:
            return Rejected(decision) if self._rejects else None
        known = self._known_groups()
        names = [name for slug in decision.chain if (name := _group(slug, known)) is not None]
        if not names:
            _LOG.warning("LiteLLM has no group for any of %s: it routes this call itself", ", ".join(decision.chain))
            return None
        data["model"], data["fallbacks"] = names[0], names[1:]
        if decision.variant is not None:
            facts = self.router.facts.model(decision.model)
            own = decision.api_key_env
            if own is not None and facts is not None and own != facts.api_key_env and own in os.environ:
                data["api_key"] = os.environ[own]  # a version of an experiment with a key of its own
        return None

    def _known_groups(self) -> Collection[str] | None:
        """Return the groups that LiteLLM can call; None where nobody knows them."""
        if self._groups is not None:
            return self._groups
        # lazy: whoever uses the Router alone has no proxy
        from litellm.proxy import proxy_server

        router = proxy_server.llm_router
        return None if router is None else {*router.model_names}

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


def _group(slug: str, known: Collection[str] | None) -> str | None:
    """Return the name of the group that calls a model; None where LiteLLM has none."""
    if known is None or slug in known:
        return slug
    return _HIDDEN + slug if _HIDDEN + slug in known else None


def _seconds(text: str | None) -> float:
    """Return a number of seconds, five where it is none."""
    try:
        return max(float(text or 5), 0.1)
    except ValueError:
        return 5.0
