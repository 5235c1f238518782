# ruff: noqa: PGH004
# ruff: noqa
# fmt: off
"""Answer requests from a compiled routing table: a decision for each, never an exception.

This one file needs nothing but Python (3.11 or newer) and is a complete program:

    import resolver
    router = resolver.load("generated/routing_table.json")
    decision = router.resolve(feature="support-chat", tenant="acme", input_tokens=1200)
    decision.model, decision.url, decision.chain
    router.endpoint(decision, decision.chain[1])  # how the next model is called, should the first fail

    python resolver.py < requests.jsonl          # one decision for every line

What a decision means is written in docs/semantics.md (sections 4 to 6), what the files hold in docs/table.md.
All arithmetic happened at compile time; what is left is looking up, comparing and masking. A set of models is
one whole number, bit i standing for the i-th model. A filter is such a mask, and what survives is what the masks share.

A decision is found in the first of three ways that leads to one: it is remembered from an earlier call (`_Memory`);
its models are among the nearest candidates of the route (`_Near`); they are sought among all models (`_Catalogue`,
`_Order`). `Router.explain` takes no short cut: it applies every filter of `_FILTERS` to all candidates.

routecomp assembles this file from parts and copies it: a change made here is lost with the next copy.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import stat
import sys
import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Container, Iterable, Iterator, KeysView, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, InvalidOperation
from hashlib import sha256
from importlib import import_module
from math import ceil, floor
from struct import Struct
from types import MappingProxyType
from typing import Any, BinaryIO, Final, Literal, NamedTuple, NotRequired, TypeAlias, TypedDict

__all__ = [
    "ARGUMENTS",
    "FORMAT",
    "Decision",
    "DecisionSource",
    "DecisionStatus",
    "Endpoint",
    "Explanation",
    "Facts",
    "ModelFacts",
    "ProviderFacts",
    "ResilienceFacts",
    "BudgetFacts",
    "ShadowFacts",
    "RouteKind",
    "Router",
    "RouterStatus",
    "load",
    "main",
    "resolve_line",
    "serve",
    "slot_of",
]


# --- State what this resolver reads, which arguments it knows, and how much it remembers. ---


MAX_BYTES: Final = 512 * 1024 * 1024
"""The size of the largest file that is read."""

ARGUMENTS: Final = (
    "feature",
    "model",
    "tenant",
    "unit",
    "request_id",
    "preference",
    "min_quality",
    "latency_budget_ms",
    "stack",
    "input_tokens",
    "max_output_tokens",
    "max_cost_usd",
    "stream",
    "tools",
    "capabilities",
    "unavailable",
)
"""The arguments of `Router.resolve` and `Router.explain`, and the keys of a request given as JSON."""

_MAX_REASON: Final = 2_000  # characters of the words for which a file is refused
_MAX_ID: Final = 10**18  # whole numbers that count as ids lie between this one and its negative

_ONE_BP: Final = 10_000  # 1.00 in basis points
_SLOTS: Final = 10_000  # slots of an experiment or a shadow, numbered from 0

# What is remembered is bounded: a store that is full is cleared and filled again.
_MAX_PLAIN: Final = 65_536  # decisions for calls without hints, about 0.4 kB each
_MAX_HINTED: Final = 8_192  # decisions for calls with hints, about 0.7 kB each
_MAX_LENGTH: Final = 2_000  # characters of all texts of one call that is remembered
_MAX_UNITS: Final = 32_768  # units of experiments, about 0.2 kB each; their decisions are among the plain ones
_MAX_UNIT: Final = 64  # characters of a unit that is remembered
_MAX_VIEWS: Final = 2_048  # routes as a policy sees them, a few masks of all models each
_MAX_NEAR: Final = 2_048  # sets of nearest candidates, up to 30 kB each
_MAX_MASKS: Final = 8_192  # masks of one scale
_NEAREST: Final = 30  # candidates that are looked at first: a mask of them fits into one digit of a Python int


# --- Define what callers get: the decision for a request, and the endpoint of one model of its chain. ---


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


# --- Define the shapes of the plain dictionaries that `Router.explain` and `Router.status` return. ---


class RouteLog(TypedDict):
    """What the request named."""

    kind: RouteKind
    name: str


class FilterLog(TypedDict):
    """One filter, and what it did to the candidates."""

    group: Literal["permission", "ability", "demand"]
    filter: str
    survivors: int
    """How many models are left after the filter."""
    first: list[str]
    """The slugs of the first three that are left, by rank."""
    dropped: list[str]
    """The slugs of the models that the filter dropped, sorted."""


class RungLog(TypedDict):
    """One rung of the ladder below the registry; `refused` is None if the rung can serve."""

    source: DecisionSource
    model: str
    refused: DecisionStatus | None
    filters: list[FilterLog]


class OrdersLog(TypedDict):
    """The names of the orders that rank the pick and the rest of the chain."""

    pick: str
    chain: str


FloorLog = TypedDict(
    "FloorLog",
    {
        "base_bp": int,
        "from": str,
        "dial_bp": int,
        "clamp_bp": list[int] | None,
        "result_bp": int,
        "relaxed": bool,
    },
)
"""How the quality floor came about, in basis points.

`from` says who declares the base: explicit (the request), policy, the kind of the route, good, or none. `clamp_bp` is
None where the dial moves nothing.
"""


class LatencyLog(TypedDict):
    """How a latency budget changed the pick, from `unconstrained` to `pick`; `missed` if no survivor is within it."""

    budget_ms: int
    unconstrained: str
    least_quality_bp: int
    survivors: int
    pick: str
    missed: bool


class SpreadLog(TypedDict):
    """How the load of a logical model was dealt, from the model `stated` to `pick`.

    `members` may serve, in order of their slots. `range` is the first and the last slot of the owner's range. Without a
    `request_id` or `unit`, `slot`, `range` and `owner` are None, and nothing is dealt.
    """

    logical: str
    stated: str
    slot: int | None
    range: list[int] | None
    owner: str | None
    members: list[str]
    pick: str


class ShadowLog(TypedDict):
    """Whether the request is mirrored to one shadow; `slot` is None without a `request_id` or `unit`."""

    model: str
    slot: int | None
    sample_bp: int
    allowed: bool
    mirrored: bool


class ExperimentLog(TypedDict):
    """How an experiment assigned the request's unit; `range` is the first and the last slot of the owner's range.

    Without a unit, `slot`, `range` and `owner` are None. `unavailable` is the variant in whose place the first one
    serves, because a filter of ability bars its model; None where the variant that was assigned is tried alone.
    """

    experiment: str
    status: str
    slot: int | None
    range: list[int] | None
    owner: str | None
    unavailable: str | None


class Explanation(TypedDict):
    """What `Router.explain` returns: the decision, then the log, with the keys that apply to the route."""

    decision: dict[str, Any]
    tenant: str | None
    policy: str | None
    route: NotRequired[RouteLog]
    rungs: NotRequired[list[RungLog]]
    orders: NotRequired[OrdersLog]
    floor: NotRequired[FloorLog]
    candidates: NotRequired[list[str]]
    filters: NotRequired[list[FilterLog]]
    latency: NotRequired[LatencyLog]
    spread: NotRequired[SpreadLog]
    shadows: NotRequired[list[ShadowLog]]
    experiment: NotRequired[ExperimentLog]


class RouterStatus(TypedDict):
    """What `Router.status` returns."""

    serving: Literal["routing table", "fallback file", "last resort", "nothing"]
    ruleset_hash: str | None
    format: str | None
    loaded_at: str | None
    """When the table was activated, by the wall clock in UTC: 2026-11-30T09:15:00Z; None if no table serves."""
    loaded_age_s: float | None
    """Seconds since then by the monotonic clock, which nobody sets."""
    rejected: int
    """How many tables were refused so far; one that is refused again by each reload in a row counts once."""
    last_rejection: str | None
    """Why the table's file was refused when it was last read; None if it was good."""
    last_rejection_at: str | None
    """When that file was first refused, as `loaded_at`."""
    last_rejection_age_s: float | None
    """Seconds since then by the monotonic clock."""
    fallback: str
    """What became of the fallback file, in words."""


# --- Load the files, answer requests from them, and activate others that replace them. ---


_Names: TypeAlias = list[str] | tuple[str, ...] | set[str] | frozenset[str] | KeysView[str]


def load(
    path: str | os.PathLike[str],
    *,
    fallback: str | os.PathLike[str] | None = None,
    last_resort: str | dict[str, Any] | None = None,
    sha256: str | None = None,
) -> Router:
    """Return a router for the table at `path`; `fallback` defaults to fallback.json beside it.

    Files that are missing or bad never raise, nor does a path that is none: the router then answers from the ladder of
    docs/semantics.md, section 6, and `status()` says why. `last_resort` is the lowest rung of the ladder: the slug of a
    model of the table or the fallback file, or an endpoint as a dict with the keys `model`, `provider`,
    `upstream_model`, `url`, `adapter` and, if needed, others that a model has in the table. `sha256` pins the table: a
    file whose SHA-256 in hex is another one is refused, until `Router.reload` pins another.

    A malformed last resort and a malformed `sha256` are a ValueError at once: each is there to guard something.
    """
    table: Any = _path(path)
    beside: Any = None if fallback is None else _path(fallback)
    if fallback is None and isinstance(table, str):
        beside = os.path.join(os.path.dirname(table), "fallback.json")
    return Router(table, beside, last_resort, sha256=sha256)


class _Rejection(NamedTuple):
    """A table that was refused: what it is known by (its SHA-256, or the reason if it has none), why, and when."""

    identity: str
    reason: str
    date: str
    moment: float  # of the monotonic clock


class Router:
    """Answers requests from a routing table. When another table is activated, one reference is swapped."""

    def __init__(
        self,
        table: str | bytes | None,
        fallback: str | bytes | None = None,
        last_resort: str | dict[str, Any] | None = None,
        *,
        sha256: str | None = None,
    ) -> None:
        """Load a table and a fallback file, each given as a path or as its bytes; see `load`."""
        sources: list[Any] = [table, fallback]
        self._table, self._fallback = (
            source if source is None or isinstance(source, bytes | _Refused) else _path(source) for source in sources
        )
        self._last_resort = None if last_resort is None else _read_last_resort(last_resort)
        self._process, self._lock = os.getpid(), threading.RLock()  # for reload; resolve never takes the lock
        self._loaded: tuple[str, float] | None = None  # when the table was activated, by the wall clock and the other
        self._rejected = 0
        self._rejection: _Rejection | None = None  # of the table's file as it was last read
        self._fallback_words = "none was given"
        self._memory = _Memory(_Decider(None, None, self._last_resort))
        self._pinned: str | None = None  # the SHA-256 of the only table to activate
        self.reload(sha256=sha256)

    @classmethod
    def from_bytes(
        cls,
        table: bytes | None,
        fallback: bytes | None = None,
        last_resort: str | dict[str, Any] | None = None,
        *,
        sha256: str | None = None,
    ) -> Router:
        """Return a router for files that are held in memory; bad ones are refused as `load` does."""
        files: list[Any] = [None if given is None else _contents(given) for given in (table, fallback)]
        return cls(files[0], files[1], last_resort, sha256=sha256)

    def resolve(
        self,
        *,
        feature: str | None = None,
        model: str | None = None,
        tenant: str | int | None = None,
        unit: str | int | None = None,
        request_id: str | int | None = None,
        preference: str | None = None,
        min_quality: float | Decimal | None = None,
        latency_budget_ms: int | None = None,
        stack: str | None = None,
        input_tokens: int | None = None,
        max_output_tokens: int | None = None,
        max_cost_usd: float | Decimal | None = None,
        stream: bool | None = None,
        tools: bool | None = None,
        capabilities: _Names | None = None,
        unavailable: _Names | None = None,
    ) -> Decision:
        """Return the decision for one request.

        What each argument means is written in docs/semantics.md, section 4; `min_quality` is a share of 1. A value
        of another type or out of range never raises: as a rule it is ignored, and `reasons` says so. Only an argument
        that this resolver does not know is a TypeError; `ARGUMENTS` lists those it knows.
        """
        # INVARIANT: only values of exact built-in types are hashed, compared or called; no method of a caller's
        # own class ever runs. A value of another type goes the long way, through _Request, which asks as carefully.
        memory = self._memory
        dialled: _Terms | None
        decision: Decision | None
        terms = memory.by_tenant.get(tenant) if tenant is None or type(tenant) is str else None
        if terms is None:
            if type(tenant) is str and tenant.isascii() and tenant not in memory.tenants:
                terms = memory.undeclared
            else:
                terms = memory.find_terms(tenant)
        if preference is not None and terms is not None:
            if type(preference) is not str:
                terms = None
            else:
                try:
                    # The gate is read where `os.environ` keeps it: its own methods take several times as long.
                    gate, dialled = terms.dialled[preference]
                    if gate is None:
                        if dialled is None:
                            dialled = terms
                        elif memory.gate in _STORE or os.environ is not _ENVIRON:
                            dialled = memory.dial(terms, preference)
                    elif gate is not _STORE[memory.gate] or os.environ is not _ENVIRON:
                        dialled = memory.dial(terms, preference)
                except KeyError:
                    dialled = memory.dial(terms, preference)
                terms = dialled
        names: tuple[tuple[str, ...], ...] | None = None
        if terms is not None:
            if (
                min_quality is None
                and latency_budget_ms is None
                and stack is None
                and input_tokens is None
                and max_output_tokens is None
                and max_cost_usd is None
                and stream is None
                and tools is None
                and capabilities is None
                and unavailable is None
            ):
                if unit is None and request_id is None:
                    try:
                        if model is None and type(feature) is str:
                            return terms.by_feature[feature]
                        if feature is None and type(model) is str:
                            return terms.by_model[model]
                    except KeyError:
                        return memory.plain(terms, feature, model)
                elif feature is None and request_id is None and type(model) is str and type(unit) is str:
                    sticky = terms.sticky.get(model) or memory.follow(terms, model)
                    if sticky is not None:
                        decision = sticky[0].get(unit) or memory.assign(terms, sticky, unit)
                        if decision is not None:
                            return decision
            if (
                (feature is None or type(feature) is str)
                and (model is None or type(model) is str)
                and (min_quality is None or type(min_quality) is float)
                and (latency_budget_ms is None or type(latency_budget_ms) is int)
                and (stack is None or type(stack) is str)
                and (input_tokens is None or type(input_tokens) is int)
                and (max_output_tokens is None or type(max_output_tokens) is int)
                and (max_cost_usd is None or type(max_cost_usd) is float)
                and (unit is None or type(unit) is str)
                and (request_id is None or type(request_id) is str)
            ):
                names = ()
                if capabilities is not None or unavailable is not None:
                    names = _names_key(capabilities, unavailable)
                    if names:  # as they are at this moment: the caller's own lists may change meanwhile
                        capabilities, unavailable = names
        key: tuple[Any, ...] | None = None
        if names is None:
            by_unit, by_request = _digits(unit), _digits(request_id)
            if by_unit is not unit or by_request is not request_id:  # a whole number is remembered by its digits
                # fmt: off
                return self.resolve(
                    feature=feature, model=model, tenant=tenant, unit=by_unit, request_id=by_request,
                    preference=preference, min_quality=min_quality, latency_budget_ms=latency_budget_ms, stack=stack,
                    input_tokens=input_tokens, max_output_tokens=max_output_tokens, max_cost_usd=max_cost_usd,
                    stream=stream, tools=tools, capabilities=capabilities, unavailable=unavailable)
                # fmt: on
        if terms is not None and names is not None:
            if unit is None and request_id is None and (max_cost_usd is not None or input_tokens is None):
                # fmt: off
                key = (terms, feature, model, min_quality, latency_budget_ms, stack, input_tokens,
                       max_output_tokens, max_cost_usd, stream is True, tools is True, names)
                # fmt: on
                decision = memory.hinted.get(key)
                if decision is not None:
                    return decision
            else:
                # fmt: off
                decision = memory.vary(terms, feature, model, min_quality, latency_budget_ms, stack, input_tokens,
                                       max_output_tokens, max_cost_usd, stream is True, tools is True, names,
                                       unit, request_id)
                # fmt: on
                if decision is not None:
                    return decision
        # fmt: off
        request = _Request(feature, model, tenant, unit, request_id, preference, min_quality, latency_budget_ms,
                           stack, input_tokens, max_output_tokens, max_cost_usd, stream, tools, capabilities,
                           unavailable)
        # fmt: on
        if terms is None:
            return memory.decider.decide(request)
        decision = memory.decide(terms, request)
        # A number that was ignored may have any length, and a store is bounded only if each of its entries is.
        if (
            key is not None
            and request.latency is latency_budget_ms
            and request.input_tokens is input_tokens
            and request.max_output is max_output_tokens
            and _is_short(feature, model, stack, names)
        ):
            memory.keep_hinted(key, decision)
        return decision

    def resolve_request(self, request: dict[str, Any]) -> Decision:
        """Return the decision for a request that is given as a JSON object, by the names of the arguments.

        A key that is not an argument does not raise: it is ignored, and `reasons` says so. A request that is no dict
        is decided as one that names nothing, with the reason `ignored:request`.
        """
        request = _copy_request(request)
        for key in request:
            if type(key) is not str or key not in _KNOWN:
                return self._memory.decider.decide(_Request.of(request))
        return self.resolve(**request)

    def endpoint(self, decision: Decision, slug: str | None) -> Endpoint | None:
        """Return how a model of a decision's chain is called; values of any type are answered, nothing raises.

        The decision's own model is called as the decision says, with the key of an experiment's version. Another
        model of its chain is called as the table that serves now says. The answer is None if `slug` is not in the
        chain, so that no policy is escaped, and if a table that was activated since the decision does not have the
        model any more or has switched it off. Where such a table has another address for the decision's own model, its
        headers and the like are not that table's but the adapter's own. A decision of another router, and one that was
        made of its own JSON with `Decision(**body)`, are decisions like any other. For what is no `Decision`, such as
        that JSON itself or None, the answer is None.
        """
        name, decider = _listed(decision, "chain", slug), self._memory.decider
        if name is None:
            return None
        if type(decision.model) is str and decision.model == name:
            known = [] if (model := _find(decider, name)) is None else [model]
            if decider.last_resort is not None:
                known.append(decider.last_resort[1])
            return _endpoint_as_decided(decision, known)
        model = _find(decider, name)
        return None if model is None or not model.active else _endpoint_of(model)

    def shadow(self, decision: Decision, slug: str | None) -> Endpoint | None:
        """Return how a shadow of a decision is called, as the table that serves now says.

        The answer is None if `slug` is not among the decision's shadows, and otherwise where `endpoint` answers None.
        """
        model = _find(self._memory.decider, _listed(decision, "shadows", slug))
        return None if model is None or not model.active else _endpoint_of(model)

    @property
    def facts(self) -> Facts:
        """What the files say that serve now, beyond what decisions carry: of models, providers, budgets, shadows."""
        return Facts(self._memory.decider)

    def explain(
        self,
        *,
        feature: str | None = None,
        model: str | None = None,
        tenant: str | int | None = None,
        unit: str | int | None = None,
        request_id: str | int | None = None,
        preference: str | None = None,
        min_quality: float | Decimal | None = None,
        latency_budget_ms: int | None = None,
        stack: str | None = None,
        input_tokens: int | None = None,
        max_output_tokens: int | None = None,
        max_cost_usd: float | Decimal | None = None,
        stream: bool | None = None,
        tools: bool | None = None,
        capabilities: _Names | None = None,
        unavailable: _Names | None = None,
    ) -> Explanation:
        """Return what `resolve` decides for the same arguments, and a log of how the decision comes about.

        It is decided anew, and not remembered.
        """
        # fmt: off
        values = (feature, model, tenant, unit, request_id, preference, min_quality, latency_budget_ms, stack,
                  input_tokens, max_output_tokens, max_cost_usd, stream, tools, capabilities, unavailable)
        # fmt: on
        return self.explain_request(dict(zip(ARGUMENTS, values, strict=True)))

    def explain_request(self, request: dict[str, Any]) -> Explanation:
        """Return what `resolve_request` decides for the same request, and a log of how the decision comes about."""
        decider, request = self._memory.decider, _copy_request(request)
        decision = decider.decide(_Request.of(request))
        explanation: Explanation = {"decision": decision.to_dict(), "tenant": None, "policy": None}
        _Log(decider, _Request.of(request)).write(explanation)
        return explanation

    def reload(self, *, sha256: str | None = None) -> bool:
        """Read the files again, and return whether the table that was read is the one that now serves.

        A table that is missing or refused changes nothing: the last good one keeps serving, and `status()` says why.
        A bad fallback file is treated likewise. The answer is False for a router that was given no table. This is safe
        in any thread and in a signal's handler. A decision that is being made goes on with the table it started with.

        `sha256` pins a table from now on, also if its file has not arrived yet: other bytes are refused here and by
        each later call that pins no other. Without it a pinned router stays pinned. ValueError, which changes nothing,
        if it is no SHA-256 in hex.
        """
        pinned = None if sha256 is None else _read_digest(sha256)
        if self._process != os.getpid():  # a fork copies a lock as it is, without the thread that holds it
            self._process, self._lock = os.getpid(), threading.RLock()
        with self._lock:
            turn = self._turn = object()
            self._pinned = pinned or self._pinned
            decider = self._memory.decider
            table, fallback, good, raw = decider.table, decider.fallback, False, None
            try:
                if self._table is not None:
                    raw = _read_bytes(self._table)
                    digest = _digest(raw, self._pinned)
                    if table is None or table.hash != digest:
                        table = _Table(_parse_file(raw), digest)
                    good, self._rejection = True, None
            except Exception as error:  # MemoryError and RecursionError too: the last good one keeps serving
                self._reject(raw, f"routing table: {_describe(error)}")
            try:
                if self._fallback is not None:
                    raw = _read_bytes(self._fallback)
                    digest = _digest(raw)
                    if fallback is None or fallback.hash != digest:
                        fallback = _Fallback(_parse_file(raw), digest)
                    self._fallback_words = "loaded"
            except Exception as error:
                kept = "refused" if fallback is None else "refused, the last good one is kept"
                self._fallback_words = f"{kept}: {_describe(error)}"
            if table is not decider.table:
                self._loaded = _now(), time.monotonic()
            if table is not decider.table or fallback is not decider.fallback:
                self._memory = _Memory(_Decider(table, fallback, self._last_resort))
            if self._turn is not turn:  # a signal's handler reloaded in between, and may have read a later file
                return self.reload()
            return good

    def _reject(self, raw: bytes | None, reason: str) -> None:
        """Note that a table was refused; the same one, refused again, is neither counted nor dated again."""
        identity = reason if raw is None else _digest(raw)
        last = self._rejection
        if last is None or last.identity != identity:
            self._rejected += 1
            self._rejection = _Rejection(identity, reason, _now(), time.monotonic())
        else:
            self._rejection = last._replace(reason=reason)

    def status(self) -> RouterStatus:
        """Return what serves now, since when, and why the table's file was refused if it was; it reads no file.

        A service is ready if `serving` is "routing table". If `last_rejection` is not None as well, that is the last
        good table, and not the one whose file is there now.
        """
        decider, loaded, rejection, now = self._memory.decider, self._loaded, self._rejection, time.monotonic()
        return {
            "serving": decider.serving,
            "ruleset_hash": decider.hash,
            "format": None if decider.table is None else decider.table.format,
            "loaded_at": None if loaded is None else loaded[0],
            "loaded_age_s": None if loaded is None else now - loaded[1],
            "rejected": self._rejected,
            "last_rejection": None if rejection is None else rejection.reason,
            "last_rejection_at": None if rejection is None else rejection.date,
            "last_rejection_age_s": None if rejection is None else now - rejection.moment,
            "fallback": self._fallback_words,
        }


