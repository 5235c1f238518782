"""UTF-8 bytes in, the positioned tree out: one pass over libyaml's events, without recursion.

Only what an event alone can tell is judged here; what libyaml lets pass although YAML 1.2 refuses it is
`strict`'s part, and the wording of libyaml's own refusals is `syntax`'s.
"""

from __future__ import annotations

import gc
import re
from dataclasses import dataclass, field
from typing import Any

from routecomp.diagnostics.diagnostic import Label
from routecomp.parse import syntax
from routecomp.parse.findings import Findings
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence
from routecomp.source import SourceFile, Span

Collection = Mapping | Sequence

_DIRECTIVE = re.compile(r"^%.*", re.MULTILINE)
_MARKS = re.compile(r"[&*!][^\s,\[\]{}]*")  # an alias, an anchor, a tag as it is written
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*")


@dataclass(slots=True)
class Walk:
    """What one pass over the events found; `root` is None where an error left no usable tree.

    `long` holds the scalars in quotes or block style and the outermost flow collections that span lines,
    each with the block collection it stands in (None at the top): `strict` looks at their indentation.
    """

    root: Node | None = None
    long: list[tuple[Node, Collection | None]] = field(default_factory=list)


def walk(source: SourceFile, body: bytes, max_depth: int, max_nodes: int, findings: Findings) -> Walk:
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


def _walk(source: SourceFile, body: bytes, max_depth: int, max_nodes: int, findings: Findings) -> Walk:
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

    get: Any = CParser(body).get_event
    marked = b"&" in body or b"!" in body  # only then can a node carry an anchor or a tag
    result = Walk()
    document: Any = None
    top: list[Any] = []
    children = top  # of `parent`: items of a sequence, alternating keys and values of a mapping
    parent: Collection | None = None
    block: Collection | None = None  # the innermost block collection
    stack: list[tuple[Collection | None, list[Any], Collection | None]] = []
    # INVARIANT: one iteration takes one event, so `max_nodes` bounds time and memory of the pass.
    for _ in range(max_nodes):
        try:
            event = get()
        except Exception as refusal:  # whatever the C parser raises is a refusal of this text
            syntax.explain(refusal, findings)
            return Walk()
        kind = event.__class__
        if kind is ScalarEvent:
            style = event.style
            begin, finish = event.start_mark, event.end_mark
            node: Any = Scalar(source, begin.index, finish.index, event.value, not style)
            children.append(node)
            if style and begin.line != finish.line:
                if style in "|>":
                    node.end = _block_scalar_end(source.text, node.start, node.end)
                result.long.append((node, block))
            if marked and (event.anchor is not None or event.tag is not None):
                _refuse_marks(event, findings)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            start = event.start_mark.index
            flow = event.flow_style
            if kind is MappingStartEvent:
                node = Mapping(source, start, start, [], flow)
                below: list[Any] = []
            else:
                node = Sequence(source, start, start, [], flow)
                below = node.items
            if parent.__class__ is Mapping and not len(children) & 1:
                _refuse_complex_key(source.text, start, flow, findings)
                children.append(_placeholder(source, start))
            else:
                children.append(node)
            if marked and (event.anchor is not None or event.tag is not None):
                _refuse_marks(event, findings)
            stack.append((parent, children, block))
            if len(stack) > max_depth:
                findings.add("RC104", f"nested more than {max_depth} deep", start, start + 1,
                             "no section of a configuration is nested this deep: look for an unclosed bracket")
                return Walk()
            parent, children = node, below
            if not flow:
                block = node
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            node = parent
            if kind is MappingEndEvent:
                _pair(node, children, findings)
            # A collection without brackets ends in a token of no width at whatever comes next.
            begin, finish = event.start_mark.index, event.end_mark.index
            node.end = finish if finish > begin else children[-1].end
            parent, children, block = stack.pop()
            if node.flow and not (parent and parent.flow) and source.text.find("\n", node.start, node.end) != -1:
                result.long.append((node, block))
        elif kind is AliasEvent:
            _refuse_marks(event, findings)
            children.append(_placeholder(source, event.start_mark.index))
        elif kind is DocumentStartEvent:
            start, end = event.start_mark.index, event.end_mark.index
            if document is not None:
                first = Span(source, document.start_mark.index, document.end_mark.index)
                findings.add("RC108", "a second document begins here", start, max(end, start + 1),
                             "keep one document per file: put the rest into a file of its own",
                             labels=(Label(first, "the first document begins here"),))
                return Walk()
            document = event
            if event.version is not None or event.tags is not None:
                refuse_directives(source.text, end, findings)
        elif kind is StreamEndEvent:
            break
    else:
        findings.add("RC105", f"the file holds more than {max_nodes:,} keys, values and brackets", 0, 0,
                     "split it: a section may be spread over any number of files")
        return Walk()
    if not top:
        empty_file(findings)
    elif not findings.fatal:
        result.root = top[0]
    return result


