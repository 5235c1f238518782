"""`explain` on the living example: the decision is the resolver's, and every number stands where it says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement, cycle
from pathlib import Path
from typing import Any
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routecomp.cli.loading import load_project
from routecomp.cli.output.explain_text import explain_text
from routecomp.cli.output.layout import WIDTH
from routecomp.explain.decision import explain_decision
from routecomp.explain.loaded import Loaded
from routecomp.runtime.resolver import ARGUMENTS
from tests.cli.transcripts import in_process

ROOT = Path(__file__).parents[2]
Json = dict[str, Any]


@cache
def load_project_once() -> Loaded:
    """The living example, compiled in memory."""
    return load_project(str(ROOT))


@pytest.fixture
def example() -> Loaded:
    """The living example."""
    return load_project_once()


def requests(loaded: Loaded) -> Iterator[Json]:
    """A third of all features by tenants, all targets by tenants with hints, and some of everything else."""
    program = loaded.program
    for row, tenant in enumerate((None, *program.tenants)):
        for feature in list(program.features)[row % 3 :: 3]:
            yield {"feature": feature, "tenant": tenant, "request_id": f"r-{tenant}", "input_tokens": 900}
        for target in program.targets:
            yield {
                "model": target,
                "tenant": tenant,
                "tools": True,
                "latency_budget_ms": 1000,
                "preference": "quality",
                "max_output_tokens": 400,
                "input_tokens": 2000,
                "max_cost_usd": 1,
            }
    for experiment in program.experiments.values():
        yield {"model": experiment.body.public_model_id, "unit": "u-1"}
    for model in program.models:
        yield {"model": model, "tenant": "nordhang-klinikum"}
    for logical in program.logical_models:
        yield {"model": logical, "stack": "eu"}
    yield {"model": "auto", "min_quality": 1}
    yield from (
        {"feature": "nobody"},
        {"model": "nobody"},
        {},
        {"feature": "nobody", "tenant": "nobody", "stack": "x"},
        {"model": "auto", "min_quality": 0.7, "unavailable": ["openai"], "capabilities": ["vision"]},
        {
            "model": "auto",
            "capabilities": 5,
            "unavailable": {"a": 1},
            "stack": 7,
            "input_tokens": "x",
            "preference": ["q"],
            "feature": 3,
            "unit": None,
            "nonsense": [1],
        },
    )


@pytest.fixture(scope="module")
def told() -> list[tuple[Json, Json]]:
    """Each of these requests, explained."""
    example = load_project_once()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HERMELIN_PREFERENCE_LIVE", "1")
        return [(request, explain_decision(example, request)) for request in requests(example)]


def test_the_decision_is_the_resolvers(
    example: Loaded, told: list[tuple[Json, Json]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is explained is what `resolve` answers."""
    monkeypatch.setenv("HERMELIN_PREFERENCE_LIVE", "1")
    for request, story in told:
        assert story["decision"] == example.router.resolve_request(request).to_dict()
    assert {"ok", "rejected_policy", "rejected_floor", "unknown_model"} <= {
        story["decision"]["status"] for _, story in told
    }


HINTS: list[Json] = [
    {"tenant": "nordhang-klinikum", "unit": "u-1", "request_id": "r-1"},
    {"preference": "cost"},
    {"min_quality": 0.99},
    {"latency_budget_ms": 1},
    {"stack": "avoid-us"},
    *({"input_tokens": tokens} for tokens in (0, 1000, 10**9)),
    {"max_output_tokens": 1},
    *({"max_cost_usd": dollars} for dollars in (0, 0.001)),
    {"stream": True, "tools": True, "capabilities": ["vision", "nothing"]},
    {"unavailable": ["openai"]},
]


