"""Test that every field is read: change each field of the model, and some output must change.

The project below declares every field there is. For every field of every body (found from the model, so a new
field without an entry here fails) one value is changed that still compiles; the table or the fallback file must
differ. The short list at the end holds the fields that describe and decide nothing.
"""

from __future__ import annotations

import copy
import json
import typing
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from routecomp.checker import Options, check
from routecomp.compiler import compile
from routecomp.model.part import Part
from routecomp.model.route import Candidates, Row
from routecomp.model.sections import SECTIONS
from routecomp.sql.diff import Update, change
from routecomp.sql.state import DatabaseState, database_state

Path = tuple[str, ...]

PROJECT: dict[str, Any] = {
    "providers": {
        "alpha": {
            "adapter": "openai",
            "base_url": "https://alpha.example",
            "chat_path": "/v1/chat",
            "api_key_env": "ALPHA_KEY",
            "stack": "us",
            "params": {"service_tier": "auto"},
            "timeouts": {"connect_ms": 5000, "first_token_ms": 30000, "total_ms": 120000},
            "limits": {"rpm": 4000, "tpm": 400000, "parallel": 64},
            "description": "d",
            "owner": "o",
        },
        "signed": {
            "adapter": "bedrock",
            "auth": "sigv4",
            "base_url": "https://proxy.example",
            "region": "eu-central-1",
            "stack": "us",
        },
        "beta": {
            "adapter": "openai",
            "api_key_env": "BETA_KEY",
            "base_url": "https://beta.example",
            "chat_path": "/v1/chat",
            "stack": "eu",
        },
        "idle": {
            "adapter": "openai",
            "api_key_env": "IDLE_KEY",
            "base_url": "https://idle.example",
            "chat_path": "/v1/chat",
            "stack": "us",
        },
    },
    "models": {
        "good": {
            "provider": "alpha",
            "provider_model_name": "good-1",
            "logical_slug": "any-good",
            "quality": 0.9,
            "price": {"input": 5, "output": 20},
            "output_ratio": 0.5,
            "latency_ms": 2000,
            "context_window": 200000,
            "min_output_tokens": 0,
            "max_output_tokens": 32000,
            "params": {"reasoning_effort": "high"},
            "api_key_env": "GOOD_KEY",
            "limits": {"rpm": 500, "tpm": 50000, "parallel": 8},
            "timeouts": {"connect_ms": 500, "first_token_ms": 3000, "total_ms": 60000},
            "sunset": "2028-03-31",
            "successor": "fair",
            "compliance": 0.9,
            "capabilities": ["streaming"],
            "active": True,
            "listed": True,
            "description": "d",
            "owner": "o",
        },
        "fair": {
            "provider": "beta",
            "quality": 0.7,
            "price": {"input": 1, "output": 4},
            "latency_ms": 900,
            "context_window": 128000,
        },
        "poor": {
            "provider": "beta",
            "quality": 0.4,
            "price": {"input": 0.1, "output": 0.4},
            "latency_ms": 300,
            "context_window": 32000,
        },
        "spare": {
            "provider": "alpha",
            "quality": 0.86,
            "price": {"input": 2, "output": 9},
            "latency_ms": 1500,
            "context_window": 64000,
        },
    },
    "features": {
        "chat": {
            "models": {
                "good": "primary",
                "fair": {"status": "shadow", "sample": 0.05, "max_daily_usd": 20},
                "poor": "retired",
            },
            "fallback": ["fair"],
            "then": "auto",
            "min_quality": 0.5,
            "aliases": ["chat/a"],
            "description": "d",
            "owner": "o",
        }
    },
    "targets": {
        "auto": {
            "aliases": ["router/auto"],
            "candidates": {"models": ["good", "fair", "poor"]},
            "min_quality": 0.3,
            "description": "d",
            "owner": "o",
        },
        "regional": {"candidates": {"stacks": ["us"]}},
        "hosts": {"candidates": {"logical": "any-good"}},
    },
    "defaults": {
        "routes": {"draft": "fair"},
        "model": "good",
        "policy": {},
        "unknown_tenant": "default",
        "description": "d",
        "owner": "o",
    },
    "scoring": {
        "cost": {"best": 0, "worst": 30},
        "latency_ms": {"best": 0, "worst": 4000},
        "description": "d",
        "owner": "o",
    },
    "resilience": {
        "failures": 5,
        "window_s": 60,
        "cooloff_s": 60,
        "max_attempts": 5,
        "retries": 1,
        "description": "d",
        "owner": "o",
    },
    "presets": {"balanced": {"description": "d", "owner": "o"}},
    "tenants": {
        "acme": {
            "preset": "balanced",
            "budget": {"daily_usd": 50, "monthly_usd": 900},
            "description": "d",
            "owner": "o",
        }
    },
    "preferences": {
        "default": "balanced",
        "floors": {"good": 0.5, "frontier": 0.85},
        "dial": {"quality": 0.1, "balanced": 0, "cost": -0.1},
        "clamp": ["good", "frontier"],
        "gate_env": "GATE",
        "description": "d",
        "owner": "o",
    },
    "experiments": {
        "trial": {
            "public_model_id": "preview/x",
            "status": "paused",
            "archived": False,
            "salt": "s",
            "on_pause": "reject",
            "description": "d",
            "owner": "o",
            "variants": {
                "a": {
                    "label": "A",
                    "weight": 0.5,
                    "slots": [[0, 4999]],
                    "versions": [{"version": 1, "model": "good", "api_key_env": "K_KEY"}],
                },
                "b": {
                    "label": "B",
                    "weight": 0.5,
                    "slots": [[5000, 9999]],
                    "versions": [{"version": 1, "model": "fair"}],
                },
            },
        },
        "done": {
            "public_model_id": "preview/y",
            "status": "completed",
            "winner": "a",
            "variants": {"a": {"weight": 1, "versions": [{"version": 1, "model": "good"}]}},
        },
    },
}
POLICY: dict[Path, object] = {
    ("objective",): "cheapest",
    ("weights",): {"quality": 0, "latency": 0, "cost": 1},
    ("min_quality",): 0.6,
    ("weights", "quality"): {"quality": 1, "latency": 0, "cost": 0},
    ("weights", "latency"): {"quality": 0, "latency": 1, "cost": 0},
    ("weights", "cost"): {"quality": 0, "latency": 0, "cost": 1},
    ("fallback_enabled",): False,
    ("fallback_cost_penalty_pct",): 100,
    ("compliance_veto_threshold",): 0.8,
    ("max_quality_loss",): 0.2,
    ("banned_providers",): ["beta"],
    ("banned_models",): ["fair"],
    ("preferred_providers",): ["beta"],
    ("stacks",): ["us"],
}
# Fields that say what things are and decide nothing: reports show them, and the database keeps them (below).
DESCRIPTIVE = {"description", "owner", "label"}