def empty_file(findings: Findings) -> None:
    """Report a file without a document."""
    findings.add("RC111", "the file is empty", 0, 0, "write a section such as `models:` into it, or delete the file")


def refuse_directives(text: str, end: int, findings: Findings) -> None:
    """Report each `%` line before the document."""
    for found in _DIRECTIVE.finditer(text, 0, end):
        findings.add("RC108", "directives are not supported", found.start(), found.end(),
                     "remove the line: files are read as YAML 1.2 without tags")


def _pair(mapping: Mapping, flat: list[Any], findings: Findings) -> None:
    """Turn alternating keys and values into items; keys that stood earlier are reported and dropped."""
    keys: list[Scalar] = flat[::2]
    mapping.items = list(zip(keys, flat[1::2], strict=True))
    texts = {key.text for key in keys}
    if len(texts) == len(keys) and "" not in texts and "<<" not in texts:
        return
    first: dict[str, Scalar] = {}
    kept, dropped = [], []
    for key, value in mapping.items:
        text = key.text
        if not text and key.start == key.end:
            if key.plain:
                findings.add("RC110", "a key is missing before `:`", key.start, key.start + 1, "write the key, or remove the line")
            kept.append((key, value))  # or a placeholder, which is reported already
        elif text in first:
            dropped.append((key, value))
            earlier = first[text]
            findings.add("RC109", f"key {_quoted(text)} stands twice in the same mapping", key.start, key.end,
                         "keep one of the two", "again here", (Label(earlier.span, "first here"),))
        else:
            first[text] = key
            kept.append((key, value))
            if text == "<<" and key.plain:
                findings.add("RC106", "merge keys (`<<`) are not supported", key.start, key.end,
                             "write the values out; presets and defaults are the shared part of a policy")
    mapping.items, mapping.dropped = kept, tuple(dropped)


def _quoted(text: str) -> str:
    """A key as a message shows it: short ones by name."""
    return f"`{text}`" if len(text) <= 80 and text.isprintable() else "of this line"


def _placeholder(source: SourceFile, at: int) -> Scalar:
    return Scalar(source, at, at, "", False)


def _refuse_marks(event: Any, findings: Findings) -> None:
    """Report an alias, or the anchor and the tag of a node."""
    text = findings.source.text
    at = event.start_mark.index
    while (found := _MARKS.match(text, at)) is not None:
        if found.group()[0] == "!":
            findings.add("RC107", "tags are not supported", at, found.end(),
                         "remove it: what a value is follows from the key it stands under")
        else:
            what = "an alias" if found.group()[0] == "*" else "an anchor"
            findings.add("RC106", f"{what} is not supported", at, found.end(),
                         "write the value out where it is meant; presets and defaults are the shared part of a policy")
        at = found.end()
        while at < len(text) and text[at] in " \t\r\n":
            at += 1


def _refuse_complex_key(text: str, start: int, flow: bool, findings: Findings) -> None:
    if text.startswith("{{", start - 1):
        end = text.find("}}", start)
        findings.add("RC103", "template braces `{{ }}` that nothing has filled in", start - 1, end + 2 if end != -1 else start + 1,
                     "render the template first; if the braces are meant as text, put the value in quotes")
    else:
        findings.add("RC110", "a list or a mapping cannot be a key", start, start + 1, "use plain text as the key")


def _block_scalar_end(text: str, start: int, end: int) -> int:
    """Where the last line of a block scalar ends that holds something; without one, where its header ends."""
    end = start + len(text[start:end].rstrip())
    if text.find("\n", start, end) == -1:
        header = _BLOCK_HEADER.match(text, start)
        return header.end() if header else end
    return end
