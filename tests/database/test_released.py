"""Test that what is released stays, and that each dialect holds the policy, whatever settings and folders do."""

from __future__ import annotations

import os
import random
from pathlib import Path

import psycopg
import pytest

from tests.database.settings_histories import Project, begin, merge, revert, work_on_a_branch

FRESH = int(os.environ.get("ROUTECOMP_SEED", str(random.SystemRandom().randrange(10**9))))
HARD = os.environ.get("ROUTECOMP_HARD") == "1"


def run_history(root: Path, postgres_url: str, seed: int) -> Project:
    """Run a random history of branches, merges and reverts."""
    dice = random.Random(seed)
    project = begin(root, {"postgres": postgres_url, "sqlite": f"sqlite:///{root}/routing.db"}, dice)
    project.log.insert(0, f"ROUTECOMP_SEED={seed}")
    waiting: list[str] = []
    for number in range(6):
        waiting.append(f"branch-{number}")
        work_on_a_branch(project, waiting[-1])
        if dice.random() < 0.3:
            continue  # it stays open while another one is merged
        while waiting:
            merge(project, waiting.pop(dice.randrange(len(waiting))))
        if dice.random() < 0.2:
            revert(project)
    return project


@pytest.mark.parametrize("number", range(40 if HARD else 3))
def test_settings_change_while_migrations_are_released(
    number: int, tmp_path: Path, postgres: psycopg.Connection
) -> None:
    """Every file that was once on `main` keeps its bytes, and each database comes to hold what the YAML says."""
    run_history(tmp_path, url_of(postgres), FRESH + number)


def url_of(postgres: psycopg.Connection) -> str:
    """Return the URL of the database that a connection is open to."""
    info = postgres.info
    return f"postgresql://{info.user}@/{info.dbname}?host={info.host}"
