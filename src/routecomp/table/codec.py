"""Plain values in, canonical JSON out (and back): ASCII, keys sorted, integers only, one sealed entry a line.

Pooled parts get their names here too, by their content.
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
    """A value as canonical JSON on one line."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)


def encode(document: Mapping[str, object]) -> bytes:
    """A document (a mapping of sections) as canonical JSON: one sealed entry a line, every comma on one of its own.

    Lines are what Git merges: two changes that touch different entries touch different lines, and an untouched
    comma stands between neighbours. `format` and `requires` say how to read the rest, and have no seal.
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
    """An entry (a text, or a mapping without the key `~`) as its line, which the CRC-32 of is 0."""
    text = f"{json.dumps(name)}:{compact(value)}"
    if isinstance(value, str):
        head, tail = text[:-1] + "~", '"'
    elif isinstance(value, Mapping):
        head, tail = text[:-1] + ("," if value else "") + '"~":"', '"}'
    else:
        raise TypeError(f"entry {name} is neither a text nor a mapping")
    return head + seal(head.encode("ascii"), tail.encode("ascii")).decode("ascii") + tail


def decode(data: bytes) -> dict[str, Any]:
    """What `encode` was given, of its bytes (which the resolver has accepted: nothing is verified here)."""
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
    if isinstance(entry, str):
        return entry.rpartition("~")[0]
    return None if entry is None else {key: value for key, value in entry.items() if key != "~"}


def ruleset_hash(data: bytes) -> str:
    """SHA-256 of a table's bytes, in hex: what decisions and audits name it by."""
    return hashlib.sha256(data).hexdigest()


def content_name(prefix: str, text: str) -> str:
    """A short name for a pooled part: two projects, or two branches, give equal parts equal names."""
    return f"{prefix}-{hashlib.sha256(text.encode('ascii')).hexdigest()[:_NAME_DIGITS]}"


class Pool:
    """Parts named by their content, each kept once."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.parts: dict[str, object] = {}

    def add(self, part: object, text: str | None = None) -> str:
        """The name of a part; `text` is what is hashed, by default its canonical JSON."""
        name = content_name(self._prefix, compact(part) if text is None else text)
        if self.parts.setdefault(name, part) != part:
            raise RuntimeError(f"two parts share the name {name}")  # 64 bits: never in the life of a project
        return name
