"""Find the credentials of a LiteLLM file and put stars in their place, before anything else reads it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from routecomp.diagnostics.credentials.detect import find_secret, fingerprint
from routecomp.interop.litellm.credential_keys import Meaning, is_unheard_of, meaning
from routecomp.interop.litellm.names import names
from routecomp.interop.litellm.stand_ins import (
    default_of,
    is_bare_word,
    is_file,
    is_keyless,
    is_name,
    is_shown_reference,
    is_way,
    opens_nothing,
    refers,
    stands_elsewhere,
    without_scheme,
)
from routecomp.interop.scalars import plain_kind
from routecomp.interop.value import Kind
from routecomp.parse import Parsed
from routecomp.parse.redact import hide_ranges, redact_credentials, redact_scalars
from routecomp.parse.secret_places import values_in_lines
from routecomp.parse.tree import Alias, Mapping, Node, Scalar, Sequence, scalars
from routecomp.source.later import compiled_later
from routecomp.source.text import Span

_ID = compiled_later(r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})", re.IGNORECASE)
"""Ids as LiteLLM makes them of a deployment: hash values, which some providers' keys look like."""
_USER_AND_PASSWORD = compiled_later(r"[A-Za-z0-9_.-]*:[^\s/@:$]{3,}@[A-Za-z0-9.-]+(?::[0-9]+)?(?:/.*)?")
"""An address without `https://` that begins with a user and a password."""
_ANCHOR = compiled_later(r"(?<![^\s,\[\]{}:-])[&*]([^\s,\[\]{}]{8,})")
_TOKEN = compiled_later(r"[^\s,\[\]{}\"'&*#:]{8,}")
_SETTINGS = frozenset(
    ("litellm_params", "general_settings", "litellm_settings", "router_settings", "credential_values", "cache_params")
)
_SHAPELESS = re.compile(r"(?!(?:true|false|https?://))[^\s/]{8,}", re.IGNORECASE)
"""A text that may be a credential, below a key of these settings that nobody has heard of: it is not shown."""
_COMMENT = compiled_later(r"(?:^|(?<=\s))#+[ \t]*(?=([^\n]*))", re.MULTILINE)
_SHORTEST_ELSEWHERE = 8
"""Characters of a credential that is looked for in other places of its file."""
_GENERIC = frozenset(("value", "values", "key", "secret", "default", "text"))
"""Keys below the name of a credential that say nothing themselves."""


class Hidden(NamedTuple):
    """A credential that was replaced: whether it looks like a stand-in, and what tells it from others.

    `is_keyless` is true where the text is one of those that are written where a host asks for no key, and
    `may_be_variable` where it may be the name of a variable that was written without `os.environ/`.
    """

    placeholder: bool
    fingerprint: str
    is_keyless: bool
    may_be_variable: bool


class Credentials(NamedTuple):
    """Where the credentials of one file stood: those that are values, by the start of the scalar, and others.

    `outside` are those in comments and keys, and in the lines of a file that could not be parsed.
    """

    scalars: dict[int, Hidden]
    outside: tuple[Span, ...]


def hide_credentials(file: Parsed) -> Credentials:
    """Replace the credentials of one file by stars, in its text and its tree, and return where they stood."""
    if file.root is None:
        shaped = redact_credentials([file], frozenset())
        _hide_in_lines(file)
        return Credentials({}, tuple(each.span for each in shaped if each.span is not None))
    hidden: dict[int, Hidden] = {}
    secret: list[Scalar] = []
    harmless: set[str] = set()
    texts: set[str] = set()
    unknown: list[tuple[int, int]] = []
    for key, parent, node in _nodes(file.root):
        if key == "id" and _ID.fullmatch(node.text):
            harmless.add(fingerprint(node.text))
            continue
        secret_in_path = find_secret(node.text) if is_file(node.text) else None
        if secret_in_path is not None:
            harmless.add(secret_in_path.fingerprint)
        judged = _judge(key, parent, node)
        if judged is not None:
            hidden[node.start] = judged
            secret.append(node)
            if not judged.placeholder and not judged.may_be_variable:
                texts.add(node.text)
        elif parent in _SETTINGS and _SHAPELESS.fullmatch(node.text) and is_unheard_of(key) and not refers(node.text):
            unknown.append((node.start, node.end))
    others = _elsewhere(file, {text for text in texts if _is_told_apart(text)}, set(hidden))
    redact_scalars(file, secret)
    hide_ranges(file, others + unknown + _in_comments(file))
    shaped = redact_credentials([file], frozenset(harmless), by_place=False)
    return Credentials(hidden, tuple(each.span for each in shaped if each.span is not None))


def _judge(key: str, parent: str, node: Scalar) -> Hidden | None:
    """Return what a scalar is that must not be shown, None for one that may be."""
    text = without_scheme(node.text.strip())
    has_shape = _has_shape(node.text, text)
    if not has_shape and not _is_secret(key, parent, node, text):
        return None
    is_reference = refers(text) and not default_of(text)
    return Hidden(
        not is_reference and opens_nothing("pass" if has_shape else key, default_of(text) or text),
        fingerprint(node.text),
        is_keyless(text),
        not has_shape and (is_reference or is_bare_word(text)),
    )


