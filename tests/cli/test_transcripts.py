"""Each command prints what its transcript shows, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from routecomp.cli.app import COMMANDS
from tests.cli.transcripts import FOLDER, parse, replay

TRANSCRIPTS = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_transcript(path: Path) -> None:
    """Every command of the transcript prints what stands below it and ends with that exit code."""
    text = path.read_text(encoding="utf-8")
    assert replay(text) == text, f"if the new output is right: make refresh, then read the diff of {path.name}"


def test_every_command_has_a_transcript() -> None:
    """No command goes without one."""
    shown = {
        step.command.split()[1]
        for path in TRANSCRIPTS
        for step in parse(path.read_text(encoding="utf-8")).steps
        if step.command.startswith("routecomp ")
    }
    assert set(COMMANDS) <= shown
