"""Take Ctrl-C in hand before anything else is loaded, then run the command line: what the console script calls.

This module stands outside of the package: to import a module of the package is to load the package first.
"""

import os
import sys
from _signal import (  # type: ignore[import-not-found]  # `signal` itself takes longer to load
    SIGINT,
    default_int_handler,
    getsignal,
    signal,
)


def _leave(_signal: int, _frame: object) -> None:
    """End the process as `cli.exit.interrupt` would, without loading it."""
    os.write(2, b"error: interrupted\n")
    os._exit(130)


# A shell that started us in the background has Ctrl-C ignored: so do we.
_INTERRUPTIBLE = getsignal(SIGINT) is default_int_handler
if _INTERRUPTIBLE:
    signal(SIGINT, _leave)


def start() -> int:
    """Run the command line and return its exit code; before and after its own handling, Ctrl-C ends the process."""
    # lazy: an interrupt while the command line is loaded finds its handler.
    from routecomp.cli.main import main

    try:
        if _INTERRUPTIBLE:
            signal(SIGINT, default_int_handler)
        return main()
    except KeyboardInterrupt:  # between this handler and main's own
        return 130
    finally:
        if _INTERRUPTIBLE:
            signal(SIGINT, _leave)


if __name__ == "__main__":
    sys.exit(start())
