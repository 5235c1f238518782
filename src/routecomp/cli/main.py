"""The command line in, an exit code out: a table of commands, each imported only when it runs."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from routecomp.cli.problem import INTERNAL, INTERRUPTED, OUTPUT_CLOSED, USAGE, Problem, visible
from routecomp.cli.terminal import color_for

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("routecomp.cli.init_command:init", "Create a small working project to start from."),
    "check": (
        "routecomp.cli.check_command:check",
        "Check the YAML and say everything that is wrong with it.",
    ),
    "compile": (
        "routecomp.cli.compile_command:compile",
        "Check, then write generated/: the table services load.",
    ),
    "resolve": ("routecomp.cli.resolve_command:resolve", "Answer requests: JSON lines in, decisions out."),
    "explain": (
        "routecomp.cli.explain_command:explain",
        "Show how one request is decided, down to file and line.",
    ),
    "show": (
        "routecomp.cli.show_command:show",
        "Show a tenant's policy, who uses a model, a feature's chain.",
    ),
    "diff": ("routecomp.cli.diff_command:diff", "Show what a change does: in words, and which decisions change."),
    "promote": ("routecomp.cli.promote_command:promote", "Make a shadow the primary of a feature."),
    "rollback": ("routecomp.cli.rollback_command:rollback", "Undo the latest promotion of a feature."),
    "shadow": ("routecomp.cli.shadow_command:shadow", "Make a model a shadow, or change what is mirrored to it."),
    "retire": ("routecomp.cli.retire_command:retire", "Retire a shadow of a feature."),
    "experiment": (
        "routecomp.cli.experiment_command:experiment",
        "Start, pause, reweight, complete an experiment; swap its models.",
    ),
    "tenant": ("routecomp.cli.tenant_command:tenant", "Set values of a tenant's policy."),
    "audit": ("routecomp.cli.audit_command:audit", "Show who promoted what, and when, from Git's history."),
    "rules": ("routecomp.cli.rules_command:rules", "List the rules of `check`, or explain one of them."),
    "schema": ("routecomp.cli.schema_command:schema", "Write JSON Schemas: completion and hover in editors."),
}
"""Command to (module:function, short help), in the order of `--help`."""

_EPILOG = """\
\b
Start here:
  routecomp init my-routes      a small project, with a CI workflow
  cd my-routes
  routecomp check               what is wrong with it (nothing)
  routecomp compile             writes generated/

\b
Exit codes:
  0    clean
  1    findings, or stale files under `compile --check`
  2    wrong usage, or a file or folder that cannot be read or written
  3    only warnings, under --strict
  4    something changed, under `diff --exit-code`
  70   an internal error: please report it
  130  interrupted

\b
Environment:
  NO_COLOR, FORCE_COLOR   never, or always, colour the report
  ROUTECOMP_DEBUG=1       show the traceback of an internal error
"""


class LazyGroup(click.Group):
    """A click group that knows its commands' names and short helps, and imports one when it is invoked."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from routecomp.model.words import suggestion

            raise Problem(
                f"there is no command `{args[0]}`", suggestion(args[0], COMMANDS, "see `routecomp --help`")
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, short) for name, (_, short) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    epilog=_EPILOG,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110, "color": True},
)
@click.option("--version", is_flag=True, help="Show the version and exit.")
@click.pass_context
def cli(ctx: click.Context, version: bool) -> None:
    """Compile LLM routing policy: YAML under routes/, policies/ and experiments/ in, one routing table out.

    Run a command in the folder that holds these three, or name that folder with --root.
    """
    if version:
        from routecomp import __version__

        click.echo(f"routecomp {__version__}")
    elif ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
        ctx.exit(USAGE)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Whatever happens, the answer is an exit code and at most one plain message."""
    try:
        _prepare()
        code = _run(sys.argv[1:] if argv is None else list(argv))
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return _say_problem(Problem("interrupted", code=INTERRUPTED))
    except BrokenPipeError:
        # The reader of a pipe has gone (`routecomp check | head`): nobody is left to tell.
        _forget_output()
        return OUTPUT_CLOSED
    except Problem as problem:
        return _say_problem(problem)
    except OSError as failure:
        return _say_problem(Problem(os_error(failure)))
    except MemoryError:
        return _say_problem(
            Problem("out of memory", "compile a smaller project, or on a machine with more memory")
        )
    except ImportError as failure:
        _trace()
        return _say_problem(
            Problem(
                f"a part of routecomp cannot be loaded: {visible(failure.name or 'unknown')}",
                "install it again, and check the disk it lies on",
            )
        )
    except Exception as failure:
        _trace()
        return _say_problem(
            Problem(
                f"internal error: {type(failure).__name__}",
                "this is a bug of routecomp: please report it, with what ROUTECOMP_DEBUG=1 makes it say",
                INTERNAL,
            )
        )


def _trace() -> None:
    """The traceback, for those who asked for it."""
    if os.environ.get("ROUTECOMP_DEBUG") == "1":
        import traceback

        traceback.print_exc()


def _run(argv: list[str]) -> int:
    try:
        if "_ROUTECOMP_COMPLETE" in os.environ:  # a shell asks for completions
            cli.main(argv, "routecomp")
        # Not `cli.main`: it would turn a closed pipe into exit code 1, which says that there are findings.
        with cli.make_context("routecomp", argv) as ctx:
            code = cli.invoke(ctx)
    except click.exceptions.Exit as exit:
        return exit.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.UsageError as wrong:
        where = wrong.ctx.command_path if wrong.ctx is not None else "routecomp"
        raise Problem(wrong.format_message(), f"see `{where} --help`") from None
    except click.ClickException as wrong:
        raise Problem(wrong.format_message()) from None
    return code if isinstance(code, int) else 0


def os_error(failure: OSError) -> str:
    """A failure of the system in words: what, and on which file."""
    reason = (failure.strerror or type(failure).__name__).lower()
    name = failure.filename
    return f"{visible(os.fsdecode(name))}: {reason}" if isinstance(name, str | bytes) else reason


def _prepare() -> None:
    # Importing makes some hundred thousand objects that all stay: looking for cycles among them only costs.
    gc.set_threshold(200_000, 20, 20)
    # Other packages' plugins have no say in what a policy means, and looking for them takes 15 ms.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "1"
    # A report is the same bytes in every locale; only a terminal is spoken to in its own encoding.
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            if stream.isatty():
                stream.reconfigure(errors="backslashreplace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _say_problem(problem: Problem) -> int:
    """One problem on standard error; where even that is closed, the exit code alone has to do."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        _forget_output()
    try:
        if sys.stderr is not None:
            sys.stderr.write(problem.lines(color_for(sys.stderr)))
            sys.stderr.flush()
    except OSError:
        _forget_output(2)
    return problem.code


def _forget_output(descriptor: int = 1) -> None:
    """Send what is still buffered nowhere, so that the interpreter does not trip over it when it ends."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
    except OSError:
        return