def test_hints_alone_and_in_pairs(example: Loaded) -> None:
    """Each hint is explained alone and with each other one, of a feature or of a target in turn."""
    pairs = combinations_with_replacement(HINTS, 2)
    for (first, second), asked in zip(pairs, cycle([{"feature": "support-chat"}, {"model": "auto"}]), strict=False):
        request = {**asked, **first, **second}
        story = explain_decision(example, request, {next(iter(example.program.models)): None})
        assert story["decision"] == example.router.resolve_request(request).to_dict()
        assert explain_text(story, example.program, color=False, verbose=True)


def numbers(value: Any) -> Iterator[tuple[str, str]]:
    """Every (value, file:line) of a story whose value is a number or a word that stands in the file."""
    if isinstance(value, dict):
        if isinstance(value.get("at"), str) and isinstance(value.get("value"), str):
            yield value["value"], value["at"]
        for below in value.values():
            yield from numbers(below)
    elif isinstance(value, list):
        for below in value:
            yield from numbers(below)


def test_every_number_stands_at_its_place(told: list[tuple[Json, Json]]) -> None:
    """The line that a figure, a policy value or a floor names holds that very value."""
    files: dict[str, list[str]] = {}
    seen = 0
    for _, story in told:
        for value, place in numbers(story):
            path, _, line = place.partition(" ")[0].rpartition(":")
            if not path:
                continue  # `built-in …` and `default` have no place
            lines = files.setdefault(path, (ROOT / path).read_text(encoding="utf-8").splitlines())
            text = lines[int(line) - 1]
            seen += 1
            if not re.fullmatch(r"[-+]?[0-9.]+", value):
                words = [word for word in re.split(r"[ ,]+", value) if not re.fullmatch(r"[0-9.]+", word)]
                assert all(word in text or text.partition("#")[0].rstrip().endswith(":") for word in words), (
                    value,
                    place,
                    text,
                )
                continue
            there = [Fraction(one) for one in re.findall(r"[-+]?[0-9]+(?:\.[0-9]+)?", text.partition("#")[0])]
            assert Fraction(value) in there, (value, place, text)
    assert seen > 3000


def test_scores_are_exact(example: Loaded, told: list[tuple[Json, Json]]) -> None:
    """A shown score is the formula of docs/semantics.md, section 4, in fractions, of the figures shown beside it."""
    scoring = example.program.sure_scoring
    latency = Fraction(scoring.latency_ms.best), Fraction(scoring.latency_ms.worst)
    cost = Fraction(scoring.cost.best, 10**6), Fraction(scoring.cost.worst, 10**6)

    def good(value: Fraction, scale: tuple[Fraction, Fraction]) -> Fraction:
        return 1 - min(max((value - scale[0]) / (scale[1] - scale[0]), Fraction(0)), Fraction(1))

    seen = 0
    for _, story in told:
        fields = {row["field"]: row["value"] for row in story["policy"]["fields"]}
        weights = {name: Fraction(share) for name, share in (pair.split(" ") for pair in fields["weights"].split(", "))}
        for place, one in enumerate((*story["chain"], *story["further"])):
            figures = {
                figure["figure"]: Fraction(figure["value"]) for figure in one["figures"] if figure["value"] != "none"
            }
            blended = figures["price.input"] + figures["output_ratio"] * figures["price.output"]
            assert Fraction(one["blended_cost_usd"]) == blended
            if fields["objective"] == "cheapest":
                assert "score" not in one
                continue
            if place:
                blended *= 1 + Fraction(fields["fallback_cost_penalty_pct"]) / 100
            score = (
                weights["quality"] * figures["quality"]
                + weights["latency"] * good(figures["latency_ms"], latency)
                + weights["cost"] * good(blended, cost)
            )
            assert Fraction(one["score_exact"]) == score
            shown = one["score"]
            assert Fraction(shown.rstrip("…")) == score or (
                shown.endswith("…") and 0 <= score - Fraction(shown.rstrip("…")) < Fraction(1, 10**10)
            )
            assert sum(Fraction(part["product"].rstrip("…")) for part in one["score_parts"]) == pytest.approx(
                float(score), abs=1e-9
            )
            seen += 1
    assert seen > 500


