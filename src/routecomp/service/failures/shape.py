"""Read an exception or an answer as every client library shapes it: status, words, headers, body, names of classes.

Nothing here raises, whatever an exception's properties do, and nothing reads from the network: a body counts only
where its client has read it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

_MOST_BYTES: Final = 262_144  # of a body that is looked into
_MOST_HEADERS: Final = 200
_DEPTH: Final = 5
_LONGEST: Final = 200  # of a word; what is longer is a text
SAID: Final = ("code", "type", "status", "error_code", "reason")
"""The keys and attributes whose texts are words of a closed vocabulary, not messages."""


class Shape(NamedTuple):
    """What there is to judge a failure by."""

    status: int | None
    """The HTTP status; None where no answer came, and inside a stream."""
    words: frozenset[str]
    """The words that the host said: codes, types, reasons, in small letters."""
    headers: Mapping[str, str]
    """The headers of the answer, names in small letters."""
    body: object
    """The body as JSON values; None where there is none."""
    names: tuple[str, ...] = ()
    """The names of the exception's classes, its own first."""
    packages: frozenset[str] = frozenset()
    """The packages that these classes come from."""
    aws_code: str | None = None
    """The code of an AWS error; None for others."""


def shape_of(error: BaseException) -> Shape:
    """Read an exception."""
    response = attribute(error, "response")
    classes = type(error).__mro__
    names, packages = tuple(cls.__name__ for cls in classes), frozenset(str(cls.__module__) for cls in classes)
    packages = frozenset(package.partition(".")[0] for package in packages)
    if isinstance(response, Mapping):
        return _aws_shape(response, names, packages)
    body: object = next(
        (body for body in (attribute(error, "body"), attribute(error, "details")) if isinstance(body, dict | list)),
        None,
    )
    if body is None and response is not None:
        body = parsed(attribute(response, "_content"))  # httpx and requests both keep there what they have read
    words = {attribute(error, name) for name in SAID} | set(_words(body, _DEPTH))
    headers = attribute(response, "headers") if response is not None else None
    return Shape(
        _status(error, response),
        _small(words),
        plain_headers(headers if headers is not None else attribute(error, "headers")),
        body,
        names,
        packages,
    )


def shape_of_answer(status: int, headers: object, body: object) -> Shape:
    """Read a bare answer; `body` is JSON values, or their text or bytes."""
    body = parsed(body)
    return Shape(status, _small(_words(body, _DEPTH)), plain_headers(headers), body)


def _aws_shape(response: Mapping[Any, Any], names: tuple[str, ...], packages: frozenset[str]) -> Shape:
    metadata, error = response.get("ResponseMetadata"), response.get("Error")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    code = error.get("Code") if isinstance(error, Mapping) else None
    status = metadata.get("HTTPStatusCode")
    code = str(code) if isinstance(code, str | int) else ""
    if code.isdecimal():  # an answer that is not AWS's own, of a proxy: botocore makes the status its code
        status, code = int(code) if status is None else status, ""
    return Shape(
        status if type(status) is int else None,
        frozenset({code.lower()} - {""}),
        plain_headers(metadata.get("HTTPHeaders")),
        None,
        names,
        packages,
        code or None,
    )


def _status(error: BaseException, response: object) -> int | None:
    """Return the status where one of the libraries keeps it."""
    places = (
        attribute(error, "status_code"),
        attribute(response, "status_code"),
        attribute(error, "code"),
        attribute(error, "status"),
    )
    return next((status for status in map(as_status, places) if status is not None), None)


def as_status(value: object) -> int | None:
    """Return a status that is given as a number or, as by openai's client inside a stream, as its three digits."""
    if isinstance(value, str) and len(value) == 3 and value.isascii() and value.isdecimal():
        value = int(value)
    return int(value) if isinstance(value, int) and is_status(value) else None


def is_status(value: object) -> bool:
    """Return whether a value is an HTTP status, `http.HTTPStatus` included."""
    return isinstance(value, int) and not isinstance(value, bool) and 100 <= value < 600


def attribute(value: object, name: str) -> Any:
    """Return an attribute; None where there is none, or reading it raises."""
    try:
        return getattr(value, name, None)
    except Exception:
        return None


def entry(value: object, name: str) -> Any:
    """Return an entry of a mapping, or an attribute of any other object; None where there is none."""
    return value.get(name) if isinstance(value, Mapping) else attribute(value, name)


def parsed(body: object) -> object:
    """Return a body as JSON values; None for what is none."""
    if not isinstance(body, bytes | str):
        return body if isinstance(body, Mapping | list) else None
    if len(body) > _MOST_BYTES:
        return None
    try:
        values: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict | list) else None


def _words(value: object, depth: int) -> Iterator[str]:
    """Yield the texts below keys that hold words, at any place of a body."""
    if depth and isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, str):
                if key in SAID:
                    yield inner
            else:
                yield from _words(inner, depth - 1)
    elif depth and isinstance(value, list):
        for inner in value[:20]:
            yield from _words(inner, depth - 1)


def _small(words: Iterable[Any]) -> frozenset[str]:
    """Return words in small letters."""
    return frozenset(word.lower() for word in words if isinstance(word, str) and len(word) <= _LONGEST)


def plain_headers(headers: object) -> dict[str, str]:
    """Return headers as a plain dictionary, names in small letters; empty for what is none."""
    try:
        pairs: Any = headers.items()  # type: ignore[attr-defined]
        texts = ((name, value) for name, value in pairs if isinstance(name, str) and isinstance(value, str))
        return {name.lower(): value for (name, value), _ in zip(texts, range(_MOST_HEADERS), strict=False)}
    except Exception:
        return {}
