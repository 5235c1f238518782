"""Regenerate the output folder in a merge, as Git's merge driver: `routecomp merge-driver`."""

from __future__ import annotations

import os
from collections.abc import Iterable

import click

from routecomp import __version__
from routecomp.cli.exit import CLEAN, FINDINGS
from routecomp.cli.output.json import print_json
from routecomp.cli.root import root_option
from routecomp.workspace.git.merge import install_driver, merge_file


@click.command(
    name="merge-driver",
    epilog="""\
\b
Once in every clone:
  routecomp merge-driver --install

\b
It names this command as a merge driver in the clone's own Git configuration,
and sees to it that .gitattributes gives it the output folder:
  generated/** -text linguist-generated=true merge=routecomp

\b
From then on `git merge`, `git rebase`, `git cherry-pick` and `git revert` write
generated/ from the merged YAML. Where that YAML has conflicts or errors, the
files of generated/ are left in conflict: repair the YAML, then run
`routecomp compile` and `git add generated`. A clone without it merges them as
text, and so do the merge buttons of Git hosts: where that fails, or where
`compile --check` finds them stale, `routecomp compile` makes them whole.

\b
Exit codes:
  0  merged, or installed
  1  not merged: it says why
  2  wrong usage, or no Git repository
""",
)
@click.option("--install", is_flag=True, help="Make this clone use it.")
@click.argument("sides", metavar="[%O %A %B %P]", nargs=-1)
@root_option
@click.option("--json", "as_json", is_flag=True, help="Print as JSON what was done.")
def merge_driver(install: bool, sides: tuple[str, ...], root: str | None, as_json: bool) -> int:
    """Regenerate the output folder in a merge. Git calls it; you install it."""
    if install:
        if sides:
            raise click.UsageError("--install takes no files")
        _print(install_driver(root), as_json, err=False)
        return CLEAN
    if len(sides) != 4:
        raise click.UsageError("Git gives this command four arguments; you want --install")
    base, ours, theirs, path = sides
    merged = merge_file(os.path.abspath(os.curdir), base, ours, theirs, path)
    if merged.data is not None:
        with open(ours, "wb") as file:  # Git's own temporary file: there is nobody else to read half of it
            file.write(merged.data)
    _print(merged.messages, as_json, err=True)
    return CLEAN if merged.is_clean else FINDINGS


def _print(messages: Iterable[str], as_json: bool, err: bool) -> None:
    """Print messages, a line each or as JSON."""
    if as_json:
        print_json({"version": __version__, "messages": list(messages)})
        return
    for line in messages:
        click.echo(line, err=err)
