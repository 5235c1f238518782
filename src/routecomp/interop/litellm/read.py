"""Read LiteLLM files from disk, with all they include, into one configuration that knows each value's place."""

from __future__ import annotations

import errno
from collections.abc import Sequence as SequenceOf
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from routecomp.diagnostics.diagnostic import Diagnostic, Label, Severity, error, warning
from routecomp.interop.litellm.config import LiteLLMConfig, make_config
from routecomp.interop.litellm.foreign import foreign_file
from routecomp.interop.litellm.secrets import hide_credentials
from routecomp.interop.litellm.values import Pair, TooLargeError, Values, key_text
from routecomp.interop.value import Kind, Value
from routecomp.parse import Limits, Parsed, parse
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence
from routecomp.source.text import SourceFile, Span

FOREIGN = "RC701"
INCLUDE = "RC702"
MOST_FILES = 100


class Reading(NamedTuple):
    """What was read: a configuration unless an error left none, what is wrong with the text, and bare credentials.

    `diagnostics` leave out what LiteLLM reads without a word: keys that stand twice are `config.overridden`, and
    credentials are values of the kind `CREDENTIAL`; those in comments are `exposed`.
    """

    config: LiteLLMConfig | None
    diagnostics: list[Diagnostic]
    exposed: tuple[Span, ...]
    files: tuple[SourceFile, ...]


@dataclass(slots=True)
class _Files:
    """The files that were read, in their order, and what is wrong with them."""

    folder: Path
    shown_folder: str
    diagnostics: list[Diagnostic] = field(default_factory=list)
    roots: list[Mapping] = field(default_factory=list)
    read: dict[Path, SourceFile] = field(default_factory=dict)
    values: Values = field(default_factory=Values)


class _Include(NamedTuple):
    """An entry of `include` that waits for being read: the file that declares it, and the files that led there."""

    entry: Scalar
    declared_in: Path
    shown_in: str
    through: tuple[Path, ...]


def read_litellm(paths: SequenceOf[Path]) -> Reading:
    """Read files and all that they include, merged as LiteLLM merges an included file into the one that names it.

    Lists of the same name are joined, any other section of a later file replaces the earlier one. Raises OSError where
    one of `paths` cannot be read; an include that cannot be is a finding. An include must stand within the folder of
    the first file.
    """
    files = _Files(paths[0].resolve().parent, paths[0].parent.as_posix())
    waiting: list[_Include] = []
    for path in paths:
        if path.resolve() not in files.read:
            waiting += _read_file(files, path.resolve(), bytes_of(path), path.as_posix(), ())
    while waiting:
        waiting += _read_include(files, waiting.pop(0))
    outside = tuple(span for each in files.values.credentials.values() for span in each.outside)
    sources = tuple(files.read.values())
    config = None
    if files.roots and all(each.severity is Severity.WARNING for each in files.diagnostics):
        try:
            root = _merge(files.roots, files.values)
        except TooLargeError as large:
            help = "write out what is meant, or split the file"
            files.diagnostics.append(error("RC105", large.message, large.span, help))
        else:
            config = make_config(sources, root, tuple(files.values.overridden))
    return Reading(config, sorted(files.diagnostics, key=Diagnostic.sort_key), outside, sources)


def _read_file(files: _Files, path: Path, data: bytes, shown: str, through: tuple[Path, ...]) -> list[_Include]:
    """Read the bytes of one file, and return what it includes."""
    parsed = parse(shown, data, keeps_anchors=True)
    files.read[path] = parsed.source
    files.values.credentials[parsed.source] = hide_credentials(parsed)
    files.diagnostics += [_of_litellm(each) for each in parsed.diagnostics if each.rule != "RC109"]
    root = _mapping_of(parsed, files.diagnostics)
    if root is None:
        return []
    files.roots.append(root)
    include = next((node for key, node in reversed((*root.items, *root.dropped)) if key_text(key) == "include"), None)
    if include is None:
        return []
    entries = include.items if isinstance(include, Sequence) else []
    names = [entry for entry in entries if isinstance(entry, Scalar)]
    if not isinstance(include, Sequence) or len(names) != len(entries):
        help = "write `include:` and below it one line `- file.yaml` for each file"
        files.diagnostics.append(error(INCLUDE, "`include` is no list of file names", _first_line(include), help))
        return []
    return [_Include(name, path, shown, (*through, path)) for name in names]


def _of_litellm(diagnostic: Diagnostic) -> Diagnostic:
    """Return a finding on a text as one on a LiteLLM file: nothing repairs it, and it has other sections."""
    if diagnostic.rule == "RC111":
        return replace(diagnostic, fix=None, help="write `model_list:` and its entries into it, or name another file")
    return replace(diagnostic, fix=None)  # `check --fix` edits files of a project


