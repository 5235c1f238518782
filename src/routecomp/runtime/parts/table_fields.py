"""State the keys of the files and the values they may have, and check them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from routecomp.runtime.parts.limits import _ONE_BP
from routecomp.runtime.parts.refused import _Refused


class _Kind(NamedTuple):
    """A kind of values: the test of a value, and the words for it in a refusal."""

    test: Callable[[Any], bool]
    words: str


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


_ANY = _Kind(lambda v: True, "anything")
_BOOL = _Kind(lambda v: type(v) is bool, "true or false")
_TEXT = _Kind(_is_text, "text")
_STACK = _Kind(lambda v: _is_text(v) and not v.startswith("avoid-"), "text that does not begin with avoid-")
_LIST = _Kind(lambda v: type(v) is list, "a list")
_SLUGS = _Kind(lambda v: type(v) is list and all(type(slug) is str for slug in v), "a list of text")
_OBJECT = _Kind(lambda v: type(v) is dict, "an object")
_TEXTS = _Kind(lambda v: type(v) is dict and all(type(t) is str for t in v.values()), "an object of text")
_BP, _COUNT, _POSITIVE = _whole(0, _ONE_BP), _whole(0), _whole(1)
_NAME, _FLOOR = _or_null(_TEXT), _or_null(_BP)

# The keys of the files (docs/table.md). What cannot be checked on one value alone is checked where it is read.
_PROVIDER = {"adapter": _TEXT, "api_key_env": _NAME, "stack": _STACK, "url": _TEXT}
_MODEL = {
    "active": _BOOL,
    "capabilities": _SLUGS,
    "compliance_bp": _BP,
    "context_window": _COUNT,
    "input_pusd": _COUNT,
    "latency_ms": _COUNT,
    "listed": _BOOL,
    "logical": _NAME,
    "min_output_tokens": _COUNT,
    "output_pusd": _COUNT,
    "output_ratio_bp": _COUNT,
    "provider": _TEXT,
    "quality_bp": _BP,
    "upstream": _TEXT,
}
_PERMISSION = {"banned_models": _SLUGS, "banned_providers": _SLUGS, "compliance_bp": _BP, "stacks": _or_null(_SLUGS)}
_POLICY = _PERMISSION | {
    "fallback": _BOOL,
    "max_quality_loss_bp": _BP,
    "min_quality_bp": _FLOOR,
    "penalised": _TEXT,
    "plain": _TEXT,
}
_DEFAULTS = {"model": _TEXT, "policy": _TEXT, "routes": _TEXTS, "unknown_tenant": _any_of("default", "reject")}
_FILE = {
    "defaults": _OBJECT,
    "models": _OBJECT,
    "preferences": _or_null(_OBJECT),
    "providers": _OBJECT,
    "tenants": _OBJECT,
}
_FALLBACK = {"permissions": _OBJECT, "stacks": _TEXT}
_TABLE = {
    "aliases": _TEXTS,
    "experiments": _OBJECT,
    "features": _OBJECT,
    "orders": _TEXTS,
    "policies": _OBJECT,
    "resilience": _OBJECT,
    "targets": _OBJECT,
}
_RESILIENCE = {"cooloff_s": _COUNT, "failures": _POSITIVE, "max_attempts": _POSITIVE, "window_s": _COUNT}
_PREFERENCES = {"clamp_bp": _LIST, "default": _TEXT, "dial_bp": _OBJECT, "gate_env": _NAME, "good_bp": _BP}
_DIAL = dict.fromkeys(("balanced", "cost", "quality"), _whole(-_ONE_BP, _ONE_BP))
_PREFERENCE_NAMES = {"default": _TEXT, "gate_env": _NAME, "names": _SLUGS}
_FEATURE = {"fallback": _SLUGS, "min_quality_bp": _FLOOR, "rows": _LIST, "then": _NAME}
_ROW = {"model": _TEXT, "status": _any_of("primary", "shadow", "retired")}
_SAMPLE = {"sample_bp": _whole(1, _ONE_BP)}
_EXPERIMENT = {
    "experiment": _TEXT,
    "on_pause": _any_of("reject", "control"),
    "salt": _TEXT,
    "slots": _LIST,
    "status": _any_of("active", "paused", "completed"),
    "variants": _LIST,
    "winner": _ANY,
}
_VARIANT = {"api_key_env": _NAME, "id": _TEXT, "model": _TEXT, "version": _POSITIVE}


def _check(body: Any, fields: dict[str, _Kind], what: str) -> None:
    """Raise _Refused if a body is no object, lacks a field, or has a value of another kind; `what` names the body.

    Keys that are not among the fields are ignored.
    """
    if type(body) is not dict:
        raise _Refused(f"{what} is not an object")
    for key, kind in fields.items():
        if key not in body:
            raise _Refused(f"{what} has no `{key}`")
        if not kind.test(body[key]):
            raise _Refused(f"{what}: `{key}` is not {kind.words}")


def _check_names(names: Iterable[Any], declared: Any, what: str, kind: str) -> None:
    """Raise _Refused for a name that is not declared in the file; `what` says where the names stand."""
    for name in names:
        if name not in declared:
            raise _Refused(f"{what} names the {kind} {name!r}, which is not in the file")
