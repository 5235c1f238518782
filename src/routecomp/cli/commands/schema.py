"""Write the JSON Schemas of what routecomp reads and writes, or print one: `routecomp schema`."""

from __future__ import annotations

import os

import click

from routecomp.cli.exit import CLEAN
from routecomp.cli.output.version import print_version_note
from routecomp.emit.json_schema.published import schema_files
from routecomp.model.suggest import suggestion
from routecomp.workspace.load_settings import load_settings
from routecomp.workspace.problem import Problem
from routecomp.workspace.required_version import require_version
from routecomp.workspace.schemas import write_schemas

_ENDING = ".schema.json"


@click.command(
    epilog="""\
\b
The schemas:
  routes, policies, experiments   the YAML of these folders: completion and hover in editors
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
@click.argument("name", required=False)
@click.option("--output", metavar="DIR", help="The folder to write to; default: schemas.")
def schema(name: str | None, output: str | None) -> int:
    """Write JSON Schemas: completion and hover in editors, and the formats of tables, requests and decisions.

    With a NAME, print that one schema instead.
    """
    settings = load_settings(os.curdir)
    files = schema_files()
    if name is None:
        require_version(settings)
        folder = "schemas" if output is None else output
        written = write_schemas(files, folder)
        state = f"{written} written" if written else "nothing to change"
        click.echo(f"{folder.rstrip('/')}/: {len(files)} schemas, {state}")
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
