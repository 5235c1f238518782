"""What models answer is measured exactly, and changes only what a person sees."""

from __future__ import annotations

import json
import sqlite3
import tracemalloc
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from routecomp.measure.clusters import ratio
from routecomp.measure.outcome import Outcome
from routecomp.measure.output_ratio import output_ratios
from routecomp.review.edit.output_ratio import learn
from routecomp.service.capture.sink import Sink
from routecomp.service.capture.sinks.db_api import DbApi
from routecomp.service.capture.sinks.json_lines import JsonLines
from tests.cli.transcripts import Ran, in_process
from tests.database.databases import run_all, sqlite_database
from tests.measure.recorded import project_migrations, record, small_project
from tests.measure.test_experiment import CALL

SLUGS = {"gpt": "gpt", "gpt-old": "gpt"}


def calls(tokens: Sequence[tuple[int | None, int | None]], **changes: Any) -> list[Outcome]:
    call = CALL._replace(**{"answered_by": "gpt", **changes})
    return [call._replace(input_tokens=given, output_tokens=taken) for given, taken in tokens]


class Declared:
    """A model of which nothing counts but its ratio."""

    def __init__(self, ratio: int) -> None:
        self.body = self
        self.output_ratio = ratio

    def has(self, _key: str) -> bool:
        return True


def verdict(tokens: Sequence[tuple[int, int]], declared: int, least: int = 2) -> str:
    models: Any = {"gpt": Declared(declared)}
    return learn(models, output_ratios(calls(tokens), SLUGS), least)[0].verdict


@pytest.mark.parametrize(
    ("given", "taken", "ratio"),
    [(3, 1, 3333), (3, 2, 6667), (20_000, 1, 1), (20_001, 1, 0), (1, 0, 0), (10**9, 10**9 - 1, 10_000), (2, 7, 35_000)],
)
def test_the_quotient_is_exact_and_rounded_half_up(given: int, taken: int, ratio: int) -> None:
    assert output_ratios(calls([(given, taken)]), SLUGS)["gpt"].ratio_bp == ratio


def test_sums_are_divided_and_not_quotients() -> None:
    """A long call weighs as much as its tokens."""
    measured = output_ratios(calls([(10, 100), (990, 0)]), SLUGS)["gpt"]
    assert (measured.ratio_bp, measured.calls) == (1000, 2)


def test_what_counts() -> None:
    """Calls that were answered, with both counts, under the name of now or of before."""
    counted = [
        *calls([(100, 50)]),
        *calls([(100, 50)], outcome="fell_back"),
        *calls([(100, 50)], answered_by="gpt-old"),
    ]
    left_out = [
        *calls([(100, 900)], outcome="failed"),
        *calls([(100, 900)], outcome="cancelled"),
        *calls([(100, 900)], answered_by="other"),
        *calls([(0, 900), (None, 900), (100, None)]),
    ]
    measured = output_ratios([*counted, *left_out], SLUGS)
    assert [(slug, each.calls, each.ratio_bp) for slug, each in measured.items()] == [("gpt", 3, 5000)]


def test_verdicts() -> None:
    spread = [(1000, 400), (1000, 600)] * 50
    assert verdict(spread, 5100, least=101) == "few"
    assert verdict(spread, 5000) == "equal"
    assert verdict(spread, 5100) == "holds"
    assert verdict(spread, 6000) == "changes"
    assert verdict([(10**6, 1)] * 9, 5000) == "zero"
    assert verdict([(1, 10**6)] * 9, 5000) == "changes"
    assert verdict([(1, 10**6 + 1)] * 9, 5000) == "beyond"


