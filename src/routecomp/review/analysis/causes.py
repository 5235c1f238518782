"""Find the rows of a change that may cause a move: those about the route, the policy or a model that it depends on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from time import process_time
from typing import Any, Final

from routecomp.model.project import Program
from routecomp.review.analysis.changed_lines import changed_lines
from routecomp.review.analysis.report import MOST_ROWS, MoveRow
from routecomp.review.diff.difference import ChangedLine, MoveLines, Row, Severity
from routecomp.review.diff.rows.url import safe_text
from routecomp.source.text import Span

MOST_LINES: Final = 6
"""The most lines that a move of a report shows."""
SECONDS: Final = 5.0
"""Processor time for the lines of all moves; a move that is not reached has no lines, and says so."""
_LONGEST_LINE: Final = 200
_ROUTES: Final = frozenset({"feature", "target", "experiment"})
_THIRD: Final = frozenset({"latency_budget_ms", "unit"})
"""Arguments with which a model that is not picked on either side may say which one is."""
_NAMES: Final = ("aliases", "feature_aliases", "model_aliases", "patterns")
Contents = Sequence[Mapping[str, Any]]
"""The tables of both sides."""


class Causes:
    """What moves depend on, by kind of row: a row of another kind may always cause them."""

    def __init__(
        self,
        moves: Iterable[MoveRow],
        names: Iterable[str],
        tenants: Iterable[str],
        contents: Contents,
        after: Program,
        *,
        has_default_policy: bool,
    ) -> None:
        """Collect what moves depend on for calls that give some names, for some tenants.

        Where a rejection became another one no model is named, and with a latency budget or a unit a third model may
        say which of two is picked: then any model may be the cause.
        `has_default_policy` says that calls without a tenant, or of one that nobody declares, are among them.
        """
        models: set[str] = set()
        routes, callers = set(names), set(tenants)
        may_be_any = False
        for row in moves:
            may_be_any |= row.move.change == "refusal" or not _THIRD.isdisjoint(row.request)
            models |= {row.move.before, row.move.after, *row.move.left, *row.move.entered}
            for decision in (row.before, row.after):
                models |= {*decision.chain}
                routes |= {name for name in (decision.experiment,) if name is not None}
        providers, logicals = set(), set()
        for content in contents:
            known = [content["models"][slug] for slug in models if slug in content["models"]]
            providers |= {model["provider"] for model in known}
            logicals |= {model["logical"] for model in known if model["logical"] is not None}
            for section in _NAMES:
                routes |= {slug for name, slug in content.get(section, {}).items() if name in routes}
            routes |= {experiment["experiment"] for id, experiment in content["experiments"].items() if id in routes}
            routes |= {feature["then"] for name, feature in content["features"].items() if name in routes}
        self._involved = {"tenant": callers, **dict.fromkeys(_ROUTES, routes)}
        if not may_be_any:
            self._involved |= {"model": models, "provider": providers, "logical model": logicals}
        self._has_default_policy = has_default_policy
        if not has_default_policy:
            self._involved["preset"] = {after.tenants[name].body.preset for name in callers if name in after.tenants}

    def may_cause(self, row: Row) -> bool:
        """Return whether a row is about what the moves depend on: a route, a policy, or a model that they name."""
        if row.severity is Severity.COSMETIC or row.kind in ("expectations", "setting"):
            return False
        if row.kind == "defaults":
            section, _, name = row.what.partition(".")
            if section == "routes":
                return not name or name in self._involved["feature"]
            if section == "policy":
                return self._has_default_policy  # a declared tenant has a policy of its own
        names = self._involved.get(row.kind)
        return names is None or row.name in names


def lines_of_moves(
    moves: Sequence[MoveRow], rows: Sequence[Row], contents: Contents, after: Program, seconds: float = SECONDS
) -> tuple[MoveLines | None, ...]:
    """Return the lines of YAML that cause each of the first `MOST_ROWS` moves, those of its own request first.

    None stands for a move that was not looked at within the time.
    """
    start = process_time()
    lines: list[MoveLines | None] = []
    for move in moves[:MOST_ROWS]:
        is_late = process_time() - start > seconds
        lines.append(None if is_late else _lines(move, rows, contents, after))
    return tuple(lines)


def _lines(move: MoveRow, rows: Sequence[Row], contents: Contents, after: Program) -> MoveLines:
    """Return the lines of one move: those of its own request, then those of all calls that move so."""
    request = move.request
    name = request["feature" if "feature" in request else "model"]
    tenants = [tenant for tenant in (request.get("tenant"),) if tenant in move.callers]
    own = Causes([move], [name], tenants, contents, after, has_default_policy=not tenants)
    is_default = move.without_tenant or move.undeclared
    names = [name for _, name in move.names]
    every = Causes([move], names, move.callers, contents, after, has_default_policy=is_default)
    first = [row for row in rows if own.may_cause(row)]
    causes = [*first, *(row for row in rows if every.may_cause(row) and not own.may_cause(row))]
    causes = causes or [row for row in rows if row.severity is not Severity.COSMETIC]
    lines: dict[ChangedLine, None] = {}
    spans: list[Span] = []
    for number, row in enumerate(causes):
        if len(lines) >= MOST_LINES:
            return MoveLines(tuple(lines)[:MOST_LINES], len(causes) - number, tuple(spans))
        lines |= dict.fromkeys(line._replace(text=_shown(line.text)) for line in changed_lines(row))
        spans += [] if row.new_span is None else [row.new_span]
    return MoveLines(tuple(lines)[:MOST_LINES], 0, tuple(spans))


def _shown(text: str) -> str:
    """Return a line without its indent, credentials and user names of URLs in stars, cut where it is very long."""
    text = text.strip()
    if len(text) > 4 * _LONGEST_LINE:  # what is cut off is not searched
        text = text[: 4 * _LONGEST_LINE]
    text = safe_text(text)
    return text if len(text) <= _LONGEST_LINE else text[: _LONGEST_LINE - 1] + "…"
