"""Tell which models LiteLLM knows no provider of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from routecomp.interop.litellm.config import Deployment
from routecomp.interop.litellm.names import names
from routecomp.interop.litellm.rule import Subject
from routecomp.interop.value import Kind, Value


def unknown_models(subject: Subject) -> Iterator[tuple[Value, str]]:
    """Yield each model without a known provider, and what stands before its `/`; an empty text without a `/`."""
    stated = subject.config.litellm_settings.fields.get("custom_provider_map")
    handled = frozenset(entry.text_of("provider") for entry in stated.items) if stated is not None else frozenset()
    for deployment in subject.config.deployments:
        value = deployment.param("model")
        if value is not None and value.kind is Kind.TEXT and value.text.strip() and not _is_known(deployment, handled):
            prefix, slash, _ = value.text.partition("/")
            yield value, prefix if slash else ""


def _is_known(deployment: Deployment, handled: frozenset[str]) -> bool:
    """Return whether LiteLLM may know the provider of a deployment."""
    model = deployment.model
    prefix = model.partition("/")[0]
    return (
        prefix in names("providers")
        or prefix in handled
        or model in names("models")
        or "*" in model
        or any(re.search(pattern, model, re.IGNORECASE) for pattern in names("patterns"))
        or any(deployment.param(name) is not None for name in ("custom_llm_provider", "api_base", "base_url"))
    )
