"""Read which models a request names, wherever LiteLLM reads one, and take names out of it."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from routecomp_litellm.upstream import drop_upstream

HIDDEN = "routecomp:"
"""Before the name of a group for a model that callers may not name (`routecomp export litellm`)."""
LISTS = ("fallbacks", "context_window_fallbacks", "content_policy_fallbacks", "default_fallbacks")
"""The keys of a request under which LiteLLM reads what follows a model that fails."""
_BODY = ("model", "models")  # what a provider that chooses among models itself reads in a request's body
_BROUGHT = ("api_key", "api_base", "base_url", "user_config")
_FILES = ("input_file_id", "training_file")
_IN_FILE_ID = re.compile(r";(?:model|target_model_names),([^;]+)")
_StandIn = Callable[[str], str | None]


def parts_of(name: Any) -> list[str]:
    """Return the names in a `model`: LiteLLM calls each of those between commas."""
    if isinstance(name, str):
        return [part for text in name.split(",") if (part := text.strip())] if "," in name else [name]
    return [part for entry in name for part in parts_of(entry)] if isinstance(name, list) else []


def brings_credentials(data: Mapping[str, Any]) -> bool:
    """Whether a caller brings an address or a key of its own, as `allow_client_side_credentials` lets it."""
    return any(data.get(key) is not None for key in _BROUGHT)


def names_beside(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names that calls of files and batches take from elsewhere than `model`."""
    yield from parts_of(data.get("target_model_names"))
    for key in _FILES:
        if isinstance(data.get(key), str):
            yield from _names_in_file_id(data[key])
    asked = data.get("proxy_server_request")
    if isinstance(asked, Mapping):
        query = parse_qs(urlsplit(str(asked.get("url") or "")).query)
        for key in ("model", "target_model_names"):
            yield from parts_of(query.get(key))
        headers = asked.get("headers")
        if isinstance(headers, Mapping):
            yield from parts_of(headers.get("x-litellm-model"))


def tool_models(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the models that a request's tools name: LiteLLM calls the one of Anthropic's advisor itself."""
    tools = data.get("tools")
    for tool in tools if isinstance(tools, list) else ():
        if isinstance(tool, Mapping) and isinstance(tool.get("model"), str):
            yield tool["model"]


def strip_all(data: dict[str, Any]) -> None:
    """Take out of a request all by which its caller names models or hosts beside `model`."""
    drop_upstream(data)
    for key in (*LISTS, "models", "user_config", "specific_deployment"):
        data.pop(key, None)
    override = data.get("router_settings_override")
    if isinstance(override, dict):
        data["router_settings_override"] = {key: value for key, value in override.items() if key not in LISTS}
    body = data.get("extra_body")
    if isinstance(body, dict):
        data["extra_body"] = {key: value for key, value in body.items() if key not in _BODY}


def replace_names(data: dict[str, Any], stand_in: _StandIn) -> None:
    """Replace the names in a request that LiteLLM reads beside `model`.

    `stand_in` returns the group to call for a name, and None for one that is refused: that is taken out.
    """
    for key in LISTS:
        if data.get(key) is not None:
            data[key] = _replaced(data[key], stand_in)
    override = data.get("router_settings_override")
    if isinstance(override, dict):
        data["router_settings_override"] = kept = dict(override)
        replace_names(kept, stand_in)
    body = data.get("extra_body")
    if isinstance(body, dict):
        data["extra_body"] = body = dict(body)
    for holder in (data, body):
        if isinstance(holder, dict) and isinstance(holder.get("models"), list):
            names = holder["models"]
            holder["models"] = [name for name in names if not isinstance(name, str) or stand_in(name) is not None]


def _replaced(entries: Any, stand_in: _StandIn) -> Any:
    """Return fallbacks with the groups to call, and without what is refused; what LiteLLM cannot read stays."""
    if isinstance(entries, str):
        return stand_in(entries) or []
    if isinstance(entries, dict):
        return {name: _replaced(after, stand_in) for name, after in entries.items()}
    if not isinstance(entries, list):
        return entries
    kept: list[Any] = []
    for entry in entries:
        if isinstance(entry, str):
            if (group := stand_in(entry)) is not None:
                kept.append(group)
        elif isinstance(entry, dict) and "model" in entry:
            request = dict(entry)  # a request of its own, which may name more
            drop_upstream(request)
            replace_names(request, stand_in)
            named = [stand_in(part) for part in (*parts_of(entry["model"]), *tool_models(entry))]
            if all(group is not None for group in named):
                kept.append(request | {"model": named[0]} if isinstance(entry["model"], str) and named else request)
        else:
            kept.append(_replaced(entry, stand_in))
    return kept


def _names_in_file_id(text: str) -> list[str]:
    """Return the names that LiteLLM wrote into the id of a file that was uploaded for them."""
    code = text.removeprefix("file-")
    try:
        words = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4)).decode()
    except ValueError:
        return []
    return [part for match in _IN_FILE_ID.findall(words) for part in parts_of(match)]
