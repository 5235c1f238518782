"""RC732 duplicate-id: each deployment has an id of its own."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.interop.value import Value


@litellm_rule("RC732", "duplicate-id")
def find(subject: Subject) -> Iterator[Diagnostic]:
    """Two deployments have the same `model_info.id`.

    Why: LiteLLM counts usage, failures and cooldowns by the id. What happens to one happens to both, and a call by the
    id reaches only one of them.

    Fix: give one of them another id, or remove both: LiteLLM makes its own.
    """
    first: dict[str, Value] = {}
    for deployment in subject.config.deployments:
        id = deployment.value.get("model_info", "id")
        if id is None or not id.text:
            continue
        other = first.setdefault(id.text, id)
        if other is not id:
            label = Label(other.span, "first here")
            yield error("RC732", f"the id `{id.text}` stands twice", id.span, "write another one", labels=(label,))
