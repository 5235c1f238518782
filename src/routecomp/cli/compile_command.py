"""`routecomp compile`: a project in, the files of its output folder out, written only where they change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import click

from routecomp.cli.options import (
    cache_option,
    chosen_format,
    format_option,
    json_option,
    root_option,
    strict_option,
    today_option,
)

if TYPE_CHECKING:
    from routecomp.cli.cache import Verdict
    from routecomp.cli.progress import Progress
    from routecomp.cli.project import Project
    from routecomp.compiler import Compilation


@click.command(
    epilog="Each file is replaced whole, or not at all, and only where it changes; the table comes last. Exit "
    "codes: 0 done (or, with --check, up to date), 1 errors or stale files, 2 wrong usage, or a file or "
    "folder that cannot be read or written, 3 only warnings under --strict (then nothing is written)."
)
@root_option
@click.option(
    "--check",
    "only_check",
    is_flag=True,
    help="Write nothing; exit 1 where the output folder is not what the YAML compiles to.",
)
@format_option
@json_option
@strict_option
@today_option
@cache_option
def compile(
    root: str | None,
    only_check: bool,
    format: str | None,
    as_json: bool,
    strict: bool,
    today: date | None,
    no_cache: bool,
) -> int:
    """Check the YAML, then write the output folder: the table, the fallback file and the resolver."""
    from contextlib import nullcontext

    from routecomp.cli.files import find_root, locked
    from routecomp.cli.progress import Progress
    from routecomp.cli.project import open_project

    format = chosen_format(format, as_json)
    with nullcontext() if only_check else locked(find_root(root)), Progress() as progress:
        project = open_project(root, today)
        verdict, files = _compiled(project, not no_cache, progress, strict, only_check)
    return _report(project, verdict, files, format, strict, only_check)


def _compiled(
    project: Project, use_cache: bool, progress: Progress, strict: bool, only_check: bool
) -> tuple[Verdict, dict[str, str]]:
    """The verdict, and for each artifact its state: unchanged, written, or (under --check) missing or stale."""
    from routecomp.cli.cache import Verdict, fingerprint, keep, recall
    from routecomp.cli.project import compiled
    from routecomp.cli.publish import current, publish
    from routecomp.cli.report import exit_code

    output = project.settings.output
    name = fingerprint(project.files, project.settings, project.today) if use_cache else ""
    kept = recall(project.root, name, project.files, project.settings) if use_cache else None
    if kept is not None:
        if exit_code(kept.diagnostics, strict):
            return kept, {}
        if kept.digests is not None:
            before = current(project.root, output, kept.digests)
            if all(
                data is not None and sha256(data).hexdigest() == kept.digests[file]
                for file, data in before.items()
            ):
                return kept, dict.fromkeys(before, "unchanged")
    made = compiled(project, progress)
    verdict = Verdict(made.checked.diagnostics, made.checked.files)
    if made.table is not None:
        verdict = Verdict(
            verdict.diagnostics,
            verdict.files,
            {file: sha256(data).hexdigest() for file, data in made.artifacts.items()},
            figures(made),
        )
    states: dict[str, str] = {}
    if made.table is not None and not exit_code(verdict.diagnostics, strict):
        before = current(project.root, output, made.artifacts)
        changed = {file: data for file, data in made.artifacts.items() if before[file] != data}
        for file, data in before.items():
            states[file] = (
                "unchanged"
                if file not in changed
                else "written"
                if not only_check
                else "missing"
                if data is None
                else "stale"
            )
        if changed and not only_check:
            progress("writing", 0, 0)
            publish(
                project.root, output, _in_order(changed), lambda back: _verify({**made.artifacts, **back})
            )
    if use_cache:
        keep(project.root, name, verdict)
    return verdict, states


def _in_order(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The table last: the resolver that comes before it reads the old table and the new one alike.

    A run that ends between two renames leaves a table with the resolver, or with resolver and fallback file, of the
    compilation after it; never a new table with a resolver that does not know its format.
    """
    from routecomp.emit.emitter import RESOLVER, ROUTING_TABLE

    order = sorted(files, key=lambda name: (name == ROUTING_TABLE, name != RESOLVER, name))
    return {name: files[name] for name in order}


