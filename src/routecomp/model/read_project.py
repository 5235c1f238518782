"""Parse and read the files of a project, or those of the base that a project is compared with."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.model.key_names import DEFAULT_KEY_NAMES
from routecomp.model.memory import Memory
from routecomp.model.project import Declared
from routecomp.model.reader import BodyReader
from routecomp.parse import Limits, Parsed
from routecomp.parse.comments import may_hold_waiver
from routecomp.parse.file_tree import FileTree
from routecomp.parse.redact import redact_credentials

Progress = Callable[[str, int, int], None]
"""Is called with what is being done, how many of its files are done, and how many there are (0, 0 if not counted)."""


class ReadProject(NamedTuple):
    """The files of a project as read: what they declare, and every diagnostic so far.

    `parsed` are the files that may hold waivers. `diagnostics` may quote a credential's place until
    `drop_redacted_places` has removed those.
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
    memory: Memory | None = None,
    key_names: tuple[str, ...] = DEFAULT_KEY_NAMES,
) -> ReadProject:
    """Parse files (path to bytes) in the order of their paths, hide credentials in them, and read their bodies.

    `key_names` are the patterns of variables that may hold a key,
    `released` the fingerprints of texts that look like credentials and are none. `prefix` (`main:`) is written
    before each path, so that nobody takes a file of the base for one of the project. `memory` holds what files
    declared before, under the same limits and fingerprints. Whatever the bytes are, nothing is raised.
    """
    reader = BodyReader(prefix)
    commented: list[Parsed] = []
    diagnostics: list[Diagnostic] = []
    secrets: list[Diagnostic] = []
    with _collector_paused():
        for number, path in enumerate(sorted(files)):
            if progress is not None:
                progress("reading", number, len(files))
            tree = FileTree(prefix + path, files[path], limits)
            facts = None if memory is None else memory.recall(path, files[path])
            if facts is not None and reader.restore_file(tree, facts):
                continue
            parsed = tree.parsed
            faults = len(diagnostics) + len(secrets) + len(reader.diagnostics)
            text = parsed.source.text
            secrets += redact_credentials([parsed], released, key_names)
            diagnostics += parsed.diagnostics
            if parsed.root is None:
                reader.pass_over(tree)
            else:
                reader.read_file(tree)
            if may_hold_waiver(parsed.source.text):
                commented.append(parsed)
            elif text is parsed.source.text and faults == len(diagnostics) + len(secrets) + len(reader.diagnostics):
                if memory is not None:
                    memory.keep(path, files[path], reader.facts_of(tree))
                tree.forget()
        if progress is not None:
            progress("checking", 0, 0)
        declared = reader.build_declared()
    diagnostics = _without_split_numbers(diagnostics, reader.diagnostics)
    return ReadProject(commented, declared, diagnostics + secrets + reader.diagnostics)


def _without_split_numbers(diagnostics: list[Diagnostic], of_bodies: list[Diagnostic]) -> list[Diagnostic]:
    """Leave out the keys that stand twice because commas split numbers: their bodies say so, with the figures."""
    if not any(diagnostic.rule == "RC109" for diagnostic in diagnostics):
        return diagnostics
    numbers = [each for each in of_bodies if each.rule == "RC115"]
    spans = [
        span for each in numbers for span in (each.span, *(label.span for label in each.labels)) if span is not None
    ]
    return [
        each
        for each in diagnostics
        if each.rule != "RC109"
        or each.span is None
        or not any(span.path == each.span.path and span.start < each.span.start < span.end for span in spans)
    ]


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the collector of cycles: the bodies of a large project all stay alive and form no cycles.

    Looking for cycles would double the time.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
