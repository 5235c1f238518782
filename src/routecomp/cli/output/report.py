"""Report diagnostics on standard output or standard error, and choose the exit code they lead to."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from routecomp import __version__
from routecomp.cli.exit import CLEAN, FINDINGS, WARNINGS
from routecomp.cli.output.terminal import color_for
from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.diagnostics.render import render
from routecomp.rules.registry import Rules
from routecomp.workspace.git.from_top import name_from_top

_FROM_TOP = ("github", "sarif")
"""The formats whose paths GitHub reads from the top of the repository."""


def report(diagnostics: Sequence[Diagnostic], checked: int, format: str, root: str | None = None) -> str:
    """Return the diagnostics in one of the formats, coloured where standard output is a terminal.

    `checked` counts the files that were checked; `root` is the project's folder, perhaps below its repository's top.
    """
    if root is not None and diagnostics and format in _FROM_TOP:
        diagnostics = name_from_top(diagnostics, root)
    return render(format, diagnostics, Rules(), color=color_for(sys.stdout), version=__version__, checked=checked)


def print_errors(diagnostics: Sequence[Diagnostic], checked: int) -> None:
    """Print the diagnostics as text on standard error."""
    text = render("text", diagnostics, Rules(), color=color_for(sys.stderr), version=__version__, checked=checked)
    click.echo(text, nl=False, err=True)


def exit_code(diagnostics: Sequence[Diagnostic], strict: bool) -> int:
    """Return 1 where there are errors, 3 for warnings alone under --strict, else 0."""
    if any(diagnostic.severity == "error" for diagnostic in diagnostics):
        return FINDINGS
    return WARNINGS if diagnostics and strict else CLEAN
