"""Tell where LiteLLM calls a provider, and how: base URL, variable of the key, and the contract that it speaks.

Checked against LiteLLM 1.108.7 (`get_llm_provider` and the handlers of its providers).
"""

from __future__ import annotations

from typing import NamedTuple


class Host(NamedTuple):
    """A provider as LiteLLM calls it where the file states no more.

    `base` is what `/chat/completions` is joined to, for the contract of OpenAI; empty where the file must state it.
    `keys` are the variables that it takes a key from; none where it sends none.
    """

    adapter: str
    base: str
    keys: tuple[str, ...]


_OPENAI = "openai_compatible"

HOSTS: dict[str, Host] = {
    "openai": Host("openai", "https://api.openai.com/v1", ("OPENAI_API_KEY",)),
    "azure": Host("azure_openai", "", ("AZURE_API_KEY",)),
    "azure_ai": Host(_OPENAI, "", ("AZURE_AI_API_KEY",)),
    "anthropic": Host("anthropic", "https://api.anthropic.com", ("ANTHROPIC_API_KEY",)),
    "gemini": Host("gemini", "https://generativelanguage.googleapis.com", ("GEMINI_API_KEY",)),
    "vertex_ai": Host("vertex", "", ()),
    "bedrock": Host("bedrock", "", ()),
    "cohere": Host("cohere", "https://api.cohere.com", ("COHERE_API_KEY",)),
    "ollama": Host(_OPENAI, "http://localhost:11434", ()),
    "hosted_vllm": Host(_OPENAI, "", ()),
    "lm_studio": Host(_OPENAI, "", ()),
    "llamafile": Host(_OPENAI, "http://127.0.0.1:8080/v1", ()),
    "custom_openai": Host(_OPENAI, "", ("OPENAI_API_KEY",)),
    "openai_like": Host(_OPENAI, "", ("OPENAI_LIKE_API_KEY",)),
    "litellm_proxy": Host(_OPENAI, "", ("LITELLM_PROXY_API_KEY",)),
}
HOSTS |= {
    name: Host(_OPENAI, base, (key,))
    for name, base, key in (
        ("ai21_chat", "https://api.ai21.com/studio/v1", "AI21_API_KEY"),
        ("aiml", "https://api.aimlapi.com/v1", "AIML_API_KEY"),
        ("baseten", "https://inference.baseten.co/v1", "BASETEN_API_KEY"),
        ("cerebras", "https://api.cerebras.ai/v1", "CEREBRAS_API_KEY"),
        ("codestral", "https://codestral.mistral.ai/v1", "CODESTRAL_API_KEY"),
        ("dashscope", "https://dashscope.aliyuncs.com/compatible-mode/v1", "DASHSCOPE_API_KEY"),
        ("deepinfra", "https://api.deepinfra.com/v1/openai", "DEEPINFRA_API_KEY"),
        ("deepseek", "https://api.deepseek.com/beta", "DEEPSEEK_API_KEY"),
        ("featherless_ai", "https://api.featherless.ai/v1", "FEATHERLESS_AI_API_KEY"),
        ("fireworks_ai", "https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY"),
        ("friendliai", "https://api.friendli.ai/serverless/v1", "FRIENDLIAI_API_KEY"),
        ("groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY"),
        ("hyperbolic", "https://api.hyperbolic.xyz/v1", "HYPERBOLIC_API_KEY"),
        ("inception", "https://api.inceptionlabs.ai/v1", "INCEPTION_API_KEY"),
        ("lambda_ai", "https://api.lambda.ai/v1", "LAMBDA_API_KEY"),
        ("meta_llama", "https://api.llama.com/compat/v1", "LLAMA_API_KEY"),
        ("mistral", "https://api.mistral.ai/v1", "MISTRAL_API_KEY"),
        ("moonshot", "https://api.moonshot.ai/v1", "MOONSHOT_API_KEY"),
        ("morph", "https://api.morphllm.com/v1", "MORPH_API_KEY"),
        ("nebius", "https://api.studio.nebius.ai/v1", "NEBIUS_API_KEY"),
        ("novita", "https://api.novita.ai/v3/openai", "NOVITA_API_KEY"),
        ("nscale", "https://inference.api.nscale.com/v1", "NSCALE_API_KEY"),
        ("nvidia_nim", "https://integrate.api.nvidia.com/v1", "NVIDIA_NIM_API_KEY"),
        ("openrouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
        ("perplexity", "https://api.perplexity.ai", "PERPLEXITYAI_API_KEY"),
        ("sambanova", "https://api.sambanova.ai/v1", "SAMBANOVA_API_KEY"),
        ("together_ai", "https://api.together.ai/v1", "TOGETHERAI_API_KEY"),
        ("v0", "https://api.v0.dev/v1", "V0_API_KEY"),
        ("vercel_ai_gateway", "https://ai-gateway.vercel.sh/v1", "VERCEL_AI_GATEWAY_API_KEY"),
        ("volcengine", "https://ark.cn-beijing.volces.com/api/v3", "VOLCENGINE_API_KEY"),
        ("wandb", "https://api.inference.wandb.ai/v1", "WANDB_API_KEY"),
        ("xai", "https://api.x.ai/v1", "XAI_API_KEY"),
        ("zai", "https://api.z.ai/api/paas/v4", "ZAI_API_KEY"),
    )
}
"""Providers by LiteLLM's names, and what they are in the words of a project."""
SAME: dict[str, str] = {
    "ollama_chat": "ollama",
    "cohere_chat": "cohere",
    "bedrock_converse": "bedrock",
    "vertex_ai_beta": "vertex_ai",
}
"""Names of LiteLLM that lead to the same host as another one."""
ELSEWHERE = frozenset(
    (
        "text-completion-openai",
        "text-completion-codestral",
        "sagemaker",
        "sagemaker_chat",
        "huggingface",
        "replicate",
        "databricks",
        "watsonx",
        "watsonx_text",
        "cloudflare",
        "github",
        "github_copilot",
        "snowflake",
        "predibase",
        "oci",
        "sap",
        "clarifai",
        "petals",
        "nlp_cloud",
        "triton",
        "baidu",
        "maritalk",
        "aleph_alpha",
        "palm",
        "vllm",
        "xinference",
        "custom",
        "topaz",
        "voyage",
        "jina_ai",
        "gigachat",
        "datarobot",
        "heroku",
        "langgraph",
        "minimax",
        "auto_router",
        "chatgpt",
    )
)
"""Providers that LiteLLM knows beyond those of its catalogue, and that no adapter of routecomp speaks to."""


def provider_name(name: str) -> str:
    """Return the name under which `HOSTS` knows a provider of LiteLLM or of its catalogue."""
    if name.startswith("vertex_ai-"):
        return "vertex_ai"
    return SAME.get(name, name)
