"""A compiled routing table and a request in, a decision out: always a value, never an exception.

This one file needs nothing but Python (3.11 or newer) and is a complete program:

    import resolver
    router = resolver.load("generated/routing_table.json")
    decision = router.resolve(feature="support-chat", tenant="acme", input_tokens=1200)
    decision.model, decision.url, decision.chain
    router.endpoint(decision, decision.chain[1])  # where the next is called, should the first fail

    python resolver.py < requests.jsonl          # one decision for every line

What a decision means is written in docs/semantics.md (sections 4 to 6), what the files hold in docs/table.md.
All arithmetic happened at compile time; what is left is looking up, comparing and masking. A set of models is
one whole number, bit i standing for the i-th of them; a filter is such a mask; what survives is what they share.

A decision is found on the first of three ways that leads to one: it is remembered from an earlier call; it lies
among the nearest candidates of the route (`_Near`); it is sought among all models (`_Catalogue`, `_Order`).
`Router.explain` takes none of the short ones: it walks every filter over all models.
"""

from __future__ import annotations

import json
import os
import re
import stat
import sys
import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, InvalidOperation
from hashlib import sha256
from math import ceil, floor
from struct import Struct
from typing import Any, BinaryIO, Final, NamedTuple
from zlib import crc32

FORMAT: Final = "1.0"  # of the table and the fallback file; another major number is refused
KNOWN_REQUIREMENTS: Final = frozenset[str]()  # words of `requires` that this reader understands
MAX_BYTES: Final = 512 * 1024 * 1024  # a larger file is refused unread
ARGUMENTS: Final = ("feature", "model", "tenant", "min_quality", "latency_budget_ms", "stack", "input_tokens",
                    "max_output_tokens", "max_cost_usd", "stream", "tools", "capabilities", "unavailable",
                    "unit", "request_id", "preference")
_TOP: Final = 10_000  # basis points of 1
_SLOTS: Final = 10_000

# What is kept for speed is bounded; a store that is full is begun anew.
_MOST_PLAIN: Final = 65_536  # decisions for calls without hints, about 0.4 kB each
_MOST_HINTED: Final = 8_192  # decisions for calls with hints, about 0.7 kB each
_LONGEST: Final = 2_000  # characters of a text, or of all names of a call, that are remembered
_MOST_VIEWS: Final = 2_048  # routes as a policy sees them, a few masks of all models each
_MOST_NEAR: Final = 2_048  # sets of nearest candidates, up to 30 kB each
_MOST_MASKS: Final = 8_192  # of one number of all models
_NEAR: Final = 30  # candidates looked at first: as many as fit into one digit of a Python int

__all__ = ["ARGUMENTS", "FORMAT", "Decision", "Endpoint", "Router", "load", "main", "resolve_line", "serve", "slot_of"]


# --- The answer ---------------------------------------------------------------------------------------------


