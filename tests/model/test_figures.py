"""Test that each figure is known wherever it must be: a figure that one room forgot fails here, by its name.

`model/figures.py` states the figures; these tests compare it with what reads no rows: the language, the resolver's
filters, the twin, `explain`, `diff` and the pages.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from routecomp.emit.resolver_keys import resolver_keys
from routecomp.explain.decision import explain_decision
from routecomp.explain.loaded import Loaded
from routecomp.model import figures
from routecomp.model.figure import REQUIRED, Figure
from routecomp.model.figures import ENTRIES, FIGURES, MODEL
from routecomp.model.part import Part
from routecomp.model.project import Program
from routecomp.model.sections import SECTIONS
from routecomp.review.diff.decisions.compare_decisions import compare_decisions
from routecomp.review.diff.decisions.compiled_side import CompiledSide
from routecomp.runtime import resolver
from routecomp.table.codec import encode
from routecomp.table.lower import lower
from tests.diff.test_every_field import files
from tests.model.test_every_field_is_read import PROJECT, fields
from tests.properties.compare import Case, Session
from tests.properties.reference import ORDER, STATUS, Attempt
from tests.properties.request_strategies import environment, requests
from tests.properties.strategies import Seeded

ROOT = Path(__file__).parents[2]
FILTERS = {entry.name: entry for entry in resolver._FILTERS}

# Fields that are no figures: what bodies are built of. Each has code of its own in every room.
STRUCTURE = {
    "Provider": {"was", "description", "owner", "limits", "timeouts"},
    "Model": {"was", "description", "owner", "aliases", "limits", "price", "timeouts"},
    "Feature": {"was", "description", "owner", "aliases", "models", "fallback"},
    "Target": {"was", "description", "owner", "aliases", "candidates", "candidates.models", "candidates.stacks",
               "candidates.logical"},
    "Defaults": {"description", "owner", "routes", "policy"},
    "Scoring": {"description", "owner", "cost", "latency_ms"},
    "Resilience": {"description", "owner"},
    "Tenant": {"was", "description", "owner", "preset", "weights", "budget"},
    "Preferences": {"description", "owner", "floors", "dial", "clamp"},
    "Experiment": {"description", "owner", "was", "variants"},
    "Variant": {"versions", "slots"},
}  # fmt: skip
# Bodies within bodies, which have figures of their own.
INNER = {
    "Feature": ("models",),
    "Experiment": ("variants",),
    "Variant": ("versions",),
    "Defaults": ("policy",),
    "Tenant": ("budget",),
}


def paths(body: type[Part]) -> set[str]:
    """Return the path of every field of a body, but those of the bodies within it."""
    inner = INNER.get(body.__name__, ())
    return {".".join(path) for path in fields(body) if len(path) == 1 or path[0] not in inner}


def bodies() -> dict[str, type[Part]]:
    """Return the bodies of all sections that decide, and those within them; presets have the fields of tenants."""
    known = {figure.body.__name__: figure.body for figure in FIGURES}
    sections = {section.body.__name__ for section in SECTIONS.values()} - {"Preset", "Expectation", "Claim"}
    assert sections <= known.keys()
    return known


@pytest.mark.parametrize("name", bodies())
def test_every_field_is_a_figure(name: str) -> None:
    """A field of a body has its row in `figures.py`, unless it is what bodies are built of."""
    rows = {figure.path for figure in FIGURES if figure.body is bodies()[name]}
    assert paths(bodies()[name]) - STRUCTURE.get(name, set()) == rows


def test_keys_and_columns_are_stated_once() -> None:
    """No two figures of a body share a path, a key or a column."""
    for attribute in ("path", "key", "column"):
        values = [(figure.body, getattr(figure, attribute)) for figure in FIGURES if getattr(figure, attribute)]
        assert len(values) == len(set(values)), attribute


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_reads_a_figure(name: str) -> None:
    """Each filter of the resolver is named by a figure that it reads."""
    assert any(name in figure.filters for figure in FIGURES), f"no figure names the filter `{name}`"


@pytest.mark.parametrize("name", sorted({name for figure in FIGURES for name in figure.filters}))
def test_every_filter_of_a_figure_is_known(name: str) -> None:
    """The resolver and the twin have each filter that a figure names, and give it the same status."""
    assert name in FILTERS, f"the resolver has no filter `{name}`"
    assert name in STATUS, f"the twin has no filter `{name}`"
    assert STATUS[name] == FILTERS[name].status


def test_filters_have_one_order() -> None:
    """The twin applies the filters in the resolver's order: the last one that empties a route names the status."""
    assert list(ORDER) == list(FILTERS)


