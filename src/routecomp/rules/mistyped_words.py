"""Find a word of the author's own that is mistyped where it is given, by what goes wrong because of it.

Any word may be a stack or a logical model. One that a single body carries, that nothing names, and that is near another
one is a slip if the findings of other rules are gone once it is read as that one. These are then one finding, at the
word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple

from routecomp.diagnostics.diagnostic import Diagnostic, Label
from routecomp.diagnostics.once import MOST_SHOWN
from routecomp.diagnostics.rule import Scope
from routecomp.model.project import Declared, Entry
from routecomp.model.suggest import closest
from routecomp.rules.lookup import policies
from routecomp.rules.registry import rules

_JUDGED = ("RC401", "RC404", "RC402", "RC421", "RC407")
"""The rules that find which models a policy or a target leaves; what they find weighs in this order."""
_TRIED = 4
"""The most corrections that are tried."""
_COMPARED = 100_000
"""The most pairs of words that are compared."""


class Slip(NamedTuple):
    """A word in a field of a body that may be mistyped, what it is in words, and the word that is near it."""

    entry: Entry[Any]
    field: str
    title: str
    near: str


def at_mistyped_words(declared: Declared, diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """Return findings in which those that a mistyped word explains are one, at that word."""
    judged = [each for each in diagnostics if each.rule in _JUDGED]
    slips = list(islice(_slips(declared), _TRIED)) if judged else []
    now = _places(declared) if slips else set()
    for slip in slips:
        left = _places(_corrected(declared, slip))
        explained = [each for each in judged if _place(each) not in left]
        if explained and len(left) < len(now):
            explained.sort(key=lambda each: _JUDGED.index(each.rule))
            gone = {id(each) for each in explained}
            return [*(each for each in diagnostics if id(each) not in gone), _finding(slip, explained)]
    return diagnostics


def _slips(declared: Declared) -> Iterator[Slip]:
    """Yield the words that one body alone carries, that nothing names, and that are near another one."""
    named = {word for _, fields, _ in policies(declared) for word in fields.stacks or ()}
    named |= {word for target in declared.targets.values() for word in target.body.candidates.stacks or ()}
    stacks = [(entry, entry.body.stack) for entry in declared.providers.values()]
    yield from _near(stacks, named, "stack", "stack `{}` of {} is named by no policy and no target")
    named = {word for _, fields, _ in policies(declared) for word in fields.banned_models or ()}
    named |= {target.body.candidates.logical or "" for target in declared.targets.values()}
    models = [(entry, entry.body.logical_slug) for entry in declared.models.values() if entry.body.logical_slug]
    yield from _near(models, named, "logical_slug", "`logical_slug: {}` of {} is named by nothing else")


def _near(words: Iterable[tuple[Entry[Any], str]], named: set[str], field: str, title: str) -> Iterator[Slip]:
    """Yield the slips among the words that bodies carry; `named` are those that something names."""
    carried = list(words)
    counts = Counter(word for _, word in carried)
    known = [word for word in counts if word in named or counts[word] > 1]
    single = [(entry, word) for entry, word in carried if counts[word] == 1 and word not in named]
    if len(single) * len(known) > _COMPARED:
        return
    for entry, word in single:
        near = closest(word, known) or next((other for other in known if word.startswith(other)), None)
        if near is not None:
            yield Slip(entry, field, title.format(word, entry.title), near)


def _corrected(declared: Declared, slip: Slip) -> Declared:
    """Return the project with a word as it was meant."""
    body = slip.entry.body
    entry = replace(slip.entry, body=type(body)(**{**vars(body), slip.field: slip.near}))
    if slip.field == "stack":
        return replace(declared, providers={**declared.providers, entry.slug: entry})
    return replace(declared, models={**declared.models, entry.slug: entry})


def _places(declared: Declared) -> set[tuple[str, str, int]]:
    """Return the places of what the judged rules find."""
    finders = [rules(Scope.PROJECT)[id].find for id in _JUDGED]
    return {_place(each) for find in finders if find is not None for each in find(declared)}


def _place(diagnostic: Diagnostic) -> tuple[str, str, int]:
    """Return the rule and the place of a finding."""
    span = diagnostic.span
    return (diagnostic.rule, "", 0) if span is None else (diagnostic.rule, span.path, span.start)


def _finding(slip: Slip, explained: list[Diagnostic]) -> Diagnostic:
    """Return the one finding: the first of those that are explained, at the word."""
    first, *others = explained
    more = f" (and {len(others)} more like it)" if others else ""
    spans = tuple(each.span for each in explained if each.span is not None)
    return replace(
        first,
        message=f"{slip.title}: {first.message}{more}",
        span=slip.entry.span(slip.field),
        help=f"did you mean `{slip.near}`? Else {first.help}",
        labels=tuple(Label(span, "seen here") for span in spans[:MOST_SHOWN]),
        cause=None,
    )
