"""Make random credentials of every known shape, and harmless text; nothing here is a live key.

Keys are put together at run time, so that no line of the repository looks like one. Shapes as the vendors
document them and as gitleaks' published rules describe them.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator
from random import Random

UPPER, LOWER, DIGITS = string.ascii_uppercase, string.ascii_lowercase, string.digits
ALNUM = LOWER + UPPER + DIGITS
LOWER36 = LOWER + DIGITS
HEX = DIGITS + "abcdef"
URL64 = ALNUM + "_-"
BASE64 = ALNUM + "+/"

Make = Callable[[Random], str]


def some(alphabet: str, length: int) -> Make:
    """So many random characters."""
    return lambda random: "".join(random.choices(alphabet, k=length))


def joined(*parts: str | Make) -> Make:
    """Fixed and random parts, one after the other."""
    return lambda random: "".join(part if isinstance(part, str) else part(random) for part in parts)


def uuid(random: Random) -> str:
    """A UUID in lower case."""
    return "-".join(some(HEX, length)(random) for length in (8, 4, 4, 4, 12))


# These have no prefix, so that only their disorder tells them; a very few of them look like words by chance.
BARE = ("mistral", "together", "cohere", "deepgram", "aws-secret", "azure-openai", "cloudflare", "datadog")

SHAPES: dict[str, Make] = {
    # Model hosts
    "openai": joined("sk-", some(ALNUM, 20), "T3Blbk" + "FJ", some(ALNUM, 20)),
    "openai-project": joined("sk-proj-", some(URL64, 74), "T3Blbk" + "FJ", some(URL64, 74)),
    "openai-service": joined("sk-svcacct-", some(URL64, 58), "T3Blbk" + "FJ", some(URL64, 58)),
    "openai-admin": joined("sk-admin-", some(URL64, 120)),
    "anthropic": joined("sk-ant-api03-", some(URL64, 93), "AA"),
    "anthropic-admin": joined("sk-ant-admin01-", some(URL64, 93), "AA"),
    "openrouter": joined("sk-or-v1-", some(HEX, 64)),
    "deepseek": joined("sk-", some(HEX, 32)),
    "moonshot": joined("sk-", some(ALNUM, 48)),
    "stability": joined("sk-", some(ALNUM, 48)),
    "langfuse": joined("sk-lf-", uuid),
    "groq": joined("gsk_", some(ALNUM, 52)),
    "mistral": some(ALNUM, 32),
    "together": some(HEX, 64),
    "together-v1": joined("tgp_v1_", some(URL64, 43)),
    "fireworks": joined("fw_", some(ALNUM, 24)),
    "replicate": joined("r8_", some(ALNUM, 37)),
    "xai": joined("xai-", some(ALNUM, 80)),
    "perplexity": joined("pplx-", some(ALNUM, 48)),
    "cohere": some(ALNUM, 40),
    "nvidia": joined("nvapi-", some(URL64, 64)),
    "cerebras": joined("csk-", some(LOWER36, 48)),
    "anyscale": joined("esecret_", some(LOWER36, 26)),
    "voyage": joined("pa-", some(URL64, 43)),
    "jina": joined("jina_", some(HEX, 32), some(URL64, 28)),
    "tavily": joined("tvly-", some(ALNUM, 32)),
    "runpod": joined("rpa_", some(UPPER + DIGITS, 40)),
    "pinecone": joined("pcsk_", some(ALNUM, 6), "_", some(ALNUM, 63)),
    "langsmith": joined("lsv2_pt_", some(HEX, 32), "_", some(HEX, 10)),
    "elevenlabs": joined("sk_", some(HEX, 48)),
    "databricks": joined("dapi", some(HEX, 32)),
    "deepgram": some(HEX, 40),
    "zhipu": joined(some(HEX, 32), ".", some(ALNUM, 16)),
    "huggingface": joined("hf_", some(LOWER + UPPER, 34)),
    "huggingface-organisation": joined("api_org_", some(LOWER + UPPER, 34)),
    # Clouds
    "google": joined("AIza", some(URL64, 35)),
    "google-oauth": joined("ya29.", some(URL64, 120)),
    "google-client": joined("GOCSPX-", some(URL64, 28)),
    "aws-id": joined("AKIA", some(UPPER + "234567", 16)),
    "aws-session-id": joined("ASIA", some(UPPER + "234567", 16)),
    "aws-secret": some(BASE64, 40),
    "aws-bedrock": joined("ABSK", some(BASE64, 128)),
    "azure-openai": some(HEX, 32),
    "azure-openai-84": joined(some(ALNUM, 52), "JQQJ99", some(ALNUM, 26)),
    "azure-client": joined(some(ALNUM, 3), "8Q~", some(ALNUM + "_~.-", 34)),
    "azure-storage": joined("DefaultEndpointsProtocol=https;AccountKey=", some(BASE64, 86), "=="),
    "alibaba": joined("LTAI", some(ALNUM, 20)),
    "tencent": joined("AKID", some(ALNUM, 32)),
    "digitalocean": joined("dop_v1_", some(HEX, 64)),
    "vault": joined("hvs.", some(URL64, 95)),
    "terraform": joined(some(ALNUM, 14), ".atlasv1.", some(URL64, 67)),
    "cloudflare": some(URL64, 40),
    # Code hosts and package registries
    "github": joined("ghp_", some(ALNUM, 36)),
    "github-fine-grained": joined("github_pat_", some(ALNUM, 22), "_", some(ALNUM, 59)),
    "github-app": joined("ghs_", some(ALNUM, 36)),
    "gitlab": joined("glpat-", some(URL64, 20)),
    "gitlab-trigger": joined("glptt-", some(HEX, 40)),
    "npm": joined("npm_", some(ALNUM, 36)),
    "pypi": joined("pypi-AgE", "IcHlwaS5vcmc", some(URL64, 150)),
    "rubygems": joined("rubygems_", some(HEX, 48)),
    "docker": joined("dckr_pat_", some(URL64, 27)),
    # Messages, money, monitoring
    "slack-bot": joined("xoxb-", some(DIGITS, 12), "-", some(DIGITS, 12), "-", some(ALNUM, 24)),
    "slack-user": joined("xoxp-", some(DIGITS, 12), "-", some(DIGITS, 12), "-", some(HEX, 32)),
    "slack-app": joined("xapp-1-", some(UPPER + DIGITS, 11), "-", some(DIGITS, 13), "-", some(HEX, 64)),
    "slack-webhook": joined("https://hooks.slack.com/services/T", some(UPPER, 10), "/B", some(ALNUM, 34)),
    "stripe": joined("sk_live_", some(ALNUM, 24)),
    "stripe-restricted": joined("rk_test_", some(ALNUM, 99)),
    "stripe-webhook": joined("whsec_", some(ALNUM, 32)),
    "twilio": joined("SK", some(HEX, 32)),
    "sendgrid": joined("SG.", some(URL64, 22), ".", some(URL64, 43)),
    "mailgun": joined("key-", some(HEX, 32)),
    "telegram": joined(some(DIGITS, 10), ":AA", some(URL64, 33)),
    "grafana": joined("glsa_", some(ALNUM, 32), "_", some(HEX, 8)),
    "sentry": joined("sntryu_", some(HEX, 64)),
    "new-relic": joined("NRAK-", some(UPPER + DIGITS, 27)),
    "linear": joined("lin_api_", some(ALNUM, 40)),
    "notion": joined("ntn_", some(DIGITS, 11), some(ALNUM, 35)),
    "datadog": some(HEX, 32),
    # Made of parts
    "jwt": joined("eyJ", some(URL64, 33), ".eyJ", some(URL64, 80), ".", some(URL64, 43)),
    "pem": joined(
        "-----BEGIN RSA PRIVATE",
        " KEY-----\n",
        some(BASE64, 64),
        "\n",
        some(BASE64, 64),
        "\n-----END RSA PRIVATE",
        " KEY-----",
    ),
    "openssh": joined("-----BEGIN OPENSSH PRIVATE", " KEY-----\n", some(BASE64, 70)),
    "url-password": joined("https://admin:", some(ALNUM, 12), "@proxy.example.com/v1"),
    "database-url": joined("postgres://app:", some(LOWER, 8), "@db.internal:5432/routing"),
    "bearer": joined("Authorization: Bearer ", some(ALNUM, 24)),
    "query": joined("https://api.example.com/v1?api_key=", some(ALNUM, 20)),
    "named-uuid": joined("api key: ", uuid),
    "named": joined("token = ", some(ALNUM, 24)),
}

IDENTIFIERS: dict[str, Make] = {
    "openai-organisation": joined("org-", some(ALNUM, 24)),
    "openai-project": joined("proj_", some(ALNUM, 24)),
    "openai-vector-store": joined("vs_", some(HEX, 32)),
    "openai-prompt": joined("pmpt_", some(HEX, 48)),
    "openai-assistant": joined("asst_", some(ALNUM, 24)),
    "openai-file": joined("file-", some(ALNUM, 22)),
    "openai-job": joined("ftjob-", some(ALNUM, 24)),
    "openai-model": joined("ft:gpt-4o-mini-2024-07-18:acme:support:", some(ALNUM, 8)),
    "openai-organisation-address": joined("https://api.example.com/v1/organizations/org-", some(ALNUM, 24), "/usage"),
    "anthropic-workspace": joined("wrkspc_01", some(ALNUM, 22)),
    "anthropic-file": joined("file_01", some(ALNUM, 22)),
    "anthropic-skill": joined("skill_01", some(ALNUM, 22)),
    "cloudflare-workers": joined("https://api.cloudflare.com/client/v4/accounts/", some(HEX, 32), "/ai"),
    "cloudflare-workers-path": joined("/client/v4/accounts/", some(HEX, 32), "/ai/v1/chat/completions"),
    "cloudflare-gateway": joined("https://gateway.ai.cloudflare.com/v1/", some(HEX, 32), "/my-gw/openai"),
    "fireworks-deployment": joined(
        "accounts/acme-", some(LOWER36, 6), "/deployedModels/llama-v3p1-70b-instruct-", some(LOWER36, 8)
    ),
    "bedrock-profile": joined(
        "arn:aws:bedrock:eu-central-1:", some(DIGITS, 12), ":application-inference-profile/", some(LOWER36, 12)
    ),
    "bedrock-guardrail": some(LOWER36, 12),
    "vertex-endpoint": joined("projects/", some(DIGITS, 10), "/locations/eu/endpoints/", some(DIGITS, 19)),
    "watsonx-project": uuid,
    "huggingface-host": joined("https://", some(LOWER36, 16), ".eu-west-1.aws.endpoints.huggingface.cloud"),
    "azure-host": joined("https://aoai-prod-swedencentral-", some(LOWER36, 8), ".openai.azure.com"),
}
"""Public ids of accounts, projects, deployments and the like: valid input, however disordered."""

WORDS = (
    *("amber", "answer", "billing", "bridge", "cedar", "chat", "checkout", "clerk", "cobalt", "code", "coral"),
    *("customer", "daily", "delta", "digest", "draft", "ember", "export", "falcon", "fast", "finance", "fresh"),
    *("gentle", "harbor", "help", "indigo", "inbox", "invoice", "jade", "keen", "label", "large", "legal", "long"),
    *("market", "model", "nimble", "north", "ocean", "order", "orchid", "prime", "quick", "quiet", "report"),
    *("routing", "ruby", "search", "small", "stream", "summary", "support", "team", "tenant", "ticket", "token"),
    *("triage", "urgent", "vision", "vivid", "warm", "west", "willow", "writer", "zenith", "key", "secret"),
)
HOSTS = (
    *("api.openai.com", "api.anthropic.com", "api.mistral.ai", "openrouter.ai", "llm.internal:8443"),
    *("generativelanguage.googleapis.com", "bedrock-runtime.eu-central-1.amazonaws.com"),
)
PATHS = (
    *("v1", "v1/chat/completions", "v1beta/openai/chat/completions", "openai/v1", "v1/messages"),
    *("model/anthropic.claude-sonnet-4-20250514-v1:0/converse", "openai/deployments/gpt-4o-2024-08-06"),
)


def harmless(random: Random) -> Iterator[str]:
    """Endless text as configurations hold it: slugs, model names, descriptions, addresses, comments, ids."""

    def word() -> str:
        return random.choice(WORDS)

    def number(end: int) -> int:
        return random.randrange(1, end)

    while True:
        yield f"{word()}-{word()}"
        yield f"{word()}-{word()}-{word()}-{number(1000)}"
        yield f"{word()}.{word()}_{word()}{number(100)}"
        yield f"{word()}-{number(9)}-{number(9)}-{word()}-202{number(7)}0115"
        yield f"{word().title()}-{number(9)}.{number(9)}-{number(500)}B-A{number(40)}B-{word().title()}-FP8"
        yield f"{word()}/{word().title()}{word().title()}-{number(99)}b-v0.{number(9)}"
        yield f"accounts/{word()}/models/{word()}-v{number(9)}p{number(9)}-{number(500)}b-instruct"
        yield " ".join(word() for _ in range(number(14))).capitalize() + "."
        yield f"The {word()} token: see {word()}/{word()}-{word()}-{number(9)} in the vault."
        yield f"https://{random.choice(HOSTS)}/{random.choice(PATHS)}"
        yield f"https://{word()}.example.com/{word()}/{word()}-{word()}?{word()}={word()}"
        yield f"{word()}_{word()}_API_KEY".upper()
        yield f"api_key: ${{{word()}_{word()}_KEY}}".upper()
        yield f"tenant {uuid(random)} moved to {word()}"
        yield uuid(random)
        yield some(HEX, 24)(random)  # the id of a document database
        yield f"figures as of commit {some(HEX, random.choice((7, 12, 40)))(random)}"
        yield f"see https://github.com/{word()}/{word()}/blob/{some(HEX, 40)(random)}/{word()}.yaml"
        yield f"image {word()}/{word()}@sha256:{some(HEX, 64)(random)}"
        yield f"{word()}/{word()}-{number(99)}b-chat:{some(HEX, 64)(random)}"
        yield f"arn:aws:bedrock:eu-west-1:{number(10**12)}:inference-profile/eu.anthropic.{word()}-{number(9)}-v1:0"
        yield f"{number(10**9)} requests on 2026-0{number(9)}-1{number(9)}"
        yield f"{number(100)}.{number(100)}"
