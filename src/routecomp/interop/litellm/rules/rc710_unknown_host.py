"""RC710 unknown-host: LiteLLM knows the provider of each model."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.interop.litellm.names import names
from routecomp.interop.litellm.providers import unknown_models
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.model.suggest import closest, suggestion

_SHORTEST = 4


@litellm_rule("RC710", "unknown-host")
def find(subject: Subject) -> Iterator[Diagnostic]:
    """What stands before the `/` of a model is no provider.

    So it is with the names in `provider_budget_config`.

    A deployment with `custom_llm_provider` says its provider there, and one with `api_base` may be known by its
    address: neither is reported, nor are providers that the file defines (`custom_provider_map`).

    Why: the proxy logs a line, leaves the deployment out and starts. Calls of its group are refused, or go to what is
    left of it.

    Fix: correct the provider. A host with the API of OpenAI is `openai/MODEL` with its `api_base`.
    """
    for value, prefix in unknown_models(subject):
        if prefix:
            near = closest(prefix, names("providers")) if len(prefix) >= _SHORTEST else None
            help = f"did you mean `{near}/…`?" if near else "write `PROVIDER/MODEL`, as in `openai/gpt-4o`"
            yield error("RC710", f"`{prefix}` is no provider: this deployment is left out", value.span, help)
    budgets = subject.config.router_settings.fields.get("provider_budget_config")
    for name, budget in budgets.fields.items() if budgets is not None else ():
        if name not in names("providers"):
            help = suggestion(name, names("providers"), "write the name of a provider")
            yield error("RC710", f"`{name}` is no provider: its budget limits nothing", budget.key, help)
