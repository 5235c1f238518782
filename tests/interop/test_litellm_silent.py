"""What LiteLLM takes in silence is found, each by its rule; and LiteLLM still takes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from routecomp.interop.litellm.lint import lint_litellm
from routecomp.interop.litellm.names import VERSION
from tests.interop.peers import environment
from tests.interop.silent_acceptances import ACCEPTANCES, TRIED_ON, Acceptance, with_table

PAGE = Path(__file__).parents[2] / "docs" / "lint-litellm.md"
SET = frozenset(("KEY_A", "KEY_B", "K"))
"""The variables that are set, as far as the linter is told."""
_ABOUT_THE_PROXY = ("trusted_proxy_ranges", "LITELLM_MASTER_KEY is not set")
"""What the proxy says of itself at each start."""


def title(acceptance: Acceptance) -> str:
    """Return what a test is called."""
    return re.sub("[^a-z0-9]+", "-", acceptance.wrong.lower()).strip("-")


@pytest.mark.parametrize("acceptance", ACCEPTANCES, ids=title)
def test_each_is_found(tmp_path: Path, acceptance: Acceptance) -> None:
    """The rule that the table names finds it, and no other rule of an error does."""
    file = tmp_path / "config.yaml"
    file.write_text(acceptance.file, encoding="utf-8")
    found = {each.rule for each in lint_litellm([file], SET).diagnostics}
    assert acceptance.rule in found
    assert found <= {acceptance.rule, "RC723", "RC704"}


def test_the_page_shows_the_table() -> None:
    """The page lists each, with what comes of it and the rule."""
    page = PAGE.read_text(encoding="utf-8")
    assert with_table(page) == page, "run make refresh"
    assert len(ACCEPTANCES) >= 20
    assert TRIED_ON == VERSION


@pytest.mark.hard
@environment.NEEDED
def test_the_real_one_takes_each() -> None:
    """LiteLLM starts with the file, raises nothing and logs no warning that names the fault."""
    files = [(each.by, each.file) for each in ACCEPTANCES]
    answers = environment.run(environment.ROOT / "tests" / "interop" / "peers" / "start_litellm.py", {"files": files})
    told = {
        title(each): lines
        for each, answer in zip(ACCEPTANCES, answers, strict=True)
        if (lines := [line for line in answer if not line.startswith(_ABOUT_THE_PROXY)])
    }
    assert told == {}
