"""`routecomp rules`: what `check` looks for, as a list, or one rule with its why and its fix."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from routecomp.diagnostics.rule import RuleInfo

_KINDS = {
    "1": "Text and shape of one file",
    "2": "Names and references",
    "3": "Meaning",
    "4": "The compiled table",
    "5": "The change against the base",
    "6": "SQL migrations",
}


@click.command(
    epilog="""\
\b
The hundreds digit says what a rule reads:
  RC1xx text and shape of one file    RC2xx names and references    RC3xx meaning
  RC4xx the compiled table            RC5xx the change against the base branch
  RC6xx SQL migrations

\b
Examples:
  routecomp rules            the list
  routecomp rules RC301      one rule: what, why, fix
  routecomp rules weights-sum
  routecomp rules L03        a rule of SQL, by its code
"""
)
@click.argument("id", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def rules(id: str | None, as_json: bool) -> int:
    """List the rules of `check`, or explain one of them, by its ID (RC301) or its name (weights-sum)."""
    import json

    from routecomp.cli.output.terminal import color_for
    from routecomp.sql.rule_registry import Rules

    every = dict(Rules())
    color = color_for(sys.stdout)
    if id is None:
        if as_json:
            click.echo(json.dumps([_plain(one, page=False) for one in every.values()], indent=2))
        else:
            click.echo(_list(list(every.values()), color), nl=False)
        return 0
    one = every.get(id.upper()) or next(
        (
            info
            for info in every.values()
            if id.lower() in (info.name, info.name.partition("-")[0] if info.id.startswith("RC6") else "")
        ),
        None,
    )
    if one is None:
        from routecomp.model.vocabulary import suggestion
        from routecomp.workspace.problem import Problem

        near = suggestion(id, [*every, *(info.name for info in every.values())], "`routecomp rules` lists them all")
        raise Problem(f"there is no rule `{id}`", near)
    click.echo(json.dumps(_plain(one, page=True), indent=2) if as_json else _page(one, color), nl=as_json)
    return 0


def _plain(one: RuleInfo, page: bool) -> dict[str, str]:
    """A rule as JSON."""
    plain = {"id": one.id, "name": one.name, "severity": str(one.severity), "summary": one.summary}
    return {**plain, "page": one.page} if page else plain


def _list(every: Sequence[RuleInfo], color: bool) -> str:
    """All rules, by what they read."""
    from routecomp.cli.output.layout import blocks
    from routecomp.cli.output.terminal import paint

    lines: list[str] = []
    rows = [
        (paint(one.id, "1", color), one.name, "warning" if one.severity == "warning" else "", one.summary)
        for one in every
    ]
    kind = ""
    for one, block in zip(every, blocks(rows), strict=True):
        if one.id[2] != kind:
            kind = one.id[2]
            lines += ["", paint(_KINDS[kind], "1;34", color)]
        lines += block
    return "\n".join(lines[1:]) + f"\n\n{len(every)} rules. `routecomp rules ID` explains one.\n"


def _page(one: RuleInfo, color: bool) -> str:
    """One rule, as on its page."""
    from routecomp.cli.output.terminal import paint

    head = f"{one.id} {one.name} ({one.severity})"
    lines = [paint(head, "1", color), ""]
    for line in one.page.split("\n"):
        if color:
            line = re.sub(r"^([A-Z][a-z]+:)(?= |$)", paint(r"\1", "1", color), line)
            line = re.sub(r"`([^`]+)`", paint(r"\1", "36", color), line)
        lines.append(line)
    return "\n".join(lines) + "\n"
