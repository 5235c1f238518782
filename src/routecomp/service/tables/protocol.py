"""Decide what a process may do with a table that it was offered: refuse it, keep it, serve it, and in which order.

These functions know no disk and no clock. `tables.py` does what they say, and tests/service/tables/test_protocol.py
calls them for every state that three replicas can be in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Literal, NamedTuple


class TableId(NamedTuple):
    """What a table is known by: its SHA-256, and the number under which it was published."""

    digest: str
    generation: int | None = None
    """None for a plain file: then the source alone knows which table is the newer one."""


class Replica(NamedTuple):
    """What one process serves, and what it would find on its disk if it started again now."""

    serving: TableId | None = None
    stored: TableId | None = None


class Refusal(NamedTuple):
    """Why a table may not serve, in words."""

    reason: str


Step = Literal["store", "serve", "done"]


def next_step(replica: Replica, offered: TableId, *, storing: bool) -> Step | Refusal:
    """Return what to do next with a table that was read and found sound; `storing` says whether it can be kept.

    It is asked again after each step, since another process may have stored a newer table meanwhile.
    """
    for known in floors(replica):
        for rule in RULES:
            if reason := rule(offered, known):
                return Refusal(reason)
    for step in ORDER:
        if not _is_done(step, replica, offered) and (step == "serve" or storing):
            return step
    return "done"


def start(stored: TableId | None) -> Replica:
    """Return what a process is when it starts: nothing serves, and what its disk holds is not to be fallen below."""
    return Replica(None, stored)


def fall_back(replica: Replica) -> Replica:
    """Serve what is stored, where nothing else serves."""
    return replica if replica.serving is not None else replica._replace(serving=replica.stored)


def take_step(step: Step, replica: Replica, offered: TableId) -> Replica:
    """Return what a process is after a step."""
    return replica._replace(**{_PLACE[step]: offered}) if step != "done" else replica


def floors(replica: Replica) -> Iterator[TableId]:
    """Yield the tables below which a process never falls: what serves, also when the disk is lost, and what is kept."""
    for known in replica:
        if known is not None:
            yield known


def overwrites(offered: TableId, stored: TableId | None) -> bool:
    """Return whether a table may replace what is on the disk: several processes may share the folder."""
    return stored is None or _replayed(offered, stored) is _stripped(offered, stored) is None


# INVARIANT: a table is stored before it is served. A process that serves first, and ends before it has stored, would
# start again with an older table than the one it served.
ORDER: tuple[Literal["store", "serve"], ...] = ("store", "serve")


def _is_done(step: Literal["store", "serve"], replica: Replica, offered: TableId) -> bool:
    """Return whether a step need not be taken any more."""
    return offered == (replica.stored if step == "store" else replica.serving)


def _replayed(offered: TableId, known: TableId) -> str | None:
    """Refuse a table that is older than one that this process knows."""
    if offered.generation is None or known.generation is None or offered.generation >= known.generation:
        return None
    return (
        f"generation {offered.generation} is older than {known.generation}, which was here before: "
        "publish the old content again under a higher number"
    )


def _contradicted(offered: TableId, known: TableId) -> str | None:
    """Refuse another table under a number that this process knows."""
    if offered.generation is None or offered.generation != known.generation or offered.digest == known.digest:
        return None
    return f"generation {offered.generation} was another table before: publish this one under a higher number"


def _stripped(offered: TableId, known: TableId) -> str | None:
    """Refuse a table without a number where numbered ones were before."""
    if offered.generation is not None or known.generation is None:
        return None
    return (
        f"it has no generation, and one with generation {known.generation} was here before: "
        "publish it, or give `last_good` another folder"
    )


RULES: tuple[Callable[[TableId, TableId], str | None], ...] = (_replayed, _contradicted, _stripped)

_PLACE: Final = {"store": "stored", "serve": "serving"}
