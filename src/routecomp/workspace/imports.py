"""Bring an imported project to the disk: what it writes, what lies there already, and what that changes."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from routecomp.checker import Options, check
from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.interop.figures import FiguresError, Table, fill, keep_figures, read_figures, read_leaderboard
from routecomp.interop.imported import Conversion
from routecomp.interop.writer import MARK, project_files
from routecomp.model.project import Declared
from routecomp.workspace.files import FOLDERS, collect, locked
from routecomp.workspace.load_settings import load_settings
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.publish import publish
from routecomp.workspace.required_version import require_version
from routecomp.workspace.settings import YAML, Settings
from routecomp.workspace.settings_file import has_settings

MOST_BYTES = 16 * 1024 * 1024
"""The most bytes of a file that an import reads."""
_TO_DO = "RC126"

Converter = Callable[[Mapping[str, Container[str]]], Conversion]
"""Makes a project, given the names that are taken around it."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """An import before it is written.

    `files` are what it writes and `before` what lies at the same paths, an empty text where nothing does; `is_new` is
    true where no project lies in the folder. `faults` are
    what `check` would refuse beside what is still to be said, `unused` the rows of figures that no model took.
    """

    root: str
    conversion: Conversion
    files: dict[str, bytes]
    before: dict[str, bytes]
    is_new: bool
    faults: list[Diagnostic]
    unused: list[str]

    @property
    def changed(self) -> dict[str, bytes]:
        """The files that differ from what lies there."""
        return {path: data for path, data in self.files.items() if data != self.before[path]}


def plan_import(into: str, source: str, convert: Converter, tables: Iterable[Table]) -> ImportPlan:
    """Return what an import into a folder writes; raise a `Problem` where the folder's project forbids it."""
    root = os.path.abspath(into)
    settings, there = _project_in(root)
    own = {path: data for path, data in there.items() if data.startswith(MARK.encode())}
    others = {path: data for path, data in there.items() if path not in own}
    declared = check(others, Options(today=datetime.now(UTC).date())).declared if others else None
    is_whole = declared is None or (declared.defaults is None and declared.scoring is None)
    conversion = convert(_taken(declared) if declared is not None else {})
    project = conversion.project
    unused = fill(project, tables)
    keep_figures(project, own.values())
    if not project.models:
        return ImportPlan(root, conversion, {}, {}, not there, [], unused)
    files = project_files(project, "" if is_whole else f"{source}/", is_whole=is_whole)
    if YAML in files and not _may_write_settings(root):
        del files[YAML]
    before = {path: _read(root, path) for path in files}
    result = {**there, **{path: data for path, data in files.items() if path != YAML}}
    key_names = tuple(dict.fromkeys((*settings.key_names, *project.key_names))) if YAML in files else settings.key_names
    options = Options(today=datetime.now(UTC).date(), key_names=key_names)
    faults = [each for each in check(result, options).diagnostics if each.rule != _TO_DO and each.severity == "error"]
    is_new = not there and not any(before.values())
    return ImportPlan(root, conversion, files, before, is_new, faults, unused)


def write_import(plan: ImportPlan) -> None:
    """Write the files of an import that differ from what lies there."""
    os.makedirs(plan.root, exist_ok=True)
    with locked(plan.root):
        publish(plan.root, ".", plan.changed, lambda read: None)


def read_input(path: str) -> bytes:
    """Return the bytes of a file that an import reads; raise a `Problem` where it cannot be read."""
    help = "name a file that can be read"
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise Problem(f"{visible(path)} is no file", help)
        with open(path, "rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as failure:
        reason = (getattr(failure, "strerror", None) or str(failure)).lower()
        raise Problem(f"{visible(path)} cannot be read: {reason}", help) from None
    if len(data) > MOST_BYTES:
        raise Problem(f"{visible(path)} has more than {MOST_BYTES:,} bytes", help)
    return data


def read_table(path: str, *, is_leaderboard: bool = False) -> Table:
    """Read a file of figures, or a leaderboard; raise a `Problem` where it is none."""
    data = read_input(path)
    try:
        return (read_leaderboard if is_leaderboard else read_figures)(data, Path(path).name)
    except FiguresError as failure:
        raise Problem(f"{visible(path)}: {failure}", failure.help) from None


def _project_in(root: str) -> tuple[Settings, dict[str, bytes]]:
    """Return the settings and files of the project in a folder; defaults and no files where there is none."""
    if not os.path.lexists(root):
        return Settings(), {}
    if not os.path.isdir(root):
        raise Problem(f"{visible(root)} is not a folder", "name another one with --into")
    settings = load_settings(root)
    require_version(settings)
    if not any(os.path.isdir(os.path.join(root, name)) for name in FOLDERS):
        return settings, {}
    return settings, collect(root, settings.max_file_bytes)


def _may_write_settings(root: str) -> bool:
    """Return whether the settings of a folder are an import's own to write: there are none, or an import wrote them."""
    present = _read(root, YAML)
    if present:
        return present.startswith(MARK.encode())
    return not has_settings(_read(root, "pyproject.toml"))


def _read(root: str, path: str) -> bytes:
    """Return the bytes of a file of a folder, none where there is no such file."""
    place = os.path.join(root, path)
    return read_input(place) if os.path.lexists(place) else b""


def _taken(declared: Declared) -> dict[str, set[str]]:
    """Return the names that a project has already: those of one namespace, of features and of providers."""
    broken = declared.broken
    models = [entry.body for entry in declared.models.values()]
    call = {*declared.models, *broken.get("models", ()), *declared.targets, *broken.get("targets", ())}
    call |= {model.logical_slug for model in models if model.logical_slug}
    aliased = (declared.models, declared.features, declared.targets)
    call |= {alias for section in aliased for entry in section.values() for alias in entry.body.aliases}
    call |= {entry.body.public_model_id for entry in declared.experiments.values()}
    return {
        "call": call,
        "features": {*declared.features, *broken.get("features", ())},
        "providers": {*declared.providers, *broken.get("providers", ())},
    }
