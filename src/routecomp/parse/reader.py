"""UTF-8 bytes in, the positioned tree out: one pass over libyaml's events, without recursion.

Only what an event alone can tell is judged here; what libyaml lets pass although YAML 1.2 refuses it is
`strict`'s part, libyaml's own refusals are worded in `syntax`.
"""

from __future__ import annotations

import gc
import re
from dataclasses import dataclass, field
from typing import Any

from routecomp.parse import subset, syntax_errors
from routecomp.parse.encoding import FORBIDDEN_IN_VALUE
from routecomp.parse.file_diagnostics import FileDiagnostics
from routecomp.parse.tree import Collection, Mapping, Node, Scalar, Sequence
from routecomp.source.text import SourceFile

_ODD_KEYS = frozenset(("", "<<"))
_NESTED_TOO_DEEP = "exceeded maximum nesting depth"
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*")


@dataclass(slots=True)
class ReadTree:
    """What one pass over the events found; `root` is None where an error left no usable tree.

    `long` holds the scalars in quotes or block style and the outermost flow collections that span lines,
    each with the block collection it stands in (None at the top): `strict` looks at their indentation.
    """

    root: Node | None = None
    long: list[tuple[Node, Collection | None]] = field(default_factory=list)


def read_tree(source: SourceFile, body: bytes, max_depth: int, max_nodes: int, findings: FileDiagnostics) -> ReadTree:
    """Read the one document of a file. `body` is the text of `source` as UTF-8; errors go to `findings`."""
    # The pass allocates up to a million objects that all stay alive: looking for cycles among them would
    # cost half the time of a large file and find none.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _walk(source, body, max_depth, max_nodes, findings)
    finally:
        if collecting:
            gc.enable()


