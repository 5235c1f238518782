"""Print the list of rules, or the page of one: `routecomp rules`."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence

import click

from routecomp.cli.output.layout import blocks
from routecomp.cli.output.terminal import color_for, paint
from routecomp.diagnostics.rule import Rule
from routecomp.model.suggest import suggestion
from routecomp.rules.registry import find_rule
from routecomp.rules.registry import rules as all_rules
from routecomp.workspace.problem import Problem


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
    color = color_for(sys.stdout)
    known = all_rules()
    if id is None:
        if as_json:
            click.echo(json.dumps([_plain(rule, page=False) for rule in known.values()], indent=2))
        else:
            click.echo(_list(list(known.values()), color), nl=False)
        return 0
    rule = find_rule(id)
    if rule is None:
        names = [*known, *(rule.name for rule in known.values())]
        raise Problem(f"there is no rule `{id}`", suggestion(id, names, "`routecomp rules` lists them all"))
    click.echo(json.dumps(_plain(rule, page=True), indent=2) if as_json else _page(rule, color), nl=as_json)
    return 0


def _plain(rule: Rule, page: bool) -> dict[str, object]:
    """Return a rule as the object that JSON shows, with its page where `page` says so."""
    plain: dict[str, object] = {
        "id": rule.id,
        "name": rule.name,
        "severity": str(rule.severity),
        "summary": rule.summary,
        "aliases": list(rule.aliases),
        "scope": str(rule.scope),
        "status": str(rule.status),
        "replaced_by": rule.replaced_by or None,
        "waivable": rule.waivable,
    }
    return {**plain, "page": rule.page} if page else plain


def _list(listed: Sequence[Rule], color: bool) -> str:
    """Return the text of the list of rules, which come chapter by chapter."""
    lines: list[str] = []
    rows = [
        (paint(rule.id, "1", color), rule.name, "warning" if rule.severity == "warning" else "", rule.summary)
        for rule in listed
    ]
    chapter = ""
    for rule, block in zip(listed, blocks(rows), strict=True):
        if rule.chapter != chapter:
            chapter = rule.chapter
            lines += ["", paint(chapter[0].upper() + chapter[1:], "1;34", color)]
        lines += block
    return "\n".join(lines[1:]) + f"\n\n{len(listed)} rules. `routecomp rules ID` explains one.\n"


def _page(rule: Rule, color: bool) -> str:
    """Return the page of a rule."""
    head = f"{rule.id} {rule.name} ({rule.severity})"
    lines = [paint(head, "1", color), *filter(None, [rule.remarks]), ""]
    for line in rule.page.split("\n"):
        if color:
            line = re.sub(r"^([A-Z][a-z]+:)(?= |$)", paint(r"\1", "1", color), line)
            line = re.sub(r"`([^`]+)`", paint(r"\1", "36", color), line)
        lines.append(line)
    return "\n".join(lines) + "\n"
