"""Create a small working project to start from, checked and compiled."""

from __future__ import annotations

import os

import click

from routecomp import __version__
from routecomp.cli.exit import CLEAN
from routecomp.cli.options import complete_files
from routecomp.cli.output.json import print_json
from routecomp.cli.root import complete_folders, root_option
from routecomp.diagnostics.credentials.detect import star_secrets
from routecomp.model.suggest import suggestion
from routecomp.sql.dialects.names import dialect_names
from routecomp.workspace.new_project import CI, default_dialects, make_project
from routecomp.workspace.problem import Problem, visible


@click.command(
    epilog=f"""\
\b
What it makes:
  routes/ policies/ experiments/   three providers, five models, two features, two tenants, a test
  generated/                       what services load, compiled already
  schemas/                         completion and hover in editors (not in Git)
  tools/                           the compiler that CI runs: this one, as a wheel with its SHA-256
  routecomp.yaml README.md .gitignore .gitattributes .pre-commit-config.yaml
  .github/ or, with --ci gitlab, .gitlab-ci.yml and .gitlab/: checks on every
      change, what it does as a comment, and who has to agree to it (a suggestion)

\b
Examples:
  routecomp init my-routes
  cd my-routes && git init && routecomp check
  routecomp init my-routes --dialects {",".join(dialect_names())}
  routecomp init my-routes --compiler ../routecomp-VERSION-py3-none-any.whl
  routecomp init my-routes --compiler git+https://git.example/routecomp@COMMIT
  routecomp init my-routes --compiler ==VERSION     where your registry has it
"""
)
@click.argument("dir", required=False, shell_complete=complete_folders)
@root_option
@click.option("--ci", type=click.Choice(CI), default="github", show_default=True, help="Whose CI to write files for.")
@click.option(
    "--dialects",
    metavar="A,B",
    help=f"Databases to write migrations for: of {', '.join(dialect_names())}, or none. Default: the one in which "
    "migrations are replayed; `routecomp compile` adds others when the settings name them.",
)
@click.option(
    "--compiler",
    metavar="WHEEL|git+URL@COMMIT|==VERSION",
    shell_complete=complete_files,
    help="Where CI gets this compiler from; default: the wheel that runs, copied to tools/.",
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON what was written.")
def init(dir: str | None, root: str | None, ci: str, dialects: str | None, compiler: str | None, as_json: bool) -> int:
    """Create a small working project to start from, in DIR (default: here).

    Nothing that is there is ever overwritten. Your README, CODEOWNERS and the like stay as they are; if something
    else is in the way, nothing is written.
    """
    folder = os.path.join(root or "", dir or "") or os.curdir
    names = default_dialects() if dialects is None else _read_dialects(dialects)
    files, notes = make_project(folder, ci, names, compiler)
    if as_json:
        print_json({"version": __version__, "folder": star_secrets(folder), "files": sorted(files), "notes": notes})
        return CLEAN
    for note in notes:
        click.echo(f"note: {note}", err=True)
    shown = visible(star_secrets(folder))
    step = [] if os.path.abspath(folder) == os.path.abspath(os.curdir) else [f"  cd {shown}"]
    click.echo(
        "\n".join(
            [
                f"{shown}: {len(files)} files, checked and compiled",
                "",
                "next:",
                *step,
                "  routecomp explain --feature support-chat --tenant rhein-bank",
                "  routecomp check                  after each change: what is wrong, and what to change",
                "  routecomp compile                writes generated/; commit it with the YAML",
                "  routecomp docs                   the pages of the documentation",
            ]
        )
    )
    return CLEAN


def _read_dialects(text: str) -> tuple[str, ...]:
    """Return the dialects that an option names; raise a `Problem` for an unknown one, or where none replays."""
    given = [name.strip() for name in text.split(",") if name.strip()]
    if given == ["none"]:
        return ()
    for name in given:
        if name not in dialect_names():
            raise Problem(f"there is no dialect `{visible(name)}`", suggestion(name, dialect_names()))
    if not given or not set(default_dialects()) & set(given):
        needed = default_dialects()[0]
        raise Problem(
            f"--dialects leaves {needed} out, in which migrations are replayed",
            f"write --dialects {','.join([*given, needed])}, or --dialects none for no migrations",
        )
    return tuple(name for name in dialect_names() if name in given)
