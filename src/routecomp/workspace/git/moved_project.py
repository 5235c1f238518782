"""Find the folder in which a commit holds a project that stands elsewhere today, by the names that it declares.

Names of features and experiments outlive the edits that a move may come with. A project of the commit that is still
there today was not moved: a new one beside it is new, a copy too, unless it has taken the migrations along.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from routecomp.model.sections import SECTIONS
from routecomp.parse import Limits, parse
from routecomp.parse.tree import Mapping as Tree
from routecomp.workspace.files import ENDINGS, FOLDERS, NotReadableError, native, read_regular
from routecomp.workspace.git.objects import blob_id
from routecomp.workspace.git.process import NO_BASE, run_git
from routecomp.workspace.git.repository import Repository, shown_folder
from routecomp.workspace.problem import Problem
from routecomp.workspace.settings import MOST_FILE_BYTES

Names = frozenset[tuple[str, str]]
"""What a project declares: (section, name)."""
_MIGRATION = re.compile(r"(?:^|/)migrations/[^/]+/[0-9]{4,}_[^/]*\.up\.sql$")
_NAMED = frozenset(name for name, section in SECTIONS.items() if not section.once)
_DECIDING = frozenset({"features", "targets", "experiments"})
_LIMITS = Limits(max_bytes=MOST_FILE_BYTES)


class MovedProject(NamedTuple):
    """Where a commit holds a project: `folder`, None where it holds none.

    `beside` is the folder of another project that stays, and declares most of what a project declares that is new.
    """

    folder: str | None
    beside: str | None = None


@dataclass(frozen=True)
class WorkTree:
    """The projects on the disk around a repository's folder. What cannot be read is left out."""

    repository: Repository

    def files(self, prefix: str) -> dict[str, bytes]:
        """Return the YAML files of the project in a folder, path to bytes; none where it is not there, or is a link."""
        folder = self._folder(prefix)
        if folder is None:
            return self._left_out(prefix)
        files: dict[str, bytes] = {}
        for name in FOLDERS:
            for above, folders, names in os.walk(os.path.join(folder, name)):
                folders[:] = [inner for inner in folders if not inner.startswith(".")]
                for path in (os.path.join(above, name) for name in names if _is_read(name)):
                    try:
                        files[os.path.relpath(path, folder)] = read_regular(path, MOST_FILE_BYTES)
                    except NotReadableError:
                        continue
        return files or self._left_out(prefix)

    def _folder(self, prefix: str) -> str | None:
        """Return the absolute path of a folder of the repository, None where it is not there or is a link."""
        repository = self.repository
        folder = os.path.normpath(os.path.join(os.path.realpath(repository.folder), repository.way_to_top))
        for part in filter(None, prefix.split("/")):
            # A listing tells names apart that differ in case alone, on a disk that does not.
            if not os.path.isdir(folder) or part not in os.listdir(folder):
                return None
            folder = os.path.join(folder, part)
            if os.path.islink(folder):
                return None
        return folder

    def prefixes(self) -> set[str]:
        """Return the folders that hold projects, tracked by Git or not."""
        return self._listed("--cached", "--others", "--exclude-standard")

    @cached_property
    def tracked(self) -> set[str]:
        """The folders that hold projects which Git tracks, as a commit would."""
        return self._listed("--cached")

    def _listed(self, *options: str) -> set[str]:
        """Return the folders that hold projects, by the files that Git lists with some options."""
        repository = self.repository
        command = ["-C", repository.way_to_top, "ls-files", "-z", *options]
        return set(by_project(os.fsdecode(run_git(repository.folder, command)).split("\0")))

    def has_file(self, path: str, id: str | None = None) -> bool:
        """Return whether a file of the repository is there, or is left out of the disk; with `id`, its content too."""
        prefix, _, name = path.rpartition("/")
        folder = self._folder(f"{prefix}/" if prefix else "")
        if folder is not None:
            try:
                data = read_regular(os.path.join(folder, native(name)), MOST_FILE_BYTES)
            except NotReadableError:
                data = None
            if data is not None:
                return id is None or blob_id(data, id) == id
        return any(id in (None, known) for _, known in self._skipped([native(path)]))

    def _left_out(self, prefix: str) -> dict[str, bytes]:
        """Return the YAML files of a project that a sparse checkout leaves out of the disk."""
        skipped = self._skipped([native(prefix + folder) for folder in FOLDERS])
        ids = {path.removeprefix(prefix): id for path, id in skipped if _is_read(path)}
        contents = self.repository.contents(list(ids.values()))
        return {path: contents[id] for path, id in ids.items()}

    def _skipped(self, paths: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield the files below some paths that a sparse checkout leaves out of the disk: path and content's id."""
        repository = self.repository
        options = ["-C", repository.way_to_top, "ls-files", "-z", "-t", "--stage", "--", *paths]
        for entry in os.fsdecode(run_git(repository.folder, options)).split("\0"):
            facts, _, path = entry.partition("\t")
            if facts.startswith("S "):
                yield path, facts.split(" ")[2]


@dataclass
class CommitTree:
    """The projects in a commit."""

    repository: Repository
    commit: str
    ids: dict[str, dict[str, str]] = field(init=False)
    """Folder to the YAML files of the project in it, path to the content's id."""
    migrations: dict[str, str] = field(init=False)
    """The way up of every migration in the commit, path to the content's id."""
    _files: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        output = run_git(self.repository.folder, ["ls-tree", "-r", "-z", "--full-tree", self.commit])
        ids: dict[str, str] = {}
        for entry in os.fsdecode(output).split("\0"):
            facts, _, path = entry.partition("\t")
            if facts.startswith("100"):
                ids[path] = facts.split(" ")[2]
        self._files = ids
        self.migrations = {path: id for path, id in ids.items() if _MIGRATION.search(path)}
        self.ids = {prefix: {path: ids[prefix + path] for path in paths} for prefix, paths in by_project(ids).items()}

    def files(self, prefix: str) -> dict[str, bytes]:
        """Return the YAML files of the project in a folder, path to bytes; none where it is not there."""
        ids = self.ids.get(prefix, {})
        contents = self.repository.contents(sorted(set(ids.values())))
        return {path: contents[id] for path, id in ids.items()}

    def has_file(self, path: str, id: str | None = None) -> bool:
        """Return whether the commit has a file; with `id`, of that content."""
        return path in self._files and id in (None, self._files[path])

    def prefixes(self) -> set[str]:
        """Return the folders that hold projects."""
        return set(self.ids)

    @property
    def tracked(self) -> set[str]:
        """The folders that hold projects: all of them."""
        return set(self.ids)


def find_moved_project(
    repository: Repository,
    commit: str,
    *,
    is_here: bool,
    today: WorkTree | CommitTree | None = None,
    prefix: str | None = None,
) -> MovedProject:
    """Return where a commit holds a project.

    The project stands `today` (by default on the disk) in the folder `prefix` (by default the repository's). `is_here`
    says that the commit holds a project there too, which may be another one. Raises a `Problem` where several folders
    fit equally.
    """
    after = WorkTree(repository) if today is None else today
    before = CommitTree(repository, commit)
    prefix = repository.prefix if prefix is None else prefix
    files = after.files(prefix)
    names = names_of(files)
    fits: dict[str, tuple[Fraction, int, bool]] = {}
    beside: dict[str, Fraction] = {}
    for folder in sorted(before.prefixes()):
        known = names_of(before.files(folder))
        if (
            folder != prefix
            and _stays(before, after, folder)
            and not (_is_shared(known, names) and _took_migrations(before, after, folder, prefix))
        ):
            if known and _is_half(_deciding(known), names):
                beside[folder] = _likeness(known, names)
            continue
        if folder != prefix and not (
            _is_shared(known, names) and not _fits_another(before, after, folder, known, names, prefix)
        ):
            continue
        unchanged = sum(path in files and blob_id(files[path], id) == id for path, id in before.ids[folder].items())
        fits[folder] = (_likeness(known, names), unchanged, _last_part(folder) == _last_part(prefix))
    if not fits:
        return (
            MovedProject(prefix) if is_here else MovedProject(None, max(beside, key=beside.__getitem__, default=None))
        )
    best = max(fits.values())
    chosen = [folder for folder, fit in fits.items() if fit == best]
    if len(chosen) > 1:
        if prefix in chosen:
            return MovedProject(prefix)
        raise Problem(
            f"{' and '.join(map(shown_folder, chosen))} of the commit to compare with are gone, and what is in "
            f"{shown_folder(prefix)} may have stood in either",
            f"move one project in a change of its own, before the other one is moved or removed; {NO_BASE}",
        )
    return MovedProject(chosen[0])


def by_project(paths: Iterable[str]) -> dict[str, list[str]]:
    """Return the folders above a `routes/` that holds YAML, each with the paths of its project's files below it."""
    known = [path for path in paths if path.endswith(ENDINGS)]
    below: dict[str, list[str]] = {}
    for path in known:
        parts = path.split("/")
        for place, part in enumerate(parts[:-1]):
            inner = parts[place:]
            if part in FOLDERS and not any(name.startswith(".") for name in inner):
                prefix = "".join(f"{name}/" for name in parts[:place])
                below.setdefault(prefix, []).append("/".join(inner))
    first = f"{FOLDERS[0]}/"
    return {prefix: inner for prefix, inner in below.items() if any(path.startswith(first) for path in inner)}


def _is_read(path: str) -> bool:
    """Return whether a file has the ending of YAML and is not hidden."""
    return path.endswith(ENDINGS) and not os.path.basename(path).startswith(".")


def names_of(files: Mapping[str, bytes]) -> Names:
    """Return what files declare: (section, name); a file that cannot be parsed declares nothing."""
    names: set[tuple[str, str]] = set()
    for path, data in files.items():
        root = parse(path, data, _LIMITS).root
        if isinstance(root, Tree):
            for key, bodies in root.items:
                if key.text in _NAMED and isinstance(bodies, Tree):
                    names.update((key.text, name.text) for name, _ in bodies.items)
    return frozenset(names)


def _deciding(names: Names) -> Names:
    """Return the names of what decides; all names where none does."""
    return frozenset(name for name in names if name[0] in _DECIDING) or names


def _is_shared(known: Names, names: Names) -> bool:
    """Return whether two projects may be the same: both declare a feature, target or experiment, or half of all."""
    return bool(_deciding(known) & names) or (bool(known) and _is_half(known, names))


def declares_most(known: Names, names: Names) -> bool:
    """Return whether half of what decides in a project is declared by another one."""
    return _is_half(_deciding(known), names)


def _is_half(known: Names, names: Names) -> bool:
    """Return whether at least half of the known names are among others."""
    return 2 * len(known & names) >= len(known)


def _likeness(known: Names, names: Names) -> Fraction:
    """Return the part of all names that two projects share."""
    return Fraction(len(known & names), len(known | names) or 1)


def _stays(before: CommitTree, after: WorkTree | CommitTree, folder: str) -> bool:
    """Return whether a project of the commit still stands in its folder: with half of the names that decide."""
    files = after.files(folder)
    if folder not in after.tracked or not any(path.startswith(f"{FOLDERS[0]}/") for path in files):
        return False
    if all(path in files and blob_id(files[path], id) == id for path, id in before.ids[folder].items()):
        return True
    return _is_half(_deciding(names_of(before.files(folder))), names_of(files))


def _took_migrations(before: CommitTree, after: WorkTree | CommitTree, folder: str, prefix: str) -> bool:
    """Return whether the migrations of a project of the commit have all left its folder, and stand in another one."""
    inner = {
        path.removeprefix(folder): id
        for path, id in before.migrations.items()
        if path.startswith(folder) and not before.has_file(prefix + path.removeprefix(folder))
    }
    came = any(after.has_file(prefix + path, id) for path, id in inner.items())
    return came and not any(after.has_file(folder + path) for path in inner)


def _fits_another(
    before: CommitTree, after: WorkTree | CommitTree, folder: str, known: Names, names: Names, prefix: str
) -> bool:
    """Return whether another new project of today is more like a project of the commit, and this one hardly is."""
    if _is_half(_deciding(known), names):
        return False
    others = after.prefixes() - before.prefixes() - {prefix}
    return any(_likeness(known, names_of(after.files(other))) > _likeness(known, names) for other in others)


def _last_part(prefix: str) -> str:
    """Return the name of a folder without those above it."""
    return os.path.basename(prefix.rstrip("/"))
