"""Report a name that nothing declares once, in however many places it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.diagnostics.once import MOST_SHOWN, other_places
from routecomp.model.edit_distance import edit_distance
from routecomp.model.project import Declared
from routecomp.model.slug_texts import as_slug, slugs_in
from routecomp.model.suggest import closest, typo_of
from routecomp.source.text import Span

_COMPARED = 100_000
"""The most pairs of names that are compared; in a project with more, no unknown name is judged."""
_LONGEST = 63

Use = tuple[str, str, Span]
"""A place that uses a name: the message there, the name and its span."""


def not_of_unnamed(declared: Declared, section: str, uses: Iterable[Use]) -> list[Use]:
    """Return the uses of unknown names without those that a body means whose own name is no slug.

    Such a body has one name, which cannot be told from its text. It is the one that this text holds; else, of the
    unknown names that are no misspelling of a declared one, the one that is nearest to the text.
    """
    kept = list(uses)
    texts = sorted(declared.unnamed.get(section, ()))
    if not texts or not kept:
        return kept
    known = list(getattr(declared, section))
    unknown = dict.fromkeys(name for _, name, _ in kept)
    meant: set[str] = set()
    waiting = []
    for text in texts:
        own = {as_slug(text), *slugs_in(text)} & unknown.keys()
        meant |= own
        if not own:
            waiting.append(text)
    left = [name for name in unknown if name not in meant]
    if waiting and len(left) * max(len(known), len(waiting)) <= _COMPARED:
        left = [name for name in left if typo_of(name, known) is None]
        if len(left) > len(waiting):
            left = _nearest(left, known, waiting)
    meant.update(left if waiting else ())
    return [use for use in kept if use[1] not in meant]


def _nearest(names: list[str], known: list[str], texts: list[str]) -> list[str]:
    """Return for each text the name that is nearest to it, first those of the names that are near no known one."""
    left = sorted(names, key=lambda name: closest(name, known) is not None)
    apart = sum(closest(name, known) is None for name in names)
    nearest = []
    for position, text in enumerate(texts):
        among = left[: max(1, apart - position)]
        nearest.append(min(among, key=lambda name: edit_distance(name, text.lower()[:_LONGEST])))
        left.remove(nearest[-1])
    return nearest


def report_unknown(
    rule: str, places: Iterable[Use], remedy: Callable[[str], str], nothing: str = ""
) -> Iterator[Diagnostic]:
    """Yield one error for each name.

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