# What a body was called: salts, rules of change, the ledger and migrations read it, each where something has that name.
FORMER = {"was"}

# Fields that allow what a check would refuse, and decide nothing: the database keeps them.
CONSENTING = {"allow_http"}

# (section, path within the body): (the body it is changed in, the path written there, its new value)
CHANGES: dict[tuple[str, Path], tuple[str, Path, object]] = {
    **{("tenants", path): ("acme", path[:1], value) for path, value in POLICY.items()},
    **{("presets", path): ("balanced", path[:1], value) for path, value in POLICY.items()},
    **{("defaults", ("policy", *path)): ("", ("policy", *path[:1]), value) for path, value in POLICY.items()},
    ("tenants", ("preset",)): ("acme", ("preset",), "strict_no_fallback"),
    ("defaults", ("policy", "preset")): ("", ("policy", "preset"), "strict_no_fallback"),
    ("defaults", ("policy",)): ("", ("policy",), {"min_quality": 0.7}),
    ("defaults", ("routes",)): ("", ("routes",), {"draft": "good"}),
    ("defaults", ("model",)): ("", ("model",), "fair"),
    ("defaults", ("unknown_tenant",)): ("", ("unknown_tenant",), "reject"),
    ("providers", ("adapter",)): ("alpha", ("adapter",), "anthropic"),
    ("providers", ("base_url",)): ("alpha", ("base_url",), "https://other.example"),
    ("providers", ("chat_path",)): ("alpha", ("chat_path",), "/v2/chat"),
    ("providers", ("stream_path",)): ("alpha", ("stream_path",), "/v1/stream"),
    ("providers", ("query",)): ("alpha", ("query",), {"a": "1"}),
    ("providers", ("headers",)): ("alpha", ("headers",), {"x-a": "1"}),
    ("providers", ("secret_headers",)): ("alpha", ("secret_headers",), {"x-a": "A_TOKEN"}),
    ("providers", ("auth",)): ("alpha", ("auth",), "x-api-key"),
    ("providers", ("region",)): ("signed", ("region",), "eu-north-1"),
    ("providers", ("allow_http",)): ("beta", ("allow_http",), True),
    ("providers", ("api_key_env",)): ("alpha", ("api_key_env",), "OTHER_KEY"),
    ("providers", ("stack",)): ("alpha", ("stack",), "eu"),
    ("models", ("provider",)): ("good", ("provider",), "beta"),
    ("models", ("provider_model_name",)): ("good", ("provider_model_name",), "good-2"),
    ("models", ("logical_slug",)): ("fair", ("logical_slug",), "any-good"),
    ("models", ("share",)): ("good", ("share",), 1),
    ("models", ("quality",)): ("good", ("quality",), 0.95),
    ("models", ("price",)): ("good", ("price",), {"input": 6, "output": 20}),
    ("models", ("price", "input")): ("good", ("price", "input"), 6),
    ("models", ("price", "output")): ("good", ("price", "output"), 21),
    ("models", ("output_ratio",)): ("good", ("output_ratio",), 0.75),
    ("models", ("latency_ms",)): ("good", ("latency_ms",), 2001),
    ("models", ("context_window",)): ("good", ("context_window",), 200001),
    ("models", ("min_output_tokens",)): ("good", ("min_output_tokens",), 16),
    ("models", ("max_output_tokens",)): ("good", ("max_output_tokens",), 32001),
    ("models", ("params",)): ("good", ("params",), {"reasoning_effort": "low"}),
    ("models", ("api_key_env",)): ("good", ("api_key_env",), "BETTER_KEY"),
    **{
        (section, (part, *key)): (slug, (part, *key), 777 if key else {keys[0]: 9})
        for section, slug in (("providers", "alpha"), ("models", "good"))
        for part, keys in (
            ("limits", ("rpm", "tpm", "parallel")),
            ("timeouts", ("connect_ms", "first_token_ms", "total_ms")),
        )
        for key in ((), *((key,) for key in keys))
    },
    ("providers", ("params",)): ("alpha", ("params",), {"service_tier": "flex"}),
    ("tenants", ("budget",)): ("acme", ("budget",), {"daily_usd": 51}),
    ("tenants", ("budget", "daily_usd")): ("acme", ("budget", "daily_usd"), 51.5),
    ("tenants", ("budget", "monthly_usd")): ("acme", ("budget", "monthly_usd"), 901),
    ("resilience", ("retries",)): ("", ("retries",), 2),
    ("models", ("sunset",)): ("good", ("sunset",), "2028-04-01"),
    ("models", ("successor",)): ("good", ("successor",), "spare"),
    ("models", ("compliance",)): ("good", ("compliance",), 0.95),
    ("models", ("capabilities",)): ("good", ("capabilities",), ["streaming", "tools"]),
    ("models", ("active",)): ("poor", ("active",), False),
    ("models", ("listed",)): ("poor", ("listed",), False),
    ("features", ("models",)): ("chat", ("models",), {"good": "primary"}),
    ("features", ("models", "status")): ("chat", ("models", "poor"), "shadow"),
    ("features", ("models", "sample")): ("chat", ("models", "fair", "sample"), 0.06),
    ("features", ("models", "max_daily_usd")): ("chat", ("models", "fair", "max_daily_usd"), 21),
    ("models", ("aliases",)): ("poor", ("aliases",), ["Poor 1:x"]),
    ("features", ("aliases",)): ("chat", ("aliases",), ["chat/b"]),
    ("features", ("fallback",)): ("chat", ("fallback",), []),
    ("features", ("then",)): ("chat", ("then",), "regional"),
    ("features", ("min_quality",)): ("chat", ("min_quality",), 0.6),
    ("targets", ("aliases",)): ("auto", ("aliases",), ["router/best"]),
    ("targets", ("candidates",)): ("auto", ("candidates",), "all"),
    ("targets", ("candidates", "models")): ("auto", ("candidates", "models"), ["good", "fair"]),
    ("targets", ("candidates", "stacks")): ("regional", ("candidates", "stacks"), ["us", "eu"]),
    ("targets", ("candidates", "logical")): ("hosts", ("candidates",), {"models": ["good"]}),
    ("targets", ("min_quality",)): ("auto", ("min_quality",), 0.35),
    ("scoring", ("cost",)): ("", ("cost",), {"best": 14, "worst": 15}),
    ("scoring", ("cost", "best")): ("", ("cost", "best"), 14),
    ("scoring", ("cost", "worst")): ("", ("cost", "worst"), 4),
    ("scoring", ("latency_ms",)): ("", ("latency_ms",), {"best": 1999, "worst": 2000}),
    ("scoring", ("latency_ms", "best")): ("", ("latency_ms", "best"), 1900),
    ("scoring", ("latency_ms", "worst")): ("", ("latency_ms", "worst"), 400),
    ("resilience", ("failures",)): ("", ("failures",), 6),
    ("resilience", ("window_s",)): ("", ("window_s",), 61),
    ("resilience", ("cooloff_s",)): ("", ("cooloff_s",), 61),
    ("resilience", ("max_attempts",)): ("", ("max_attempts",), 4),
    ("preferences", ("default",)): ("", (), {"default": "cost", "dial": {"quality": 0.1, "balanced": 0.05, "cost": 0}}),
    ("preferences", ("floors",)): ("", ("floors",), {"good": 0.55, "frontier": 0.85}),
    ("preferences", ("dial",)): ("", ("dial",), {"quality": 0.2, "balanced": 0, "cost": -0.1}),
    ("preferences", ("dial", "quality")): ("", ("dial", "quality"), 0.2),
    ("preferences", ("dial", "balanced")): (
        "",
        (),
        {"default": "cost", "dial": {"quality": 0.1, "balanced": 0.02, "cost": 0}},
    ),
    ("preferences", ("dial", "cost")): ("", ("dial", "cost"), -0.2),
    ("preferences", ("clamp",)): ("", ("clamp",), ["good", "good"]),
    ("preferences", ("gate_env",)): ("", ("gate_env",), "OTHER_GATE"),
    ("experiments", ("public_model_id",)): ("trial", ("public_model_id",), "preview/z"),
    ("experiments", ("status",)): ("trial", ("status",), "active"),
    ("experiments", ("archived",)): ("trial", ("archived",), True),
    ("experiments", ("salt",)): ("trial", ("salt",), "t"),
    ("experiments", ("on_pause",)): ("trial", ("on_pause",), "control"),
    ("experiments", ("on_unavailable",)): ("trial", ("on_unavailable",), "control"),
    ("experiments", ("winner",)): (
        "done",
        (),
        {
            "winner": "b",
            "variants": {
                "a": {"weight": 0.5, "versions": [{"version": 1, "model": "good"}]},
                "b": {"weight": 0.5, "versions": [{"version": 1, "model": "good"}]},
            },
        },
    ),
    ("experiments", ("variants",)): (
        "done",
        ("variants",),
        {"a": {"weight": 1, "versions": [{"version": 1, "model": "fair"}]}},
    ),
    ("experiments", ("variants", "weight")): (
        "trial",
        (),
        {
            "variants": {
                "a": {"weight": 0.4, "versions": [{"version": 1, "model": "good"}]},
                "b": {"weight": 0.6, "versions": [{"version": 1, "model": "fair"}]},
            }
        },
    ),
    ("experiments", ("variants", "slots")): (
        "trial",
        (),
        {
            "variants": {
                "a": {"weight": 0.5, "slots": [[5000, 9999]], "versions": [{"version": 1, "model": "good"}]},
                "b": {"weight": 0.5, "slots": [[0, 4999]], "versions": [{"version": 1, "model": "fair"}]},
            }
        },
    ),
    ("experiments", ("variants", "versions")): (
        "trial",
        ("variants", "b", "versions"),
        [{"version": 1, "model": "fair"}, {"version": 2, "model": "good"}],
    ),
    ("experiments", ("variants", "versions", "version")): (
        "trial",
        ("variants", "b", "versions"),
        [{"version": 1, "model": "fair"}, {"version": 2, "model": "fair"}],
    ),
    ("experiments", ("variants", "versions", "model")): (
        "trial",
        ("variants", "b", "versions"),
        [{"version": 1, "model": "spare"}],
    ),
    ("experiments", ("variants", "versions", "api_key_env")): (
        "trial",
        ("variants", "b", "versions"),
        [{"version": 1, "model": "fair", "api_key_env": "K2_KEY"}],
    ),
}


