"""A change is compared with its base: every rule of change, its waivers, its places, and bases of every kind."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routecomp.checker import Checked, Options, check
from routecomp.compiler import compile
from routecomp.diagnostics.diagnostic import Severity
from routecomp.diagnostics.rule import Scope
from routecomp.review.base.base import Base
from routecomp.rules.registry import rules
from tests.change_fixtures import FOLDER, change_rules, changed, checked, fixtures, goldens, side
from tests.check.project import fixed
from tests.rule_fixtures import GOLDENS, TODAY, fixture_id, golden_files, report

ALONE = {"RC531": {"RC207"}}
"""What is found instead without the base, or behind a waiver: a model that is gone is unknown."""
PROMOTION = FOLDER / "RC501-promotion-not-from-shadow"
FEATURES = "routes/features.yaml"


@pytest.mark.parametrize("fixture", fixtures(), ids=lambda path: path.name)
def test_goldens(fixture: Path) -> None:
    """The report of the change is the golden one."""
    for name, text in goldens(fixture).items():
        golden = fixture / name
        assert golden.is_file(), f"{golden} is missing: run make refresh and read what it wrote"
        assert golden.read_bytes().decode("utf-8") == text, f"{golden}: run make refresh and read the diff"


@pytest.mark.parametrize("fixture", fixtures(), ids=lambda path: path.name)
def test_the_change_shows_its_rule_alone_and_good_is_clean(fixture: Path) -> None:
    """`after` shows its rule and no other, without the base only what is no change; `good` shows nothing."""
    id = fixture_id(fixture)
    assert ids(checked(fixture, "after")) == {id}
    assert ids(checked(fixture, "good")) == set()
    assert ids(check(side(fixture, "before"), Options(TODAY))) == set()
    assert ids(check(side(fixture, "after"), Options(TODAY))) == ALONE.get(id, set())


def test_every_rule_of_change_has_its_fixture() -> None:
    """One folder per rule, named after its id and its name, with its goldens and nothing else."""
    assert [fixture.name for fixture in fixtures()] == change_rules()
    for fixture in fixtures():
        assert {path.name for path in fixture.iterdir()} == {"before", "after", "good", *golden_files(fixture).values()}


def test_findings_name_both_sides() -> None:
    """Each finding stands in the project, says what to do, and names a place in the base, marked as the base's."""
    for fixture in fixtures():
        for one in checked(fixture, "after").diagnostics:
            if one.rule not in rules(Scope.CHANGE):
                continue
            assert one.severity is rules()[one.rule].severity
            assert one.help
            assert one.span is not None
            assert not one.span.path.startswith("main:")
            assert one.labels[-1].span.path.startswith("main:")
            assert one.labels[-1].text.endswith(" on main")


@pytest.mark.parametrize("fixture", fixtures(), ids=lambda path: path.name)
def test_a_waiver_on_the_line_covers_it(fixture: Path) -> None:
    """Every rule of change may be waived where it stands, until the day it says; an expired one is an error."""
    id = fixture_id(fixture)
    place = next(one.span for one in checked(fixture, "after").diagnostics if one.rule == id)
    assert place is not None
    for until, wanted in (("2026-11-20", ALONE.get(id, set())), ("2026-11-19", {id, "RC124"})):
        files = side(fixture, "after")
        lines = files[place.path].decode().split("\n")
        waiver = f'# routecomp:allow {id} until={until} reason="provider outage"'
        lines.insert(place.line - 1, waiver)
        files[place.path] = "\n".join(lines).encode()
        found = [
            one
            for one in changed(side(fixture, "before"), files).diagnostics
            if one.rule != id or (one.span and one.span.line == place.line + 1)
        ]
        assert {one.rule for one in found} == wanted


def test_a_waiver_nobody_needs_is_found_in_the_change_that_brings_it() -> None:
    """A new waiver of a rule that finds nothing is a warning; without a base, or once merged, nothing is said."""
    waiver = b'# routecomp:allow RC501 until=2026-12-01 reason="provider outage"\n'
    before, after = side(PROMOTION, "before"), side(PROMOTION, "before")
    after[FEATURES] = waiver + after[FEATURES]
    assert ids(changed(before, after)) == {"RC125"}
    assert ids(check(after, Options(TODAY))) == set()
    assert ids(changed(after, after)) == set()
    merged = {**after, FEATURES: after[FEATURES] + b"# more\n"}
    assert ids(changed(after, merged)) == set()


