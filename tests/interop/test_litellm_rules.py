"""Every rule over LiteLLM files has a bad and a good file, and the report of the bad one."""

from __future__ import annotations

from pathlib import Path

import pytest

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import rules
from tests.interop.litellm_fixtures import GOLDEN, golden, linted, litellm_fixtures

FIXTURES = litellm_fixtures()


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.name)
def test_bad_shows_its_rule_alone_and_good_is_clean(fixture: Path) -> None:
    """The bad file shows its rule and no other, with a place and a remedy; the good one has no finding at all."""
    id = fixture.name.split("-", 1)[0]
    found = linted(fixture, "bad").diagnostics
    assert {each.rule for each in found} == {id}
    assert linted(fixture, "good").diagnostics == []
    for each in found:
        assert each.severity is rules()[id].severity
        assert each.help
        assert each.span is not None
        assert "\n" not in each.message
        assert each.message[0].islower() or each.message[0] == "`" or each.message.startswith("LiteLLM"), each.message


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.name)
def test_goldens(fixture: Path) -> None:
    """The bad file's report is the golden one."""
    wanted = (fixture / GOLDEN).read_text(encoding="utf-8")
    assert golden(fixture) == wanted, f"{fixture}: run make refresh and read the diff"


def test_every_rule_has_its_fixture() -> None:
    """One folder per rule, named after its id and its name."""
    assert [fixture.name for fixture in FIXTURES] == [f"{id}-{rule.name}" for id, rule in rules(Scope.LITELLM).items()]
