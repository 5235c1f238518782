"""RC432 model-not-named: the paths of a provider name the model that is called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Severity, warning
from routecomp.model.adapters import ADAPTERS, HOLE, KEYLESS, auth_of, in_path, paths_of
from routecomp.model.project import Declared, Entry
from routecomp.model.provider import Provider
from routecomp.model.route import Model
from routecomp.parse.edit import RefusedError, insert_keys, key_removal, replace_value
from routecomp.rules.registry import project_rule
from routecomp.source.edits import Fix

_OPENAI_END = "/chat/completions"
"""What paths of OpenAI's own contract end in, also at hosts that have another one beside it."""


@project_rule("RC432", "model-not-named", Severity.WARNING)
def model_not_named(declared: Declared) -> Iterator[Diagnostic]:
    """A path of a provider does not name the model, and no other place of the call does.

    With `gemini`, `vertex`, `bedrock` and `azure_openai` the model stands in the path alone; so with `anthropic` where
    `chat_path` holds `{model}`. Each path then holds `{model}`, or the `provider_model_name` of every model of the
    provider as it stands. And where the path alone asks for a stream (the first three), a provider with a model that
    streams has two paths.

    Why: `url` is the whole address of a call. One that names no model answers 404, or always with the same model,
    whatever was decided and audited; one that does not ask for a stream gets an answer no client reads.

    Fix: leave the paths out where the adapter's own are right, or write `{model}` where the model's name belongs. A
    service that completes the address itself waives the warning.
    """
    models: dict[str, list[Entry[Model]]] = {}
    for model in declared.models.values():
        models.setdefault(model.body.provider, []).append(model)
    for entry in declared.providers.values():
        yield from _unnamed_model(entry, models.get(entry.slug, []))


def _unnamed_model(entry: Entry[Provider], models: list[Entry[Model]]) -> Iterator[Diagnostic]:
    """Yield the finding about the first path that has to name the model, and does not; or on one path for both calls.

    A path names it by `{model}`, or holds the name of every model of the provider as it stands.
    """
    body = entry.body
    contract = ADAPTERS[body.adapter]
    chat, stream = paths_of(body)
    if chat is None or stream is None:
        return
    if contract.model_in == "path" or (contract.leaves_body and HOLE in chat):
        for field, path in {"chat_path": chat, "stream_path": stream}.items():
            if not _names_models(path, models):
                yield _no_model(entry, field if entry.has(field) else "chat_path")
                return
    streams = any("streaming" in model.body.capabilities for model in models)
    if contract.stream_by == "path" and chat == stream and HOLE not in chat and streams:
        yield warning(
            "RC432",
            f"{entry.title} has one path for both calls; adapter {body.adapter} asks for a stream by the path alone",
            entry.span("chat_path"),
            "add `stream_path:`, the path of the call that streams",
        )


def _names_models(path: str, models: list[Entry[Model]]) -> bool:
    """Return whether a path names whichever model is called."""
    if HOLE in path:
        return True
    names = {model.body.provider_model_name or model.slug for model in models}
    return bool(names) and all(
        re.search(rf"(?<![A-Za-z0-9])(?:{re.escape(name)}|{re.escape(in_path(name))})(?![A-Za-z0-9])", path)
        for name in names
    )


def _no_model(entry: Entry[Provider], field: str) -> Diagnostic:
    """Report a path without the model, where no other place of a call holds it."""
    body = entry.body
    own = ADAPTERS[body.adapter]
    path = body.chat_path if field == "chat_path" else body.stream_path
    fix = None
    help = f"write {HOLE} in it where the model's name belongs, or let `provider_model_name` be the name that it holds"
    if body.adapter == "azure_openai":
        help += "; for the v1 API write `adapter: openai` and a base_url that ends in /openai"
    elif (path or "").partition("?")[0].endswith(_OPENAI_END):
        help, fix = _as_compatible(entry)
    elif own.chat_path is not None and HOLE in own.chat_path:
        written = [name for name in ("chat_path", "stream_path") if entry.has(name)]
        listed = " and ".join(f"`{name}`" for name in written)
        help = f"leave {listed} out: the adapter's own is {own.chat_path}; or {help}"
        removal = key_removal(entry.node, written[0])
        fix = Fix(f"leave {listed} out", (removal,)) if len(written) == 1 and removal is not None else None
    return warning(
        "RC432",
        f"{entry.title} has no {HOLE} in its `{field}`, and adapter {body.adapter} names the model in the path alone",
        entry.span(field),
        help,
        fix=fix,
    )


def _as_compatible(entry: Entry[Provider]) -> tuple[str, Fix | None]:
    """Return the remedy for paths of OpenAI's contract, and its fix; how calls are authorised stays as it is."""
    written = "`adapter: openai_compatible`"
    auth = auth_of(entry.body)
    if entry.has("auth") or auth not in KEYLESS:
        edits = (replace_value(entry.node, "adapter", "openai_compatible"),)
        return f"write {written}, whose calls hold the model in their body", Fix(f"write {written}", edits)
    written += f" and `auth: {auth}`"
    help = f"write {written}: its calls hold the model in their body, and are authorised as now"
    try:
        adapter = replace_value(entry.node, "adapter", "openai_compatible")
        fix = Fix(f"write {written}", (adapter, insert_keys(entry.node, [("auth", auth)], after="adapter")))
    except RefusedError:
        return help, None
    return help, fix
