"""The command line in, an exit code out: whatever happens on the way is at most one plain message.

Nothing but a few small modules is imported before `main` runs, so that what goes wrong later, an interrupt
included, finds somebody who puts it into words.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from routecomp.cli.exit_codes import OUTPUT_CLOSED, exit_code_of
from routecomp.cli.output.problem import problem_text
from routecomp.cli.output.terminal import color_for
from routecomp.workspace.problem import Problem, visible


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Whatever happens, the answer is an exit code and at most one plain message."""
    try:
        _prepare()
        from routecomp.cli.app import run

        code = run(sys.argv[1:] if argv is None else list(argv))
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return _say_problem(Problem("interrupted", kind="interrupted"))
    except BrokenPipeError:
        # The reader of a pipe has gone (`routecomp check | head`): nobody is left to tell.
        _forget_output()
        return OUTPUT_CLOSED
    except Problem as problem:
        return _say_problem(problem)
    except OSError as failure:
        return _say_problem(Problem(os_error(failure)))
    except MemoryError:
        return _say_problem(Problem("out of memory", "compile a smaller project, or on a machine with more memory"))
    except ImportError as failure:
        _trace()
        return _say_problem(
            Problem(
                f"a part of routecomp cannot be loaded: {visible(failure.name or 'unknown')}",
                "install it again, and check the disk it lies on",
            )
        )
    except Exception as failure:
        _trace()
        return _say_problem(
            Problem(
                f"internal error: {type(failure).__name__}",
                "this is a bug of routecomp: please report it, with what ROUTECOMP_DEBUG=1 makes it say",
                "internal",
            )
        )


def _trace() -> None:
    """The traceback, for those who asked for it."""
    if os.environ.get("ROUTECOMP_DEBUG") == "1":
        import traceback

        traceback.print_exc()


def os_error(failure: OSError) -> str:
    """A failure of the system in words: what, and on which file."""
    reason = (failure.strerror or type(failure).__name__).lower()
    name = failure.filename
    return f"{visible(os.fsdecode(name))}: {reason}" if isinstance(name, str | bytes) else reason


def _prepare() -> None:
    # Importing makes some hundred thousand objects that all stay: looking for cycles among them only costs.
    gc.set_threshold(200_000, 20, 20)
    # Other packages' plugins have no say in what a policy means, and looking for them takes 15 ms.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "1"
    # A report is the same bytes in every locale; only a terminal is spoken to in its own encoding.
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            if stream.isatty():
                stream.reconfigure(errors="backslashreplace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _say_problem(problem: Problem) -> int:
    """One problem on standard error; where even that is closed, the exit code alone has to do."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        _forget_output()
    try:
        if sys.stderr is not None:
            sys.stderr.write(_starred(problem_text(problem, color_for(sys.stderr))))
            sys.stderr.flush()
    except OSError:
        _forget_output(2)
    return exit_code_of(problem)


def _starred(text: str) -> str:
    """The message without any credential that a file name or a settings key may have brought into it."""
    if len(text) < 30:
        return text  # no room for one: an interrupt says its word without importing anything
    from routecomp.diagnostics.credentials.detect import star_secrets

    return star_secrets(text)


def _forget_output(descriptor: int = 1) -> None:
    """Send what is still buffered nowhere, so that the interpreter does not trip over it when it ends."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
    except OSError:
        return
