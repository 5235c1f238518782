"""RC312 provider-url: a provider's base URL and chat path make one sound URL."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.project import Declared, Entry
from routecomp.model.route import Provider
from routecomp.parse.edit import replace_scalar
from routecomp.parse.tree import Scalar
from routecomp.rules.registry import project_rule
from routecomp.rules.urls import Fault, url_faults
from routecomp.source.edits import Fix


@project_rule("RC312", "provider-url")
def provider_url(declared: Declared) -> Iterator[Diagnostic]:
    """A provider's base URL and chat path do not make a sound URL.

    `base_url` and `chat_path` are joined with exactly one slash. The result must be absolute, use https (http only
    for loopback: `localhost`, `127.0.0.0/8`, `[::1]`), hold no user name, password, fragment, space or control
    character, and repeat no path segment next to itself. A query may stand in `chat_path` alone.

    Why: over http the key and the prompts of every call travel in the clear. `/v1` in both halves makes `/v1/v1/`,
    which answers 404 on the first live call. A password in a URL is in every log.

    Fix: correct the part the message names.
    """
    for entry in declared.providers.values():
        for fault in url_faults(entry.body.base_url, entry.body.chat_path):
            yield _finding(entry, fault)


def _finding(entry: Entry[Provider], fault: Fault) -> Diagnostic:
    """Report a fault at the field it is in; fix it where the right text is certain and the field is plain."""
    other = "chat_path" if fault.field == "base_url" else "base_url"
    labels = (Label(entry.span(other), fault.beside),) if fault.beside else ()
    fix = None
    node = entry.node_at(fault.field)
    if fault.instead is not None and isinstance(node, Scalar) and node.plain and node.span.text == node.text:
        fix = Fix(f"write `{fault.instead}`", (replace_scalar(node, fault.instead),))
    return error(
        "RC312",
        f"{entry.title}: `{fault.field}` {fault.message}",
        entry.span(fault.field),
        fault.help,
        labels=labels,
        fix=fix,
    )