def test_calls_of_one_tenant_on_one_day_are_alike() -> None:
    """The interval holds the truth where tenants differ, which that of calls alone does not."""
    held, plain = 0, 0
    for seed in range(100):
        random = Random(seed)
        rows = []
        for tenant in range(40):
            ratio = random.choice((200, 800))
            rows += calls([(1000, ratio + random.randrange(-50, 51)) for _ in range(30)], tenant=f"t-{tenant}")
        held += output_ratios(rows, SLUGS)["gpt"].holds(5000)
        alone = [row._replace(tenant=str(number)) for number, row in enumerate(rows)]
        plain += output_ratios(alone, SLUGS)["gpt"].holds(5000)
    assert held >= 88
    assert plain < 60


def test_the_interval_is_that_of_single_calls() -> None:
    """Sums tell what the calls themselves would, however many digits they have."""
    random = Random(7)
    tokens = [(random.randrange(1, 10**6), random.randrange(10**6)) for _ in range(500)]
    rows = [row._replace(tenant=str(number)) for number, row in enumerate(calls(tokens))]
    measured, single = output_ratios(rows, SLUGS)["gpt"], ratio(tokens)
    assert single is not None
    assert measured.high == pytest.approx(single.value + 1.96 * single.error, rel=1e-12)


def test_calls_are_not_kept() -> None:
    """What is kept grows with tenants and days, not with their calls."""
    output_ratios(calls([(1, 1)]), SLUGS)
    call = calls([(1000, 500)])[0]
    tracemalloc.start()
    try:
        assert (
            output_ratios((call._replace(output_tokens=number) for number in range(5000)), SLUGS)["gpt"].calls == 5000
        )
        assert tracemalloc.get_traced_memory()[1] < 50_000
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with outcomes.jsonl and routing.db, of the same calls, in which models answer 0.3 or less."""
    folder = tmp_path_factory.mktemp("ratios")
    small_project(folder)
    path = folder / "routing.db"
    with closing(sqlite_database(str(path))) as database:
        run_all(database, project_migrations(folder, "sqlite"))
    sinks: list[Sink] = [JsonLines(folder / "outcomes.jsonl"), DbApi(lambda: sqlite3.connect(path))]
    record(folder, sinks, 160, 2, lambda _variant, _unit: "succeeded")
    return folder


def learned(folder: Path, *arguments: str) -> Ran:
    return in_process(["learn", "output-ratio", *arguments], folder)


def test_files_and_a_database_say_the_same(written: Path) -> None:
    pages = [
        json.loads(learned(written, *source, "--min", "50", "--json").out)
        for source in (("--log", "outcomes.jsonl"), ("--database", "routing.db"))
    ]
    for page in pages:
        del page["source"]
    assert pages[0] == pages[1]
    models = {each["model"]: each for each in pages[0]["models"]}
    assert [each["verdict"] for each in models.values()] == ["changes", "changes"]
    large = models["mistral-large"]
    assert large["output_tokens"] == 300 * large["calls"]
    assert f"output_ratio: {large['measured']}" in pages[0]["diff"]
    assert pages[0]["dry_run"]


def test_nothing_is_written_unless_that_is_asked_for(written: Path) -> None:
    """Then the YAML and the table are, and nothing is left to change."""
    files = ("routes/all.yaml", "generated/routing_table.json")
    before = [(written / file).read_bytes() for file in files]
    ran = learned(written, "--log", "outcomes.jsonl", "--min", "50")
    assert ran.code == 0
    assert "dry run: nothing was changed" in ran.out
    assert [(written / file).read_bytes() for file in files] == before
    assert "fewer than 500 calls" in learned(written, "--log", "outcomes.jsonl", "--write").out
    assert [(written / file).read_bytes() for file in files] == before
    ran = learned(written, "--log", "outcomes.jsonl", "--min", "50", "--write")
    assert ran.code == 0
    after = [(written / file).read_bytes() for file in files]
    assert after[0].count(b"output_ratio: 0.2") == 2
    assert after[1] != before[1]
    assert learned(written, "--log", "outcomes.jsonl", "--min", "50", "--write").out.endswith("nothing to change\n")
