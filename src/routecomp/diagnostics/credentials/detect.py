"""Find the credentials in a text: the check refuses them, and reports show stars in their place.

Three nets, finest first: the shapes that vendors give their keys (`patterns.py`), places where only a
credential stands (the password of a URL, a bearer header, `token=…`), and long strings that no person would
write (`entropy.py`). The shapes follow the vendors' documentation and
the rules published by gitleaks (https://github.com/gitleaks/gitleaks), in our own expressions; those of Groq,
Mistral, DeepSeek, Replicate, OpenRouter, Together, Fireworks and other model hosts are not in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from hashlib import sha256
from typing import NamedTuple

from routecomp.diagnostics.credentials.entropy import CONTEXT, UUID, covered, random_strings, splinters
from routecomp.diagnostics.credentials.names import BEFORE_A_VALUE, HINTS, IN_A_QUERY, IN_WORDS, SCHEMES
from routecomp.diagnostics.credentials.patterns import may_have_shape, shape_of, shapes_pattern

_SHORTEST_WORD = 16
_SHORTEST_TEXT = 12
_Found = tuple[int, int, str]  # start, end, kind
# INVARIANT: what makes a text suspicious are unbroken pieces of it without white space, looked at without
# their surroundings. YAML without a backslash never tears such a piece apart, so a file that holds a
# suspicious scalar is itself suspicious, and `may_hold_secret` may ask the file's text.
_HINT = re.compile(
    r"[A-Za-z0-9]{16}"
    r"|[a-z0-9][A-Z]+[a-z0-9]+[A-Z]"  # letters of both cases taking turns
    r"|[A-Za-z][0-9]+[A-Za-z]+[0-9]+[A-Za-z]"  # letters and digits taking turns
    r"|[A-Za-z0-9/]\+[A-Za-z0-9/]"
    r"|[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-"
    r"|gl[a-z]{2,6}-|xox[a-z]|AIza|GOCSPX|ya29|tvly|tgp_|dckr|SG\.|hv[sbr]\.|Q~|:AA|[?&;][A-Za-z_-]{3,20}="
).search
_LONG_WORD = re.compile(rf"\S{{{_SHORTEST_WORD},}}").finditer
_USERINFO = re.compile(r"://[^\s/?#]*@").search


class Secret(NamedTuple):
    """One credential: what kind it seems to be, and a fingerprint that names it without showing it."""

    kind: str
    fingerprint: str


def find_secret(text: str) -> Secret | None:
    """Return the first credential in a scalar, a key or a comment, None if it holds none."""
    for secret in find_secrets(text):
        return secret
    return None


def find_secrets(text: str) -> Iterator[Secret]:
    """Yield every credential in a text, in the order they stand."""
    for start, end, kind in _spans(text):
        yield Secret(kind, fingerprint(text[start:end]))


def may_hold_secret(file_text: str) -> bool:
    """Return False only if no scalar, key or comment of this YAML file holds a credential; this is cheap."""
    # A backslash may write any character of a quoted scalar in another way, so nothing is known.
    return "\\" in file_text or _suspicious(file_text)


def star_secrets(text: str) -> str:
    """Return the text with a star for each character of a credential, released false alarms included."""
    return covered(text, [(start, end) for start, end, _ in _spans(text)], "*")


def fingerprint(value: str) -> str:
    """Return 16 hex digits that name a credential: enough to release a false alarm, too few to find the value by."""
    return sha256(b"routecomp secret\0" + value.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _suspicious(text: str) -> bool:
    """Return whether a text may hold a credential: the quick test that runs on every scalar."""
    for word in text.split():
        if len(word) >= _SHORTEST_WORD and _is_hinted(word):
            return True
    return "-----BEGIN" in text or ("://" in text and _USERINFO(text) is not None)


@lru_cache(1024)
def _is_hinted(word: str) -> bool:
    """Return whether a long word looks like part of a credential; many words stand in every file of a project."""
    return _HINT(word) is not None


def _spans(text: str) -> list[_Found]:
    """Return start, end and kind of each credential in a text, in order; none overlap. The time is linear."""
    if len(text) < _SHORTEST_TEXT or not _suspicious(text):
        return []
    spans = [(m.start(), m.end(), "private key") for m in _private_key().finditer(text)]
    if "://" in text:
        spans += [(m.start(1), m.end(1), "password in a URL") for m in _url_password().finditer(text)]
    spans = _apart(spans)
    free = covered(text, [(start, end) for start, end, _ in spans], " ")
    for word in _LONG_WORD(free):
        if _HINT(word.group()):
            spans += _in_word(free, word.start(), word.end())
    return sorted(spans)


def _apart(spans: Iterable[_Found]) -> list[_Found]:
    """Return the spans sorted, without those that overlap one kept before them."""
    apart: list[_Found] = []
    for span in sorted(spans):
        if not apart or span[0] >= apart[-1][1]:
            apart.append(span)
    return apart


def _in_word(text: str, start: int, end: int) -> list[_Found]:
    """Return start, end and kind of the credentials in one word of a text, net by net.

    What a finer net caught is covered before the next net is cast.
    """
    # Each net sees a little of what stands before the word, where it says what the word is.
    before = max(0, start - CONTEXT)
    piece = text[before:end]
    spans: list[_Found] = []
    for net in (_shaped, _placed, random_strings):
        caught = _apart(net(piece, start - before))
        piece = covered(piece, [(start, end) for start, end, _ in caught], " ")
        spans += caught
    return [(a + before, b + before, kind) for a, b, kind in spans]


# The first net: keys with a vendor's shape. (`_spans` has caught private keys and passwords in URLs before.)


def _shaped(text: str, start: int) -> Iterator[_Found]:
    """Yield the keys with a vendor's shape from `start` on; one that is an obvious placeholder is left out."""
    if may_have_shape(text):
        for match in shapes_pattern().finditer(text, start):
            kind, known = shape_of(match)
            if not _placeholder(match.group()[known:]):
                yield match.start(), match.end(), kind
    if "Q~" in text or ":AA" in text:
        for match in _marked_inside().finditer(text, start):
            kind = "Azure client secret" if match["azure"] else "Telegram bot token"
            yield match.start(), match.end(), kind


