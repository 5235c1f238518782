"""RC431 allow-http-unused: plain http is allowed where it is used."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Severity, warning
from routecomp.model.project import Declared
from routecomp.parse.edit import key_removal
from routecomp.rules.registry import project_rule
from routecomp.source.edits import Fix


@project_rule("RC431", "allow-http-unused", Severity.WARNING)
def allow_http_unused(declared: Declared) -> Iterator[Diagnostic]:
    """A provider allows plain http, and is called over https.

    Why: the consent outlives its reason. Whoever later changes the scheme of `base_url` finds it given.

    Fix: remove `allow_http`.
    """
    for entry in declared.providers.values():
        if entry.body.allow_http and entry.body.base_url.lower().startswith("https://"):
            edit = key_removal(entry.node, "allow_http")
            yield warning(
                "RC431",
                f"{entry.title} allows plain http, and is called over https",
                entry.span("allow_http"),
                "remove it",
                fix=Fix("remove `allow_http`", (edit,)) if edit is not None else None,
            )
