"""RC312 provider-url: a provider's base URL and paths make sound URLs."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.project import Declared
from routecomp.rules.registry import project_rule
from routecomp.rules.urls import url_faults


@project_rule("RC312", "provider-url")
def provider_url(declared: Declared) -> Iterator[Diagnostic]:
    """A provider's base URL and paths do not make sound URLs.

    `base_url` is joined with `chat_path`, and with `stream_path`, by exactly one slash. The result must be absolute,
    use https, and hold no user name, password, fragment, space, backslash or control character. http is for this
    machine (`localhost`, `127.0.0.0/8`, `[::1]`) and, with `allow_http: true`, for a host of your own network: a
    private or unique-local address, a name without a dot, or one that ends in `.local`, `.internal`, `.lan`,
    `.home.arpa`, `.svc` or `.cluster.local`; never for a link-local address or another place where clouds hand out
    a machine's credentials. A path may hold `{model}` once, no other brace, and at most one `?`, not at its end. The
    base holds neither a query nor a brace.

    Why: over http the key and the prompts of every call travel in the clear. A password in a URL is in every log. Half
    a URL answers 404 on the first live call.

    Fix: correct the part the message names. Over http, name the https address of the host; where there is none, and
    the network is yours, add `allow_http: true`.
    """
    for entry in declared.providers.values():
        body = entry.body
        paths = {field: getattr(body, field) for field in ("chat_path", "stream_path")}
        declared_paths = {field: path for field, path in paths.items() if path is not None}
        for fault in url_faults(body.base_url, declared_paths, allow_http=body.allow_http):
            yield error("RC312", f"{entry.title}: `{fault.field}` {fault.message}", entry.span(fault.field), fault.help)
