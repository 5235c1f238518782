"""A feature and a model in, the edits that promote, retire or shadow the model there out (semantics, section 7)."""

from __future__ import annotations

from routecomp.model.fields import written
from routecomp.model.project import Declared, Entry
from routecomp.model.route import Feature, Row
from routecomp.model.vocabulary import suggestion
from routecomp.parse.edit import (
    RefusedError,
    flow_mapping,
    has_comment,
    insert_keys,
    is_on_one_line,
    remove_keys,
    replace_node,
    replace_value,
    source_text,
)
from routecomp.parse.tree import Mapping, Node, Scalar
from routecomp.review.edit.move_keys import moved_keys
from routecomp.review.edit.plan import Plan, Swap
from routecomp.review.edit.values import row_figures
from routecomp.rules.lookup import primaries, share
from routecomp.source.edits import Edit

FIGURES = ("sample", "max_daily_usd")
"""What a shadow's row says besides its status."""


def promote(declared: Declared, feature: str, model: str) -> Plan:
    """The challenger becomes primary; the incumbent becomes a shadow and takes over its sample and cap.

    Refused with `RefusedError`: a model that is no shadow of the feature (retired ones included), or is its
    primary already.
    """
    entry = feature_entry(declared, feature)
    row = _row(declared, entry, model, "promote")
    incumbent = the_primary(entry)
    if model == incumbent:
        raise RefusedError(
            f"model `{model}` is already the primary of {entry.title}", f"see `routecomp show feature {feature}`"
        )
    if row.status == "retired":
        raise RefusedError(
            f"model `{model}` is retired in {entry.title}: a retired model does not become primary directly",
            f"two steps lead there: `routecomp shadow {feature} {model}`, and, once that is merged, "
            f"`routecomp promote {feature} {model}`",
        )
    return _swap(entry, incumbent, model)


def retire(declared: Declared, feature: str, model: str) -> Plan:
    """A shadow becomes retired and loses its sample and cap."""
    entry = feature_entry(declared, feature)
    row = _row(declared, entry, model, "retire")
    if row.status == "primary":
        raise RefusedError(
            f"model `{model}` is the primary of {entry.title}: it serves",
            f"promote another one first: `routecomp promote {feature} MODEL`; {_candidates(entry)}",
        )
    if row.status == "retired":
        raise RefusedError(f"model `{model}` is already retired in {entry.title}")
    edits = _restated(entry, model, "retired")
    new = _with_rows(entry, {model: Row.model_construct(status="retired")})
    return Plan(f"{entry.title}: model `{model}` shadow -> retired", tuple(edits), {("features", feature): new})


def shadow(
    declared: Declared, feature: str, model: str, sample: str | None, max_daily_usd: str | None, bare: bool
) -> Plan:
    """A model becomes a shadow, or a shadow gets other figures; `bare` takes its figures away.

    `sample` and `max_daily_usd` are numbers as text, or None to leave them as they are.
    """
    entry = feature_entry(declared, feature)
    new_figures = row_figures(sample, max_daily_usd)
    given = {name: text for name, text in (("sample", sample), ("max_daily_usd", max_daily_usd)) if text is not None}
    if bare and given:
        raise RefusedError("a bare shadow has no sample and no cap", "leave out --bare, or the figures")
    if not declared.is_declared("models", model):
        raise RefusedError(f"there is no model `{model}`", suggestion(model, declared.models))
    row = entry.body.models.get(model)
    if row is not None and row.status == "primary":
        raise RefusedError(
            f"model `{model}` is the primary of {entry.title}",
            f"promote another one, and it becomes a shadow: `routecomp promote {feature} MODEL`",
        )
    old = {} if row is None or bare else {name: getattr(row, name) for name in FIGURES}
    new = Row.model_construct(status="shadow", **{"sample": None, "max_daily_usd": None, **old, **new_figures})
    if new == row:
        raise RefusedError(
            f"model `{model}` is already that in {entry.title}",
            "--sample and --max-daily-usd change its figures, --bare takes them away",
        )
    if row is None:
        rows = entry.at("models")
        assert isinstance(rows, Mapping)
        text = flow_mapping([("status", "shadow"), *given.items()]) if given else "shadow"
        edits = [insert_keys(rows, [(model, text)])]
    elif bare:
        edits = _restated(entry, model, "shadow")
    else:
        edits = _completed(entry, model, "shadow", given)
    was = "new" if row is None else row.status
    return Plan(
        f"{entry.title}: model `{model}` {was} -> {_said(new)}",
        tuple(edits),
        {("features", feature): _with_rows(entry, {model: new})},
    )


def feature_entry(declared: Declared, feature: str) -> Entry[Feature]:
    """The feature of that name, or a refusal with a did-you-mean."""
    entry = declared.features.get(feature)
    if entry is not None:
        return entry
    if declared.is_declared("features", feature):
        raise RefusedError(f"feature `{feature}` cannot be read", "run `routecomp check`, and repair what it finds")
    raise RefusedError(
        f"there is no feature `{feature}`", suggestion(feature, declared.features, "see `routecomp show features`")
    )


