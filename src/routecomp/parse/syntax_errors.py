"""Explain the syntax errors of libyaml in plain words: what stands there, where it began, and what to change.

Functions named `_report_…` report one error; functions named `_is_…` report an error and return True where a special
case applies, and return False otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from routecomp.parse.encoding import character_name
from routecomp.parse.file_diagnostics import FileDiagnostics
from routecomp.parse.libyaml_error import NO_KEY_HELP, LibyamlError
from routecomp.parse.tree import Node, Scalar
from routecomp.source.edits import Edit, Fix
from routecomp.source.later import compiled_later
from routecomp.source.text import Span

TAGS_HELP = "remove it: what a value is follows from the key it stands under"
SHARING_HELP = "write the value out where it is meant; presets and defaults are the shared part of a policy"
STAR_HELP = "put it in quotes: a `*` that begins a value is an alias of YAML"
DIRECTIVE_HELP = "remove the line: every file is read as YAML 1.2"
EXPLICIT_KEY_HELP = "write `key: value`; if the `?` is meant as text, put it in quotes"

_QUOTE_HELP = "put the value in quotes"
_TEMPLATE = compiled_later(r"\{[{%][^\n]{0,200}?(?:[}%]\}|$)", re.MULTILINE)
_KEY_WITHOUT_SPACE = compiled_later(r"[^\s:]+:(?=[^\s/])")  # `key:value`, not `https://`
_SECOND_COLON = compiled_later(r":[ \t]")
_REST_OF_LINE = compiled_later(r"[^\r\n]*")
# A line that holds more than a comment or the marker of a document's end (`...`).
_TEXT_LINE = compiled_later(r"^(?!\.\.\.[ \t]*(?:#|\r?$))[ \t]*[^\s#]", re.MULTILINE)
_DOCUMENT_END = compiled_later(r"^\.\.\.(?=\s)", re.MULTILINE)
_MARK_BEFORE = compiled_later(r"(?:^|: |- |[\[{,])[ \t]*[*&!][^\s,\[\]{}]*(?:[ \t,]|$)")
_ODD_SPACE = compiled_later(r"[\w.-]+:([^\S \t\r\n])")
_BRACKET_HELP = "remove it; or put the value in quotes"


def report_syntax_error(raised: Exception, previous: Node | None, diagnostics: FileDiagnostics) -> None:
    """Report what the C parser raised, in plain words; `previous` is the last node read before, None if none."""
    text = diagnostics.source.text
    offset = _offset(getattr(raised, "problem_mark", None), len(text))
    context_offset = _offset(getattr(raised, "context_mark", None), len(text))
    problem = str(getattr(raised, "problem", None) or "")
    context = str(getattr(raised, "context", None) or "")
    if offset is None:
        message = f"the file cannot be read as YAML ({type(raised).__name__})"
        diagnostics.add("RC103", message, 0, 0, "use plain mappings, lists and text")
        return
    error = LibyamlError(
        text, offset, offset if context_offset is None else context_offset, problem, previous, diagnostics
    )
    if not _is_template(error) and not _is_outside_subset(error, context) and not _is_behind_mark(error):
        _BY_PROBLEM.get(problem, _report_unknown)(error)


def report_template(diagnostics: FileDiagnostics, start: int) -> None:
    """Report template braces (`{{` or `{%`) that open at the offset `start`."""
    match = _TEMPLATE.match(diagnostics.source.text, start)
    help = "render the template first; if the braces are meant as text, put the value in quotes"
    end = match.end() if match else start + 2
    diagnostics.add("RC103", "template braces that nothing has filled in", start, end, help)


def _offset(mark: object, length: int) -> int | None:
    """Return the offset of a libyaml mark in a text of `length` characters; None without a mark."""
    index = getattr(mark, "index", None)
    # libyaml read one character more than the text has where the last line end is missing.
    return min(index, length) if isinstance(index, int) else None


def _is_template(error: LibyamlError) -> bool:
    """Report template braces that the error stands in; return whether there are any."""
    for match in _TEMPLATE.finditer(error.text, error.line_start):
        if match.start() > error.offset:
            break
        if error.offset <= match.end():
            report_template(error.diagnostics, match.start())
            return True
    return False


def _is_outside_subset(error: LibyamlError, context: str) -> bool:
    """Report a broken directive, anchor, alias or tag; return whether the error is about one.

    `context` is what libyaml was reading.
    """
    problem, start = error.problem, error.context_offset
    if "directive" in context or "directive" in problem or "incompatible YAML" in problem:
        start = error.text.rfind("\n", 0, start) + 1
        end = error.text.find("\n", start)
        end = len(error.text) if end == -1 else end
        error.report_range("directives are not supported", DIRECTIVE_HELP, start, end, rule="RC108")
    elif "anchor" in context or "alias" in context:
        message = "anchors and aliases are not supported"
        is_pattern = error.text[start : start + 1] == "*"  # an alias has a name, and is read without an error
        help = STAR_HELP if is_pattern else f"put the value in quotes if it is meant as text; else {SHARING_HELP}"
        error.report_range(message, help, start, start + 1, rule="RC106")
    elif "tag" in context or "tag handle" in problem:
        error.report_range("tags are not supported", TAGS_HELP, start, start + 1, rule="RC107")
    else:
        return False
    return True


def _is_behind_mark(error: LibyamlError) -> bool:
    """Return whether the error is in a text that begins with an alias, an anchor or a tag, which has been reported."""
    is_behind = _MARK_BEFORE.search(error.line_prefix) is not None
    return is_behind and any(error.diagnostics.is_reported(rule, error.line_start) for rule in ("RC106", "RC107"))


def _report_unexpected_character(error: LibyamlError) -> None:
    """Report a character that cannot begin a value."""
    char = error.char
    if char == "\t":
        _report_tab(error)
    elif char in ("|", ">"):
        error.report(f"`{char}` cannot begin a value between brackets", _QUOTE_HELP)
    else:
        name = "a backtick" if char == "`" else f"`{char}`"
        error.report_range(f"plain text cannot begin with {name}", _QUOTE_HELP, error.offset, error.offset + 1)


def _report_tab(error: LibyamlError) -> None:
    """Report the first tab on the line of the error, or the error's place where the line has none."""
    text, line = error.text, error.line_start
    tab = text.find("\t", line)  # libyaml's mark may stand before or behind the tab
    tab = error.offset if tab == -1 else tab
    end = tab
    while text[end : end + 1] in (" ", "\t"):
        end += 1
    if text[line:tab].strip(" "):
        help = "put a space there instead of the tab"
        error.report_range("a tab stands where only spaces may", help, tab, tab + 1)
    elif text[end : end + 1] in ("", "\r", "\n"):
        fix = Fix("empty the line", (Edit(Span(error.diagnostics.source, line, end), ""),), is_safe=True)
        error.report_range("a tab on an otherwise empty line", "empty the line", tab, end, fix=fix)
    else:
        error.report_range("a tab in the indentation", "indent with spaces only", tab, tab + 1)


