"""Find the scalars that stand where only a credential stands: under its name, or where a variable's name belongs.

What they look like does not matter: `x-api-key: Winter2026!` is one. INVARIANT: the check refuses each of them where it
stands, so that asterisks in its place change no project that compiles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from routecomp.diagnostics.credentials.names import names_credential, names_variable
from routecomp.parse.tree import Mapping, Node, Scalar, scalars
from routecomp.source.later import compiled_later

_BODIES = {
    **dict.fromkeys(
        ("providers", "models", "features", "targets", "presets", "tenants", "expectations", "claims", "experiments"), 2
    ),
    **dict.fromkeys(("defaults", "scoring", "resilience", "preferences"), 1),
}
"""Section to the depth at which the keys of its bodies stand."""
_PLAIN_WORDS = ("providers", "models")
"""The sections in which no key at all is a name of the author's choice, but what is sent."""
_SENT = ("headers", "query", "params", "secret_headers")
_TEXTS = ("headers", "query", "secret_headers")
"""The keys below which each value is one text: a list or a deeper mapping is refused."""
_ALSO_IN_A_PROVIDER = ("key", "keys", "pass")
_NO_VALUES = ("", "~", "null", "true", "false")
_NAMES_IN_PAIR = ("name", "key", "header")

MAY_NAME = re.compile(r"key|token|secret|passw|passphrase|pwd|credential|authorization|jwt|auth|_env", re.I).search
"""Is in every text that holds the name of a credential: the quick test of a file."""
_TWO_WORDS = compiled_later(r"[a-z]+:[a-z-]+ [a-z-]+")
"""A header's name with a blank in it, which is no secret: `header:api key`."""
_PAIR = compiled_later(r"\s*([A-Za-z0-9_. -]+?)\s*[:=]\s*(\S.*)", re.DOTALL)
_IN_QUERY = compiled_later(r"[?&;]([A-Za-z0-9_.-]+)=([^&;\s\"'#]+)")
_MARKS = r"(?:(?:!<[^>]*>|[!&][^\s,\[\]{}]*)(?:\s+|$))*"
"""Tags and anchors before a value."""
_KEY_IN_LINE = compiled_later(r"(?<![A-Za-z0-9_.-])(?P<key>[A-Za-z0-9_.-]+)[\"']?\s*[:=]\s*")
_VALUE_IN_LINE = compiled_later(
    rf"{_MARKS}(?P<bare>\"(?:[^\"\\]|\\.)*\"?|'(?:[^']|'')*'?|\[[^\]]*\]?"
    r"|[^\s\"'{\[,}\]#](?:[^,}\]#]|(?<!\s)#)*|)"
)
_PLAIN_IN_BLOCK = compiled_later(r"[^\s\"'{\[#](?:[^#]|(?<!\s)#)*")
"""A plain value outside of `{}` and `[]`, which goes to the end of its line or to a comment."""
_FIRST_OF_FLOW = compiled_later(r"[{\[]")
_PAIR_IN_LINE = compiled_later(r"[ \t]*(?:[-?][ \t]+)*[\"']?[A-Za-z0-9_.-]+[\"']?[ \t]*:(?:\s|$)")
_KEY_ALONE = compiled_later(rf"[ \t]*(?:-[ \t]+)*\?[ \t]+{_MARKS}[\"']?(?P<key>[A-Za-z0-9_.-]+)[\"']?\s*")
_BEGINNING = compiled_later(r"[ \t]*(?:[-:][ \t]+)*")


class _Place(NamedTuple):
    """A node, and where it stands: its section, how deep, its key, and the nearest key above that sends names."""

    node: Node
    section: str
    depth: int
    key: str
    sent: str


def scalars_by_place(root: Node, key_names: tuple[str, ...]) -> Iterator[Scalar]:
    """Yield each scalar that stands where a credential stands, or where the name of a variable should.

    `key_names` are the patterns of variables that may hold a key: the name of one is no secret.
    """
    waiting = [_Place(root, "", 0, "", "")]
    while waiting:
        place = waiting.pop()
        node = place.node
        if isinstance(node, Scalar):
            if _is_pair(place, node.text):
                yield node
        elif isinstance(node, Mapping):
            yield from (value for value in _beside_name(place, node) if not _is_shown(value.text, key_names))
            for key, value in (*node.items, *node.dropped):
                yield from (each for each in _below(place, key.text, value) if not _is_shown(each.text, key_names))
                sent = place.sent or (key.text if place.depth and key.text in _SENT else "")
                waiting.append(_Place(value, place.section or key.text, place.depth + 1, key.text, sent))
        else:
            waiting += [place._replace(node=item) for item in node.items]