# What a request says that brings each filter to bear.
DEMANDS: dict[str, Any] = {
    "min_quality": 0.5,
    "latency_budget_ms": 1000,
    "stack": "us",
    "input_tokens": 100,
    "max_output_tokens": 100,
    "max_cost_usd": 1,
    "stream": True,
    "capabilities": ["vision"],
    "unavailable": ["poor"],
}


@cache
def loaded() -> Loaded:
    """Return the project that has every field, compiled; undeclared tenants are rejected."""
    case = Case.of(files({**PROJECT, "defaults": {**PROJECT["defaults"], "unknown_tenant": "reject"}}))
    return Loaded(case.program, lower(case.program), resolver.Router.from_bytes(case.table, case.fallback))


def binding(arguments: dict[str, Any]) -> set[str]:
    """Return the filters that bind a request for a target."""
    log = loaded().router.explain(model="auto", **arguments)
    return {step["filter"] for step in log["filters"]}


@pytest.mark.parametrize("name", FILTERS)
def test_explain_says_what_a_filter_asks(name: str) -> None:
    """`explain` has words for every filter."""
    request = {"model": "auto", **DEMANDS} | ({"tenant": "nobody"} if name == "unknown_tenant" else {})
    try:
        steps = {step["filter"]: step for step in explain_decision(loaded(), request)["filters"]}
    except KeyError as missing:
        raise AssertionError(f"explain has no words for the filter {missing}") from None
    assert name in steps, f"no request of this test brings the filter `{name}` to bear"
    assert steps[name]["asks"], f"explain has no words for the filter `{name}`"


@pytest.mark.parametrize("figure", [f for f in MODEL if f.kind == "whole"], ids=lambda figure: figure.path)
def test_a_number_that_a_filter_compares_names_its_argument(figure: Figure) -> None:
    """If an argument alone brings a figure's filter to bear, the figure says which: `diff` asks with it.

    The cost is compared with a product of several figures and arguments, which no single one decides.
    """
    always = binding({})
    driving = {
        argument for argument, value in DEMANDS.items() if (binding({argument: value}) - always) & set(figure.filters)
    }
    if figure.filters != ("cost",) and driving:
        assert figure.bound is not None, f"figure `{figure.path}`: `bound` is missing, so `diff` never asks about it"
        assert figure.bound.argument in driving


@pytest.mark.parametrize("figure", [f for f in MODEL if f.bound], ids=lambda figure: figure.path)
def test_diff_shows_a_decision_that_a_figure_changes(figure: Figure) -> None:
    """Where the bound of the first model moves, `diff` finds a request that decides otherwise, by its argument."""
    assert figure.bound is not None
    assert figure.key is not None
    table = json.loads(loaded().table.data)
    policy = table["policies"][table["defaults"]["policy"]]
    first = table["orders"][policy["plain"]].split(" ")[0]
    models = {slug: {**model, "quality_bp": 9000, "latency_ms": 1} for slug, model in table["models"].items()}
    value = 9000 if figure.unit == "share" else 5000
    before, after = (
        CompiledSide(encode({**table, "models": {**models, first: {**models[first], figure.key: bound}}}))
        for bound in (value, value + 100)
    )
    assert before.rejection is None, before.rejection
    groups = compare_decisions(before, after).groups
    hints = {argument for group in groups for case in group.cases for argument, _ in case.hints}
    assert figure.bound.argument in hints, f"diff asks nothing about `{figure.path}`"


@cache
def seen() -> tuple[dict[Figure, set[str]], set[str]]:
    """Return the values that the strategies draw of each figure, and the filters by which the twin drops a model."""
    values: dict[Figure, set[str]] = {figure: set() for figure in FIGURES}
    dropped: set[str] = set()
    original: Callable[..., str | None] = Attempt.failure

    def failure(self: Attempt, *arguments: Any, **named: Any) -> str | None:
        name = original(self, *arguments, **named)
        if name is not None:
            dropped.add(name)
        return name

    Attempt.failure = failure  # type: ignore[method-assign]
    try:
        for number in range(120):
            c = Seeded(f"figures/{number}")
            session = Session.chosen(c)
            for figure, value in drawn(session.case.program):
                values[figure].add(repr(value))
            for request in requests(c, session.case.pools, 25):
                session.case.twin.decide(request, environment(c))
    finally:
        Attempt.failure = original  # type: ignore[method-assign]
    return values, dropped


