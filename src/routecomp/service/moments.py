"""Read the moments that hosts name in headers, and bound the waits that follow from them."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_S: Final = 86_400.0
"""A day: no answer closes anything for longer. Longer waits are of a clock that is wrong, or of no use."""
_LONGEST_TEXT: Final = 100


def moment_of(text: str | None) -> float | None:
    """Return the epoch of a moment in the forms of RFC 3339 or of HTTP, in UTC if it names no zone; else None."""
    if text is None or len(text) > _LONGEST_TEXT:
        return None
    try:
        moment = datetime.fromisoformat(text) if text[:1].isdigit() else parsedate_to_datetime(text)
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None


def seconds_until(moment: float, sent: str | None, wall: float) -> float:
    """Return the seconds to a moment: from the host's own clock where its `Date` says what that shows, else `wall`."""
    now = moment_of(sent)
    return moment - (wall if now is None else now)


def bounded(seconds: float) -> float:
    """Return a wait as it is believed, from 0 to a day."""
    return min(max(seconds, 0.0), LONGEST_S)
