"""Define the types of a provider's wire contract: adapters, ways of sending a key, headers, what a query holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, TypeAlias

from routecomp.model.adapters import ADAPTERS, AUTHS, OWN_HEADER, TOKEN
from routecomp.model.fields import check_name, key_type, name_type
from routecomp.model.invalid import quote_value, refuse, require_scalar, scalar_text
from routecomp.model.part import Value
from routecomp.model.suggest import suggestion, typo_of
from routecomp.model.to_do import refuse_to_do
from routecomp.parse.scalars import NUMBER
from routecomp.parse.tree import Node

_QUERY_NAME = re.compile(r"[ -~]+", re.ASCII)
_REGION = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_PRINTABLE = re.compile(r"[ -~]*", re.ASCII)
_A_HEADER = "the name of a header"
_HEADER_REMEDY = "use letters, digits and `-`, as in anthropic-version"
KNOWN_AS = {
    "azure": "azure_openai",
    "azure-openai": "azure_openai",
    "vertex_ai": "vertex",
    "google": "gemini",
    "aws": "bedrock",
    "claude": "anthropic",
    "openai-like": "openai_compatible",
    "openai_like": "openai_compatible",
} | dict.fromkeys(
    (
        *("cerebras", "cloudflare", "deepinfra", "deepseek", "fireworks", "fireworks_ai", "groq", "huggingface"),
        *("hosted_vllm", "litellm", "lm_studio", "mistral", "moonshot", "nebius", "novita", "ollama", "openrouter"),
        *("perplexity", "sambanova", "tgi", "together", "together_ai", "vllm", "xai"),
    ),
    "openai_compatible",
)
"""What others call an adapter, or the host of one."""


def _adapter(value: Node) -> str:
    """Read an adapter; refuse a word that is none (RC121), and say which was meant, if that can be told."""
    text = scalar_text(value, "an adapter")
    if text not in ADAPTERS:
        near = typo_of(text, ADAPTERS)
        known = KNOWN_AS.get(text.lower())
        otherwise = f"write one of {', '.join(ADAPTERS)}; `custom` is for a protocol of its own"
        refuse(
            "RC121",
            f"is {quote_value(text)}, which is no adapter" if text else "is empty; an adapter is wanted",
            f"write `{known}`" if known and not near else suggestion(text, ADAPTERS, otherwise),
            replacement=near or known or "custom",
        )
    return text


def _auth(value: Node) -> str:
    """Read a word of `auth`, or `header:NAME`; refuse all else (RC121), and a name that no header can have (RC118)."""
    words = (*AUTHS, f"{OWN_HEADER}NAME")
    text = scalar_text(value, f"one of {', '.join(words)}")
    if text.startswith(OWN_HEADER):
        check_name(text.removeprefix(OWN_HEADER), TOKEN, _A_HEADER, _HEADER_REMEDY)
    elif text not in AUTHS:
        refuse(
            "RC121",
            f"is {quote_value(text)}; it must be one of {', '.join(words)}",
            suggestion(text, AUTHS, f"write one of {', '.join(AUTHS)}, or `{OWN_HEADER}{_as_header(text)}`"),
            replacement=_sent_with_key(typo_of(text, AUTHS)),
        )
    return text


def _sent_with_key(word: str | None) -> str | None:
    """Return a word of `auth` that a fix may write: none that takes the key away."""
    return None if word == "none" else word


def _as_header(text: str) -> str:
    """Return the name of a header that a text may have been meant as; else what stands for one."""
    return text if TOKEN.fullmatch(text) else "NAME"


def _quoted_text(value: Node) -> str:
    """Read the value of a header or of a name of the query: printable ASCII, a number or boolean in quotes alone.

    A plain `TODO` is refused (RC126).
    """
    node = require_scalar(value, "text in quotes")
    refuse_to_do(node)
    if node.plain and (node.text in ("true", "false") or NUMBER.fullmatch(node.text)):
        refuse(
            "RC115",
            f"is {quote_value(node.text)}, a {'number' if NUMBER.fullmatch(node.text) else 'boolean'}; text is wanted",
            "write it in quotes",
            replacement=f'"{node.text}"',
            is_spelling=True,
        )
    return check_name(node.text, _PRINTABLE, "printable ASCII text", "leave the other characters out")


if TYPE_CHECKING:
    Adapter: TypeAlias = str
    Auth: TypeAlias = str
    Region: TypeAlias = str
    HeaderName: TypeAlias = str
    QueryName: TypeAlias = str
    QuotedText: TypeAlias = str
else:
    Adapter = Annotated[str, Value(_adapter, {"type": "string", "enum": list(ADAPTERS)})]
    Auth = Annotated[
        str,
        Value(_auth, {"type": "string", "pattern": f"^({'|'.join(AUTHS)}|{OWN_HEADER}{TOKEN.pattern})$"}),
    ]
    Region = name_type(_REGION, "an AWS region", "use a word like eu-central-1")
    HeaderName = key_type(TOKEN, _A_HEADER, _HEADER_REMEDY)
    QueryName = key_type(_QUERY_NAME, "a name of the query", "use printable ASCII")
    QuotedText = Annotated[str, Value(_quoted_text, {"type": "string", "pattern": "^[ -~]*$"})]
