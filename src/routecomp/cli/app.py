"""List the commands, and load the module of one only when it is called."""

from __future__ import annotations

import os
from contextlib import suppress
from importlib import import_module

import click
from click.shell_completion import CompletionItem

from routecomp import __version__
from routecomp.cli.exit import CLEAN, HELP, USAGE
from routecomp.cli.root import group_root_option
from routecomp.workspace.problem import Problem, visible

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("routecomp.cli.commands.init:init", "Create a small working project to start from."),
    "import": ("routecomp.cli.commands.import_:import_", "Make a project of another router's files."),
    "check": (
        "routecomp.cli.commands.check:check",
        "Check the YAML and report everything that is wrong.",
    ),
    "compile": (
        "routecomp.cli.commands.compile:compile",
        "Check, then write generated/: the table services load.",
    ),
    "publish": ("routecomp.cli.commands.publish:publish", "Publish generated/ as a release that services take over."),
    "resolve": ("routecomp.cli.commands.resolve:resolve", "Answer requests, one JSON line each, with decisions."),
    "explain": (
        "routecomp.cli.commands.explain:explain",
        "Show how one request is decided, down to file and line.",
    ),
    "show": (
        "routecomp.cli.commands.show:show",
        "Show a tenant's policy, who uses a model, a feature's chain.",
    ),
    "test": (
        "routecomp.cli.commands.test:test",
        "Ask the resolver whether the project's expectations hold.",
    ),
    "claims": ("routecomp.cli.commands.claims:claims", "List the project's claims, each with what its proof says."),
    "diff": ("routecomp.cli.commands.diff:diff", "Show what a change does, and which decisions change."),
    "why-changed": (
        "routecomp.cli.commands.why_changed:why_changed_command",
        "Name the commit and the lines that last moved a decision.",
    ),
    "promote": ("routecomp.cli.commands.promote:promote", "Make a shadow the primary of a feature."),
    "rollback": ("routecomp.cli.commands.rollback:rollback", "Undo the latest promotion of a feature."),
    "shadow": ("routecomp.cli.commands.shadow:shadow", "Make a model a shadow, or change what is mirrored to it."),
    "retire": ("routecomp.cli.commands.retire:retire", "Retire a shadow of a feature."),
    "rename": ("routecomp.cli.commands.rename:rename", "Give a thing another name, in all places at once."),
    "probe": (
        "routecomp.cli.commands.probe:probe_command",
        "Call each MODEL twice, or all active models, and say what came of it.",
    ),
    "activate": ("routecomp.cli.commands.activate:activate", "Let a model serve, on the evidence of a probe."),
    "experiment": (
        "routecomp.cli.commands.experiment:experiment",
        "Start, reweight, measure, complete an experiment; swap its models.",
    ),
    "share": ("routecomp.cli.commands.share:share", "Deal the load of a logical model among its hosts."),
    "learn": ("routecomp.cli.commands.learn:learn", "Measure figures of models by what services recorded."),
    "tenant": ("routecomp.cli.commands.tenant:tenant", "Set values of a tenant's policy."),
    "audit": ("routecomp.cli.commands.audit:audit", "Show who promoted what, and when; compare with a database."),
    "migrate": ("routecomp.cli.commands.migrate:migrate", "Apply migrations to a database, take them back, compare."),
    "lint-migrations": (
        "routecomp.cli.commands.lint:lint_migrations",
        "Lint SQL migrations: locks, lost data, history.",
    ),
    "lint-litellm": (
        "routecomp.cli.commands.lint_litellm:command",
        "Lint LiteLLM files: mistyped keys, missing groups, credentials.",
    ),
    "merge-driver": (
        "routecomp.cli.commands.merge_driver:merge_driver",
        "Let Git regenerate generated/ in merges (--install).",
    ),
    "rules": ("routecomp.cli.commands.rules:rules", "List the rules of `check`, or explain some of them."),
    "docs": ("routecomp.cli.commands.docs:docs", "Read the pages of the documentation, or search them."),
    "export": (
        "routecomp.cli.commands.export:export_command",
        "Write the policy as another router's configuration.",
    ),
    "schema": ("routecomp.cli.commands.schema:schema", "Write JSON Schemas: completion and hover in editors."),
}
"""The module and function of each command, and its short help, in the order of `--help`."""

