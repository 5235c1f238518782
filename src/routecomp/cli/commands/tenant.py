"""Set values of a tenant's policy: `routecomp tenant set`."""

from __future__ import annotations

import click

from routecomp.cli.completion import names_of
from routecomp.cli.editing import EPILOG, EditOptions, edit, editing_options
from routecomp.cli.exit import CLEAN
from routecomp.cli.listing import list_or_help
from routecomp.cli.options import Verbs, keep_json
from routecomp.review.edit.tenant import set_tenant


@click.group(cls=Verbs, asks_for="routecomp show tenant", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, callback=keep_json, help="Print JSON; without a command, the list.")
@click.pass_context
def tenant(ctx: click.Context, as_json: bool) -> int:
    """Change a tenant's policy: `routecomp tenant set ID KEY=VALUE…`. Alone: list the tenants."""
    return CLEAN if ctx.invoked_subcommand is not None else list_or_help(ctx, "tenants", as_json)


@tenant.command(
    name="set",
    epilog=f"""\
\b
Examples:
  routecomp tenant set acme min_quality=0.60
  routecomp tenant set acme stacks=us,eu banned_providers=
  routecomp tenant set acme weights.quality=0.50 weights.cost=0.20
  routecomp tenant set acme budget.daily_usd=7.50

\b
KEY is a key of the tenant as in the YAML; `weights.quality` is one of the
three weights, `budget.daily_usd` what a day may cost. A list is its words with commas between them. KEY= with nothing
behind it takes the key out, so that the preset's value counts.

{EPILOG}""",
)
@click.argument("id", shell_complete=names_of("tenants"))
@click.argument("settings", metavar="KEY=VALUE...", nargs=-1, required=True)
@editing_options
def set_(id: str, settings: tuple[str, ...], options: EditOptions) -> int:
    """Set values of tenant ID."""
    pairs = []
    for text in settings:
        key, equals, value = text.partition("=")
        if not equals:
            raise click.UsageError(f"{text!r} is no KEY=VALUE: write {key}=VALUE, or {key}= to take it out")
        pairs.append((key.strip(), value.strip()))
    return edit(options, lambda unedited: set_tenant(unedited.declared, id, pairs))