def _walk(source: SourceFile, body: bytes, max_depth: int, max_nodes: int, findings: FileDiagnostics) -> ReadTree:
    # Imported here: PyYAML takes 15 ms, and `--help` needs none of it.
    from yaml._yaml import CParser
    from yaml.events import (
        AliasEvent,
        DocumentStartEvent,
        MappingEndEvent,
        MappingStartEvent,
        ScalarEvent,
        SequenceEndEvent,
        SequenceStartEvent,
        StreamEndEvent,
    )

    if subset.many_directives(body, findings):
        return ReadTree()
    get: Any = CParser(body).get_event
    text = source.text
    marked = b"&" in body or b"!" in body  # only then can a node carry an anchor or a tag
    escaped = b"\\" in body  # only then can a value hold a character that the text does not
    result = ReadTree()
    top: list[Any] = []
    children = top  # of `parent`: items of a sequence, alternating keys and values of a mapping
    parent: Collection | None = None
    block: Collection | None = None  # the innermost block collection
    stack: list[tuple[Collection | None, list[Any], Collection | None]] = []
    node: Any = None  # the last one that began or ended
    document: Any = None
    # INVARIANT: one iteration takes one event, so `max_nodes` bounds time and memory of the pass; `long`
    # is bounded on its own because `strict` looks at each of those nodes again.
    for _ in range(max_nodes):
        try:
            event = get()
        except Exception as raised:  # whatever the C parser raises is a refusal of this text
            if getattr(raised, "problem", None) == _NESTED_TOO_DEEP:
                # libyaml 0.2.6 and later count brackets while they still look for a key's colon, before any event
                # of them comes. The text up to the bracket that was one too many shows where our limit is passed.
                mark: Any = raised
                return _walk(source, text[: mark.problem_mark.index].encode(), max_depth, max_nodes, findings)
            syntax_errors.explain(raised, node, findings)
            return ReadTree()
        kind = event.__class__
        if kind is ScalarEvent:
            style = event.style
            begin, finish = event.start_mark, event.end_mark
            node = Scalar(source, begin.index, finish.index, event.value, not style)
            children.append(node)
            if style:
                if begin.line != finish.line:
                    if style in "|>":
                        node.end = _block_scalar_end(text, node.start, node.end)
                    result.long.append((node, block))
                    if len(result.long) > max_nodes // 4:
                        return _too_large(f"{max_nodes // 4:,} texts over several lines", findings)
                if escaped and FORBIDDEN_IN_VALUE.search(node.text) is not None:
                    subset.refuse_escapes(node, findings)
                    if findings.too_many():
                        return ReadTree()
            if marked and (event.anchor is not None or event.tag is not None):
                subset.refuse_marks(begin.index, findings)
                if findings.too_many():
                    return ReadTree()
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            start, flow = event.start_mark.index, event.flow_style
            if kind is MappingStartEvent:
                node, below = Mapping(source, start, start, [], flow), []
            else:
                node = Sequence(source, start, start, [], flow)
                below = node.items
            if parent.__class__ is Mapping and not len(children) & 1:
                subset.refuse_complex_key(start, findings)
                if findings.too_many():
                    return ReadTree()
                children.append(_placeholder(source, start))
            else:
                children.append(node)
            if marked and (event.anchor is not None or event.tag is not None):
                subset.refuse_marks(start, findings)
                if findings.too_many():
                    return ReadTree()
            stack.append((parent, children, block))
            if len(stack) > max_depth:
                help = "no section of a configuration is nested this deep: look for an unclosed bracket"
                findings.add("RC104", f"nested more than {max_depth} deep", start, start + 1, help)
                return ReadTree()
            parent, children = node, below
            if not flow:
                block = node
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            node = parent
            if kind is MappingEndEvent and children:
                _pair(node, children, findings)
            # A collection without brackets ends in a token of no width at whatever comes next.
            start, end = event.start_mark.index, event.end_mark.index
            node.end = end if end > start else children[-1].end
            parent, children, block = stack.pop()
            if node.flow and (parent is None or not parent.flow) and text.find("\n", node.start, node.end) != -1:
                result.long.append((node, block))
        elif kind is AliasEvent:
            subset.refuse_marks(event.start_mark.index, findings)
            if findings.too_many():
                return ReadTree()
            children.append(_placeholder(source, event.start_mark.index))
        elif kind is DocumentStartEvent:
            if document is not None:
                subset.refuse_second_document(document, event, findings)
                return ReadTree()
            document = event
            if event.version is not None or event.tags is not None:
                subset.refuse_directives(event.end_mark.index, findings)
        elif kind is StreamEndEvent:
            break
    else:
        return _too_large(f"{max_nodes:,} keys, values and brackets", findings)
    if not top:
        syntax_errors.empty_file(findings)
    elif not findings.fatal:
        result.root = top[0]
        if top[0].end > len(text):  # nothing after `---`, found at the line end that was added
            top[0].start = top[0].end = len(text)
    return result


def _too_large(what: str, findings: FileDiagnostics) -> ReadTree:
    help = "split it: a section may be spread over any number of files"
    findings.add("RC105", f"the file holds more than {what}", 0, 0, help)
    return ReadTree()


def _pair(mapping: Mapping, flat: list[Any], findings: FileDiagnostics) -> None:
    """Turn alternating keys and values into items."""
    one_by_one = iter(flat)
    mapping.items = items = list(zip(one_by_one, one_by_one, strict=True))
    texts = {key.text for key, _ in items}
    if len(texts) != len(items) or not _ODD_KEYS.isdisjoint(texts):
        subset.refuse_keys(mapping, findings)


def _placeholder(source: SourceFile, at: int) -> Scalar:
    """What stands for a node that was refused, so that the walk can go on to the next finding."""
    return Scalar(source, at, at, "", False)


def _block_scalar_end(text: str, start: int, end: int) -> int:
    """Where the last line of a block scalar ends that holds something; without one, where its header ends."""
    written = text[start:end].rstrip()
    if "\n" not in written and (header := _BLOCK_HEADER.match(written)) is not None:
        return start + header.end()
    return start + len(written)
