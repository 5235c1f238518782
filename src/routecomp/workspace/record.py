"""Keep what the last compilation read and made, and patch it where a few tenants changed.

INVARIANT: what is remembered never changes a result. It counts only under this user's seal, for this very compiler,
these settings and released migrations, for files with the same bytes, and beside artifacts with the same bytes.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, NamedTuple

from routecomp.model.memory import Memory
from routecomp.recompiler import Compiled, Recompiled, recompile
from routecomp.workspace.bodies import memory_name
from routecomp.workspace.check import collector_paused, options_of
from routecomp.workspace.git.released import ReleasedMigrations
from routecomp.workspace.project import Project
from routecomp.workspace.publish import current
from routecomp.workspace.sealed import read_sealed, write_sealed

ENTRY = "compiled"


class Patched(NamedTuple):
    """What a patch made, what is counted of it (see `output.figures`), and the SHA-256 of each artifact."""

    result: Recompiled
    figures: dict[str, Any]
    digests: dict[str, str]


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
        return Memory(self._content.get("known"), self._content.get("results"))

    def patch(self) -> Patched | None:
        """Make the artifacts of a project of which a few tenants changed, without findings; None for any other one."""
        content, project, settings = self._content, self._project, self._project.settings
        if "digests" not in content or (self._released is not None and self._released.names):
            return None
        artifacts: dict[str, bytes] = {}
        for name, data in current(project.root, settings.output, content["digests"]).items():
            if data is None or sha256(data).hexdigest() != content["digests"][name]:
                return None
            artifacts[name] = data
        before = Compiled(
            content["known"],
            content["others"],
            frozenset(content["tenants"]),
            frozenset(content["features"]),
            frozenset(content["expectations"]),
            artifacts,
        )
        dialects = () if self._released is None else settings.dialects
        with collector_paused():
            after = recompile(
                project.files, replace(options_of(project), prove=False), before, dialects, settings.names
            )
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
        changed = {name: data for name, data in after.artifacts.items() if data is not artifacts[name]}
        return Patched(after, figures, {**content["digests"], **digests_of(changed)})

    def keep(self, memory: Memory, digests: Mapping[str, str] | None = None, figures: Any = None) -> None:
        """Remember what files declare and, of a compilation without findings, what it made."""
        known = memory.kept
        content: dict[str, Any] = {"known": known, "results": memory.results}
        if digests is not None:
            compiled = Compiled.of(self._project.files, known, {})
            content |= {"others": compiled.others, "tenants": tuple(compiled.tenants)}
            content |= {"features": tuple(compiled.features), "expectations": tuple(compiled.expectations)}
            content |= {"digests": dict(digests), "figures": figures}
        self._write(content)

    def keep_patched(self, patched: Patched) -> None:
        """Remember what a patch made; the files are those of before, and declare bodies of the same names."""
        made = {"known": patched.result.known, "digests": patched.digests, "figures": patched.figures}
        self._write({**self._content, **made})

    def _write(self, content: dict[str, Any]) -> None:
        """Write what is remembered."""
        write_sealed(self._project.root, ENTRY, self._name + marshal.dumps(content))


def digests_of(artifacts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of each artifact."""
    return {file: sha256(data).hexdigest() for file, data in artifacts.items()}
