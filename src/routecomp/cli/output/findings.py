"""Lay out diagnostics for standard output, and choose the exit code they lead to; loads nothing of a project."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from routecomp import __version__
from routecomp.cli.exit import CLEAN, FINDINGS, WARNINGS
from routecomp.cli.output.terminal import color_for
from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.diagnostics.render import render
from routecomp.diagnostics.rule import Rule

_NAMED = 6


def findings_page(diagnostics: Sequence[Diagnostic], checked: int, format: str, rules: Mapping[str, Rule]) -> str:
    """Return the diagnostics in one of the formats, coloured where standard output is a terminal.

    `checked` counts the files that were checked.
    """
    page = render(format, diagnostics, rules, color=color_for(sys.stdout), version=__version__, checked=checked)
    return page + _pages_line(diagnostics) if format == "text" else page


def _pages_line(diagnostics: Sequence[Diagnostic]) -> str:
    """Return the line that names the pages of the rules that were broken; nothing where there are no findings."""
    ids = sorted({diagnostic.rule for diagnostic in diagnostics})
    if not ids:
        return ""
    if len(ids) == 1:
        return f"`routecomp docs {ids[0]}` explains it\n"
    rest = ", ".join(ids[1:_NAMED]) + (" …" if len(ids) > _NAMED else "")
    return f"`routecomp docs {ids[0]}` explains the first; so for {rest}\n"


def exit_code(diagnostics: Sequence[Diagnostic], strict: bool) -> int:
    """Return 1 where there are errors, 3 for warnings alone under --strict, else 0."""
    if any(diagnostic.severity == "error" for diagnostic in diagnostics):
        return FINDINGS
    return WARNINGS if diagnostics and strict else CLEAN
