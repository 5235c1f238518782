"""RC725 variable-set-late: a variable that the file reads is set before it is read."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.interop.value import Kind


@litellm_rule("RC725", "variable-set-late")
def find(subject: Subject) -> Iterator[Diagnostic]:
    """The file reads an environment variable that only its own `environment_variables` set.

    The proxy fills in the references of the file first, and sets these variables then. A reference to one of them is
    filled in with nothing, unless the variable is set where the proxy runs.

    Why: the key of the deployment is empty, although the file seems to state it.

    Fix: set the variable where the proxy runs.
    """
    known = subject.variables or frozenset()
    told: set[str] = set()
    for value in subject.config.root.walk():
        name = value.variable
        if value.kind is not Kind.ENVIRONMENT or name in told or name in known:
            continue
        stated = subject.config.environment(name)
        if stated is not None and stated is not value and stated.key is not None:
            told.add(name)
            message = f"`{name}` is read before `environment_variables` sets it"
            label = Label(stated.key, "set here, too late")
            yield error("RC725", message, value.span, "set it where the proxy runs", labels=(label,))