def _listed(decision: Decision, field: Literal["chain", "shadows"], slug: str | None) -> str | None:
    """Return a slug as exact text if it is in a list of a decision; None if it is not, or there is no decision."""
    name = _exact_text(slug)
    slugs: Any = getattr(decision, field) if type(decision) is Decision else None
    if type(slugs) is not tuple and type(slugs) is not list:
        return None
    return name if name in [link for link in slugs if type(link) is str] else None


def _find(decider: _Decider, name: str | None) -> _Model | None:
    """Return a model of the file that serves; None if that does not have it, and for no name."""
    file = decider.file
    return None if file is None or name not in file.catalogue.places else file.catalogue[name]


_KNOWN: Final = frozenset(ARGUMENTS)


def _now() -> str:
    """Return the time of the wall clock, in UTC and to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _copy_request(request: dict[str, Any]) -> dict[str, Any]:
    """Copy a request in one step, because another thread may be changing it; what cannot be copied names nothing."""
    try:
        return dict.copy(request)
    except Exception:  # no dict, or one of a caller's own class that raises when its keys are read
        return {"request": None}


# --- Say how a model is called: what its table says, completed by the contract of its adapter. ---


def _endpoint_of(model: _Model) -> Endpoint:
    """Return how a model of a file is called."""
    address, adapter, key = model.address, model.endpoint[4], model.endpoint[5]
    contract = _contract(adapter)
    url: str = address["url"]
    base = address["base_url"] or _base(url, contract)
    if base is not None and address["stream_url"] is not None:
        base = base.replace(_HOLE, model.in_path)
    return Endpoint(
        *model.endpoint,
        stream_url=model.streamed[3],
        base_url=base,
        auth=_auth(address["auth"] or contract.auth, key),
        headers=dict(address["headers"] or contract.headers),
        secret_headers=dict(address["secret_headers"]),
        region=address["region"],
        model_in="path" if contract.leaves_body and _HOLE in url else contract.model_in,
        stream_by=contract.stream_by,
        **_kept(model),
    )


def _endpoint_as_decided(decision: Decision, known: list[_Model]) -> Endpoint:
    """Return how the model of a decision is called, with the key of an experiment's version.

    `known` are the models that may be it, by the serving files. Where none of them is called as the decision says,
    since another table was activated, the rest of its endpoint is what its adapter does by default.
    """
    own: Any = decision[3:9]
    texts = all(type(value) is str for value in own[:5])
    for model in known:
        there, streamed = model.endpoint, model.streamed
        if texts and own[:3] == there[:3] and own[3] in (there[3], streamed[3]) and own[4] == there[4]:
            endpoint = _endpoint_of(model)
            return endpoint._replace(api_key_env=own[5]) if own[5] is not there[5] else endpoint
    contract = _contract(own[4])
    model, provider, upstream, url, adapter, key = own
    return Endpoint(
        model,
        provider,
        upstream,
        url,
        adapter,
        key,
        stream_url=url,
        base_url=_base(url, contract) if texts else None,
        auth=_auth(contract.auth, key),
        headers=dict(contract.headers),
        secret_headers={},
        model_in=contract.model_in,
        stream_by=contract.stream_by,
        **_kept(None),
    )


def _contract(adapter: object) -> _Contract:
    """Return the contract of an adapter; that of `custom` for a word that is none, which older tables may have."""
    return _CONTRACTS[adapter] if type(adapter) is str and adapter in _CONTRACTS else _CONTRACTS["custom"]


def _auth(auth: str, key: object) -> str:
    """Return how the key is sent: where an older table names none for a host, none is."""
    return "none" if key is None and auth not in _KEYLESS else auth


def _base(url: str, contract: _Contract) -> str | None:
    """Return the base URL that the SDK of an adapter takes, by the URL of its chat call; None if that does not tell."""
    url = url.partition("?")[0]
    return next((url.removesuffix(end) for end in contract.base_ends if url.endswith(end)), None)


# --- Tell what the files say and no decision carries: of models, providers, budgets, shadows, and of trying again. ---


class ModelFacts(NamedTuple):
    """What the table says of a model; amounts are in the units of docs/table.md."""

    model: str
    """The slug of the model."""
    provider: str
    """The slug of its provider."""
    upstream_model: str
    """The provider's own name for it."""
    logical: str | None
    """The logical model that it is a host of; None if it is of none."""
    quality_bp: int
    """Its quality in basis points."""
    compliance_bp: int
    """Its compliance in basis points."""
    input_pusd: int
    """Pico-dollars for an input token: micro-dollars for a million of them."""
    output_pusd: int
    """Pico-dollars for an output token."""
    output_ratio_bp: int
    """Expected output tokens for each input token, in basis points."""
    latency_ms: int
    """The median latency to expect."""
    context_window: int
    """The most tokens of input and output together."""
    min_output_tokens: int
    """The least output that a caller must allow."""
    max_output_tokens: int | None
    """The most output that it answers with; None if that is not declared."""
    capabilities: tuple[str, ...]
    """What it can do."""
    active: bool
    """Whether any route may serve it."""
    listed: bool
    """Whether targets, logical and pinned routes may serve it."""
    sunset: str | None
    """Its last day, YYYY-MM-DD; None if that is not declared."""
    successor: str | None
    """The slug of the model that follows it."""
    limits: Mapping[str, int]
    """Its own limits: those of `rpm`, `tpm` and `parallel` that it has."""
    timeouts: Mapping[str, int]
    """Its timeouts, completed by its provider's: those of `connect_ms`, `first_token_ms` and `total_ms` there are."""
    api_key_env: str | None
    """The environment variable that holds its key, its own or its provider's; None if it needs none."""


class ProviderFacts(NamedTuple):
    """What the table says of a provider."""

    provider: str
    """The slug of the provider."""
    adapter: str
    """The word for its protocol."""
    stack: str
    """Its region word."""
    api_key_env: str | None
    """The environment variable that holds its key; None if it needs none."""
    limits: Mapping[str, int]
    """Its limits, for all of its models together: those of `rpm`, `tpm` and `parallel` that it has."""
    timeouts: Mapping[str, int]
    """Those of `connect_ms`, `first_token_ms` and `total_ms` that it has."""


class ResilienceFacts(NamedTuple):
    """How a service tries and gives up."""

    failures: int
    """Failures within the window that open a model's circuit."""
    window_s: int
    """The window in which failures count, in seconds."""
    cooloff_s: int
    """How long an open circuit stays open, in seconds."""
    max_attempts: int
    """The most models of one chain."""
    retries: int
    """How often one model is tried again before the next."""


class BudgetFacts(NamedTuple):
    """What a tenant may spend, in cents; days and months are those of UTC."""

    daily_cents: int | None
    """The most for a day; None without such a limit."""
    monthly_cents: int | None
    """The most for a month; None without such a limit."""

    @property
    def daily_usd(self) -> Decimal | None:
        """The most for a day, in dollars."""
        return None if self.daily_cents is None else Decimal(self.daily_cents).scaleb(-2)

    @property
    def monthly_usd(self) -> Decimal | None:
        """The most for a month, in dollars."""
        return None if self.monthly_cents is None else Decimal(self.monthly_cents).scaleb(-2)


class ShadowFacts(NamedTuple):
    """How much of a feature's traffic is mirrored to a shadow."""

    sample_bp: int
    """The share of the feature's requests, in basis points."""
    max_daily_cents: int | None
    """The most that it may spend in a day (UTC), in cents; None without such a limit."""

    @property
    def sample(self) -> Decimal:
        """The share of the feature's requests."""
        return Decimal(self.sample_bp).scaleb(-4)

    @property
    def max_daily_usd(self) -> Decimal | None:
        """The most that it may spend in a day, in dollars."""
        return None if self.max_daily_cents is None else Decimal(self.max_daily_cents).scaleb(-2)


class Facts:
    """What the files say that served when it was made; read-only. A name of any type is answered, nothing raises.

    Facts are equal if they are of the same files, read at the same time.
    """

    __slots__ = ("_decider",)

    def __init__(self, decider: _Decider) -> None:
        self._decider = decider

    def __eq__(self, other: object) -> bool:
        return type(other) is Facts and other._decider is self._decider

    def __hash__(self) -> int:
        return id(self._decider)

    @property
    def features(self) -> tuple[str, ...]:
        """The features that the table has rows for; empty without a table."""
        table = self._decider.table
        return () if table is None else (*table.features,)

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets of the table; empty without a table."""
        table = self._decider.table
        return () if table is None else (*table.targets,)

    @property
    def tenants(self) -> tuple[str, ...]:
        """The tenants that are declared in the table, or without one in the fallback file."""
        file = self._decider.file
        return () if file is None else (*file.tenants,)

    def model(self, slug: str | None) -> ModelFacts | None:
        """Return the facts of a model; None for a slug that the table, or without one the fallback file, lacks."""
        name, file = _exact_text(slug), self._decider.file
        if file is None or name is None or name not in file.catalogue.places:
            return None
        model = file.catalogue[name]
        body = model.body
        return ModelFacts(
            model=name,
            provider=model.provider,
            upstream_model=body["upstream"],
            logical=model.logical,
            quality_bp=model.quality,
            compliance_bp=model.compliance,
            input_pusd=model.input,
            output_pusd=model.output,
            output_ratio_bp=model.ratio,
            latency_ms=model.latency,
            context_window=model.context,
            min_output_tokens=model.min_output,
            max_output_tokens=model.ceiling,
            capabilities=tuple(model.capabilities),
            active=body["active"],
            listed=model.listed,
            sunset=body["sunset"],
            successor=body["successor"],
            limits=_limits_of(body),
            timeouts=_timeouts_of(body, model.address),
            api_key_env=model.endpoint[5],
        )

    def provider(self, slug: str | None) -> ProviderFacts | None:
        """Return the facts of a provider; None for a slug that the table, or without one the fallback file, lacks."""
        name, file = _exact_text(slug), self._decider.file
        body = None if file is None or name is None else file.providers.get(name)
        if name is None or body is None:
            return None
        key = body["api_key_env"]
        return ProviderFacts(name, body["adapter"], body["stack"], key, _limits_of(body), _timeouts_of(body, {}))

    def called_with(self, api_key_env: str | None) -> tuple[str, ...]:
        """Return the slugs of the models that are called with the key of a variable, or with None: without a key.

        The versions of experiments have keys of their own, which count for their calls alone.
        """
        name, file = _exact_text(api_key_env), self._decider.file
        if file is None or (name is None and api_key_env is not None):
            return ()
        return tuple(model.slug for model in file.catalogue.models if model.endpoint[5] == name)

    @property
    def key_variables(self) -> dict[str, tuple[str, ...]]:
        """What needs each variable of the environment that calls may need, sorted.

        It is named by the slugs of active models, and by `public id/variant` where a version of a live experiment has
        a key of its own.
        """
        file, needed = self._decider.file, dict[str, set[str]]()
        for model in [] if file is None else file.catalogue.models:
            if model.body["active"]:
                for name in {model.endpoint[5], *(model.address["secret_headers"] or {}).values()} - {None}:
                    needed.setdefault(name, set()).add(model.slug)
        table = self._decider.table
        for public_id, experiment in {} if table is None else table.experiments.items():
            for variant in experiment.variants:
                if variant.api_key_env is not None:
                    needed.setdefault(variant.api_key_env, set()).add(f"{public_id}/{variant.id}")
        return {name: (*sorted(needed[name]),) for name in sorted(needed)}

    @property
    def resilience(self) -> ResilienceFacts | None:
        """How a service tries and gives up; None without a table."""
        table = self._decider.table
        return None if table is None else ResilienceFacts(*[table.resilience[key] for key in ResilienceFacts._fields])

    @property
    def budgets(self) -> tuple[str, ...]:
        """The tenants that have a budget; empty without a table."""
        table = self._decider.table
        return () if table is None else (*table.budgets,)

    def budget(self, tenant: str | int | None) -> BudgetFacts | None:
        """Return what a tenant may spend; None for one that has no budget, and without a table."""
        table, name = self._decider.table, _exact_text(_digits(tenant))
        body: Any = None if table is None or name is None else table.budgets.get(name)
        return None if body is None else BudgetFacts(body["daily_cents"], body["monthly_cents"])

    def shadow(self, feature: str | None, slug: str | None) -> ShadowFacts | None:
        """Return how much of a feature's traffic is mirrored to a shadow; None for what is not mirrored."""
        table, name, model = self._decider.table, _exact_text(feature), _exact_text(slug)
        entry = None if table is None or name is None else table.features.get(name)
        for shadow in [] if entry is None else entry.shadows:
            if shadow.model.slug == model:
                return ShadowFacts(shadow.sample, shadow.max_daily_cents)
        return None


# --- Read what a service needs of the entries of a model and of its provider: params, limits and timeouts. ---


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


# --- Remember decisions for the calls that ask again; every store is bounded, and cleared when it is full. ---


# The environment as it is when this file is loaded, and the dictionary in which it keeps what it holds. Another mapping
# may stand in its place later: a program's tests do that.
_ENVIRON: Final = os.environ if type(getattr(os.environ, "_data", None)) is dict else None
_STORE: Final[dict[Any, Any]] = getattr(_ENVIRON, "_data", {})
_ONE: Final = None if _ENVIRON is None else _ENVIRON.encodevalue("1")

# What the calls of a pattern have in common: their decision without shadows, slot and cost, as the fields before the
# cost and those after it; the model that the cost is estimated for, None if no cost is; and for each shadow the slug,
# the salt, and the limit that the digest of a unit is below if it is mirrored.
_Pattern: TypeAlias = "tuple[tuple[Any, ...], tuple[Any, ...], _Model | None, list[tuple[str, bytes, bytes]]]"
# Of an experiment: the decisions by unit and by slot, its salt with the colon, and itself.
_Sticky: TypeAlias = "tuple[dict[str, Decision], dict[int, Decision], bytes, _Experiment]"


class _Terms:
    """What the tenant and the preference of a call come to, and the decisions for calls with a route and no hints."""

    __slots__ = ("by_dial", "by_feature", "by_model", "delta", "dialled", "flags", "policy", "sticky", "unknown")

    def __init__(self, policy: _Policy, delta: int = 0, flags: tuple[str, ...] = ()) -> None:
        self.policy, self.flags = policy, flags
        self.delta = delta  # what the dial adds to the floor, in basis points
        # The terms of calls that also name a preference: by what the dial adds and the flags it brings; and by the
        # word of the preference, with the value of the gate for which they hold, None for a gate that is not set. None
        # stands for these terms themselves, whatever the gate: no terms refer to themselves, so that a table that was
        # replaced is freed at once.
        self.by_dial: dict[tuple[int, tuple[str, ...]], _Terms] = {}
        self.dialled: dict[str, tuple[object, _Terms | None]] = {}
        self.clear()

    def clear(self) -> None:
        """Drop the decisions."""
        self.by_feature: dict[str, Decision] = {}
        self.by_model: dict[str, Decision] = {}
        self.unknown: Decision | None = None  # for every name that nobody declares: it tells none of them
        self.sticky: dict[str, _Sticky] = {}  # for calls with a `unit`, by public model id of an experiment


