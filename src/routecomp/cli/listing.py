"""Answer a group of verbs that is called alone: list what there is to work on, and say how to go on."""

from __future__ import annotations

import os
import sys

import click

from routecomp.cli.exit import CLEAN, USAGE
from routecomp.cli.loading import load_project
from routecomp.cli.output.json import print_json
from routecomp.cli.output.show_text import list_text
from routecomp.cli.output.terminal import color_for
from routecomp.cli.root import root_of
from routecomp.explain.inventory.kinds import list_kind


def list_or_help(ctx: click.Context, kind: str, as_json: bool) -> int:
    """List all bodies of a kind (in the plural), then the verbs of the group; outside of a project, show its help.

    In JSON the list is that of `routecomp show KIND --json`.
    """
    root = root_of(ctx)
    if root is None and not os.path.lexists("routes") and not as_json:
        click.echo(ctx.get_help())
        return USAGE
    rows = list_kind(load_project(root), kind)
    if as_json:
        print_json(rows)
        return CLEAN
    assert isinstance(ctx.command, click.Group)
    word = ctx.info_name
    click.echo(list_text(kind, rows, color_for(sys.stdout)))
    click.echo(
        f"`routecomp show {word} NAME` shows one; `routecomp {word} {'|'.join(ctx.command.commands)}` changes one"
    )
    return CLEAN
