"""Refusals of libyaml's parser in, findings out: words that are fine by themselves, in the wrong place."""

from __future__ import annotations

import re

from routecomp.parse.findings import Findings
from routecomp.parse.refusal import NO_KEY_HELP, Refusal
from routecomp.parse.tree import Node, Scalar

# A line that holds more than a comment or a document end marker.
_TEXT_LINE = re.compile(r"^(?!\.\.\.[ \t]*(?:#|\r?$))[ \t]*[^\s#]", re.MULTILINE)
_DOCUMENT_END = re.compile(r"^\.\.\.(?=\s)", re.MULTILINE)
_BRACKET_HELP = "remove it; or put the value in quotes"


def empty_file(findings: Findings) -> None:
    """Report a file without a document."""
    help = "write a section such as `models:` into it, or delete the file"
    findings.add("RC111", "the file is empty", 0, 0, help)


def not_a_key(refusal: Refusal) -> None:
    """Something else than the next key of a mapping, or the next `-` of a list."""
    if _after_value(refusal):
        return
    char, before = refusal.char, refusal.before
    if char in ("]", "}", ","):
        refusal.here(f"`{char}` does not belong to any bracket", _BRACKET_HELP)
    elif char == ":":
        refusal.here("a key is missing before `:`", NO_KEY_HELP, rule="RC110")
    elif before.strip(" "):
        refusal.here("this does not belong to the value before it", "begin a new line, or use quotes")
    else:
        in_list = refusal.problem.endswith("'-' indicator")
        column = refusal.began - refusal.text.rfind("\n", 0, refusal.began)
        kind, parts = ("list", "items") if in_list else ("mapping", "keys")
        label = (refusal.began, f"the {kind} above begins here, in column {column}")
        if len(before) + 1 != column:
            message = f"this line begins in column {len(before) + 1}, which fits nothing above it"
            refusal.here(message, f"line it up with the {parts} it belongs to", label)
        elif in_list:
            help = "begin the line with `- `, or indent it"
            refusal.here("a key among the items of a list", help, label)
        else:
            help = "put the list under a key of its own"
            refusal.here("a list item among the keys of a mapping", help, label)


def second_root(refusal: Refusal) -> None:
    """Something after the value that was the whole document."""
    if _DOCUMENT_END.search(refusal.text, 0, refusal.at) is not None:
        help = "keep one document per file; remove the `...` line"
        refusal.here("text after the end of the document", help, rule="RC108")
    elif not _after_value(refusal):
        help = "line up the keys of the file at the left edge; put text that goes over lines under a key"
        refusal.here("this line belongs to nothing above it", help)


def not_closed(refusal: Refusal) -> None:
    """Neither a comma nor the bracket that closes a list or mapping."""
    opening, start = refusal.opening, refusal.began
    closing = "]" if opening == "[" else "}"
    if opening not in ("[", "{"):  # a pair within a list: `[a: b: c]`
        refusal.here("a `,` or `]` is missing before this", "separate the items of a list by commas")
    elif refusal.at >= len(refusal.text.rstrip()):
        refusal.place(f"this `{opening}` is never closed", f"add the `{closing}`", start, start + 1)
    elif refusal.char == ":" and start < refusal.line_start:
        message = f"this `{opening}` is not closed before the next key"
        label = (refusal.at, "this still counts as part of it")
        refusal.place(message, f"add the `{closing}`", start, start + 1, label)
    else:
        help = "separate the items by commas; text that holds `:`, quotes or brackets goes in quotes"
        label = (start, f"the `{opening}` opens here")
        refusal.here(f"a `,` or `{closing}` is missing before this", help, label)


def no_value(refusal: Refusal) -> None:
    """Something where only a value can stand."""
    char = refusal.char
    if _TEXT_LINE.search(refusal.text) is None:
        empty_file(refusal.findings)
    elif refusal.text.startswith(("---", "..."), refusal.at) and not refusal.before:
        refusal.here("a document marker between brackets", "close the bracket first")
    elif char == "-":
        refusal.here("a `-` between brackets", "lists in brackets have no dashes: write `[a, b]`")
    elif char == ":":
        refusal.here("a key is missing before `:`", NO_KEY_HELP, rule="RC110")
    elif char in ("]", "}"):
        refusal.here(f"`{char}` does not belong to any bracket", _BRACKET_HELP)
    elif char == ",":
        refusal.here("a value is missing before `,`", "write it, or remove the comma")
    else:
        refusal.here("a value is expected here", "write it; text that begins with a sign goes in quotes")


def under_block_sign(refusal: Refusal, previous: Node | None) -> bool:
    """Report a line that was meant as the text of a `|` or `>` above it, which is empty so far."""
    if not isinstance(previous, Scalar) or previous.plain or previous.text.strip("\n"):
        return False
    sign = refusal.text[previous.start : previous.start + 1]
    between = refusal.text[previous.end : refusal.line_start].split("\n")[1:]
    if sign not in ("|", ">") or "".join(between).strip() or refusal.before.strip(" "):
        return False
    label = (previous.start, f"the `{sign}`")
    if any(len(line.rstrip("\r")) > len(refusal.before) for line in between):
        message = "this line is indented less than an empty line before it"
        refusal.here(message, "remove the spaces from that empty line", label)
    else:
        refusal.here(f"the text of this `{sign}` must be indented", "indent it below the key", label)
    return True


def _after_value(refusal: Refusal) -> bool:
    """Report what follows a quoted value, a closed bracket or a block of text, where that is the cause."""
    previous = refusal.previous
    if previous is None or previous.end > refusal.at:
        return False
    opening = refusal.text[previous.start : previous.start + 1]
    if not isinstance(previous, Scalar):
        if not previous.flow or previous.end < refusal.line_start:
            return False
        message = f"text after the closing `{'}' if opening == '{' else ']'}`"
        refusal.here(message, "remove it; if it is all text, put it in quotes", (previous.start, "opened here"))
    elif previous.plain:
        return False
    elif opening in ("|", ">"):
        return under_block_sign(refusal, previous)
    elif previous.end < refusal.line_start:
        return False
    elif previous.start < refusal.line_start:
        line = refusal.line_of(previous.start)
        help = f"close the quotes on line {line}; or remove what follows them here"
        label = (previous.start, "the quotes open here")
        refusal.here(f"text after the quotes that opened on line {line}", help, label)
    else:
        help = "put all of the value between the quotes (inside single quotes write '' for ')"
        refusal.here("text after the closing quote", help, (previous.start, "the quotes open here"))
    return True
