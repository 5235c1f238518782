"""A table is tried whole before it serves; the last good one serves on, and the status says all of it."""

from __future__ import annotations

import inspect
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from routecomp.runtime.resolver import Router
from routecomp.service.tables.files import FALLBACK, TABLE
from routecomp.service.tables.status import TableEvent, TablesStatus
from routecomp.service.tables.tables import Tables
from routecomp.service.tables.verify import Unfit, try_table
from tests.runtime import tables
from tests.service.clock import DAY, FakeClock

from .pieces import Heard, adds_up, bad, fallback, good, kept, model, release, replace


def digest(raw: bytes) -> str:
    return sha256(raw).hexdigest()


def test_a_new_table_serves_and_is_kept(tmp_path: Path) -> None:
    """From a folder whose symlink is swapped: activated, unchanged, activated; each stored and told once."""
    heard, folder = Heard(), tmp_path / "kept"
    served = Tables(release(tmp_path, 0), last_good=folder, on_activated=[heard.append])
    router = served.router
    assert (model(served), kept(folder)) == ("opus", good(0))
    assert served.refresh().outcome == "unchanged"
    assert served.router is router
    release(tmp_path, 1)
    assert served.refresh().outcome == "activated"
    assert (model(served), kept(folder)) == ("thinker", good(1))
    assert router.resolve(feature="chat").model == "opus"  # a call that holds it goes on with it
    status = served.status()
    assert (status["activated"], status["unchanged"], status["reads"], status["fallback"]) == (2, 1, 3, "loaded")
    assert [(event.kind, event.ruleset_hash, event.origin) for event in heard] == [
        ("activated", digest(good(number)), "source") for number in (0, 1)
    ]
    assert adds_up(served)


@pytest.mark.parametrize("number", range(12))
def test_a_bad_table_changes_nothing(tmp_path: Path, number: int) -> None:
    """Broken in each of 12 ways: refused in words, told and counted once however often it is read or comes back."""
    heard, path = Heard(), tmp_path / TABLE
    path.write_bytes(good(0))
    served = Tables(path, last_good=tmp_path / "kept", on_refused=[heard.append])
    replace(path, bad(number))
    refresh = served.refresh()
    assert (refresh.outcome, served.status()["last_refusal"]) == ("refused", refresh.reason)
    assert str(refresh.reason).startswith("routing table: ")
    assert served.refresh() == ("unchanged", refresh.reason)
    replace(path, good(0))
    assert served.refresh().outcome == "unchanged"
    assert served.status()["last_refusal"] is None
    replace(path, bad(number))
    assert served.refresh() == ("unchanged", refresh.reason)
    status = served.status()
    assert (status["refused"], status["refused_hash"], status["last_refusal"]) == (
        1,
        digest(bad(number)),
        refresh.reason,
    )
    assert [event.ruleset_hash for event in heard] == [digest(bad(number))]
    assert (model(served), kept(tmp_path / "kept")) == ("opus", good(0))
    assert adds_up(served)
    assert served.ready()


