"""Ask hosts for their own lists of models, and compare them with the names that a project calls."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlsplit

from routecomp.explain.wire import wire_request
from routecomp.hosts.connection import Connection, NoProxyError
from routecomp.hosts.keys import NoKeyError, filled
from routecomp.hosts.probe import judged
from routecomp.model.adapters import base_of
from routecomp.model.edit_distance import edit_distance
from routecomp.model.project import Program
from routecomp.service.failures.classify import classify

Json = dict[str, Any]
NEAREST = 3
"""How many of a host's names are offered for one that it lacks."""
_MOST_PAGES = 50
_PATHS = {
    "openai": "/models",
    "openai_compatible": "/models",
    "openai_responses": "/models",
    "anthropic": "/v1/models?limit=1000",
    "gemini": "/v1beta/models?pageSize=1000",
    "cohere": "/v1/models?page_size=1000",
}
"""Where the list stands behind what an SDK takes as base URL; hosts of other adapters have none that a key may read."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A provider's names beside a host's. `missing` maps a model to the host's nearest names, nearest first.

    `known` is how many names the host lists; None where it was not asked, or did not answer: then `error` says why, and
    `has_list` whether there is a list at all.
    """

    provider: str
    known: int | None
    missing: dict[str, list[str]]
    error: str | None = None
    has_list: bool = True

    @property
    def is_well(self) -> bool:
        """Whether the host lists every name, or has no list that a key may read."""
        return not self.missing and (self.known is not None or not self.has_list)

    def plain(self) -> Json:
        """Return it as plain JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}


def compare_names(
    program: Program, provider: str, slugs: Sequence[str], environment: Mapping[str, str], timeout_s: float
) -> Listed:
    """Ask a provider's host for its models, and return which of the upstream names of `slugs` it lacks."""
    body = program.providers[provider].body
    path = _PATHS.get(body.adapter)
    if path is None:
        return Listed(provider, None, {}, f"adapter {body.adapter} has no list that a key may read", False)
    request = wire_request(program, slugs[0])
    base = base_of(body).rstrip("/")
    try:
        headers = filled(tuple(header for header in request.headers if header.name != "content-type"), environment)
        names = _asked(base + path, headers, timeout_s)
    except (NoKeyError, NoProxyError) as missing:
        return Listed(provider, None, {}, str(missing))
    except _NoListError as failure:
        return Listed(provider, None, {}, f"{urlsplit(base).netloc}{urlsplit(path).path}: {failure}")
    upstream = {slug: program.models[slug].body.provider_model_name or slug for slug in slugs}
    return Listed(
        provider,
        len(names),
        {slug: nearest(name, names) for slug, name in upstream.items() if name not in names},
    )


def nearest(name: str, names: Sequence[str]) -> list[str]:
    """Return the names that are spelt most like one, nearest first."""
    return sorted(names, key=lambda other: (edit_distance(name.lower(), other.lower()), other))[:NEAREST]


class _NoListError(Exception):
    """A host gave no list; the text says why."""


def _asked(url: str, headers: Mapping[str, str], timeout_s: float) -> list[str]:
    """Return all names of a host's list, page by page."""
    names: list[str] = []
    connection = Connection(url, time.monotonic() + timeout_s)
    try:
        page = ""
        for _ in range(_MOST_PAGES):
            answer = connection.ask("GET", url + page, headers)
            failure = judged(answer)
            if failure is not None:
                raise _NoListError(f"status {answer.status}, no list of models ({failure.error_class})")
            values = json.loads(answer.body)
            names += _names_in(values)
            page = _next_page(values, url)
            if not page:
                break
    except (OSError, ValueError, HTTPException) as error:
        raise _NoListError(classify(error).error_class) from None
    finally:
        connection.close()
    if not names:
        raise _NoListError("the answer lists no models")
    return names


def _names_in(values: Json) -> list[str]:
    """Return the names of a page: `data` with `id` (OpenAI, Anthropic), `models` with `name` (Gemini, Cohere)."""
    rows = values.get("data", values.get("models"))
    if not isinstance(rows, list):
        raise _NoListError("the answer lists no models")
    names = [row.get("id", row.get("name")) for row in rows if isinstance(row, dict)]
    return [name.removeprefix("models/") for name in names if isinstance(name, str)]


def _next_page(values: Json, url: str) -> str:
    """Return what the address of the next page ends with; empty on the last."""
    mark = "&" if "?" in url else "?"
    if values.get("has_more") is True and isinstance(values.get("last_id"), str):
        return f"{mark}after_id={quote(values['last_id'], safe='')}"
    token = values.get("nextPageToken") or values.get("next_page_token")
    name = "pageToken" if "nextPageToken" in values else "page_token"
    return f"{mark}{name}={quote(token, safe='')}" if isinstance(token, str) and token else ""
