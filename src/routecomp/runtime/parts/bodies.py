"""Read what a service needs of the entries of a model and of its provider: params, limits and timeouts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from routecomp.runtime.parts.model import _Model

_LIMITED: Final = ("rpm", "tpm", "parallel")
_TIMED: Final = ("connect_ms", "first_token_ms", "total_ms")


def _kept(model: _Model | None) -> dict[str, Any]:
    """Return what the endpoint of a model has for the service to keep or to send along; of an unknown one nothing."""
    if model is None:
        return {"params": {}, "max_output_tokens": None, "timeouts": {}, "limits": {"provider": {}, "model": {}}}
    body, address = model.body, model.address
    return {
        "params": _params_of(body, address),
        "max_output_tokens": model.ceiling,
        "timeouts": _timeouts_of(body, address),
        "limits": {"provider": _limits_of(address), "model": _limits_of(body)},
    }


def _params_of(body: Mapping[str, Any], address: Mapping[str, Any]) -> dict[str, Any]:
    """Return the params of a model, completed by its provider's; at the top level the model's win."""
    return {**_parsed(address.get("params")), **_parsed(body["params"])}


def _limits_of(body: Mapping[str, Any]) -> dict[str, int]:
    """Return the limits that a model or a provider has itself."""
    return {key: body[key] for key in _LIMITED if body.get(key) is not None}


def _timeouts_of(body: Mapping[str, Any], address: Mapping[str, Any]) -> dict[str, int]:
    """Return the timeouts of a model (or a provider), completed by its provider's (or nothing)."""
    pairs = [(key, address.get(key) if body[key] is None else body[key]) for key in _TIMED]
    return {key: value for key, value in pairs if value is not None}


def _parsed(text: str | None) -> dict[str, Any]:
    """Return params as values; they are checked when a file is loaded."""
    if text is None:
        return {}
    params: dict[str, Any] = json.loads(text, parse_float=_exact_number)
    return params


def _exact_number(text: str) -> float | Decimal:
    """Return a number with a fraction as a float where that is exactly what is written, else as a Decimal."""
    number, exact = float(text), Decimal(text)
    return number if Decimal(repr(number)) == exact else exact
