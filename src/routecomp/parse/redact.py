"""Report credentials in parsed files, and replace them by asterisks in the text and in the tree.

A report must not show a credential anywhere: not in the source line of a syntax error, nor in a value that another
rule quotes. So credentials are replaced, at their full length, before anything else reads the file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace

from routecomp.diagnostics.credentials.detect import Secret, find_secrets, may_hold_secret
from routecomp.diagnostics.credentials.names import names_credential
from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.parse import Parsed
from routecomp.parse.comments import comments
from routecomp.parse.secret_places import MAY_NAME, scalars_by_place, values_in_lines, values_in_query
from routecomp.parse.tree import Scalar, scalars
from routecomp.source.text import Span

RULE = "RC122"
MASK = "*"
_OF_NAMES = ("RC332", "RC333", "RC343")
"""The rules that find keys which are called like credentials."""
_TO_VALUE = re.compile(r"\s*:\s*")


def redact_credentials(
    parsed: Iterable[Parsed], released: frozenset[str], key_names: tuple[str, ...] = (), *, by_place: bool = True
) -> list[Diagnostic]:
    """Replace credentials in place, and return one diagnostic for each scalar, comment or line that held one.

    The tree and the text of a file change; the text keeps its length. Lines are searched where a file could not be
    parsed. `released` holds the fingerprints of false alarms, and `key_names` the patterns of variables that may hold
    a key, both from the project's settings. What is secret by its place alone is replaced without a diagnostic: a
    rule refuses the place. Of a tree the places are those of a project; without `by_place` they are left alone.
    """
    diagnostics: list[Diagnostic] = []
    for file in parsed:
        if may_hold_secret(file.source.text):
            diagnostics += _redact_file(file, released)
        if MAY_NAME(file.source.text) is not None:
            _redact_places(file, key_names, by_place)
    return diagnostics


def drop_redacted_places(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics without those at the place of a credential, which is reported by itself.

    The others would be about the asterisks, or quote what the parser read before the credential was replaced. That
    its key is called like a credential goes without saying.
    """
    diagnostics = list(diagnostics)
    redacted: dict[str, list[tuple[int, int]]] = {}
    for diagnostic in diagnostics:
        if diagnostic.rule == RULE and (span := diagnostic.span) is not None:
            redacted.setdefault(span.path, []).append((span.start, span.end))
    for ranges in redacted.values():
        ranges.sort()
    return [
        diagnostic
        for diagnostic in diagnostics
        if diagnostic.rule == RULE
        or diagnostic.span is None
        or not _is_told(diagnostic, diagnostic.span, redacted.get(diagnostic.span.path, []))
    ]


def _is_told(diagnostic: Diagnostic, span: Span, ranges: list[tuple[int, int]]) -> bool:
    """Return whether a finding is at the place of a credential, or says of its key that it is called like one."""
    if diagnostic.rule in _OF_NAMES and names_credential(span.text.strip("\"'")):
        value = _TO_VALUE.match(span.file.text, span.end)
        if value is not None and any(start == value.end() for start, _ in ranges):
            return True
    return _is_within(span, ranges)


def _is_within(span: Span, ranges: list[tuple[int, int]]) -> bool:
    """Return whether a span lies within the last range that begins at or before it; the ranges are sorted."""
    index = bisect_right(ranges, span.start, key=lambda offsets: offsets[0]) - 1
    return index >= 0 and span.end <= ranges[index][1]


def _redact_file(file: Parsed, released: frozenset[str]) -> list[Diagnostic]:
    """Replace the credentials of one file in place, and return a diagnostic for each."""
    diagnostics: list[Diagnostic] = []
    spans: list[Span] = []
    for scalar in scalars(file.root) if file.root is not None else ():
        secret = _first_secret(scalar.text, released)
        if secret is not None:
            diagnostics.append(_report(secret, scalar.span))
            spans.append(scalar.span)
            scalar.text = MASK * 8
    for text, span in _text_outside_scalars(file):
        secret = _first_secret(text, released)
        if secret is not None:
            diagnostics.append(_report(secret, span))
            spans.append(span)
    if spans:
        # The text keeps its length and its lines, so every span of the file still covers the same place.
        object.__setattr__(file.source, "text", _mask(file.source.text, spans))
    return diagnostics


