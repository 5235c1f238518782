"""`routecomp compile`: a project in, the files of its output folder out, written only where they change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    from routecomp.cli.output.progress import Progress
    from routecomp.compiler import Compilation
    from routecomp.workspace.cache import Verdict
    from routecomp.workspace.git.released import ReleasedMigrations
    from routecomp.workspace.project import Project


@dataclass(frozen=True, slots=True)
class State:
    """What a file of the output folder is (unchanged, written, stale, missing), and how many of its lines change."""

    word: str
    added: int = 0
    removed: int = 0


_UNCHANGED = State("unchanged")
_SECTIONS = ("providers", "models", "features", "targets", "tenants", "experiments")


@click.command(
    epilog="""\b
Each file is replaced whole or not at all, and only where it changes.
Exit codes:
  0  written, or up to date
  1  errors, or stale files under --check
  2  wrong usage, or a file or folder that cannot be read or written
  3  only warnings, under --strict; then nothing is written
"""
)
@root_option
@click.option(
    "--check",
    "only_check",
    is_flag=True,
    help="Write nothing; exit 1 where the output folder is not what the YAML compiles to.",
)
@click.option(
    "--from",
    "from_folder",
    metavar="DIR",
    help="The released migrations, in postgres/ and sqlite/; default: those of the base branch in Git.",
)
@format_option
@json_option
@strict_option
@today_option
@cache_option
def compile(
    root: str | None,
    only_check: bool,
    from_folder: str | None,
    format: str | None,
    as_json: bool,
    strict: bool,
    today: date | None,
    no_cache: bool,
) -> int:
    """Check the YAML, then write the output folder: the table, the fallback file, the resolver, the migrations."""
    from contextlib import nullcontext

    from routecomp.cli.output.progress import Progress
    from routecomp.workspace.files import find_root, locked
    from routecomp.workspace.git.released import released_migrations
    from routecomp.workspace.project import open_project

    format = chosen_format(format, as_json)
    with nullcontext() if only_check else locked(find_root(root)), Progress() as progress:
        project = open_project(root, today, sweep=not only_check)
        released = released_migrations(project, from_folder)
        verdict, files = _compiled(project, released, not no_cache, progress, strict, only_check)
    return _report(project, verdict, files, format, strict, only_check)


def _compiled(
    project: Project,
    released: ReleasedMigrations | None,
    use_cache: bool,
    progress: Progress,
    strict: bool,
    only_check: bool,
) -> tuple[Verdict, dict[str, State]]:
    """The verdict, and each artifact's state: unchanged, written, or (under --check) missing or stale.

    Without states nothing was compared or written: there are findings that forbid it.
    """
    from routecomp.cli.output.report import exit_code
    from routecomp.workspace.cache import Verdict, fingerprint, keep, recall
    from routecomp.workspace.project import compiled

    begun = "" if released is None else released.identity
    # Without what the migrations begin with: `check` and `compile` remember the same findings in the same place.
    name = fingerprint(project.files, project.settings, project.today) if use_cache else ""
    kept = recall(project.root, name, project.files, project.settings) if use_cache else None
    if kept is not None and exit_code(kept.diagnostics, strict):
        return kept, {}
    if kept is not None and kept.digests is not None and kept.begun == begun and _is_there(project, kept.digests):
        return kept, dict.fromkeys(kept.digests, _UNCHANGED)
    made = compiled(project, progress, released)
    verdict = Verdict(made.checked.diagnostics, made.checked.files)
    states: dict[str, State] = {}
    if made.table is not None:
        digests = {file: sha256(data).hexdigest() for file, data in made.artifacts.items()}
        verdict = Verdict(verdict.diagnostics, verdict.files, digests, figures(made), begun=begun)
        if not exit_code(verdict.diagnostics, strict):
            progress("writing", 0, 0)
            states = _write(project, made.artifacts, only_check)
            if only_check and released is not None and made.checked.program is not None and _is_stale(states):
                from routecomp.workspace.git.released import explained

                words = {file: state.word for file, state in states.items()}
                verdict = replace(verdict, notes=tuple(explained(released, words, made.checked.program)))
    if use_cache:
        keep(project.root, name, verdict)
    return verdict, states


def _is_there(project: Project, digests: Mapping[str, str]) -> bool:
    from routecomp.workspace.git.released import left_over
    from routecomp.workspace.publish import current

    return not left_over(project, digests) and all(
        data is not None and sha256(data).hexdigest() == digests[file]
        for file, data in current(project.root, project.settings.output, digests).items()
    )


def _write(project: Project, artifacts: Mapping[str, bytes], only_check: bool) -> dict[str, State]:
    from routecomp.workspace.git.released import left_over, remove
    from routecomp.workspace.publish import current, publish

    output = project.settings.output
    before = current(project.root, output, artifacts)
    changed = {file: data for file, data in artifacts.items() if before[file] != data}
    drafts = left_over(project, artifacts)
    if changed and not only_check:
        publish(project.root, output, in_order(changed), lambda back: verify_loads({**artifacts, **back}))
    states = {file: _state(before[file], data, only_check) for file, data in artifacts.items()}
    if not only_check:
        remove(project, drafts)
    return states | {file: State("left over" if only_check else "removed") for file in drafts}


def _state(before: bytes | None, after: bytes, only_check: bool) -> State:
    if before == after:
        return _UNCHANGED
    word = "written" if not only_check else "missing" if before is None else "stale"
    if before is None:
        return State(word)
    old, new = Counter(before.splitlines()), Counter(after.splitlines())
    return State(word, (new - old).total(), (old - new).total())


def in_order(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The table last: the resolver that comes before it reads the old table and the new one alike.

    A run that ends between two renames leaves the old table with a newer resolver, or with a newer resolver
    and fallback file; never a new table with a resolver that does not know its format.
    """
    from routecomp.emit.artifacts import RESOLVER, ROUTING_TABLE

    order = sorted(files, key=lambda name: (name == ROUTING_TABLE, name != RESOLVER, name))
    return {name: files[name] for name in order}


