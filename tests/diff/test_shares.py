"""What a change of shared loads does is told by slots, and by the units for which a further argument decides."""

from __future__ import annotations

from datetime import date

import pytest

from routecomp.checker import Options
from routecomp.comparer import diff
from routecomp.review.base.base import Base
from routecomp.review.diff.difference import Difference

CARD = "quality: 0.5, latency_ms: 9, logical_slug: duo"
PROJECT = f"""\
providers:
  north: {{adapter: openai, base_url: https://north.example, api_key_env: NORTH_KEY, stack: eu}}
models:
  a: {{provider: north, {CARD}, share: 0.6, price: {{input: 2, output: 2}}, context_window: 8000}}
  b: {{provider: north, {CARD}, share: 0.4, price: {{input: 1, output: 1}}, context_window: 90000}}
defaults: {{model: b}}
scoring: {{cost: {{best: 0, worst: 10}}, latency_ms: {{best: 0, worst: 100}}}}
"""


def difference(after: str) -> Difference:
    """Return the difference between the project and another form of it."""
    base = Base("on main", "main:", {"routes/all.yaml": PROJECT.encode()})
    compared = diff({"routes/all.yaml": after.encode()}, Options(today=date(2026, 11, 20)), base)
    assert compared.difference is not None
    return compared.difference


@pytest.mark.parametrize(("a", "b", "slots"), [("0.75", "0.25", "1,500"), ("0.5999", "0.4001", "1")])
def test_slots_are_counted(a: str, b: str, slots: str) -> None:
    """The row says how many of the 10,000 slots have another owner."""
    told = difference(PROJECT.replace("share: 0.6", f"share: {a}").replace("share: 0.4", f"share: {b}"))
    (note,) = [row.note for row in told.rows if row.what == "shares"]
    assert note.startswith(f"{slots} of 10,000 slots have another owner: ")


def test_a_hint_is_asked_with_units() -> None:
    """A window that grows changes the long requests whose slots its model owns, though another ranks before it."""
    told = difference(PROJECT.replace("context_window: 8000}", "context_window: 16000}"))
    picks = [group for group in told.decisions.groups if group.change == "pick"]
    assert [(group.name, group.before.model, group.after.model) for group in picks] == [("duo", "b", "a")]
    assert set(picks[0].witness) == {"model", "input_tokens", "unit"}
    assert told.decisions.changed == 0


def test_units_move_only_where_the_load_is_dealt() -> None:
    """Slots of a load that is dealt only where another host ranks first are told as slots, not as units."""
    before, after = (
        PROJECT.replace("share: 0.6, ", a).replace("share: 0.4, ", b)
        for a, b in (("share: 1, ", ""), ("", "share: 1, "))
    )
    base = Base("on main", "main:", {"routes/all.yaml": before.encode()})
    told = diff({"routes/all.yaml": after.encode()}, Options(today=date(2026, 11, 20)), base).difference
    assert told is not None
    (note,) = [row.note for row in told.rows if row.what == "shares"]
    assert note == "10,000 of 10,000 slots have another owner; units move only where a host with a share ranks first"
