"""What the service's own sinks wrote is read alike from files and databases, and what is none is told."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from routecomp.service.capture.rows import Row
from routecomp.service.capture.sink import Sink
from routecomp.service.capture.sinks.db_api import DbApi
from routecomp.service.capture.sinks.json_lines import JsonLines
from tests.cli.transcripts import Ran, in_process
from tests.database.conftest import postgres, postgres_server
from tests.database.databases import run_all, sqlite_database
from tests.measure.recorded import NAME, project_migrations, record, small_project

if TYPE_CHECKING:
    import psycopg

    from routecomp.service.capture.record import CallOutcome

__all__ = ["postgres", "postgres_server"]  # fixtures

UNITS = 400


def outcome_of(variant: str, unit: int) -> CallOutcome:
    return "failed" if variant == "large" and unit % 2 else "succeeded"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with outcomes.jsonl and routing.db, of the same calls."""
    folder = tmp_path_factory.mktemp("outcomes")
    small_project(folder)
    path = folder / "routing.db"
    with closing(sqlite_database(str(path))) as database:
        run_all(database, project_migrations(folder, "sqlite"))
    sinks: list[Sink] = [JsonLines(folder / "outcomes.jsonl"), DbApi(lambda: sqlite3.connect(path))]
    record(folder, sinks, UNITS, 2, outcome_of)
    return folder


def stats(folder: Path, *arguments: str, name: str = NAME) -> Ran:
    return in_process(["experiment", "stats", name, *arguments], folder)


def document(ran: Ran) -> dict[str, Any]:
    """Return what was printed as JSON, but for the name of its source."""
    assert ran.code == 0, ran.err + ran.out
    page: dict[str, Any] = json.loads(ran.out)
    del page["source"]
    return page


def test_files_and_sqlite_say_the_same(written: Path) -> None:
    page = document(stats(written, "--log", "outcomes.jsonl", "--json"))
    assert page == document(stats(written, "--database", "routing.db", "--json"))
    assert (page["calls"], page["days"], page["apart"]) == (2 * (UNITS + 1), 2, {"no_unit": 2})
    control, large = page["variants"]
    assert control["calls"] + large["calls"] == 2 * UNITS
    assert (control["failed"], control["p50_ms"]["value"] // 100) == (0, 5)
    assert control["cost_usd"]["value"] > 0
    assert [each["metric"] for each in page["comparisons"] if each["significant"]] == ["failures", "cost"]
    assert page["findings"] == []


def test_postgres_says_the_same(written: Path, postgres: psycopg.Connection) -> None:
    """Also where the days of a role are written otherwise."""
    import psycopg

    run_all(postgres, project_migrations(written, "postgres"))
    where = postgres.info.dsn
    postgres.execute(f"ALTER DATABASE {postgres.info.dbname} SET datestyle = 'German'".encode())
    postgres.execute(f"ALTER DATABASE {postgres.info.dbname} SET timezone = 'Asia/Tokyo'".encode())
    sink = DbApi(lambda: psycopg.connect(where), "format", schema="public")
    with closing(sqlite3.connect(written / "routing.db")) as database:
        database.row_factory = sqlite3.Row
        rows = [Row("routing_outcomes", dict(row)) for row in database.execute("SELECT * FROM routing_outcomes")]
    sink.write(rows)
    sink.close()
    page = document(stats(written, "--database", where, "--json"))
    postgres.execute("ALTER TABLE public.routing_outcomes RENAME COLUMN slot TO slots")
    ran = stats(written, "--database", where)
    assert (ran.code, "has not the columns of outcomes" in ran.err) == (2, True)
    assert page == document(stats(written, "--log", "outcomes.jsonl", "--json"))


def test_bad_lines_are_counted_and_told(written: Path, tmp_path: Path) -> None:
    """A torn line, one of another program, values that no service writes; each row counts once, wherever it stands."""
    lines = (written / "outcomes.jsonl").read_bytes().splitlines(keepends=True)
    place, line = next(
        (place, line)
        for place, line in enumerate(lines)
        if f'"{NAME}"'.encode() in line and b"routing_outcomes" in line
    )
    row = json.loads(line)
    wrong: list[dict[str, Any]] = [
        {"slot": 10_000},
        {"slot": "7"},
        {"latency_ms": -1},
        {"outcome": "fine"},
        {"reasons": "alias"},
        {"day": None},
        *({"day": day} for day in ("zz", "9999-12-31", "2026-02-30", "2026-11-01", "\x1b[31m2026-11-01", "\ud800")),
        *({"begun_at": row["begun_at"][:-1] + end} for end in ("", "z", "Z\n", "\x1b[31mZ", "\ud800Z")),
        {"day": "9999-12-31", "begun_at": "9999-12-31T00:00:00Z"},
    ]
    bad = [json.dumps({**row, **change}).encode() + b"\n" for change in wrong]
    bad += [b"\n", b"[]\n", b"\xff\n", b'{"event": "else"}\n', b"[" * 100_000 + b"\n", line[:40]]
    more = tmp_path / "more.jsonl"
    more.write_bytes(lines[place] + b"".join(bad))
    ran = stats(written, "--log", "outcomes.jsonl", "--log", str(more))
    assert ran.code == 0
    assert f"note: {len(bad)} of {len(lines) + len(bad) + 1:,} lines are none that a service writes" in ran.err
    assert f"  {more}:2: `slot` is not below 10,000\n" in ran.err
    assert "note: 1 rows were there twice" in ran.err
    assert f"{2 * (UNITS + 1)} calls on 2 days" in ran.out


def test_days_can_be_chosen(written: Path) -> None:
    page = document(stats(written, "--log", "outcomes.jsonl", "--json"))
    last = page["last"][:10]
    assert document(stats(written, "--log", "outcomes.jsonl", "--json", "--since", last))["calls"] == UNITS + 1
    ran = stats(written, "--log", "outcomes.jsonl", "--since", "2031-01-01")
    assert (ran.code, ran.out) == (2, "")
    assert f"there is no call of experiment `{NAME}` in these days in outcomes.jsonl" in ran.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "where are the outcomes?"),
        (("--log", "a", "--database", "b"), "contradict each other"),
        (("--log", "gone.jsonl"), "gone.jsonl cannot be read: no such file"),
        (("--log", "."), ". cannot be read: is a directory"),
        (("--log", "-"), "there is no call of experiment"),
        (("--log", "-", "--log", "-"), "given twice"),
        (("--database", "gone.db"), "there is no file gone.db"),
        (("--database", "outcomes.jsonl"), "is not a SQLite database"),
        (("--database", "empty.db"), "has no table routing_outcomes"),
        (("--database", "old.db"), "has not the columns of outcomes"),
    ],
)
def test_one_error_for_what_cannot_be_read(written: Path, arguments: tuple[str, ...], message: str) -> None:
    with closing(sqlite3.connect(written / "empty.db")) as database:
        database.execute("CREATE TABLE IF NOT EXISTS other (id)")
    with closing(sqlite3.connect(written / "old.db")) as database:
        database.execute("CREATE TABLE IF NOT EXISTS routing_outcomes (id, experiment, variant)")
    ran = stats(written, *arguments)
    assert (ran.code, ran.err.count("error: ")) == (2, 1)
    assert message in ran.err
    assert not ran.out


