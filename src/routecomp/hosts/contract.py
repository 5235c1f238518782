"""State whom a call of a model reaches and with which key, so that two sides of a change can be compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from routecomp.model.adapters import auth_of, headers_of, region_of, urls_of
from routecomp.model.project import Declared
from routecomp.model.provider import Provider
from routecomp.model.route import Model

Json = dict[str, Any]


def reached(provider: Provider, model: Model | None) -> Json:
    """Return the host and the key of a call, by the names of variables: all but the model's own name and its params."""
    chat, stream = urls_of(provider)
    own = None if model is None else model.api_key_env
    return {
        "adapter": provider.adapter,
        "url": chat,
        "stream_url": stream,
        "auth": auth_of(provider),
        "api_key_env": own or provider.api_key_env,
        "headers": dict(sorted(headers_of(provider).items())),
        "secret_headers": dict(sorted(provider.secret_headers.items())),
        "region": region_of(provider),
    }


def contract(provider: Provider, model: Model, slug: str) -> str:
    """Return the SHA-256 of all that a call of a model depends on, in hexadecimal digits."""
    own = {"model": model.provider_model_name or slug, "params": [provider.params, model.params]}
    return hashlib.sha256(_text(reached(provider, model) | own).encode()).hexdigest()


def known_ends(declared: Declared) -> frozenset[str]:
    """Return every host with the key that it is called with, as the bodies that could be read declare them."""
    return frozenset(_text(end) for end in _ends(declared))


def is_known(provider: Provider, model: Model | None, known: frozenset[str]) -> bool:
    """Return whether a call goes to a host, with a key, of those that `known_ends` returned."""
    return _text(reached(provider, model)) in known


def _ends(declared: Declared) -> Iterator[Json]:
    for provider in declared.providers.values():
        yield reached(provider.body, None)
    for model in declared.models.values():
        host = declared.providers.get(model.body.provider)
        if host is not None:
            yield reached(host.body, model.body)


def _text(values: Json) -> str:
    return json.dumps(values, sort_keys=True, ensure_ascii=True)
