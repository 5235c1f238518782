"""Render diagnostics as GitHub workflow commands, which GitHub shows on the pull request's lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.diagnostics.render.shown import place, visible, visible_lines, where
from routecomp.diagnostics.rule import Rule


def render(
    diagnostics: Sequence[Diagnostic], rules: Mapping[str, Rule], *, color: bool, version: str, checked: int
) -> str:
    """Return one `::error` or `::warning` command per finding, each on one line; nothing without findings.

    The remedy and the second places follow the message as further lines of the annotation. GitHub knows
    columns only inside one line, so that a finding over several lines gives lines alone.
    """
    return "".join([_command(d, rules) + "\n" for d in diagnostics])


def _command(d: Diagnostic, rules: Mapping[str, Rule]) -> str:
    """Return the command of one finding."""
    properties = []
    if d.span is not None:
        position = place(d.span)
        properties += [("file", d.span.path), ("line", str(position.line))]
        if position.end_line == position.line:
            properties += [("col", str(position.column)), ("endLine", str(position.line))]
            properties += [("endColumn", str(position.end_column))]
        else:
            properties += [("endLine", str(position.end_line))]
    rule = rules.get(d.rule)
    properties.append(("title", f"{d.rule} {rule.name}" if rule else d.rule))
    head = ",".join([f"{key}={_property(value)}" for key, value in properties])
    texts = [d.message, d.note and f"note: {d.note}"]
    texts += [f"see {where(label.span)}" + (f": {label.text}" if label.text else "") for label in d.labels]
    texts += [
        d.help and f"help: {d.help}",
        f"fix: {d.fix.title} ({d.fix.applicability}: {d.fix.command})" if d.fix else "",
    ]
    # A text's own line ends become further lines of the annotation, never further lines of the log.
    shown = [line.replace("%", "%25") for text in texts for line in visible_lines(text)]
    return f"::{d.severity} {head}::" + "%0A".join(shown)


def _property(value: str) -> str:
    """Escape a property's value: write out what is invisible, and `%`, `:` and `,` as per cent codes."""
    return visible(value).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
