"""Walk through every state that processes can be in, by the functions that decide for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from routecomp.service.tables import protocol
from routecomp.service.tables.protocol import Refusal, Replica, TableId


class Node(NamedTuple):
    """One process, and what a witness knows of it that the process itself may forget."""

    up: bool = False
    replica: Replica = Replica()
    offered: TableId | None = None
    """The table that it is in the middle of taking over."""
    storing: bool = True
    """Whether the disk has not failed in this look."""
    excused: bool = False
    """Whether its disk was lost, or did not take the table that serves."""
    best: TableId | None = None
    """The newest table that it has served; since it lost its disk, if it did."""


Host = tuple[tuple[Node, ...], TableId | None]
"""Processes that share a disk, and what is on it."""


class Wrong(Exception):
    """What a process did that none may do."""


def table(generation: int) -> TableId:
    """Return the table that was published under a number."""
    return TableId(f"table {generation}", generation)


def host_moves(host: Host, published: int | Sequence[TableId]) -> Iterator[tuple[str, Host]]:
    """Yield whatever may happen next on a host, and what it is then. Raises Wrong.

    `published` are all tables that a read may find, or the number of the last one of those that `table` returns.
    """
    nodes, disk = host
    offers = tables(published) if isinstance(published, int) else published
    for place, node in enumerate(nodes):
        for what, after, disk_after in moves(node, disk, offers):
            yield f"{place} {what}", ((*nodes[:place], after, *nodes[place + 1 :]), disk_after)
    if disk is not None:
        yield "the disk is lost", (tuple(map(lose, nodes)), None)


def tables(published: int) -> list[TableId]:
    """Return the tables of all numbers up to one."""
    return [table(generation) for generation in range(1, published + 1)]


def moves(node: Node, disk: TableId | None, offers: Sequence[TableId]) -> Iterator[tuple[str, Node, TableId | None]]:
    """Yield whatever a process may do next, what it is then, and what is on its disk then. Raises Wrong."""
    if not node.up:
        yield "starts", Node(True, protocol.start(disk), best=None if node.excused else node.best), disk
        return
    yield "ends", Node(False, Replica(), None, True, node.excused, node.best), disk
    if node.offered is not None:
        step = protocol.next_step(node.replica, node.offered, storing=node.storing)
        assert not isinstance(step, Refusal)
        if step != "store":
            yield "serves", goes_on(node._replace(replica=protocol.take_step(step, node.replica, node.offered))), disk
            return
        yield "cannot store", goes_on(node._replace(storing=False, excused=True)), disk
        after: TableId | None = node.offered if protocol.overwrites(node.offered, disk) else disk
        stored = node._replace(replica=node.replica._replace(stored=after), storing=after == node.offered)
        yield "stores", goes_on(stored._replace(excused=False)), after
        return
    fresh = node._replace(replica=node.replica._replace(stored=disk))
    yield "finds nothing to read", look_ends(fresh), disk
    for offer in offers:  # a stale answer may be any that was ever right
        yield f"reads {offer.generation}", goes_on(fresh._replace(offered=offer)), disk
    for known in fresh.replica:
        if known is not None and known.generation is not None:
            yield "reads a swapped table", goes_on(fresh._replace(offered=TableId("swapped", known.generation))), disk
            yield "reads a stripped table", goes_on(fresh._replace(offered=TableId("stripped", None))), disk


def lose(node: Node) -> Node:
    """Return a process whose disk is lost; what serves it still knows, and nothing else at its next look."""
    if not node.up:
        return node._replace(excused=True)
    lost = node._replace(excused=True)
    if node.replica.serving is None and node.offered is None:
        lost = lost._replace(best=None)
    return lost if node.offered is not None else lost._replace(replica=node.replica._replace(stored=None))


def goes_on(node: Node) -> Node:
    """Return a process in the middle of a look, or after it if there is nothing left to do."""
    offered, node = node.offered, witness(node)
    assert offered is not None
    step = protocol.next_step(node.replica, offered, storing=node.storing)
    return look_ends(node) if isinstance(step, Refusal) or step == "done" else node


def look_ends(node: Node) -> Node:
    """Return a process after a look: what it stored serves if nothing else does."""
    return witness(node._replace(offered=None, storing=True, replica=protocol.fall_back(node.replica)))


def witness(node: Node) -> Node:
    """Note what a process serves; raise Wrong if it served something newer, or something else under that number."""
    serving, best = node.replica.serving, node.best
    if serving is None or serving == best:
        return node
    if best is not None and best.generation is not None:
        if serving.generation is None:
            raise Wrong("serves a table without number")
        if serving.generation < best.generation:
            raise Wrong("goes back")
        if serving.generation == best.generation:
            raise Wrong("changes a table under its number")
    return node._replace(best=serving)


def arrives(node: Node, disk: TableId | None, newest: TableId) -> bool:
    """Return whether a process serves the newest table once it has read it: no update is lost."""
    assert newest.generation is not None
    for wish in ("starts", "stores", "serves", f"reads {newest.generation}", "stores", "serves"):
        for what, after, disk_after in moves(node, disk, [newest]):
            if what == wish:
                node, disk = after, disk_after
                break
    return node.replica.serving == newest or newer(disk, newest.generation)


def newer(disk: TableId | None, published: int) -> bool:
    """Return whether a disk holds something newer than a number."""
    return disk is not None and disk.generation is not None and disk.generation > published


State = TypeVar("State")


def walk(first: State, successors: Callable[[State], Iterable[tuple[str, State]]]) -> tuple[set[State], int]:
    """Return every state that can be reached, and how many steps the farthest is away."""
    known, ring, depth = {first}, [first], 0
    while True:
        beyond = []
        for state in ring:
            for _, after in successors(state):
                if after not in known:
                    known.add(after)
                    beyond.append(after)
        if not beyond:
            return known, depth
        ring, depth = beyond, depth + 1


def shortest(first: State, successors: Callable[[State], Iterable[tuple[str, State]]]) -> list[str] | None:
    """Return the shortest way to something wrong, its last line what it is; None if there is none."""
    ways: dict[State, list[str]] = {first: []}
    ring = [first]
    while ring:
        beyond = []
        for state in ring:
            try:
                for what, after in successors(state):
                    if after not in ways:
                        ways[after] = [*ways[state], what]
                        beyond.append(after)
            except Wrong as wrong:
                return [*ways[state], str(wrong)]
        ring = beyond
    return None