def test_what_no_caller_could_use_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables that load, and whose decisions lead nowhere; rejections by policy are none of those."""
    for changes, words in (
        (
            {"providers/mistral/url": "ftp://mistral"},
            "asked for the feature 'chat', the model 'mistral-3' of its chain",
        ),
        ({"models/hidden/upstream": ""}, "asked for the feature 'secret', the model 'hidden'"),
    ):
        raw = tables.encode(tables.changed(tables.TABLE, changes))
        assert Router.from_bytes(raw).status()["last_rejection"] is None
        with pytest.raises(Unfit, match=words):
            try_table(raw, None, None)
    tried = try_table(good(0), None, None)
    assert min(tried.answers, tried.rejections) > 0

    def fail(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr(Router, "endpoint", fail)
    with pytest.raises(Unfit, match="the resolver raises RecursionError"):
        try_table(good(0), None, None)


def test_without_any_table_the_ladder_answers(tmp_path: Path) -> None:
    """Nothing there, then a fallback file, then a better one, then a table: never None, never an exception."""
    served = Tables(tmp_path / "current" / TABLE, last_good=False, last_resort="gpt")
    assert (served.router.resolve(feature="chat").status, served.ready()) == ("unknown_model", False)
    assert served.status()["last_failure"] == "the file does not exist"
    (tmp_path / "current").mkdir()
    (tmp_path / "current" / FALLBACK).write_bytes(b"{")
    assert served.refresh().outcome == "unreadable"
    assert served.status()["fallback"].startswith("refused: ")
    (tmp_path / "current" / FALLBACK).write_bytes(fallback(0))
    served.refresh()
    assert (served.status()["serving"], served.router.resolve(feature="chat").source) == (
        "fallback file",
        "default_model",
    )
    (tmp_path / "current" / FALLBACK).write_bytes(b"{")
    served.refresh()
    assert served.status()["fallback"].startswith("refused, the last good one is kept: the file is not JSON")
    assert served.status()["serving"] == "fallback file"
    (tmp_path / "current" / TABLE).write_bytes(good(0))
    assert served.refresh().outcome == "activated"
    assert (served.status()["serving"], served.ready()) == ("routing table", True)
    assert served.status()["last_failure"] is None
    assert served.status()["unreadable"] == served.status()["looks"] - 1 == 4


def test_times_follow_the_clock_that_nobody_sets(tmp_path: Path) -> None:
    """A wall clock that is set back or forth changes the dates of what comes later, and no age."""
    clock, path = FakeClock(), tmp_path / TABLE
    path.write_bytes(good(0))
    served = Tables(path, last_good=False, clock=clock, every_s=30)
    began = served.status()["activated_at"]
    clock.advance(40)
    clock.step(-3 * DAY)
    served.refresh()
    clock.advance(5)
    status = served.status()
    assert (status["activated_at"], status["age_s"], status["confirmed_age_s"]) == (began, 45, 5)
    clock.step(9 * DAY)
    replace(path, b"{")
    served.refresh()
    clock.advance(2)
    served.refresh()
    status = served.status()
    assert (status["last_refusal_age_s"], status["stale"]) == (2, False)
    assert str(status["last_refusal_at"]) > str(began)


def test_a_table_that_nothing_confirms_is_stale_and_serves(tmp_path: Path) -> None:
    """Told once for each time, with the cause; a look that finds the table ends it."""
    clock, heard, path = FakeClock(), Heard(), tmp_path / TABLE
    path.write_bytes(good(0))
    served = Tables(path, last_good=False, clock=clock, on_stale=[heard.append], stale_after_s=100)
    path.unlink()
    for _ in range(4):
        clock.advance(40)
        served.refresh()
    assert [(event.kind, event.ruleset_hash) for event in heard] == [("stale", digest(good(0)))]
    assert heard[0].reason == "not confirmed for more than 100 s: the file does not exist"
    assert served.status()["stale"]
    assert served.ready()
    path.write_bytes(good(0))
    served.refresh()
    assert not served.status()["stale"]
    replace(path, b"{")  # a table that is there and refused confirms nothing either
    clock.advance(101)
    served.refresh()
    assert heard.kinds == ["stale", "stale"]


def test_a_hook_that_raises_is_counted(tmp_path: Path) -> None:
    """And the others are called, and the table serves."""
    heard = Heard()

    def fail(event: TableEvent) -> None:
        raise ZeroDivisionError(event.kind)

    served = Tables(release(tmp_path, 0), last_good=False, on_activated=[fail, heard.append, fail])
    status = served.status()
    assert (status["hook_failures"], status["last_hook_failure"]) == (2, "ZeroDivisionError")
    assert (heard.kinds, model(served)) == (["activated"], "opus")


def test_a_hook_may_ask_and_look(tmp_path: Path) -> None:
    """It is called outside of the look: what it asks and starts is answered."""
    answers: list[object] = []

    def ask(_: TableEvent) -> None:
        answers.append((model(made[0]), made[0].refresh().outcome) if made else None)

    made: list[Tables] = []
    made.append(Tables(release(tmp_path, 0), last_good=False, on_activated=[ask]))
    release(tmp_path, 1)
    made[0].refresh()
    assert answers == [None, ("thinker", "unchanged")]


def test_what_was_refused_for_want_of_memory_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten minutes later, without being counted or told again."""
    clock, heard, path = FakeClock(), Heard(), tmp_path / TABLE
    path.write_bytes(good(0))
    served = Tables(path, last_good=False, clock=clock, on_refused=[heard.append])
    replace(path, good(1))
    with monkeypatch.context() as broken:
        broken.setattr("routecomp.runtime.resolver.json.loads", lambda *_, **__: (_ for _ in ()).throw(MemoryError()))
        assert served.refresh().reason == "routing table: there was not enough memory to load the file"
        clock.advance(600)
        assert served.refresh().outcome == "unchanged"
    assert served.refresh().outcome == "unchanged"
    clock.advance(600)
    assert served.refresh().outcome == "activated"
    assert (served.status()["refused"], len(heard), model(served)) == (1, 1, "thinker")
    assert adds_up(served)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"source": "s3://bucket/table"}, "not s3://"),
    ({"source": b"table"}, "as text"),
    ({"source": "https://config.example/table"}, "unsigned=True"),
    ({"source": "http://config.example/table", "unsigned": True}, "is not https"),
    ({"source": "https://me:hunter2@config.example/t", "unsigned": True}, "holds a user or a password"),
    ({"source": "https:///table", "unsigned": True}, "is not a URL with a host"),
    ({"source": "https://config.example:no/table", "unsigned": True}, "is not a URL with a host"),
    ({"source": "https://a/t", "unsigned": True, "headers": {"X": "hunter2\n"}}, "the value of the header X"),
    ({"source": "https://a/t", "unsigned": True, "headers": {"X:": "hunter2"}}, "is not the name of a header"),
    ({"source": "https://a/t", "unsigned": True, "fallback": "https://a/f"}, "`fallback` is a local file"),
    ({"source": "table", "headers": {"X": "hunter2"}}, "`headers` are for a URL"),
    ({"source": "table", "every_s": 0}, "more than 0"),
    ({"source": "table", "last_good": "a\0b"}, "`last_good` is the path of a folder"),
    ({"source": "table", "last_resort": {"model": "x"}}, "last_resort"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG, ids=[words for _, words in WRONG])
def test_what_cannot_be_meant_is_refused_at_once(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError) as raised:
        Tables(**arguments)
    assert words in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_the_status_has_the_keys_it_is_typed_with(tmp_path: Path) -> None:
    status = Tables(tmp_path / "none", last_good=False).status()
    assert status.keys() == TablesStatus.__annotations__.keys()
    assert {parameter.kind for parameter in [*inspect.signature(Tables).parameters.values()][1:]} == {
        inspect.Parameter.KEYWORD_ONLY
    }