def verify_loads(files: Mapping[str, bytes]) -> None:
    """Load what was read back from the disk as a service would: what would not serve is never published."""
    from routecomp.emit.artifacts import FALLBACK, ROUTING_TABLE
    from routecomp.runtime.resolver import Router
    from routecomp.table.codec import ruleset_hash

    table = files[ROUTING_TABLE]
    status = Router.from_bytes(table, files[FALLBACK]).status()
    if status["ruleset_hash"] != ruleset_hash(table) or status["fallback"] != "loaded" or status["rejected"]:
        raise RuntimeError(f"the compiled table does not load: {status}")


def figures(made: Compilation) -> dict[str, Any]:
    """What a compilation made, counted: bodies by section, pooled parts of the table, bytes of each file."""
    program, table = made.checked.program, made.table
    assert program is not None
    assert table is not None
    content: Any = table.content
    return {
        **{name: len(getattr(program, name)) for name in _SECTIONS},
        "policies": len(content["policies"]),
        "orders": len(content["orders"]),
        "ruleset_hash": table.ruleset_hash,
        "bytes": {file: len(data) for file, data in made.artifacts.items()},
    }


def _report(
    project: Project, verdict: Verdict, states: Mapping[str, State], format: str, strict: bool, only_check: bool
) -> int:
    from routecomp.cli.output.report import exit_code, report

    findings = report(verdict.diagnostics, verdict.files, format, project.root)
    code = exit_code(verdict.diagnostics, strict)
    output = project.settings.output
    if code:
        words = "nothing was compared" if only_check else f"nothing was written: {output}/ is as it was"
    else:
        words = _words(verdict, states, output)
    if format == "json":
        click.echo(_document(findings, verdict, states, output))
        for note in verdict.notes:
            click.echo(note, err=True)
    elif format != "text":
        click.echo(findings, nl=False)
        click.echo(words, err=True)
    else:
        if verdict.diagnostics:
            click.echo(findings)
        click.echo(words)
    return code or int(_is_stale(states))


def _is_stale(states: Mapping[str, State]) -> bool:
    return any(state.word in ("missing", "stale", "left over") for state in states.values())


def _document(findings: str, verdict: Verdict, states: Mapping[str, State], output: str) -> str:
    """The JSON report with one key more: `compiled`, null where nothing was."""
    import json

    document = json.loads(findings)
    document["compiled"] = None
    if states and verdict.made is not None:
        sizes = verdict.made["bytes"]
        document["compiled"] = {name: value for name, value in verdict.made.items() if name != "bytes"}
        document["compiled"]["files"] = [
            {
                "path": f"{output}/{file}",
                "bytes": sizes.get(file, 0),
                "state": state.word,
                "lines_added": state.added,
                "lines_removed": state.removed,
            }
            for file, state in sorted(states.items())
        ]
    return json.dumps(document, indent=2, ensure_ascii=False)


def _words(verdict: Verdict, states: Mapping[str, State], output: str) -> str:
    made = verdict.made
    assert made is not None
    count = {name: _count(made[name], name) for name in (*_SECTIONS, "policies", "orders")}
    # Migrations gather over the years: those that stay as they are, are not listed.
    shown = {file: state for file, state in sorted(states.items()) if state != _UNCHANGED or "/" not in file}
    width = max(len(file) for file in shown)
    lines = [
        f"compiled {_count(verdict.files, 'files')}: {count['models']} at {count['providers']}, "
        f"{count['features']}, {count['targets']}, {count['tenants']}, {count['experiments']}",
        f"the table holds {count['policies']} and {count['orders']}; "
        f"its ruleset hash begins {made['ruleset_hash'][:12]}",
        *(
            f"  {state.word:<9}  {output}/{file:<{width}}"
            + (f"  {made['bytes'][file]:>10,} bytes" if file in made["bytes"] else "")
            + (f"  +{state.added:,} -{state.removed:,} lines" if state.added or state.removed else "")
            for file, state in shown.items()
        ),
    ]
    if _is_stale(states):
        lines += verdict.notes
        lines.append(f"{output}/ is not what the YAML compiles to: run `routecomp compile`, then commit {output}/")
    return "\n".join(lines)


def _count(number: int, words: str) -> str:
    singular = {"policies": "policy"}.get(words, words.removesuffix("s"))
    return f"{number:,} {singular if number == 1 else words}"
