"""Tell in a command's output which versions of routecomp write the project, and that the installed one is another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from routecomp import __version__
from routecomp.cli.output.json import print_json
from routecomp.workspace.required_version import RequiredVersion, WrongVersionError, required_version
from routecomp.workspace.settings import Settings


def print_version_note(settings: Settings) -> None:
    """Print a note on standard error where another version of routecomp writes the project: this one only reads it."""
    required = required_version(settings)
    if required is not None and not required.matches:
        click.echo(f"note: {required.fact}: what it reads may differ; {required.remedy}", err=True)


def version_keys(settings: Settings) -> dict[str, Any]:
    """Return the key that a JSON document has where the project says which versions write it, else no key."""
    required = required_version(settings)
    return {} if required is None else {"requires_routecomp": _record(required)}


def with_version(page: str, settings: Settings) -> str:
    """Return a JSON page of a command with the key of `version_keys` added."""
    keys = version_keys(settings)
    return json.dumps(json.loads(page) | keys, indent=2) + "\n" if keys else page


@contextmanager
def refusal_as_json(format: str) -> Iterator[None]:
    """Print a refusal of the installed version as a JSON document too, where `format` is json; then raise it."""
    try:
        yield
    except WrongVersionError as refusal:
        if format == "json":
            failed = {"message": refusal.message, "help": refusal.help, "kind": refusal.kind}
            print_json({"version": __version__, "requires_routecomp": _record(refusal.required), "failed": failed})
        raise


def _record(required: RequiredVersion) -> dict[str, Any]:
    return {"wanted": required.wanted, "installed": required.installed, "matches": required.matches}
