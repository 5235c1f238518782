"""Git's ledger of primaries and the database's in, the promotions that only one of them knows out.

They meet at the migration: the commit that brought its file to the line of history, and the feature. What Git says
of a feature between two such commits is what the later one's migrations do in one step.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from routecomp.database.driver import Rows

Kind = Literal["pending", "by_hand", "different"]
Step = tuple[str | None, str | None]
"""From and to."""


@dataclass(frozen=True, slots=True)
class Committed:
    """A change of a primary in Git: `place` is the commit's in its line, from 0; `facts` is who, when and which."""

    feature: str
    old: str | None
    new: str | None
    place: int
    facts: Any = None


@dataclass(frozen=True, slots=True)
class Release:
    """The migrations whose files one commit of the line brought."""

    place: int
    migrations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """pending: Git has it, the database does not; by_hand: the database has it, Git does not; different: both say
    something else. `row` is the latest of the database's rows: id, feature, from, to, kind, actor, time, migration."""

    kind: Kind
    feature: str
    migrations: tuple[str, ...]
    git: Step | None
    database: Step | None
    committed: Committed | None
    row: tuple[Any, ...] | None


@dataclass
class _Side:
    step: Step
    last: Any


def compare(git: Sequence[Committed], releases: Iterable[Release], rows: Rows) -> tuple[int, list[Difference]]:
    """How many steps agree, and the differences; `git` and `rows` are oldest first."""
    ordered = sorted(releases, key=lambda one: one.place)
    of = {id: number for number, one in enumerate(ordered) for id in one.migrations}
    there: dict[tuple[int, str], _Side] = {}
    here: dict[tuple[int, str], _Side] = {}
    strange: list[Difference] = []
    for one in git:
        at = next((number for number, release in enumerate(ordered) if release.place >= one.place), len(ordered))
        _walked(there, (at, one.feature), one.old, one.new, one)
    for row in rows:
        if row[7] in of:
            _walked(here, (of[row[7]], row[1]), row[2], row[3], row)
        else:
            strange.append(Difference("by_hand", row[1], (row[7],), None, (row[2], row[3]), None, row))
    there, here = _moving(there), _moving(here)
    _met_later(there, here)
    agree, found = 0, []
    for key in sorted(there.keys() | here.keys()):
        left, right = there.get(key), here.get(key)
        if left is not None and right is not None and left.step == right.step:
            agree += 1
            continue
        kind: Kind = "pending" if right is None else "by_hand" if left is None else "different"
        ids = ordered[key[0]].migrations if key[0] < len(ordered) else ()
        found.append(
            Difference(
                kind,
                key[1],
                ids,
                left.step if left else None,
                right.step if right else None,
                left.last if left else None,
                right.last if right else None,
            )
        )
    return agree, found + strange


def _walked(
    sides: dict[tuple[int, str], _Side], key: tuple[int, str], old: str | None, new: str | None, what: Any
) -> None:
    if key in sides:
        sides[key] = _Side((sides[key].step[0], new), what)
    else:
        sides[key] = _Side((old, new), what)


def _moving(sides: dict[tuple[int, str], _Side]) -> dict[tuple[int, str], _Side]:
    """Those that end elsewhere than they began: up and down again is as if nothing had been."""
    return {key: side for key, side in sides.items() if side.step[0] != side.step[1]}


def _met_later(there: dict[tuple[int, str], _Side], here: dict[tuple[int, str], _Side]) -> None:
    """A change whose migration came with a later commit than the next one: both move to where the migration is."""
    for at, feature in sorted(there):
        later = [key for key in sorted(here) if key[1] == feature and key[0] > at and key not in there]
        side = there[at, feature]
        if (at, feature) not in here and later and here[later[0]].step == side.step:
            there[later[0]] = there.pop((at, feature))
