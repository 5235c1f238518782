"""The other side of a change in, as bytes; `Before`, what it declares with places of its own, out.

Where the bytes come from (Git's objects, a folder) is for the caller: nothing here reads anything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from routecomp.diagnostics.diagnostic import Diagnostic, Severity
from routecomp.model.project import Declared, Entry
from routecomp.model.reader import SECTIONS, read
from routecomp.parse import Limits, parse
from routecomp.parse.redact import conceal_secrets, without_concealed
from routecomp.review.base.base import Base
from routecomp.rules.waivers import Waiver, read_waivers

_SAID_OF_THE_PROJECT = ("RC122", "RC205")
"""Credentials and missing sections: nobody needs to hear of them in what cannot be changed any more."""


@dataclass(frozen=True, slots=True)
class Before:
    """What a base declares.

    `same` are the paths of files that are the project's, byte for byte; `waivers` those of the other files,
    each as its path and its text; `unread` is what is wrong with them: what could not be read is in no
    comparison.
    """

    declared: Declared
    same: frozenset[str]
    waivers: frozenset[tuple[str, str]]
    unread: tuple[Diagnostic, ...]

    def is_new(self, waiver: Waiver) -> bool:
        """Whether a waiver of the project came with the change; else what it was written for is over."""
        path = waiver.span.path
        return path not in self.same and (path, waiver.span.text) not in self.waivers


def read_base(
    base: Base, files: Mapping[str, bytes], after: Declared, limits: Limits, released: frozenset[str]
) -> Before:
    """Read a base, given the project's own files and what they declare.

    Only files that differ are parsed: of the others the bodies are the project's, the very same entries. So
    the cost is that of the change, not that of the project.
    """
    there = base.files
    if base.table is not None:
        from routecomp.review.base.from_table import yaml_of

        there = yaml_of(base.table, after)
    same = frozenset(path for path, data in there.items() if files.get(path) == data)
    parsed = [parse(path, data, limits) for path, data in sorted(there.items()) if path not in same]
    hidden = conceal_secrets(parsed, released)  # its lines are shown in reports as well
    unparsed = [file.source.path for file in parsed if file.root is None]
    own, findings = read([file.root for file in parsed if file.root is not None], unreadable=unparsed)
    waivers = {(one.span.path, one.span.text) for one in read_waivers(parsed)[0]}
    for file in parsed:
        # From here on the path is for people; `read` has looked at it for the folder.
        object.__setattr__(file.source, "path", base.shown + file.source.path)
    found = without_concealed([one for file in parsed for one in file.diagnostics] + hidden + findings)
    unread = [one for one in found if one.severity is Severity.ERROR and one.rule not in _SAID_OF_THE_PROJECT]
    return Before(_joined(own, after, same), same, frozenset(waivers), tuple(unread))


def _joined(own: Declared, after: Declared, same: Collection[str]) -> Declared:
    """What the base's own files declare, and, of the project's, what stands in files that are the same."""
    bodies: dict[str, Any] = {}
    broken: dict[str, frozenset[str]] = {}
    for name, section in SECTIONS.items():
        here, there = getattr(own, name), getattr(after, name)
        if section.once:
            bodies[name] = here if there is None or there.key.file.path not in same else there
            continue
        kept: dict[str, Entry[Any]] = {slug: entry for slug, entry in there.items() if entry.key.file.path in same}
        bodies[name] = dict(sorted({**kept, **here}.items()))
        # A body that cannot be read here may stand in a file that is the same: then it was no better there.
        unsure = own.broken.get(name, frozenset()) | after.broken.get(name, frozenset())
        broken[name] = frozenset(unsure - bodies[name].keys())
    return Declared(**bodies, broken=broken, incomplete=own.incomplete | after.incomplete)
