"""Make a new project: its files from the templates, compiled, written where nothing of that name is in the way."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from importlib.resources import files as package_files

from routecomp import __version__
from routecomp.checker import Options
from routecomp.compiler import compile
from routecomp.emit.json_schema.published import schema_files
from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.dialects.registry import reference_dialect
from routecomp.sql.migrations import Released
from routecomp.workspace.compiler_source import compiler_source
from routecomp.workspace.files import FOLDERS, locked, read_if_there
from routecomp.workspace.git.base_point import USUAL_BRANCHES
from routecomp.workspace.git.main_branch import main_branch
from routecomp.workspace.git.process import GitError, run_git
from routecomp.workspace.git.repository import find_repository
from routecomp.workspace.load_settings import settings_files_in
from routecomp.workspace.misnamed_settings import refuse_misnamed_settings
from routecomp.workspace.named_paths import is_project
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.publish import publish
from routecomp.workspace.settings import TOML, YAML
from routecomp.workspace.settings_file import has_settings, is_branch_name

CI = ("github", "gitlab", "none")
"""The CI systems that a new project can have files for."""
_SHOWN = 10
_LINE_FILES = (".gitignore", ".gitattributes")
"""Files of single lines: what is missing in the user's own can be named line by line."""
_KEPT = (
    *_LINE_FILES,
    "README.md",
    ".pre-commit-config.yaml",
    ".gitlab-ci.yml",
    ".github/CODEOWNERS",
    ".gitlab/CODEOWNERS",
)
"""What a repository may have of its own already: it stays, and the project works without ours."""
_READ_AT_TOP = (".github/", ".gitlab/", ".gitlab-ci.yml", ".pre-commit-config.yaml")
"""What is read only at the top of a repository."""
_OWN_FOLDERS = ("routes", "policies", "experiments", "generated", "schemas")
"""Folders that must be the project's alone; beside its other files there may be anything."""
_RAISE_WHEEL = (
    "To raise it: put the new wheel into tools/ in place of this one, run\n"
    "`sha256sum tools/*.whl > tools/routecomp.sha256` and `routecomp compile`, change its name here, commit all."
)
_RAISE = "To raise it: change it here, run `routecomp compile`, commit both."
_HOOK_WHEEL = "language: system  # the routecomp that README.md installs"
_HOOK = 'language: python\nadditional_dependencies: ["{}"]'
_BASE = "# base_branch: main               # the branch that changes are compared with, if it is not main or master"
_OWN_BASE = "base_branch: {}                # the branch that changes are compared with"
_PLAIN = re.compile("[A-Za-z][A-Za-z0-9_/-]*")
"""Names that YAML reads as text without quotes, unless they are words of its own."""
_YAML_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
_PLAIN_FOLDER = re.compile("(?:[A-Za-z_][A-Za-z0-9_.-]*/)+")
"""Paths of folders that nothing has to write between quotes."""
_OF_A_FOLDER = (
    (
        ".yml",
        "    runs-on: ubuntu-latest\n",
        "    runs-on: ubuntu-latest\n    defaults: {run: {working-directory: FOLDER}}\n",
    ),
    (".gitlab-ci.yml", "  script:\n", "  script:\n    - cd FOLDER\n"),
    (".gitlab-ci.yml", "paths: [", "paths: [FOLDER/"),
    (".gitlab-ci.yml", "junit: ", "junit: FOLDER/"),
    (".pre-commit-config.yaml", "entry: routecomp check", "entry: routecomp check --root FOLDER"),
    (".pre-commit-config.yaml", "entry: routecomp compile", "entry: routecomp compile --root FOLDER"),
    (".pre-commit-config.yaml", "^", "^FOLDER/"),
    ("CODEOWNERS", "# /", "# /FOLDER/"),
)
"""What changes in files that stand at the top of a repository, for a project in a folder: file, text, text then."""
_MOVE_UP = (
    "Git hosts and pre-commit read their files only at the top of the repository: those in this folder do nothing\n"
    "until they are moved there (`routecomp docs ci#in-a-folder-of-a-larger-repository`). Then:"
)
_CI_WORDS = {
    "github": "The workflow in `.github/workflows/` runs both on every pull request, and `routecomp diff`: what the\n"
    "change does becomes a comment.",
    "gitlab": "`.gitlab-ci.yml` runs both on every merge request, and `routecomp diff`: what the change does becomes\n"
    "a note.",
    "none": "Run both in your CI on every change, and `routecomp diff` for its reviewers.",
}


