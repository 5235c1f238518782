"""State the kinds of values that the files hold: the test of each, and the words for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from routecomp.runtime.parts.limits import _ONE_BP

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
