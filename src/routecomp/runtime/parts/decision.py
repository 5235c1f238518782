"""Define what callers get: the decision for a request, and the endpoint of one model of its chain."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

DecisionStatus = Literal[
    "ok",
    "rejected_policy",
    "rejected_unavailable",
    "rejected_floor",
    "rejected_cost",
    "rejected_experiment",
    "unknown_model",
]
RouteKind = Literal["feature", "target", "logical", "experiment", "direct"]
DecisionSource = Literal["table", "default_route", "default_model", "last_resort"]


class Decision(NamedTuple):
    """The answer to one request. The fields and their order are those of docs/semantics.md, section 4."""

    status: DecisionStatus
    """Whether a model serves; if not, the kind of the first filter after which no model was left."""
    route: RouteKind | None = None
    """What the request named; None for `unknown_model`."""
    source: DecisionSource | None = None
    """Where the answer comes from: the table, or the rung of the ladder below it; None if there is neither."""
    model: str | None = None
    """The slug of the model to call; None unless the status is `ok`, as are the five fields that follow."""
    provider: str | None = None
    """The slug of the model's provider."""
    upstream_model: str | None = None
    """The provider's own name for the model."""
    url: str | None = None
    """The address to call."""
    adapter: str | None = None
    """The word for the provider's protocol."""
    api_key_env: str | None = None
    """The environment variable that holds the key; None if the provider needs none."""
    chain: tuple[str, ...] = ()
    """The slugs of the models to try in turn, the decision's model first; empty unless the status is `ok`."""
    shadows: tuple[str, ...] = ()
    """The slugs of the models that the request is mirrored to."""
    experiment: str | None = None
    """The name of the experiment that answered; None for any other route, as are the three fields that follow."""
    variant: str | None = None
    """The variant that was assigned; None if the experiment is paused and rejects."""
    version: int | None = None
    """The version of the variant; None if there is no variant."""
    slot: int | None = None
    """The slot of the request's `unit` in the experiment, from 0 to 9999; None without a unit."""
    floor_bp: int | None = None
    """The quality floor that was applied, in basis points; None for a route without a floor."""
    estimated_cost_pusd: int | None = None
    """The estimated cost in pico-dollars; None without `input_tokens`, without a model, or if its price is unknown."""
    reasons: tuple[str, ...] = ()
    """Flags that explain details, sorted."""
    ruleset_hash: str | None = None
    """The SHA-256 of the table's bytes, in hexadecimal; None if no table serves."""
    route_name: str | None = None
    """The slug of the feature, target, logical model or pinned model, or the public model id; of a feature that nobody
    declares the text that was given. None for `unknown_model`."""

    def to_dict(self) -> dict[str, Any]:
        """Return the decision as plain JSON values, keys in the order of the fields; tuples become lists."""
        pairs = zip(self._fields, self, strict=True)
        return {key: list(value) if type(value) is tuple else value for key, value in pairs}

    def to_json(self) -> str:
        """Return the decision as one line of ASCII JSON, keys in order."""
        return json.dumps(self.to_dict())


_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
_NO_LIMITS: Final = MappingProxyType({"provider": _NOTHING, "model": _NOTHING})


class Endpoint(NamedTuple):
    """How one model of a decision is called: all that a service needs, but for the key and the body."""

    model: str
    """The slug of the model."""
    provider: str
    """The slug of the model's provider."""
    upstream_model: str
    """The provider's own name for the model."""
    url: str
    """The address to call for an answer that does not stream."""
    adapter: str
    """The word for the provider's protocol."""
    api_key_env: str | None
    """The environment variable that holds the key; None if the provider needs none."""
    stream_url: str = ""
    """The address to call for an answer that streams: `url` itself, where the body asks for the stream."""
    base_url: str | None = None
    """The base URL that the provider's own SDK takes; None where an older table does not tell it."""
    auth: str = "none"
    """How the key is sent: `bearer`, `x-api-key`, `api-key`, `x-goog-api-key`, `header:NAME`, or that none is."""
    headers: Mapping[str, str] = _NOTHING
    """The headers to send as they are; the mapping is the caller's own."""
    secret_headers: Mapping[str, str] = _NOTHING
    """The environment variable that holds the value of each further header that is secret."""
    region: str | None = None
    """The AWS region to sign for; None unless `auth` is `sigv4`."""
    model_in: str | None = None
    """Where the request names the model: `body`, `path` (the addresses hold it), or None: it is the adapter's own."""
    stream_by: str | None = None
    """Where the request asks for a stream: `body`, `path` (`stream_url` does), or None: it is the adapter's own."""
    params: Mapping[str, Any] = _NOTHING
    """What goes upstream in the body, beside what the caller asked; the mapping is the caller's own.

    A number with a fraction is a float where that is exactly what was declared, else a Decimal.
    """
    max_output_tokens: int | None = None
    """The most output tokens that the model answers with; None if that is not declared."""
    timeouts: Mapping[str, int] = _NOTHING
    """How long to wait, in milliseconds: those of `connect_ms`, `first_token_ms` and `total_ms` that are declared."""
    limits: Mapping[str, Mapping[str, int]] = _NO_LIMITS
    """The limits of the `provider`, for all of its models, and of the `model`: both hold at once.

    Each has those of `rpm`, `tpm` and `parallel` that are declared.
    """
