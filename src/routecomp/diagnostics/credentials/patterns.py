"""List the shapes of vendors' credentials, and build one pattern of all.

Lengths are lower bounds, a little under the documented ones where the prefix alone tells, so that a key cut
short by a careless paste is found as well; alphabets are the documented ones.
"""

from __future__ import annotations

import re
from functools import cache

_A = "[A-Za-z0-9]"
_W = "[A-Za-z0-9_-]"
_B = "[A-Za-z0-9+/]"
_H = "[0-9a-f]"

# What people call it; the pattern behind the prefix; the prefixes, which everybody knows.
# Where one prefix begins with another, the longer one stands above.
SHAPES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    # Model hosts
    ("Anthropic API key", f"{_W}{{20,}}", ("sk-ant-",)),
    ("OpenRouter API key", rf"(?:v\d-)?{_A}{{20,}}", ("sk-or-",)),
    ("OpenAI API key", f"{_W}{{20,}}", ("sk-proj-", "sk-svcacct-", "sk-admin-", "sk-service-", "sk-None-")),
    ("Langfuse key", f"{_W}{{20,}}", ("sk-lf-", "pk-lf-")),
    ("Helicone API key", f"{_W}{{20,}}", ("sk-helicone-", "pk-helicone-")),
    ("OpenAI API key", f"{_A}{{20}}T3BlbkFJ{_A}{{20}}", ("sk-",)),
    ("DeepSeek API key", f"{_H}{{32}}(?!{_A})", ("sk-",)),
    ("OpenAI-style API key", f"{_A}{{20,}}", ("sk-",)),
    ("Groq API key", f"{_A}{{20,}}", ("gsk_",)),
    ("xAI API key", f"{_A}{{20,}}", ("xai-",)),
    ("Perplexity API key", f"{_A}{{20,}}", ("pplx-",)),
    ("Hugging Face token", f"{_A}{{30,}}", ("hf_", "api_org_")),
    ("Replicate API token", f"{_A}{{30,}}", ("r8_",)),
    ("Fireworks API key", f"{_A}{{20,}}", ("fw_",)),
    ("Together API key", f"{_W}{{30,}}", ("tgp_v1_",)),
    ("NVIDIA API key", f"{_W}{{30,}}", ("nvapi-",)),
    ("Cerebras API key", f"{_A}{{30,}}", ("csk-",)),
    ("Anyscale API key", f"{_A}{{20,}}", ("esecret_",)),
    ("Voyage API key", f"{_W}{{40,}}", ("pa-", "al-")),
    ("Jina API key", f"{_W}{{40,}}", ("jina_",)),
    ("Tavily API key", f"{_W}{{20,}}", ("tvly-",)),
    ("RunPod API key", f"{_A}{{30,}}", ("rpa_",)),
    ("Pinecone API key", f"{_A}{{4,40}}_{_A}{{30,}}", ("pcsk_",)),
    ("LangSmith API key", f"{_W}{{30,}}", ("lsv2_pt_", "lsv2_sk_", "ls__")),
    ("Weights & Biases API key", f"{_W}{{30,}}", ("wandb_v1_",)),
    ("ElevenLabs API key", f"{_H}{{40,}}", ("sk_",)),
    ("Databricks token", f"{_H}{{32}}", ("dapi",)),
    ("Baidu API key", f"{_W}{{10,}}/{_A}{{20,}}", ("bce-v3/",)),
    # Clouds
    ("Google API key", f"{_W}{{30,}}", ("AIza",)),
    ("Google OAuth token", f"{_W}{{20,}}", ("ya29.",)),
    ("Google OAuth client secret", f"{_W}{{20,}}", ("GOCSPX-",)),
    ("AWS access key id", "[A-Z2-7]{16}(?![A-Z0-9])", ("AKIA", "ASIA", "ABIA", "ACCA")),
    ("AWS Bedrock API key", f"{_B}{{40,}}", ("ABSK", "bedrock-api-key-")),
    ("Azure storage key", f"{_B}{{40,}}", ("AccountKey=",)),
    ("Alibaba Cloud access key", f"{_A}{{16,}}", ("LTAI",)),
    ("Tencent Cloud secret id", f"{_A}{{28,}}", ("AKID",)),
    ("Yandex API key", f"{_W}{{35,}}", ("AQVN",)),
    ("DigitalOcean token", f"{_H}{{40,}}", ("dop_v1_", "doo_v1_", "dor_v1_")),
    ("Heroku API key", f"{_W}{{30,}}", ("HRKU-",)),
    ("HashiCorp Vault token", f"{_W}{{20,}}", ("hvs.", "hvb.", "hvr.")),
    ("Fly.io token", f"{_B}{{40,}}", ("fm1_", "fm1a_", "fm1r_", "fm2_")),
    ("Fly.io token", f"{_W}{{40,}}", ("fo1_",)),
    ("Supabase key", f"{_W}{{20,}}", ("sbp_", "sb_secret_")),
    ("PlanetScale credential", "[A-Za-z0-9_=.-]{30,}", ("pscale_tkn_", "pscale_oauth_", "pscale_pw_")),
    # Code hosts and package registries
    ("GitHub token", f"{_A}{{30,}}", ("ghp_", "gho_", "ghs_", "ghu_", "ghr_")),
    ("GitHub token", "[A-Za-z0-9_]{40,}", ("github_pat_",)),
    ("GitLab token", f"{_W}{{20,}}", ("glpat-", "glptt-", "glrt-", "gldt-", "glcbt-", "glft-")),
    ("GitLab token", f"{_W}{{20,}}", ("glsoat-", "glimt-", "glagent-", "gloas-", "glffct-", "GR1348941")),
    ("npm token", f"{_A}{{30,}}", ("npm_",)),
    ("PyPI token", f"{_W}{{40,}}", ("pypi-AgE",)),
    ("RubyGems token", f"{_H}{{40,}}", ("rubygems_",)),
    ("Docker Hub token", f"{_W}{{20,}}", ("dckr_pat_", "dckr_oat_")),
    ("Pulumi token", f"{_H}{{40}}", ("pul-",)),
    ("JFrog token", f"{_A}{{50,}}", ("AKCp", "cmVmd")),
    # Messages, money, monitoring
    ("Slack token", "[abeoprs]-[A-Za-z0-9-]{10,}", ("xox",)),
    ("Slack token", "[A-Za-z0-9-]{10,}", ("xapp-",)),
    ("Slack token", "xox[bp]-[A-Za-z0-9-]{10,}", ("xoxe.",)),
    ("Slack webhook", f"(?:services|workflows|triggers)/{_B}{{30,}}", ("hooks.slack.com/",)),
    ("Stripe key", f"(?:test|live|prod)_{_A}{{10,}}", ("sk_", "rk_")),
    ("Stripe webhook secret", f"{_B}{{20,}}", ("whsec_",)),
    ("Twilio key", f"[0-9a-fA-F]{{32}}(?!{_A})", ("SK",)),
    ("SendGrid API key", rf"{_W}{{16,100}}\.{_W}{{16,}}", ("SG.",)),
    ("Mailgun API key", f"{_H}{{32}}", ("key-",)),
    ("Brevo API key", f"{_H}{{40,}}", ("xkeysib-",)),
    ("Shopify token", "[0-9a-fA-F]{32}", ("shpat_", "shpca_", "shppa_", "shpss_")),
    ("Square token", f"{_W}{{22,}}", ("EAAA", "sq0atp-", "sq0csp-", "sq0idp-")),
    ("Grafana token", f"{_B}{{32,}}", ("glc_", "glsa_")),
    ("Sentry token", "[A-Za-z0-9+/=_]{40,}", ("sntrys_", "sntryu_")),
    ("New Relic key", f"{_W}{{19,}}", ("NRAK-", "NRII-", "NRJS-")),
    ("Dynatrace token", rf"{_A}{{24}}\.{_A}{{40,}}", ("dt0c01.",)),
    ("Atlassian token", "[A-Za-z0-9_=-]{60,}", ("ATATT3",)),
    ("Airtable token", rf"{_A}{{14}}\.{_H}{{40,}}", ("pat",)),
    ("Linear API key", f"{_A}{{30,}}", ("lin_api_", "lin_oauth_")),
    ("Notion token", f"{_A}{{40,}}", ("ntn_",)),
    ("Figma token", f"{_W}{{30,}}", ("figd_", "figo_", "figr_", "figu_")),
    ("Postman API key", f"{_H}{{24}}-{_H}{{30,}}", ("PMAK-",)),
    ("Doppler token", rf"(?:pt|st|ct|sa|scim|audit)\.{_W}{{30,}}", ("dp.",)),
    ("1Password token", f"{_B}{{40,}}", ("ops_eyJ",)),
    ("1Password secret key", "[A-Z0-9]{6}-[A-Z0-9]{6,11}(?:-[A-Z0-9]{5}){3,4}", ("A3-",)),
    ("age secret key", "[0-9A-Z]{50,}", ("AGE-SECRET-KEY-1",)),
    ("Facebook token", f"[A-Z]{_A}{{80,}}", ("EAA",)),
    ("Readme API key", f"{_A}{{40,}}", ("rdme_",)),
    ("Prefect API key", f"{_A}{{30,}}", ("pnu_",)),
    ("Typeform token", f"{_W}{{40,}}", ("tfp_",)),
    ("Duffel token", f"{_W}{{40,}}", ("duffel_test_", "duffel_live_")),
    ("JSON web token", rf"(?<![A-Za-z0-9_-]eyJ){_W}{{15,}}\.eyJ{_W}{{15,}}(?:\.{_W}*)?", ("eyJ",)),
)


