"""Whatever stands under a section: a body or located findings, never an exception; and fixes never spoil a file."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routecomp.model.sections import SECTIONS
from tests.check.project import checked, fixed, project

WORDS = [
    *(
        "",
        "~",
        "null",
        "0",
        "1",
        "-1",
        "0.5",
        "1e3",
        "'0.5'",
        "true",
        "no",
        "'true'",
        "good",
        "fair",
        "alpha",
        "us",
        "primary",
        "shadow",
        "active",
        "completed",
        "cheapest",
        "cheepest",
        "all",
        "balanced",
        "NOT A SLUG",
        "é",
        "'{x}'",
        "https://a.example/v1",
        "/v1",
        "'a:b'",
        "x/y",
    ),
]
KEYS = sorted(
    {name for section in SECTIONS.values() for name in section.body.fields}
    | {
        "input",
        "output",
        "status",
        "sample",
        "max_daily_usd",
        "weight",
        "label",
        "slots",
        "version",
        "latency",
        "cost",
        "best",
        "worst",
        "floors",
        "good",
        "all",
        "[key]",
        "gpt",
        "qualty",
        "fair",
        "a",
        "b",
        "~",
        "NOT A SLUG",
        "0",
    }
)
VALUES = st.recursive(
    st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=12,
)


def yaml(value: Any) -> str:
    """Flow YAML of a value; words stand as they are."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {yaml(one)}" for key, one in value.items()) + "}"
    return "[" + ", ".join(map(yaml, value)) + "]" if isinstance(value, list) else str(value)


def block(value: Any, indent: int = 0) -> str:
    """Block YAML of a value, on the lines below its key."""
    if isinstance(value, dict) and value:
        return "".join(f"\n{' ' * indent}{json.dumps(key)}:{block(one, indent + 2)}" for key, one in value.items())
    return " " + yaml(value)


def located(files: dict[str, bytes]) -> None:
    """Every finding has words, and a place in one of the files unless a whole section is missing."""
    result = checked(files)
    for one in result.diagnostics:
        assert one.message
        assert one.help
        assert one.span is not None or one.rule == "RC205"
        if one.span is not None:
            assert 0 <= one.span.start <= one.span.end <= len(one.span.file.text)
            shown, written = one.span.file.text, files[one.span.path].decode()
            assert len(shown) == len(written)  # what stands in the place of a secret is starred
            assert all(letter in (true, "*") for letter, true in zip(shown, written, strict=True))
    assert (result.program is None) == any(one.severity == "error" for one in result.diagnostics)


WEIGHTS = {"quality": "0.4", "latency": "0.3", "cost": "0.3"}
VALID: dict[str, Any] = {
    "providers": {
        "adapter": "openai",
        "base_url": "https://a.example",
        "chat_path": "/v1",
        "stack": "us",
        "api_key_env": "A_KEY",
        "description": "text",
    },
    "models": {
        "provider": "alpha",
        "quality": "0.5",
        "price": {"input": "1", "output": "2"},
        "latency_ms": "5",
        "context_window": "9",
        "capabilities": ["tools", "vision"],
        "logical_slug": "any",
        "active": "true",
    },
    "features": {
        "models": {"good": "primary", "fair": {"status": "shadow", "sample": "0.5", "max_daily_usd": "2"}},
        "fallback": ["poor", "fair"],
        "then": "auto",
        "min_quality": "0.5",
    },
    "targets": {"candidates": {"models": ["good", "fair"]}, "aliases": ["x/y", "z"], "min_quality": "0.5"},
    "defaults": {"model": "fair", "routes": {"a": "good"}, "policy": {"preset": "balanced", "weights": WEIGHTS}},
    "scoring": {"cost": {"best": "0", "worst": "1"}, "latency_ms": {"best": "0", "worst": "1"}},
    "resilience": {"failures": "1", "window_s": "2", "cooloff_s": "3", "max_attempts": "4"},
    "presets": {"weights": WEIGHTS, "stacks": ["us", "eu"], "banned_models": ["good"], "objective": "cheapest"},
    "tenants": {
        "preset": "cost_first",
        "weights": WEIGHTS,
        "banned_providers": ["alpha"],
        "min_quality": "0.5",
        "fallback_enabled": "true",
        "objective": "cheapest",
    },
    "preferences": {
        "default": "balanced",
        "floors": {"good": "0.5", "frontier": "0.8", "spare": "0.6"},
        "dial": {"quality": "0.1", "balanced": "0", "cost": "-0.1"},
        "clamp": ["good", "frontier"],
    },
    "expectations": {
        "for": {"tenant": ["t"], "feature": ["a", "f"], "input_tokens": ["7", "8"], "unavailable": [["alpha"], []]},
        "request": {"min_quality": "0.5", "stream": "true", "stack": "avoid-us", "unit": "u"},
        "undeclared": ["t"],
        "expect": {"status": "ok", "chain": ["good", "fair"], "reasons": ["alias"]},
        "rows": [{"where": {"feature": "a"}, "expect": {"model": "good", "slot": "7"}}],
    },
    "claims": {
        "tenants": ["t"],
        "features": ["a"],
        "never_reaches": {"stacks": ["us"], "providers": ["alpha"], "models": ["fair"], "by": "pick"},
    },
    "experiments": {
        "public_model_id": "x/y",
        "status": "active",
        "variants": {
            "a": {"weight": "0.5", "versions": [{"version": "1", "model": "good"}], "slots": [["0", "4999"]]},
            "b": {"weight": "0.5", "versions": [{"version": "1", "model": "fair"}], "slots": [["5000", "9999"]]},
        },
    },
}
"""A body of each section with most of its keys, as the text of its values."""


