"""A body of `routes/` as it was and as it is in, rows of what differs out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from routecomp.model.project import Entry
from routecomp.model.route import Feature, Model, Provider, Target
from routecomp.model.route import Row as FeatureRow
from routecomp.review.diff.difference import Row, Severity
from routecomp.review.diff.values import by, listed, turnover, words
from routecomp.source.text import Span
from routecomp.table.lower import joined_url

BREAKING, BEHAVIOURAL, COSMETIC = Severity
_DESCRIPTIVE = ("description", "owner")
Side = Entry[Any] | None


def place(entry: Side, path: Sequence[str | int]) -> Span | None:
    """Where a value stands: its own place if it is written, else that of the nearest key that is."""
    if entry is None:
        return None
    for end in range(len(path), 0, -1):
        if entry.has(*path[:end]):
            return entry.key_span(*path[:end]) if isinstance(path[end - 1], str) else entry.span(*path[:end])
    return entry.span()


def row(
    was: Side,
    now: Side,
    what: str,
    before: str | None,
    after: str | None,
    severity: Severity = BEHAVIOURAL,
    note: str = "",
    path: Sequence[str | int] | None = None,
) -> Row:
    """A row about one value of an entry; `path` is where it stands, by default the name itself."""
    entry = now or was
    assert entry is not None
    at = what.split(".") if path is None else path
    return Row(entry.kind, entry.slug, what, before, after, severity, note, place(was, at), place(now, at))


def field_rows(was: Side, now: Side, leave_out: Sequence[str] = (), breaking: Sequence[str] = ()) -> Iterator[Row]:
    """A row for each field that differs, in declared order; a side without the entry has the defaults."""
    entry = now or was
    assert entry is not None
    default = type(entry.body).model_construct()
    one, other = (side.body if side is not None else default for side in (was, now))
    for field in type(entry.body).model_fields:
        before, after = getattr(one, field, None), getattr(other, field, None)
        if field in leave_out or before == after:
            continue
        severity = COSMETIC if field in _DESCRIPTIVE else BREAKING if field in breaking else BEHAVIOURAL
        note = ""
        if isinstance(before, tuple) and isinstance(after, tuple):
            note = turnover(before, after)
        yield row(was, now, field, words(field, before), words(field, after), severity, note)


def provider_rows(was: Entry[Provider], now: Entry[Provider]) -> Iterator[Row]:
    """What differs in a provider; another adapter or key asks for something of the services too."""
    before, after = joined_url(was.body), joined_url(now.body)
    if before != after:
        moved = "base_url" if was.body.base_url != now.body.base_url else "chat_path"
        yield row(was, now, "url", before, after, path=[moved])
    yield from field_rows(was, now, ("base_url", "chat_path"), ("adapter", "api_key_env"))


def model_rows(was: Entry[Model], now: Entry[Model]) -> Iterator[Row]:
    """What differs in a model."""
    one, other = was.body, now.body
    for kind in ("input", "output"):
        before, after = getattr(one.price, kind), getattr(other.price, kind)
        if before != after:
            yield row(was, now, f"price.{kind}", words(kind, before), words(kind, after), note=by(before, after))
    before, after = one.provider_model_name or was.slug, other.provider_model_name or now.slug
    if before != after:
        yield row(was, now, "provider_model_name", before, after)
    if set(one.capabilities) != set(other.capabilities):
        had, has = sorted(set(one.capabilities)), sorted(set(other.capabilities))
        yield row(was, now, "capabilities", listed(had), listed(has), note=turnover(had, has))
    gone = [field for field in ("active", "listed") if getattr(one, field) and not getattr(other, field)]
    yield from field_rows(was, now, ("price", "provider_model_name", "capabilities"), gone)


def feature_rows(was: Entry[Feature], now: Entry[Feature]) -> Iterator[Row]:
    """What differs in a feature: its primary first."""
    rows, others = was.body.models, now.body.models
    before, after = _primary(was), _primary(now)
    if before != after:
        left = others.get(before)
        note = f"{before} {'leaves the registry' if left is None else 'is now ' + left.status}"
        source = rows.get(after)
        note += f"; {after} was {'in no row' if source is None else source.status}"
        yield Row(
            now.kind,
            now.slug,
            "primary",
            before,
            after,
            BEHAVIOURAL,
            note,
            place(was, ["models", before]),
            place(now, ["models", after]),
        )
    for model in dict.fromkeys([*rows, *others]):
        had, has = rows.get(model), others.get(model)
        swapped = before != after and model in (before, after)
        if had == has or (swapped and _plain(had) and _plain(has)):
            continue
        yield row(was, now, f"models.{model}", _status(had), _status(has), path=["models", model])
    one, other = _mirrored(was), _mirrored(now)
    if one != other and sorted(one) == sorted(other):
        yield row(was, now, "models", listed(one), listed(other), note="shadows in another order")
    elif rows == others and list(rows) != list(others):
        yield row(was, now, "models", listed(list(rows)), listed(list(others)), note="in another order")
    yield from field_rows(was, now, ("models",))


def _primary(entry: Entry[Feature]) -> str:
    return next(model for model, one in entry.body.models.items() if one.status == "primary")


def _plain(one: FeatureRow | None) -> bool:
    return one is None or one.sample is None


def _mirrored(entry: Entry[Feature]) -> list[str]:
    return [model for model, one in entry.body.models.items() if one.sample is not None]


def _status(one: FeatureRow | None) -> str | None:
    if one is None:
        return None
    parts: list[str] = [one.status]
    if one.sample is not None:
        parts.append(f"sample {words('sample', one.sample)}")
    if one.max_daily_usd is not None:
        parts.append(f"at most {words('max_daily_usd', one.max_daily_usd)}")
    return ", ".join(parts)


def target_rows(was: Entry[Target], now: Entry[Target]) -> Iterator[Row]:
    """What differs in a target; an alias that goes is a name callers may still send."""
    had, has = was.body.aliases, now.body.aliases
    if set(had) != set(has):
        severity = BREAKING if set(had) - set(has) else BEHAVIOURAL
        yield row(was, now, "aliases", listed(had), listed(has), severity, turnover(had, has))
    before, after = words("candidates", was.body.candidates), words("candidates", now.body.candidates)
    if before != after:
        yield row(was, now, "candidates", before, after)
    yield from field_rows(was, now, ("aliases", "candidates"))