_PREFIXES = tuple(prefix for _, _, prefixes in SHAPES for prefix in prefixes)


def may_have_shape(text: str) -> bool:
    """Return False only if no key in this text has a vendor's shape: making their pattern takes 20 ms."""
    return any(prefix in text for prefix in _PREFIXES)


def shape_of(match: re.Match[str]) -> tuple[str, int]:
    """Return the kind of a match of `shapes_pattern`, and the length of its publicly known prefix."""
    return _kinds()[int((match.lastgroup or "s0")[1:])]


@cache
def shapes_pattern() -> re.Pattern[str]:
    """Return one pattern for every shape; a key starts where a word starts."""
    by_letter: dict[str, list[str]] = {}
    number = 0
    for _, rest, prefixes in SHAPES:
        for prefix in prefixes:
            # Sorted by first letter: the pattern is tried at every word, and most words start no key.
            by_letter.setdefault(prefix[0], []).append(f"(?P<s{number}>{re.escape(prefix[1:])}{rest})")
            number += 1
    letters = "|".join(f"{letter}(?:{'|'.join(shapes)})" for letter, shapes in by_letter.items())
    return re.compile(rf"(?<![A-Za-z0-9])(?:{letters})")


@cache
def _kinds() -> list[tuple[str, int]]:
    """Return kind and length of the prefix for each group of `shapes_pattern`, by the group's number."""
    return [(kind, len(prefix)) for kind, _, prefixes in SHAPES for prefix in prefixes]
