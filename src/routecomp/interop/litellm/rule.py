"""Register a rule over the files of LiteLLM, and say what such a rule reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from inspect import cleandoc

from routecomp.diagnostics.diagnostic import Diagnostic, Severity
from routecomp.diagnostics.rule import Rule, Scope
from routecomp.interop.litellm.config import LiteLLMConfig
from routecomp.interop.litellm.groups import Groups
from routecomp.rules.registry import add
from routecomp.source.text import Span


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What a rule over LiteLLM files reads.

    `exposed` are credentials in comments. `variables` are the names of the environment that the caller knows, None
    where nobody told any: then nothing is known to be unset.
    """

    config: LiteLLMConfig
    groups: Groups
    exposed: tuple[Span, ...] = ()
    variables: frozenset[str] | None = None


Find = Callable[[Subject], Iterable[Diagnostic]]


def litellm_rule(id: str, name: str, severity: Severity = Severity.ERROR) -> Callable[[Find], Find]:
    """Register the decorated function as the finder of a rule over LiteLLM files; its docstring is the rule's page.

    Raises ValueError as `add` does.
    """

    def register(find: Find) -> Find:
        add(Rule(id, name, Scope.LITELLM, severity, cleandoc(find.__doc__ or ""), find))
        return find

    return register
