"""Chains are those that LiteLLM's own Router walks: lists of names nearly the same, of any name, of names not there."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from routecomp.interop.imported import Conversion
from tests.interop.importing.project import fates, imported, router
from tests.interop.importing.test_litellm import config, deployment
from tests.interop.peers import environment
from tests.seeds import FRESH

ASK = environment.ROOT / "tests" / "interop" / "peers" / "ask_litellm.py"
GROUPS = (
    *("a", "b", "c", "gpt-4o", "gpt-4.1", "openai/gpt-4.1", "deepseek-chat", "openai/x/y"),
    *("claude-sonnet-4-5", "anthropic/claude-sonnet-4-5"),
)
OTHERS = ("ghost", "ghost2", "al", "*", "y", "x/y", "openai/gpt-4o", "deepseek/deepseek-chat")
"""Names that stand in lists of fallbacks only."""
Document = dict[str, Any]

WALKS = {
    ("a: [b]", "'*': [c]"): {"a": "ab", "b": "bc", "c": "c"},
    ("a: [b, c]", "'*': [d]", "c: [e]"): {"a": "abce", "b": "bd"},
    ("a: [b]", "a: [c]"): {"a": "ab"},
    ("'*': [c]", "'*': [d]"): {"a": "ad", "c": "cd"},
    ("a: [ghost]", "ghost: [b]"): {"a": "ab"},
    ("a: [ghost, c]", "'*': [d]"): {"a": "adc"},
}
"""Lists of fallbacks, and the chains of some names, as the real Router walked them."""


def chain(made: Conversion, name: str) -> list[str]:
    """Return the names upstream that are tried for a name."""
    upstream = {model.slug: model.upstream for model in made.project.models}
    return [upstream[slug] for slug in router(made).resolve(model=name).chain]


def document(*lists: str, more: str = "") -> str:
    """Return a file of five models with these lists."""
    settings = f"router_settings:\n  fallbacks: [{', '.join(f'{{{each}}}' for each in lists)}]\n{more}"
    return config(*(deployment(name, f"openai/{name}") for name in "abcde"), more=settings)


@pytest.mark.parametrize("lists", WALKS)
def test_lists_are_walked_as_the_router_walks_them(tmp_path: Path, lists: tuple[str, ...]) -> None:
    made = imported(tmp_path, document(*lists))
    assert {name: "".join(chain(made, name)) for name in WALKS[lists]} == WALKS[lists]


@pytest.mark.parametrize(("most", "walk"), [(0, "a"), (1, "ab"), (2, "abc")])
def test_max_fallbacks_says_how_deep_chains_go(tmp_path: Path, most: int, walk: str) -> None:
    made = imported(tmp_path, document("a: [b]", "b: [c]", "c: [d]", more=f"  max_fallbacks: {most}\n"))
    assert "".join(chain(made, "a")) == walk
    assert fates(made)["router_settings.max_fallbacks"] == "mapped"


def test_a_list_counts_for_a_name_with_the_provider_before_it_or_without(tmp_path: Path) -> None:
    entries = (deployment(name, f"openai/m{place}") for place, name in enumerate(("openai/gpt-4.1", "gpt-4o", "b")))
    more = "router_settings:\n  fallbacks: [{gpt-4.1: [b]}, {openai/gpt-4o: [b]}, {azure/gpt-4o: [gpt-4o]}]\n"
    made = imported(tmp_path, config(*entries, more=more))
    assert chain(made, "openai/gpt-4.1") == ["m0", "m2"]
    assert chain(made, "gpt-4o") == ["m1", "m2"]
    told = fates(made)
    assert told["router_settings.fallbacks[0].gpt-4.1[0]"] == "mapped"
    assert told["router_settings.fallbacks[2].azure/gpt-4o[0]"] == "left-out"


def test_a_list_for_names_that_a_pattern_lets_through_is_lost(tmp_path: Path) -> None:
    more = "router_settings:\n  fallbacks: [{own: [b]}]\n"
    text = config(deployment("openai/*", "openai/*"), deployment("b", "openai/b"), more=more)
    assert "router_settings.fallbacks[0].own[0]" in {field.key for field in imported(tmp_path, text).report.lost}
    assert chain(imported(tmp_path, text, calls=("openai/own",)), "openai/own") == ["own", "b"]


def test_a_name_fits_the_pattern_of_its_provider(tmp_path: Path) -> None:
    more = "router_settings:\n  fallbacks: [{b: [gpt-4.1, claude-sonnet-4-5, unheard-of]}]\n"
    text = config(
        *(deployment(f"{kind}/*", f"{kind}/*") for kind in ("openai", "anthropic")),
        deployment("b", "openai/b"),
        more=more,
    )
    made = imported(tmp_path, text)
    assert chain(made, "b") == ["b", "gpt-4.1", "claude-sonnet-4-5"]
    assert chain(imported(tmp_path, text, calls=("gpt-4o",)), "gpt-4o") == ["gpt-4o"]


def test_no_slug_takes_a_name_that_a_pattern_serves_elsewhere(tmp_path: Path) -> None:
    more = "router_settings:\n  fallbacks: [{b: [anthropic/claude-x]}]\n"
    patterns = (deployment("anthropic/*", "anthropic/*"), deployment("claude-*", "openai/*"))
    made = imported(tmp_path, config(*patterns, deployment("b", "openai/b"), more=more))
    assert chain(made, "b") == ["b", "claude-x"]
    assert router(made).resolve(model="claude-x").status != "ok"


def test_a_slug_stays_where_the_same_pattern_answers_it(tmp_path: Path) -> None:
    fixed = config(deployment("claude-*", "anthropic/claude-x"))
    assert [model.slug for model in imported(tmp_path, fixed).project.models] == ["claude-x"]


def test_a_name_not_there_is_answered_by_a_default_that_is_a_group(tmp_path: Path) -> None:
    models = (deployment("gpt-*", "openai/fixed"), deployment("a", "openai/a"), deployment("b", "openai/b"))
    lists = "router_settings:\n  fallbacks: [{a: [ghost]}, {'*': [DEFAULT]}]\n"
    chains = {
        name: chain(imported(tmp_path, config(*models, more=lists.replace("DEFAULT", name))), "a")
        for name in ("b", "gpt-9")
    }
    assert chains == {"b": ["a", "b"], "gpt-9": ["a"]}


@pytest.mark.hard
@environment.NEEDED
def test_chains_of_drawn_files_are_those_of_the_router(tmp_path: Path) -> None:
    draw = random.Random(FRESH)
    drawn = [drawn_file(draw) for _ in range(80)]
    asked: list[dict[str, Any]] = []
    for place, each in enumerate(drawn):
        path = tmp_path / f"{place}.yaml"
        path.write_text(yaml.safe_dump(each, sort_keys=False), encoding="utf-8")
        names = [entry["model_name"] for entry in each["model_list"]] + list(
            each["router_settings"]["model_group_alias"]
        )
        asked.append({"file": str(path), "loaded": False, "jobs": [[name, True] for name in names]})
    wrong = []
    for each, question, answers in zip(drawn, asked, environment.run(ASK, {"asked": asked}), strict=True):
        table = router(imported(tmp_path, yaml.safe_dump(each, sort_keys=False)))
        for (name, _), answer in zip(question["jobs"], answers, strict=True):
            tried = list(dict.fromkeys(call["model"] for call in answer["tried"]))
            if tried != list(table.resolve(model=name).chain):
                wrong.append((each["router_settings"], name, tried))
    assert wrong == []


def drawn_file(draw: random.Random) -> Document:
    """Draw groups of one model each, and lists of fallbacks among them and among names that are not there."""
    groups = draw.sample(GROUPS, draw.randint(3, 7))
    keys = draw.choices((*groups, *OTHERS), k=draw.randint(1, 6))
    lists = [{key: draw.sample([*groups, *OTHERS[:3]], draw.randint(1, 3))} for key in keys]
    settings: Document = {"num_retries": 0, "fallbacks": lists, "model_group_alias": {}}
    if draw.random() < 0.3:
        settings["default_fallbacks"] = draw.sample(groups, draw.randint(1, 2))
    if draw.random() < 0.3:
        settings["max_fallbacks"] = draw.randint(1, 4)
    if draw.random() < 0.3:
        settings["model_group_alias"] = {"al": draw.choice(groups)}
    entries = [
        {
            "model_name": name,
            "litellm_params": {"model": f"openai/m{place}", "api_key": "os.environ/A_KEY"},
            "model_info": {"routecomp": {"slug": f"m{place}"}},
        }
        for place, name in enumerate(groups)
    ]
    return {"model_list": entries, "router_settings": settings}
