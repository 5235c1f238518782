"""A compiled routing table and a request in, a decision out: always a value, never an exception.

This one file needs nothing but Python (3.11 or newer) and is a complete program:

    import resolver
    router = resolver.load("generated/routing_table.json")
    decision = router.resolve(feature="support-chat", tenant="acme", input_tokens=1200)
    decision.model, decision.url, decision.chain

    python resolver.py < requests.jsonl          # one decision per line

What a decision means is written in docs/semantics.md (sections 4 to 6), the files it reads in docs/table.md.
All arithmetic happened at compile time; what is left is looking up, comparing and masking. A set of models is
one integer, bit i standing for the i-th model by slug; a filter is such a mask; what survives is their
intersection; the pick is the survivor of lowest rank in an order of all models.
"""

from __future__ import annotations

import json
import os
import stat
import sys
import threading
import time
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, InvalidOperation
from hashlib import sha256
from typing import Any, BinaryIO, Final, NamedTuple

FORMAT: Final = "1.0"  # of the table and the fallback file; another major number is refused
KNOWN_REQUIREMENTS: Final = frozenset[str]()  # words of `requires` that this reader understands
MAX_BYTES: Final = 512 * 1024 * 1024  # a larger file is refused unread
SLOTS: Final = 10_000

__all__ = ["FORMAT", "Decision", "Router", "load", "main", "resolve_line", "serve", "slot_of"]


# --- The answer -----------------------------------------------------------------------------------


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
        return {
            key: list(value) if type(value) is tuple else value
            for key, value in zip(self._fields, self, strict=True)
        }

    def to_json(self) -> str:
        """The decision as one line of ASCII JSON, keys in order."""
        return json.dumps(self.to_dict())


# --- The face -------------------------------------------------------------------------------------


def load(
    path: str | os.PathLike[str],
    *,
    fallback: str | os.PathLike[str] | None = None,
    last_resort: str | dict[str, Any] | None = None,
) -> Router:
    """A router for the table at `path`; `fallback` defaults to fallback.json beside it.

    Files that are missing or bad never raise: the router then answers from the ladder of docs/semantics.md,
    section 6, and `status()` says why. `last_resort` is the ladder's lowest rung: the slug of a model of the
    table or the fallback file, or an endpoint as a dict (see `_endpoint`); a malformed one raises ValueError.
    """
    table_path = os.fspath(path)
    beside = os.path.join(os.path.dirname(table_path), "fallback.json")
    return Router(table_path, beside if fallback is None else os.fspath(fallback), last_resort)


class Router:
    """Answers requests from the table it holds; one reference is swapped when a new table is activated."""

    def __init__(
        self,
        table_path: str | None,
        fallback_path: str | None,
        last_resort: str | dict[str, Any] | None = None,
    ) -> None:
        self._start(table_path, fallback_path, last_resort)
        self.reload()

    @classmethod
    def from_bytes(
        cls,
        table: bytes | None,
        fallback: bytes | None = None,
        last_resort: str | dict[str, Any] | None = None,
    ) -> Router:
        """A router for a table and a fallback file held in memory; bad ones are refused as `load` does."""
        self = cls.__new__(cls)
        self._start(None, None, last_resort)
        with self._lock:
            self._activate(table, fallback)
        return self

    def _start(
        self, table_path: str | None, fallback_path: str | None, last_resort: str | dict[str, Any] | None
    ) -> None:
        self._table_path, self._fallback_path = table_path, fallback_path
        self._last_resort = last_resort if last_resort is None else _last_resort(last_resort)
        self._lock = threading.Lock()  # held by whoever loads; resolve never takes it
        self._loaded_at: float | None = None
        self._rejected = 0
        self._last_rejection: str | None = None
        self._fallback_state = "no fallback file was given"
        self._state = _State(None, None, self._last_resort)

    def resolve(
        self,
        /,
        *_positional: object,
        feature: object = None,
        model: object = None,
        tenant: object = None,
        unit: object = None,
        request_id: object = None,
        preference: object = None,
        min_quality: object = None,
        latency_budget_ms: object = None,
        stack: object = None,
        input_tokens: object = None,
        max_output_tokens: object = None,
        max_cost_usd: object = None,
        stream: object = None,
        tools: object = None,
        capabilities: object = None,
        unavailable: object = None,
        **unknown: object,
    ) -> Decision:
        """The decision for one request; any value of any type is answered, nothing is ever raised.

        Arguments and their meaning: docs/semantics.md, section 4. Tokens and milliseconds are whole numbers,
        `min_quality` is a share of 1, `max_cost_usd` dollars (int, float or Decimal).
        """
        request = _Request(
            feature, model, tenant, unit, request_id, preference, min_quality, latency_budget_ms, stack,
            input_tokens, max_output_tokens, max_cost_usd, stream, tools, capabilities, unavailable, unknown,
        )  # fmt: skip
        return self._state.decide(request, None)

    def explain(self, /, *_positional: object, **arguments: Any) -> dict[str, Any]:
        """What `resolve` decides for the same arguments, and how: `{"decision": …, then the log}`.

        The log's keys, where they apply: `route`, `tenant`, `policy`, `orders`, `floor`, `candidates`,
        `filters` (group, filter, survivors, the first three by rank, all it dropped by slug), `latency`,
        `experiment`, `shadows`, `rungs`.
        """
        values = [arguments.pop(key, None) for key in ARGUMENTS]
        request = _Request(*values, arguments)  # type: ignore[call-arg]
        log: dict[str, Any] = {}
        decision = self._state.decide(request, log)
        return {"decision": decision.to_dict(), **log}

    def reload(self) -> bool:
        """Reads the files again; true if the table on disk is the one that now serves.

        A table that is missing or refused changes nothing: the last good one keeps serving, and `status()`
        says why. Safe to call from any thread; decisions being made go on with the table they started with.
        """
        with self._lock:
            return self._activate(self._table_path, self._fallback_path)

    def status(self) -> dict[str, Any]:
        """What serves now and what was refused, in plain words; ages are seconds of the monotonic clock."""
        state, loaded_at = self._state, self._loaded_at
        age = None if state.table is None or loaded_at is None else time.monotonic() - loaded_at
        return {
            "serving": state.serving,
            "ruleset_hash": state.hash,
            "format": None if state.table is None else state.table.format,
            "loaded_age_s": age,
            "rejected": self._rejected,
            "last_rejection": self._last_rejection,
            "fallback": self._fallback_state,
        }

    def _activate(self, table: str | bytes | None, fallback: str | bytes | None) -> bool:
        """Loads both files (paths or bytes) and swaps the state once; false if the table was refused."""
        state = self._state
        new_table, new_fallback, good = state.table, state.fallback, False
        if table is not None:
            try:
                raw = table if isinstance(table, bytes) else _read(table)
                digest = sha256(raw).hexdigest()
                if new_table is None or new_table.hash != digest:
                    new_table = _Table(_parse(raw), digest)
                good = True
            except Exception as error:  # MemoryError and RecursionError too: the last good one serves
                self._rejected += 1
                self._last_rejection = f"routing table: {_words(error)}"
        if fallback is not None:
            try:
                raw = fallback if isinstance(fallback, bytes) else _read(fallback)
                new_fallback = _Fallback(_parse(raw))
                self._fallback_state = "loaded"
            except Exception as error:
                kept = "refused" if state.fallback is None else "refused, the last good one is kept"
                self._fallback_state = f"{kept}: {_words(error)}"
        if new_table is not state.table:
            self._loaded_at = time.monotonic()
        if new_table is not state.table or new_fallback is not state.fallback:
            self._state = _State(new_table, new_fallback, self._last_resort)
        return good


# --- Reading files --------------------------------------------------------------------------------


class _Refused(Exception):
    """Why a file is not activated, in words."""


def _words(error: BaseException) -> str:
    """An error as a reason a person can act on."""
    if isinstance(error, _Refused):
        return str(error)
    if isinstance(error, FileNotFoundError):
        return "the file does not exist"
    if isinstance(error, OSError):
        return f"the file cannot be read ({error.strerror or type(error).__name__})"
    if isinstance(error, MemoryError):
        return "there was not enough memory to load the file"
    if isinstance(error, RecursionError):
        return "the file is nested too deeply"
    return f"the file is not a table ({type(error).__name__}: {error})"