def test_a_waiver_that_is_needed_is_not_called_useless() -> None:
    """The waiver of a finding there is draws no warning of its own, and the project is clean."""
    after = side(PROMOTION, "after")
    line = b'primary  # routecomp:allow RC501 until=2026-12-01 reason="provider outage"'
    after[FEATURES] = after[FEATURES].replace(b"primary", line)
    result = changed(side(PROMOTION, "before"), after)
    assert ids(result) == set()
    assert result.program is not None


def test_nothing_is_found_where_nothing_changes_but_the_writing() -> None:
    """Comments, order, quotes and files that move are no change: another writing of the same is clean."""
    for fixture in fixtures():
        before = side(fixture, "before")
        for path, data in list(before.items()):
            moved = path.replace("/", "/moved/")
            after = {**before, moved: data + b"# the same\n"}
            del after[path]
            assert ids(changed(before, after)) == set(), fixture.name


def test_a_renamed_experiment_is_told_from_a_removed_one() -> None:
    """Its new name is where the finding stands, and the remedy is the old one."""
    fixture = FOLDER / "RC512-experiment-removed"
    after = side(fixture, "before")
    after["experiments/trial.yaml"] = after["experiments/trial.yaml"].replace(b"  trial:", b"  trial-b:")
    [one] = changed(side(fixture, "before"), after).diagnostics
    assert (one.rule, str(one.span)) == ("RC512", "experiments/trial.yaml:2:3")
    assert "became experiment `trial-b`" in one.message
    assert one.help.startswith("name it `trial` again")


def test_a_removed_experiment_without_neighbours_is_found_all_the_same() -> None:
    """Where nothing of its file is left, the finding names the place in the base alone, in every format."""
    fixture = FOLDER / "RC512-experiment-removed"
    after = side(fixture, "before")
    del after["experiments/trial.yaml"]
    result = changed(side(fixture, "before"), after)
    [one] = result.diagnostics
    assert (one.rule, one.span) == ("RC512", None)
    for format in GOLDENS:
        assert "experiment `trial` is removed" in report(result, format)
    assert "main:experiments/trial.yaml:2:3" in report(result, "text")


def test_what_cannot_be_read_is_not_called_removed() -> None:
    """A file with a syntax error hides its experiments and models; they are not said to be gone."""
    for name, path in (
        ("RC512-experiment-removed", "experiments/trial.yaml"),
        ("RC531-model-removed", "routes/models.yaml"),
    ):
        after = {**side(FOLDER / name, "before"), path: b"models: [\n"}
        assert ids(changed(side(FOLDER / name, "before"), after)) == {"RC103"}


def test_a_broken_base_is_compared_as_far_as_it_can_be_read() -> None:
    """What a base says in a file that does not parse is in no comparison, and `unread` says so."""
    before = {**side(PROMOTION, "before"), FEATURES: b"features: [\n"}
    result = changed(before, side(PROMOTION, "after"))
    assert ids(result) == set()
    [one] = result.unread
    assert (one.rule, str(one.span)) == ("RC103", "main:routes/features.yaml:2:1")
    wrong = side(PROMOTION, "before")
    wrong["routes/other.yaml"] = b"features:\n  other: {models: 3}\n"
    assert ids(changed(wrong, side(PROMOTION, "after"))) == {"RC501"}


def test_a_base_with_two_primaries_can_be_repaired() -> None:
    """A base that a merge left with two primaries is no trap: taking one of them back is no promotion."""
    before, after = side(PROMOTION, "before"), side(PROMOTION, "before")
    before[FEATURES] = b"features:\n  chat:\n    models: {sol: primary, luna: primary}\n"
    after[FEATURES] = b"features:\n  chat:\n    models: {sol: primary, luna: shadow}\n"
    assert ids(changed(before, after)) == set()


def test_a_credential_in_the_base_is_not_shown() -> None:
    """A line of the base that holds a credential is shown with stars."""
    secret = b"sk-ant-api03-" + b"a8Kd0Fj3LmQ9zXc7Vb5Nn2Hh4Gg6Tt1Yy"
    before, after = side(PROMOTION, "before"), side(PROMOTION, "after")
    before[FEATURES] = before[FEATURES].replace(b"models:", b"models:  # " + secret)
    result = changed(before, after)
    assert ids(result) == {"RC501"}
    for format in GOLDENS:
        assert secret.decode() not in report(result, format)


