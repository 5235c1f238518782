"""Tables that are published under numbers: what a real process serves and keeps is what the explored protocol says."""

from __future__ import annotations

import random
from hashlib import sha256
from pathlib import Path

import pytest

from routecomp.service.tables import protocol
from routecomp.service.tables import tables as room
from routecomp.service.tables.files import Files, Unread
from routecomp.service.tables.protocol import Refusal, Replica, TableId
from routecomp.service.tables.tables import Tables

from .pieces import Heard, adds_up, good


class Numbered:
    """A source that holds what a test says, and the number under which it was published."""

    name, identity = "numbered", None

    def __init__(self) -> None:
        self.files = Files(Unread("nothing is there"), None)

    def read(self, *, afresh: bool) -> Files:
        assert afresh in (True, False)
        return self.files

    def hold(self, content: int, generation: int | None) -> TableId:
        """Hold a table from now on; return what it is known by."""
        self.files = Files(good(content), None, generation)
        return TableId(sha256(good(content)).hexdigest(), generation)


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Numbered:
    made = Numbered()
    monkeypatch.setattr(room, "open_source", lambda *_, **__: made)
    return made


def started(folder: Path, **more: object) -> Tables:
    return Tables("", last_good=folder, **more)  # type: ignore[arg-type]


def test_what_is_older_swapped_or_stripped_is_refused(source: Numbered, tmp_path: Path) -> None:
    """By the process that serves, and by the one that starts again; a rollback has a higher number."""
    heard = Heard()
    source.hold(5, 5)
    served = started(tmp_path, on_refused=[heard.append])
    for restart in (False, True):
        if restart:
            source.hold(5, 5)
            served = started(tmp_path, on_refused=[heard.append])
            assert served.status()["activated"] == 1
        for content, generation, words in (
            (4, 4, "generation 4 is older than 5, which was here before"),
            (6, 5, "generation 5 was another table before"),
            (6, None, "it has no generation, and one with generation 5 was here before"),
        ):
            source.hold(content, generation)
            assert str(served.refresh().reason).startswith(words)
            assert (served.status()["generation"], served.refresh().outcome) == (5, "unchanged")
        assert served.status()["refused"] == 3
        assert adds_up(served)
    assert [event.generation for event in heard] == [4, 5, None] * 2
    source.hold(4, 4)
    behind = started(tmp_path)
    assert (behind.status()["origin"], behind.status()["generation"], behind.ready()) == ("last-good", 5, True)
    source.hold(4, 6)
    assert (served.refresh().outcome, served.status()["generation"]) == ("activated", 6)


def test_another_process_keeps_a_newer_one(source: Numbered, tmp_path: Path) -> None:
    """What it kept stays kept, and an older one that is offered meanwhile is refused, also if it serves already."""
    source.hold(1, 1)
    slow = started(tmp_path)
    source.hold(3, 3)
    started(tmp_path)
    source.hold(2, 2)
    assert str(slow.refresh().reason).startswith("generation 2 is older than 3")
    source.hold(1, 1)
    assert (slow.refresh().outcome, slow.status()["generation"]) == ("unchanged", 1)
    source.hold(3, 3)
    assert (slow.refresh().outcome, slow.status()["generation"]) == ("activated", 3)
    assert adds_up(slow)


def expected(replica: Replica, offered: TableId | None) -> Replica:
    """Return what a process is after a look, by the protocol alone."""
    offered = offered or replica.serving  # of which nothing is left to do but to keep it again
    while offered is not None:
        step = protocol.next_step(replica, offered, storing=True)
        if isinstance(step, Refusal) or step == "done":
            break
        replica = protocol.take_step(step, replica, offered)
    return protocol.fall_back(replica)


@pytest.mark.parametrize("seed", range(3))
def test_a_process_does_what_was_explored(source: Numbered, tmp_path: Path, seed: int) -> None:
    """Looks, stale answers, restarts and lost disks by chance: after each, both say the same."""
    chance = random.Random(seed)
    served, model, published = started(tmp_path), Replica(), 0
    for _ in range(60):
        match chance.randrange(7):
            case 0 | 1:
                published += 1
                offered: TableId | None = source.hold(published, published)
            case 2 | 3 if published:
                number = chance.randint(max(1, published - 3), published)
                offered = source.hold(number, number)
            case 4:
                source.files, offered = Files(Unread("gone"), None), None
            case 5:
                for path in tmp_path.iterdir():
                    path.unlink()
                model, offered = model._replace(stored=None), None
                source.files = Files(Unread("gone"), None)
            case _:
                offered = source.hold(chance.randint(100, 200), chance.choice([None, published or None]))
        if chance.randrange(5) == 0:
            model, served = protocol.start(model.stored), started(tmp_path)
        else:
            served.refresh()
        model = expected(model, offered)
        assert served._record.replica.serving == model.serving
        assert served.ready() is (model.serving is not None)
        assert adds_up(served)
        assert served._last_good is not None
        kept = served._last_good.read()
        assert (None if kept is None else kept.table_id) == model.stored
