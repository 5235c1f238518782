"""Report what libyaml accepts although YAML 1.2 does not.

Each check first searches the text for characters that it is about, so it costs ordinary files almost nothing.
Numbers in brackets are productions of YAML 1.2.2; the tests compare this file with `tests/parse/grammar.py`, a slow
reader written from those productions.
"""

from __future__ import annotations

import re

from routecomp.diagnostics.diagnostic import Label
from routecomp.parse.comments import Layout
from routecomp.parse.file_diagnostics import FileDiagnostics
from routecomp.parse.syntax_errors import EXPLICIT_KEY_HELP
from routecomp.parse.tree import Collection, Node, Scalar
from routecomp.source.edits import Edit, Fix

# Each pattern begins with a literal, which the regular expression engine finds fastest.
_CROWDED_COMMENT = re.compile(r"#(?<=[^ \t\n]#)")
_EXPLICIT_KEY = re.compile(r"\?(?<![^\s,\[\]{}]\?)")
_LONE_DASH = re.compile(r"-[,\[\]{}]")
_LINE = re.compile(r"\n( *)([^ \r\n])")
_LINE_IN_BRACKETS = re.compile(r"\n( *)([^ \r\n#])")  # comments may have any indentation
_INDICATED = re.compile(r"[|>][-+]?[1-9]")
_BLANK_AFTER_TAB = re.compile(r"\t[ \t]*(?:#|\r?\n)")


def check_strictness(
    root: Node,
    multiline: list[tuple[Node, Collection | None]],
    diagnostics: FileDiagnostics,
    *,
    needs_indentation: bool = True,
) -> None:
    """Report what a whole file has that YAML 1.2 does not allow, until a rule has more errors than are shown.

    `multiline` lists the nodes of several lines, each with the block collection around it (None at the top). Unless it
    `needs_indentation`, further lines of quoted texts and of what stands in brackets may begin anywhere.
    """
    text = diagnostics.source.text
    layout = Layout(root, text)
    _check_space_before_comments(layout, diagnostics)
    _check_explicit_keys(layout, diagnostics)
    _check_lone_dashes(layout, diagnostics)
    for node, block in multiline:
        if needs_indentation or (isinstance(node, Scalar) and text[node.start] in "|>"):
            _check_multiline(node, block, diagnostics)
        if diagnostics and diagnostics.should_stop():
            return


def _check_space_before_comments(layout: Layout, diagnostics: FileDiagnostics) -> None:
    """Report comments without white space before them ([66] s-separate-in-line)."""
    match = _CROWDED_COMMENT.search(layout.text)
    while match is not None:
        start = match.start()
        if layout.comment_at(start) == start:
            fix = Fix("put a space before the comment", (Edit(diagnostics.span(start, start), " "),), is_safe=True)
            help = "put a space before the `#`"
            diagnostics.add("RC103", "a comment needs a space before its `#`", start, start + 1, help, fix=fix)
            if diagnostics.should_stop():
                return
        match = _CROWDED_COMMENT.search(layout.text, layout.skip(start))


def _check_explicit_keys(layout: Layout, diagnostics: FileDiagnostics) -> None:
    """Report explicit keys ([191], [143]). The subset leaves them out; in brackets libyaml reads `?text` as one."""
    match = _EXPLICIT_KEY.search(layout.text)
    while match is not None:
        start = match.start()
        if layout.scalar_at(start) is None and layout.comment_at(start) is None:
            message = "explicit keys (`? key`) are not supported"
            diagnostics.add("RC110", message, start, start + 1, EXPLICIT_KEY_HELP)
            if diagnostics.should_stop():
                return
        match = _EXPLICIT_KEY.search(layout.text, layout.skip(start))


