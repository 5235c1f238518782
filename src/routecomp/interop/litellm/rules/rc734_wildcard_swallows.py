"""RC734 wildcard-swallows: a pattern takes the names that it is meant for."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Severity, warning
from routecomp.interop.litellm.config import Deployment
from routecomp.interop.litellm.rule import Subject, litellm_rule


@litellm_rule("RC734", "wildcard-swallows", Severity.WARNING)
def find(subject: Subject) -> Iterator[Diagnostic]:
    """A pattern takes names that are not meant for its host.

    `*` takes every name that is no group, mistyped ones too, and sends it to one provider. A pattern whose model has no
    `*` serves every name with the same model; one whose group has none asks the host for a model called `*`; one whose
    providers differ sends the names of one provider to another.

    Why: a mistyped name of a group is no error any more. The call goes to another host, at another price.

    Fix: name the providers (`openai/*`), or the groups. Where it is meant, leave the rule out with `--ignore RC734`.
    """
    for deployment in subject.config.deployments:
        named = deployment.value.get("model_name")
        message, help = _fault(deployment)
        if message and named is not None:
            yield warning("RC734", message, named.span, help)


def _fault(deployment: Deployment) -> tuple[str, str]:
    """Return what a pattern takes that is not meant for it, and a remedy; empty texts where nothing is wrong."""
    group, model = deployment.group, deployment.model
    if "*" not in group:
        if "*" in model:
            return (
                f"the model `{model}` is a pattern, and its group `{group}` is none",
                "write a pattern for both, or none",
            )
        return "", ""
    if not model:
        return "", ""
    if "*" not in model:
        message = f"every name that matches `{group}` is served by `{model}`"
        return message, "write a `*` into the model, or the names in full"
    if group == "*" and model != "*":
        message = f"`*` sends every name that is no group to `{model}`, mistyped ones too"
        return message, f"write `{model}` for the pattern, or name the groups"
    left, right = (text.partition("/")[0] for text in (group, model))
    if "*" not in left and "*" not in right and left != right and "/" in group:
        message = f"names of `{left}` are sent to `{right}`"
        return message, f"write `{model}` for the pattern, if that is meant"
    return "", ""
