"""Make the rows of what differs in a provider, model, feature or target, or in `defaults`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from routecomp.model.adapters import auth_of, base_of, headers_of, region_of, urls_of
from routecomp.model.project import Entry
from routecomp.model.provider import Provider
from routecomp.model.route import (
    Defaults,
    Feature,
    Model,
    Target,
)
from routecomp.model.route import Row as FeatureRow
from routecomp.review.diff.difference import Row, Severity
from routecomp.review.diff.rows.entry import field_rows, key_rows, nearest_span, value_row
from routecomp.review.diff.rows.text import growth_text, join_names, list_change_text, value_text
from routecomp.review.diff.rows.url import safe_text

_GUARDED = ("provider", "api_key_env")
"""Fields of a model that say where requests and keys go."""


def provider_rows(old: Entry[Provider], new: Entry[Provider]) -> Iterator[Row]:
    """Yield a row for each value that differs in a provider: where requests go, and how they carry which key.

    Another adapter or key is breaking, since services must change too. What an adapter says counts as if it were
    written.
    """
    before, after = urls_of(old.body), urls_of(new.body)
    if before[0] != after[0]:
        path = [_changed(old, new, ("base_url", "query", "chat_path", "adapter"))]
        yield value_row(old, new, "url", before[0], after[0], path=path, is_security=True)
    elif base_of(old.body) != base_of(new.body):
        yield value_row(old, new, "base_url", base_of(old.body), base_of(new.body), is_security=True)
    if before[1] != after[1] and (before[0] != before[1] or after[0] != after[1]):
        path = [_changed(old, new, ("stream_path", "base_url", "query", "chat_path", "adapter"))]
        yield value_row(old, new, "stream_url", before[1], after[1], path=path, is_security=True)
    ways = auth_of(old.body), auth_of(new.body)
    if ways[0] != ways[1]:
        path = [_changed(old, new, ("auth", "adapter"))]
        yield value_row(old, new, "auth", *ways, severity=Severity.BREAKING, path=path, is_security=True)
    yield from _header_rows(old, new, "headers", headers_of(old.body), headers_of(new.body))
    yield from _header_rows(old, new, "secret_headers", old.body.secret_headers, new.body.secret_headers)
    regions = region_of(old.body), region_of(new.body)
    if regions[0] != regions[1]:
        path = [_changed(old, new, ("region", "base_url", "auth"))]
        yield value_row(old, new, "region", *regions, path=path, is_security=True)
    decisive = ("adapter", "api_key_env")
    yield from field_rows(old, new, _WORKED_OUT, breaking=decisive, security=(*decisive, "allow_http"))


_WORKED_OUT = ("base_url", "chat_path", "stream_path", "query", "auth", "headers", "secret_headers", "region")
"""The fields of a provider that have rows for what follows from them."""


def _changed(old: Entry[Provider], new: Entry[Provider], fields: Sequence[str]) -> str:
    """Return the first of some fields that was written in another way; the last where none was."""
    return next((key for key in fields if getattr(old.body, key) != getattr(new.body, key)), fields[-1])


def _header_rows(
    old: Entry[Provider], new: Entry[Provider], key: str, before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[Row]:
    """Yield a row for each header that differs, by its name in small letters."""
    sides = [{name.lower(): value for name, value in headers.items()} for headers in (before, after)]
    for name in dict.fromkeys([*sides[0], *sides[1]]):
        values = sides[0].get(name), sides[1].get(name)
        if values[0] != values[1]:
            written = next((other for other in [*after, *before] if other.lower() == name), name)
            texts = (None if value is None else safe_text(value) for value in values)
            yield value_row(old, new, f"{key}.{name}", *texts, path=[key, written], is_security=True)


def model_rows(old: Entry[Model], new: Entry[Model]) -> Iterator[Row]:
    """Yield a row for each value that differs in a model; making it inactive or unlisted is breaking."""
    old_body, new_body = old.body, new.body
    for kind in ("input", "output"):
        prices = getattr(old_body.price, kind), getattr(new_body.price, kind)
        if prices[0] != prices[1]:
            texts = (value_text(kind, price) for price in prices)
            yield value_row(old, new, f"price.{kind}", *texts, note=growth_text(*prices))
    before, after = old_body.provider_model_name or old.slug, new_body.provider_model_name or new.slug
    if before != after:
        yield value_row(old, new, "provider_model_name", before, after)
    if set(old_body.capabilities) != set(new_body.capabilities):
        lists = sorted(set(old_body.capabilities)), sorted(set(new_body.capabilities))
        yield value_row(old, new, "capabilities", *map(join_names, lists), note=list_change_text(*lists))
    yield from _alias_rows(old, new)
    switched_off = [
        field for field in ("active", "listed") if getattr(old_body, field) and not getattr(new_body, field)
    ]
    yield from field_rows(
        old, new, ("price", "provider_model_name", "capabilities", "aliases"), [*switched_off, "api_key_env"], _GUARDED
    )


def feature_rows(old: Entry[Feature], new: Entry[Feature]) -> Iterator[Row]:
    """Yield a row for each value that differs in a feature: its primary first, then its rows, then their order."""
    old_rows, new_rows = old.body.models, new.body.models
    before, after = _primary(old), _primary(new)
    if before != after:
        yield _primary_row(old, new, before, after)
    for model in dict.fromkeys([*old_rows, *new_rows]):
        old_row, new_row = old_rows.get(model), new_rows.get(model)
        is_swapped = before != after and model in (before, after)
        if old_row == new_row or (is_swapped and _has_no_sample(old_row) and _has_no_sample(new_row)):
            continue
        yield value_row(old, new, f"models.{model}", _row_text(old_row), _row_text(new_row), path=["models", model])
    mirrored = _mirrored(old), _mirrored(new)
    if mirrored[0] != mirrored[1] and sorted(mirrored[0]) == sorted(mirrored[1]):
        yield value_row(old, new, "models", *map(join_names, mirrored), note="shadows in another order")
    elif old_rows == new_rows and list(old_rows) != list(new_rows):
        orders = list(old_rows), list(new_rows)
        yield value_row(old, new, "models", *map(join_names, orders), note="in another order")
    yield from _alias_rows(old, new)
    yield from field_rows(old, new, ("models", "aliases"))


def target_rows(old: Entry[Target], new: Entry[Target]) -> Iterator[Row]:
    """Yield a row for each value that differs in a target."""
    yield from _alias_rows(old, new)
    before, after = (value_text("candidates", entry.body.candidates) for entry in (old, new))
    if before != after:
        yield value_row(old, new, "candidates", before, after)
    yield from field_rows(old, new, ("aliases", "candidates"))


def _alias_rows(old: Entry[Any], new: Entry[Any]) -> Iterator[Row]:
    """Yield a row where the aliases differ; removing one is breaking, since callers may still send it."""
    aliases: tuple[tuple[str, ...], tuple[str, ...]] = old.body.aliases, new.body.aliases
    if set(aliases[0]) != set(aliases[1]):
        severity = Severity.BREAKING if set(aliases[0]) - set(aliases[1]) else Severity.BEHAVIOURAL
        texts = map(join_names, aliases)
        yield value_row(old, new, "aliases", *texts, severity=severity, note=list_change_text(*aliases))


def defaults_rows(old: Entry[Defaults] | None, new: Entry[Defaults] | None) -> Iterator[Row]:
    """Yield a row for each value that differs in `defaults`, except its policy; nothing where a side has none.

    A change to rejecting undeclared tenants is breaking.
    """
    if old is None or new is None or old is new:
        return
    yield from key_rows(old, new, "routes", old.body.routes, new.body.routes, "route")
    is_stricter = new.body.unknown_tenant == "reject"
    yield from field_rows(old, new, ("routes", "policy"), ("unknown_tenant",) if is_stricter else ())


def _primary(entry: Entry[Feature]) -> str:
    """Return the primary of a feature. INVARIANT: it has one."""
    return next(model for model, row in entry.body.models.items() if row.status == "primary")


def _primary_row(old: Entry[Feature], new: Entry[Feature], before: str, after: str) -> Row:
    """Make the row of a new primary; its note says what became of the old one, and what the new one was."""
    left, promoted = new.body.models.get(before), old.body.models.get(after)
    note = f"{before} {'leaves the registry' if left is None else 'is now ' + left.status}"
    note += f"; {after} was {'in no row' if promoted is None else promoted.status}"
    spans = nearest_span(old, ["models", before]), nearest_span(new, ["models", after])
    return Row(new.kind, new.slug, "primary", before, after, Severity.BEHAVIOURAL, note, *spans)


def _has_no_sample(row: FeatureRow | None) -> bool:
    return row is None or row.sample is None


def _mirrored(entry: Entry[Feature]) -> list[str]:
    """List the models that requests are mirrored to (those with a sample), in order."""
    return [model for model, row in entry.body.models.items() if row.sample is not None]


def _row_text(row: FeatureRow | None) -> str | None:
    """Write a row of a feature: its status, sample and daily cap; None for no row."""
    if row is None:
        return None
    parts: list[str] = [row.status]
    if row.sample is not None:
        parts.append(f"sample {value_text('sample', row.sample)}")
    if row.max_daily_usd is not None:
        parts.append(f"at most {value_text('max_daily_usd', row.max_daily_usd)}")
    return ", ".join(parts)