def test_the_fix_hands_the_sample_over() -> None:
    """`--fix` writes the challenger's figures, as their author wrote them, on the incumbent's bare row."""
    fixture = FOLDER / "RC505-sample-not-handed-over"
    after = side(fixture, "after")
    [one] = changed(side(fixture, "before"), after).diagnostics
    assert one.fix is not None
    [edit] = one.fix.edits
    text = after[FEATURES].decode()
    repaired = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
    assert repaired.encode() == side(fixture, "good")[FEATURES]
    assert fixed(after) == after, "without the base there is nothing to fix"


def test_the_fix_of_a_row_in_a_block_keeps_its_comment() -> None:
    """A comment on the header line of the row stands behind the longer one."""
    fixture = FOLDER / "RC505-sample-not-handed-over"
    after = side(fixture, "after")
    text = after[FEATURES].decode().replace("sol: shadow", "sol: >-  # watched\n        shadow")
    [one] = changed(side(fixture, "before"), after | {FEATURES: text.encode()}).diagnostics
    assert one.fix is not None
    [edit] = one.fix.edits
    assert edit.replacement.endswith("}  # watched")


NOT_IN_A_TABLE = {"RC516", "RC511", "RC519"}
"""What these fixtures change is in no table: a label, and twice an experiment that is completed without a winner."""


@pytest.mark.parametrize("fixture", fixtures(), ids=lambda path: path.name)
def test_a_table_as_the_base(fixture: Path) -> None:
    """Compared with the table the base compiles to, the same is found as with the base, but for what no table holds."""
    table = compile(side(fixture, "before"), Options(TODAY)).artifacts["routing_table.json"]
    base = Base("in old.json", "old.json:", {}, table)
    for name in ("before", "after", "good"):
        files = side(fixture, name)
        judged = check(files, Options(TODAY), base=base)
        assert judged.base is not None
        assert not judged.unread
        assert ids(judged) == ids(changed(side(fixture, "before"), files)) - NOT_IN_A_TABLE, name


def test_two_branches_that_each_promote_leave_two_primaries() -> None:
    """The merge of two promotions is refused, with both lines named."""
    after = side(PROMOTION, "before")
    after[FEATURES] = b"features:\n  chat:\n    models:\n      sol: shadow\n      luna: primary\n      terra: primary\n"
    before = {**after, FEATURES: after[FEATURES].replace(b"terra: primary", b"terra: shadow")}
    [one] = changed(before, after).diagnostics
    assert one.rule == "RC303"
    assert {str(place) for place in (one.span, *(label.span for label in one.labels))} == {
        f"{FEATURES}:5:13",
        f"{FEATURES}:6:14",
    }


LINES = st.sampled_from(
    sorted(
        {
            line
            for fixture in fixtures()
            for name in ("before", "after", "good")
            for data in side(fixture, name).values()
            for line in data.decode().split("\n")
        }
    )
)
GARBAGE = st.one_of(LINES, st.text(max_size=12))


@st.composite
def projects(draw: st.DrawFn) -> dict[str, bytes]:
    """A side of a fixture with lines taken out, doubled, swapped with lines of others, or made of anything."""
    files = side(draw(st.sampled_from(fixtures())), draw(st.sampled_from(["before", "after", "good"])))
    for _ in range(draw(st.integers(0, 4))):
        path = draw(st.sampled_from(sorted(files)))
        lines = files[path].decode("utf-8", "surrogatepass").split("\n")
        at = draw(st.integers(0, len(lines) - 1))
        lines[at : at + draw(st.integers(0, 2))] = draw(st.lists(GARBAGE, max_size=2))
        files[path] = "\n".join(lines).encode("utf-8", "surrogatepass")
    if draw(st.booleans()):
        del files[draw(st.sampled_from(sorted(files)))]
    return files


# The first example loads the renderers: time says nothing here.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@unhurried
@given(projects(), projects())
def test_any_two_projects_can_be_compared(before: dict[str, bytes], after: dict[str, bytes]) -> None:
    """Whatever the two sides hold, the comparison ends in findings that can be shown, not in an exception."""
    result = changed(before, after)
    for format in GOLDENS:
        report(result, format)
    assert (result.program is None) == any(one.severity is Severity.ERROR for one in result.diagnostics)


@unhurried
@given(projects())
def test_any_project_is_no_change_of_itself(files: dict[str, bytes]) -> None:
    """Compared with itself, in the same or another writing, a project has the findings it has alone."""
    again = {path: data + b"\n# the same\n" for path, data in files.items()}
    alone = check(files, Options(TODAY))
    assert not any(id in rules(Scope.CHANGE) for id in ids(changed(again, files)))
    assert ids(changed(files, files)) == ids(alone)


def ids(result: Checked) -> set[str]:
    return {one.rule for one in result.diagnostics}
