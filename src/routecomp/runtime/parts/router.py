"""Load a table, swap it for another, and answer requests from it."""

from __future__ import annotations

import os
import threading
import time
from hashlib import sha256
from typing import Any

from routecomp.runtime.parts.decide import _State
from routecomp.runtime.parts.decision import Decision, Endpoint
from routecomp.runtime.parts.experiment import _first_eight
from routecomp.runtime.parts.explain import _Log
from routecomp.runtime.parts.last_resort import _last_resort
from routecomp.runtime.parts.limits import _MOST_HINTED, _SLOTS
from routecomp.runtime.parts.read_file import _parse, _read
from routecomp.runtime.parts.refused import _words
from routecomp.runtime.parts.request import _exact_text, _is_short, _names_key, _Request
from routecomp.runtime.parts.table import _Fallback, _Table

# --- The face -----------------------------------------------------------------------------------------------


def load(path: str | os.PathLike[str], *, fallback: str | os.PathLike[str] | None = None,
         last_resort: str | dict[str, Any] | None = None) -> Router:
    """A router for the table at `path`; `fallback` defaults to fallback.json beside it.

    Files that are missing or bad never raise: the router then answers from the ladder of docs/semantics.md,
    section 6, and `status()` says why. `last_resort` is the ladder's lowest rung: the slug of a model of the table
    or the fallback file, or an endpoint as a dict (see `_endpoint`). What is wrong in the program raises at once:
    TypeError for what is no path, ValueError for a malformed last resort.
    """
    table = os.fspath(path)
    beside = os.path.join(os.path.dirname(table), "fallback.json")
    return Router(table, beside if fallback is None else os.fspath(fallback), last_resort)


