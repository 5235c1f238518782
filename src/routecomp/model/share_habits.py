"""Gather the refused shares of a logical model into one finding: its models, each in its body, divide 1 among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.diagnostics.once import with_others
from routecomp.model.figure import number_fields
from routecomp.model.foreign_names import meaning
from routecomp.model.habits import RefusedNumber, habits_of, in_proportion
from routecomp.model.numbers import ONE, format_decimal
from routecomp.model.project import Entry
from routecomp.model.route import Model
from routecomp.parse.tree import Mapping, Scalar
from routecomp.source.edits import Fix

_SHARE = next(number_fields(Model.fields["share"].annotation))
_DECIMALS = len(str(ONE)) - 1


class WrittenShare(NamedTuple):
    """The share that a model's body states which could not be read, and the finding on it; None if it is right.

    `foreign_key` is the word of another router under which it stands: a weight, of which only the proportion counts.
    """

    slug: str
    logical: str
    text: str
    plain: bool
    finding: Diagnostic | None
    foreign_key: str = ""


def written_share(slug: str, node: Mapping, diagnostics: Iterable[Diagnostic]) -> WrittenShare | None:
    """Return the share of a body that could not be read; None where it states none of a logical model."""
    share, logical = node.get("share"), node.get("logical_slug")
    if share is None and isinstance(logical, Scalar):
        return foreign_share(slug, logical.text, node, diagnostics)
    if not isinstance(share, Scalar) or not isinstance(logical, Scalar):
        return None
    rules = ("RC115", "RC116", "RC117")
    finding = next((d for d in diagnostics if d.rule in rules and d.span and d.span.start == share.start), None)
    text = finding.span.text if finding is not None and finding.span is not None and share.plain else share.text
    return WrittenShare(slug, logical.text, text, share.plain, finding)


def foreign_share(slug: str, logical: str, node: Mapping, diagnostics: Iterable[Diagnostic]) -> WrittenShare | None:
    """Return the share that a body states under the key of another router; None where it does not."""
    for key, value in node.items:
        word = meaning(Model, key.text, value) if isinstance(value, Scalar) else None
        if word is not None and word.key == "share" and isinstance(value, Scalar):
            finding = next((d for d in diagnostics if d.span is not None and d.span.start == key.start), None)
            return WrittenShare(slug, logical, value.text, value.plain, finding, key.text)
    return None


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
        gathered |= _gather_foreign(shares, texts[logical] if is_whole else {})
        refused = [(each, each.finding) for each in shares if each.finding is not None and not each.foreign_key]
        numbers = [RefusedNumber(each.slug, each.text, each.plain, _SHARE, "share") for each, _ in refused]
        are_alike = is_whole and len(refused) == len([each for each in shares if each.finding is not None])
        for habit in habits_of(numbers, texts[logical] if are_alike else None) if numbers else ():
            first, *others = (refused[place][1] for place in habit.places)
            fixes = [refused[place][1].fix for place in habit.places]
            edits = tuple(edit for fix in fixes if fix is not None for edit in fix.edits)
            fix = Fix("write all of them so", edits, habit.is_spelling) if None not in habit.replacements else None
            gathered |= {id(other): None for other in others}
            gathered[id(first)] = replace(with_others(first, others), help=habit.help, fix=fix)
    kept = (gathered.get(id(diagnostic), diagnostic) for diagnostic in diagnostics)
    return [diagnostic for diagnostic in kept if diagnostic is not None]


def _gather_foreign(shares: Sequence[WrittenShare], texts: dict[str, str]) -> dict[int, Diagnostic | None]:
    """Return by identity the findings on the weights of a logical model as one, which says the shares to write.

    `texts` are those of all that share the load; empty where some are not known.
    """
    foreign = [(each, each.finding) for each in shares if each.foreign_key and each.finding is not None]
    weights = {each.slug: each.text for each, _ in foreign}
    if not foreign:
        return {}
    first, *others = (finding for _, finding in foreign)
    written = in_proportion(weights, _SHARE) if texts == weights else ""
    help = f"write `share`, which add up to 1: {written or '…'}"
    return {id(first): replace(with_others(first, others), help=help), **{id(other): None for other in others}}
