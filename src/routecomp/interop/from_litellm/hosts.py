"""Tell where LiteLLM calls a provider, and how: base URL, variable of the key, and the contract that it speaks.

Checked against the requests that LiteLLM 1.110.2 makes (tests/interop/importing/test_litellm_urls.py).
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
        ("abliteration", "https://api.abliteration.ai/v1", "ABLITERATION_API_KEY"),
        ("ai21_chat", "https://api.ai21.com/studio/v1", "AI21_API_KEY"),
        ("aiand", "https://api.aiand.com/v1", "AIAND_API_KEY"),
        ("aihubmix", "https://aihubmix.com/v1", "AIHUBMIX_API_KEY"),
        ("aiml", "https://api.aimlapi.com/v1", "AIML_API_KEY"),
        ("amazon_nova", "https://api.nova.amazon.com/v1", "AMAZON_NOVA_API_KEY"),
        ("apertis", "https://api.stima.tech/v1", "STIMA_API_KEY"),
        ("assemblyai", "https://llm-gateway.assemblyai.com/v1", "ASSEMBLYAI_API_KEY"),
        ("baseten", "https://inference.baseten.co/v1", "BASETEN_API_KEY"),
        ("cerebras", "https://api.cerebras.ai/v1", "CEREBRAS_API_KEY"),
        ("charity_engine", "https://api.charityengine.services/remotejobs/v2/inference", "CHARITY_ENGINE_API_KEY"),
        ("chutes", "https://llm.chutes.ai/v1", "CHUTES_API_KEY"),
        ("clf_ai_gateway", "https://api.clfaigateway.dev/v1", "CLF_AI_GATEWAY_API_KEY"),
        ("codestral", "https://codestral.mistral.ai/v1", "CODESTRAL_API_KEY"),
        ("cognition", "https://api.cognition.ai/v1", "COGNITION_API_KEY"),
        ("cometapi", "https://api.cometapi.com/v1", "COMETAPI_KEY"),
        ("compactifai", "https://api.compactif.ai/v1", "COMPACTIFAI_API_KEY"),
        ("coralbricks", "https://inference.coralbricks.ai/v1", "CORALBRICKS_API_KEY"),
        ("cortecs", "https://api.cortecs.ai/v1", "CORTECS_API_KEY"),
        ("crusoe", "https://api.inference.crusoecloud.com/v1", "CRUSOE_API_KEY"),
        ("darkbloom", "https://api.darkbloom.dev/v1", "DARKBLOOM_API_KEY"),
        ("dashscope", "https://dashscope.aliyuncs.com/compatible-mode/v1", "DASHSCOPE_API_KEY"),
        ("deepinfra", "https://api.deepinfra.com/v1/openai", "DEEPINFRA_API_KEY"),
        ("deepseek", "https://api.deepseek.com/beta", "DEEPSEEK_API_KEY"),
        ("edenai", "https://api.edenai.run/v3", "EDENAI_API_KEY"),
        ("empiriolabs", "https://api.empiriolabs.ai/v1", "EMPIRIOLABS_API_KEY"),
        ("empower", "https://app.empower.dev/api/v1", "EMPOWER_API_KEY"),
        ("featherless_ai", "https://api.featherless.ai/v1", "FEATHERLESS_AI_API_KEY"),
        ("fireworks_ai", "https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY"),
        ("friendliai", "https://api.friendli.ai/serverless/v1", "FRIENDLIAI_API_KEY"),
        ("galadriel", "https://api.galadriel.com/v1", "GALADRIEL_API_KEY"),
        ("github", "https://models.inference.ai.azure.com", "GITHUB_API_KEY"),
        ("gmi", "https://api.gmi-serving.com/v1", "GMI_API_KEY"),
        ("groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY"),
        ("helicone", "https://ai-gateway.helicone.ai", "HELICONE_API_KEY"),
        ("hostinger_router", "https://router.hostinger.com/v1", "HOSTINGER_ROUTER_API_KEY"),
        ("hyperbolic", "https://api.hyperbolic.xyz/v1", "HYPERBOLIC_API_KEY"),
        ("inception", "https://api.inceptionlabs.ai/v1", "INCEPTION_API_KEY"),
        ("inferenceapis", "https://api.inferenceapis.com/v1", "INFERENCEAPIS_API_KEY"),
        ("kyma", "https://kymaapi.com/v1", "KYMA_API_KEY"),
        ("lambda_ai", "https://api.lambda.ai/v1", "LAMBDA_API_KEY"),
        ("lemonade", "http://localhost:8000/api/v1", "LEMONADE_API_KEY"),
        ("libertai", "https://api.libertai.io/v1", "LIBERTAI_API_KEY"),
        ("llamagate", "https://api.llamagate.dev/v1", "LLAMAGATE_API_KEY"),
        ("meta", "https://api.meta.ai/v1", "META_API_KEY"),
        ("meta_llama", "https://api.llama.com/compat/v1", "LLAMA_API_KEY"),
        ("minimax", "https://api.minimax.io/v1", "MINIMAX_API_KEY"),
        ("mistral", "https://api.mistral.ai/v1", "MISTRAL_API_KEY"),
        ("modelscope", "https://api-inference.modelscope.cn/v1", "MODELSCOPE_API_KEY"),
        ("moonshot", "https://api.moonshot.ai/v1", "MOONSHOT_API_KEY"),
        ("morph", "https://api.morphllm.com/v1", "MORPH_API_KEY"),
        ("nadir", "https://api.getnadir.com/v1", "NADIR_API_KEY"),
        ("nano-gpt", "https://nano-gpt.com/api/v1", "NANOGPT_API_KEY"),
        ("nebius", "https://api.studio.nebius.ai/v1", "NEBIUS_API_KEY"),
        ("neosantara", "https://api.neosantara.xyz/v1", "NEOSANTARA_API_KEY"),
        ("novita", "https://api.novita.ai/v3/openai", "NOVITA_API_KEY"),
        ("nscale", "https://inference.api.nscale.com/v1", "NSCALE_API_KEY"),
        ("nvidia_nim", "https://integrate.api.nvidia.com/v1", "NVIDIA_NIM_API_KEY"),
        ("openinfer", "https://api.openinfer.ai/v1", "OPENINFER_API_KEY"),
        ("openrouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
        ("ovhcloud", "https://oai.endpoints.kepler.ai.cloud.ovh.net/v1", "OVHCLOUD_API_KEY"),
        ("parasail", "https://api.parasail.io/v1", "PARASAIL_API_KEY"),
        ("perplexity", "https://api.perplexity.ai", "PERPLEXITYAI_API_KEY"),
        ("pinstripes", "https://pinstripes.io/v1", "PINSTRIPES_API_KEY"),
        ("poe", "https://api.poe.com/v1", "POE_API_KEY"),
        ("prism", "https://api.prisminference.com/v1", "PRISM_API_KEY"),
        ("publicai", "https://api.publicai.co/v1", "PUBLICAI_API_KEY"),
        ("qwen_ai_platform", "https://dashscope.aliyuncs.com/compatible-mode/v1", "QWEN_AI_PLATFORM_API_KEY"),
        ("qwencloud", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "QWENCLOUD_API_KEY"),
        ("refuseless", "https://api.refuseless.com/v1", "REFUSELESS_API_KEY"),
        ("reka", "https://api.reka.ai/v1", "REKA_API_KEY"),
        ("sail", "https://api.sailresearch.com/v1", "SAIL_API_KEY"),
        ("sambanova", "https://api.sambanova.ai/v1", "SAMBANOVA_API_KEY"),
        ("scaleway", "https://api.scaleway.ai/v1", "SCW_SECRET_KEY"),
        ("scx-ai", "https://api.scx.ai/v1", "SCX_API_KEY"),
        ("streamlake", "https://vanchin.streamlake.ai/api/gateway/v1/endpoints", "STREAMLAKE_API_KEY"),
        ("synthetic", "https://api.synthetic.new/openai/v1", "SYNTHETIC_API_KEY"),
        ("tencent", "https://tokenhub-intl.tencentcloudmaas.com/v1", "TENCENT_API_KEY"),
        ("tensormesh", "https://serverless.tensormesh.ai/v1", "TENSORMESH_INFERENCE_API_KEY"),
        ("together_ai", "https://api.together.ai/v1", "TOGETHERAI_API_KEY"),
        ("v0", "https://api.v0.dev/v1", "V0_API_KEY"),
        ("veniceai", "https://api.venice.ai/api/v1", "VENICE_AI_API_KEY"),
        ("vercel_ai_gateway", "https://ai-gateway.vercel.sh/v1", "VERCEL_AI_GATEWAY_API_KEY"),
        ("volcengine", "https://ark.cn-beijing.volces.com/api/v3", "VOLCENGINE_API_KEY"),
        ("wally", "https://inference.runanywhere.ai/v1", "WALLY_API_KEY"),
        ("wandb", "https://api.inference.wandb.ai/v1", "WANDB_API_KEY"),
        ("xai", "https://api.x.ai/v1", "XAI_API_KEY"),
        ("xiaomi_mimo", "https://api.xiaomimimo.com/v1", "XIAOMI_MIMO_API_KEY"),
        ("zai", "https://api.z.ai/api/paas/v4", "ZAI_API_KEY"),
        ("zerogpu", "https://api.zerogpu.ai/v1", "ZEROGPU_API_KEY"),
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
SPEAKS_NO_CHAT = frozenset(
    [
        *("a2a_agent", "aws_polly", "aws_textract", "azure_speech", "bespoke", "black_forest_labs", "cursor"),
        *("deepgram", "dotprompt", "elevenlabs", "eu_jev", "humanloop", "infinity", "jina_ai", "langfuse"),
        *("laya", "milvus", "mongodb", "nace", "nvidia_riva", "openai_like", "opensearch", "parallel_ai"),
        *("pg_vector", "recraft", "reducto", "runwayml", "s3_vectors", "soniox", "stability"),
        *("strands_decider", "topaz", "transcribe", "typesafe", "valkey", "voyage"),
    ]
)
"""Providers whose chat calls LiteLLM refuses: search, speech, images, stores, and `openai_like`."""
RESPONSES = frozenset(
    [
        *("aiand", "azure", "azure_ai", "coralbricks", "cortecs", "edenai", "empiriolabs", "fireworks_ai"),
        *("hosted_vllm", "inferenceapis", "litellm_proxy", "meta", "neosantara", "openai", "openinfer", "openrouter"),
        *("parasail", "perplexity", "pinstripes", "prism", "refuseless", "sail", "tensormesh", "xai", "zerogpu"),
    ]
)
"""Providers whose API of responses LiteLLM calls; at others it makes a chat call of what is asked of that API."""
_KNOWN_BY_HOST = frozenset(
    [
        *("aiand", "apertis", "chutes", "clf_ai_gateway", "cognition", "coralbricks", "cortecs", "deepinfra", "edenai"),
        *("empower", "friendliai", "groq", "helicone", "hyperbolic", "inception", "lambda_ai", "libertai", "meta"),
        *("mistral", "modelscope", "nadir", "nano-gpt", "nvidia_nim", "openinfer", "perplexity", "pinstripes", "poe"),
        *("prism", "publicai", "reka", "sail", "scx-ai", "streamlake", "synthetic", "tensormesh", "together_ai", "v0"),
        *("vercel_ai_gateway", "wally", "wandb"),
    ]
)
_ENDPOINTS = {HOSTS[name].base.partition("://")[2]: name for name in sorted(_KNOWN_BY_HOST)} | {
    "api.deepseek.com/v1": "deepseek",
    "api.together.xyz/v1": "together_ai",
    "ollama.com": "ollama",
}
"""Hosts, and where their paths begin, by which LiteLLM knows the provider of a model that names none."""


def provider_name(name: str) -> str:
    """Return the name under which `HOSTS` knows a provider of LiteLLM or of its catalogue."""
    if name.startswith("vertex_ai-"):
        return "vertex_ai"
    return SAME.get(name, name)


def provider_at(base: str) -> str:
    """Return the provider that LiteLLM knows by a base URL; empty where it knows none."""
    host, slash, path = base.partition("://")[2].partition("/")
    called = f"{host.lower()}{slash}{path}".rstrip("/")
    known = (name for endpoint, name in _ENDPOINTS.items() if called == endpoint or called.startswith(f"{endpoint}/"))
    return next(known, "")
