"""Test files that a checkout, an editor or a copy has written in another way: the cause is named, not an edit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from routecomp.database.ledger import Entry, checksum
from routecomp.database.plan import make_plan
from routecomp.sql.migration import Migration
from tests.cli.repository import Repository
from tests.cli.transcripts import SMALL, in_process
from tests.database.migrating import Site
from tests.database.test_migrate import make_site, tenant

WAYS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "CR LF": (lambda data: data.replace(b"\n", b"\r\n"), "its lines end with CR LF"),
    "one CR LF": (lambda data: data.replace(b"\n", b"\r\n", 1), "its lines end with CR LF"),
    "CR": (lambda data: data.replace(b"\n", b"\r"), "its lines end with CR"),
    "mark": (lambda data: b"\xef\xbb\xbf" + data, "it begins with a byte-order mark"),
    "mark, CR LF": (
        lambda data: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"),
        "it begins with a byte-order mark and its lines end with CR LF",
    ),
    "no last end": (lambda data: data.rstrip(b"\n"), "the end of its last line is missing"),
    "more ends": (lambda data: data + b"\n\n", "empty lines were added at its end"),
    "CR LF, no last end": (
        lambda data: data.replace(b"\n", b"\r\n").rstrip(b"\r\n"),
        "its lines end with CR LF and the end of its last line is missing",
    ),
}


@pytest.fixture(params=["sqlite", "postgres"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    """Make a folder with a baseline, and an empty database."""
    return make_site(request.param, request, tmp_path)


def rewrite(site: Site, way: Callable[[bytes], bytes], *dialects: str) -> None:
    """Write every file of some dialects in another way."""
    for dialect in dialects:
        for path in (site.folder.at / dialect).iterdir():
            path.write_bytes(way(path.read_bytes()))


@pytest.mark.parametrize("name", WAYS)
def test_applied_files(site: Site, name: str) -> None:
    """What was applied is not called edited: the message says how the file is written here, and what to do."""
    way, words = WAYS[name]
    tenant(site, {"min_quality_bp": 1})
    site.run_ok("up")
    rewrite(site, way, site.dialect)
    for command in (["up"], ["down", "--yes"]):
        ran = site.migrate(*command)
        assert ran.code == 1
        assert f"migration 0001_baseline is not written here as it was applied: {words} (and 1 more)" in ran.err
        assert "`generated/** -text`" in ran.err
        assert "edited" not in ran.err
    assert f"written otherwise here: {words}" in " ".join(site.migrate("status").out.split())
    assert f"not written here as it was applied: {words}\n" in site.migrate("verify").out
    assert site.json("status")["migrations"][0]["difference"] == words


def test_an_edit_is_called_one(site: Site) -> None:
    """A file that was edited is named first, whatever its line ends are."""
    name = tenant(site, {"min_quality_bp": 1})
    site.run_ok("up")
    rewrite(site, WAYS["CR LF"][0], site.dialect)
    path = site.folder.at / site.dialect / f"{name}.up.sql"
    path.write_bytes(path.read_bytes().replace(b"1", b"2"))
    assert f"migration {name} was edited after it was applied (and 1 more)" in site.migrate("up").err


@pytest.mark.parametrize("name", ["CR LF", "one CR LF", "mark", "mark, CR LF"])
def test_pending_files(site: Site, name: str) -> None:
    """A file that was not applied yet is not run half: what is wrong with it is named."""
    way, _ = WAYS[name]
    rewrite(site, way, site.dialect)
    ran = site.migrate("up")
    assert ran.code in (0, 1)
    if ran.code:
        assert "migration 0001_baseline cannot be run as it is written here: " in ran.err
        assert "`generated/** -text`" in ran.err
    else:  # a line end in a comment: what was run is what the file says
        assert site.run_ok("verify").endswith("no drift\n")


def test_the_other_dialect(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Where the files that say what the rows have to be are written in another way, that is what is said."""
    site = make_site("postgres", request, tmp_path)
    site.run_ok("up")
    rewrite(site, WAYS["CR LF"][0], "sqlite")
    ran = site.migrate("verify")
    assert ran.code == 1
    assert (
        "migration 0001_baseline for SQLite cannot be read as it is written here: its lines end with CR LF" in ran.err
    )