@cache
def _marked_inside() -> re.Pattern[str]:
    """Return the pattern of the shapes whose mark stands in their middle."""
    return re.compile(
        r"(?P<azure>(?<![A-Za-z0-9_~.])[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34})"
        r"|(?<![0-9])[0-9]{6,12}:AA[A-Za-z0-9_-]{30,}"
    )


def _placeholder(value: str) -> bool:
    """Return whether a key-shaped value is an obvious placeholder: words in one case, or mostly one character."""
    letters = value.replace("-", "").replace("_", "")
    if any(letters.count(c) * 2 > len(letters) for c in set(letters[:20])):
        return True
    if len(value) >= 40 and value.isalpha() and len(set(value)) >= 12:
        return False  # so many letters without a gap are no words, even in one case
    # Capitals alone are an alphabet of keys too (AWS), unless something sets words apart.
    return letters.isalpha() and (letters.islower() or (letters.isupper() and len(letters) < len(value)))


@cache
def _private_key() -> re.Pattern[str]:
    """Return the pattern of a private key in PEM: its BEGIN line, and all after it that such a key is written with."""
    return re.compile(r"-----BEGIN[ A-Z0-9]{0,40}PRIVATE\s+KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s:,.-]*")


_VARIABLE = r"[$<{%*\[(]"


@cache
def _url_password() -> re.Pattern[str]:
    """Return the pattern of a URL's user and password; group 1 is the password, which is no template variable."""
    return re.compile(rf"://[^\s/?#:@]*:((?!{_VARIABLE})[^\s/?#@]+)@")


# The second net: places where only a credential stands.


def _placed(text: str, start: int) -> Iterator[_Found]:
    """Yield the values from `start` on that stand where only a credential stands.

    The 40 characters before `start` may announce the first value (`api key is …`).
    """
    word = text[start:]
    if ("=" in word or ":" in word) and any(name in word.casefold() for name in HINTS):
        for match in _assigned().finditer(word):
            group = match.lastgroup or "query"
            if _credential(match[group], strict=group == "named"):
                yield start + match.start(group), start + match.end(group), _PLACES[group]
    before = text[max(0, start - 40) : start].rstrip().rstrip("\"'`").rstrip().lower()
    announced = before.endswith(_LEADS) and _announced().search(before)
    value = _VALUE(word) if announced else None
    if value and _credential(value[1], strict=True):
        yield start + value.start(1), start + value.end(1), _PLACES["named"]


def _credential(value: str, strict: bool) -> bool:
    """Return whether a value that stands where a credential stands is one; `strict` where words may stand there too."""
    if _placeholder(value):
        return False
    cases = value != value.lower() and value != value.upper()
    digits = any(map(str.isdigit, value))
    if strict:
        mixed = cases and value.isalnum() and not _CAMEL(value)
        return mixed or UUID.search(value) is not None or splinters(value) >= 3
    return any(map(str.isalpha, value)) and (digits or cases)


_PLACES = {"query": "credential in a URL's query", "named": "named credential"}
_CAMEL = re.compile(r"[A-Z]?[a-z]+(?:[A-Z][a-z]+)*").fullmatch
_LEADS = (":", "=", ">", " is", *SCHEMES)
_VALUE = re.compile(r"[\"'`]?([A-Za-z0-9+/_.~=-]{16,})").match


@cache
def _assigned() -> re.Pattern[str]:
    """Return the pattern of a value assigned to a credential's name: group `query` in a URL's query, else `named`."""
    return re.compile(
        rf"[?&;]{IN_A_QUERY}=(?!{_VARIABLE})(?P<query>[A-Za-z0-9%+/=_.~-]{{8,}})"
        rf"|{BEFORE_A_VALUE}[\"'`]?(?::=|=>|[:=])[\"'`]?(?P<named>[A-Za-z0-9+/_.~=-]{{16,}})",
        re.IGNORECASE,
    )


@cache
def _announced() -> re.Pattern[str]:
    """Return the pattern of lower-case words at the end of a text that announce a credential (`api key is`)."""
    given = r"[\"'`]?\s*(?::=|=>|[:=]|\bis)"
    return re.compile(rf"(?:\b(?:{'|'.join(SCHEMES)})|{IN_WORDS}{given})$")
