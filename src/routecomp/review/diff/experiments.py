"""An experiment as it was and as it is in, rows of what differs out, with the share of units that move."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.model.experiment import Experiment, Variant, Version
from routecomp.model.project import Entry
from routecomp.review.diff.difference import Row, Severity
from routecomp.review.diff.routes import field_rows, row
from routecomp.review.diff.values import listed, percent, share, words
from routecomp.rules.change.moved_units import moved


def experiment_rows(was: Entry[Experiment], now: Entry[Experiment]) -> Iterator[Row]:
    """What differs in an experiment: its traffic first, then its variants."""
    yield from _units(was, now)
    one, other = was.body.salt or was.slug, now.body.salt or now.slug
    if one != other:
        yield row(was, now, "salt", one, other, note="every unit is dealt anew")
    yield from field_rows(was, now, ("variants", "salt"))
    before, after = was.body.variants, now.body.variants
    for id in dict.fromkeys([*before, *after]):
        yield from _variant(was, now, id, before.get(id), after.get(id))
    if list(before) != list(after) and sorted(before) == sorted(after):
        yield row(was, now, "variants", listed(list(before)), listed(list(after)), note="in another order")


def _units(was: Entry[Experiment], now: Entry[Experiment]) -> Iterator[Row]:
    """The row of the units that change their variant."""
    units = moved(was.body, now.body)
    if units is None or not units.slots:
        return
    if units.slots == units.least:
        note = f"{percent(units.slots)} of units move, the least possible"
    else:
        note = f"{percent(units.slots)} of units move, {percent(units.least)} would do"
    before, after = (
        ", ".join(f"{id} {share(variant.weight)}" for id, variant in side.body.variants.items()) for side in (was, now)
    )
    yield row(was, now, "weights", before, after, note=note, path=["variants"])


def _variant(
    was: Entry[Experiment], now: Entry[Experiment], id: str, before: Variant | None, after: Variant | None
) -> Iterator[Row]:
    what, path = f"variants.{id}", ["variants", id]
    if before is None or after is None:
        variant = after or before
        assert variant is not None
        text = f"weight {share(variant.weight)}"
        yield row(was, now, what, None if before is None else text, None if after is None else text, path=path)
        return
    if before.label != after.label:
        yield row(was, now, f"{what}.label", before.label, after.label, Severity.COSMETIC, path=[*path, "label"])
    one, other = _serving(before), _serving(after)
    if _upstream(one) != _upstream(other):
        note = f"version {other.version}" if one and other and other.version > one.version else ""
        yield row(was, now, what, _upstream(one), _upstream(other), note=note, path=[*path, "versions"])
    if before.versions != after.versions and _upstream(one) == _upstream(other):
        yield row(was, now, f"{what}.versions", _numbers(before), _numbers(after), path=[*path, "versions"])
    if before.weight != after.weight:
        yield row(
            was,
            now,
            f"{what}.weight",
            words("weight", before.weight),
            words("weight", after.weight),
            path=[*path, "weight"],
        )
    if before.slots != after.slots:
        yield row(was, now, f"{what}.slots", _slots(before), _slots(after), path=[*path, "slots"])


def _serving(variant: Variant) -> Version | None:
    return variant.versions[-1] if variant.versions else None


def _upstream(version: Version | None) -> str | None:
    if version is None:
        return None
    return version.model if version.api_key_env is None else f"{version.model} with the key in {version.api_key_env}"


def _numbers(variant: Variant) -> str:
    return listed([f"{version.version}: {_upstream(version)}" for version in variant.versions])


def _slots(variant: Variant) -> str | None:
    if variant.slots is None:
        return None
    return listed([f"{first}-{last}" for first, last in variant.slots])