def make_project(
    folder: str, ci: str, dialects: Sequence[str], compiler: str | None
) -> tuple[dict[str, bytes], list[str]]:
    """Write a new project into a folder; return the files that were written, and notes for the user.

    The arguments are those of `project_files`. Raises `Problem` where something is in the way or cannot be written;
    nothing of the project is left then.
    """
    root = os.path.abspath(folder)
    branch, prefix, notes = _repository_around(root)
    _refuse_within_a_project(root, folder)
    whole = project_files(ci, dialects, compiler, branch, prefix)
    kept = [path for path in _KEPT if path in whole and os.path.lexists(os.path.join(root, path))]
    files = {path: data for path, data in whole.items() if path not in kept}
    _refuse_to_replace(root, folder, files)
    _refuse_other_settings(root)
    _write(root, folder, files)
    notes += _notes_on_kept(root, {path: whole[path] for path in kept})
    return files, notes + _notes_on_unread(prefix, files) + _notes_on_ignored(root, files)


def _refuse_within_a_project(root: str, folder: str) -> None:
    """Raise a `Problem` in a folder that belongs to a project: its files would be read as that project's too."""
    below = os.path.realpath(root)
    while (above := os.path.dirname(below)) != below:
        if os.path.basename(below) in _OWN_FOLDERS and is_project(above):
            raise Problem(
                f"nothing was written: {visible(folder)} lies in {os.path.basename(below)}/ of the project "
                f"{visible(above)}",
                "name a folder outside of it; to add to that project, write files into its routes/, policies/ and "
                "experiments/",
            )
        below = above


def _refuse_other_settings(root: str) -> None:
    """Raise a `Problem` where the folder has settings already: those of a new project would contradict them."""
    refuse_misnamed_settings(root)
    toml = settings_files_in(root)[1]
    if toml is not None and has_settings(toml):
        raise Problem(
            f"{TOML} has settings under [tool.routecomp], and a new project would have a {YAML} beside it",
            f"take the table out of {TOML}; what it says goes into {YAML} afterwards",
        )


def default_dialects() -> tuple[str, ...]:
    """Return the one dialect that a new project has migrations for: every project needs it to replay them."""
    replayed = reference_dialect(dialect_names())
    assert replayed is not None
    return (replayed.name,)


def project_files(
    ci: str = "github",
    dialects: Sequence[str] | None = None,
    compiler: str | None = None,
    base_branch: str | None = None,
    prefix: str = "",
) -> dict[str, bytes]:
    """Return every file of a new project by its path: template, CI, schemas for editors, and what the YAML compiles to.

    `ci` is one of `CI`; `dialects` are those of its migrations, by default one; `compiler` is where its CI gets the
    compiler from (`compiler_source.compiler_source`); `base_branch` is the branch that changes are merged into, None
    where it is main or master; `prefix` is the project's folder from the top of its repository. Nothing is written.
    """
    names = default_dialects() if dialects is None else tuple(dialects)
    source = compiler_source(compiler)
    files = _template_files("project")
    if ci != "none":
        files |= _template_files("ci", ci)
    words = {
        "ROUTECOMP_CI": _CI_WORDS[ci] if not prefix or ci == "none" else f"{_MOVE_UP}\n{_CI_WORDS[ci]}",
        "ROUTECOMP_VERSION": __version__,
        "ROUTECOMP_INSTALL": "\n".join(source.install),
        "ROUTECOMP_RAISE": _RAISE if source.requirement else _RAISE_WHEEL,
        "ROUTECOMP_HOOK": _HOOK.format(source.requirement) if source.requirement else _HOOK_WHEEL,
        "ROUTECOMP_DIALECTS": f"[{', '.join(names)}]",
        "ROUTECOMP_CHOICE": ", ".join(dialect_names()),
        "ROUTECOMP_BASE": _BASE if base_branch is None else _OWN_BASE.format(_scalar(base_branch)),
        "ROUTECOMP_BRANCHES": "main, master" if base_branch is None else _scalar(base_branch),
    }
    texts = {path: _filled(data.decode(), words) for path, data in files.items()}
    files = {path: name_folder(path, text, prefix).encode() for path, text in texts.items()} | dict(source.files)
    yaml = {path: data for path, data in files.items() if path.startswith(tuple(f"{name}/" for name in FOLDERS))}
    compilation = compile(yaml, Options(today=datetime.now(UTC).date()), released=Released({}, names))
    if not compilation.artifacts:
        raise RuntimeError("the template does not compile")
    modelines = b"\n".join(yaml.values())
    files |= {f"schemas/{name}": data for name, data in schema_files().items() if name.encode() in modelines}
    files |= {f"generated/{name}": data for name, data in compilation.artifacts.items()}
    return dict(sorted(files.items()))


