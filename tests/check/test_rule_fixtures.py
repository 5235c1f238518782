"""Every rule has a page, a bad and a good project, and the report of the bad one."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import routecomp
from routecomp.diagnostics.diagnostic import Severity
from routecomp.diagnostics.rule import Rule, Scope, Status
from routecomp.rules.registry import add, find_rule, rules
from tests import refresh
from tests.check.project import checked as check
from tests.check.project import fixed
from tests.rule_fixtures import checked, files, fixture_id, fixtures, golden_files, goldens, state_rules

SOURCE = Path(routecomp.__file__).parent
RULE_FILES = sorted(
    path
    for room in ("rules", "sql/rules", "interop/litellm/rules", "review/analysis/rules")
    for path in (SOURCE / room).rglob("rc*.py")
)
ALSO = {"RC123": {"RC403"}, "RC124": {"RC403"}}
"""What else the bad project of a rule finds: a waiver that does not hold leaves what it was to waive."""


@pytest.mark.parametrize("fixture", fixtures(), ids=lambda path: path.name)
def test_goldens(fixture: Path) -> None:
    """The bad project's report is the golden one."""
    for name, text in goldens(fixture).items():
        golden = fixture / name
        assert golden.is_file(), f"{golden} is missing: run make refresh and read what it wrote"
        assert golden.read_bytes().decode("utf-8") == text, f"{golden}: run make refresh and read the diff"


@pytest.mark.parametrize("fixture", fixtures(), ids=lambda path: path.name)
def test_bad_shows_its_rule_alone_and_good_is_clean(fixture: Path) -> None:
    """The bad project shows its rule and no other; the good one has no finding at all."""
    id = fixture_id(fixture)
    assert {one.rule for one in checked(fixture / "bad").diagnostics} == {id} | ALSO.get(id, set())
    good = checked(fixture / "good")
    assert good.diagnostics == []
    assert good.program is not None


def test_every_rule_of_a_project_has_its_fixture() -> None:
    """One folder per rule, named after its id and its name, with its goldens and nothing else."""
    assert [fixture.name for fixture in fixtures()] == [f"{id}-{rules()[id].name}" for id in state_rules()]
    for fixture in fixtures():
        assert {path.name for path in fixture.iterdir()} == {"bad", "good", *golden_files(fixture).values()}


@pytest.mark.parametrize("step", [one for one in refresh.STEPS if one.name == "rule pages"], ids=lambda step: step.name)
def test_rule_pages_are_fresh(step: refresh.Step) -> None:
    """docs/rules/ holds a page per rule and the index, as `make refresh` writes them, and nothing else."""
    assert list(step.stale()) == [], "run make refresh and read the diff"
    assert set(step.wanted()) == {f"docs/rules/{id}.md" for id in rules()} | {"docs/rules/README.md"}


@pytest.mark.parametrize("one", rules().values(), ids=lambda one: one.id)
def test_a_page_says_what_why_and_fix(one: Rule) -> None:
    """A page begins with a sentence on one line, and says why it matters and what to do."""
    assert one.summary.endswith(".")
    assert len(one.summary) <= 120
    assert one.page.split("\n")[1] == ""
    assert "\n\nWhy: " in one.page
    assert "\n\nFix: " in one.page


def test_every_id_that_is_emitted_is_registered() -> None:
    """No finding has an id that `routecomp rules` does not know."""
    emitted = {id for path in SOURCE.rglob("*.py") for id in re.findall(r"\bRC\d{3}\b", path.read_text("utf-8"))}
    assert emitted - set(rules()) == set()


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("RC601", "RC601"),
        ("rc601", "RC601"),
        ("no-timeout", "RC601"),
        ("L01", "RC601"),
        ("l01", "RC601"),
        ("l01-no-timeout", "RC601"),
        ("r07-weights-sum", "RC647"),
        ("weights-sum", "RC301"),
        ("no-such-rule", None),
    ],
)
def test_a_rule_is_found_by_each_of_its_names(name: str, id: str | None) -> None:
    """Id, name and alias find a rule; so does the name that rules over SQL once had, which began with the alias."""
    rule = find_rule(name)
    assert (None if rule is None else rule.id) == id