class _Memory:
    """What is remembered of the decisions of one decider. It is dropped as a whole when the files change."""

    def __init__(self, decider: _Decider) -> None:
        self.decider = decider
        self.terms: list[_Terms] = []  # all of them: at most a few for each policy
        self.by_policy: dict[_Policy, _Terms] = {}
        self.by_tenant: dict[str | None, _Terms] = {}  # of declared tenants that asked, None for no tenant
        self.undeclared: _Terms | None = None
        self.tenants: dict[str, str] = {} if decider.table is None else decider.table.tenants
        self.hinted: dict[Any, Decision] = {}  # by terms, feature, model and hints
        self.patterns: dict[Any, _Pattern] = {}  # likewise, but for ranges of token counts and of slots
        self.views: dict[Any, _View] = {}  # routes by terms, feature and model
        self.experiments: dict[str, _Experiment] = {}
        self.shares: dict[str, _Shares] = {} if decider.table is None else decider.table.shares
        self.catalogues: list[_Catalogue] = []  # all whose models are filtered
        self._count = 0  # decisions of all terms, without those by unit
        self._units = 0  # those by unit
        self.gate: Any = None
        if _ENVIRON is not None and decider.gate is not None:
            self.gate = _ENVIRON.encodekey(decider.gate)
        if (table := decider.table) is not None:
            self.undeclared = self._make_terms(table.undeclared, 0, ("tenant_unknown",))
            self.find_terms(None)
            callable_, experiments = table.callable, table.experiments
            self.experiments = {name: e for name, e in experiments.items() if callable_[name][0] == "experiment"}
            self.catalogues = [table.catalogue]
            if decider.last_resort is not None and decider.last_resort[0] is not table.catalogue:
                self.catalogues.append(decider.last_resort[0])

    def find_terms(self, tenant: Any) -> _Terms | None:
        """Return the terms of a tenant, and remember them if it is declared; None without a table or for no id."""
        table, tenant = self.decider.table, _digits(tenant)
        if table is None or not (tenant is None or _is_text(tenant)):
            return None
        if tenant is not None and tenant not in table.tenants:
            return self.undeclared
        policy = self.decider.policy(_Request.of({"tenant": tenant}))
        terms = self.by_policy.get(policy)
        if terms is None:
            terms = self.by_policy[policy] = self._make_terms(policy)
        if len(self.by_tenant) >= _MAX_PLAIN:
            self.by_tenant = {None: self.by_policy[table.default]}
        self.by_tenant[tenant] = terms
        return terms

    def dial(self, terms: _Terms, word: str) -> _Terms | None:
        """Return the terms for a call that also names a preference; None for a word that is no text.

        Those of a declared preference are remembered with the value of the gate, if the gate matters.
        """
        if not _is_text(word):
            return None
        decider, gate = self.decider, object()
        dial = shut = decider.dial_to(word, live=False)
        opened = decider.dial_to(word, live=True)
        if opened == shut == (0, ()):
            terms.dialled[word] = None, None
            return terms
        if opened != shut:
            if os.environ is _ENVIRON:
                gate = _STORE.get(self.gate)
                live = gate == _ONE
            else:  # another mapping stands in its place: what it holds is asked anew by every call
                live = decider.is_live()
            dial = opened if live else shut
        dialled = terms.by_dial.get(dial)
        if dialled is None:
            delta, flags = dial
            dialled = terms.by_dial[dial] = self._make_terms(terms.policy, delta, (*terms.flags, *flags))
        if opened != shut:
            terms.dialled[word] = gate, dialled
        return dialled

    def _make_terms(self, policy: _Policy, delta: int = 0, flags: tuple[str, ...] = ()) -> _Terms:
        """Return new terms, whose decisions will be cleared with all others."""
        terms = _Terms(policy, delta, flags)
        self.terms.append(terms)
        return terms

    def decide(self, terms: _Terms, request: _Request) -> Decision:
        """Return the decision for a request on terms that hold its tenant and preference.

        Remember the view of its route, unless the route is not ranked or adds a flag.
        """
        decider, feature = self.decider, request.feature
        head = (terms, feature, None if feature is not None else request.model)
        view = self.views.get(head)
        if terms.flags:
            request.flags += terms.flags
        if view is None:
            flags = len(request.flags)
            kind, name = decider.route(request)
            adds_flag = len(request.flags) > flags
            if decider.views is None or kind not in ("feature", "target", "logical") or adds_flag:
                return decider.decide_route(kind, name, terms.policy, request, terms.delta)
            view = decider.views.view(terms.policy, kind, name)
            if len(self.views) >= _MAX_VIEWS:
                self.views = {}
            self.views[head] = view
        return decider.decide_ranked(view, request, terms.delta)

    def keep_hinted(self, key: tuple[Any, ...], decision: Decision) -> None:
        """Remember the decision for a call with hints; a full store is cleared before."""
        if len(self.hinted) >= _MAX_HINTED:
            self.hinted = {}
        self.hinted[key] = decision

    def plain(self, terms: _Terms, feature: Any, model: Any) -> Decision:
        """Return the decision for a call without hints, and remember it if what the call names is declared.

        All names that begin with one pattern share its decision, and so do all that lead nowhere.
        """
        table: Any = self.decider.table  # not None: without a table there are no terms
        if _is_text(model) and model not in table.callable:
            pattern = table.pattern(model)
            if pattern is None:
                decision = terms.unknown
                if decision is None:
                    decision = terms.unknown = self.decide(terms, _Request.of({}))
                return decision
            if (known := terms.by_model.get(pattern)) is not None:
                return known
            model = pattern
        decision = self.decide(terms, _Request(feature, model, *(None,) * 14))
        if self._is_declared(feature, decision):
            if model is not None:
                self._keep(terms.by_model, model, decision)
            else:
                self._keep(terms.by_feature, feature, decision)
        return decision

    def _is_declared(self, feature: Any, decision: Decision) -> bool:
        """Return whether what a call names, a pattern in place of the names that begin so, is declared.

        Names that nobody declared are not remembered: callers could make up any number of them.
        """
        table: Any = self.decider.table
        return decision.route is not None and (feature is None or feature in table.features or feature in table.routes)

    def vary(
        self,
        terms: _Terms,
        feature: str | None,
        model: str | None,
        min_quality: float | Decimal | None,
        latency: int | None,
        stack: str | None,
        input_tokens: int | None,
        max_output: int | None,
        max_cost: float | Decimal | None,
        stream: bool,
        tools: bool,
        names: tuple[tuple[str, ...], ...],
        unit: Any,
        request_id: Any,
    ) -> Decision | None:
        """Return the decision for a call whose token counts and ids differ from those of calls before.

        What it has in common with them is remembered as a pattern: for all token counts that the filters do not tell
        apart, for all slots of a range, and for all ids by which a load is dealt to one model. `names` holds the
        capabilities and what is unavailable. The answer is None if an argument is to be ignored.
        """
        if not (unit is None or unit.isascii() or _is_text(unit)):
            return None
        if not (request_id is None or request_id.isascii() or _is_text(request_id)):
            return None
        if input_tokens is not None and not 0 <= input_tokens <= _MAX_WHOLE:
            return None
        if max_output is not None and not 0 <= max_output <= _MAX_WHOLE:
            return None
        slot = id_ = None
        part: int | str | None = None
        counts: tuple[int | None, ...] = ()
        if max_cost is not None:
            counts = (input_tokens, max_output)  # the cost depends on each token
        elif input_tokens is not None or max_output is not None:
            for catalogue in self.catalogues:
                counts += catalogue.token_places(input_tokens, max_output)
        if unit is not None and feature is None and model in self.experiments:
            experiment = self.experiments[model]
            slot = slot_of(experiment.salt, unit)
            part = bisect_right(experiment.starts, slot)
        elif self.shares and (unit is not None or request_id is not None):
            id_, part = unit if request_id is None else request_id, "by id"
        key = (terms, feature, model, min_quality, latency, stack, counts, max_cost, stream, tools, names, part)
        pattern = self.patterns.get(key) or self._find_pattern(key, input_tokens, max_output, slot, id_)
        # INVARIANT: no load is dealt on experiment routes, and `part` tells the ranges of their slots apart.
        if id_ is not None and pattern is not None and pattern[0][3] in self.shares and pattern[0][1] != "experiment":
            key = (*key[:-1], self.shares[pattern[0][3]].owner(id_))
            pattern = self.patterns.get(key) or self._find_pattern(key, input_tokens, max_output, None, id_)
        if pattern is None:
            return None
        first, last, pick, shadows = pattern
        if shadows and (unit is not None or request_id is not None):
            text = (unit or "" if request_id is None else request_id).encode()
            if mirrored := [slug for slug, salt, limit in shadows if _sha256(salt + text).digest() < limit]:
                first = (*first[:10], tuple(mirrored), *first[11:])
        if slot is not None:
            first = (*first[:14], slot, first[15])
        cost = None if input_tokens is None or pick is None else pick.cost(input_tokens, max_output)
        return _new(Decision, (*first, cost, *last))

    def _find_pattern(
        self,
        key: tuple[Any, ...],
        input_tokens: int | None,
        max_output: int | None,
        slot: int | None,
        id_: str | None,
    ) -> _Pattern | None:
        """Return the pattern of a call, None if its feature is to be ignored; `id_` is what a load is dealt by.

        It is remembered if the key is short and what the call names is declared.
        """
        terms, feature, model, min_quality, latency, stack, _, max_cost, stream, tools, names, _ = key
        capabilities, unavailable = names or (None, None)
        # fmt: off
        request = _Request(feature, model, None, None, id_, None, min_quality, latency, stack, input_tokens,
                           max_output, max_cost, stream, tools, capabilities, unavailable)
        # fmt: on
        if request.feature is not feature:
            return None
        decider = self.decider
        table: Any = decider.table  # not None: without a table there are no terms
        # A pattern is a name that begins with it: in place of the caller's name it leads to the same decision.
        if request.model is not None and (text := table.pattern(request.model)) is not None:
            request.model = model = text
            key = (*key[:2], model, *key[3:])
            if (known := self.patterns.get(key)) is not None:
                return known
        if slot is None:
            decision = self.decide(terms, request)
        else:
            request.flags += terms.flags
            decision = decider.decide_experiment(self.experiments[model], slot, terms.policy, request)
        shadows: list[_Shadow] = []
        if decision.route == "feature" and decision.source == "table" and decision.model is not None:
            views: Any = decider.views
            shadows = _mirrorable(views.view(terms.policy, "feature", decision.route_name), decision.model, request)
        limits = [(shadow.model.slug, f"{shadow.salt}:".encode(), shadow.limit()) for shadow in shadows]
        pattern = (*decision[:10], (), *decision[11:16]), decision[17:], decider.estimated(decision), limits
        if (
            request.latency is latency
            and _is_short(feature, model, stack, names)
            and self._is_declared(feature, decision)
        ):
            if len(self.patterns) >= _MAX_HINTED:
                self.patterns = {}
            self.patterns[key] = pattern
        return pattern

    def follow(self, terms: _Terms, model: str) -> _Sticky | None:
        """Prepare to remember the units of an experiment; None if the model names none."""
        experiment = self.experiments.get(model)
        if experiment is None:
            return None
        sticky = terms.sticky[model] = {}, {}, f"{experiment.salt}:".encode(), experiment
        return sticky

    def assign(self, terms: _Terms, sticky: _Sticky, unit: str) -> Decision | None:
        """Return the decision for a unit of an experiment, and remember it by the unit if that is short.

        Units of one slot share one decision. The answer is None for a unit that is to be ignored.
        """
        units, by_slot, salt, experiment = sticky
        try:
            slot = _first_eight(_sha256(salt + unit.encode()).digest())[0] * _SLOTS >> 64
        except UnicodeEncodeError:  # a lone surrogate
            return None
        decision = by_slot.get(slot)
        if decision is None:
            request = _Request.of({})
            request.flags += terms.flags
            decision = self.decider.decide_experiment(experiment, slot, terms.policy, request)
            self._keep(by_slot, slot, decision)
        if len(unit) <= _MAX_UNIT:
            if self._units >= _MAX_UNITS:
                self._units = 0
                for others in [*self.terms]:
                    for entry in [*others.sticky.values()]:
                        entry[0].clear()
            self._units += 1
            units[unit] = decision
        return decision

    def _keep(self, store: dict[Any, Decision], key: Any, decision: Decision) -> None:
        """Remember a decision in a store of some terms; when all are full, clear those of all terms together."""
        if self._count >= _MAX_PLAIN:
            self._count = 0
            for terms in [*self.terms]:
                terms.clear()
        self._count += 1
        store[key] = decision


# --- Decide a request: find its route, apply the filters, build the decision. No decision is remembered here. ---


_new: Final = tuple.__new__  # makes a Decision at half the price of calling its class
_NO_ENDPOINT: Final[tuple[Any, ...]] = (None,) * 6
_UNASSIGNED: Final[tuple[Any, ...]] = (None,) * 4  # experiment, variant, version, slot


class _Decider:
    """Makes every decision of one state of the files: a table, a fallback file, a last resort."""

    def __init__(self, table: _Table | None, fallback: _Fallback | None, last_resort: str | _Model | None) -> None:
        self.table, self.fallback = table, fallback
        self.file: _File | None = table or fallback
        self.hash = None if table is None else table.hash
        preferences = None if self.file is None else self.file.preferences
        self.gate: str | None = None if preferences is None else preferences["gate_env"]
        self.views = None if table is None else _Views(table)
        self.last_resort: tuple[_Catalogue, _Model] | None = self._find_last_resort(last_resort)
        self.serving: Literal["routing table", "fallback file", "last resort", "nothing"]
        if table is not None:
            self.serving = "routing table"
        elif fallback is not None:
            self.serving = "fallback file"
        else:
            self.serving = "nothing" if self.last_resort is None else "last resort"

    def _find_last_resort(self, last_resort: str | _Model | None) -> tuple[_Catalogue, _Model] | None:
        """Return the catalogue in which the last resort is filtered, and its model; None if there is none.

        A slug is sought in the table, then in the fallback file; there is no last resort if neither has it.
        """
        if isinstance(last_resort, _Model):
            stacks = set() if self.file is None else {*self.file.catalogue.vocabulary.stacks}
            stacks = {word for word in stacks if not word.startswith("avoid-")}
            if last_resort.stack is not None:
                stacks.add(last_resort.stack)
            return _Catalogue([last_resort], stacks), last_resort
        for file in (self.table, self.fallback):
            if file is not None and last_resort in file.catalogue.places:
                return file.catalogue, file.catalogue[last_resort]
        return None

    def decide(self, request: _Request) -> Decision:
        """Return the decision for a request."""
        policy = self.policy(request)
        delta = 0 if request.preference is None else self.dial(request)
        kind, name = self.route(request)
        return self.decide_route(kind, name, policy, request, delta)

    def decide_route(
        self,
        kind: RouteKind | Literal["ladder"] | None,
        name: str,
        policy: _Policy,
        request: _Request,
        delta: int = 0,
    ) -> Decision:
        """Return the decision for a request whose route was found; `delta` is what the dial adds to the floor.

        The kind None is answered with `unknown_model`. Only features, targets and logical models have a floor.
        """
        file, views = self.file, self.views
        if kind == "ladder":
            return self._ladder(name, policy, request)
        if kind == "direct" and file is not None:
            return self._direct(file, name, policy, request)
        if kind is None or kind == "direct" or views is None:
            return self._answer("unknown_model", None, None, None if views is None else "table", request)
        if kind == "experiment":
            experiment = views.table.experiments[name]
            slot = None if request.unit is None else slot_of(experiment.salt, request.unit)
            return self.decide_experiment(experiment, slot, policy, request)
        return self.decide_ranked(views.view(policy, kind, name), request, delta)

    def policy(self, request: _Request) -> _Policy:
        """Return the policy of the request's tenant; add a flag if the tenant is not declared.

        Without a tenant it is the default policy. Without a file it is one that permits everything.
        """
        tenant, file = request.tenant, self.file
        if file is not None and tenant in file.tenants:
            return file.policies[file.tenants[tenant]]
        if tenant is not None or request.stranger:
            request.flags.append("tenant_unknown")
        elif file is not None:
            return file.default
        return _Policy(None, _NO_POLICY, _Catalogue([], ())) if file is None else file.undeclared

    def dial(self, request: _Request) -> int:
        """Return what the preference adds to the floor, in basis points: 0 for the default one, and for none.

        A preference that is unknown, or whose gate is not open in the environment, adds 0 and a flag.
        """
        if request.preference is None:
            return 0
        delta, flags = self.dial_to(request.preference, live=self.is_live())
        request.flags += flags
        return delta

    def is_live(self) -> bool:
        """Return whether the gate of the preferences is open now."""
        return self.gate is not None and os.environ.get(self.gate) == "1"

    def dial_to(self, word: str, *, live: bool) -> tuple[int, tuple[str, ...]]:
        """Return what a preference adds to the floor, and the flags it brings; `live` says that the gate is open."""
        preferences = None if self.file is None else self.file.preferences
        if preferences is None or word not in preferences["dial_bp"]:
            return 0, ("preference_unknown",)
        if word == preferences["default"]:
            return 0, ()
        return (preferences["dial_bp"][word], ()) if live else (0, ("preference_inert",))

    def route(self, request: _Request) -> tuple[RouteKind | Literal["ladder"] | None, str]:
        """Return kind and name of the request's route, None for the kind of an unknown one.

        If both a feature and a model are named, the feature counts. A feature that is not declared goes down the
        ladder. A route that is named by an alias adds a flag.
        """
        if request.feature is not None:
            declared = self.table is not None and request.feature in self.table.features
            return "feature" if declared else "ladder", request.feature
        name = request.model
        if name is None:
            return None, ""
        if self.table is None:
            known = self.file is not None and name in self.file.catalogue.places
            return "direct" if known else None, name
        kind, target, is_alias = self.table.named(name)
        if is_alias:
            request.flags.append("alias")
        if kind == "feature" and target not in self.table.features:
            return "ladder", target
        return kind, target

    def floor(self, view: _View, request: _Request, delta: int) -> tuple[int, int]:
        """Return the quality floor, and the base from which the dial moved it, in basis points.

        A `min_quality` of the request is both. The dial moves the floor no further than the clamp.
        """
        if request.min_quality is not None:
            return request.min_quality, request.min_quality
        base = view.base
        if delta == 0 or self.table is None:
            return base, base
        low, high = self.table.clamp
        return (max(base, min(base + delta, high)) if delta > 0 else min(base, max(base + delta, low))), base

    def decide_ranked(self, view: _View, request: _Request, delta: int) -> Decision:
        """Return the decision of a feature, a target or a logical model.

        If no model survives a floor that the dial moved, the base is tried and, if it helps, a flag is added.
        """
        floor = base = request.min_quality
        if floor is None or base is None:
            floor, base = self.floor(view, request, delta)
        pick, chain = _choose(view, request, floor)
        if pick is None and floor != base:
            pick, chain = _choose(view, request, base)
            if pick is not None:
                floor = base
                request.flags.append("preference_relaxed")
        if pick is None:
            candidacy = _Candidacy(view.policy.home, view.policy, request, view.listed, floor=floor)
            status = _refusal(candidacy, view.candidates) or "rejected_policy"
            return self._answer(status, view.kind, view.name, "table", request, floor=floor)
        shadows: tuple[str, ...] = ()
        if view.shadows:
            unit = request.unit if request.request_id is None else request.request_id
            shadows = _mirrors(view, pick.slug, unit, request)
        cost, tokens = None, request.input_tokens
        if tokens is not None:
            cost = pick.cost(tokens, request.max_output)
        reasons = tuple(sorted({*request.flags})) if request.flags else ()
        # unpacking them in place is slower
        model, provider, upstream, url, adapter, key = pick.streamed if request.stream else pick.endpoint
        # fmt: off
        return _new(Decision, ("ok", view.kind, "table", model, provider, upstream, url, adapter, key, tuple(chain),
                               shadows, None, None, None, None, floor, cost, reasons, self.hash, view.name))
        # fmt: on

    def decide_experiment(
        self, experiment: _Experiment, slot: int | None, policy: _Policy, request: _Request
    ) -> Decision:
        """Return the decision of an experiment for a slot; None is the slot of a request without a unit.

        The variant's model is filtered by permission and ability; if it is refused, no other variant serves, unless the
        experiment says that the first one does where ability is all that bars it. The variant's own key stands in for
        the provider's.
        """
        if experiment.status == "paused" and experiment.on_pause == "reject":
            unassigned = (experiment.name, None, None, slot)
            return self._answer(
                "rejected_experiment", "experiment", experiment.public_id, "table", request, assigned=unassigned
            )
        index, reason = experiment.assign(slot)
        if reason is not None:
            request.flags.append(reason)
        model, variant, version, key = experiment.variants[index]
        candidacy = _Candidacy(policy.home, policy, request)
        refused = _refusal(candidacy, 1 << model.index)
        if refused == "rejected_unavailable" and experiment.on_unavailable == "control":
            control = experiment.variants[0]
            if _refusal(candidacy, 1 << control.model.index) is None:
                model, variant, version, key = control
                refused = None
                request.flags.append("variant_unavailable")
        assigned = (experiment.name, variant, version, slot)
        if refused is not None:
            return self._answer(refused, "experiment", experiment.public_id, "table", request, assigned=assigned)
        decision = self._answer("ok", "experiment", experiment.public_id, "table", request, model, assigned=assigned)
        return decision if key is None else decision._replace(api_key_env=key)

    def _direct(self, file: _File, name: str, policy: _Policy, request: _Request) -> Decision:
        """Return the decision of a pinned model, which is not filtered by ability or demand."""
        source: DecisionSource = "table"
        if self.table is None:
            source = "default_route" if name in file.routes.values() else "default_model"
        model = file.catalogue[name]
        candidacy = _Candidacy(file.catalogue, policy, request, listed=True, ability=False)
        if refused := _refusal(candidacy, 1 << model.index):
            return self._answer(refused, "direct", name, source, request)
        return self._answer("ok", "direct", name, source, request, model)

    def rungs(self, feature: str) -> list[tuple[DecisionSource, _Catalogue, _Model]]:
        """Return the rungs below the registry for a feature, the highest first: source, catalogue, model.

        A rung whose model is in no file is left out.
        """
        rungs: list[tuple[DecisionSource, _Catalogue, _Model]] = []
        if self.file is not None:
            catalogue = self.file.catalogue
            if (route := self.file.routes.get(feature)) in catalogue.places:
                rungs.append(("default_route", catalogue, catalogue[str(route)]))
            if self.file.default_model in catalogue.places:
                rungs.append(("default_model", catalogue, catalogue[self.file.default_model]))
        if self.last_resort is not None:
            rungs.append(("last_resort", *self.last_resort))
        return rungs

    def estimated(self, decision: Decision) -> _Model | None:
        """Return the model whose cost a decision estimates if the request has `input_tokens`; None if it has none."""
        if decision.model is None or self.file is None:
            return None
        if decision.source == "last_resort" and self.last_resort is not None:
            model = self.last_resort[1]
        else:
            model = self.file.catalogue[decision.model]
        return model if model.priced else None

    def _ladder(self, feature: str, policy: _Policy, request: _Request) -> Decision:
        """Return the decision of the first rung that may and can serve, or else of the first that may.

        If the policy permits none, the decision is `rejected_policy`; without any rung it is `unknown_model`. See
        docs/semantics.md, section 6.
        """
        request.flags.append("feature_unknown")
        source: DecisionSource | None = None
        permitted: tuple[DecisionSource, _Model] | None = None
        for source, catalogue, model in self.rungs(feature):
            refused = _refusal(_Candidacy(catalogue, policy, request), 1 << model.index)
            if refused is None:
                return self._answer("ok", "feature", feature, source, request, model)
            if refused != "rejected_policy" and permitted is None:
                permitted = source, model
        if permitted is not None:
            return self._answer("ok", "feature", feature, permitted[0], request, permitted[1])
        if source is not None:
            return self._answer("rejected_policy", "feature", feature, source, request)
        return self._answer("unknown_model", None, None, None, request)

    def _answer(
        self,
        status: DecisionStatus,
        route: RouteKind | None,
        name: str | None,
        source: DecisionSource | None,
        request: _Request,
        pick: _Model | None = None,
        assigned: tuple[Any, ...] = _UNASSIGNED,
        floor: int | None = None,
    ) -> Decision:
        """Return a decision that calls `pick` alone; without a pick its chain is empty and it has no endpoint."""
        cost, endpoint = None, _NO_ENDPOINT
        if pick is not None:
            endpoint = pick.streamed if request.stream else pick.endpoint
            if request.input_tokens is not None and pick.priced:
                cost = pick.cost(request.input_tokens, request.max_output)
        reasons = tuple(sorted({*request.flags})) if request.flags else ()
        chain = () if pick is None else (pick.slug,)
        # fmt: off
        return _new(Decision, (status, route, source, *endpoint, chain, (), *assigned, floor, cost, reasons, self.hash,
                               name))
        # fmt: on


