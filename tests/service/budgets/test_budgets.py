"""What is left of a tenant's budget binds its calls, whatever way they take and end."""

from __future__ import annotations

import asyncio
import gc
import random
import threading
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Clamped, Context, Decimal, FloatOperation, Inexact, Rounded, Subnormal, localcontext
from typing import Any

import pytest

from routecomp.runtime.resolver import Router
from routecomp.service.budgets.amounts import cost, estimate, whole
from routecomp.service.budgets.measure import PART_TOKENS, tokens_of
from routecomp.service.budgets.periods import periods_of
from routecomp.service.calls.errors import Exhausted, Rejected, StreamBroken
from routecomp.service.strict import WrongArgument
from routecomp.service.usage import Usage
from tests.runtime.tables import crowd, encode
from tests.seeds import FRESH
from tests.service.calls.world import HostError, World
from tests.service.clock import DAY

CENT = 10**10
OPUS, MISTRAL, MINI = 17_500_000, 2_500_000, 600_000
"""What a token of input costs in pico-dollars, with the half token of output that it brings."""
CHAT: dict[str, Any] = {"feature": "chat", "tenant": "cheap", "input_tokens": 100}


def spender(daily: int | None = 1, monthly: int | None = None, **changes: Any) -> World:
    """Return a world in which the tenant `cheap` has a budget, in cents."""
    return World({"budgets": {"cheap": {"daily_cents": daily, "monthly_cents": monthly}}, **changes})


def answer(given: int | None = 100, taken: int | None = 50) -> dict[str, Any]:
    """Return an answer that tells what it used; by default what is expected of 100 tokens."""
    return {"usage": {"prompt_tokens": given, "completion_tokens": taken}}


def taken(world: World) -> list[int]:
    """Return what is taken of each account, in pico-dollars."""
    accounts = world.desk.budgets.status()["accounts"]
    return [int(account["taken_usd"].scaleb(12)) for account in sorted(accounts, key=lambda row: row["period"])]


def refusal(world: World, **request: Any) -> Rejected | None:
    """Make a call, and return how it was refused; None if it was answered."""
    try:
        world.calls.run(world.call, **request)
    except Rejected as error:
        return error
    return None


def test_what_is_left_binds_fallbacks_and_leaves_cheaper_models() -> None:
    """A cent pays for five calls of opus, then for cheaper ones, and at last for none; others notice nothing."""
    world = spender()
    served = []
    for _ in range(5 + 5):
        world.ends = {}
        served.append(world.calls.run(lambda at: {**answer(), "model": at.model}, **CHAT)["model"])
    assert served == ["opus"] * 5 + ["mistral-3"] * 5
    world.calls.run(world.call, **{**CHAT, "tenant": "picky"})
    spent = taken(world)[0]
    assert spent == 5 * 100 * OPUS + 5 * 100 * MISTRAL == CENT
    with pytest.raises(Rejected) as caught:
        world.calls.run(world.call, **CHAT)
    assert (caught.value.status, caught.value.filter, caught.value.http_status) == ("rejected_cost", "cost", 429)
    assert taken(world) == [spent]
    status = world.desk.budgets.status()
    assert status["refused"] == 1
    assert status["spent"] == 1
    assert "cheap" not in world.desk.budgets.metrics()
    assert 'routecomp_budget_calls_total{input_tokens="given"} 11' in world.desk.budgets.metrics()


def test_free_models_stay() -> None:
    """A model that costs nothing serves when nothing is left."""
    world = spender(**{"models/mini/input_pusd": 0, "models/mini/output_pusd": 0})
    world.ends["opus"] = answer(10_000, 10_000)
    world.calls.run(world.call, **CHAT)
    assert taken(world)[0] > CENT
    world.ends["mini"] = answer()
    world.calls.run(world.call, feature="chat", tenant="cheap", input_tokens=5000)
    assert world.models == ["opus", "mini"]
    world.calls.run(world.call, model="mini", tenant="cheap")
    with pytest.raises(Rejected):
        world.calls.run(world.call, model="opus", tenant="cheap", input_tokens=0)


