"""libyaml's refusals in, findings in plain words out: what stands there, where it began, what to change."""

from __future__ import annotations

import re
from collections.abc import Callable

from routecomp.parse.file_diagnostics import FileDiagnostics
from routecomp.parse.libyaml_error import NO_KEY_HELP, LibyamlError
from routecomp.parse.tree import Node, Scalar
from routecomp.source.edits import Edit, Fix
from routecomp.source.text import Span

TAGS_HELP = "remove it: what a value is follows from the key it stands under"
SHARING_HELP = "write the value out where it is meant; presets and defaults are the shared part of a policy"
DIRECTIVE_HELP = "remove the line: every file is read as YAML 1.2"
EXPLICIT_KEY_HELP = "write `key: value`; if the `?` is meant as text, put it in quotes"

_QUOTE_HELP = "put the value in quotes"
_TEMPLATE = re.compile(r"\{[{%][^\n]{0,200}?(?:[}%]\}|$)", re.MULTILINE)
_GLUED = re.compile(r"[^\s:]+:(?=[^\s/])")  # `key:value`, not `https://`
_SECOND_COLON = re.compile(r":[ \t]")
_REST_OF_LINE = re.compile(r"[^\r\n]*")
# A line that holds more than a comment or a document end marker.
_TEXT_LINE = re.compile(r"^(?!\.\.\.[ \t]*(?:#|\r?$))[ \t]*[^\s#]", re.MULTILINE)
_DOCUMENT_END = re.compile(r"^\.\.\.(?=\s)", re.MULTILINE)
_BRACKET_HELP = "remove it; or put the value in quotes"


def explain(raised: Exception, previous: Node | None, findings: FileDiagnostics) -> None:
    """Add the finding for what the C parser raised; `previous` is the last node it gave before."""
    text = findings.source.text
    at = _offset(getattr(raised, "problem_mark", None), len(text))
    began = _offset(getattr(raised, "context_mark", None), len(text))
    problem = str(getattr(raised, "problem", None) or "")
    context = str(getattr(raised, "context", None) or "")
    if at is None:
        message = f"the file cannot be read as YAML ({type(raised).__name__})"
        findings.add("RC103", message, 0, 0, "use plain mappings, lists and text")
        return
    refusal = LibyamlError(text, at, at if began is None else began, problem, previous, findings)
    if not _template(refusal) and not _not_supported(refusal, context):
        _BY_PROBLEM.get(problem, _unknown)(refusal)


def template_at(findings: FileDiagnostics, start: int) -> None:
    """Report the template braces that open at `start`."""
    found = _TEMPLATE.match(findings.source.text, start)
    help = "render the template first; if the braces are meant as text, put the value in quotes"
    end = found.end() if found else start + 2
    findings.add("RC103", "template braces that nothing has filled in", start, end, help)


def _offset(mark: object, length: int) -> int | None:
    index = getattr(mark, "index", None)
    # libyaml was given one line end more where the last one is missing.
    return min(index, length) if isinstance(index, int) else None


def _template(refusal: LibyamlError) -> bool:
    for found in _TEMPLATE.finditer(refusal.text, refusal.line_start):
        if found.start() > refusal.at:
            break
        if refusal.at <= found.end():
            template_at(refusal.findings, found.start())
            return True
    return False


def _not_supported(refusal: LibyamlError, context: str) -> bool:
    problem, start = refusal.problem, refusal.began
    if "directive" in context or "directive" in problem or "incompatible YAML" in problem:
        start = refusal.text.rfind("\n", 0, start) + 1
        end = refusal.text.find("\n", start)
        end = len(refusal.text) if end == -1 else end
        refusal.place("directives are not supported", DIRECTIVE_HELP, start, end, rule="RC108")
    elif "anchor" in context or "alias" in context:
        message = "anchors and aliases are not supported"
        refusal.place(message, SHARING_HELP, start, start + 1, rule="RC106")
    elif "tag" in context or "tag handle" in problem:
        refusal.place("tags are not supported", TAGS_HELP, start, start + 1, rule="RC107")
    else:
        return False
    return True


