"""Fill in the figures of an imported project from what a user states: a table of figures, or a leaderboard."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, NamedTuple

from routecomp.interop.catalogue import per_million
from routecomp.interop.imported import FIGURES, Figure, Imported, Model
from routecomp.interop.scalars import number_in
from routecomp.model.figure import number_fields
from routecomp.model.numbers import NumberField
from routecomp.model.part import Part
from routecomp.model.route import Model as Body
from routecomp.model.route import ModelPrice
from routecomp.parse import parse
from routecomp.parse.tree import Mapping as MappingNode
from routecomp.parse.tree import Node, Scalar, Sequence

ANY = "*"
"""The row of a table that counts for models without a row of their own."""
OPTIONAL = ("output_ratio", "max_output_tokens", "compliance", "min_output_tokens")
_COLUMNS = {
    "input": "price.input",
    "output": "price.output",
    "price_input": "price.input",
    "price_output": "price.output",
    "price.input": "price.input",
    "price.output": "price.output",
    "input_cost_per_token": "price.input",
    "output_cost_per_token": "price.output",
    "max_input_tokens": "context_window",
    **{name: name for name in ("quality", "latency_ms", "context_window", *OPTIONAL)},
}
"""Columns of a table, and the figures that they state."""
_PER_TOKEN = ("input_cost_per_token", "output_cost_per_token")
_NAMES = ("model", "slug", "name", "model_name")
_STEP = Decimal("0.0001")
_ARENA_LOW, _ARENA_WIDTH = Decimal(1000), Decimal(500)


class FiguresError(Exception):
    """A file states no figures; the text says why, and `help` what to write."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.help = help


class Row(NamedTuple):
    """What a line of a table states of a model: texts by the keys of figures."""

    line: int
    figures: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """Figures by the names of models, in small letters, and the name of the file that states them."""

    name: str
    rows: Mapping[str, Row]


def read_figures(data: bytes, name: str) -> Table:
    """Read a table of figures: CSV with a line of names first. Raises `FiguresError`."""
    lines = _lines(data)
    header = [column.strip().lower() for column in next(lines, (0, []))[1]]
    key = next((column for column in header if column in _NAMES), None)
    known = [column for column in header if column in _COLUMNS]
    if key is None or not known:
        columns = "model, quality, latency_ms, input, output, context_window"
        raise FiguresError("its first line names no figures", f"begin it with a line such as `{columns}`")
    unknown = [column for column in header if column not in _COLUMNS and column not in _NAMES and column != "source"]
    if unknown:
        known_columns = ", ".join(("quality", "latency_ms", "input", "output", "context_window", *OPTIONAL))
        raise FiguresError(f"the column `{unknown[0]}` is none of figures", f"known columns are {known_columns}")
    rows: dict[str, Row] = {}
    for line, cells in lines:
        record = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        model = record.get(key, "")
        if not model:
            continue
        if model.lower() in rows:
            raise FiguresError(f"line {line} names `{model}` again", "keep one line for each model")
        figures = {_COLUMNS[column]: _checked(column, record[column], line) for column in known if record.get(column)}
        rows[model.lower()] = Row(line, figures)
    return Table(name, rows)


def read_leaderboard(data: bytes, name: str) -> Table:
    """Read qualities from a leaderboard: LMArena's CSV, Aider's YAML, or CSV with `quality`. Raises `FiguresError`."""
    if name.endswith((".yml", ".yaml")):
        return Table(name, _aider(data))
    lines = _lines(data)
    header = [column.strip().lower() for column in next(lines, (0, []))[1]]
    key = next((column for column in header if column in _NAMES), None)
    scale = next((column for column in ("quality", "arena_score", "pass_rate_2") if column in header), None)
    if key is None or scale is None:
        raise FiguresError(
            "it has no columns `model` and `quality`, `arena_score` or `pass_rate_2`", "name another file"
        )
    rows: dict[str, Row] = {}
    for line, cells in lines:
        record = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        quality = _quality(scale, record.get(scale, ""))
        if record.get(key) and quality:
            rows.setdefault(record[key].lower(), Row(line, {"quality": quality}))
    return Table(name, rows)


def fill(project: Imported, tables: Iterable[Table]) -> list[str]:
    """Fill in the figures that are still to be said, the first table that has one first; return the rows nobody took.

    A row of the first kind (`read_figures`) also replaces what the catalogue states, because the user says it.
    """
    unused = []
    for table in tables:
        used = {name for model in project.models if (name := _fill_model(model, table))}
        unused += [f"{table.name}:{row.line}" for name, row in table.rows.items() if name not in used | {ANY}]
    return unused


