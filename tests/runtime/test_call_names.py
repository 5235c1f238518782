"""Call names in a table: aliases of features and models, patterns, and names that a pattern must not take.

Decisions are compared with those of the things that the names stand for; docs/semantics.md, section 4, says which.
"""

from __future__ import annotations

from typing import Any

import pytest

from routecomp.runtime.resolver import Decision, Router
from tests.runtime.tables import TABLE, changed, encode

NAMED = {
    "feature_aliases": {"chat/support:latest": "chat"},
    "model_aliases": {"GPT 4o": "gpt", "anthropic/claude:free": "opus"},
    "patterns": {"openai/*": "auto", "openai/gpt*": "europe", "preview/*": "auto"},
    "unanswered": {"preview/silent": "exp-draft"},
    "requires": ["feature.aliases", "model.aliases", "target.patterns"],
    "format": "2.1",
}


def router(**changes: Any) -> Router:
    """Return a router for the table with call names; it serves."""
    made = Router.from_bytes(encode(changed({**TABLE, **NAMED}, changes)), None)
    assert made.status()["last_rejection"] is None
    return made


R = router()
HINTS: list[dict[str, Any]] = [
    {},
    {"tenant": "berlin", "unit": "user-1"},
    {"input_tokens": 900, "request_id": "r-7"},
    {"latency_budget_ms": 600, "stack": "eu"},
    {"min_quality": 0.99},
]


def plain(decision: Decision) -> Decision:
    """Return a decision without the flag that it was asked for by an alias."""
    assert "alias" in decision.reasons
    return decision._replace(reasons=tuple(flag for flag in decision.reasons if flag != "alias"))


@pytest.mark.parametrize("hints", HINTS, ids=str)
def test_an_alias_is_what_it_names(hints: dict[str, Any]) -> None:
    """Asked twice, so that what is remembered is asked too: all of the decision is equal but the flag."""
    for _ in range(2):
        assert plain(R.resolve(model="chat/support:latest", **hints)) == R.resolve(feature="chat", **hints)
        assert plain(R.resolve(model="GPT 4o", **hints)) == R.resolve(model="gpt", **hints)
        assert plain(R.resolve(model="openai/anything", **hints)) == R.resolve(model="auto", **hints)
        assert plain(R.resolve(model="openai/gpt-5", **hints)) == R.resolve(model="europe", **hints)


@pytest.mark.parametrize(
    ("name", "route_name"),
    [
        ("openai/", "auto"),
        ("openai/*", "auto"),
        ("openai/gp", "auto"),
        ("openai/gpt", "europe"),
        ("openai/gpté", "europe"),
        ("openai/gpt" + "x" * 5000, "europe"),
        ("preview/nimbus", "preview/nimbus"),  # an experiment that answers
        ("preview/silent", None),  # and one that does not
        ("preview/silent2", "auto"),
        ("openai", None),
        ("Openai/x", None),
        ("", None),
        ("chat", None),  # the slug of a feature is no call name
        ("anthropic", None),
    ],
)
def test_the_longest_beginning_counts(name: str, route_name: str | None) -> None:
    """Exact names come first, then the longest pattern; a declared name is taken by none."""
    for hints in (*HINTS[:1], {"input_tokens": 5, "unit": "u"}):
        decision = R.resolve(model=name, **hints)
        assert decision.route_name == route_name
        assert (decision.status == "unknown_model") == (route_name is None)
        assert R.resolve(feature="chat", model=name, **hints).route_name == "chat"


def test_a_star_alone_takes_every_text() -> None:
    """`*` stands for every name, the empty one too, but not for a request without a name."""
    everything = router(patterns={"*": "auto"})
    for name in ("", "x", "é", "openai/x"):
        assert everything.resolve(model=name).route_name == "auto"
        assert everything.resolve(model=name, stack="eu").route_name == "auto"
    assert everything.resolve().status == "unknown_model"
    assert everything.resolve(model="preview/silent").status == "unknown_model"
    assert everything.resolve(model="\ud800").status == "unknown_model"  # no text: not given


