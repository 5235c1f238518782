"""Make the rows of what differs in an experiment, with the share of units that move."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.model.experiment import Experiment, Variant, Version
from routecomp.model.project import Entry
from routecomp.review.diff.difference import Row, Severity
from routecomp.review.diff.rows.entry import field_rows, value_row
from routecomp.review.diff.rows.text import join_names, percent_text
from routecomp.review.diff.rows.url import key_text
from routecomp.rules.change.moved_units import moved
from routecomp.rules.lookup import share


def experiment_rows(old: Entry[Experiment], new: Entry[Experiment]) -> Iterator[Row]:
    """Yield a row for each value that differs in an experiment: its traffic first, then its variants."""
    yield from _moved_units_rows(old, new)
    salts = old.body.salt or old.slug, new.body.salt or new.slug
    if salts[0] != salts[1]:
        yield value_row(old, new, "salt", *salts, note="every unit is dealt anew")
    yield from field_rows(old, new, ("variants", "salt"))
    before, after = old.body.variants, new.body.variants
    for id in dict.fromkeys([*before, *after]):
        yield from _variant_rows(old, new, id, before.get(id), after.get(id))
    if list(before) != list(after) and sorted(before) == sorted(after):
        yield value_row(
            old, new, "variants", join_names(list(before)), join_names(list(after)), note="in another order"
        )


def _moved_units_rows(old: Entry[Experiment], new: Entry[Experiment]) -> Iterator[Row]:
    """Yield the row of the units that change their variant; nothing where none do, or that cannot be said."""
    units = moved(old.body, new.body)
    if units is None or not units.slots:
        return
    if units.slots == units.least:
        note = f"{percent_text(units.slots)} of units move, the least possible"
    else:
        note = f"{percent_text(units.slots)} of units move, {percent_text(units.least)} would do"
    before, after = (
        ", ".join(f"{id} {share(variant.weight)}" for id, variant in side.body.variants.items()) for side in (old, new)
    )
    yield value_row(old, new, "weights", before, after, note=note, path=["variants"])


def _variant_rows(
    old: Entry[Experiment], new: Entry[Experiment], id: str, before: Variant | None, after: Variant | None
) -> Iterator[Row]:
    """Yield a row for each value that differs in one variant, or one row where `before` or `after` is None."""
    what, path = f"variants.{id}", ["variants", id]
    if before is None or after is None:
        texts = (None if side is None else f"weight {share(side.weight)}" for side in (before, after))
        keys = set() if after is None else set(filter(None, _keys(after)))
        note = key_text(keys) if keys else ""
        yield value_row(old, new, what, *texts, path=path, note=note, is_security=bool(keys))
        return
    if before.label != after.label:
        yield value_row(
            old, new, f"{what}.label", before.label, after.label, severity=Severity.COSMETIC, path=[*path, "label"]
        )
    old_version, new_version = _last_version(before), _last_version(after)
    upstreams = _upstream_text(old_version), _upstream_text(new_version)
    if upstreams[0] != upstreams[1]:
        note = ""
        if old_version and new_version and new_version.version > old_version.version:
            note = f"version {new_version.version}"
        is_security = _keys(before) != _keys(after)
        yield value_row(old, new, what, *upstreams, note=note, path=[*path, "versions"], is_security=is_security)
    elif before.versions != after.versions:
        texts = (_versions_text(side) for side in (before, after))
        is_security = _keys(before) != _keys(after)
        yield value_row(old, new, f"{what}.versions", *texts, path=[*path, "versions"], is_security=is_security)
    if before.weight != after.weight:
        texts = (share(side.weight) for side in (before, after))
        yield value_row(old, new, f"{what}.weight", *texts, path=[*path, "weight"])
    if before.slots != after.slots:
        texts = (_slots_text(side) for side in (before, after))
        yield value_row(old, new, f"{what}.slots", *texts, path=[*path, "slots"])


def keys_text(experiment: Experiment) -> str | None:
    """Write the variables of keys that an experiment's versions name; None where they name none."""
    names = {key for variant in experiment.variants.values() for key in _keys(variant) if key is not None}
    return key_text(names) if names else None


def _keys(variant: Variant) -> list[str | None]:
    """Return the variable of the key of each version of a variant, None for that of the provider."""
    return [version.api_key_env for version in variant.versions]


def _last_version(variant: Variant) -> Version | None:
    """Return the version that serves a variant; None where it has none."""
    return variant.versions[-1] if variant.versions else None


def _upstream_text(version: Version | None) -> str | None:
    """Write the model of a version, and the variable of its key if it has one; None without a version."""
    if version is None:
        return None
    return version.model if version.api_key_env is None else f"{version.model} {key_text([version.api_key_env])}"


def _versions_text(variant: Variant) -> str:
    return join_names([f"{version.version}: {_upstream_text(version)}" for version in variant.versions])


def _slots_text(variant: Variant) -> str | None:
    if variant.slots is None:
        return None
    return join_names([f"{first}-{last}" for first, last in variant.slots])
