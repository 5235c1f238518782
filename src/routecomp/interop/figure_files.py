"""Read files of figures: a table that a user writes, or a leaderboard. What is wrong in one is told place by place."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, NamedTuple

from routecomp.diagnostics.credentials.detect import star_secrets
from routecomp.interop.catalogue import per_million
from routecomp.interop.cells import Cell, CellError, read_cells
from routecomp.interop.figures import OPTIONAL, Fault, FiguresError, Row, Table, field_of, number_help
from routecomp.interop.scalars import number_in
from routecomp.parse import parse
from routecomp.parse.tree import Mapping, Scalar, Sequence

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
_SCALES = ("quality", "arena_score", "pass_rate_2")
_NOT_STATED = frozenset(("", "-", "n/a", "na", "none", "null", "?"))
"""What leaderboards write where a model has no score."""
_STEP = Decimal("0.0001")
_ARENA_LOW, _ARENA_WIDTH = Decimal(1000), Decimal(500)
_SHOWN = 40


class _Lines(NamedTuple):
    """The lines of a file: the names of its columns, and the cells below."""

    header: list[Cell]
    rows: list[list[Cell]]

    @property
    def names(self) -> list[str]:
        """The names of the columns, in small letters."""
        return [cell.text.lower() for cell in self.header]


def read_figures(data: bytes, name: str) -> Table:
    """Read a table of figures: CSV with a line of names first. Raises `FiguresError`."""
    lines = _lines(data)
    names = lines.names
    if not set(names) & set(_NAMES) or not set(names) & _COLUMNS.keys():
        raise FiguresError(_no_header(lines, "model, quality, latency_ms, input, output, context_window"))
    faults = list(_header_faults(lines))
    rows: dict[str, Row] = {}
    for cells in lines.rows:
        record, wrong = _record(lines, cells)
        faults += wrong
        model = record.get("model")
        if model is None or wrong:
            continue
        figures: dict[str, str] = {}
        remarks: dict[str, str] = {}
        for column, cell in record.items():
            if column in _COLUMNS and cell.text:
                text, remark, fault = _figure(column, cell)
                faults += [] if fault is None else [fault]
                figures[_COLUMNS[column]] = text
                remarks |= {_COLUMNS[column]: remark} if remark else {}
        faults += _name_faults(model, bool(figures), rows)
        rows.setdefault(model.text.lower(), Row(cells[0].line, figures, remarks))
    if faults:
        raise FiguresError(*sorted(faults, key=lambda fault: (fault.line, fault.column)))
    return Table(name, {model: row for model, row in rows.items() if model})


def read_leaderboard(data: bytes, name: str) -> Table:
    """Read qualities from a leaderboard: LMArena's CSV, Aider's YAML, or CSV with `quality`. Raises `FiguresError`."""
    if name.endswith((".yml", ".yaml")):
        return Table(name, _aider(data))
    lines = _lines(data)
    scale = next((column for column in _SCALES if column in lines.names), None)
    if not set(lines.names) & set(_NAMES) or scale is None:
        raise FiguresError(_no_header(lines, "model, quality` or `model, arena_score"))
    faults: list[Fault] = []
    rows: dict[str, Row] = {}
    for cells in lines.rows:
        record, wrong = _record(lines, cells)
        faults += wrong
        if wrong or not record["model"].text:
            continue
        quality, remark, fault = _quality(scale, record[scale])
        faults += [] if fault is None else [fault]
        if quality:
            rows.setdefault(
                record["model"].text.lower(),
                Row(cells[0].line, {"quality": quality}, {"quality": remark} if remark else {}),
            )
    if faults:
        raise FiguresError(*faults)
    return Table(name, rows)


def _lines(data: bytes) -> _Lines:
    """Return the lines of a CSV file; raise `FiguresError` where it is none."""
    try:
        rows = list(read_cells(data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")))
    except UnicodeDecodeError:
        raise FiguresError(Fault("it is not in UTF-8", "write it in UTF-8", 1, 1)) from None
    except CellError as failure:
        help = "close it before the next comma, and write a quote within it twice"
        raise FiguresError(
            Fault("this quote does not hold the whole cell", help, failure.line, failure.column)
        ) from None
    if not rows:
        raise FiguresError(Fault("it states nothing", "write a line of column names, then a line for each model", 1, 1))
    return _Lines(rows[0], rows[1:])


def _no_header(lines: _Lines, example: str) -> Fault:
    """Return that the first line names no figures."""
    first = lines.header[0]
    other = next((sign for sign in (";", "\t") if len(lines.header) == 1 and sign in first.text), "")
    help = f"begin it with a line such as `{example}`"
    if other:
        help = "separate the cells by commas, and write decimals with a point"
    return Fault("the first line names no figures", help, first.line, first.column)


def _header_faults(lines: _Lines) -> Iterator[Fault]:
    """Yield the columns that are unknown, and those that state what another one states."""
    seen: dict[str, str] = {}
    for cell, name in zip(lines.header, lines.names, strict=True):
        meant = "model" if name in _NAMES else _COLUMNS.get(name, "")
        if not meant and name != "source":
            known = ", ".join(("quality", "latency_ms", "input", "output", "context_window", *OPTIONAL))
            message = f"the column `{_short(cell.text)}` is none of figures"
            yield Fault(message, f"known columns are {known}", cell.line, cell.column)
        elif meant in seen:
            message = (
                f"the column `{name}` stands twice"
                if seen[meant] == name
                else f"`{name}` states what `{seen[meant]}` does"
            )
            yield Fault(message, "keep one of the two", cell.line, cell.column)
        elif meant:
            seen[meant] = name


def _record(lines: _Lines, cells: list[Cell]) -> tuple[dict[str, Cell], list[Fault]]:
    """Return the cells of a line by their columns, that of the model as `model`; or that it has not one for each."""
    wanted, count = len(lines.header), len(cells)
    if count != wanted:
        place = cells[min(wanted, count - 1)]
        message = f"the line has {count} cells for {wanted} columns"
        help = "write decimals with a point, and a text that holds a comma in quotes"
        if count < wanted:
            help = "write one cell for each column, an empty one for what is not stated"
        return {}, [Fault(message, help, place.line, place.column)]
    record: dict[str, Cell] = {}
    for name, cell in zip(lines.names, cells, strict=True):
        record.setdefault("model" if name in _NAMES else name, cell)
    return record, []


def _name_faults(model: Cell, is_stated: bool, rows: dict[str, Row]) -> Iterator[Fault]:
    """Yield what is wrong with the name of a model: there is none, or an earlier line has it."""
    if model.text.lower() in rows and model.text:
        message = f"`{_short(model.text)}` has a line already: line {rows[model.text.lower()].line}"
        yield Fault(message, "keep one line for each model", model.line, model.column)
    elif not model.text and is_stated:
        help = "name the model, or write `*` for every model without a line of its own"
        yield Fault("the line names no model", help, model.line, model.column)


def _figure(column: str, cell: Cell) -> tuple[str, str, Fault | None]:
    """Return a figure as files of a project write it, what was done to it, and what is wrong with it."""
    field = field_of(_COLUMNS[column])
    text, remark = cell.text, ""
    if column in _PER_TOKEN and number_in(text) is not None:
        text, remark = per_million(text)
    if field.accepts_text(text):
        return text, remark, None
    help = number_help(field)
    if column in _PER_TOKEN:
        help = (
            f"write US dollars per token, as in 2.5e-06; `{_COLUMNS[column].partition('.')[2]}` takes them per million"
        )
    elif "," in cell.text:
        help = f"write decimals with a point and no thousands separator: {help.removeprefix('write ')}"
    elif "e" in cell.text.lower() and number_in(cell.text) is not None:
        help = f"write it without an exponent: {help.removeprefix('write ')}"
    return "", "", Fault(f"`{column}` cannot be `{_short(cell.text)}`", help, cell.line, cell.column)


def _aider(data: bytes) -> dict[str, Row]:
    """Return the best run of each model in a leaderboard of Aider."""
    root = parse("leaderboard", data).root
    rows: dict[str, Row] = {}
    faults: list[Fault] = []
    for entry in root.items if isinstance(root, Sequence) else ():
        if not isinstance(entry, Mapping):
            continue
        cells: dict[str, Any] = {key.text: value for key, value in entry.items if isinstance(value, Scalar)}
        if (rate := cells.get("pass_rate_2")) is None:
            continue
        line, column = rate.file.location(rate.start)
        quality, _, fault = _quality("pass_rate_2", Cell(rate.text, line, column))
        faults += [] if fault is None else [fault]
        command = cells["command"].text.split() if "command" in cells else []
        named = command[command.index("--model") + 1 :][:1] if "--model" in command else []
        for name in (cells["model"].text if "model" in cells else "", *named):
            best = rows.get(name.lower())
            if name and quality and (best is None or Decimal(best.figures["quality"]) < Decimal(quality)):
                rows[name.lower()] = Row(entry.span.line, {"quality": quality})
    if faults:
        raise FiguresError(*faults)
    if not rows:
        raise FiguresError(Fault("it is no list of runs with `model` and `pass_rate_2`", "name another file", 1, 1))
    return rows


def _quality(scale: str, cell: Cell) -> tuple[str, str, Fault | None]:
    """Return a quality from 0 to 1, what was done to it, and what is wrong; how is said in docs/import.md."""
    if cell.text.lower() in _NOT_STATED:
        return "", "", None
    if scale == "quality":
        return _figure(scale, cell)
    number = number_in(cell.text)
    if number is None or (scale == "pass_rate_2" and not 0 <= number <= 100):
        help = "write a number" if scale == "arena_score" else "write a number between 0 and 100"
        return "", "", Fault(f"`{scale}` cannot be `{_short(cell.text)}`", help, cell.line, cell.column)
    part = number / 100 if scale == "pass_rate_2" else (number - _ARENA_LOW) / _ARENA_WIDTH
    bounded = min(max(part, Decimal(0)), Decimal(1))
    remark = f"the end of the scale, for `{scale}` {cell.text}" if bounded != part else ""
    return f"{bounded.quantize(_STEP, ROUND_HALF_EVEN).normalize():f}", remark, None


def _short(text: str) -> str:
    """Return a text for a message: no credential, and not too long."""
    shown = star_secrets(text)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
