"""Comparing decisions is exact: it finds the changed decisions that asking one by one finds, and no others."""

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
from routecomp.review.diff.decisions.callers import undeclared_feature, undeclared_tenant
from routecomp.review.diff.decisions.compare_decisions import compare_decisions
from routecomp.review.diff.decisions.compiled_side import CompiledSide
from routecomp.review.diff.decisions.unit_probes import share_probes, unit_probes
from routecomp.review.diff.difference import Decisions, Severity
from tests.diff.brute import changed_decisions
from tests.properties.strategies import GATE, Drawn, Number, Project, Seeded, pick, program_files

OPTIONS = Options(today=date(2026, 11, 20))


def table(files: dict[str, bytes]) -> bytes:
    """Return the compiled table of a generated program."""
    compilation = compile(files, OPTIONS)
    assert compilation.table is not None, compilation.checked.diagnostics
    return compilation.table.data


def expand_groups(decisions: Decisions, undeclared: str) -> set[tuple[Any, ...]]:
    """Return the changed decisions of all groups one by one, without those that need further hints."""
    expanded = []
    for group in decisions.groups:
        for case in group.cases:
            if all(key == "unit" for key, _ in case.hints):
                tenants = [
                    *case.caller.tenants,
                    *([None] if case.caller.without_tenant else []),
                    *([undeclared] if case.caller.undeclared else []),
                ]
                unit = dict(case.hints).get("unit")
                expanded += [(group.argument, group.name, tenant, case.preference, unit) for tenant in tenants]
    assert len(expanded) == len(set(expanded)) == decisions.changed  # each is in one group, and is counted
    return set(expanded)


def compare_both_ways(old: bytes, new: bytes) -> Decisions:
    """Compare the decisions of two tables, assert that asking one by one finds the same, and return them."""
    before, after = CompiledSide(old), CompiledSide(new)
    units = {
        name: unit_probes(before, after, name)
        for name in {*before.content["experiments"], *after.content["experiments"]}
    }
    undeclared = undeclared_tenant(before, after)
    decisions = compare_decisions(before, after)

    def dealt(loads: tuple[str | None, str | None]) -> list[str]:
        return share_probes(before, after, loads)

    one_by_one = changed_decisions(old, new, units, dealt, undeclared, undeclared_feature(before, after), GATE)
    assert expand_groups(decisions, undeclared) == one_by_one
    return decisions


def nearby(c: Any, seed: int) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return a program, and the same program with one or two edits of single sections, as people make them."""
    old, new = Project(Seeded(seed), False), Project(Seeded(seed), False)
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
            new,
        )
    return old.files(), new.files()


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
                no_fallback = ("primary", {"status": "primary"}, "retired")
                barred = {model for model, row in body["models"].items() if row in no_fallback}
                body["fallback"] = [model for model in models if model not in barred][:2]
            case "models":
                if "share" in body and len(hosts := sharing(bodies, body["logical_slug"])) > 1:
                    for host, part in zip(hosts, ("0.0001", "0.9999", *[None] * len(hosts)), strict=False):
                        host.pop("share") if part is None else host.update(share=Number(part))
                body.pop("max_output_tokens", None)  # which the other bound of the output may pass
                body[pick(c, ("latency_ms", "context_window", "min_output_tokens"))] = Number("777")
            case "targets":
                body["min_quality"] = Number(pick(c, ("0.6", "0.9")))
            case "providers":
                body["base_url"] = "https://moved.eu-central-1.amazonaws.com"  # a region, for calls that are signed
            case "experiments":
                body["on_pause"] = "control"
                for variant in body["variants"].values():
                    for version in variant.get("versions", ()):
                        version["model"] = pick(c, models)
                        host = project.sections["models"][version["model"]]["provider"]
                        if "api_key_env" not in project.sections["providers"][host]:
                            version.pop("api_key_env", None)


def sharing(models: dict[str, Any], logical: str) -> list[dict[str, Any]]:
    """Return the bodies of the models that share the load of a logical model."""
    return [body for body in models.values() if "share" in body and body["logical_slug"] == logical]


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_small_changes(data: st.DataObject) -> None:
    """Exactly the changed decisions are found between a program and the same program after a few edits."""
    c = Drawn(data.draw)
    old, new = nearby(c, c.whole(0, 10_000))
    compare_both_ways(table(old), table(new))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10_000), st.integers(0, 10_000))
@example(1, 1)
def test_any_two_programs(first: int, second: int) -> None:
    """Exactly the changed decisions are found between any two programs, which share nothing but names."""
    decisions = compare_both_ways(table(program_files(Seeded(first))), table(program_files(Seeded(second))))
    if first == second:
        assert not decisions.groups


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_cosmetic_means_the_same_table(data: st.DataObject) -> None:
    """There is a row that is not cosmetic exactly where the two tables differ."""
    c = Drawn(data.draw)
    old, new = nearby(c, c.whole(0, 10_000))
    compared = diff(new, OPTIONS, Base("on main", "main:", old))
    assert compared.difference is not None, (compared.wrong, compared.checked.diagnostics)
    difference = compared.difference
    is_not_cosmetic = any(row.severity is not Severity.COSMETIC for row in difference.rows)
    assert is_not_cosmetic == (difference.before_hash != difference.after_hash) == (table(old) != table(new))
    with_table = diff(new, OPTIONS, BaseTable("in old.json", table(old))).difference
    assert with_table is not None
    assert bool(with_table.rows) == is_not_cosmetic
    assert with_table.decisions.changed == difference.decisions.changed


@pytest.mark.parametrize("seed", range(6))
def test_every_witness_shows_its_change(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Resolving the witness of a group with both tables gives the two decisions of the group."""
    old, new = table(program_files(Seeded(seed))), table(program_files(Seeded(seed + 100)))
    before, after = CompiledSide(old), CompiledSide(new)
    groups = compare_decisions(before, after).groups
    assert groups
    monkeypatch.setenv(GATE, "1")
    for group in groups:
        request = json.loads(json.dumps(group.witness))
        assert before.decide(request) == group.before
        assert after.decide(request) == group.after
        assert group.before != group.after
        assert (group.severity is Severity.BREAKING) == (group.before.status == "ok" != group.after.status)
