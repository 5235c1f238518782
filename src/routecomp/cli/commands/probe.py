"""Call the hosts that a project declares: `routecomp probe`."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from typing import Any

import click

from routecomp.cli.completion import names_of
from routecomp.cli.exit import CLEAN, FINDINGS
from routecomp.cli.loading import load_opened
from routecomp.cli.output.json import print_json
from routecomp.cli.output.probe_text import listed_text, probed_text
from routecomp.cli.output.terminal import color_for
from routecomp.cli.root import root_option
from routecomp.database.driver import Address
from routecomp.explain.loaded import Loaded
from routecomp.hosts.evidence import VERSION
from routecomp.hosts.names import compare_names
from routecomp.hosts.permission import require_known
from routecomp.hosts.probe import Probed, probe
from routecomp.hosts.recording import HealthChecks, Store, shared_store, tell
from routecomp.model.suggest import suggestion
from routecomp.workspace.databases import chosen
from routecomp.workspace.open_project import open_project
from routecomp.workspace.problem import Problem, visible

Json = dict[str, Any]


@click.command(
    "probe",
    epilog="""\
\b
Examples:
  routecomp probe gpt-5-5                   two small calls: is it there, how long does it take
  routecomp probe                           all active models
  routecomp probe gpt-5-5 --json > gpt-5-5.json
                                            evidence for `routecomp activate`
  routecomp probe --names                   which upstream names the hosts do not list
  routecomp probe --every 60 --database -   every minute: rows of provider_health_checks,
                                            and the circuits that all services share

\b
It calls real hosts with real keys, and costs what two small calls cost. Keys
come from the environment, under the names that the YAML gives them. Only hosts
and keys that the base branch has are called: what nobody has reviewed could
send a key to anyone (--changed-hosts after you have read it).
Both calls go over probed connection: the first pays for opening it (cold), the
second does not (warm). Hosts with `auth: sigv4` need botocore and AWS's keys in
the environment, hosts with `auth: oauth` a token in ACCESS_TOKEN.

\b
Under --every a model whose probe fails through its host has its circuit opened
for all services that share the store, and closed again when it answers.

\b
Exit codes:
  0  every call was answered; with --names: every name is listed by its host,
     where that has a list
  1  something was not, or a host could not be asked
  2  wrong usage
