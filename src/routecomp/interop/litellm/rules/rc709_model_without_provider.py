"""RC709 model-without-provider: a model names its provider."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Severity, warning
from routecomp.interop.litellm.names import VERSION
from routecomp.interop.litellm.providers import unknown_models
from routecomp.interop.litellm.rule import Subject, litellm_rule


@litellm_rule("RC709", "model-without-provider", Severity.WARNING)
def find(subject: Subject) -> Iterator[Diagnostic]:
    """A model is written without its provider, and the list of LiteLLM does not have it.

    LiteLLM tells the provider of a bare name by its list of models, which it loads anew at each start. A model that was
    taken off the list has no provider any more. The finding names the version whose list was looked at.

    Why: the proxy logs a line, leaves the deployment out and starts. Calls of its group are refused, or go to what is
    left of it.

    Fix: write `PROVIDER/MODEL`: `anthropic/claude-3-5-haiku-20241022` needs no list.
    """
    for value, prefix in unknown_models(subject):
        if not prefix:
            message = f"`{value.text}` has no provider, and LiteLLM {VERSION} does not know it: it is left out"
            yield warning("RC709", message, value.span, "write `PROVIDER/MODEL`, as in `openai/gpt-4o`")
