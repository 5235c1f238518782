"""Read the parameters of a deployment: those of its credential stand behind its own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from routecomp.interop.body import body_value, is_body_key
from routecomp.interop.headers import add_header
from routecomp.interop.imported import Provider
from routecomp.interop.ledger import Ledger
from routecomp.interop.litellm.config import Deployment, LiteLLMConfig
from routecomp.interop.value import Kind, Value
from routecomp.parse.scalars import SLUG

OPENAI = frozenset(
    (
        "temperature",
        "top_p",
        "max_tokens",
        "max_completion_tokens",
        "presence_penalty",
        "frequency_penalty",
        "seed",
        "stop",
        "n",
        "user",
        "logit_bias",
        "logprobs",
        "top_logprobs",
        "response_format",
        "reasoning_effort",
        "parallel_tool_calls",
        "tool_choice",
        "service_tier",
        "verbosity",
        "store",
        "prompt_cache_key",
        "modalities",
        "prediction",
        "safety_identifier",
        "thinking",
        "top_k",
        "min_p",
        "repetition_penalty",
    )
)
"""Parameters that go upstream as they are, to hosts that speak OpenAI's contract."""
ANTHROPIC = frozenset(["temperature", "top_p", "top_k", "max_tokens", "stop_sequences", "thinking", "service_tier"])
"""Those that Anthropic's contract has under the same name with the same meaning."""

RESPONSES = frozenset(
    [
        *("temperature", "top_p", "user", "service_tier", "store", "parallel_tool_calls", "top_logprobs"),
        *("safety_identifier", "prompt_cache_key"),
    ]
)
"""Those that the API of responses has under the same name with the same meaning."""


class Params:
    """The parameters of one deployment."""

    def __init__(self, deployment: Deployment, config: LiteLLMConfig, ledger: Ledger) -> None:
        self.deployment = deployment
        self.ledger = ledger
        self._own = deployment.params
        self._credential = _credential(config, deployment.param("litellm_credential_name"), ledger)

    def get(self, name: str) -> Value | None:
        """Return a parameter, one of the credential where the deployment has none; None where it is null or missing."""
        own = self._own.get(name) if self._own is not None else None
        value = own if own is not None or self._credential is None else self._credential.get(name)
        return None if value is None or value.kind is Kind.NULL else value

    @property
    def base(self) -> Value | None:
        """The base URL that is called: LiteLLM reads `base_url` first, and sets it in the place of `api_base`."""
        stated = self.get("base_url")
        return self.get("api_base") if stated is None else stated

    def number(self, name: str) -> Decimal | None:
        """Return the number that a parameter is, those beside `litellm_params` too; None where it is none."""
        value = self.get(name) or self.deployment.value.get(name)
        return value.number if value is not None else None

    def add_headers(self, provider: Provider) -> None:
        """Add the headers that are sent along to a provider."""
        organization = self.get("organization")
        if organization is not None:
            add_header(provider, "openai-organization", organization, organization.variable, self.ledger)
        for name in ("extra_headers", "headers"):
            value = self.get(name)
            for key, inner in value.fields.items() if value is not None else ():
                add_header(provider, key, inner, inner.variable, self.ledger)

    def stack(self) -> str:
        """Return the region word that a deployment states, empty where it states none that is one."""
        region = self.get("region_name")
        word = region.text.lower() if region is not None and region.kind is Kind.TEXT else ""
        if SLUG.fullmatch(word) and not word.startswith("avoid-"):
            self.ledger.map(region, f"`stack: {word}` of the provider")
            return word
        return ""

    def body(self, adapter: str) -> dict[str, Any]:
        """Return what goes into the body of every call, in the words of the adapter's contract."""
        known = {"anthropic": ANTHROPIC, "openai_responses": RESPONSES}.get(
            adapter, OPENAI if adapter.startswith(("openai", "azure")) else frozenset()
        )
        body: dict[str, Any] = {}
        for name, value in self._own.fields.items() if self._own is not None else ():
            if value.kind is Kind.NULL:
                continue
            if name == "extra_body" and value.kind is Kind.MAPPING and known:
                for key, inner in value.fields.items():
                    self._add(body, key, inner)
            elif name in known:
                self._add(body, name, value)
            elif name in OPENAI or name == "extra_body":
                instead = "write it under `params` of the model, in the host's own words"
                self.ledger.lose(value, f"hosts that speak `{adapter}` do not have it under this name", instead)
        return body

    def _add(self, body: dict[str, Any], key: str, value: Value) -> None:
        """Add a parameter to the body if it can stand there."""
        content = body_value(value)
        if content is None or not is_body_key(key):
            reason = "a body cannot bring it along"
            self.ledger.lose(value, reason, "let callers send it", routes=key in ("model", "models"))
            return
        body[key] = content
        self.ledger.map(value, f"`params.{key}` of the model, sent with every call")


def _credential(config: LiteLLMConfig, name: Value | None, ledger: Ledger) -> Value | None:
    """Return the values of the credential that a deployment names."""
    listed = config.root.get("credential_list")
    if name is None or listed is None:
        return None
    for entry in listed.items:
        if entry.text_of("credential_name") == name.text:
            ledger.map(name, "the provider that the credential leads to")
            ledger.map(entry.get("credential_name"), "the name that deployments refer to")
            ledger.lose(entry.get("credential_info"), "nothing reads it")
            return entry.get("credential_values")
    ledger.lose(name, "no entry of `credential_list` has this name", "add the entry, or write the key's variable")
    return None
