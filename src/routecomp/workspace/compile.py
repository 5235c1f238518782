"""Compile a project that was read from the disk: from its files, or from what the last compilation read and made.

INVARIANT: what is remembered never changes a result. It counts only under this user's seal, for this very compiler,
these settings and released migrations, for files with the same bytes, and beside artifacts with the same bytes.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from routecomp.compiler import Compilation, compile
from routecomp.model.memory import Known, Memory
from routecomp.model.read_project import Progress
from routecomp.recompiler import Compiled, recompile
from routecomp.workspace.bodies import memory_name
from routecomp.workspace.check import collector_paused, options_of
from routecomp.workspace.git.released import ReleasedMigrations
from routecomp.workspace.migrations import read_released, replay_problems
from routecomp.workspace.project import Project
from routecomp.workspace.publish import current
from routecomp.workspace.sealed import read_sealed, write_sealed

ENTRY = "compiled"


@dataclass(frozen=True, slots=True)
class Patched:
    """The artifacts after a change of a few tenants, and what is counted of them (see `output.figures`)."""

    artifacts: Mapping[str, bytes]
    figures: dict[str, Any]
    known: Known


def compile_project(
    project: Project,
    progress: Progress | None = None,
    released: ReleasedMigrations | None = None,
    memory: Memory | None = None,
) -> Compilation:
    """Check a project and, without errors, compile it; with migrations on top of `released`, where they are given.

    With errors the compilation has no table. Files that `memory` knows are not read again. Raises a `Problem` where the
    released migrations do not run.
    """
    with collector_paused():
        options = options_of(project)
        if released is None:
            return compile(project.files, options, progress, memory=memory)
        with replay_problems():
            return compile(project.files, options, progress, read_released(project, released), memory)


class Record:
    """What the last compilation of a project read and made, as `.routecomp/compiled` keeps it."""

    def __init__(self, project: Project, released: ReleasedMigrations | None) -> None:
        self._project = project
        self._released = released
        self._name = memory_name(project) + (b"" if released is None else released.identity.encode()) + b"\n"
        body = read_sealed(project.root, ENTRY)
        # Unmarshalling is for bytes that one trusts: these were sealed by this user, for this very Python.
        is_known = body is not None and body.startswith(self._name)
        self._content: dict[str, Any] = marshal.loads(body[len(self._name) :]) if body is not None and is_known else {}

    @property
    def memory(self) -> Memory:
        """What the project's files declare, as far as it is known."""
        return Memory(self._content.get("known"))

    def patch(self) -> Patched | None:
        """Make the artifacts of a project of which a few tenants changed, without findings; None for any other one."""
        content, project = self._content, self._project
        if "digests" not in content:
            return None
        artifacts: dict[str, bytes] = {}
        for name, data in current(project.root, project.settings.output, content["digests"]).items():
            if data is None or sha256(data).hexdigest() != content["digests"][name]:
                return None
            artifacts[name] = data
        before = Compiled(content["known"], content["others"], frozenset(content["tenants"]), artifacts)
        with collector_paused(), replay_problems():
            released = None if self._released is None else read_released(project, self._released)
            after = recompile(project.files, options_of(project), released, before)
        if after is None:
            return None
        table: Any = after.table.content
        figures = {
            **content["figures"],
            "policies": len(table["policies"]),
            "orders": len(table["orders"]),
            "ruleset_hash": after.table.ruleset_hash,
            "bytes": {name: len(data) for name, data in after.artifacts.items()},
        }
        return Patched(after.artifacts, figures, after.known)

    def keep(self, known: Known, digests: Mapping[str, str] | None = None, figures: Any = None) -> None:
        """Remember what files declare and, of a compilation without findings, what it made."""
        content: dict[str, Any] = {"known": known}
        if digests is not None:
            compiled = Compiled.of(self._project.files, known, {})
            content |= {"others": compiled.others, "tenants": tuple(compiled.tenants)}
            content |= {"digests": dict(digests), "figures": figures}
        self._write(content)

    def keep_patched(self, patched: Patched, digests: Mapping[str, str]) -> None:
        """Remember what a patch made; the files are those of before, and declare bodies of the same names."""
        made = {"known": patched.known, "digests": dict(digests), "figures": patched.figures}
        self._write({**self._content, **made})

    def _write(self, content: dict[str, Any]) -> None:
        """Write what is remembered."""
        write_sealed(self._project.root, ENTRY, self._name + marshal.dumps(content))
