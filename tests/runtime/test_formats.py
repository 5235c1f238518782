"""Every published format of the table goes on being read: its first files load, and decide as they did."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from routecomp.runtime.resolver import Router

FOLDER = Path(__file__).parent / "formats"
# What is published does not change: these bytes are never written again, a new format gets a folder of its own.
PINNED = {
    "1.0/decisions.jsonl": "527d9008b8fdd83bc3e8b89e8c37ce982b34a749bf86d55ff4fb893181153e6e",
    "1.0/fallback.json": "ac80f990b8a57daf409393644ea94fb245263d3d2015aa784e48fbb91a11f692",
    "1.0/routing_table.json": "26ecbef1d92dc31a4c83848fc47d1e021b4d5c2a3decabaabe5cfc2a934d5301",
}


@pytest.mark.parametrize("name", sorted(PINNED))
def test_the_bytes_are_those_published(name: str) -> None:
    """A file of a published format is never edited."""
    assert sha256((FOLDER / name).read_bytes()).hexdigest() == PINNED[name]


def test_every_file_is_pinned() -> None:
    """No published file without its digest."""
    assert {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.json*")} == set(PINNED)


@pytest.mark.parametrize("format", ["1.0"])
def test_the_oldest_published_format_still_loads(format: str) -> None:
    """Its table and its fallback file are accepted, and every request is decided as on the day of publication."""
    table, fallback = ((FOLDER / format / name).read_bytes() for name in ("routing_table.json", "fallback.json"))
    routers = {True: Router.from_bytes(table, fallback), False: Router.from_bytes(None, fallback)}
    status = routers[True].status()
    assert (status["format"], status["rejected"], status["fallback"]) == (format, 0, "loaded")
    vectors = [json.loads(line) for line in (FOLDER / format / "decisions.jsonl").read_text("ascii").splitlines()]
    assert len(vectors) > 200
    for one in vectors:
        assert routers[one["table"]].resolve_request(one["request"]).to_dict() == one["decision"], one["request"]
