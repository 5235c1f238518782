"""What `check --reach` finds is so for every request: asked of the resolver, and of the comparison of two tables."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import Any

import pytest

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.model.project import Entry, Program
from routecomp.parse.edit import key_removal, replace_node
from routecomp.parse.tree import Mapping as MappingNode
from routecomp.parse.tree import Sequence
from routecomp.review.analysis.claims.table import Table
from routecomp.review.analysis.compare import Moved, compare_tables
from routecomp.review.analysis.explore import Budget
from routecomp.review.analysis.reach.find import find_reach
from routecomp.review.analysis.reach.outages import lost_answers
from routecomp.review.analysis.reach.views import Views
from routecomp.review.diff.decisions.compiled_side import CompiledSide, open_gates
from routecomp.rules.lookup import policies
from routecomp.runtime.resolver import Router
from routecomp.source.edits import apply_edits
from tests.properties.compare import Case, shown
from tests.properties.strategies import Seeded, program_files
from tests.review.analysis.requests import Boundaries

PROGRAMS = 12
MANY = 300


def random_case(seed: int) -> Case:
    return Case.of(program_files(Seeded(seed)))


def reached_by_asking(case: Case, dice: random.Random) -> set[str]:
    """The models in the answers to many calls: each name and tenant, with any one model left, and at boundaries."""
    router, table = Router.from_bytes(case.table), case.parsed_table
    boundaries = Boundaries([table])
    models = list(table["models"])
    reached: set[str] = set()

    def ask(request: Mapping[str, Any]) -> None:
        decision = router.resolve(**request)
        reached.update(decision.chain, decision.shadows, [decision.model] if decision.model else [])

    names = [("feature", name) for name in boundaries.features] + [("model", name) for name in boundaries.names]
    for argument, name in names:
        for tenant in boundaries.tenants:
            for left in dice.sample(models, min(3, len(models))):
                others = [slug for slug in models if slug != left]
                ask({argument: name, "tenant": tenant, "min_quality": 0, "unavailable": others, "unit": left})
    for slug in models:
        for tenant in boundaries.tenants:
            ask({"model": slug, "tenant": tenant})
    for _ in range(300):
        ask(boundaries.request(dice))
    return reached


def check_unreached(case: Case, findings: list[Diagnostic], dice: random.Random) -> None:
    table = case.parsed_table
    unreached = {finding.message.split("`")[1] for finding in findings if finding.rule == "RC831"}
    reached = reached_by_asking(case, dice)
    assert not unreached & reached, shown(case.files)
    listed = {slug for slug, model in table["models"].items() if model["active"] and model["listed"]}
    named = {table["defaults"]["model"], *table["defaults"]["routes"].values()}
    assert listed - unreached - named <= reached, shown(case.files)


def check_outages(case: Case) -> None:
    """Each provider is taken down, for every feature and every tenant that may fall back."""
    router, table = Router.from_bytes(case.table), case.parsed_table
    views = Views(case.program, Table(case.table, case.fallback), Budget())
    lost = {
        (provider, feature, caller)
        for provider, (callers, _) in lost_answers(views).items()
        for feature, names in callers.items()
        for caller in names
    }
    asked = set()
    for provider in table["providers"]:
        for feature in {*table["features"], *table["defaults"]["routes"]}:
            for tenant in (None, *table["tenants"]):
                policy = table["policies"][table["tenants"][tenant] if tenant else table["defaults"]["policy"]]
                plain = router.resolve(feature=feature, tenant=tenant)
                down = router.resolve(feature=feature, tenant=tenant, unavailable=[provider])
                is_down = down.status != "ok" or table["models"][down.model]["provider"] == provider
                if policy["fallback"] and plain.status == "ok" and is_down:
                    asked.add((provider, feature, tenant))
    assert lost == asked, shown(case.files)


def without(case: Case, finding: Diagnostic) -> bytes | None:
    """The table of a program without what a finding says changes nothing; None where that is no valid program."""
    program = case.program
    assert finding.span is not None
    place = (finding.span.path, finding.span.start)
    for entry, edit in _edits(program):
        if (edit[0].path, edit[0].start) == place:
            files = dict(case.files)
            path = entry.path
            files[path] = apply_edits(files[path].decode(), [edit[1]]).encode()
            try:
                return Case.of(files).table
            except AssertionError:  # another rule needs it
                return None
    return None


def unclamped(case: Case, finding: Diagnostic) -> bytes:
    """The table with one side of the clamp open."""
    table = json.loads(case.table)
    is_upper = "upper clamp" in finding.message
    table["preferences"]["clamp_bp"][is_upper] = 10_000 if is_upper else 0
    return json.dumps(table).encode()


def _edits(program: Program) -> list[tuple[Entry[Any], Any]]:
    """Each place that may be found to be idle, and the edit that takes it out."""
    edits: list[tuple[Entry[Any], Any]] = []
    for entry, fields, path in policies(program):
        body = entry.node_at(*path) if path else entry.node
        if not isinstance(body, MappingNode):
            continue
        for field in ("banned_providers", "banned_models", "preferred_providers"):
            items = body.get(field)
            if getattr(fields, field) and isinstance(items, Sequence):
                texts = [item.span.file.text[item.span.start : item.span.end] for item in items.items]
                for place, item in enumerate(items.items):
                    left = [text for number, text in enumerate(texts) if number != place]
                    edits.append((entry, (item.span, replace_node(items, f"[{', '.join(left)}]"))))
        if fields.min_quality is not None:
            edits.append((entry, (entry.span(*path, "min_quality"), key_removal(body, "min_quality"))))
    for route in (*program.features.values(), *program.targets.values()):
        if route.body.min_quality is not None:  # type: ignore[attr-defined]
            edits.append((route, (route.span("min_quality"), key_removal(route.node, "min_quality"))))
    if (entry := program.preferences) is not None:
        for word in ("quality", "balanced", "cost"):
            dial = entry.node_at("dial", word)
            edits.append((entry, (dial.span, replace_node(dial, "0"))))
    return [(entry, edit) for entry, edit in edits if edit[1] is not None]


def check_idle(case: Case, findings: list[Diagnostic]) -> int:
    """Whatever is found to change nothing is taken out, and the two tables are compared for every request."""
    compared = 0
    for finding in findings:
        if finding.rule not in ("RC833", "RC834", "RC835") or "no `gate_env`" in finding.message:
            continue
        after = unclamped(case, finding) if " clamp `" in finding.message else without(case, finding)
        if after is not None:
            comparison = compare_tables(case.table, after)
            moves = [moved for moved in comparison.moved if not gives_way(finding, moved)]
            assert comparison.is_proven
            assert not moves, f"{finding.message}\n{moves[0].request}\n{shown(case.files)}"
            compared += 1
    return compared


def gives_way(finding: Diagnostic, moved: Moved) -> bool:
    """Whether nothing moves but what is said where the dial gives way: a reason, or which filter left nothing."""
    if "position" not in finding.message or "preference" not in moved.request:
        return False
    move = moved.move
    said = {*move.left, *move.entered}
    return move.change == "refusal" or (move.change == "said" and said <= {"preference_relaxed"})


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_findings_are_true_and_complete(seed: int) -> None:
    case, dice = random_case(1500 + seed), random.Random(seed)
    findings = find_reach(case.program)
    with open_gates(CompiledSide(case.table)):
        check_unreached(case, findings, dice)
        check_outages(case)
    check_idle(case, findings[:12])
