"""Show what a project declares, from the side of its users: `routecomp show`."""

from __future__ import annotations

import json
import sys
from datetime import date

import click
from click.shell_completion import CompletionItem

from routecomp.cli.completion import items, names_of
from routecomp.cli.exit import CLEAN
from routecomp.cli.loading import load_project
from routecomp.cli.options import Day
from routecomp.cli.output.show_text import body_text, list_text, overview_text
from routecomp.cli.output.sunsets_text import sunsets_text
from routecomp.cli.output.terminal import color_for
from routecomp.cli.root import root_option
from routecomp.explain.curl import curl_text
from routecomp.explain.inventory.kinds import declared, describe, list_kind
from routecomp.explain.inventory.sunsets import list_sunsets
from routecomp.explain.loaded import Loaded
from routecomp.explain.wire import wire_request
from routecomp.model.call_names import call_names
from routecomp.model.suggest import closest, suggestion, with_article
from routecomp.workspace.problem import Problem

_SUNSETS = "sunsets"
_WIRE = "wire"
_KINDS = ("tenants", "models", "features", "targets", "experiments", "providers", "presets")


def _complete_kind(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete a kind, or the name of anything that is declared."""
    return items([*_KINDS, _SUNSETS, _WIRE], incomplete) + names_of(*_KINDS)(ctx, param, incomplete)


def _complete_name(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete a name of the kind that stands before it."""
    kind = ctx.params.get("kind") or ""
    return names_of("models" if kind == _WIRE else _section(kind) or "")(ctx, param, incomplete)


@click.command(
    epilog="""\
\b
Kinds: tenants, models, features, targets, experiments, providers, presets (the singular does too).

\b
Examples:
  routecomp show                          how much there is of each
  routecomp show tenants                  all tenants, a line each
  routecomp show tenant acme              its effective policy, and where each value comes from
  routecomp show model gpt-5-5            who uses it, and who may not
  routecomp show feature support-chat     its chain, for every tenant
  routecomp show target auto --tenant acme
  routecomp show acme                     whatever is called that
  routecomp show sunsets                  which models end when, who is served by them, what to write
  routecomp show wire gpt-5-5 --stream    the request that calls it, as a command of curl
"""
)
@click.argument("kind", required=False, shell_complete=_complete_kind)
@click.argument("name", required=False, shell_complete=_complete_name)
@click.option(
    "--tenant", shell_complete=names_of("tenants"), help="For a feature or a target: this tenant's chain only."
)
@click.option(
    "--today", type=Day(), default=None, help="For sunsets: the day from which days are counted; default: today in UTC."
)
@click.option("--stream", is_flag=True, help="For wire: the request for an answer that streams.")
@root_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@click.option("--verbose", "-v", is_flag=True, help="Write every list out in full.")
def show(
    root: str | None,
    kind: str | None,
    name: str | None,
    tenant: str | None,
    today: date | None,
    stream: bool,
    as_json: bool,
    verbose: bool,
) -> int:
    """Show what is declared: a tenant's effective policy, who uses a model, a feature's chain.

    With a KIND alone, list all of that kind; with a NAME too, show everything about that one.
    """
    if today is not None and kind != _SUNSETS:
        raise click.UsageError("--today is for `routecomp show sunsets`")
    if stream and kind != _WIRE:
        raise click.UsageError("--stream is for `routecomp show wire MODEL`")
    if kind == _WIRE:
        return _show_wire(root, name, stream=stream, as_json=as_json)
    if kind == _SUNSETS:
        if name is not None:
            raise click.UsageError("`routecomp show sunsets` takes no name: it lists every model that ends")
        section, loaded = None, load_project(root, today)
    elif kind is not None and name is None:
        section = _section(kind)
        loaded = load_project(root)
        if section is None:
            section, name = _find_by_name(loaded, kind)
    else:
        section = None if kind is None else _known_section(kind)
        loaded = load_project(root)
    color = color_for(sys.stdout)
    if kind == _SUNSETS:
        sunsets = list_sunsets(loaded)
        click.echo(json.dumps(sunsets, indent=2) if as_json else sunsets_text(sunsets, color), nl=as_json)
        return CLEAN
    if section is None:
        counts = {word: len(list_kind(loaded, word)) for word in _KINDS}
        click.echo(json.dumps(counts, indent=2) if as_json else overview_text(counts), nl=as_json)
        return CLEAN
    if name is None:
        rows = list_kind(loaded, section)
        click.echo(json.dumps(rows, indent=2) if as_json else list_text(section, rows, color), nl=as_json)
        return CLEAN
    name = _slug_of(loaded, section, name)
    if tenant is not None:
        if section not in ("features", "targets"):
            raise click.UsageError(
                f"--tenant is for a feature or a target, not for {with_article(section.removesuffix('s'))}"
            )
        _must_be_declared(loaded, "tenants", tenant)
    body = describe(loaded, section, name, tenant)
    click.echo(json.dumps(body, indent=2) if as_json else body_text(section, body, color, verbose), nl=as_json)
    return CLEAN


def _show_wire(root: str | None, slug: str | None, *, stream: bool, as_json: bool) -> int:
    """Print the request that calls a model; the key is the name of its variable."""
    if slug is None:
        raise click.UsageError("`routecomp show wire` takes the name of a model")
    loaded = load_project(root)
    slug = _slug_of(loaded, "models", slug)
    request = wire_request(loaded.program, slug, stream=stream)
    click.echo(json.dumps(request.plain(), indent=2) if as_json else curl_text(request), nl=as_json)
    return CLEAN


def _section(kind: str) -> str | None:
    """Return the section (in the plural) that a kind names in the singular or the plural; None where there is none."""
    return kind if kind in _KINDS else f"{kind}s" if f"{kind}s" in _KINDS else None


def _known_section(kind: str) -> str:
    """Return the section that a kind names; raises `Problem` where there is none."""
    section = _section(kind)
    if section is None:
        raise Problem(f"there is no kind `{kind}`", suggestion(kind, _KINDS))
    return section


def _find_by_name(loaded: Loaded, name: str) -> tuple[str, str]:
    """Return the only section that declares `name`, and the slug; a name that callers send stands for one.

    Raises `Problem` where none or several do.
    """
    kinds = [kind for kind in _KINDS if name in declared(loaded.program, kind)]
    if len(kinds) == 1:
        return kinds[0], name
    if kinds:
        words = " and ".join(with_article(kind.removesuffix("s")) for kind in kinds)
        raise Problem(f"`{name}` is {words}", f"say which: `routecomp show {kinds[0].removesuffix('s')} {name}`")
    call_name = next((each for each in call_names(loaded.program) if each.name == name), None)
    if call_name is not None and call_name.kind == "logical model":
        hosts = [host.slug for host in loaded.program.logical_models[name]]
        raise Problem(
            f"`{name}` is the logical model of {', '.join(f'`{host}`' for host in hosts)}",
            f"show one of them: `routecomp show model {hosts[0]}`",
        )
    if call_name is not None:
        return f"{call_name.entry.kind}s", call_name.entry.slug
    if closest(name, _KINDS):
        raise Problem(f"there is no kind, and nothing is declared, called `{name}`", suggestion(name, _KINDS))
    slugs = [slug for kind in _KINDS for slug in declared(loaded.program, kind)]
    raise Problem(
        f"there is no kind, and nothing is declared, called `{name}`",
        suggestion(name, slugs, "`routecomp show` says what there is"),
    )


def _slug_of(loaded: Loaded, section: str, name: str) -> str:
    """Return the slug of a body by its name or another one that callers send; raises `Problem` where there is none."""
    for call_name in call_names(loaded.program) if name not in declared(loaded.program, section) else ():
        if call_name.name == name and f"{call_name.entry.kind}s" == section and call_name.kind != "logical model":
            return call_name.entry.slug
    _must_be_declared(loaded, section, name)
    return name


def _must_be_declared(loaded: Loaded, section: str, name: str) -> None:
    """Raise `Problem` where a section does not declare `name`."""
    known = declared(loaded.program, section)
    if name not in known:
        word = section.removesuffix("s")
        raise Problem(
            f"{word} `{name}` is not declared", suggestion(name, known, f"`routecomp show {section}` lists them")
        )
