"""RC723 unset-variable: each environment variable that the file reads is set."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.diagnostics.once import with_others
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.interop.value import Kind, Value
from routecomp.model.suggest import closest


@litellm_rule("RC723", "unset-variable")
def find(subject: Subject) -> Iterator[Diagnostic]:
    """An environment variable that the file reads is not set.

    It is looked for where `--env-file FILE`, `--set NAME` or `--environ` say; without one of these nothing is known of
    the environment, and the report names the variables that the file reads.

    Why: LiteLLM reads an unset variable as nothing. A deployment without its key uses the provider's usual variable,
    if that is set: another account pays.

    Fix: set the variable, or correct the name.
    """
    if subject.variables is None:
        return
    known = subject.variables | subject.config.environment_variables.fields.keys()
    places: dict[str, list[Value]] = {}
    for value in subject.config.root.walk():
        if value.kind is Kind.ENVIRONMENT and value.variable.strip() and value.variable not in known:
            places.setdefault(value.variable, []).append(value)
    for name, values in places.items():
        near = closest(name, known)
        help = f"set it, or did you mean `{near}`?" if near else "set it where the proxy runs"
        first, *others = [error("RC723", f"the variable `{name}` is not set", value.span, help) for value in values]
        yield with_others(first, others)