def fields(body: type[Part], path: Path = ()) -> Iterator[Path]:
    """The path of every field of a body, and of the parts within it (map keys and list places left out)."""
    for name, info in body.fields.items():
        if info.hidden:
            continue
        yield (*path, name)
        for part in parts(info.annotation):
            yield from fields(part, (*path, name))


def parts(annotation: object) -> set[type[Part]]:
    """Every part of the model within a field's type."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return {annotation}
    return {part for inner in typing.get_args(annotation) for part in parts(inner)}


# Sections that are one body, not bodies by their names.
SINGLES = {"defaults", "scoring", "resilience", "preferences"}
# Sections that decide nothing: tests/expectations/test_fields.py and tests/review/analysis/test_claims.py see that each
# of their fields is read.
ASKING = {"expectations", "claims"}
EVERY_FIELD = [
    (name, path) for name, section in SECTIONS.items() if name not in ASKING for path in fields(section.body)
]


def written(project: dict[str, Any]) -> dict[str, bytes]:
    """A project's files."""
    return {
        f"{section.folder}/{name}.yaml": json.dumps({name: project[name]}).encode()
        for name, section in SECTIONS.items()
        if name not in ASKING
    }


def built(project: dict[str, Any]) -> tuple[bytes, bytes]:
    """The two files a project compiles to."""
    compilation = compile(written(project), Options(today=date(2026, 11, 20)))
    result = [f"{item.span}: {item.rule} {item.message}" for item in compilation.checked.diagnostics]
    assert compilation.table is not None, result
    return compilation.table.data, compilation.table.fallback_data


