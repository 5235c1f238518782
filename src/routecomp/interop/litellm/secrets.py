"""Find the credentials of a LiteLLM file and put stars in their place, before anything else reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from routecomp.diagnostics.credentials.detect import find_secret, fingerprint
from routecomp.diagnostics.credentials.names import names_credential, names_variable
from routecomp.interop.scalars import plain_kind
from routecomp.interop.value import Kind
from routecomp.parse import Parsed
from routecomp.parse.redact import redact_credentials, redact_scalars
from routecomp.parse.tree import Alias, Mapping, Node, Scalar, Sequence
from routecomp.source.text import Span

REFERENCE = "os.environ/"
"""What stands before the name of an environment variable."""
_NO_CREDENTIAL = frozenset(("custom_auth", "proxy_auth"))
"""Keys with a credential's name whose value is the path of a Python function."""
_ABOUT = ("prefix_for_", "prefix_of_", "allow_", "disable_", "enable_", "dangerously_", "header_for_", "name_of_")
"""How a key begins that says something of credentials, and holds none."""
_ID = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})", re.IGNORECASE)
"""Ids as LiteLLM makes them of a deployment: hash values, which some providers' keys look like."""
_FILE = re.compile(r"(?:[.~]{0,2}/|[A-Za-z]:\\).*|.*\.(?:json|pem|key|crt|toml|ya?ml)", re.DOTALL)
_ELSEWHERE = (REFERENCE, "oidc/", "vault:", "arn:", "secretsmanager:", "projects/")
"""How a value begins that says where the credential is kept."""
OTHER_REFERENCE = re.compile(
    r"\$\{?[A-Za-z_]\w*(?::-[^}]*)?\}?|env[:.]\s*\w+|%\w+%|\{\{.*\}\}|os[./]env(?:iron)?(?:[./\[(:]|\s).*|os\.getenv.*"
    r"|(?i:os\.environ)/?\s*.*",
    re.ASCII,
)
"""References to the environment in ways that LiteLLM does not read: none is a credential."""
_STAND_INS = ("redacted", "removed", "hidden", "todo", "xxx", "***", "...")
_ADDRESSED = frozenset(("your", "replace", "insert"))
"""Words in a text that says where a key is to be written: it is none."""
_NO_KEY = frozenset(
    (
        *("fake", "dummy", "mock", "none", "null", "empty", "na", "n/a", "test", "testing", "example", "sample"),
        *("placeholder", "unused", "ignore", "ignored", "anything", "any", "local", "localhost", "ollama", "vllm"),
        *("lmstudio", "llamacpp", "nokey", "needed", "required", "unneeded", "key", "changeme", "secret", "password"),
    )
)
"""Words of texts that stand where a key must stand and open nothing, as for a server that asks for none."""
_SHORTEST_KEY = 8
_KEYLESS = re.compile(
    r"(?:sk[-_])?(?:(?:fake|dummy|mock|placeholder|unused|ignored?|anything|any|none|null|empty|na|n/a)(?:[-_]?api)?"
    r"(?:[-_]?key)?|no(?:[-_]api)?[-_]?key(?:[-_](?:needed|required))?|(?:key[-_])?not?[-_ ]?(?:needed|required|used)"
    r"|lm[-_]?studio|ollama|x+)",
    re.ASCII,
)
"""The whole texts that say of themselves that they open nothing; a short key of a host of one's own is none of them."""


class Hidden(NamedTuple):
    """A credential that was replaced: whether it looks like a stand-in, and what tells it from others.

    `is_keyless` is true where the text is one of those that are written where a host asks for no key.
    """

    placeholder: bool
    fingerprint: str
    is_keyless: bool


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
        return Credentials({}, tuple(each.span for each in shaped if each.span is not None))
    hidden: dict[int, Hidden] = {}
    secret: list[Scalar] = []
    ids: set[str] = set()
    for key, node in _nodes(file.root):
        if key == "id" and _ID.fullmatch(node.text):
            ids.add(fingerprint(node.text))
            continue
        has_shape = find_secret(node.text) is not None
        if has_shape or _is_secret(key, node):
            hidden[node.start] = Hidden(
                not has_shape and _opens_nothing(key, node),
                fingerprint(node.text),
                _KEYLESS.fullmatch(node.text.strip().lower()) is not None,
            )
            secret.append(node)
    redact_scalars(file, secret)
    others = redact_credentials([file], frozenset(ids), by_place=False)
    outside = [each.span for each in others if each.span is not None]
    return Credentials(hidden, tuple(outside))


def _is_secret(key: str, node: Scalar) -> bool:
    """Return whether a scalar is a credential because of the key it stands under."""
    if not names_credential(key) or key in _NO_CREDENTIAL or key.startswith(_ABOUT):
        return False
    text = node.text.strip()
    if not text or (node.plain and plain_kind(text) in (Kind.NULL, Kind.BOOL)):
        return False
    if node.plain and plain_kind(text) is Kind.NUMBER and "cost" in key:
        return False
    if text.startswith(_ELSEWHERE) or _is_stand_in(text) or _FILE.fullmatch(text) or OTHER_REFERENCE.fullmatch(text):
        return False
    return not names_variable(text) or text.lower() in _NO_KEY


def _is_stand_in(text: str) -> bool:
    """Return whether a text says that a key is to be written in its place."""
    lowered = text.lower()
    if lowered.startswith(_STAND_INS) or (text[:1] == "<" and text[-1:] == ">"):
        return True
    return not _ADDRESSED.isdisjoint(_words(lowered))


def _opens_nothing(key: str, node: Scalar) -> bool:
    """Return whether a text stands there because one must: a word that says so, or too short for a key of a host."""
    text = node.text.strip().lower()
    if len(text) < _SHORTEST_KEY:
        return "pass" not in key.lower()
    words = _words(text)
    return not _NO_KEY.isdisjoint((words[0], words[-1], "".join(words))) or text.startswith("sk-1234")


def _words(text: str) -> list[str]:
    """Return the words of a text, which blanks, `-` and `_` part."""
    return text.replace("-", " ").replace("_", " ").split() or [""]


def _nodes(root: Node) -> Iterator[tuple[str, Scalar]]:
    """Yield each scalar that is a value, with the nearest key above it, the replaced ones of twice written keys too."""
    waiting: list[tuple[str, Node]] = [("", root)]
    while waiting:
        key, node = waiting.pop()
        if isinstance(node, Alias):
            shared = node.target.items if isinstance(node.target, Sequence) else [node.target]
            yield from ((key, target) for target in shared if isinstance(target, Scalar))
        elif isinstance(node, Scalar):
            yield key, node
        elif isinstance(node, Mapping):
            waiting += [(name.text, value) for name, value in (*node.items, *node.dropped)]
        elif isinstance(node, Sequence):
            waiting += [(key, item) for item in node.items]
