"""Report one mistake once, in however many places it shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from routecomp.diagnostics.diagnostic import Diagnostic, Label

MOST_SHOWN = 5
"""Further places that are shown; the others are counted."""


def one_for_each_cause(findings: Iterable[tuple[object, Diagnostic]]) -> Iterator[Diagnostic]:
    """Yield the first finding of each cause; the places of the others are its second places."""
    by_cause: dict[object, list[Diagnostic]] = {}
    for cause, diagnostic in findings:
        by_cause.setdefault(cause, []).append(diagnostic)
    for first, *others in by_cause.values():
        yield with_others(first, others)


def one_for_each_name(
    diagnostics: Sequence[Diagnostic], declared: Mapping[str, Diagnostic], rule: str = "RC118"
) -> list[Diagnostic]:
    """Return findings in which each text that is no name is reported once: where it is declared, or else used first.

    `declared` are the findings of the former kind, by the text.
    """
    uses: dict[str, list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        if diagnostic.rule == rule and diagnostic.span is not None:
            uses.setdefault(diagnostic.span.text, []).append(diagnostic)
    causes: dict[int, Diagnostic] = {}
    for name, alike in uses.items():
        first = declared.get(name, alike[0])
        causes[id(first)] = with_others(first, [other for other in alike if other is not first])
    return [causes.get(id(each), each) for each in diagnostics if each.rule != rule or id(each) in causes]


def with_others(first: Diagnostic, others: Sequence[Diagnostic]) -> Diagnostic:
    """Return a finding that counts and shows the places of others of the same cause."""
    if not others:
        return first
    labels = tuple(Label(other.span, "and here") for other in others[:MOST_SHOWN] if other.span is not None)
    return replace(
        first, message=f"{first.message} (and so {other_places(len(others))})", labels=(*first.labels, *labels)
    )


def one_for_each_common_cause(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return findings in which those of one cause are the one that leads, or the first, which names a few others."""
    judged = [(each, each.cause) for each in diagnostics if each.cause is not None]
    counts = Counter(key for _, cause in judged for key in cause.keys)
    alike: dict[object, list[Diagnostic]] = {}
    for diagnostic, cause in judged:
        if cause.keys:
            alike.setdefault(max(cause.keys, key=lambda key: counts[key]), []).append(diagnostic)
    for findings in alike.values():
        findings.sort(key=lambda each: each.cause is None or not each.cause.leads)
    firsts = {id(first): others for first, *others in alike.values()}
    rest = {id(other) for others in firsts.values() for other in others}
    return [
        _naming_others(each, firsts[id(each)]) if firsts.get(id(each)) else each
        for each in diagnostics
        if id(each) not in rest
    ]


def _naming_others(first: Diagnostic, others: Sequence[Diagnostic]) -> Diagnostic:
    """Return a finding that counts others of its cause, names a few of them and shows their places."""
    names = [other.cause.whom for other in others[:MOST_SHOWN] if other.cause is not None]
    more = f" and {len(others) - MOST_SHOWN} more" if len(others) > MOST_SHOWN else ""
    count = "1 other" if len(others) == 1 else f"{len(others)} others"
    labels = tuple(Label(other.span, "and here") for other in others[:MOST_SHOWN] if other.span is not None)
    message = f"{first.message} (and so for {count}: {', '.join(names)}{more})"
    return replace(first, message=message, labels=(*first.labels, *labels))


def other_places(count: int) -> str:
    """Say in how many other places the same stands."""
    return "in 1 other place" if count == 1 else f"in {count} other places"
