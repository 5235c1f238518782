"""Show what an import did: the files, what became of each field, and what is still to be said."""

from __future__ import annotations

from typing import Any

import click

from routecomp.cli.output.report import print_errors
from routecomp.diagnostics.credentials.detect import star_secrets
from routecomp.interop.loss import FieldReport
from routecomp.workspace.imports import ImportPlan
from routecomp.workspace.problem import visible

_SHOWN = 12


def print_import(plan: ImportPlan, is_written: bool, source: str) -> None:
    """Print an import for people: what decides calls and is lost stands first."""
    report = plan.conversion.report
    click.echo(report.summary())
    told = sorted(report.told, key=lambda field: (not field.routes, field.status != "hint"))
    for line in _lines(told):
        click.echo(line)
    if not plan.files:
        click.echo(f"nothing was written: no chat model of {source} is carried", err=True)
        return
    for path in sorted(plan.after):
        verbs = ("removed", "would remove") if path in plan.removed else ("written", "would write")
        click.echo(f"  {verbs[not is_written]}  {visible(path)}")
    if not plan.after:
        click.echo("nothing changes")
    elif not is_written:
        click.echo("nothing was written: --yes writes it", err=True)
    for row in plan.unused:
        click.echo(f"note: no model took the figures of {visible(star_secrets(row))}", err=True)
    if plan.faults:
        print_errors(plan.faults, len(plan.files))
        click.echo("`check` refuses the project: the import is not usable before this is put right", err=True)
    missing = plan.conversion.project.missing
    if missing:
        more = f", and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        click.echo(f"still to be said ({len(missing)}): {'; '.join(missing[:_SHOWN])}{more}")
        click.echo("`routecomp check` shows each; `--figures FILE.csv` fills them in (`routecomp docs import#figures`)")


def print_result(plan: ImportPlan, is_written: bool) -> dict[str, Any]:
    """Return what an import did, for programs."""
    report = plan.conversion.report
    return {
        "folder": star_secrets(plan.root),
        "written": sorted(plan.changed) if is_written else [],
        "removed": sorted(plan.removed) if is_written else [],
        "would_change": [] if is_written else sorted(plan.after),
        "missing": plan.conversion.project.missing,
        "unused_figures": plan.unused,
        "faults": [fault.message for fault in plan.faults],
        "report": report.plain(),
    }


def _lines(fields: list[FieldReport]) -> list[str]:
    """Return the fields to know of: neighbours with one reason stand together."""
    lines: list[str] = []
    last: FieldReport | None = None
    for field in fields:
        words = {"hint": "nearly", "left-out": "left out", "lost": "lost"}[field.status]
        mark = f"{words}, decides calls" if field.routes else words
        if last is not None and _words(last) == _words(field):
            lines[-1 if not field.instead else -2] += f", `{field.key}` ({field.line})"
            continue
        lines.append(f"{mark}: {field.reason}: {visible(field.place)} `{field.key}`")
        if field.instead:
            lines.append(f"  instead: {field.instead}")
        last = field
    return lines


def _words(field: FieldReport) -> tuple[object, ...]:
    """Return what is said of a field beside its place."""
    return field.path, field.status, field.reason, field.instead, field.routes