def _report_colon(error: LibyamlError) -> None:
    """Report a `:` that makes a key where no key can stand."""
    previous, offset, line = error.previous, error.offset, error.line_start
    if _SECOND_COLON.search(error.line_prefix) is not None:
        help = "put the value in quotes if the `:` belongs to it; or begin a mapping on the next line"
        error.report_range("a second `:` on the line of a key", help, offset, offset + 1)
    elif isinstance(previous, Scalar) and previous.start >= line and offset - previous.start > 1024:
        _report_long_key(error, previous.start)
    elif isinstance(previous, Scalar) and _is_space_missing(error, previous.start, previous.end):
        pass
    else:
        start = line + len(error.line_prefix) - len(error.line_prefix.lstrip(" "))
        if isinstance(previous, Scalar) and previous.start < line:
            message = "this line continues the value above it, and cannot hold a key"
            help = "line the key up with the key above; or leave the line above without a value"
            error.report_range(message, help, start, offset + 1, (previous.start, "the value begins here"))
        else:
            error.report_range("a key cannot stand here", "begin the mapping on the next line", start, offset + 1)


def _report_no_colon(error: LibyamlError) -> None:
    """Report a line that can only be a key and has no `:`."""
    start = error.context_offset
    if start >= error.line_start and error.offset - start > 1024:
        _report_long_key(error, start)
    elif _is_odd_space(error, start) or _is_block_text_of(error, start):
        pass
    elif not _is_space_missing(error, start, len(error.text)):
        line = _REST_OF_LINE.match(error.text, start)
        help = "write `key: value`; indent the line if it continues the text above it"
        end = max(line.end() if line else 0, start + 1)
        error.report_range("a key is expected here, but the line has no `:`", help, start, end)


