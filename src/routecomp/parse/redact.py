"""Parsed files in, findings about credentials out; the credentials are blotted out of text and tree on the way.

A credential must not reach a report by another road: as the line a syntax error is shown with, or as the
value another rule quotes. So it is replaced, at its full length, before anything else looks at the file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from routecomp.diagnostics.credentials.detect import Secret, find_secrets, may_hold_secret
from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.parse import Parsed
from routecomp.parse.comments import comments
from routecomp.parse.tree import scalars
from routecomp.source.text import Span

RULE = "RC122"
MASK = "*"


def redact_credentials(parsed: Iterable[Parsed], released: frozenset[str]) -> list[Diagnostic]:
    """One finding for each scalar, comment or unreadable line that holds a credential.

    `released` are the fingerprints of false alarms, from the project settings.
    """
    found: list[Diagnostic] = []
    for file in parsed:
        if may_hold_secret(file.source.text):
            found += _conceal(file, released)
    return found


def drop_redacted_places(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings without those about a place where a credential stood.

    They would speak of the stars there, or quote what the parser read before the credential was hidden.
    """
    kept = list(found)
    hidden: dict[str, list[tuple[int, int]]] = {}
    for one in kept:
        if one.rule == RULE and one.span is not None:
            hidden.setdefault(one.span.path, []).append((one.span.start, one.span.end))
    for places in hidden.values():
        places.sort()
    return [
        one
        for one in kept
        if one.rule == RULE or one.span is None or not _stands_in(one.span, hidden.get(one.span.path, []))
    ]


def _stands_in(span: Span, places: list[tuple[int, int]]) -> bool:
    at = bisect_right(places, span.start, key=lambda place: place[0]) - 1
    return at >= 0 and span.end <= places[at][1]


def _conceal(file: Parsed, released: frozenset[str]) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    for scalar in scalars(file.root) if file.root is not None else ():
        secret = _secret(scalar.text, released)
        if secret is not None:
            found.append(_finding(secret, scalar.span))
            scalar.text = MASK * 8
    for text, span in _other_text(file):
        secret = _secret(text, released)
        if secret is not None:
            found.append(_finding(secret, span))
    if found:
        # The text keeps its length and its lines, so every span of the file still names the same place.
        object.__setattr__(file.source, "text", _blotted(file.source.text, found))
    return found


def _secret(text: str, released: frozenset[str]) -> Secret | None:
    return next((secret for secret in find_secrets(text) if secret.fingerprint not in released), None)


def _other_text(file: Parsed) -> Iterator[tuple[str, Span]]:
    """What no scalar holds: the comments, or every line of a file that could not be parsed."""
    if file.root is not None:
        for comment in comments(file.source, file.root):
            # Without its `#`: what is blotted out must stay a comment.
            yield comment.text[1:], Span(file.source, comment.span.start + 1, comment.span.end)
        return
    text = file.source.text
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end == -1 else end
        if text.find("-----BEGIN", start, end) != -1:
            # A key in armour spans lines: to the end of its last one, or of the text.
            last = text.find("-----END", start)
            end = len(text) if last == -1 else text.find("\n", last)
            end = len(text) if end == -1 else end
        yield text[start:end], Span(file.source, start, end)
        start = end + 1


def _finding(secret: Secret, span: Span) -> Diagnostic:
    return error(
        RULE,
        f"this looks like a credential ({secret.kind}); it is not shown here",
        span,
        "name the environment variable that holds it, and revoke the credential: it has been in a file\n"
        f"a false alarm is released by its fingerprint: `secrets: {{released: [{secret.fingerprint}]}}` "
        "in routecomp.yaml",
    )


def _blotted(text: str, found: Iterable[Diagnostic]) -> str:
    parts: list[str] = []
    at = 0
    for start, end in sorted((one.span.start, one.span.end) for one in found if one.span is not None):
        parts.append(text[at:start])
        parts += [letter if letter in "\r\n" else MASK for letter in text[max(at, start) : end]]
        at = max(at, end)
    return "".join([*parts, text[at:]])
