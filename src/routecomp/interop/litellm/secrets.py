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
_FILE = re.compile(r"(?:[.~]{0,2}/|[A-Za-z]:\\).*|.*\.(?:json|pem|key|crt|toml|ya?ml)", re.DOTALL)
_ELSEWHERE = re.compile(r"(?:os\.environ/|oidc/|vault:|arn:|secretsmanager:|projects/)", re.ASCII)
"""How a value begins that says where the credential is kept."""
OTHER_REFERENCE = re.compile(
    r"\$\{?[A-Za-z_]\w*(?::-[^}]*)?\}?|env[:.]\s*\w+|%\w+%|\{\{.*\}\}|os[./]env(?:iron)?(?:[./\[(:]|\s).*|os\.getenv.*"
    r"|(?i:os\.environ)/?\s*.*",
    re.ASCII,
)
"""References to the environment in ways that LiteLLM does not read: none is a credential."""
_STAND_IN = re.compile(
    r"(?i:redacted|removed|hidden|todo|.*(?:your|replace|insert)[-_ ].*|<.*>|x{3,}|\*{3,}|\.{3})", re.DOTALL
)
"""Texts that say where a key is to be written: they are none."""
_NO_KEY = re.compile(
    r"(?:.*[-_ ])?(?:fake|dummy|mock|none|null|empty|na|n/a|test|testing|example|sample|placeholder|unused|ignored?|"
    r"anything|any|local|localhost|ollama|vllm|lm-?studio|llama-?cpp|no-?key|not-?(?:needed|required|used|set)|key|"
    r"change-?me|secret|password)(?:[-_ ].*)?|.|my[-_ ].*|sk-(?:.{0,8}|x+|1234.{0,8})",
    re.IGNORECASE | re.DOTALL,
)
"""Texts that stand where a key must stand and open nothing, as for a server that asks for none."""

_SHORTEST_KEY = 8


class Hidden(NamedTuple):
    """A credential that was replaced: whether it opens nothing, and what tells it from others."""

    placeholder: bool
    fingerprint: str


class Credentials(NamedTuple):
    """Where the credentials of one file stood: those that are values, by the start of the scalar, and others.

    `outside` are those in comments, and in the lines of a file that could not be parsed.
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
    for key, node in _nodes(file.root):
        has_shape = find_secret(node.text) is not None
        if has_shape or _is_secret(key, node):
            hidden[node.start] = Hidden(not has_shape and _opens_nothing(key, node), fingerprint(node.text))
            secret.append(node)
    redact_scalars(file, secret)
    outside = [each.span for each in redact_credentials([file], frozenset(), by_place=False) if each.span is not None]
    return Credentials(hidden, tuple(outside))


def _is_secret(key: str, node: Scalar) -> bool:
    """Return whether a scalar is a credential because of the key it stands under."""
    if not names_credential(key) or key in _NO_CREDENTIAL:
        return False
    text = node.text.strip()
    if not text or (node.plain and plain_kind(text) in (Kind.NULL, Kind.BOOL)):
        return False
    if node.plain and plain_kind(text) is Kind.NUMBER and "cost" in key:
        return False
    if _ELSEWHERE.match(text) or _FILE.fullmatch(text) or _STAND_IN.fullmatch(text):
        return False
    if OTHER_REFERENCE.fullmatch(text):
        return False
    return not names_variable(text) or ("_" not in text and _NO_KEY.fullmatch(text) is not None)


def _opens_nothing(key: str, node: Scalar) -> bool:
    """Return whether a text stands there because one must: a word that says so, or too short for a key of a host."""
    text = node.text.strip()
    return _NO_KEY.fullmatch(text) is not None or (len(text) < _SHORTEST_KEY and "pass" not in key.lower())


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
