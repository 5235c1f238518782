"""Keep, field by field, what became of a file while it was turned into a project."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from routecomp.interop.loss import FieldReport, LossReport, Status
from routecomp.interop.value import Value


class Fate(NamedTuple):
    """What becomes of a field, why, what a user would do instead, and whether the field decides calls."""

    status: Status
    reason: str
    instead: str = ""
    routes: bool = False


UNREAD = Fate("lost", "nothing of a project says it", "keep it where it is read now, if it is needed")
REPLACED = Fate("left-out", "another value of the same key replaces it, so nothing reads it")


class Ledger:
    """The fates of the fields of one or several files; what is said first of a field counts.

    A loss that decides calls outweighs what was said before of a field that it takes back.
    """

    def __init__(self) -> None:
        self._fates: dict[Value, Fate] = {}

    def map(self, value: Value | None, to: str) -> None:
        """Say that a value, and all below it, is mapped; `to` says to what."""
        self.put(value, Fate("mapped", to))

    def hint(self, value: Value | None, reason: str, instead: str = "") -> None:
        """Say that a value is carried only nearly."""
        self.put(value, Fate("hint", reason, instead))

    def leave(self, value: Value | None, reason: str, instead: str = "") -> None:
        """Say that a value is left out, because no chat call goes there."""
        self.put(value, Fate("left-out", reason, instead))

    def lose(self, value: Value | None, reason: str, instead: str = "", *, routes: bool = False) -> None:
        """Say that a value is lost."""
        self.put(value, Fate("lost", reason, instead, routes))

    def put(self, value: Value | None, fate: Fate) -> None:
        """Give every field of a value that has no fate yet this one; a loss that decides calls replaces a mapping."""
        for field in value.leaves() if value is not None else ():
            known = self._fates.setdefault(field, fate)
            if fate.status == "lost" and fate.routes and known.status in ("mapped", "hint"):
                self._fates[field] = fate

    def explain(self, field: Value, fate: Fate) -> None:
        """Give a field that is lost, or of which nothing is said, the true reason."""
        known = self._fates.get(field, UNREAD)
        if known.status == "lost":
            self._fates[field] = fate._replace(routes=fate.routes or known.routes)

    def drop(self, value: Value) -> None:
        """Take back what was said of a value and of all below it."""
        for field in value.leaves():
            self._fates.pop(field, None)

    def is_lost(self, value: Value) -> bool:
        """Return whether a field of a value is lost, and decides calls."""
        fates = (self._fates.get(field) for field in value.leaves())
        return any(fate is not None and fate.status == "lost" and fate.routes for fate in fates)

    def knows(self, value: Value) -> bool:
        """Return whether every field of a value has a fate."""
        return all(field in self._fates for field in value.leaves())

    def report(self, source: str, root: Value, replaced: Iterable[Value] = ()) -> LossReport:
        """Return the report on all fields of the files."""
        fields = [_report(field, self._fates.get(field, UNREAD)) for field in root.leaves() if field.path]
        fields += [_report(field, REPLACED) for value in replaced for field in value.leaves()]
        return LossReport.sorted(source, "routecomp", fields)


def _report(field: Value, fate: Fate) -> FieldReport:
    """Return what becomes of a field."""
    place = field.span if field.key is None else field.key
    line, column = place.file.location(place.start)
    return FieldReport(place.path, line, column, field.dotted, *fate)
