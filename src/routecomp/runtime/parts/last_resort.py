"""Read the last resort: the lowest rung of the ladder, which is given in code."""

from __future__ import annotations

from typing import Any

from routecomp.runtime.parts.kinds import _STACK, _TEXT, _or_null
from routecomp.runtime.parts.model import _make_model, _Model
from routecomp.runtime.parts.numbers import _MAX_WHOLE
from routecomp.runtime.parts.refused import _Refused
from routecomp.runtime.parts.table_fields import _MODEL, _PROVIDER, _check
from routecomp.runtime.parts.table_keys import _MODEL_DEFAULTS


def _read_last_resort(given: object) -> str | _Model:
    """Return the last resort: the slug of a model, or an endpoint as a model.

    Raises ValueError if it is malformed.
    """
    if isinstance(given, dict):
        return _read_endpoint(given)
    if isinstance(given, str) and given:
        return str(given)
    raise ValueError("last_resort is neither a model slug nor a dict")


def _read_endpoint(given: dict[str, Any]) -> _Model:
    """Return an endpoint given in code, as a model; raise ValueError if it is malformed.

    Required are `model`, `provider`, `upstream_model`, `url` and `adapter`. The other keys are those of the table,
    with the defaults that a model has in YAML: `api_key_env`, `stack`, `logical`, `capabilities`, `compliance_bp`,
    `context_window` (left out: no limit), `min_output_tokens`, `max_output_tokens`, `input_pusd`, `output_pusd`,
    `output_ratio_bp` (without both prices no cost is estimated).
    """
    fixed = {"active": True, "latency_ms": 0, "listed": True, "quality_bp": 0, "upstream": ""}
    kinds = {**_PROVIDER, **_MODEL, "model": _TEXT, "stack": _or_null(_STACK), "upstream_model": _TEXT}
    defaults = _MODEL_DEFAULTS | {
        "api_key_env": None,
        "context_window": 2 * _MAX_WHOLE,
        "input_pusd": 0,
        "output_pusd": 0,
        "stack": None,
    }
    for key in given:
        if key not in kinds or key in fixed:
            raise ValueError(f"last_resort has the unknown key {key!r}")
    body = defaults | given | fixed
    try:
        _check(body, kinds, "last_resort")
    except _Refused as refused:
        raise ValueError(str(refused)) from None
    # What a model and a provider both may have is the model's.
    shared = _PROVIDER.keys() & _MODEL.keys() - {"api_key_env"}
    address = {key: kind.default if key in shared else body[key] for key, kind in _PROVIDER.items()}
    model = _make_model(body["model"], body | {"upstream": body["upstream_model"]}, address)
    model.priced = "input_pusd" in given and "output_pusd" in given
    return model
