"""Plan the promotion, retirement or shadowing of a model in a feature (semantics, section 7)."""

from __future__ import annotations

from routecomp.model.ending import ending_words
from routecomp.model.numbers import format_decimal
from routecomp.model.project import Declared, Entry
from routecomp.model.route import Feature, Row
from routecomp.model.suggest import suggestion
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
    update_list,
)
from routecomp.parse.tree import Mapping, Node, Scalar
from routecomp.review.edit.entries import feature_entry
from routecomp.review.edit.move_keys import move_keys
from routecomp.review.edit.parse_values import parse_row_figures
from routecomp.review.edit.plan import Plan, Swap
from routecomp.rules.lookup import primaries, share
from routecomp.rules.succession import ends_soon
from routecomp.source.edits import Edit

FIGURES = ("sample", "max_daily_usd")
"""The keys of a shadow's row besides its status."""


def promote(declared: Declared, feature: str, model: str) -> Plan:
    """Plan to make a shadow the primary; the old primary becomes a shadow and takes over its sample and cap.

    Where the shadow stands in `fallback`, the old primary takes its place there too, so that a rollback restores both;
    one that has ended, or soon ends, does not.
    Raises `RefusedError` where the feature is unknown or has not exactly one primary, and where the model is not a
    shadow of the feature: it is retired, its primary, or has no row.
    """
    entry = feature_entry(declared, feature)
    row = _row(declared, entry, model, "promote")
    incumbent = only_primary(entry)
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
    return _swap_rows(declared, entry, incumbent, model)


def retire(declared: Declared, feature: str, model: str) -> Plan:
    """Plan to make a shadow retired, without sample and cap; raise `RefusedError` for a model that is no shadow."""
    entry = feature_entry(declared, feature)
    row = _row(declared, entry, model, "retire")
    if row.status == "primary":
        raise RefusedError(
            f"model `{model}` is the primary of {entry.title}: it serves",
            f"promote another one first: `routecomp promote {feature} MODEL`; {_name_shadows(entry)}",
        )
    if row.status == "retired":
        raise RefusedError(f"model `{model}` is already retired in {entry.title}")
    edits = _rewrite_row(entry, model, "retired")
    new = _with_rows(entry, {model: Row(status="retired")})
    return Plan(f"{entry.title}: model `{model}` shadow -> retired", tuple(edits), {("features", feature): new})


def shadow(
    declared: Declared, feature: str, model: str, sample: str | None, max_daily_usd: str | None, bare: bool
) -> Plan:
    """Plan to make a model a shadow, or to change a shadow's figures; `bare` removes its figures.

    A model without a row gets one. `sample` and `max_daily_usd` are numbers as text, or None to leave them unchanged.
    Raises `RefusedError` where the model is the primary, is not declared, or nothing would change, and for figures that
    are not valid or come with `bare`.
    """
    entry = feature_entry(declared, feature)
    new_figures = parse_row_figures(sample, max_daily_usd)
    texts = {name: text for name, text in (("sample", sample), ("max_daily_usd", max_daily_usd)) if text is not None}
    if bare and texts:
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
    new = Row(status="shadow", **{"sample": None, "max_daily_usd": None, **old, **new_figures})
    if new == row:
        raise RefusedError(
            f"model `{model}` is already that in {entry.title}",
            "--sample and --max-daily-usd change its figures, --bare takes them away",
        )
    if row is None:
        rows = entry.node_at("models")
        assert isinstance(rows, Mapping)
        text = flow_mapping([("status", "shadow"), *texts.items()]) if texts else "shadow"
        edits = [insert_keys(rows, [(model, text)])]
    elif bare:
        edits = _rewrite_row(entry, model, "shadow")
    else:
        edits = _extend_row(entry, model, "shadow", texts)
    old_status = "new" if row is None else row.status
    return Plan(
        f"{entry.title}: model `{model}` {old_status} -> {_row_text(new)}",
        tuple(edits),
        {("features", feature): _with_rows(entry, {model: new})},
    )


def only_primary(entry: Entry[Feature]) -> str:
    """Return the primary of a feature; raise `RefusedError` where it has none or several."""
    models = primaries(entry.body)
    if len(models) != 1:
        names = " and ".join(f"`{model}`" for model in models)
        raise RefusedError(
            f"{entry.title} has {len(models) or 'no'} primaries" + (f": {names}" if names else ""),
            "make exactly one of its models primary by hand, then run `routecomp check`",
        )
    return models[0]


