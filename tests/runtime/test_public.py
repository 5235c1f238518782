"""What the resolver promises to those who import it: names, arguments, bounds, numbers beyond all limits."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn, get_args

import pytest

from routecomp.model.vocabulary import DECISION_ROUTES, DECISION_SOURCES, DECISION_STATUSES
from routecomp.runtime import resolver

from .tables import router


def test_public_names() -> None:
    """`from resolver import *` gives what the pages name, and nothing else."""
    names: dict[str, object] = {}
    exec("from routecomp.runtime.resolver import *", names)  # a star is allowed at the top of a module alone
    assert sorted(name for name in names if name != "__builtins__") == sorted(
        [
            "ARGUMENTS",
            "FORMAT",
            "BudgetFacts",
            "Decision",
            "DecisionSource",
            "DecisionStatus",
            "Endpoint",
            "Explanation",
            "Facts",
            "ModelFacts",
            "ProviderFacts",
            "ResilienceFacts",
            "RouteKind",
            "Router",
            "RouterStatus",
            "ShadowFacts",
            "load",
            "main",
            "resolve_line",
            "serve",
            "slot_of",
        ]
    )


def test_arguments_are_those_of_a_request() -> None:
    """`ARGUMENTS` names the keyword arguments of `resolve` and of `explain`, in their order."""
    for method in (resolver.Router.resolve, resolver.Router.explain):
        _, *parameters = inspect.signature(method).parameters.values()
        assert [parameter.name for parameter in parameters] == [*resolver.ARGUMENTS]
        assert {parameter.kind for parameter in parameters} == {inspect.Parameter.KEYWORD_ONLY}
        assert {parameter.default for parameter in parameters} == {None}
    for name in resolver.ARGUMENTS:
        request: dict[str, Any] = {"model": "auto", name: None}
        assert not any("ignored:" in reason for reason in router().resolve(**request).reasons)


def test_an_unknown_argument_is_a_mistake_of_the_program() -> None:
    """A mistyped keyword, or an argument without a name, is a TypeError where it is called."""
    for call in (router().resolve, router().explain):
        with pytest.raises(TypeError, match="tenat"):
            call(feature="chat", tenat="berlin")  # type: ignore[call-arg]
        with pytest.raises(TypeError, match="positional"):
            call("chat")  # type: ignore[call-arg]


def test_an_unknown_key_of_a_json_request_is_ignored() -> None:
    """A request given as a JSON object may hold keys of a later version: they are reported, and decide nothing."""
    served = router()
    plain = served.resolve(feature="chat", unit="u")
    decision = served.resolve_request({"feature": "chat", "unit": "u", "tenat": "berlin"})
    assert decision == plain._replace(reasons=(*plain.reasons, "ignored:tenat"))
    assert served.explain_request({"feature": "chat", "unit": "u", "tenat": 1})["decision"] == decision.to_dict()
    assert served.resolve_request({"feature": "chat", "unit": "u"}) == plain


class _Hostile(dict[str, object]):
    """A dictionary whose keys cannot be read."""

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError

    def keys(self) -> NoReturn:
        raise RuntimeError


@pytest.mark.parametrize("request_", [None, [], "x", 7, b"{}", object(), {1}, _Hostile(feature="chat")])
def test_a_request_that_is_no_dictionary_is_answered(request_: object) -> None:
    """It is decided as one that names nothing, and the decision says that it was ignored."""
    served = router()
    decision = served.resolve_request(request_)  # type: ignore[arg-type]
    assert (decision.status, decision.reasons) == ("unknown_model", ("ignored:request",))
    assert served.explain_request(request_)["decision"] == decision.to_dict()  # type: ignore[arg-type]


def test_a_decision_says_nothing_it_was_not_told() -> None:
    """A decision made by hand has None, or an empty list, for whatever is left out."""
    assert resolver.Decision("ok").to_dict() == {
        **dict.fromkeys(resolver.Decision._fields),
        "status": "ok",
        "chain": [],
        "shadows": [],
        "reasons": [],
    }


def test_an_endpoint_says_nothing_it_was_not_told() -> None:
    """One that is made by hand of what the first version told has nothing in the fields that came later."""
    endpoint = resolver.Endpoint("m", "p", "u", "https://p.example/", "openai", None)
    rest: list[Any] = ["", None, "none", {}, {}, None, None, None, {}, None, {}, {"provider": {}, "model": {}}]
    assert [*endpoint[6:]] == rest


def test_the_largest_file(tmp_path: Path) -> None:
    """A file of a byte more than 512 MiB is refused unread, by its size; a smaller one for what it holds."""
    path = tmp_path / "routing_table.json"
    for size, unread in ((512 * 1024 * 1024 + 1, True), (1024, False)):
        with path.open("wb") as file:
            file.truncate(size)
        said = str(resolver.load(path).status()["last_rejection"])
        assert ("more than the 536870912 allowed" in said) == unread


@pytest.mark.parametrize("limit", [Decimal("1e999"), Decimal("1E+999999"), 10**400, 1e300, Decimal("Infinity")])
def test_a_limit_beyond_all_costs_limits_nothing(limit: Any) -> None:
    """A maximal cost of any size is one that everything stays below."""
    unlimited = router().resolve(model="auto", input_tokens=5)
    limited = router().resolve(model="auto", input_tokens=5, max_cost_usd=limit)
    assert (limited.status, limited.chain) == ("ok", unlimited.chain)


@pytest.mark.parametrize("limit", [Decimal("-1e999"), -(10**400), -1e300])
def test_a_limit_below_all_costs_lets_nothing_pass(limit: Any) -> None:
    """A maximal cost far below 0 is answered as every one below 0 is."""
    assert router().resolve(model="auto", input_tokens=5, max_cost_usd=limit) == router().resolve(
        model="auto", input_tokens=5, max_cost_usd=-1
    )


def test_literals_are_the_words_of_the_vocabulary() -> None:
    """A type checker accepts the words that docs/semantics.md names, and no others."""
    assert get_args(resolver.DecisionStatus) == DECISION_STATUSES
    assert get_args(resolver.RouteKind) == DECISION_ROUTES
    assert get_args(resolver.DecisionSource) == DECISION_SOURCES
    assert set(get_args(resolver._RankedKind)) < set(DECISION_ROUTES)


def test_typed_dictionaries_name_the_keys_that_are_returned() -> None:
    """Each dictionary of a status or an explanation has the keys of its type, and every key of a type occurs."""
    served = router({"shares": {"gpt-logical": [[0, "gpt"], [5_000, "gpt-eu"]]}})
    asked: list[dict[str, Any]] = [
        {"feature": "chat", "unit": "u", "latency_budget_ms": 9000},
        {"feature": "nowhere"},
        {"model": "preview/nimbus", "unit": "u"},
        {"model": "gpt-logical", "unit": "u"},
    ]
    explanations = [served.explain(**request) for request in asked]
    keys = {key for explanation in explanations for key in explanation}
    assert keys == set(resolver.Explanation.__annotations__)
    inner: list[tuple[str, Any, list[Any]]] = [
        ("RouteLog", resolver.RouteLog, [explanations[0]["route"]]),
        ("FilterLog", resolver.FilterLog, explanations[0]["filters"]),
        ("RungLog", resolver.RungLog, explanations[1]["rungs"]),
        ("OrdersLog", resolver.OrdersLog, [explanations[0]["orders"]]),
        ("FloorLog", resolver.FloorLog, [explanations[0]["floor"]]),
        ("LatencyLog", resolver.LatencyLog, [explanations[0]["latency"]]),
        ("SpreadLog", resolver.SpreadLog, [explanations[3]["spread"]]),
        ("ShadowLog", resolver.ShadowLog, explanations[0]["shadows"]),
        ("ExperimentLog", resolver.ExperimentLog, [explanations[2]["experiment"]]),
        ("RouterStatus", resolver.RouterStatus, [served.status()]),
    ]
    for name, typed, values in inner:
        assert typed.__name__ == name
        assert [list(value) for value in values] == [list(typed.__annotations__)] * len(values)