def changed(name: str, path: Path) -> dict[str, Any]:
    """The project with one field changed as CHANGES says."""
    slug, where, value = CHANGES[name, path]
    project = copy.deepcopy(PROJECT)
    body = project[name][slug] if slug else project[name]
    if not where:
        assert isinstance(value, dict)
        body.update(value)
        return project
    for step in where[:-1]:
        body = body[step]
    body[where[-1]] = value
    return project


@pytest.mark.parametrize(
    ("name", "path"), EVERY_FIELD, ids=lambda item: item if isinstance(item, str) else ".".join(item)
)
def test_a_changed_field_changes_an_output(name: str, path: Path) -> None:
    """Changing one field, and nothing else, changes the table or the fallback file, or it only describes."""
    if path[-1] in DESCRIPTIVE | FORMER:
        assert (name, path) not in CHANGES
        return
    assert (name, path) in CHANGES, "a new field: say here how to change it"
    if path[-1] in CONSENTING:
        return
    assert built(changed(name, path)) != built(PROJECT)


@pytest.mark.parametrize(("name", "path"), CHANGES, ids=lambda item: item if isinstance(item, str) else ".".join(item))
def test_a_changed_field_changes_the_database(name: str, path: Path) -> None:
    """Changing one field changes the rows of the database, which hold all that the YAML declares."""
    assert change(rows(PROJECT), rows(changed(name, path))).edits, f"no row says anything of {'.'.join(path)}"


