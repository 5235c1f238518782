"""Report YAML that the subset leaves out: directives, anchors, aliases, tags, odd keys, forbidden escapes."""

from __future__ import annotations

import re
from typing import Any

from routecomp.diagnostics.diagnostic import Label
from routecomp.parse import syntax_errors
from routecomp.parse.encoding import character_name, forbidden_in_value, reason_forbidden
from routecomp.parse.file_diagnostics import FileDiagnostics
from routecomp.parse.libyaml_error import NO_KEY_HELP
from routecomp.parse.scalars import is_number_rest
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence

_DIRECTIVE = re.compile(r"^%.*", re.MULTILINE)
_MARK = re.compile(r"\s*([&*!][^\s,\[\]{}]*)")  # an alias, an anchor or a tag
_ESCAPE = re.compile(r"\\(?:x(..)|u(.{4})|U(.{8})|(.))", re.DOTALL)
_CONTROL_ESCAPES = {"0": 0x00, "a": 0x07, "b": 0x08, "v": 0x0B, "f": 0x0C, "r": 0x0D, "e": 0x1B}
_CONTROL_ESCAPES |= {"N": 0x85, "L": 0x2028, "P": 0x2029}
_REST = re.compile(r"[ \t]+([^\s,\[\]{}#:'\"|>][^\n:#]*)(?:$|[ \t]#)", re.MULTILINE)
_MANY_DIRECTIVES = 1000
_TEXT_HELP = "put the value in quotes if it is meant as text; else write it out where it is meant"


def many_directives(body: bytes, diagnostics: FileDiagnostics) -> bool:
    """Report the directives of a text that has over a thousand, and return whether it has.

    Such a text must not be read: libyaml compares each `%TAG` line with all lines before it.
    """
    if body.count(b"\n%") <= _MANY_DIRECTIVES:
        return False
    refuse_directives(len(diagnostics.source.text), diagnostics)
    return True


def refuse_directives(end: int, diagnostics: FileDiagnostics) -> None:
    """Report the directives (lines that begin with `%`) before the offset `end`."""
    for match in _DIRECTIVE.finditer(diagnostics.source.text, 0, end):
        message = "directives are not supported"
        diagnostics.add("RC108", message, match.start(), match.end(), syntax_errors.DIRECTIVE_HELP)
        if diagnostics.should_stop():
            break


def refuse_second_document(first: Any, event: Any, diagnostics: FileDiagnostics) -> None:
    """Report where a second document begins; `first` and `event` are the start events of the two documents."""
    start, end = event.start_mark.index, event.end_mark.index
    label = Label(diagnostics.span(first.start_mark.index, first.end_mark.index), "the first document begins here")
    help = "keep one document per file: put the rest into a file of its own"
    diagnostics.add("RC108", "a second document begins here", start, max(end, start + 1), help, labels=(label,))


def refuse_marks(start: int, diagnostics: FileDiagnostics, keeps_anchors: bool = False) -> None:
    """Report the alias at the offset `start`, or the anchor and the tag there, white space before them skipped.

    Only the tag is reported where the tree `keeps_anchors`.
    """
    offset = start
    for _ in range(2):  # a node has at most one anchor and one tag
        match = _MARK.match(diagnostics.source.text, offset)
        if match is None:
            return
        sign, offset = match[1][0], match.end()
        if sign == "!":
            diagnostics.add("RC107", "tags are not supported", match.start(1), offset, syntax_errors.TAGS_HELP)
        elif not keeps_anchors:
            message = "aliases are not supported" if sign == "*" else "anchors are not supported"
            help = _TEXT_HELP if _is_text(sign, diagnostics.source.text, offset) else syntax_errors.SHARING_HELP
            diagnostics.add_shared(match[1][1:], message, match.start(1), offset, help)
            if sign == "*":
                return


def _is_text(sign: str, text: str, offset: int) -> bool:
    """Return whether words that end no line follow a mark: an alias has none behind it, an anchor at most one."""
    words = _REST.match(text, offset)
    return words is not None and len(words[1].split()) > (0 if sign == "*" else 1)


