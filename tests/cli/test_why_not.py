"""`explain --why-not` and the models that filters dropped: by name, by the figures, and for every kind of route."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from routecomp.cli.loading import load_project
from routecomp.cli.output.explain_text import explain_text
from routecomp.explain.decision import explain_decision
from routecomp.explain.loaded import Loaded
from routecomp.explain.request import count
from routecomp.explain.why_not import models_named
from tests.cli.test_explain import requests
from tests.cli.transcripts import SMALL, in_process, project

ROOT = Path(__file__).parents[2]
Json = dict[str, Any]


@cache
def loaded() -> Loaded:
    """The living example, compiled in memory."""
    return load_project(str(ROOT))


def explained(request: Json, *models: str) -> Json:
    """Return the explanation of a request to the living example."""
    return explain_decision(loaded(), request, models)


@cache
def stories() -> list[tuple[Json, Json]]:
    """A twelfth of the requests that `test_explain` asks, with an answer for every model there is."""
    every = [*loaded().program.models]
    asked = [*requests(loaded())]
    return [(request, explained(request, *every)) for request in [*asked[::12], *asked[-20:]]]


def first_number(text: str) -> Fraction:
    """Return the number that a text begins with, or holds."""
    match = re.search(r"[0-9]+(?:\.[0-9]+)?", text)
    assert match is not None, text
    return Fraction(match[0])


def test_what_is_dropped_has_less_than_is_asked_for() -> None:
    """Each model that a filter dropped is named, and its own figure is beyond what the filter asks for."""
    program, seen = loaded().program, set()
    more = [
        {"model": "auto", "input_tokens": 100_000, "max_output_tokens": 200, "max_cost_usd": Decimal("0.1")},
        {"model": "auto", "input_tokens": 900_000},
        {"model": "auto", "max_output_tokens": 5, "unavailable": ["openai", "gpt-4.1-azure-eu"]},
        {"feature": "support-chat", "capabilities": ["vision", "telepathy"], "stream": True},
    ]
    for request, story in [*stories(), *((request, explained(request)) for request in more)]:
        for step in story["filters"]:
            assert [row["model"] for row in step["dropped_for"]] == step["dropped"]
            seen |= {step["filter"]} if step["dropped"] else set()
            for row in step["dropped_for"]:
                model, has, asks = program.models[row["model"]].body, row["has"], step["asks"]
                stack = program.providers[model.provider].body.stack
                if step["filter"] in ("compliance", "quality", "context"):
                    assert first_number(has) < first_number(asks)
                elif step["filter"] in ("reasoning_floor", "cost"):
                    assert first_number(has) > first_number(asks)
                    if step["filter"] == "cost":
                        counts = {key: request.get(key) for key in ("input_tokens", "max_output_tokens")}
                        pinned = loaded().router.resolve_request({"model": row["model"], **counts})
                        assert pinned.status != "ok" or first_number(has) * 10**12 == pinned.estimated_cost_pusd
                elif step["filter"] == "stacks":
                    assert has == f"stack {stack}"
                elif step["filter"] == "capabilities":
                    assert not {*has.removeprefix("lacks ").split(", ")} & {*model.capabilities}
                elif step["filter"] == "available":
                    assert {row["model"], model.provider} & {*request["unavailable"]}
                    assert row["model"] in request["unavailable"] or model.provider in has
                else:
                    assert "banned" in has or has == f"{step['filter']} is false"
    assert seen >= {
        "active", "listed", "bans", "stacks", "compliance", "available", "capabilities", "context", "reasoning_floor",
        "quality", "cost",
    }  # fmt: skip


def test_the_verdict_is_what_happened() -> None:
    """For every model: picked, later in the chain, cut, dropped by a filter, or no candidate, as the decision says."""
    seen = set()
    for request, story in stories():
        decision = story["decision"]
        dropped = {slug for step in story["filters"] for slug in step["dropped"]}
        further = {model["model"] for model in story["further"]}
        for answer in story["why_not"]:
            slug, verdict = answer["model"], answer["verdict"]
            seen.add(verdict)
            if slug == decision["model"]:
                assert verdict == "picked"
            elif story["route"] is None:
                assert verdict == "not_asked"
            elif slug in dropped:
                assert verdict == "dropped"
                assert slug in next(
                    step["dropped"] for step in story["filters"] if step["filter"] == answer["dropped_by"]["filter"]
                )
                assert answer["dropped_by"]["has"] in answer["because"]
            elif verdict == "over_budget":
                assert request["latency_budget_ms"] is not None
                assert slug in decision["chain"] or slug in further
            elif slug in decision["chain"]:
                assert verdict == "in_chain"
                assert f"number {decision['chain'].index(slug) + 1} of" in answer["because"]
            elif slug in further:
                assert verdict == "cut"
            else:
                assert verdict in ("no_candidate", "dropped", "ranked"), answer
                assert verdict == "no_candidate" or story["rungs"]
    assert seen == {"picked", "not_asked", "dropped", "over_budget", "in_chain", "cut", "no_candidate"}


def test_what_ranks_before_does() -> None:
    """On targets, what is said to rank before a model has the better score, or the lower cost under `cheapest`."""
    compared = 0
    for _, story in stories():
        route, fields = story["route"], {row["field"]: row["value"] for row in story["policy"]["fields"]}
        if route is None or route["kind"] != "target" or story["latency"] is not None:
            continue
        for answer in story["why_not"]:
            for before in answer["before"]:
                itself, compared = answer["itself"], compared + 1
                assert before["model"] != itself["model"]
                assert (not before["preferred"], 0) <= (not itself["preferred"], 0)
                if before["preferred"] != itself["preferred"]:
                    continue
                if fields["objective"] == "cheapest":
                    assert Fraction(before["blended_cost_usd"]) <= Fraction(itself["blended_cost_usd"])
                else:
                    assert Fraction(before["score_exact"]) >= Fraction(itself["score_exact"])
                    if before is answer["before"][0] and before["score"] != itself["score"]:
                        assert before["score"] in answer["because"]
                        assert itself["score"] in answer["because"]
    assert compared > 100


def because(request: Json, model: str) -> str:
    """Return why a model is not picked, as the page says it, on one line."""
    story = explained(request, model)
    page = explain_text(story, loaded().program)
    assert f"Why not {model}" in page
    sentence: str = story["why_not"][0]["because"]
    assert sentence[:60] in " ".join(page.split())
    return sentence


def test_each_kind_of_route_has_its_reasons() -> None:
    """A pinned model, an experiment, a rung, a logical model and a feature say why a model is no candidate."""
    program = loaded().program
    active = next(e for e in program.experiments.values() if e.body.status == "active" and not e.body.archived)
    public, variants = active.body.public_model_id, active.body.variants
    models = {id: variant.versions[-1].model for id, variant in variants.items()}
    logical = next(name for name, entries in program.logical_models.items() if len(entries) > 1)
    hosts = models_named(program, logical)
    outside = next(slug for slug in program.models if slug not in hosts and slug not in models.values())
    assert because({"model": outside}, hosts[0]) == (f"the request pins `{outside}`, and no other model is considered")
    assert because({"model": logical}, outside) == f"it is no host of logical model `{logical}`"
    assert because({"model": public}, outside) == f"no variant of experiment `{active.slug}` has it"
    assigned = explained({"model": public, "unit": "user-1"})["decision"]
    other = next(id for id in models if id != assigned["variant"] and models[id] != assigned["model"])
    assert because({"model": public, "unit": "user-1"}, models[other]) == (
        f"it is the model of variant `{other}`, and this request is assigned `{assigned['variant']}` "
        f"(slot {assigned['slot']})"
    )
    rungs = because({"feature": "nobody-knows"}, outside)
    assert rungs.startswith("feature `nobody-knows` has no registry rows, so only its rungs are asked: `")
    assert because({"model": "nobody-knows"}, outside).startswith("the request names nothing that is declared")
    feature = program.features["support-chat"]
    retired = [slug for slug, row in feature.body.models.items() if row.status == "retired"]
    for slug in retired:
        assert because({"feature": "support-chat"}, slug).startswith("it is retired in feature `support-chat` (routes/")


YAML = """
models:
  free: {provider: mistral, quality: 0.70, price: {input: 0, output: 0}, latency_ms: 900, context_window: 128000}
  shadowed: {provider: mistral, quality: 0.70, price: {input: 1, output: 1}, latency_ms: 900, context_window: 128000}
