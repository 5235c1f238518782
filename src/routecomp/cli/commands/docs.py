"""Read the pages of the documentation, which lie in the package: `routecomp docs`."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import click
from click.shell_completion import CompletionItem

from routecomp.cli.completion import items
from routecomp.cli.exit import CLEAN, FINDINGS
from routecomp.cli.output.json import print_json
from routecomp.cli.output.layout import table
from routecomp.cli.output.terminal import color_for, paint
from routecomp.diagnostics.credentials.detect import star_secrets
from routecomp.model.suggest import suggestion
from routecomp.workspace.pages import Page, anchors_of, find_page, pages, pages_folder, search, section_of
from routecomp.workspace.problem import Problem, visible


def _complete(_ctx: click.Context, _argument: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the names of pages; a rule's page has its id."""
    return items([name.removeprefix("rules/") for name in pages()], incomplete)


@click.command(
    epilog="""\
\b
Examples:
  routecomp docs                      the list of pages
  routecomp docs settings             one page
  routecomp docs RC301                a rule, with an example of what it finds
  routecomp docs RC301 RC302          several pages
  routecomp docs settings.md#who-may-write-a-project
                                      what a link of a page leads to
  routecomp docs --search "lock timeout"
                                      every line that holds both words
  less "$(routecomp docs database --path)"

\b
The pages lie in the package: no network is asked. On a terminal a page is shown
in $PAGER.

\b
Exit codes:
  0  shown
  1  nothing holds the words of --search
  2  there is no such page
"""
)
@click.argument("page", nargs=-1, shell_complete=_complete)
@click.option("--search", "words", metavar="WORDS", help="Show every line that holds all these words.")
@click.option("--path", "only_path", is_flag=True, help="Print where each PAGE, or the folder of all, lies.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def docs(page: tuple[str, ...], words: str | None, only_path: bool, as_json: bool) -> int:
    """Read the documentation: list the pages, show each PAGE, or search all of them."""
    if only_path and as_json:
        raise click.UsageError("--path and --json contradict each other: the JSON of a page holds its path")
    listed = pages()
    if words is not None:
        if page or only_path:
            raise click.UsageError("--search looks in all pages: leave the page and --path out")
        if not words.strip():
            raise click.UsageError("--search needs words to look for")
        return _search(words, listed, as_json)
    if not page:
        if only_path:
            click.echo(pages_folder())
        elif as_json:
            print_json([_record(entry) for entry in listed.values()])
        else:
            click.echo(_list(listed), nl=False)
        return CLEAN
    chosen = [_part(name, listed) for name in page]
    if only_path:
        click.echo("\n".join(shown.path for shown, _ in chosen))
    elif as_json:
        records = [_record(shown) | {"text": text} for shown, text in chosen]
        print_json(records[0] if len(records) == 1 else records)
    else:
        text = "\n".join(text for _, text in chosen)
        click.echo_via_pager(text) if sys.stdout.isatty() else click.echo(text, nl=False)
    return CLEAN


def _part(name: str, listed: Mapping[str, Page]) -> tuple[Page, str]:
    """Return the page of a name, and its text or that of the part behind `#`; raise a `Problem` for none."""
    name, _, anchor = name.partition("#")
    page = _named(name, listed)
    text = section_of(page.text, anchor) if anchor else page.text
    if text is None:
        raise Problem(
            f"the page `{page.name}` has no part `#{visible(anchor)}`",
            suggestion(anchor, anchors_of(page.text), f"`routecomp docs {page.name}` shows all of it"),
        )
    return page, text


def _named(name: str, listed: Mapping[str, Page]) -> Page:
    """Return the page of a name, a link, or a rule's name or alias; raise a `Problem` where there is none."""
    page = find_page(name, listed)
    if page is not None:
        return page
    # lazy: the rules take longer to load than a page is shown
    from routecomp.rules.registry import find_rule

    rule = find_rule(name)
    page = None if rule is None else listed.get(f"rules/{rule.id}")
    if page is None:
        names = [*listed, *(known.rpartition("/")[2] for known in listed)]
        help = "`routecomp docs` lists the pages; `routecomp docs --search WORDS` looks in all of them"
        raise Problem(f"there is no page `{visible(name)}`", suggestion(name, names, help))
    return page


def _record(page: Page) -> dict[str, str]:
    """Return a page as the object that JSON shows."""
    return {"page": page.name, "title": page.title, "path": page.path}


def _list(listed: Mapping[str, Page]) -> str:
    """Return the text of the list of pages; those of rules are counted."""
    color = color_for(sys.stdout)
    rows = [
        (paint(page.name, "1", color), page.title) for page in listed.values() if not page.name.startswith("rules/")
    ]
    lines = [*table(rows), "", "and a page for each rule: `routecomp docs RC301`; `routecomp rules` lists them"]
    return "\n".join(lines) + "\n"


def _search(words: str, listed: Mapping[str, Page], as_json: bool) -> int:
    """Print each line that holds all the words, by page; return 1 where none does."""
    lines = list(search(words, listed))
    if as_json:
        print_json([{"page": page.name, "line": number, "text": line} for page, number, line in lines])
        return CLEAN if lines else FINDINGS
    if not lines:
        click.echo(f"no page holds `{visible(star_secrets(words))}` in one line", err=True)
        return FINDINGS
    color = color_for(sys.stdout)
    for page, number, line in lines:
        click.echo(f"{paint(page.name, '1', color)}:{number}: {line}")
    return CLEAN
