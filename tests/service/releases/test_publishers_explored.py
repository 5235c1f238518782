"""Several publishers at one place, in every order, dying anywhere: what leads is whole, and no update is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import pytest

from routecomp.workspace.publishing import steps
from tests.service.releases import order
from tests.service.tables.explore import Wrong, shortest, walk


class Publisher(NamedTuple):
    """One run of `publish`; what it does next, and what it has read."""

    content: int
    next: str = "begin"
    number: int = 0
    parent: int | None = None
    wanted: int = 0

    @property
    def ended(self) -> bool:
        return self.next in ("begin", "done", "told", "dead")


class World(NamedTuple):
    """What leads; each release by its number, with whose it is and whether it is whole; and who publishes."""

    current: int | None
    releases: tuple[tuple[int, tuple[int, int | None], bool], ...]
    publishers: tuple[Publisher, ...]


class Place(NamedTuple):
    """What a place can do: a folder makes publishers wait, a store makes an object once and is surveyed afterwards."""

    waits: bool
    surveyed: bool
    once: bool = True


FOLDER, STORE = Place(True, False), Place(False, True)


def moves(world: World, place: Place) -> Iterator[tuple[str, World]]:
    """Yield whatever may happen next. Raises Wrong."""
    for index, publisher in enumerate(world.publishers):
        if publisher.next in ("done", "told", "dead"):
            continue
        others = [*world.publishers[:index], *world.publishers[index + 1 :]]
        if publisher.next == "begin" and place.waits and not all(other.ended for other in others):
            continue

        def put(after: Publisher, index: int = index, **changes: Any) -> World:
            publishers = (*world.publishers[:index], after, *world.publishers[index + 1 :])
            return check(world._replace(publishers=publishers, **changes))

        if publisher.next != "begin":
            yield f"{index} dies", put(publisher._replace(next="dead"))
        yield f"{index} {publisher.next}", step(world, publisher, put, place)


def step(world: World, publisher: Publisher, put: Callable[..., World], place: Place) -> World:
    """Return the world after the next step of a publisher, by the functions that `publish_release` calls."""
    number, way = publisher.number, [*order.ORDER, "survey" if place.surveyed else "done"]
    follows = dict(pairwise(way))
    releases = {release[0]: release for release in world.releases}
    own = (publisher.content, publisher.parent)
    match publisher.next:
        case "begin":
            return put(publisher._replace(next="choose", parent=world.current))
        case "choose":
            begun = steps.unfinished(publisher.parent, releases)
            fits = begun is not None and releases[begun][1] == own
            chosen = begun if fits and begun is not None else steps.next_number(publisher.parent, releases)
            return put(publisher._replace(next=way[0], number=chosen))
        case "files" | "manifest" as kind:
            known = releases.get(number)
            if known is not None and known[1] != own:
                if place.once:
                    return put(publisher._replace(next="told"))
                if known[2]:
                    raise Wrong("changes a release")
            whole = kind == "manifest" or (known is not None and known[2])
            changed = tuple(sorted({**releases, number: (number, own, whole)}.values(), key=lambda release: release[0]))
            return put(publisher._replace(next=follows[kind]), releases=changed)
        case "lead":
            if not steps.may_lead(number, world.current):
                return put(publisher._replace(next="told"))
            return put(publisher._replace(next="swap", wanted=number))
        case "swap":
            return put(publisher._replace(next=follows["lead"]), current=publisher.wanted)
        case "survey":
            wanted = steps.highest_whole({number, *(other for other, _, whole in world.releases if whole)})
            return put(publisher._replace(next="compare", wanted=wanted))
    assert publisher.next == "compare"
    leads = world.current is not None and not steps.may_lead(publisher.wanted, world.current)
    return put(publisher._replace(next="done" if leads else "swap"))


def check(world: World) -> World:
    """Raise Wrong for a world in which a reader finds half a release, or an update is lost."""
    whole = {number for number, _, is_whole in world.releases if is_whole}
    if world.current is not None and world.current not in whole:
        raise Wrong("half a release leads")
    if all(publisher.ended for publisher in world.publishers):
        done = {publisher.number for publisher in world.publishers if publisher.next == "done"}
        died = any(publisher.next == "dead" for publisher in world.publishers)
        if done and not died and world.current != max(whole):
            raise Wrong("an update is lost")
    return world


def first(publishers: int) -> World:
    return World(None, (), tuple(Publisher(content) for content in range(publishers)))


@pytest.mark.parametrize("place", [FOLDER, STORE], ids=["folder", "store"])
@pytest.mark.parametrize("publishers", [2, pytest.param(3, marks=pytest.mark.hard)])
def test_no_update_is_lost(place: Place, publishers: int) -> None:
    states, depth = walk(first(publishers), partial(moves, place=place))
    print(f"{publishers} publishers: {len(states)} states, the farthest {depth} steps away")
    assert len(states) > 20


GUARDS: dict[str, tuple[Place, str, Any, str]] = {
    "what leads is whole": (STORE, "ORDER", order.ORDER[::-1], "half a release leads"),
    "what a slower one put back is looked for": (STORE, "highest_whole", lambda _: 0, "an update is lost"),
    "publishers take turns in a folder": (FOLDER._replace(waits=False), "", None, "an update is lost"),
    "an object is made once": (STORE._replace(once=False), "", None, "changes a release"),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_no_guard_is_idle(guard: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it something goes wrong, and the shortest way to that is told."""
    place, name, without, wrong = GUARDS[guard]
    if name:
        monkeypatch.setattr(order if name == "ORDER" else steps, name, without)
    way = shortest(first(2), partial(moves, place=place))
    assert way is not None, guard
    print(f"without the guard {guard!r}, after {len(way) - 1} steps: {way}")
    assert way[-1] == wrong
