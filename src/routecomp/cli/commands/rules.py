"""Print the list of rules, or the page of one: `routecomp rules`."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence

import click
from click.shell_completion import CompletionItem

from routecomp.cli.completion import items
from routecomp.cli.exit import CLEAN
from routecomp.cli.output.json import print_json
from routecomp.cli.output.layout import blocks
from routecomp.cli.output.terminal import color_for, paint
from routecomp.diagnostics.rule import Rule
from routecomp.model.suggest import suggestion
from routecomp.rules.registry import find_rule
from routecomp.rules.registry import rules as all_rules
from routecomp.workspace.problem import Problem, visible


def _complete(_ctx: click.Context, _argument: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the ids and the names of rules."""
    known = all_rules()
    return items([*known, *(rule.name for rule in known.values())], incomplete)


@click.command(
    epilog="""\
\b
The hundreds digit says what a rule reads:
  RC1xx text and shape of one file    RC2xx names and references    RC3xx meaning
  RC4xx the compiled table            RC5xx the change against the base branch
  RC6xx SQL migrations                RC7xx files of LiteLLM

\b
Examples:
  routecomp rules            the list
  routecomp rules RC3        those of a hundred
  routecomp rules RC301      one rule: what, why, fix
  routecomp rules RC301 RC302
  routecomp rules weights-sum
  routecomp rules L03        a rule of SQL, by its code

\b
`routecomp docs RC301` shows an example too: what is wrong, the report, and what
is right.
"""
)
@click.argument("id", nargs=-1, shell_complete=_complete)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def rules(id: tuple[str, ...], as_json: bool) -> int:
    """List the rules of `check`, or explain some of them, by ID (RC301) or name (weights-sum)."""
    color = color_for(sys.stdout)
    known = all_rules()
    chosen = [rule for name in id for rule in _named(name, known)]
    if not id or len(chosen) > len(id):
        listed = chosen or list(known.values())
        if as_json:
            print_json([_plain(rule, page=False) for rule in listed], ascii_only=True)
        else:
            click.echo(_list(listed, color), nl=False)
        return CLEAN
    if as_json:
        pages = [_plain(rule, page=True) for rule in chosen]
        print_json(pages[0] if len(pages) == 1 else pages, ascii_only=True)
    else:
        click.echo("\n\n".join(_page(rule, color) for rule in chosen), nl=False)
    return CLEAN


def _named(id: str, known: Mapping[str, Rule]) -> list[Rule]:
    """Return the rule of an id, a name or an alias, or those of a hundred (`RC3`); raise `Problem` where none is."""
    rule = find_rule(id)
    if rule is not None:
        return [rule]
    hundred = re.fullmatch(r"(?i)rc([1-9])(?:xx)?", id)
    chapter = [] if hundred is None else [rule for rule in known.values() if rule.id[2] == hundred[1]]
    if chapter:
        return chapter
    names = [*known, *(rule.name for rule in known.values())]
    raise Problem(f"there is no rule `{visible(id)}`", suggestion(id, names, "`routecomp rules` lists them all"))


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
    return (
        "\n".join(lines[1:])
        + f"\n\n{len(listed)} rules. `routecomp rules ID` explains one, `routecomp docs ID` with an example.\n"
    )


def _page(rule: Rule, color: bool) -> str:
    """Return the page of a rule."""
    head = f"{rule.id} {rule.name} ({rule.severity})"
    lines = [paint(head, "1", color), *filter(None, [rule.remarks]), ""]
    for line in rule.page.split("\n"):
        if color:
            line = re.sub(r"^([A-Z][a-z]+:)(?= |$)", paint(r"\1", "1", color), line)
            line = re.sub(r"`([^`]+)`", paint(r"\1", "36", color), line)
        lines.append(line)
    return "\n".join([*lines, "", f"An example: routecomp docs {rule.id}"]) + "\n"
