"""Ten minutes of outages on the example of FastAPI: no call fails that a permitted, able host could have answered."""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from routecomp import service, testing
from routecomp.service import At
from tests.examples.running import EXAMPLES, KEYS, table_files
from tests.seeds import FRESH

MISSING = [name for name in ("fastapi", "httpx", "openai", "anthropic") if find_spec(name) is None]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"NOT TESTED: not installed: {', '.join(MISSING)}")

DEADLINE, ATTEMPTS = 20.0, 4
"""What app.py says, and the project's `max_attempts`."""
FAULTS = ("429", "500", "hang", "reset", "half_stream", "slow_first_token")
TENANTS = (None, "acme", "rhein-bank")


class Hosts:
    """Hosts that go down and come back, each by itself, and stand in the place of the app's clients."""

    def __init__(self, seed: int, models: list[str]) -> None:
        self.dice = random.Random(seed)
        self.clock = testing.FakeClock()
        self.until = dict.fromkeys(models, 0.0)
        self.fault = dict.fromkeys(models, "500")
        self.alone_until: dict[str, float] = {}
        self.asked: list[tuple[str, str | None, float]] = []
        """Of the call under way: each model that was asked, its fault, and the seconds that it took."""

    def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)
        for model, until in self.until.items():
            if until <= self.clock.monotonic() and self.dice.random() < 0.08 * seconds:
                self.until[model] = self.clock.monotonic() + self.dice.choice([1, 3, 10, 60])
                self.fault[model] = self.dice.choice(FAULTS)

    def fault_of(self, model: str) -> str | None:
        return self.fault[model] if self.until[model] > self.clock.monotonic() else None

    def is_able(self, model: str) -> bool:
        """Return whether a host could answer now, and has not asked to be left alone until later."""
        is_left_alone = self.clock.monotonic() <= self.alone_until.get(model, 0.0)
        return self.fault_of(model) in (None, "slow_first_token") and not is_left_alone

    def for_task(self, at: At) -> Any:
        """Return a client as the app asks for one."""

        async def create(*, stream: bool, **_: Any) -> Any:
            fault, began = self.fault_of(at.model), self.clock.monotonic()
            try:
                self._fail(at, fault, stream=stream)
            finally:
                self.asked.append((at.model, fault, self.clock.monotonic() - began))
            return self._chunks(at, fault) if stream else _answer(at)

        made = SimpleNamespace(create=create)
        return SimpleNamespace(messages=made, chat=SimpleNamespace(completions=made))

    def _fail(self, at: At, fault: str | None, *, stream: bool) -> None:
        self.clock.advance(2.0 if fault == "slow_first_token" else 0.2)
        if fault == "429":
            seconds = round(self.until[at.model] - self.clock.monotonic() + 0.05, 1)  # as hosts say it
            self.alone_until[at.model] = self.clock.monotonic() + seconds
            raise testing.status(429, retry_after=seconds)
        if fault == "500":
            raise testing.status(500)
        if fault == "hang":
            self.clock.advance(max(min(at.timeout, 3.0 if stream else 5.0) - 0.2, 0.0))
            raise TimeoutError
        if fault == "reset" or (fault == "half_stream" and not stream):
            raise ConnectionResetError

    async def _chunks(self, at: At, fault: str | None) -> AsyncIterator[Any]:
        yield _chunk(at, "Hello")
        if fault == "half_stream":
            raise ConnectionResetError
        yield _chunk(at, f" from {at.model}")
        yield _end(at)


def _answer(at: At) -> Any:
    text = f"Hello from {at.model}"
    if at.adapter == "anthropic":
        return SimpleNamespace(content=[SimpleNamespace(text=text)], stop_reason="end_turn")
    return SimpleNamespace(choices=[SimpleNamespace(message=SimpleNamespace(content=text), finish_reason="stop")])


def _chunk(at: At, text: str) -> Any:
    if at.adapter == "anthropic":
        return SimpleNamespace(type="content_block_delta", delta=SimpleNamespace(text=text))
    return SimpleNamespace(choices=[SimpleNamespace(delta=SimpleNamespace(content=text), finish_reason=None)])