features:
  alone: {models: {claude: primary, shadowed: {status: shadow, sample: 0.5}}, fallback: [mistral-large]}
"""
TENANTS = """
tenants:
  thrifty: {objective: cheapest}
  alone: {objective: cheapest, fallback_enabled: false}
  patient: {max_quality_loss: 0.50, weights: {quality: 1, latency: 0, cost: 0}}
"""


def page_of(line: list[str]) -> str:
    """Return what a command prints in a small project, on one line."""
    with project({**SMALL, "routes/more.yaml": YAML, "policies/more.yaml": TENANTS}) as root:
        ran = in_process(line, root)
        assert ran.code == 0, ran.err
        return " ".join(ran.out.split())


def test_a_feature_that_nothing_follows() -> None:
    """A shadow, and a model that a feature does not name, are no candidates of it; fallbacks may be off."""
    assert (
        "it is a shadow of feature `alone`: it is neither the primary of feature `alone` nor one of its fallbacks, and "
        "nothing follows these"
    ) in page_of(["explain", "alone", "--why-not", "shadowed"])
    assert (
        "fallback_enabled is false (policies/more.yaml:4), so only the primary of feature `alone` is tried"
        in page_of(["explain", "alone", "--tenant", "alone", "--why-not", "mistral-large"])
    )
    assert "it is number 2 of the chain: `claude` comes first, as primary" in page_of(
        ["explain", "alone", "--why-not", "mistral-large"]
    )


def test_a_latency_budget_says_so() -> None:
    """The model that would be picked without the budget is over it; what follows comes after the one picked for it."""
    line = ["explain", "auto", "--tenant", "patient", "--latency-budget-ms", "1000", "--why-not"]
    assert "its 1800 ms are over the latency budget of 1000 ms" in page_of([*line, "claude"])
    assert "it is number 3 of the chain: `free` is picked for the latency budget" in page_of([*line, "shadowed"])


def test_the_hosts_of_a_logical_model() -> None:
    """A logical model is asked about host by host."""
    program = loaded().program
    logical = next(name for name, entries in program.logical_models.items() if len(entries) > 1)
    with project({**SMALL, "routes/more.yaml": YAML.replace("{provider", "{logical_slug: both, provider")}) as root:
        ran = in_process(["explain", "auto", "--why-not", "both", "--why-not", "claude", "--json"], root)
        asked = [answer["model"] for answer in json.loads(ran.out)["why_not"]]
    assert asked == ["free", "shadowed", "claude"]
    assert models_named(program, logical) == [entry.slug for entry in program.logical_models[logical]]


def test_the_cheapest_is_said_where_it_decides_nothing() -> None:
    """`explain` of a feature and `show tenant` say what `objective: cheapest` does not change; others say nothing."""
    stand = "`objective: cheapest` does not choose the primary and the fallbacks of feature"
    follow = page_of(["explain", "support-chat", "--tenant", "thrifty"])
    assert f"{stand} `support-chat`: they stand as they are declared; it ranks the models of `then: auto`" in follow
    for tenant in ("thrifty", "alone"):
        assert f"{stand} `alone`: they stand as they are declared, and nothing else is ranked" in page_of(
            ["explain", "alone", "--tenant", tenant]
        )
    assert "`support-chat`: they stand as they are declared, and nothing else is ranked" in page_of(
        ["explain", "support-chat", "--tenant", "alone"]
    )
    for line in (["explain", "auto", "--tenant", "thrifty"], ["explain", "alone"], ["explain", "claude"]):
        assert "objective: cheapest" not in page_of(line)
    assert "note: `objective: cheapest` ranks targets, logical models" in page_of(["show", "tenant", "thrifty"])
    assert "objective: cheapest" not in page_of(["show", "tenant", "acme"])


@pytest.mark.parametrize(
    ("line", "message", "help"),
    [
        (["explain", "suport-chat"], "nothing that can be asked for is called `suport-chat`", "`support-chat`?"),
        (["explain", "mistral-larg"], "nothing that can be asked for is called `mistral-larg`", "`mistral-large`?"),
        (["explain", "xyzzy"], "nothing that can be asked for is called `xyzzy`", "routecomp show"),
        (["explain", "auto", "--why-not", "mistrl-large"], "no model and no logical model is", "`mistral-large`?"),
        (["explain", "auto", "--why-not", "auto"], "no model and no logical model is called `auto`", "show models"),
        (["explain", "auto", "--feature", "support-chat"], "`auto` and --feature both name what is asked for", ""),
        (["explain", "auto", "--model", "auto"], "`auto` and --model both name what is asked for", ""),
        (["explain", "auto", "--request", "{}"], "--request holds the whole request: put `auto` into it", ""),
    ],
)
def test_names_that_are_none(line: list[str], message: str, help: str) -> None:
    """A name that nothing has is refused with the nearest, or where to look; two names are one too many."""
    with project(SMALL) as root:
        ran = in_process(line, root)
        assert ran.code == 2
        assert message in ran.err
        assert help in ran.err
        assert ran.out == ""


def test_a_name_is_what_the_option_says() -> None:
    """`explain NAME` is `explain --feature NAME`, or `--model NAME` for what callers send as model."""
    for name, option in (("support-chat", "--feature"), ("auto", "--model"), ("claude", "--model")):
        assert page_of(["explain", name, "--tenant", "acme"]) == page_of(["explain", option, name, "--tenant", "acme"])


def test_counts_are_read_as_the_resolver_reads_them() -> None:
    """1.5 tokens are none; a whole number of any kind is what it is."""
    ignored: list[Any] = [1.5, Decimal("1.5"), -1, 10**9 + 1, True, "7", None, float("nan"), Decimal("NaN"), [], 1e300]
    assert [count(value) for value in ignored] == [None] * len(ignored)
    assert [count(value) for value in (7, 7.0, Decimal(7), Decimal("7.0"), 0, 10**9)] == [7, 7, 7, 7, 0, 10**9]
    asked = {"model": "auto", "input_tokens": Decimal("1.5"), "max_output_tokens": 300}
    steps = {step["filter"]: step["asks"] for step in explained(asked)["filters"]}
    assert steps["context"] == "300 tokens"
