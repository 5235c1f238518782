"""YAML that lies outside of the subset, as the walk meets it: marks, directives, odd keys, escapes."""

from __future__ import annotations

import re
from typing import Any

from routecomp.diagnostics.diagnostic import Label
from routecomp.parse import syntax_errors
from routecomp.parse.encoding import FORBIDDEN_IN_VALUE, character_name, reason_forbidden
from routecomp.parse.file_diagnostics import FileDiagnostics
from routecomp.parse.libyaml_error import NO_KEY_HELP
from routecomp.parse.tree import Mapping, Node, Scalar

_DIRECTIVE = re.compile(r"^%.*", re.MULTILINE)
_MARK = re.compile(r"\s*([&*!][^\s,\[\]{}]*)")  # an alias, an anchor, a tag as it is written
_ESCAPE = re.compile(r"\\(?:x(..)|u(.{4})|U(.{8})|(.))", re.DOTALL)
_CONTROL_ESCAPES = {"0": 0x00, "a": 0x07, "b": 0x08, "v": 0x0B, "f": 0x0C, "r": 0x0D, "e": 0x1B}
_CONTROL_ESCAPES |= {"N": 0x85, "L": 0x2028, "P": 0x2029}
_MANY_DIRECTIVES = 1000


def many_directives(body: bytes, findings: FileDiagnostics) -> bool:
    """Refuse a text of directives unread: libyaml compares each `%TAG` line with all lines before it."""
    if body.count(b"\n%") <= _MANY_DIRECTIVES:
        return False
    refuse_directives(len(findings.source.text), findings)
    return True


def refuse_directives(end: int, findings: FileDiagnostics) -> None:
    """Report the `%` lines before `end`."""
    for found in _DIRECTIVE.finditer(findings.source.text, 0, end):
        message = "directives are not supported"
        findings.add("RC108", message, found.start(), found.end(), syntax_errors.DIRECTIVE_HELP)
        if findings.too_many():
            break


def refuse_second_document(first: Any, event: Any, findings: FileDiagnostics) -> None:
    """Report where a second document begins; both are the events of document starts."""
    start, end = event.start_mark.index, event.end_mark.index
    label = Label(findings.place(first.start_mark.index, first.end_mark.index), "the first document begins here")
    help = "keep one document per file: put the rest into a file of its own"
    findings.add("RC108", "a second document begins here", start, max(end, start + 1), help, labels=(label,))


def refuse_marks(start: int, findings: FileDiagnostics) -> None:
    """Report the alias that stands at `start`, or the anchor and the tag."""
    at = start
    for _ in range(2):  # a node has at most one anchor and one tag
        found = _MARK.match(findings.source.text, at)
        if found is None:
            return
        sign, at = found[1][0], found.end()
        if sign == "!":
            findings.add("RC107", "tags are not supported", found.start(1), at, syntax_errors.TAGS_HELP)
        else:
            message = "aliases are not supported" if sign == "*" else "anchors are not supported"
            findings.add("RC106", message, found.start(1), at, syntax_errors.SHARING_HELP)
            if sign == "*":
                return


def refuse_complex_key(start: int, findings: FileDiagnostics) -> None:
    """Report a list or mapping that stands where a key belongs; template braces look like one."""
    text = findings.source.text
    opening = start if text.startswith("{{", start) else start - 1
    if text.startswith("{{", opening):
        syntax_errors.template_at(findings, opening)
    else:
        message = "a list or a mapping cannot be a key"
        findings.add("RC110", message, start, start + 1, "use plain text as the key")


def refuse_keys(mapping: Mapping, findings: FileDiagnostics) -> None:
    """Report missing keys, merge keys and duplicates; of duplicates the mapping keeps the first."""
    first: dict[str, Scalar] = {}
    kept: list[tuple[Scalar, Node]] = []
    dropped: list[tuple[Scalar, Node]] = []
    for key, value in mapping.items:
        text = key.text
        if key.start == key.end:  # a placeholder has been reported already and is not plain
            kept.append((key, value))
            if key.plain:
                findings.add("RC110", "a key is missing before `:`", key.start, key.start + 1, NO_KEY_HELP)
        elif text in first:
            dropped.append((key, value))
            if findings.full("RC109"):
                findings.add_hidden("RC109", 1, key.start)
                continue
            name = f"`{text}`" if len(text) <= 80 and text.isprintable() else "of this line"
            message = f"key {name} stands twice in the same mapping"
            label = Label(first[text].span, "first here")
            findings.add("RC109", message, key.start, key.end, "keep one of the two", "again here", (label,))
        else:
            first[text] = key
            kept.append((key, value))
            if text == "<<" and key.plain:
                message = "merge keys (`<<`) are not supported"
                findings.add("RC106", message, key.start, key.end, syntax_errors.SHARING_HELP)
    mapping.items, mapping.dropped = kept, tuple(dropped)


def refuse_escapes(scalar: Scalar, findings: FileDiagnostics) -> None:
    """Report the escapes of a double-quoted scalar that stand for characters no file may hold."""
    for escape in _ESCAPE.finditer(findings.source.text, scalar.start + 1, scalar.end - 1):
        digits = escape[1] or escape[2] or escape[3]
        code = int(digits, 16) if digits else _CONTROL_ESCAPES.get(escape[4])
        if code is not None and FORBIDDEN_IN_VALUE.match(chr(code)) is not None:
            why, remedy = reason_forbidden(chr(code))
            message = f"this escape stands for {character_name(chr(code))}, which {why}"
            findings.add("RC102", message, escape.start(), escape.end(), remedy)
            if findings.too_many():
                return