def values_in_lines(
    lines: Iterable[str],
    is_credential: Callable[[str], bool] | None = None,
    is_shown: Callable[[str], bool] | None = None,
) -> Iterator[list[tuple[int, int]]]:
    """Yield, for each line of a file that could not be parsed, start and end of the values behind credentials' names.

    Tags and anchors count to the value, because a password may look like one. A value also goes on in the lines that
    stand deeper than its key, as far as they are no keys of their own. Files of other programs have other names
    (`is_credential`), and other values that may be shown behind one (`is_shown`).
    """
    names_one, shows = is_credential or _is_credential, is_shown or _is_shown
    deeper_than: int | None = None
    for line in lines:
        beginning = _BEGINNING.match(line)
        start = beginning.end() if beginning is not None else 0
        indent = len(line) - len(line.lstrip(" \t"))
        is_explicit = line.lstrip(" \t").startswith(": ")
        if line.strip() and deeper_than is not None:
            is_below = indent > deeper_than or (indent == deeper_than and (is_explicit or line[indent:][:2] == "- "))
            if is_below and _PAIR_IN_LINE.match(line) is None:
                end = len(line.rstrip())
                yield [(start, end)] if start < end and not shows(line[start:end]) else []
                continue
            deeper_than = None
        in_line = list(_values_in_line(line, names_one, shows))
        alone = _KEY_ALONE.fullmatch(line)
        names = [alone] if alone is not None else _KEY_IN_LINE.finditer(line)
        if any(names_one(match["key"]) for match in names) and _FIRST_OF_FLOW.search(line) is None:
            deeper_than = indent
        yield in_line


def _values_in_line(
    line: str, names_one: Callable[[str], bool], shows: Callable[[str], bool]
) -> Iterator[tuple[int, int]]:
    """Yield start and end of each value that stands behind a credential's name in a line."""
    flow = _FIRST_OF_FLOW.search(line)
    done = 0
    for key in _KEY_IN_LINE.finditer(line):
        is_named = key.start() >= done and names_one(key["key"])
        value = _VALUE_IN_LINE.match(line, key.end()) if is_named else None
        if value is None:
            continue
        start, done = value.span()
        plain = _PLAIN_IN_BLOCK.match(line, value.start("bare"))
        if plain is not None and (flow is None or key.start() < flow.start()):
            done = max(done, plain.end())
        done = start + len(line[start:done].rstrip())
        bare = line[value.start("bare") : done] or line[start:done]
        if start < done and not shows(bare):
            yield start, done


def _is_credential(key: str) -> bool:
    """Return whether a key names a credential, or the variable that holds one."""
    return names_credential(key.removesuffix("_env"))


def values_in_query(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each value behind a credential's name in a URL's query."""
    for match in _IN_QUERY.finditer(text) if "=" in text else ():
        if names_credential(match[1]) and match[2][0] not in "{$<%*":
            yield match.span(2)


def _below(place: _Place, key: str, value: Node) -> list[Scalar]:
    """Return what the key says to be secret: its value, or in a body, where such a key is refused, all below it."""
    is_in_body = not place.sent and place.depth == 2 == _BODIES.get(place.section)
    if not (place.sent == "secret_headers" or (key.endswith("_env") and names_credential(key[:-4]))):
        if not (names_credential(key) or (is_in_body and place.section == "providers" and key in _ALSO_IN_A_PROVIDER)):
            return []
        if not (place.sent or place.section in _PLAIN_WORDS or place.depth <= _BODIES.get(place.section, 99)):
            return []
    if isinstance(value, Scalar):
        return [value]
    return scalars(value) if is_in_body else []


def _beside_name(place: _Place, node: Mapping) -> list[Scalar]:
    """Return the value of a header or a part of a query that is written as `{name: x-api-key, value: …}`."""
    name = next((value for key, value in node.items if key.text in _NAMES_IN_PAIR), None)
    value = node.get("value")
    is_pair = place.sent in _TEXTS and isinstance(name, Scalar) and names_credential(name.text)
    return [value] if is_pair and isinstance(value, Scalar) else []


def _is_pair(place: _Place, text: str) -> bool:
    """Return whether a scalar is a name and its value in one text, below `headers` or in `auth`."""
    pair = _PAIR.fullmatch(text)
    if place.key == "auth" and place.section in _PLAIN_WORDS and place.depth == 3:
        return "=" in text or (" " in text.strip() and _TWO_WORDS.fullmatch(text) is None)
    is_text = place.key in _TEXTS and place.key == place.sent
    return is_text and pair is not None and names_credential(pair[1]) and not _is_shown(pair[2])


def _is_shown(text: str, key_names: tuple[str, ...] = ()) -> bool:
    """Return whether a value is none, or the name of a variable."""
    bare = text.strip().strip("\"'")
    return bare.lower() in _NO_VALUES or names_variable(bare, key_names)
