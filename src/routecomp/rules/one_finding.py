"""Report one mistake once, in however many places it shows, as a name that nothing declares does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.source.text import Span

_MOST_SHOWN = 5
"""Further places that are shown; the others are counted."""


def report_unknown(
    rule: str, places: Iterable[tuple[str, str, Span]], remedy: Callable[[str], str]
) -> Iterator[Diagnostic]:
    """Yield one error for each name; a place is the message there, the name and its span.

    A name that several places use is one mistake: it is declared otherwise, or not at all.
    """
    by_name: dict[str, list[tuple[str, Span]]] = {}
    for message, name, span in places:
        by_name.setdefault(name, []).append((message, span))
    for name, named in by_name.items():
        (message, span), *others = named
        more = f" (and so {_other_places(len(others))})" if others else ""
        labels = tuple(Label(place, "named here too") for _, place in others[:_MOST_SHOWN])
        yield error(rule, message + more, span, remedy(name), labels=labels)


def one_for_each_cause(findings: Iterable[tuple[object, Diagnostic]]) -> Iterator[Diagnostic]:
    """Yield the first finding of each cause; the places of the others are its second places."""
    by_cause: dict[object, list[Diagnostic]] = {}
    for cause, diagnostic in findings:
        by_cause.setdefault(cause, []).append(diagnostic)
    for first, *others in by_cause.values():
        if not others:
            yield first
            continue
        labels = tuple(Label(other.span, "and here") for other in others[:_MOST_SHOWN] if other.span is not None)
        yield replace(
            first, message=f"{first.message} (and so {_other_places(len(others))})", labels=(*first.labels, *labels)
        )


def _other_places(count: int) -> str:
    """Say in how many other places the same stands."""
    return "in 1 other place" if count == 1 else f"in {count} other places"