@pytest.mark.parametrize(
    ("name", "path"),
    [item for item in EVERY_FIELD if item[1][-1] in DESCRIPTIVE],
    ids=lambda item: item if isinstance(item, str) else ".".join(item),
)
def test_a_changed_description_changes_the_database(name: str, path: Path) -> None:
    """A field that only describes reaches the database: changed, it is a migration with the new text, and no more."""
    project = copy.deepcopy(PROJECT)
    body = project[name] if name in SINGLES else next(iter(project[name].values()))
    for step in path[:-1]:
        body = body[step]
        body = next(iter(body.values())) if step in ("variants", "models") else body
    assert path[-1] in body, "the project declares every field: say it there"
    body[path[-1]] = "quite another text"
    result = change(rows(PROJECT), rows(project)).edits
    assert [edit.new for edit in result if isinstance(edit, Update)] == [{path[-1]: "quite another text"}] * len(result)
    assert len(result) == 1


def rows(project: dict[str, Any]) -> DatabaseState:
    """The rows a database holds of a project."""
    program = check(written(project), Options(today=date(2026, 11, 20))).program
    assert program is not None
    return database_state(program)


def test_no_change_is_listed_for_a_field_that_is_gone() -> None:
    """CHANGES names fields that exist."""
    assert set(CHANGES) <= set(EVERY_FIELD)


def test_the_walk_reaches_the_parts_of_the_model() -> None:
    """The walk over the model finds nested parts (else the test above would prove little)."""
    assert parts(Row) == {Row}
    assert ("targets", ("candidates", "logical")) in EVERY_FIELD
    assert ("experiments", ("variants", "versions", "api_key_env")) in EVERY_FIELD
    assert not [item for item in fields(Candidates) if item == ("all",)]
