"""Let a model serve that was probed: `routecomp activate`."""

from __future__ import annotations

import click

from routecomp.cli.completion import names_of
from routecomp.cli.editing import EPILOG, EditOptions, edit, editing_options
from routecomp.hosts.activate import activate as plan_activation
from routecomp.hosts.evidence import MOST_BYTES, Evidence, NoEvidenceError, read_evidence
from routecomp.workspace.files import NotReadableError, read_regular
from routecomp.workspace.problem import Problem, visible


@click.command(
    epilog=f"""\
\b
A model that is new to a project comes in with `active: false`. The way to
traffic, each a pull request:
  routecomp probe gpt-5-5 --json > gpt-5-5.json
  routecomp activate gpt-5-5 --evidence gpt-5-5.json --branch activate-gpt-5-5
  routecomp shadow support-chat gpt-5-5 --sample 0.01     see how it does
  routecomp promote support-chat gpt-5-5                  and let it serve

\b
The evidence must be of the host, path, key, headers, params and upstream name
that the YAML has now, with both calls answered, and at most a week old.

{EPILOG}"""
)
@click.argument("model", shell_complete=names_of("models"))
@click.option("--evidence", required=True, metavar="FILE", help="What `routecomp probe MODEL --json` printed.")
@editing_options
def activate(model: str, evidence: str, options: EditOptions) -> int:
    """Set `active: true` for MODEL, on the evidence of a probe."""
    return edit(options, lambda unedited: plan_activation(unedited.declared, model, _evidence(evidence, model)))


def _evidence(path: str, model: str) -> Evidence:
    """Return the evidence in a file; raise a `Problem` where it is none."""
    try:
        return read_evidence(read_regular(path, MOST_BYTES), model)
    except NotReadableError as failure:
        raise Problem(f"{visible(path)} {failure.reason}", failure.remedy) from None
    except NoEvidenceError as failure:
        raise Problem(f"{visible(path)}: {visible(str(failure))}", failure.help, "refused") from None
