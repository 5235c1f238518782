"""Start the console script, so that an interrupt ends it quietly even before the command line is loaded."""

from __future__ import annotations

import os
import signal
import sys


def start() -> int:
    """Run the command line and return its exit code; until it is loaded, Ctrl-C ends the process at once."""
    usual = signal.getsignal(signal.SIGINT)
    if usual is signal.default_int_handler:  # a shell that started us in the background has Ctrl-C ignored: so do we
        signal.signal(signal.SIGINT, _leave)
    # lazy: an interrupt while the command line is loaded finds its handler.
    from routecomp.cli.main import main

    signal.signal(signal.SIGINT, usual)
    return main()


def _leave(_signal: int, _frame: object) -> None:
    """End the process as `cli.exit.interrupt` would, without loading it."""
    os.write(2, b"error: interrupted\n")
    os._exit(130)


if __name__ == "__main__":
    sys.exit(start())
