"""Look up the names that LiteLLM reads: keys by where they stand, providers, models that need no provider."""

from __future__ import annotations

from functools import cache
from pathlib import Path

VERSION = "1.110.2"
"""The version of LiteLLM that the names were taken from, and that the rules were tried on."""
_FILE = Path(__file__).with_name("names.txt")


def names(section: str) -> frozenset[str]:
    """Return what a section lists.

    They are params, info, router, general, module, providers, models, patterns of models, switches (of settings), and
    deployment switches.
    """
    return _sections()[section]


@cache
def _sections() -> dict[str, frozenset[str]]:
    """Return the names of each section of the file."""
    sections: dict[str, list[str]] = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            listed = sections.setdefault(line[1:-1], [])
        elif not line.startswith("#"):
            listed.append(line)
    return {name: frozenset(words) for name, words in sections.items()}
