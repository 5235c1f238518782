"""Render diagnostics as a report in one of five formats, each a pure function in a module of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from routecomp.diagnostics.diagnostic import Diagnostic
    from routecomp.diagnostics.rule import Rule

FORMATS = ("text", "json", "sarif", "github", "junit")
"""Each format is the module of this package with its name. `--help` needs the names alone, so `render` imports it."""


def render(
    format: str,
    diagnostics: Sequence[Diagnostic],
    rules: Mapping[str, Rule],
    *,
    color: bool = False,
    version: str,
    checked: int,
) -> str:
    """Return the report of one check as text that ends with a line end, or is empty.

    `format` is one of `FORMATS`; `rules` holds the rules by id; `color` is read by `text` alone; `version` is
    the compiler's; `checked` counts the files that were checked. Findings come in the order of
    `Diagnostic.sort_key`. Nothing that looks like a credential is shown (see `render/shown.py`).
    Raises ValueError for an unknown format.
    """
    if format not in FORMATS:
        raise ValueError(f"unknown format {format!r}: one of {', '.join(FORMATS)}")
    shown = import_module(f"{__name__}.shown").without_secrets(
        sorted(diagnostics, key=lambda diagnostic: diagnostic.sort_key())
    )
    module = import_module(f"{__name__}.{format}")
    report: str = module.render(shown, rules, color=color, version=version, checked=checked)
    return report
