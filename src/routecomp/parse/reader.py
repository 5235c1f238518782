"""Read the tree of one file in a single pass over libyaml's events, without recursion.

Errors that one event shows are reported here, with the words of `subset`. `syntax_errors` explains the errors that
libyaml raises; `strict` finds what libyaml accepts although YAML 1.2 does not.
"""

from __future__ import annotations

import gc
import re
from dataclasses import dataclass, field
from typing import Any

from routecomp.parse import subset, syntax_errors
from routecomp.parse.encoding import forbidden_in_value
from routecomp.parse.file_diagnostics import FileDiagnostics
from routecomp.parse.tree import Alias, Collection, Mapping, Node, Scalar, Sequence
from routecomp.source.text import SourceFile

_ODD_KEYS = frozenset(("", "<<"))
_NESTED_TOO_DEEP = "exceeded maximum nesting depth"
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*")


@dataclass(slots=True)
class ReadTree:
    """The tree of one file; `root` is None where an error left no usable tree.

    `multiline` holds the nodes whose indentation `strict` checks: quoted and block scalars and outermost flow
    collections of several lines, each with the block collection around it (None at the top).
    """

    root: Node | None = None
    multiline: list[tuple[Node, Collection | None]] = field(default_factory=list)


def read_tree(
    source: SourceFile,
    body: bytes,
    max_depth: int,
    max_nodes: int,
    diagnostics: FileDiagnostics,
    keeps_anchors: bool = False,
) -> ReadTree:
    """Read the one document of a file; `body` is the text of `source` as UTF-8.

    Errors go to `diagnostics`; nothing is raised. Duplicate keys leave a tree, all other errors none. Reading ends
    where a collection is nested deeper than `max_depth`, or libyaml gives `max_nodes` events without an end. Anchors,
    aliases and merge keys are errors unless the tree `keeps_anchors`.
    """
    # The pass allocates up to a million objects that all stay alive and form no cycles. Looking for cycles would
    # take half the time of a large file.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _read_events(source, body, max_depth, max_nodes, diagnostics, keeps_anchors)
    finally:
        if collecting:
            gc.enable()


