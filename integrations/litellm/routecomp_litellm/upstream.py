"""Know what of a request chooses where LiteLLM sends it, beside its model: that is the deployment's to say."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

_CALLERS_OWN: Final = frozenset(
    {
        # an address and a key of the caller's own, which the proxy's file lets it bring or LiteLLM refuses
        "api_base",
        "api_key",
        # how a call is made and noted, not where it goes
        "allow_client_keepalive_override",
        "api_version",
        "drop_params",
        "keepalive_seconds",
        "litellm_trace_id",
        "max_retries",
        "merge_reasoning_content_in_choices",
        "mock_response",
        "stream_timeout",
        "tag_regex",
        "tags",
        "thought_signature_in_tool_call_id",
        "timeout",
        "vector_store_id",
    }
)
"""Of the parameters of a deployment those that are a caller's to say, too."""
_BESIDE: Final = frozenset(
    {
        "account_id",
        "attempted_targets",
        "azure",
        "base_model",
        "client",
        "context_window_fallback_dict",
        "custom_endpoint",
        "custom_llm_provider",
        "data_residency",
        "deployment_id",
        "deployment_url",
        "endpoint",
        "engine",
        "fallback_sap_modules",
        "hf_model_name",
        "litellm_credential_name",
        "litellm_params",
        "model_alias_map",
        "model_config",
        "model_file_id_mapping",
        "model_id",
        "model_info",
        "model_list",
        "model_resource_id_mapping",
        "nvcf_function_id",
        "optional_params",
        "order",
        "predibase_tenant_id",
        "project_id",
        "region_name",
        "routing_strategy",
        "shared_session",
        "silent_model",
        "space_id",
        "tenant_id",
        "use_psc_endpoint_format",
        "use_ssl",
        "workspace_id",
    }
)
"""What LiteLLM reads of a call as of a deployment, and its type of a deployment's parameters does not name."""
_BEGINNINGS: Final = (
    "aws_",
    "azure_",
    "databricks_",
    "gcs_",
    "gigachat_",
    "oci_",
    "riva_",
    "s3_",
    "sagemaker_",
    "vertex_",
    "watsonx_",
    "wx_",
)
"""How names begin that single providers read as of a deployment."""
_HEADERS: Final = frozenset(
    {"host", "openai-organization", "openai-project", "x-forwarded-host", "x-goog-user-project"}
)
"""Headers by which a provider's host chooses whose resource answers."""
_SURE: Final = frozenset({"api_base", "aws_region_name", "vertex_location"})
"""Parameters of a deployment in every version of LiteLLM: without them its type is not the one that is meant."""


def drop_upstream(data: dict[str, Any]) -> list[str]:
    """Take out of a request what chooses its upstream beside the model; return the names of what there was."""
    dropped = [name for name in data if _chooses_upstream(name) and not _is_by_proxy(name, data)]
    for name in dropped:
        del data[name]
    body = data.get("extra_body")
    if isinstance(body, dict):  # which LiteLLM reads as parameters where a provider is not like OpenAI
        kept = {name: value for name, value in body.items() if name != "model" and not _chooses_upstream(name)}
        dropped += [f"extra_body.{name}" for name in body if name not in kept]
        data["extra_body"] = kept
    for key in ("headers", "extra_headers"):
        dropped += _drop_headers(data, key)
    specific = data.get("provider_specific_header")
    if isinstance(specific, dict):
        data["provider_specific_header"] = specific = dict(specific)
        dropped += _drop_headers(specific, "extra_headers")
    return dropped


def _drop_headers(holder: dict[str, Any], key: str) -> list[str]:
    """Take headers that choose an upstream out of those under a key; return the names of what there was."""
    headers = holder.get(key)
    if not isinstance(headers, Mapping):
        return []
    dropped = [name for name in headers if isinstance(name, str) and name.strip().lower() in _HEADERS]
    if dropped:
        holder[key] = {name: value for name, value in headers.items() if name not in dropped}
    return [f"{key}.{name}" for name in dropped]


def _chooses_upstream(name: Any) -> bool:
    """Whether a parameter of a call says where it goes."""
    if not isinstance(name, str) or name in _CALLERS_OWN:
        return False
    return name in known_parameters() or name in _BESIDE or name.startswith(_BEGINNINGS)


@cache
def known_parameters() -> frozenset[str]:
    """Return the parameters of a deployment, as the version of LiteLLM that is installed knows them.

    Raise RuntimeError where it does not say them: a hook that cannot tell them apart would let them all pass.
    """
    import litellm.types.router as types  # lazy: it takes a second, and a proxy has it already

    names = frozenset(getattr(getattr(types, "GenericLiteLLMParams", None), "model_fields", ()))
    if not names >= _SURE:
        raise RuntimeError(
            "routecomp-litellm cannot tell which parameters choose an upstream: litellm.types.router of this version "
            "has no GenericLiteLLMParams that says them; install a version of LiteLLM that the README names"
        )
    return names


def _is_by_proxy(name: str, data: Mapping[str, Any]) -> bool:
    """Whether the proxy itself put an organization into a request, as its file may let it from a header."""
    asked = data.get("proxy_server_request")
    body = asked.get("body") if isinstance(asked, Mapping) else None
    return name == "organization" and isinstance(body, Mapping) and name not in body


def is_own_address(deployment: Mapping[str, Any], url: str | None) -> bool:
    """Whether a call of a deployment goes to the host of a URL."""
    given = deployment.get("base_url") or deployment.get("api_base")
    return isinstance(given, str) and url is not None and _host(given) == _host(url)


def _host(url: str) -> str:
    """Return host and port of a URL; what is no URL is a host of no other one."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower() or url
    except ValueError:
        return url
