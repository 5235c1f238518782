"""History in (commits with the blobs they change, the blobs' bytes), the ledger of primaries out, oldest first.

The history is the line of first parents: what was live is what that line held. So the chain is whole: an entry's
`old` is the entry before it's `new`. A change that came with a merge is put down to the commit that made it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from routecomp.model.vocabulary import PROMOTION_KINDS
from routecomp.parse import Limits, parse
from routecomp.parse.tree import Mapping, Scalar

INITIAL, PROMOTION, ROLLBACK, SWAP, REMOVED = PROMOTION_KINDS
_SECTION = b"features"
_TOP = re.compile(rb"(?m)^(?=[^\s#])")
_SECTION_LINE = re.compile(rb"[a-z_]+:|\s*(#|$)")
_FIRST = re.compile(rb"(?m)^( +)[^ #\n]")
_MAX_CHUNKS = 50_000


@dataclass(frozen=True, slots=True)
class Row:
    """A feature in one version of a file: its primaries (one, in a sound project) and its shadows."""

    primaries: tuple[str, ...]
    shadows: frozenset[str]


Rows = dict[str, Row]
"""Feature to row. Of a version that cannot be read there is None instead."""


@dataclass(frozen=True, slots=True)
class Touch:
    """A file that a commit changes: its path from the project's root, and its content's id (None: removed)."""

    path: str
    blob: str | None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as far as the ledger needs it."""

    id: str
    parents: tuple[str, ...]
    touched: tuple[Touch, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """A feature's primary changed in a commit of the line: `old` is None at its beginning, `new` at its end.

    `kind` is one of `PROMOTION_KINDS`.
    """

    feature: str
    kind: str
    old: str | None
    new: str | None
    commit: str


@dataclass
class _Feature:
    primary: str | None = None
    last: Event | None = None
    shadows: frozenset[str] = frozenset()
    where: dict[str, Row] = field(default_factory=dict)


def events(line: Iterable[Commit], rows: Callable[[str], Rows | None]) -> Iterator[Event]:
    """Every change of a primary along a line of commits, oldest first.

    What a commit leaves unreadable, without a primary or with several counts as no change: what was live before
    it stays so until the next version that says something.
    """
    features: dict[str, _Feature] = {}
    files: dict[str, set[str]] = {}
    for commit in line:
        touched: dict[str, None] = {}
        for one in commit.touched:
            found = {} if one.blob is None else rows(one.blob)
            if found is None:
                continue
            for name in files.get(one.path, ()):
                if name not in found:
                    del features[name].where[one.path]
                    touched[name] = None
            for name, row in found.items():
                feature = features.setdefault(name, _Feature())
                if feature.where.get(one.path) != row:
                    feature.where[one.path] = row
                    touched[name] = None
            files[one.path] = set(found)
        for name in sorted(touched):
            event = _change(name, features[name], commit.id)
            if event is not None:
                yield event


def _change(name: str, feature: _Feature, commit: str) -> Event | None:
    shadows, places = feature.shadows, list(feature.where.values())
    if len(places) > 1 or (places and len(places[0].primaries) != 1):
        return None
    if places:
        feature.shadows = places[0].shadows
    old, new = feature.primary, places[0].primaries[0] if places else None
    if old == new:
        return None
    feature.primary = new
    feature.last = Event(name, _kind(feature.last, old, new, shadows), old, new, commit)
    return feature.last


def _kind(last: Event | None, old: str | None, new: str | None, shadows: frozenset[str]) -> str:
    if new is None:
        return REMOVED
    if old is None:
        return INITIAL
    if last is not None and (last.old, last.new) == (new, old) and last.kind in (PROMOTION, SWAP):
        return ROLLBACK
    return PROMOTION if new in shadows else SWAP


def authored(event: Event, side: Sequence[Commit], rows: Callable[[str], Rows | None]) -> str | None:
    """Of the commits a merge brought, newest first, the one that made the new primary; None where none did."""
    for commit in side:
        was: set[str] = set()
        now: set[str] = set()
        for one in commit.touched:
            for blob, into in ((one.before, was), (one.blob, now)):
                row = ((rows(blob) or {}) if blob is not None else {}).get(event.feature)
                into.update(row.primaries if row is not None else ())
        if event.new is None:
            if was and not now:
                return commit.id
        elif event.new in now and event.new not in was:
            return commit.id
    return None


def side_commits(merge: str, parents: dict[str, tuple[str, ...]], seen: set[str]) -> set[str]:
    """What a merge brought: all that its further parents lead to and its line had not `seen`; now it has."""
    found: set[str] = set()
    waiting = list(parents.get(merge, ())[1:])
    while waiting:
        id = waiting.pop()
        if id not in seen:
            seen.add(id)
            found.add(id)
            waiting += parents.get(id, ())
    return found


class RowReader:
    """Blobs in, their rows out. Versions of a file share almost all of their features, so features are cached."""

    def __init__(self, max_bytes: int) -> None:
        self._limits = Limits(max_bytes=max_bytes)
        self._chunks: dict[bytes, Rows | None] = {}

    def read(self, data: bytes) -> Rows | None:
        """The features a file declares; None where it cannot be read."""
        if _SECTION not in data:
            return {}
        quick = self._by_feature(data)
        return self._whole(data) if quick is None else quick

    def _by_feature(self, data: bytes) -> Rows | None:
        """The rows of a file in plain block style, feature by feature; None where it is written otherwise."""
        if b"\r" in data or b"\t" in data:
            return None
        found: Rows = {}
        # In block style only keys of the top stand at the margin, and only names of features below `features:` at
        # the least indentation; texts over several lines stand deeper, or are no YAML of ours.
        for part in _TOP.split(data):
            if not part.startswith(_SECTION):
                if not _SECTION_LINE.match(part):
                    return None
                continue
            head, _, body = part.partition(b"\n")
            if head.strip() != b"features:":
                return None
            if found:
                return None
            chunks = _chunks(body)
            if not chunks:
                return None
            for chunk in chunks:
                rows = self._chunk(chunk)
                if rows is None or rows.keys() & found.keys():
                    return None
                found.update(rows)
        return found

    def _chunk(self, chunk: bytes) -> Rows | None:
        if chunk not in self._chunks:
            if len(self._chunks) >= _MAX_CHUNKS:
                self._chunks.clear()
            self._chunks[chunk] = self._whole(b"features:\n" + chunk)
        return self._chunks[chunk]

    def _whole(self, data: bytes) -> Rows | None:
        parsed = parse("routes/history.yaml", data, self._limits)
        if not isinstance(parsed.root, Mapping) or any(one.severity == "error" for one in parsed.diagnostics):
            return None
        section = parsed.root.get("features")
        if not isinstance(section, Mapping):
            return {} if section is None else None
        return {name.text: row for name, body in section.items if (row := _row(body)) is not None}


def _chunks(body: bytes) -> list[bytes]:
    """The text below `features:` cut before each line of the least indentation."""
    first = _FIRST.search(body)
    if first is None:
        return []
    return _cut(len(first[1])).split(body[first.start() :])[1:]


@cache
def _cut(indent: int) -> re.Pattern[bytes]:
    return re.compile(rb"(?m)^(?= {%d}[^ #\n])" % indent)


def _row(body: Any) -> Row | None:
    models = body.get("models") if isinstance(body, Mapping) else None
    if not isinstance(models, Mapping):
        return None
    primaries: list[str] = []
    shadows: list[str] = []
    for model, row in models.items:
        status = row.get("status") if isinstance(row, Mapping) else row
        if isinstance(status, Scalar):
            if status.text == "primary":
                primaries.append(model.text)
            elif status.text == "shadow":
                shadows.append(model.text)
    return Row(tuple(primaries), frozenset(shadows))
