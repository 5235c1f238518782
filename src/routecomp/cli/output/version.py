"""Tell in a command's output which versions of routecomp write the project, and that the installed one is another."""

from __future__ import annotations

import json
from typing import Any

import click

from routecomp.workspace.required_version import required_version
from routecomp.workspace.settings import Settings


def print_version_note(settings: Settings) -> None:
    """Print a note on standard error where another version of routecomp writes the project: this one only reads it."""
    required = required_version(settings)
    if required is not None and not required.matches:
        click.echo(f"note: {required.fact}: what it reads may differ; {required.remedy}", err=True)


def version_keys(settings: Settings) -> dict[str, Any]:
    """Return the key that a JSON document has where the project says which versions write it, else no key."""
    required = required_version(settings)
    return {} if required is None else {"requires_routecomp": required.record}


def with_version(page: str, settings: Settings) -> str:
    """Return a JSON page of a command with the key of `version_keys` added."""
    return with_keys(page, version_keys(settings))


def with_keys(page: str, keys: dict[str, Any]) -> str:
    """Return a JSON page of a command with keys added at its end."""
    return json.dumps(json.loads(page) | keys, indent=2) + "\n" if keys else page