def test_a_checkout(tmp_path: Path) -> None:
    """Git's own conversion is found in a clone, and the remedy that is shown ends it."""
    made = Repository(tmp_path / "project")
    made.write(SMALL)
    assert in_process(["compile"], made.project).code == 0
    made.commit("start")
    clone = tmp_path / "clone"
    made.git("clone", "-q", "-c", "core.autocrlf=true", str(made.project), str(clone))
    database = ["--database", "sqlite:///routing.db"]
    assert b"\r\n" in (clone / "generated/migrations/sqlite/0001_baseline.up.sql").read_bytes()
    assert "its lines end with CR LF" in in_process(["migrate", "up", *database], clone).err
    checked = in_process(["check"], clone)
    assert (checked.code, checked.out.count("error[")) == (1, 1)
    assert "RC631" in checked.out
    assert "its lines end with CR LF (and 3 more)" in checked.out
    (clone / ".gitattributes").write_text("generated/** -text\n")
    for path in (clone / "generated").rglob("*.*"):
        path.unlink()
    made.git("-C", str(clone), "checkout", "--", "generated")
    assert in_process(["check"], clone).code == 0
    assert in_process(["migrate", "up", *database], clone).code == 0


def test_released_with_carriage_returns(tmp_path: Path) -> None:
    """A change that writes LF is no change of what is released, in whatever command; the way back is one."""
    made = Repository(tmp_path / "project")
    made.write(SMALL)
    assert in_process(["compile"], made.project).code == 0
    files = sorted((made.project / "generated/migrations").rglob("*.sql"))
    plain = {path: path.read_bytes() for path in files}
    for path, data in plain.items():
        path.write_bytes(data.replace(b"\n", b"\r\n"))
    made.commit("start")
    before = made.git("rev-parse", "HEAD").strip()
    for command in ("check", "compile"):
        ran = in_process([command], made.project)
        assert ran.code != 0
        assert "write its lines with LF" in ran.out + ran.err
        assert "run `routecomp compile`" not in ran.out + ran.err
    made.git("switch", "-q", "-c", "work")
    for path, data in plain.items():
        path.write_bytes(data)
    commands = ("check", "compile", "compile --check", f"check --against {before}", "lint-migrations --all")
    for command in commands:
        ran = in_process(command.split(), made.project)
        assert ran.code == 0, (command, ran)
    made.commit("LF")
    for command in commands:
        assert in_process(command.split(), made.project).code == 0, command
    made.git("switch", "-q", "main")
    made.git("merge", "-q", "work")
    for command in commands:
        assert in_process(command.split(), made.project).code == 0, command
    assert {path: path.read_bytes() for path in files} == plain
    files[0].write_bytes(files[0].read_bytes().replace(b"\n", b"\r\n"))
    assert "its lines end with CR LF" in in_process(["check"], made.project).out


def test_applied_with_carriage_returns() -> None:
    """A ledger that keeps the checksum of a file with CR LF takes the same file with LF, and no other one."""
    data = b"BEGIN;\nCOMMIT;\n"
    entry = Entry(1, "0001_a", "up", checksum(data.replace(b"\n", b"\r\n")), "", "", "", 0, "", None, "", "")
    assert not make_plan([entry], [Migration("0001_a", data, None)]).edited
    assert make_plan([entry], [Migration("0001_a", data + b"\n", None)]).edited
    assert make_plan([replace(entry, checksum=checksum(data))], [Migration("0001_a", data[:-1] + b"\r\n", None)]).edited
