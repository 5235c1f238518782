"""libyaml's refusals in, findings in plain words out: what stands there, where it began, what to change."""

from __future__ import annotations

import re
from collections.abc import Callable

from routecomp.parse import misplaced
from routecomp.parse.findings import Findings
from routecomp.parse.refusal import Refusal
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


def explain(raised: Exception, previous: Node | None, findings: Findings) -> None:
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
    refusal = Refusal(text, at, at if began is None else began, problem, previous, findings)
    if not _template(refusal) and not _not_supported(refusal, context):
        _BY_PROBLEM.get(problem, _unknown)(refusal)


def template_at(findings: Findings, start: int) -> None:
    """Report the template braces that open at `start`."""
    found = _TEMPLATE.match(findings.source.text, start)
    help = "render the template first; if the braces are meant as text, put the value in quotes"
    end = found.end() if found else start + 2
    findings.add("RC103", "template braces that nothing has filled in", start, end, help)


def _offset(mark: object, length: int) -> int | None:
    index = getattr(mark, "index", None)
    # libyaml was given one line end more where the last one is missing.
    return min(index, length) if isinstance(index, int) else None


def _template(refusal: Refusal) -> bool:
    for found in _TEMPLATE.finditer(refusal.text, refusal.line_start):
        if found.start() > refusal.at:
            break
        if refusal.at <= found.end():
            template_at(refusal.findings, found.start())
            return True
    return False


def _not_supported(refusal: Refusal, context: str) -> bool:
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


def _unexpected_character(refusal: Refusal) -> None:
    char = refusal.char
    if char == "\t":
        _tab(refusal)
    elif char in ("|", ">"):
        refusal.here(f"`{char}` cannot begin a value between brackets", _QUOTE_HELP)
    else:
        name = "a backtick" if char == "`" else f"`{char}`"
        refusal.place(f"plain text cannot begin with {name}", _QUOTE_HELP, refusal.at, refusal.at + 1)


def _tab(refusal: Refusal) -> None:
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


def _colon(refusal: Refusal) -> None:
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


def _no_colon(refusal: Refusal) -> None:
    """A line that can only be a key, without its `:`."""
    start = refusal.began
    if start >= refusal.line_start and refusal.at - start > 1024:
        _long_key(refusal, start)
    elif not _under_block_sign(refusal, start) and not _glued(refusal, start, len(refusal.text)):
        line = _REST_OF_LINE.match(refusal.text, start)
        help = "write `key: value`; indent the line if it continues the text above it"
        end = max(line.end() if line else 0, start + 1)
        refusal.place("a key is expected here, but the line has no `:`", help, start, end)


def _under_block_sign(refusal: Refusal, start: int) -> bool:
    moved = Refusal(refusal.text, start, start, refusal.problem, refusal.previous, refusal.findings)
    return misplaced.under_block_sign(moved, refusal.previous)


def _long_key(refusal: Refusal, start: int) -> None:
    message = "a key of more than 1,024 characters"
    refusal.place(message, "shorten it; or look for a missing line end", start, start + 1)


def _glued(refusal: Refusal, start: int, end: int) -> bool:
    found = _GLUED.match(refusal.text, start, end)
    if found is None:
        return False
    at = found.end() - 1
    refusal.place("a space is missing after this `:`", "write `key: value`", at, at + 1)
    return True


def _colon_in_brackets(refusal: Refusal) -> None:
    help = "write `key: value`; if the `:` is meant as text, put the value in quotes"
    refusal.place("a space is missing after this `:`", help, refusal.at, refusal.at + 1)


def _quotes_at_end(refusal: Refusal) -> None:
    quote, start = refusal.opening, refusal.began
    refusal.place(f"this `{quote}` is never closed", f"add the closing `{quote}`", start, start + 1)


def _quotes_at_marker(refusal: Refusal) -> None:
    quote, start = refusal.opening, refusal.began
    message = f"this `{quote}` is not closed before the document marker"
    refusal.place(message, f"add the closing `{quote}`", start, start + 1, (refusal.at, "the marker"))


def _escape(refusal: Refusal) -> None:
    at = max(refusal.text.rfind("\\", 0, refusal.at + 1), refusal.began)
    help = "write `\\\\` for a backslash; or use single quotes, where it is text"
    refusal.place("this escape names no character", help, at, at + 2)


def _block_header(refusal: Refusal) -> None:
    help = "begin the text on the next line; if the value begins with `|` or `>` itself, put it in quotes"
    refusal.here("text on the line of a `|` or `>`", help, (refusal.began, "here"))


def _list_item(refusal: Refusal) -> None:
    help = "put each `- ` on a line of its own below the key; if it is meant as text, put the value in quotes"
    refusal.here("a list item cannot begin here", help)


def _explicit_key(refusal: Refusal) -> None:
    refusal.here("explicit keys (`? key`) are not supported", EXPLICIT_KEY_HELP, rule="RC110")


def _unknown(refusal: Refusal) -> None:
    refusal.here(f"this is not YAML: {refusal.problem}", "see what stands before it, or use quotes")


_BY_PROBLEM: dict[str, Callable[[Refusal], None]] = {
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
    "did not find expected key": misplaced.not_a_key,
    "did not find expected '-' indicator": misplaced.not_a_key,
    "did not find expected ',' or ']'": misplaced.not_closed,
    "did not find expected ',' or '}'": misplaced.not_closed,
    "did not find expected node content": misplaced.no_value,
    "did not find expected <document start>": misplaced.second_root,
}
