"""RC332 wire-paths: a provider has the paths and the query that its adapter needs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from routecomp.diagnostics.credentials.names import names_credential
from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.adapters import ADAPTERS, HOLE, NEEDS_STREAM_PATH, paths_of
from routecomp.model.project import Declared, Entry
from routecomp.model.provider import Provider
from routecomp.parse import tree
from routecomp.parse.edit import RefusedError, insert_keys, replace_value, yaml_scalar
from routecomp.rules.registry import project_rule
from routecomp.source.edits import Edit, Fix

_VERSION = "api-version"
_EXAMPLE = "2024-10-21"


@project_rule("RC332", "wire-paths")
def wire_paths(declared: Declared) -> Iterator[Diagnostic]:
    """A provider lacks a path or a part of the query that its adapter needs, or names a part twice.

    `vertex` and `custom` have no path of their own, so `chat_path` is needed, for `vertex` `stream_path` too. Where
    `chat_path` holds `{model}`, `stream_path` is needed, except with `azure_openai`. The `query` of `azure_openai`
    names `api-version`. A name of `query` does not also stand behind the `?` of a path, and does not end as
    those of credentials do (`api_key`, `gateway_token` …).

    Why: where the model stands in the path, most hosts stream at another path: a call that asks for a stream and goes
    to the one that does not stream gets an answer no client reads. Azure's classic API answers 404 to a call without a
    version. Of a name that stands twice, some hosts read the first and others the last.

    Fix: add what the message names. Where the paths are the adapter's own, leave both out.
    """
    for entry in declared.providers.values():
        body = entry.body
        yield from _missing_paths(entry)
        if body.adapter == "azure_openai":
            yield from _version(entry)
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


def _version(entry: Entry[Provider]) -> Iterator[Diagnostic]:
    """Yield the finding about the version of Azure's API: it is missing, empty, or stands in a path."""
    query = entry.body.query
    version = query.get(_VERSION)
    in_paths = {
        field: parts
        for field, path in _declared_paths(entry).items()
        if (parts := [part for part in _parts(path) if _name(part) == _VERSION])
    }
    if version or any(_name(part) == _VERSION for part in _parts(entry.body.base_url)):
        return  # one that stands in a path as well is doubled; RC312 says where that of `base_url` belongs
    if in_paths:
        yield _version_in_path(entry, in_paths)
        return
    where = entry.span("query", _VERSION) if version is not None else entry.span("query" if query else "adapter")
    yield error(
        "RC332",
        f"{entry.title} names no `{_VERSION}` in its `query`" if version is None else
        f"{entry.title}: `{_VERSION}` of its `query` is empty",
        where,
        f'add `query: {{{_VERSION}: "{_EXAMPLE}"}}`, with the version that your deployments speak; for the v1 '
        "API write `adapter: openai` and a base_url that ends in /openai",
    )  # fmt: skip


def _version_in_path(entry: Entry[Provider], in_paths: Mapping[str, list[str]]) -> Diagnostic:
    """Report a version that stands behind the `?` of paths, with the lines to write, which the fix writes too."""
    declared = _declared_paths(entry)
    values = {unquote(part.partition("=")[2]) for parts in in_paths.values() for part in parts}
    shorter = {field: _without(declared[field], parts) for field, parts in in_paths.items()}
    lines = [f"`{field}: {path}`" for field, path in shorter.items()]
    quoted = json.dumps(min(values) or _EXAMPLE)
    below = f"`{_VERSION}: {quoted}` below `query`" if entry.body.query else f"`query: {{{_VERSION}: {quoted}}}`"
    edits: list[Edit] = []
    try:
        for field, path in shorter.items():
            edits.append(replace_value(entry.node, field, yaml_scalar(path)))
        query = entry.node_at("query")
        if isinstance(query, tree.Mapping) and query.items:
            edits.append(insert_keys(query, [(_VERSION, quoted)]))
        elif not entry.has("query"):
            edits.append(insert_keys(entry.node, [("query", f"{{{_VERSION}: {quoted}}}")], after="adapter"))
        else:
            edits.clear()
    except RefusedError:
        edits.clear()
    field = next(iter(in_paths))
    return error(
        "RC332",
        f"{entry.title} names `{_VERSION}` in its {field}, and not in its `query`",
        entry.span(field),
        f"write {' and '.join(lines)}, and {below}",
        fix=Fix("move it into `query`", tuple(edits)) if edits and len(values) == 1 else None,
    )


def _declared_paths(entry: Entry[Provider]) -> dict[str, str]:
    """Return the paths that a provider declares, by their field."""
    pairs = {"chat_path": entry.body.chat_path, "stream_path": entry.body.stream_path}
    return {field: path for field, path in pairs.items() if path is not None}


def _parts(path: str) -> list[str]:
    """Return the parts of a path's own query."""
    return path.partition("?")[2].split("&")


def _name(part: str) -> str:
    """Return the name that a part of a query has, whatever of it is percent-encoded."""
    return unquote(part.partition("=")[0])


def _without(path: str, parts: list[str]) -> str:
    """Return a path without some parts of its query."""
    kept = "&".join(part for part in _parts(path) if part not in parts)
    return path.partition("?")[0] + (f"?{kept}" if kept else "")


def _doubled_names(entry: Entry[Provider]) -> Iterator[Diagnostic]:
    """Yield a finding for the first name of the query that a path has too."""
    body = entry.body
    for field, path in zip(("chat_path", "stream_path"), paths_of(body), strict=True):
        doubled = {_name(part): part for part in _parts(path or "")}
        for name in body.query:
            if name in doubled:
                is_own = not entry.has(field)
                where = f"`{field}: {_without(path or '', [doubled[name]])}`"
                is_version = name == _VERSION and body.adapter == "azure_openai" and not is_own
                yield error(
                    "RC332",
                    f"{entry.title}: `query` names `{name}`, which the query of its {field} has too",
                    entry.key_span("query", name),
                    f"take it out of the path: write {where}" if is_version else "keep it in one of the two",
                    labels=(
                        Label(entry.span("adapter" if is_own else field), f"the path is {path}" if is_own else "here"),
                    ),
                )
                return