class Decision(NamedTuple):
    """The answer for one request; the keys and their order are those of docs/semantics.md, section 4."""

    status: str
    route: str | None = None
    source: str | None = None
    model: str | None = None
    provider: str | None = None
    upstream_model: str | None = None
    url: str | None = None
    adapter: str | None = None
    api_key_env: str | None = None
    chain: tuple[str, ...] = ()
    shadows: tuple[str, ...] = ()
    experiment: str | None = None
    variant: str | None = None
    version: int | None = None
    slot: int | None = None
    floor_bp: int | None = None
    estimated_cost_pusd: int | None = None
    reasons: tuple[str, ...] = ()
    ruleset_hash: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The decision as plain JSON values, keys in order."""
        pairs = zip(self._fields, self, strict=True)
        return {key: list(value) if type(value) is tuple else value for key, value in pairs}

    def to_json(self) -> str:
        """The decision as one line of ASCII JSON, keys in order."""
        return json.dumps(self.to_dict())


class Endpoint(NamedTuple):
    """Where and as what one model of a decision's chain is called; the fields are a decision's of the same names."""

    model: str
    provider: str
    upstream_model: str
    url: str
    adapter: str
    api_key_env: str | None


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


# --- Reading files ------------------------------------------------------------------------------------------


class _Refused(Exception):
    """Why a file is not activated, in words."""


def _words(error: Exception) -> str:
    """An error as a reason a person can act on."""
    if isinstance(error, _Refused):
        words = str(error)  # a name that is quoted may be as long as the file
        return words if len(words) <= _LONGEST else f"{words[:_LONGEST]} ..."
    if isinstance(error, FileNotFoundError):
        return "the file does not exist"
    if isinstance(error, OSError):
        return f"the file cannot be read ({error.strerror or type(error).__name__})"
    if isinstance(error, MemoryError):
        return "there was not enough memory to load the file"
    if isinstance(error, RecursionError):
        return "the file is nested too deeply"
    return f"the file is not a table ({type(error).__name__}: {error})"


def _read(source: str | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    # Opened once, without waiting (a pipe would block), and looked at through the descriptor alone: a moment
    # later the path may name another file.
    flags = [getattr(os, name, 0) for name in ("O_RDONLY", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC")]
    descriptor = os.open(source, sum(flags))
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


def _parse(raw: bytes) -> dict[str, Any]:
    """The JSON object in `raw`, with its format and requirements checked; no duplicate keys, no fractions."""
    try:
        text = raw.decode("utf-8")
        if not raw.strip():
            raise _Refused("the file is empty")
        if text[0] == "\ufeff":
            raise _Refused("the file begins with a byte-order mark, put there by an editor: compile it again")
        if _is_deep(raw):
            raise _Refused("the file is nested too deeply")
        body = json.loads(text, parse_float=_no_fraction, parse_constant=_no_fraction)
        if not _once_each(raw, body):
            body = json.loads(text, parse_float=_no_fraction, object_pairs_hook=_unique)
    except UnicodeDecodeError:
        raise _Refused("the file is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise _Refused(f"the file is not JSON: {error.msg}, line {error.lineno}: compile it again") from None
    except ValueError:
        raise _Refused("the file holds a number of thousands of digits") from None
    if type(body) is not dict:
        raise _Refused("the file is not a JSON object")
    _check(body, {"format": _TEXT, "requires": _SLUGS}, "the file")
    major, dot, minor = body["format"].partition(".")
    if not (dot and major.isdecimal() and minor.isdecimal()):
        raise _Refused(f"`format` is {body['format']!r}, not two numbers with a point between")
    if major != FORMAT.partition(".")[0]:
        raise _Refused(f"format {body['format']} is not readable here, this resolver reads {FORMAT}")
    for word in body["requires"]:
        if word not in KNOWN_REQUIREMENTS:
            raise _Refused(f"the file requires {word!r}, which this resolver does not know")
    _undamaged(raw)
    return body


_MOST_NESTED: Final = 64
_QUOTE: Final = 0x22
_UNMARKED: Final = bytes(byte for byte in range(256) if byte not in b'"[]{}')


def _is_deep(json_text: bytes) -> bool:
    """Whether lists and objects are nested deeper than is allowed; a plain object is 1.

    Told before it is parsed: Python's own parser, given many levels, runs a small stack over.
    """
    if b"\\" in json_text:
        json_text = json_text.replace(b"\\\\", b"").replace(b'\\"', b"")
    # Two quotes side by side leave inside and outside as they were. What is left is looked at one by one: a list
    # of its pieces would take many times its memory.
    depth, outside = 0, True
    for mark in json_text.translate(None, _UNMARKED).replace(b'""', b""):
        if mark == _QUOTE:
            outside = not outside
        elif outside:
            depth += 1 if mark in b"[{" else -1
            if depth > _MOST_NESTED:
                return True
    return False


_SEAL: Final = 9  # letters at the end of a text entry, the `~` before them included
_FRAME: Final = re.compile(rb'[{},]|"[a-z_]+":(\{|\{\}|null)|"format":"[0-9.]+"|"requires":\[.*\]')


def _undamaged(raw: bytes) -> None:
    """Refuses a file with a line that is neither sealed nor frame; what can decide stands in sealed lines alone.

    The CRC-32 of a sealed line is 0: docs/table.md. All but the first and the last entry of a section stand
    between two commas, so that what is left to look at in Python are a few lines.
    """
    for piece in filter(crc32, raw.split(b"\n,\n")):
        for line in filter(crc32, piece.split(b"\n")):
            if not _FRAME.fullmatch(line):
                if line.endswith(b"\r"):
                    raise _Refused("the file's lines end in CR LF: a checkout or a copy has changed its line ends")
                number = raw.split(b"\n").index(line) + 1
                raise _Refused(f"line {number} of the file is damaged or was edited by hand: compile it again")
    if (at := raw.find(b"{\n}")) >= 0:  # a section that has no entry is written on one line
        number = raw.count(b"\n", 0, at) + 2
        raise _Refused(f"line {number} of the file is not where it belongs, an entry is missing: compile it again")


def _once_each(raw: bytes, body: Any) -> bool:
    """Whether every key surely stands once in its object; a fraction of the time of looking at every pair.

    Without white space `":` ends every key that was read, and else stands in texts only: if there are as many of
    them as keys were kept, none was read twice.
    """
    tenants = body.get("tenants") if type(body) is dict else None  # the most by far, and texts all of them
    count = 0
    level: list[Any] = [[body]]
    while level:
        inner = level.pop()
        if type(inner) is dict:
            count += len(inner)
            inner = () if inner is tenants else inner.values()
        level.extend([value for value in inner if type(value) is dict or type(value) is list])
    return count == raw.translate(None, b" \t\r\n").count(b'":')


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) != len(pairs):
        for key, _ in pairs:
            if key not in body:
                raise _Refused(f"key {key!r} stands twice in one object")
            del body[key]
    return body


def _no_fraction(text: str) -> None:
    raise _Refused(f"the number {text[:20]} is not a whole one")


class _Kind(NamedTuple):
    """What a value of a file may be, and the words for it."""

    test: Callable[[Any], bool]
    words: str


def _whole(low: int, high: int | None = None) -> _Kind:
    if high is None:
        return _Kind(lambda v: type(v) is int and v >= low, f"a whole number of at least {low}")
    return _Kind(lambda v: type(v) is int and low <= v <= high, f"a whole number from {low} to {high}")


def _or_null(kind: _Kind) -> _Kind:
    return _Kind(lambda v: v is None or kind.test(v), f"{kind.words} or null")


def _one_of(*words: str) -> _Kind:
    return _Kind(lambda v: type(v) is str and v in words, f"one of {', '.join(words)}")


def _is_text(value: object) -> bool:
    """Whether a value is text that has a UTF-8 form; lone surrogates have none."""
    if type(value) is not str:
        return False
    try:
        return value.isascii() or bool(value.encode())
    except UnicodeEncodeError:
        return False


_ANY = _Kind(lambda v: True, "anything")
_BOOL = _Kind(lambda v: type(v) is bool, "true or false")
_TEXT = _Kind(_is_text, "text")
_STACK = _Kind(lambda v: _is_text(v) and not v.startswith("avoid-"), "text that does not begin with avoid-")
_LIST = _Kind(lambda v: type(v) is list, "a list")
_SLUGS = _Kind(lambda v: type(v) is list and all(type(slug) is str for slug in v), "a list of text")
_OBJECT = _Kind(lambda v: type(v) is dict, "an object")
_TEXTS = _Kind(lambda v: type(v) is dict and all(type(t) is str for t in v.values()), "an object of text")
_BP, _COUNT, _POSITIVE = _whole(0, _TOP), _whole(0), _whole(1)
_NAME, _FLOOR = _or_null(_TEXT), _or_null(_BP)

# The keys of the files (docs/table.md). What a look at one value does not tell is checked where it is read.
_PROVIDER = {"adapter": _TEXT, "api_key_env": _NAME, "stack": _STACK, "url": _TEXT}
_MODEL = {"active": _BOOL, "capabilities": _SLUGS, "compliance_bp": _BP, "context_window": _COUNT,
          "input_pusd": _COUNT, "latency_ms": _COUNT, "listed": _BOOL, "logical": _NAME,
          "min_output_tokens": _COUNT, "output_pusd": _COUNT, "output_ratio_bp": _COUNT, "provider": _TEXT,
          "quality_bp": _BP, "upstream": _TEXT}
_PERMISSION = {"banned_models": _SLUGS, "banned_providers": _SLUGS, "compliance_bp": _BP,
               "stacks": _or_null(_SLUGS)}
_POLICY = _PERMISSION | {"fallback": _BOOL, "max_quality_loss_bp": _BP, "min_quality_bp": _FLOOR,
                         "penalised": _TEXT, "plain": _TEXT}
_DEFAULTS = {"model": _TEXT, "policy": _TEXT, "routes": _TEXTS, "unknown_tenant": _one_of("default", "reject")}
_FILE = {"defaults": _OBJECT, "models": _OBJECT, "preferences": _or_null(_OBJECT), "providers": _OBJECT,
         "tenants": _OBJECT}
_FALLBACK = {"permissions": _OBJECT, "stacks": _TEXT}
_TABLE = {"aliases": _TEXTS, "experiments": _OBJECT, "features": _OBJECT, "orders": _TEXTS, "policies": _OBJECT,
          "resilience": _OBJECT, "targets": _OBJECT}
_RESILIENCE = {"cooloff_s": _COUNT, "failures": _POSITIVE, "max_attempts": _POSITIVE, "window_s": _COUNT}
_PREFERENCES = {"clamp_bp": _LIST, "default": _TEXT, "dial_bp": _OBJECT, "gate_env": _NAME, "good_bp": _BP}
_DIAL = dict.fromkeys(("balanced", "cost", "quality"), _whole(-_TOP, _TOP))
_PREFERENCE_NAMES = {"default": _TEXT, "gate_env": _NAME, "names": _SLUGS}
_FEATURE = {"fallback": _SLUGS, "min_quality_bp": _FLOOR, "rows": _LIST, "then": _NAME}
_ROW = {"model": _TEXT, "status": _one_of("primary", "shadow", "retired")}
_SAMPLE = {"sample_bp": _whole(1, _TOP)}
_EXPERIMENT = {"experiment": _TEXT, "on_pause": _one_of("reject", "control"), "salt": _TEXT, "slots": _LIST,
               "status": _one_of("active", "paused", "completed"), "variants": _LIST, "winner": _ANY}
_VARIANT = {"api_key_env": _NAME, "id": _TEXT, "model": _TEXT, "version": _POSITIVE}


def _check(body: Any, fields: dict[str, _Kind], what: str) -> None:
    """Refuses a body that is no object, lacks a field or holds a value of the wrong kind."""
    if type(body) is not dict:
        raise _Refused(f"{what} is not an object")
    for key, kind in fields.items():
        if key not in body:
            raise _Refused(f"{what} has no `{key}`")
        if not kind.test(body[key]):
            raise _Refused(f"{what}: `{key}` is not {kind.words}")


def _known(names: Iterable[Any], declared: Any, what: str, kind: str) -> None:
    """Refuses a reference to something that the file does not hold."""
    for name in names:
        if name not in declared:
            raise _Refused(f"{what} names the {kind} {name!r}, which is not in the file")


# --- Models and masks ---------------------------------------------------------------------------------------


class _Model:
    """One model with its provider's part of the endpoint; amounts in the units of docs/table.md."""

    __slots__ = ("active", "blended", "capabilities", "compliance", "context", "endpoint", "index", "input",
                 "known", "latency", "listed", "logical", "min_output", "output", "priced", "provider",
                 "quality", "ratio", "slug", "stack")

    def __init__(self, slug: str, body: dict[str, Any], provider: dict[str, Any] | None) -> None:
        self.slug, self.index = slug, 0  # its place in the catalogue, which sets it
        self.provider: str = body["provider"]
        # A provider nobody declares has no address: its models never serve (docs/semantics.md, section 6).
        self.known = provider is not None
        at = _NOWHERE if provider is None else provider
        self.active: bool = body["active"] and self.known
        self.listed: bool = body["listed"]
        self.stack: str | None = at["stack"]
        self.logical: str | None = body["logical"]
        self.capabilities: list[str] = body["capabilities"]
        self.compliance: int = body["compliance_bp"]
        self.context: int = body["context_window"]
        self.min_output: int = body["min_output_tokens"]
        self.quality: int = body["quality_bp"]
        self.latency: int = body["latency_ms"]
        self.input: int = body["input_pusd"]
        self.output: int = body["output_pusd"]
        self.ratio: int = body["output_ratio_bp"]
        self.blended: int = self.input * _TOP + self.ratio * self.output  # of 10,000 tokens with what they bring
        self.priced = True
        self.endpoint = (slug, self.provider, body["upstream"], at["url"], at["adapter"], at["api_key_env"])

    def cost(self, tokens: int, most_output: int | None) -> int:
        """Estimated cost in pico-dollars of `tokens` input tokens, rounded up once."""
        if most_output is None or most_output * _TOP >= tokens * self.ratio:
            return -(tokens * self.blended // -_TOP)  # both prices are whole, so only this needs rounding
        return tokens * self.input + most_output * self.output


_NOWHERE: Final = dict.fromkeys(("adapter", "api_key_env", "stack", "url"))


class _Scale:
    """For one number of each model: which models have at most a given value, as a mask."""

    __slots__ = ("_groups", "_step", "masks", "values", "whole")

    def __init__(self, numbers: list[int]) -> None:
        places = sorted(range(len(numbers)), key=numbers.__getitem__)
        self.values: list[int] = []  # the different numbers, rising
        self._groups: list[int] = []  # the models that have each
        for place in places:
            if not self.values or self.values[-1] != numbers[place]:
                self.values.append(numbers[place])
                self._groups.append(0)
            self._groups[-1] |= 1 << place
        # A mask for every `step` numbers: what a scale takes grows with the models, not with their square.
        self._step = len(self.values) // _MOST_MASKS + 1
        self.masks, mask = [0], 0
        for count, group in enumerate(self._groups, start=1):
            mask |= group
            if count % self._step == 0:
                self.masks.append(mask)
        self.whole = self._step == 1

    def at_most(self, value: int) -> int:
        count = bisect_right(self.values, value)
        if self.whole:
            return self.masks[count]
        rest = count % self._step
        mask = self.masks[count // self._step]
        for group in self._groups[count - rest : count]:
            mask |= group
        return mask


class _Masks(dict[str, int]):
    """A mask by word, made when first asked for; words that nobody declared have none, so they stay few."""

    def __init__(self, declared: frozenset[str], make: Callable[[str], int]) -> None:
        super().__init__()
        self._declared, self._make = declared, make

    def __missing__(self, word: str) -> int:
        if word not in self._declared:
            return 0
        mask = self[word] = self._make(word)
        return mask


class _Words(NamedTuple):
    """What callers may name besides models: stacks (plain and with avoid-), capabilities, providers."""

    stacks: frozenset[str]
    capabilities: frozenset[str]
    providers: frozenset[str]


class _Space:
    """Some models in an order, bit i of a mask standing for the i-th; and a mask for what a filter asks."""

    __slots__ = ("all", "blended", "capabilities", "context", "input", "latency", "min_output", "models", "output",
                 "places", "providers", "quality", "stacks")

    def __init__(self, models: Sequence[_Model], words: _Words) -> None:
        self.models = models
        self.places = {model.slug: place for place, model in enumerate(models)}
        self.all = (1 << len(models)) - 1
        self.stacks = _Masks(words.stacks, self._on_stack)
        self.capabilities = _Masks(words.capabilities, lambda word: self.mask(lambda m: word in m.capabilities))
        self.providers = _Masks(words.providers, lambda word: self.mask(lambda m: m.provider == word))

        # Where "at least" is asked the numbers are turned around, since a scale answers "at most".
        self.quality = _Scale([-model.quality for model in models])
        self.context = _Scale([-model.context for model in models])
        self.latency = _Scale([model.latency for model in models])
        self.min_output = _Scale([model.min_output for model in models])
        self.blended = _Scale([model.blended for model in models])
        self.input = _Scale([model.input for model in models])
        self.output = _Scale([model.output for model in models])

    def mask(self, test: Callable[[_Model], bool]) -> int:
        """The models that pass a test, asked one by one."""
        digits = ["1" if test(model) else "0" for model in reversed(self.models)]
        return int("".join(digits) or "0", 2)

    def of(self, mask: int) -> list[_Model]:
        """The models of a mask, in the space's order."""
        models = []
        while mask:
            place = mask.bit_length() - 1
            mask ^= 1 << place
            models.append(self.models[place])
        return models[::-1]

    def _on_stack(self, word: str) -> int:
        avoided = word.removeprefix("avoid-")
        if avoided == word:
            return self.mask(lambda model: model.stack == word)
        return self.mask(lambda model: model.stack not in (avoided, None))  # an unknown one may be that one

    def named(self, names: Iterable[str]) -> int:
        """Models called by their slug or their provider's; other names mean nothing."""
        mask = 0
        for name in names:
            mask |= self.providers[name]
            if name in self.places:
                mask |= 1 << self.places[name]
        return mask

    def able(self, mask: int, request: _Request) -> int:
        """What the request's stack and the ability group leave of a mask.

        The same as `_steps`, without names, statuses, the policy's filters and the demand group.
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
            mask &= self.min_output.at_most(output)
        return mask

    def survivors(self, mask: int, request: _Request) -> tuple[int, int]:
        """What is left when the cost filter is added, and those of it whose cost is still to be told."""
        mask = self.able(mask, request)
        if request.max_cost is None or not mask:
            return mask, 0
        sure, maybe = self.costs(mask, request)
        return sure | maybe, maybe

    def costs(self, mask: int, request: _Request) -> tuple[int, int]:
        """Of a mask, the models that surely cost at most `max_cost_usd`, and those that may."""
        most, tokens, output = request.max_cost, request.input_tokens, request.max_output
        if most is None or tokens is None or (tokens == 0 and most >= 0):
            return mask, 0
        if most < 0:
            return 0, 0
        # The estimate is rounded up and the limit is whole, so comparing before rounding is the same.
        sure = mask & self.blended.at_most(most * _TOP // tokens)
        if output is None or sure == mask:
            return sure, 0
        # With `max_output_tokens` no single number decides; but neither price alone may take more than all.
        maybe = mask ^ sure
        if maybe.bit_count() > 8:  # fewer are as soon asked one by one
            maybe &= self.input.at_most(most // tokens)
            if output:
                maybe &= self.output.at_most(most // output)
        return sure, maybe

    def affordable(self, mask: int, request: _Request) -> int:
        """The models of a mask that pass the cost filter."""
        sure, maybe = self.costs(mask, request)
        for model in self.of(maybe):
            if request.affords(model):
                sure |= 1 << self.places[model.slug]
        return sure


class _Catalogue(_Space):
    """All models of a file, by falling quality."""

    __slots__ = ("active", "listed", "logical", "near", "sizes", "words")

    def __init__(self, models: list[_Model], stacks: Iterable[str]) -> None:
        # The best first: a high floor leaves short numbers, and with them everything after it is quick.
        models.sort(key=lambda model: (-model.quality, model.slug))
        plain = frozenset(stacks)
        self.words = _Words(plain.union(f"avoid-{word}" for word in plain),
                            frozenset[str]().union(*[model.capabilities for model in models]),
                            frozenset([model.provider for model in models]))
        super().__init__(models, self.words)
        hosts: dict[str, list[str]] = {}
        for index, model in enumerate(models):
            model.index = index
            if model.logical is not None:
                hosts.setdefault(model.logical, []).append(model.slug)
        self.logical = {name: self.slugs(slugs) for name, slugs in hosts.items()}
        self.near: list[tuple[_View, int]] = []  # the nearest candidates kept: by which view, at what size
        self.sizes: dict[int, int] = {}  # for each floor; there are 10,003 of them
        self.active = self.mask(lambda model: model.active)
        self.listed = self.mask(lambda model: model.listed)

    def slugs(self, slugs: Iterable[str]) -> int:
        """The models of these slugs, all of which are here."""
        mask = 0
        for slug in slugs:
            mask |= 1 << self.places[slug]
        return mask

    def __getitem__(self, slug: str) -> _Model:
        return self.models[self.places[slug]]

    def size(self, floor: int) -> int:
        """The number of binary digits that count the models of at least a floor's quality; a few at least."""
        size = self.sizes[floor] = max(self.quality.at_most(-floor).bit_length().bit_length(), _NEAR.bit_length())
        return size


class _Order:
    """A rank for every model of a catalogue, best first."""

    __slots__ = ("_catalogue", "_planes", "_text", "name")

    def __init__(self, name: str, text: str, catalogue: _Catalogue, slugs: frozenset[str]) -> None:
        self.name, self._text, self._catalogue = name, text, catalogue
        self._planes: tuple[list[int], list[int]] | None = None
        named = text.split(" ")
        # As many names as models, and no model missing: each is there exactly once.
        if len(named) != len(slugs) or slugs.difference(named):
            raise _Refused(f"order {name!r} does not name every model exactly once")

    def planes(self) -> tuple[list[int], list[int]]:
        """For each binary digit of the rank, the highest first: the models that have a 0 there; in two halves.

        So the best of a mask is found digit by digit: whenever some of it have a 0 the others are out.
        """
        text, planes = self._text, self._planes  # in this order: the text is let go once the planes are there
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


# For each binary digit of a byte, the lowest first: the bytes with a 0 there as character 1, the others as 0.
_ZEROS: Final = [bytes([49 - (byte >> digit & 1) for byte in range(256)]) for digit in range(8)]


# --- Policies and routes ------------------------------------------------------------------------------------


class _Policy:
    """An effective policy (in the fallback file: its permission part) over a catalogue."""

    def __init__(self, name: str | None, body: dict[str, Any], home: _Catalogue,
                 orders: dict[str, _Order] | None = None) -> None:
        self.name, self.home, self._body = name, home, body
        self.rejects = False  # nothing passes: the tenant is undeclared and `unknown_tenant` says reject
        if orders is not None:
            self.plain, self.penalised = orders[body["plain"]], orders[body["penalised"]]
            self.fallback: bool = body["fallback"]
            self.floor: int | None = body["min_quality_bp"]
            self.max_loss: int = body["max_quality_loss_bp"]
        self._masks: tuple[int, int, int] | None = None
        self.forget()

    def forget(self) -> None:
        """Begins anew what is kept for calls without hints, by `feature` and by `model`."""
        self.by_feature: dict[str, Decision] = {}
        self.by_model: dict[str, Decision] = {}
        # For an experiment its salt with the colon, and decisions for calls with a `unit`: those kept by slot,
        # and one for each range of slots with the range's start.
        self.sticky: dict[str, tuple[bytes, dict[int, Decision], list[int], list[Decision]]] = {}

    def rejecting(self) -> _Policy:
        """The same policy with a permission filter that nothing passes."""
        twin = object.__new__(_Policy)
        twin.__dict__.update(self.__dict__, rejects=True)
        twin.forget()
        return twin

    def masks(self, catalogue: _Catalogue) -> tuple[int, int, int]:
        """Models that pass the policy's bans, its stacks and its compliance threshold."""
        if self._masks is not None and catalogue is self.home:
            return self._masks
        models, providers = frozenset(self._body["banned_models"]), frozenset(self._body["banned_providers"])
        stacks, least = self._body["stacks"], self._body["compliance_bp"]
        masks = (
            catalogue.mask(lambda m: not (m.provider in providers or m.slug in models or m.logical in models)),
            catalogue.all if stacks is None else catalogue.mask(lambda m: m.stack in stacks),
            catalogue.mask(lambda m: m.compliance >= least),
        )
        if catalogue is self.home:
            self._masks = masks
        return masks


_NO_POLICY: Final = {"banned_models": [], "banned_providers": [], "compliance_bp": 0, "stacks": None}


class _View:
    """One route as one policy sees it: its candidates, those that may ever serve, and how they rank."""

    __slots__ = ("attempts", "base", "base_from", "candidates", "chain", "head", "kind", "listed", "max_loss", "name",
                 "near", "open", "pick", "policy", "shadows")

    def __init__(self, table: _Table, policy: _Policy, kind: str, name: str) -> None:
        catalogue = table.catalogue
        self.kind, self.name, self.policy, self.max_loss = kind, name, policy, policy.max_loss
        self.listed = kind != "feature"  # a feature reaches unlisted models it names
        self.head: list[_Model] = []  # a feature's primary and fallbacks come first, whatever their rank
        self.pick, self.chain = policy.plain, policy.penalised
        self.attempts = table.max_attempts if policy.fallback else 1
        shadows: list[_Shadow] = []
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
        self.base, self.base_from = max(declared, key=lambda pair: pair[0], default=table.good)
        permitted = 0 if policy.rejects else catalogue.active
        for mask in policy.masks(catalogue):
            permitted &= mask
        self.shadows = [shadow for shadow in shadows if permitted >> shadow.model.index & 1]
        self.open = self.candidates & permitted & (catalogue.listed if self.listed else catalogue.all)
        # The candidates looked at first: at place n for floors that at most the best 2 to the power of n models reach.
        self.near: list[_Near | None] = [None] * (max(len(catalogue.models).bit_length(), _NEAR.bit_length()) + 1)

    def nearest(self, size: int) -> _Near:
        """The candidates looked at first among the best 2 to the power of `size` models, found when first asked for."""
        home = self.policy.home
        if len(home.near) >= _MOST_NEAR:
            full, home.near = home.near, []
            for view, place in full:
                view.near[place] = None
        home.near.append((self, size))
        near = self.near[size] = _Near(self, self.open & (1 << (1 << size)) - 1)
        return near

    def best(self, mask: int, maybe: int, request: _Request) -> _Model | None:
        """The first of a mask; one of `maybe` only if the request affords it."""
        found = self.first(mask, 1, self.pick, maybe, request)
        return found[0] if found else None

    def first(self, mask: int, count: int, order: _Order, maybe: int = 0,
              request: _Request | None = None) -> list[_Model]:
        """The first `count` models of a mask, as this route ranks them with an order; those of `maybe` only if
        the request affords them."""
        found: list[_Model] = []
        for model in self.head:
            bit = 1 << model.index
            if mask & bit and len(found) < count:
                mask ^= bit
                if not maybe & bit or request is None or request.affords(model):
                    found.append(model)
        models = self.policy.home.models
        upper, lower = order.planes() if mask and len(found) < count else ([], [])
        while mask and len(found) < count:
            best = mask
            for plane in upper:
                if better := best & plane:
                    best = better
            if best & (best - 1):  # mostly the upper digits leave one alone
                for plane in lower:
                    if better := best & plane:
                        best = better
            mask ^= best
            model = models[best.bit_length() - 1]
            if not maybe & best or request is None or request.affords(model):
                found.append(model)
        return found


class _Near(_Space):
    """The first candidates of some: the nearest in the pick's order, then the nearest in the chain's."""

    __slots__ = ("chained", "further", "pickable")

    def __init__(self, view: _View, candidates: int) -> None:
        picks = view.first(candidates, _NEAR, view.pick)
        chain = picks if view.chain is view.pick else view.first(candidates, _NEAR, view.chain)
        super().__init__(list(dict.fromkeys(picks + chain)), view.policy.home.words)
        self.pickable = (1 << len(picks)) - 1
        self.chained = [(1 << self.places[model.slug], model) for model in chain]
        self.further = candidates.bit_count() > _NEAR

    def first(self, mask: int, maybe: int, request: _Request) -> _Model | None:
        """The first of a mask in the pick's order; one of `maybe` only if the request affords it."""
        mask &= self.pickable
        while mask:
            lowest = mask & -mask
            model = self.models[lowest.bit_length() - 1]
            if not lowest & maybe or request.affords(model):
                return model
            mask ^= lowest
        return None


class _Shadow(NamedTuple):
    """A shadow row with a sample."""

    model: _Model
    sample: int  # basis points
    salt: str


class _Feature:
    """The registry rows of a feature."""

    __slots__ = ("floor", "head", "primary", "retired", "shadows", "then")

    def __init__(self, name: str, body: Any, table: _Table) -> None:
        what, catalogue = f"feature {name!r}", table.catalogue
        _check(body, _FEATURE, what)
        self.floor: int | None = body["min_quality_bp"]
        self.then: str | None = body["then"]
        if self.then is not None:
            _known([self.then], table.targets, what, "target")
        self.primary: _Model | None = None
        self.shadows: list[_Shadow] = []
        statuses: dict[str, str] = {}
        for row in body["rows"]:
            _check(row, _ROW, f"{what}: a row")
            slug, status = row["model"], row["status"]
            _known([slug], catalogue.places, what, "model")
            if status == "shadow" and "sample_bp" in row and slug not in statuses:
                _check(row, _SAMPLE, f"{what}: the row of {slug!r}")
                self.shadows.append(_Shadow(catalogue[slug], row["sample_bp"], f"shadow:{name}:{slug}"))
            if status == "primary" and self.primary is None:  # of two primaries the first serves
                self.primary = catalogue[slug]
            statuses.setdefault(slug, status)
        self.retired = catalogue.slugs(slug for slug, status in statuses.items() if status == "retired")
        _known(body["fallback"], catalogue.places, what, "model")
        first = [] if self.primary is None else [self.primary]
        self.head = list(dict.fromkeys(first + [catalogue[slug] for slug in body["fallback"]]))


class _Variant(NamedTuple):
    """The version of a variant that serves."""

    model: _Model
    id: str
    version: int
    api_key_env: str | None  # in place of the provider's


class _Experiment:
    """The experiment that answers for a public model id."""

    __slots__ = ("name", "on_pause", "owners", "salt", "starts", "status", "variants", "winner")

    def __init__(self, public_id: str, body: Any, catalogue: _Catalogue) -> None:
        what = f"experiment of {public_id!r}"
        _check(body, _EXPERIMENT, what)
        self.name: str = body["experiment"]
        self.salt: str = body["salt"]
        self.status: str = body["status"]
        self.on_pause: str = body["on_pause"]
        self.variants: list[_Variant] = []
        for row in body["variants"]:
            _check(row, _VARIANT, f"{what}: a variant")
            _known([row["model"]], catalogue.places, what, "model")
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
        self.starts: list[int] = [pair[0] for pair in body["slots"]]  # of ranges, each up to the next
        self.owners: list[int] = [pair[1] for pair in body["slots"]]  # the variant each range belongs to
        if self.starts[:1] != [0] or self.starts != sorted({*self.starts}) or self.starts[-1] >= _SLOTS:
            raise _Refused(f"{what}: `slots` does not rise from 0 to at most 9999")

    def assign(self, slot: int | None) -> tuple[int, str | None]:
        """The variant that serves a slot (none: no unit was given), and the reason to say."""
        if self.status == "completed":
            return self.winner or 0, None
        if self.status == "paused":
            return 0, "paused_control"
        return (0, "no_unit") if slot is None else (self.owners[bisect_right(self.starts, slot) - 1], None)


def slot_of(salt: str, unit: str) -> int:
    """The slot (0..9999) of a unit under a salt: docs/semantics.md, section 5.

    UnicodeEncodeError for text that has no UTF-8 form (lone surrogates).
    """
    return _first_eight(sha256(f"{salt}:{unit}".encode()).digest())[0] * _SLOTS >> 64  # type: ignore[no-any-return]


_first_eight: Final = Struct(">Q24x").unpack  # of the bytes of a SHA-256, as a number


# --- The files, checked -------------------------------------------------------------------------------------


class _File:
    """What the table and the fallback file have in common."""

    def __init__(self, body: dict[str, Any], fields: dict[str, _Kind]) -> None:
        _check(body, _FILE | fields, "the file")
        _check(body["defaults"], _DEFAULTS, "`defaults`")
        self.format: str = body["format"]
        providers = body["providers"]
        for slug, provider in providers.items():
            _check(provider, _PROVIDER, f"provider {slug!r}")
        for slug, model in body["models"].items():
            _check(model, _MODEL, f"model {slug!r}")
        stacks = [*body.get("stacks", "")[:-_SEAL].split(), *(provider["stack"] for provider in providers.values())]
        self.catalogue = _Catalogue([_Model(slug, model, providers.get(model["provider"]))
                                     for slug, model in body["models"].items()], stacks)
        self.routes: dict[str, str] = body["defaults"]["routes"]
        self.default_model: str = body["defaults"]["model"]
        self.preferences: dict[str, Any] | None = body["preferences"]

    def join_tenants(self, body: dict[str, Any], policies: dict[str, _Policy], kind: str) -> None:
        """Takes the policies, and checks that the one of each tenant, and of everybody else, is among them."""
        self.tenants: dict[str, str] = body["tenants"]  # with their seals
        self.policies = policies
        try:
            all_known = policies.keys() >= {name[:-_SEAL] for name in self.tenants.values()}
        except TypeError:  # an object in place of a name
            all_known = False
        if not all_known:
            for tenant, name in self.tenants.items():
                if type(name) is not str or name[:-_SEAL] not in policies:
                    shown = name[:-_SEAL] if type(name) is str else name
                    raise _Refused(f"tenant {tenant!r} names the {kind} {shown!r}, which is not in the file")
        _known([body["defaults"]["policy"]], policies, "`defaults`", kind)
        self.default = policies[body["defaults"]["policy"]]
        rejects = body["defaults"]["unknown_tenant"] == "reject"
        self.undeclared = self.default.rejecting() if rejects else self.default


class _Fallback(_File):
    """fallback.json: the lower rungs, and what each tenant may use of them."""

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
        self.join_tenants(body, policies, "permission")


class _Table(_File):
    """The routing table, checked and ready to answer; all that changes in it is what is kept for speed."""

    def __init__(self, body: dict[str, Any], digest: str) -> None:
        super().__init__(body, _TABLE)
        self.hash, catalogue = digest, self.catalogue
        _known([self.default_model], catalogue.places, "`defaults`", "model")
        _known(self.routes.values(), catalogue.places, "`defaults`: a route", "model")
        _check(body["resilience"], _RESILIENCE, "`resilience`")
        self.max_attempts: int = body["resilience"]["max_attempts"]
        self.good, self.clamp = (0, "none"), (0, _TOP)
        if self.preferences is not None:
            self._read_preferences(self.preferences)
        slugs = frozenset(catalogue.places)
        orders = {name: _Order(name, text[:-_SEAL], catalogue, slugs) for name, text in body["orders"].items()}
        self.join_tenants(body, self._policies(body, orders), "policy")
        self.targets = {name: self._target(name, target) for name, target in body["targets"].items()}
        aliases = {alias: name[:-_SEAL] for alias, name in body["aliases"].items()}
        _known(aliases.values(), self.targets, "an alias", "target")
        # Without a primary that has a known provider, a feature counts as having no rows.
        rows = {name: _Feature(name, feature, self) for name, feature in body["features"].items()}
        self.features = {name: one for name, one in rows.items() if one.primary and one.primary.known}
        self.experiments = {name: _Experiment(name, one, catalogue) for name, one in body["experiments"].items()}
        # What `model` may name: kind and name. The kinds share one namespace; should they not, the later wins.
        self.callable: dict[str, tuple[str, str]] = {}
        for kind, names in (("logical", catalogue.logical), ("direct", catalogue.places),
                            ("experiment", self.experiments), ("target", self.targets)):
            self.callable.update((name, (kind, name)) for name in names)
        self.callable.update((alias, ("alias", name)) for alias, name in aliases.items())
        self._views: dict[tuple[_Policy, str, str], _View] = {}
        self.kept = 0  # decisions with the policies

    def _read_preferences(self, preferences: dict[str, Any]) -> None:
        _check(preferences, _PREFERENCES, "`preferences`")
        _check(preferences["dial_bp"], _DIAL, "`dial_bp`")
        _known([preferences["default"]], preferences["dial_bp"], "`preferences`", "preference")
        clamp = preferences["clamp_bp"]
        if len(clamp) != 2 or not all(_BP.test(bound) for bound in clamp) or clamp[0] > clamp[1]:
            raise _Refused("`preferences`: `clamp_bp` is not two numbers from 0 to 10000 in order")
        self.good, self.clamp = (preferences["good_bp"], "good"), (clamp[0], clamp[1])

    def _policies(self, body: dict[str, Any], orders: dict[str, _Order]) -> dict[str, _Policy]:
        models = {*self.catalogue.places, *self.catalogue.logical}
        providers = self.catalogue.words.providers.union(body["providers"])
        policies = {}
        for name, policy in body["policies"].items():
            what = f"policy {name!r}"
            _check(policy, _POLICY, what)
            _known([policy["plain"], policy["penalised"]], orders, what, "order")
            # A ban that names nothing would silently permit what it was meant for.
            _known(policy["banned_models"], models, what, "banned model")
            _known(policy["banned_providers"], providers, what, "banned provider")
            policies[name] = _Policy(name, policy, self.catalogue, orders)
        return policies

    def _target(self, name: str, body: Any) -> tuple[int, int | None]:
        """Candidates (before any filter) and floor of a target."""
        what, catalogue = f"target {name!r}", self.catalogue
        _check(body, {"candidates": _ANY, "min_quality_bp": _FLOOR}, what)
        match body["candidates"]:
            case "all":
                mask = catalogue.all
            case {"models": slugs, **more} if _SLUGS.test(slugs) and not more:
                _known(slugs, catalogue.places, what, "model")
                mask = catalogue.slugs(slugs)
            case {"stacks": words, **more} if _SLUGS.test(words) and not more:
                mask = catalogue.mask(lambda model: model.stack in words)
            case {"logical": slug, **more} if _TEXT.test(slug) and not more:
                _known([slug], catalogue.logical, what, "logical model")
                mask = catalogue.logical[slug]
            case _:
                raise _Refused(f'{what}: `candidates` is none of "all", models, stacks and logical')
        return mask, body["min_quality_bp"]

    def view(self, policy: _Policy, kind: str, name: str) -> _View:
        """A route as a policy sees it, made when first asked for."""
        view = self._views.get((policy, kind, name))
        if view is None:
            if len(self._views) >= _MOST_VIEWS:
                self._views = {}
            view = self._views[policy, kind, name] = _View(self, policy, kind, name)
        return view


def _last_resort(given: object) -> str | _Model:
    """The ladder's lowest rung as given in code: a slug, or an endpoint (ValueError if malformed)."""
    if isinstance(given, dict):
        return _endpoint(given)
    if isinstance(given, str) and given:
        return str(given)
    raise ValueError("last_resort is neither a model slug nor a dict")


def _endpoint(given: dict[str, Any]) -> _Model:
    """An endpoint given in code, as a model. Required: `model`, `provider`, `upstream_model`, `url`, `adapter`.

    The others as in the table, with the defaults a model has in YAML where left out: `api_key_env`, `stack`,
    `logical`, `capabilities`, `compliance_bp`, `context_window` (left out: no limit), `min_output_tokens`,
    `input_pusd`, `output_pusd`, `output_ratio_bp` (without both prices no cost is estimated).
    """
    own = {"active": True, "latency_ms": 0, "listed": True, "quality_bp": 0, "upstream": ""}
    kinds = {**_PROVIDER, **_MODEL, "model": _TEXT, "stack": _or_null(_STACK), "upstream_model": _TEXT}
    left_out: dict[str, Any] = {
        "api_key_env": None, "capabilities": [], "compliance_bp": _TOP, "context_window": 2 * _MOST_WHOLE,
        "input_pusd": 0, "logical": None, "min_output_tokens": 0, "output_pusd": 0, "output_ratio_bp": 5000,
        "stack": None}
    for key in given:
        if key not in kinds or key in own:
            raise ValueError(f"last_resort has the unknown key {key!r}")
    body = left_out | given | own
    try:
        _check(body, kinds, "last_resort")
    except _Refused as refused:
        raise ValueError(str(refused)) from None
    model = _Model(body["model"], body | {"upstream": body["upstream_model"]}, body)
    model.priced = "input_pusd" in given and "output_pusd" in given
    return model


# --- The request, brought into shape ------------------------------------------------------------------------


_MOST_WHOLE: Final = 10**9  # tokens, milliseconds
_MOST_COST: Final = 10**24  # pico-dollars
_PICO: Final = 10**12  # pico-dollars of a dollar


class _Request:
    """A request's arguments as exact built-in values; what was not given, or is of the wrong kind, is None.

    INVARIANT: no method of a caller's own class ever runs: everything is asked of exact built-in types.
    """

    __slots__ = ("capabilities", "feature", "flags", "input_tokens", "latency", "max_cost", "max_output",
                 "min_quality", "model", "preference", "request_id", "stack", "tenant", "unavailable", "unit")
    feature: str | None
    model: str | None
    tenant: str | None
    stack: str | None
    latency: int | None
    input_tokens: int | None
    max_output: int | None
    unit: str | None
    request_id: str | None
    preference: str | None

    def __init__(self, feature: Any, model: Any, tenant: Any, min_quality: Any, latency: Any, stack: Any,
                 input_tokens: Any, max_output: Any, max_cost: Any, stream: object, tools: object,
                 capabilities: object, unavailable: object, unit: Any, others: dict[str, Any]) -> None:
        self.flags: list[str] = []
        if feature is not None and not (type(feature) is str and feature.isascii()):
            feature = self._text("feature", feature)
        if model is not None and not (type(model) is str and model.isascii()):
            model = self._text("model", model)
        if tenant is not None and not (type(tenant) is str and tenant.isascii()):
            tenant = self._text("tenant", tenant)
        self.feature, self.model, self.tenant = feature, model, tenant
        # What guards a policy fails closed: a stack that is no text is a stack nobody declares.
        self.stack = stack if stack is None or type(stack) is str else _exact_text(stack) or ""
        if latency is not None and not (type(latency) is int and 0 <= latency <= _MOST_WHOLE):
            latency = self._whole("latency_budget_ms", latency)
        if input_tokens is not None and not (type(input_tokens) is int and 0 <= input_tokens <= _MOST_WHOLE):
            input_tokens = self._whole("input_tokens", input_tokens)
        if max_output is not None and not (type(max_output) is int and 0 <= max_output <= _MOST_WHOLE):
            max_output = self._whole("max_output_tokens", max_output)
        self.latency, self.input_tokens, self.max_output = latency, input_tokens, max_output
        self.min_quality: int | None = None
        self.max_cost: int | None = None
        if min_quality is not None:
            self.min_quality = _basis_points(min_quality)
            if self.min_quality is None:
                self.flags.append("ignored:min_quality")
        if max_cost is not None:
            self.max_cost = None if self.input_tokens is None else _pico_dollars(max_cost)
            if self.max_cost is None:  # no number, or nothing to estimate a cost from
                self.flags.append("ignored:max_cost_usd")
        self.unavailable = () if unavailable is None else self._names("unavailable", unavailable)
        self.capabilities = () if capabilities is None else self._names("capabilities", capabilities)
        if stream is True:
            self.capabilities += ("streaming",)
        if tools is True:
            self.capabilities += ("tools",)
        self.unit = None if unit is None else self._text("unit", unit)
        self.request_id = self.preference = None
        for key, value in others.items() if others else ():
            name = _exact_text(key) or ""
            if name not in ("request_id", "preference"):
                self.flags.append(f"ignored:{name}")
            elif value is not None:
                setattr(self, name, self._text(name, value))

    @classmethod
    def of(cls, arguments: dict[str, Any]) -> _Request:
        """The request of a call's keyword arguments."""
        named = dict.fromkeys(ARGUMENTS[:-2])
        others: dict[str, Any] = {}
        for key, value in arguments.items():
            name = _exact_text(key) or ""  # the key itself would be hashed and compared
            (named if name in named else others)[name] = value
        return cls(*named.values(), others)  # type: ignore[arg-type, call-arg]

    def affords(self, model: _Model) -> bool:
        """The cost filter for one model."""
        most, tokens = self.max_cost, self.input_tokens
        return most is None or tokens is None or model.cost(tokens, self.max_output) <= most

    def _text(self, name: str, value: Any) -> str | None:
        text = _exact_text(value)
        if text is not None and (text.isascii() or _is_text(text)):
            return text
        self.flags.append(f"ignored:{name}")
        return None

    def _whole(self, name: str, value: Any) -> int | None:
        number = _whole_number(value)
        if number is not None and 0 <= number <= _MOST_WHOLE:
            return number
        self.flags.append(f"ignored:{name}")
        return None

    def _names(self, name: str, value: Any) -> tuple[str, ...]:
        names = _exact_names(value)
        if names is None:
            self.flags.append(f"ignored:{name}")
        return names or ()


def _exact_text(value: Any) -> str | None:
    """A str, without whatever a subclass of it may do; None for anything else."""
    if type(value) is str:
        return value
    return str.__str__(value) if issubclass(type(value), str) else None


def _exact_names(value: Any) -> tuple[str, ...] | None:
    """The texts of a list, tuple or set; None for anything else, or if one of them is no text."""
    kind = type(value)
    if issubclass(kind, (set, frozenset)):  # in one step: another thread may be changing it
        held: Iterable[Any] = frozenset[Any]().union(value)
    elif issubclass(kind, list):
        held = list.__iter__(value)
    elif issubclass(kind, tuple):
        held = tuple.__iter__(value)
    else:
        return None
    names = [_exact_text(name) for name in held]
    texts = tuple([name for name in names if name is not None])
    return texts if len(texts) == len(names) else None


def _names_key(capabilities: Any, unavailable: Any) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Lists of exact texts as something to remember by; None if they are anything else."""
    for value in (capabilities, unavailable):
        kind = type(value)  # asked with `is`: even a type may have an __eq__ of its own
        if value is not None and kind is not list and kind is not tuple and kind is not set:
            return None
    # Each in one step, as `*` does it: another thread may be changing a set.
    first, second = (*(capabilities or ()),), (*(unavailable or ()),)
    for name in first + second:
        if type(name) is not str:
            return None
    return first, second


def _is_short(feature: Any, model: Any, stack: Any, names: Any) -> bool:
    """Whether the texts a call would be remembered by are of a length that names have."""
    return ((feature is None or len(feature) <= _LONGEST) and (model is None or len(model) <= _LONGEST)
            and (stack is None or len(stack) <= _LONGEST)
            and (not names or sum([len(name) + 8 for group in names for name in group]) <= _LONGEST))


def _number(value: Any) -> int | Decimal | None:
    """A finite int or Decimal; a float counts as its shortest round-trip decimal. None for anything else."""
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
    """A number that is whole, or None; also from 10¹¹ on: 1e999999999 has a billion digits."""
    number = _number(value)
    if isinstance(number, Decimal):
        if number and number.adjusted() > 10:
            return None
        return int(number) if int(number) == number else None
    return number


# INVARIANT: different doubles keep their order as decimals, and a decimal of up to 15 digits is the shortest of
# its double. So a double is compared exactly with such a decimal by comparing it with that one's double.


def _basis_points(value: Any) -> int | None:
    """`min_quality` rounded up to a basis point, held within -1..10,001; None if it is no number."""
    if type(value) is float and 0 <= value <= 1:
        points = int(value * _TOP)
        while points / _TOP < value:
            points += 1
        return points
    number = _number(value)
    if number is None:
        return None
    points = _times(number, _TOP, _UP, ceil)
    return points if -1 <= points <= _TOP else -1 if points < 0 else _TOP + 1


def _pico_dollars(value: Any) -> int | None:
    """`max_cost_usd` rounded down to a pico-dollar, at most 10²⁴ (all below 0 are alike); None if no number."""
    if type(value) is float and 0 <= value <= 999:
        pico = int(value * _PICO) + 1
        while pico / _PICO > value:
            pico -= 1
        return pico
    number = _number(value)
    if number is None:
        return None
    pico = _times(number, _PICO, _DOWN, floor)
    return pico if -1 <= pico <= _MOST_COST else -1 if pico < 0 else _MOST_COST


# Contexts of our own: the caller's may trap, or round to few digits. What is too large for these becomes infinite,
# what is too small the smallest number there is, before anyone computes with a billion digits.
_UP: Final = Context(prec=60, Emin=-90, Emax=90, rounding=ROUND_CEILING, traps=[])
_DOWN: Final = Context(prec=60, Emin=-90, Emax=90, rounding=ROUND_FLOOR, traps=[])


def _times(number: int | Decimal, factor: int, context: Context, whole: Callable[[Any], int]) -> int:
    """A number times a factor, made whole the way the context rounds; beyond every limit if it is enormous."""
    if type(number) is int:
        return number * factor
    try:
        return whole(context.multiply(number, factor))
    except OverflowError:  # infinite
        return 10**30 if number > 0 else -(10**30)


# --- Deciding -----------------------------------------------------------------------------------------------


_new: Final = tuple.__new__  # makes a Decision at half the price of calling its class
_STATUS_OF: Final = {"permission": "rejected_policy", "ability": "rejected_unavailable",
                     "quality": "rejected_floor", "cost": "rejected_cost"}
_NO_ENDPOINT: Final[tuple[Any, ...]] = (None,) * 6
_UNASSIGNED: Final[tuple[Any, ...]] = (None,) * 4  # experiment, variant, version, slot


class _State:
    """All that one decision reads: table, fallback file, last resort. It changes only in what it keeps."""

    def __init__(self, table: _Table | None, fallback: _Fallback | None, last: str | _Model | None) -> None:
        self.table, self.fallback = table, fallback
        self.file: _File | None = table or fallback
        self.hash = None if table is None else table.hash
        # Policies by tenant, none first: of those who ask, not of all there are.
        self.policies: dict[str | None, _Policy] = {} if table is None else {None: table.default}
        self.hinted: dict[Any, Decision] = {}
        self.ranked: dict[Any, _View] = {}  # routes by policy, feature and model
        self.last_resort = self._find(last)
        if table is not None:
            self.serving = "routing table"
        elif fallback is not None:
            self.serving = "fallback file"
        else:
            self.serving = "nothing" if self.last_resort is None else "last resort"

    def _find(self, last: str | _Model | None) -> tuple[_Catalogue, _Model] | None:
        """The last resort, and the catalogue it is filtered in."""
        if isinstance(last, _Model):
            stacks = set() if self.file is None else {*self.file.catalogue.words.stacks}
            stacks = {word for word in stacks if not word.startswith("avoid-")}
            return _Catalogue([last], stacks if last.stack is None else {*stacks, last.stack}), last
        for file in (self.table, self.fallback):
            if file is not None and last in file.catalogue.places:
                return file.catalogue, file.catalogue[last]
        return None

    def decide(self, request: _Request, policy: _Policy | None = None, key: Any = None) -> Decision:
        """The decision for a request (of a policy, where it is known), without a look at what is remembered.

        With a `key` (of policy, feature, model and hints) the route is remembered, where it is ranked.
        """
        file, table, policy = self.file, self.table, policy or self.policy(request)
        delta = 0 if request.preference is None else self.dial(request)
        kind, name = self.route(request)
        if kind == "ladder":
            return self._ladder(policy, request)
        if kind == "direct" and file is not None:
            return self._direct(file, name, policy, request)
        if table is None or kind is None:
            return self._answer("unknown_model", None, None if table is None else "table", request)
        if kind == "experiment":
            experiment = table.experiments[name]
            slot = None if request.unit is None else slot_of(experiment.salt, request.unit)
            return self._assigned(experiment, slot, policy, request)
        view = table.view(policy, kind, name)
        if key is not None and not request.flags:  # an alias has something to say
            if len(self.ranked) >= _MOST_VIEWS:
                self.ranked = {}
            self.ranked[key[:3]] = view
        return self.decide_ranked(view, request, delta)

    def policy(self, request: _Request) -> _Policy:
        """The request's policy; says if its tenant is not declared."""
        tenant, file = request.tenant, self.file
        if file is not None and (tenant is None or tenant in file.tenants):
            policy = file.default if tenant is None else file.policies[file.tenants[tenant][:-_SEAL]]
            if self.table is not None:
                if len(self.policies) >= _MOST_PLAIN:
                    self.policies = {None: file.default}
                self.policies[tenant] = policy
            return policy
        if tenant is not None:
            request.flags.append("tenant_unknown")
        return _Policy(None, _NO_POLICY, _Catalogue([], ())) if file is None else file.undeclared

    def dial(self, request: _Request) -> int:
        """What the dial adds to the floor, in basis points; 0 unless a live, declared position is named."""
        word, preferences = request.preference, None if self.file is None else self.file.preferences
        if word is None:
            return 0
        if preferences is None or word not in preferences["dial_bp"]:
            request.flags.append("preference_unknown")
            return 0
        if word == preferences["default"]:
            return 0
        gate = preferences["gate_env"]
        if gate is None or os.environ.get(gate) != "1":
            request.flags.append("preference_inert")
            return 0
        delta: int = preferences["dial_bp"][word]
        return delta

    def route(self, request: _Request) -> tuple[str | None, str]:
        """Kind and name of the route; says if it was named by an alias."""
        if request.feature is not None:
            declared = self.table is not None and request.feature in self.table.features
            return "feature" if declared else "ladder", request.feature
        name = request.model or ""
        if self.table is None:
            held = self.file is not None and name in self.file.catalogue.places
            return "direct" if held else None, name
        kind, found = self.table.callable.get(name, (None, name))
        if kind == "alias":
            request.flags.append("alias")
        return "target" if kind == "alias" else kind, found

    def floor(self, view: _View, request: _Request, delta: int) -> tuple[int, int]:
        """The floor, and the base from which the dial moved it."""
        if request.min_quality is not None:
            return request.min_quality, request.min_quality
        base = view.base
        if delta == 0 or self.table is None:
            return base, base
        low, high = self.table.clamp
        return (max(base, min(base + delta, high)) if delta > 0 else min(base, max(base + delta, low))), base

    # - what is remembered -

    def plain(self, policy: _Policy, feature: Any, model: Any, tenant: Any) -> Decision:
        """The decision for a call without hints, kept with the policy if what it names is declared."""
        decision = self.decide(_Request(feature, model, tenant, *(None,) * 11, {}))
        # The policies live as long as the table, the last resort and what rejects in its place do not.
        if decision.source == "last_resort" or (decision.source != "table" and decision.status != "ok"):
            return decision
        # Names that nobody declared are not kept: callers could make up any number of them.
        if self.table is not None and decision.route is not None:
            if feature is None and type(model) is str:
                self._keep(policy.by_model, model, decision)
            elif (model is None and type(feature) is str
                    and (feature in self.table.features or feature in self.table.routes)):
                self._keep(policy.by_feature, feature, decision)
        return decision

    def personal(self, policy: _Policy, feature: Any, model: Any, tenant: Any, unit: Any,
                 others: dict[str, Any]) -> Decision | None:
        """The decision for a call with `unit` or `request_id` and no hints: other than without them by slot,
        variant and shadows alone. None if it gives anything else, or something that is no text."""
        request_id = others.get("request_id")
        if (len(others) != (request_id is not None) or not (unit is None or _is_text(unit))
                or not (request_id is None or _is_text(request_id))):
            return None
        if model is None and type(feature) is str:
            plain = policy.by_feature.get(feature) or self.plain(policy, feature, None, tenant)
            if plain.source != "table" or plain.status != "ok" or self.table is None:
                return plain
            view = self.table.view(policy, "feature", feature)
            shadows = self._mirrored(view, plain.model, unit if request_id is None else request_id, None)
            return plain._replace(shadows=shadows) if shadows else plain
        if feature is None and type(model) is str:
            plain = policy.by_model.get(model) or self.plain(policy, None, model, tenant)
            if plain.experiment is None or unit is None or self.table is None:
                return plain
            experiment, request = self.table.experiments[model], _Request.of({})
            by_range = [self._assigned(experiment, start, policy, _Request.of({})) for start in experiment.starts]
            policy.sticky[model] = f"{experiment.salt}:".encode(), {}, experiment.starts, by_range
            return self._assigned(experiment, slot_of(experiment.salt, unit), policy, request)
        return None

    def slotted(self, by_slot: dict[int, Decision], slot: int, starts: list[int],
                by_range: list[Decision]) -> Decision:
        """An experiment's decision for a slot: that of its range of slots, kept for the next of the slot."""
        one = by_range[bisect_right(starts, slot) - 1]
        decision = _new(Decision, (*one[:14], slot, *one[15:]))
        self._keep(by_slot, slot, decision)
        return decision

    def _keep(self, store: dict[Any, Decision], key: Any, decision: Decision) -> None:
        """Keeps a decision with its policy; of all that are kept so none is kept longer than the others."""
        table = self.table
        if table is None:
            return
        if table.kept >= _MOST_PLAIN:
            table.kept = 0
            for policy in table.policies.values():
                policy.forget()
        table.kept += 1
        store[key] = decision

    # - features, targets and logical models -

    def decide_ranked(self, view: _View, request: _Request, delta: int) -> Decision:
        """The decision of a feature, a target or a logical model; `delta` is what the dial adds to the floor."""
        floor, base = self.floor(view, request, delta)
        pick, chain = self._chain(view, request, floor)
        if pick is None and floor != base:
            pick, chain = self._chain(view, request, base)
            if pick is not None:
                floor = base
                request.flags.append("preference_relaxed")
        if pick is None:
            catalogue = view.policy.home
            steps = _steps(catalogue, view.policy, request, listed=view.listed, floor=floor)
            refused = _walk(catalogue, view.candidates, request, steps) or "rejected_policy"
            return self._answer(refused, view.kind, "table", request, floor=floor)
        shadows: tuple[str, ...] = ()
        if view.shadows:
            unit = request.unit if request.request_id is None else request.request_id
            shadows = self._mirrored(view, pick.slug, unit, request)
        cost, tokens = None, request.input_tokens
        if tokens is not None:
            cost = pick.cost(tokens, request.max_output)
        said = tuple(sorted({*request.flags})) if request.flags else ()
        model, provider, upstream, url, adapter, key = pick.endpoint  # to unpack them in place is slower
        return _new(Decision, ("ok", view.kind, "table", model, provider, upstream, url, adapter, key, tuple(chain),
                               shadows, None, None, None, None, floor, cost, said, self.hash))

    def _chain(self, view: _View, request: _Request, floor: int) -> tuple[_Model | None, list[str]]:
        """The first of the models that survive, and the slugs of all, the first's too; none if none does.

        Sought among the nearest candidates, and among all of the route's only for what is not found there.
        """
        far, attempts = view.policy.home, view.attempts
        size = far.sizes.get(floor)
        if size is None:
            size = far.size(floor)
        near = view.near[size] or view.nearest(size)
        left, maybe = near.survivors(near.quality.at_most(-floor), request)
        everything: tuple[int, int] | None = None
        pick = near.first(left, maybe, request)
        if pick is None and near.further:
            everything = far.survivors(view.open & far.quality.at_most(-floor), request)
            pick = view.best(*everything, request)
        if pick is None:
            return None, []
        if request.latency is not None and pick.latency > request.latency:
            least = view.max_loss - pick.quality
            quick = left & near.latency.at_most(request.latency) & near.quality.at_most(least)
            found = near.first(quick, maybe, request)
            if found is None and near.further:
                quick = view.open & far.quality.at_most(-floor) if everything is None else everything[0]
                quick &= far.quality.at_most(least) & far.latency.at_most(request.latency)
                if quick:
                    everything = everything or far.survivors(view.open & far.quality.at_most(-floor), request)
                    found = view.best(quick & everything[0], everything[1], request)
            if found is not None:
                pick = found
            else:
                request.flags.append("latency_budget_missed")
        chain = [pick.slug]
        if attempts > 1 and (left.bit_count() >= attempts or not near.further):
            for bit, model in near.chained:
                if left & bit and model is not pick and (not maybe & bit or request.affords(model)):
                    chain.append(model.slug)
                    if len(chain) == attempts:
                        return pick, chain
        if attempts == 1 or not near.further:
            return pick, chain
        left, maybe = everything or far.survivors(view.open & far.quality.at_most(-floor), request)
        others = view.first(left & ~(1 << pick.index), attempts - 1, view.chain, maybe, request)
        return pick, [pick.slug, *[model.slug for model in others]]

    def _mirrored(self, view: _View, pick: str | None, unit: Any, request: _Request | None) -> tuple[str, ...]:
        """The shadows this request is mirrored to, in declared order; without a request no hint bars any."""
        if unit is None:
            return ()
        return tuple([
            model.slug for model, sample, salt in view.shadows
            if model.slug != pick and slot_of(salt, unit) < sample
            and (request is None or view.policy.home.able(1 << model.index, request))])

    # - experiments and pinned models -

    def _assigned(self, experiment: _Experiment, slot: int | None, policy: _Policy,
                  request: _Request) -> Decision:
        if experiment.status == "paused" and experiment.on_pause == "reject":
            nobody = (experiment.name, None, None, slot)
            return self._answer("rejected_experiment", "experiment", "table", request, assigned=nobody)
        index, reason = experiment.assign(slot)
        if reason is not None:
            request.flags.append(reason)
        model, variant, version, key = experiment.variants[index]
        assigned = (experiment.name, variant, version, slot)
        steps = _steps(policy.home, policy, request)
        if refused := _walk(policy.home, 1 << model.index, request, steps):
            return self._answer(refused, "experiment", "table", request, assigned=assigned)
        decision = self._answer("ok", "experiment", "table", request, model, assigned=assigned)
        return decision if key is None else decision._replace(api_key_env=key)

    def _direct(self, file: _File, name: str, policy: _Policy, request: _Request) -> Decision:
        source = "table"
        if self.table is None:
            source = "default_route" if name in file.routes.values() else "default_model"
        model = file.catalogue[name]
        steps = _steps(file.catalogue, policy, request, listed=True, ability=False)
        if refused := _walk(file.catalogue, 1 << model.index, request, steps):
            return self._answer(refused, "direct", source, request)
        return self._answer("ok", "direct", source, request, model)

    # - below the registry -

    def rungs(self, feature: str) -> list[tuple[str, _Catalogue, _Model]]:
        """What stands below the registry for a feature, the highest rung first."""
        rungs: list[tuple[str, _Catalogue, _Model]] = []
        if self.file is not None:
            held, route = self.file.catalogue, self.file.routes.get(feature)
            for source, slug in (("default_route", route), ("default_model", self.file.default_model)):
                if slug in held.places:
                    rungs.append((source, held, held[slug]))
        if self.last_resort is not None:
            rungs.append(("last_resort", *self.last_resort))
        return rungs

    def _ladder(self, policy: _Policy, request: _Request) -> Decision:
        """The first rung that may and can serve, else the first that may: docs/semantics.md, section 6."""
        request.flags.append("feature_unknown")
        source: str | None = None
        permitted: tuple[str, _Model] | None = None
        for source, catalogue, model in self.rungs(request.feature or ""):
            refused = _walk(catalogue, 1 << model.index, request, _steps(catalogue, policy, request))
            if refused is None:
                return self._answer("ok", "feature", source, request, model)
            if refused != "rejected_policy" and permitted is None:
                permitted = source, model
        if permitted is not None:
            return self._answer("ok", "feature", permitted[0], request, permitted[1])
        if source is not None:
            return self._answer("rejected_policy", "feature", source, request)
        return self._answer("unknown_model", None, None, request)

    def _answer(self, status: str, route: str | None, source: str | None, request: _Request,
                pick: _Model | None = None, assigned: tuple[Any, ...] = _UNASSIGNED,
                floor: int | None = None) -> Decision:
        """A decision whose chain is its pick, if it has one."""
        cost, endpoint = None, _NO_ENDPOINT
        if pick is not None:
            endpoint = pick.endpoint
            if request.input_tokens is not None and pick.priced:
                cost = pick.cost(request.input_tokens, request.max_output)
        said = tuple(sorted({*request.flags})) if request.flags else ()
        chain = () if pick is None else (pick.slug,)
        return _new(Decision, (status, route, source, *endpoint, chain, (), *assigned, floor, cost, said, self.hash))


def _steps(catalogue: _Catalogue, policy: _Policy, request: _Request, *, listed: bool = False,
           ability: bool = True, floor: int | None = None) -> Iterator[tuple[str, str, int | None]]:
    """The filters that bind a route, in their order, as (group, name, mask); None stands for the cost filter.

    `listed` bars unlisted models; without `ability` that group does not bind, without a `floor` the demand
    group does not. A filter the caller gave nothing for is left out: it filters nothing.
    """
    if policy.rejects:
        yield "permission", "unknown_tenant", 0
    yield "permission", "active", catalogue.active
    if listed:
        yield "permission", "listed", catalogue.listed
    bans, stacks, compliance = policy.masks(catalogue)
    yield "permission", "bans", bans
    yield "permission", "stacks", stacks if request.stack is None else stacks & catalogue.stacks[request.stack]
    yield "permission", "compliance", compliance
    tokens, output = request.input_tokens, request.max_output
    if ability and request.unavailable:
        yield "ability", "available", ~catalogue.named(request.unavailable)
    if ability and request.capabilities:
        mask = catalogue.all
        for word in request.capabilities:
            mask &= catalogue.capabilities[word]
        yield "ability", "capabilities", mask
    if ability and (tokens is not None or output is not None):
        yield "ability", "context", catalogue.context.at_most(-(tokens or 0) - (output or 0))
    if ability and output is not None:
        yield "ability", "reasoning_floor", catalogue.min_output.at_most(output)
    if floor is not None:
        yield "demand", "quality", catalogue.quality.at_most(-floor)
        if request.max_cost is not None:
            yield "demand", "cost", None


def _walk(catalogue: _Catalogue, mask: int, request: _Request, steps: Iterator[tuple[str, str, int | None]],
          tell: Callable[[str, str, int, int], None] | None = None) -> str | None:
    """The status of the first filter after which nothing of a mask is left; None if something passes all.

    With `tell` every filter is walked, and told: its group and name, what came and what was left.
    """
    refused = None if mask else "rejected_policy"
    for group, name, passing in steps:
        before = mask
        mask = catalogue.affordable(mask, request) if passing is None else mask & passing
        if tell is not None:
            tell(group, name, before, mask)
        if not mask and refused is None:
            refused = _STATUS_OF.get(name) or _STATUS_OF[group]
        if refused is not None and tell is None:
            break
    return refused


# --- Explaining ---------------------------------------------------------------------------------------------


class _Log:
    """How a decision comes about: one filter after the other, over all candidates."""

    def __init__(self, state: _State, request: _Request) -> None:
        self.state, self.request = state, request
        self.delta, self.policy = state.dial(request), state.policy(request)

    def told(self) -> dict[str, Any]:
        """The log; its keys are those of `Router.explain`."""
        state, request = self.state, self.request
        kind, name = state.route(request)
        log: dict[str, Any] = {"tenant": request.tenant, "policy": self.policy.name}
        if kind is None or (kind != "ladder" and state.file is None):
            return log
        log["route"] = {"kind": "feature" if kind == "ladder" else kind, "name": name}
        if kind == "ladder":
            log["rungs"] = [{"source": source, "model": model.slug, "refused": refused, "filters": filters}
                            for source, catalogue, model in state.rungs(name)
                            for refused, filters in [self._one(catalogue, model)]]
        elif kind == "direct" and state.file is not None:
            catalogue = state.file.catalogue
            log["filters"] = self._one(catalogue, catalogue[name], listed=True, ability=False)[1]
        elif kind == "experiment" and state.table is not None:
            log |= self._experiment(state.table.experiments[name])
        elif state.table is not None:
            log |= self._ranked(state.table, state.table.view(self.policy, kind, name))
        return log

    def _filters(self, catalogue: _Catalogue, mask: int, first: Callable[[int], list[_Model]],
                 **bounds: Any) -> tuple[str | None, int, list[dict[str, Any]]]:
        """The status if the filters leave nothing; what they leave; and each of them."""
        filters: list[dict[str, Any]] = []
        left = mask

        def tell(group: str, name: str, before: int, after: int) -> None:
            nonlocal left
            left = after
            filters.append({"group": group, "filter": name, "survivors": after.bit_count(),
                            "first": [model.slug for model in first(after)],
                            "dropped": sorted([model.slug for model in catalogue.of(before & ~after)])})

        steps = _steps(catalogue, self.policy, self.request, **bounds)
        return _walk(catalogue, mask, self.request, steps, tell), left, filters

    def _one(self, catalogue: _Catalogue, model: _Model, **bounds: Any) -> tuple[str | None, list[dict[str, Any]]]:
        refused, _, filters = self._filters(catalogue, 1 << model.index, catalogue.of, **bounds)
        return refused, filters

    def _ranked(self, table: _Table, view: _View) -> dict[str, Any]:
        request, catalogue = self.request, table.catalogue
        dialled = request.min_quality is None and self.delta != 0
        floor, base = self.state.floor(view, request, self.delta)

        def first(mask: int) -> list[_Model]:
            return view.first(mask, 3, view.pick)

        refused, left, filters = self._filters(catalogue, view.candidates, first, listed=view.listed, floor=floor)
        relaxed = False
        if refused is not None and floor != base:
            again = self._filters(catalogue, view.candidates, first, listed=view.listed, floor=base)
            if again[0] is None:
                relaxed, (refused, left, filters) = True, again
        every = view.first(view.candidates, len(catalogue.models), view.pick)
        log: dict[str, Any] = {
            "orders": {"pick": view.pick.name, "chain": view.chain.name},
            "floor": {"base_bp": base, "from": view.base_from if request.min_quality is None else "explicit",
                      "dial_bp": self.delta if dialled else 0, "clamp_bp": [*table.clamp] if dialled else None,
                      "result_bp": base if relaxed else floor, "relaxed": relaxed},
            "candidates": [model.slug for model in every],
            "filters": filters}
        if refused is not None:
            return log
        pick = first(left)[0]
        if request.latency is not None:
            least = pick.quality - view.max_loss
            quick = left & catalogue.latency.at_most(request.latency) & catalogue.quality.at_most(-least)
            chosen = first(quick)[0] if quick else pick
            log["latency"] = {"budget_ms": request.latency, "unconstrained": pick.slug,
                              "least_quality_bp": least, "survivors": quick.bit_count(), "pick": chosen.slug,
                              "missed": not quick}
            pick = chosen
        if view.kind == "feature":
            log["shadows"] = [self._shadow(catalogue, shadow, pick)
                              for shadow in table.features[view.name].shadows]
        return log

    def _shadow(self, catalogue: _Catalogue, shadow: _Shadow, pick: _Model) -> dict[str, Any]:
        unit = self.request.unit if self.request.request_id is None else self.request.request_id
        slot = None if unit is None else slot_of(shadow.salt, unit)
        allowed = self._one(catalogue, shadow.model)[0] is None
        return {"model": shadow.model.slug, "slot": slot, "sample_bp": shadow.sample, "allowed": allowed,
                "mirrored": slot is not None and slot < shadow.sample and allowed and shadow.model is not pick}

    def _experiment(self, experiment: _Experiment) -> dict[str, Any]:
        slot = None if self.request.unit is None else slot_of(experiment.salt, self.request.unit)
        log: dict[str, Any] = {"experiment": experiment.name, "status": experiment.status, "slot": slot,
                               "range": None, "owner": None}
        if slot is not None:
            at = bisect_right(experiment.starts, slot)
            log["range"] = [experiment.starts[at - 1], [*experiment.starts, _SLOTS][at] - 1]
            log["owner"] = experiment.variants[experiment.owners[at - 1]].id
        if experiment.status == "paused" and experiment.on_pause == "reject":
            return {"experiment": log}
        model = experiment.variants[experiment.assign(slot)[0]].model
        return {"experiment": log, "filters": self._one(self.policy.home, model)[1]}


# --- The program --------------------------------------------------------------------------------------------


def resolve_line(router: Router, line: bytes) -> str:
    """The decision for one line of JSON, as one line of JSON without its end; never raises."""
    try:
        body = None if _is_deep(line) else _REQUESTS.decode(line.decode("utf-8"))
    except (AttributeError, TypeError, ValueError, RecursionError):  # not bytes, not UTF-8, not JSON, too deep
        body = None
    if type(body) is not dict:
        body = {"request": None}  # no request in this line: all that can be said is `ignored:request`
    return router.resolve(**body).to_json()


def _decimal(text: str) -> Decimal:
    """A JSON number of any length, exactly; past Decimal's own limit on exponents, one as good as it."""
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
    return float("nan")


_REQUESTS: Final = json.JSONDecoder(parse_int=_decimal, parse_float=_decimal, parse_constant=_not_finite)


def serve(router: Router, source: int, sink: BinaryIO) -> None:
    """One decision for each line of an open file: answers whatever has arrived, then flushes.

    Quick for a file, prompt for a partner that waits for each answer.
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
    """The program: requests as JSON lines on standard input, decisions on standard output."""
    import argparse

    table = os.path.join(os.path.dirname(os.path.abspath(__file__)), "routing_table.json")
    parser = argparse.ArgumentParser(prog="resolver.py", description=(
        "Reads requests as JSON lines on standard input and writes one decision for every line."))
    parser.add_argument("--table", default=table, metavar="PATH",
                        help="default: routing_table.json beside this file")
    parser.add_argument("--fallback", metavar="PATH", help="default: fallback.json beside the table")
    options = parser.parse_args(arguments)
    router = load(options.table, fallback=options.fallback)
    status = router.status()
    if status["last_rejection"] is not None:
        print(f"resolver.py: warning: {status['last_rejection']}; serving from: {status['serving']}",
              file=sys.stderr)
    try:
        serve(router, sys.stdin.buffer.fileno(), sys.stdout.buffer)
    except BrokenPipeError:
        # The reader went away. Python would complain once more when it flushes at exit: give it a place to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
