"""Parse and read the files of a project, or those of the base that a project is compared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.model.project import Declared
from routecomp.model.reader import read_declared
from routecomp.parse import Limits, Parsed, parse
from routecomp.parse.redact import redact_credentials

Progress = Callable[[str, int, int], None]
"""Is called with what is being done, how many of its files are done, and how many there are (0, 0 if not counted)."""


@dataclass(frozen=True, slots=True)
class ReadProject:
    """The files of a project as read: their trees, what they declare, and every diagnostic so far.

    `diagnostics` may quote a credential's place until `drop_redacted_places` has removed those.
    """

    parsed: list[Parsed]
    declared: Declared
    diagnostics: list[Diagnostic]


def read_project(
    files: Mapping[str, bytes],
    limits: Limits,
    released: frozenset[str],
    progress: Progress | None = None,
    prefix: str = "",
) -> ReadProject:
    """Parse files (path to bytes) in the order of their paths, hide credentials in them, and read their bodies.

    `released` are the fingerprints of texts that look like credentials and are none. `prefix` (`main:`) is written
    before each path, so that nobody takes a file of the base for one of the project. Whatever the bytes are, nothing
    is raised.
    """
    parsed: list[Parsed] = []
    for path in sorted(files):
        if progress is not None:
            progress("reading", len(parsed), len(files))
        parsed.append(parse(prefix + path, files[path], limits))
    if progress is not None:
        progress("checking", 0, 0)
    diagnostics = [diagnostic for file in parsed for diagnostic in file.diagnostics]
    diagnostics += redact_credentials(parsed, released)
    roots = [file.root for file in parsed if file.root is not None]
    unreadable = [file.source.path for file in parsed if file.root is None]
    declared, unread = read_declared(roots, unreadable, prefix)
    return ReadProject(parsed, declared, diagnostics + unread)