def _repository_around(root: str) -> tuple[str | None, str, list[str]]:
    """Return the main branch of the repository around a folder, and the folder's path from its top; and notes.

    The branch is None for main, master and where nothing tells; the path is empty, or has a slash at its end. A
    checkout of CI knows no default branch of its remote: a name that is not usual must stand in the settings.
    """
    above = root
    while not os.path.isdir(above):
        above = os.path.dirname(above)
    prefix = ""
    try:
        repository = find_repository(above)
        if repository is None:
            return None, "", []
        missing = os.path.relpath(root, above).replace(os.sep, "/")
        prefix = repository.prefix + ("" if missing == "." else f"{missing}/")
        name = main_branch(repository)
    except (Problem, GitError):  # what is wrong with the repository is for the commands that need it to say
        return None, prefix, []
    if name is not None and is_branch_name(name):
        return (None if name in USUAL_BRANCHES else name), prefix, []
    unknown = (
        "the branch that changes are merged into is not known here: name it as `base_branch` in routecomp.yaml, and "
        "where your CI names main and master"
    )
    return None, prefix, [unknown]


def _scalar(name: str) -> str:
    """Return the name of a branch as YAML writes it, between quotes where it could be read as something else."""
    is_plain = _PLAIN.fullmatch(name) and name.lower() not in _YAML_WORDS
    return name if is_plain else json.dumps(name, ensure_ascii=False)


def _filled(text: str, words: Mapping[str, str]) -> str:
    """Return a template with words in place of their names; each line of a word begins as the line it stands in."""
    lines = []
    for line in text.split("\n"):
        lead = line[: len(line) - len(line.lstrip(" #"))]
        for name, word in words.items():
            line = line.replace(name, word.replace("\n", f"\n{lead}"))
        lines.append(line)
    return "\n".join(lines)


def name_folder(path: str, text: str, prefix: str) -> str:
    """Return a file that is read at the top of a repository with the names of the project's folder below it.

    Others stay as they are, and all do where the folder's name would have to stand between quotes.
    """
    if not _PLAIN_FOLDER.fullmatch(prefix):
        return text
    folder = prefix.rstrip("/")
    for name, old, new in _OF_A_FOLDER:
        if path.endswith(name):
            text = text.replace(old, new.replace("FOLDER", re.escape(folder) if "^" in old else folder))
    return text


def _template_files(*folder: str) -> dict[str, bytes]:
    """Return the files of a folder of templates; a name that begins with `dot-` stands for a hidden one."""
    files: dict[str, bytes] = {}
    folders = [(package_files("routecomp.workspace").joinpath("templates", *folder), "")]
    while folders:
        above, prefix = folders.pop()
        for entry in above.iterdir():
            name = "." + entry.name.removeprefix("dot-") if entry.name.startswith("dot-") else entry.name
            if entry.is_dir():
                folders.append((entry, f"{prefix}{name}/"))
            else:
                files[f"{prefix}{name}"] = entry.read_bytes()
    return files


def _notes_on_kept(root: str, kept: Mapping[str, bytes]) -> list[str]:
    """Say which files of the user were kept, and which lines those lack in which single lines count.

    A file of lines that lacks none has no note.
    """
    notes = []
    for path, data in kept.items():
        own = (read_if_there(os.path.join(root, path), 1 << 20) or b"").splitlines() if path in _LINE_FILES else []
        missing = [line for line in data.splitlines() if line not in own and not line.startswith(b"#")]
        if path in _LINE_FILES and missing:
            lines = "".join(f"\n  {line.decode()}" for line in missing)
            notes.append(f"{path} is yours and stays as it is; add to it:{lines}")
        elif path not in _LINE_FILES:
            notes.append(
                f"{path} is yours and stays as it is; what belongs into it is in the one that "
                "`routecomp init` makes in an empty folder"
            )
    return notes


