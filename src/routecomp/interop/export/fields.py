"""Walk every field that a program declares, and gather what becomes of it in the words of another router."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from routecomp.interop.loss import FieldReport, LossReport
from routecomp.model.project import Entry, Program
from routecomp.parse.tree import Mapping, Node

Path = tuple[str, ...]
_SECTIONS = ("providers", "models", "features", "targets", "presets", "tenants", "experiments", "expectations")
_SINGLE = ("defaults", "scoring", "resilience", "preferences")


def entries_of(program: Program) -> Iterator[Entry[Any]]:
    """Yield every body of a program."""
    for section in _SECTIONS:
        yield from getattr(program, section).values()
    for section in _SINGLE:
        if (entry := getattr(program, section)) is not None:
            yield entry


def leaves(node: Node, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every value below a body that is no mapping, and of every empty mapping; lists are values."""
    if isinstance(node, Mapping) and node.items:
        for key, value in node.items:
            yield from leaves(value, (*path, key.text))
    elif path:
        yield path


class Fields:
    """What becomes of the fields of a program; a field of which nothing is said is mapped, as `becomes` says."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._lost: dict[tuple[str, str], dict[Path, list[tuple[str, str]]]] = {}

    def lose(self, entry: Entry[Any], path: Path, reason: str, instead: str = "") -> None:
        """Say that a field, or all below a path, is lost; an empty path is the whole body."""
        losses = self._lost.setdefault((entry.section, entry.slug), {}).setdefault(path, [])
        if (reason, instead) not in losses:
            losses.append((reason, instead))

    def has(self, entry: Entry[Any], path: Path) -> bool:
        """Return whether something was said of exactly this path."""
        return path in self._lost.get((entry.section, entry.slug), {})

    def report(self, target: str, becomes: Callable[[Entry[Any], Path], str]) -> LossReport:
        """Return the report of every field; `becomes` says what a field turns into that is not lost."""
        fields: list[FieldReport] = []
        for entry in entries_of(self._program):
            lost = self._lost.get((entry.section, entry.slug), {})
            paths = list(leaves(entry.node))
            covered = set()
            for path, why in lost.items():
                span = entry.key_span(*path) if path else entry.key.span
                for reason, instead in why:
                    key = _key(entry, path)
                    fields.append(FieldReport(span.path, span.line, span.column, key, "lost", reason, instead))
                covered |= {leaf for leaf in paths if leaf[: len(path)] == path}
            for path in paths:
                if path not in covered:
                    span = entry.key_span(*path)
                    reason = becomes(entry, path)
                    key = _key(entry, path)
                    fields.append(FieldReport(span.path, span.line, span.column, key, "mapped", reason))
        return LossReport.sorted("routecomp", target, fields)


def _key(entry: Entry[Any], path: Path) -> str:
    """Return the path of a field from the top of its file."""
    return ".".join([entry.section, *([] if entry.is_single else [entry.slug]), *path])