def _read(path: str) -> bytes:
    # Opened once, without waiting (a pipe would block), and looked at through the descriptor alone: the path
    # may name another file a moment later.
    flags = (
        os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    )
    descriptor = os.open(path, flags)
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
    except UnicodeDecodeError:
        raise _Refused("the file is not UTF-8 text") from None
    try:
        body = json.loads(
            text, object_pairs_hook=_unique, parse_float=_no_fraction, parse_constant=_no_fraction
        )
    except json.JSONDecodeError as error:
        raise _Refused(f"the file is not JSON: {error.msg}, line {error.lineno}") from None
    except ValueError:
        raise _Refused("the file holds a number of thousands of digits") from None
    if type(body) is not dict:
        raise _Refused("the file is not a JSON object")
    _check(body, {"format": _TEXT, "requires": _SLUGS}, "the file")
    major, dot, minor = body["format"].partition(".")
    if not (dot and _digits(major) and _digits(minor)):
        raise _Refused(f"`format` is {body['format']!r}, not two numbers with a point between")
    if major != FORMAT.partition(".")[0]:
        raise _Refused(f"format {body['format']} is not readable here, this resolver reads {FORMAT}")
    for word in body["requires"]:
        if word not in KNOWN_REQUIREMENTS:
            raise _Refused(f"the file requires {word!r}, which this resolver does not know")
    return body


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _Refused(f"key {key!r} stands twice in one object")
            seen.add(key)
    return body


def _no_fraction(text: str) -> None:
    raise _Refused(f"the number {text[:20]} is not a whole one")


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


# What a value of the table may be: a test, and the words for a value that fails it.
_Kind = tuple[Callable[[Any], bool], str]
_TOP = 10_000  # basis points of 1
_BOOL: _Kind = (lambda v: type(v) is bool, "true or false")
_TEXT: _Kind = (lambda v: type(v) is str and _encodable(v), "text")
_NAME: _Kind = (lambda v: v is None or _TEXT[0](v), "text or null")
_SLUGS: _Kind = (lambda v: type(v) is list and all(type(s) is str for s in v), "a list of text")
_OPTIONAL_SLUGS: _Kind = (lambda v: v is None or _SLUGS[0](v), "a list of text or null")
_COUNT: _Kind = (lambda v: type(v) is int and v >= 0, "a whole number of at least 0")
_POSITIVE: _Kind = (lambda v: type(v) is int and v >= 1, "a whole number of at least 1")
_BP: _Kind = (lambda v: type(v) is int and 0 <= v <= _TOP, "a whole number from 0 to 10000")
_FLOOR: _Kind = (lambda v: v is None or _BP[0](v), "a whole number from 0 to 10000 or null")
_DELTA: _Kind = (lambda v: type(v) is int and -_TOP <= v <= _TOP, "a whole number from -10000 to 10000")
_OBJECT: _Kind = (lambda v: type(v) is dict, "an object")
_OBJECTS: _Kind = (lambda v: type(v) is list and all(type(o) is dict for o in v), "a list of objects")
_TEXTS: _Kind = (lambda v: type(v) is dict and all(type(t) is str for t in v.values()), "an object of text")
_UNKNOWN_TENANT: _Kind = (lambda v: v in ("default", "reject"), '"default" or "reject"')

_PROVIDER = {"adapter": _TEXT, "api_key_env": _NAME, "stack": _TEXT, "url": _TEXT}
_MODEL = {
    "active": _BOOL, "capabilities": _SLUGS, "compliance_bp": _BP, "context_window": _COUNT,
    "input_pusd": _COUNT, "latency_ms": _COUNT, "listed": _BOOL, "logical": _NAME,
    "min_output_tokens": _COUNT,
    "output_pusd": _COUNT, "output_ratio_bp": _COUNT, "provider": _TEXT, "quality_bp": _BP, "upstream": _TEXT,
}  # fmt: skip
_PERMISSION = {
    "banned_models": _SLUGS, "banned_providers": _SLUGS, "compliance_bp": _BP, "stacks": _OPTIONAL_SLUGS,
}  # fmt: skip
_POLICY = _PERMISSION | {
    "fallback": _BOOL, "max_quality_loss_bp": _BP, "min_quality_bp": _FLOOR, "penalised": _TEXT,
    "plain": _TEXT,
}  # fmt: skip
_DEFAULTS = {"model": _TEXT, "policy": _TEXT, "routes": _TEXTS, "unknown_tenant": _UNKNOWN_TENANT}
_TABLE = {
    "aliases": _TEXTS, "defaults": _OBJECT, "experiments": _OBJECT, "features": _OBJECT, "models": _OBJECT,
    "orders": _TEXTS, "policies": _OBJECT, "providers": _OBJECT, "resilience": _OBJECT, "targets": _OBJECT,
    "tenants": _TEXTS,
}  # fmt: skip
_FALLBACK = {
    "defaults": _OBJECT, "models": _OBJECT, "permissions": _OBJECT, "providers": _OBJECT, "stacks": _SLUGS,
    "tenants": _TEXTS,
}  # fmt: skip
_RESILIENCE = {"cooloff_s": _COUNT, "failures": _POSITIVE, "max_attempts": _POSITIVE, "window_s": _COUNT}
_FEATURE = {"fallback": _SLUGS, "min_quality_bp": _FLOOR, "rows": _OBJECTS, "then": _NAME}
_EXPERIMENT = {"experiment": _TEXT, "salt": _TEXT, "variants": _OBJECTS}
_VARIANT = {"api_key_env": _NAME, "id": _TEXT, "model": _TEXT, "version": _POSITIVE}
_PREFERENCES = {
    "clamp_bp": _BP, "default": _TEXT, "dial_bp": _DELTA, "gate_env": _NAME, "good_bp": _BP,
}  # fmt: skip


