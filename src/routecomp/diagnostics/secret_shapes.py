"""The shapes of vendors' credentials, as data: nothing in, the list `SHAPES` out.

A pattern starts where a word starts. Lengths are lower bounds a little under the documented ones, so that a
key cut short by a careless paste is still found; alphabets are the documented ones.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """One vendor's key: what people call it, its pattern, and how many characters of it everybody knows."""

    kind: str
    pattern: str
    prefix: int = 0


_W = "[A-Za-z0-9_-]"
_A = "[A-Za-z0-9]"
_H = "[0-9a-fA-F]"

SHAPES: tuple[Shape, ...] = (
    # Model hosts. The general `sk-` of many of them comes last, after the longer prefixes it is part of.
    Shape("Anthropic API key", rf"sk-ant-{_W}{{20,}}", 7),
    Shape("OpenRouter API key", rf"sk-or-(?:v\d-)?{_A}{{20,}}", 6),
    Shape("OpenAI API key", rf"sk-(?:proj|svcacct|admin|service|None)-{_W}{{20,}}", 8),
    Shape("Langfuse key", rf"[sp]k-lf-{_W}{{20,}}", 6),
    Shape("Helicone API key", rf"[sp]k-helicone-{_W}{{20,}}", 12),
    Shape("OpenAI API key", rf"sk-{_A}{{20}}T3BlbkFJ{_A}{{20}}", 3),
    Shape("DeepSeek API key", rf"sk-[0-9a-f]{{32}}(?!{_A})", 3),
    Shape("OpenAI-style API key", rf"sk-{_A}{{20,}}", 3),
    Shape("Groq API key", rf"gsk_{_A}{{20,}}", 4),
    Shape("xAI API key", rf"xai-{_A}{{20,}}", 4),
    Shape("Perplexity API key", rf"pplx-{_A}{{20,}}", 5),
    Shape("Hugging Face token", rf"(?:hf|api_org)_{_A}{{30,}}", 3),
    Shape("Replicate API token", rf"r8_{_A}{{30,}}", 3),
    Shape("Fireworks API key", rf"fw_{_A}{{20,}}", 3),
    Shape("Together API key", rf"tgp_v\d_{_W}{{30,}}", 7),
    Shape("NVIDIA API key", rf"nvapi-{_W}{{30,}}", 6),
    Shape("Cerebras API key", rf"csk-{_A}{{30,}}", 4),
    Shape("Anyscale API key", rf"esecret_{_A}{{20,}}", 8),
    Shape("Voyage API key", rf"(?:pa|al)-{_W}{{40,}}", 3),
    Shape("Jina API key", rf"jina_{_W}{{40,}}", 5),
    Shape("Tavily API key", rf"tvly-{_W}{{20,}}", 5),
    Shape("RunPod API key", rf"rpa_{_A}{{30,}}", 4),
    Shape("Pinecone API key", rf"pcsk_{_A}{{4,}}_{_A}{{30,}}", 5),
    Shape("LangSmith API key", rf"(?:lsv2_(?:pt|sk)_|ls__){_W}{{30,}}", 4),
    Shape("Weights & Biases API key", rf"wandb_v\d_{_W}{{30,}}", 9),
    Shape("Databricks token", r"dapi[0-9a-f]{32}", 4),
    Shape("Zhipu API key", rf"[0-9a-f]{{32}}\.{_A}{{16}}(?!{_A})"),
    Shape("Baidu API key", rf"bce-v3/{_W}{{10,}}/{_A}{{20,}}", 7),
    # Clouds.
    Shape("Google API key", rf"AIza{_W}{{30,}}", 4),
    Shape("Google OAuth token", rf"ya29\.{_W}{{20,}}", 5),
    Shape("Google OAuth client secret", rf"GOCSPX-{_W}{{20,}}", 7),
    Shape("AWS access key id", r"(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Z0-9])", 4),
    Shape("AWS Bedrock API key", r"(?:ABSK|bedrock-api-key-)[A-Za-z0-9+/]{40,}", 4),
    Shape("Azure client secret", r"[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34}"),
    Shape("Azure storage key", r"AccountKey=[A-Za-z0-9+/]{40,}", 11),
    Shape("Alibaba Cloud access key", rf"LTAI{_A}{{16,}}", 4),
    Shape("Tencent Cloud secret id", rf"AKID{_A}{{28,}}", 4),
    Shape("Yandex API key", rf"AQVN{_W}{{35,}}", 4),
    Shape("DigitalOcean token", r"do[opr]_v1_[0-9a-f]{40,}", 7),
    Shape("Heroku API key", rf"HRKU-{_W}{{30,}}", 5),
    Shape("HashiCorp Vault token", rf"hv[sbr]\.{_W}{{20,}}", 4),
    Shape("Terraform token", rf"{_A}{{14}}\.atlasv1\.{_W}{{40,}}", 23),
    Shape("Fly.io token", rf"(?:fo1_{_W}{{40,}}|fm\d[ar]?_[A-Za-z0-9+/]{{40,}})", 4),
    Shape("Supabase key", rf"(?:sbp_|sb_secret_){_W}{{20,}}", 4),
    Shape("PlanetScale credential", r"pscale_(?:tkn|oauth|pw)_[A-Za-z0-9_=.-]{30,}", 10),
    # Code hosts and package registries.
    Shape("GitHub token", rf"(?:gh[opsur]_{_A}{{30,}}|github_pat_[A-Za-z0-9_]{{40,}})", 4),
    Shape("GitLab token", rf"gl(?:pat|ptt|rt|dt|soat|cbt|ft|imt|agent|oas|ffct)-{_W}{{20,}}", 6),
    Shape("GitLab runner token", rf"GR1348941{_W}{{20,}}", 9),
    Shape("npm token", rf"npm_{_A}{{30,}}", 4),
    Shape("PyPI token", rf"pypi-AgE{_W}{{40,}}", 8),
    Shape("RubyGems token", r"rubygems_[0-9a-f]{40,}", 9),
    Shape("Docker Hub token", rf"dckr_[po]at_{_W}{{20,}}", 9),
    Shape("Pulumi token", r"pul-[0-9a-f]{40}", 4),
    Shape("JFrog token", rf"(?:AKCp|cmVmd){_A}{{50,}}", 5),
    # Messages, money, monitoring.
    Shape("Slack token", r"(?:xox[a-z](?:\.xox[a-z])?|xapp)-[A-Za-z0-9-]{10,}", 5),
    Shape("Slack webhook", r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{30,}", 24),
    Shape("Discord token", rf"[MNO]{_W}{{22,27}}\.{_W}{{6,7}}\.{_W}{{27,}}"),
    Shape("Telegram bot token", rf"\d{{6,12}}:AA{_W}{{30,}}", 6),
    Shape("Stripe key", rf"(?:[sr]k_(?:test|live|prod)_{_A}{{10,}}|whsec_[A-Za-z0-9+/]{{20,}})", 8),
    Shape("Twilio key", r"SK[0-9a-fA-F]{32}(?![A-Za-z0-9])", 2),
    Shape("SendGrid API key", rf"SG\.{_W}{{16,}}\.{_W}{{16,}}", 3),
    Shape("Mailgun API key", r"key-[0-9a-f]{32}", 4),
    Shape("Mailchimp API key", r"[0-9a-f]{32}-us\d{1,2}"),
    Shape("Brevo API key", r"xkeysib-[0-9a-f]{40,}", 8),
    Shape("Shopify token", rf"shp(?:at|ca|pa|ss)_{_H}{{32}}", 6),
    Shape("Square token", rf"(?:EAAA|sq0[a-z]{{3}}-){_W}{{22,}}", 4),
    Shape("Grafana token", r"(?:glc_[A-Za-z0-9+/]{32,}|glsa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8})", 5),
    Shape("Sentry token", r"sntry[su]_[A-Za-z0-9+/=_]{40,}", 7),
    Shape("New Relic key", rf"NR(?:AK|II|JS)-{_W}{{19,}}", 5),
    Shape("Dynatrace token", rf"dt0[a-z]\d\d\.{_A}{{24}}\.{_A}{{40,}}", 7),
    Shape("Atlassian token", r"ATATT3[A-Za-z0-9_=-]{60,}", 6),
    Shape("Airtable token", rf"pat{_A}{{14}}\.[0-9a-f]{{40,}}", 3),
    Shape("Linear API key", rf"lin_(?:api|oauth)_{_A}{{30,}}", 8),
    Shape("Notion token", rf"ntn_{_A}{{40,}}", 4),
    Shape("Figma token", rf"fig[doru]_{_W}{{30,}}", 5),
    Shape("Postman API key", r"PMAK-[0-9a-f]{24}-[0-9a-f]{30,}", 5),
    Shape("Doppler token", rf"dp\.(?:pt|st|ct|sa|scim|audit)\.{_W}{{30,}}", 6),
    Shape("1Password token", r"ops_eyJ[A-Za-z0-9+/]{40,}", 7),
    Shape("1Password secret key", r"A3-[A-Z0-9]{6}-[A-Z0-9]{6,11}(?:-[A-Z0-9]{5}){3,4}", 3),
    Shape("age secret key", r"AGE-SECRET-KEY-1[0-9A-Z]{50,}", 16),
    Shape("Facebook token", rf"EAA[A-Z]{_A}{{80,}}", 4),
    Shape("Readme API key", rf"rdme_{_A}{{40,}}", 5),
    Shape("Prefect API key", rf"pnu_{_A}{{30,}}", 4),
    Shape("Typeform token", rf"tfp_{_W}{{40,}}", 4),
    Shape("Duffel token", rf"duffel_(?:test|live)_{_W}{{40,}}", 12),
    # Made of parts.
    Shape("JSON web token", rf"eyJ{_W}{{15,}}\.eyJ{_W}{{15,}}(?:\.{_W}*)?", 3),
    Shape(
        "private key",
        r"-----BEGIN[ A-Z0-9]{0,40}?PRIVATE KEY(?: BLOCK)?-----"
        r"(?:[\s\S]*?-----END[ A-Z0-9]*-----|[A-Za-z0-9+/=\s]*)",
    ),
)
