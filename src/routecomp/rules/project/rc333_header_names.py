"""RC333 header-names: each header of a provider is one that it may set, and is set once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from routecomp.diagnostics.credentials.names import names_credential
from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.adapters import (
    ADAPTERS,
    COOKIE,
    FORWARDED,
    FRAMING,
    PROXY,
    X_FORWARDED,
    auth_of,
    key_header,
)
from routecomp.model.key_names import key_variable
from routecomp.model.project import Declared, Entry
from routecomp.model.provider import Provider
from routecomp.model.route import Model
from routecomp.rules.lookup import listed
from routecomp.rules.registry import project_rule

_FIELDS = ("headers", "secret_headers")
_KNOWN = {"accept", "accept-language", "anthropic-beta", "anthropic-version", "http-referer", "openai-beta", "referer"}
_KNOWN |= {"openai-organization", "openai-project", "user-agent"}
"""Headers that providers and gateways ask for, beside those that begin with `x-`."""
_SCHEME = re.compile(r"[-_](kind|method|mode|scheme|type)$", re.ASCII | re.IGNORECASE)
"""Ends of names whose value is a word such as `API_KEY`."""


@project_rule("RC333", "header-names")
def header_names(declared: Declared) -> Iterator[Diagnostic]:
    """A header of a provider is one that it may not set, or is set twice.

    `headers` and `secret_headers` together name each header once, capital letters counting as small ones. They never
    name the header that carries the key, nor `content-type`, `content-length`, `host`, `connection`,
    `transfer-encoding`, `te`, `upgrade`, `expect`, `trailer`, `cookie`, `forwarded`, or what begins with `proxy-` or
    `x-forwarded-`; nor does `headers` have a name that ends as
    those of credentials do (`x-goog-api-key`, `x-vault-token` …). `auth:
    header:NAME` names none of the former either. A header that the adapter sends by itself (`anthropic-version`) is
    replaced by one of `headers` alone: neither `secret_headers` nor `auth` names it.

    Below `headers`, `query` and `params`, at any depth and on models too, no value is the name of a variable that seems
    to hold a key: one that the setting `key_names` allows, or in capitals and with a word that says so
    (`CF_AIG_SECRET`). Where a provider has no `headers`, its `query` and `params` hold nothing that is called like a
    header (`x-region`).

    Why: two values of one header are joined or dropped, each host as it likes. The headers of the transfer belong to
    the client that sends: a wrong length or host smuggles one call into another. A key that stands twice is sent to a
    host with the wrong one. Where the line `secret_headers:` or `headers:` is lost, what stood below it belongs to what
    stands above, and the host gets the name of a variable in place of its value.

    Fix: put the line back, remove the header, or name the key's variable in `api_key_env` and how it is sent in `auth`.
    """
    for entry in declared.providers.values():
        carrier = key_header(auth_of(entry.body))
        own = _own_headers(entry.body)
        why = None if carrier is None else _why_not(carrier) or _sent_by_adapter(carrier, own)
        if why and entry.has("auth"):
            yield error("RC333", f"{entry.title}: the key cannot be sent in `{carrier}`: {why}", entry.span("auth"),
                        "name the header that the provider's documentation names")  # fmt: skip
        seen: dict[str, tuple[str, str]] = {}
        for name in entry.body.secret_headers:
            if name.lower() in own and name.lower() != carrier:
                yield _also_of_adapter(entry, name, own[name.lower()])
        for field in _FIELDS:
            for name in getattr(entry.body, field):
                yield from _finding(entry, field, name, carrier, seen, declared.key_names)
        yield from _misplaced(entry, declared.key_names, carrier)
        yield from _variables(entry, entry.body.params, declared.key_names, least=2)
    for model in declared.models.values():
        yield from _variables(model, model.body.params, declared.key_names, least=1)


def _finding(
    entry: Entry[Provider],
    field: str,
    name: str,
    carrier: str | None,
    seen: dict[str, tuple[str, str]],
    patterns: tuple[str, ...],
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
    elif field == "headers" and names_credential(name) and not key_variable(entry.body.headers[name], patterns):
        message = f"{entry.title} sets header `{name}`, which holds a secret by its name"
        yield error("RC333", message, span, "name the variable that holds its value in `secret_headers`")
    elif why := _why_not(lower):
        yield error("RC333", f"{entry.title} sets header `{name}`: {why}", span, "remove it")


def _own_headers(body: Provider) -> dict[str, str]:
    """Return the headers of the adapter that no header of the provider replaces, their names in small letters."""
    replaced = {name.lower() for name in body.headers}
    own = {name.lower(): value for name, value in ADAPTERS[body.adapter].headers.items()}
    return {name: value for name, value in own.items() if name not in replaced}


def _sent_by_adapter(name: str, own: Mapping[str, str]) -> str | None:
    """Return why the key is not sent in a header that the adapter sends by itself; None where it sends none such."""
    return f"the adapter sends it, as `{own[name]}`" if name in own else None


def _also_of_adapter(entry: Entry[Provider], name: str, value: str) -> Diagnostic:
    """Report a secret header that would be sent beside the adapter's own of the same name."""
    return error(
        "RC333",
        f"{entry.title} sets header `{name}` in `secret_headers`, and its adapter sends it too, as `{value}`",
        entry.key_span("secret_headers", name),
        f"write the value in `headers`, where it replaces the adapter's: `headers: {{{name}: …}}`; or remove it",
        labels=(Label(entry.span("adapter"), "this adapter"),),
    )


