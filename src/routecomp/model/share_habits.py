"""Gather the refused shares of a logical model into one finding: its models, each in its body, divide 1 among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.diagnostics.once import with_others
from routecomp.model.figure import number_fields
from routecomp.model.habits import RefusedNumber, habits_of
from routecomp.model.numbers import ONE, format_decimal
from routecomp.model.project import Entry
from routecomp.model.route import Model
from routecomp.parse.tree import Mapping, Scalar
from routecomp.source.edits import Fix

_SHARE = next(number_fields(Model.fields["share"].annotation))
_DECIMALS = len(str(ONE)) - 1


class WrittenShare(NamedTuple):
    """The share that a model's body states which could not be read, and the finding on it; None if it is right."""

    slug: str
    logical: str
    text: str
    plain: bool
    finding: Diagnostic | None


def written_share(slug: str, node: Mapping, diagnostics: Iterable[Diagnostic]) -> WrittenShare | None:
    """Return the share of a body that could not be read; None where it states none of a logical model."""
    share, logical = node.get("share"), node.get("logical_slug")
    if not isinstance(share, Scalar) or not isinstance(logical, Scalar):
        return None
    rules = ("RC115", "RC116", "RC117")
    finding = next((d for d in diagnostics if d.rule in rules and d.span and d.span.start == share.start), None)
    text = finding.span.text if finding is not None and finding.span is not None and share.plain else share.text
    return WrittenShare(slug, logical.text, text, share.plain, finding)


def gather_shares(
    diagnostics: Sequence[Diagnostic], written: Iterable[WrittenShare], models: Iterable[Entry[Model]], is_whole: bool
) -> list[Diagnostic]:
    """Return findings in which the refused shares of a logical model that have one cause are one.

    They must add up to 1 where every model is known, which `is_whole` says.
    """
    by_logical: dict[str, list[WrittenShare]] = {}
    for each in written:
        by_logical.setdefault(each.logical, []).append(each)
    texts: dict[str, dict[str, str]] = {
        logical: {each.slug: each.text for each in of} for logical, of in by_logical.items()
    }
    for entry in models if by_logical else ():
        if entry.body.share is not None and entry.body.logical_slug in texts:
            texts[entry.body.logical_slug][entry.slug] = format_decimal(entry.body.share, _DECIMALS)
    gathered: dict[int, Diagnostic | None] = {}
    for logical, shares in by_logical.items():
        refused = [(each, each.finding) for each in shares if each.finding is not None]
        numbers = [RefusedNumber(each.slug, each.text, each.plain, _SHARE, "share") for each, _ in refused]
        for habit in habits_of(numbers, texts[logical] if is_whole else None) if numbers else ():
            first, *others = (refused[place][1] for place in habit.places)
            fixes = [refused[place][1].fix for place in habit.places]
            edits = tuple(edit for fix in fixes if fix is not None for edit in fix.edits)
            fix = Fix("write all of them so", edits, habit.is_spelling) if None not in habit.replacements else None
            gathered |= {id(other): None for other in others}
            gathered[id(first)] = replace(with_others(first, others), help=habit.help, fix=fix)
    kept = (gathered.get(id(diagnostic), diagnostic) for diagnostic in diagnostics)
    return [diagnostic for diagnostic in kept if diagnostic is not None]