@st.composite
def bodies(draw: st.DrawFn, name: str) -> Any:
    """A valid body with some places changed, removed, renamed or added to; now and then anything at all."""
    if draw(st.integers(0, 9)) == 7:
        return draw(VALUES)
    body = json.loads(json.dumps(VALID[name]))
    for _ in range(draw(st.integers(0, 3))):
        parent, step = draw(st.sampled_from(places(body)))
        match draw(st.sampled_from(["change", "change", "remove", "rename", "add"])):
            case "change":
                parent[step] = draw(VALUES)
            case "remove":
                del parent[step]
            case "rename" if isinstance(parent, dict):
                other = draw(st.sampled_from([str(step) + "s", str(step).upper(), str(step)[1:], *KEYS]))
                parent[other] = parent.pop(step)
            case "add" if isinstance(parent, dict):
                parent[draw(st.sampled_from(KEYS))] = draw(VALUES)
            case _:
                parent.append(draw(VALUES)) if isinstance(parent, list) else None
        if not places(body):
            break
    return body


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place within a value: its container and its key or index."""
    steps = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    return [(value, step) for step in steps] + [place for step in steps for place in places(value[step])]


@pytest.mark.parametrize("name", SECTIONS)
@given(data=st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_tree_under_any_section(name: str, data: st.DataObject) -> None:
    """A random body under each section, in flow and in block style."""
    section = SECTIONS[name]
    body = data.draw(bodies(name))
    content = body if section.once else {data.draw(st.sampled_from(["x", "good", "balanced", "NOT A SLUG"])): body}
    text = f"{name}:{block(content, 2)}\n" if data.draw(st.booleans()) else f"{name}: {yaml(content)}\n"
    located(project() | {f"{section.folder}/aa.yaml": text.encode()})


@given(data=st.data())
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_fixes_end_and_leave_a_readable_file(data: st.DataObject) -> None:
    """Made again and again, fixes come to an end, and a file that could be read can be read after each round."""
    name = data.draw(st.sampled_from(sorted(SECTIONS)))
    section = SECTIONS[name]
    body = data.draw(bodies(name))
    content = body if section.once else {"x": body}
    text = f"{name}:{block(content, 2)}\n" if data.draw(st.booleans()) else f"{name}: {yaml(content)}\n"
    files = project() | {f"{section.folder}/aa.yaml": text.encode()}
    unreadable = {"RC101", "RC102", "RC103"}
    was_readable = not unreadable & {one.rule for one in checked(files).diagnostics}
    for _ in range(12):
        after = fixed(files)
        if after == files:
            break
        if was_readable:
            assert not unreadable & {one.rule for one in checked(after).diagnostics}, (files, after)
        files = after
    assert fixed(files) == files


@given(
    st.dictionaries(st.sampled_from([*SECTIONS, "modles", "x"]), VALUES, max_size=4),
    st.sampled_from(["routes", "policies", "experiments"]),
)
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_file(content: Any, folder: str) -> None:
    """Sections of any shape, in any folder."""
    located({f"{folder}/a.yaml": (yaml(content) + "\n").encode()})
