"""What breakers and limits bar is left out; where they bar everything, the model whose wait ends first is tried."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from routecomp.service.calls.errors import Exhausted, Rejected
from routecomp.service.capture.capture import Capture
from tests.service.calls.world import HostError, World
from tests.service.capture.calls import Kept

ALL = ("opus", "mistral-3", "gpt", "mini", "gpt-eu", "thinker")


def trip(world: World, *models: str) -> None:
    """Open the circuits of some models, one second after the other."""
    for model in models:
        world.ends = {model: HostError(500)}
        for _ in range(5):
            with pytest.raises(Exhausted):
                world.calls.run(world.call, model=model)
        world.clock.advance(1)
    world.ends = {}
    world.asked.clear()
    world.kept.rows.clear()


def test_an_open_circuit_is_passed_by() -> None:
    world = World()
    trip(world, "opus")
    assert world.calls.run(world.call, feature="chat") == "from mistral-3"
    assert (world.row.outcome, world.row.decision.model) == ("succeeded", "mistral-3")


def test_after_the_cool_off_it_is_asked_again() -> None:
    world = World()
    trip(world, "opus")
    world.clock.advance(60)
    assert world.calls.run(world.call, feature="chat") == "from opus"


def test_where_all_are_open_the_one_whose_wait_ends_first_is_tried() -> None:
    """It is the first that tripped; if it fails, the one whose wait ends next, as often as the policy allows."""
    world = World()
    trip(world, "gpt", *(model for model in ALL if model != "gpt"))
    assert world.calls.run(world.call, feature="chat") == "from gpt"
    assert (world.row.outcome, world.row.decision.status, world.models) == ("succeeded", "ok", ["gpt"])

    world = World()
    trip(world, "gpt", *(model for model in ALL if model != "gpt"))
    world.ends = dict.fromkeys(ALL, HostError(500))
    with pytest.raises(Exhausted) as caught:
        world.calls.run(world.call, feature="chat")
    assert world.models == ["gpt", "opus", "mistral-3", "mini", "thinker"]
    assert world.row.outcome == "failed"
    assert caught.value.http_status == 503


def test_behind_models_that_limits_bar_there_may_be_an_open_circuit() -> None:
    """A chain has no more models than may be asked: those that ask to be left alone take the place of nobody."""
    world = World({"resilience/max_attempts": 2})
    trip(world, "gpt", "mini", "thinker", "gpt-eu")
    world.ends = {"opus": HostError(429, **{"retry-after": "300"})}
    with pytest.raises(Exhausted):
        world.calls.run(world.call, model="opus")
    world.kept.rows.clear()
    world.asked.clear()
    world.ends = {"opus": HostError(429), "mistral-3": HostError(500)}
    assert world.calls.run(world.call, feature="chat") == "from gpt"
    assert world.models == ["mistral-3", "gpt"]
    assert (world.row.outcome, world.row.decision.model) == ("fell_back", "mistral-3")


def test_a_limit_is_not_passed_by_after_another_model_failed() -> None:
    """Of its host it is known that it refuses; only where nobody was tried is one of them asked, once."""
    world = World({"features/chat/then": None})
    limited = HostError(429, **{"retry-after": "300"})
    for model in ("opus", "mistral-3", "gpt"):
        world.ends = {model: limited}
        with pytest.raises(Exhausted):
            world.calls.run(world.call, model=model)
        world.clock.advance(1)
    world.ends = dict.fromkeys(("opus", "mistral-3", "gpt"), limited)
    world.asked.clear()
    with pytest.raises(Exhausted) as caught:
        world.calls.run(world.call, feature="chat")
    assert world.models == ["opus"]
    assert (caught.value.http_status, caught.value.retry_after) == (429, 298.0)


def test_after_all_others_failed_one_barred_model_is_tried() -> None:
    """No call fails that a model could have answered which the policy permits, only because its circuit is open."""
    world = World({"resilience/max_attempts": 3})
    trip(world, "opus")
    world.ends = {"mistral-3": HostError(500), "gpt": HostError(500)}
    assert world.calls.run(world.call, feature="chat") == "from mini"
    world = World({"resilience/max_attempts": 3, "features/chat/then": None})
    trip(world, "opus")
    world.ends = {"mistral-3": HostError(500), "gpt": HostError(500)}
    assert world.calls.run(world.call, feature="chat") == "from opus"
    assert world.models == ["mistral-3", "gpt", "opus"]


def test_policy_floor_and_cost_refuse_as_ever() -> None:
    """Being the only one left makes no model permitted, able or cheap enough."""
    world = World()
    trip(world, *ALL)
    for request in (
        {"model": "auto", "min_quality": 0.999},
        {"model": "auto", "input_tokens": 1000, "max_cost_usd": 0.0},
        {"feature": "chat", "stack": "nowhere"},
        {"model": "off"},
    ):
        with pytest.raises(Rejected) as caught:
            world.calls.run(world.call, **request)
        assert caught.value.status != "rejected_unavailable", request
        assert world.asked == []
    assert world.calls.run(world.call, model="auto", tenant="berlin") in ("from mistral-3", "from gpt-eu")


def test_a_tenant_without_fallback_gets_one_model() -> None:
    world = World()
    trip(world, "mistral-3")
    pick = world.calls.resolve(model="auto", tenant="strict", unavailable=["mistral-3"]).model
    assert pick is not None
    world.ends = {pick: HostError(500)}
    with pytest.raises(Exhausted):
        world.calls.run(world.call, model="auto", tenant="strict")
    assert world.models == [pick]


def test_a_key_that_asks_to_wait_bars_its_models_for_so_long() -> None:
    world = World()
    world.ends = {"gpt": HostError(429, **{"retry-after": "30"})}
    with pytest.raises(Exhausted):
        world.calls.run(world.call, model="gpt")
    world.ends = {"opus": HostError(503), "mistral-3": HostError(503)}
    world.asked.clear()
    world.calls.run(world.call, feature="chat")
    assert "gpt" not in world.models
    world.clock.advance(31)
    world.asked.clear()
    world.calls.run(world.call, feature="chat")
    assert world.models == ["opus", "mistral-3", "gpt"]


def test_a_full_model_is_passed_by_within_the_walk() -> None:
    """Of a limit that is reached the router learns with the next call; others come in its place at once."""
    world = World({"models/opus/rpm": 1, "resilience/max_attempts": 1})
    assert world.calls.run(world.call, feature="chat") == "from opus"
    assert world.calls.run(world.call, feature="chat") == "from mistral-3"
    assert [row.outcome for row in world.kept.rows] == ["succeeded", "succeeded"]
    world.clock.advance(61)
    assert world.calls.run(world.call, feature="chat") == "from opus"


def test_a_place_is_given_back_on_every_way_out() -> None:
    """Success, failure, the caller's own error, cancellation, a stream that is left: one place serves them all."""
    world = World({"models/opus/parallel": 1, "providers/anthropic/parallel": 1})
    ends = [HostError(400), KeyError(), KeyboardInterrupt(), "from opus", {"error": {"message": "words"}}]
    for end in ends:
        world.ends = {"opus": end}
        with suppress(BaseException):
            world.calls.run(world.call, model="opus")
        assert world.models[-1] == "opus"
    with world.calls.stream(lambda at: ["a", "b"], model="opus") as chunks:
        next(chunks)
    with world.calls.dispatch(model="opus") as call:
        for _ in call:
            break
    with suppress(ZeroDivisionError), world.calls.dispatch(model="opus") as call:
        for _ in call:
            raise ZeroDivisionError
    world.ends = {}
    assert world.calls.run(world.call, model="opus") == "from opus"


