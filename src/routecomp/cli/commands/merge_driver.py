"""Regenerate the output folder in a merge, as Git's merge driver: `routecomp merge-driver`."""

from __future__ import annotations

import os

import click

from routecomp.cli.exit import CLEAN, FINDINGS
from routecomp.cli.options import root_option
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
def merge_driver(install: bool, sides: tuple[str, ...], root: str | None) -> int:
    """Regenerate the output folder in a merge. Git calls it; you install it."""
    if install:
        if sides:
            raise click.UsageError("--install takes no files")
        for line in install_driver(root):
            click.echo(line)
        return CLEAN
    if len(sides) != 4:
        raise click.UsageError("Git gives this command four arguments; you want --install")
    base, ours, theirs, path = sides
    merged = merge_file(os.path.abspath(os.curdir), base, ours, theirs, path)
    if merged.data is not None:
        with open(ours, "wb") as file:  # Git's own temporary file: there is nobody else to read half of it
            file.write(merged.data)
    for line in merged.messages:
        click.echo(line, err=True)
    return CLEAN if merged.is_clean else FINDINGS