def the_primary(entry: Entry[Feature]) -> str:
    """The one primary of a feature, or a refusal."""
    found = primaries(entry.body)
    if len(found) != 1:
        names = " and ".join(f"`{model}`" for model in found)
        raise RefusedError(
            f"{entry.title} has {len(found) or 'no'} primaries" + (f": {names}" if names else ""),
            "make exactly one of its models primary by hand, then run `routecomp check`",
        )
    return found[0]


def _swap(entry: Entry[Feature], incumbent: str, challenger: str) -> Plan:
    body = entry.body
    figures = {name: getattr(body.models[challenger], name) for name in FIGURES}
    new = _with_rows(
        entry,
        {
            challenger: Row.model_construct(status="primary"),
            incumbent: Row.model_construct(status="shadow", **figures),
        },
    )
    here, there = entry.at("models", challenger), entry.at("models", incumbent)
    has = [name for name in FIGURES if entry.has("models", challenger, name)]
    edits: list[Edit]
    if not has:
        edits = [replace_node(_status(here), "primary"), replace_node(_status(there), "shadow")]
    elif is_on_one_line(here) and is_on_one_line(there):
        # The two values change places as they stand: the way back is then the same bytes again.
        edits = [Edit(here.span, there.span.text), Edit(there.span, here.span.text)]
    elif isinstance(here, Mapping) and (moves := moved_keys(here, has, entry.at("models"), incumbent, "shadow")):
        edits = [replace_node(_status(here), "primary"), *moves]
    else:
        texts = {name: source_text(entry.at("models", challenger, name)) for name in has}
        edits = [*_restated(entry, challenger, "primary"), *_completed(entry, incumbent, "shadow", texts)]
    title = f"{entry.title}: primary {incumbent} -> {challenger}"
    return Plan(title, tuple(edits), {("features", entry.slug): new}, Swap(entry.slug, incumbent, challenger))


def _status(row: Node) -> Scalar:
    node = row.get("status") if isinstance(row, Mapping) else row
    assert isinstance(node, Scalar)
    return node


def _restated(entry: Entry[Feature], model: str, status: str) -> list[Edit]:
    """A row that says another status and no figures: a flow row becomes a bare word."""
    row = entry.at("models", model)
    has = [name for name in FIGURES if entry.has("models", model, name)]
    if not isinstance(row, Mapping) or not has:
        return [replace_node(_status(row), status)]
    if row.flow and not has_comment(row):
        return [Edit(row.span, source_text(_status(row)).replace(_status(row).text, status))]
    return [replace_node(_status(row), status), *remove_keys(row, has)]


def _completed(entry: Entry[Feature], model: str, status: str, figures: dict[str, str]) -> list[Edit]:
    """A row that says a status and these figures, given as YAML; those it has besides stay."""
    row = entry.at("models", model)
    if not isinstance(row, Mapping):
        word = source_text(row).replace(_status(row).text, status)
        return [Edit(row.span, flow_mapping([("status", word), *figures.items()]) if figures else word)]
    edits = [] if _status(row).text == status else [replace_node(_status(row), status)]
    new = [(name, text) for name, text in figures.items() if row.get(name) is None]
    edits += [replace_value(row, name, text) for name, text in figures.items() if row.get(name) is not None]
    if new:
        edits.append(insert_keys(row, new, "sample" if row.get("sample") is not None else "status"))
    return edits


def _row(declared: Declared, entry: Entry[Feature], model: str, verb: str) -> Row:
    row = entry.body.models.get(model)
    if row is not None:
        return row
    if model in declared.models:
        step = (
            f"declare it as shadow first: `routecomp shadow {entry.slug} {model}`; once that is merged it can be "
            "promoted"
            if verb == "promote"
            else _candidates(entry)
        )
        raise RefusedError(f"model `{model}` has no row in {entry.title}", step)
    raise RefusedError(
        f"there is no model `{model}`" + (f" in {entry.title}" if verb != "promote" else ""),
        suggestion(model, entry.body.models, _candidates(entry)),
    )


def _candidates(entry: Entry[Feature]) -> str:
    shadows = [model for model, row in entry.body.models.items() if row.status == "shadow"]
    if not shadows:
        return f"{entry.title} has no shadow"
    return f"the {'shadow' if len(shadows) == 1 else 'shadows'} of {entry.title}: {', '.join(shadows)}"


def _with_rows(entry: Entry[Feature], rows: dict[str, Row]) -> Feature:
    return entry.body.model_copy(update={"models": {**entry.body.models, **rows}})


def _said(row: Row) -> str:
    words = [str(row.status)]
    if row.sample is not None:
        words.append(f"sample {share(row.sample)}")
    if row.max_daily_usd is not None:
        words.append(f"at most {written(row.max_daily_usd, 2)} USD a day")
    return ", ".join(words)