def _has_shape(written: str, text: str) -> bool:
    """Return whether a scalar looks like a credential; the name of a file may be as disordered as one."""
    secret = find_secret(written)
    if secret is None:
        return _USER_AND_PASSWORD.fullmatch(text) is not None
    return not (secret.kind.endswith("random string") and is_file(text))


def _is_secret(key: str, parent: str, node: Scalar, text: str) -> bool:
    """Return whether a scalar is a credential because of the key it stands under."""
    meant = meaning(key, parent)
    if not meant or not text:
        return False
    kind = plain_kind(text) if node.plain else Kind.TEXT
    if kind in (Kind.NULL, Kind.BOOL) or (kind is Kind.NUMBER and "cost" in key):
        return False
    if refers(text):
        default = default_of(text)
        return bool(default) or not is_shown_reference(text)
    if stands_elsewhere(text) or (meant == Meaning.SAID and is_way(text)):
        return False
    return not is_name(text) or ("pass" in key.lower() and text != text.upper())


def _hide_in_lines(file: Parsed) -> None:
    """Replace what stands behind the names of credentials in the lines of a file that could not be parsed."""
    ranges = []
    begin = 0
    lines = file.source.text.split("\n")
    for line, places in zip(lines, values_in_lines(lines, _is_named, _is_shown), strict=True):
        ranges += [(begin + start, begin + end) for start, end in places]
        begin += len(line) + 1
    hide_ranges(file, ranges)


def _is_named(key: str) -> bool:
    """Return whether a key in a broken file may name a credential."""
    return meaning(key, "litellm_params") != Meaning.NONE


def _is_shown(text: str) -> bool:
    """Return whether a value in a broken file is surely no credential."""
    bare = text.strip().strip("\"'")
    if plain_kind(bare) in (Kind.NULL, Kind.BOOL):
        return True
    return is_name(bare) or (stands_elsewhere(bare) if not refers(bare) else is_shown_reference(bare))


def _is_told_apart(text: str) -> bool:
    """Return whether a credential can be looked for in a file: it is long, of one line, and no word of LiteLLM."""
    if len(text) < _SHORTEST_ELSEWHERE or "\n" in text or text.lower() in names("providers"):
        return False
    return text not in names("models") and not text.isdigit()


def _elsewhere(file: Parsed, texts: set[str], hidden: set[int]) -> list[tuple[int, int]]:
    """Replace keys and values that equal a credential in the tree; return these places, and those outside of it.

    Outside are the names of anchors and comments.
    """
    source = file.source.text
    ranges = []
    for scalar in scalars(file.root) if texts and file.root is not None else ():
        if scalar.text in texts and scalar.start not in hidden:
            ranges.append((scalar.start, scalar.end))
            scalar.text = "*" * 8
    if texts:
        ranges += [match.span() for match in _TOKEN.finditer(source) if match[0] in texts]
    for match in _ANCHOR.finditer(source) if "&" in source else ():
        if find_secret(match[1]) is not None:
            ranges.append(match.span(1))
    return ranges


def _in_comments(file: Parsed) -> list[tuple[int, int]]:
    """Return what stands behind the names of credentials in comments: settings that were taken out, and notes."""
    source = file.source.text
    if "#" not in source or file.root is None:
        return []
    values = sorted((scalar.start, scalar.end) for scalar in scalars(file.root))
    starts = [start for start, _ in values]
    ranges = []
    for comment in _COMMENT.finditer(source):
        place = bisect_right(starts, comment.start()) - 1
        if place >= 0 and comment.start() < values[place][1]:
            continue  # within a text
        for places in values_in_lines([comment[1]], _is_named, _is_shown):
            ranges += [(comment.start(1) + start, comment.start(1) + end) for start, end in places]
    return ranges


def _nodes(root: Node) -> Iterator[tuple[str, str, Scalar]]:
    """Yield each scalar that is a value, with the nearest key above it and the one above that.

    The replaced values of twice written keys are among them. A key that says nothing (`value`) stands for the name
    beside it, or for the key above.
    """
    waiting: list[tuple[str, str, Node]] = [("", "", root)]
    while waiting:
        key, parent, node = waiting.pop()
        if isinstance(node, Alias):
            shared = node.target.items if isinstance(node.target, Sequence) else [node.target]
            yield from ((key, parent, target) for target in shared if isinstance(target, Scalar))
        elif isinstance(node, Scalar):
            yield key, parent, node
        elif isinstance(node, Mapping):
            for name, value in (*node.items, *node.dropped):
                if name.text in _GENERIC and isinstance(value, Scalar):
                    stated = _named_beside(node) if name.text == "value" else ""
                    above = key if meaning(key, parent) == Meaning.SURE else ""
                    waiting.append((stated or above or name.text, key, value))
                else:
                    waiting.append((name.text, key, value))
        elif isinstance(node, Sequence):
            waiting += [(key, parent, item) for item in node.items]


def _named_beside(pair: Mapping) -> str:
    """Return the name of a header or variable that is written as `{name: x-api-key, value: …}`."""
    named = next((value for key, value in pair.items if key.text in ("name", "key", "header")), None)
    return named.text if isinstance(named, Scalar) and meaning(named.text, "") == Meaning.SURE else ""
