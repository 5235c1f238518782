"""Define the options that several commands share, so that they are written and read the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from routecomp.cli.exit import USAGE
from routecomp.cli.root import group_root_option
from routecomp.diagnostics.render import FORMATS
from routecomp.model.suggest import suggestion
from routecomp.workspace.problem import Problem, visible

F = TypeVar("F", bound=Callable[..., Any])
_JSON = "routecomp.json"


class Verbs(click.Group):
    """A group of subcommands: it suggests the nearest one where a name is unknown, and takes --root for them all.

    `asks_for` says what else a word behind the group's name may be: a command that reads it.
    """

    def __init__(self, *arguments: Any, asks_for: str = "", **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.asks_for = asks_for
        group_root_option(self)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args and self.no_args_is_help and not ctx.resilient_parsing:
            click.echo(ctx.get_help())
            ctx.exit(USAGE)
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            otherwise = f"see `routecomp {ctx.info_name} --help`"
            if self.asks_for:
                otherwise = f"`{self.asks_for} {args[0]}` shows it; {otherwise}"
            raise Problem(
                f"there is no command `{ctx.info_name} {visible(args[0])}`",
                suggestion(args[0], self.commands, otherwise),
            )
        return super().resolve_command(ctx, args)


def keep_json(ctx: click.Context, _option: click.Parameter, value: bool) -> bool:
    """Return whether --json stands here or stood before, behind a group: `experiment --json pause NAME`."""
    if value:
        ctx.meta[_JSON] = True
    return bool(ctx.meta.get(_JSON))


class Day(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic since click 8.3
    """A day as YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            if len(value) != 10 or not value.isascii():  # fromisoformat reads 20260102 and 2026-W01-5 too
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day: write it as YYYY-MM-DD", param, ctx)


def complete_files(_ctx: click.Context, _argument: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell complete a file or a folder."""
    return [CompletionItem(incomplete, type="file")]


format_option = click.option(
    "--format",
    "format",
    type=click.Choice(FORMATS),
    default=None,
    help="The format of the report; default: text.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
strict_option = click.option("--strict", is_flag=True, help="Fail on warnings too: exit 3 if there are no errors.")
today_option = click.option(
    "--today",
    type=Day(),
    default=None,
    help="The day that decides which waivers have expired and which models end soon; default: today in UTC.",
)
against_option = click.option(
    "--against",
    metavar="REF|DIR|FILE",
    help="Compare with this; default: where HEAD left the base branch.",
)
outages_option = click.option(
    "--outages", is_flag=True, help="Compare all requests with each provider unavailable, too."
)
caps_option = click.option("--caps", is_flag=True, help="Compare all requests with each `max_cost_usd`, too.")
proof_seconds_option = click.option(
    "--proof-seconds",
    type=click.FloatRange(min=0),
    default=30.0,
    show_default=True,
    metavar="S",
    help="Processor time for comparing all requests; what is left then is sampled.",
)
cache_option = click.option("--no-cache", is_flag=True, help="Neither read nor write the cache in .routecomp/.")


def chosen_format(format: str | None, as_json: bool) -> str:
    """Return the format that --format and --json ask for, text by default; raise a usage error if they contradict."""
    if as_json and format not in (None, "json"):
        raise click.UsageError(f"--json and --format {format} contradict each other")
    return "json" if as_json else format or "text"
