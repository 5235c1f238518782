"""Diagnostics in, GitHub workflow commands out: one line per finding, shown on the pull request's lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.diagnostics.render.shown import place, visible, visible_lines, where
from routecomp.diagnostics.rule import Rule


def render_github(diagnostics: Sequence[Diagnostic], rules: Mapping[str, Rule]) -> str:
    """One `::error` or `::warning` command per finding, each on one line; nothing without findings.

    The remedy and the second places follow the message as further lines of the annotation. GitHub knows
    columns only inside one line, so that a finding over several lines gives lines alone.
    """
    return "".join([_command(d, rules) + "\n" for d in diagnostics])


def _command(d: Diagnostic, rules: Mapping[str, Rule]) -> str:
    properties = []
    if d.span is not None:
        at = place(d.span)
        properties += [("file", d.span.path), ("line", str(at.line))]
        if at.end_line == at.line:
            properties += [("col", str(at.column)), ("endLine", str(at.line))]
            properties += [("endColumn", str(at.end_column))]
        else:
            properties += [("endLine", str(at.end_line))]
    rule = rules.get(d.rule)
    properties.append(("title", f"{d.rule} {rule.name}" if rule else d.rule))
    head = ",".join([f"{key}={_property(value)}" for key, value in properties])
    said = [d.message, d.note and f"note: {d.note}"]
    said += [f"see {where(label.span)}" + (f": {label.text}" if label.text else "") for label in d.labels]
    said += [d.help and f"help: {d.help}", f"fix: {d.fix.title} (routecomp check --fix)" if d.fix else ""]
    # A text's own line ends become further lines of the annotation, never further lines of the log.
    shown = [line.replace("%", "%25") for text in said for line in visible_lines(text)]
    return f"::{d.severity} {head}::" + "%0A".join(shown)


def _property(value: str) -> str:
    """A property's value: the characters that end it or the command are written as per cent codes."""
    return visible(value).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