@pytest.mark.parametrize(
    ("request_", "route"),
    [
        ({"model": "opus"}, "direct"),
        ({"model": "preview/nimbus", "unit": "user-1"}, "experiment"),
        ({"feature": "batch"}, "feature"),
    ],
)
def test_what_the_router_does_not_filter_is_refused(request_: dict[str, Any], route: str) -> None:
    """Pinned calls, variants and rungs of the ladder are refused where they cost more than is left."""
    world = spender()
    for _ in range(100):
        world.ends = dict.fromkeys(("opus", "mistral-3"), answer())
        if (error := refusal(world, tenant="cheap", input_tokens=100, **request_)) is not None:
            break
    assert error is not None
    assert (error.http_status, error.status, error.decision.route) == (429, "rejected_cost", route)
    assert error.decision.model is None
    assert taken(world)[0] <= CENT
    assert world.kept.outcomes[-1] == "rejected"
    world.kept.assert_once()


def test_the_wait_is_until_the_period_that_binds_is_over() -> None:
    """The day's end, the month's where that is spent, and none where the request is dearer than the whole budget."""
    world = spender(daily=1, monthly=2)
    world.clock.advance(15 * DAY)  # into the midst of a month
    wall = world.clock.time()
    day, month = periods_of(wall)
    world.ends["opus"] = answer(500, 250)

    def refused(tokens: int, **more: Any) -> Rejected:
        with pytest.raises(Rejected) as caught:
            world.calls.run(world.call, model="opus", tenant="cheap", input_tokens=tokens, **more)
        return caught.value

    world.calls.run(world.call, model="opus", tenant="cheap", input_tokens=500)
    assert refused(500).retry_after == pytest.approx(day.ends - wall)
    world.calls.run(world.call, model="opus", tenant="cheap", input_tokens=50)  # it uses as many as the first
    world.clock.advance(day.ends - wall)
    assert refused(500).retry_after == pytest.approx(month.ends - day.ends)
    dear = refused(600)
    assert (dear.retry_after, dear.http_status) == (None, 422)
    world.clock.advance(month.ends - day.ends)
    world.calls.run(world.call, model="opus", tenant="cheap", input_tokens=500)


def test_the_lower_limit_of_cost_holds() -> None:
    """A caller's own limit holds where it is lower; then it is no budget that rejects."""
    world = spender()
    for own in (0.0001, Decimal("0.0001")):
        with pytest.raises(Rejected) as caught:
            world.calls.run(world.call, model="auto", tenant="cheap", input_tokens=10_000, max_cost_usd=own)
        assert (caught.value.http_status, caught.value.retry_after) == (422, None)
    world.calls.run(world.call, max_cost_usd=1000, **CHAT)
    assert world.models == ["opus"]


@pytest.mark.parametrize("seed", [1, FRESH], ids=["1", "fresh"])
def test_estimates_are_the_routers(seed: int) -> None:
    """Whatever is asked, what is reserved for the pick is what the decision says it costs."""
    chance = random.Random(seed)
    router = Router.from_bytes(encode(crowd(40, seed % 1000)))
    for _ in range(300):
        tokens, most = chance.randrange(0, 20_000), chance.choice([None, 0, 7, 500, 9000])
        decision = router.resolve(model="auto", input_tokens=tokens, max_output_tokens=most, request_id=str(tokens))
        if decision.model is not None:
            assert estimate(router.facts, decision.model, tokens, most) == decision.estimated_cost_pusd, seed


