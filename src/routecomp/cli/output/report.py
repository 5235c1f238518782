"""Findings in, the report on standard output and the exit code out."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from routecomp.cli.exit_codes import CLEAN, FINDINGS, WARNINGS
from routecomp.cli.output.terminal import color_for

if TYPE_CHECKING:
    from routecomp.diagnostics.diagnostic import Diagnostic

_FROM_THE_TOP = ("github", "sarif")


def report(diagnostics: Sequence[Diagnostic], checked: int, format: str, root: str | None = None) -> str:
    """The findings in one of the formats, coloured where standard output is a terminal.

    GitHub reads the paths of its formats from the top of the repository, in which `root` may be a folder.
    """
    from routecomp import __version__
    from routecomp.diagnostics.render import render
    from routecomp.rules.registry import Rules

    if root is not None and diagnostics and format in _FROM_THE_TOP:
        diagnostics = _from_the_top(diagnostics, root)
    return render(format, diagnostics, Rules(), color=color_for(sys.stdout), version=__version__, checked=checked)


def _from_the_top(diagnostics: Sequence[Diagnostic], root: str) -> Sequence[Diagnostic]:
    """The findings with the project's own files named from the top of its repository; those of a base are already."""
    from routecomp.source.text import SourceFile, Span
    from routecomp.workspace.files import native
    from routecomp.workspace.git.repository import find_repository
    from routecomp.workspace.problem import Problem

    try:
        repository = find_repository(root)
    except Problem:  # a repository that cannot be read: the command said so where it mattered
        return diagnostics
    if repository is None or not repository.prefix:
        return diagnostics
    moved: dict[SourceFile, SourceFile] = {}

    def span(at: Span) -> Span:
        if at.file not in moved:
            path = at.file.path
            own = not path.startswith(("/", "../")) and os.path.lexists(os.path.join(root, native(path)))
            moved[at.file] = SourceFile(repository.prefix + path, at.file.text) if own else at.file
        return Span(moved[at.file], at.start, at.end)

    return [
        replace(
            one,
            span=None if one.span is None else span(one.span),
            labels=tuple(replace(label, span=span(label.span)) for label in one.labels),
            fix=None
            if one.fix is None
            else replace(one.fix, edits=tuple(replace(edit, span=span(edit.span)) for edit in one.fix.edits)),
        )
        for one in diagnostics
    ]


def exit_code(diagnostics: Sequence[Diagnostic], strict: bool) -> int:
    """0 clean, 1 errors, 3 only warnings under --strict."""
    if any(one.severity == "error" for one in diagnostics):
        return FINDINGS
    return WARNINGS if diagnostics and strict else CLEAN
