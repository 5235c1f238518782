"""RC632 does-not-commute: two migrations of one number commute."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.source.text import SourceFile, Span
from routecomp.sql.history import History
from routecomp.sql.rule import history_rule


@history_rule("RC632", "does-not-commute", aliases=("H02",))
def does_not_commute(history: History) -> Iterator[Diagnostic]:
    """A migration of this branch has the number of one that is on the base branch, and does not commute with it.

    Two of one number are fine when each leads to the same rows before and after the other: two tenants, two features.
    (`compile --check` says it too.)

    Why: some databases would run them in the one order and some in the other, and would end with different rows, or
    one of the two would fail on some of them.

    Fix: run `routecomp compile`, which writes yours anew, to be run behind the other.
    """
    for path, reason in history.clashes.items():
        data = history.files.get(path)
        place = None if data is None else Span(SourceFile(path, data.decode("utf-8", "replace")), 0, 1)
        yield error("RC632", reason, place, "run `routecomp compile`, which writes it anew, to be run behind the other")
