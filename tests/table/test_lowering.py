"""Test that the table holds exactly the values of the YAML."""

from __future__ import annotations

import json
from typing import Any

from tests.semantics.worlds import service


def test_the_smallest_penalty_counts() -> None:
    """A penalty of 0.01 percent, a basis point, is enough for the penalised order to be another."""
    # On a scale of 0..100: plain, dear .5 x .50 + .5 x (1 - .49999) = .500005, cheap .5 x .10 + .5 x (1 - .10) = .5;
    # penalised, dear .25 + .5 x (1 - .50004) = .49998, cheap .05 + .5 x (1 - .10001) = .499995.
    models = """
    models:
      dear: {provider: mistral, quality: 0.50, price: {input: 49.999, output: 0}, latency_ms: 0, context_window: 9}
      cheap: {provider: mistral, quality: 0.10, price: {input: 10, output: 0}, latency_ms: 0, context_window: 9}
    """
    checked = service(
        models=models,
        defaults="""
    defaults:
      model: dear
      policy: {weights: {quality: 0.50, latency: 0, cost: 0.50}, fallback_cost_penalty_pct: 0.01}
    """,
    )
    table = json.loads(checked.table)
    policy = table["policies"][table["defaults"]["policy"]]
    assert table["orders"][policy["plain"]] == "dear cheap"
    assert table["orders"][policy["penalised"]] == "cheap dear"


def test_only_slashes_go_where_url_and_path_meet() -> None:
    """Base URL and path meet in one slash, however many they have there; nothing else is taken from either."""

    def url(base: str, path: str) -> Any:
        providers = f"""
        providers:
          mistral: {{adapter: openai, auth: none, base_url: "{base}", chat_path: {path}, stack: eu}}
        """
        models = """
        models:
          good: {provider: mistral, quality: 0.5, price: {input: 1, output: 1}, latency_ms: 0, context_window: 9}
        """
        return service(providers=providers, models=models).ask(model="good")["url"]

    wanted = "https://host.example/teamX/Xchat"
    for base in ("https://host.example/teamX", "https://host.example/teamX/", "https://host.example/teamX//"):
        for path in ("Xchat", "/Xchat", "//Xchat"):
            assert url(base, path) == wanted


def test_budgets_are_whole_cents_by_tenant() -> None:
    """A tenant without one has no entry, a limit that is not declared no key, and a table without any no section."""
    tenants = """
    tenants:
      both: {preset: balanced, budget: {daily_usd: 50.25, monthly_usd: 900}}
      daily: {preset: balanced, budget: {daily_usd: 0}}
      none: {preset: balanced}
    """
    table = json.loads(service(policies=tenants).table)
    assert table["budgets"] == {"both": {"daily_cents": 5025, "monthly_cents": 90_000}, "daily": {"daily_cents": 0}}
    assert "budgets" not in json.loads(service().table)


def test_of_experiments_that_do_not_answer_the_first_by_name_is_told() -> None:
    """The same table, whatever stands first in the files; an id that no pattern would take is not in it."""
    fields = (
        "status: draft, variants: {control: {weight: 0.5, versions: [{version: 1, model: good}]}, "
        "other: {weight: 0.5, versions: [{version: 1, model: best}]}}"
    )
    names = {"b": "pre/x", "a": "pre/x", "c": "pre/x", "d": "other"}
    drafts = [f"  {slug}: {{public_model_id: {name}, {fields}}}\n" for slug, name in names.items()]
    targets = 'targets:\n  auto: {aliases: [router/auto, "pre/*"], candidates: all}\n'
    for order in (drafts, drafts[::-1]):
        table = json.loads(service(targets=targets, experiments="experiments:\n" + "".join(order)).table)
        assert table["unanswered"] == {"pre/x": "a"}
