"""Fill in the figures of an imported project from what a user states: tables of figures, or answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from routecomp.interop.imported import FIGURES, Figure, Imported, Model
from routecomp.model.figure import number_fields
from routecomp.model.numbers import NumberField
from routecomp.model.part import Part
from routecomp.model.route import Model as Body
from routecomp.model.route import ModelPrice

ANY = "*"
"""The row of a table that counts for models without a row of their own."""
OPTIONAL = ("output_ratio", "max_output_tokens", "compliance", "min_output_tokens")


class Fault(NamedTuple):
    """What is wrong with a file of figures: where (0 for no place of its own), what, and what to write."""

    message: str
    help: str
    line: int = 0
    column: int = 0


class FiguresError(Exception):
    """A file states no figures, or some that cannot be; `faults` say why, one for each place."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = faults


class Row(NamedTuple):
    """What a line of a table states of a model: texts by the keys of figures, and what was done to some of them."""

    line: int
    figures: dict[str, str]
    remarks: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Table:
    """Figures by the names of models, in small letters, and the name of the file that states them."""

    name: str
    rows: Mapping[str, Row]


def fill(project: Imported, tables: Iterable[Table]) -> list[str]:
    """Fill in the figures that are still to be said, the first table that has one first; return the rows nobody took.

    A row of the first kind (`read_figures`) also replaces what the catalogue states, because the user says it.
    """
    unused = []
    for table in tables:
        used = {name for model in project.models if (name := _fill_model(model, table))}
        unused += [f"{table.name}:{row.line}" for name, row in table.rows.items() if name not in used | {ANY}]
    return unused


def answer_table(project: Imported, answers: Mapping[str, str]) -> Table:
    """Return what a user answered for each model: figures in the order in which they are missing, with commas between.

    Raises `FiguresError` for one that its figure cannot be.
    """
    rows = {}
    for number, model in enumerate(project.models, 1):
        texts = [text.strip() for text in answers.get(model.slug, "").split(",")]
        if len(texts) > len(model.missing):
            message = f"{len(texts)} answers for {len(model.missing)} figures of {model.slug}"
            raise FiguresError(Fault(message, "write decimals with a point, and a comma between two figures"))
        pairs = [(key, text) for key, text in zip(model.missing, texts, strict=False) if text]
        for key, text in pairs:
            if not field_of(key).accepts_text(text):
                raise FiguresError(Fault(f"`{key}` of {model.slug} cannot be `{text}`", number_help(field_of(key))))
        rows[model.slug] = Row(number, dict(pairs))
    return Table("answered", rows)


def _fill_model(model: Model, table: Table) -> str:
    """Fill in one model by its row and by the row of any model; return the name of its row, empty for none."""
    name = next((name.lower() for name in _names(model) if name.lower() in table.rows), "")
    for row in (table.rows.get(name), table.rows.get(ANY)):
        for key, text in row.figures.items() if row is not None else ():
            remark = row.remarks.get(key, "") if row is not None else ""
            source = f"{table.name}:{row.line}" if row is not None else ""
            figure = Figure(text, f"{source}, {remark}" if remark else source)
            if key in FIGURES:
                stated = model.figure(key)
                is_own = row is not table.rows.get(ANY) and stated.source.startswith("catalogue")
                if not stated.text or is_own:
                    model.figures[key] = figure
            else:
                model.optional.setdefault(key, figure)
    return name


def _names(model: Model) -> list[str]:
    """Return the texts that may name a model in a table, the surest first."""
    parts = [name.rpartition("/")[2] for name in (model.upstream,) if "/" in name]
    return [name for name in (model.slug, *model.names, *parts) if name]


def field_of(key: str) -> NumberField:
    """Return the numbers that a figure may be."""
    owner: type[Part] = ModelPrice if key.startswith("price.") else Body
    return next(number_fields(owner.fields[key.rpartition(".")[2]].annotation))


def number_help(field: NumberField) -> str:
    """Return what to write where a number is none that a figure may be."""
    decimals = f", with at most {field.decimals} decimals" if field.decimals else ""
    return f"write {field.wanted} {field.bounds}{decimals}"
