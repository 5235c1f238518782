"""RC335 region: calls that are signed have a region, and only they."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.adapters import auth_of, region_of
from routecomp.model.project import Declared
from routecomp.parse.edit import key_removal
from routecomp.rules.registry import project_rule
from routecomp.source.edits import Fix


@project_rule("RC335", "region")
def region(declared: Declared) -> Iterator[Diagnostic]:
    """A provider whose calls are signed has no region, or one whose calls are not signed has one.

    With `auth: sigv4` each call is signed for a region. It is the one in AWS's own name of the host
    (`bedrock-runtime.eu-central-1.amazonaws.com`); of any other host, such as a VPC endpoint or a proxy, `region`
    says it. Without `sigv4` nothing reads `region`.

    Why: a signature for another region, or for none, is refused by AWS on the first live call. A region that nothing
    reads looks like the place where the data is processed: that is what `stack` says.

    Fix: add `region`, or remove it.
    """
    for entry in declared.providers.values():
        if auth_of(entry.body) == "sigv4":
            if region_of(entry.body) is None:
                yield error(
                    "RC335",
                    f"{entry.title} signs its calls (auth: sigv4), and its host names no region",
                    entry.span("base_url"),
                    "add `region:`, as in `region: eu-central-1`",
                )
        elif entry.body.region is not None:
            edit = key_removal(entry.node, "region")
            yield error(
                "RC335",
                f"{entry.title} has a region, which nothing reads: only calls with auth: sigv4 are signed",
                entry.span("region"),
                "remove it; where requests are processed is said by `stack`",
                fix=Fix("remove `region`", (edit,)) if edit is not None else None,
            )
