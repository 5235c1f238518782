"""Compare the promotions that Git records with those that a database records.

The two meet at the migrations: a migration belongs to the commit that brought its file to the line of history. What
Git records of a feature between two such commits is one step of the later commit's migrations. Features and models
that were renamed are compared under the names that they have in the end: of what one migration does, the ledgers may
call some by the names from before.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from routecomp.database.driver import Rows

Kind = Literal["pending", "by_hand", "different"]
Step = tuple[str | None, str | None]
"""The primary before and after a step."""
_Key = tuple[int, str]
"""The number of a release (in their order) and a feature."""
_APART = "\0"
T = TypeVar("T", str, "str | None")


class UnknownFeatureError(Exception):
    """Neither Git nor the database knows the feature that is asked about."""


@dataclass(frozen=True, slots=True)
class CommittedChange:
    """A change of a primary in Git: `place` is the number of its commit in the line of history, from 0.

    `facts` are the author, date and commit, which `compare` hands on unread.
    """

    feature: str
    old: str | None
    new: str | None
    place: int
    facts: Any = None


@dataclass(frozen=True, slots=True)
class Rename:
    """A feature or model (`section`) that got another name in the commit at a place in the line of history."""

    section: str
    old: str
    new: str
    place: int


@dataclass(frozen=True, slots=True)
class Release:
    """The migrations whose files one commit brought; `place` is the number of the commit in the line of history."""

    place: int
    migrations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A step on which Git and the database do not agree.

    pending: Git has the step, the database does not; by_hand: the database has it, Git does not; different: both
    have a step, and the steps differ. `git` and `database` are the two steps. `change` is the last change of the
    step in Git. `row` is the last row of the step in the database: id, feature, from, to, kind, actor, time, migration.
    """

    kind: Kind
    feature: str
    migrations: tuple[str, ...]
    git: Step | None
    database: Step | None
    change: CommittedChange | None
    row: tuple[Any, ...] | None


@dataclass
class _Steps:
    """A step of a feature in a release; `last` is the last change (or row) in it."""

    step: Step
    last: Any


def compare(
    changes: Sequence[CommittedChange],
    releases: Iterable[Release],
    rows: Rows,
    renames: Sequence[Rename] = (),
    feature: str | None = None,
) -> tuple[int, list[Difference]]:
    """Return the number of steps that agree, and the differences; `changes`, `rows` and `renames` are oldest first.

    The differences stand by release and feature; changes of no release yet come behind those, and rows of a migration
    that no release has at the end. A step that ends with the primary it began with is none. `feature` narrows it to
    one feature; raises `UnknownFeatureError` where neither side knows it.
    """
    ordered = sorted(releases, key=lambda release: release.place)
    release_of = {id: number for number, release in enumerate(ordered) for id in release.migrations}
    names = _Names(ordered, renames)
    in_git: dict[_Key, _Steps] = {}
    in_database: dict[_Key, _Steps] = {}
    unknown: list[Difference] = []  # of migrations that no release has
    for change in changes:
        number = next((number for number, release in enumerate(ordered) if release.place >= change.place), len(ordered))
        old, new = (names.of("models", number, model) for model in (change.old, change.new))
        _extend(in_git, (number, names.of("features", number, change.feature)), old, new, change)
    for row in rows:
        if row[7] in release_of:
            number = release_of[row[7]]
            old, new = (names.of("models", number, model) for model in row[2:4])
            _extend(in_database, (number, names.of("features", number, row[1])), old, new, row)
        else:
            unknown.append(Difference("by_hand", row[1], (row[7],), None, (row[2], row[3]), None, row))
    if feature is not None:
        every = {key[1] for key in (*in_git, *in_database)} | {each.feature for each in unknown}
        wanted = {feature} & every or {names.of("features", 0, feature)} & every
        if not wanted:
            raise UnknownFeatureError
        in_git, in_database = _narrowed(in_git, wanted), _narrowed(in_database, wanted)
        unknown = [each for each in unknown if each.feature in wanted]
    in_git, in_database = _without_round_trips(in_git), _without_round_trips(in_database)
    _move_to_late_migrations(in_git, in_database)
    agreeing, differences = 0, []
    for key in sorted(in_git.keys() | in_database.keys()):
        git, database = in_git.get(key), in_database.get(key)
        if git is not None and database is not None and git.step == database.step:
            agreeing += 1
            continue
        kind: Kind = "pending" if database is None else "by_hand" if git is None else "different"
        differences.append(
            Difference(
                kind,
                _shown(key[1]),
                ordered[key[0]].migrations if key[0] < len(ordered) else (),
                (_shown(git.step[0]), _shown(git.step[1])) if git else None,
                (_shown(database.step[0]), _shown(database.step[1])) if database else None,
                git.last if git else None,
                database.last if database else None,
            )
        )
    return agreeing, differences + unknown


class _Names:
    """What features and models that a release names are called in the end."""

    def __init__(self, releases: Sequence[Release], renames: Sequence[Rename]) -> None:
        places = [release.place for release in releases]
        self._begin = [-1, *places]
        """By the number of a release the place behind which what it brings was made."""
        self._renames = [(rename, bisect_left(places, rename.place)) for rename in renames]
        """Each with the number of the release that brings it."""

    def of(self, section: str, number: int, name: T) -> T | str:
        """Return what something is called in the end that a release's ledger, or Git until then, calls by a name.

        What had the name of another thing before that got it is told apart from it.
        """
        called: T | str = name
        for rename, release in self._renames:
            if rename.section != section or rename.place <= self._begin[number]:
                continue
            if called == rename.old:
                called = rename.new
            elif called == rename.new and release > number:
                called = f"{called}{_APART}{release}"
        return called


def _shown(name: T) -> T | str:
    """Return a name as people know it."""
    return name.partition(_APART)[0] if isinstance(name, str) else name


def _narrowed(steps: dict[_Key, _Steps], features: Collection[str]) -> dict[_Key, _Steps]:
    """Return the steps of some features."""
    return {key: of_key for key, of_key in steps.items() if key[1] in features}


def _extend(steps: dict[_Key, _Steps], key: _Key, old: str | None, new: str | None, change: Any) -> None:
    """Extend the step of a release and feature to `new`, keep its first `old`, and make `change` its last change."""
    first = steps[key].step[0] if key in steps else old
    steps[key] = _Steps((first, new), change)


def _without_round_trips(steps: dict[_Key, _Steps]) -> dict[_Key, _Steps]:
    """Return the steps without those that end with the primary they began with."""
    return {key: steps_of_key for key, steps_of_key in steps.items() if steps_of_key.step[0] != steps_of_key.step[1]}


def _move_to_late_migrations(in_git: dict[_Key, _Steps], in_database: dict[_Key, _Steps]) -> None:
    """Move steps in `in_git`, in place, to a later release where the database has the same step: its file came late.

    Only a step that the database does not have in its own release is moved, and only to the next release in which the
    database alone has a step of the feature.
    """
    for number, feature in sorted(in_git):
        later = [key for key in sorted(in_database) if key[1] == feature and key[0] > number and key not in in_git]
        steps = in_git[number, feature]
        if (number, feature) not in in_database and later and in_database[later[0]].step == steps.step:
            in_git[later[0]] = in_git.pop((number, feature))
