"""Tell where Portkey calls a provider, by its names of them."""

from __future__ import annotations

from typing import NamedTuple


class Host(NamedTuple):
    """A provider of Portkey: the contract that it speaks, its base, the variable of its key, and the catalogue's name.

    `base` is what `/chat/completions` is joined to, for the contract of OpenAI.
    """

    adapter: str
    base: str
    key: str | None
    catalogue: str


HOSTS: dict[str, Host] = {
    "openai": Host("openai", "https://api.openai.com/v1", "OPENAI_API_KEY", "openai"),
    "azure-openai": Host("azure_openai", "", "AZURE_API_KEY", "azure"),
    "anthropic": Host("anthropic", "https://api.anthropic.com", "ANTHROPIC_API_KEY", "anthropic"),
    "google": Host("gemini", "https://generativelanguage.googleapis.com", "GEMINI_API_KEY", "gemini"),
    "bedrock": Host("bedrock", "", "AWS_BEARER_TOKEN_BEDROCK", "bedrock"),
    "cohere": Host("cohere", "https://api.cohere.com", "COHERE_API_KEY", "cohere"),
    "ollama": Host("openai_compatible", "http://localhost:11434/v1", None, "ollama"),
}
HOSTS |= {
    name: Host("openai_compatible", base, key, catalogue)
    for name, base, key, catalogue in (
        ("anyscale", "https://api.endpoints.anyscale.com/v1", "ANYSCALE_API_KEY", "anyscale"),
        ("cerebras", "https://api.cerebras.ai/v1", "CEREBRAS_API_KEY", "cerebras"),
        ("deepinfra", "https://api.deepinfra.com/v1/openai", "DEEPINFRA_API_KEY", "deepinfra"),
        ("deepseek", "https://api.deepseek.com/v1", "DEEPSEEK_API_KEY", "deepseek"),
        ("fireworks-ai", "https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY", "fireworks_ai"),
        ("groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY", "groq"),
        ("mistral-ai", "https://api.mistral.ai/v1", "MISTRAL_API_KEY", "mistral"),
        ("moonshot", "https://api.moonshot.cn/v1", "MOONSHOT_API_KEY", "moonshot"),
        ("nebius", "https://api.studio.nebius.ai/v1", "NEBIUS_API_KEY", "nebius"),
        ("openrouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY", "openrouter"),
        ("perplexity-ai", "https://api.perplexity.ai", "PERPLEXITYAI_API_KEY", "perplexity"),
        ("sambanova", "https://api.sambanova.ai/v1", "SAMBANOVA_API_KEY", "sambanova"),
        ("together-ai", "https://api.together.xyz/v1", "TOGETHERAI_API_KEY", "together_ai"),
        ("x-ai", "https://api.x.ai/v1", "XAI_API_KEY", "xai"),
    )
}
"""Providers by Portkey's names."""
