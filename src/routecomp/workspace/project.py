"""A folder in, its project out, and the verdict on it, from memory where nothing changed."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from routecomp.workspace.cache import Verdict, fingerprint, keep, recall
from routecomp.workspace.files import collect, find_root
from routecomp.workspace.settings import Settings, load_settings

if TYPE_CHECKING:
    from routecomp.checker import Checked, Options
    from routecomp.compiler import Compilation
    from routecomp.diagnostics.diagnostic import Diagnostic
    from routecomp.review.base.base import Base
    from routecomp.workspace.git.released import ReleasedMigrations


@dataclass(frozen=True, slots=True)
class Project:
    """A project as it lies on the disk: `files` is path (from the root, forward slashes) to bytes, sorted."""

    root: str
    settings: Settings
    files: dict[str, bytes]
    today: date

    @property
    def options(self) -> Options:
        """What the compiler needs to know besides the files."""
        from routecomp.checker import Options
        from routecomp.parse import Limits

        return Options(
            today=self.today,
            limits=Limits(max_bytes=self.settings.max_file_bytes),
            released=self.settings.released,
        )


def open_project(root: str | None = None, today: date | None = None, sweep: bool = False) -> Project:
    """Read the project in a folder (by default the current one); a `Problem` says what cannot be read.

    `today` decides which waivers have expired; by default it is the day in UTC, the same one everywhere.
    `sweep` is for callers that hold the project's lock (see `files.collect`).
    """
    at = find_root(root)
    settings = load_settings(at)
    files = collect(at, settings.max_file_bytes, sweep)
    return Project(at, settings, files, today or datetime.now(UTC).date())


def unchanged_meanwhile(project: Project, paths: Iterable[str]) -> None:
    """A `Problem` where one of these files is not any more what was read: nobody's work is overwritten."""
    import os

    from routecomp.workspace.files import NotReadableError, native, read_regular
    from routecomp.workspace.problem import Problem, visible

    for path in paths:
        try:
            now = read_regular(os.path.join(project.root, native(path)), project.settings.max_file_bytes)
        except NotReadableError as failure:
            raise Problem(f"{visible(path)} {failure.reason}", failure.remedy) from None
        if now != project.files[path]:
            raise Problem(f"{visible(path)} was changed by someone else meanwhile", "run it again")


def checked(
    project: Project, progress: Callable[[str, int, int], None] | None = None, base: Base | None = None
) -> Checked:
    """Check the project, and its change from a base, always from its files."""
    from routecomp.checker import check

    with uncollected():
        return check(project.files, project.options, progress, base)


def compiled(
    project: Project,
    progress: Callable[[str, int, int], None] | None = None,
    released: ReleasedMigrations | None = None,
) -> Compilation:
    """Check and, without errors, compile the project, always from its files; with migrations on top of `released`."""
    from routecomp.compiler import compile

    if released is None:
        with uncollected():
            return compile(project.files, project.options, progress)
    from routecomp.workspace.git.released import replayed

    with uncollected(), replayed():
        return compile(project.files, project.options, progress, released.read())


def verdict(
    project: Project,
    use_cache: bool,
    progress: Callable[[str, int, int], None] | None = None,
    base: Base | None = None,
    base_identity: str = "",
) -> Verdict:
    """What checking the project, and its change from a base, finds."""
    of_change = base is not None
    name = fingerprint(project.files, project.settings, project.today, base_identity) if use_cache else ""
    kept = recall(project.root, name, project.files, project.settings, of_change) if use_cache else None
    if kept is not None:
        return kept
    found = checked(project, progress, base)
    notes = () if base is None else _not_compared(base, found.unread)
    new = Verdict(found.diagnostics, found.files, notes=notes)
    # What is found in a change points into files of the base, and those are not the project's to remember.
    if use_cache and not (of_change and (found.diagnostics or notes)):
        keep(project.root, name, new, of_change)
    return new


def _not_compared(base: Base, unread: Sequence[Diagnostic]) -> tuple[str, ...]:
    if not unread:
        return ()
    first = unread[0]
    where = f" ({first.span}: {first.message})" if first.span is not None else f" ({first.message})"
    return (f"part of what is {base.where} cannot be read{where}: what stands there was not compared",)


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector of cycles: a compilation makes a million objects that all stay, and no cycles."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.freeze()  # what is alive stays so to the end of the command: no need to look through it once more
            gc.enable()