def _is_odd_space(error: LibyamlError, start: int) -> bool:
    """Report a space behind a `:` that is none of YAML's, such as a no-break space; return whether there is one."""
    match = _ODD_SPACE.match(error.text, start)
    if match is None:
        return False
    name = character_name(match[1])
    error.report_range(f"{name} stands behind this `:`", "put a plain space there", match.start(1), match.end(1))
    return True


def _is_block_text_of(error: LibyamlError, start: int) -> bool:
    """Report the line at `start` if it was meant as the text of a `|` or `>` above it; return whether it was."""
    moved = LibyamlError(error.text, start, start, error.problem, error.previous, error.diagnostics)
    return _is_block_text(moved, error.previous)


def _report_long_key(error: LibyamlError, start: int) -> None:
    """Report a key that is longer than YAML allows."""
    message = "a key of more than 1,024 characters"
    error.report_range(message, "shorten it; or look for a missing line end", start, start + 1)


def _is_space_missing(error: LibyamlError, start: int, end: int) -> bool:
    """Report `key:value` from `start` on, where a space is missing behind the `:`; return whether it stands there."""
    match = _KEY_WITHOUT_SPACE.match(error.text, start, end)
    if match is None:
        return False
    offset = match.end() - 1
    error.report_range("a space is missing after this `:`", "write `key: value`", offset, offset + 1)
    return True


def _report_colon_in_brackets(error: LibyamlError) -> None:
    """Report a `:` between brackets without a space behind it."""
    help = "write `key: value`; if the `:` is meant as text, put the value in quotes"
    error.report_range("a space is missing after this `:`", help, error.offset, error.offset + 1)


def _report_open_quotes(error: LibyamlError) -> None:
    """Report quotes that are open at the end of the file."""
    quote, start = error.opening_char, error.context_offset
    error.report_range(f"this `{quote}` is never closed", f"add the closing `{quote}`", start, start + 1)


def _report_quotes_at_marker(error: LibyamlError) -> None:
    """Report quotes that are open at a document marker."""
    quote, start = error.opening_char, error.context_offset
    message = f"this `{quote}` is not closed before the document marker"
    error.report_range(message, f"add the closing `{quote}`", start, start + 1, (error.offset, "the marker"))


def _report_escape(error: LibyamlError) -> None:
    """Report an escape that YAML does not know."""
    offset = max(error.text.rfind("\\", 0, error.offset + 1), error.context_offset)
    help = "write `\\\\` for a backslash; or use single quotes, where it is text"
    error.report_range("this escape names no character", help, offset, offset + 2)


def _report_block_header(error: LibyamlError) -> None:
    """Report text on the header line of a block scalar, or an indentation of 0 there."""
    help = "begin the text on the next line; if the value begins with `|` or `>` itself, put it in quotes"
    error.report("text on the line of a `|` or `>`", help, (error.context_offset, "here"))


def _report_list_item(error: LibyamlError) -> None:
    """Report a `- ` on the line of a key."""
    help = "put each `- ` on a line of its own below the key; if it is meant as text, put the value in quotes"
    error.report("a list item cannot begin here", help)


