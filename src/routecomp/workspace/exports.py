"""Keep the exports in the output folder fresh: those that lie there are wanted, until their file is deleted."""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import sha256

from routecomp.interop.export.names import FOLDER, HEAD, Wanted, wanted_by
from routecomp.workspace.cache import fingerprint
from routecomp.workspace.files import native
from routecomp.workspace.on_demand import make_exports
from routecomp.workspace.output import State, file_state
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.project import Project
from routecomp.workspace.publish import current, publish
from routecomp.workspace.sealed import read_sealed, write_sealed

_ENTRY = "exports"


def present_exports(project: Project) -> list[Wanted]:
    """Return the exports that lie in the output folder, sorted; a file that routecomp did not write is none."""
    folder = os.path.join(project.root, native(project.settings.output), FOLDER)
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    wanted: dict[Wanted, None] = {}
    for name in names:
        export = wanted_by(f"{FOLDER}/{name}")
        if export is not None and f"{FOLDER}/{name}" == export.file and _is_ours(os.path.join(folder, name)):
            wanted[export] = None
    return list(wanted)


def update_exports(
    project: Project, asked: Sequence[Wanted] = (), *, allow_loss: bool = False, write: bool, use_cache: bool
) -> tuple[dict[str, State], dict[str, int]]:
    """Compare the exports in the output folder, and those asked for, with the project; write what changed if told so.

    Returns the state of each file and its size, by path in the output folder. `allow_loss` is said of those asked for;
    the others may lose something where their file of losses lies. Raises a `Problem` where something would be lost that
    nobody allowed, and for a tenant that is not declared. INVARIANT: the project has no errors; for writing the caller
    holds its lock.
    """
    wanted = list(dict.fromkeys([*present_exports(project), *asked]))
    if not wanted:
        return {}, {}
    names = [name for export in wanted for name in (export.file, export.losses)]
    before = current(project.root, project.settings.output, names)
    for export in asked:
        data = before[export.file]
        if data is not None and HEAD.encode() not in data.partition(b"\n")[0]:
            name = f"{visible(project.settings.output)}/{visible(export.file)}"
            raise Problem(f"{name} is there, and routecomp did not write it", "move it away", "refused")
    if use_cache and not asked and read_sealed(project.root, _ENTRY) == _identity(project, before):
        kept = {name: data for name, data in before.items() if data is not None}
        return {name: file_state(data, data, write) for name, data in kept.items()}, _sizes(kept)
    allowed = [export for export in wanted if before[export.losses] is not None or (allow_loss and export in asked)]
    after = make_exports(project, wanted, allowed)
    changed = {name: data for name, data in after.items() if before[name] != data}
    if changed and write:
        publish(project.root, project.settings.output, changed, lambda _: None)
    if use_cache and (write or not changed):
        write_sealed(project.root, _ENTRY, _identity(project, {**dict.fromkeys(names), **after}))
    return {name: file_state(before[name], data, write) for name, data in after.items()}, _sizes(after)


def stale_exports(project: Project, use_cache: bool) -> list[str]:
    """Say of each export in the output folder that is not what the project comes to, which it is and what to do."""
    try:
        states, _ = update_exports(project, write=False, use_cache=use_cache)
    except Problem as problem:
        return [f"{problem.message}: {problem.help}"]
    output = visible(project.settings.output)
    stale = [f"{output}/{visible(name)}" for name, state in states.items() if state.word in ("stale", "missing")]
    return [f"{name} is stale: run `routecomp compile`" for name in stale]


def _is_ours(path: str) -> bool:
    """Return whether a file begins as exports do."""
    try:
        with open(path, "rb") as file:
            return HEAD.encode() in file.read(200).partition(b"\n")[0]
    except OSError:
        return False


def _identity(project: Project, files: dict[str, bytes | None]) -> bytes:
    """Return what stands for a project and the files that were exported from it."""
    digest = sha256(fingerprint(project.texts, project.settings, project.today).encode())
    for name, data in sorted(files.items()):
        digest.update(f"{name} {'-' if data is None else sha256(data).hexdigest()}\n".encode())
    return digest.hexdigest().encode()


def _sizes(files: dict[str, bytes]) -> dict[str, int]:
    """Return the number of bytes of each file."""
    return {name: len(data) for name, data in files.items()}