def _end(at: At) -> Any:
    if at.adapter == "anthropic":
        return SimpleNamespace(type="message_stop")
    return SimpleNamespace(choices=[SimpleNamespace(delta=SimpleNamespace(content=None), finish_reason="stop")])


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Import the app over a table of its project, as a server does."""
    table = tmp_path / "table"
    table.mkdir()
    for name, data in table_files("http://127.0.0.1:9", **{"failures: 1000": "failures: 5"}).items():
        (table / name).write_bytes(data)
    for name, value in {**KEYS, "ROUTING_TABLE": str(table), "STATE_DIRECTORY": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    spec = spec_from_file_location("example_app", EXAMPLES / "fastapi" / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.router.close()
    yield module
    module.router.close()


def permitted_for(router: service.Service, tenant: str | None) -> set[str]:
    """Return every model that may serve a tenant: those of the chain, and those that follow where these are gone."""
    models: set[str] = set()
    while True:
        decision = router.resolve(feature="support-chat", tenant=tenant, unavailable=sorted(models))
        if set(decision.chain) <= models:
            return models
        models |= set(decision.chain)


async def run(app: Any, hosts: Hosts, seed: int) -> Counter[str]:
    """Make calls for ten minutes, and judge each of them."""
    import httpx

    ends: Counter[str] = Counter()
    fourths = 0
    transport = httpx.ASGITransport(app=app.app)
    end = hosts.clock.monotonic() + 600
    async with httpx.AsyncClient(transport=transport, base_url="http://example") as client:
        while hosts.clock.monotonic() < end:
            hosts.pass_time(hosts.dice.choice([0.1, 0.5, 1.5]))
            tenant, stream = hosts.dice.choice(TENANTS), hosts.dice.random() < 0.4
            body = {"messages": [{"role": "user", "content": "Hello?"}], "stream": stream}
            headers = {} if tenant is None else {"X-Tenant": tenant}
            permitted = permitted_for(app.router, tenant)
            shadows = asyncio.all_tasks() - {asyncio.current_task()}
            await asyncio.gather(*shadows, return_exceptions=True)  # so that none of them is taken for a try
            hosts.asked.clear()
            began = hosts.clock.monotonic()
            try:
                response = await client.post("/chat", json=body, headers=headers)
            except Exception:
                ends["broken"] += 1
                assert stream, f"seed {seed}"
                assert hosts.asked[-1][1] == "half_stream", f"seed {seed}: {hosts.asked}"
                continue
            took, asked = hosts.clock.monotonic() - began, {model for model, _, _ in hosts.asked}
            assert asked <= permitted, f"seed {seed}: {asked - permitted} may not be asked"
            assert len(hosts.asked) <= ATTEMPTS, f"seed {seed}: {hosts.asked}"
            assert took <= DEADLINE + 1e-6, f"seed {seed}: {hosts.asked}"
            ends[str(response.status_code)] += 1
            fourths += len(hosts.asked) == ATTEMPTS
            if response.status_code == 200:
                text = response.text if stream else response.json()["text"]
                assert text == f"Hello from {hosts.asked[-1][0]}", f"seed {seed}"
                continue
            is_late = took >= DEADLINE - 1e-6 and took <= sum(seconds for _, _, seconds in hosts.asked) + 1e-6
            left = [model for model in permitted - asked if hosts.is_able(model)]
            assert len(asked) == ATTEMPTS or is_late or not left, f"seed {seed}: {left} could answer, {hosts.asked}"
    assert fourths or seed != 1, "no call came to its last attempt, so that none tells whether it is made"
    return ends


@pytest.mark.parametrize("seed", [1, 2_706_443_349, FRESH], ids=["1", "circuit closes meanwhile", "fresh"])
def test_ten_minutes_of_outages(app: Any, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call fails only where `max_attempts` models were asked, its deadline went by with asking, or nobody was able.

    Open circuits are no reason: whoever is able behind one is asked before a call fails.
    """
    rows: list[dict[str, Any]] = []
    kept = service.Callback(lambda kind, values: rows.append(values) if kind == "routing_outcomes" else None)
    table = json.loads((Path(os.environ["ROUTING_TABLE"]) / "routing_table.json").read_text(encoding="utf-8"))
    hosts = Hosts(seed, sorted(table["models"]))
    settings: dict[str, Any] = {"clock": hosts.clock, "deadline": DEADLINE, "mirror": True}
    with service.open(os.environ["ROUTING_TABLE"], sinks=[kept], **settings) as router:
        monkeypatch.setattr(app, "router", router)
        monkeypatch.setattr(app, "clients", hosts)
        ends = asyncio.run(run(app, hosts, seed))
        assert router.flush()
        assert router.status()["capture"]["dispatch_without_capture_total"] == 0
    assert len(rows) == sum(ends.values())
    assert ends["200"] > 100
    assert sum(row["outcome"] == "fell_back" for row in rows) > 10
