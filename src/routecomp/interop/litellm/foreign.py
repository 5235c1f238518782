"""Tell a LiteLLM file from the files of other tools, by the names of its sections."""

from __future__ import annotations

from routecomp.parse.tree import Mapping
from routecomp.source.text import Span

TOP_LEVEL = frozenset(
    (
        "model_list",
        "include",
        "router_settings",
        "litellm_settings",
        "general_settings",
        "environment_variables",
        "credential_list",
        "callback_settings",
        "finetune_settings",
        "files_settings",
        "mcp_servers",
        "mcp_tools",
        "mcp_aliases",
        "vector_store_registry",
        "guardrails",
        "prompts",
        "search_tools",
        "assistant_settings",
        "default_vertex_config",
        "model_group_settings",
    )
)
"""The sections that the proxy of LiteLLM 1.110.2 reads."""
_OTHER_TOOLS = (
    (("apiVersion", "kind"), "a Kubernetes object", "give the file that stands in its ConfigMap"),
    (("services",), "a Compose file", "give the file that it mounts, or passes with `--config`"),
    (("strategy", "targets"), "a Portkey config", "`routecomp import portkey` reads it"),
    (("models", "features"), "a routecomp project", "`routecomp check` reads it"),
    (("providers",), "a file of another gateway", "give a file with `model_list`"),
    (("tenants",), "a routecomp project", "`routecomp check` reads it"),
)
_HELP = "give a file with `model_list`, `router_settings` or another section of LiteLLM"


def foreign_file(root: Mapping) -> tuple[str, str, Span] | None:
    """Return a message, a remedy and a place for a mapping without any section of LiteLLM, else None."""
    names = {key.text for key, _ in root.items}
    if names & TOP_LEVEL:
        return None
    if not root.items:
        return "the file has no section", _HELP, root.span
    span = root.items[0][0].span
    for marks, what, help in _OTHER_TOOLS:
        if names.issuperset(marks):
            return f"this is {what}, not a LiteLLM file", help, span
    return "no section of this file is one of LiteLLM", _HELP, span