""",
)
@click.argument("models", nargs=-1, metavar="[MODEL]...", shell_complete=names_of("models"))
@click.option("--names", is_flag=True, help="Compare the upstream names with the hosts' own lists of models.")
@click.option("--every", type=click.IntRange(5, 86_400), metavar="SECONDS", help="Probe again and again.")
@click.option("--times", type=click.IntRange(1), metavar="N", help="With --every: end after N rounds.")
@click.option("--timeout", type=click.IntRange(1, 600), default=60, show_default=True, help="Seconds for each model.")
@click.option("--database", metavar="URL", help="Write rows of provider_health_checks; `-` takes the environment's.")
@click.option("--shared", metavar="URL", help="With --every: Redis, through which services share circuits.")
@click.option("--changed-hosts", is_flag=True, help="Call hosts and keys too that the base branch has not.")
@click.option("--against", metavar="REF|DIR", help="Take this for the base branch.")
@root_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON; under --every a document on each line.")
def probe_command(
    models: tuple[str, ...],
    names: bool,
    every: int | None,
    times: int | None,
    timeout: int,
    database: str | None,
    shared: str | None,
    changed_hosts: bool,
    against: str | None,
    root: str | None,
    as_json: bool,
) -> int:
    """Call each MODEL twice, or all active models, and say what came of it."""
    if every is None and (times is not None or shared is not None):
        raise click.UsageError("--times and --shared belong to --every")
    if names and (every is not None or database is not None):
        raise click.UsageError("--names goes with neither --every nor --database")
    project = open_project(root)
    loaded = load_opened(project)
    slugs = _chosen(loaded, models)
    if not changed_hosts:
        require_known(project, loaded.program, slugs, against)
    if names:
        return _compare_names(loaded, slugs, timeout, as_json)
    address = None if database is None else chosen(database).named(project.settings.names)
    if every is None:
        probes = _round(loaded, slugs, timeout, quiet=as_json)
        if address is not None:
            HealthChecks(address).write(probes)
        if as_json:
            print_json(_document(probes) | {"failed": None})
        return CLEAN if all(probed.is_well for probed in probes) else FINDINGS
    return _loop(loaded, slugs, timeout, every, times, address, shared_store(shared, address), as_json)


def _chosen(loaded: Loaded, models: Sequence[str]) -> list[str]:
    """Return the models to call: those that are named, else the active ones whose body routecomp can write."""
    declared = loaded.program.models
    for slug in models:
        if slug not in declared:
            raise Problem(f"there is no model `{visible(slug)}`", suggestion(slug, declared))
    slugs = list(dict.fromkeys(models)) or [slug for slug, entry in declared.items() if entry.body.active]
    own = [slug for slug in slugs if _adapter(loaded, slug) == "custom"]
    if models and own:
        raise Problem(
            f"the requests of `{own[0]}` are your service's own (`adapter: custom`)", "probe it with that service"
        )
    rest = [slug for slug in slugs if slug not in own]
    if not rest:
        raise Problem("there is no active model to call", "name one: `routecomp probe MODEL`")
    return rest


def _adapter(loaded: Loaded, slug: str) -> str:
    return loaded.program.providers[loaded.program.models[slug].body.provider].body.adapter


def _round(loaded: Loaded, slugs: Sequence[str], timeout: int, *, quiet: bool) -> list[Probed]:
    """Probe the models once; print each as it is found."""
    color = color_for(sys.stdout)

    def show(probes: Probed) -> None:
        if not quiet:
            click.echo(probed_text(probes, color))

    return probe(loaded.program, slugs, os.environ, timeout, show)


def _document(probes: Sequence[Probed]) -> Json:
    return {"probe": VERSION, "results": [probed.plain() for probed in probes]}


def _loop(
    loaded: Loaded,
    slugs: Sequence[str],
    timeout: int,
    every: int,
    times: int | None,
    address: Address | None,
    store: Store | None,
    as_json: bool,
) -> int:
    """Probe until it is interrupted, or `times` rounds were made; a store or database that fails ends nothing."""
    checks = None if address is None else HealthChecks(address)
    rounds, well = 0, True
    while True:
        begun = time.monotonic()
        probes = _round(loaded, slugs, timeout, quiet=as_json)
        well = all(probed.is_well for probed in probes)
        troubles = []
        if checks is not None:
            try:
                checks.write(probes)
            except Problem as failure:
                troubles.append(str(failure))
        if store is not None:
            trouble = tell(store, probes, loaded.router.facts, every)
            if trouble is not None:
                troubles.append(f"the circuits could not be shared ({trouble})")
        if as_json:
            click.echo(json.dumps(_document(probes) | {"failed": None}))
        for trouble in troubles:
            click.echo(f"note: {trouble}", err=True)
        rounds += 1
        if rounds == times:
            return CLEAN if well and not troubles else FINDINGS
        time.sleep(max(0.0, every - (time.monotonic() - begun)))


def _compare_names(loaded: Loaded, slugs: Sequence[str], timeout: int, as_json: bool) -> int:
    """Print which upstream names the hosts do not list; a host that has no list is told, and is no finding."""
    by_provider: dict[str, list[str]] = {}
    for slug in slugs:
        by_provider.setdefault(loaded.program.models[slug].body.provider, []).append(slug)
    compared = []
    for provider, its in sorted(by_provider.items()):
        listed = compare_names(loaded.program, provider, its, os.environ, timeout)
        compared.append(listed)
        if not as_json:
            click.echo(listed_text(listed, its, loaded.program), nl=False)
    if as_json:
        print_json({"names": [listed.plain() for listed in compared], "failed": None})
    return CLEAN if all(listed.is_well for listed in compared) else FINDINGS