@pytest.mark.parametrize(
    ("request_", "route_name"),
    [
        ({"model": "GPT 4o"}, "gpt"),
        ({"model": "openai/x"}, "auto"),
        ({"model": "gpt-logical"}, "gpt-logical"),
        ({"model": "preview/nimbus"}, "preview/nimbus"),
        ({"model": "chat/support:latest"}, "chat"),
        ({"feature": "batch"}, "batch"),
        ({"model": "nobody"}, None),
    ],
)
def test_a_rejection_names_its_route_too(request_: dict[str, Any], route_name: str | None) -> None:
    """A stack that nobody declares rejects everything; only what is unknown has no route."""
    decision = R.resolve(**request_, stack="moon")
    assert decision.status != "ok"
    assert decision.route_name == route_name


def test_names_that_patterns_take_are_not_remembered() -> None:
    """Callers may make up any number of names: what is remembered is the pattern."""
    served = router()
    for number in range(100):
        for letter in ("", "é"):
            served.resolve(model=f"openai/{letter}{number}")
            served.resolve(model=f"openai/{letter}{number}", unit="u", input_tokens=3)
    memory = served._memory
    assert [name for terms in memory.terms for name in terms.by_model] == ["openai/*"]
    assert len(memory.patterns) == 1


def test_an_alias_of_a_feature_without_a_primary_walks_the_ladder() -> None:
    """As if `feature` had named it: the rungs below answer, under the feature's name."""
    table = changed({**TABLE, **NAMED}, {"features/chat/rows": []})
    served = Router.from_bytes(encode(table), None)
    assert plain(served.resolve(model="chat/support:latest")) == served.resolve(feature="chat")
    assert served.resolve(model="chat/support:latest").route_name == "chat"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"feature_aliases": {"x": "gone"}}, "names the feature 'gone'"),
        ({"model_aliases": {"x": "gone"}}, "names the model 'gone'"),
        ({"patterns": {"x*": "gone"}}, "names the target 'gone'"),
        ({"patterns": {"x": "auto"}}, "the pattern 'x' does not end in its only `*`"),
        ({"patterns": {"a**": "auto"}}, "the pattern 'a**' does not end in its only `*`"),
        ({"patterns": {"": "auto"}}, "the pattern '' does not end in its only `*`"),
        ({"model_aliases": {"auto": "gpt"}}, "'auto' names two things"),
        ({"model_aliases": {"chat/support:latest": "gpt"}}, "'chat/support:latest' names two things"),
        ({"unanswered": {"gpt": "exp"}}, "'gpt' names two things"),
        ({"patterns": []}, "`patterns` is not an object of text"),
    ],
)
def test_what_does_not_hold_together_is_refused(changes: dict[str, Any], words: str) -> None:
    """A name that leads nowhere or to two things, and a pattern that is none: refused in words."""
    status = Router.from_bytes(encode(changed({**TABLE, **NAMED}, changes)), None).status()
    assert words in str(status["last_rejection"])


@pytest.mark.parametrize("tenant", [None, "acme", "nobody"])
@pytest.mark.parametrize("preference", [None, "cost", "balanced", "dear"])
@pytest.mark.parametrize("table", [{}, {"patterns": {}, "requires": [], "unanswered": {}}], ids=["patterns", "none"])
def test_names_that_lead_nowhere_have_one_answer(table: dict[str, Any], preference: str | None, tenant: Any) -> None:
    """Whatever name nobody declares comes first, each gets the answer that a router gives that was never asked."""
    warm = router(**table)
    names = ["no-such", "preview/silent", "", "ü", "\ud800", "openai", "openai/x", "no-such", "\ud800", "ü"]
    for name in names:
        cold = router(**table).resolve(model=name, tenant=tenant, preference=preference)
        assert warm.resolve(model=name, tenant=tenant, preference=preference) == cold
        assert ("ignored:model" in cold.reasons) == (name == "\ud800")
