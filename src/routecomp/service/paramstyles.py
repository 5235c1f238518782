"""Write the marks of values in a statement as a driver of PEP 249 wants them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal

ParamStyle = Literal["qmark", "format", "pyformat", "numeric", "named"]

MARKS: Final[dict[str, Callable[[str, int], str]]] = {
    "qmark": lambda _name, _number: "?",
    "format": lambda _name, _number: "%s",
    "pyformat": lambda name, _number: f"%({name})s",
    "numeric": lambda _name, number: f":{number}",
    "named": lambda name, _number: f":{name}",
}
"""The mark of a value, by its name and its number."""

ORPHANS: Final[list[Any]] = []
"""Connections of a parent's. A child neither uses nor closes them: to close one would end the parent's session."""
