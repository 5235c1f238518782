"""What is written of a program's decisions holds at once, and every value of it that is changed fails."""

from __future__ import annotations

import copy

import pytest

from routecomp.expectations.skeleton import skeleton
from routecomp.expectations.update import update
from routecomp.source.edits import apply_edits
from tests.expectations.asking import PATH, entry, other_values, outcomes_of, router_of, with_entries
from tests.properties.compare import Case
from tests.properties.strategies import Files, Seeded, pick, program_files

SEEDS = range(8)


def programs(seed: int) -> tuple[Seeded, Files, Case]:
    """A random program, and the choices that made it, which go on."""
    c = Seeded(f"expectations/{seed}")
    files = program_files(c)
    return c, files, Case.of(files)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_skeleton_holds_and_is_whole(seed: int) -> None:
    """What `--write` writes is read without findings, holds, is the same each time, and lacks nothing then."""
    _, files, case = programs(seed)
    features = {*case.program.features, *case.program.sure_defaults.routes}
    written = skeleton(case.program, router_of(case))
    if written is None:
        assert not features
        return
    assert skeleton(case.program, router_of(case)) == written
    after = Case.of({**files, PATH: written.text.encode()})
    outcomes = outcomes_of(after)
    assert [outcome.title for outcome in outcomes if outcome.wrong] == []
    assert (len(after.program.expectations), len(outcomes)) == (written.expectations, written.requests)
    assert skeleton(after.program, router_of(after)) is None
    assert {outcome.request["feature"] for outcome in outcomes if "tenant" not in outcome.request} == features


@pytest.mark.parametrize("seed", SEEDS)
def test_each_value_is_compared(seed: int) -> None:
    """All that is decided for a request holds; each value, changed, fails by its key alone, and is written back."""
    c, files, case = programs(seed)
    entries = {f"x{number}": entry(c, case.program, router_of(case)) for number in range(12)}
    asked = Case.of(with_entries(files, entries))
    assert (asked.table, asked.fallback) == (case.table, case.fallback)
    assert [(outcome.title, outcome.wrong) for outcome in outcomes_of(asked) if outcome.wrong] == []
    wrong = copy.deepcopy(entries)
    changed = {}
    for name, body in wrong.items():
        choices = [(key, other) for key in body["expect"] for other in other_values(key, body["expect"], case.program)]
        key, other = pick(c, choices)
        changed[name] = key
        body["expect"][key] = other
    mistaken = with_entries(files, wrong)
    outcomes = outcomes_of(Case.of(mistaken))
    assert {outcome.entry.slug: [each.key for each in outcome.wrong] for outcome in outcomes} == {
        name: [key] for name, key in changed.items()
    }
    if all(each.got not in (None, ()) for outcome in outcomes for each in outcome.wrong):
        text = apply_edits(mistaken[PATH].decode(), update(outcomes))
        again = Case.of({**files, PATH: text.encode()})
        assert [outcome.title for outcome in outcomes_of(again) if outcome.wrong] == []
        assert again.program.expectations.keys() == asked.program.expectations.keys()