def _read_events(
    source: SourceFile,
    body: bytes,
    max_depth: int,
    max_nodes: int,
    diagnostics: FileDiagnostics,
    keeps_anchors: bool,
) -> ReadTree:
    """Make the tree of libyaml's events, and report the errors that single events show or libyaml raises."""
    # lazy: importing PyYAML takes 15 ms, and a check whose result is cached parses nothing
    from yaml._yaml import CParser

    # lazy: as above
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

    if subset.many_directives(body, diagnostics):
        return ReadTree()
    get: Any = CParser(body).get_event
    text = source.text
    has_marks = b"&" in body or b"!" in body  # otherwise no node has an anchor or a tag
    has_escapes = b"\\" in body  # otherwise every character of a value stands in the text
    result = ReadTree()
    top: list[Any] = []
    children = top  # children of `parent`: items of a sequence, alternating keys and values of a mapping
    parent: Collection | None = None
    block: Collection | None = None  # the innermost block collection
    stack: list[tuple[Collection | None, list[Any], Collection | None]] = []
    node: Any = None  # the node that began or ended last
    document: Any = None
    anchors: dict[str, Node] = {}
    # INVARIANT: one iteration takes one event, so `max_nodes` bounds time and memory of the pass. `multiline` has a
    # limit of its own, because `strict` looks at each of those nodes again.
    for _ in range(max_nodes):
        try:
            event = get()
        except Exception as raised:  # whatever the C parser raises is an error of this text
            if getattr(raised, "problem", None) == _NESTED_TOO_DEEP:
                # libyaml 0.2.6 and later raise this while they look ahead for a key's colon, before they give the
                # events of the brackets. Read the text up to the bracket that was one too many: our limit is lower.
                mark: Any = raised
                before = text[: mark.problem_mark.index].encode()
                return _read_events(source, before, max_depth, max_nodes, diagnostics, keeps_anchors)
            syntax_errors.report_syntax_error(raised, node, diagnostics)
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
                    result.multiline.append((node, block))
                    if len(result.multiline) > max_nodes // 4:
                        return _too_large(f"{max_nodes // 4:,} texts over several lines", diagnostics)
                if has_escapes and forbidden_in_value().search(node.text) is not None:
                    subset.refuse_escapes(node, diagnostics)
                    if diagnostics.should_stop():
                        return ReadTree()
            if keeps_anchors and event.anchor is not None:
                anchors[event.anchor] = node
            if has_marks and (event.tag is not None or (event.anchor is not None and not keeps_anchors)):
                subset.refuse_marks(begin.index, diagnostics, keeps_anchors)
                if diagnostics.should_stop():
                    return ReadTree()
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            start, flow = event.start_mark.index, event.flow_style
            if kind is MappingStartEvent:
                node, below = Mapping(source, start, start, [], flow), []
            else:
                node = Sequence(source, start, start, [], flow)
                below = node.items
            if parent.__class__ is Mapping and not len(children) & 1:
                subset.refuse_complex_key(start, diagnostics)
                if diagnostics.should_stop():
                    return ReadTree()
                children.append(_placeholder(source, start))
            else:
                children.append(node)
            if keeps_anchors and event.anchor is not None:
                anchors[event.anchor] = node
            if has_marks and (event.tag is not None or (event.anchor is not None and not keeps_anchors)):
                subset.refuse_marks(start, diagnostics, keeps_anchors)
                if diagnostics.should_stop():
                    return ReadTree()
            stack.append((parent, children, block))
            if len(stack) > max_depth:
                help = "no section of a configuration is nested this deep: look for an unclosed bracket"
                diagnostics.add("RC104", f"nested more than {max_depth} deep", start, start + 1, help)
                return ReadTree()
            parent, children = node, below
            if not flow:
                block = node
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            node = parent
            if kind is MappingEndEvent and children:
                _pair(node, children, diagnostics, keeps_anchors)
            # A collection without brackets ends in a token of no width at whatever comes next.
            start, end = event.start_mark.index, event.end_mark.index
            node.end = end if end > start else children[-1].end
            parent, children, block = stack.pop()
            if node.flow and (parent is None or not parent.flow) and text.find("\n", node.start, node.end) != -1:
                result.multiline.append((node, block))
        elif kind is AliasEvent:
            start, end = event.start_mark.index, event.end_mark.index
            target = anchors.get(event.anchor)
            if not keeps_anchors:
                subset.refuse_marks(start, diagnostics)
            elif target is None:
                help = "write the anchor (`&name`) above it; text that begins with `*` goes in quotes"
                diagnostics.add("RC106", "no anchor above this alias has its name", start, end, help)
            elif target is parent or any(above is target for above, _, _ in stack):
                help = "write out what is meant here"
                diagnostics.add("RC106", "this alias stands within its own anchor", start, end, help)
            else:
                children.append(Alias(source, start, end, text[start:end], target))
                continue
            if diagnostics.should_stop():
                return ReadTree()
            children.append(_placeholder(source, start))
        elif kind is DocumentStartEvent:
            if document is not None:
                subset.refuse_second_document(document, event, diagnostics)
                return ReadTree()
            document = event
            if event.version is not None or event.tags is not None:
                subset.refuse_directives(event.end_mark.index, diagnostics)
        elif kind is StreamEndEvent:
            break
    else:
        return _too_large(f"{max_nodes:,} keys, values and brackets", diagnostics)
    if not top:
        syntax_errors.report_empty_file(diagnostics)
    elif not diagnostics.is_fatal:
        result.root = top[0]
        if top[0].end > len(text):  # an empty value after `---`, placed at the line end that was added
            top[0].start = top[0].end = len(text)
    return result


def _too_large(what: str, diagnostics: FileDiagnostics) -> ReadTree:
    """Report that the file holds more than `what`, and return no tree."""
    help = "split it: a section may be spread over any number of files"
    diagnostics.add("RC105", f"the file holds more than {what}", 0, 0, help)
    return ReadTree()


def _pair(mapping: Mapping, flat: list[Any], diagnostics: FileDiagnostics, keeps_anchors: bool) -> None:
    """Set the items of a mapping from its alternating keys and values, and report odd and duplicate keys."""
    nodes = iter(flat)
    mapping.items = items = list(zip(nodes, nodes, strict=True))
    texts = {key.text for key, _ in items}
    if len(texts) != len(items) or not _ODD_KEYS.isdisjoint(texts):
        subset.refuse_keys(mapping, diagnostics, keeps_anchors)


def _placeholder(source: SourceFile, offset: int) -> Scalar:
    """Return a node in place of one that was refused, so that reading goes on to the next error."""
    return Scalar(source, offset, offset, "", False)


def _block_scalar_end(text: str, start: int, end: int) -> int:
    """Return where the last line of a block scalar that is not blank ends; without one, where its header ends."""
    written = text[start:end].rstrip()
    if "\n" not in written and (header := _BLOCK_HEADER.match(written)) is not None:
        return start + header.end()
    return start + len(written)
