"""Every field of an expectation is read: changed, it changes what comes of it, and never the table."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

import pytest

from routecomp.checker import Options
from routecomp.compiler import Compilation, compile
from routecomp.expectations.run import run
from routecomp.model.expectation import Expected, Request
from routecomp.model.part import Part
from routecomp.model.sections import SECTIONS
from routecomp.model.vocabulary import ARGUMENTS
from routecomp.runtime import resolver
from routecomp.testing.expected import KEYS
from tests.model.test_every_field_is_read import PROJECT, fields, written

TODAY = date(2026, 11, 20)
ENTRY: dict[str, Any] = {
    "description": "d",
    "owner": "o",
    "for": {"tenant": ["acme", "nobody"]},
    "request": {"feature": "chat", "preference": "quality"},
    "gate": "open",
    "undeclared": ["nobody"],
    "expect": {"status": "ok"},
    "rows": [{"where": {"tenant": "acme"}, "expect": {"model": "good"}}],
}
VALUES: dict[str, Any] = {
    "feature": "chat",
    "model": "auto",
    "tenant": "acme",
    "unit": "user-1",
    "request_id": "r-1",
    "preference": "cost",
    "min_quality": 0.75,
    "latency_budget_ms": 1000,
    "stack": "avoid-us",
    "input_tokens": 1000,
    "max_output_tokens": 100,
    "max_cost_usd": 0.000000000001,
    "stream": True,
    "tools": True,
    "capabilities": ["streaming"],
    "unavailable": ["alpha"],
}
EXPECTED: dict[str, Any] = {
    "status": "ok",
    "source": "table",
    "route": "feature",
    "model": "good",
    "provider": "alpha",
    "chain": ["good"],
    "chain_begins": ["good"],
    "shadows": [],
    "experiment": "trial",
    "variant": "a",
    "version": 1,
    "slot": 7,
    "reasons": ["alias"],
}
CHANGES: dict[str, Any] = {
    "for": {"tenant": ["acme"]},
    "request": {"feature": "chat", "stack": "eu"},
    "gate": "shut",
    "expect": {"status": "rejected_floor"},
    "rows": [{"where": {"tenant": "nobody"}, "expect": {"model": "good"}}],
}


def compiled(entry: dict[str, Any] | None) -> Compilation:
    """The project of every field, with an expectation or without one."""
    files = written(PROJECT)
    if entry is not None:
        text = json.dumps({"expectations": {"asked": entry}}).replace("1e-12", "0.000000000001")
        files["policies/expectations.yaml"] = text.encode()
    compilation = compile(files, Options(today=TODAY))
    assert compilation.table is not None, [str(each) for each in compilation.checked.diagnostics]
    return compilation


def asked(entry: dict[str, Any]) -> list[Any]:
    """What comes of each request of an expectation."""
    compilation = compiled(entry)
    assert compilation.table is not None
    assert compilation.checked.program is not None
    router = resolver.Router.from_bytes(compilation.table.data, compilation.table.fallback_data)
    return [
        (outcome.request, outcome.gate, outcome.decision, {key: each.value for key, each in outcome.wanted.items()})
        for outcome in run(compilation.checked.program, router)
    ]


def test_expectations_reach_no_table() -> None:
    """The bytes of all artifacts are the same with an expectation, with another one, and without."""
    bare = compiled(None)
    assert compiled(ENTRY).artifacts == bare.artifacts
    assert compiled({"request": VALUES, "expect": EXPECTED}).artifacts == bare.artifacts


@pytest.mark.parametrize("name", CHANGES)
def test_a_field_changes_what_is_asked(name: str) -> None:
    """Each key of an expectation, changed, changes a request, its gate, or what is expected of it."""
    entry = copy.deepcopy(ENTRY)
    entry[name] = CHANGES[name]
    if name == "for":
        del entry["undeclared"]
    assert asked(entry) != asked(ENTRY)


@pytest.mark.parametrize("name", Request.fields)
def test_an_argument_reaches_the_resolver(name: str) -> None:
    """Each argument of a request comes to the resolver, from `request` and from the matrix, exactly as written."""
    other = {} if name in ("feature", "model") else {"feature": "chat"}
    ((request, _, _, _),) = asked({"request": {**other, name: VALUES[name]}, "expect": {"source": "table"}})
    assert str(request[name]) == ("1E-12" if name == "max_cost_usd" else str(VALUES[name]))
    ((varied, _, _, _),) = asked({"request": other, "for": {name: [VALUES[name]]}, "expect": {"source": "table"}})
    assert varied == request


def test_words_are_the_resolver_s() -> None:
    """Arguments and keys are those of the resolver, each with its place in the lists above."""
    assert tuple(Request.fields) == ARGUMENTS == resolver.ARGUMENTS == tuple(VALUES)
    assert tuple(Expected.fields) == KEYS == tuple(EXPECTED)
    assert {*KEYS} - {"chain_begins"} <= {*resolver.Decision._fields}


def test_every_key_has_a_change() -> None:
    """A new key of an expectation needs a change above; `undeclared` is compared with names alone (RC218, RC371)."""
    keys = {path[0] for path in fields(SECTIONS["expectations"].body)}
    assert keys - {"description", "owner", "undeclared"} == set(CHANGES)


def test_a_key_that_is_a_word_of_python() -> None:
    """`for` is a key like any other: its default, its value, equality and a copy."""
    body = SECTIONS["expectations"].body
    assert "for" in body.fields
    assert isinstance(getattr(body(), "for"), Part)
    assert body() == body(**{"for": body.fields["for"].default})
