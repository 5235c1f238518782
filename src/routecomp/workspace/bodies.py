"""Keep a project's memory of what its files declare in the cache, between one compilation and the next.

INVARIANT: it never changes a result. The cache gives back only what this user sealed, the entry's name stands for the
compiler and the settings, and each file in it counts only for its own bytes (see `Memory`).
"""

from __future__ import annotations

import marshal
from hashlib import sha256

from routecomp.model.memory import Memory
from routecomp.workspace.project import Project
from routecomp.workspace.sealed import compiler_digest, read_sealed, write_sealed

ENTRY = "bodies"


def recall_memory(project: Project) -> Memory:
    """Return what this very compiler remembers of a project's files; an empty memory where that is nothing."""
    body = read_sealed(project.root, ENTRY)
    name = memory_name(project)
    if body is None or not body.startswith(name):
        return Memory()
    # Unmarshalling is for bytes that one trusts: these were sealed by this user, for this very Python.
    return Memory(marshal.loads(memoryview(body)[len(name) :]))


def keep_memory(project: Project, memory: Memory) -> None:
    """Remember what the files of this run declare, in place of those before; where that is not possible, do nothing."""
    if memory.is_new:
        write_sealed(project.root, ENTRY, memory_name(project) + marshal.dumps(memory.kept))


def memory_name(project: Project) -> bytes:
    """Return a name for all that decides what a file declares, its bytes apart."""
    return sha256(compiler_digest() + project.settings.key().encode()).digest()
