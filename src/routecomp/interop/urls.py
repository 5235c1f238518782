"""Split the base URLs of other routers into a provider's base and path, so that the joined URL is the one they call."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from routecomp.interop.imported import Provider
from routecomp.model.adapters import paths_of
from routecomp.model.hosts import is_loopback, is_own_network
from routecomp.rules.urls import call_in_base, url_faults, url_repeat

AWS_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-[0-9]", re.ASCII)
"""The name of a region of AWS."""
_ANY_BASE = "https://to-be-said.example"
"""What stands for a base URL that is still to be said while its paths are judged."""


def set_openai_base(provider: Provider, base: str) -> None:
    """Set base and path of a host that speaks OpenAI's contract and is called at `base` + `/chat/completions`."""
    base = base.rstrip("/")
    provider.allow_http = needs_allowance(base)
    if base.endswith("/v1"):
        provider.base_url = base.removesuffix("/v1")
    else:
        provider.base_url = base
        provider.chat_path = "/chat/completions" if base else None


def provider_fault(provider: Provider) -> tuple[str, str] | None:
    """Return what keeps the URLs of a provider out of a project, and the remedy; None where nothing does.

    Also sets whether plain http is allowed. A base URL that is still to be said has no fault.
    """
    provider.allow_http = provider.allow_http or needs_allowance(provider.base_url)
    paths = {name: path for name in ("chat_path", "stream_path") if (path := getattr(provider, name))}
    fault = next(iter(url_faults(provider.base_url or _ANY_BASE, paths, allow_http=provider.allow_http)), None)
    if fault is not None:
        return fault.message, fault.help
    if provider.base_url and provider.adapter and (repeat := _repeat(provider)):
        return f"holds a path already that is joined to it: `{repeat}`", "end the base URL before the path"
    return None


def _repeat(provider: Provider) -> str:
    """Return what the URLs of a provider repeat, empty where they repeat nothing."""
    for path in paths_of(provider):
        if path is not None and (called := call_in_base(provider.base_url, path)) is not None:
            return called.path
        if path is not None and (repeat := url_repeat(provider.base_url, "chat_path", path)) is not None:
            return repeat.run
    return ""


def needs_allowance(base: str) -> bool:
    """Return whether a base URL is plain http to a host of one's own network."""
    parts = urlsplit(base) if base.isprintable() and "[" not in base else None
    host = parts.hostname if parts is not None else None
    if parts is None or parts.scheme != "http" or not host:
        return False
    return not is_loopback(host) and is_own_network(host)


def host_of(base: str) -> str:
    """Return what the slug of a provider is made of: the host of its base URL, and the port."""
    return base.partition("://")[2].partition("/")[0].replace(":", "-")
