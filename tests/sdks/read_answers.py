"""Read what the SDKs return for good answers as the service reads it; run where the SDKs are installed.

    python -m tests.sdks.read_answers

Prints, for each library: the tokens of a whole answer and of a stream, what is wrong with them, and whether a stream
that was whole, and one that just ended, are taken for half ones.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from routecomp.service.clock import SYSTEM
from routecomp.service.failures.answers import failure_of
from routecomp.service.usage import Progress, usage_of
from tests.sdks.faulty import ANSWERS, faulty
from tests.sdks.raise_errors import CALLS


def read(library: str, url: str) -> dict[str, Any]:
    """Make the three calls of a library."""
    whole = CALLS[library](f"{url}/{library}/whole", False)
    streams = {name: CALLS[library](f"{url}/{library}/{name}", True) for name in ("stream", "unended")}
    progress = {name: Progress() for name in streams}
    for name, chunks in streams.items():
        for chunk in chunks:
            progress[name].take(chunk)
    judged = [failure_of(answer, SYSTEM) for answer in (whole, *streams["stream"], *streams["unended"])]
    return {
        "whole": usage_of(whole),
        "stream": progress["stream"].usage,
        "half": {name: progress[name].is_half for name in streams},
        "failures": [failure for failure in judged if failure is not None],
    }


def main() -> None:
    """Print what was read."""
    with faulty() as url:
        json.dump({library: read(library, url) for library in ANSWERS}, sys.stdout)


if __name__ == "__main__":
    main()