def test_tokens_are_counted_where_nobody_says_them() -> None:
    """A number is taken, a function asked, messages measured; with none of them a token counts."""
    world = spender()
    messages = [{"role": "user", "content": "Grüße"}, {"content": [{"type": "text", "text": "x" * 20}]}]
    assert tokens_of(messages) == -(-(4 + 7 + 4 + 20) // 3)
    asked: list[int] = []

    def count() -> int:
        asked.append(1)
        return 40

    cases: list[tuple[dict[str, Any], int | None, tuple[str, ...]]] = [
        ({"input_tokens": 7, "messages": messages}, 7, ()),
        ({"input_tokens": count, "messages": messages}, 40, ()),
        ({"messages": messages}, 12, ("input_tokens_estimated",)),
        ({"input_tokens": lambda: 1 // 0, "messages": messages}, 12, ("input_tokens_estimated",)),
        ({"input_tokens": "many"}, 1, ("input_tokens_unknown",)),
        ({}, 1, ("input_tokens_unknown",)),
    ]
    for given, tokens, reasons in cases:
        world.calls.run(world.call, feature="chat", tenant="cheap", **given)
        row = world.kept.rows[-1]
        assert row.request["input_tokens"] == tokens
        assert row.decision.reasons == reasons
        assert "messages" not in row.request
        assert row.decision.estimated_cost_pusd == estimate(world.calls.facts, "opus", tokens or 1, None)
    assert len(asked) == 1
    assert world.desk.budgets.status()["calls"] == {"given": 2, "estimated": 2, "unknown": 2}
    world.calls.run(world.call, feature="chat", tenant="picky", messages=messages, input_tokens=count)
    assert world.kept.rows[-1].request == {"feature": "chat", "tenant": "picky", "input_tokens": 40}
    strict = World({"budgets": {"cheap": {"daily_cents": 1, "monthly_cents": None}}}, strict=True)
    for wrong in ("many", lambda: 1 // 0):
        with pytest.raises(WrongArgument):
            strict.calls.run(strict.call, feature="chat", tenant="cheap", input_tokens=wrong)  # type: ignore[arg-type]


def test_messages_that_cannot_be_read_are_unknown() -> None:
    """What is read only once stays for the call, and what raises harms nobody."""

    class Closed(dict[str, str]):
        def items(self) -> Any:
            raise ValueError

    world = spender()
    once = iter(["text"])
    unread: list[Any] = [once, 5, [], [Closed(role="user")]]
    for messages in unread:
        world.calls.run(world.call, feature="chat", tenant="cheap", messages=messages)
        assert world.kept.rows[-1].decision.reasons == ("input_tokens_unknown",)
    assert list(once) == ["text"]


@pytest.mark.parametrize("signal", [Inexact, Rounded, FloatOperation, Subnormal, Clamped])
@pytest.mark.parametrize("digits", [2, 28])
def test_the_decimals_of_a_caller_are_no_concern_of_budgets(signal: Any, digits: int) -> None:
    """Neither its traps nor its precision."""
    world = spender()
    with localcontext(Context(prec=digits, traps=[signal])):
        for request in ({"input_tokens": 123.0}, {"max_cost_usd": 3.5}):
            world.calls.run(lambda at: answer(123, 57), **{**CHAT, **request})
            status = world.desk.budgets.status()
    assert int(status["accounts"][0]["taken_usd"].scaleb(12)) == 2 * (
        cost(world.calls.facts, "opus", Usage(123, 57)) or 0
    )


def test_numbers_are_read_as_the_router_reads_them() -> None:
    wrong = [None, "5", True, -1, 10**10, 1.5, float("nan"), Decimal("sNaN"), Decimal("1e99999")]
    assert [whole(value) for value in wrong] == [None] * len(wrong)
    assert [whole(value) for value in (5, 5.0, Decimal(5), 0)] == [5, 5, 5, 0]


class Ends:
    """Every way in which a call may end, by chance; what each must have cost is told beside."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.world = spender(daily=100_000_000, monthly=None)
        self.expected = 0

    def one_try(self, at: Any) -> Any:
        expected = estimate(self.world.calls.facts, at.model, 100, None)
        way = self.chance.randrange(8)
        if way == 0:
            raise HostError(self.chance.choice([500, 429, 401]))
        if way == 1:
            self.expected += expected
            raise TimeoutError
        if way == 2:
            self.expected += expected
            raise ZeroDivisionError
        if way == 3:
            self.expected += expected
            raise KeyboardInterrupt
        if way == 4:
            self.expected += expected
            return "an answer that tells nothing"
        usage = Usage(self.chance.randrange(300), self.chance.randrange(300))
        self.expected += cost(self.world.calls.facts, at.model, usage) or 0
        return answer(*usage)

    async def one_atry(self, at: Any) -> Any:
        return self.one_try(at)

    def chunks(self, at: Any) -> Any:
        way = self.chance.randrange(4)
        if way == 0:
            raise HostError(503)
        expected = estimate(self.world.calls.facts, at.model, 100, None)
        yield {"choices": [{"finish_reason": None}]}
        if way == 1:
            self.expected += expected
            raise HostError(500)
        if way == 2:
            self.expected += expected
            return
        usage = Usage(self.chance.randrange(300), self.chance.randrange(300))
        self.expected += cost(self.world.calls.facts, at.model, usage) or 0
        yield {"choices": [{"finish_reason": "stop"}], **answer(*usage)}

    async def achunks(self, at: Any) -> Any:
        for chunk in self.chunks(at):
            yield chunk

    def dispatch(self) -> None:
        with self.world.calls.dispatch(**CHAT) as call:
            for at in call:
                with at:
                    call.succeeded(self.one_try(at))

    def stream(self) -> None:
        with self.world.calls.stream(self.chunks, **CHAT) as chunks:
            list(chunks)

    async def astream(self) -> None:
        async with self.world.calls.astream(self.achunks, **CHAT) as chunks:
            async for _ in chunks:
                pass

    def drop(self) -> None:
        call = self.world.calls.dispatch(**CHAT)
        call.__enter__()
        del call
        gc.collect()


@pytest.mark.parametrize("seed", [1, FRESH], ids=["1", "fresh"])
def test_every_way_out_settles_once(seed: int) -> None:
    """What is taken is what calls cost, to the pico-dollar: real usage, or what was expected where nobody tells."""
    ends = Ends(seed)
    world = ends.world
    world.clock.advance(periods_of(world.clock.time())[0].ends - world.clock.time())
    ways = [
        lambda: world.calls.run(ends.one_try, **CHAT),
        lambda: asyncio.run(world.calls.arun(ends.one_atry, **CHAT)),
        ends.dispatch,
        ends.stream,
        lambda: asyncio.run(ends.astream()),
    ]
    for turn in range(400):
        world.clock.advance(61)  # circuits close again; the day does not end
        with suppress(Exhausted, StreamBroken, HostError, ZeroDivisionError, KeyboardInterrupt):
            (ends.drop if turn % 50 == 0 else ends.chance.choice(ways))()
        assert taken(world) == [ends.expected], f"seed {seed}, turn {turn}"
    world.kept.assert_once()


@pytest.mark.parametrize("told", [1, 5000])
def test_a_stream_that_does_not_end_counts_at_least_as_expected(told: int) -> None:
    """What the beginning of an answer tells of its output is not what the host charges; what is more than that is."""
    world = spender(100)

    def opened(at: Any) -> Any:
        yield {"type": "message_start", "message": {"usage": {"input_tokens": 100, "output_tokens": told}}}
        yield {"type": "content_block_delta", "delta": {"text": "word "}}
        if broken:
            raise HostError(500)
        yield {"type": "message_stop"}

    usage = Usage(100, told)
    facts = world.calls.facts
    each = max(estimate(facts, "opus", 100, None), cost(facts, "opus", usage) or 0)
    for number, broken in enumerate((False, True), start=1):
        with suppress(StreamBroken), world.calls.stream(opened, **CHAT) as chunks:
            next(chunks)
            next(chunks)
            if broken:
                next(chunks)
        assert taken(world) == [number * each]


@pytest.mark.parametrize("way", ["leaves", "breaks", "drops", "ends"])
def test_what_was_seen_of_a_stream_counts(way: str) -> None:
    """Whoever stops late pays for what came, although no host told what it cost; nobody pays less than expected."""
    world = spender(100)

    def opened(at: Any) -> Any:
        for _ in range(900):
            yield {"choices": [{"delta": {"content": "word "}, "finish_reason": None}]}
        if way == "breaks":
            raise HostError(500)
        yield {"choices": [{"delta": {}, "finish_reason": "stop"}]}

    with suppress(StreamBroken):
        if way == "drops":
            stream = world.calls.stream(opened, **CHAT)
            stream.__enter__()
            for _ in range(900):
                next(stream)
            del stream
            gc.collect()
        else:
            with world.calls.stream(opened, **CHAT) as chunks:
                for number, _ in enumerate(chunks, start=1):
                    if way == "leaves" and number == 900:
                        break
    assert taken(world) == [cost(world.calls.facts, "opus", Usage(100, 900 * 5 // 3))]


def test_a_picture_is_affordable() -> None:
    """A picture counts as pictures cost, not as the text as which it is sent; the reasons say estimated."""
    world = spender(50)
    url = "data:image/png;base64," + "A" * 1_400_000
    messages = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}]
    world.calls.run(world.call, feature="chat", tenant="cheap", messages=messages)
    row = world.kept.rows[-1]
    assert row.request["input_tokens"] == tokens_of(messages) == PART_TOKENS + -(-len("userimage_url") // 3)
    assert row.decision.reasons == ("input_tokens_estimated",)


def test_64_threads_at_the_edge() -> None:
    """Calls that cost what is expected never take more than there is, and leave less than one call's cost."""
    world = spender(daily=1)
    served, turns = [], threading.Barrier(64)

    def work() -> None:
        turns.wait()
        for _ in range(4):
            try:
                served.append(world.calls.run(lambda at: answer(10, 5), model="opus", tenant="cheap", input_tokens=10))
            except Rejected:
                return

    threads = [threading.Thread(target=work) for _ in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(served) == CENT // (10 * OPUS)
    assert taken(world) == [len(served) * 10 * OPUS]


def test_calls_that_cost_more_overshoot_by_those_in_flight() -> None:
    """Where answers are dearer than expected, no call begins once the budget is spent."""
    world = spender(daily=1)
    world.ends["opus"] = answer(400, 200)
    for _ in range(2):
        world.calls.run(world.call, model="opus", tenant="cheap", input_tokens=100)
    with pytest.raises(Rejected):
        world.calls.run(world.call, model="opus", tenant="cheap", input_tokens=100)
    assert taken(world) == [2 * 400 * OPUS]


def test_fallbacks_are_paid_for() -> None:
    """A dearer model than the pick is not tried in its place where what is left does not pay for it."""
    world = spender()
    world.ends["mistral-3"] = HostError(500)
    world.ends["opus"] = answer(500, 250)
    world.calls.run(world.call, **{**CHAT, "input_tokens": 500})  # an eighth is left
    assert taken(world) == [500 * OPUS]
    world.asked.clear()
    world.ends = dict.fromkeys(("mistral-3", "mini", "gpt", "gpt-eu", "thinker", "qwen-max"), HostError(500))
    with pytest.raises(Exhausted):
        world.calls.run(world.call, **CHAT)
    assert "opus" not in world.models
    assert taken(world) == [500 * OPUS]


def test_periods_are_of_utc() -> None:
    """Days and months end as the calendar of UTC says, and no clock is too wrong."""
    moment = datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC).timestamp()
    day, month = periods_of(moment)
    assert (day.name, month.name, day.ends, month.ends) == ("2028-02-29", "2028-02", moment + 1, moment + 1)
    assert periods_of(moment + 1)[1].name == "2028-03"
    for wall in (-1e18, 1e18, 0.0):
        day, month = periods_of(wall)
        assert month.ends >= day.ends