# --- Choose the pick, the chain and the shadows of a route whose candidates are ranked. ---


def _choose(view: _View, request: _Request, floor: int) -> tuple[_Model | None, list[str]]:
    """Return the pick and the slugs of the chain, the pick's first; None and no slugs if no model survives.

    Add a flag to the request if no survivor is within its latency budget: then the pick stays as it was. A pick that
    states a share may give way to another model that does.

    The models are sought among the nearest candidates, and among all of the route's only for what is not found there.
    """
    catalogue, attempts = view.policy.home, view.attempts
    size = catalogue.sizes.get(floor)
    if size is None:
        size = catalogue.size(floor)
    near = view.near[size] or view.nearest(size)
    left, unsure = near.survivors(near.quality.at_most(-floor), request)
    everything: tuple[int, int] | None = None  # the survivors among all candidates of the route
    pick = near.first(left, unsure, request)
    if pick is None and near.incomplete:
        everything = catalogue.survivors(view.open & catalogue.quality.at_most(-floor), request)
        pick = view.best(*everything, request)
    if pick is None:
        return None, []
    if request.latency is not None and pick.latency > request.latency:
        least = view.max_loss - pick.quality  # negated, as qualities are in a scale
        quick = left & near.latency.at_most(request.latency) & near.quality.at_most(least)
        quicker = near.first(quick, unsure, request)
        if quicker is None and near.incomplete:
            quick = view.open & catalogue.quality.at_most(-floor) if everything is None else everything[0]
            quick &= catalogue.quality.at_most(least) & catalogue.latency.at_most(request.latency)
            if quick:
                everything = everything or catalogue.survivors(view.open & catalogue.quality.at_most(-floor), request)
                quicker = view.best(quick & everything[0], everything[1], request)
        if quicker is not None:
            pick = quicker
        else:
            request.flags.append("latency_budget_missed")
    if view.shares and pick.slug in view.shares:
        pick = _spread(view, request, floor, pick)
    chain = [pick.slug]
    if attempts > 1 and (left.bit_count() >= attempts or not near.incomplete):
        for bit, model in near.chained:
            if left & bit and model is not pick and (not unsure & bit or request.affords(model)):
                chain.append(model.slug)
                if len(chain) == attempts:
                    return pick, chain
    if attempts == 1 or not near.incomplete:
        return pick, chain
    left, unsure = everything or catalogue.survivors(view.open & catalogue.quality.at_most(-floor), request)
    others = view.first(left & ~(1 << pick.index), attempts - 1, view.chain, unsure, request)
    return pick, [pick.slug, *[model.slug for model in others]]


def _spread(view: _View, request: _Request, floor: int, pick: _Model) -> _Model:
    """Return the model that serves in place of a pick that states a share: the owner of the request's slot, if it may.

    Else it is the next model in order of the slots that may. Those that survive may, and if the pick is within a
    latency budget, only those within it. Without an id the pick stays, and a flag is added.
    """
    unit = request.unit if request.request_id is None else request.request_id
    if unit is None:
        request.flags.append("no_unit")
        return pick
    shares = view.shares[pick.slug]
    members = _sharing(view, request, floor, pick)
    return next(model for model in shares.from_owner(shares.owner(unit)) if members >> model.index & 1)


def _sharing(view: _View, request: _Request, floor: int, pick: _Model) -> int:
    """Return the mask of the models that may serve in place of a pick that states a share; it is one of them."""
    catalogue = view.policy.home
    mask = view.shares[pick.slug].mask & view.open & catalogue.quality.at_most(-floor)
    if request.latency is not None and pick.latency <= request.latency:
        mask &= catalogue.latency.at_most(request.latency)
    return catalogue.affordable(catalogue.able(mask, request), request)


def _mirrors(view: _View, pick: str, unit: str | None, request: _Request) -> tuple[str, ...]:
    """Return the slugs of the shadows that a unit is mirrored to, in declared order; none without a unit."""
    if unit is None:
        return ()
    shadows = _mirrorable(view, pick, request)
    return tuple([model.slug for model, sample, salt, _ in shadows if slot_of(salt, unit) < sample])


def _mirrorable(view: _View, pick: str, request: _Request) -> list[_Shadow]:
    """Return the shadows that a request may be mirrored to, in declared order; the pick is never among them."""
    able = view.policy.home.able
    return [entry for entry in view.shadows if entry.model.slug != pick and able(1 << entry.model.index, request)]


# --- Hold a route as one policy sees it: its candidates, which of them may ever serve, and how they rank. ---


_RankedKind = Literal["feature", "target", "logical"]


class _View:
    """A feature, a target or a logical model as one policy sees it."""

    __slots__ = (
        "_stored",
        "attempts",
        "base",
        "base_from",
        "candidates",
        "chain",
        "head",
        "kind",
        "listed",
        "max_loss",
        "name",
        "near",
        "open",
        "pick",
        "policy",
        "shadows",
        "shares",
    )

    def __init__(self, views: _Views, policy: _Policy, kind: _RankedKind, name: str) -> None:
        self._stored, table = views.near, views.table
        catalogue = table.catalogue
        self.kind, self.name, self.policy, self.max_loss = kind, name, policy, policy.max_loss
        self.listed = kind != "feature"  # a feature reaches the unlisted models that it names
        self.head: list[_Model] = []  # a feature's primary and fallbacks come first, whatever their rank
        self.pick, self.chain = policy.plain, policy.penalised
        self.attempts = table.max_attempts if policy.fallback else 1
        shadows: list[_Shadow] = []
        # How loads are dealt, by the models that share them. Of a feature without fallbacks only the primary is tried.
        self.shares: dict[str, _Shares] = table.shares if policy.fallback or kind != "feature" else {}
        floor = None
        if kind == "target":
            self.candidates, floor = table.targets[name]
        elif kind == "logical":
            self.candidates = catalogue.logical[name]
        else:
            feature = table.features[name]
            floor, shadows, self.pick = feature.floor, feature.shadows, policy.penalised
            self.head = feature.head if policy.fallback else feature.head[:1]
            self.candidates = catalogue.slugs(model.slug for model in self.head)
            if policy.fallback and feature.then is not None:
                then = table.targets[feature.then][0] & catalogue.active & catalogue.listed
                self.candidates |= then & ~feature.retired
        declared = [(bp, who) for bp, who in ((policy.floor, "policy"), (floor, kind)) if bp is not None]
        # The floor before the dial, and who declares it.
        self.base, self.base_from = max(declared, key=lambda pair: pair[0], default=table.good)
        permitted = _permitted(catalogue, policy, listed=False)
        self.shadows = [shadow for shadow in shadows if permitted >> shadow.model.index & 1]
        self.open = self.candidates & _permitted(catalogue, policy, listed=self.listed)
        # At place n the nearest candidates for floors that at most the best 2 to the power of n models reach.
        self.near: list[_Near | None] = [None] * (max(len(catalogue.models).bit_length(), _NEAREST.bit_length()) + 1)

    def nearest(self, size: int) -> _Near:
        """Return the nearest candidates among the 2 to the power of `size` best models, and store them in `near`.

        When too many are stored, those of all views are dropped before.
        """
        stored = self._stored
        if len(stored.places) >= _MAX_NEAR:
            full, stored.places = stored.places, []
            for near_of_view, place in full:
                near_of_view[place] = None
        stored.places.append((self.near, size))
        candidates = self.open & (1 << (1 << size)) - 1
        picks = self.first(candidates, _NEAREST, self.pick)
        chain = picks if self.chain is self.pick else self.first(candidates, _NEAREST, self.chain)
        incomplete = candidates.bit_count() > _NEAREST
        near = self.near[size] = _Near(picks, chain, self.policy.home.vocabulary, incomplete=incomplete)
        return near

    def best(self, mask: int, unsure: int, request: _Request) -> _Model | None:
        """Return the first model of a mask by pick order, None if there is none.

        A model of `unsure` is returned only if the request affords it.
        """
        models = self.first(mask, 1, self.pick, unsure, request)
        return models[0] if models else None

    def first(
        self, mask: int, count: int, order: _Order, unsure: int = 0, request: _Request | None = None
    ) -> list[_Model]:
        """Return the first `count` models of a mask: those of the route's head, then the others by an order.

        A model of `unsure` is returned only if the request affords it.
        """
        first: list[_Model] = []
        for model in self.head:
            bit = 1 << model.index
            if mask & bit and len(first) < count:
                mask ^= bit
                if not unsure & bit or request is None or request.affords(model):
                    first.append(model)
        models = self.policy.home.models
        upper, lower = order.planes() if mask and len(first) < count else ([], [])
        while mask and len(first) < count:
            best = mask
            for plane in upper:
                if better := best & plane:
                    best = better
            if best & (best - 1):  # mostly the upper digits leave one model alone
                for plane in lower:
                    if better := best & plane:
                        best = better
            mask ^= best
            model = models[best.bit_length() - 1]
            if not unsure & best or request is None or request.affords(model):
                first.append(model)
        return first


class _Stored:
    """Where views hold nearest candidates. INVARIANT: it knows no view, so that a table is in no circle of objects."""

    __slots__ = ("places",)

    def __init__(self) -> None:
        self.places: list[tuple[list[_Near | None], int]] = []


class _Views:
    """The routes of a table as its policies see them, each made when it is first asked for."""

    def __init__(self, table: _Table) -> None:
        self.table = table
        self.views: dict[tuple[_Policy, str, str], _View] = {}
        self.near = _Stored()

    def view(self, policy: _Policy, kind: _RankedKind, name: str) -> _View:
        """Return a route of the table as a policy sees it, and remember it; a full store is cleared before."""
        view = self.views.get((policy, kind, name))
        if view is None:
            if len(self.views) >= _MAX_VIEWS:
                self.views = {}
            view = self.views[policy, kind, name] = _View(self, policy, kind, name)
        return view


# --- Log how a decision comes about: one filter after the other, over all candidates, without any short cut. ---


class _Log:
    """The log of one request."""

    def __init__(self, decider: _Decider, request: _Request) -> None:
        self.decider, self.request = decider, request
        self.delta, self.policy = decider.dial(request), decider.policy(request)

    def write(self, explanation: Explanation) -> None:
        """Add the log to an explanation: the keys that apply to the request's route."""
        decider, request = self.decider, self.request
        kind, name = decider.route(request)
        explanation["tenant"] = request.tenant
        explanation["policy"] = self.policy.name
        if kind is None or (kind != "ladder" and decider.file is None):
            return
        explanation["route"] = {"kind": "feature" if kind == "ladder" else kind, "name": name}
        if kind == "ladder":
            explanation["rungs"] = [
                {"source": source, "model": model.slug, "refused": refused, "filters": filters}
                for source, catalogue, model in decider.rungs(name)
                for refused, filters in [self._filter_one(catalogue, model)]
            ]
        elif kind == "direct" and decider.file is not None:
            catalogue = decider.file.catalogue
            explanation["filters"] = self._filter_one(catalogue, catalogue[name], listed=True, ability=False)[1]
        elif kind == "experiment" and decider.table is not None:
            self._write_experiment(explanation, decider.table.experiments[name])
        elif kind != "direct" and kind != "experiment" and decider.views is not None:
            self._write_ranked(explanation, decider.views.table, decider.views.view(self.policy, kind, name))

    def _filter(
        self, candidacy: _Candidacy, mask: int, first: Callable[[int], list[_Model]]
    ) -> tuple[DecisionStatus | None, int, list[FilterLog]]:
        """Return the status, None if a model passes, the mask that the filters leave, and the log of each that binds.

        `first` returns the first three models of a mask by rank.
        """
        filters: list[FilterLog] = []
        left = mask

        def log(filter_: _Filter, before: int, after: int) -> None:
            nonlocal left
            left = after
            filters.append(
                {
                    "group": filter_.group,
                    "filter": filter_.name,
                    "survivors": after.bit_count(),
                    "first": [model.slug for model in first(after)],
                    "dropped": sorted([model.slug for model in candidacy.catalogue.members(before & ~after)]),
                }
            )

        return _refusal(candidacy, mask, log), left, filters

    def _filter_one(
        self, catalogue: _Catalogue, model: _Model, *, listed: bool = False, ability: bool = True
    ) -> tuple[DecisionStatus | None, list[FilterLog]]:
        """Return the status, None if the model passes, and the log of each filter that binds."""
        candidacy = _Candidacy(catalogue, self.policy, self.request, listed, ability)
        refused, _, filters = self._filter(candidacy, 1 << model.index, catalogue.members)
        return refused, filters

    def _write_ranked(self, explanation: Explanation, table: _Table, view: _View) -> None:
        """Add the log of a feature, a target or a logical model; latency and shadows only if a model survives."""
        request, catalogue = self.request, table.catalogue
        dialled = request.min_quality is None and self.delta != 0
        floor, base = self.decider.floor(view, request, self.delta)

        def first(mask: int) -> list[_Model]:
            return view.first(mask, 3, view.pick)

        candidacy = _Candidacy(catalogue, self.policy, request, view.listed, floor=floor)
        refused, left, filters = self._filter(candidacy, view.candidates, first)
        relaxed = False
        if refused is not None and floor != base:
            again = self._filter(candidacy._replace(floor=base), view.candidates, first)
            if again[0] is None:
                relaxed, (refused, left, filters) = True, again
        explanation["orders"] = {"pick": view.pick.name, "chain": view.chain.name}
        explanation["floor"] = {
            "base_bp": base,
            "from": view.base_from if request.min_quality is None else "explicit",
            "dial_bp": self.delta if dialled else 0,
            "clamp_bp": [*table.clamp] if dialled else None,
            "result_bp": base if relaxed else floor,
            "relaxed": relaxed,
        }
        every = view.first(view.candidates, len(catalogue.models), view.pick)
        explanation["candidates"] = [model.slug for model in every]
        explanation["filters"] = filters
        if refused is not None:
            return
        pick = first(left)[0]
        if request.latency is not None:
            least = pick.quality - view.max_loss
            quick = left & catalogue.latency.at_most(request.latency) & catalogue.quality.at_most(-least)
            chosen = first(quick)[0] if quick else pick
            explanation["latency"] = {
                "budget_ms": request.latency,
                "unconstrained": pick.slug,
                "least_quality_bp": least,
                "survivors": quick.bit_count(),
                "pick": chosen.slug,
                "missed": not quick,
            }
            pick = chosen
        if pick.slug in view.shares:
            explanation["spread"], pick = self._spread(view, explanation["floor"]["result_bp"], pick)
        if view.kind == "feature":
            shadows = table.features[view.name].shadows
            explanation["shadows"] = [self._shadow(catalogue, shadow, pick) for shadow in shadows]

    def _spread(self, view: _View, floor: int, pick: _Model) -> tuple[SpreadLog, _Model]:
        """Return the log of how a load is dealt, and the model that serves in place of `pick`."""
        shares, unit = view.shares[pick.slug], self.request.unit
        unit = unit if self.request.request_id is None else self.request.request_id
        members = _sharing(view, self.request, floor, pick)
        log: SpreadLog = {
            "logical": shares.logical,
            "stated": pick.slug,
            "slot": None,
            "range": None,
            "owner": None,
            "members": [model.slug for model in shares.models if members >> model.index & 1],
            "pick": pick.slug,
        }
        if unit is not None:
            slot, owner = slot_of(shares.salt, unit), shares.owner(unit)
            log["slot"], log["owner"] = slot, shares.models[owner].slug
            log["range"] = [shares.starts[owner], [*shares.starts, _SLOTS][owner + 1] - 1]
            pick = _spread(view, self.request, floor, pick)
            log["pick"] = pick.slug
        return log, pick

    def _shadow(self, catalogue: _Catalogue, shadow: _Shadow, pick: _Model) -> ShadowLog:
        """Return the log of one shadow; `pick` is the model that serves, which is never mirrored to."""
        unit = self.request.unit if self.request.request_id is None else self.request.request_id
        slot = None if unit is None else slot_of(shadow.salt, unit)
        allowed = self._filter_one(catalogue, shadow.model)[0] is None
        return {
            "model": shadow.model.slug,
            "slot": slot,
            "sample_bp": shadow.sample,
            "allowed": allowed,
            "mirrored": slot is not None and slot < shadow.sample and allowed and shadow.model is not pick,
        }

    def _write_experiment(self, explanation: Explanation, experiment: _Experiment) -> None:
        """Add the log of an experiment; it has no filters if the experiment is paused and rejects."""
        slot = None if self.request.unit is None else slot_of(experiment.salt, self.request.unit)
        log: ExperimentLog = {
            "experiment": experiment.name,
            "status": experiment.status,
            "slot": slot,
            "range": None,
            "owner": None,
            "unavailable": None,
        }
        if slot is not None:
            following = bisect_right(experiment.starts, slot)
            log["range"] = [experiment.starts[following - 1], [*experiment.starts, _SLOTS][following] - 1]
            log["owner"] = experiment.variants[experiment.owners[following - 1]].id
        explanation["experiment"] = log
        if experiment.status == "paused" and experiment.on_pause == "reject":
            return
        assigned = experiment.variants[experiment.assign(slot)[0]]
        explanation["filters"] = self._filter_one(self.policy.home, assigned.model)[1]
        if "variant_unavailable" in explanation["decision"]["reasons"]:
            log["unavailable"] = assigned.id


# --- State the filters of docs/semantics.md, section 4, once and in their order, and walk them. ---
#
# `_ModelSet.able` and `_View.open` are short cuts through this list; tests hold that they leave the same models.