def test_unknown_names(written: Path) -> None:
    ran = stats(written, "--log", "outcomes.jsonl", name="opus-vs-gp")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no experiment `opus-vs-gp`" in ran.err
    assert "did you mean" in ran.err


def test_pages(written: Path) -> None:
    """As text no line is wider than the page; as markdown each table has its rule."""
    text = stats(written, "--log", "outcomes.jsonl")
    assert max(map(len, text.out.splitlines())) <= 100
    assert "`large` against `control`" in text.out
    assert "2 without a unit" in text.out
    page = stats(written, "--log", "outcomes.jsonl", "--format", "markdown").out
    assert page.startswith(f"## experiment `{NAME}` (active)\n")
    assert "| large | 40 % |" in page


@pytest.mark.parametrize("scale", [1, 10**3, 10**6, 10**24])
def test_amounts_of_any_size_fit_the_page(written: Path, tmp_path: Path, scale: int) -> None:
    """What a call of a few tokens costs, in millionths of a dollar and less, and what none ever will."""
    log = tmp_path / "scaled.jsonl"
    with log.open("w") as file:
        for line in (written / "outcomes.jsonl").read_text().splitlines():
            row = json.loads(line)
            if row.get("cost_pusd") is not None:
                row["cost_pusd"] = scale * (1 + row["slot"] % 9) if row.get("slot") is not None else scale
            file.write(json.dumps(row) + "\n")
    ran = stats(written, "--log", str(log))
    assert ran.code == 0, ran.err
    assert "cost a call" in ran.out
    assert max(map(len, [line for line in ran.out.splitlines() if not line.startswith("from ")])) <= 100


def test_a_renamed_experiment_is_the_same(written: Path, tmp_path: Path) -> None:
    """Rows of before have the old name; both names lead to it while `was` stands."""
    small_project(tmp_path)
    file = tmp_path / "experiments" / "all.yaml"
    file.write_text(file.read_text().replace("  opus-vs-gpt:\n", "  nimbus:\n    was: opus-vs-gpt\n"))
    log = str(written / "outcomes.jsonl")
    page = document(stats(tmp_path, "--log", log, "--json", name="nimbus"))
    assert page["names"] == ["nimbus", "opus-vs-gpt"]
    assert page["calls"] == 2 * (UNITS + 1)
    assert page == document(stats(tmp_path, "--log", log, "--json", name=NAME))


def test_an_assignment_that_does_not_fit_is_a_finding(written: Path, tmp_path: Path) -> None:
    """Half of a variant's rows are lost: the page is shown, and the exit code says not to trust it."""
    lines = (written / "outcomes.jsonl").read_text().splitlines(keepends=True)
    kept = [line for place, line in enumerate(lines) if '"large"' not in line or place % 4 == 1]
    (tmp_path / "half.jsonl").write_text("".join(kept))
    ran = stats(written, "--log", str(tmp_path / "half.jsonl"))
    assert ran.code == 1
    assert "DOES NOT FIT" in ran.out
