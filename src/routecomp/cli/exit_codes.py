"""Name the exit codes of `routecomp`, and say which one a `Problem` ends a command with."""

from __future__ import annotations

from collections.abc import Mapping

from routecomp.workspace.problem import Kind, Problem

CLEAN = 0
FINDINGS = 1
USAGE = 2
"""Wrong usage, or a file or folder that cannot be read or written."""
WARNINGS = 3
"""Only warnings, under --strict."""
CONFLICT = 3
"""Somebody else was faster, under `migrate`: a compare-and-set or a unique key of a migration."""
CHANGED = 4
"""Something changed, under `diff --exit-code`."""
AGAIN = 5
"""A database did not answer in time, or the connection was lost: the same command may work later."""
INTERNAL = 70
INTERRUPTED = 130
OUTPUT_CLOSED = 141
"""The reader of standard output has gone."""

_OF_KIND: Mapping[Kind, int] = {
    "wrong": USAGE,
    "refused": FINDINGS,
    "conflict": CONFLICT,
    "again": AGAIN,
    "interrupted": INTERRUPTED,
    "internal": INTERNAL,
}


def exit_code_of(problem: Problem) -> int:
    """Return the exit code of a command that a problem ends."""
    return _OF_KIND[problem.kind]
