"""Move an experiment through its life: `routecomp experiment VERB`."""

from __future__ import annotations

import click

from routecomp.cli.commands.experiment_stats import stats
from routecomp.cli.completion import names_of
from routecomp.cli.editing import EPILOG, EditOptions, edit, editing_options
from routecomp.cli.exit import CLEAN
from routecomp.cli.listing import list_or_help
from routecomp.cli.options import Verbs, keep_json
from routecomp.review.edit import experiment as plans


@click.group(
    cls=Verbs,
    asks_for="routecomp show experiment",
    invoke_without_command=True,
    epilog="""\
\b
The life of an experiment:
  draft --start--> active <--pause/resume--> paused
  active or paused --complete--> completed --archive--> out of routing

\b
While it lives:
  reweight      other shares for its variants, moving as few users as can be
  swap-version  another model under a running variant
  rotate-key    another API key for a variant
  stats         how its variants do, by what services recorded

\b
`routecomp experiment VERB --help` shows examples.
""",
)
@click.option("--json", "as_json", is_flag=True, callback=keep_json, help="Print JSON; without a command, the list.")
@click.pass_context
def experiment(ctx: click.Context, as_json: bool) -> int:
    """Move an experiment on: start, pause, resume, complete, archive; reweight, swap a model, rotate a key.

    Alone: list the experiments.
    """
    return CLEAN if ctx.invoked_subcommand is not None else list_or_help(ctx, "experiments", as_json)


experiment.add_command(stats)


def _add_step(verb: str, help: str, example: str) -> None:
    """Add a subcommand that takes an experiment one step further and needs nothing but the experiment's name."""

    @experiment.command(name=verb, help=help, epilog=f"\b\nExample:\n  {example}\n\n{EPILOG}")
    @click.argument("name", shell_complete=names_of("experiments"))
    @editing_options
    def command(name: str, options: EditOptions) -> int:
        return edit(options, lambda unedited: plans.change_status(unedited.declared, name, verb))


_add_step(
    "start", "Start the draft NAME: from now on units (users) are assigned.", "routecomp experiment start opus-vs-gpt"
)
_add_step(
    "pause",
    "Pause the active experiment NAME; its `on_pause` says what callers get meanwhile.",
    "routecomp experiment pause opus-vs-gpt --commit",
)
_add_step(
    "resume",
    "Let the paused experiment NAME run again; every unit has the variant it had.",
    "routecomp experiment resume opus-vs-gpt",
)


@experiment.command(
    epilog=f"""\
\b
Examples:
  routecomp experiment complete opus-vs-gpt --winner gpt
  routecomp experiment complete opus-vs-gpt             nobody won: its public id answers no more

{EPILOG}"""
)
@click.argument("name", shell_complete=names_of("experiments"))
@click.option("--winner", metavar="VARIANT", help="The variant that from now on serves everyone.")
@editing_options
def complete(name: str, winner: str | None, options: EditOptions) -> int:
    """Complete the experiment NAME. That is final."""
    return edit(options, lambda unedited: plans.complete(unedited.declared, name, winner))


@experiment.command(epilog=f"\b\nExample:\n  routecomp experiment archive opus-vs-gpt\n\n{EPILOG}")
@click.argument("name", shell_complete=names_of("experiments"))
@editing_options
def archive(name: str, options: EditOptions) -> int:
    """Take the experiment NAME out of routing; it stays in the files. Never while it is active."""
    return edit(options, lambda unedited: plans.archive(unedited.declared, name))


@experiment.command(
    epilog=f"""\
\b
Examples:
  routecomp experiment reweight opus-vs-gpt control=0.40 gpt=0.60
  routecomp experiment reweight opus-vs-gpt control=0.90 gpt=0.10 --dry-run

\b
Variants that are not named keep their weight; all together are exactly 1.
The slots are written so that the least possible share of units (users) moves
to another variant; both figures are shown.

{EPILOG}"""
)
@click.argument("name", shell_complete=names_of("experiments"))
@click.argument("weights", metavar="VARIANT=WEIGHT...", nargs=-1, required=True)
@editing_options
def reweight(name: str, weights: tuple[str, ...], options: EditOptions) -> int:
    """Give the variants of NAME other weights, moving as few units (users) as can be."""
    given: dict[str, str] = {}
    for text in weights:
        id, equals, weight = text.partition("=")
        if not equals or not id.strip() or not weight.strip():
            raise click.UsageError(f"{text!r} is no VARIANT=WEIGHT, as in control=0.40")
        if id.strip() in given:
            raise click.UsageError(f"variant {id.strip()!r} is given twice")
        given[id.strip()] = weight.strip()
    return edit(options, lambda unedited: plans.reweight(unedited.declared, name, given))


@experiment.command(
    name="swap-version",
    epilog=f"""\
\b
Example:
  routecomp experiment swap-version opus-vs-gpt gpt gpt-5-6

\b
A version is appended and serves from then on; the earlier ones stay as the
record of what served before. A key of the variant's own is kept where the
provider stays the same; --api-key-env names another one.

{EPILOG}""",
)
@click.argument("name", shell_complete=names_of("experiments"))
@click.argument("variant")
@click.argument("model", shell_complete=names_of("models"))
@click.option("--api-key-env", metavar="ENV", help="The environment variable that holds the key; never the key.")
@editing_options
def swap_version(name: str, variant: str, model: str, api_key_env: str | None, options: EditOptions) -> int:
    """Let MODEL serve VARIANT of NAME from now on (a hot swap)."""
    return edit(options, lambda unedited: plans.swap_version(unedited.declared, name, variant, model, api_key_env))


@experiment.command(
    name="rotate-key",
    epilog=f"""\
\b
Example:
  routecomp experiment rotate-key opus-vs-gpt gpt NIMBUS_KEY_2

\b
ENV is the name of the environment variable that holds the new key, never the
key itself. A version that copies the last one is appended.

{EPILOG}""",
)
@click.argument("name", shell_complete=names_of("experiments"))
@click.argument("variant")
@click.argument("env")
@editing_options
def rotate_key(name: str, variant: str, env: str, options: EditOptions) -> int:
    """Let VARIANT of NAME use the key in the environment variable ENV from now on."""
    return edit(options, lambda unedited: plans.rotate_key(unedited.declared, name, variant, env))