class _Candidacy(NamedTuple):
    """Under which conditions models are filtered: policy, request, and which filters bind the route."""

    catalogue: _Catalogue
    policy: _Policy
    request: _Request
    listed: bool = False  # models that are not listed are barred
    ability: bool = True  # the ability group binds
    floor: int | None = None  # in basis points; without a floor the demand group does not bind


class _Filter(NamedTuple):
    """One filter: its group, its name, the status of a request for which it leaves nothing, and what it does.

    `apply` returns what the filter leaves of a mask, or None where it does not bind: the caller, the policy or the
    route asks nothing of it.
    """

    group: Literal["permission", "ability", "demand"]
    name: str
    status: DecisionStatus
    apply: Callable[[_Candidacy, int], int | None]


def _pass_stacks(candidacy: _Candidacy, mask: int) -> int:
    """Return the models of a mask that are on a stack that the policy and the request allow; it always binds."""
    catalogue, stack = candidacy.catalogue, candidacy.request.stack
    mask &= candidacy.policy.masks(catalogue)[1]
    return mask if stack is None else mask & catalogue.stacks[stack]


def _pass_capabilities(candidacy: _Candidacy, mask: int) -> int | None:
    """Return the models of a mask that have every capability the request needs; None if it needs none."""
    words = candidacy.request.capabilities
    if not (candidacy.ability and words):
        return None
    for word in words:
        mask &= candidacy.catalogue.capabilities[word]
    return mask


def _pass_context(candidacy: _Candidacy, mask: int) -> int | None:
    """Return the models of a mask whose context window holds the tokens in and out; None if neither is given."""
    tokens, output = candidacy.request.input_tokens, candidacy.request.max_output
    if not candidacy.ability or (tokens is None and output is None):
        return None
    return mask & candidacy.catalogue.context.at_most(-(tokens or 0) - (output or 0))


def _pass_ceiling(candidacy: _Candidacy, mask: int) -> int | None:
    """Return the models of a mask that answer with as many tokens as the request allows; None if it sets no limit.

    It does not bind where no model has a ceiling.
    """
    output, catalogue = candidacy.request.max_output, candidacy.catalogue
    if not (candidacy.ability and catalogue.capped) or output is None:
        return None
    return mask & catalogue.ceiling.at_most(-output)


def _pass_reasoning(candidacy: _Candidacy, mask: int) -> int | None:
    """Return the models of a mask that the request allows enough output tokens; None if it sets no limit."""
    output = candidacy.request.max_output
    return mask & candidacy.catalogue.min_output.at_most(output) if candidacy.ability and output is not None else None


def _pass_available(candidacy: _Candidacy, mask: int) -> int | None:
    """Return the models of a mask that the request does not call unavailable; None if it names none."""
    names = candidacy.request.unavailable
    return mask & ~candidacy.catalogue.named(names) if candidacy.ability and names else None


def _pass_cost(candidacy: _Candidacy, mask: int) -> int | None:
    """Return the models of a mask whose estimated cost is within the request's limit; None without a limit or floor."""
    if candidacy.floor is None or candidacy.request.max_cost is None:
        return None
    return candidacy.catalogue.affordable(mask, candidacy.request)


_FILTERS: Final = (
    _Filter("permission", "unknown_tenant", "rejected_policy", lambda c, mask: 0 if c.policy.rejects else None),
    _Filter("permission", "active", "rejected_policy", lambda c, mask: mask & c.catalogue.active),
    _Filter("permission", "listed", "rejected_policy", lambda c, mask: mask & c.catalogue.listed if c.listed else None),
    _Filter("permission", "bans", "rejected_policy", lambda c, mask: mask & c.policy.masks(c.catalogue)[0]),
    _Filter("permission", "stacks", "rejected_policy", _pass_stacks),
    _Filter("permission", "compliance", "rejected_policy", lambda c, mask: mask & c.policy.masks(c.catalogue)[2]),
    _Filter("ability", "available", "rejected_unavailable", _pass_available),
    _Filter("ability", "capabilities", "rejected_unavailable", _pass_capabilities),
    _Filter("ability", "context", "rejected_unavailable", _pass_context),
    _Filter("ability", "output_ceiling", "rejected_unavailable", _pass_ceiling),
    _Filter("ability", "reasoning_floor", "rejected_unavailable", _pass_reasoning),
    _Filter(
        "demand",
        "quality",
        "rejected_floor",
        lambda c, mask: None if c.floor is None else mask & c.catalogue.quality.at_most(-c.floor),
    ),
    _Filter("demand", "cost", "rejected_cost", _pass_cost),
)
"""Every filter, in the order in which they are applied."""


def _refusal(
    candidacy: _Candidacy, mask: int, log: Callable[[_Filter, int, int], None] | None = None
) -> DecisionStatus | None:
    """Return the status of the first filter after which nothing of a mask is left; None if a model passes all.

    An empty mask is `rejected_policy`.

    With `log`, every filter that binds is applied and reported: the filter, the mask before it, the mask after it.
    """
    refused: DecisionStatus | None = None if mask else "rejected_policy"
    for filter_ in _FILTERS:
        left = filter_.apply(candidacy, mask)
        if left is None:
            continue
        if log is not None:
            log(filter_, mask, left)
        mask = left
        if not mask and refused is None:
            refused = filter_.status
        if refused is not None and log is None:
            break
    return refused


def _permitted(catalogue: _Catalogue, policy: _Policy, *, listed: bool) -> int:
    """Return the mask of the models that a policy permits before any request, by the filters of the permission group.

    With `listed`, models that are not listed are barred.
    """
    candidacy, mask = _Candidacy(catalogue, policy, _Request.of({}), listed), catalogue.all
    for filter_ in _FILTERS:
        left = filter_.apply(candidacy, mask) if filter_.group == "permission" else None
        mask = mask if left is None else left
    return mask


# --- Read the arguments of a call as exact built-in values, whatever the caller gave. ---
#
# INVARIANT: no method of a caller's own class ever runs: everything is asked of exact built-in types.


class _Request:
    """The arguments of a call; an argument that was not given, or is of the wrong kind, is None or empty.

    `flags` names those of the wrong kind; not `stream` and `tools`, nor a stack, which becomes one without models.
    `stranger` says that the tenant is of the wrong kind: it counts as a tenant that nobody declares.
    """

    __slots__ = (
        "capabilities",
        "feature",
        "flags",
        "input_tokens",
        "latency",
        "max_cost",
        "max_output",
        "min_quality",
        "model",
        "preference",
        "request_id",
        "stack",
        "stranger",
        "stream",
        "tenant",
        "unavailable",
        "unit",
    )
    feature: str | None
    model: str | None
    tenant: str | None
    stack: str | None
    latency: int | None
    input_tokens: int | None
    max_output: int | None

    def __init__(
        self,
        feature: Any,
        model: Any,
        tenant: Any,
        unit: object,
        request_id: object,
        preference: object,
        min_quality: Any,
        latency: Any,
        stack: Any,
        input_tokens: Any,
        max_output: Any,
        max_cost: Any,
        stream: object,
        tools: object,
        capabilities: object,
        unavailable: object,
    ) -> None:
        """Read the arguments, which stand in the order of ARGUMENTS."""
        self.flags: list[str] = []  # become the decision's reasons
        if feature is not None and not (type(feature) is str and feature.isascii()):
            feature = self._text("feature", feature)
        if model is not None and not (type(model) is str and model.isascii()):
            model = self._text("model", model)
        self.stranger = False
        if tenant is not None and not (type(tenant) is str and tenant.isascii()):
            tenant = self._id("tenant", tenant)
            self.stranger = tenant is None
        self.feature, self.model, self.tenant = feature, model, tenant
        # What guards a policy fails closed: a stack that is not text counts as a stack that nobody declares.
        self.stack = stack if stack is None or type(stack) is str else _exact_text(stack) or ""
        if latency is not None and not (type(latency) is int and 0 <= latency <= _MAX_WHOLE):
            latency = self._whole("latency_budget_ms", latency)
        if input_tokens is not None and not (type(input_tokens) is int and 0 <= input_tokens <= _MAX_WHOLE):
            input_tokens = self._whole("input_tokens", input_tokens)
        if max_output is not None and not (type(max_output) is int and 0 <= max_output <= _MAX_WHOLE):
            max_output = self._whole("max_output_tokens", max_output)
        self.latency, self.input_tokens, self.max_output = latency, input_tokens, max_output
        self.min_quality: int | None = None  # basis points
        self.max_cost: int | None = None  # pico-dollars
        if min_quality is not None:
            self.min_quality = _basis_points(min_quality)
            if self.min_quality is None:
                self.flags.append("ignored:min_quality")
        if max_cost is not None:
            self.max_cost = None if self.input_tokens is None else _pico_dollars(max_cost)
            if self.max_cost is None:  # not a number, or nothing to estimate a cost from
                self.flags.append("ignored:max_cost_usd")
        self.unavailable = () if unavailable is None else self._names("unavailable", unavailable)
        self.capabilities = () if capabilities is None else self._names("capabilities", capabilities)
        self.stream = stream is True
        if self.stream:
            self.capabilities += ("streaming",)
        if tools is True:
            self.capabilities += ("tools",)
        self.unit = None if unit is None else self._id("unit", unit)
        self.request_id = None if request_id is None else self._id("request_id", request_id)
        self.preference = None if preference is None else self._text("preference", preference)

    @classmethod
    def of(cls, arguments: Mapping[str, object]) -> _Request:
        """Read a request from a mapping; a key that is not an argument is reported as ignored."""
        named: dict[str, Any] = dict.fromkeys(ARGUMENTS)
        unknown = []
        for key, value in arguments.items():
            name = _exact_text(key) or ""  # a method of the key itself would run if it were hashed or compared
            if name in named:
                named[name] = value
            else:
                unknown.append(f"ignored:{name}")
        request = cls(*named.values())
        request.flags += unknown
        return request

    def affords(self, model: _Model) -> bool:
        """Return whether a model passes the cost filter; without a limit or `input_tokens` every model does."""
        limit, tokens = self.max_cost, self.input_tokens
        return limit is None or tokens is None or model.cost(tokens, self.max_output) <= limit

    def _text(self, name: str, value: object) -> str | None:
        """Return an argument that should be text; None, and a flag, if it is not."""
        text = _exact_text(value)
        if text is not None and (text.isascii() or _is_text(text)):
            return text
        self.flags.append(f"ignored:{name}")
        return None

    def _id(self, name: str, value: Any) -> str | None:
        """Return an argument that should be text or a whole number, as text; None, and a flag, if it is neither."""
        kind = type(value)
        if issubclass(kind, int) and kind is not bool:
            value = _digits(int.__pos__(value))
        return self._text(name, value)

    def _whole(self, name: str, value: object) -> int | None:
        """Return an argument that should be a whole number from 0 to 10⁹; None, and a flag, if it is not."""
        number = _whole_number(value)
        if number is not None and 0 <= number <= _MAX_WHOLE:
            return number
        self.flags.append(f"ignored:{name}")
        return None

    def _names(self, name: str, value: object) -> tuple[str, ...]:
        """Return an argument that should be a collection of texts; empty, and a flag, if it is not."""
        names = _exact_names(value)
        if names is None:
            self.flags.append(f"ignored:{name}")
        return names or ()


def _exact_text(value: Any) -> str | None:
    """Return text as an exact str, without the methods of a subclass; None for anything else."""
    if type(value) is str:
        return value
    return str.__str__(value) if issubclass(type(value), str) else None


_KEYS: Final[Any] = type({}.keys())


def _digits(value: Any) -> Any:
    """Return a whole number that is an id as the text of its digits; anything else as it is."""
    return str(value) if type(value) is int and -_MAX_ID <= value <= _MAX_ID else value


def _exact_names(value: Any) -> tuple[str, ...] | None:
    """Return the texts of a list, a tuple, a set or a dict's keys; None for anything else, or what is not all text."""
    kind = type(value)
    if issubclass(kind, (set, frozenset)):  # copied in one step, because another thread may be changing it
        members: Iterable[Any] = frozenset[Any]().union(value)
    elif issubclass(kind, list):
        members = list.__iter__(value)
    elif issubclass(kind, tuple):
        members = tuple.__iter__(value)
    elif issubclass(kind, _KEYS):  # copied in one step as well
        members = (*value,)
    else:
        return None
    names = [_exact_text(name) for name in members]
    texts = tuple([name for name in names if name is not None])
    return texts if len(texts) == len(names) else None


def _names_key(capabilities: Any, unavailable: Any) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return two collections of exact texts as a hashable key, None counting as an empty one.

    None is returned if either is anything but a list, a tuple, a set or a dict's keys, or holds anything but exact
    texts.
    """
    for value in (capabilities, unavailable):
        kind = type(value)  # compared with `is`, because even a type may have an __eq__ of its own
        if value is not None and kind is not list and kind is not tuple and kind is not set and kind is not _KEYS:
            return None
    # Each is copied in one step, as `*` does it: another thread may be changing it.
    first, second = (*(capabilities or ()),), (*(unavailable or ()),)
    for name in first + second:
        if type(name) is not str:
            return None
    return first, second


def _is_short(feature: Any, model: Any, stack: Any, names: Any) -> bool:
    """Return whether the texts of a call are short enough, all together, to be remembered."""
    length = sum([len(text) for text in (feature, model, stack) if text is not None])
    if names:
        length += sum([len(name) + 8 for group in names for name in group])
    return length <= _MAX_LENGTH


# --- Read the numbers of a request exactly, whatever type and size they have. ---


_MAX_WHOLE: Final = 10**9  # tokens, milliseconds
_MAX_COST: Final = 10**30  # pico-dollars
_PICO: Final = 10**12  # pico-dollars of a dollar


def _number(value: Any) -> int | Decimal | None:
    """Return a finite number as an exact int or Decimal; None for anything else.

    A float counts as its shortest round-trip decimal.
    """
    kind = type(value)
    if kind is Decimal:
        return value if value.is_finite() else None
    if kind is bool:
        return None
    if issubclass(kind, int):
        return int.__pos__(value)
    if issubclass(kind, float):
        plain = float.__pos__(value)
        return Decimal(repr(plain)) if plain - plain == 0 else None
    return _number(Decimal(value)) if issubclass(kind, Decimal) else None


def _whole_number(value: Any) -> int | None:
    """Return a whole number as an int; None for anything else, and for decimals from 10¹¹ on.

    A decimal such as 1e999999999 would have a billion digits.
    """
    number = _number(value)
    if isinstance(number, Decimal):
        if number and number.adjusted() > 10:
            return None
        return int(number) if int(number) == number else None
    return number


# INVARIANT: different doubles keep their order as decimals, and a decimal of up to 15 digits is the shortest of
# its double. So a double is compared exactly with such a decimal by comparing it with the decimal's double.


def _basis_points(value: Any) -> int | None:
    """Return a quality rounded up to a basis point, limited to -1..10,001; None if it is not a number."""
    if type(value) is float and 0 <= value <= 1:
        points = int(value * _ONE_BP)
        while points / _ONE_BP < value:
            points += 1
        return points
    number = _number(value)
    if number is None:
        return None
    points = _multiply(number, _ONE_BP, _UP, ceil)
    return points if -1 <= points <= _ONE_BP else -1 if points < 0 else _ONE_BP + 1


def _pico_dollars(value: Any) -> int | None:
    """Return an amount in dollars rounded down to a pico-dollar, limited to -1..10³⁰; None if it is not a number."""
    if type(value) is float and 0 <= value <= 999:
        pico = int(value * _PICO) + 1
        while pico / _PICO > value:
            pico -= 1
        return pico
    number = _number(value)
    if number is None:
        return None
    pico = _multiply(number, _PICO, _DOWN, floor)
    return pico if -1 <= pico <= _MAX_COST else -1 if pico < 0 else _MAX_COST


# Contexts of our own, because the caller's may trap, or round to few digits. What is too large for these becomes
# infinite, and what is too small the smallest number there is, before anything computes with a billion digits.
_UP: Final = Context(prec=60, Emin=-90, Emax=90, rounding=ROUND_CEILING, traps=[])
_DOWN: Final = Context(prec=60, Emin=-90, Emax=90, rounding=ROUND_FLOOR, traps=[])


def _multiply(number: int | Decimal, factor: int, context: Context, round_whole: Callable[[Any], int]) -> int:
    """Return a number times a factor, rounded as the context and `round_whole` say.

    The product of an enormous number lies beyond every limit, but is not exact.
    """
    if type(number) is int:
        return number * factor
    try:
        return round_whole(context.multiply(number, factor))
    except OverflowError:  # infinite
        return 10**30 if number > 0 else -(10**30)


# --- Read the routing table and the fallback file, and refuse a file that does not hold together. ---


# What a name stands for: kind and name of the route, None for the kind if nothing answers, and whether it is an alias.
_Named: TypeAlias = 'tuple[Literal["feature", "target", "logical", "experiment", "direct"] | None, str, bool]'


_FORMAT_WITHOUT_HOLES: Final = "2.0"  # in which `{model}` in a URL is nothing but these letters


def _check_hole(slug: str, model: dict[str, Any], provider: dict[str, Any] | None) -> None:
    """Raise _Refused where a URL has a place for the model's name, and the file does not say what stands there."""
    if provider is None or not (_HOLE in provider["url"] or _HOLE in (provider["stream_url"] or "")):
        return
    if provider["stream_url"] is None:
        raise _Refused(f"provider {model['provider']!r} has no `stream_url`, and its `url` holds {_HOLE}")
    if model["upstream_in_path"] is None:
        raise _Refused(f"model {slug!r} has no `upstream_in_path`, and the URLs of its provider hold {_HOLE}")


class _File:
    """What the routing table and the fallback file have in common."""

    tenants: dict[str, str]  # the name of each tenant's policy
    policies: dict[str, _Policy]
    default: _Policy  # for requests without a tenant
    undeclared: _Policy  # for tenants that nobody declares

    def __init__(self, body: dict[str, Any], fields: dict[str, _Kind]) -> None:
        _check(body, _FILE | fields, "the file")
        declared = body["stacks"].split() if "stacks" in fields else []
        _check(body["defaults"], _DEFAULTS, "`defaults`")
        self.format: str = body["format"]
        providers = body["providers"]
        for slug, provider in providers.items():
            _check(provider, _PROVIDER, f"provider {slug!r}")
        for slug, model in body["models"].items():
            _check(model, _MODEL, f"model {slug!r}")
        stacks = [*declared, *(provider["stack"] for provider in providers.values())]
        if self.format != _FORMAT_WITHOUT_HOLES:
            for slug, model in body["models"].items():
                _check_hole(slug, model, providers.get(model["provider"]))
        models = [_make_model(slug, model, providers.get(model["provider"])) for slug, model in body["models"].items()]
        self.catalogue = _Catalogue(models, stacks)
        self.providers: dict[str, dict[str, Any]] = providers
        self.routes: dict[str, str] = body["defaults"]["routes"]
        self.default_model: str = body["defaults"]["model"]
        self.preferences: dict[str, Any] | None = body["preferences"]

    def read_tenants(self, body: dict[str, Any], policies: dict[str, _Policy], kind: str) -> None:
        """Read which policy each tenant has, and which policy everybody else has.

        Raises _Refused for a policy that is not in `policies`; `kind` is the word for a policy in this file.
        """
        self.tenants = body["tenants"]
        self.policies = policies
        try:
            all_known = policies.keys() >= set(self.tenants.values())
        except TypeError:  # an object in place of a name
            all_known = False
        if not all_known:
            for tenant, name in self.tenants.items():
                if type(name) is not str or name not in policies:
                    raise _Refused(f"tenant {tenant!r} names the {kind} {name!r}, which is not in the file")
        _check_names([body["defaults"]["policy"]], policies, "`defaults`", kind)
        self.default = policies[body["defaults"]["policy"]]
        rejects = body["defaults"]["unknown_tenant"] == "reject"
        self.undeclared = self.default.rejecting() if rejects else self.default


