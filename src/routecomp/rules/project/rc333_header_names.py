"""RC333 header-names: each header of a provider is one that it may set, and is set once."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.adapters import auth_of, key_header
from routecomp.model.params import names_credential
from routecomp.model.project import Declared, Entry
from routecomp.model.provider import Provider
from routecomp.rules.registry import project_rule

_FRAMING = frozenset(
    ("content-type", "content-length", "host", "connection", "transfer-encoding", "te", "upgrade", "expect", "trailer")
)
_FIELDS = ("headers", "secret_headers")


@project_rule("RC333", "header-names")
def header_names(declared: Declared) -> Iterator[Diagnostic]:
    """A header of a provider is one that it may not set, or is set twice.

    `headers` and `secret_headers` together name each header once, capital letters counting as small ones. They never
    name the header that carries the key, nor `content-type`, `content-length`, `host`, `connection`,
    `transfer-encoding`, `te`, `upgrade`, `expect`, `trailer`, `cookie`, `forwarded`, or what begins with `proxy-` or
    `x-forwarded-`; nor does `headers` name what credentials are sent in (`x-api-key`, `x-auth-token` …). `auth:
    header:NAME` names none of the former either.

    Why: two values of one header are joined or dropped, each host as it likes. The headers of the transfer belong to
    the client that sends: a wrong length or host smuggles one call into another. A key that stands twice is sent to a
    host with the wrong one.

    Fix: remove the header, or name the key's variable in `api_key_env` and how it is sent in `auth`.
    """
    for entry in declared.providers.values():
        carrier = key_header(auth_of(entry.body))
        if carrier is not None and (why := _why_not(carrier)) and entry.has("auth"):
            yield error("RC333", f"{entry.title}: the key cannot be sent in `{carrier}`: {why}", entry.span("auth"),
                        "name the header that the provider's documentation names")  # fmt: skip
        seen: dict[str, tuple[str, str]] = {}
        for field in _FIELDS:
            for name in getattr(entry.body, field):
                yield from _finding(entry, field, name, carrier, seen)


def _finding(
    entry: Entry[Provider], field: str, name: str, carrier: str | None, seen: dict[str, tuple[str, str]]
) -> Iterator[Diagnostic]:
    """Yield what is wrong with a header, and note it among those `seen`."""
    lower = name.lower()
    span = entry.key_span(field, name)
    if lower in seen:
        labels = (Label(entry.key_span(*seen[lower]), "first here"),)
        yield error("RC333", f"{entry.title} sets header `{name}` twice", span, "keep one of the two", labels=labels)
        return
    seen[lower] = field, name
    if lower == carrier:
        message = f"{entry.title} sets header `{name}`, which carries its key"
        yield error("RC333", message, span, "remove it: the key comes from the variable that `api_key_env` names")
    elif field == "headers" and names_credential(name):
        message = f"{entry.title} sets header `{name}`, which holds a secret by its name"
        yield error("RC333", message, span, "name the variable that holds its value in `secret_headers`")
    elif why := _why_not(lower):
        yield error("RC333", f"{entry.title} sets header `{name}`: {why}", span, "remove it")


def _why_not(name: str) -> str | None:
    """Return why a provider may not set a header, None if it may; the name is in small letters."""
    if name in _FRAMING:
        return "the client that sends the call sets it"
    if name == "cookie":
        return "a cookie is another credential"
    if name.startswith("proxy-"):
        return "it is for a proxy on the way"
    if name == "forwarded" or name.startswith("x-forwarded-"):
        return "it says whose call is passed on"
    return None
