"""Encode tables as plain canonical JSON: ASCII, keys sorted, integers only, one entry a line.

Shared parts (policies, permissions) get names here that are made of their content.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from json.encoder import encode_basestring_ascii

_NONE: Mapping[str, str] = {}
_NAME_DIGITS = 16
# `json.dumps` would make an encoder for each of the thousands of entries.
_SPACED = json.JSONEncoder(sort_keys=True, allow_nan=False).encode
_TEXT = encode_basestring_ascii
_COMPACT = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def encode(document: Mapping[str, object]) -> bytes:
    """Write a table (a mapping of sections): one entry a line, and each comma between entries on a line of its own.

    Git merges lines: two changes to different entries change different lines, and a line that neither changed stands
    between neighbours. The config routes within `defaults` are entries too. What is empty, or no mapping, stands on one
    line. Spaces follow colons and commas, so that `git diff --word-diff` shows the figure that changed.
    """
    sections = []
    for key in sorted(document):
        value = document[key]
        if isinstance(value, Mapping) and value:
            routes = value.get("routes") if key == "defaults" else None
            inner = {"routes": _block("routes", routes, "  ")} if isinstance(routes, Mapping) and routes else {}
            sections.append(_block(key, value, "", inner))
        else:
            sections.append(_line(key, value))
    return ("{\n" + "\n,\n".join(sections) + "\n}\n").encode("ascii")


def _block(key: str, mapping: Mapping[str, object], indent: str, inner: Mapping[str, str] = _NONE) -> str:
    """Write a key and its mapping, an entry a line; `inner` are entries that are written already, without indent."""
    deeper = indent + "  "
    entries = f"\n{deeper},\n".join(
        f"{deeper}{inner[name] if name in inner else _line(name, mapping[name])}" for name in sorted(mapping)
    )
    return f"{_TEXT(key)}: {{\n{entries}\n{indent}}}"


def _line(name: str, value: object) -> str:
    """Write a key and its value on one line; raise ValueError for NaN and infinity."""
    text = _TEXT(value) if isinstance(value, str) else _SPACED(value)
    return f"{_TEXT(name)}: {text}"


def compact(value: object) -> str:
    """Write a value as JSON without spaces: ASCII, keys sorted; ValueError for NaN and infinity."""
    return _COMPACT(value)


def ruleset_hash(data: bytes) -> str:
    """Return the SHA-256 of a table's bytes in hex, by which decisions and audits name the table."""
    return hashlib.sha256(data).hexdigest()


def content_name(prefix: str, text: str) -> str:
    """Name a part by the hash of a text (ASCII), so that equal parts have equal names in all projects and branches.

    The name is the prefix, `-` and 16 hex digits of the SHA-256.
    """
    return f"{prefix}-{hashlib.sha256(text.encode('ascii')).hexdigest()[:_NAME_DIGITS]}"


class Pool:
    """Shared parts by name; equal parts are kept once. The prefix of the names says what kind of part they are."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.parts: dict[str, object] = {}

    def add(self, part: object) -> str:
        """Add a part and return its name, which is made of its JSON; raise RuntimeError if another part has it."""
        name = content_name(self._prefix, compact(part))
        if self.parts.setdefault(name, part) != part:
            raise RuntimeError(f"two parts share the name {name}")  # 64 bits: never in the life of a project
        return name
