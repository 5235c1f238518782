"""Find every change of a feature's primary in the history of a repository, oldest first.

The history is the line of first parents: its files were live. So each event begins with the
primary with which the event before it ended. A change that came with a merge is credited to the commit that made it.
Commits and the contents of files (blobs) come from the caller: nothing here runs Git.
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
_TOP_LEVEL = re.compile(rb"(?m)^(?=[^\s#])")
_OTHER_SECTION = re.compile(rb"[a-z_]+:|\s*(#|$)")
_FIRST_KEY = re.compile(rb"(?m)^( +)[^ #\n]")
_MAX_CHUNKS = 50_000


@dataclass(frozen=True, slots=True)
class Row:
    """A feature in one version of a file: its primaries (exactly one in a valid project) and its shadows."""

    primaries: tuple[str, ...]
    shadows: frozenset[str]


Rows = dict[str, Row]
"""Feature to row, of one version of a file."""
Renames = dict[tuple[str, str], str]
"""What a version of a file says was called otherwise: section and slug to the old slug."""
ReadRows = Callable[[str], Rows | None]
"""Return the rows of a blob by its id; None where the blob cannot be read."""


@dataclass(frozen=True, slots=True)
class Touch:
    """A file that a commit changes: its path from the project's root, and its blob after and before (None: none).

    `is_readable` is False where something is there afterwards that is no regular file, as a symbolic link.
    """

    path: str
    blob: str | None
    before: str | None = None
    is_readable: bool = True


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit with the files below routes/ that it changes."""

    id: str
    parents: tuple[str, ...]
    touched: tuple[Touch, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """A change of a feature's primary in a commit: `old` is None where the feature begins, `new` where it ends.

    `kind` is one of `PROMOTION_KINDS`; `commit` is the commit of the line, also where a merge brought the change.
    """

    feature: str
    kind: str
    old: str | None
    new: str | None
    commit: str


@dataclass(frozen=True, slots=True)
class Renamed:
    """A feature or model (`section`) that is called otherwise from a commit of the line on.

    `events_before` is how many events of the line call it by the old name.
    """

    section: str
    old: str
    new: str
    commit: str
    events_before: int = 0


@dataclass
class _Feature:
    """A feature while the history is read: its primary, last event and shadows, and its row in each file."""

    primary: str | None = None
    last: Event | None = None
    shadows: frozenset[str] = frozenset()
    row_of_file: dict[str, Row] = field(default_factory=dict)


def events(
    line: Iterable[Commit],
    read_rows: ReadRows,
    unread: list[tuple[str, str]],
    read_renames: Callable[[str], Renames] = lambda blob: {},
    renamed: list[Renamed] | None = None,
) -> Iterator[Event]:
    """Yield every change of a primary along a line of commits, which begins with the oldest.

    A version that cannot be read, or in which a feature has no primary or several, is no change: the primary before it
    stays until the next version that names one. The same holds while several files declare the feature. The commit and
    path of a version that cannot be read, of a file with features, are added to `unread`. What a commit renames is no
    change: features and models go on under the names that they have there, and it is added to `renamed`.
    """
    standing: dict[tuple[str, str], str] = {}
    features: dict[str, _Feature] = {}
    features_of_file: dict[str, set[str]] = {}
    yielded = 0
    for commit in line:
        changed: set[str] = set()
        renames = _renames(commit, read_rows, read_renames)
        _rename(renames, features, features_of_file)
        if renamed is not None:
            renamed += (Renamed(*each, commit.id, yielded) for each in _new_renames(renames, standing))
        for touch in commit.touched:
            rows = read_rows(touch.blob) if touch.blob is not None else {} if touch.is_readable else None
            if rows is None:
                if features_of_file.get(touch.path):
                    unread.append((commit.id, touch.path))
                continue
            for name in features_of_file.get(touch.path, ()):
                if name not in rows:
                    del features[name].row_of_file[touch.path]
                    changed.add(name)
            for name, row in rows.items():
                feature = features.setdefault(name, _Feature())
                if feature.row_of_file.get(touch.path) != row:
                    feature.row_of_file[touch.path] = row
                    changed.add(name)
            features_of_file[touch.path] = set(rows)
        for name in sorted(changed):
            event = _event(name, features[name], commit.id)
            if event is not None:
                yielded += 1
                yield event


def _renames(commit: Commit, read_rows: ReadRows, read_renames: Callable[[str], Renames]) -> Renames:
    """Return what a commit calls otherwise: as it says, or as the version before it said, which it takes back.

    A name is taken back where features name the old one again, and the new one no more. A thing that was renamed before
    goes on from its last name, though it says the first one.
    """
    blobs = [touch.blob for touch in commit.touched if touch.blob is not None]
    after = {key: old for blob in blobs for key, old in read_renames(blob).items()}
    earlier = [touch.before for touch in commit.touched if touch.before is not None]
    before = {key: old for blob in earlier for key, old in read_renames(blob).items()}
    if not before:
        return after
    rows = [read_rows(blob) or {} for blob in blobs]
    named = {("features", feature) for own in rows for feature in own}
    named |= {("models", model) for own in rows for row in own.values() for model in (*row.primaries, *row.shadows)}
    now = {(section, old): new for (section, new), old in after.items()}
    for (section, slug), old in before.items():
        if (section, slug) not in after and (section, slug) not in named:
            new = now.get((section, old), old)
            if new != slug and ((section, old) in now or (section, new) in named):
                after = {**after, (section, new): slug}
    return after


def _new_renames(renames: Renames, standing: dict[tuple[str, str], str]) -> Iterator[tuple[str, str, str]]:
    """Yield each rename, as (section, old, new), that did not stand already: `was` stays in the YAML for a while.

    One that was renamed again says its first name. `standing` is section and old slug to the new one, and is updated.
    """
    for (section, new), old in renames.items():
        if last_name(standing, section, old) != new:
            stand(standing, section, old, new)
            yield section, old, new


def stand(standing: dict[tuple[str, str], str], section: str, old: str, new: str) -> None:
    """Note a rename among those that stand; from here on the way back is a rename again."""
    standing[section, old] = new
    standing.pop((section, new), None)


def last_name(standing: dict[tuple[str, str], str], section: str, name: str) -> str:
    """Return what one renames after another that stand make of a name. INVARIANT: they lead in no circle."""
    while (section, name) in standing:
        name = standing[section, name]
    return name


def _rename(renames: Renames, features: dict[str, _Feature], features_of_file: dict[str, set[str]]) -> None:
    """Let features and models go on under new names; a name that is not there, or not left, is no rename."""
    for (section, new), old in renames.items():
        if section == "features" and old in features and new not in features:
            features[new] = features.pop(old)
            for names in features_of_file.values():
                if old in names:
                    names.remove(old)
                    names.add(new)
    models = {old: new for (section, new), old in renames.items() if section == "models"}
    for feature in features.values() if models else ():
        last = feature.last
        feature.primary = models.get(feature.primary or "", feature.primary)
        feature.shadows = frozenset(models.get(model, model) for model in feature.shadows)
        if last is not None:
            old_model, new_model = (models.get(model or "", model) for model in (last.old, last.new))
            feature.last = Event(last.feature, last.kind, old_model, new_model, last.commit)


def _event(name: str, feature: _Feature, commit: str) -> Event | None:
    """Return the event of a commit that changed a feature; None where the primary is the old one, or is not clear.

    The feature's shadows, primary and last event are updated.
    """
    shadows, rows = feature.shadows, list(feature.row_of_file.values())
    if len(rows) > 1 or (rows and len(rows[0].primaries) != 1):
        return None
    if rows:
        feature.shadows = rows[0].shadows
    old, new = feature.primary, rows[0].primaries[0] if rows else None
    if old == new:
        return None
    feature.primary = new
    feature.last = Event(name, _kind(feature.last, old, new, shadows), old, new, commit)
    return feature.last


def _kind(last: Event | None, old: str | None, new: str | None, shadows: frozenset[str]) -> str:
    """Return which of `PROMOTION_KINDS` a change is; `last` is the event, `shadows` are the shadows before it."""
    if new is None:
        return REMOVED
    if old is None:
        return INITIAL
    if last is not None and (last.old, last.new) == (new, old) and last.kind in (PROMOTION, SWAP):
        return ROLLBACK
    return PROMOTION if new in shadows else SWAP


def author_commit(event: Event, merged: Sequence[Commit], read_rows: ReadRows) -> str | None:
    """Return the id of the first commit in `merged` that made the new primary; None if none did.

    `merged` are the commits that a merge brought, newest first. For a feature that ends it is the one that removed its
    primary. A blob that cannot be read counts as one without features, and removes none.
    """
    for commit in merged:
        before: set[str] = set()
        after: set[str] = set()
        for touch in commit.touched:
            for blob, primaries in ((touch.before, before), (touch.blob, after)):
                row = ((read_rows(blob) or {}) if blob is not None else {}).get(event.feature)
                primaries.update(row.primaries if row is not None else ())
        if event.new is None:
            if before and not after and all(_is_read(touch, read_rows) for touch in commit.touched):
                return commit.id
        elif event.new in after and event.new not in before:
            return commit.id
    return None


def _is_read(touch: Touch, read_rows: ReadRows) -> bool:
    """Return whether a file can be read as it is after a commit, or is gone."""
    return touch.is_readable if touch.blob is None else read_rows(touch.blob) is not None


def merged_commits(merge: str, parents: dict[str, tuple[str, ...]], seen: set[str]) -> set[str]:
    """Return the ids of the commits that a merge brought, and add them to `seen`; none for a commit with one parent.

    These are the commits reached from its further parents without passing one that is in `seen`.
    """
    merged: set[str] = set()
    waiting = list(parents.get(merge, ())[1:])
    while waiting:
        id = waiting.pop()
        if id not in seen:
            seen.add(id)
            merged.add(id)
            waiting += parents.get(id, ())
    return merged


class RowReader:
    """Reads the rows of files. Versions of a file share almost all of their features, so features are cached."""

    def __init__(self, max_bytes: int) -> None:
        self._limits = Limits(max_bytes=max_bytes)
        self._rows_of_chunk: dict[bytes, Rows | None] = {}

    def read(self, data: bytes) -> Rows | None:
        """Return each feature's row in the bytes of a file; None where the file cannot be read without errors.

        A file of plain sections without the word `features` has no rows and is not parsed.
        """
        if _SECTION not in data:
            return {} if _is_plain(data) else self._read_whole(data)
        rows = self._read_by_feature(data)
        return self._read_whole(data) if rows is None else rows

    def renames(self, data: bytes) -> Renames:
        """Return what the features and models of a file were called before; none of a file that cannot be read."""
        if b"was:" not in data.replace(b'"', b"").replace(b"'", b"").replace(b" ", b""):
            return {}
        root = parse("routes/history.yaml", data, self._limits).root
        renames: Renames = {}
        for section in ("features", "models"):
            bodies = root.get(section) if isinstance(root, Mapping) else None
            for name, body in bodies.items if isinstance(bodies, Mapping) else ():
                was = body.get("was") if isinstance(body, Mapping) else None
                if isinstance(was, Scalar):
                    renames[section, name.text] = was.text
        return renames

    def _read_by_feature(self, data: bytes) -> Rows | None:
        """Read a file in plain block style feature by feature; return None where it is written otherwise."""
        if b"\r" in data or b"\t" in data:
            return None
        rows: Rows = {}
        # In block style only top-level keys begin at the margin, and below `features:` only names of features at the
        # smallest indentation. Texts over several lines are indented deeper, or are not valid here.
        for part in _TOP_LEVEL.split(data):
            if not part.startswith(_SECTION):
                if not _OTHER_SECTION.match(part):
                    return None
                continue
            head, _, body = part.partition(b"\n")
            if head.strip() != b"features:":
                return None
            if rows:
                return None
            chunks = _feature_chunks(body)
            if not chunks:
                return None
            for chunk in chunks:
                chunk_rows = self._read_chunk(chunk)
                if chunk_rows is None or chunk_rows.keys() & rows.keys():
                    return None
                rows.update(chunk_rows)
        return rows

    def _read_chunk(self, chunk: bytes) -> Rows | None:
        """Return the rows of one feature's lines, from the cache where they were read before; None on errors."""
        if chunk not in self._rows_of_chunk:
            if len(self._rows_of_chunk) >= _MAX_CHUNKS:
                self._rows_of_chunk.clear()
            self._rows_of_chunk[chunk] = self._read_whole(b"features:\n" + chunk)
        return self._rows_of_chunk[chunk]

    def _read_whole(self, data: bytes) -> Rows | None:
        """Parse a file, and return its rows; none without `features`, None where it has errors."""
        parsed = parse("routes/history.yaml", data, self._limits)
        has_errors = any(diagnostic.severity == "error" for diagnostic in parsed.diagnostics)
        if not isinstance(parsed.root, Mapping) or has_errors:
            return None
        section = parsed.root.get("features")
        if not isinstance(section, Mapping):
            return {} if section is None else None
        return {name.text: _row(body) for name, body in section.items}


def _is_plain(data: bytes) -> bool:
    """Return whether a text is UTF-8 and holds nothing at its margin but sections and comments, and a section."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    parts = [part for part in _TOP_LEVEL.split(data) if part.strip()]
    sections = [part for part in parts if not part.lstrip().startswith(b"#")]
    return b"\0" not in data and bool(sections) and all(_OTHER_SECTION.match(part) for part in parts)


def _feature_chunks(body: bytes) -> list[bytes]:
    """Cut the text below `features:` before each line of the smallest indentation; none where it holds no key.

    The indentation is that of the first key.
    """
    first = _FIRST_KEY.search(body)
    if first is None:
        return []
    return _line_at_indent(len(first[1])).split(body[first.start() :])[1:]


@cache
def _line_at_indent(indent: int) -> re.Pattern[bytes]:
    """Return the pattern of the place before a line of exactly this indentation that is no comment."""
    return re.compile(rb"(?m)^(?= {%d}[^ #\n])" % indent)


def _row(body: Any) -> Row:
    """Return the row of a feature's body: without a mapping `models` no model. Retired models are in neither list."""
    models = body.get("models") if isinstance(body, Mapping) else None
    if not isinstance(models, Mapping):
        return Row((), frozenset())
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