@pytest.mark.parametrize(
    ("tripped", "request_arguments", "counts"),
    [
        (("opus",), {"feature": "chat"}, True),
        (("opus",), {"feature": "chat", "unavailable": ["mistral-3"]}, True),
        (ALL, {"feature": "chat"}, False),
        (ALL, {"feature": "chat", "unavailable": ["mistral-3"]}, False),
        (ALL, {"feature": "chat", "unavailable": list(ALL)}, False),
        (("opus",), {"model": "opus"}, False),
        (("opus",), {"model": "off"}, False),
    ],
)
def test_the_audit_event_shows_as_barred_what_counted(
    tripped: tuple[str, ...], request_arguments: dict[str, Any], counts: bool
) -> None:
    """Where a call was decided without what health bars, its filters are told without it too."""
    world = World()
    trip(world, *tripped)
    sink = Kept()
    world.desk.capture = Capture([sink], clock=world.clock)
    with suppress(Rejected):
        world.calls.run(world.call, **request_arguments)
    assert world.desk.capture.close(10)
    (event,) = sink.of("inference.routed")
    barred = [*request_arguments.get("unavailable", ()), *(tripped if counts else ())]
    explained = world.tables.router.explain(**{**request_arguments, "unavailable": barred})
    told = [(entry["filter"], entry["survivors"], entry["first"]) for entry in event["filters"]]
    assert told == [(entry["filter"], entry["survivors"], entry["first"]) for entry in explained["filters"]]
    assert (event["status"], event["chain"]) == (explained["decision"]["status"], explained["decision"]["chain"])
