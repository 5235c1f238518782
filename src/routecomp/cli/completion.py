"""Complete names for the shell: features, models, tenants, experiments, rules, schemas, pages."""

from __future__ import annotations

import os
from collections.abc import Callable

import click
from click.shell_completion import CompletionItem

from routecomp.cli.root import root_of

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def names_of(*kinds: str) -> Completer:
    """Return what completes the names that the project declares in these sections (`models`)."""

    def complete(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        # lazy: only a shell that asks for completions needs it
        from routecomp.workspace.declared_names import declared_names

        root = root_of(ctx) or os.curdir
        return items(declared_names(root, kinds), incomplete)

    return complete


def items(names: list[str], incomplete: str) -> list[CompletionItem]:
    """Return the names that begin with what was typed."""
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]
