"""RC331 url-repeats: the URLs of a provider repeat no run of segments."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.adapters import paths_of
from routecomp.model.project import Declared, Entry
from routecomp.model.provider import Provider
from routecomp.parse.edit import replace_scalar
from routecomp.parse.tree import Scalar
from routecomp.rules.registry import project_rule
from routecomp.rules.urls import Called, Repeat, call_in_base, url_faults, url_repeat
from routecomp.source.edits import Fix


@project_rule("RC331", "url-repeats", waivable=True)
def url_repeats(declared: Declared) -> Iterator[Diagnostic]:
    """A URL of a provider repeats a segment, or a run of segments, right behind itself.

    `base_url` and a path are joined, so what both name stands twice: `/v1/v1/chat`, `/openai/v1/openai/v1/chat`. The
    query is not looked at, and `{model}` counts as it stands. So does a `base_url` that is the address of one model's
    call, where the path names the model again: `/openai/deployments/gpt/openai/deployments/{model}/chat/completions`.

    Why: `/v1` in both halves makes a URL that answers 404 on the first live call.

    Fix: take the run out of one of the two. An adapter's default path holds its version already: leave `chat_path`
    out, or end `base_url` before the version. Where a gateway's paths truly repeat, waive the finding.
    """
    for entry in declared.providers.values():
        body = entry.body
        chat, stream = paths_of(body)
        written = {"chat_path": chat, "stream_path": None if stream == chat else stream}
        for field, path in written.items():
            if path is None or url_faults(body.base_url, {field: path}, allow_http=body.allow_http):
                continue
            called = call_in_base(body.base_url, path)
            if called is not None:
                yield _call_in_base(entry, field, path, called)
                break
            repeat = url_repeat(body.base_url, field, path)
            if repeat is not None:
                yield _finding(entry, field, path, repeat)
                break


def _finding(entry: Entry[Provider], field: str, path: str, repeat: Repeat) -> Diagnostic:
    """Report a run that is repeated; fix it where the base ends in what the path begins with."""
    title, run = entry.title, repeat.run
    what = "segment" if "/" not in run else "segments"
    if repeat.instead is None:
        where = repeat.field if entry.has(repeat.field) else "base_url"
        message = f"{title}: its URL repeats the {what} `{run}`: /{run}/{run}/"
        return error("RC331", message, entry.span(where), f"write /{run} once")
    is_default = not entry.has(field)
    label = f"/{run} again" if not is_default else f"the adapter's path is {path}"
    node = entry.node_at("base_url")
    fix = None
    if isinstance(node, Scalar) and node.plain and node.span.text == node.text:
        fix = Fix(f"write `{repeat.instead}`", (replace_scalar(node, repeat.instead),))
    return error(
        "RC331",
        f"{title}: `base_url` ends in the {what} `{run}`, with which `{field}` begins: /{run}/{run}/",
        entry.span("base_url"),
        f"write /{run} in one of the two",
        labels=(Label(entry.span("adapter" if is_default else field), label),),
        fix=fix,
    )


def _call_in_base(entry: Entry[Provider], field: str, path: str, called: Called) -> Diagnostic:
    """Report a base URL that is the address of one model's call, as portals show it."""
    is_own = entry.has(field)
    kept = f"`{field}: {path}`" if is_own else f"no `{field}`: the adapter's is {path}"
    return error(
        "RC331",
        f"{entry.title}: `base_url` holds /{called.path}, the call of one model, and `{field}` follows it",
        entry.span("base_url"),
        f"write `base_url: {called.instead}` and {kept}; `{called.model}` is the `provider_model_name` of a model",
        labels=(Label(entry.span(field if is_own else "adapter"), "this path follows"),),
    )
