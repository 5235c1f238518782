"""Plain values in, canonical JSON out: ASCII, keys sorted, integers only, one entry a line; and names by content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

_NAME_DIGITS = 16


def compact(value: object) -> str:
    """A value as canonical JSON on one line."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)


def encode(document: Mapping[str, object]) -> bytes:
    """A document (a mapping of sections) as canonical JSON, one entry of each section a line.

    Lines are what Git merges: two changes that touch different entries touch different lines.
    """
    sections = []
    for key in sorted(document):
        value = document[key]
        if isinstance(value, Mapping) and value:
            entries = ",\n".join(f"{json.dumps(name)}:{compact(value[name])}" for name in sorted(value))
            sections.append(f"{json.dumps(key)}:{{\n{entries}\n}}")
        else:
            sections.append(f"{json.dumps(key)}:{compact(value)}")
    return ("{\n" + ",\n".join(sections) + "\n}\n").encode("ascii")


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
