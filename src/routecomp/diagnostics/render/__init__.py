"""Render diagnostics as a report in one of five formats, each a pure function in a module of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.diagnostics.rule import Rule

FORMATS = ("text", "json", "sarif", "github", "junit")

__all__ = ["FORMATS", "Rule", "render"]


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
    """
    from routecomp.diagnostics.render.shown import without_secrets

    shown = without_secrets(sorted(diagnostics, key=Diagnostic.sort_key))
    if format == "text":
        from routecomp.diagnostics.render.text import render_text

        return render_text(shown, checked=checked, color=color)
    if format == "json":
        from routecomp.diagnostics.render.json import render_json

        return render_json(shown, rules, version=version, checked=checked)
    if format == "sarif":
        from routecomp.diagnostics.render.sarif import render_sarif

        return render_sarif(shown, rules, version=version)
    if format == "github":
        from routecomp.diagnostics.render.github import render_github

        return render_github(shown, rules)
    if format == "junit":
        from routecomp.diagnostics.render.junit import render_junit

        return render_junit(shown, rules, checked=checked)
    raise ValueError(f"unknown format {format!r}: one of {', '.join(FORMATS)}")
