"""RC726 empty-variable: `environment_variables` state a value for each variable."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.interop.value import Kind


@litellm_rule("RC726", "empty-variable")
def find(subject: Subject) -> Iterator[Diagnostic]:
    """A variable in `environment_variables` has no value.

    The proxy sets it to the text `None`. A list or a mapping becomes a text that Python prints.

    Why: `REDIS_PASSWORD` is then `None`, and stands over the one that the environment has.

    Fix: write the value, or remove the line.
    """
    for name, value in subject.config.environment_variables.fields.items():
        if value.kind is Kind.NULL:
            message = f"`{name}` has no value: LiteLLM sets it to the text `None`"
            yield error("RC726", message, value.key, "write a value, or remove the line")
        elif value.kind in (Kind.MAPPING, Kind.LIST):
            yield error("RC726", f"`{name}` is no text", value.key, "write a text")
