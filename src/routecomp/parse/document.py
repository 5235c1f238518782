"""Parse one YAML file in three steps: decode its bytes, read its tree, check what libyaml does not check."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.parse.encoding import decode_text
from routecomp.parse.file_diagnostics import FileDiagnostics
from routecomp.parse.odd_blanks import odd_blanks, with_blanks
from routecomp.parse.reader import read_tree
from routecomp.parse.simple_reader import read_simple
from routecomp.parse.strict import check_strictness
from routecomp.parse.tree import Node
from routecomp.source.text import SourceFile

_CONFLICT = re.compile(r"^<{7} [^\r\n]*", re.MULTILINE)  # the line with which Git marks the first side of a conflict


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one file: bytes, levels of nesting, and the number of keys, values and brackets together.

    They also bound time and memory: about a second and 256 MiB for the worst file within them.
    """

    max_bytes: int = 4 * 1024 * 1024
    max_depth: int = 32
    max_nodes: int = 600_000


class Parsed(NamedTuple):
    """A parsed file: its text, its tree and its errors. `root` is None where an error left no usable tree."""

    source: SourceFile
    root: Node | None
    diagnostics: list[Diagnostic]


def parse(path: str, data: bytes, limits: Limits = Limits(), *, keeps_anchors: bool = False) -> Parsed:
    """Parse the bytes of one YAML file; never raises, whatever the bytes.

    The subset is YAML 1.2 without tags, anchors, aliases, merge keys, directives, explicit keys and further
    documents (docs/semantics.md, section 2). With duplicate keys the tree holds the first of each; with any other
    error there is no tree. The root may be any node: callers that need a mapping check for one. Files of other programs
    may hold anchors, aliases and merge keys: with `keeps_anchors` an alias is a node of the tree (`Alias`), and lines
    between brackets or quotes may stand as far left as YAML readers let them.
    """
    source, body, diagnostics = decode_text(path, data, limits.max_bytes)
    if diagnostics:
        return Parsed(source, None, diagnostics.list())
    simple = read_simple(source, limits.max_depth, limits.max_nodes)
    if simple is not None:
        return Parsed(source, simple, [])
    return parse_with_libyaml(source, body, limits, diagnostics, keeps_anchors=keeps_anchors)


def parse_with_libyaml(
    source: SourceFile, body: bytes, limits: Limits, diagnostics: FileDiagnostics, *, keeps_anchors: bool = False
) -> Parsed:
    """Parse a text, and its UTF-8 bytes, that hold no forbidden character: every YAML, and every error in one."""
    if not body.endswith(b"\n"):
        body += b"\n"  # a last line without its line end means the same, for block scalars too
    result = read_tree(source, body, limits.max_depth, limits.max_nodes, diagnostics, keeps_anchors)
    root = result.root
    if root is None and (conflicts := _merge_conflicts(source)):
        return Parsed(source, None, conflicts.list())
    if root is not None or _is_read_with_blanks(source, limits):
        odd = odd_blanks(source, root)
        if odd:
            return Parsed(source, None, odd.list())
    if root is not None:
        check_strictness(root, result.multiline, diagnostics, needs_indentation=not keeps_anchors)
        if diagnostics.is_fatal:
            root = None
    return Parsed(source, root, diagnostics.list())


def _is_read_with_blanks(source: SourceFile, limits: Limits) -> bool:
    """Return whether a file that cannot be read could be with plain blanks in place of odd ones."""
    text = with_blanks(source.text)
    return text is not None and parse(source.path, text.encode("utf-8", "surrogatepass"), limits).root is not None


def _merge_conflicts(source: SourceFile) -> FileDiagnostics:
    """Return an error for each unresolved merge conflict, to be shown in place of all other errors of the file."""
    diagnostics = FileDiagnostics(source)
    for mark in _CONFLICT.finditer(source.text):
        diagnostics.add(
            "RC103",
            "an unresolved merge conflict",
            mark.start(),
            mark.end(),
            "keep what is right of the two sides and remove the lines with <<<<<<<, ======= and >>>>>>>",
        )
    return diagnostics