def keep_figures(project: Imported, files: Iterable[bytes]) -> None:
    """Keep the figures that an author wrote into the files of an earlier import, where nothing else states them."""
    for data in files:
        root = parse("earlier", data).root
        section = _below(root, "models")
        for model in project.models:
            body = section.get(model.slug) if isinstance(section, MappingNode) else None
            for key in model.missing:
                value = _below(body, key)
                if isinstance(value, Scalar) and value.plain and field_of(key).accepts_text(value.text):
                    model.figures[key] = Figure(value.text, "kept from before this import")


def _below(node: Node | None, key: str) -> Node | None:
    """Return what stands at a key, whose points lead into mappings; None where nothing does."""
    for step in key.split("."):
        node = node.get(step) if isinstance(node, MappingNode) else None
    return node


def answer_table(project: Imported, answers: Mapping[str, str]) -> Table:
    """Return what a user answered for each model: figures in the order in which they are missing, with commas between.

    Raises `FiguresError` for one that its figure cannot be.
    """
    rows = {}
    for number, model in enumerate(project.models, 1):
        texts = [text.strip() for text in answers.get(model.slug, "").split(",")]
        pairs = [(key, text) for key, text in zip(model.missing, texts, strict=False) if text]
        for key, text in pairs:
            if not field_of(key).accepts_text(text):
                raise FiguresError(
                    f"`{key}` of {model.slug} cannot be `{text}`", f"write a number {field_of(key).bounds}"
                )
        rows[model.slug] = Row(number, dict(pairs))
    return Table("answered", rows)


def _fill_model(model: Model, table: Table) -> str:
    """Fill in one model by its row and by the row of any model; return the name of its row, empty for none."""
    name = next((name.lower() for name in _names(model) if name.lower() in table.rows), "")
    for row in (table.rows.get(name), table.rows.get(ANY)):
        for key, text in row.figures.items() if row is not None else ():
            figure = Figure(text, f"{table.name}:{row.line}" if row is not None else "")
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


def _checked(column: str, text: str, line: int) -> str:
    """Return a figure as files of a project write it, or raise `FiguresError`."""
    key = _COLUMNS[column]
    plain = per_million(text).text if column in _PER_TOKEN and number_in(text) else text
    if not field_of(key).accepts_text(plain):
        raise FiguresError(f"line {line}: `{column}` cannot be `{text}`", f"write a number {field_of(key).bounds}")
    return plain


def _lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of a CSV file with their numbers; raise `FiguresError` where it is none."""
    try:
        text = data.decode("utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        for cells in reader:
            if any(cell.strip() for cell in cells) and not cells[0].startswith("#"):
                yield reader.line_num, cells
    except (UnicodeDecodeError, csv.Error) as failure:
        raise FiguresError(
            "it is no CSV in UTF-8", "write one line for each model, with commas between its cells"
        ) from failure


def _aider(data: bytes) -> dict[str, Row]:
    """Return the best run of each model in a leaderboard of Aider."""
    root = parse("leaderboard", data).root
    rows: dict[str, Row] = {}
    for entry in root.items if isinstance(root, Sequence) else ():
        if not isinstance(entry, MappingNode):
            continue
        cells: dict[str, Any] = {key.text: value.text for key, value in entry.items if isinstance(value, Scalar)}
        quality = _quality("pass_rate_2", cells.get("pass_rate_2", ""))
        command = str(cells.get("command", "")).split()
        named = command[command.index("--model") + 1 :][:1] if "--model" in command else []
        for name in (cells.get("model", ""), *named):
            best = rows.get(name.lower())
            if name and quality and (best is None or Decimal(best.figures["quality"]) < Decimal(quality)):
                rows[name.lower()] = Row(entry.span.line, {"quality": quality})
    if not rows:
        raise FiguresError("it is no list of runs with `model` and `pass_rate_2`", "name another file")
    return rows


def _quality(scale: str, text: str) -> str:
    """Return a quality from 0 to 1 as text, empty where the text is no score: how is said in docs/import.md."""
    number = number_in(text)
    if number is None:
        return ""
    if scale == "arena_score":
        number = (number - _ARENA_LOW) / _ARENA_WIDTH
    elif scale == "pass_rate_2":
        number /= 100
    rounded = min(max(number, Decimal(0)), Decimal(1)).quantize(_STEP, ROUND_HALF_EVEN)
    return f"{rounded.normalize():f}"
