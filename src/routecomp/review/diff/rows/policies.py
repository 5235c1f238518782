"""Make the rows of what differs in tenants, presets and the default policy, or in `preferences`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.model.policy import (
    POLICY_FIELDS,
    EffectivePolicy,
    PolicyFields,
    Preferences,
    Preset,
    Tenant,
    effective_policy,
    field_origin,
)
from routecomp.model.project import Declared, Entry
from routecomp.model.vocabulary import PRESETS
from routecomp.review.diff.decisions.compiled_side import Content
from routecomp.review.diff.difference import Row, Severity
from routecomp.review.diff.rows.entry import entry_row, field_rows, key_rows, nearest_span, value_row
from routecomp.review.diff.rows.text import count_noun, list_change_text, value_text


def tenant_rows(old: Entry[Tenant], new: Entry[Tenant], before: Declared, after: Declared) -> Iterator[Row]:
    """Yield a row for each value that a change of the tenant's own body changes.

    A change of its preset's body has its rows in `preset_rows`.
    """
    if old.body.preset != new.body.preset:
        yield value_row(old, new, "preset", old.body.preset, new.body.preset)
    yield from _policy_rows(old, new, (old.body, new.body), (old.body.preset, new.body.preset), (before, after), ())
    yield from field_rows(old, new, ("preset", "budget", *POLICY_FIELDS))


def budget_rows(old: Entry[Tenant], new: Entry[Tenant]) -> Iterator[Row]:
    """Yield a row where a tenant may spend another amount."""
    if old.body.budget != new.body.budget:
        yield value_row(old, new, "budget", *(value_text("budget", side.body.budget) for side in (old, new)))


def default_policy_rows(before: Declared, after: Declared) -> Iterator[Row]:
    """Yield a row for each value of `defaults.policy` that changes; nothing where a side has no `defaults`."""
    old, new = before.defaults, after.defaults
    if old is None or new is None or old is new:
        return
    policies = old.body.policy, new.body.policy
    presets = policies[0].preset, policies[1].preset
    if presets[0] != presets[1]:
        yield value_row(old, new, "policy.preset", *presets)
    yield from _policy_rows(old, new, policies, presets, (before, after), ("policy",))


def preset_rows(before: Declared, after: Declared, tables: tuple[Content, Content]) -> Iterator[Row]:
    """Yield a row for each field of a preset that changes; its note says how many tenants it reaches.

    A policy field is behavioural if one of those tenants, or the default policy, differs between the `tables`, before
    and after; any other row is cosmetic.
    """
    no_fields = PolicyFields()
    for preset in PRESETS:
        old, new = before.presets.get(preset), after.presets.get(preset)
        if old is new:
            continue
        old_policy, new_policy = (effective_policy(no_fields, preset, side.preset_bodies) for side in (before, after))
        for field in POLICY_FIELDS:
            values = _value(old_policy, field), _value(new_policy, field)
            if values[0] != values[1]:
                note, changes_tenants = _reach(after, preset, field, tables)
                severity = Severity.BEHAVIOURAL if changes_tenants else Severity.COSMETIC
                texts = _policy_text(field, values[0]), _policy_text(field, values[1])
                yield _preset_row(preset, field, texts, severity, note, old, new)
        for field in ("description", "owner"):
            before_text, after_text = (None if entry is None else getattr(entry.body, field) for entry in (old, new))
            if before_text != after_text:
                yield _preset_row(preset, field, (before_text, after_text), Severity.COSMETIC, "", old, new)


def preferences_rows(old: Entry[Preferences] | None, new: Entry[Preferences] | None) -> Iterator[Row]:
    """Yield a row for each value that differs in `preferences`, or one row where a side has none."""
    if old is new:
        return
    if old is None or new is None:
        note = "every preference was unknown" if new else "every preference is unknown now"
        yield entry_row(old, new, Severity.BEHAVIOURAL, note)
        return
    yield from key_rows(old, new, "floors", old.body.floors, new.body.floors, "floor")
    yield from key_rows(old, new, "dial", _dial(old), _dial(new), "dial")
    yield from field_rows(old, new, ("floors", "dial"))


def _policy_rows(
    old: Entry[Any],
    new: Entry[Any],
    own: tuple[PolicyFields, PolicyFields],
    presets: tuple[str, str],
    sides: tuple[Declared, Declared],
    path: tuple[str, ...],
) -> Iterator[Row]:
    """Yield a row for each field of the effective policies that changes, or that is written otherwise.

    `own` are the policy fields written in the entry, at `path`, before and after. A field that only the preset's body
    changes has no row here. A row is cosmetic where the effective value stays.
    """
    old_policy, new_policy = (
        effective_policy(body, preset, side.preset_bodies)
        for body, preset, side in zip(own, presets, sides, strict=True)
    )
    for field in POLICY_FIELDS:
        before, after = _value(old_policy, field), _value(new_policy, field)
        own_differs = getattr(own[0], field) != getattr(own[1], field)
        if not own_differs and (before == after or presets[0] == presets[1]):
            continue
        severity, note = Severity.BEHAVIOURAL, ""
        if before == after:
            severity = Severity.COSMETIC
            origins = [
                field_origin(field, body, preset, side.preset_bodies)
                for body, preset, side in zip(own, presets, sides, strict=True)
            ]
            note = f"the same value, {_origin_text(origins[0])} before and {_origin_text(origins[1])} now"
        elif isinstance(before, tuple) and isinstance(after, tuple) and field != "weights":
            note = list_change_text(before, after)
        texts = _policy_text(field, before), _policy_text(field, after)
        what = ".".join((*path, field))
        yield value_row(old, new, what, *texts, severity=severity, note=note, path=(*path, field))


def _origin_text(origin: str) -> str:
    return {"own": "its own", "preset": "the preset's", "built-in": "the preset's"}.get(origin, "the default")


def _preset_row(
    preset: str,
    field: str,
    texts: tuple[str | None, str | None],
    severity: Severity,
    note: str,
    old: Entry[Preset] | None,
    new: Entry[Preset] | None,
) -> Row:
    """Make a row about a field of a preset, which neither side needs to declare."""
    spans = nearest_span(old, [field]), nearest_span(new, [field])
    return Row("preset", preset, field, *texts, severity, note, *spans)


def _reach(after: Declared, preset: str, field: str, tables: tuple[Content, Content]) -> tuple[str, bool]:
    """Return whom a field of a preset reaches, as text, and whether any of them has another policy in the table.

    It reaches the tenants and the default policy that have the preset and do not set the field.
    """
    old_table, new_table = tables
    tenants = [
        slug
        for slug, entry in after.tenants.items()
        if entry.body.preset == preset and getattr(entry.body, field) is None
    ]
    differs = any(old_table["tenants"].get(slug) != new_table["tenants"][slug] for slug in tenants)
    text = f"reaches {count_noun(len(tenants), 'tenant')}"
    policy = None if after.defaults is None else after.defaults.body.policy
    if policy is not None and policy.preset == preset and getattr(policy, field) is None:
        text += " and the default policy"
        differs = differs or old_table["defaults"]["policy"] != new_table["defaults"]["policy"]
    return text, differs


def _value(policy: EffectivePolicy, field: str) -> Any:
    return getattr(policy, field)


def _policy_text(field: str, value: Any) -> str | None:
    """Write a value of a policy's field; no list of stacks is `all`, another None stays None."""
    return "all" if field == "stacks" and value is None else value_text(field, value)


def _dial(entry: Entry[Preferences]) -> dict[str, int]:
    return {name: getattr(entry.body.dial, name) for name in type(entry.body.dial).fields}
