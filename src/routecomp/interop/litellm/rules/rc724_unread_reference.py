"""RC724 unread-reference: references to the environment are written as LiteLLM reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from routecomp.diagnostics.credentials.names import names_credential, variable_in
from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.interop.litellm.stand_ins import is_name, refers
from routecomp.interop.value import Kind, Value
from routecomp.source.later import compiled_later

_WITHIN = compiled_later(r"\$\{([A-Za-z_]\w*)(?::?-[^}]*)?\}|\$([A-Z_][A-Z0-9_]*)\b|\{\{\s*env\b.*?\}\}", re.ASCII)
"""A reference as shells and templates write it, within a longer text."""
_IN_ADDRESS = "LiteLLM fills in no reference within an address: the text itself is used"
_IN_TEXT = "a reference within a text is not filled in"
_WHOLE = "put the whole text into a variable, and write `os.environ/NAME`"
_ADDRESS = compiled_later(r"[a-z][a-z0-9+]*://")
_FILLED_IN = frozenset(("pass_through_endpoints", "alert_to_webhook_url", "static_headers"))
"""Keys below which LiteLLM fills in references within texts, or in lists."""
_NO_NAME = "this is no name of a variable"
_WORD = compiled_later(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


@litellm_rule("RC724", "unread-reference")
def find(subject: Subject) -> Iterator[Diagnostic]:
    """A reference to an environment variable is written in a way that LiteLLM does not read.

    It reads `os.environ/NAME`, alone in a value. `${NAME}`, `env:NAME`, `os.environ.NAME` and a bare `OPENAI_API_KEY`
    are texts to it; so is a reference within a longer text, and one in a list.

    Why: the text itself is sent as the key. The host refuses it, or the log of the host has a name that it should not.

    Fix: write `os.environ/NAME`. The shell fills in `${NAME}` only where a tool such as `envsubst` runs before.
    """
    for value in subject.config.root.walk():
        if value.path[:1] in (("include",), ("prompts",)) or value.path[-2:-1] == ("callbacks",):
            continue
        if not _FILLED_IN.isdisjoint(value.path):
            continue
        fault = _fault(value)
        if fault:
            name = _WORD.search(
                value.text.split("/")[-1] if "/" in value.text else value.text.removeprefix("os.environ")
            )
            help = _WHOLE if fault in (_IN_ADDRESS, _IN_TEXT) else "write `os.environ/NAME`"
            plain = variable_in(value.text)
            if help is _WHOLE:
                pass
            elif fault == _NO_NAME:
                help = "a name has letters, digits and `_`"
            elif plain is not None and plain == plain.upper():
                help = f"write `os.environ/{plain}`"
            elif name is not None and name[0].isupper():
                help = f"write `os.environ/{name[0]}`"
            yield error("RC724", fault, value.span, help)


def _fault(value: Value) -> str:
    """Return what is wrong with a value that is meant as a reference; an empty text for others."""
    text = value.text
    if value.kind is Kind.ENVIRONMENT:
        if _WORD.fullmatch(value.variable) is None:
            return "this reference names no variable" if not value.variable.strip() else _NO_NAME
        if value.path and isinstance(value.path[-1], int):
            return "LiteLLM reads no reference in a list: the text itself is used"
        return ""
    if value.kind is not Kind.TEXT:
        return ""
    if refers(text) and not _is_template(value):
        return f"LiteLLM reads no `{text[:40]}`: the text itself is used"
    if names_credential(value.name) and is_name(text) and text == text.upper():
        return f"`{text}` is the name of a variable: it is sent as the credential itself"
    if (value.name.endswith(("_base", "_url", "endpoint")) or _ADDRESS.match(text)) and _WITHIN.search(text):
        return _IN_ADDRESS
    if "os.environ/" in text and not text.startswith("os.environ/"):
        return _IN_TEXT
    return ""


def _is_template(value: Value) -> bool:
    """Return whether braces in a value are filled in by LiteLLM or the provider, as in prompts."""
    return "{{" in value.text and value.name not in ("api_key", "api_base", "master_key")
