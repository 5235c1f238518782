"""Bring an imported project to the disk: what it writes, what lies there already, and what that changes."""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from routecomp.checker import Options, check
from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.interop.figure_files import read_figures, read_leaderboard
from routecomp.interop.figures import FiguresError, Table, fill
from routecomp.interop.imported import Conversion
from routecomp.interop.kept import keep_figures, keep_providers
from routecomp.interop.writer import MARK, SECTIONS, mark_of, project_files
from routecomp.model.project import Declared
from routecomp.parse import parse
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
_MOST_FAULTS = 20

Converter = Callable[[Mapping[str, Container[str]]], Conversion]
"""Makes a project, given the names that are taken around it."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """An import before it is written.

    `files` are what it writes, `removed` the files of an earlier import that it does not write, and `before` what lies
    at these paths, an empty text where nothing does; `is_new` is true where no project lies in the folder. `faults` are
    what `check` would refuse beside what is still to be said, `unused` the rows of figures that no model took.
    """

    root: str
    conversion: Conversion
    files: dict[str, bytes]
    removed: list[str]
    before: dict[str, bytes]
    is_new: bool
    faults: list[Diagnostic]
    unused: list[str]

    @property
    def changed(self) -> dict[str, bytes]:
        """The files that differ from what lies there."""
        return {path: data for path, data in self.files.items() if data != self.before[path]}

    @property
    def after(self) -> dict[str, bytes]:
        """The files that change, as they are afterwards: an empty text for one that is removed."""
        return {**self.changed, **dict.fromkeys(self.removed, b"")}


def plan_import(
    into: str, source: str, convert: Converter, tables: Iterable[Table], *, renews_prices: bool = False
) -> ImportPlan:
    """Return what an import into a folder writes; raise a `Problem` where the folder's project forbids it.

    With `renews_prices`, what the catalogue stated in an earlier import is not kept.
    """
    if not into:
        raise Problem("--into names no folder", "name one; `.` is the current one")
    root = os.path.abspath(into)
    settings, there = _project_in(root)
    own = {path: there[path] for path in _places(source) if _is_imported(there.get(path, b""), source)}
    _refuse_broken(own)
    others = {path: data for path, data in there.items() if path not in own}
    declared = check(others, Options(today=datetime.now(UTC).date())).declared if others else None
    is_whole = declared is None or (declared.defaults is None and declared.scoring is None)
    conversion = convert(_taken(declared) if declared is not None else {})
    project = conversion.project
    unused = fill(project, tables)
    if not project.models:
        return ImportPlan(root, conversion, {}, [], {}, not there, [], unused)
    folder = _folder(source, there, own, is_whole=is_whole)
    if own:
        keep_providers(project, own.values())
        later = project_files(project, folder, is_whole=is_whole).values()
        keep_figures(project, own.values(), later, renews_prices=renews_prices)
    files = project_files(project, folder, is_whole=is_whole)
    if YAML in files and not _may_write_settings(root):
        del files[YAML]
    removed = [path for path in own if path not in files]
    before = {path: _read(root, path) for path in (*files, *removed)}
    _refuse_own_files(before, source)
    kept = {path: data for path, data in there.items() if path not in removed}
    result = kept | {path: data for path, data in files.items() if path != YAML}
    key_names = tuple(dict.fromkeys((*settings.key_names, *project.key_names))) if YAML in files else settings.key_names
    options = Options(today=datetime.now(UTC).date(), key_names=key_names)
    faults = [each for each in check(result, options).diagnostics if each.rule != _TO_DO and each.severity == "error"]
    is_new = not there and not any(before.values())
    return ImportPlan(root, conversion, files, removed, before, is_new, faults, unused)


def write_import(plan: ImportPlan) -> None:
    """Write the files of an import that differ from what lies there, and remove those that it does not write."""
    os.makedirs(plan.root, exist_ok=True)
    with locked(plan.root):
        publish(plan.root, ".", plan.changed, lambda read: None)
        for path in plan.removed:
            try:
                os.unlink(os.path.join(plan.root, path))
            except OSError as failure:
                reason = (failure.strerror or str(failure)).lower()
                raise Problem(f"{path} cannot be removed: {reason}", "remove it by hand") from None


def read_input(path: str) -> bytes:
    """Return the bytes of a file that an import reads; raise a `Problem` where it cannot be read."""
    help = "name a file that can be read"
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise Problem(f"{visible(path)} is no regular file", help)
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
        first, *others = (
            (f"{visible(path)}:{fault.line}:{fault.column}: {visible(fault.message)}", fault.help)
            for fault in failure.faults[:_MOST_FAULTS]
        )
        if len(failure.faults) > _MOST_FAULTS:
            others.append((f"and {len(failure.faults) - _MOST_FAULTS} more", ""))
        raise Problem(*first, others=others) from None


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


def _places(source: str) -> list[str]:
    """Return the paths at which an import from a source writes: in a project of its own, and in one of somebody's."""
    return [f"routes/{folder}{name}.yaml" for folder in ("", f"{source}/") for name in SECTIONS]


def _folder(source: str, there: Container[str], own: Container[str], *, is_whole: bool) -> str:
    """Return the folder below `routes/` that an import writes to: that of the earlier one, else one that is free."""
    count = len(SECTIONS)
    at_top, below = _places(source)[:count], _places(source)[count:]
    if any(path in own for path in at_top):
        return ""
    is_free = not any(path in there for path in at_top) and not any(path in own for path in below)
    return "" if is_whole and is_free else f"{source}/"


def _is_imported(data: bytes, source: str) -> bool:
    """Return whether an import from a source wrote a file: it still begins with its mark."""
    return data.removeprefix(codecs.BOM_UTF8).startswith(mark_of(source).encode())


def _refuse_broken(own: Mapping[str, bytes]) -> None:
    """Raise a `Problem` that names the files of an earlier import that cannot be read, so that no figure is lost."""
    findings = {path: parse(path, data).diagnostics for path, data in own.items()}
    broken = [path for path, listed in findings.items() if any(each.severity == "error" for each in listed)]
    if broken:
        raise Problem(
            f"{', '.join(broken)} cannot be read, and the figures in it would be lost: nothing was written",
            "repair it (`routecomp check` shows where), or delete it",
            "refused",
        )


def _refuse_own_files(before: Mapping[str, bytes], source: str) -> None:
    """Raise a `Problem` that names the files at an import's paths which no import from this source wrote."""
    own = [path for path, data in before.items() if path != YAML and data and not _is_imported(data, source)]
    if own:
        is_, it = ("is", "it") if len(own) == 1 else ("are", "them")
        raise Problem(
            f"{visible(', '.join(own))} {is_} your own, and the import would write there: nothing was written",
            f"give {it} another name, as in {own[0].removesuffix('.yaml')}-own.yaml; "
            f"what the import may replace has this first line: {mark_of(source)}",
            "refused",
        )


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
