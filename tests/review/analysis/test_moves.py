"""Moves between two tables are what the resolver answers, asked one request at a time: none is missing."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from routecomp.review.analysis.alike import Alike
from routecomp.review.analysis.compare import Comparison, compare_tables
from routecomp.review.analysis.report import report_of
from routecomp.review.analysis.side import UNDECLARED, load_sides
from routecomp.review.analysis.space import Bounds, Space
from routecomp.review.diff.decisions.compiled_side import CompiledSide, open_gates
from routecomp.runtime.resolver import Decision, Router
from tests.properties.compare import Case
from tests.properties.strategies import Seeded, program_files
from tests.review.analysis.mutations import mutated
from tests.review.analysis.requests import Boundaries


def kind_of(before: Decision, after: Decision) -> tuple[str, str, str] | None:
    """Return the change between two decisions, in the words of a move; None if there is none."""
    old, new = [str(d.model if d.status == "ok" else d.status) for d in (before, after)]
    if before.status != "ok" or after.status != "ok":
        if before.status != after.status:
            neither = before.status != "ok" and after.status != "ok"
            return ("refusal" if neither else "answered" if after.status == "ok" else "rejected", old, new)
    elif before.model != after.model:
        return ("pick", old, new)
    elif before[3:9] != after[3:9]:
        return ("endpoint", old, new)
    elif before.chain != after.chain:
        return ("chain", old, new)
    elif before.shadows != after.shadows:
        return ("mirrors", old, new)
    said = ("experiment", "variant", "version", "source")
    if before.reasons != after.reasons or any(getattr(before, name) != getattr(after, name) for name in said):
        return ("said", old, new)
    return None


def told(comparison: Comparison) -> dict[tuple[str, str | None], set[tuple[str, str, str]]]:
    """Return the kinds of moves by name and tenant."""
    kinds: dict[tuple[str, str | None], set[tuple[str, str, str]]] = {}
    for moved in comparison.moved:
        for tenant in moved.tenants:
            kinds.setdefault((moved.called.name, tenant), set()).add(moved.move[:3])
    return kinds


def asked(
    before: bytes, after: bytes, dice: random.Random, count: int, space: Space, bounds: Bounds | None = None
) -> int:
    """Compare two tables, and ask both resolvers many requests; return how many of these moved."""
    comparison = compare_tables(before, after, bounds, space)
    assert comparison.is_proven
    kinds = told(comparison)
    boundaries = Boundaries([json.loads(before), json.loads(after)])
    old, new = Router.from_bytes(before), Router.from_bytes(after)
    moves = 0
    with open_gates(CompiledSide(before), CompiledSide(after)):
        for _ in range(count):
            request = boundaries.request(dice)
            if not space.outages:
                request.pop("unavailable", None)
            if not space.cost:
                request.pop("max_cost_usd", None)
            decisions = [router.resolve(**request) for router in (old, new)]
            kind = kind_of(decisions[0], decisions[1])
            if kind is None:
                continue
            moves += 1
            tenant: Any = request.get("tenant")
            tenant = UNDECLARED if tenant == "stranger" else tenant
            argument = "feature" if "feature" in request else "model"
            name = comparison.ways.of(argument, request[argument]).name
            assert kind in kinds.get((name, tenant), set()), (request, decisions, kinds.get((name, tenant)))
    return moves


@pytest.mark.parametrize("seed", range(10))
def test_every_move_of_a_random_change_is_told(seed: int) -> None:
    """Each change that some request shows is among the moves of its name and its tenant; each move has its witness."""
    dice = random.Random(seed)
    before = Case.of(program_files(Seeded(f"moves-{seed}"))).table
    after = mutated(before, dice)
    space = Space(cost=False, outages=tuple(json.loads(before)["providers"]) if seed % 2 else ())
    asked(before, after, dice, 400, space)


@pytest.mark.parametrize("seed", range(100, 106))
def test_every_move_with_a_cap_is_told(seed: int) -> None:
    """Caps beside what a model costs, a pico-dollar more and less, with tokens in and out."""
    dice = random.Random(seed)
    before = Case.of(program_files(Seeded(f"moves-{seed}"))).table
    asked(before, mutated(before, dice), dice, 300, Space())


@pytest.mark.hard
@pytest.mark.parametrize("block", range(10))
def test_every_move_of_many_changes_is_told(block: int) -> None:
    """1,000 random programs, each changed and asked 600 times, every second one with caps."""
    moves = 0
    for seed in range(1_000 + 100 * block, 1_100 + 100 * block):
        dice = random.Random(seed)
        before = Case.of(program_files(Seeded(f"moves-{seed}"))).table
        outages = tuple(json.loads(before)["providers"]) if seed % 3 == 0 else ()
        moves += asked(before, mutated(before, dice), dice, 600, Space(cost=bool(seed % 2), outages=outages))
    assert moves > 1_000


def test_views_that_are_alike_word_by_word_need_no_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told of a change of a policy, a tenant or a feature is what walks of every view tell."""
    skipped = 0
    settled = Alike.are_settled
    for seed in range(12):
        dice = random.Random(seed)
        before = Case.of(program_files(Seeded(f"alike-{seed}"))).table
        body = json.loads(before)
        part = body[dice.choice(("policies", "features"))]
        if not part:
            continue
        name = dice.choice(sorted(part))
        part[name]["min_quality_bp"] = dice.choice((None, 4000, 9000))
        after = json.dumps(body).encode()
        walked = []
        for by_words in (settled, lambda *_: False):
            monkeypatch.setattr(Alike, "are_settled", by_words)
            comparison = compare_tables(before, after, None, Space(cost=False))
            walked.append(
                (comparison.views, [(each.called, each.tenants, each.move, each.request) for each in comparison.moved])
            )
        assert walked[0] == walked[1]
        alike = Alike([json.loads(before), body], load_sides((before, after)))
        ways = comparison.ways.all
        skipped += sum(settled(alike, tenant, way) for tenant in (None, *body["tenants"]) for way in ways)
    assert skipped > 100


@pytest.mark.hard
@pytest.mark.parametrize("block", range(10))
def test_a_hundred_mutations_of_the_example(block: int) -> None:
    """One figure of the living example is changed, ten times in each block: each move that requests show is told.

    Where requests show none, the proof has none either, or has a request that shows it, which the resolver confirmed.
    """
    table = (Path(__file__).parents[3] / "generated" / "routing_table.json").read_bytes()
    shown = 0
    for seed in range(10 * block, 10 * block + 10):
        dice = random.Random(f"example {seed}")
        after = mutated(table, dice, changes=1)
        shown += bool(asked(table, after, dice, 3_000, Space(cost=False), Bounds(seconds=900)))
    print(f"{shown} of 10 mutations move calls that were drawn")
    assert shown


def test_what_is_over_the_bound_is_sampled_and_says_so() -> None:
    """Without any time nothing is proven: moves are those of random requests, told with their number and seed."""
    dice = random.Random(3)
    before = Case.of(program_files(Seeded("moves-3"))).table
    comparison = compare_tables(
        before, mutated(before, dice), Bounds(seconds=-1.0, samples=7, seed=11), Space(cost=False)
    )
    report = report_of(comparison)
    assert not report.is_proven
    assert (report.samples, report.seed) == (7, 11)
    assert 0 < report.unproven <= report.views
