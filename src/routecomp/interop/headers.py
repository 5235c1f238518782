"""Tell which headers of another router's file a project may send along."""

from __future__ import annotations

from routecomp.diagnostics.credentials.detect import star_secrets
from routecomp.diagnostics.credentials.names import names_credential
from routecomp.interop.imported import Provider
from routecomp.interop.ledger import Ledger
from routecomp.interop.value import Kind, Value
from routecomp.model.adapters import COOKIE, FORWARDED, FRAMING, KEY_HEADERS, PROXY, TOKEN, X_FORWARDED
from routecomp.model.fields import ENVIRONMENT_NAME
from routecomp.model.key_names import DEFAULT_KEY_NAMES, is_never, key_variable

_NOT_OURS = frozenset((*FRAMING, COOKIE, FORWARDED, *KEY_HEADERS.values(), "api-key"))
"""Headers that the sending client sets, or that carry the key."""


def add_header(provider: Provider, name: str, value: Value, variable: str, ledger: Ledger) -> None:
    """Add a header to a provider: by its value, or by the variable that holds it; say so, or why not."""
    header, text = name.lower(), value.text
    is_free = header not in provider.headers and header not in provider.secret_headers
    if not TOKEN.fullmatch(header) or header in _NOT_OURS or header.startswith((PROXY, X_FORWARDED)) or not is_free:
        ledger.lose(value, "a project sends no such header along", "let your service send it")
    elif variable and ENVIRONMENT_NAME.fullmatch(variable) and is_never(variable) is None:
        provider.secret_headers[header] = variable
        ledger.map(value, f"`secret_headers` of the provider: {variable}")
    elif value.kind is Kind.CREDENTIAL or variable or names_credential(header) or star_secrets(text) != text:
        instead = "name a variable in `secret_headers` of the provider"
        ledger.lose(value, "a credential in a header is never written", instead)
    elif value.fields or value.items or not text.isascii() or not text.isprintable() or is_variable(text):
        ledger.lose(value, "a header is printable text in ASCII", "let your service send it")
    else:
        provider.headers[header] = text
        ledger.map(value, "`headers` of the provider")


def is_variable(text: str) -> bool:
    """Return whether a text is the name of a variable that seems to hold a key, which nothing may carry as a value."""
    return key_variable(text, DEFAULT_KEY_NAMES) is not None
