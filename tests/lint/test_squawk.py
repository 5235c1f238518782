"""squawk, which others wrote, finds nothing in our migrations for PostgreSQL that is not explained here."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from routecomp.sql.migrations import migration_files
from tests.database import proofs
from tests.database.histories import states
from tests.database.steps import added, folders
from tests.database.test_histories import written_migrations
from tests.database.wanted import every_change, with_new_columns
from tests.seeds import FRESH, HARD

ROOT = Path(__file__).parents[2]
EXPLAINED = {
    "ban-drop-table": "a baseline's way back takes away what it made, and asserts first that nothing came since",
    "ban-drop-function": "as ban-drop-table",
    "ban-drop-view": "as ban-drop-table",
    "ban-drop-constraint": "as ban-drop-table: two tables refer to each other, so one reference goes first",
}
"""What squawk says of a baseline's way back, and why it stays."""
STEP_BACK = ("ban-drop-column", "ban-drop-constraint", "ban-drop-function", "ban-drop-table", "ban-drop-view")
"""What it says of the way back of a schema step, which takes away what its way there made.

It asserts first that it holds nothing. Of every other file nothing is explained, but that a step drops checks below a
waiver of our own rule, and that one puts the outcomes of before aside under another name.
"""
WAIVED = "ban-drop-constraint"
ASIDE = ("renaming-table", "renaming-object")


def squawk() -> str:
    """The program, of this Python's folder or the PATH; a skip that nobody overlooks."""
    found = shutil.which(str(Path(sys.executable).with_name("squawk"))) or shutil.which("squawk")
    if found is None:
        warnings.filterwarnings("default", category=UserWarning, message="NOT TESTED")
        warnings.warn("NOT TESTED with squawk: it is not installed (pip install squawk-cli)", UserWarning, stacklevel=1)
        pytest.skip("NOT TESTED: squawk is not installed (pip install squawk-cli)")
    return found


def unexplained(program: str, files: list[Path]) -> list[str]:
    """What squawk finds in some files, without what is explained."""
    ran = subprocess.run(
        [program, "--reporter", "json", *map(str, files)], capture_output=True, text=True, check=False, timeout=300
    )
    assert ran.returncode in (0, 1), ran.stderr
    return [
        f"{one['file']}:{one['line'] + 1} {one['rule_name']}: {one['message']}"
        for one in json.loads(ran.stdout)
        if not _is_explained(Path(one["file"]), one["rule_name"])
    ]


def _is_explained(file: Path, rule: str) -> bool:
    """Return whether it is written above why a finding stays."""
    if file.name == "0001_baseline.down.sql":
        return rule in EXPLAINED
    if "_schema_" not in file.name:
        return False
    if file.name.endswith(".down.sql"):
        return rule in (*STEP_BACK, *ASIDE)
    text = file.read_text(encoding="utf-8")
    return (rule == WAIVED and "routecomp:allow RC613" in text) or (rule in ASIDE and "routing_outcomes_before" in text)


def test_squawk_looks_at_all(tmp_path: Path) -> None:
    """It finds what it should in a file that is bad, so that silence means something."""
    bad = tmp_path / "0002_x.up.sql"
    bad.write_text("ALTER TABLE public.notes ADD CONSTRAINT c CHECK (size > 0);\n")
    assert any("constraint-missing-not-valid" in one for one in unexplained(squawk(), [bad]))


def test_the_living_example(tmp_path: Path) -> None:
    """Nothing unexplained in generated/migrations/postgres."""
    assert unexplained(squawk(), sorted((ROOT / "generated/migrations/postgres").glob("*.sql"))) == []


def test_a_schema_step(tmp_path: Path) -> None:
    """Of a step it says only that a way back drops what its way there made, and that a check was replaced."""
    state, schema = proofs.sample_state(), every_change()
    base = folders(migration_files({}, state, ["postgres", "sqlite"]))
    target = with_new_columns(state, schema, lambda column: column.default)
    files = added(folders(migration_files(base, target, ["postgres", "sqlite"], schema=schema)), base)
    paths = [tmp_path / Path(name).name for name in files if name.startswith("postgres/")]
    for path in paths:
        path.write_bytes(files[f"postgres/{path.name}"])
    assert len(paths) > 10
    rest = [
        finding
        for finding in unexplained(squawk(), paths)
        if " ban-drop-constraint: " not in finding and not (".down.sql" in finding and " ban-drop-" in finding)
    ]
    assert rest == []


def check_histories(program: str, folder: Path, count: int, edits: int) -> int:
    """Every migration of some histories; how many files there were."""
    files: list[Path] = []
    for number in range(count):
        below = folder / str(number)
        below.mkdir()
        for one in written_migrations(list(states(f"squawk/{FRESH}/{number}", edits)), "postgres"):
            for way, data in (("up", one.up), ("down", one.down)):
                assert data is not None
                files.append(below / f"{one.id}.{way}.sql")
                files[-1].write_bytes(data)
    assert unexplained(program, files) == []
    return len(files)


def test_random_histories(tmp_path: Path) -> None:
    """Nothing unexplained in the migrations of random histories."""
    assert check_histories(squawk(), tmp_path, 2, 10) >= 30


@pytest.mark.hard
@pytest.mark.skipif(not HARD, reason="a long run: make hard")
def test_a_thousand_migrations(tmp_path: Path) -> None:
    """Nothing unexplained in a thousand of them."""
    assert check_histories(squawk(), tmp_path, 60, 10) >= 1_000
