"""`routecomp activate`: a model serves on the evidence of a probe, and on no other."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.repository import Repository
from tests.hosts.conftest import routecomp
from tests.hosts.host import Host


@pytest.fixture
def evidence(repository: Repository, host: Host, tmp_path: Path) -> Path:
    """Return what a probe of the inactive model printed."""
    ran = routecomp(repository, "probe", "small-b", "--json")
    assert ran.code == 0
    path = tmp_path / "small-b.json"
    path.write_text(ran.out)
    return path


def test_activate(repository: Repository, evidence: Path) -> None:
    """One line of the YAML changes, and keeps its comment."""
    before = (repository.project / "routes/all.yaml").read_text()
    ran = routecomp(repository, "activate", "small-b", "--evidence", str(evidence))
    assert ran.code == 0, ran.err
    assert "inactive -> active (probed 20" in ran.out
    after = (repository.project / "routes/all.yaml").read_text()
    assert after == before.replace("active: false   #", "active: true   #")
    again = routecomp(repository, "activate", "small-b", "--evidence", str(evidence))
    assert again.code == 1
    assert "is active already" in again.err


def _edited(document: dict[str, Any], **values: Any) -> bytes:
    (row,) = document["results"]
    return json.dumps(document | {"results": [row | values]}).encode()


def test_what_is_no_evidence(repository: Repository, evidence: Path, tmp_path: Path) -> None:
    """Each is refused in words, and nothing is changed."""
    good = json.loads(evidence.read_bytes())
    now = datetime.now(UTC)
    bad = {
        "no.json": b"hello",
        "deep.json": b"[" * 200_000,
        "list.json": b"[]",
        "other.json": b'{"results": []}',
        "rows.json": b'{"probe": 1, "results": 7}',
        "row.json": b'{"probe": 1, "results": [7]}',
        "version.json": json.dumps(good | {"probe": 2}).encode(),
        "model.json": _edited(good, model="small-a"),
        "failed.json": _edited(good, outcome="timeout", error={"class": "Timeout"}),
        "moment.json": _edited(good, checked_at="today"),
        "day.json": _edited(good, checked_at="2026-02-30T00:00:00Z"),
        "figure.json": _edited(good, warm_ms=True),
        "contract.json": _edited(good, contract="0" * 64),
        "old.json": _edited(good, checked_at=f"{now - timedelta(days=9):%Y-%m-%dT%H:%M:%SZ}"),
        "ahead.json": _edited(good, checked_at=f"{now + timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}"),
    }
    before = (repository.project / "routes/all.yaml").read_bytes()
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
        ran = routecomp(repository, "activate", "small-b", "--evidence", str(tmp_path / name))
        assert ran.code == 1, name
        assert "Traceback" not in ran.err
        assert ran.err.startswith("error: ")
    assert routecomp(repository, "activate", "small-b", "--evidence", "none.json").code == 2
    assert (repository.project / "routes/all.yaml").read_bytes() == before


def test_evidence_of_another_call(repository: Repository, evidence: Path) -> None:
    """What was probed must be what will be called."""
    repository.edit("routes/all.yaml", ("vendor/small-b", "vendor/small-b-v2"))
    ran = routecomp(repository, "activate", "small-b", "--evidence", str(evidence))
    assert ran.code == 1
    assert "is of another call" in ran.err