def _redact_places(file: Parsed, key_names: tuple[str, ...], by_place: bool) -> None:
    """Replace what is secret by its place in one file, also in what its parser said of it."""
    text = file.source.text
    ranges: list[tuple[int, int]] = []
    if file.root is None:
        for begin, in_line in zip(_line_starts(text), values_in_lines(text.split("\n")), strict=True):
            ranges += [(begin + start, begin + end) for start, end in in_line]
    else:
        for scalar in list(scalars_by_place(file.root, key_names)) if by_place else ():
            ranges.append((scalar.start, scalar.end))
            scalar.text = MASK * 8
    for scalar in scalars(file.root) if file.root is not None and "=" in text else ():
        for start, end in values_in_query(scalar.text):
            value = scalar.text[start:end]
            place = text.find(value, scalar.start, scalar.end)
            if place != -1:
                ranges.append((place, place + len(value)))
                scalar.text = scalar.text[:start] + MASK * len(value) + scalar.text[end:]
    hide_ranges(file, ranges)


def _line_starts(text: str) -> Iterator[int]:
    """Yield where each line of a text begins."""
    start = 0
    for line in text.split("\n"):
        yield start
        start += len(line) + 1


def redact_scalars(file: Parsed, secret: Iterable[Scalar]) -> None:
    """Replace scalars in place that a caller knows to be credentials, also in what the parser said of the file."""
    ranges = []
    for scalar in secret:
        ranges.append((scalar.start, scalar.end))
        scalar.text = MASK * 8
    hide_ranges(file, ranges)


def hide_ranges(file: Parsed, ranges: list[tuple[int, int]]) -> None:
    """Replace ranges of a file's text, and their words in its diagnostics; the text keeps its length."""
    text = file.source.text
    ranges = [each for each in ranges if text[each[0] : each[1]].strip(MASK)]
    if ranges:
        words = {text[start:end].strip("\"'") for start, end in ranges}
        file.diagnostics[:] = [_without(words, each) for each in file.diagnostics]
        object.__setattr__(file.source, "text", _mask(text, [Span(file.source, *each) for each in ranges]))


def _without(words: set[str], diagnostic: Diagnostic) -> Diagnostic:
    """Return a diagnostic that quotes none of the words."""

    def starred(text: str) -> str:
        for word in sorted(words, key=len, reverse=True):
            text = text.replace(word, MASK * 8)
        return text

    labels = tuple(replace(label, text=starred(label.text)) for label in diagnostic.labels)
    is_quoted = diagnostic.fix is not None and any(word in repr(diagnostic.fix) for word in words)
    return replace(
        diagnostic,
        message=starred(diagnostic.message),
        help=starred(diagnostic.help),
        labels=labels,
        fix=None if is_quoted else diagnostic.fix,
    )


def _first_secret(text: str, released: frozenset[str]) -> Secret | None:
    """Return the first credential of a text that is not released, or None."""
    return next((secret for secret in find_secrets(text) if secret.fingerprint not in released), None)


def _text_outside_scalars(file: Parsed) -> Iterator[tuple[str, Span]]:
    """Yield text outside of scalars, with its span: the comments, or the lines of a file that was not parsed."""
    if file.root is not None:
        for comment in comments(file.source, file.root):
            # The `#` stays, so that what was replaced is still a comment.
            yield comment.text[1:], Span(file.source, comment.span.start + 1, comment.span.end)
        return
    text = file.source.text
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end == -1 else end
        if text.find("-----BEGIN", start, end) != -1:
            # A PEM key spans lines: take all of them, to the end of the text if the last line is missing.
            last = text.find("-----END", start)
            end = len(text) if last == -1 else text.find("\n", last)
            end = len(text) if end == -1 else end
        yield text[start:end], Span(file.source, start, end)
        start = end + 1


def _report(secret: Secret, span: Span) -> Diagnostic:
    """Return the diagnostic for a credential at a span."""
    return error(
        RULE,
        f"this looks like a credential ({secret.kind}); it is not shown here",
        span,
        "name the environment variable that holds it, and revoke the credential: it has been in a file\n"
        f"a false alarm is released by its fingerprint: `secrets: {{released: [{secret.fingerprint}]}}` "
        "in routecomp.yaml",
    )


def _mask(text: str, spans: Iterable[Span]) -> str:
    """Replace the characters of the spans by asterisks; line ends stay. Spans may overlap."""
    parts: list[str] = []
    done = 0
    for start, end in sorted((span.start, span.end) for span in spans):
        parts.append(text[done:start])
        parts += [letter if letter in "\r\n" else MASK for letter in text[max(done, start) : end]]
        done = max(done, end)
    return "".join([*parts, text[done:]])
