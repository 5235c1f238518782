"""Every rule of SQL has a bad and a good migration, and finds what it is about in the one alone, at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import rules
from routecomp.sql.dialects.registry import dialects
from tests.sql_fixtures import linted, place, side, sql_fixtures

FIXTURES = pytest.mark.parametrize("fixture", sql_fixtures(), ids=lambda path: path.name)


@FIXTURES
def test_bad_shows_its_rule_alone_where_it_is_marked(fixture: Path) -> None:
    """The bad migrations give exactly this rule, exactly where the carets are."""
    found = linted(fixture, "bad").diagnostics
    assert {one.rule for one in found} == {fixture.name.split("-")[0]}, found
    assert sorted(place(one) for one in found) == sorted(side(fixture, "bad")[1])
    assert {Path(path).parent for path, *_ in side(fixture, "bad")[1]} == {
        Path(path).parent for path in side(fixture, "bad")[0]
    }


@FIXTURES
def test_good_is_clean(fixture: Path) -> None:
    """The good migrations give nothing at all, of any rule."""
    assert linted(fixture, "good").diagnostics == []
    assert side(fixture, "good")[0] != {}
    assert side(fixture, "good")[1] == []


def test_every_rule_has_its_fixture_for_each_dialect_it_is_about() -> None:
    """One folder for each rule of the text, with a bad and a good folder for each dialect."""
    every = rules(Scope.MIGRATION)
    assert [path.name for path in sql_fixtures()] == [f"{id}-{rule.name}" for id, rule in every.items()]
    for fixture, rule in zip(sql_fixtures(), every.values(), strict=True):
        about = {dialect.name for dialect in dialects() if rule.applies is None or rule.applies(dialect)}
        for name in ("bad", "good"):
            assert {path.name for path in (fixture / name).iterdir()} == about, fixture / name


@FIXTURES
def test_findings_have_words(fixture: Path) -> None:
    """Every finding states a fact on one line, and says what to do."""
    for one in linted(fixture, "bad").diagnostics:
        assert one.help
        assert "\n" not in one.message
        assert one.message[0].islower() or one.message[0] in "`1234567890" or one.message.split()[0].isupper()
