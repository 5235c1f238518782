"""A file that does not hold together is refused, whatever was cut off or doubled; the last good one serves."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from routecomp.runtime.resolver import Decision, Router, load
from routecomp.table.codec import encode

from .tables import FALLBACK, TABLE, changed, crowd

REQUESTS: list[dict[str, Any]] = [
    {name: value, "tenant": tenant, **hints}
    for name, values in (("feature", ("chat", "secret", "batch", "other")),
                         ("model", ("auto", "router/auto", "europe", "opus", "preview/nimbus", "preview/done")))
    for value in values
    for tenant in (None, "berlin", "careful", "cheap", "strict", "nobody")
    for hints in ({}, {"unit": "u-1", "min_quality": 0.6, "stack": "us", "input_tokens": 900, "preference": "cost"})
]  # fmt: skip


def decided(router: Router) -> list[Decision]:
    """Return the answers to the fixed requests, without the table's own hash."""
    return [router.resolve(**asked)._replace(ruleset_hash=None) for asked in REQUESTS]


def served(folder: Path, raw: bytes, damaged: Iterable[bytes], words: str = "") -> int:
    """Load one damaged file after another, each of which is refused or decides alike; return how many were refused.

    Each hundredth goes through a file and a service that has the good table: which goes on serving.
    """
    path = folder / "routing_table.json"
    path.write_bytes(raw)
    service = load(path)
    wanted, good = decided(service), service.status()["ruleset_hash"]
    assert good is not None
    refused = 0
    for text in damaged:
        fresh = Router.from_bytes(text)
        if fresh.status()["serving"] == "routing table":
            assert decided(fresh) == wanted, text
            continue
        assert words in str(fresh.status()["last_rejection"])
        if refused % 100 == 0:
            path.write_bytes(text)
            assert not service.reload()
            assert service.status()["ruleset_hash"] == good
            assert decided(service) == wanted
        refused += 1
    return refused


def test_every_truncation(tmp_path: Path) -> None:
    """Every prefix of a table is refused, save the one that lacks the last line feed alone."""
    raw = encode(TABLE)
    prefixes = (raw[:end] for end in range(len(raw)))
    assert served(tmp_path, raw, prefixes) == len(raw) - 1


def test_lines_taken_out_and_doubled(tmp_path: Path) -> None:
    """Any one line taken out or doubled is refused, and so is any entry that stands twice.

    The one line that can be taken out is the only entry of a section: see test_deletions.
    """
    raw = encode(changed(TABLE, {"aliases/second": "auto"}))
    lines = raw.splitlines(keepends=True)
    out = (b"".join(lines[:at] + lines[at + 1 :]) for at in range(len(lines)))
    assert served(tmp_path, raw, out) == len(lines)
    double = (b"".join(lines[: at + 1] + lines[at:]) for at in range(len(lines)))
    assert served(tmp_path, raw, double) == len(lines)
    entries = [at for at, line in enumerate(lines) if is_entry(line.decode("ascii"))]
    twice = (b"".join([*lines[: at + 1], b"  ,\n", *lines[at:]]) for at in entries)
    assert served(tmp_path, raw, twice, "stands twice") == len(entries)


def is_entry(line: str) -> bool:
    """Return whether a line of a table is an entry of a section, or of the config routes within `defaults`."""
    return line.startswith(('  "', '    "')) and not line.rstrip().endswith("{")


def test_a_line_is_an_entry() -> None:
    """A file is JSON with one entry a line, config routes among them, and a comma between entries stands alone."""
    for body in (TABLE, FALLBACK, changed(TABLE, {"preferences": None, "aliases": {}}), crowd(5)):
        raw = encode(body)
        assert json.loads(raw) == body
        lines = raw.decode("ascii").split("\n")
        entries = [line for line in lines if is_entry(line)]
        routes = body["defaults"]["routes"]
        nested = len(routes) - 1 if routes else 0
        assert len(entries) == sum(len(section) for section in body.values() if isinstance(section, dict)) + nested
        for line in entries:
            assert len(json.loads("{" + line + "}")) == 1
        assert {line.strip() for line in lines if "," in line and not line.endswith(("}", '"', "]"))} == {","}
        assert Router.from_bytes(raw).status()["rejected"] == (body is FALLBACK)
