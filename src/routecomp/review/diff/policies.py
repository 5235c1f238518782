"""Tenants, presets and the default policy of both sides in, rows of what differs in their effect out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.model.policy import POLICY_FIELDS, EffectivePolicy, PolicyFields, Tenant, effective, origin
from routecomp.model.project import Declared, Entry
from routecomp.model.vocabulary import PRESETS
from routecomp.review.diff.compiled import Content
from routecomp.review.diff.difference import Row, Severity
from routecomp.review.diff.routes import field_rows, place, row
from routecomp.review.diff.values import counted, turnover, words

_OWN_NAMES = {"fallback_cost_penalty_pct": "fallback_cost_penalty"}


def tenant_rows(was: Entry[Tenant], now: Entry[Tenant], before: Declared, after: Declared) -> Iterator[Row]:
    """What a change of the tenant's own body does; what its preset does is told once, of the preset."""
    if was.body.preset != now.body.preset:
        yield row(was, now, "preset", was.body.preset, now.body.preset)
    yield from _policy_rows(was, now, (was.body, now.body), (was.body.preset, now.body.preset), (before, after), ())
    yield from field_rows(was, now, ("preset", *POLICY_FIELDS))


def default_policy_rows(before: Declared, after: Declared) -> Iterator[Row]:
    """What a change of `defaults.policy` does."""
    was, now = before.defaults, after.defaults
    if was is None or now is None or was is now:
        return
    one, other = was.body.policy, now.body.policy
    if one.preset != other.preset:
        yield row(was, now, "policy.preset", one.preset, other.preset)
    yield from _policy_rows(was, now, (one, other), (one.preset, other.preset), (before, after), ("policy",))


def _policy_rows(
    was: Entry[Any],
    now: Entry[Any],
    own: tuple[PolicyFields, PolicyFields],
    presets: tuple[str, str],
    sides: tuple[Declared, Declared],
    path: tuple[str, ...],
) -> Iterator[Row]:
    one, other = (
        effective(body, preset, side.preset_bodies) for body, preset, side in zip(own, presets, sides, strict=True)
    )
    for field in POLICY_FIELDS:
        before, after = _value(one, field), _value(other, field)
        written = getattr(own[0], field) != getattr(own[1], field)
        if not written and (before == after or presets[0] == presets[1]):
            continue
        note = ""
        if isinstance(before, tuple) and isinstance(after, tuple) and field != "weights":
            note = turnover(before, after)
        severity = Severity.BEHAVIOURAL
        if before == after:
            if getattr(own[0], field) == getattr(own[1], field):
                continue
            severity = Severity.COSMETIC
            sources = [
                origin(field, *three) for three in zip(own, presets, (s.preset_bodies for s in sides), strict=True)
            ]
            note = f"the same value, {_from(sources[0])} before and {_from(sources[1])} now"
        yield row(
            was,
            now,
            ".".join((*path, field)),
            _words(field, before),
            _words(field, after),
            severity,
            note,
            (*path, field),
        )


def _from(origin: str) -> str:
    return {"own": "its own", "preset": "the preset's", "built-in": "the preset's"}.get(origin, "the default")


def preset_rows(before: Declared, after: Declared, tables: tuple[Content, Content]) -> Iterator[Row]:
    """What a change of a preset does, and how many tenants it reaches."""
    nothing = PolicyFields.model_construct()
    for preset in PRESETS:
        was, now = before.presets.get(preset), after.presets.get(preset)
        if was is now:
            continue
        one, other = (effective(nothing, preset, side.preset_bodies) for side in (before, after))
        for field in POLICY_FIELDS:
            value, other_value = _value(one, field), _value(other, field)
            if value == other_value:
                continue
            reached, differ = _reach(after, preset, field, tables)
            severity = Severity.BEHAVIOURAL if differ else Severity.COSMETIC
            yield Row(
                "preset",
                preset,
                field,
                _words(field, value),
                _words(field, other_value),
                severity,
                reached,
                place(was, [field]),
                place(now, [field]),
            )
        for field in ("description", "owner"):
            texts = [None if entry is None else getattr(entry.body, field) for entry in (was, now)]
            if texts[0] != texts[1]:
                yield Row(
                    "preset",
                    preset,
                    field,
                    texts[0],
                    texts[1],
                    Severity.COSMETIC,
                    "",
                    place(was, [field]),
                    place(now, [field]),
                )


def _reach(after: Declared, preset: str, field: str, tables: tuple[Content, Content]) -> tuple[str, bool]:
    """Whom a preset's field reaches, in words, and whether any of these has another policy in the table."""
    one, other = tables
    tenants = [
        slug
        for slug, entry in after.tenants.items()
        if entry.body.preset == preset and getattr(entry.body, field) is None
    ]
    differ = any(one["tenants"].get(slug) != other["tenants"][slug] for slug in tenants)
    text = f"reaches {counted(len(tenants), 'tenant')}"
    policy = None if after.defaults is None else after.defaults.body.policy
    if policy is not None and policy.preset == preset and getattr(policy, field) is None:
        text += " and the default policy"
        differ = differ or one["defaults"]["policy"] != other["defaults"]["policy"]
    return text, differ


def _value(policy: EffectivePolicy, field: str) -> Any:
    return getattr(policy, _OWN_NAMES.get(field, field))


def _words(field: str, value: Any) -> str | None:
    return "all" if field == "stacks" and value is None else words(field, value)
