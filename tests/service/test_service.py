"""What `open` puts together: the table of a file, calls, health and rows; and the example of the page."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from routecomp import service
from routecomp.service import At, CallError, Exhausted, JsonLines, Rejected, Service
from tests.runtime.tables import FALLBACK, TABLE, changed, encode
from tests.service.calls.world import HostError, set_keys
from tests.test_service_code import CODE, Hosts, hosts

__all__ = ["hosts"]


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    set_keys(monkeypatch)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "routing_table.json"
    path.write_bytes(encode(TABLE))
    return path


def opened(table: Path, **options: Any) -> Service:
    return service.open(table, last_good=table.parent / "last-good", **options)


def fail(at: At) -> Any:
    raise HostError(503)


def test_calls_are_written_down(table: Path) -> None:
    """A path among the sinks is a file of JSON lines; who closes has every row."""
    rows = table.parent / "rows.jsonl"
    with opened(table, sinks=[rows]) as router:
        assert router.run(lambda at: at.model, feature="chat", request_id="r-1") == "opus"
        assert asyncio.run(router.arun(in_task, feature="chat", request_id="r-2")) == "opus"
        with router.stream(lambda at: ["a", "b"], model="opus", request_id="r-3") as chunks:
            assert list(chunks) == ["a", "b"]
        with router.dispatch(feature="chat", request_id="r-4") as call:
            for at in call:
                with at:
                    at = at if at.model != "opus" else fail(at)
        with pytest.raises(Rejected):
            router.run(fail, model="off", request_id="r-5")
        with pytest.raises(Exhausted):
            router.run(fail, model="opus", request_id="r-6")
        assert router.flush()
        status = router.status()
    assert status["capture"]["in_flight"] == 0
    assert status["capture"]["captured"] == 6
    assert status["capture"]["dispatch_without_capture_total"] == status["capture"]["unexpected_capture_total"] == 0
    lines = [json.loads(line) for line in rows.read_text(encoding="utf-8").splitlines()]
    outcomes = {row["request_id"]: row["outcome"] for row in lines if row["event"] == "routing_outcomes"}
    assert outcomes == {
        "r-1": "succeeded",
        "r-2": "succeeded",
        "r-3": "succeeded",
        "r-4": "fell_back",
        "r-5": "rejected",
        "r-6": "failed",
    }
    tries = [row for row in lines if row["event"] == "routing_attempts"]
    assert len(tries) == 6
    assert "routecomp_calls_total" in router.metrics()


async def in_task(at: At) -> str:
    return at.model


def test_a_block_of_a_task_closes_without_holding_up_its_loop(table: Path) -> None:
    """What is under way in the loop may end meanwhile, and is written."""
    rows = table.parent / "rows.jsonl"

    async def later(router: service.Service, began: asyncio.Event) -> None:
        async def slow(at: At) -> str:
            began.set()
            await asyncio.sleep(0.1)
            return at.model

        await router.arun(slow, feature="chat")

    async def main() -> None:
        async with opened(table, sinks=[rows]) as router:
            began = asyncio.Event()
            task = asyncio.create_task(later(router, began))
            await began.wait()
        await task

    asyncio.run(main())
    (line,) = [line for line in rows.read_text(encoding="utf-8").splitlines() if "routing_outcomes" in line]
    assert json.loads(line)["outcome"] == "succeeded"


def test_a_new_table_serves_the_next_call(table: Path) -> None:
    """The call that is under way keeps the one that it began with."""
    with opened(table) as router:
        assert router.ready()
        assert router.live()
        with router.dispatch(feature="chat") as call:
            table.write_bytes(encode(changed(TABLE, {"features/chat/rows/0/model": "thinker"})))
            assert router.refresh().outcome == "activated"
            assert next(call).model == "opus"
        assert router.run(lambda at: at.model, feature="chat") == "thinker"
        table.write_bytes(b"{}")
        assert router.refresh().outcome == "refused"
        assert router.run(lambda at: at.model, feature="chat") == "thinker"
        assert router.status()["tables"]["refused"] == 1


def test_without_any_table_the_ladder_answers(tmp_path: Path) -> None:
    last_resort = {
        "model": "spare",
        "provider": "spare",
        "upstream_model": "spare-1",
        "url": "https://spare.example/v1/chat/completions",
        "adapter": "openai",
    }
    with opened(tmp_path / "routing_table.json", last_resort=last_resort) as router:
        assert not router.ready()
        assert router.run(lambda at: at.upstream_model, feature="chat") == "spare-1"
    with opened(tmp_path / "routing_table.json") as router, pytest.raises(Rejected) as caught:
        router.run(fail, feature="chat")
    assert caught.value.status == "unknown_model"


def test_keys_that_are_not_set_are_named_at_start(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    monkeypatch.setenv("NIMBUS_KEY", "")
    with opened(table) as router:
        gaps = {gap.variable: gap.needed_by for gap in router.check_keys()}
        assert router.status()["keys_missing"] == ["ANTHROPIC_API_KEY", "NIMBUS_KEY"]
    assert gaps["ANTHROPIC_API_KEY"] == ("opus",)
    assert "preview/nimbus/gpt" in gaps["NIMBUS_KEY"]


def test_the_status_is_plain_json(table: Path) -> None:
    with opened(table, sinks=[JsonLines(table.parent / "rows.jsonl")]) as router:
        for _ in range(5):
            with pytest.raises(CallError):
                router.run(fail, model="opus")
        assert {scope["state"] for scope in router.status()["health"]["scopes"]} >= {"open"}
        json.dumps(router.status())


MAD: dict[str, list[Any]] = {
    "deadline": [0, -1, float("nan"), float("inf"), 1e10, "12", None, True],
    "every_s": [0, float("nan"), float("inf"), 1e10, "30", None],
    "timeout_s": [0, float("inf"), None],
    "stale_after_s": [0, float("nan"), "300"],
    "max_bytes": [0, 1.5, "1"],
    "capacity": [None, 0, -1, 1.5, "10", float("inf"), True],
    "sinks": ["out", b"out", Path("out"), print, 5, [None], [print], [object()], [JsonLines], [["out"]]],
    "shared": [5, object(), True],
    "on_activated": [print, 5, ["print"], "print"],
}


@pytest.mark.parametrize("name", MAD)
def test_an_argument_that_cannot_be_meant_is_refused(table: Path, name: str) -> None:
    """When the service is opened, and by name: later a thread would end of it, or a call. Nothing is left behind."""
    before = {*threading.enumerate()}
    for value in MAD[name]:
        with pytest.raises(ValueError, match=f"`{name}`"):
            opened(table, **{name: value})
    assert {*threading.enumerate()} == before
    assert {path.name for path in table.parent.iterdir()} <= {table.name, "last-good"}


def test_importing_starts_nothing_and_needs_no_package() -> None:
    """No thread, no file, no module but those of the standard library and of two rooms."""
    program = (
        "import sys, threading, routecomp.service\n"
        "assert threading.active_count() == 1\n"
        "ours = [name for name in sys.modules if name.startswith('routecomp.')]\n"
        "assert {name.split('.')[1] for name in ours} <= {'service', 'runtime', 'version'}, ours\n"
        "others = {name.split('.')[0] for name in sys.modules} - set(sys.stdlib_module_names) - {'routecomp'}\n"
        "print(sorted(name for name in others if not name.startswith(('_', 'sitecustomize'))))\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr


def test_the_pages_example_serves(table: Path, hosts: Hosts, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it stands on the page, with the example's table, all of whose hosts are a server here."""
    project = Path(__file__).parents[2]
    body = json.loads((project / "generated" / "routing_table.json").read_bytes())
    for slug, provider in body["providers"].items():
        provider["url"] = f"http://127.0.0.1:{hosts.server_port}/{slug}"
        if provider["api_key_env"] is not None:
            monkeypatch.setenv(provider["api_key_env"], f"key of {slug}")
    folder = table.parent / "service" / "generated"
    folder.mkdir(parents=True)
    (folder / "routing_table.json").write_text(json.dumps(body), encoding="ascii")
    monkeypatch.chdir(folder.parent)
    monkeypatch.setenv("XDG_CACHE_HOME", str(table.parent / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(table.parent / "state"))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    module: Any = ModuleType("example")
    exec(compile(CODE["docs/service.md-1"], "docs/service.md", "exec"), module.__dict__)
    with module.router:
        chain = module.router.resolve(feature="support-chat").chain
        first, second = (
            module.router.endpoint(module.router.resolve(feature="support-chat"), slug) for slug in chain[:2]
        )
        assert module.answer("Hi", None) == (200, f"{first.upstream_model}: Hi")
        assert hosts.calls == [(first.provider, first.upstream_model, f"Bearer key of {first.provider}")]
        hosts.down.add(first.provider)
        assert module.answer("Hi", None) == (200, f"{second.upstream_model}: Hi")
        hosts.down |= set(body["providers"])
        status, words = module.answer("Hi", None)
    assert status == 503
    assert "no model answered" in words


def test_who_names_no_sink_finds_outcomes_in_a_file(table: Path, state_folder: Path) -> None:
    """It lies beside the table that is kept, for this user alone; without such a folder, in the user's own."""
    places: list[tuple[Any, Path]] = [
        (table.parent / "kept" / "here", table.parent / "kept" / "here"),
        (True, state_folder / "routecomp"),
        (False, state_folder / "routecomp"),
    ]
    for calls, (last_good, folder) in enumerate(places, start=1):
        with service.open(table, last_good=last_good) as router:
            assert router.run(lambda at: at.model, feature="chat") == "opus"
            assert router.flush()
            (sink,) = router.status()["capture"]["sinks"]
        path = Path(sink["path"] or "")
        assert (sink["written"], path.parent) == (3, folder)
        assert [path.stat().st_mode & 0o777, folder.stat().st_mode & 0o777] == [0o600, 0o700]
        assert len(path.read_text().splitlines()) == (6 if calls == 3 else 3)


def test_who_names_none_writes_nothing(table: Path, state_folder: Path) -> None:
    with service.open(table, last_good=False, sinks=()) as router:
        router.run(lambda at: at.model, feature="chat")
    assert list(state_folder.iterdir()) == []


def test_without_a_folder_for_outcomes_calls_go_on(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written where the process happens to stand, and the status says what is lost."""
    monkeypatch.setenv("XDG_STATE_HOME", "")
    monkeypatch.setenv("HOME", "nowhere")
    monkeypatch.chdir(table.parent)
    with service.open(table) as router:
        assert router.run(lambda at: at.model, feature="chat") == "opus"
        assert router.flush()
        (sink,) = router.status()["capture"]["sinks"]
    assert (sink["written"], sink["failed"], sink["last_error"]) == (0, 3, "FileNotFoundError")
    assert os.listdir(table.parent) == [table.name]


def test_paths_mean_what_they_meant_when_the_service_was_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program may go to another folder later, as a daemon does; there may be other files of the same names."""
    for number, name in enumerate(("here", "there")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "t.json").write_bytes(encode({**TABLE, "note": number}))
    monkeypatch.chdir(tmp_path / "here")
    with service.open("t.json", fallback="f.json", last_good="kept", sinks=["rows.jsonl"]) as router:
        assert router.ready()
        monkeypatch.chdir(tmp_path / "there")
        (tmp_path / "here" / "t.json").write_bytes(encode({**TABLE, "note": 2}))
        (tmp_path / "there" / "f.json").write_bytes(encode(FALLBACK))
        assert router.refresh().outcome == "activated"
        assert router.run(lambda at: at.model, feature="chat") == "opus"
        assert router.status()["tables"]["fallback"] != "loaded"
        monkeypatch.chdir("/")
        assert router.refresh().outcome == "unchanged"
    assert {path.name for path in (tmp_path / "here").iterdir()} == {"t.json", "kept", "rows.jsonl"}
    assert {path.name for path in (tmp_path / "there").iterdir()} == {"t.json", "f.json"}


def test_status_and_probes_answer_where_no_thread_can_be_started(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls are answered too; as soon as there are threads again, everything is watched and written."""
    with monkeypatch.context() as without:
        without.setattr(threading.Thread, "start", no_thread)
        router = opened(table, sinks=[table.parent / "rows.jsonl"])
        assert router.run(lambda at: at.model, feature="chat") == "opus"
        status = router.status()
        assert (status["tables"]["watching"], router.live(), router.ready()) == (False, False, True)
        assert "routecomp_calls_total" in router.metrics()
        assert not router.flush(0.01)
    assert router.live()
    assert router.run(lambda at: at.model, feature="chat") == "opus"
    assert router.close()
    assert (table.parent / "rows.jsonl").read_text(encoding="utf-8").count('"routing_outcomes"') == 2


def no_thread(thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


def test_a_service_that_is_dropped_leaves_no_thread_and_no_file_open(table: Path) -> None:
    """What waited is written, as if it had been closed; and no table is kept alive."""

    class Quiet:
        def exchange(self, told: object, facts: object) -> list[Any]:
            return []

        def close(self) -> None:
            return

    threads, files = {*threading.enumerate()}, len(os.listdir("/dev/fd"))
    for number in range(3):
        router = opened(table, sinks=[table.parent / "a.jsonl", table.parent / "b.jsonl"], shared=Quiet())
        assert router.run(lambda at: at.model, feature="chat", request_id=f"r-{number}") == "opus"
        del router
    end = time.monotonic() + 20
    while not {*threading.enumerate()} <= threads and time.monotonic() < end:
        gc.collect()
        time.sleep(0.02)
    assert {*threading.enumerate()} <= threads
    assert len(os.listdir("/dev/fd")) <= files
    for name in ("a.jsonl", "b.jsonl"):
        assert (table.parent / name).read_text(encoding="utf-8").count('"routing_outcomes"') == 3


def test_tables_that_were_replaced_are_let_go(table: Path) -> None:
    """Also where no sink takes calls away and nobody asks for metrics: sums are made all the same."""
    old: list[weakref.ref[Any]] = []
    with opened(table, sinks=()) as router:
        for number in range(4):
            router.run(lambda at: at.model, feature="chat")
            old.append(weakref.ref(router.router._memory))
            table.write_bytes(encode({**TABLE, "note": number}))
            assert router.refresh().outcome == "activated"
        assert router.flush()
        gc.collect()
        assert len([reference for reference in old if reference() is not None]) <= 1  # that of the last call


@pytest.mark.parametrize("url", ["somewhere", "http://user:hunter2@host/", "redis://user:hun:ter2@host:x/0"])
def test_what_is_no_url_of_a_redis(table: Path, url: str) -> None:
    """It is refused at open, without a word of what stands in it."""
    pytest.importorskip("redis")
    for options in ({"shared": url}, {"budgets": url}):
        with pytest.raises(ValueError, match="no URL of a Redis or Valkey") as refused:
            opened(table, sinks=(), **options)
        assert "ter2" not in str(refused.value)
