"""Name the files of a project from the top of the Git repository that holds it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.source.text import SourceFile, Span
from routecomp.workspace.files import native
from routecomp.workspace.git.repository import find_repository
from routecomp.workspace.problem import Problem


def name_from_top(diagnostics: Sequence[Diagnostic], root: str) -> Sequence[Diagnostic]:
    """Return the diagnostics with the paths of the project in `root` given from the top of its repository.

    Files of a base have such paths already and keep them. Without a repository that can be read nothing changes.
    """
    try:
        repository = find_repository(root)
    except Problem:  # what is wrong with it is for the commands that need it to say
        return diagnostics
    if repository is None or not repository.prefix:
        return diagnostics
    renamed: dict[SourceFile, SourceFile] = {}

    def moved(span: Span) -> Span:
        if span.file not in renamed:
            path = span.file.path
            own = not path.startswith(("/", "../")) and os.path.lexists(os.path.join(root, native(path)))
            renamed[span.file] = SourceFile(repository.prefix + path, span.file.text) if own else span.file
        return Span(renamed[span.file], span.start, span.end)

    return [
        replace(
            diagnostic,
            span=None if diagnostic.span is None else moved(diagnostic.span),
            labels=tuple(replace(label, span=moved(label.span)) for label in diagnostic.labels),
            fix=None
            if diagnostic.fix is None
            else replace(
                diagnostic.fix, edits=tuple(replace(edit, span=moved(edit.span)) for edit in diagnostic.fix.edits)
            ),
        )
        for diagnostic in diagnostics
    ]