def _unexpected_character(refusal: LibyamlError) -> None:
    char = refusal.char
    if char == "\t":
        _tab(refusal)
    elif char in ("|", ">"):
        refusal.here(f"`{char}` cannot begin a value between brackets", _QUOTE_HELP)
    else:
        name = "a backtick" if char == "`" else f"`{char}`"
        refusal.place(f"plain text cannot begin with {name}", _QUOTE_HELP, refusal.at, refusal.at + 1)


def _tab(refusal: LibyamlError) -> None:
    text, line = refusal.text, refusal.line_start
    tab = text.find("\t", line)  # libyaml's mark may stand before or behind the tab itself
    tab = refusal.at if tab == -1 else tab
    end = tab
    while text[end : end + 1] in (" ", "\t"):
        end += 1
    if text[line:tab].strip(" "):
        help = "put a space there instead of the tab"
        refusal.place("a tab stands where only spaces may", help, tab, tab + 1)
    elif text[end : end + 1] in ("", "\r", "\n"):
        fix = Fix("empty the line", (Edit(Span(refusal.findings.source, line, end), ""),))
        refusal.place("a tab on an otherwise empty line", "empty the line", tab, end, fix=fix)
    else:
        refusal.place("a tab in the indentation", "indent with spaces only", tab, tab + 1)


def _colon(refusal: LibyamlError) -> None:
    """A `:` that would make a key where none can stand."""
    previous, at, line = refusal.previous, refusal.at, refusal.line_start
    if _SECOND_COLON.search(refusal.before) is not None:
        help = "put the value in quotes if the `:` belongs to it; or begin a mapping on the next line"
        refusal.place("a second `:` on the line of a key", help, at, at + 1)
    elif isinstance(previous, Scalar) and previous.start >= line and at - previous.start > 1024:
        _long_key(refusal, previous.start)
    elif isinstance(previous, Scalar) and _glued(refusal, previous.start, previous.end):
        pass
    else:
        start = line + len(refusal.before) - len(refusal.before.lstrip(" "))
        if isinstance(previous, Scalar) and previous.start < line:
            message = "this line continues the value above it, and cannot hold a key"
            help = "line the key up with the key above; or leave the line above without a value"
            refusal.place(message, help, start, at + 1, (previous.start, "the value begins here"))
        else:
            refusal.place("a key cannot stand here", "begin the mapping on the next line", start, at + 1)


def _no_colon(refusal: LibyamlError) -> None:
    """A line that can only be a key, without its `:`."""
    start = refusal.began
    if start >= refusal.line_start and refusal.at - start > 1024:
        _long_key(refusal, start)
    elif not _under_block_sign(refusal, start) and not _glued(refusal, start, len(refusal.text)):
        line = _REST_OF_LINE.match(refusal.text, start)
        help = "write `key: value`; indent the line if it continues the text above it"
        end = max(line.end() if line else 0, start + 1)
        refusal.place("a key is expected here, but the line has no `:`", help, start, end)


def _under_block_sign(refusal: LibyamlError, start: int) -> bool:
    moved = LibyamlError(refusal.text, start, start, refusal.problem, refusal.previous, refusal.findings)
    return under_block_sign(moved, refusal.previous)


def _long_key(refusal: LibyamlError, start: int) -> None:
    message = "a key of more than 1,024 characters"
    refusal.place(message, "shorten it; or look for a missing line end", start, start + 1)


def _glued(refusal: LibyamlError, start: int, end: int) -> bool:
    found = _GLUED.match(refusal.text, start, end)
    if found is None:
        return False
    at = found.end() - 1
    refusal.place("a space is missing after this `:`", "write `key: value`", at, at + 1)
    return True


