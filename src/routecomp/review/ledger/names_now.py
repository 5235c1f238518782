"""Tell what the features and models of a ledger are called now: an event names them as they were called then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from routecomp.review.ledger.events import Renamed, last_name, stand


class NamesNow:
    """What features and models are called now, by the renames of a line of history and those that stand since.

    `renamed` are those of the history, oldest first; `declared` is by section what bodies say they were called, the
    old slug to the new one, and `known` the slugs there are. Whether `was` still stands in the YAML makes no
    difference, nor that a body which was renamed again says its first name.
    """

    def __init__(
        self,
        renamed: Sequence[Renamed],
        declared: Mapping[str, Mapping[str, str]],
        known: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        self._steps: list[tuple[int | None, str, dict[str, str]]] = []
        """Renames made at once: how many events came before (None: all), the section, and the old slugs to the new."""
        standing: dict[tuple[str, str], str] = {}
        for (_, section), group in groupby(renamed, lambda each: (each.commit, each.section)):
            steps = [*group]
            for each in steps:
                stand(standing, section, each.old, each.new)
            self._steps.append((steps[0].events_before, section, {each.old: each.new for each in steps}))
        for section, names in declared.items():
            there = set((known or {}).get(section, ()))
            last = {old: last_name(standing, section, old) for old in names}
            fresh = {old if last[old] in there else last[old]: new for old, new in names.items() if last[old] != new}
            if fresh:
                self._steps.append((None, section, fresh))

    def of(self, section: str, name: str | None, event: int) -> tuple[str, ...]:
        """Return the names that something has had since an event (its place in the line) named it, the latest last.

        There are none for None, nor for a thing whose name another one has got since.
        """
        names = [] if name is None else [name]
        for before, of_section, renames in self._steps:
            if of_section != section or not names or (before is not None and before <= event):
                continue
            if names[-1] in renames:
                names.append(renames[names[-1]])
            elif names[-1] in renames.values():
                return ()
        return tuple(names)


def latest_known(names: Sequence[str], known: Iterable[str]) -> str | None:
    """Return the latest of a thing's names that is known, else the latest; None where there are none."""
    there = set(known)
    return next((name for name in reversed(names) if name in there), names[-1] if names else None)
