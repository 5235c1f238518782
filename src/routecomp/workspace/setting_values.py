"""Read values of settings, from YAML or TOML alike, and say what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from routecomp.model.suggest import suggestion
from routecomp.parse.scalars import is_null, is_number
from routecomp.parse.tree import Scalar
from routecomp.workspace.problem import visible


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a path of keys and list places; `at_key` tells that the key itself is wrong."""

    rule: str
    path: tuple[str | int, ...]
    message: str
    help: str
    at_key: bool = False


def unknown(path: tuple[str, ...], known: Iterable[str]) -> Fault:
    """Return the fault of a key that is not one of `known`, with a suggestion."""
    where = f" under `{'.'.join(path[:-1])}`" if path[1:] else ""
    return Fault("RC112", path, f"unknown setting {visible(path[-1])[:80]!r}{where}", suggestion(path[-1], known), True)


def text_of(value: object) -> str | None:
    """Return a leaf as text, None where it is null or no text."""
    if isinstance(value, Scalar):
        return None if is_null(value) else value.text
    return value if isinstance(value, str) else None


def whole_number(value: object) -> int | None:
    """Return a leaf as a whole number, None where it is none."""
    if isinstance(value, Scalar):
        return (
            int(value.text)
            if is_number(value) and value.text.isascii() and len(value.text) < 20 and "." not in value.text
            else None
        )
    return value if isinstance(value, int) and not isinstance(value, bool) else None