def _colon_in_brackets(refusal: LibyamlError) -> None:
    help = "write `key: value`; if the `:` is meant as text, put the value in quotes"
    refusal.place("a space is missing after this `:`", help, refusal.at, refusal.at + 1)


def _quotes_at_end(refusal: LibyamlError) -> None:
    quote, start = refusal.opening, refusal.began
    refusal.place(f"this `{quote}` is never closed", f"add the closing `{quote}`", start, start + 1)


def _quotes_at_marker(refusal: LibyamlError) -> None:
    quote, start = refusal.opening, refusal.began
    message = f"this `{quote}` is not closed before the document marker"
    refusal.place(message, f"add the closing `{quote}`", start, start + 1, (refusal.at, "the marker"))


def _escape(refusal: LibyamlError) -> None:
    at = max(refusal.text.rfind("\\", 0, refusal.at + 1), refusal.began)
    help = "write `\\\\` for a backslash; or use single quotes, where it is text"
    refusal.place("this escape names no character", help, at, at + 2)


def _block_header(refusal: LibyamlError) -> None:
    help = "begin the text on the next line; if the value begins with `|` or `>` itself, put it in quotes"
    refusal.here("text on the line of a `|` or `>`", help, (refusal.began, "here"))


def _list_item(refusal: LibyamlError) -> None:
    help = "put each `- ` on a line of its own below the key; if it is meant as text, put the value in quotes"
    refusal.here("a list item cannot begin here", help)


def _explicit_key(refusal: LibyamlError) -> None:
    refusal.here("explicit keys (`? key`) are not supported", EXPLICIT_KEY_HELP, rule="RC110")


def _unknown(refusal: LibyamlError) -> None:
    refusal.here(f"this is not YAML: {refusal.problem}", "see what stands before it, or use quotes")


def empty_file(findings: FileDiagnostics) -> None:
    """Report a file without a document."""
    help = "write a section such as `models:` into it, or delete the file"
    findings.add("RC111", "the file is empty", 0, 0, help)


def not_a_key(refusal: LibyamlError) -> None:
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


def second_root(refusal: LibyamlError) -> None:
    """Something after the value that was the whole document."""
    if _DOCUMENT_END.search(refusal.text, 0, refusal.at) is not None:
        help = "keep one document per file; remove the `...` line"
        refusal.here("text after the end of the document", help, rule="RC108")
    elif not _after_value(refusal):
        help = "line up the keys of the file at the left edge; put text that goes over lines under a key"
        refusal.here("this line belongs to nothing above it", help)


def not_closed(refusal: LibyamlError) -> None:
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


def no_value(refusal: LibyamlError) -> None:
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


def under_block_sign(refusal: LibyamlError, previous: Node | None) -> bool:
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


def _after_value(refusal: LibyamlError) -> bool:
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


_BY_PROBLEM: dict[str, Callable[[LibyamlError], None]] = {
    "found character that cannot start any token": _unexpected_character,
    "found a tab character that violates indentation": _tab,
    "found a tab character where an indentation space is expected": _tab,
    "mapping values are not allowed in this context": _colon,
    "mapping keys are not allowed in this context": _explicit_key,
    "block sequence entries are not allowed in this context": _list_item,
    "could not find expected ':'": _no_colon,
    "found unexpected ':'": _colon_in_brackets,
    "found unexpected end of stream": _quotes_at_end,
    "found unexpected document indicator": _quotes_at_marker,
    "found unknown escape character": _escape,
    "did not find expected hexdecimal number": _escape,
    "found invalid Unicode character escape code": _escape,
    "did not find expected comment or line break": _block_header,
    "found an indentation indicator equal to 0": _block_header,
    "did not find expected key": not_a_key,
    "did not find expected '-' indicator": not_a_key,
    "did not find expected ',' or ']'": not_closed,
    "did not find expected ',' or '}'": not_closed,
    "did not find expected node content": no_value,
    "did not find expected <document start>": second_root,
}
