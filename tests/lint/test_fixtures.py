"""Every rule of SQL has a bad and a good migration, and finds what it is about in the one alone, at its place."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import routecomp
from routecomp.sql.rule_registry import SqlRule, sql_rules
from tests.sql_fixtures import linted, place, side, sql_fixtures

RULES = Path(routecomp.__file__).parent / "lint" / "rules"
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
    assert side(fixture, "good")[0].keys() >= set()
    assert side(fixture, "good")[1] == []


def test_every_rule_has_its_fixture_for_each_dialect_it_is_about() -> None:
    """One folder for each rule of the text, with a bad and a good folder for each dialect."""
    of_text = {id: one for id, one in sql_rules().items() if one.find is not None or id == "RC600"}
    assert [path.name for path in sql_fixtures()] == [f"{id}-{one.info.name}" for id, one in of_text.items()]
    for fixture, one in zip(sql_fixtures(), of_text.values(), strict=True):
        for name in ("bad", "good"):
            assert {path.name for path in (fixture / name).iterdir()} == set(one.dialects), fixture / name


@pytest.mark.parametrize("path", sorted(RULES.glob("rc*.py")), ids=lambda path: path.stem)
def test_a_rule_file_is_about_its_rule(path: Path) -> None:
    """File name, docstring and registration agree, and what the file emits has the registered id."""
    id = path.stem.split("_", 1)[0].upper()
    one = sql_rules()[id]
    assert path.stem == f"{id.lower()}_{one.info.name.replace('-', '_')}"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert (ast.get_docstring(tree) or "").startswith(f"{id} {one.info.name}: ")
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("error", "warning"):
            assert isinstance(call.args[0], ast.Constant)
            assert (call.args[0].value, call.func.id) == (id, "error")


@pytest.mark.parametrize("one", sql_rules().values(), ids=lambda one: one.info.name)
def test_a_page_says_what_why_and_fix(one: SqlRule) -> None:
    """A page begins with a sentence on one line, says why and what to do; the rule's name begins with its code."""
    assert one.info.summary.endswith(".")
    assert len(one.info.summary) <= 120
    assert "\n\nWhy: " in one.info.page
    assert "\n\nFix: " in one.info.page
    assert re.match(r"[lbdhr][0-9]{2}-|sql-", one.info.name)


@FIXTURES
def test_findings_have_words(fixture: Path) -> None:
    """Every finding states a fact on one line, and says what to do."""
    for one in linted(fixture, "bad").diagnostics:
        assert one.help
        assert "\n" not in one.message
        assert one.message[0].islower() or one.message[0] in "`1234567890" or one.message.split()[0].isupper()
