"""Read what `routecomp probe --json` wrote of a model, as evidence that it may serve."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

MOST_BYTES = 16 << 20
VERSION = 1
"""The version of the document, under the key `probe`."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


class NoEvidenceError(Exception):
    """A file is no evidence of a model; the text says why, `help` what to do."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.help = help


class Evidence(NamedTuple):
    """A probe of a model that went well: when, of what (see `contract.contract`), and how long both calls took."""

    model: str
    checked_at: datetime
    contract: str
    cold_ms: int
    warm_ms: int

    def age_days(self, today: date) -> int:
        """Return how many days before `today` the probe was; negative for one that lies ahead."""
        return (today - self.checked_at.date()).days


def read_evidence(data: bytes, slug: str) -> Evidence:
    """Return the latest probe of a model in the JSON that `routecomp probe --json` prints, one document or one a line.

    Raises `NoEvidenceError` where there is none, or where it did not go well.
    """
    again = f"make it with `routecomp probe {slug} --json > FILE`"
    results = [row for document in _documents(data, again) for row in _rows(document, again)]
    own = [row for row in results if row.get("model") == slug]
    if not own:
        raise NoEvidenceError(f"the evidence has no probe of model `{slug}`", again)
    latest = max(own, key=lambda row: str(row.get("checked_at")))
    if latest.get("outcome") != "ok":
        error = latest.get("error")
        why = error.get("class") if isinstance(error, dict) else None
        raise NoEvidenceError(
            f"the probe of model `{slug}` did not go well: {latest.get('outcome') or 'no call was made'}"
            + (f" ({why})" if isinstance(why, str) else ""),
            f"mend what it says, and {again}",
        )
    moment, contract = latest.get("checked_at"), latest.get("contract")
    cold, warm = latest.get("cold_ms"), latest.get("warm_ms")
    if not (
        isinstance(moment, str)
        and _MOMENT.fullmatch(moment)
        and isinstance(contract, str)
        and type(cold) is int
        and type(warm) is int
        and min(cold, warm) >= 0
    ):
        raise NoEvidenceError(f"the probe of model `{slug}` lacks its time, its contract or its milliseconds", again)
    try:
        checked_at = datetime.fromisoformat(moment.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        raise NoEvidenceError(f"the probe of model `{slug}` has no time that is one", again) from None
    return Evidence(slug, checked_at, contract, cold, warm)


def _documents(data: bytes, again: str) -> list[Any]:
    """Return the JSON documents of a file: it is one, or has one on each line."""
    try:
        return [json.loads(data)]
    except (ValueError, RecursionError):
        pass
    try:
        return [json.loads(line) for line in data.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        raise NoEvidenceError("the evidence is no JSON", again) from None


def _rows(document: Any, again: str) -> list[dict[str, Any]]:
    """Return the results of a document; raise `NoEvidenceError` for one that no probe wrote."""
    if not isinstance(document, dict) or document.get("probe") != VERSION:
        raise NoEvidenceError(f'the evidence is no document of `routecomp probe` ("probe": {VERSION})', again)
    rows = document.get("results")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise NoEvidenceError("the evidence has no list of results", again)
    return rows