def _verify(files: Mapping[str, bytes]) -> None:
    """Load what was read back from the disk as a service would; a table that would not serve is never published."""
    from routecomp.emit.emitter import FALLBACK, ROUTING_TABLE
    from routecomp.runtime.resolver import Router
    from routecomp.table.codec import ruleset_hash

    table = files[ROUTING_TABLE]
    status = Router.from_bytes(table, files[FALLBACK]).status()
    if status["ruleset_hash"] != ruleset_hash(table) or status["rejected"]:
        raise RuntimeError(f"the compiled table does not load: {status}")


def figures(made: Compilation) -> dict[str, Any]:
    """What a compilation made, counted: bodies by section, pooled parts of the table, bytes of each file."""
    program, table = made.checked.program, made.table
    assert program is not None
    assert table is not None
    sections = ("providers", "models", "features", "targets", "tenants", "experiments")
    content: Any = table.content
    return {
        **{name: len(getattr(program, name)) for name in sections},
        "policies": len(content["policies"]),
        "orders": len(content["orders"]),
        "ruleset_hash": table.ruleset_hash,
        "bytes": {file: len(data) for file, data in made.artifacts.items()},
    }


def _report(
    project: Project, verdict: Verdict, states: Mapping[str, str], format: str, strict: bool, only_check: bool
) -> int:
    from routecomp.cli.report import exit_code, report

    findings = report(verdict.diagnostics, verdict.files, format)
    code = exit_code(verdict.diagnostics, strict)
    output = project.settings.output
    stale = [file for file, state in states.items() if state in ("missing", "stale")]
    if format == "json":
        import json

        document = json.loads(findings)
        document["compiled"] = (
            None
            if code or verdict.made is None
            else {
                **{name: value for name, value in verdict.made.items() if name != "bytes"},
                "files": [
                    {"path": f"{output}/{file}", "bytes": verdict.made["bytes"][file], "state": state}
                    for file, state in sorted(states.items())
                ],
            }
        )
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return code or int(bool(stale))
    words = _words(verdict, states, output, stale)
    if format != "text":
        click.echo(findings, nl=False)
        click.echo(words if not code else _unwritten(output, only_check), err=True)
    elif code:
        click.echo(findings, nl=False)
        click.echo(_unwritten(output, only_check))
    else:
        if verdict.diagnostics:
            click.echo(findings)
        click.echo(words)
    return code or int(bool(stale))


def _unwritten(output: str, only_check: bool) -> str:
    return "nothing was compared" if only_check else f"nothing was written: {output}/ is as it was"


def _words(verdict: Verdict, states: Mapping[str, str], output: str, stale: list[str]) -> str:
    made = verdict.made
    if made is None:
        return ""
    count = {
        name: _count(made[name], name)
        for name in (
            "models",
            "providers",
            "features",
            "targets",
            "tenants",
            "experiments",
            "policies",
            "orders",
        )
    }
    lines = [
        f"compiled {_count(verdict.files, 'files')}: {count['models']} at {count['providers']}, {count['features']}, "
        f"{count['targets']}, {count['tenants']}, {count['experiments']}; {count['policies']} and {count['orders']} "
        f"after pooling",
        f"ruleset {made['ruleset_hash'][:12]}",
    ]
    width = max(len(file) for file in states)
    lines += [
        f"  {states[file]:<9}  {output}/{file:<{width}}  {made['bytes'][file]:>10,} bytes"
        for file in sorted(states)
    ]
    if stale:
        lines.append(
            f"{output}/ is not what the YAML compiles to: run `routecomp compile` and commit what it writes"
        )
    return "\n".join(lines)


def _count(number: int, words: str) -> str:
    singular = {"policies": "policy"}.get(words, words.removesuffix("s"))
    return f"{number:,} {singular if number == 1 else words}"
