"""End a command: choose its exit code, and leave at most one plain message on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from routecomp.cli.output.terminal import color_for, paint
from routecomp.workspace.problem import Kind, Problem

CLEAN = 0
FINDINGS = 1
USAGE = 2
"""Wrong usage, or a file or folder that cannot be read or written."""
WARNINGS = 3
"""Only warnings, under --strict."""
CONFLICT = 3
"""Under `migrate`: somebody else was faster."""
CHANGED = 4
"""Something changed, under `diff --exit-code`."""
AGAIN = 5
"""A database did not answer in time, or the connection was lost: the same command may work later."""
INTERNAL = 70
INTERRUPTED = 130
OUTPUT_CLOSED = 141
"""The reader of standard output has gone."""

HELP = """\
\b
Exit codes:
  0    clean
  1    findings, or stale files under `compile --check`
  2    wrong usage, or a file or folder that cannot be read or written
  3    only warnings, under --strict; a conflict, under `migrate`
  4    something changed, under `diff --exit-code`
  5    a database that is locked or went away: run it again
  70   an internal error: please report it
  130  interrupted
"""
"""The exit codes as `routecomp --help` lists them."""

_CODES: Mapping[Kind, int] = {
    "wrong": USAGE,
    "refused": FINDINGS,
    "conflict": CONFLICT,
    "again": AGAIN,
    "interrupted": INTERRUPTED,
    "internal": INTERNAL,
}


def fail(problem: Problem, as_json: bool = False) -> int:
    """Show a problem on standard error, and with `as_json` on standard output too, and return its exit code.

    A closed stream is no reason to fail.
    """
    # lazy: needed only where something failed, and it takes longer to load than `--help` runs.
    from routecomp.cli.output.problem import problem_json, problem_text

    if as_json and sys.stdout is not None:
        try:
            sys.stdout.write(problem_json(problem))
        except OSError:
            _discard(1)
    return _end(problem_text(problem, color_for(sys.stderr)), _CODES[problem.kind])


def interrupt() -> int:
    """Say on standard error that the command was interrupted, without loading anything, and return the exit code."""
    return _end(f"{paint('error', '1;31', color_for(sys.stderr))}: interrupted\n", INTERRUPTED)


def close_output() -> int:
    """Drop what is still buffered for a reader that has gone, and return the exit code."""
    _discard(1)
    return OUTPUT_CLOSED


def _end(text: str, code: int) -> int:
    """Flush standard output, write a text to standard error, and return `code`; a closed stream is no failure."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        _discard(1)
    try:
        if sys.stderr is not None:
            sys.stderr.write(text)
            sys.stderr.flush()
    except OSError:
        _discard(2)
    return code


def _discard(descriptor: int) -> None:
    """Point a file descriptor at the null device, so that the interpreter can flush its buffer when it ends."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
    except OSError:
        return
