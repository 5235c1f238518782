"""Make rows from two compiled tables, one for each entry and key that differs; used where there is no YAML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.review.diff.decisions.compiled_side import ALIASES, Content
from routecomp.review.diff.difference import Row, Severity, by_weight
from routecomp.review.diff.rows.shares import shares_text
from routecomp.review.diff.rows.url import endpoint_text, key_text, safe_text
from routecomp.table.codec import compact

_KINDS = {
    "features": "feature",
    "targets": "target",
    "experiments": "experiment",
    "models": "model",
    "providers": "provider",
    "tenants": "tenant",
    "aliases": "alias",
    "patterns": "pattern",
    "feature_aliases": "alias of a feature",
    "model_aliases": "alias of a model",
    "shares": "logical model",
}
"""Section of the table to the word for one of its entries."""
_BREAKING_SECTIONS = ("features", "targets", "models", "tenants", "experiments", *ALIASES)
"""Sections whose names callers send."""
_SECURITY = {
    "provider": ("adapter", "api_key_env", "auth", "headers", "region", "secret_headers", "stream_url", "url"),
    "model": ("provider", "api_key_env"),
    "experiment": ("variants",),
}
"""Keys of an entry that say where requests and keys go, by the entry's kind."""
_SINGLE_SECTIONS = ("defaults", "preferences", "resilience")


def table_rows(before: Content, after: Content) -> list[Row]:
    """Return a row for each entry and key that differs between two tables, security first, then the heaviest.

    Of an order of models the row only says that it differs.
    """
    return by_weight(list(_rows(before, after)))


def _rows(before: Content, after: Content) -> Iterator[Row]:
    for section, kind in _KINDS.items():
        old, new = before.get(section, {}), after.get(section, {})
        for slug in sorted({*old, *new}):
            if slug in old and slug in new:
                bodies = _body(before, section, old[slug]), _body(after, section, new[slug])
                yield from _key_rows(kind, slug, *bodies)
            else:
                is_breaking = slug in old and section in _BREAKING_SECTIONS
                severity = Severity.BREAKING if is_breaking else Severity.BEHAVIOURAL
                sends = _where_it_sends(section, new[slug]) if slug in new else None
                what = "removed" if slug in old else "added"
                yield Row(kind, slug, what, None, sends, severity, is_security=sends is not None)
    for section in _SINGLE_SECTIONS:
        old, new = (_body(side, section, side[section]) for side in (before, after))
        yield from _key_rows(section, section, old, new)


def _body(side: Content, section: str, value: Any) -> dict[str, Any]:
    """Return an entry as a mapping, with the policy in place of the policy's name.

    A value that is no mapping stands below one key.
    """
    if section == "tenants":
        return dict(side["policies"][value])
    if section == "defaults":
        policy = side["policies"][value["policy"]]
        return {**value, **{f"policy.{key}": inner for key, inner in policy.items()}, "policy": None}
    if section == "shares":
        return {"shares": shares_text([(first, slug) for first, slug in value])}
    return value if isinstance(value, dict) else {ALIASES.get(section, "value"): value}


def _key_rows(kind: str, name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Row]:
    for key in sorted({*old, *new}):
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        if key.rpartition(".")[2] in ("plain", "penalised"):  # names of orders, which mean nothing to people
            yield Row(kind, name, f"{key} order", None, None, Severity.BEHAVIOURAL, "models rank otherwise")
        else:
            is_security = key in _SECURITY.get(kind, ()) and _keys(before) != _keys(after)
            yield Row(kind, name, key, _text(before), _text(after), Severity.BEHAVIOURAL, is_security=is_security)


def _where_it_sends(section: str, entry: Any) -> str | None:
    """Write where a new entry sends requests or keys; None if it does not."""
    if section == "providers":
        sent = {entry["api_key_env"], *entry.get("secret_headers", {}).values()} - {None}
        return endpoint_text(safe_text(entry["url"]), sent)
    keys = set(filter(None, _keys(entry["variants"]))) if section == "experiments" else set()
    return key_text(keys) if keys else None


def _keys(value: Any) -> Any:
    """Return the variables of keys in the variants of an experiment; any other value as it is."""
    return [variant["api_key_env"] for variant in value] if isinstance(value, list) else value


def _text(value: Any) -> str | None:
    return None if value is None else safe_text(value if isinstance(value, str) else compact(value))
