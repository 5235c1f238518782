"""Report diagnostics of a project on standard output or standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click

from routecomp import __version__
from routecomp.cli.output.findings import findings_page
from routecomp.cli.output.terminal import color_for
from routecomp.diagnostics.diagnostic import Diagnostic, Severity
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
    return findings_page(diagnostics, checked, format, Rules())


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


def proof_required(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return diagnostics with those that say what is not proven as errors."""
    return [replace(each, severity=Severity.ERROR) if each.rule in ("RC802", "RC836") else each for each in diagnostics]
