"""Split the base URLs of other routers into a provider's base and path, so that the joined URL is the one they call."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from routecomp.interop.imported import Provider
from routecomp.model.hosts import is_loopback, is_own_network
from routecomp.rules.urls import url_faults

AWS_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-[0-9]", re.ASCII)
"""The name of a region of AWS."""


def set_openai_base(provider: Provider, base: str) -> None:
    """Set base and path of a host that speaks OpenAI's contract and is called at `base` + `/chat/completions`."""
    base = base.rstrip("/")
    provider.allow_http = needs_allowance(base)
    if base.endswith("/v1"):
        provider.base_url = base.removesuffix("/v1")
    else:
        provider.base_url = base
        provider.chat_path = "/chat/completions" if base else None


def base_fault(base: str) -> tuple[str, str] | None:
    """Return what keeps a base URL out of a project, and the remedy; None where nothing does."""
    fault = next(iter(url_faults(base, {}, allow_http=needs_allowance(base))), None)
    return None if fault is None else (fault.message, fault.help)


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
