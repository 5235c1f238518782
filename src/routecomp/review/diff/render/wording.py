"""A row or a group in, its sentences out; `quote` is how a format shows a value that authors chose."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from routecomp.diagnostics.render.shown import place, visible
from routecomp.review.diff.compiled import PREFERENCES
from routecomp.review.diff.difference import Difference, Group, Severity
from routecomp.review.diff.values import counted, share
from routecomp.runtime.resolver import Decision
from routecomp.source.text import Span

T = TypeVar("T")
Quote = Callable[[str], str]
NAMED = 5
"""So many tenants are named before they are only counted."""


def headline(difference: Difference, quote: Quote) -> str:
    """The whole in one sentence."""
    if not difference.changed:
        return f"Compared with what is {_where(difference.where, quote)}: nothing changes."
    counts = difference.counts()
    parts = [f"{counts[severity]:,} {severity}" for severity in Severity if counts[severity]]
    many = "change" if sum(counts.values()) == 1 else "changes"
    said = f"{', '.join(parts)} {many}" if parts else "another table"
    return f"Compared with what is {_where(difference.where, quote)}: {said}."


def _where(where: str, quote: Quote) -> str:
    """`on main`, the name as a value."""
    preposition, _, name = where.partition(" ")
    return f"{preposition} {quote(name)}"


def decisions_line(difference: Difference) -> str:
    """How many decisions change."""
    found = difference.decisions
    text = f"{found.changed:,} of {counted(found.compared, 'decision')} {'changes' if found.changed == 1 else 'change'}"
    hinted = sum(
        case.caller.size
        for group in found.groups
        for case in group.cases
        if any(key != "unit" for key, _ in case.hints)
    )
    if hinted:
        text += f"; with hints that tell the sides apart, {hinted:,} more"
    if found.left_out:
        text += f" ({counted(found.left_out, 'further hint')} not tried)"
    return text + "."


def told(difference: Difference) -> list[Group]:
    """The groups people read one by one; of the others, whose model and chain stay, `unsaid` gives one line."""
    return [group for group in difference.decisions.groups if group.change != "said"]


def unsaid(difference: Difference) -> str:
    """One line on the decisions whose model and chain stay; empty where there are none."""
    count = sum(group.count for group in difference.decisions.groups if group.change == "said")
    said = f"{counted(count, 'decision')} with the same model and chain differ in floor, variant or reasons."
    return said if count else ""


def outcome(decision: Decision, quote: Quote) -> str:
    """What a decision comes to: the model, or why there is none."""
    return quote(decision.model or "") if decision.status == "ok" else decision.status


def pair(group: Group, quote: Quote) -> tuple[str, str]:
    """What the decisions were and are, in the words that tell them apart."""
    was, now = group.before, group.after
    if group.change == "chain":
        return quote(" → ".join(was.chain)), quote(" → ".join(now.chain))
    if group.change in ("endpoint", "said"):
        fields = [field for field in was._fields if getattr(was, field) != getattr(now, field)]
        return _fields(was, fields, quote), _fields(now, fields, quote)
    return outcome(was, quote), outcome(now, quote)


def _fields(decision: Decision, fields: Sequence[str], quote: Quote) -> str:
    shown = []
    for field in fields:
        value = getattr(decision, field)
        text = (
            share(value)
            if field == "floor_bp" and value is not None
            else (
                "none" if value is None or value == () else " ".join(value) if isinstance(value, tuple) else str(value)
            )
        )
        shown.append(f"{'floor' if field == 'floor_bp' else field} {quote(text)}")
    return ", ".join(shown)


def who(group: Group, quote: Quote) -> str:
    """For whom: requests without a tenant, tenants by name or number, undeclared ones."""
    callers = group.callers
    tenants = [tenant for caller in callers for tenant in caller.tenants]
    parts = ["no tenant"] if any(caller.nobody for caller in callers) else []
    if tenants:
        named = ", ".join(quote(one) for one in sorted(tenants)[:NAMED])
        more = "" if len(tenants) <= NAMED else f" and {len(tenants) - NAMED:,} more"
        parts.append(f"{counted(len(tenants), 'tenant')} ({named}{more})")
    if any(caller.stranger for caller in callers):
        parts.append("undeclared tenants")
    return ", ".join(parts)


def when(group: Group, quote: Quote) -> str:
    """On what condition: the positions of the dial where not all, and the hints; empty for every request."""
    parts = []
    hints = [f"{key} {quote(_hint(value))}" for key, value in group.cases[0].hints if key != "unit"]
    if hints:
        parts.append("with " + ", ".join(hints))
    elif len(group.preferences) < len(PREFERENCES):
        words = ["no preference" if one is None else one for one in group.preferences]
        parts.append(("preference " if group.preferences[0] is not None else "") + " or ".join(words))
    elif len({(case.caller, case.preference) for case in group.cases}) < len(group.callers) * len(PREFERENCES):
        parts.append("not at every preference")
    if any(key == "unit" for case in group.cases for key, _ in case.hints):
        parts.append("by unit" if not all(case.hints for case in group.cases) else "for some units")
    return ", ".join(parts)


def _hint(value: object) -> str:
    return "true" if value is True else " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def witness(group: Group) -> str:
    """The request as one line for `routecomp resolve`."""
    return json.dumps(group.witness)


def at(span: Span | None) -> str:
    """file:line of a place, safe to show; empty where there is none."""
    return "" if span is None else f"{visible(span.path)}:{place(span).line}"


def places(was: Span | None, now: Span | None) -> str:
    """file:line on both sides."""
    return " → ".join(filter(None, (at(was), at(now))))


def first(items: Iterable[T], limit: int | None) -> tuple[list[T], int]:
    """The first of some items, and how many are left out."""
    every = list(items)
    return (every, 0) if limit is None else (every[:limit], max(0, len(every) - limit))
