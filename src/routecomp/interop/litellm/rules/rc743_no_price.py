"""RC743 no-price: each deployment has a price where something counts prices."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Severity, warning
from routecomp.diagnostics.once import one_for_each_cause
from routecomp.interop.catalogue import bundled
from routecomp.interop.litellm.config import Deployment
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.interop.value import Kind

_PRICES = ("input_cost_per_token", "output_cost_per_token", "input_cost_per_second", "input_cost_per_request")


@litellm_rule("RC743", "no-price", Severity.WARNING)
def find(subject: Subject) -> Iterator[Diagnostic]:
    """A deployment has no price, and the strategy or a budget counts prices.

    Looked at are groups of several deployments under `cost-based-routing`, and what has a budget. A price is stated in
    `litellm_params` or `model_info`, or is that of the model, or of its `base_model`, in the public catalogue that
    LiteLLM reads too. Other files may leave prices out.

    Why: to `cost-based-routing` a model without a price costs 5 dollars a token, so it is called last; to a budget it
    costs nothing, so it is never over.

    Fix: state `input_cost_per_token` and `output_cost_per_token`, or the `base_model`.
    """
    yield from one_for_each_cause(_findings(subject))


def _findings(subject: Subject) -> Iterator[tuple[object, Diagnostic]]:
    """Yield a finding for each deployment without a price, by its model and what follows."""
    settings = subject.config.router_settings
    is_ranked = settings.text_of("routing_strategy") == "cost-based-routing"
    has_budgets = settings.fields.get("provider_budget_config") is not None
    for deployment in subject.config.deployments:
        model = deployment.param("model")
        if model is None:
            continue
        if is_ranked and len(subject.groups.members.get(deployment.group, ())) > 1:
            what = "`cost-based-routing` takes it for the dearest"
        elif has_budgets or deployment.param("max_budget") is not None:
            what = "a budget counts nothing for it"
        else:
            continue
        if _has_price(deployment):
            continue
        fact = f"nobody states a price of `{deployment.model}`: {what}"
        help = "state `input_cost_per_token` and `output_cost_per_token`, or the `base_model`"
        yield (model.text, what), warning("RC743", fact, model.span, help)


def _has_price(deployment: Deployment) -> bool:
    """Return whether a deployment states a price, or the catalogue has its model; patterns may have any."""
    for part in (deployment.params, deployment.info):
        if part is not None and any(part.get(name) is not None for name in _PRICES):
            return True
    named = [
        deployment.value.text_of("model_info", "base_model"),
        deployment.value.text_of("litellm_params", "base_model"),
    ]
    model = deployment.param("model")
    if "*" in deployment.model or model is None or model.kind is not Kind.TEXT:
        return True
    names = [name for name in (deployment.model, *named) if name]
    entries = bundled().entries
    return any(name in entries or name.partition("/")[2] in entries for name in names)
