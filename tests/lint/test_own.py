"""What routecomp writes is clean: the living example's migrations, and those of random histories."""

from __future__ import annotations

from pathlib import Path

import pytest

from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.history import History
from routecomp.sql.lint import lint_history, lint_text
from tests.database.histories import states
from tests.database.test_histories import written_migrations
from tests.seeds import FRESH, HARD

ROOT = Path(__file__).parents[2]


def test_the_living_example_is_clean() -> None:
    """Nothing is found in generated/migrations; what is waived, schema steps waive by their own words."""
    files = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in sorted((ROOT / "generated" / "migrations").rglob("*.sql"))
    }
    linted = lint_text(files)
    assert linted.diagnostics == []
    assert all("_schema_" in waiver.span.path and waiver.rule == "RC613" for waiver in linted.waivers)
    assert linted.files == len(files) >= 4


def check_histories(seeds: list[int | str], edits: int) -> int:
    """Every migration of some histories, both dialects, both ways; how many there were."""
    count = 0
    for seed in seeds:
        history = list(states(seed, edits))
        every: dict[str, bytes] = {}
        for dialect in dialect_names():
            files: dict[str, bytes] = {}
            for one in written_migrations(history, dialect):
                assert one.down is not None
                files |= {f"{dialect}/{one.id}.up.sql": one.up, f"{dialect}/{one.id}.down.sql": one.down}
            linted = lint_text(files, [path for path in files if "0001_baseline" not in path] if count else None)
            assert linted.diagnostics == [], f"seed {seed}: {linted.diagnostics[0]}"
            count += linted.files
            every |= files
        found = [one for one in lint_history(History(every, compared=every)) if one.rule == "RC637"]
        assert found == [], f"seed {seed}: {found[0].message}"
    return count


def test_migrations_of_random_histories_are_clean() -> None:
    """A hundred migrations and their ways back: nothing is found."""
    assert check_histories([0, FRESH], 18) >= 100


@pytest.mark.hard
@pytest.mark.skipif(not HARD, reason="a long run: make hard")
def test_a_thousand_migrations_are_clean() -> None:
    """Many more of them."""
    assert check_histories([f"lint/{FRESH}/{number}" for number in range(100)], 10) >= 2_000
