"""State the columns and checks that several tables share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from routecomp.model.figure import REQUIRED, UNIT_WORDS, Figure
from routecomp.model.numbers import ONE
from routecomp.sql.schema import BIGGEST, Check, Column, Foreign, Index, Kind, Table

MOST_COUNT = 10**9

_KINDS: Mapping[str, Kind] = {"stack": "slug", "auth": "free", "params": "free"}
"""The kind of a column, where it has another name than the kind of its figure."""


def columns(figures: Iterable[Figure]) -> tuple[Column, ...]:
    """Return the columns of figures, in their order; a figure without a column has none."""
    return tuple(_column(figure) for figure in figures if figure.column is not None)


def _column(figure: Figure) -> Column:
    """Return the column of a figure; what nobody declares is its default."""
    low, high = figure.bounds if figure.kind == "whole" else (0, BIGGEST)
    is_open = figure.default is REQUIRED or figure.is_named or figure.is_filled
    return Column(
        str(figure.column),
        _KINDS.get(figure.kind, figure.kind),  # type: ignore[arg-type]  # `slugs` have no column
        " ".join(filter(None, (figure.description, "" if figure.comment else UNIT_WORDS.get(figure.unit, "")))),
        None,
        low,
        high,
        words=figure.words,
        nullable=not is_open and figure.default is None,
        default=None if is_open else figure.default,
    )


def described(model: type) -> tuple[Column, Column]:
    """Return the columns for description and owner, which every declared body may have."""
    return (
        Column("description", "free", source=(model, "description"), nullable=True),
        Column("owner", "free", source=(model, "owner"), nullable=True),
    )


def single_row(table: str) -> tuple[Column]:
    """Return the column that is the key of a table with one row; `table` are words for its comment."""
    return (Column("single", "whole", f"Always 1: there is one row of {table}.", None, 1, 1, default=1),)


def position(what: str) -> Column:
    """Return a column for the place in a declared order, from 0; `what` are words for its comment."""
    return Column("position", "whole", f"The place in the declared order of {what}, from 0.", high=MOST_COUNT)


def quoted(words: Iterable[str]) -> str:
    """Return words, which hold no quotes, as the inside of a list of SQL."""
    return ", ".join(f"'{word}'" for word in words)


def weight_checks(table: str) -> tuple[Check, Check]:
    """Return the checks that the three weights add up to `ONE`, and that each is a whole per cent."""
    parts = ("weight_quality_bp", "weight_latency_bp", "weight_cost_bp")
    return (
        Check(f"{table}_weights_sum", f"{' + '.join(parts)} = {ONE}"),
        Check(f"{table}_weights_steps", " AND ".join(f"{part} % 100 = 0" for part in parts)),
    )


def policy_lists(holder: str, owner: Column | None, parent: Foreign | None) -> tuple[Table, ...]:
    """Return the tables of a policy's four lists, a row for each name.

    `owner` and `parent` are the column, and its foreign key, of whose policy it is; None for the default policy.
    """
    own = (owner,) if owner is not None else ()
    key = tuple(column.name for column in own)
    above = (parent,) if parent is not None else ()
    whose = "a tenant" if owner is not None else "the default policy"
    to_provider = Foreign(("provider",), "providers", ("provider",))

    def by(listed: str, name: str) -> tuple[Index, ...]:  # without an owner the key is that index
        return (Index(f"{holder}_{listed}_by_{name}", (name,)),) * bool(own)

    return (
        Table(
            f"{holder}_banned_providers",
            f"Providers that {whose} never uses.",
            (*own, Column("provider", "slug", "The provider that is banned.")),
            (*key, "provider"),
            (*above, to_provider),
        ),
        Table(
            f"{holder}_banned_models",
            f"Models that {whose} never uses.",
            (*own, Column("model", "slug", "A model, or a logical model, that is banned.")),
            (*key, "model"),
            above,
            indexes=by("banned_models", "model"),
        ),
        Table(
            f"{holder}_preferred_providers",
            f"Providers that {whose} ranks before all others, as one group.",
            (*own, Column("provider", "slug", "The provider that is preferred.")),
            (*key, "provider"),
            (*above, to_provider),
        ),
        Table(
            f"{holder}_stacks",
            f"The only stacks that {whose} uses; without a row, all.",
            (*own, Column("stack", "slug", "A region word, as providers declare it.")),
            (*key, "stack"),
            above,
            indexes=by("stacks", "stack"),
        ),
    )