def _report_explicit_key(error: LibyamlError) -> None:
    """Report an explicit key (`? key`)."""
    error.report("explicit keys (`? key`) are not supported", EXPLICIT_KEY_HELP, rule="RC110")


def _report_unknown(error: LibyamlError) -> None:
    """Report an error for which this file has no words of its own, in libyaml's words."""
    error.report(f"this is not YAML: {error.problem}", "see what stands before it, or use quotes")


def report_empty_file(diagnostics: FileDiagnostics) -> None:
    """Report a file without a document: nothing, or comments alone (RC111)."""
    help = "write a section such as `models:` into it, or delete the file"
    diagnostics.add("RC111", "the file is empty", 0, 0, help)


def _report_not_a_key(error: LibyamlError) -> None:
    """Report what stands in place of the next key of a mapping, or of the next `-` of a list."""
    if _is_after_value(error):
        return
    char, before = error.char, error.line_prefix
    if char in ("]", "}", ","):
        error.report(f"`{char}` does not belong to any bracket", _BRACKET_HELP)
    elif char == ":":
        error.report("a key is missing before `:`", NO_KEY_HELP, rule="RC110")
    elif before.strip(" "):
        error.report("this does not belong to the value before it", "begin a new line, or use quotes")
    else:
        in_list = error.problem.endswith("'-' indicator")
        column = error.context_offset - error.text.rfind("\n", 0, error.context_offset)
        kind, parts = ("list", "items") if in_list else ("mapping", "keys")
        label = (error.context_offset, f"the {kind} above begins here, in column {column}")
        if len(before) + 1 != column:
            message = f"this line begins in column {len(before) + 1}, which fits nothing above it"
            error.report(message, f"line it up with the {parts} it belongs to", label)
        elif in_list:
            help = "begin the line with `- `, or indent it"
            error.report("a key among the items of a list", help, label)
        else:
            help = "put the list under a key of its own"
            error.report("a list item among the keys of a mapping", help, label)


def _report_second_root(error: LibyamlError) -> None:
    """Report text after the value that was the whole document, or after the `...` that ended it."""
    if _DOCUMENT_END.search(error.text, 0, error.offset) is not None:
        help = "keep one document per file; remove the `...` line"
        error.report("text after the end of the document", help, rule="RC108")
    elif not _is_after_value(error):
        help = "line up the keys of the file at the left edge; put text that goes over lines under a key"
        error.report("this line belongs to nothing above it", help)


def _report_not_closed(error: LibyamlError) -> None:
    """Report what stands in place of a comma or of the closing bracket, or a bracket that is never closed."""
    opening, start = error.opening_char, error.context_offset
    closing = "]" if opening == "[" else "}"
    if opening not in ("[", "{"):  # a pair within a list: `[a: b: c]`
        error.report("a `,` or `]` is missing before this", "separate the items of a list by commas")
    elif error.offset >= len(error.text.rstrip()):
        error.report_range(f"this `{opening}` is never closed", f"add the `{closing}`", start, start + 1)
    elif error.char == ":" and start < error.line_start:
        message = f"this `{opening}` is not closed before the next key"
        label = (error.offset, "this still counts as part of it")
        error.report_range(message, f"add the `{closing}`", start, start + 1, label)
    else:
        help = "separate the items by commas; text that holds `:`, quotes or brackets goes in quotes"
        label = (start, f"the `{opening}` opens here")
        error.report(f"a `,` or `{closing}` is missing before this", help, label)


