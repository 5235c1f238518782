"""Seal the lines of a table that a test edited, so that its odd content is refused, or not, for itself alone.

Unlike the compiler's encoder, these functions take any content in any order; a line that cannot hold a seal gets none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from routecomp.table.checksum import LETTERS, seal

_ONE_LINE = ("defaults", "preferences", "resilience", "stacks")
_OPEN = ("format", "requires")
_SEALED = re.compile(rf'^(".*~(?:":")?)[{LETTERS}]{{8}}("\}}?)$'.encode(), re.MULTILINE)


def sealed(body: Mapping[str, Any], between: str = ":") -> bytes:
    """Encode a table or a fallback file; `between` stands between keys and values within the sealed lines."""
    sections = []
    for key, value in body.items():
        if isinstance(value, dict) and value and key not in _ONE_LINE:
            entries = "\n,\n".join(_line(name, entry, between) for name, entry in value.items())
            sections.append(f"{json.dumps(key)}:{{\n{entries}\n}}")
        else:
            frame = key in _OPEN or not value
            sections.append(_line(key, value, ":" if frame else between, not frame))
    return resealed(("{\n" + "\n,\n".join(sections) + "\n}\n").encode())


def _line(name: str, value: Any, between: str, sealed: bool = True) -> str:
    text = json.dumps(name) + between + json.dumps(value, separators=(",", between))
    if sealed and isinstance(value, str):
        return text[:-1] + "~" + LETTERS[:8] + '"'
    if sealed and isinstance(value, dict):
        return text[:-1] + ("," if value else "") + '"~":"' + LETTERS[:8] + '"}'
    return text


def resealed(text: bytes) -> bytes:
    """Return a text in which each line that ends in a seal has the right one."""
    return _SEALED.sub(lambda line: line[1] + seal(line[1], line[2]) + line[2], text)
