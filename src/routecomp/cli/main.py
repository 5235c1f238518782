"""Run the command line, and turn whatever happens on the way into an exit code and at most one plain message.

Only a few small modules are imported before `main` runs, so that a failure while the rest is loaded, an interrupt
included, is put into words too.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Sequence
from itertools import pairwise

from routecomp.cli.exit import close_output, fail, interrupt
from routecomp.workspace.git.process import GitError
from routecomp.workspace.problem import Problem, visible


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that `argv` names (by default the process's arguments), and return its exit code.

    Every failure becomes an exit code and a message on standard error; SystemExit alone is passed on.
    """
    arguments = sys.argv[1:] if argv is None else list(argv)
    try:
        _prepare()
        # lazy: what goes wrong while click and the commands are loaded is put into words below.
        from routecomp.cli.app import run

        code = run(list(arguments))  # click takes options off the list it is given
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return interrupt()
    except BrokenPipeError:
        # The reader of a pipe has gone (`routecomp check | head`): nobody is left to tell.
        return close_output()
    except Exception as failure:
        return fail(_problem_of(failure), _asks_for_json(arguments))


def _problem_of(failure: Exception) -> Problem:
    """Put whatever stopped a command into words: a fact and a remedy."""
    if isinstance(failure, Problem):
        return failure
    if isinstance(failure, OSError):
        return Problem(_os_error(failure))
    if isinstance(failure, GitError):  # a partial clone may fail at any file
        return Problem(
            f"Git cannot read the repository: {visible(str(failure)) or 'no reason given'}",
            "repair the repository (a partial clone needs its origin within reach)",
        )
    if isinstance(failure, MemoryError):
        return Problem("out of memory", "compile a smaller project, or on a machine with more memory")
    if os.environ.get("ROUTECOMP_DEBUG") == "1":
        sys.excepthook(*sys.exc_info())
    if isinstance(failure, ImportError):
        return Problem(
            f"a part of routecomp cannot be loaded: {visible(failure.name or 'unknown')}",
            "install it again, and check the disk it lies on",
        )
    return Problem(
        f"internal error: {type(failure).__name__}",
        "this is a bug of routecomp: please report it, with what ROUTECOMP_DEBUG=1 makes it say",
        "internal",
    )


def _asks_for_json(arguments: Sequence[str]) -> bool:
    """Return whether a command line asks for JSON and no other format, also one that is wrong.

    Then its failure is JSON too.
    """
    words = list(arguments)
    words = words[: words.index("--")] if "--" in words else words
    formats = {after for before, after in pairwise(words) if before == "--format"}
    formats |= {word.removeprefix("--format=") for word in words if word.startswith("--format=")}
    return formats == {"json"} or ("--json" in words and not formats)


def _os_error(failure: OSError) -> str:
    """Put a failure of the system into words: what, and on which file."""
    reason = (failure.strerror or type(failure).__name__).lower()
    name = failure.filename
    return f"{visible(os.fsdecode(name))}: {reason}" if isinstance(name, str | bytes) else reason


def _prepare() -> None:
    """Set up the process: garbage collector and the encoding of the standard streams."""
    # Importing makes some hundred thousand objects that all stay: looking for cycles among them only costs.
    gc.set_threshold(200_000, 20, 20)
    # Nor is there anything to find at the end, when all of it goes.
    atexit.register(gc.freeze)
    # A report is the same bytes in every locale; only a terminal is spoken to in its own encoding.
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            if stream.isatty():
                stream.reconfigure(errors="backslashreplace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