class _Fallback(_File):
    """The fallback file: the rungs below the table, and what each tenant may use of them."""

    def __init__(self, body: dict[str, Any], digest: str) -> None:
        super().__init__(body, _FALLBACK)
        self.hash = digest
        if self.preferences is not None:
            _check(self.preferences, _PREFERENCE_NAMES, "`preferences`")
            self.preferences = self.preferences | {"dial_bp": dict.fromkeys(self.preferences["names"], 0)}
        policies = {}
        for name, permission in body["permissions"].items():
            _check(permission, _PERMISSION, f"permission {name!r}")
            policies[name] = _Policy(name, permission, self.catalogue)
        self.read_tenants(body, policies, "permission")


class _Table(_File):
    """The routing table, checked and ready to answer."""

    def __init__(self, body: dict[str, Any], digest: str) -> None:
        super().__init__(body, _TABLE)
        self.hash, catalogue = digest, self.catalogue
        _check_names([self.default_model], catalogue.places, "`defaults`", "model")
        _check_names(self.routes.values(), catalogue.places, "`defaults`: a route", "model")
        _check(body["resilience"], _RESILIENCE, "`resilience`")
        self.resilience: dict[str, int] = body["resilience"]
        self.max_attempts: int = self.resilience["max_attempts"]
        self.budgets: dict[str, dict[str, int | None]] = body["budgets"]
        for tenant, budget in self.budgets.items():
            _check(budget, _BUDGET, f"the budget of tenant {tenant!r}")
        self.good: tuple[int, str] = (0, "none")  # the floor where none is declared, and its name
        self.clamp = (0, _ONE_BP)
        if self.preferences is not None:
            self._read_preferences(self.preferences)
        slugs = frozenset(catalogue.places)
        orders = {name: _Order(name, text, catalogue, slugs) for name, text in body["orders"].items()}
        self.read_tenants(body, self._policies(body, orders), "policy")
        self.targets: dict[str, tuple[int, int | None]] = {
            name: self._target(name, target) for name, target in body["targets"].items()
        }
        aliases: dict[str, str] = body["aliases"]
        _check_names(aliases.values(), self.targets, "an alias", "target")
        _check_names(body["feature_aliases"].values(), body["features"], "an alias", "feature")
        _check_names(body["model_aliases"].values(), catalogue.places, "an alias", "model")
        # Without a primary that has a known provider, a feature counts as having no rows.
        features = {
            name: _Feature(name, entry, catalogue, self.targets, body["shadow_salts"])
            for name, entry in body["features"].items()
        }
        self.features: dict[str, _Feature] = {}
        self.features.update((name, entry) for name, entry in features.items() if entry.primary and entry.primary.known)
        self.experiments: dict[str, _Experiment] = {
            name: _Experiment(name, entry, catalogue) for name, entry in body["experiments"].items()
        }
        # How the load of each model that states a share is dealt, by its slug.
        self.shares: dict[str, _Shares] = {}
        for name, slots in body["shares"].items():
            shares = _Shares(name, slots, catalogue)
            self.shares |= dict.fromkeys([model.slug for model in shares.models], shares)
        # What `model` may name: kind and name of the route, and whether by an alias. The kinds share one namespace.
        self.callable: dict[str, _Named] = {}
        for names in (
            {name: ("logical", name, False) for name in catalogue.logical},
            {name: ("direct", name, False) for name in catalogue.places},
            {name: ("experiment", name, False) for name in self.experiments},
            {name: ("target", name, False) for name in self.targets},
            {alias: ("target", name, True) for alias, name in aliases.items()},
            {alias: ("feature", name, True) for alias, name in body["feature_aliases"].items()},
            {alias: ("direct", name, True) for alias, name in body["model_aliases"].items()},
            {name: (None, name, False) for name in body["unanswered"]},
        ):
            if twice := self.callable.keys() & names.keys():
                raise _Refused(f"{min(twice)!r} names two things that `model` may name")
            self.callable |= names
        self._read_patterns(body["patterns"])

    def _read_patterns(self, patterns: dict[str, str]) -> None:
        """Read what names begin with that nobody declares; raise _Refused if it is no pattern, or names no target."""
        _check_names(patterns.values(), self.targets, "a pattern", "target")
        for text in patterns:
            if not text or text.find("*") != len(text) - 1:
                raise _Refused(f"the pattern {text!r} does not end in its only `*`")
        self._beginnings = {text[:-1]: text for text in patterns}
        self._lengths = sorted({*map(len, self._beginnings)}, reverse=True)
        self._patterns: dict[str, _Named] = {text: ("target", name, True) for text, name in patterns.items()}

    def pattern(self, name: str) -> str | None:
        """Return the longest pattern that a name begins with, None for a declared name and if there is no pattern.

        There is a look-up for each length that patterns have, whatever their number and the length of the name.
        """
        if name in self.callable:
            return None
        for length in self._lengths:
            if (text := self._beginnings.get(name[:length])) is not None:
                return text
        return None

    def named(self, name: str) -> _Named:
        """Return what a name that `model` has stands for; the kind None if it stands for nothing that answers."""
        named = self.callable.get(name)
        if named is None:
            text = self.pattern(name)
            named = (None, name, False) if text is None else self._patterns[text]
        return named

    def _read_preferences(self, preferences: dict[str, Any]) -> None:
        """Read the clamp of the dial and the floor where none is declared; raise _Refused if they are malformed."""
        _check(preferences, _PREFERENCES, "`preferences`")
        _check(preferences["dial_bp"], _DIAL, "`dial_bp`")
        clamp = preferences["clamp_bp"]
        if len(clamp) != 2 or not all(_BP.test(bound) for bound in clamp) or clamp[0] > clamp[1]:
            raise _Refused("`preferences`: `clamp_bp` is not two numbers from 0 to 10000 in order")
        self.good, self.clamp = (preferences["good_bp"], "good"), (clamp[0], clamp[1])

    def _policies(self, body: dict[str, Any], orders: dict[str, _Order]) -> dict[str, _Policy]:
        """Return the policies of the table by name; raise _Refused for one that names what the file does not have."""
        models = {*self.catalogue.places, *self.catalogue.logical}
        providers = self.catalogue.vocabulary.providers.union(body["providers"])
        policies = {}
        for name, policy in body["policies"].items():
            what = f"policy {name!r}"
            _check(policy, _POLICY, what)
            _check_names([policy["plain"], policy["penalised"]], orders, what, "order")
            # A ban that names nothing would silently permit what it was meant for.
            _check_names(policy["banned_models"], models, what, "banned model")
            _check_names(policy["banned_providers"], providers, what, "banned provider")
            policies[name] = _Policy(name, policy, self.catalogue, orders)
        return policies

    def _target(self, name: str, body: Any) -> tuple[int, int | None]:
        """Return the mask of a target's candidates, before any filter, and its floor in basis points or None.

        Raises _Refused for candidates of an unknown form, or that are not in the file.
        """
        what, catalogue = f"target {name!r}", self.catalogue
        _check(body, _TARGET, what)
        match body["candidates"]:
            case "all":
                mask = catalogue.all
            case {"models": slugs, **more} if _SLUGS.test(slugs) and not more:
                _check_names(slugs, catalogue.places, what, "model")
                mask = catalogue.slugs(slugs)
            case {"stacks": words, **more} if _SLUGS.test(words) and not more:
                mask = catalogue.mask(lambda model: model.stack in words)
            case {"logical": slug, **more} if _TEXT.test(slug) and not more:
                _check_names([slug], catalogue.logical, what, "logical model")
                mask = catalogue.logical[slug]
            case _:
                raise _Refused(f'{what}: `candidates` is none of "all", models, stacks and logical')
        return mask, body["min_quality_bp"]


# --- Hold an effective policy: what it permits, and how it ranks. ---


class _Policy:
    """An effective policy over a catalogue; in the fallback file only its permission part, without orders."""

    def __init__(
        self,
        name: str | None,
        body: dict[str, Any],
        home: _Catalogue,
        orders: dict[str, _Order] | None = None,
        *,
        rejects: bool = False,
    ) -> None:
        self.name, self.home, self._body, self._orders = name, home, body, orders
        self.rejects: bool = rejects  # nothing passes: the tenant is undeclared and `unknown_tenant` says reject
        if orders is not None:
            self.plain, self.penalised = orders[body["plain"]], orders[body["penalised"]]
            self.fallback: bool = body["fallback"]
            self.floor: int | None = body["min_quality_bp"]
            self.max_loss: int = body["max_quality_loss_bp"]
        self._masks: tuple[int, int, int] | None = None

    def rejecting(self) -> _Policy:
        """Return the same policy with a permission filter that nothing passes."""
        return _Policy(self.name, self._body, self.home, self._orders, rejects=True)

    def masks(self, catalogue: _Catalogue) -> tuple[int, int, int]:
        """Return three masks: the models that pass the policy's bans, its stacks and its compliance threshold.

        Those of the policy's own catalogue are remembered.
        """
        if self._masks is not None and catalogue is self.home:
            return self._masks
        models, providers = frozenset(self._body["banned_models"]), frozenset(self._body["banned_providers"])
        stacks, threshold = self._body["stacks"], self._body["compliance_bp"]
        masks = (
            catalogue.mask(lambda m: not (m.provider in providers or m.slug in models or m.logical in models)),
            catalogue.all if stacks is None else catalogue.mask(lambda m: m.stack in stacks),
            catalogue.mask(lambda m: m.compliance >= threshold),
        )
        if catalogue is self.home:
            self._masks = masks
        return masks


_NO_POLICY: Final = {"banned_models": [], "banned_providers": [], "compliance_bp": 0, "stacks": None}


# --- Rank every model of a catalogue, in a form in which the best of a mask is found without looking at each. ---


class _Order:
    """A rank for every model of a catalogue, the best first."""

    __slots__ = ("_catalogue", "_planes", "_text", "name")

    def __init__(self, name: str, text: str, catalogue: _Catalogue, slugs: frozenset[str]) -> None:
        self.name, self._text, self._catalogue = name, text, catalogue
        self._planes: tuple[list[int], list[int]] | None = None
        named = text.split(" ")
        # As many names as models, and no model missing: each model is named exactly once.
        if len(named) != len(slugs) or slugs.difference(named):
            raise _Refused(f"order {name!r} does not name every model exactly once")

    def planes(self) -> tuple[list[int], list[int]]:
        """Return, for each binary digit of the rank, the mask of the models that have a 0 there.

        The highest digit comes first, and the list is cut into two halves. So the best model of a mask is found
        digit by digit: whenever some of the models have a 0, the others are out.
        """
        text, planes = self._text, self._planes  # in this order: the text is dropped once the planes are there
        if planes is None:
            places = self._catalogue.places
            ranks = [0] * len(places)  # the last model first, as a number in base 2 is written
            for rank, slug in enumerate(text.split(" ")):
                ranks[-1 - places[slug]] = rank
            digits: list[int] = []
            for shift in range(0, (len(ranks) - 1).bit_length(), 8):
                column = bytes([rank >> shift & 255 for rank in ranks])
                digits += [int(column.translate(zeros), 2) for zeros in _ZEROS]
            digits = digits[: (len(ranks) - 1).bit_length()][::-1]
            half = (len(digits) + 1) // 2
            self._planes = planes = digits[:half], digits[half:]
            self._text = ""
        return planes


# For each binary digit of a byte, the lowest first: a table from bytes with a 0 there to `1`, from the others to `0`.
_ZEROS: Final = [bytes([49 - (byte >> digit & 1) for byte in range(256)]) for digit in range(8)]


# --- Read the registry rows of a feature: its primary, its fallbacks, its shadows. ---