_EPILOG = (
    """\
\b
Start here:
  routecomp init my-routes      a small project, with a CI workflow
  cd my-routes
  routecomp check               what is wrong with it (nothing)
  routecomp compile             writes generated/

"""
    + HELP
    + """
\b
Completion of commands, options and names, for bash (zsh and fish likewise):
  eval "$(_ROUTECOMP_COMPLETE=bash_source routecomp)"

\b
Environment:
  NO_COLOR, FORCE_COLOR   never, or always, colour the report
  ROUTECOMP_DATABASE      the database of `migrate` and `audit verify`
  ROUTECOMP_DEBUG=1       show the traceback of an internal error
"""
)


class LazyGroup(click.Group):
    """A click group that knows its commands' names and short helps, and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        command = getattr(import_module(module), name)  # lazy: a command loads what it needs, and no more
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            # lazy: only a misspelt command needs it.
            from routecomp.explain.inventory.kinds import KINDS

            # lazy: only a misspelt command needs it.
            from routecomp.model.suggest import suggestion

            otherwise = f"`routecomp show {args[0]}` lists them" if args[0] in KINDS else "see `routecomp --help`"
            raise Problem(f"there is no command `{visible(args[0])}`", suggestion(args[0], COMMANDS, otherwise))
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete commands without loading them, and the options of the group."""
        named = [CompletionItem(name, help=short) for name, (_, short) in COMMANDS.items()]
        return [item for item in named if item.value.startswith(incomplete)] + click.Command.shell_complete(
            self, ctx, incomplete
        )

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, short) for name, (_, short) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    epilog=_EPILOG,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110, "color": True},
)
@click.option("-V", "--version", is_flag=True, help="Show the version and exit.")
@group_root_option
@click.pass_context
def cli(ctx: click.Context, version: bool) -> None:
    """Compile LLM routing policy: YAML under routes/, policies/ and experiments/ becomes one routing table.

    Run a command in the folder that holds these three, or name that folder with --root.
    """
    if version:
        click.echo(f"routecomp {__version__}")
    elif ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
        ctx.exit(USAGE)


def run(argv: list[str]) -> int:
    """Run the command that the arguments name and return its exit code.

    Raises `Problem` where the arguments are wrong or the command cannot go on, and KeyboardInterrupt.
    """
    if argv[:1] == ["help"]:  # as Git and Cargo have it
        argv = [*argv[1:], "--help"]
    try:
        if "_ROUTECOMP_COMPLETE" in os.environ:
            return _complete(argv)
        # Not `cli.main`: it would turn a closed pipe into exit code 1, which says that there are findings.
        with cli.make_context("routecomp", argv) as ctx:
            code = cli.invoke(ctx)
    except click.exceptions.Exit as exit:
        return exit.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.NoSuchOption as wrong:
        raise _unknown_option(wrong, argv) from None
    except click.UsageError as wrong:
        raise Problem(wrong.format_message(), f"see `{_path_of(wrong)} --help`") from None
    except click.ClickException as wrong:
        raise Problem(wrong.format_message()) from None
    return code if isinstance(code, int) else CLEAN


def _complete(argv: list[str]) -> int:
    """Answer a shell that asks for completions, or for the script that asks; where that fails, with none."""
    with suppress(Exception, SystemExit):  # whoever presses TAB wants words or nothing, never a message
        cli.main(argv, "routecomp")
    return CLEAN


def _unknown_option(wrong: click.NoSuchOption, argv: list[str]) -> Problem:
    """Return the problem of an option that there is not: what was meant, or behind which command it stands."""
    # lazy: only a misspelt option needs it.
    from routecomp.model.suggest import closest, did_you_mean

    name, ctx = wrong.option_name, wrong.ctx
    known = [] if ctx is None else [text for param in ctx.command.get_params(ctx) for text in param.opts]
    near = closest(name, [text for text in known if text.startswith("--")])
    command = next((word for word in argv if word in COMMANDS), None)
    if near is not None:
        help = did_you_mean(visible(name), near)
    elif ctx is not None and ctx.parent is None and command is not None:
        help = f"options of a command stand behind it: `routecomp {command} {name}`"
    else:
        help = f"see `{_path_of(wrong)} --help`"
    return Problem(f"{_path_of(wrong)} has no option `{visible(name)}`", help)


def _path_of(wrong: click.UsageError) -> str:
    """Return the command that was called in a wrong way, as it is typed."""
    return wrong.ctx.command_path if wrong.ctx is not None else "routecomp"
