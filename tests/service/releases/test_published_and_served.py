"""Publishers and services in one space: whatever is read between two steps, no replica goes back or is left behind."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial
from typing import Any, NamedTuple

import pytest

from routecomp.service.tables import protocol
from routecomp.service.tables.protocol import TableId
from routecomp.workspace.publishing import steps
from tests.service.releases import order
from tests.service.releases.test_publishers_explored import FOLDER, STORE, Place, World, first
from tests.service.releases.test_publishers_explored import moves as publishers_moves
from tests.service.tables.explore import Host, Node, arrives, host_moves, shortest, walk


class Joint(NamedTuple):
    """Who publishes; every table that ever led, which a stale read still finds; replicas, each with its own disk.

    Replicas that are in the same state are not told apart.
    """

    world: World
    led: tuple[TableId, ...]
    replicas: tuple[Host, ...]


def beginning(publishers: int, replicas: int) -> Joint:
    return Joint(first(publishers), (), (((Node(),), None),) * replicas)


def leading(world: World) -> TableId | None:
    """Return the table that leads: its bytes are its publisher's content upon what led before."""
    owners = {number: own for number, own, _ in world.releases}
    if world.current is None:
        return None
    content, parent = owners[world.current]
    return TableId(f"content {content} upon {parent}", world.current)


def moves(joint: Joint, place: Place) -> Iterator[tuple[str, Joint]]:
    """Yield whatever may happen next, by the functions of `publish` and of a service. Raises Wrong."""
    for what, world in publishers_moves(joint.world, place):
        leads = leading(world)
        led = joint.led if leads is None else tuple(sorted({*joint.led, leads}))
        yield f"publisher {what}", joint._replace(world=world, led=led)
    for number, replica in enumerate(joint.replicas):
        if number and replica == joint.replicas[number - 1]:
            continue
        others = (*joint.replicas[:number], *joint.replicas[number + 1 :])
        for what, after in _host_moves(replica, joint.led):
            yield f"replica {what}", joint._replace(replicas=tuple(sorted((*others, after), key=_order)))


@cache
def _host_moves(host: Host, led: tuple[TableId, ...]) -> tuple[tuple[str, Host], ...]:
    return tuple(host_moves(host, led))


@cache
def _order(host: Host) -> str:
    return repr(host)


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Ask the functions anew in each test, which may have changed them."""
    _host_moves.cache_clear()
    yield
    _host_moves.cache_clear()


@pytest.mark.parametrize(
    ("place", "publishers", "replicas"),
    [
        pytest.param(FOLDER, 1, 3, id="folder, 3 replicas"),
        pytest.param(STORE, 1, 3, id="store, 3 replicas"),
        pytest.param(FOLDER, 2, 1, id="folder, 2 publishers"),
        pytest.param(STORE, 2, 1, id="store, 2 publishers"),
        pytest.param(FOLDER, 2, 3, id="folder, 2 publishers, 3 replicas", marks=pytest.mark.hard),
        pytest.param(STORE, 2, 2, id="store, 2 publishers, 2 replicas", marks=pytest.mark.hard),
        pytest.param(FOLDER, 3, 2, id="folder, 3 publishers, 2 replicas", marks=pytest.mark.hard),
        pytest.param(FOLDER, 4, 1, id="folder, 4 publishers", marks=pytest.mark.hard),
    ],
)
def test_replicas_beside_publishers_never_go_back(place: Place, publishers: int, replicas: int) -> None:
    """And once all have published, each of them comes to what leads then, from every state."""
    states, depth = walk(beginning(publishers, replicas), partial(moves, place=place))
    name = "folder" if place.waits else "store"
    print(
        f"{name}, {publishers} publishers, {replicas} replicas: {len(states)} states, the farthest {depth} steps away"
    )
    ended = 0
    for joint in states:
        newest = leading(joint.world)
        if newest is None or any(each.next not in ("done", "told") for each in joint.world.publishers):
            continue
        ended += 1
        for (node,), disk in joint.replicas:
            assert arrives(node, disk, newest), joint
    assert ended


CHANGED = "changes a table under its number"
GUARDS: dict[str, tuple[Place, Any, str, Any, str, int]] = {
    "what leads is whole": (STORE, order, "ORDER", order.ORDER[::-1], "half a release leads", 3),
    "what a slower one put back is looked for": (STORE, steps, "highest_whole", lambda _: 0, "an update is lost", 15),
    "publishers take turns in a folder": (FOLDER._replace(waits=False), None, "", None, "an update is lost", 11),
    "an object is made once": (STORE._replace(once=False), None, "", None, "changes a release", 6),
    "stored before it is served": (STORE, protocol, "ORDER", protocol.ORDER[::-1], "goes back", 18),
    "an older one is refused": (STORE, protocol, "RULES", protocol.RULES[1:], "goes back", 18),
    "what is kept counts": (STORE, protocol, "floors", lambda replica: filter(None, replica[:1]), CHANGED, 14),
    "what serves counts": (STORE, protocol, "floors", lambda replica: filter(None, replica[1:]), CHANGED, 12),
}
"""What is taken away, what goes wrong then, and after how many steps at the earliest."""


@pytest.mark.parametrize("guard", GUARDS)
def test_no_guard_is_idle(guard: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it something goes wrong, and this many steps are the fewest that show it."""
    place, module, name, without, wrong, depth = GUARDS[guard]
    if module is not None:
        monkeypatch.setattr(module, name, without)
    way = shortest(beginning(2, 1), partial(moves, place=place))
    assert way is not None, guard
    print(f"without the guard {guard!r}, after {len(way) - 1} steps: {way}")
    assert (way[-1], len(way) - 1) == (wrong, depth)