def _notes_on_unread(prefix: str, files: Iterable[str]) -> list[str]:
    """Say, in a folder below the top of a repository, which of the files nobody reads there; elsewhere, nothing."""
    unread = [path for path in files if path.startswith(_READ_AT_TOP)]
    if not prefix or not unread:
        return []
    moves = (
        f"\n  mkdir -p {os.path.dirname(path) or '.'} && mv -n {shlex.quote(prefix + path)} {path}" for path in unread
    )
    done = f"; they name {visible(prefix)} already" if _PLAIN_FOLDER.fullmatch(prefix) else ""
    return [
        f"{visible(prefix)} is not the top of its repository, and nobody reads these there: move them to the top, "
        f"beside what is there of yours{done} (`routecomp docs ci#in-a-folder-of-a-larger-repository`):{''.join(moves)}"
    ]


def _notes_on_ignored(root: str, files: Iterable[str]) -> list[str]:
    """Say which files a `.gitignore` of the user keeps out of Git, although CI needs them there; else, nothing."""
    needed = [path for path in files if not path.startswith("schemas/")]
    try:
        if find_repository(root) is None:
            return []
        listing = run_git(root, ["ls-files", "--others", "--ignored", "--exclude-standard", "-z", "--", *needed])
    except (Problem, GitError):  # what is wrong with the repository is for the commands that need it to say
        return []
    ignored = [path for path in listing.decode().split("\0") if path]
    if not ignored:
        return []
    names = sorted({path.split("/")[0] + "/" if "/" in path else path for path in ignored})
    return [
        f"your .gitignore keeps {', '.join(names)} out of Git, and CI needs what is in there: take the line out of it, "
        "or add the files with `git add --force`"
    ]


def _refuse_to_replace(root: str, folder: str, files: Iterable[str]) -> None:
    """Raise `Problem` where a file of the project would replace one, or one of its folders is there already."""
    if os.path.lexists(root) and not os.path.isdir(root):
        raise Problem(f"{visible(folder)} is not a folder", "name another one")
    in_the_way = [f"{name}/" for name in _OWN_FOLDERS if os.path.lexists(os.path.join(root, name))]
    in_the_way += [
        path
        for path in files
        if not path.startswith(tuple(f"{name}/" for name in _OWN_FOLDERS)) and os.path.lexists(os.path.join(root, path))
    ]
    if in_the_way:
        raise Problem(
            f"nothing was written: {visible(folder)} has {', '.join(in_the_way[:_SHOWN])} already",
            "name a new folder, as in `routecomp init my-routes`, or move these away",
        )


def _write(root: str, folder: str, files: Mapping[str, bytes]) -> None:
    """Write all files; where that fails or is interrupted, remove what was written and raise."""
    missing = _missing_folders(root, files)
    try:
        os.makedirs(root, exist_ok=True)
        with locked(root):
            publish(root, ".", files, lambda read: None)
    except (Problem, OSError, KeyboardInterrupt) as failure:
        _remove(root, files, missing)
        if isinstance(failure, Problem):
            raise Problem(
                f"{visible(folder)} was not made: {failure.message.removeprefix('./ ')}",
                "nothing of it is left; " + failure.help.rpartition("; ")[2],
                failure.kind,
            ) from None
        raise


def _missing_folders(root: str, files: Iterable[str]) -> list[str]:
    """Return every folder that writing will make, the deepest first."""
    missing = set()
    for path in files:
        above = os.path.dirname(os.path.join(root, path))
        while not os.path.lexists(above):
            missing.add(above)
            above = os.path.dirname(above)
    return sorted(missing, key=len, reverse=True)


def _remove(root: str, files: Iterable[str], folders: Iterable[str]) -> None:
    """Remove what a failed run wrote; nothing of these names was there before."""
    for path in files:
        with suppress(OSError):
            os.unlink(os.path.join(root, path))
    for folder in folders:
        with suppress(OSError):
            os.rmdir(folder)