def drawn(program: Program) -> list[tuple[Figure, object]]:
    """Return each figure of a program with each of its values."""
    experiments = [entry.body for entry in program.experiments.values()]
    variants = [variant for experiment in experiments for variant in experiment.variants.values()]
    holders: dict[str, list[Any]] = {
        "Provider": [entry.body for entry in program.providers.values()],
        "Model": [entry.body for entry in program.models.values()],
        "Tenant": [program.tenant_policy(slug) for slug in program.tenants],
        "Budget": [entry.body.budget for entry in program.tenants.values()],
        "Feature": [entry.body for entry in program.features.values()],
        "Row": [row for entry in program.features.values() for row in entry.body.models.values()],
        "Target": [entry.body for entry in program.targets.values()],
        "Defaults": [program.sure_defaults],
        "Scoring": [program.sure_scoring],
        "Resilience": [program.sure_resilience],
        "Preferences": [] if program.preferences is None else [program.preferences.body],
        "Experiment": experiments,
        "Variant": variants,
        "Version": [version for variant in variants for version in variant.versions],
    }
    return [(figure, figure.value(body)) for figure in FIGURES for body in holders[figure.body.__name__]]


# Figures that change no decision: the strategies may leave them at one value.
UNDECIDING = {"failures", "window_s", "cooloff_s"}


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: f"{figure.body.__name__}.{figure.path}")
def test_strategies_draw_every_figure(figure: Figure) -> None:
    """The programs that are compared with the twin have several values of each figure."""
    if figure.path not in UNDECIDING:
        assert len(seen()[0][figure]) > 1, f"the strategies never vary `{figure.path}`"


@pytest.mark.parametrize("name", FILTERS)
def test_the_twin_answers_for_every_filter(name: str) -> None:
    """The twin drops models by each filter, so that a filter which it forgot is not compared in vain."""
    assert name in seen()[1], f"the twin never drops a model by `{name}`"


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: f"{figure.body.__name__}.{figure.path}")
def test_pages_name_every_figure(figure: Figure) -> None:
    """docs/semantics.md names the field, and docs/table.md its key."""
    language = (ROOT / "docs" / "semantics.md").read_text(encoding="utf-8")
    assert re.search(rf"\b{figure.keys[-1]}\b", language), f"docs/semantics.md says nothing of `{figure.path}`"
    if figure.key is not None:
        table = (ROOT / "docs" / "table.md").read_text(encoding="utf-8")
        assert re.search(rf"\b{figure.key}\b", table), f"docs/table.md says nothing of `{figure.key}`"


def test_a_row_has_its_figures_whatever_its_status(monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure of a feature's rows is in the table for a primary and a retired model too, mirrored or not."""
    again = dataclasses.replace(figures.ROW[0], key="again")
    monkeypatch.setattr(figures, "ROW", (*figures.ROW, again))
    content: Any = lower(loaded().program).content
    rows = [row for feature in content["features"].values() for row in feature["rows"]]
    assert {row["status"] for row in rows} == {"primary", "shadow", "retired"}
    assert [row["again"] for row in rows] == [row["status"] for row in rows]


def test_a_later_figure_has_a_default_that_a_reader_knows() -> None:
    """What an older table lacks gets a default; the body's own name is none, as it may have been written otherwise."""
    later = [
        figure.path for figure in FIGURES if figure.is_optional and (figure.is_named or figure.key_default is REQUIRED)
    ]
    assert later == [], "give a figure that came later a default that holds for every body"


def test_the_resolver_has_the_keys_of_the_figures() -> None:
    """The part of the resolver that is written from the figures is fresh."""
    part = ROOT / "src" / "routecomp" / "runtime" / "parts" / "table_keys.py"
    assert part.read_text(encoding="utf-8") == resolver_keys(), "run make refresh"


def test_every_key_belongs_to_an_entry() -> None:
    """A figure with a key stands in an entry of the table that `ENTRIES` names, so that `requires` sees it."""
    listed = {figure for figures in ENTRIES.values() for figure in figures}
    assert {figure for figure in FIGURES if figure.key is not None} <= listed