def _check_lone_dashes(layout: Layout, diagnostics: FileDiagnostics) -> None:
    """Report dashes between brackets with no text after them, which begin no plain text ([126] ns-plain-first)."""
    match = _LONE_DASH.search(layout.text)
    while match is not None:
        scalar = layout.scalar_at(match.start())
        if scalar is not None and scalar.text == "-" and scalar.plain:
            help = "put it in quotes if it is meant as text; lists in brackets have no dashes"
            diagnostics.add("RC103", "a lone `-` cannot stand between brackets", scalar.start, scalar.end, help)
            if diagnostics.should_stop():
                return
        match = _LONE_DASH.search(layout.text, layout.skip(match.start()))


def _check_multiline(node: Node, block: Collection | None, diagnostics: FileDiagnostics) -> None:
    """Report wrong indentation of a node of several lines; `block` is the block collection around it."""
    text = diagnostics.source.text
    # One space more than the block collection around the node; at the top none.
    needed = 0 if block is None else block.start - text.rfind("\n", 0, block.start)
    if not isinstance(node, Scalar):
        _check_continuation(node, "list" if text[node.start] == "[" else "mapping", needed, diagnostics)
    elif text[node.start] not in "|>":
        _check_continuation(node, "text", needed, diagnostics)
    elif block is None and _INDICATED.match(text, node.start):
        message = "how deep this text is indented is read differently by different YAML readers"
        diagnostics.add("RC103", message, node.start, node.start + 1, "write it under a key")
    else:
        _check_block_scalar(node, needed, diagnostics)


def _check_block_scalar(node: Scalar, needed: int, diagnostics: FileDiagnostics) -> None:
    """Report a block scalar that stands too far left, or whose text is not indented."""
    text, sign = diagnostics.source.text, diagnostics.source.text[node.start]
    # [199] s-l+block-scalar: libyaml accepts a `|` that stands too far left.
    column = node.start - text.rfind("\n", 0, node.start) - 1
    if column < needed and not text[node.start - column : node.start].strip(" "):
        message = f"this `{sign}` must be indented by at least {_spaces(needed)}"
        help = "put it on the line of the key it belongs to"
        diagnostics.add("RC103", message, node.start, node.start + 1, help)
    # [170], auto-detection: where the first line of text is indented less than an empty line before it (an error),
    # or not at all (fine at the top of a document), libyaml reads an empty scalar. It reads on without an error where
    # that line happens to be a comment.
    if node.text.strip("\n") or (first := _LINE.search(text, node.start)) is None:
        return
    document_ends = not first[1] and text.startswith(("---", "..."), first.start(2))
    if len(first[1]) >= needed and not document_ends:
        message, help = "this line is indented less than an empty line before it", "empty the lines above it"
        if not first[1]:
            message, help = f"the text of this `{sign}` must be indented", "indent it, or write it under a key"
        label = Label(diagnostics.span(node.start, node.start + 1), f"the `{sign}`")
        diagnostics.add("RC103", message, first.start(2), first.end(2), help, labels=(label,))


def _check_continuation(node: Node, what: str, needed: int, diagnostics: FileDiagnostics) -> None:
    """Report lines of a quoted scalar or flow collection that are not deep enough ([69] s-flow-line-prefix)."""
    if not needed:
        return
    text = diagnostics.source.text
    lines = _LINE if what == "text" else _LINE_IN_BRACKETS
    for line in lines.finditer(text, node.start, node.end):
        spaces = len(line[1])
        if spaces >= needed:
            continue
        offset = line.start(2)
        if what != "text" and _BLANK_AFTER_TAB.match(text, offset):
            continue  # tabs on lines that hold nothing else are fine
        message = f"this line belongs to a {what} and must be indented by at least {_spaces(needed)}"
        help = f"indent it deeper than the key or dash that the {what} belongs to"
        label = Label(diagnostics.span(node.start, node.start + 1), f"the {what} begins here")
        fix = Fix("indent the line", (Edit(diagnostics.span(offset, offset), " " * (needed - spaces)),), is_safe=True)
        diagnostics.add("RC103", message, offset, offset + 1, help, labels=(label,), fix=fix)
        if diagnostics.should_stop():
            return


def _spaces(count: int) -> str:
    """Write a number of spaces for a message."""
    return "1 space" if count == 1 else f"{count} spaces"
