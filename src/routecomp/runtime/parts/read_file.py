"""Read the bytes of a table and parse them: bounded, undamaged, each key once."""

from __future__ import annotations

import json
import os
import re
import stat
from typing import Any, Final
from zlib import crc32

from routecomp.runtime.parts.limits import FORMAT, KNOWN_REQUIREMENTS, MAX_BYTES
from routecomp.runtime.parts.refused import _Refused
from routecomp.runtime.parts.table_fields import _SLUGS, _TEXT, _check


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
