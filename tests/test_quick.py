"""`make quick` runs tests that exist: a folder that moves takes its line in the selection along."""

from __future__ import annotations

from pathlib import Path

from tests.quick import KILLERS, SELECTION

ROOT = Path(__file__).parents[1]


def test_the_selection_names_files_and_folders_that_exist() -> None:
    """Every path of the selection exists, and every folder of killers is part of it."""
    assert [path for path in SELECTION if not (ROOT / path).exists()] == []
    assert [folder for folder in KILLERS if not any(path.startswith(folder) for path in SELECTION)] == []
