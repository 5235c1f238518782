"""Parsed files in, findings about credentials out; the credentials are blotted out of text and tree on the way.

A credential must not reach a report by another road: as the line a syntax error is shown with, or as the
value another rule quotes. So it is replaced, at its full length, before anything else looks at the file.
"""

from __future__ import annotations

from collections.abc import Iterable

from routecomp.check.secrets import find_secret, may_hold_secret
from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.parse import Parsed
from routecomp.parse.comments import comments
from routecomp.parse.tree import Mapping, Node, Scalar
from routecomp.source import Span

BLOT = "*"


def conceal_secrets(parsed: Iterable[Parsed], released: frozenset[str]) -> list[Diagnostic]:
    """One finding for each scalar, comment or unreadable line that holds a credential.

    `released` are the fingerprints of false alarms, from the project settings.
    """
    found: list[Diagnostic] = []
    for file in parsed:
        if may_hold_secret(file.source.text):
            found += _conceal(file, released)
    return found


def _conceal(file: Parsed, released: frozenset[str]) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    spans: list[Span] = []
    for scalar in _scalars(file.root):
        secret = find_secret(scalar.text)
        if secret is not None and secret.fingerprint not in released:
            found.append(_finding(secret.kind, secret.fingerprint, scalar.span))
            spans.append(scalar.span)
            scalar.text = BLOT * 8
    for text, span in _other_text(file):
        secret = find_secret(text)
        if secret is not None and secret.fingerprint not in released:
            found.append(_finding(secret.kind, secret.fingerprint, span))
            spans.append(span)
    if spans:
        # The text keeps its length and its lines, so every span of the file still names the same place.
        object.__setattr__(file.source, "text", _blotted(file.source.text, spans))
    return found


def _other_text(file: Parsed) -> Iterable[tuple[str, Span]]:
    """What no scalar holds: the comments, or every line of a file that could not be parsed."""
    if file.root is not None:
        for comment in comments(file.source, file.root):
            yield comment.text, comment.span
        return
    start = 0
    for line in file.source.text.split("\n"):
        yield line, Span(file.source, start, start + len(line))
        start += len(line) + 1


def _finding(kind: str, fingerprint: str, span: Span) -> Diagnostic:
    return error("RC122", f"this looks like a credential ({kind}); it is not shown here", span,
                 "name the environment variable that holds it, and revoke the credential: it has been in a file. "
                 f"A false alarm is released by its fingerprint {fingerprint} under `secrets: {{released: […]}}` "
                 "in routecomp.yaml")


def _blotted(text: str, spans: list[Span]) -> str:
    for span in spans:
        piece = "".join(letter if letter in "\r\n" else BLOT for letter in text[span.start:span.end])
        text = text[:span.start] + piece + text[span.end:]
    return text


def _scalars(root: Node | None) -> Iterable[Scalar]:
    pending: list[Node] = [] if root is None else [root]
    while pending:
        node = pending.pop()
        if isinstance(node, Scalar):
            yield node
        elif isinstance(node, Mapping):
            for key, value in node.items:
                yield key
                pending.append(value)
        else:
            pending.extend(node.items)
