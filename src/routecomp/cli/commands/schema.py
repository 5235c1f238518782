"""Write the JSON Schemas of what routecomp reads and writes, or print one: `routecomp schema`."""

from __future__ import annotations

import os

import click
from click.shell_completion import CompletionItem

from routecomp import __version__
from routecomp.cli.completion import items
from routecomp.cli.exit import CLEAN
from routecomp.cli.output.json import print_json
from routecomp.cli.output.version import print_version_note
from routecomp.cli.root import root_option
from routecomp.diagnostics.credentials.detect import star_secrets
from routecomp.emit.json_schema.published import schema_files
from routecomp.model.suggest import suggestion
from routecomp.workspace.files import find_root
from routecomp.workspace.load_settings import load_settings
from routecomp.workspace.problem import Problem
from routecomp.workspace.required_version import require_version
from routecomp.workspace.write_files import write_files

_ENDING = ".schema.json"


def _complete(_ctx: click.Context, _argument: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the names of schemas."""
    return items([name.removesuffix(_ENDING) for name in schema_files()], incomplete)


@click.command(
    epilog="""\
\b
The schemas:
  routes, policies, experiments   the YAML of these folders: completion and hover in editors
  intent                          what a change declares to move: `routecomp diff`
  routing_table, fallback         the two files in generated/ that services load
  request, decision               one line that `routecomp resolve` reads, and one that it writes

\b
An editor finds the schema of a file by the file's first line (with a YAML language server):
  # yaml-language-server: $schema=../schemas/routes.schema.json

\b
Examples:
  routecomp schema                     write all of them to schemas/
  routecomp schema decision            print one
  routecomp schema --output build/s    write them somewhere else
"""
)
@click.argument("name", required=False, shell_complete=_complete)
@click.option("--output", metavar="DIR", help="The folder to write to; default: schemas.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON what was written; with a NAME nothing changes.")
@root_option
def schema(name: str | None, output: str | None, as_json: bool, root: str | None) -> int:
    """Write JSON Schemas: completion and hover in editors, and the formats of tables, requests and decisions.

    With a NAME, print that one schema instead.
    """
    folder = os.curdir if root is None else find_root(root)
    settings = load_settings(folder)
    files = schema_files()
    if name is None:
        require_version(settings)
        shown = (os.path.join(folder, "schemas").removeprefix("./") if output is None else output).rstrip("/")
        written = write_files(files, shown)
        shown = star_secrets(shown)
        if as_json:
            print_json({"version": __version__, "folder": shown, "files": sorted(files), "written": written})
            return CLEAN
        state = f"{written} written" if written else "nothing to change"
        click.echo(f"{shown}/: {len(files)} schemas, {state}")
        return CLEAN
    if output is not None:
        raise click.UsageError("a NAME prints one schema, --output writes all of them: give one of the two")
    file = files.get(name.removesuffix(_ENDING) + _ENDING)
    if file is None:
        names = [file_name.removesuffix(_ENDING) for file_name in files]
        raise Problem(f"there is no schema `{name}`", suggestion(name, names))
    print_version_note(settings)
    click.echo(file, nl=False)
    return CLEAN
