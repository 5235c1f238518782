"""Every resolver that was shipped answers every table that was shipped rightly, or refuses it in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from routecomp.runtime import resolver as today
from tests.released.add import DIGESTS, HERE, digests
from tests.released.modules import import_file

TABLES = sorted(path.name for path in (HERE / "tables").iterdir())
RESOLVERS = ["today", *sorted(path.stem for path in (HERE / "resolvers").glob("*.py"))]
PLAIN = [name for name in RESOLVERS if not name.startswith("1.")]
"""The resolvers that read plain tables, format 2.0 and later; the sealed 1.0 was never released."""


def shipped(name: str) -> ModuleType:
    """Return a shipped resolver as a module."""
    return today if name == "today" else import_file(HERE / "resolvers" / f"{name}.py")


def files(table: str) -> tuple[bytes, bytes]:
    """Return a shipped table and its fallback file."""
    folder = HERE / "tables" / table
    return (folder / "routing_table.json").read_bytes(), (folder / "fallback.json").read_bytes()


def vectors(table: str) -> Iterator[dict[str, Any]]:
    """Yield the requests that were decided when the table was shipped, with their decisions."""
    for line in (HERE / "tables" / table / "decisions.jsonl").read_text(encoding="ascii").splitlines():
        yield json.loads(line)


def edited(raw: bytes, **changes: Any) -> bytes:
    """Return a file with other top-level keys."""
    return json.dumps({**json.loads(raw), **changes}).encode()


def assert_decides_as_shipped(
    name: str, router: Any, table: str, monkeypatch: pytest.MonkeyPatch, *, has_table: bool
) -> None:
    """Each request that was decided with the table, or without it, is decided alike.

    A decision grows at its end: an older resolver lacks keys that a newer one adds, and has no others.
    """
    gate = json.loads(files(table)[0])["preferences"]["gate_env"]
    count = 0
    for vector in vectors(table):
        if vector["table"] is has_table:
            monkeypatch.setenv(gate, "1" if vector.get("gate") else "0")
            decision = json.loads(shipped(name).resolve_line(router, json.dumps(vector["request"]).encode()))
            shared = decision.keys() & vector["decision"].keys() - {"ruleset_hash"}
            assert len(shared) >= 18
            for key in shared:
                assert decision[key] == vector["decision"][key], (vector["request"], key)
            count += 1
    assert count > 10


def test_what_was_shipped_is_never_edited() -> None:
    """Each kept file has the digest that was written down when it was shipped."""
    assert DIGESTS.read_text(encoding="ascii") == digests()
    assert set(TABLES) == set(RESOLVERS) - {"today"}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("name", RESOLVERS)
def test_the_right_decision_or_a_refusal(
    name: str, table: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No pair of a resolver and a table gives another decision; a refused table changes nothing."""
    raw, fallback = files(table)
    router = shipped(name).Router.from_bytes(raw, fallback)
    status = router.status()
    if status["last_rejection"] is None:
        assert_decides_as_shipped(name, router, table, monkeypatch, has_table=True)
    else:
        assert re.search(r"format [\d.]+ is not readable here|the file requires '", status["last_rejection"])
        path = tmp_path / "routing_table.json"
        own = "2.0" if name == "today" else name
        path.write_bytes(files(own)[0])
        serving = shipped(name).load(path)
        path.write_bytes(raw)
        assert serving.reload() is False
        assert_decides_as_shipped(name, serving, own, monkeypatch, has_table=True)
    if status["fallback"] == "loaded":
        alone = shipped(name).Router.from_bytes(None, fallback)
        assert_decides_as_shipped(name, alone, table, monkeypatch, has_table=False)


@pytest.mark.parametrize("table", TABLES)
def test_a_shipped_table_loads_for_ever(table: str) -> None:
    """Today's resolver reads every table since 2.0; each shipped resolver reads the table that came with it."""
    for name in {table, "today"} if not table.startswith("1.") else {table}:
        status = shipped(name).Router.from_bytes(*files(table)).status()
        assert (status["last_rejection"], status["fallback"]) == (None, "loaded")


def test_sealed_tables_are_refused_in_words() -> None:
    """The sealed 1.0, which was never released, is refused by its format, and so is 2.0 by a resolver of that time."""
    raw, fallback = files("1.0")
    status = today.Router.from_bytes(raw, fallback).status()
    words = f"format 1.0 is not readable here, this resolver reads {today.FORMAT}: compile it again"
    assert status["last_rejection"] == f"routing table: {words}"
    assert status["fallback"] == f"refused: {words}"
    status = shipped("1.0").Router.from_bytes(*files("2.0")).status()
    assert status["last_rejection"] == "routing table: format 2.0 is not readable here, this resolver reads 1.0"


@pytest.mark.parametrize("name", PLAIN)
def test_a_newer_minor_format(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of a newer minor format loads, whatever keys it adds: they are ignored."""
    raw, fallback = files("2.0")
    content = json.loads(raw)
    for section in ("models", "providers", "policies", "features", "targets", "experiments"):
        content[section] = {slug: {**body, "novelty": [1]} for slug, body in content[section].items()}
    content["preferences"]["novelty"] = content["resilience"]["novelty"] = {"deep": [None]}
    for feature in content["features"].values():
        feature["rows"] = [{**row, "novelty": True} for row in feature["rows"]]
    newer = json.dumps({**content, "format": "2.99", "novelty": {"a": {"b": 1}}, "stacks": 7}).encode()
    router = shipped(name).Router.from_bytes(newer, edited(fallback, format="2.99", novelty=[], requires=[]))
    status = router.status()
    assert (status["last_rejection"], status["format"], status["fallback"]) == (None, "2.99", "loaded")
    assert_decides_as_shipped(name, router, "2.0", monkeypatch, has_table=True)


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"requires": ["carbon"]}, "the file requires 'carbon', which this resolver does not know"),
        ({"format": "2.7", "requires": ["carbon"]}, "the file requires 'carbon', which this resolver does not know"),
        ({"format": "3.0"}, "format 3.0 is not readable here, this resolver reads 2."),
    ],
)
def test_what_an_older_resolver_does_not_understand(
    name: str, changes: dict[str, Any], words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A table that requires what this resolver does not know is refused in words, and the last good one serves."""
    raw, fallback = files("2.0")
    path = tmp_path / "routing_table.json"
    path.write_bytes(raw)
    (tmp_path / "fallback.json").write_bytes(fallback)
    router = shipped(name).load(path)
    path.write_bytes(edited(raw, **changes))
    (tmp_path / "fallback.json").write_bytes(edited(fallback, **changes))
    assert router.reload() is False
    status = router.status()
    assert words in str(status["last_rejection"])
    assert words in status["fallback"]
    assert (status["serving"], status["format"]) == ("routing table", "2.0")
    assert_decides_as_shipped(name, router, "2.0", monkeypatch, has_table=True)
