"""RC408: bounds that another figure beside them makes idle, or that nearly every call meets."""

from __future__ import annotations

import pytest

from tests.check.project import MODELS, PROVIDERS, at, findings


def of_provider(timeouts: str) -> list[tuple[str, str, str]]:
    """Rule, place and help of what is found where a provider of models of 900 and 300 ms has these timeouts."""
    found = findings(routes_providers=PROVIDERS.replace("beta: {", f"beta: {{timeouts: {timeouts}, "))
    return [(one.rule, at(one), one.help) for one in found]


@pytest.mark.parametrize(
    ("timeouts", "place", "help"),
    [
        ("{total_ms: 120}", "120", "timeouts are in milliseconds: if seconds are meant, write `total_ms: 120000`"),
        (
            "{connect_ms: 5, first_token_ms: 30, total_ms: 120}",
            "120",
            "timeouts are in milliseconds: if seconds are meant, write `connect_ms: 5000, first_token_ms: 30000, "
            "total_ms: 120000`",
        ),
        (
            "{connect_ms: 5000, total_ms: 120}",
            "120",
            "timeouts are in milliseconds: if seconds are meant, write `total_ms: 120000`",
        ),
        (
            "{connect_ms: 5000, total_ms: 4000}",
            "4000",
            "raise the total, or lower the others: it holds for the whole call",
        ),
    ],
)
def test_timeouts_are_one_finding(timeouts: str, place: str, help: str) -> None:
    """A total that most calls miss is the mistake, whatever it is below too."""
    assert of_provider(timeouts) == [("RC408", place, help)]


@pytest.mark.parametrize(
    "timeouts",
    ["{total_ms: 900}", "{connect_ms: 5000}", "{connect_ms: 5000, total_ms: 5000}", "{connect_ms: 1, total_ms: 60000}"],
)
def test_timeouts_that_may_be_meant(timeouts: str) -> None:
    """Equal bounds are no contradiction, and a short connect may be a neighbour's."""
    assert of_provider(timeouts) == []


def test_a_models_own_total_replaces_the_providers() -> None:
    """Each total is judged by the models for which it holds."""
    providers = PROVIDERS.replace("beta: {", "beta: {timeouts: {total_ms: 500}, ")
    models = MODELS.replace("fair: {", "fair: {timeouts: {total_ms: 30000}, ")
    assert findings(routes_providers=providers, routes_models=models) == []  # `poor` takes 300
    models = models.replace("30000", "850")
    (finding,) = findings(routes_models=models)
    assert (finding.rule, at(finding), finding.labels[0].span.text) == ("RC408", "850", "900")
    (finding,) = findings(routes_models=models.replace("850", "1000").replace("latency_ms: 900", "latency_ms: 1200"))
    assert finding.help == "raise it above 1200, or correct `latency_ms`"


def test_budgets_and_answers() -> None:
    """The month bounds the day, and the context the answer; equal ones are right."""
    tenant = "tenants: {a: {budget: {daily_usd: 50, monthly_usd: 20}}}\n"
    (finding,) = findings(policies_t=tenant)
    assert (finding.rule, at(finding)) == ("RC408", "50")
    assert findings(policies_t=tenant.replace("20", "50")) == []
    models = MODELS.replace("fair: {", "fair: {max_output_tokens: 128001, ")
    (finding,) = findings(routes_models=models)
    assert (finding.rule, at(finding)) == ("RC408", "128001")
    assert findings(routes_models=models.replace("128001", "128000")) == []
