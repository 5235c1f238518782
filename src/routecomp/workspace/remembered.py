"""Make diagnostics of the plain values that the cache remembers, and of the project's files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from routecomp.diagnostics.diagnostic import Diagnostic, Label, Severity
from routecomp.parse.encoding import decode_text
from routecomp.source.edits import Edit, Fix
from routecomp.source.text import SourceFile, Span


def diagnostics_of(values: list[list[Any]], files: Mapping[str, bytes], max_bytes: int) -> list[Diagnostic]:
    """Return the diagnostics that `cache` wrote as plain values; their spans point into `files` again.

    Raises `LookupError`, `TypeError` or `ValueError` for values of any other form.
    """
    sources: dict[str, SourceFile] = {}

    def span(place: list[Any]) -> Span:
        path, start, end = place
        if path not in sources:
            sources[path] = decode_text(path, files[path], max_bytes)[0]
        return Span(sources[path], start, end)

    return [
        Diagnostic(
            rule,
            Severity(severity),
            message,
            None if place is None else span(place),
            help,
            note,
            tuple(Label(span(label_place), text) for label_place, text in labels),
            None if fix is None else Fix(fix[0], tuple(Edit(span(place), text) for place, text in fix[1]), fix[2]),
        )
        for rule, severity, message, place, help, note, labels, fix in values
    ]