def refuse_complex_key(start: int, diagnostics: FileDiagnostics) -> None:
    """Report a list or mapping in place of a key; report `{{` as unfilled template braces."""
    text = diagnostics.source.text
    opening = start if text.startswith("{{", start) else start - 1
    if text.startswith("{{", opening):
        syntax_errors.report_template(diagnostics, opening)
    else:
        message = "a list or a mapping cannot be a key"
        diagnostics.add("RC110", message, start, start + 1, "use plain text as the key")


def refuse_keys(mapping: Mapping, diagnostics: FileDiagnostics, keeps_anchors: bool = False) -> None:
    """Report missing keys, merge keys and duplicate keys; of duplicates the mapping keeps the first.

    Merge keys may stand where the tree `keeps_anchors`.

    Where the keys of a mapping begin anew, as where a name above them is missing, that is one error.
    """
    first: dict[str, Scalar] = {}
    kept: list[tuple[Scalar, Node]] = []
    dropped: list[tuple[Scalar, Node]] = []
    for key, value in mapping.items:
        text = key.text
        if key.start == key.end:  # missing, or a placeholder, which is not plain and has been reported
            kept.append((key, value))
            if key.plain:
                diagnostics.add("RC110", "a key is missing before `:`", key.start, key.start + 1, NO_KEY_HELP)
        elif text in first:
            dropped.append((key, value))
        else:
            first[text] = key
            kept.append((key, value))
            if text == "<<" and key.plain and not keeps_anchors and not _holds_alias(value):
                message = "merge keys (`<<`) are not supported"
                diagnostics.add("RC106", message, key.start, key.end, syntax_errors.SHARING_HELP)
    mapping.items, mapping.dropped = kept, tuple(dropped)
    _refuse_duplicates(mapping, first, diagnostics)


def _holds_alias(value: Node) -> bool:
    """Return whether a value is an alias, which has been reported, or a list of them."""
    items = value.items if isinstance(value, Sequence) else [value]
    return any(isinstance(item, Scalar) and not item.plain and item.start == item.end for item in items)


def _refuse_duplicates(mapping: Mapping, first: dict[str, Scalar], diagnostics: FileDiagnostics) -> None:
    """Report the duplicate keys of a mapping; `first` holds the first key of each text."""
    anew: int | None = None  # where keys begin to stand there again
    again: set[str] = set()  # the keys since then
    more = ""
    for key, value in mapping.dropped:
        text = key.text
        if anew is not None and first[text].start < anew and text not in again and not mapping.flow:
            again.add(text)
            continue
        if more and text in again:
            continue  # what begins anew does so a third time
        if len(again) > 1:
            return  # they begin anew a third time: nobody wants to read that again
        anew, again = key.start, {text}
        if diagnostics.is_full("RC109"):
            diagnostics.add_hidden("RC109", 1, key.start)
            continue
        name = f"`{text}`" if len(text) <= 80 and text.isprintable() else "of this line"
        others = {other.text for other, _ in mapping.dropped if first[other.text].start < anew < other.start} - again
        more = "" if not others or mapping.flow else f", as {'does' if len(others) == 1 else 'do'} {len(others)} more"
        message = f"key {name} stands twice in the same mapping{more}"
        label = Label(first[text].span, "first here")
        help = "keep one of the two" if not more else "keep one of each two; or write the name that is missing above"
        if mapping.flow and is_number_rest(key, value):
            help = "a number is written with a point, not a comma"
        diagnostics.add("RC109", message, key.start, key.end, help, "again here", (label,))


def refuse_escapes(scalar: Scalar, diagnostics: FileDiagnostics) -> None:
    """Report the escapes of a double-quoted scalar that stand for forbidden characters."""
    for escape in _ESCAPE.finditer(diagnostics.source.text, scalar.start + 1, scalar.end - 1):
        digits = escape[1] or escape[2] or escape[3]
        code = int(digits, 16) if digits else _CONTROL_ESCAPES.get(escape[4])
        if code is not None and forbidden_in_value().match(chr(code)) is not None:
            why, remedy = reason_forbidden(chr(code))
            message = f"this escape stands for {character_name(chr(code))}, which {why}"
            diagnostics.add("RC102", message, escape.start(), escape.end(), remedy)
            if diagnostics.should_stop():
                return