def _encodable(text: str) -> bool:
    """Whether a text has a UTF-8 form; lone surrogates have none."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _check(body: Any, fields: dict[str, _Kind], what: str) -> None:
    """Refuses a body that is no object, lacks a field or holds a value of the wrong kind."""
    if type(body) is not dict:
        raise _Refused(f"{what} is not an object")
    for key, (test, words) in fields.items():
        if key not in body:
            raise _Refused(f"{what} has no `{key}`")
        if not test(body[key]):
            raise _Refused(f"{what}: `{key}` is not {words}")


def _known(names: Iterable[Any], declared: Any, what: str, kind: str) -> None:
    """Refuses a reference to something that the file does not hold."""
    for name in names:
        if name not in declared:
            raise _Refused(f"{what} names the {kind} {name!r}, which is not in the file")


# --- The catalogue: models and their masks --------------------------------------------------------


class _Model:
    """One model of a catalogue, with the provider's part of its endpoint."""

    __slots__ = (
        "active", "bit", "blended", "capabilities", "compliance", "context", "endpoint",
        "input", "known", "latency", "listed", "logical", "min_output", "output", "priced", "provider",
        "quality", "ratio", "slug", "stack",
    )  # fmt: skip

    def __init__(self, slug: str, body: dict[str, Any], provider: dict[str, Any] | None) -> None:
        self.slug = slug
        self.bit = 0  # set by the catalogue
        self.provider: str = body["provider"]
        # A provider nobody declared has no address: its models never serve (docs/semantics.md, section 6).
        self.known = provider is not None
        self.active: bool = body["active"] and self.known
        at = provider or {"url": None, "adapter": None, "api_key_env": None, "stack": None}
        self.stack: str | None = at["stack"]
        self.listed: bool = body["listed"]
        self.logical: str | None = body["logical"]
        self.capabilities = frozenset[str](body["capabilities"])
        self.compliance: int = body["compliance_bp"]
        self.context: int = body["context_window"]
        self.min_output: int = body["min_output_tokens"]
        self.quality: int = body["quality_bp"]
        self.latency: int = body["latency_ms"]
        self.input: int = body["input_pusd"]
        self.output: int = body["output_pusd"]
        self.ratio: int = body["output_ratio_bp"]
        self.priced = True
        self.blended = self.input * _TOP + self.ratio * self.output  # pico-dollars per 10,000 input tokens
        self.endpoint = (slug, self.provider, body["upstream"], at["url"], at["adapter"], at["api_key_env"])

    def cost(self, tokens: int, most_output: int | None) -> int:
        """Estimated cost in pico-dollars of `tokens` input tokens, rounded up once."""
        output = tokens * self.ratio
        if most_output is not None:
            output = min(output, most_output * _TOP)
        return -((tokens * self.input * _TOP + output * self.output) // -_TOP)


class _Scale:
    """For one number of each model: which models are at most a given value, as a mask."""

    __slots__ = ("_cuts", "_masks")

    def __init__(self, values: list[int]) -> None:
        self._cuts: list[int] = []
        self._masks = [0]
        mask = 0
        for index in sorted(range(len(values)), key=values.__getitem__):
            if not self._cuts or self._cuts[-1] != values[index]:
                self._cuts.append(values[index])
                self._masks.append(0)
            mask |= 1 << index
            self._masks[-1] = mask

    def at_most(self, value: int) -> int:
        return self._masks[bisect_right(self._cuts, value)]


class _Catalogue:
    """The models of one file in the order of their slugs, and a mask for everything a filter can ask."""

    def __init__(self, models: Iterable[_Model], stacks: Iterable[str]) -> None:
        self.models = sorted(models, key=lambda model: model.slug)
        self.by_slug = {model.slug: model for model in self.models}
        self.all = (1 << len(self.models)) - 1
        self.active = self.listed = 0
        self.providers: dict[str, int] = {}
        self.logical: dict[str, int] = {}
        self.capabilities: dict[str, int] = {}
        self.stacks: dict[str, int] = dict.fromkeys(stacks, 0)
        for index, model in enumerate(self.models):
            model.bit = bit = 1 << index
            self.active |= bit if model.active else 0
            self.listed |= bit if model.listed else 0
            self.providers[model.provider] = self.providers.get(model.provider, 0) | bit
            if model.logical is not None:
                self.logical[model.logical] = self.logical.get(model.logical, 0) | bit
            if model.stack is not None:
                self.stacks[model.stack] = self.stacks.get(model.stack, 0) | bit
            for word in model.capabilities:
                self.capabilities[word] = self.capabilities.get(word, 0) | bit
        self._scales: dict[str, _Scale] = {}

    def scale(self, name: str, sign: int = 1) -> _Scale:
        """The scale of a model's attribute; with sign -1 of its negative, which turns "at most" around."""
        scale = self._scales.get(name)
        if scale is None:  # two threads may both build it: they build the same
            scale = _Scale([sign * getattr(model, name) for model in self.models])
            self._scales[name] = scale
        return scale

    def slugs(self, names: Iterable[str]) -> int:
        """Mask of the models of these slugs; slugs that are not here stand for nothing."""
        mask = 0
        for name in names:
            model = self.by_slug.get(name)
            if model is not None:
                mask |= model.bit
        return mask

    def on_stack(self, word: str) -> int:
        """Models a caller's `stack` admits: a declared one, or avoid- and a declared one; else none."""
        if word in self.stacks:
            return self.stacks[word]
        if word.startswith("avoid-") and word[6:] in self.stacks:
            known = 0  # a model of unknown stack may be on the one to avoid
            for mask in self.stacks.values():
                known |= mask
            return known & ~self.stacks[word[6:]]
        return 0

    def unavailable(self, names: Iterable[str]) -> int:
        mask = self.slugs(names)
        for name in names:
            mask |= self.providers.get(name, 0)
        return mask

    def affordable(self, mask: int, request: _Request) -> int:
        """The models of `mask` whose estimated cost is within the request's `max_cost_usd`."""
        most, tokens, output = request.max_cost, request.input_tokens, request.max_output
        if most is None or tokens is None:
            return mask
        if most < 0 or tokens == 0:
            return mask if most >= 0 else 0
        # The estimate is rounded up and the limit is whole, so comparing before rounding is the same.
        sure = mask & self.scale("blended").at_most(most * _TOP // tokens)
        if output is None:
            return sure
        # With `max_output_tokens` no single number decides: what the two prices allow each alone is tried.
        maybe = mask & ~sure & self.scale("input").at_most(most // tokens)
        if output:
            maybe &= self.scale("output").at_most(most // output)
        for model in self.of(maybe):
            if model.cost(tokens, output) <= most:
                sure |= model.bit
        return sure

    def of(self, mask: int) -> Iterator[_Model]:
        """The models of a mask, last slug first."""
        while mask:
            model = self.models[mask.bit_length() - 1]
            mask ^= model.bit
            yield model


class _Order:
    """A rank for every model, best first."""

    __slots__ = ("_catalogue", "_planes", "_rank", "name", "text")

    def __init__(self, name: str, text: str, catalogue: _Catalogue) -> None:
        self.name, self.text, self._catalogue = name, text, catalogue
        slugs = text.split(" ")
        if len(slugs) != len(catalogue.models) or not catalogue.by_slug.keys() <= set(slugs):
            raise _Refused(f"order {name!r} does not name every model exactly once")
        self._rank: array[int] | None = None
        self._planes: list[int] | None = None

    @property
    def rank(self) -> array[int]:
        """Rank of each model, by its place in the catalogue."""
        if self._rank is None:
            place = {slug: rank for rank, slug in enumerate(self.text.split(" "))}
            self._rank = array("I", [place[model.slug] for model in self._catalogue.models])
        return self._rank

    @property
    def planes(self) -> list[int]:
        """For each binary digit of the rank, highest first: the models that have a 0 there."""
        if self._planes is None:
            rank = self.rank
            self._planes = [
                sum(1 << index for index, value in enumerate(rank) if not value >> digit & 1)
                for digit in reversed(range(max(1, (len(rank) - 1).bit_length())))
            ]
        return self._planes

    def best(self, mask: int) -> _Model:
        """The model of lowest rank in a mask that is not empty."""
        for plane in self.planes:
            lower = mask & plane
            if lower:
                mask = lower
        return self._catalogue.models[mask.bit_length() - 1]

    def first(self, mask: int, count: int) -> list[_Model]:
        """The `count` models of lowest rank, in order; fewer if the mask holds fewer."""
        taken = 0
        if mask.bit_count() > count:
            left = count
            for plane in self.planes:
                lower = mask & plane
                size = lower.bit_count()
                if size > left:
                    mask = lower
                else:
                    taken |= lower
                    left -= size
                    mask ^= lower
                    if not left:
                        mask = 0
                        break
        rank = self.rank
        models = [(rank[model.bit.bit_length() - 1], model) for model in self._catalogue.of(mask | taken)]
        models.sort(key=lambda pair: pair[0])
        return [model for _, model in models]


class _Policy:
    """An effective policy (in the fallback file: its permission part) as masks over a catalogue."""

    def __init__(
        self,
        name: str | None,
        body: dict[str, Any],
        catalogue: _Catalogue,
        orders: dict[str, _Order] | None = None,
    ) -> None:
        self.name, self._body, self._home = name, body, catalogue
        self.rejects = False  # nothing passes: the tenant is undeclared and `unknown_tenant` says reject
        self._masks: tuple[int, int, int] | None = None
        if orders is not None:
            self.plain, self.penalised = orders[body["plain"]], orders[body["penalised"]]
            self.fallback: bool = body["fallback"]
            self.floor: int | None = body["min_quality_bp"]
            self.max_loss: int = body["max_quality_loss_bp"]
        self.views: dict[tuple[str, str], _View] = {}

    def rejecting(self) -> _Policy:
        """The same policy with a permission filter that nothing passes."""
        twin = object.__new__(_Policy)
        twin.__dict__.update(self.__dict__)
        twin.rejects, twin.views = True, {}
        return twin

    def masks(self, catalogue: _Catalogue) -> tuple[int, int, int]:
        """Models that pass the policy's bans, its stacks and its compliance threshold."""
        if catalogue is self._home and self._masks is not None:
            return self._masks
        banned = catalogue.slugs(self._body["banned_models"])
        for name in self._body["banned_models"]:
            banned |= catalogue.logical.get(name, 0)
        for name in self._body["banned_providers"]:
            banned |= catalogue.providers.get(name, 0)
        stacks = catalogue.all
        if self._body["stacks"] is not None:
            stacks = 0
            for word in self._body["stacks"]:
                stacks |= catalogue.stacks.get(word, 0)
        compliant = catalogue.scale("compliance", -1).at_most(-self._body["compliance_bp"])
        masks = (catalogue.all & ~banned, stacks, compliant)
        if catalogue is self._home:
            self._masks = masks
        return masks


_NO_POLICY: Final = {"banned_models": [], "banned_providers": [], "compliance_bp": 0, "stacks": None}


class _View:
    """The candidates of one route under one policy, and how they are ranked."""

    __slots__ = ("base", "base_from", "candidates", "chain", "head", "kind", "listed", "pick")

    def __init__(
        self,
        kind: str,
        candidates: int,
        head: list[_Model],
        pick: _Order,
        chain: _Order,
        floor: tuple[int, str],
    ) -> None:
        self.kind, self.candidates = kind, candidates
        self.listed = kind != "feature"  # a feature reaches unlisted models it names
        self.head = head  # models that come first whatever their rank: a feature's primary and its fallbacks
        self.pick, self.chain = pick, chain
        self.base, self.base_from = floor

    def first(self, mask: int, count: int, order: _Order) -> list[_Model]:
        """The first `count` models of a mask in the view's order."""
        models = []
        for model in self.head:
            if mask & model.bit:
                models.append(model)
                mask ^= model.bit
                if len(models) == count:
                    return models
        return models + order.first(mask, count - len(models)) if mask else models


# --- The files, checked ---------------------------------------------------------------------------


class _File:
    """What the table and the fallback file have in common."""

    def __init__(self, body: dict[str, Any], fields: dict[str, _Kind]) -> None:
        _check(body, fields, "the file")
        if "preferences" not in body:
            raise _Refused("the file has no `preferences`")
        self.format: str = body["format"]
        providers = body["providers"]
        for slug, provider in providers.items():
            _check(provider, _PROVIDER, f"provider {slug!r}")
        for slug, model in body["models"].items():
            _check(model, _MODEL, f"model {slug!r}")
        _check(body["defaults"], _DEFAULTS, "`defaults`")
        self.catalogue = _Catalogue(
            (_Model(slug, model, providers.get(model["provider"])) for slug, model in body["models"].items()),
            [provider["stack"] for provider in providers.values()],
        )
        self.routes: dict[str, str] = body["defaults"]["routes"]
        self.default_model: str = body["defaults"]["model"]
        self.rejects_unknown: bool = body["defaults"]["unknown_tenant"] == "reject"
        self.preferences: dict[str, Any] | None = body["preferences"]
        self.policies: dict[str, _Policy] = {}

    def join_tenants(self, body: dict[str, Any], kind: str) -> None:
        """Resolves the policy of each tenant and of everybody else, once `policies` is filled."""
        default = body["defaults"]["policy"]
        _known([default], self.policies, "`defaults`", kind)
        if not self.policies.keys() >= set(body["tenants"].values()):
            for tenant, name in body["tenants"].items():
                _known([name], self.policies, f"tenant {tenant!r}", kind)
        policies = self.policies
        self.tenants = {tenant: policies[name] for tenant, name in body["tenants"].items()}
        self.default_policy = policies[default]
        self.undeclared = self.default_policy.rejecting() if self.rejects_unknown else self.default_policy

    def policy_of(self, request: _Request) -> _Policy:
        if request.tenant is None:
            return self.default_policy
        policy = self.tenants.get(request.tenant)
        if policy is None:
            request.flags.append("tenant_unknown")
            return self.undeclared
        return policy


class _Fallback(_File):
    """fallback.json: the lower rungs, and what each tenant may use of them."""

    def __init__(self, body: dict[str, Any]) -> None:
        super().__init__(body, _FALLBACK)
        for word in body["stacks"]:
            self.catalogue.stacks.setdefault(word, 0)
        if self.preferences is not None:
            _check(self.preferences, {"default": _TEXT, "gate_env": _NAME, "names": _SLUGS}, "`preferences`")
            self.preferences = self.preferences | {"dial_bp": dict.fromkeys(self.preferences["names"], 0)}
        for name, policy in body["permissions"].items():
            _check(policy, _PERMISSION, f"permission {name!r}")
            self.policies[name] = _Policy(name, policy, self.catalogue)
        self.join_tenants(body, "permission")


class _Table(_File):
    """The routing table, checked and ready to answer; all that changes is what is built on first use."""

    def __init__(self, body: dict[str, Any], digest: str) -> None:
        super().__init__(body, _TABLE)
        self.hash = digest
        by_slug = self.catalogue.by_slug
        if not by_slug:
            raise _Refused("the table holds no model")
        _known(self.routes.values(), by_slug, "`defaults`: a route", "model")
        _known([self.default_model], by_slug, "`defaults`", "model")
        _check(body["resilience"], _RESILIENCE, "`resilience`")
        self.max_attempts: int = body["resilience"]["max_attempts"]
        self._check_preferences()
        self.orders = {name: _Order(name, text, self.catalogue) for name, text in body["orders"].items()}
        declared = {*by_slug, *self.catalogue.logical}
        providers = {*body["providers"], *self.catalogue.providers}
        for name, policy in body["policies"].items():
            what = f"policy {name!r}"
            _check(policy, _POLICY, what)
            _known([policy["plain"], policy["penalised"]], self.orders, what, "order")
            # A ban that names nothing would silently permit what it was meant for.
            _known(policy["banned_models"], declared, what, "banned model")
            _known(policy["banned_providers"], providers, what, "banned provider")
            self.policies[name] = _Policy(name, policy, self.catalogue, self.orders)
        self.join_tenants(body, "policy")
        self.targets = {name: self._target(name, target) for name, target in body["targets"].items()}
        _known(body["aliases"].values(), self.targets, "an alias", "target")
        self.aliases: dict[str, str] = body["aliases"]
        self.features: dict[str, _Feature] = {}
        for name, feature in body["features"].items():
            row = _Feature(name, feature, self)
            if row.primary is not None:
                self.features[name] = row
        self.experiments = {
            name: _Experiment(name, experiment, by_slug) for name, experiment in body["experiments"].items()
        }

    def _check_preferences(self) -> None:
        preferences = self.preferences
        self.good, self.clamp = 0, (0, _TOP)
        if preferences is None:
            return
        _check(preferences, {"clamp_bp": _LIST, "dial_bp": _OBJECT}, "`preferences`")
        _check(preferences, {"default": _TEXT, "gate_env": _NAME, "good_bp": _BP}, "`preferences`")
        clamp = preferences["clamp_bp"]
        if len(clamp) != 2 or not all(_BP[0](bound) for bound in clamp) or clamp[0] > clamp[1]:
            raise _Refused("`preferences`: `clamp_bp` is not two basis points in order")
        _check(preferences["dial_bp"], dict.fromkeys(("balanced", "cost", "quality"), _DELTA), "`dial_bp`")
        _known([preferences["default"]], preferences["dial_bp"], "`preferences`", "preference")
        self.good, self.clamp = preferences["good_bp"], (clamp[0], clamp[1])

    def _target(self, name: str, body: Any) -> tuple[int, int | None]:
        """Candidates (before any filter) and floor of a target."""
        what = f"target {name!r}"
        _check(body, {"candidates": _ANY, "min_quality_bp": _FLOOR}, what)
        catalogue, selector = self.catalogue, body["candidates"]
        if selector == "all":
            mask = catalogue.all
        elif type(selector) is dict and len(selector) == 1 and _SLUGS[0](selector.get("models")):
            _known(selector["models"], catalogue.by_slug, what, "model")
            mask = catalogue.slugs(selector["models"])
        elif type(selector) is dict and len(selector) == 1 and _SLUGS[0](selector.get("stacks")):
            mask = 0
            for word in selector["stacks"]:
                mask |= catalogue.stacks.get(word, 0)
        elif type(selector) is dict and len(selector) == 1 and _TEXT[0](selector.get("logical")):
            _known([selector["logical"]], catalogue.logical, what, "logical model")
            mask = catalogue.logical[selector["logical"]]
        else:
            raise _Refused(f'{what}: `candidates` is none of "all", models, stacks and logical')
        return mask, body["min_quality_bp"]

    def view(self, kind: str, name: str, policy: _Policy) -> _View:
        """The route `name` of this kind as the policy sees it; built on first use."""
        view = policy.views.get((kind, name))
        if view is None:
            view = policy.views[kind, name] = self._view(kind, name, policy)
        return view

    def _view(self, kind: str, name: str, policy: _Policy) -> _View:
        catalogue = self.catalogue
        head: list[_Model] = []
        pick, floor = policy.plain, None
        if kind == "target":
            mask, floor = self.targets[name]
        elif kind == "logical":
            mask = catalogue.logical[name]
        else:
            feature = self.features[name]
            head, floor, pick = feature.head, feature.floor, policy.penalised
            mask = 0
            if not policy.fallback:
                head = head[:1]
            elif feature.then is not None:
                tail = self.targets[feature.then][0] & catalogue.active & catalogue.listed
                mask = tail & ~feature.retired
            mask |= catalogue.slugs(model.slug for model in head)
        floors = [(bp, source) for bp, source in ((policy.floor, "policy"), (floor, kind)) if bp is not None]
        base = max(floors, key=lambda pair: pair[0]) if floors else (self.good, "good")
        if not floors and self.preferences is None:
            base = (0, "none")
        return _View(kind, mask, head, pick, policy.penalised, base)


_LIST: _Kind = (lambda v: type(v) is list, "a list")
_ANY: _Kind = (lambda v: True, "anything")


class _Feature:
    """The registry rows of a feature."""

    __slots__ = ("floor", "head", "name", "primary", "retired", "shadows", "then")

    def __init__(self, name: str, body: Any, table: _Table) -> None:
        self.name, what, by_slug = name, f"feature {name!r}", table.catalogue.by_slug
        _check(body, _FEATURE, what)
        self.floor: int | None = body["min_quality_bp"]
        self.then: str | None = body["then"]
        if self.then is not None:
            _known([self.then], table.targets, what, "target")
        _known(body["fallback"], by_slug, what, "model")
        self.primary: _Model | None = None
        primary = None
        self.retired = 0
        self.shadows: list[tuple[_Model, int, str]] = []  # model, sample in basis points, salt
        seen: set[str] = set()
        for row in body["rows"]:
            _check(row, {"model": _TEXT, "status": _TEXT}, f"{what}: a row")
            slug, status = row["model"], row["status"]
            _known([slug], by_slug, what, "model")
            if slug in seen:
                raise _Refused(f"{what} has two rows for the model {slug!r}")
            seen.add(slug)
            if status == "retired":
                self.retired |= by_slug[slug].bit
            elif status == "shadow":
                if "sample_bp" in row:
                    _check(row, {"sample_bp": _SAMPLE}, f"{what}: the row of {slug!r}")
                    self.shadows.append((by_slug[slug], row["sample_bp"], f"shadow:{name}:{slug}"))
            elif status != "primary":
                raise _Refused(f"{what}: the row of {slug!r} has the unknown status {status!r}")
            elif primary is None:  # of two primaries the first serves
                primary = by_slug[slug]
        # Without a primary that has a known provider, the feature counts as having no rows.
        if primary is not None and primary.known:
            self.primary = primary
        self.head = [] if primary is None else [primary]
        for slug in body["fallback"]:
            if by_slug[slug] not in self.head:
                self.head.append(by_slug[slug])


_SAMPLE: _Kind = (lambda v: type(v) is int and 1 <= v <= _TOP, "a whole number from 1 to 10000")


class _Experiment:
    """The experiment that answers for a public model id."""

    __slots__ = ("_owners", "_starts", "name", "on_pause", "salt", "status", "variants", "winner")

    def __init__(self, public_id: str, body: Any, by_slug: dict[str, _Model]) -> None:
        what = f"experiment of {public_id!r}"
        _check(body, _EXPERIMENT, what)
        _check(body, {"slots": _LIST, "status": _STATUS, "on_pause": _ON_PAUSE, "winner": _ANY}, what)
        self.name: str = body["experiment"]
        self.salt: str = body["salt"]
        self.status: str = body["status"]
        self.on_pause: str = body["on_pause"]
        self.variants: list[tuple[_Model, str, int, str | None]] = []  # model, id, version, key variable
        for variant in body["variants"]:
            _check(variant, _VARIANT, f"{what}: a variant")
            _known([variant["model"]], by_slug, what, "model")
            key = variant["api_key_env"]
            self.variants.append((by_slug[variant["model"]], variant["id"], variant["version"], key))
        self.winner: int | None = body["winner"]
        if not self.variants:
            raise _Refused(f"{what} has no variant")
        if self.winner is not None and not self._is_variant(self.winner):
            raise _Refused(f"{what}: `winner` is not the number of a variant or null")
        if self.status == "completed" and self.winner is None:
            raise _Refused(f"{what} is completed without a winner")
        slots = body["slots"]
        for pair in slots:
            if not (
                type(pair) is list and len(pair) == 2 and _COUNT[0](pair[0]) and self._is_variant(pair[1])
            ):
                raise _Refused(f"{what}: `slots` holds something else than [first slot, variant]")
        self._starts = [pair[0] for pair in slots]
        self._owners: list[int] = [pair[1] for pair in slots]
        if self._starts[:1] != [0] or self._starts != sorted({*self._starts}) or self._starts[-1] >= SLOTS:
            raise _Refused(f"{what}: `slots` does not rise from 0 to at most 9999")

    def _is_variant(self, index: Any) -> bool:
        return type(index) is int and 0 <= index < len(self.variants)

    def owner(self, slot: int) -> int:
        """The variant that owns a slot."""
        return self._owners[bisect_right(self._starts, slot) - 1]

    def range_of(self, slot: int) -> list[int]:
        """First and last slot of the range a slot lies in."""
        at = bisect_right(self._starts, slot)
        return [self._starts[at - 1], self._starts[at] - 1 if at < len(self._starts) else SLOTS - 1]


_STATUS: _Kind = (lambda v: v in ("active", "paused", "completed"), "one of active, paused and completed")
_ON_PAUSE: _Kind = (lambda v: v in ("reject", "control"), '"reject" or "control"')


def slot_of(salt: str, unit: str) -> int:
    """The slot (0..9999) of a unit under a salt: docs/semantics.md, section 5."""
    digest = sha256(f"{salt}:{unit}".encode()).digest()
    return int.from_bytes(digest[:8], "big") * SLOTS >> 64


def _last_resort(given: str | dict[str, Any]) -> str | _Model:
    """The ladder's lowest rung as given in code: a slug, or an endpoint (ValueError if malformed)."""
    if isinstance(given, str):
        if not given:
            raise ValueError("last_resort is empty: give a model slug or an endpoint")
        return str(given)
    return _endpoint(given)


def _endpoint(given: dict[str, Any]) -> _Model:
    """An endpoint given in code as a model. Keys, the first five required, the others as for a model in the
    table, with the defaults of a model in YAML where left out: `model`, `provider`, `upstream_model`, `url`,
    `adapter`; `api_key_env`, `stack`, `logical`, `capabilities`, `compliance_bp`, `context_window`,
    `min_output_tokens`, `input_pusd`, `output_pusd`, `output_ratio_bp`."""
    kinds = {
        "model": _TEXT, "provider": _TEXT, "upstream_model": _TEXT, "url": _TEXT, "adapter": _TEXT,
        "api_key_env": _NAME, "stack": _NAME, "logical": _NAME, "capabilities": _SLUGS, "compliance_bp": _BP,
        "context_window": _COUNT, "min_output_tokens": _COUNT, "input_pusd": _COUNT, "output_pusd": _COUNT,
        "output_ratio_bp": _COUNT,
    }  # fmt: skip
    defaults: dict[str, Any] = {
        "api_key_env": None, "stack": None, "logical": None, "capabilities": [], "compliance_bp": _TOP,
        "context_window": 2 * _MOST_TOKENS, "min_output_tokens": 0, "input_pusd": 0, "output_pusd": 0,
        "output_ratio_bp": 5000,
    }  # fmt: skip
    if not isinstance(given, dict):
        raise ValueError("last_resort is neither a model slug nor a dict")
    if not kinds.keys() >= given.keys():
        raise ValueError(f"last_resort has the unknown key {min(given.keys() - kinds.keys(), key=str)!r}")
    body = defaults | given
    try:
        _check(body, kinds, "last_resort")
    except _Refused as refused:
        raise ValueError(str(refused)) from None
    body |= {
        "active": True,
        "listed": True,
        "quality_bp": 0,
        "latency_ms": 0,
        "upstream": body["upstream_model"],
    }
    model = _Model(body["model"], body, body)
    if "input_pusd" not in given or "output_pusd" not in given:
        model.priced = False
    return model


# --- The request, brought into shape --------------------------------------------------------------


ARGUMENTS: Final = (
    "feature", "model", "tenant", "unit", "request_id", "preference", "min_quality", "latency_budget_ms",
    "stack", "input_tokens", "max_output_tokens", "max_cost_usd", "stream", "tools", "capabilities",
    "unavailable",
)  # fmt: skip
_MOST_TOKENS: Final = 10**9  # also milliseconds
_MOST_COST: Final = 10**24  # pico-dollars
# Contexts of our own: the caller's may trap, or round to few digits. These never raise.
_UP: Final = Context(prec=60, rounding=ROUND_CEILING, traps=[])
_DOWN: Final = Context(prec=60, rounding=ROUND_FLOOR, traps=[])


class _Request:
    """A request's arguments as exact built-in values; what was not given, or is of the wrong kind, is None.

    INVARIANT: no method of a caller's own class ever runs: everything is asked of exact built-in types.
    """

    __slots__ = (
        "capabilities", "feature", "flags", "input_tokens", "latency", "max_cost", "max_output",
        "min_quality", "model", "preference", "request_id", "stack", "tenant", "unavailable", "unit",
    )  # fmt: skip

    def __init__(
        self, feature: object, model: object, tenant: object, unit: object, request_id: object,
        preference: object, min_quality: object, latency_budget_ms: object, stack: object,
        input_tokens: object, max_output_tokens: object, max_cost_usd: object, stream: object, tools: object,
        capabilities: object, unavailable: object, unknown: dict[str, Any],
    ) -> None:  # fmt: skip
        self.flags: list[str] = []
        self.feature = self._text("feature", feature)
        self.model = self._text("model", model)
        self.tenant = self._text("tenant", tenant)
        self.unit = self._text("unit", unit)
        self.request_id = self._text("request_id", request_id)
        self.preference = self._text("preference", preference)
        self.min_quality = self._number("min_quality", min_quality, _basis_points)
        self.latency = self._number("latency_budget_ms", latency_budget_ms, _tokens)
        self.input_tokens = self._number("input_tokens", input_tokens, _tokens)
        self.max_output = self._number("max_output_tokens", max_output_tokens, _tokens)
        self.max_cost = self._number("max_cost_usd", max_cost_usd, _pico_dollars)
        if self.max_cost is not None and self.input_tokens is None:
            self.max_cost = None
            self.flags.append("ignored:max_cost_usd")
        # What guards a policy fails closed: a stack that is no text is a stack nobody declares.
        self.stack = None if stack is None else (_exact_text(stack) or "")
        self.capabilities = {"streaming"} if stream is True else set[str]()
        if tools is True:
            self.capabilities.add("tools")
        self.capabilities.update(self._names("capabilities", capabilities))
        self.unavailable = self._names("unavailable", unavailable)
        for key in unknown:
            self.flags.append(f"ignored:{_exact_text(key)}")

    def _text(self, name: str, value: object) -> str | None:
        if value is None:
            return None
        text = _exact_text(value)
        if text is None or not _encodable(text):
            self.flags.append(f"ignored:{name}")
            return None
        return text

    def _number(self, name: str, value: object, convert: Callable[[Any], int | None]) -> int | None:
        if value is None:
            return None
        number = _exact_number(value)
        whole = None if number is None else convert(number)
        if whole is None:
            self.flags.append(f"ignored:{name}")
        return whole

    def _names(self, name: str, value: object) -> tuple[str, ...]:
        if value is None:
            return ()
        names = _exact_names(value)
        if names is None:
            self.flags.append(f"ignored:{name}")
            return ()
        return names


def _exact_text(value: Any) -> str | None:
    """A str, without whatever a subclass of it may do; None for anything else."""
    if type(value) is str:
        return value
    return str.__str__(value) if issubclass(type(value), str) else None


def _exact_number(value: Any) -> int | Decimal | None:
    """A finite int or Decimal; a float counts as its shortest round-trip decimal. None for anything else."""
    kind = type(value)
    if kind is bool:
        return None
    if issubclass(kind, int):
        return int.__pos__(value)
    if issubclass(kind, float):
        plain = float.__pos__(value)
        return Decimal(repr(plain)) if plain - plain == 0 else None
    if issubclass(kind, Decimal):
        number = Decimal(value)
        return number if number.is_finite() else None
    return None


def _exact_names(value: Any) -> tuple[str, ...] | None:
    """The texts of a list, tuple or set; None for anything else, or if one of them is no text."""
    for plain in (list, tuple, set, frozenset):
        if issubclass(type(value), plain):
            names = [_exact_text(name) for name in plain.__iter__(value)]
            texts = tuple(name for name in names if name is not None)
            return texts if len(texts) == len(names) else None
    return None


def _tokens(number: int | Decimal) -> int | None:
    """A whole number from 0 to 10⁹, or None."""
    if isinstance(number, Decimal):
        if number and number.adjusted() > 9:  # before int(): 1e999999999 has a billion digits
            return None
        whole = int(number)
        if whole != number:
            return None
        number = whole
    return number if 0 <= number <= _MOST_TOKENS else None


def _basis_points(number: int | Decimal) -> int:
    """`min_quality` rounded up to a basis point, held within -1..10,001."""
    return max(-1, min(_scaled(number, 4, _UP), _TOP + 1))


def _pico_dollars(number: int | Decimal) -> int:
    """`max_cost_usd` rounded down to a pico-dollar, at most 10²⁴ (all below 0 are alike)."""
    return max(-1, min(_scaled(number, 12, _DOWN), _MOST_COST))


def _scaled(number: int | Decimal, digits: int, rounding: Context) -> int:
    """`number` times 10^digits as a whole number, rounded once; held within ±10^30, more than any limit."""
    if isinstance(number, int):
        return max(-_FAR, min(number * _PLACES[digits][0], _FAR))
    if not number:
        return 0
    if number.adjusted() >= 30 - digits:  # before any arithmetic: 1e999999999 has a billion digits
        return _FAR if number > 0 else -_FAR
    return int(rounding.scaleb(rounding.quantize(number, _PLACES[digits][1]), digits))


_FAR: Final[int] = 10**30
_PLACES: Final = {4: (10**4, Decimal("1e-4")), 12: (10**12, Decimal("1e-12"))}


# --- Deciding -------------------------------------------------------------------------------------


_STATUS_OF: Final = {
    "permission": "rejected_policy", "ability": "rejected_unavailable", "quality": "rejected_floor",
    "cost": "rejected_cost",
}  # fmt: skip
_Log = dict[str, Any] | None  # what `explain` is told
_Assigned = tuple[str | None, str | None, int | None, int | None]  # experiment, variant, version, slot


class _State:
    """All that one decision reads: table, fallback file and last resort. Never changed once built."""

    def __init__(
        self, table: _Table | None, fallback: _Fallback | None, last_resort: str | _Model | None
    ) -> None:
        self.table, self.fallback = table, fallback
        self.hash = None if table is None else table.hash
        self.last_resort = self._find(last_resort)
        if table is not None:
            self.serving = "routing table"
        elif fallback is not None:
            self.serving = "fallback file"
        else:
            self.serving = "nothing" if self.last_resort is None else "last resort"

    def _find(self, last_resort: str | _Model | None) -> tuple[_Catalogue, _Model] | None:
        """The last resort and the catalogue it is filtered in."""
        if isinstance(last_resort, _Model):
            held = self.table or self.fallback
            stacks = [] if held is None else held.catalogue.stacks
            return _Catalogue([last_resort], stacks), last_resort
        for file in (self.table, self.fallback):
            if file is not None and last_resort in file.catalogue.by_slug:
                return file.catalogue, file.catalogue.by_slug[last_resort]
        return None

    def decide(self, request: _Request, log: _Log) -> Decision:
        """The decision for a request; `log`, where given, is told how it came about."""
        table, file = self.table, self.table or self.fallback
        delta = self._preference(file, request)
        if file is not None:
            policy = file.policy_of(request)
        else:
            policy = _Policy(None, _NO_POLICY, _Catalogue([], []))
            if request.tenant is not None:
                request.flags.append("tenant_unknown")
        if log is not None:
            log["tenant"], log["policy"] = request.tenant, policy.name
            if policy.rejects:
                log["policy_rejects"] = "the tenant is not declared and `unknown_tenant` is reject"
        if request.feature is not None:
            if table is not None and request.feature in table.features:
                return self._ranked("feature", request.feature, table, policy, request, delta, log)
            return self._ladder(file, policy, request, log)
        name = request.model
        if name is not None and table is not None:
            if name in table.aliases:
                request.flags.append("alias")
                name = table.aliases[name]
            if name in table.targets:
                return self._ranked("target", name, table, policy, request, delta, log)
            if name in table.experiments:
                return self._assigned(table.experiments[name], table, policy, request, log)
            if name in table.catalogue.by_slug:
                return self._direct(table.catalogue, name, "table", policy, request, log)
            if name in table.catalogue.logical:
                return self._ranked("logical", name, table, policy, request, delta, log)
        elif name is not None and file is not None and name in file.catalogue.by_slug:
            source = "default_route" if name in file.routes.values() else "default_model"
            return self._direct(file.catalogue, name, source, policy, request, log)
        return self._rejected("unknown_model", None, None if table is None else "table", request)

    def _preference(self, file: _File | None, request: _Request) -> int:
        """What the dial adds to the floor, in basis points; 0 unless a live, declared position is named."""
        word, preferences = request.preference, None if file is None else file.preferences
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

    # - features, targets and logical models -

    def _ranked(
        self, kind: str, name: str, table: _Table, policy: _Policy, request: _Request, delta: int, log: _Log
    ) -> Decision:
        catalogue, view = table.catalogue, table.view(kind, name, policy)
        base = floor = view.base if request.min_quality is None else request.min_quality
        if delta and request.min_quality is None:
            low, high = table.clamp
            floor = max(base, min(base + delta, high)) if delta > 0 else min(base, max(base + delta, low))
        if log is not None:
            explicit = request.min_quality is not None
            log["route"] = {"kind": kind, "name": name}
            log["orders"] = {"pick": view.pick.name, "chain": view.chain.name}
            log["floor"] = {
                "base_bp": base,
                "from": "explicit" if explicit else view.base_from,
                "dial_bp": 0 if explicit else delta,
                "clamp_bp": list(table.clamp) if delta and not explicit else None,
                "result_bp": floor,
                "relaxed": False,
            }
            every = view.first(view.candidates, len(catalogue.models), view.pick)
            log["candidates"] = [model.slug for model in every]
        left, failed = _narrow(
            view.candidates, catalogue, policy, request, listed=view.listed, floor=floor, view=view, log=log
        )
        if failed is not None and floor != base:
            trace: _Log = None if log is None else {}
            relaxed, still = _narrow(
                view.candidates,
                catalogue,
                policy,
                request,
                listed=view.listed,
                floor=base,
                view=view,
                log=trace,
            )
            if still is None:
                left, failed, floor = relaxed, None, base
                request.flags.append("preference_relaxed")
                if log is not None and trace is not None:
                    log["floor"] |= {"relaxed": True, "result_bp": base}
                    log |= trace
        if failed is not None:
            return self._rejected(failed, kind, "table", request, floor=floor)
        pick = self._pick(left, view, policy, catalogue, request, log)
        chain = [pick.slug]
        if policy.fallback and table.max_attempts > 1:
            chain += [model.slug for model in view.first(left ^ pick.bit, table.max_attempts - 1, view.chain)]
        shadows: tuple[str, ...] = ()
        if kind == "feature" and table.features[name].shadows:
            shadows = self._mirrored(table.features[name], pick, table, policy, request, log)
        return self._served(kind, "table", pick, request, chain=tuple(chain), shadows=shadows, floor=floor)

    def _pick(
        self, left: int, view: _View, policy: _Policy, catalogue: _Catalogue, request: _Request, log: _Log
    ) -> _Model:
        """The first survivor, or the first within the latency budget that costs little enough quality."""
        pick = view.first(left, 1, view.pick)[0]
        if request.latency is None:
            return pick
        least = pick.quality - policy.max_loss
        quick = left & catalogue.scale("latency").at_most(request.latency)
        quick &= catalogue.scale("quality", -1).at_most(-least)
        found = view.first(quick, 1, view.pick)
        if not found:
            request.flags.append("latency_budget_missed")
        if log is not None:
            log["latency"] = {
                "budget_ms": request.latency,
                "unconstrained": pick.slug,
                "least_quality_bp": least,
                "survivors": quick.bit_count(),
                "pick": (found or [pick])[0].slug,
                "missed": not found,
            }
        return (found or [pick])[0]

    def _mirrored(
        self, feature: _Feature, pick: _Model, table: _Table, policy: _Policy, request: _Request, log: _Log
    ) -> tuple[str, ...]:
        """The shadows to mirror this request to, in declared order."""
        unit = request.unit if request.request_id is None else request.request_id
        mirrored = []
        for model, sample, salt in feature.shadows:
            slot = None if unit is None else slot_of(salt, unit)
            allowed = _narrow(model.bit, table.catalogue, policy, request)[1] is None
            chosen = slot is not None and slot < sample and allowed and model is not pick
            if chosen:
                mirrored.append(model.slug)
            if log is not None:
                row = {"model": model.slug, "slot": slot, "sample_bp": sample, "allowed": allowed}
                log.setdefault("shadows", []).append({**row, "mirrored": chosen})
        return tuple(mirrored)

    # - experiments and pinned models -

    def _assigned(
        self, experiment: _Experiment, table: _Table, policy: _Policy, request: _Request, log: _Log
    ) -> Decision:
        slot = None if request.unit is None else slot_of(experiment.salt, request.unit)
        index = 0
        if experiment.status == "completed":
            index = experiment.winner or 0
        elif experiment.status == "paused":
            if experiment.on_pause == "control":
                request.flags.append("paused_control")
        elif slot is None:
            request.flags.append("no_unit")
        else:
            index = experiment.owner(slot)
        model, variant, version, key = experiment.variants[index]
        if log is not None:
            log["route"] = {"kind": "experiment", "name": request.model}
            log["experiment"] = {
                "experiment": experiment.name,
                "status": experiment.status,
                "slot": slot,
                "range": None if slot is None else experiment.range_of(slot),
                "owner": None if slot is None else experiment.variants[experiment.owner(slot)][1],
            }
        if experiment.status == "paused" and experiment.on_pause == "reject":
            nobody = (experiment.name, None, None, slot)
            return self._rejected("rejected_experiment", "experiment", "table", request, assigned=nobody)
        assigned = (experiment.name, variant, version, slot)
        failed = _narrow(model.bit, table.catalogue, policy, request, log=log)[1]
        if failed is not None:
            return self._rejected(failed, "experiment", "table", request, assigned=assigned)
        decision = self._served("experiment", "table", model, request, assigned=assigned)
        return decision if key is None else decision._replace(api_key_env=key)

    def _direct(
        self, catalogue: _Catalogue, name: str, source: str, policy: _Policy, request: _Request, log: _Log
    ) -> Decision:
        if log is not None:
            log["route"] = {"kind": "direct", "name": name}
        model = catalogue.by_slug[name]
        failed = _narrow(model.bit, catalogue, policy, request, listed=True, ability=False, log=log)[1]
        if failed is not None:
            return self._rejected(failed, "direct", source, request)
        return self._served("direct", source, model, request)

    # - below the registry -

    def _ladder(self, file: _File | None, policy: _Policy, request: _Request, log: _Log) -> Decision:
        """The first rung that may and can serve, else the first that may; docs/semantics.md, section 6."""
        request.flags.append("feature_unknown")
        rungs: list[tuple[str, _Catalogue, _Model]] = []
        if file is not None:
            route = file.routes.get(request.feature or "")
            for source, slug in (("default_route", route), ("default_model", file.default_model)):
                if slug in file.catalogue.by_slug:
                    rungs.append((source, file.catalogue, file.catalogue.by_slug[slug]))
        if self.last_resort is not None:
            rungs.append(("last_resort", *self.last_resort))
        if log is not None:
            log["route"] = {"kind": "feature", "name": request.feature}
            log["rungs"] = []
        able: tuple[str, _Model] | None = None
        permitted: tuple[str, _Model] | None = None
        for source, catalogue, model in rungs:
            trace: _Log = None if log is None else {}
            failed = _narrow(model.bit, catalogue, policy, request, log=trace)[1]
            if log is not None:
                log["rungs"].append(
                    {"source": source, "model": model.slug, "refused": failed, **(trace or {})}
                )
            if failed is None and able is None:
                able = (source, model)
            if failed != "rejected_policy" and permitted is None:
                permitted = (source, model)
        taken = able or permitted
        if taken is not None:
            return self._served("feature", *taken, request)
        if rungs:
            return self._rejected("rejected_policy", "feature", rungs[-1][0], request)
        return self._rejected("unknown_model", None, None, request)

    # - the two kinds of answer -

    def _served(
        self,
        route: str,
        source: str,
        pick: _Model,
        request: _Request,
        *,
        chain: tuple[str, ...] | None = None,
        shadows: tuple[str, ...] = (),
        assigned: _Assigned = (None, None, None, None),
        floor: int | None = None,
    ) -> Decision:
        cost = None
        if request.input_tokens is not None and pick.priced:
            cost = pick.cost(request.input_tokens, request.max_output)
        chain = (pick.slug,) if chain is None else chain
        said = tuple(sorted({*request.flags}))
        return Decision(
            "ok", route, source, *pick.endpoint, chain, shadows, *assigned, floor, cost, said, self.hash
        )

    def _rejected(
        self,
        status: str,
        route: str | None,
        source: str | None,
        request: _Request,
        *,
        assigned: _Assigned = (None, None, None, None),
        floor: int | None = None,
    ) -> Decision:
        said = tuple(sorted({*request.flags}))
        nothing = (None,) * 6
        return Decision(status, route, source, *nothing, (), (), *assigned, floor, None, said, self.hash)


def _filters(
    catalogue: _Catalogue, policy: _Policy, request: _Request, listed: bool, ability: bool, floor: int | None
) -> Iterator[tuple[str, str, int | None]]:
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
    yield (
        "permission",
        "stacks",
        stacks if request.stack is None else stacks & catalogue.on_stack(request.stack),
    )
    yield "permission", "compliance", compliance
    if ability:
        if request.unavailable:
            yield "ability", "available", ~catalogue.unavailable(request.unavailable)
        if request.capabilities:
            mask = catalogue.all
            for word in request.capabilities:
                mask &= catalogue.capabilities.get(word, 0)
            yield "ability", "capabilities", mask
        if request.input_tokens is not None or request.max_output is not None:
            tokens = (request.input_tokens or 0) + (request.max_output or 0)
            yield "ability", "context", catalogue.scale("context", -1).at_most(-tokens)
        if request.max_output is not None:
            yield "ability", "reasoning_floor", catalogue.scale("min_output").at_most(request.max_output)
    if floor is not None:
        yield "demand", "quality", catalogue.scale("quality", -1).at_most(-floor)
        if request.max_cost is not None:
            yield "demand", "cost", None


def _narrow(
    mask: int,
    catalogue: _Catalogue,
    policy: _Policy,
    request: _Request,
    *,
    listed: bool = False,
    ability: bool = True,
    floor: int | None = None,
    view: _View | None = None,
    log: _Log = None,
) -> tuple[int, str | None]:
    """What the filters leave of a set of models; if nothing, the status of the filter that emptied it."""
    if not mask:
        return 0, "rejected_policy"
    failed: str | None = None
    for group, name, passing in _filters(catalogue, policy, request, listed, ability, floor):
        before = mask
        mask = catalogue.affordable(mask, request) if passing is None else mask & passing
        if log is not None:
            first = list(catalogue.of(mask)) if view is None else view.first(mask, 3, view.pick)
            log.setdefault("filters", []).append(
                {
                    "group": group,
                    "filter": name,
                    "survivors": mask.bit_count(),
                    "first": [model.slug for model in first],
                    "dropped": [model.slug for model in catalogue.of(before & ~mask)],
                }
            )
        if not mask and failed is None:
            failed = _STATUS_OF.get(name) or _STATUS_OF[group]
            if log is None:
                break
    return mask, failed


# --- The program ----------------------------------------------------------------------------------


_MOST_NESTED: Final = 64


def resolve_line(router: Router, line: bytes) -> str:
    """The decision for one line of JSON, as one line of JSON without its end; never raises."""
    try:
        body = _REQUESTS.decode(line.decode("utf-8"))
    except (ValueError, RecursionError):  # not UTF-8, not JSON, nested beyond what Python reads
        body = None
    if type(body) is not dict or _depth(body, line) > _MOST_NESTED:
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
    sign, tiny = digits.startswith("-"), exponent.startswith("-")
    return Decimal((int(sign), (1,), -999_999 if tiny else 999_999))


def _not_finite(_name: str) -> float:
    return float("nan")


_REQUESTS: Final = json.JSONDecoder(parse_int=_decimal, parse_float=_decimal, parse_constant=_not_finite)


def _depth(body: Any, line: bytes) -> int:
    """How deep the lists and objects of a line are nested; a plain object is 1."""
    if line.count(b"[") + line.count(b"{") <= _MOST_NESTED:
        return 1  # or a little more: not enough brackets to matter
    depth, level = 0, [body]
    while level:
        depth += 1
        inner: list[Any] = []
        for value in level:
            inner.extend(value.values() if type(value) is dict else value)
        level = [value for value in inner if type(value) in (dict, list)]
    return depth


def main(arguments: list[str] | None = None) -> int:
    """The program: requests as JSON lines on standard input, decisions on standard output."""
    import argparse

    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(
        prog="resolver.py",
        description="Reads requests as JSON lines on standard input, writes one decision for every line.",
    )
    parser.add_argument("--table", default=os.path.join(here, "routing_table.json"), metavar="PATH",
                        help="the compiled table (default: routing_table.json beside this file)")  # fmt: skip
    parser.add_argument("--fallback", metavar="PATH", help="default: fallback.json beside the table")
    options = parser.parse_args(arguments)
    router = load(options.table, fallback=options.fallback)
    status = router.status()
    if status["last_rejection"] is not None:
        print(
            f"resolver.py: warning: {status['last_rejection']}; serving from: {status['serving']}",
            file=sys.stderr,
        )
    try:
        serve(router, sys.stdin.buffer.fileno(), sys.stdout.buffer)
    except BrokenPipeError:
        # The reader went away. Python would complain once more when it flushes at exit: give it a place to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    return 0


def serve(router: Router, source: int, sink: BinaryIO) -> None:
    """One decision for each line of an open file: answers whatever has arrived, then flushes.

    Quick for a file, prompt for a partner that waits for each answer.
    """
    begun: list[bytes] = []  # pieces of a line whose end has not arrived
    while chunk := os.read(source, 1 << 16):
        first, *lines = chunk.split(b"\n")
        begun.append(first)
        if not lines:
            continue
        for line in (b"".join(begun), *lines[:-1]):
            sink.write(resolve_line(router, line).encode("ascii") + b"\n")
        sink.flush()
        begun = [lines[-1]]
    if last := b"".join(begun):
        sink.write(resolve_line(router, last).encode("ascii") + b"\n")
        sink.flush()


if __name__ == "__main__":
    sys.exit(main())
