"""Read the bytes of a table or a fallback file and parse them; refuse what is no table."""

from __future__ import annotations

import json
import os
import re
import stat
from hashlib import sha256
from typing import Any, Final

from routecomp.runtime.parts.kinds import _SLUGS, _TEXT
from routecomp.runtime.parts.limits import MAX_BYTES
from routecomp.runtime.parts.refused import _Refused
from routecomp.runtime.parts.table_fields import _check
from routecomp.runtime.parts.table_keys import FORMAT, KNOWN_REQUIREMENTS


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
