"""The decision part is exact: it finds the decisions that asking one by one finds, and no others."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, example, given, settings

from routecomp.checker import Options
from routecomp.comparer import diff
from routecomp.compiler import compile
from routecomp.review.base.base import Base, BaseTable
from routecomp.review.diff.callers import stranger, undeclared_feature
from routecomp.review.diff.compiled import Side
from routecomp.review.diff.decisions import compare_decisions
from routecomp.review.diff.difference import Decisions, Severity
from routecomp.review.diff.unit_probes import telling_units
from tests.diff.brute import changed
from tests.properties.strategies import GATE, Drawn, Number, Project, Seeded, pick, program_files

OPTIONS = Options(today=date(2026, 11, 20))


def table(files: dict[str, bytes]) -> bytes:
    """The compiled table of a generated program."""
    made = compile(files, OPTIONS)
    assert made.table is not None, made.checked.diagnostics
    return made.table.data


def expanded(decisions: Decisions, nobody: str) -> set[tuple[Any, ...]]:
    """The changed decisions of all groups, one by one; those with further hints apart."""
    found = []
    for group in decisions.groups:
        for case in group.cases:
            if all(key == "unit" for key, _ in case.hints):
                tenants = [
                    *case.caller.tenants,
                    *([None] if case.caller.nobody else []),
                    *([nobody] if case.caller.stranger else []),
                ]
                unit = dict(case.hints).get("unit")
                found += [(group.argument, group.name, tenant, case.preference, unit) for tenant in tenants]
    assert len(found) == len(set(found)) == decisions.changed  # each is in one group, and is counted
    return set(found)


def agree(one: bytes, other: bytes) -> Decisions:
    """Compare both ways, and give what was found."""
    before, after = Side(one), Side(other)
    units = {
        name: telling_units(before, after, name)
        for name in {*before.content["experiments"], *after.content["experiments"]}
    }
    nobody = stranger(before, after)
    decisions = compare_decisions(before, after)
    slow = changed(one, other, units, nobody, undeclared_feature(before, after), GATE)
    assert expanded(decisions, nobody) == slow
    return decisions


def nearby(c: Any, seed: int) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """A program, and the same with one edit or a few in single sections: changes as people make them."""
    one, other = Project(Seeded(seed), False), Project(Seeded(seed), False)
    for _ in range(c.whole(1, 2)):
        edit(
            c,
            pick(
                c,
                (
                    "tenants",
                    "features",
                    "models",
                    "targets",
                    "experiments",
                    "providers",
                    "defaults",
                    "preferences",
                    "resilience",
                ),
            ),
            other,
        )
    return one.files(), other.files()


def edit(c: Any, section: str, project: Project) -> None:
    """Change a section so that the program stays valid."""
    bodies = project.sections.get(section, {})
    names = sorted(bodies)
    models = sorted(project.sections["models"])
    if section == "preferences":
        project.sections.pop("preferences", None)
    elif section == "resilience":
        project.sections["resilience"] = {"max_attempts": Number("2")}
    elif section == "defaults":
        bodies["routes"] = {**bodies.get("routes", {}), pick(c, ("only-routed", "search")): pick(c, models)}
        bodies["model"] = pick(c, models)
    elif section == "tenants" and (not names or c.whole(0, 2) == 0):
        bodies["newcomer"] = project.policy(40)
    elif names:
        name = pick(c, names)
        body = bodies[name]
        match section:
            case "tenants":
                bodies[name] = project.policy(40)
            case "features":
                body.pop("then", None)
                retired = {model for model, row in body["models"].items() if row == "retired"}
                body["fallback"] = [model for model in models if model not in retired][:2]
            case "models":
                body[pick(c, ("latency_ms", "context_window", "min_output_tokens"))] = Number("777")
            case "targets":
                body["min_quality"] = Number(pick(c, ("0.6", "0.9")))
            case "providers":
                body["base_url"] = "https://moved.example.com"
            case "experiments":
                body["on_pause"] = "control"
                for variant in body["variants"].values():
                    for version in variant.get("versions", ()):
                        version["model"] = pick(c, models)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_small_changes(data: st.DataObject) -> None:
    """Of a program and one a few edits away, exactly the changed decisions are found."""
    c = Drawn(data.draw)
    one, other = nearby(c, c.whole(0, 10_000))
    agree(table(one), table(other))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10_000), st.integers(0, 10_000))
@example(1, 1)
def test_any_two_programs(first: int, second: int) -> None:
    """Of any two programs, with nothing in common but their words, exactly the changed decisions are found."""
    decisions = agree(table(program_files(Seeded(first))), table(program_files(Seeded(second))))
    if first == second:
        assert not decisions.groups


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_cosmetic_means_the_same_table(data: st.DataObject) -> None:
    """A table that differs is told by a row that is not cosmetic, one that does not by cosmetic rows alone."""
    c = Drawn(data.draw)
    one, other = nearby(c, c.whole(0, 10_000))
    found = diff(other, OPTIONS, Base("on main", "main:", one))
    assert found.difference is not None, (found.wrong, found.checked.diagnostics)
    difference = found.difference
    told = any(row.severity is not Severity.COSMETIC for row in difference.rows)
    assert told == (difference.before_hash != difference.after_hash) == (table(one) != table(other))
    with_table = diff(other, OPTIONS, BaseTable("in old.json", table(one))).difference
    assert with_table is not None
    assert bool(with_table.rows) == told
    assert with_table.decisions.changed == difference.decisions.changed


@pytest.mark.parametrize("seed", range(6))
def test_every_witness_shows_its_change(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The request of each group gives the group's two decisions, as a service would be told them."""
    one, other = table(program_files(Seeded(seed))), table(program_files(Seeded(seed + 100)))
    before, after = Side(one), Side(other)
    groups = compare_decisions(before, after).groups
    assert groups
    monkeypatch.setenv(GATE, "1")
    for group in groups:
        request = json.loads(json.dumps(group.witness))
        assert before.decide(request) == group.before
        assert after.decide(request) == group.after
        assert group.before != group.after
        assert (group.severity is Severity.BREAKING) == (group.before.status == "ok" != group.after.status)
