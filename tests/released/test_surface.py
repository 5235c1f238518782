"""What a released version offered is still there: docs/compatibility.md says how long, and how it may go."""

from __future__ import annotations

import json
from functools import cache

import pytest

from tests.released.surface import FOLDER, surface

VERSIONS = sorted(path.stem for path in FOLDER.glob("*.json"))
IN_ORDER = ("Decision", "Endpoint")
GONE: dict[str, str] = {}
"""What was taken away (`commands: retire --now`), and the minor version that warned of it (CONTRIBUTING.md, "Take
something away")."""


@cache
def today() -> dict[str, list[str]]:
    """The surface of today's code, read once."""
    return surface()


@pytest.mark.parametrize("version", VERSIONS)
def test_what_was_offered_is_still_there(version: str) -> None:
    """Commands, options, settings, rules, public names and keys of JSON only grow in number."""
    offered = json.loads((FOLDER / f"{version}.json").read_text(encoding="utf-8"))
    assert offered.keys() <= today().keys()
    missing = [f"{part}: {line}" for part, lines in offered.items() for line in lines if line not in today()[part]]
    assert [line for line in missing if line not in GONE] == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("part", IN_ORDER)
def test_decisions_grow_at_their_end(version: str, part: str) -> None:
    """Callers may unpack a decision: the fields of a released version come first, in their order."""
    offered = json.loads((FOLDER / f"{version}.json").read_text(encoding="utf-8"))[part]
    assert today()[part][: len(offered)] == offered
