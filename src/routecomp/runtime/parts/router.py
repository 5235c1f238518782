"""Load the files, answer requests from them, and activate others that replace them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import KeysView
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from routecomp.runtime.parts.decide import _Decider
from routecomp.runtime.parts.decision import Decision, Endpoint
from routecomp.runtime.parts.endpoint import _endpoint_as_decided, _endpoint_of
from routecomp.runtime.parts.explain import _Log
from routecomp.runtime.parts.explanation import Explanation, RouterStatus
from routecomp.runtime.parts.facts import Facts
from routecomp.runtime.parts.last_resort import _read_last_resort
from routecomp.runtime.parts.limits import ARGUMENTS
from routecomp.runtime.parts.memory import _ENVIRON, _STORE, _Memory, _Terms
from routecomp.runtime.parts.model import _Model
from routecomp.runtime.parts.read_file import (
    _contents,
    _digest,
    _parse_file,
    _path,
    _read_bytes,
    _read_digest,
)
from routecomp.runtime.parts.refused import _describe, _Refused
from routecomp.runtime.parts.request import _digits, _exact_text, _is_short, _names_key, _Request
from routecomp.runtime.parts.table import _Fallback, _Table

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
