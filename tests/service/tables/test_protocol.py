"""Publish, store, serve, reload, restart, crash, stale reads: every state is walked, and each guard is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from routecomp.service.tables import protocol
from routecomp.service.tables.protocol import Replica, TableId, fall_back, next_step, overwrites, start

from .explore import Host, Node, arrives, host_moves, shortest, table, walk

ALONE: Host = ((Node(),), None)
SHARED: Host = ((Node(), Node()), None)
GENERATIONS = 4

ORDER, RULES = protocol.ORDER, protocol.RULES
BACK, CHANGED, UNNUMBERED = "goes back", "changes a table under its number", "serves a table without number"
GUARDS: dict[str, tuple[Host, str, Any, str, int]] = {
    "stored before it is served": (ALONE, "ORDER", ORDER[::-1], BACK, 6),
    "an older one is refused": (ALONE, "RULES", RULES[1:], BACK, 6),
    "another one under a known number is refused": (ALONE, "RULES", (RULES[0], RULES[2]), CHANGED, 6),
    "one without number is refused": (ALONE, "RULES", RULES[:2], UNNUMBERED, 6),
    "what is kept counts": (ALONE, "floors", lambda replica: filter(None, replica[:1]), CHANGED, 8),
    "what serves counts": (ALONE, "floors", lambda replica: filter(None, replica[1:]), CHANGED, 6),
    "a newer one that another process kept stays": (SHARED, "overwrites", lambda *_: True, BACK, 9),
}
"""What is taken away from `protocol`, what goes wrong then, and after how many steps at the earliest."""


def moves_of(published: int) -> Callable[[Host], Iterator[tuple[str, Host]]]:
    """Return what may happen on a host once tables up to a number were published."""
    return partial(host_moves, published=published)


def test_one_replica_never_goes_back() -> None:
    """Whatever is read, stored, lost and started again; and from every state the newest table is reached."""
    for published in range(1, GENERATIONS + 1):
        states, depth = walk(ALONE, moves_of(published))
        lost = [state for state in states if not arrives(state[0][0], state[1], table(published))]
        assert lost == []
        print(f"{published} generations: {len(states)} states of a replica, the farthest {depth} steps away")


@pytest.mark.parametrize(
    "generations", [2, pytest.param(GENERATIONS, marks=pytest.mark.hard)], ids="{} generations".format
)
def test_three_replicas_never_go_back(generations: int) -> None:
    """The states of three replicas together, in which nobody is told apart: 3 x 4 in `make hard`.

    What one replica may do is asked of `protocol` once for each of its states; `host_moves` raises where it is wrong.
    """
    states = sorted(walk(ALONE, moves_of(generations))[0], key=repr)
    number = {state: place for place, state in enumerate(states)}
    follows = [
        [sorted({number[after] for _, after in host_moves(state, published) if after in number}) for state in states]
        for published in range(generations + 1)
    ]
    first = number[ALONE]

    def successors(world: tuple[int, int, int, int]) -> Iterator[tuple[str, tuple[int, ...]]]:
        published, *replicas = world
        if published < generations:
            yield "published", (published + 1, *replicas)
        for place in range(3):
            for after in follows[published][replicas[place]]:
                yield "moves", (published, *sorted([*replicas[:place], after, *replicas[place + 1 :]]))

    known, depth = walk((0, first, first, first), successors)  # type: ignore[arg-type]
    print(f"3 replicas, {generations} generations: {len(known)} states, the farthest {depth} steps away")
    assert len(known) > 40_000


@pytest.mark.parametrize("generations", [2, pytest.param(3, marks=pytest.mark.hard)])
def test_two_processes_that_share_a_folder_never_go_back(generations: int) -> None:
    """What one of them keeps, the other may overwrite with a newer table only."""
    states, depth = walk(SHARED, moves_of(generations))
    print(f"2 processes, 1 folder, {generations} generations: {len(states)} states, the farthest {depth} steps away")


@pytest.mark.parametrize("guard", GUARDS)
def test_no_guard_is_idle(guard: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it something goes wrong, and this many steps are the fewest that show it."""
    host, name, without, wrong, depth = GUARDS[guard]
    monkeypatch.setattr(protocol, name, without)
    way = shortest(host, moves_of(2))
    assert way is not None
    print(f"without the guard {guard!r}: {way}")
    assert (way[-1], len(way) - 1) == (wrong, depth)


def test_plain_files_come_in_their_sources_order() -> None:
    """Without numbers any other table follows, stored first; what serves is kept later if that failed."""
    old, new = TableId("old"), TableId("new")
    replica = Replica(old, old)
    assert next_step(replica, new, storing=True) == "store"
    assert next_step(replica, new, storing=False) == "serve"
    assert next_step(replica._replace(stored=new), new, storing=True) == "serve"
    assert next_step(Replica(new, old), new, storing=True) == "store"
    assert next_step(Replica(new, old), new, storing=False) == "done"
    assert next_step(Replica(new, new), old, storing=True) == "store"
    assert overwrites(old, new)
    assert overwrites(table(1), old)
    assert not overwrites(old, table(1))
    assert fall_back(start(old)) == Replica(old, old)
    assert fall_back(Replica(new, old)) == Replica(new, old)
