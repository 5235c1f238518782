"""Find the strings in a text that no person would write: letters and digits mixed, without words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from routecomp.diagnostics.credentials.identifiers import identifiers

CONTEXT = 200  # how far back what stands before a string may explain it
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TOKEN = re.compile(r"[A-Za-z0-9+/_=-]{20,}")
_SEGMENT = re.compile(r"[A-Za-z0-9]+")
_PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_HEX = re.compile(r"(?<![A-Za-z0-9])[0-9a-f]{32,}(?![A-Za-z0-9])")
_OWNERS = ("mistral", "together", "cohere", "azure", "aws", "deepgram", "cloudflare", "datadog", "deepinfra")


def random_strings(text: str, start: int) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and kind of each random string from `start` on; what stands before it may explain it.

    Explained, and so no finding: a hash that is called one, the digest that pins a model's version, a UUID,
    a part of a cloud resource's name, a public identifier.
    """
    known = covered(text, identifiers(text, start), " ")
    explained = [match.span() for match in _HEX.finditer(known, start) if _called_hash(_before(text, match))]
    rest = covered(known, explained, " ")
    for match in _TOKEN.finditer(rest, start):
        if _looks_random(match.group()) and not _RESOURCE_BEFORE(_before(text, match)):
            yield *match.span(), _kind(text)


def covered(text: str, spans: Iterable[tuple[int, int]], cover: str) -> str:
    """Return the text with `cover`, one character, for each character of the spans; they are sorted, none overlap."""
    pieces = []
    position = 0
    for start, end in spans:
        pieces += [text[position:start], cover * (end - start)]
        position = end
    return "".join([*pieces, text[position:]])


def _looks_random(token: str) -> bool:
    """Return whether a token of 20 or more characters is so disordered that it must be a key."""
    token = UUID.sub("", token)
    segments = _SEGMENT.findall(token)
    if token == token.lower() or token == token.upper():
        # Letters of one case with digits make slugs and ids too: those are believed up to 31 unbroken ones.
        return any(len(segment) >= 32 and len(_PIECE.findall(segment)) >= 3 for segment in segments)
    if "+" in token and len(token) >= 32 and any(map(str.isdigit, token)):
        return True  # base64: no name holds a plus sign
    pieces = splinters(token)
    if pieces >= 5 or (pieces >= 3 and max(map(len, segments)) >= 20):
        return True
    return pieces >= 1 and _wordiness(token) < 0.6


def splinters(token: str) -> int:
    """Count the pieces of one or two characters in segments of 8 or more: `x7Kp2Qv9` has six (x, 7, Kp, 2, Qv, 9)."""
    long = [segment for segment in _SEGMENT.findall(token) if len(segment) >= 8]
    return sum(len(piece) <= 2 for segment in long for piece in _PIECE.findall(segment))


def _wordiness(token: str) -> float:
    """Return the share of characters in pieces of four or more, plus twice the share of separators.

    Names are full of both. Measured: 0.63 and more for all 622 names of 20 or more characters in mixed case
    that a catalogue of real models holds; 0.26 at the median, 0.61 at 99 per cent of 50,000 random base64
    strings of 40 characters.
    """
    pieces = _PIECE.findall(token)
    letters = sum(map(len, pieces))
    words = sum(len(piece) for piece in pieces if len(piece) >= 4)
    return words / max(letters, 1) + 2 * (len(token.rstrip("=")) - letters) / len(token)


_HASH_WORDS = (
    *("commit", "commits", "rev", "revision", "sha", "sha1", "sha-1", "sha256", "sha-256", "sha512", "md5"),
    *("digest", "hash", "checksum", "etag", "blob", "tree", "/raw"),
)
# `package@<commit>`, a file of a commit on a code host, and a model's version as in `owner/model:<digest>`.
_PIN_BEFORE = re.compile(r"(?:@|github(?:usercontent)?\.com/\S*/|[A-Za-z0-9_-]/[A-Za-z0-9._-]+:)$").search
_RESOURCE_BEFORE = re.compile(r"\barn:[a-z0-9-]*:\S*$").search


def _before(text: str, match: re.Match[str]) -> str:
    """Return the text before a match, at most `CONTEXT` characters of it."""
    return text[max(0, match.start() - CONTEXT) : match.start()]


def _called_hash(before: str) -> bool:
    """Return whether a text ends in a word for a hash, in such a word and a list of hashes, or as a pin does."""
    if _PIN_BEFORE(before):
        return True
    while True:
        before = before.rstrip(" \t:=#@/\"'`(,;").removesuffix(" and").rstrip(" ,")
        if before.lower().endswith(_HASH_WORDS):
            return True
        rest = before.rstrip("0123456789abcdef")
        if len(before) - len(rest) < 7:
            return False
        before = rest


def _kind(text: str) -> str:
    """Return the kind of a random string for messages: it names an owner whose name stands early in the text."""
    lowered = text[: 2 * CONTEXT].lower()
    for owner in _OWNERS:
        if owner in lowered:
            return f"{owner.capitalize()} key or other random string"
    return "long random string"
