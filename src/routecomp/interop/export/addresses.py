"""Read out of a provider's address what other routers ask for by name."""

from __future__ import annotations

import re
from urllib.parse import unquote

from routecomp.model.adapters import HOLE, urls_of
from routecomp.model.provider import Provider

_VERTEX = re.compile(
    r"https://[a-z0-9.-]*aiplatform\.googleapis\.com/v1(?:beta1)?/projects/([^/]+)/locations/([^/]+)"
    r"/publishers/([^/]+)/models/[^/]+:(?:generateContent|rawPredict)"
)


def chat_address(provider: Provider) -> str:
    """Return the URL of the chat call without its query, `{model}` and all."""
    return urls_of(provider)[0].partition("?")[0]


def vertex_place(provider: Provider) -> tuple[str, str, str] | None:
    """Return project, location and publisher of a call of Vertex AI at Google's own addresses; None of any other."""
    match = _VERTEX.fullmatch(chat_address(provider).replace(HOLE, "m"))
    return None if match is None else (unquote(match[1]), unquote(match[2]), unquote(match[3]))
