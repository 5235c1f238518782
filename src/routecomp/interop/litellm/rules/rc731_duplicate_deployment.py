"""RC731 duplicate-deployment: the deployments of a group differ."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, Severity, warning
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.interop.value import Kind, Value

_NO_HOST = ("weight", "rpm", "tpm", "order", "max_parallel_requests", "timeout", "stream_timeout", "tags")
"""Parameters that do not say where a call goes."""


@litellm_rule("RC731", "duplicate-deployment", Severity.WARNING)
def find(subject: Subject) -> Iterator[Diagnostic]:
    """Two deployments of a group are the same: model, host and credential.

    Limits, weights and times do not count: they say nothing of where a call goes.

    Why: they share one quota and fail together, and retries of the group go to the host that has just failed. Its
    share of the group is twice what one entry says.

    Fix: remove one of them; state a `weight` where the share was meant.
    """
    for name, members in subject.groups.members.items():
        first: dict[object, Value] = {}
        for member in members:
            if member.params is None or not member.model:
                continue
            identity = tuple(
                (key, _plain(value)) for key, value in sorted(member.params.fields.items()) if key not in _NO_HOST
            )
            other = first.setdefault(identity, member.value)
            if other is not member.value:
                label = Label((other.get("model_name") or other).span, "the same deployment")
                span = (member.value.get("litellm_params", "model") or member.value).span
                message = f"group `{name}` has this deployment already"
                yield warning("RC731", message, span, "remove it, or write what sets it apart", labels=(label,))


def _plain(value: Value) -> object:
    """Return what a value says, comparable with others; credentials count by their fingerprint."""
    if value.kind is Kind.MAPPING:
        return tuple((key, _plain(below)) for key, below in sorted(value.fields.items()))
    if value.kind is Kind.LIST:
        return tuple(_plain(item) for item in value.items)
    return value.fingerprint or (value.text if value.number is None else value.number)
