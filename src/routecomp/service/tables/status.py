"""Say which table serves, since when, and what became of the others."""

from __future__ import annotations

import time
from typing import Literal, NamedTuple, TypedDict

from routecomp.runtime.resolver import Router
from routecomp.service.tables.protocol import Replica, TableId

Origin = Literal["source", "last-good"]


class Refresh(NamedTuple):
    """What came of one look at the source."""

    outcome: Literal["activated", "unchanged", "refused", "unreadable"]
    reason: str | None = None
    """Why, if the table was refused or not read."""


class TableEvent(NamedTuple):
    """What a hook is told."""

    kind: Literal["activated", "refused", "stale"]
    ruleset_hash: str | None
    """The SHA-256 of the table: of the refused one, or of the one that serves."""
    generation: int | None
    """The number under which it was published; None for a plain file."""
    reason: str | None
    """Why it was refused, or for how long nothing confirmed it."""
    origin: Origin | None
    """Where an activated table was read."""
    time: str
    """When, by the wall clock in UTC: 2026-11-30T09:15:00Z."""


class TablesStatus(TypedDict):
    """What `Tables.status` returns; times are of the wall clock in UTC, ages of the one that nobody sets."""

    serving: Literal["routing table", "fallback file", "last resort", "nothing"]
    origin: Origin | None
    """Where the table that serves was read; None if none serves."""
    ruleset_hash: str | None
    format: str | None
    generation: int | None
    activated_at: str | None
    age_s: float | None
    """Seconds since the table was activated."""
    confirmed_age_s: float
    """Seconds since the source was last seen to hold the table that serves; since the start if it never was."""
    stale: bool
    """Whether that is longer than `stale_after_s`; the table serves on."""
    activated: int
    """Tables of the source that were activated."""
    refused: int
    """Tables that were refused; the same bytes count once, however often they are read."""
    unchanged: int
    """Reads that found the table that serves, or one that was refused before."""
    reads: int
    """How often the source had something to read: activated, refused and unchanged together."""
    unreadable: int
    """Looks that found nothing to read."""
    looks: int
    """Reads and unreadable looks together."""
    last_refusal: str | None
    """Why the table is refused that the source holds now; None if it holds the one that serves."""
    last_refusal_at: str | None
    last_refusal_age_s: float | None
    refused_hash: str | None
    """The SHA-256 of that table."""
    last_failure: str | None
    """Why the last look found nothing to read; None if it did."""
    last_failure_at: str | None
    """When looks began to find nothing."""
    last_failure_age_s: float | None
    fallback: str
    """What became of the fallback file, in words."""
    source: str
    last_good: str | None
    """The file in which the table that serves is kept; None if it is not to be kept."""
    last_good_fault: str | None
    """Why it is not kept there, or what was kept is not used; None if all is well."""
    watching: bool
    watcher_restarts: int
    """How often what watches the source ended by an exception, and was started again."""
    looking_s: float | None
    """Seconds that the look has taken which is under way; None if none is."""
    telling_s: float | None
    """Seconds for which a hook has been running; None if none is. Until it ends nothing is looked at."""
    hook_failures: int
    last_hook_failure: str | None
    """The kind of exception that a hook raised last."""


class Mishap(NamedTuple):
    """A refusal or a failure: why, since when, and when it was seen last to be so."""

    reason: str
    date: str
    moment: float
    tried: float
    digest: str | None = None


class Record(NamedTuple):
    """All that is known of tables at one moment; one reference to it is swapped, so no reader sees half a change."""

    router: Router
    replica: Replica
    started: float
    table: bytes | None = None  # of the one that serves
    proof: bytes | None = None  # the manifest with which it was published
    origin: Origin | None = None
    activated_at: tuple[str, float] | None = None
    confirmed: float | None = None
    activated: int = 0
    refused: int = 0
    unchanged: int = 0
    unreadable: int = 0
    last_read: TableId | None = None
    refusal: Mishap | None = None
    failure: Mishap | None = None
    fallback: bytes | None = None
    fallback_words: str = "there is none"
    bad_fallback: tuple[bytes, str] | None = None  # one that was refused, and why
    last_good_fault: str | None = None
    hook_failures: int = 0
    last_hook_failure: str | None = None

    @property
    def reads(self) -> int:
        """How often the source had something to read."""
        return self.activated + self.refused + self.unchanged


def date_of(seconds: float) -> str:
    """Return seconds of the epoch as a date in UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def write_status(
    record: Record, now: float, *, stale: bool, source: str, last_good: str | None, watching: bool,
    restarts: int, looking_s: float | None, telling_s: float | None,
) -> TablesStatus:  # fmt: skip
    """Return a record as a service shows it."""
    served, refusal, failure = record.router.status(), record.refusal, record.failure
    serving, activated = record.replica.serving, record.activated_at
    return {
        "serving": served["serving"],
        "origin": record.origin,
        "ruleset_hash": served["ruleset_hash"],
        "format": served["format"],
        "generation": None if serving is None else serving.generation,
        "activated_at": None if activated is None else activated[0],
        "age_s": None if activated is None else now - activated[1],
        "confirmed_age_s": now - (record.started if record.confirmed is None else record.confirmed),
        "stale": stale,
        "activated": record.activated,
        "refused": record.refused,
        "unchanged": record.unchanged,
        "reads": record.reads,
        "unreadable": record.unreadable,
        "looks": record.reads + record.unreadable,
        "last_refusal": None if refusal is None else refusal.reason,
        "last_refusal_at": None if refusal is None else refusal.date,
        "last_refusal_age_s": None if refusal is None else now - refusal.moment,
        "refused_hash": None if refusal is None else refusal.digest,
        "last_failure": None if failure is None else failure.reason,
        "last_failure_at": None if failure is None else failure.date,
        "last_failure_age_s": None if failure is None else now - failure.moment,
        "fallback": record.fallback_words,
        "source": source,
        "last_good": last_good,
        "last_good_fault": record.last_good_fault,
        "watching": watching,
        "watcher_restarts": restarts,
        "looking_s": looking_s,
        "telling_s": telling_s,
        "hook_failures": record.hook_failures,
        "last_hook_failure": record.last_hook_failure,
    }