def _mapping_of(parsed: Parsed, diagnostics: list[Diagnostic]) -> Mapping | None:
    """Return the mapping that a file is; None, and a finding, for a file of another kind."""
    if parsed.root is None:
        return None
    if isinstance(parsed.root, Mapping) and (foreign := foreign_file(parsed.root)) is None:
        return parsed.root
    message, help = ("the file is no mapping of sections", "write `model_list:` and its entries below")
    span = _first_line(parsed.root)
    if isinstance(parsed.root, Mapping) and foreign is not None:
        message, help, span = foreign
    diagnostics.append(error(FOREIGN, message, span, help))
    return None


def _read_include(files: _Files, include: _Include) -> list[_Include]:
    """Read a file that another one includes, and return what it includes in turn."""
    span, name = include.entry.span, include.entry.text
    path = (include.declared_in.parent / name).resolve()
    shown = (Path(include.shown_in).parent / name).as_posix()
    beside_first = (files.folder / name).resolve()
    if not path.exists() and _is_beside_first(beside_first, files, include):
        message = "this file is found beside the first one only: LiteLLM reads it there, and warns"
        files.diagnostics.append(warning(INCLUDE, message, span, "write its path from the file that includes it"))
        path, shown = beside_first, (Path(files.shown_folder) / name).as_posix()
    if path in include.through:
        message = "this file includes itself" if path == include.declared_in else "these includes form a cycle"
        labels = (
            () if path == include.declared_in else (Label(Span(files.read[path], 0, 0), "which includes this file"),)
        )
        help = "remove this line: LiteLLM skips it without a word"
        files.diagnostics.append(error(INCLUDE, message, span, help, labels=labels))
        return []
    if path in files.read:
        return []
    if not path.is_relative_to(files.folder):
        help = "keep all files below the folder of the first one"
        files.diagnostics.append(error(INCLUDE, "this file stands outside of the folder", span, help))
        return []
    if len(files.read) >= MOST_FILES:
        files.diagnostics.append(error(INCLUDE, f"more than {MOST_FILES} files are included", span, "join some"))
        return []
    try:
        data = bytes_of(path) if path.is_file() else None
    except OSError:
        data = None
    if data is None:
        help = "correct the name; it is relative to the file that includes it"
        message = "this file cannot be read" if path.exists() else "there is no such file"
        files.diagnostics.append(error(INCLUDE, message, span, help))
        return []
    return _read_file(files, path, data, shown, include.through)


def _is_beside_first(path: Path, files: _Files, include: _Include) -> bool:
    """Return whether a file that an included one names stands in the folder of the first file, and is no cycle."""
    return path.is_relative_to(files.folder) and path not in include.through and path.is_file()


def bytes_of(path: Path) -> bytes:
    """Return the bytes of a file, at most one more than a file may have; a named pipe is refused, never waited for."""
    if path.is_fifo() and path.parts[1:2] != ("dev",):
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    with path.open("rb") as file:
        return file.read(Limits().max_bytes + 1)


def _merge(roots: SequenceOf[Mapping], values: Values) -> Value:
    """Return the value of all files together: lists of a name joined, other sections replaced by later ones."""
    sections: dict[str, list[Pair]] = {}
    for root in roots:
        pairs, replaced = values.pairs(root)
        for key, node in replaced:
            values.overridden.append(values.of(node, (key_text(key),), key.span))
        for key, node in pairs:
            sections.setdefault(key_text(key), []).append((key, node))
    fields: dict[str, Value] = {}
    for name, pairs in sections.items():
        joined = _joined(name, pairs, values)
        fields[name] = joined
    return Value((), Kind.MAPPING, Span(roots[0].file, 0, 0), fields=fields)


def _joined(name: str, pairs: SequenceOf[Pair], values: Values) -> Value:
    """Return the value of one section out of those of several files."""
    (key, node), *later = pairs
    joined = values.of(node, (name,), key.span)
    for other_key, other in later:
        if isinstance(other, Sequence) and joined.kind is Kind.LIST:
            offset = len(joined.items)
            more = tuple(values.of(item, (name, offset + index)) for index, item in enumerate(other.items))
            joined = Value(joined.path, Kind.LIST, joined.span, joined.key, items=(*joined.items, *more))
        else:
            if name != "include":
                values.overridden.append(joined)
            joined = values.of(other, (name,), other_key.span)
    return joined


def _first_line(node: Node) -> Span:
    """Return the span of a node, cut to its first line."""
    end = node.file.text.find("\n", node.start, node.end)
    return Span(node.file, node.start, node.end if end == -1 else end)
