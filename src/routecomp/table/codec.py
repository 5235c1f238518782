"""Encode tables as canonical JSON, and decode them: ASCII, keys sorted, integers only, one sealed entry a line.

Shared parts (policies, orders, permissions) get names here that are made of their content.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from routecomp.table.checksum import seal

_OPEN = ("format", "requires")
_ONE_LINE = ("defaults", "preferences", "resilience", "stacks")
_NAME_DIGITS = 16


def compact(value: object) -> str:
    """Write a value as canonical JSON on one line: ASCII, keys sorted, no spaces; ValueError for NaN and infinity."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)


def encode(document: Mapping[str, object]) -> bytes:
    """Write a table (a mapping of sections) as canonical JSON: one sealed entry a line, each comma on its own line.

    Git merges lines: two changes to different entries change different lines, and a line that neither changed stands
    between neighbours. `format` and `requires`, which say how to read the rest, have no seal; nor has a section that
    is None or empty. Raises TypeError for a section or an entry of another type.
    """
    sections = []
    for key in sorted(document):
        value = document[key]
        if key in _OPEN or value is None or value == {}:
            sections.append(f"{json.dumps(key)}:{compact(value)}")
        elif key in _ONE_LINE:
            sections.append(sealed_line(key, value))
        elif isinstance(value, Mapping):
            entries = "\n,\n".join(sealed_line(name, value[name]) for name in sorted(value))
            sections.append(f"{json.dumps(key)}:{{\n{entries}\n}}")
        else:
            raise TypeError(f"section {key} has no lines")
    return ("{\n" + "\n,\n".join(sections) + "\n}\n").encode("ascii")


def sealed_line(name: str, value: object) -> str:
    """Write one entry (a text, or a mapping without the key `~`) as a line whose CRC-32 is 0; else raise TypeError."""
    text = f"{json.dumps(name)}:{compact(value)}"
    if isinstance(value, str):
        head, tail = text[:-1] + "~", '"'
    elif isinstance(value, Mapping):
        head, tail = text[:-1] + ("," if value else "") + '"~":"', '"}'
    else:
        raise TypeError(f"entry {name} is neither a text nor a mapping")
    return head + seal(head.encode("ascii"), tail.encode("ascii")).decode("ascii") + tail


def decode(data: bytes) -> dict[str, Any]:
    """Read the bytes that `encode` wrote, and remove the seals; the seals are not verified here.

    Raises ValueError for bytes that are not JSON; for other JSON than `encode` writes nothing is promised.
    """
    body: dict[str, Any] = json.loads(data)
    return {
        key: _unsealed(value)
        if key in _ONE_LINE
        else {name: _unsealed(entry) for name, entry in value.items()}
        if isinstance(value, dict)
        else value
        for key, value in body.items()
    }


def _unsealed(entry: Any) -> Any:
    """Return an entry, a text or a mapping, without its seal; None stays None."""
    if isinstance(entry, str):
        return entry.rpartition("~")[0]
    return None if entry is None else {key: value for key, value in entry.items() if key != "~"}


def ruleset_hash(data: bytes) -> str:
    """Return the SHA-256 of a table's bytes in hex, by which decisions and audits name the table."""
    return hashlib.sha256(data).hexdigest()


def content_name(prefix: str, text: str) -> str:
    """Name a part by the hash of its text (ASCII), so that equal parts have equal names in all projects and branches.

    The name is the prefix, `-` and 16 hex digits of the SHA-256.
    """
    return f"{prefix}-{hashlib.sha256(text.encode('ascii')).hexdigest()[:_NAME_DIGITS]}"


class Pool:
    """Shared parts by name; equal parts are kept once. The prefix of the names says what kind of part they are."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.parts: dict[str, object] = {}

    def add(self, part: object, text: str | None = None) -> str:
        """Add a part and return its name, made of `text`, by default of the part's canonical JSON.

        Raises RuntimeError where another part has this name.
        """
        name = content_name(self._prefix, compact(part) if text is None else text)
        if self.parts.setdefault(name, part) != part:
            raise RuntimeError(f"two parts share the name {name}")  # 64 bits: never in the life of a project
        return name
