"""Find the credentials of a LiteLLM file and put stars in their place, before anything else reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

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
_NO_KEY = re.compile(
    r"(?:.*[-_ ])?(?:fake|dummy|mock|none|null|empty|na|n/a|test|testing|example|sample|placeholder|unused|ignored?|"
    r"anything|any|local|localhost|ollama|vllm|lm-?studio|llama-?cpp|no-?key|not-?(?:needed|required|used|set)|key|"
    r"change-?me|redacted|todo|secret|password|x{3,}|\*{3,}|\.{3})(?:[-_ ].*)?|.|.*(?:your|replace|my)[-_ ].*|<.*>"
    r"|sk-(?:.{0,8}|x+|1234.{0,8})",
    re.IGNORECASE | re.DOTALL,
)
"""Texts that stand where a key must stand and open nothing, as for a server that asks for none."""


class Credentials(NamedTuple):
    """Where the credentials of one file stood: by the start of the scalar, whether it is a placeholder; and others.

    `outside` are those in comments, and in the lines of a file that could not be parsed.
    """

    scalars: dict[int, bool]
    outside: tuple[Span, ...]


def hide_credentials(file: Parsed) -> Credentials:
    """Replace the credentials of one file by stars, in its text and its tree, and return where they stood."""
    shaped = [each.span for each in redact_credentials([file], frozenset()) if each.span is not None]
    if file.root is None:
        return Credentials({}, tuple(shaped))
    nodes = list(_nodes(file.root))
    starts = {node.start: node for _, node in nodes}
    scalars = {span.start: False for span in shaped if span.start in starts}
    secret = [node for key, node in nodes if node.start not in scalars and _is_secret(key, node)]
    scalars |= {node.start: _NO_KEY.fullmatch(node.text.strip()) is not None for node in secret}
    redact_scalars(file, secret)
    return Credentials(scalars, tuple(span for span in shaped if span.start not in starts))


def _is_secret(key: str, node: Scalar) -> bool:
    """Return whether a scalar is a credential because of the key it stands under."""
    if not names_credential(key) or key in _NO_CREDENTIAL:
        return False
    text = node.text.strip()
    if not text or (node.plain and plain_kind(text) in (Kind.NULL, Kind.BOOL)):
        return False
    if node.plain and plain_kind(text) is Kind.NUMBER and "cost" in key:
        return False
    return not (_ELSEWHERE.match(text) or _FILE.fullmatch(text) or names_variable(text))


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
