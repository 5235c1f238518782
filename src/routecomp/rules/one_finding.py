"""Report a name that nothing declares once, in however many places it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.diagnostics.once import MOST_SHOWN, other_places
from routecomp.source.text import Span


def report_unknown(
    rule: str, places: Iterable[tuple[str, str, Span]], remedy: Callable[[str], str], nothing: str = ""
) -> Iterator[Diagnostic]:
    """Yield one error for each name; a place is the message there, the name and its span.

    A name that several places use is one mistake: it is declared otherwise, or not at all. Where nothing of the kind
    is declared at all, which `nothing` then says, all names are one.
    """
    by_name: dict[str, list[tuple[str, Span]]] = {}
    for message, name, span in places:
        by_name.setdefault("" if nothing else name, []).append((message, span))
    for name, named in by_name.items():
        (message, span), *others = named
        more = f" (and so {other_places(len(others))})" if others else ""
        labels = tuple(Label(place, "named here too") for _, place in others[:MOST_SHOWN])
        if nothing:
            yield error(rule, f"{message}: {nothing}{more}", span, remedy(name), labels=labels)
        else:
            yield error(rule, message + more, span, remedy(name), labels=labels)
