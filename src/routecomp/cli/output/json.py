"""Print a document as JSON."""

from __future__ import annotations

import json
from typing import Any

import click


def print_json(document: Any, *, ascii_only: bool = False) -> None:
    """Print a document as indented JSON, on standard output."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=ascii_only))
