"""Bring the output folder up to date with what a project compiles to, or say where it is stale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

import routecomp
from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.emit.file_names import FALLBACK, RESOLVER, ROUTING_TABLE
from routecomp.sql.file_names import FOLDER
from routecomp.table.codec import ruleset_hash
from routecomp.workspace.cache import Verdict, fingerprint, keep, recall
from routecomp.workspace.drafts import remove, require_free, unwanted
from routecomp.workspace.git.released import ReleasedMigrations
from routecomp.workspace.on_demand import compile_project, explain_stale, recall_record, require_runs
from routecomp.workspace.project import Project
from routecomp.workspace.publish import current, publish

if TYPE_CHECKING:
    from routecomp.compiler import Compilation

SECTIONS = ("providers", "models", "features", "targets", "tenants", "experiments")
"""The sections that `figures` counts."""


class State(NamedTuple):
    """The state of a file in the output folder, and how many of its lines are added and removed.

    `word` is unchanged, written or removed; where nothing may be written, missing, stale or left over.
    """

    word: str
    added: int = 0
    removed: int = 0


UNCHANGED = State("unchanged")


def compile_output(
    project: Project,
    released: ReleasedMigrations | None,
    progress: Callable[[str, int, int], None],
    *,
    strict: bool,
    write: bool,
    use_cache: bool,
) -> tuple[Verdict, dict[str, State]]:
    """Compile a project and return the verdict with the state of each artifact, by its path in the output folder.

    `write` replaces what changed; the caller holds the project's lock then. Errors, and warnings under `strict`,
    forbid both writing and comparing: then there are no states.
    """
    basis = "" if released is None else released.identity
    # Without what the migrations begin with: `check` and `compile` remember the same findings in the same place.
    name = fingerprint(project.texts, project.settings, project.today) if use_cache else ""
    kept = recall(project.root, name, project.texts, project.settings) if use_cache else None
    if kept is not None and _forbids(kept.diagnostics, strict):
        return kept, {}
    if (
        kept is not None
        and kept.digests is not None
        and kept.released == basis
        and _is_current(project, released, kept.digests)
    ):
        return kept, dict.fromkeys(kept.digests, UNCHANGED)
    record = recall_record(project, released) if use_cache else None
    # Where nothing may be written, the reasons are wanted why a file is stale: those take the whole project.
    patched = record.patch() if record is not None and write else None
    if record is not None and patched is not None:
        verdict = Verdict([], len(project.files), patched.digests, patched.figures, released=basis)
        progress("writing", 0, 0)
        states = _update(
            project, released, patched.result.artifacts, write, lambda _: verify_loads(patched.result.proof)
        )
        record.keep_patched(patched)
        keep(project.root, name, verdict)
        return verdict, states
    memory = None if record is None else record.memory
    compilation = compile_project(project, progress, released, memory)
    verdict = Verdict(compilation.checked.diagnostics, compilation.checked.files)
    states = {}
    if compilation.table is not None:
        artifacts = compilation.artifacts
        digests = {file: sha256(data).hexdigest() for file, data in artifacts.items()}
        verdict = verdict._replace(digests=digests, figures=figures(compilation), released=basis)
        if not _forbids(verdict.diagnostics, strict):
            progress("writing", 0, 0)
            states = _update(project, released, artifacts, write, lambda back: verify_loads({**artifacts, **back}))
            program = compilation.checked.program
            if not write and released is not None and program is not None and is_stale(states):
                words = {file: state.word for file, state in states.items()}
                verdict = verdict._replace(notes=tuple(explain_stale(project, released, words, program)))
    if record is not None and memory is not None:
        # Claims are about every tenant: a project that has any is never patched.
        is_whole = write and bool(states) and not verdict.diagnostics and not compilation.checked.declared.claims
        record.keep(memory, verdict.digests if is_whole else None, verdict.figures)
        keep(project.root, name, verdict)
    return verdict, states


def is_stale(states: Mapping[str, State]) -> bool:
    """Return whether the output folder is not what the project compiles to."""
    return any(state.word in ("missing", "stale", "left over") for state in states.values())


def in_order(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return files in the order in which they may be replaced one by one: the resolver first, the table last.

    A run that ends between two renames leaves the old table with a newer resolver, which reads it; never a new
    table with a resolver that does not know its format.
    """
    order = sorted(files, key=lambda name: (name == ROUTING_TABLE, name != RESOLVER, name))
    return {name: files[name] for name in order}