def _swap_rows(declared: Declared, entry: Entry[Feature], incumbent: str, challenger: str) -> Plan:
    """Plan to exchange the roles of two models in the style in which their rows are written."""
    figures = {name: getattr(entry.body.models[challenger], name) for name in FIGURES}
    new = _with_rows(
        entry,
        {
            challenger: Row(status="primary"),
            incumbent: Row(status="shadow", **figures),
        },
    )
    old_row, new_row = entry.node_at("models", incumbent), entry.node_at("models", challenger)
    keys = [name for name in FIGURES if entry.has("models", challenger, name)]
    edits: list[Edit]
    if not keys:
        edits = [replace_node(_status_node(new_row), "primary"), replace_node(_status_node(old_row), "shadow")]
    elif is_on_one_line(new_row) and is_on_one_line(old_row):
        # The two values change places unchanged, so that a rollback restores the same bytes.
        edits = [Edit(new_row.span, old_row.span.text), Edit(old_row.span, new_row.span.text)]
    elif isinstance(new_row, Mapping) and (
        moves := move_keys(new_row, keys, entry.node_at("models"), incumbent, "shadow")
    ):
        edits = [replace_node(_status_node(new_row), "primary"), *moves]
    else:
        texts = {name: source_text(entry.node_at("models", challenger, name)) for name in keys}
        edits = [*_rewrite_row(entry, challenger, "primary"), *_extend_row(entry, incumbent, "shadow", texts)]
    fallback = entry.body.fallback
    notes: tuple[str, ...] = ()
    if challenger in fallback and incumbent in declared.models and ends_soon(declared, incumbent):
        left = [slug for slug in fallback if slug != challenger]
        edits += update_list(entry.node, "fallback", left) if left else remove_keys(entry.node, ["fallback"])
        new = new.but(fallback=tuple(left))
        words = ending_words(declared.models[incumbent].body, declared.today)
        notes = (f"`{incumbent}` does not take its place in `fallback`: it {words}",)
    else:
        edits += [
            replace_node(node, incumbent)
            for position, slug in enumerate(fallback)
            if slug == challenger and isinstance(node := entry.node_at("fallback", position), Scalar)
        ]
        new = new.but(fallback=tuple(incumbent if slug == challenger else slug for slug in fallback))
    title = f"{entry.title}: primary {incumbent} -> {challenger}"
    return Plan(title, tuple(edits), {("features", entry.slug): new}, Swap(entry.slug, incumbent, challenger), notes)


def _status_node(row: Node) -> Scalar:
    """Return the scalar that holds a row's status: of a mapping the value of `status`, else the row itself."""
    node = row.get("status") if isinstance(row, Mapping) else row
    assert isinstance(node, Scalar)
    return node


def _rewrite_row(entry: Entry[Feature], model: str, status: str) -> list[Edit]:
    """Write a row with this status and without figures: a flow row becomes a bare word."""
    row = entry.node_at("models", model)
    keys = [name for name in FIGURES if entry.has("models", model, name)]
    if not isinstance(row, Mapping) or not keys:
        return [replace_node(_status_node(row), status)]
    if row.flow and not has_comment(row):
        return [Edit(row.span, source_text(_status_node(row)).replace(_status_node(row).text, status))]
    return [replace_node(_status_node(row), status), *remove_keys(row, keys)]


def _extend_row(entry: Entry[Feature], model: str, status: str, figures: dict[str, str]) -> list[Edit]:
    """Write a row with this status and these figures (YAML text); its other figures stay."""
    row = entry.node_at("models", model)
    if not isinstance(row, Mapping):
        word = source_text(row).replace(_status_node(row).text, status)
        return [Edit(row.span, flow_mapping([("status", word), *figures.items()]) if figures else word)]
    edits = [] if _status_node(row).text == status else [replace_node(_status_node(row), status)]
    new = [(name, text) for name, text in figures.items() if row.get(name) is None]
    edits += [replace_value(row, name, text) for name, text in figures.items() if row.get(name) is not None]
    if new:
        edits.append(insert_keys(row, new, "sample" if row.get("sample") is not None else "status"))
    return edits


def _row(declared: Declared, entry: Entry[Feature], model: str, verb: str) -> Row:
    """Return a model's row in a feature; raise `RefusedError` where it has none, with help for the command `verb`."""
    row = entry.body.models.get(model)
    if row is not None:
        return row
    if model in declared.models:
        help = (
            f"declare it as shadow first: `routecomp shadow {entry.slug} {model}`; once that is merged it can be "
            "promoted"
            if verb == "promote"
            else _name_shadows(entry)
        )
        raise RefusedError(f"model `{model}` has no row in {entry.title}", help)
    raise RefusedError(
        f"there is no model `{model}`" + (f" in {entry.title}" if verb != "promote" else ""),
        suggestion(model, entry.body.models, _name_shadows(entry)),
    )


def _name_shadows(entry: Entry[Feature]) -> str:
    """Name the shadows of a feature for a help text, or say that it has none."""
    shadows = [model for model, row in entry.body.models.items() if row.status == "shadow"]
    if not shadows:
        return f"{entry.title} has no shadow"
    return f"the {'shadow' if len(shadows) == 1 else 'shadows'} of {entry.title}: {', '.join(shadows)}"


def _with_rows(entry: Entry[Feature], rows: dict[str, Row]) -> Feature:
    """Return the feature with these rows; new ones come behind the others."""
    return entry.body.but(models={**entry.body.models, **rows})


def _row_text(row: Row) -> str:
    """Write a row for a title: its status, sample and daily cap."""
    words = [str(row.status)]
    if row.sample is not None:
        words.append(f"sample {share(row.sample)}")
    if row.max_daily_usd is not None:
        words.append(f"at most {format_decimal(row.max_daily_usd, 2)} USD a day")
    return ", ".join(words)
