"""What is written from code is committed as the code writes it: `make refresh` would change nothing."""

from __future__ import annotations

import pytest

from tests.refresh import STEPS, Step

PAGES = {"transcripts", "readme", "cookbook"}
"""The steps that replay pages: test_transcripts.py, test_readme.py and test_cookbook.py replay each page once."""


@pytest.mark.parametrize("step", [step for step in STEPS if step.name not in PAGES], ids=lambda step: step.name)
def test_refresh_would_change_nothing(step: Step) -> None:
    """Every file that a step writes has the text the step would write now; nothing is left over."""
    assert sorted(step.stale()) == [], "run make refresh, and read the diff"
