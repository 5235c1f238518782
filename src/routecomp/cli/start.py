"""The console script: an interrupt that comes before the command line is ready ends the program quietly, too."""

from __future__ import annotations

import os
import signal
import sys


def start() -> int:
    """Run the command line; until it has taken over, Ctrl-C leaves with the code it will have then."""
    usual = signal.getsignal(signal.SIGINT)
    if usual is signal.default_int_handler:  # a shell that started us in the background has Ctrl-C ignored: so do we
        signal.signal(signal.SIGINT, _leave)
    # Nothing here uses pydantic's plugins: looking for them reads the metadata of every installed package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from routecomp.cli.main import main

    signal.signal(signal.SIGINT, usual)
    return main()


def _leave(_signal: int, _frame: object) -> None:
    os.write(2, b"error: interrupted\n")
    os._exit(130)


if __name__ == "__main__":
    sys.exit(start())
