"""Publish the compiled table as the next release that services take over: `routecomp publish`."""

from __future__ import annotations

import click

from routecomp import __version__
from routecomp.cli.exit import CLEAN
from routecomp.cli.output.json import print_json
from routecomp.cli.output.progress import Progress
from routecomp.cli.root import complete_folders, root_option
from routecomp.service.releases.names import FILES, RELEASES
from routecomp.workspace.problem import visible
from routecomp.workspace.publishing.content import read_content, read_keys_of
from routecomp.workspace.publishing.folder import FolderTarget
from routecomp.workspace.publishing.object_store import open_store
from routecomp.workspace.publishing.publish import Published, publish_release
from routecomp.workspace.publishing.target import Target, read_place

_STATES = {"published": "published", "unchanged": "leads already", "dry run": "would be published"}


@click.command(
    epilog="""\
\b
Examples:
  routecomp publish --to /srv/routing                       unsigned, to a folder
  routecomp publish --to s3://acme-routing/prod --key-env ROUTING_KEY
  routecomp publish --to /srv/routing --rollback-to 41 --key-env ROUTING_KEY
  routecomp publish --to /srv/routing --key-env NEW_KEY --key-env OLD_KEY    while keys are rotated

\b
What leads already is not published again. A release is never changed: a
rollback is a new one, with a higher number and the files of an old one.
A key is 32 characters or more (openssl rand -hex 32). Stores need
fsspec (pip install 'routecomp[fsspec]') and s3fs, gcsfs or adlfs.

\b
Exit codes:
  0  published, or it leads already
  1  refused: what lies there is not what was published, or its key is missing
  2  wrong usage, or a file or place that cannot be read or written
  3  another publisher was faster
"""
)
@click.option(
    "--to", "place", metavar="DIR", required=True, shell_complete=complete_folders,
    help="A folder, or a URL with file://, s3://, gs:// or az://, without credentials.",
)  # fmt: skip
@click.option("--key-env", "variables", metavar="NAME", multiple=True, help="Sign with the key in this variable.")
@click.option("--key-file", "key_files", metavar="FILE", multiple=True, help="Sign with the key in this file.")
@click.option("--rollback-to", metavar="N", type=click.IntRange(1), help="Publish the files of generation N again.")
@click.option("--adopt", is_flag=True, help="Go on from a release that none of the keys has signed.")
@click.option("--dry-run", is_flag=True, help="Say what would be published, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what was published as JSON.")
@root_option
def publish(
    place: str,
    variables: tuple[str, ...],
    key_files: tuple[str, ...],
    rollback_to: int | None,
    adopt: bool,
    dry_run: bool,
    as_json: bool,
    root: str | None,
) -> int:
    """Publish the table, the fallback file and the resolver in generated/ as a release under the next number."""
    keys = read_keys_of(variables, key_files)
    read = read_place(place)
    note = None
    with Progress() as progress:
        if rollback_to is None:
            content, note = read_content(root)
        target: Target = FolderTarget(read.path, make=not dry_run) if read.scheme == "file" else open_store(read)
        published = publish_release(
            target,
            content if rollback_to is None else rollback_to,
            keys,
            adopt=adopt,
            dry_run=dry_run,
            progress=progress,
        )
    notes = [note] if note is not None and published.state != "unchanged" else []
    if not keys and published.state != "unchanged":
        notes.append("nobody signs this release: whoever may write there may change what services do")
    if as_json:
        print_json(_document(published, target.name, notes))
        return CLEAN
    manifest = published.manifest
    click.echo(f"generation {manifest.generation} {_STATES[published.state]}: {_describe(published)}")
    click.echo(f"  {visible(target.name)}/{RELEASES}/{manifest.generation}/")
    for text in notes:
        click.echo(f"note: {text}", err=True)
    return CLEAN


def _describe(published: Published) -> str:
    """Say which table a release holds, and what it follows."""
    manifest = published.manifest
    signed = " and ".join(f"key {id}" for id in manifest.signatures)
    return ", ".join(
        (
            f"its ruleset hash begins {manifest.digest[:12]}",
            f"signed by {signed}" if signed else "not signed",
            "the first" if manifest.parent is None else f"after {manifest.parent}",
            *([f"with the files of {manifest.rollback_of}"] if manifest.rollback_of is not None else []),
        )
    )


def _document(published: Published, name: str, notes: list[str]) -> dict[str, object]:
    """Return what was published, for programs."""
    manifest = published.manifest
    return {
        "version": __version__,
        "state": published.state.replace(" ", "_"),
        "to": name,
        "generation": manifest.generation,
        "parent": manifest.parent,
        "rollback_of": manifest.rollback_of,
        "git_commit": manifest.git_commit,
        "ruleset_hash": manifest.digest,
        "signed_by": list(manifest.signatures),
        "files": [
            {"path": f"{RELEASES}/{manifest.generation}/{name}", **manifest.files[name]._asdict()} for name in FILES
        ],
        "notes": notes,
    }
