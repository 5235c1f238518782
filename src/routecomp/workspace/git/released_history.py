"""Read what the base branch has ever had of a project's migrations, in whichever folder they stood.

The output folder is a setting, and settings change: what databases have run counts wherever it stood. Where the tables
were renamed, what calls them otherwise is another history, which counts only where its files would be written over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.file_names import BASELINE, FILE, FOLDER
from routecomp.sql.line_ends import line_ends, written_otherwise
from routecomp.sql.names import Names, used_names, written_names
from routecomp.workspace.drafts import migration_id
from routecomp.workspace.files import native
from routecomp.workspace.git.on_demand import earlier_folders
from routecomp.workspace.git.project_in_commit import ProjectInCommit
from routecomp.workspace.git.repository import HistoryStep, Repository
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.load_settings import settings_of
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.project import Project
from routecomp.workspace.settings import TOML, YAML, Settings

_OUTPUT = re.compile(rb"""^output["']?[ \t]*[:=][ \t]*["']?([^"'#\s]+)""", re.MULTILINE)


@dataclass(frozen=True)
class ReleasedHistory:
    """The migrations of a base branch, by their paths below `migrations/`.

    `present` and `deleted` map them to the ids of their contents; `replaced` are the drafts (dialect/id) that were
    replaced before their release. `carried_from` is the folder in which they are, None where it is today's. `earlier`
    are those that call the tables otherwise, as they were called last.
    """

    present: Mapping[str, str]
    deleted: Mapping[str, str]
    replaced: frozenset[str]
    carried_from: str | None = None
    earlier: Mapping[str, str] = field(default_factory=dict)


def read_history(project: Project, snapshot: Snapshot, repository: Repository, commit: str) -> ReleasedHistory:
    """Read the migrations that a commit has, and what the line of commits up to it did to them.

    Raises a `Problem` where today's output folder already has another migration of the same name on the base branch.
    """
    there = snapshot.project_in(commit, project)
    history = _read(project, repository, commit, there, [there.prefix])
    if history.present or history.deleted or not project.settings.dialects:
        return history
    # It may have had migrations in a folder which it was moved to and back from.
    prefixes = dict.fromkeys((there.prefix, *earlier_folders(repository, commit)))
    return history if len(prefixes) == 1 else _read(project, repository, commit, there, list(prefixes))


def read_present(project: Project, snapshot: Snapshot, repository: Repository, commit: str) -> dict[str, str]:
    """Return the migrations in the output folder of a commit: their paths below `migrations/` to the contents' ids."""
    there = snapshot.project_in(commit, project)
    return _files(repository, commit, _folder(there.prefix, there.settings.output))


def migration_folders(repository: Repository, commit: str, prefixes: Sequence[str], output: str) -> list[str]:
    """Return where migrations of a project may have lain up to a commit: folders from the repository's top.

    `prefixes` are the folders that the project stood in, `output` is its output folder today.
    """
    settings = [prefix + name for prefix in prefixes for name in (YAML, TOML)]
    named = _outputs(repository, repository.history(commit, settings), settings)
    outputs = dict.fromkeys((output, *named, Settings().output))
    return [_folder(prefix, folder) for folder in outputs for prefix in prefixes]


def _read(
    project: Project, repository: Repository, commit: str, there: ProjectInCommit, prefixes: Sequence[str]
) -> ReleasedHistory:
    """Read the history of a project that stood in some folders of the repository, the latest of them first."""
    today = _folder(repository.prefix, project.settings.output)
    settings = [prefix + name for prefix in prefixes for name in (YAML, TOML)]
    folders = [_folder(there.prefix, there.settings.output), today]
    folders = list(dict.fromkeys([*folders, *(_folder(prefix, Settings().output) for prefix in prefixes)]))
    steps = repository.history(commit, [*settings, *folders])
    others = [_folder(prefix, output) for output in _outputs(repository, steps, settings) for prefix in prefixes]
    seen: set[str] = set()
    while more := _without(folders, [*others, *_moved_from(repository, steps, folders, seen)]):
        folders += more
        steps = repository.history(commit, folders)
    present: dict[str, str] = {}
    counted: list[str] = []
    renamed: list[str] = []
    earlier: dict[str, str] = {}
    for folder in folders:
        files = _files(repository, commit, folder)
        if folder != today and (_renamed(project, repository, files.items()) or _is_rest(project, repository, files)):
            renamed.append(folder)
            earlier = earlier or files
            continue
        other = next((name for name, id in files.items() if present.get(name, id) != id), None)
        if other is not None and folder == today:
            raise Problem(
                f"{visible(folder + other)} is on the base branch, with another content than the migration of this "
                f"project that has this name: as `output`, {visible(project.settings.output)} would overwrite it",
                "name another folder as `output`, or leave it as it was",
                "refused",
            )
        if other is None:
            present |= files
            counted.append(folder)
    followed = [*counted, *renamed]
    entries = (
        (name, id)
        for step in steps
        for changes in (step.added, step.modified)
        for name, path in _named(changes, followed)
        if (id := changes[path]) != present.get(name)
    )
    baselines = _renamed(project, repository, entries)
    deleted, replaced = _deleted_and_replaced(repository, steps, followed, today, baselines)
    present, deleted = (_as_first_written(repository, ids, steps, followed) for ids in (present, deleted))
    present, deleted = _by_first_names(present, deleted, steps, followed)
    is_carried = bool(present.keys() - _files(repository, commit, today).keys())
    return ReleasedHistory(
        present,
        deleted,
        frozenset(replaced),
        next((folder for folder in counted if folder != today), None) if is_carried else None,
        earlier,
    )


def _as_first_written(
    repository: Repository, ids: Mapping[str, str], steps: Iterable[HistoryStep], folders: Sequence[str]
) -> dict[str, str]:
    """Return migrations (name to content) with the contents that they had before a commit gave them other line ends.

    Those `migrate` does not run: no database has such a file in its ledger.
    """
    written: dict[str, dict[str, None]] = {}
    for step in steps:
        for changes in (step.added, step.modified):
            for name, path in _named(changes, folders):
                written.setdefault(name, {})[changes[path]] = None
    before = {name: [other for other in written.get(name, ()) if other != id] for name, id in ids.items()}
    rewritten = [name for name in ids if before[name]]
    contents = repository.contents(sorted({ids[name] for name in rewritten}))
    odd = [name for name in rewritten if line_ends(contents[ids[name]])]
    contents |= repository.contents(sorted({id for name in odd for id in before[name]}))
    first = {
        name: id
        for name in odd
        for id in reversed(before[name])
        if not line_ends(contents[id]) and written_otherwise(contents[ids[name]], contents[id].__eq__)
    }
    return {**ids, **first}


def _by_first_names(
    present: Mapping[str, str], deleted: Mapping[str, str], steps: Iterable[HistoryStep], folders: Sequence[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return both without migrations that have another's bytes: they were renamed past `check`, or back.

    Only one of the two runs on those before it. It is the first name, which databases keep, where that was released.
    """
    first: dict[tuple[str, str], str] = {}
    for step in steps:
        for name, path in _named(step.added, folders):
            first.setdefault((migration_number(name), step.added[path]), name)

    def without_second(names: Mapping[str, str], others: Mapping[str, str]) -> dict[str, str]:
        """Return the names but those whose first name is among the others."""
        return {
            name: id for name, id in names.items() if others.get(first.get((migration_number(name), id), name)) != id
        }

    gone = {name: id for name, id in deleted.items() if name not in present}
    return without_second(present, gone), without_second(gone, present)


def migration_number(name: str) -> str:
    """Return a migration's dialect and number, and whether it is up or down."""
    dialect, _, file = name.partition("/")
    return f"{dialect}/{file.partition('_')[0]}.{file.rpartition('.')[0].rpartition('.')[2]}"


def _without(known: Sequence[str], folders: Iterable[str]) -> list[str]:
    """Return the folders that are not known, each once."""
    return [folder for folder in dict.fromkeys(folders) if folder not in known]


def _files(repository: Repository, commit: str, folder: str) -> dict[str, str]:
    """Return the migrations of a folder in a commit: name to the content's id."""
    ids = {
        _name(blob.path, [folder]): blob.id for blob in repository.objects.files(commit, [folder]) if blob.is_regular
    }
    return {name: id for name, id in ids.items() if name is not None}


def _folder(prefix: str, output: str) -> str:
    """Return the folder of the migrations below an output folder, from the repository's top, with a slash behind it."""
    return f"{prefix}{native(output)}/{FOLDER}/"


def _name(path: str, folders: Iterable[str]) -> str | None:
    """Return the name of a migration (`sqlite/0001_baseline.up.sql`) in one of some folders; None for other files."""
    for folder in folders:
        dialect, _, file = path.removeprefix(folder).partition("/")
        if path.startswith(folder) and dialect in dialect_names() and FILE.fullmatch(file):
            return f"{dialect}/{file}"
    return None


def _outputs(repository: Repository, steps: Sequence[HistoryStep], settings: Sequence[str]) -> list[str]:
    """Return the output folders that the settings have ever named, the latest first."""
    ids = [
        (id, path.endswith(YAML))
        for step in reversed(steps)
        for changes in (step.added, step.modified)
        for path, id in changes.items()
        if path in settings
    ]
    contents = repository.contents(sorted({id for id, _ in ids}))
    return list(dict.fromkeys(filter(None, (_output(contents[id], is_yaml) for id, is_yaml in ids))))


def _moved_from(
    repository: Repository, steps: Iterable[HistoryStep], folders: Sequence[str], seen: set[str]
) -> list[str]:
    """Return the folders from which commits have moved baselines into some folders; `seen` are commits looked at."""
    others: list[str] = []
    for step in steps:
        ids = {
            step.added[path]
            for name, path in _named(step.added, folders)
            if name.endswith(f"/{BASELINE}.up.sql") and step.commit not in seen
        }
        if ids:
            seen.add(step.commit)
            others += [
                path.removesuffix(ending)
                for path, id in repository.deleted(step).items()
                for ending in (f"{dialect}/{BASELINE}.up.sql" for dialect in dialect_names())
                if id in ids and path.endswith(f"/{FOLDER}/{ending}")
            ]
    return others


def _output(data: bytes, is_yaml: bool) -> str | None:
    """Return the output folder that a settings file names; None where it names none."""
    if b"output" not in data:
        return None
    try:
        return settings_of(data if is_yaml else None, None if is_yaml else data).output
    except Problem:  # of another version, or broken for a while: what it names counts all the same
        match = _OUTPUT.search(data)
        return None if match is None else match[1].decode("utf-8", "replace")


def _renamed(project: Project, repository: Repository, files: Iterable[tuple[str, str]]) -> dict[str, Names]:
    """Return the baselines among migrations (name, content) that call the tables otherwise: content to names."""
    wanted = {f"{dialect}/{BASELINE}.up.sql" for dialect in project.settings.dialects}
    contents = repository.contents(sorted({id for name, id in files if name in wanted}))
    names = project.settings.names
    written = ((id, written_names([data], names)) for id, data in contents.items())
    return {id: other for id, other in written if other is not None and other != names}


def _is_rest(project: Project, repository: Repository, files: Mapping[str, str]) -> bool:
    """Return whether migrations (name to content) are what a revert left of a folder with other names: no baseline."""
    dialects = [dialect for dialect in project.settings.dialects if f"{dialect}/{BASELINE}.up.sql" not in files]
    names = project.settings.names
    for dialect in dialects:
        ids = {id for name, id in files.items() if name.startswith(f"{dialect}/")}
        used = used_names(repository.contents(sorted(ids)).values(), names) if ids else None
        if used is not None and used != names:
            return True
    return False


def _deleted_and_replaced(
    repository: Repository,
    steps: Iterable[HistoryStep],
    folders: Sequence[str],
    today: str,
    renamed: Mapping[str, Names],
) -> tuple[dict[str, str], set[str]]:
    """Return the migrations that were released and deleted, and the drafts that were replaced before their release.

    The first are name (as of `_name`) to content. The second are dialect/id; a revert may have brought them back.
    With a baseline of `renamed` (contents) a folder holds another history, and of that only what `today`'s folder has
    lost counts.

    A branch of several commits that was fast-forwarded or rebased leaves its drafts in the history of the base: a
    commit that deletes a migration and adds one of its number or above replaces a draft. A commit that deletes one and
    adds none, or says that it is a revert, takes back what databases may have run; so does a merge, where what it
    merges had deleted it. One that moves a migration to another of the folders, or leaves it in another, does neither.
    The table is in docs/database.md.
    """
    deleted: dict[str, str] = {}
    replaced: set[str] = set()
    places: dict[tuple[str, Names | None], set[str]] = {}
    baselines: dict[str, str] = {}
    for step in steps:
        before = _holders(baselines, renamed)
        written = step.added | step.modified
        baselines |= {path: id for path, id in written.items() if id in renamed or path in baselines}
        after = _holders(baselines, renamed)
        fresh: set[str] = set()
        for name, path in _named(step.added, folders):
            other = after.get(path.removesuffix(name))
            holding = places.setdefault((name, other), set())
            if not holding and (other is None or path == today + name):
                fresh.add(name)
            holding.add(path)
        gone: dict[str, str] = {}
        for name, path in _named(step.deleted, folders):
            other = before.get(path.removesuffix(name))
            holding = places.setdefault((name, other), set())
            holding.discard(path)
            if not holding and (other is None or path == today + name):
                gone[name] = step.deleted[path]
        added = {migration_id(name) for name in fresh}
        takes_back = step.is_revert or (bool(gone and fresh) and _merges_a_deletion(repository, step, folders))
        for name, content in gone.items():
            id = migration_id(name)
            if not takes_back and any(_may_replace(other, id) for other in added):
                replaced.add(id)
            elif id not in replaced:
                deleted[name] = content
        if not takes_back:
            replaced -= added
    return deleted, replaced


def _holders(baselines: Mapping[str, str], renamed: Mapping[str, Names]) -> dict[str, Names]:
    """Return the folders with a baseline (path to content) that calls the tables otherwise, a slash behind each.

    Of several dialects the first decides: those behind it may have no schemas.
    """
    holding = (path for path in sorted(baselines, reverse=True) if baselines[path] in renamed)
    return {f"{path.rsplit('/', 2)[0]}/": renamed[baselines[path]] for path in holding}


def _named(paths: Iterable[str], folders: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the name and the path of each migration among some paths."""
    for path in paths:
        name = _name(path, folders)
        if name is not None:
            yield name, path


def _merges_a_deletion(repository: Repository, step: HistoryStep, folders: Sequence[str]) -> bool:
    """Return whether a merge took a deletion over, in place of making it: what both sides began with had the file."""
    first, others = step.parents[:1], step.parents[1:]
    if not others:
        return False
    fork = repository.fork_point(first[0], others)
    return fork is not None and any(blob.path in step.deleted for blob in repository.objects.files(fork, folders))


def _may_replace(other: str, id: str) -> bool:
    """Return whether a migration can have come in the place of another one: the same dialect, its number or above."""
    (folder, _, name), (other_folder, _, other_name) = id.rpartition("/"), other.rpartition("/")
    return folder == other_folder and name.partition("_")[0].zfill(9) <= other_name.partition("_")[0].zfill(9)
