"""Hold the public catalogue of models: names, prices and windows, as a small snapshot that knows its source and date.

The snapshot is made of the catalogue file of LiteLLM, which states prices in dollars per token. They are kept as they
are written and become dollars per million by exact arithmetic.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from routecomp.interop.scalars import number_in

BUNDLED = "catalogue.txt.gz"
"""The snapshot that the package brings, beside this module."""
CHAT_MODES = frozenset(("chat", "completion", "responses", ""))
"""The modes of models that answer conversations; an entry without a mode is taken for one."""
LARGEST = 16 * 1024 * 1024
"""The most bytes of a catalogue file."""
_FIRST = "routecomp catalogue 1"
_MILLION = 10**6
_LEAST = Decimal("0.001")
MOST_PRICE = Decimal(1000)
"""Prices in dollars per million tokens beyond which an entry is taken for a slip."""
_STEP = Decimal("0.000001")


class CatalogueError(Exception):
    """A file is no catalogue; the text says why."""


class Entry(NamedTuple):
    """What the catalogue states of one model, as it is written there; empty where it states nothing.

    `input` and `output` are dollars per token.
    """

    provider: str
    mode: str
    input: str
    output: str
    window: str
    most_output: str

    @property
    def is_chat(self) -> bool:
        """Whether the model answers conversations."""
        return self.mode in CHAT_MODES


class Price(NamedTuple):
    """A price in dollars per million tokens, as text, or why there is none; `remark` says what was done to it."""

    text: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The entries of a catalogue by the names of the models, its source and its day."""

    source: str
    day: str
    entries: Mapping[str, Entry]

    @property
    def title(self) -> str:
        """The source and the day, for comments and reports."""
        return f"{self.source}, {self.day}" if self.day else self.source

    def price(self, name: str, kind: str) -> Price:
        """Return the price of a model for its `input` or its `output`; an empty text where there is none to trust."""
        entry = self.entries.get(name)
        if entry is None:
            return Price("", "not in the catalogue")
        written = (entry.input, entry.output)
        text = written[0] if kind == "input" else written[1]
        if not text:
            return Price("", "the catalogue states none")
        rates = [rate * _MILLION for each in written if each and (rate := number_in(each)) is not None]
        if any(rate > MOST_PRICE or 0 < rate < _LEAST for rate in rates):
            return Price("", f"the catalogue says {text} a token, which looks like a slip")
        return per_million(text)


def per_million(text: str) -> Price:
    """Return a price in dollars per token as one per million; none for 0, which stands for what nobody stated."""
    rate = number_in(text)
    if rate is None or rate < 0:
        return Price("", f"{text} is no price")
    if rate == 0:
        return Price("", "0 is said, which may be free or unknown")
    exact = rate * _MILLION
    rounded = exact.quantize(_STEP, ROUND_HALF_EVEN)
    remark = "" if rounded == exact else f"rounded from {text} a token"
    return Price(plain_decimal(rounded), remark) if rounded else Price("", f"{text} a token is below what is counted")


def plain_decimal(number: Decimal) -> str:
    """Return a number as the files of a project write it: no exponent, and no zeros at the end of the fraction."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@cache
def bundled() -> Catalogue:
    """Return the snapshot that the package brings."""
    return read_catalogue(Path(__file__).with_name(BUNDLED).read_bytes(), BUNDLED)


def read_catalogue(data: bytes, name: str) -> Catalogue:
    """Read a snapshot, or a catalogue file of LiteLLM; raise `CatalogueError` for anything else."""
    if data[:2] == b"\x1f\x8b":
        return _read_snapshot(data)
    if len(data) > LARGEST:
        raise CatalogueError("it is larger than any catalogue")
    try:
        content = json.loads(data, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as failure:
        raise CatalogueError("it is neither a snapshot nor the JSON of LiteLLM's catalogue") from failure
    if not isinstance(content, dict):
        raise CatalogueError("it is no JSON object of models by their names")
    entries = {
        key: _entry(value) for key, value in sorted(content.items()) if isinstance(value, dict) and _is_model(key)
    }
    if not any(entry.input or entry.output for entry in entries.values()):
        raise CatalogueError("no entry of it has `input_cost_per_token` or `output_cost_per_token`")
    return Catalogue(name, "", entries)


def snapshot(catalogue: Catalogue, source: str, day: str) -> bytes:
    """Return a catalogue as a snapshot of that source and day: compressed, the same bytes each time."""
    lines = ["\t".join((_FIRST, source, day))]
    lines += ["\t".join((name, *entry)) for name, entry in sorted(catalogue.entries.items())]
    return gzip.compress("\n".join(lines).encode() + b"\n", 9, mtime=0)


def _read_snapshot(data: bytes) -> Catalogue:
    """Read what `snapshot` wrote."""
    try:
        with gzip.GzipFile(fileobj=BytesIO(data)) as file:
            content = file.read(LARGEST + 1)
        first, *lines = content.decode().splitlines()
        mark, source, day = first.split("\t")
        entries = {name: Entry(*rest) for name, *rest in (line.split("\t") for line in lines)}
    except (OSError, EOFError, ValueError, TypeError) as failure:
        raise CatalogueError("it is compressed, and no snapshot of a catalogue") from failure
    if mark != _FIRST or len(content) > LARGEST:
        raise CatalogueError("it is a snapshot of another version")
    return Catalogue(source, day, entries)


def _entry(value: dict[str, Any]) -> Entry:
    """Return what the catalogue's JSON states of one model."""
    names = ("input_cost_per_token", "output_cost_per_token", "max_input_tokens", "max_output_tokens")
    numbers = [_number(value.get(name)) for name in names]
    words = [_word(value.get(name)) for name in ("litellm_provider", "mode")]
    return Entry(words[0], words[1], numbers[0], numbers[1], numbers[2], numbers[3])


def _number(value: object) -> str:
    """Return a number as it is written, empty where the value is none."""
    return value if isinstance(value, str) and number_in(value) is not None else ""


def _word(value: object) -> str:
    """Return a word of the catalogue, empty where the value is none that fits into a line."""
    return value if isinstance(value, str) and value.isprintable() and len(value) < 60 else ""


def _is_model(name: str) -> bool:
    """Return whether an entry is one of a model: its name is a line of a snapshot, and not the description."""
    return name != "sample_spec" and name.isprintable() and "\t" not in name and bool(name.strip())