def _misplaced(entry: Entry[Provider], patterns: tuple[str, ...], carrier: str | None) -> Iterator[Diagnostic]:
    """Yield what stands below a key of a provider and belongs to its secret headers, or to its headers."""
    body = entry.body
    for field, pairs in {"headers": body.headers, "query": body.query, "params": _texts(body.params)}.items():
        judged = [name for name in pairs if not (name.lower() == carrier or _why_not(name))]
        if field != "headers":
            judged = [name for name in judged if not names_credential(name)]  # found by its name
        secret = [name for name in judged if key_variable(pairs[name], patterns) and not _SCHEME.search(name)]
        if secret:
            what = ("holds", "hold"), "the name of a variable, and not its value"
            yield _belong(entry, field, secret, *what, "secret_headers")
        headers = [name for name in judged if name not in secret and _is_header(name)]
        if headers and field != "headers" and not body.headers:
            yield _belong(entry, field, headers, ("is", "are"), "called like a header", "headers")


def _belong(
    entry: Entry[Provider], field: str, names: list[str], verbs: tuple[str, str], what: str, right: str
) -> Diagnostic:
    """Return the finding on entries of a block that belong below another one."""
    first, *others = [Label(entry.key_span(field, name), "and this") for name in names]
    message = f"{entry.title}: {listed(names)} below `{field}` {verbs[bool(others)]} {what}"
    help = f"put {'them' if others else 'it'} below `{right}:`"
    return error("RC333", message, first.span, help, labels=tuple(others))


def _variables(
    entry: Entry[Provider] | Entry[Model], params: str | None, patterns: tuple[str, ...], least: int
) -> Iterator[Diagnostic]:
    """Yield a finding on the variables that stand in `params` in place of values, at least so many levels deep."""
    named = [
        path
        for path, text in _texts_within(json.loads(params) if params is not None and "_" in params else {}, ())
        if len(path) >= least and key_variable(text, patterns) and not _SCHEME.search(_name_of(path))
    ]
    if named:
        first, *others = [Label(entry.span("params", *path), "and this") for path in named]
        listing = listed([".".join(map(str, path)) for path in named])
        message = f"{entry.title}: {listing} below `params` {'hold' if others else 'holds'} the name of a variable"
        help = (
            "write the value, which is sent as it stands; a secret is sent in a header: `secret_headers` of a provider"
        )
        yield error("RC333", message, first.span, help, labels=tuple(others))


def _texts_within(value: object, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield every text in JSON, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts_within(inner, (*path, name))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _texts_within(inner, (*path, position))


def _name_of(path: tuple[str | int, ...]) -> str:
    """Return the names of a path as one: what `type` is of stands above it."""
    return "_".join(step for step in path if isinstance(step, str))


def _texts(params: str | None) -> dict[str, str]:
    """Return the texts at the top of `params`."""
    pairs = json.loads(params) if params is not None and ("_" in params or "-" in params) else {}
    return {name: value for name, value in pairs.items() if isinstance(value, str)}


def _is_header(name: str) -> bool:
    """Return whether a name of the query, or of a request's body, is one that headers have."""
    return name.lower().startswith("x-") or name.lower() in _KNOWN


def _why_not(name: str) -> str | None:
    """Return why a provider may not set a header, None if it may; the name is in small letters."""
    if name in FRAMING:
        return "the client that sends the call sets it"
    if name == COOKIE:
        return "a cookie is another credential"
    if name.startswith(PROXY):
        return "it is for a proxy on the way"
    if name == FORWARDED or name.startswith(X_FORWARDED):
        return "it says whose call is passed on"
    return None
