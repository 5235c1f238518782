"""One file's bytes in, its tree and its findings out: gate, walk, strictness, in that order."""

from __future__ import annotations

import re
from dataclasses import dataclass

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.parse.encoding import decode_text
from routecomp.parse.file_diagnostics import FileDiagnostics
from routecomp.parse.reader import read_tree
from routecomp.parse.strict import check_strictness
from routecomp.parse.tree import Node
from routecomp.source.text import SourceFile

_CONFLICT = re.compile(r"^<{7} [^\r\n]*", re.MULTILINE)  # the line a side of a merge begins with


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one file: bytes, levels of nesting, and keys, values and brackets together.

    They bound time and memory as well: about a second and 256 MiB for the worst file within them.
    """

    max_bytes: int = 4 * 1024 * 1024
    max_depth: int = 32
    max_nodes: int = 600_000


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file as read. `root` is None where an error left no tree to go on with."""

    source: SourceFile
    root: Node | None
    diagnostics: list[Diagnostic]


def parse(path: str, data: bytes, limits: Limits = Limits()) -> Parsed:
    """Read one YAML file; never raises, whatever the bytes.

    The subset is YAML 1.2 without tags, anchors, aliases, merge keys, directives, explicit keys and further
    documents (docs/semantics.md, section 2). Duplicate keys leave a tree with the first of each; every
    other error leaves none. The root may be any node: callers ask for a mapping where they need one.
    """
    source, body, findings = decode_text(path, data, limits.max_bytes)
    if findings:
        return Parsed(source, None, findings.list())
    if not body.endswith(b"\n"):
        body += b"\n"  # a missing line end at the end of the file counts as written: block scalars see it
    walked = read_tree(source, body, limits.max_depth, limits.max_nodes, findings)
    root = walked.root
    if root is None and (conflict := _conflicts(source)) is not None:
        return Parsed(source, None, conflict.list())
    if root is not None:
        check_strictness(root, walked.long, findings)
        if findings.fatal:
            root = None
    return Parsed(source, root, findings.list())


def _conflicts(source: SourceFile) -> FileDiagnostics | None:
    """What to say instead of a syntax error that is only the mark of a merge: each conflict, or None."""
    findings = FileDiagnostics(source)
    for mark in _CONFLICT.finditer(source.text):
        findings.add(
            "RC103",
            "an unresolved merge conflict",
            mark.start(),
            mark.end(),
            "keep what is right of the two sides and remove the lines with <<<<<<<, ======= and >>>>>>>",
        )
    return findings if findings.list() else None