def test_pages_fit_and_json_is_json(example: Loaded, told: list[tuple[Json, Json]]) -> None:
    """Every page stays within its columns (but for a single word that is longer), and every story is plain JSON."""
    for _, story in told:
        assert json.loads(json.dumps(story)) == story
        for verbose in (False, True):
            for line in explain_text(story, example.program, verbose=verbose).splitlines():
                assert len(line) <= WIDTH or " " not in line.strip(), line


def test_colour_changes_nothing_but_colour(example: Loaded, told: list[tuple[Json, Json]]) -> None:
    """Without its colours, the coloured page is the plain one."""
    for _, story in told[:40]:
        coloured = explain_text(story, example.program, color=True)
        assert "\x1b[" in coloured
        assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == explain_text(story, example.program)


def test_filters_account_for_every_candidate(told: list[tuple[Json, Json]]) -> None:
    """Candidates = survivors and everything that some filter dropped, each once."""
    for _, story in told:
        left = [slug for one in story["filters"] for slug in one["dropped"]]
        assert len(left) == len(set(left))
        if story["decision"]["status"] == "ok" and story["decision"]["route"] in ("target", "logical"):
            shown = {one["model"] for one in (*story["chain"], *story["further"])}
            assert not shown & set(left)
            assert len(shown) == story["filters"][-1]["survivors"]


TEXTS = st.text(max_size=6) | st.sampled_from(
    ["auto", "support-chat", "elbufer-bank", "quality", "eu", "avoid-eu", "\ud800", "\x1b[31m", "\u202e"]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | TEXTS
    | st.decimals(allow_nan=True)
    | st.sampled_from([Decimal("1e999999999"), Decimal("-1e-999999999"), 10**30]),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(TEXTS, below, max_size=2),
    max_leaves=4,
)


@given(request=st.dictionaries(st.sampled_from(ARGUMENTS) | st.text(max_size=5), VALUES, max_size=5))
@settings(max_examples=100, deadline=None)
def test_any_request_is_explained(request: Json) -> None:
    """Whatever stands in a request: its decision, a page without hidden characters, and JSON; never a traceback."""
    example = load_project_once()
    story = explain_decision(example, request)
    assert story["decision"] == example.router.resolve_request(request).to_dict()
    page = explain_text(story, example.program, verbose=True)
    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not [letter for line in page.split("\n") for letter in line if category(letter) in hidden], page
    json.dumps(story)


def test_who_shares_a_load_without_standing_in_the_chain(tmp_path: Path) -> None:
    """A host that the feature does not name is barred by nothing: it is not in this chain."""
    routes = tmp_path / "routes"
    routes.mkdir()
    card = (
        "provider: p, quality: 0.5, latency_ms: 9, price: {input: 1, output: 1}, context_window: 9000, logical_slug: l"
    )
    hosts = "".join(
        f"  {slug}: {{{card}, share: {share}}}\n" for slug, share in (("a", "0.2"), ("b", "0.4"), ("c", "0.4"))
    )
    (routes / "all.yaml").write_text(
        "providers:\n  p: {adapter: openai, base_url: https://p.example, api_key_env: P_KEY, stack: eu}\n"
        f"models:\n{hosts}features:\n  chat: {{models: {{a: primary}}, fallback: [b]}}\ndefaults: {{model: a}}\n"
        "scoring: {cost: {best: 0, worst: 10}, latency_ms: {best: 0, worst: 100}}\n"
    )
    asked = ["explain", "--feature", "chat", "--unit", "u1", "--unavailable", "b", "--json"]
    told = json.loads(in_process(asked, tmp_path).out)
    assert {row["model"]: row["why"] for row in told["spread"]["models"]} == {
        "a": None,
        "b": "barred",
        "c": "not in this chain",
    }
    assert told["spread"]["owner"] in ("b", "c")
    page = in_process(asked[:-1], tmp_path).out
    assert f"; {told['spread']['owner_why']}, next is a" in page
