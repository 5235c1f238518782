"""`routecomp schema`: JSON Schemas of all that routecomp reads and writes, to a folder or to the output."""

from __future__ import annotations

import os

import click

from routecomp.emit.json_schema.requests import schema_files
from routecomp.model.vocabulary import suggestion
from routecomp.workspace.files import locked
from routecomp.workspace.problem import Problem
from routecomp.workspace.publish import current, publish

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
    files = schema_files()
    if name is None:
        click.echo(_write(files, "schemas" if output is None else output))
        return 0
    if output is not None:
        raise click.UsageError("a NAME prints one schema, --output writes all of them: give one of the two")
    file = files.get(name.removesuffix(_ENDING) + _ENDING)
    if file is None:
        names = [one.removesuffix(_ENDING) for one in files]
        raise Problem(f"there is no schema `{name}`", suggestion(name, names))
    click.echo(file, nl=False)
    return 0


def _write(files: dict[str, bytes], output: str) -> str:
    """Write the files whose bytes are not there yet; say what was done."""
    above, folder = _existing(os.path.abspath(output))
    with locked(above):
        new = {one: data for one, data in files.items() if current(above, folder, files)[one] != data}
        if new:
            publish(above, folder, new, lambda read: None)
    said = f"{len(new)} written" if new else "nothing to change"
    return f"{output.rstrip('/')}/: {len(files)} schemas, {said}"


def _existing(path: str) -> tuple[str, str]:
    """The nearest folder above `path` that exists, and the way from there."""
    above, below = os.path.split(path)
    while not os.path.isdir(above):
        above, last = os.path.split(above)
        below = os.path.join(last, below)
    return above, below
