"""Create a small working project to start from, checked and compiled."""

from __future__ import annotations

import os

import click

from routecomp.cli.exit import CLEAN
from routecomp.workspace.new_project import CI, make_project
from routecomp.workspace.problem import visible


@click.command(
    epilog="""\
\b
What it makes:
  routes/ policies/ experiments/   three providers, five models, two features, two tenants, a test
  generated/                       what services load, compiled already
  schemas/                         completion and hover in editors
  routecomp.yaml README.md .gitignore .gitattributes .pre-commit-config.yaml
  .github/ or, with --ci gitlab, .gitlab-ci.yml and .gitlab/: checks on every
      change, what it does as a comment, and who has to agree to it (a suggestion)

\b
Examples:
  routecomp init my-routes
  cd my-routes && git init && routecomp check
"""
)
@click.argument("dir", default=".")
@click.option("--ci", type=click.Choice(CI), default="github", show_default=True, help="Whose CI to write files for.")
def init(dir: str, ci: str) -> int:
    """Create a small working project to start from, in DIR (default: here).

    Nothing that is there is ever overwritten. Your README, CODEOWNERS and the like stay as they are; if something
    else is in the way, nothing is written.
    """
    count, notes = make_project(dir, ci)
    for note in notes:
        click.echo(f"note: {note}", err=True)
    step = [] if os.path.abspath(dir) == os.path.abspath(os.curdir) else [f"  cd {visible(dir)}"]
    click.echo(
        "\n".join(
            [
                f"{visible(dir)}: {count} files, checked and compiled",
                "",
                "next:",
                *step,
                "  routecomp explain --feature support-chat --tenant rhein-bank",
                "  routecomp check                  after each change: what is wrong, and what to change",
                "  routecomp compile                writes generated/; commit it with the YAML",
            ]
        )
    )
    return CLEAN