class Router:
    """Answers requests from the table it holds; one reference is swapped when another table is activated."""

    def __init__(self, table: str | bytes | None, fallback: str | bytes | None = None,
                 last_resort: str | dict[str, Any] | None = None) -> None:
        self._table, self._fallback = table, fallback  # paths, or the bytes themselves
        self._last_resort = None if last_resort is None else _last_resort(last_resort)
        self._process, self._lock = os.getpid(), threading.RLock()  # for whoever loads; resolve never takes it
        self._loaded_at: float | None = None
        self._rejected, self._last_rejection = 0, ""
        self._fallback_words = "none was given"
        self._state = _State(None, None, self._last_resort)
        self.reload()

    @classmethod
    def from_bytes(cls, table: bytes | None, fallback: bytes | None = None,
                   last_resort: str | dict[str, Any] | None = None) -> Router:
        """A router for a table and a fallback file held in memory; bad ones are refused as `load` does."""
        return cls(table, fallback, last_resort)

    def resolve(self, /, *_positional: object, feature: object = None, model: object = None,
                tenant: object = None, min_quality: object = None, latency_budget_ms: object = None,
                stack: object = None, input_tokens: object = None, max_output_tokens: object = None,
                max_cost_usd: object = None, stream: object = None, tools: object = None,
                capabilities: object = None, unavailable: object = None, unit: object = None,
                **others: object) -> Decision:
        """The decision for one request, given by keyword; any value of any type is answered, nothing raises.

        `others` are `request_id` and `preference` (apart, because every named argument costs every call a
        little). What each means: docs/semantics.md, section 4; tokens and milliseconds are whole
        numbers, `min_quality` is a share of 1, `max_cost_usd` dollars (int, float or Decimal).
        """
        # INVARIANT: only values of exact built-in types are hashed, compared or called; no method of a caller's
        # own class ever runs. What is not of the types below goes the long way, which asks as carefully.
        state, key = self._state, None
        policy = state.policies.get(tenant) if tenant is None or type(tenant) is str else None
        if policy is not None:
            if (min_quality is None and latency_budget_ms is None and stack is None and input_tokens is None
                    and max_output_tokens is None and max_cost_usd is None and stream is None
                    and tools is None and capabilities is None and unavailable is None):
                if unit is not None or others:
                    sticky = policy.sticky.get(model) if feature is None and type(model) is str else None
                    if sticky is not None and type(unit) is str and not others:
                        salt, by_slot, starts, by_range = sticky
                        try:
                            slot = _first_eight(sha256(salt + unit.encode()).digest())[0] * _SLOTS >> 64
                            return by_slot.get(slot) or state.slotted(by_slot, slot, starts, by_range)
                        except UnicodeEncodeError:
                            pass  # a lone surrogate: the long way says that it was ignored
                    decision = state.personal(policy, feature, model, tenant, unit, others)
                elif model is None and type(feature) is str:
                    decision = policy.by_feature.get(feature) or state.plain(policy, feature, model, tenant)
                elif feature is None and type(model) is str:
                    decision = policy.by_model.get(model) or state.plain(policy, feature, model, tenant)
                else:
                    decision = None
                if decision is not None:
                    return decision
            elif (unit is None and not others and (feature is None or type(feature) is str)
                    and (model is None or type(model) is str)
                    and (min_quality is None or type(min_quality) is float)
                    and (latency_budget_ms is None or type(latency_budget_ms) is int)
                    and (stack is None or type(stack) is str)
                    and (input_tokens is None or type(input_tokens) is int)
                    and (max_output_tokens is None or type(max_output_tokens) is int)
                    and (max_cost_usd is None or type(max_cost_usd) is float)):
                names: tuple[tuple[str, ...], ...] | None = ()
                if capabilities is not None or unavailable is not None:
                    names = _names_key(capabilities, unavailable)
                if names is not None:
                    if names:  # as they were at this moment: the caller's own lists may change meanwhile
                        capabilities, unavailable = names
                    key = (policy, feature, model, min_quality, latency_budget_ms, stack, input_tokens,
                           max_output_tokens, max_cost_usd, stream is True, tools is True, names)
                    decision = state.hinted.get(key)
                    if decision is not None:
                        return decision
        request = _Request(feature, model, tenant, min_quality, latency_budget_ms, stack, input_tokens,
                           max_output_tokens, max_cost_usd, stream, tools, capabilities, unavailable, unit, others)
        view = None if key is None else state.ranked.get(key[:3])
        decision = state.decide(request, policy, key) if view is None else state.decide_ranked(view, request, 0)
        # Numbers that were ignored may have any length: a store is bounded only if each of its entries is.
        if (key is not None and request.latency is latency_budget_ms and request.input_tokens is input_tokens
                and request.max_output is max_output_tokens and _is_short(feature, model, stack, names)):
            if len(state.hinted) >= _MOST_HINTED:
                state.hinted = {}
            state.hinted[key] = decision
        return decision

    def endpoint(self, decision: object, slug: object) -> Endpoint | None:
        """Where a model of a decision's chain is called; values of any type are answered, nothing raises.

        The decision's own model: as the decision says, an experiment version's key variable included. Another of
        its chain: as the table that serves now says. None if `slug` is not in the chain (so no policy is
        escaped), or if a table activated since the decision no longer has it or has it switched off.
        """
        name, held = _exact_text(slug), self._state.file
        if type(decision) is not Decision or type(decision.chain) is not tuple:
            return None
        if name not in [one for one in decision.chain if type(one) is str]:
            return None
        if type(decision.model) is str and decision.model == name:
            return Endpoint._make(decision[3:9])
        if held is None or name not in held.catalogue.places or not held.catalogue[name].active:
            return None
        return Endpoint._make(held.catalogue[name].endpoint)

    def explain(self, /, *_positional: object, **arguments: Any) -> dict[str, Any]:
        """What `resolve` decides for the same arguments, and how: `{"decision": …, then the log}`.

        The log's keys, where they apply: `route`, `tenant`, `policy`, `orders`, `floor`, `candidates`,
        `filters` (group, filter, survivors, the first three by rank, all it dropped by slug), `latency`,
        `experiment`, `shadows`, `rungs`.
        """
        state = self._state
        decision = state.decide(_Request.of(arguments))
        return {"decision": decision.to_dict(), **_Log(state, _Request.of(arguments)).told()}

    def reload(self) -> bool:
        """Reads the files again; true if the table that was read is the one that now serves.

        A table that is missing or refused changes nothing: the last good one keeps serving, and `status()`
        says why. Safe in any thread and in a signal's handler; a decision being made goes on with the table it
        started with.
        """
        if self._process != os.getpid():  # a fork copies a lock as it is, without the thread that holds it
            self._process, self._lock = os.getpid(), threading.RLock()
        with self._lock:
            turn = self._turn = object()
            state = self._state
            table, fallback, good = state.table, state.fallback, False
            try:
                if self._table is not None:
                    raw = _read(self._table)
                    digest = sha256(raw).hexdigest()
                    if table is None or table.hash != digest:
                        table = _Table(_parse(raw), digest)
                    good = True
            except Exception as error:  # MemoryError and RecursionError too: the last good one keeps serving
                self._rejected += 1
                self._last_rejection = f"routing table: {_words(error)}"
            try:
                if self._fallback is not None:
                    raw = _read(self._fallback)
                    digest = sha256(raw).hexdigest()
                    if fallback is None or fallback.hash != digest:
                        fallback = _Fallback(_parse(raw), digest)
                    self._fallback_words = "loaded"
            except Exception as error:
                kept = "refused" if fallback is None else "refused, the last good one is kept"
                self._fallback_words = f"{kept}: {_words(error)}"
            if table is not state.table:
                self._loaded_at = time.monotonic()
            if table is not state.table or fallback is not state.fallback:
                self._state = _State(table, fallback, self._last_resort)
            if self._turn is not turn:  # a signal's handler reloaded in between, and may have read a later file
                return self.reload()
            return good

    def status(self) -> dict[str, Any]:
        """What serves now and what was refused, in plain words; the age is in seconds of the monotonic clock."""
        state, loaded_at = self._state, self._loaded_at
        return {
            "serving": state.serving,
            "ruleset_hash": state.hash,
            "format": None if state.table is None else state.table.format,
            "loaded_age_s": None if loaded_at is None else time.monotonic() - loaded_at,
            "rejected": self._rejected,
            "last_rejection": self._last_rejection or None,
            "fallback": self._fallback_words,
        }
