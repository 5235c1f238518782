"""Write what the project decides as the configuration of another router: `routecomp export`."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from routecomp import __version__
from routecomp.cli.completion import items, names_of
from routecomp.cli.exit import CLEAN
from routecomp.cli.loading import load_project
from routecomp.cli.options import complete_files
from routecomp.cli.output.json import print_json
from routecomp.cli.root import root_option
from routecomp.diagnostics.credentials.detect import star_secrets
from routecomp.interop.export.targets import TARGETS, export
from routecomp.interop.loss import LossReport
from routecomp.model.suggest import suggestion
from routecomp.workspace.outputs import refuse_source, write_output
from routecomp.workspace.problem import Problem, visible

_SHOWN = 8


def _complete_target(_ctx: click.Context, _argument: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the routers that can be exported to."""
    return items(list(TARGETS), incomplete)


@click.command(
    name="export",
    epilog=f"""\b
Targets: {", ".join(TARGETS)}.

\b
The file is written for one policy: that of a tenant, or without --tenant the
default one. It holds what a request is answered with that says nothing but a
name. What the other router cannot say is a loss: the command stops and lists
each with its line, unless --allow-loss says that you know them.

\b
Examples:
  routecomp export litellm --output litellm.yaml
  routecomp export litellm --tenant acme --allow-loss --output acme.yaml
  routecomp export litellm --allow-loss --losses losses.md > litellm.yaml

\b
Exit codes:
  0  written
  1  the project has errors, or something would be lost
  2  wrong usage, or a file or folder that cannot be read or written
""",
)
@click.argument("target", shell_complete=_complete_target)
@click.option(
    "--tenant", shell_complete=names_of("tenants"), help="The tenant whose policy decides; default: the default policy."
)
@click.option("--allow-loss", is_flag=True, help="Write the file although it does not say everything.")
@click.option(
    "--output", metavar="FILE", shell_complete=complete_files, help="The file to write; default: standard output."
)
@click.option(
    "--losses",
    metavar="FILE",
    shell_complete=complete_files,
    help="Write the report there: every field for .json, what is lost for .md and else.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the file and the report as one JSON document.")
@root_option
def export_command(
    target: str,
    tenant: str | None,
    allow_loss: bool,
    output: str | None,
    losses: str | None,
    as_json: bool,
    root: str | None,
) -> int:
    """Write what the project decides as the configuration of another router, and say what that cannot say."""
    if target not in TARGETS:
        raise Problem(f"nothing is exported to `{visible(target)}`", suggestion(target, TARGETS))
    loaded = load_project(root)
    if tenant is not None and tenant not in loaded.program.tenants:
        raise Problem(f"there is no tenant `{visible(tenant)}`", suggestion(tenant, loaded.program.tenants))
    refuse_source(output, "--output")
    refuse_source(losses, "--losses", [output] if output is not None else [])
    made = export(loaded.program, loaded.table, target, tenant)
    if losses is not None:
        write_output(losses, made.report.file(losses), "--losses")
    if made.report.lost and not allow_loss:
        raise lossy(made.report, f"routecomp export {target}")
    if output is not None:
        write_output(output, made.data, "--output")
    text = star_secrets(made.data.decode())
    if as_json:
        print_json(
            {
                "version": __version__,
                "target": target,
                "tenant": tenant,
                "output": output,
                "file": None if output is not None else text,
                "report": made.report.plain(),
            }
        )
        return CLEAN
    if output is None:
        click.echo(text, nl=False)
    click.echo(f"note: {made.report.summary()}", err=True)
    return CLEAN


def lossy(report: LossReport, command: str) -> Problem:
    """Return the problem of an export that would lose something: the first fields in words, all in the document."""
    facts = [
        (f"{field.place}: `{field.key}`: {field.reason}", f"{field.instead}" if field.instead else "")
        for field in report.lost[:_SHOWN]
    ]
    count = len(report.lost)
    more = f"; `{command} --losses FILE` lists all" if count > _SHOWN else ""
    return Problem(
        f"{report.target} cannot say {count} {'field' if count == 1 else 'fields'} of the project: nothing was written",
        f"`--allow-loss` writes it without{more}",
        "refused",
        others=facts,
        document={"report": report.plain()},
    )
