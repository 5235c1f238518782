"""Find out which commits brought the migrations of a project, also those from before its tables were renamed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from routecomp.review.ledger.compare import Release
from routecomp.sql.file_names import BASELINE, FILE, FOLDER
from routecomp.workspace.files import native
from routecomp.workspace.git.released_history import migration_folders
from routecomp.workspace.git.repository import HistoryStep, Repository


@dataclass(frozen=True, slots=True)
class Earlier:
    """The migrations that a project had before its tables were renamed, and the numbers began anew.

    `folder` is where their first baseline came, and `baseline` its content; `releases` call each as `called` does.
    """

    folder: str
    baseline: bytes
    ids: frozenset[str]
    releases: tuple[Release, ...]

    def called(self, id: str) -> str:
        """Return what tells one of them from a later one of the same name."""
        return f"{id} of {self.folder}"


def releases(
    repository: Repository, output: str, folders: Sequence[str], dialect: str, places: dict[str, int]
) -> list[Release]:
    """Return which commit of the first-parent line brought each migration that HEAD has.

    It may have come in any of the `folders` that the project stood in, from the repository's top, and in any output
    folder that the settings have named.
    """
    paths = [f"{folder}{dialect}/" for folder in migration_folders(repository, "HEAD", folders, output)]
    today = tuple(f"{folder}{native(output)}/{FOLDER}/{dialect}/" for folder in folders)
    files = repository.objects.files("HEAD", today)
    present = {_file_name(blob.path): blob.id for blob in files if blob.is_regular}
    first: dict[str, int] = {}
    for step in repository.history("HEAD", paths):
        for path, id in step.added.items():
            name = _file_name(path)
            match = FILE.fullmatch(name)
            is_it = path.startswith(today) or present.get(name) == id  # another folder may be of other tables
            if name in present and is_it and match is not None and match["way"] == "up" and step.commit in places:
                first.setdefault(match["id"], places[step.commit])
    return [
        Release(place, tuple(sorted(id for id, arrival in first.items() if arrival == place)))
        for place in sorted(set(first.values()))
    ]


def earlier_releases(
    repository: Repository, output: str, folders: Sequence[str], dialect: str, places: dict[str, int]
) -> list[Earlier]:
    """Return what the project had before each of its renames, the earliest first; none where it never had another.

    Migrations that `output` took along to another folder, byte for byte, are the same.
    """
    paths = [f"{folder}{dialect}/" for folder in migration_folders(repository, "HEAD", folders, output)]
    steps = repository.history("HEAD", paths)
    spans = _spans(steps)
    contents = repository.contents([span.baseline for span in spans])
    earlier = []
    for span in spans[:-1]:
        first = {id: places[commit] for id, commit in span.first.items() if commit in places}
        known = Earlier(span.folder, contents[span.baseline], frozenset(first), ())
        came = [
            Release(place, tuple(sorted(known.called(id) for id, arrival in first.items() if arrival == place)))
            for place in sorted(set(first.values()))
        ]
        earlier.append(Earlier(known.folder, known.baseline, known.ids, tuple(came)))
    return earlier


@dataclass(slots=True)
class _Span:
    """The time from one baseline to the next: the baseline's content, its folder, and the commit of each migration."""

    baseline: str
    folder: str
    first: dict[str, str]


def _spans(steps: Sequence[HistoryStep]) -> list[_Span]:
    """Return the times that the migrations of a dialect had, each with a baseline of its own in a folder of its own."""
    spans: list[_Span] = []
    of_folder: dict[str, _Span] = {}
    for step in steps:
        written = {path: id for path, id in (step.added | step.modified).items() if FILE.fullmatch(_file_name(path))}
        for path, id in written.items():
            folder = path.rpartition("/")[0]
            if _file_name(path) != f"{BASELINE}.up.sql":
                continue
            if folder in of_folder and path not in step.added:
                if not of_folder[folder].first.keys() - {BASELINE}:
                    of_folder[folder].baseline = id  # it was a draft until then
                continue
            same = next((span for span in spans if span.baseline == id), None)
            if same is None:
                same = _Span(id, folder.rpartition("/")[0], {})
                spans.append(same)
            of_folder[folder] = same
        for path in written:
            match = FILE.fullmatch(_file_name(path))
            folder = path.rpartition("/")[0]
            if match is not None and match["way"] == "up" and folder in of_folder:
                of_folder[folder].first.setdefault(match["id"], step.commit)
    return spans


def _file_name(path: str) -> str:
    """Return the name of a file without its folders."""
    return path.rpartition("/")[2]