def test_the_page_of_a_deprecated_rule_names_its_successor() -> None:
    """The id stays known, and its page says which rule took its place."""
    rule = Rule("RC399", "old", Scope.PROJECT, Severity.ERROR, "x.", aliases=("X1",), status=Status.DEPRECATED)
    assert rule.remarks == "Also known as X1. Deprecated."
    assert rule._replace(replaced_by="RC301").remarks == "Also known as X1. Deprecated: RC301 replaces it."


def test_names_are_taken_once() -> None:
    """A rule whose id, name or alias another rule has is refused."""
    for taken in (("RC301", "new"), ("RC399", "weights-sum"), ("RC399", "L01")):
        with pytest.raises(ValueError, match="registered twice"):
            add(Rule(*taken, Scope.PROJECT, Severity.ERROR, "x."))


def test_every_rule_is_a_file() -> None:
    """There is one file for each rule, and no other."""
    assert sorted(path.stem.split("_", 1)[0].upper() for path in RULE_FILES) == list(rules())


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.stem)
def test_a_rule_file_is_about_its_rule(path: Path) -> None:
    """File name, docstring and registration agree, and what the file emits has the registered id and severity."""
    id = path.stem.split("_", 1)[0].upper()
    one = rules()[id]
    assert path.stem == f"{id.lower()}_{one.name.replace('-', '_')}"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert (ast.get_docstring(tree) or "").startswith(f"{id} {one.name}: ")
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("error", "warning"):
            assert isinstance(call.args[0], ast.Constant)
            # What another router does with a mistake differs from case to case: its rules have both severities.
            severity = call.func.id if "interop" in path.parts else one.severity.value
            assert (call.args[0].value, call.func.id) == (id, severity)


def test_severities_are_the_registered_ones() -> None:
    """Every finding of every fixture weighs what the list of rules says."""
    for fixture in fixtures():
        for one in checked(fixture / "bad").diagnostics:
            assert one.severity is rules()[one.rule].severity, one


def test_warnings_are_the_ones_the_semantics_call_warnings() -> None:
    """These rules of a project warn; every other one is an invariant."""
    warn = {id for id in state_rules() if rules()[id].severity is Severity.WARNING}
    assert warn == {
        "RC125",
        "RC217",
        "RC323",
        "RC324",
        "RC402",
        "RC403",
        "RC404",
        "RC405",
        "RC406",
        "RC407",
        "RC408",
        "RC409",
        "RC411",
        "RC421",
        "RC431",
        "RC432",
        "RC831",
        "RC832",
        "RC833",
        "RC834",
        "RC835",
    }


def test_findings_have_words_and_places() -> None:
    """Every finding says what to do, and all but a missing section say where, on one line of words."""
    for fixture in fixtures():
        for one in checked(fixture / "bad").diagnostics:
            assert one.help, one
            assert "\n" not in one.message
            assert one.span is not None or one.rule == "RC205"
            assert one.message[0].islower() or one.message[0] == "`" or one.rule == "RC102", one.message


def test_fixes_of_the_fixtures_remove_what_they_fix() -> None:
    """Made, the fixes of a bad project remove the findings that offered them and add none."""
    offered = set()
    for fixture in fixtures():
        before = checked(fixture / "bad").diagnostics
        if not any(one.fix for one in before):
            continue
        offered.add(fixture_id(fixture))
        after = fixed(files(fixture / "bad"))
        left = check(after).diagnostics
        assert [one.message for one in left] == [one.message for one in before if one.fix is None], fixture.name
        if not left:
            good = files(fixture / "good")
            assert {path: data.split() for path, data in after.items()} == {
                path: data.split() for path, data in good.items()
            }, fixture.name
    assert {
        "RC112",
        "RC114",
        "RC115",
        "RC119",
        "RC120",
        "RC121",
        "RC125",
        "RC203",
        "RC309",
        "RC331",
        "RC323",
        "RC324",
    } <= offered
