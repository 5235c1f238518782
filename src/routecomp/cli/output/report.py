"""Report diagnostics on standard output or standard error, and choose the exit code they lead to."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

import click

from routecomp import __version__
from routecomp.cli.exit import CLEAN, FINDINGS, WARNINGS
from routecomp.cli.output.terminal import color_for
from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.diagnostics.render import render
from routecomp.rules.registry import Rules
from routecomp.workspace.git.from_top import name_from_top

_NAMED = 6
_FROM_TOP = ("github", "sarif")
"""The formats whose paths GitHub reads from the top of the repository."""


def report(diagnostics: Sequence[Diagnostic], checked: int, format: str, root: str | None = None) -> str:
    """Return the diagnostics in one of the formats, coloured where standard output is a terminal.

    `checked` counts the files that were checked; `root` is the project's folder, perhaps below its repository's top.
    """
    if root is not None and diagnostics and format in _FROM_TOP:
        diagnostics = name_from_top(diagnostics, root)
    page = render(format, diagnostics, Rules(), color=color_for(sys.stdout), version=__version__, checked=checked)
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


def print_errors(diagnostics: Sequence[Diagnostic], checked: int) -> None:
    """Print the diagnostics as text on standard error."""
    text = render("text", diagnostics, Rules(), color=color_for(sys.stderr), version=__version__, checked=checked)
    click.echo(text, nl=False, err=True)


def errors_document(diagnostics: Sequence[Diagnostic], checked: int) -> dict[str, Any]:
    """Return the diagnostics as the keys that JSON reports have, for a document that says more."""
    document: dict[str, Any] = json.loads(render("json", diagnostics, Rules(), version=__version__, checked=checked))
    return document


def count_findings(diagnostics: Sequence[Diagnostic]) -> str:
    """Return how many of the diagnostics are errors and warnings, as words: `2 errors, 1 warning`."""
    errors = sum(diagnostic.severity == "error" for diagnostic in diagnostics)
    counts = ((errors, "error"), (len(diagnostics) - errors, "warning"))
    return ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for number, word in counts if number)


def exit_code(diagnostics: Sequence[Diagnostic], strict: bool) -> int:
    """Return 1 where there are errors, 3 for warnings alone under --strict, else 0."""
    if any(diagnostic.severity == "error" for diagnostic in diagnostics):
        return FINDINGS
    return WARNINGS if diagnostics and strict else CLEAN
