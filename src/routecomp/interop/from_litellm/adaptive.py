"""Turn the adaptive router of LiteLLM into a target: its models ranked by the weights that it starts from."""

from __future__ import annotations

from decimal import Decimal

from routecomp.interop.catalogue import plain_decimal
from routecomp.interop.from_litellm.routes import Routes
from routecomp.interop.imported import Imported, Target
from routecomp.interop.ledger import Ledger
from routecomp.interop.litellm.config import Deployment, LiteLLMConfig
from routecomp.interop.names import Names, is_call_name, is_slug, slug_of
from routecomp.interop.value import Value

_MODEL = "auto_router/adaptive_router"
_CONFIG = "adaptive_router_config"
_LEARNS = "LiteLLM learns from how sessions went; here the models rank by their figures and these weights"
_INSTEAD = "run an experiment, or read what services recorded and change the figures"


def is_adaptive(deployment: Deployment) -> bool:
    """Return whether a deployment is an adaptive router that names its models."""
    return deployment.model == _MODEL and deployment.param(_CONFIG, "available_models") is not None


def add_adaptive(config: LiteLLMConfig, routes: Routes, project: Imported, names: Names, ledger: Ledger) -> None:
    """Add a target for each adaptive router, and the weights of the first as those of the default policy."""
    for deployment in filter(is_adaptive, config.deployments):
        listed = deployment.param(_CONFIG, "available_models")
        models: list[str] = []
        for item in listed.items if listed is not None else ():
            group = routes.group(item.text)
            if group is None:
                ledger.leave(item, f"no model that is carried is called `{item.text}`")
            for each in group.members if group is not None else ():
                models.append(each.model.slug)
        if not models or not is_call_name(deployment.group):
            ledger.lose(deployment.value, "none of its models is carried", "name models of the file", routes=True)
            continue
        name = deployment.group
        slug = name if is_slug(name) and names.take(name) else names.make(slug_of(name))
        aliases = [name] if slug != name and names.take(name) else []
        project.targets.append(Target(slug, list(dict.fromkeys(models)), None, aliases, f"`{name}`"))
        weights = deployment.param(_CONFIG, "weights")
        if not project.weights and (read := _weights(weights)):
            project.weights = read
        ledger.hint(deployment.value.get("litellm_params"), _LEARNS, _INSTEAD)
        ledger.map(deployment.value, f"the target `{slug}`")


def _weights(value: Value | None) -> dict[str, str]:
    """Return the weights of quality and cost as a policy writes them; none where they do not add up to 1."""
    numbers = {name: inner.number for name, inner in value.fields.items()} if value is not None else {}
    known = {name: number for name, number in numbers.items() if number is not None and number * 100 % 1 == 0}
    if not set(numbers) <= {"quality", "cost", "latency"} or len(known) < len(numbers) or sum(known.values()) != 1:
        return {}
    return {name: plain_decimal(known.get(name, Decimal(0))) for name in ("quality", "latency", "cost")}
