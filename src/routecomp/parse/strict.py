"""A tree as libyaml read it in, findings out: what libyaml lets pass although YAML 1.2 refuses it.

Ordinary files pay next to nothing: each check first asks, at memory speed, whether the text holds anything
it could be about. Numbers in brackets are productions of YAML 1.2.2; `tests/parse/grammar.py` is a slow
reader written from them, and the tests compare the two.
"""

from __future__ import annotations

import re

from routecomp.diagnostics.diagnostic import Label
from routecomp.parse.comments import Layout
from routecomp.parse.file_diagnostics import FileDiagnostics
from routecomp.parse.syntax_errors import EXPLICIT_KEY_HELP
from routecomp.parse.tree import Collection, Node, Scalar
from routecomp.source.edits import Edit, Fix

# The literal comes first in each: that is what the search engine can look for at memory speed.
_CROWDED_COMMENT = re.compile(r"#(?<=[^ \t\n]#)")
_EXPLICIT_KEY = re.compile(r"\?(?<![^\s,\[\]{}]\?)")
_LONE_DASH = re.compile(r"-[,\[\]{}]")
_LINE = re.compile(r"\n( *)([^ \r\n])")
_LINE_IN_BRACKETS = re.compile(r"\n( *)([^ \r\n#])")  # comments may stand anywhere
_INDICATED = re.compile(r"[|>][-+]?[1-9]")
_NOTHING_MORE = re.compile(r"\t[ \t]*(?:#|\r?\n)")


def check_strictness(root: Node, long: list[tuple[Node, Collection | None]], findings: FileDiagnostics) -> None:
    """Check a whole file. `long` lists the nodes over several lines, each with its block collection."""
    text = findings.source.text
    layout = Layout(root, text)
    _comments_stand_apart(layout, findings)
    _no_explicit_keys(layout, findings)
    _no_lone_dash_in_flow(layout, findings)
    for node, block in long:
        _long_node(node, block, findings)
        if findings and findings.too_many():
            return


def _comments_stand_apart(layout: Layout, findings: FileDiagnostics) -> None:
    """[66] s-separate-in-line: white space, or the start of the line, comes before every comment."""
    found = _CROWDED_COMMENT.search(layout.text)
    while found is not None:
        start = found.start()
        if layout.comment_at(start) == start:
            fix = Fix("put a space before the comment", (Edit(findings.place(start, start), " "),))
            help = "put a space before the `#`"
            findings.add("RC103", "a comment needs a space before its `#`", start, start + 1, help, fix=fix)
            if findings.too_many():
                return
        found = _CROWDED_COMMENT.search(layout.text, layout.skip(start))


def _no_explicit_keys(layout: Layout, findings: FileDiagnostics) -> None:
    """[191] and [143]: `? key` is outside of the subset; in brackets libyaml also takes `?text` for one."""
    found = _EXPLICIT_KEY.search(layout.text)
    while found is not None:
        start = found.start()
        if layout.scalar_at(start) is None and layout.comment_at(start) is None:
            message = "explicit keys (`? key`) are not supported"
            findings.add("RC110", message, start, start + 1, EXPLICIT_KEY_HELP)
            if findings.too_many():
                return
        found = _EXPLICIT_KEY.search(layout.text, layout.skip(start))


def _no_lone_dash_in_flow(layout: Layout, findings: FileDiagnostics) -> None:
    """[126] ns-plain-first: a dash begins plain text only if text follows, not a comma or bracket."""
    found = _LONE_DASH.search(layout.text)
    while found is not None:
        scalar = layout.scalar_at(found.start())
        if scalar is not None and scalar.text == "-" and scalar.plain:
            help = "put it in quotes if it is meant as text; lists in brackets have no dashes"
            findings.add("RC103", "a lone `-` cannot stand between brackets", scalar.start, scalar.end, help)
            if findings.too_many():
                return
        found = _LONE_DASH.search(layout.text, layout.skip(found.start()))


def _long_node(node: Node, block: Collection | None, findings: FileDiagnostics) -> None:
    """What only nodes over several lines can get wrong: how their further lines are indented."""
    text = findings.source.text
    # One more than the spaces of the block collection around it; at the top nothing is required.
    needed = 0 if block is None else block.start - text.rfind("\n", 0, block.start)
    if not isinstance(node, Scalar):
        _continuation(node, "list" if text[node.start] == "[" else "mapping", needed, findings)
    elif text[node.start] not in "|>":
        _continuation(node, "text", needed, findings)
    elif block is None and _INDICATED.match(text, node.start):
        message = "how deep this text is indented is read differently by different YAML readers"
        findings.add("RC103", message, node.start, node.start + 1, "write it under a key")
    else:
        _block_scalar(node, needed, findings)


def _block_scalar(node: Scalar, needed: int, findings: FileDiagnostics) -> None:
    """Where a block scalar may stand, and which lines are its own."""
    text, sign = findings.source.text, findings.source.text[node.start]
    # [199] s-l+block-scalar: libyaml lets the `|` itself stand too far left.
    column = node.start - text.rfind("\n", 0, node.start) - 1
    if column < needed and not text[node.start - column : node.start].strip(" "):
        message = f"this `{sign}` must be indented by at least {_spaces(needed)}"
        help = "put it on the line of the key it belongs to"
        findings.add("RC103", message, node.start, node.start + 1, help)
    # [170], auto-detection: libyaml takes a scalar for empty whose first text is indented less than an
    # empty line before it (an error), or not at all (fine at the top of a document); it reads on where
    # that text happens to be a comment.
    if node.text.strip("\n") or (first := _LINE.search(text, node.start)) is None:
        return
    document_ends = not first[1] and text.startswith(("---", "..."), first.start(2))
    if len(first[1]) >= needed and not document_ends:
        message, help = "this line is indented less than an empty line before it", "empty the lines above it"
        if not first[1]:
            message, help = f"the text of this `{sign}` must be indented", "indent it, or write it under a key"
        label = Label(findings.place(node.start, node.start + 1), f"the `{sign}`")
        findings.add("RC103", message, first.start(2), first.end(2), help, labels=(label,))


def _continuation(node: Node, what: str, needed: int, findings: FileDiagnostics) -> None:
    """[69] s-flow-line-prefix: every further line stands deeper than the block collection around it."""
    if not needed:
        return
    text = findings.source.text
    lines = _LINE if what == "text" else _LINE_IN_BRACKETS
    for line in lines.finditer(text, node.start, node.end):
        spaces = len(line[1])
        if spaces >= needed:
            continue
        at = line.start(2)
        if what != "text" and _NOTHING_MORE.match(text, at):
            continue  # and so may tabs on lines that hold nothing else
        message = f"this line belongs to a {what} and must be indented by at least {_spaces(needed)}"
        help = f"indent it deeper than the key or dash that the {what} belongs to"
        label = Label(findings.place(node.start, node.start + 1), f"the {what} begins here")
        fix = Fix("indent the line", (Edit(findings.place(at, at), " " * (needed - spaces)),))
        findings.add("RC103", message, at, at + 1, help, labels=(label,), fix=fix)
        if findings.too_many():
            return


def _spaces(count: int) -> str:
    return "1 space" if count == 1 else f"{count} spaces"