def verify_loads(files: Mapping[str, bytes]) -> None:
    """Load artifacts as a service would; raises RuntimeError where the table would not serve."""
    table = files[ROUTING_TABLE]
    status = routecomp.Router.from_bytes(table, files[FALLBACK]).status()
    if status["ruleset_hash"] != ruleset_hash(table) or status["fallback"] != "loaded" or status["rejected"]:
        raise RuntimeError(f"the compiled table does not load: {status}")


def figures(compilation: Compilation) -> dict[str, Any]:
    """Count what a compilation made: bodies by section, pooled parts of the table, bytes of each file."""
    program, table = compilation.checked.program, compilation.table
    assert program is not None
    assert table is not None
    content: Any = table.content
    return {
        **{name: len(getattr(program, name)) for name in SECTIONS},
        "policies": len(content["policies"]),
        "orders": len(content["orders"]),
        "ruleset_hash": table.ruleset_hash,
        "bytes": {file: len(data) for file, data in compilation.artifacts.items()},
    }


def left_over(project: Project, wanted: Iterable[str]) -> list[str]:
    """Return the migrations in the output folder that are none of those wanted: drafts of earlier compilations.

    What a person wrote there is kept: a migration of your own is released as it is, and linted like any other. Raises a
    `Problem` for one that `routecomp migrate` would not run.
    """
    drafts, own = unwanted(project, wanted)
    for name in own:
        require_runs(project, name)
    return drafts


def require_own(released: ReleasedMigrations | None, names: Iterable[str]) -> None:
    """Raise a `Problem` where a migration that is to be removed or rewritten may be released, though nothing says so.

    `names` are paths in the output folder.
    """
    if released is not None and released.own is not None:
        released.own.require([name for name in names if name.removeprefix(f"{FOLDER}/") not in released.names])


def file_state(before: bytes | None, after: bytes, write: bool) -> State:
    """Return the state of an artifact by its bytes on the disk (None: no file) and those it should have."""
    if before == after:
        return UNCHANGED
    word = "written" if write else "missing" if before is None else "stale"
    if before is None:
        return State(word)
    old_part, new_part = _without_common_ends(before, after)
    old, new = Counter(old_part.splitlines()), Counter(new_part.splitlines())
    return State(word, (new - old).total(), (old - new).total())


def _forbids(diagnostics: Sequence[Diagnostic], strict: bool) -> bool:
    """Return whether diagnostics forbid writing: errors do, and under `strict` warnings too."""
    return any(strict or diagnostic.severity == "error" for diagnostic in diagnostics)


def _is_current(project: Project, released: ReleasedMigrations | None, digests: Mapping[str, str]) -> bool:
    """Return whether the output folder holds exactly the artifacts with these digests."""
    return not _drafts(project, released, digests) and all(
        data is not None and sha256(data).hexdigest() == digests[file]
        for file, data in current(project.root, project.settings.output, digests).items()
    )


def _drafts(project: Project, released: ReleasedMigrations | None, wanted: Iterable[str]) -> list[str]:
    """Return the drafts of earlier compilations; none where nobody knows what is released.

    Raises a `Problem` where one that is wanted has the name of one that a person wrote.
    """
    if released is None:
        return []
    require_free(project, wanted, released.names)
    return left_over(project, wanted)


def _update(
    project: Project,
    released: ReleasedMigrations | None,
    artifacts: Mapping[str, bytes],
    write: bool,
    verify: Callable[[Mapping[str, bytes]], None],
) -> dict[str, State]:
    """Compare the output folder with the artifacts, replace what changed where `write` says so, return all states.

    `verify` is that of `publish`.
    """
    output = project.settings.output
    before = current(project.root, output, artifacts)
    changed = {file: data for file, data in artifacts.items() if before[file] != data}
    drafts = _drafts(project, released, artifacts)
    require_own(released, [*drafts, *(file for file in changed if before[file] is not None)])
    if changed and write:
        publish(project.root, output, in_order(changed), verify)
    states = {file: file_state(before[file], data, write) for file, data in artifacts.items()}
    if write:
        remove(project, drafts)
    return states | {file: State("removed" if write else "left over") for file in drafts}


def _without_common_ends(old: bytes, new: bytes) -> tuple[bytes, bytes]:
    """Return two texts without the whole lines that they begin and end with alike: mostly little remains."""
    start = old.rfind(b"\n", 0, _common(old, new)) + 1
    old, new = old[start:], new[start:]
    tail = _common(old[::-1], new[::-1])
    end = old.find(b"\n", len(old) - tail) + 1 if tail else 0
    kept = len(old) - end if end else 0
    return old[: len(old) - kept], new[: len(new) - kept]


def _common(old: bytes, new: bytes) -> int:
    """Return how many bytes two texts begin with alike."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