def _report_no_value(error: LibyamlError) -> None:
    """Report an empty file, or what libyaml met where a value had to begin, such as a bracket, `,`, `-` or marker."""
    char = error.char
    if _TEXT_LINE.search(error.text) is None:
        report_empty_file(error.diagnostics)
    elif error.text.startswith(("---", "..."), error.offset) and not error.line_prefix:
        error.report("a document marker between brackets", "close the bracket first")
    elif char == "-":
        error.report("a `-` between brackets", "lists in brackets have no dashes: write `[a, b]`")
    elif char == ":":
        error.report("a key is missing before `:`", NO_KEY_HELP, rule="RC110")
    elif char in ("]", "}"):
        error.report(f"`{char}` does not belong to any bracket", _BRACKET_HELP)
    elif char == ",":
        error.report("a value is missing before `,`", "write it, or remove the comma")
    else:
        error.report("a value is expected here", "write it; text that begins with a sign goes in quotes")


def _is_block_text(error: LibyamlError, previous: Node | None) -> bool:
    """Report the line of the error if it was meant as the text of an empty `|` or `>` above it; return whether it was.

    `previous` is the last node before it; None or another node than such a scalar gives False.
    """
    if not isinstance(previous, Scalar) or previous.plain or previous.text.strip("\n"):
        return False
    sign = error.text[previous.start : previous.start + 1]
    between = error.text[previous.end : error.line_start].split("\n")[1:]
    if sign not in ("|", ">") or "".join(between).strip() or error.line_prefix.strip(" "):
        return False
    label = (previous.start, f"the `{sign}`")
    if any(len(line.rstrip("\r")) > len(error.line_prefix) for line in between):
        message = "this line is indented less than an empty line before it"
        error.report(message, "remove the spaces from that empty line", label)
    else:
        error.report(f"the text of this `{sign}` must be indented", "indent it below the key", label)
    return True


def _is_after_value(error: LibyamlError) -> bool:
    """Report text that follows a quoted value, a closed bracket or an empty block scalar; return whether it does."""
    previous = error.previous
    if previous is None or previous.end > error.offset:
        return False
    opening = error.text[previous.start : previous.start + 1]
    if not isinstance(previous, Scalar):
        if not previous.flow or previous.end < error.line_start:
            return False
        message = f"text after the closing `{'}' if opening == '{' else ']'}`"
        error.report(message, "remove it; if it is all text, put it in quotes", (previous.start, "opened here"))
    elif previous.plain:
        return False
    elif opening in ("|", ">"):
        return _is_block_text(error, previous)
    elif previous.end < error.line_start:
        return False
    elif previous.start < error.line_start:
        line = error.line_number(previous.start)
        help = f"close the quotes on line {line}; or remove what follows them here"
        label = (previous.start, "the quotes open here")
        error.report(f"text after the quotes that opened on line {line}", help, label)
    else:
        help = "put all of the value between the quotes (inside single quotes write '' for ')"
        error.report("text after the closing quote", help, (previous.start, "the quotes open here"))
    return True


_BY_PROBLEM: dict[str, Callable[[LibyamlError], None]] = {
    "found character that cannot start any token": _report_unexpected_character,
    "found a tab character that violates indentation": _report_tab,
    "found a tab character where an indentation space is expected": _report_tab,
    "mapping values are not allowed in this context": _report_colon,
    "mapping keys are not allowed in this context": _report_explicit_key,
    "block sequence entries are not allowed in this context": _report_list_item,
    "could not find expected ':'": _report_no_colon,
    "found unexpected ':'": _report_colon_in_brackets,
    "found unexpected end of stream": _report_open_quotes,
    "found unexpected document indicator": _report_quotes_at_marker,
    "found unknown escape character": _report_escape,
    "did not find expected hexdecimal number": _report_escape,
    "found invalid Unicode character escape code": _report_escape,
    "did not find expected comment or line break": _report_block_header,
    "found an indentation indicator equal to 0": _report_block_header,
    "did not find expected key": _report_not_a_key,
    "did not find expected '-' indicator": _report_not_a_key,
    "did not find expected ',' or ']'": _report_not_closed,
    "did not find expected ',' or '}'": _report_not_closed,
    "did not find expected node content": _report_no_value,
    "did not find expected <document start>": _report_second_root,
}
