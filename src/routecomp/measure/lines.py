"""Read outcomes from the lines that the sink `JsonLines` writes, and count what is none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from routecomp.measure.outcome import TABLE, Outcome, UnreadableError, read_outcome

KINDS: Final = (TABLE, "routing_attempts", "inference.routed")
"""The events of such a file. Only outcomes are read."""
_MOST_TOLD: Final = 5


@dataclass
class Reading:
    """What has been read of some files so far.

    `bad` counts lines that are none of a service's; the first few are told, as (file, line, why). `repeated` counts
    rows that were there already: files that overlap, or a file that was named twice.
    """

    lines: int = 0
    bad: int = 0
    repeated: int = 0
    told: list[tuple[str, int, str]] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)

    def outcomes(
        self, file: str, lines: Iterable[bytes], is_wanted: Callable[[Mapping[str, Any]], bool]
    ) -> Iterator[Outcome]:
        """Yield the outcomes of a file's lines that are wanted, each once whatever files it stands in."""
        for number, line in enumerate(lines, start=1):
            self.lines += 1
            try:
                row = _row(line)
                if row["event"] != TABLE or not is_wanted(row):
                    continue
                outcome = read_outcome(row)
            except UnreadableError as error:
                self.bad += 1
                if len(self.told) < _MOST_TOLD:
                    self.told.append((file, number, str(error)))
                continue
            key = (outcome.day, outcome.outcome_id)
            if key in self.seen:
                self.repeated += 1
                continue
            self.seen.add(key)
            yield outcome


def _row(line: bytes) -> dict[str, Any]:
    """Return the object of a line; raise `UnreadableError` where it is none of the sink's."""
    if not line.strip():
        raise UnreadableError("the line is empty")
    try:
        row = json.loads(line)
    except UnicodeDecodeError:
        raise UnreadableError("the line is not UTF-8") from None
    except (ValueError, RecursionError):
        cut = "" if line.endswith(b"\n") else ": its end is missing"
        raise UnreadableError(f"the line is no JSON{cut}") from None
    if not isinstance(row, dict) or row.get("event") not in KINDS:
        raise UnreadableError(f"`event` is none of {', '.join(KINDS)}")
    return row
