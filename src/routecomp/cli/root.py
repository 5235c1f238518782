"""Read the project's folder, which --root names before a command, behind its group or behind it."""

from __future__ import annotations

import shlex

import click
from click.shell_completion import CompletionItem

from routecomp.workspace.problem import visible

_ROOT = "routecomp.root"
_HELP = "The project's folder; default: the current one."


def _keep(ctx: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Return the folder that --root names at this place of the command line, else the one that it named before.

    So `routecomp --root DIR check` is `routecomp check --root DIR`.
    """
    if value is not None:
        ctx.meta[_ROOT] = value
    return root_of(ctx)


def root_of(ctx: click.Context) -> str | None:
    """Return the folder that --root named last, at whatever place of the command line so far; None for none."""
    root: str | None = ctx.meta.get(_ROOT)
    return root


def complete_folders(_ctx: click.Context, _option: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell complete a folder."""
    return [CompletionItem(incomplete, type="dir")]


def root_words(root: str | None) -> str:
    """Return the words that name a folder in a command which a message suggests, with a space before; for None none."""
    return "" if root is None else f" --root {visible(shlex.quote(root))}"


root_option = click.option("--root", metavar="DIR", callback=_keep, shell_complete=complete_folders, help=_HELP)
group_root_option = click.option(
    "--root",
    metavar="DIR",
    callback=_keep,
    expose_value=False,
    shell_complete=complete_folders,
    help=f"{_HELP} It may stand behind the command too.",
)
"""The same for a group, whose commands are told by `root_option` or `root_of`."""
