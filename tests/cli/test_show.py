"""`show` on the living example: what it says agrees with the files and with the resolver's answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from routecomp.cli.loading import load_project
from routecomp.cli.output.layout import WIDTH
from routecomp.cli.output.show_text import body_text, list_text
from routecomp.explain.inventory.barred import barred
from routecomp.explain.inventory.candidates import candidates
from routecomp.explain.inventory.kinds import KINDS, declared, describe, list_kind
from routecomp.explain.loaded import Loaded
from tests.cli.transcripts import in_process

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def example() -> Loaded:
    """The living example, compiled in memory."""
    return load_project(str(ROOT))


def test_who_may_not_use_a_model(example: Loaded) -> None:
    """What bars a tenant from a model is what makes the resolver reject a direct call, for all tenants and models."""
    program, seen = example.program, 0
    for tenant in program.tenants:
        policy = program.tenant_policy(tenant)
        for slug, entry in program.models.items():
            why = barred(program, policy, slug)
            seen += why is not None
            if entry.body.listed:
                answer = example.router.resolve(model=slug, tenant=tenant)
                assert (why is None) == (answer.status == "ok"), (tenant, slug, why)
    assert seen > 100


def test_reasons_name_the_right_filter(example: Loaded) -> None:
    """The words of a reason belong to the filter that the resolver's log says emptied the chain."""
    program = example.program
    filters = {"active": "not active", "bans": "ban", "stacks": "stack", "compliance": "compliance"}
    for tenant in program.tenants:
        for slug, entry in program.models.items():
            why = barred(program, program.tenant_policy(tenant), slug)
            if why is None or not entry.body.listed:
                continue
            log = example.router.explain(model=slug, tenant=tenant)["filters"]
            first = next(row["filter"] for row in log if not row["survivors"])
            assert filters[first] in why


def test_candidates_are_the_resolvers(example: Loaded) -> None:
    """The models a target is shown to rank are those the resolver begins with."""
    for target in example.program.targets:
        answer = example.router.explain(model=target)
        ranked = {
            slug
            for slug in answer["candidates"]
            if example.program.models[slug].body.active and example.program.models[slug].body.listed
        }
        assert set(candidates(example.program, target)) == ranked


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_fits_and_is_json(example: Loaded, kind: str) -> None:
    """Everything that is declared has a row and a page within the columns, and the same as JSON."""
    rows = list_kind(example, kind)
    assert [row[KINDS[kind]] for row in rows] == declared(example.program, kind)
    pages = [list_text(kind, rows, color=False)]
    for name in declared(example.program, kind):
        found = describe(example, kind, name, None)
        assert json.loads(json.dumps(found)) == found
        pages += [body_text(kind, found, False, verbose) for verbose in (False, True)]
    for page in pages:
        for line in page.splitlines():
            assert len(line) <= WIDTH or " " not in line.strip(), line


def test_uses_of_a_model_stand_where_they_say(example: Loaded) -> None:
    """Each use of a model names a line that holds the model's name (or, for a target, its selector)."""
    seen = 0
    for slug in example.program.models:
        for use in describe(example, "models", slug, None)["used_by"]:
            path, _, line = use["at"].rpartition(":")
            text = (ROOT / path).read_text(encoding="utf-8").splitlines()[int(line) - 1]
            assert slug in text or (use["kind"] == "target" and "candidates" in text), (slug, use, text)
            seen += 1
    assert seen > 200


def test_chains_cover_every_tenant_once(example: Loaded) -> None:
    """A feature's chains name every tenant, and requests without one, exactly once, with the resolver's chain."""
    for feature in example.program.features:
        groups = describe(example, "features", feature, None)["chains"]
        everyone = [tenant for group in groups for tenant in group["tenants"]]
        assert sorted(everyone, key=str) == sorted([None, *example.program.tenants], key=str)
        for group in groups:
            for tenant in group["tenants"]:
                answer = example.router.resolve(feature=feature, tenant=tenant)
                assert (answer.status, list(answer.chain)) == (group["status"], group["chain"])


def test_names_that_callers_send() -> None:
    """An alias, a pattern and a public model id lead to what they stand for, with or without its kind."""
    for words, kind, slug in (
        (["GPT 4o mini"], "model", "gpt-4o-mini"),
        (["model", "GPT 4o mini"], "model", "gpt-4o-mini"),
        (["openai/gpt-oss*"], "target", "open-weights"),
        (["hermelin/triage"], "experiment", "triage-three"),
    ):
        ran = in_process(["show", *words, "--json"], ROOT)
        assert ran.code == 0, ran.err
        assert json.loads(ran.out)[kind] == slug
    told = in_process(["show", "any-gpt-5"], ROOT)
    assert told.code == 2
    assert "is the logical model of `gpt-5`" in told.err