class _Shadow(NamedTuple):
    """A shadow row that has a sample."""

    model: _Model
    sample: int  # basis points
    salt: str
    max_daily_cents: int | None

    def limit(self) -> bytes:
        """Return the text that sorts after the SHA-256 of every unit that is mirrored, and before all others.

        A slot is below the sample if the digest's first eight bytes are, as a share of 2 to the power of 64.
        """
        share = -(-(self.sample << 64) // _SLOTS)
        return share.to_bytes(8, "big") if self.sample < _SLOTS else b"\xff" * 33


class _Feature:
    """A feature as the registry declares it."""

    __slots__ = ("floor", "head", "primary", "retired", "shadows", "then")

    def __init__(
        self, name: str, body: Any, catalogue: _Catalogue, targets: Container[str], salts: dict[str, str]
    ) -> None:
        what = f"feature {name!r}"
        _check(body, _FEATURE, what)
        self.floor: int | None = body["min_quality_bp"]
        self.then: str | None = body["then"]  # the target whose candidates follow the fallbacks
        if self.then is not None:
            _check_names([self.then], targets, what, "target")
        self.primary: _Model | None = None
        self.shadows: list[_Shadow] = []
        statuses: dict[str, str] = {}
        for row in body["rows"]:
            _check(row, _ROW, f"{what}: a row")
            slug, status = row["model"], row["status"]
            _check_names([slug], catalogue.places, what, "model")
            if "sample_bp" in row:
                _check(row, _SAMPLE, f"{what}: the row of {slug!r}")
            if status == "shadow" and "sample_bp" in row and slug not in statuses:
                salt = f"shadow:{name}:{slug}"  # or of the names before, for one release
                sample, cap = row["sample_bp"], row["max_daily_cents"]
                self.shadows.append(_Shadow(catalogue[slug], sample, salts.get(salt, salt), cap))
            if status == "primary" and self.primary is None:  # of two primaries the first serves
                self.primary = catalogue[slug]
            statuses.setdefault(slug, status)
        self.retired: int = catalogue.slugs(slug for slug, status in statuses.items() if status == "retired")
        _check_names(body["fallback"], catalogue.places, what, "model")
        first = [] if self.primary is None else [self.primary]
        # The models that come first in the feature's chain, whatever their rank.
        self.head: list[_Model] = list(dict.fromkeys(first + [catalogue[slug] for slug in body["fallback"]]))


# --- Read which models share the load of a logical model, and find the owner of a slot. ---


class _Shares:
    """The models that share the load of a logical model, in the order of their slots."""

    __slots__ = ("logical", "mask", "models", "salt", "starts")

    def __init__(self, logical: str, slots: Any, catalogue: _Catalogue) -> None:
        self.logical = logical
        what = f"shares of {logical!r}"
        if type(slots) is not list or not slots:
            raise _Refused(f"{what} are not a list of [first slot, model]")
        for pair in slots:
            if not (type(pair) is list and len(pair) == 2 and _COUNT.test(pair[0]) and _TEXT.test(pair[1])):
                raise _Refused(f"{what} hold something else than [first slot, model]")
        self.salt = f"share:{logical}"
        self.starts: list[int] = [pair[0] for pair in slots]  # of ranges, each up to the start of the next
        if self.starts[0] != 0 or self.starts != sorted({*self.starts}) or self.starts[-1] >= _SLOTS:
            raise _Refused(f"{what} do not rise from slot 0 to at most 9999")
        hosts = catalogue.logical.get(logical, 0)
        self.models: list[_Model] = []
        self.mask = 0
        for _, slug in slots:
            place = catalogue.places.get(slug)
            if place is None or not hosts & ~self.mask & 1 << place:
                raise _Refused(f"{what} name {slug!r} twice, or it is no model of {logical!r} in the file")
            self.mask |= 1 << place
            self.models.append(catalogue[slug])

    def owner(self, unit: str) -> int:
        """Return the number of the model that owns the slot of a unit."""
        return bisect_right(self.starts, slot_of(self.salt, unit)) - 1

    def from_owner(self, owner: int) -> Iterator[_Model]:
        """Yield all models, the owner first and then the next ones in order, wrapping around."""
        yield from self.models[owner:]
        yield from self.models[:owner]


# --- Read an experiment, and assign units to its variants. ---


class _Variant(NamedTuple):
    """The version of a variant that serves."""

    model: _Model
    id: str
    version: int
    api_key_env: str | None  # in place of the provider's


class _Experiment:
    """The experiment that answers for a public model id."""

    __slots__ = (
        "name",
        "on_pause",
        "on_unavailable",
        "owners",
        "public_id",
        "salt",
        "starts",
        "status",
        "variants",
        "winner",
    )

    def __init__(self, public_id: str, body: Any, catalogue: _Catalogue) -> None:
        what = f"experiment of {public_id!r}"
        _check(body, _EXPERIMENT, what)
        self.public_id = public_id
        self.name: str = body["experiment"]
        self.salt: str = body["salt"]
        self.status: str = body["status"]
        self.on_pause: str = body["on_pause"]
        self.on_unavailable: str = body["on_unavailable"]
        self.variants: list[_Variant] = []
        for row in body["variants"]:
            _check(row, _VARIANT, f"{what}: a variant")
            _check_names([row["model"]], catalogue.places, what, "model")
            model, key = catalogue[row["model"]], row["api_key_env"]
            self.variants.append(_Variant(model, row["id"], row["version"], key))
        if not self.variants:
            raise _Refused(f"{what} has no variant")
        index = _whole(0, len(self.variants) - 1)
        self.winner: int | None = body["winner"]
        if not _or_null(index).test(self.winner):
            raise _Refused(f"{what}: `winner` is not the number of a variant or null")
        if self.status == "completed" and self.winner is None:
            raise _Refused(f"{what} is completed without a winner")
        for pair in body["slots"]:
            if not (type(pair) is list and len(pair) == 2 and _COUNT.test(pair[0]) and index.test(pair[1])):
                raise _Refused(f"{what}: `slots` holds something else than [first slot, variant]")
        self.starts: list[int] = [pair[0] for pair in body["slots"]]  # of ranges, each up to the start of the next
        self.owners: list[int] = [pair[1] for pair in body["slots"]]  # the variant that each range belongs to
        if self.starts[:1] != [0] or self.starts != sorted({*self.starts}) or self.starts[-1] >= _SLOTS:
            raise _Refused(f"{what}: `slots` does not rise from 0 to at most 9999")

    def assign(self, slot: int | None) -> tuple[int, str | None]:
        """Return the number of the variant that serves a slot, and the flag to report, None if there is none.

        A completed experiment gives its winner, a paused one the first variant. Without a slot, because the request
        has no unit, the first variant serves too.
        """
        if self.status == "completed":
            return self.winner or 0, None
        if self.status == "paused":
            return 0, "paused_control"
        return (0, "no_unit") if slot is None else (self.owners[bisect_right(self.starts, slot) - 1], None)


def slot_of(salt: str, unit: str) -> int:
    """Return the slot (0..9999) of a unit under a salt: docs/semantics.md, section 5.

    Raises UnicodeEncodeError for text that has no UTF-8 form, because it holds lone surrogates.
    """
    return _first_eight(_sha256(f"{salt}:{unit}".encode()).digest())[0] * _SLOTS >> 64  # type: ignore[no-any-return]


def _find_sha256() -> Callable[[bytes], Any]:
    """Return the SHA-256 of Python's own C code, which is the quickest for short texts; else the one of hashlib."""
    for name in ("_sha2", "_sha256"):  # from Python 3.12 on, and before
        try:
            return import_module(name).sha256  # type: ignore[no-any-return]
        except (ImportError, AttributeError):  # a Python that was built without it
            continue
    return sha256


_sha256: Final = _find_sha256()
_first_eight: Final = Struct(">Q24x").unpack  # reads the first eight bytes of a SHA-256 as a number


# --- Read the last resort: the lowest rung of the ladder, which is given in code. ---


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


# --- Hold models in an order, and answer with a mask which of them pass a filter. ---


class _ModelSet:
    """Models in an order, bit i of a mask standing for the i-th; with an index for each figure that a filter reads."""

    __slots__ = (
        "all",
        "blended",
        "capabilities",
        "capped",
        "ceiling",
        "context",
        "input",
        "latency",
        "min_output",
        "models",
        "output",
        "output_steps",
        "places",
        "providers",
        "quality",
        "stacks",
    )

    def __init__(self, models: Sequence[_Model], vocabulary: _Vocabulary) -> None:
        self.models = models
        self.places = {model.slug: place for place, model in enumerate(models)}
        self.all = (1 << len(models)) - 1
        # INVARIANT: what makes these masks holds the models, and not the set: in a circle, a table that was replaced
        # would stay in memory until the garbage collector finds it, and would hold up every thread meanwhile.
        self.stacks = _WordMasks(vocabulary.stacks, lambda w: _on_stack(models, w))
        self.capabilities = _WordMasks(vocabulary.capabilities, lambda w: _mask(models, lambda m: w in m.capabilities))
        self.providers = _WordMasks(vocabulary.providers, lambda w: _mask(models, lambda m: m.provider == w))

        # A scale answers "at most". Where a filter asks "at least", the numbers are negated.
        self.quality: _Scale = _Scale([-model.quality for model in models])
        self.context = _Scale([-model.context for model in models])
        self.latency = _Scale([model.latency for model in models])
        self.min_output = _Scale([model.min_output for model in models])
        self.capped: int = self.mask(lambda model: model.ceiling is not None)
        self.ceiling = _Scale([-_MAX_WHOLE if model.ceiling is None else -model.ceiling for model in models])
        # Where a rising `max_output_tokens` lets another model in, or shuts one out.
        ceilings = {model.ceiling + 1 for model in models if model.ceiling is not None}
        self.output_steps = sorted(ceilings.union(self.min_output.values))
        self.blended = _Scale([model.blended for model in models])
        self.input = _Scale([model.input for model in models])
        self.output = _Scale([model.output for model in models])

    def mask(self, test: Callable[[_Model], bool]) -> int:
        """Return the mask of the models that pass a test; every model is tested."""
        return _mask(self.models, test)

    def members(self, mask: int) -> list[_Model]:
        """Return the models of a mask, in order."""
        models = []
        while mask:
            place = mask.bit_length() - 1
            mask ^= 1 << place
            models.append(self.models[place])
        return models[::-1]

    def named(self, names: Iterable[str]) -> int:
        """Return the mask of the models that are named by their slug or their provider's; other names mean nothing."""
        mask = 0
        for name in names:
            mask |= self.providers[name]
            if name in self.places:
                mask |= 1 << self.places[name]
        return mask

    def able(self, mask: int, request: _Request) -> int:
        """Return what the request's stack and the filters of the ability group leave of a mask.

        INVARIANT: the same as those filters of `_FILTERS`, written out because every hinted call comes through here.
        """
        tokens, output = request.input_tokens, request.max_output
        if request.stack is not None:
            mask &= self.stacks[request.stack]
        if request.unavailable:
            mask &= ~self.named(request.unavailable)
        for word in request.capabilities:
            mask &= self.capabilities[word]
        if tokens is not None or output is not None:
            mask &= self.context.at_most(-(tokens or 0) - (output or 0))
        if output is not None:
            if self.capped:
                mask &= self.ceiling.at_most(-output)
            mask &= self.min_output.at_most(output)
        return mask

    def token_places(self, tokens: int | None, output: int | None) -> tuple[int | None, ...]:
        """Return the place of token counts among each figure that `able` compares them with; None if it is not asked.

        INVARIANT: whatever else two requests ask, `able` tells them apart by their token counts only if these differ.
        """
        return (
            None
            if tokens is None and output is None
            else bisect_right(self.context.values, -(tokens or 0) - (output or 0)),
            None if output is None else bisect_right(self.output_steps, output),
        )

    def survivors(self, mask: int, request: _Request) -> tuple[int, int]:
        """Return what `able` and the cost filter leave of a mask, and the part of it whose cost is not known yet.

        A model of that part may still be too expensive: `request.affords` says so.
        """
        mask = self.able(mask, request)
        if request.max_cost is None or not mask:
            return mask, 0
        sure, unsure = self.costs(mask, request)
        return sure | unsure, unsure

    def costs(self, mask: int, request: _Request) -> tuple[int, int]:
        """Return the models of a mask that surely cost at most `max_cost_usd`, and those that only may.

        Without a limit, or without `input_tokens`, all of them surely do.
        """
        limit, tokens, output = request.max_cost, request.input_tokens, request.max_output
        if limit is None or tokens is None or (tokens == 0 and limit >= 0):
            return mask, 0
        if limit < 0:
            return 0, 0
        # The estimate is rounded up and the limit is whole, so a comparison before rounding gives the same.
        sure = mask & self.blended.at_most(limit * _ONE_BP // tokens)
        unsure = mask ^ sure
        if output is None:
            unsure &= self.capped
        if not unsure:
            return sure, 0
        # With `max_output_tokens`, of the request or of the model, no single figure decides, but neither price alone
        # may take more than the limit.
        if unsure.bit_count() > 8:  # for fewer models, estimating each cost is as quick
            unsure &= self.input.at_most(limit // tokens)
            if output:
                unsure &= self.output.at_most(limit // output) | self.capped
        return sure, unsure

    def affordable(self, mask: int, request: _Request) -> int:
        """Return the models of a mask that pass the cost filter, as a mask; without a limit all of them."""
        sure, unsure = self.costs(mask, request)
        for model in self.members(unsure):
            if request.affords(model):
                sure |= 1 << self.places[model.slug]
        return sure


def _mask(models: Sequence[_Model], test: Callable[[_Model], bool]) -> int:
    """Return the mask of the models that pass a test; every model is tested."""
    digits = ["1" if test(model) else "0" for model in reversed(models)]
    return int("".join(digits) or "0", 2)


def _on_stack(models: Sequence[_Model], word: str) -> int:
    """Return the mask of the models on a stack or, for a word with `avoid-`, of those surely not on it."""
    avoided = word.removeprefix("avoid-")
    if avoided == word:
        return _mask(models, lambda model: model.stack == word)
    return _mask(models, lambda model: model.stack not in (avoided, None))  # an unknown stack may be the avoided one


class _Catalogue(_ModelSet):
    """All models of a file, the best quality first."""

    __slots__ = ("active", "listed", "logical", "sizes", "vocabulary")

    def __init__(self, models: list[_Model], stacks: Iterable[str]) -> None:
        # With the best first, a high floor leaves short numbers, and everything after it is quick.
        models.sort(key=lambda model: (-model.quality, model.slug))
        plain = frozenset(stacks)
        self.vocabulary = _Vocabulary(
            plain.union(f"avoid-{word}" for word in plain),
            frozenset[str]().union(*[model.capabilities for model in models]),
            frozenset([model.provider for model in models]),
        )
        super().__init__(models, self.vocabulary)
        hosts: dict[str, list[str]] = {}
        for index, model in enumerate(models):
            model.index = index
            if model.logical is not None:
                hosts.setdefault(model.logical, []).append(model.slug)
        self.logical = {name: self.slugs(slugs) for name, slugs in hosts.items()}
        self.sizes: dict[int, int] = {}  # by floor; there are 10,003 floors
        self.active: int = self.mask(lambda model: model.active)
        self.listed: int = self.mask(lambda model: model.listed)

    def slugs(self, slugs: Iterable[str]) -> int:
        """Return the mask of the models with these slugs, all of which are in the catalogue."""
        mask = 0
        for slug in slugs:
            mask |= 1 << self.places[slug]
        return mask

    def __getitem__(self, slug: str) -> _Model:
        return self.models[self.places[slug]]

    def size(self, floor: int) -> int:
        """Return the number of binary digits of the count of models that reach a floor, and store it in `sizes`.

        It is at least the number of binary digits of `_NEAREST`. The floor is in basis points.
        """
        size = self.sizes[floor] = max(self.quality.at_most(-floor).bit_length().bit_length(), _NEAREST.bit_length())
        return size


# --- Hold the candidates of a route that are looked at first, because most requests are answered by one of them. ---


class _Near(_ModelSet):
    """Up to 30 best candidates by pick order, then up to 30 by chain order; bit i stands for the i-th of them."""

    __slots__ = ("chained", "incomplete", "pickable")

    def __init__(self, picks: list[_Model], chain: list[_Model], vocabulary: _Vocabulary, *, incomplete: bool) -> None:
        super().__init__(list(dict.fromkeys(picks + chain)), vocabulary)
        self.pickable = (1 << len(picks)) - 1
        self.chained = [(1 << self.places[model.slug], model) for model in chain]
        self.incomplete = incomplete  # the route has more candidates

    def first(self, mask: int, unsure: int, request: _Request) -> _Model | None:
        """Return the first model of a mask by pick order, None if there is none.

        A model of `unsure` is returned only if the request affords it; models of the chain alone are not looked at.
        """
        mask &= self.pickable
        while mask:
            lowest = mask & -mask
            model = self.models[lowest.bit_length() - 1]
            if not lowest & unsure or request.affords(model):
                return model
            mask ^= lowest
        return None


# --- Answer a question about many models with one mask: a whole number in which bit i stands for the i-th model. ---


class _Scale:
    """One number of each of some models, for finding the models whose number is at most a given one."""

    __slots__ = ("_groups", "_step", "complete", "masks", "values")

    def __init__(self, numbers: list[int]) -> None:
        places = sorted(range(len(numbers)), key=numbers.__getitem__)
        self.values: list[int] = []  # the different numbers, rising
        self._groups: list[int] = []  # for each of them the mask of the models that have it
        for place in places:
            if not self.values or self.values[-1] != numbers[place]:
                self.values.append(numbers[place])
                self._groups.append(0)
            self._groups[-1] |= 1 << place
        # One mask for every `step` numbers: so the memory of a scale grows with the models, not with their square.
        self._step = len(self.values) // _MAX_MASKS + 1
        self.masks, mask = [0], 0
        for count, group in enumerate(self._groups, start=1):
            mask |= group
            if count % self._step == 0:
                self.masks.append(mask)
        self.complete = self._step == 1

    def at_most(self, value: int) -> int:
        """Return the mask of the models whose number is at most `value`."""
        count = bisect_right(self.values, value)
        if self.complete:
            return self.masks[count]
        rest = count % self._step
        mask = self.masks[count // self._step]
        for group in self._groups[count - rest : count]:
            mask |= group
        return mask


class _WordMasks(dict[str, int]):
    """The mask of each declared word, made when it is first asked for; a word that nobody declared has no models.

    Words that callers make up are not stored, so the dictionary stays small.
    """

    def __init__(self, declared: frozenset[str], make: Callable[[str], int]) -> None:
        super().__init__()
        self._declared, self._make = declared, make

    def __missing__(self, word: str) -> int:
        if word not in self._declared:
            return 0
        mask = self[word] = self._make(word)
        return mask


class _Vocabulary(NamedTuple):
    """What callers may name besides models: stacks (plain and with `avoid-`), capabilities, providers."""

    stacks: frozenset[str]
    capabilities: frozenset[str]
    providers: frozenset[str]


# --- Hold what the table says about one model, and estimate what a request costs on it. ---


class _Model:
    """A model with its endpoint; amounts are in the units of docs/table.md."""

    __slots__ = (
        "active",
        "address",
        "blended",
        "body",
        "capabilities",
        "ceiling",
        "compliance",
        "context",
        "endpoint",
        "in_path",
        "index",
        "input",
        "known",
        "latency",
        "listed",
        "logical",
        "min_output",
        "output",
        "priced",
        "provider",
        "quality",
        "ratio",
        "slug",
        "stack",
        "streamed",
    )

    def __init__(self, slug: str, body: dict[str, Any], provider: dict[str, Any] | None) -> None:
        self.slug = slug
        self.index = 0  # the model's place in its catalogue, which sets it
        self.provider: str = body["provider"]
        # A provider that nobody declares has no address: its models never serve (docs/semantics.md, section 6).
        self.known = provider is not None
        self.body = body
        address: dict[str, Any] = _NO_ADDRESS if provider is None else provider
        self.active: bool = body["active"] and self.known
        self.listed: bool = body["listed"]
        self.stack: str | None = address["stack"]
        self.logical: str | None = body["logical"]
        self.capabilities: list[str] = body["capabilities"]
        self.compliance: int = body["compliance_bp"]
        self.context: int = body["context_window"]
        self.min_output: int = body["min_output_tokens"]
        self.ceiling: int | None = body["max_output_tokens"]
        self.quality: int = body["quality_bp"]
        self.latency: int = body["latency_ms"]
        self.input: int = body["input_pusd"]
        self.output: int = body["output_pusd"]
        self.ratio: int = body["output_ratio_bp"]
        # The price of 10,000 input tokens and of the output tokens they bring.
        self.blended: int = self.input * _ONE_BP + self.ratio * self.output
        self.priced = True
        self.address = address
        url: str = address["url"]
        # As in a decision, from `model` to `api_key_env`: for a call that does not stream, and for one that does.
        self.endpoint: tuple[str, str, str, str, str, str | None] = (
            slug,
            self.provider,
            body["upstream"],
            url,
            address["adapter"],
            body["api_key_env"] or address["api_key_env"],
        )
        self.streamed = self.endpoint
        self.in_path: str = body["upstream_in_path"] or body["upstream"]
        if (stream_url := address["stream_url"]) is not None:  # also where the model stands in the path
            name = self.in_path
            before, after = self.endpoint[:3], self.endpoint[4:]
            self.endpoint = (*before, url.replace(_HOLE, name), *after)
            self.streamed = (*before, stream_url.replace(_HOLE, name), *after)

    def cost(self, tokens: int, max_output: int | None) -> int:
        """Return the estimated cost of a request in pico-dollars, rounded up once.

        `tokens` is the number of input tokens, `max_output` the most output tokens that the caller allows.
        """
        if max_output is None or max_output * _ONE_BP >= tokens * self.ratio:
            return -(tokens * self.blended // -_ONE_BP)  # both prices are whole, so only this needs rounding
        return tokens * self.input + max_output * self.output


class _CappedModel(_Model):
    """A model that answers with so many tokens at most, as most models of most tables do not."""

    __slots__ = ()

    def cost(self, tokens: int, max_output: int | None) -> int:
        """Return the estimated cost of a request, of which the model's own ceiling bounds the output too."""
        ceiling: Any = self.ceiling
        if max_output is None or ceiling < max_output:
            max_output = ceiling
        return super().cost(tokens, max_output)


def _make_model(slug: str, body: dict[str, Any], provider: dict[str, Any] | None) -> _Model:
    """Return a model of a file; `provider` is None where the file does not declare it."""
    return (_Model if body["max_output_tokens"] is None else _CappedModel)(slug, body, provider)


_NO_ADDRESS: Final = dict.fromkeys(("adapter", "api_key_env", "stack", "stream_url", "url"))


# --- State how each adapter is called, where a provider does not say otherwise. ---
#
# Written by `make refresh` from `routecomp/model/adapters.py`; a change made here is lost.


class _Contract(NamedTuple):
    """How the key is sent, which headers go with it, and where the model and the wish for a stream stand.

    Where `leaves_body` is true, a path that holds the model takes it out of the body. `base_ends` are the endings of a
    chat URL that the provider's own SDK appends by itself.
    """

    auth: str
    headers: dict[str, str]
    model_in: str | None
    stream_by: str | None
    leaves_body: bool
    base_ends: tuple[str, ...]


_HOLE: Final = "{model}"  # what a URL of the table has in place of the provider's own name of the model
_CONTRACTS: Final = {
    "openai": _Contract(
        auth="bearer",
        headers={},
        model_in="body",
        stream_by="body",
        leaves_body=False,
        base_ends=("/chat/completions",),
    ),
    "openai_compatible": _Contract(
        auth="bearer",
        headers={},
        model_in="body",
        stream_by="body",
        leaves_body=False,
        base_ends=("/chat/completions",),
    ),
    "openai_responses": _Contract(
        auth="bearer",
        headers={},
        model_in="body",
        stream_by="body",
        leaves_body=False,
        base_ends=("/responses",),
    ),
    "azure_openai": _Contract(
        auth="api-key",
        headers={},
        model_in="path",
        stream_by="body",
        leaves_body=False,
        base_ends=("/openai/deployments/{model}/chat/completions",),
    ),
    "anthropic": _Contract(
        auth="x-api-key",
        headers={"anthropic-version": "2023-06-01"},
        model_in="body",
        stream_by="body",
        leaves_body=True,
        base_ends=("/v1/messages",),
    ),
    "gemini": _Contract(
        auth="x-goog-api-key",
        headers={},
        model_in="path",
        stream_by="path",
        leaves_body=False,
        base_ends=("/v1beta/models/{model}:generateContent", "/v1/models/{model}:generateContent"),
    ),
    "vertex": _Contract(
        auth="oauth",
        headers={},
        model_in="path",
        stream_by="path",
        leaves_body=False,
        base_ends=(),
    ),
    "bedrock": _Contract(
        auth="bearer",
        headers={},
        model_in="path",
        stream_by="path",
        leaves_body=False,
        base_ends=("/model/{model}/converse",),
    ),
    "cohere": _Contract(
        auth="bearer",
        headers={},
        model_in="body",
        stream_by="body",
        leaves_body=False,
        base_ends=("/v2/chat",),
    ),
    "custom": _Contract(
        auth="bearer",
        headers={},
        model_in=None,
        stream_by=None,
        leaves_body=False,
        base_ends=(),
    ),
}
_KEYLESS: Final = ("sigv4", "oauth", "none")  # the words of `auth` with which no key is sent


# --- State the kinds of values that the files hold: the test of each, and the words for it. ---


_REQUIRED: Final = object()  # the default of a key that every file has


class _Kind(NamedTuple):
    """A kind of values: the test of a value, and the words for it in a refusal.

    `default` counts where a file lacks the key: those of an older format do.
    """

    test: Callable[[Any], bool]
    words: str
    default: Any = _REQUIRED


def _whole(low: int, high: int | None = None) -> _Kind:
    """Return the kind of whole numbers between two bounds, which belong to it; without `high` there is no upper one."""
    if high is None:
        return _Kind(lambda v: type(v) is int and v >= low, f"a whole number of at least {low}")
    return _Kind(lambda v: type(v) is int and low <= v <= high, f"a whole number from {low} to {high}")


def _or_null(kind: _Kind) -> _Kind:
    """Return a kind to which null belongs as well."""
    return _Kind(lambda v: v is None or kind.test(v), f"{kind.words} or null")


def _any_of(*words: str) -> _Kind:
    """Return the kind of texts that are one of these words."""
    return _Kind(lambda v: type(v) is str and v in words, f"one of {', '.join(words)}")


def _is_text(value: object) -> bool:
    """Return whether a value is text that has a UTF-8 form; text with lone surrogates has none."""
    if type(value) is not str:
        return False
    try:
        return value.isascii() or bool(value.encode())
    except UnicodeEncodeError:
        return False


def _is_params(value: Any) -> bool:
    """Return whether a value is the text of a JSON object."""
    try:
        return type(value) is str and type(json.loads(value)) is dict
    except (ValueError, RecursionError):
        return False


_ANY = _Kind(lambda v: True, "anything")
_BOOL = _Kind(lambda v: type(v) is bool, "true or false")
_TEXT = _Kind(_is_text, "text")
_PARAMS = _Kind(_is_params, "the text of a JSON object")
_STACK = _Kind(lambda v: _is_text(v) and not v.startswith("avoid-"), "text that does not begin with avoid-")
_LIST = _Kind(lambda v: type(v) is list, "a list")
_SLUGS = _Kind(lambda v: type(v) is list and (not v or {*map(type, v)} == {str}), "a list of text")
_OBJECT = _Kind(lambda v: type(v) is dict, "an object")
_TEXTS = _Kind(lambda v: type(v) is dict and all(type(t) is str for t in v.values()), "an object of text")
_BP, _COUNT, _POSITIVE = _whole(0, _ONE_BP), _whole(0), _whole(1)
_NAME, _FLOOR = _or_null(_TEXT), _or_null(_BP)


# --- State the keys of the figures: the kind of each, and what counts where an older file lacks it. ---
#
# Written by `make refresh` from `routecomp/model/figures.py`; a change made here is lost.


FORMAT: Final = "2.1"
"""The format of tables and fallback files that this resolver reads; another major number is refused."""

KNOWN_REQUIREMENTS: Final = frozenset[str](
    (
        "experiment.on_unavailable",
        "feature.aliases",
        "feature.shadow_salts",
        "model.aliases",
        "model.api_key_env",
        "model.max_output_tokens",
        "model.shares",
        "provider.stream_url",
        "target.patterns",
    )
)
"""The words of a file's `requires` that this resolver understands."""

_PROVIDER_KEYS: dict[str, _Kind] = {
    "adapter": _TEXT,
    "api_key_env": _or_null(_TEXT),
    "auth": _or_null(_TEXT)._replace(default=None),
    "base_url": _or_null(_TEXT)._replace(default=None),
    "connect_ms": _or_null(_POSITIVE)._replace(default=None),
    "first_token_ms": _or_null(_POSITIVE)._replace(default=None),
    "headers": _TEXTS._replace(default={}),
    "parallel": _or_null(_POSITIVE)._replace(default=None),
    "params": _or_null(_PARAMS)._replace(default=None),
    "region": _or_null(_TEXT)._replace(default=None),
    "rpm": _or_null(_POSITIVE)._replace(default=None),
    "secret_headers": _TEXTS._replace(default={}),
    "stack": _STACK,
    "stream_url": _or_null(_TEXT)._replace(default=None),
    "total_ms": _or_null(_POSITIVE)._replace(default=None),
    "tpm": _or_null(_POSITIVE)._replace(default=None),
}
_MODEL_KEYS: dict[str, _Kind] = {
    "active": _BOOL,
    "api_key_env": _or_null(_TEXT)._replace(default=None),
    "capabilities": _SLUGS,
    "compliance_bp": _BP,
    "connect_ms": _or_null(_POSITIVE)._replace(default=None),
    "context_window": _POSITIVE,
    "first_token_ms": _or_null(_POSITIVE)._replace(default=None),
    "input_pusd": _COUNT,
    "latency_ms": _COUNT,
    "listed": _BOOL,
    "logical": _or_null(_TEXT),
    "max_output_tokens": _or_null(_POSITIVE)._replace(default=None),
    "min_output_tokens": _COUNT,
    "output_pusd": _COUNT,
    "output_ratio_bp": _COUNT,
    "parallel": _or_null(_POSITIVE)._replace(default=None),
    "params": _or_null(_PARAMS)._replace(default=None),
    "provider": _TEXT,
    "quality_bp": _BP,
    "rpm": _or_null(_POSITIVE)._replace(default=None),
    "successor": _or_null(_TEXT)._replace(default=None),
    "sunset": _or_null(_TEXT)._replace(default=None),
    "total_ms": _or_null(_POSITIVE)._replace(default=None),
    "tpm": _or_null(_POSITIVE)._replace(default=None),
    "upstream": _TEXT,
}
_PERMISSION_KEYS: dict[str, _Kind] = {
    "banned_models": _SLUGS,
    "banned_providers": _SLUGS,
    "compliance_bp": _BP,
    "stacks": _or_null(_SLUGS),
}
_POLICY_KEYS: dict[str, _Kind] = {
    "banned_models": _SLUGS,
    "banned_providers": _SLUGS,
    "compliance_bp": _BP,
    "fallback": _BOOL,
    "max_quality_loss_bp": _BP,
    "min_quality_bp": _or_null(_BP),
    "stacks": _or_null(_SLUGS),
}
_BUDGET_KEYS: dict[str, _Kind] = {
    "daily_cents": _or_null(_COUNT)._replace(default=None),
    "monthly_cents": _or_null(_COUNT)._replace(default=None),
}
_FEATURE_KEYS: dict[str, _Kind] = {
    "min_quality_bp": _or_null(_BP),
    "then": _or_null(_TEXT),
}
_ROW_KEYS: dict[str, _Kind] = {
    "max_daily_cents": _or_null(_COUNT),
    "sample_bp": _or_null(_whole(1, 10000)),
    "status": _any_of("primary", "shadow", "retired"),
}
_TARGET_KEYS: dict[str, _Kind] = {
    "min_quality_bp": _or_null(_BP),
}
_DEFAULTS_KEYS: dict[str, _Kind] = {
    "model": _TEXT,
    "unknown_tenant": _any_of("default", "reject"),
}
_RESILIENCE_KEYS: dict[str, _Kind] = {
    "cooloff_s": _POSITIVE,
    "failures": _POSITIVE,
    "max_attempts": _POSITIVE,
    "retries": _COUNT._replace(default=0),
    "window_s": _POSITIVE,
}
_PREFERENCES_KEYS: dict[str, _Kind] = {
    "default": _any_of("quality", "balanced", "cost"),
    "gate_env": _or_null(_TEXT),
}
_EXPERIMENT_KEYS: dict[str, _Kind] = {
    "on_pause": _any_of("reject", "control"),
    "on_unavailable": _any_of("reject", "control")._replace(default="reject"),
    "salt": _TEXT,
    "status": _any_of("draft", "active", "paused", "completed"),
}
_VARIANT_KEYS: dict[str, _Kind] = {
    "api_key_env": _or_null(_TEXT),
    "model": _TEXT,
    "version": _POSITIVE,
}
_MODEL_DEFAULTS: Final[dict[str, Any]] = {
    "active": True,
    "api_key_env": None,
    "capabilities": [],
    "compliance_bp": 10000,
    "connect_ms": None,
    "first_token_ms": None,
    "listed": True,
    "logical": None,
    "max_output_tokens": None,
    "min_output_tokens": 0,
    "output_ratio_bp": 5000,
    "parallel": None,
    "params": None,
    "rpm": None,
    "successor": None,
    "sunset": None,
    "total_ms": None,
    "tpm": None,
}
"""What counts where an author leaves a figure of a model out, as the table holds it."""


# --- State the keys of the files and the values they may have, and check them. ---


# The keys of the files (docs/table.md): those of the figures, and what entries are built of. What cannot be checked on
# one value alone is checked where it is read.
_PROVIDER = _PROVIDER_KEYS | {"url": _TEXT}
_MODEL = _MODEL_KEYS | {"upstream_in_path": _or_null(_TEXT)._replace(default=None)}
_PERMISSION = _PERMISSION_KEYS
_POLICY = _POLICY_KEYS | {"penalised": _TEXT, "plain": _TEXT}
_DEFAULTS = _DEFAULTS_KEYS | {"policy": _TEXT, "routes": _TEXTS}
_FILE = {
    "defaults": _OBJECT,
    "models": _OBJECT,
    "preferences": _or_null(_OBJECT),
    "providers": _OBJECT,
    "tenants": _OBJECT,
}
_FALLBACK = {"permissions": _OBJECT, "stacks": _TEXT}
_LATER = _TEXTS._replace(default={})
_TABLE = {
    "aliases": _TEXTS,
    "budgets": _OBJECT._replace(default={}),
    "feature_aliases": _LATER,
    "model_aliases": _LATER,
    "patterns": _LATER,
    "shadow_salts": _LATER,
    "unanswered": _LATER,
    "experiments": _OBJECT,
    "features": _OBJECT,
    "orders": _TEXTS,
    "policies": _OBJECT,
    "resilience": _OBJECT,
    "shares": _OBJECT._replace(default={}),
    "targets": _OBJECT,
}
_RESILIENCE = _RESILIENCE_KEYS
_BUDGET = _BUDGET_KEYS
_PREFERENCES = _PREFERENCES_KEYS | {"clamp_bp": _LIST, "dial_bp": _OBJECT, "good_bp": _BP}
_DIAL = dict.fromkeys(("balanced", "cost", "quality"), _whole(-_ONE_BP, _ONE_BP))
_PREFERENCE_NAMES = _PREFERENCES_KEYS | {"names": _SLUGS}
_FEATURE = _FEATURE_KEYS | {"fallback": _SLUGS, "rows": _LIST}
_TARGET = _TARGET_KEYS | {"candidates": _ANY}
_SAMPLE = {"sample_bp": _whole(1, _ONE_BP), "max_daily_cents": _ROW_KEYS["max_daily_cents"]._replace(default=None)}
_ROW = {key: kind for key, kind in _ROW_KEYS.items() if key not in ("sample_bp", "max_daily_cents")} | {"model": _TEXT}
# Drafts answer nothing, so they are not in the table.
_EXPERIMENT = _EXPERIMENT_KEYS | {
    "experiment": _TEXT,
    "slots": _LIST,
    "status": _any_of("active", "paused", "completed"),
    "variants": _LIST,
    "winner": _ANY,
}
_VARIANT = _VARIANT_KEYS | {"id": _TEXT}


def _check(body: Any, fields: dict[str, _Kind], what: str) -> None:
    """Raise _Refused if a body is no object, lacks a field, or has a value of another kind; `what` names the body.

    A field that older formats do not have gets its default. Keys that are not among the fields are ignored.
    """
    if type(body) is not dict:
        raise _Refused(f"{what} is not an object")
    for key, kind in fields.items():
        if key not in body:
            if kind.default is _REQUIRED:
                raise _Refused(f"{what} has no `{key}`")
            body[key] = kind.default
        elif not kind.test(body[key]):
            raise _Refused(f"{what}: `{key}` is not {kind.words}")


def _check_names(names: Iterable[Any], declared: Any, what: str, kind: str) -> None:
    """Raise _Refused for a name that is not declared in the file; `what` says where the names stand."""
    for name in names:
        if name not in declared:
            raise _Refused(f"{what} names the {kind} {name!r}, which is not in the file")


# --- Read the bytes of a table or a fallback file and parse them; refuse what is no table. ---


def _path(given: object) -> str | _Refused:
    """Return a path as text; the reason to refuse it if it is none, which is raised when the file is read."""
    try:
        path: object = os.fspath(given)  # type: ignore[call-overload]
    except Exception:  # no path, or one of a caller's own class that raises
        path = given
    if isinstance(path, str):
        return path
    more = ": `Router.from_bytes` takes the bytes of a table" if isinstance(path, bytes) else ""
    return _Refused(f"the path is {_kind_of(path)}, not text{more}")


def _contents(given: object) -> bytes | _Refused:
    """Return the bytes of a file as they are; the reason to refuse them if they are none."""
    return given if isinstance(given, bytes) else _Refused(f"the file's bytes are {_kind_of(given)}, not bytes")


def _kind_of(value: object) -> str:
    """Return the word for what a value is, for a reason."""
    return "None" if value is None else f"of type {type(value).__name__}"


def _read_bytes(source: str | bytes | _Refused) -> bytes:
    """Return the bytes of the file at a path; bytes are returned as they are.

    Raises OSError if the file cannot be read, _Refused if it is no regular file or larger than MAX_BYTES.
    """
    if isinstance(source, bytes):
        return source
    if isinstance(source, _Refused):
        raise _Refused(str(source))
    # Opened once, without waiting (a pipe would block), and looked at through the descriptor alone: a moment
    # later the path may name another file.
    flags = [getattr(os, name, 0) for name in ("O_RDONLY", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC")]
    try:
        descriptor = os.open(source, sum(flags))
    except ValueError:  # a character 0, or a lone surrogate
        raise _Refused("the path holds a character that no path can have") from None
    try:
        info = os.fstat(descriptor)
        if not stat.S_ISREG(info.st_mode):
            raise _Refused("the path is not a regular file")
        if info.st_size > MAX_BYTES:
            raise _Refused(f"the file has {info.st_size} bytes, more than the {MAX_BYTES} allowed")
        with open(descriptor, "rb", closefd=False) as file:
            raw = file.read(MAX_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(raw) > MAX_BYTES:
        raise _Refused(f"the file has more than the {MAX_BYTES} bytes allowed")
    return raw


def _read_digest(given: object) -> str:
    """Return a SHA-256 in hex with small letters; raise ValueError if it is none."""
    if type(given) is str and re.fullmatch(r"[0-9A-Fa-f]{64}", given):
        return given.lower()
    raise ValueError("sha256 is not 64 hex digits")


def _digest(raw: bytes, pinned: str | None = None) -> str:
    """Return the SHA-256 of a file in hex; raise _Refused if another one is pinned."""
    digest = sha256(raw).hexdigest()
    if pinned is None or digest == pinned:
        return digest
    shown = 12 if digest[:12] != pinned[:12] else 64
    raise _Refused(f"the file's SHA-256 begins with {digest[:shown]}, not with {pinned[:shown]} as asked for")


def _parse_file(raw: bytes) -> dict[str, Any]:
    """Parse the JSON object of a file, and check its format and its requirements.

    Raises _Refused, also for a key that stands twice in one object and for a number with a fraction.
    """
    try:
        text = raw.decode("utf-8")
        if not raw.strip():
            raise _Refused("the file is empty")
        if text[0] == "\ufeff":
            raise _Refused("the file begins with a byte-order mark, put there by an editor: compile it again")
        if _is_deep(raw):
            raise _Refused("the file is nested too deeply")
        body = json.loads(text, parse_float=_refuse_fraction, parse_constant=_refuse_fraction)
        if not _has_unique_keys(raw, body):
            body = json.loads(text, parse_float=_refuse_fraction, object_pairs_hook=_refuse_duplicates)
    except UnicodeDecodeError:
        raise _Refused("the file is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise _Refused(f"the file is not JSON: {error.msg}, line {error.lineno}: compile it again") from None
    except ValueError:
        raise _Refused("the file holds a number of thousands of digits") from None
    if type(body) is not dict:
        raise _Refused("the file is not a JSON object")
    _check(body, {"format": _TEXT, "requires": _SLUGS}, "the file")
    major = body["format"].partition(".")[0]
    if not re.fullmatch(r"[0-9]{1,9}\.[0-9]{1,9}", body["format"]):
        raise _Refused(f"`format` is {body['format'][:20]!r}, not two numbers with a point between")
    readable = FORMAT.partition(".")[0]
    if major != readable:
        remedy = "compile it again" if int(major) < int(readable) else "use the resolver.py that was compiled with it"
        raise _Refused(f"format {body['format']} is not readable here, this resolver reads {FORMAT}: {remedy}")
    for word in body["requires"]:
        if word not in KNOWN_REQUIREMENTS:
            raise _Refused(f"the file requires {word!r}, which this resolver does not know")
    return body


_MAX_NESTED: Final = 64  # levels of lists and objects
_QUOTE: Final = 0x22
_UNMARKED: Final = bytes(byte for byte in range(256) if byte not in b'"[]{}')


def _is_deep(json_text: bytes) -> bool:
    """Return whether lists and objects are nested deeper than is allowed; a plain object is one level.

    This is counted before the text is parsed, because Python's own parser overruns a small stack on many levels.
    """
    json_text = _without_escapes(json_text)
    # Two quotes side by side change nothing about what is inside a text and what is outside. The marks that are left
    # are looked at one by one: a list of the pieces between them would take many times the memory of the text.
    depth, outside = 0, True
    for mark in json_text.translate(None, _UNMARKED).replace(b'""', b""):
        if mark == _QUOTE:
            outside = not outside
        elif outside:
            depth += 1 if mark in b"[{" else -1
            if depth > _MAX_NESTED:
                return True
    return False


def _has_unique_keys(raw: bytes, body: Any) -> bool:
    """Return whether no object has a key twice, if all `tenants` are texts; if one is not, the file is refused later.

    This takes a fraction of the time of looking at every pair. Each key and each text of the file has two quotes: if
    there are as many as the keys and texts of `body` have, no key was dropped.
    """
    tenants = body.get("tenants") if type(body) is dict else None  # by far the most entries, all of them texts
    count = 0
    level: list[Any] = [[body]]
    while level:
        inner = level.pop()
        if type(inner) is dict:
            is_tenants, keys = inner is tenants, len(inner)
            count += keys
            if is_tenants:
                count += keys
                continue
            inner = inner.values()
        for value in inner:
            kind = type(value)
            if kind is str:
                count += 1
            elif (kind is dict or kind is list) and value:
                level.append(value)
    return 2 * count == _without_escapes(raw).count(b'"')


def _without_escapes(json_text: bytes) -> bytes:
    """Return a JSON text without escaped quotes and backslashes: each quote that is left begins or ends a text."""
    if b"\\" in json_text:
        json_text = json_text.replace(b"\\\\", b"").replace(b'\\"', b"")
    return json_text


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the pairs of an object as a dictionary; raise _Refused for a key that stands twice."""
    body = dict(pairs)
    if len(body) != len(pairs):
        for key, _ in pairs:
            if key not in body:
                raise _Refused(f"key {key!r} stands twice in one object")
            del body[key]
    return body


def _refuse_fraction(text: str) -> None:
    """Raise _Refused for a number that is not whole."""
    raise _Refused(f"the number {text[:20]} is not a whole one")


# --- Say why a file is refused, in words that a person can act on. ---


class _Refused(Exception):
    """Why a file is not activated, in words."""


def _describe(error: Exception) -> str:
    """Return what went wrong with a file, as a reason a person can act on; long words of a refusal are cut."""
    if isinstance(error, _Refused):
        words = str(error)  # a name that is quoted may be as long as the file
        return words if len(words) <= _MAX_REASON else f"{words[:_MAX_REASON]} ..."
    if isinstance(error, FileNotFoundError):
        return "the file does not exist"
    if isinstance(error, OSError):
        return f"the file cannot be read ({error.strerror or type(error).__name__})"
    if isinstance(error, MemoryError):
        return "there was not enough memory to load the file"
    if isinstance(error, RecursionError):
        return "the file is nested too deeply"
    return f"the file is not a table ({type(error).__name__}: {error})"


# --- Answer requests that are given as lines of JSON. ---


def resolve_line(router: Router, line: bytes) -> str:
    """Return the decision for one line of JSON, as one line of JSON without its end; nothing raises.

    A line that is no JSON object is decided as a request that names nothing, with the reason `ignored:request`.
    """
    body: Any
    try:
        body = parse_request(line)
    except (AttributeError, TypeError, ValueError, RecursionError):  # not bytes, not UTF-8, not JSON, too deep
        body = None
    # What is no object is answered too: the decision says `ignored:request`.
    return router.resolve_request(body).to_json()


def parse_request(line: bytes) -> Any:
    """Return the value of one line of JSON, every number exact; ValueError if it is no JSON or nested too deeply."""
    if _is_deep(line):
        raise ValueError  # its words are the callers' to choose
    return _REQUESTS.decode(line.decode("utf-8"))


def _integer(text: str) -> int | Decimal:
    """Return a JSON number of digits alone as an int if it has up to 20 characters, as ids do; else as a decimal."""
    return int(text) if len(text) <= 20 else _decimal(text)


def _decimal(text: str) -> Decimal:
    """Return a JSON number of any length as an exact decimal.

    An exponent beyond Decimal's own limit becomes a smaller one, which decides the same.
    """
    try:
        number = Decimal(text)
        if number.is_finite():
            return number
    except InvalidOperation:
        pass  # an exponent of more than 18 digits
    digits, _, exponent = text.lower().partition("e")
    if not digits.strip("-0."):
        return Decimal(0)
    return Decimal((int(digits.startswith("-")), (1,), -999_999 if exponent.startswith("-") else 999_999))


def _not_finite(_name: str) -> float:
    """Return what stands for `NaN` and `Infinity` in a line: a number that is ignored."""
    return float("nan")


_REQUESTS: Final = json.JSONDecoder(parse_int=_integer, parse_float=_decimal, parse_constant=_not_finite)


def serve(router: Router, source: int, sink: BinaryIO) -> None:
    """Write one decision for each line of an open file, given by its descriptor, until the file ends.

    The lines that have arrived are answered, then the sink is flushed: this is quick for a file, and prompt for a
    partner that waits for each answer.
    """
    begun: list[bytes] = []  # pieces of a line whose end has not arrived
    while chunk := os.read(source, 1 << 16):
        first, *lines = chunk.split(b"\n")
        begun.append(first)
        if lines:
            for line in (b"".join(begun), *lines[:-1]):
                sink.write(resolve_line(router, line).encode("ascii") + b"\n")
            sink.flush()
            begun = [lines[-1]]
    if last := b"".join(begun):
        sink.write(resolve_line(router, last).encode("ascii") + b"\n")
        sink.flush()


def main(arguments: list[str] | None = None) -> int:
    """Run the program: read requests as JSON lines on standard input, write decisions on standard output.

    Return the exit code: 0, or 130 after an interrupt. A table that is missing or refused is a warning on standard
    error.
    """
    table = os.path.join(os.path.dirname(os.path.abspath(__file__)), "routing_table.json")
    parser = argparse.ArgumentParser(
        prog="resolver.py",
        description="Reads requests as JSON lines on standard input and writes one decision for every line.",
    )
    parser.add_argument("--table", default=table, metavar="PATH", help="default: routing_table.json beside this file")
    parser.add_argument("--fallback", metavar="PATH", help="default: fallback.json beside the table")
    parser.add_argument("--sha256", metavar="HEX", help="refuse a table that has another SHA-256")
    options = parser.parse_args(arguments)
    try:
        router = load(options.table, fallback=options.fallback, sha256=options.sha256)
    except ValueError as error:
        parser.error(str(error))
    status = router.status()
    if status["last_rejection"] is not None:
        print(f"resolver.py: warning: {status['last_rejection']}; serving from: {status['serving']}", file=sys.stderr)
    try:
        serve(router, sys.stdin.buffer.fileno(), sys.stdout.buffer)
    except BrokenPipeError:
        # The reader went away. Python would complain once more when it flushes at exit: give it a place to flush to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
