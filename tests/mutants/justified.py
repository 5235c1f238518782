"""Read `justified.toml`: the mutants that no test can or need kill, each with its reason."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("justified.toml")


@dataclass(frozen=True)
class Justified:
    """A mutant's name (see `mutations.Mutant`) and why it may live."""

    key: tuple[str, str, str, str, int]
    why: str


def justified() -> list[Justified]:
    """Every entry of the file; an entry that lacks a key fails here."""
    entries = tomllib.loads(FILE.read_text(encoding="utf-8")).get("mutant", [])
    return [
        Justified((one["file"], one["function"], one["before"], one["after"], one.get("nth", 1)), one["why"])
        for one in entries
    ]
