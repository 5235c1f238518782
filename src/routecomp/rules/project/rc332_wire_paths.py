"""RC332 wire-paths: a provider has the paths and the query that its adapter needs."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.credentials.names import names_credential
from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.adapters import ADAPTERS, HOLE, NEEDS_STREAM_PATH, paths_of
from routecomp.model.project import Declared, Entry
from routecomp.model.provider import Provider
from routecomp.parse.edit import RefusedError, insert_keys
from routecomp.rules.registry import project_rule
from routecomp.source.edits import Fix

_VERSION = "api-version"


@project_rule("RC332", "wire-paths")
def wire_paths(declared: Declared) -> Iterator[Diagnostic]:
    """A provider lacks a path or a part of the query that its adapter needs, or names a part twice.

    `vertex` and `custom` have no path of their own, so `chat_path` is needed, for `vertex` `stream_path` too. Where
    `chat_path` holds `{model}`, `stream_path` is needed, except with `azure_openai`. The `query` of `azure_openai`
    names `api-version`. A name of `query` does not also stand behind the `?` of a path, and is none that credentials
    have (`api_key`, `token` …).

    Why: where the model stands in the path, most hosts stream at another path: a call that asks for a stream and goes
    to the one that does not stream gets an answer no client reads. Azure's classic API answers 404 to a call without a
    version. Of a name that stands twice, some hosts read the first and others the last.

    Fix: add what the message names. Where the paths are the adapter's own, leave both out.
    """
    for entry in declared.providers.values():
        body = entry.body
        yield from _missing_paths(entry)
        if body.adapter == "azure_openai" and _VERSION not in body.query:
            yield error(
                "RC332",
                f"{entry.title} names no `{_VERSION}` in its `query`",
                entry.span("query") if body.query else entry.span("adapter"),
                f'add `query: {{{_VERSION}: "2024-10-21"}}`, with the version that your deployments speak; for the v1 '
                "API write `adapter: openai` and a base_url that ends in /openai",
            )
        for name in filter(names_credential, body.query):
            yield error(
                "RC332",
                f"{entry.title} sends `{name}` in its `query`, which holds a secret by its name",
                entry.key_span("query", name),
                "send it in a header: `auth` for the key, `secret_headers` for another secret",
            )
        yield from _doubled_names(entry)


def _missing_paths(entry: Entry[Provider]) -> Iterator[Diagnostic]:
    """Yield the finding about the paths that an adapter has no default for."""
    body = entry.body
    chat, stream = paths_of(body)
    missing = ["chat_path"] * (chat is None)
    missing += ["stream_path"] * (stream is None and body.adapter in NEEDS_STREAM_PATH)
    if missing:
        listed = " and ".join(f"`{field}`" for field in missing)
        yield error(
            "RC332",
            f"{entry.title} has no {listed}, and adapter {body.adapter} has no path of its own",
            entry.span("adapter"),
            "add " + " and ".join(f"`{field}:`" for field in missing),
        )
        return
    is_apart = body.chat_path is not None and HOLE in body.chat_path and body.adapter != "azure_openai"
    if not is_apart or body.stream_path is not None:
        return
    own = ADAPTERS[body.adapter]
    fix = None
    help = "add `stream_path:`, the path of the call that streams"
    if body.chat_path == own.chat_path and own.stream_path is not None:
        help = f"leave `chat_path` out: it is the adapter's own; or add `stream_path: {own.stream_path}`"
        try:
            edit = insert_keys(entry.node, [("stream_path", f'"{own.stream_path}"')], after="chat_path")
            fix = Fix(f"add `stream_path: {own.stream_path}`", (edit,))
        except RefusedError:
            fix = None
    message = f"{entry.title} has {HOLE} in its `chat_path`, and no `stream_path`"
    yield error("RC332", message, entry.span("chat_path"), help, fix=fix)


def _doubled_names(entry: Entry[Provider]) -> Iterator[Diagnostic]:
    """Yield a finding for the first name of the query that a path has too."""
    body = entry.body
    for field, path in zip(("chat_path", "stream_path"), paths_of(body), strict=True):
        names = {part.partition("=")[0] for part in (path or "").partition("?")[2].split("&")}
        for name in body.query:
            if name in names:
                is_own = not entry.has(field)
                yield error(
                    "RC332",
                    f"{entry.title}: `query` names `{name}`, which the query of its {field} has too",
                    entry.key_span("query", name),
                    "keep it in one of the two",
                    labels=(
                        Label(entry.span("adapter" if is_own else field), f"the path is {path}" if is_own else "here"),
                    ),
                )
                return
