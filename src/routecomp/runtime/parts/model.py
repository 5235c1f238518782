"""Hold one model with its endpoint and its prices."""

from __future__ import annotations

from typing import Any, Final

from routecomp.runtime.parts.limits import _TOP

# --- Models and masks ---------------------------------------------------------------------------------------


class _Model:
    """One model with its provider's part of the endpoint; amounts in the units of docs/table.md."""

    __slots__ = ("active", "blended", "capabilities", "compliance", "context", "endpoint", "index", "input",
                 "known", "latency", "listed", "logical", "min_output", "output", "priced", "provider",
                 "quality", "ratio", "slug", "stack")

    def __init__(self, slug: str, body: dict[str, Any], provider: dict[str, Any] | None) -> None:
        self.slug, self.index = slug, 0  # its place in the catalogue, which sets it
        self.provider: str = body["provider"]
        # A provider nobody declares has no address: its models never serve (docs/semantics.md, section 6).
        self.known = provider is not None
        at = _NOWHERE if provider is None else provider
        self.active: bool = body["active"] and self.known
        self.listed: bool = body["listed"]
        self.stack: str | None = at["stack"]
        self.logical: str | None = body["logical"]
        self.capabilities: list[str] = body["capabilities"]
        self.compliance: int = body["compliance_bp"]
        self.context: int = body["context_window"]
        self.min_output: int = body["min_output_tokens"]
        self.quality: int = body["quality_bp"]
        self.latency: int = body["latency_ms"]
        self.input: int = body["input_pusd"]
        self.output: int = body["output_pusd"]
        self.ratio: int = body["output_ratio_bp"]
        self.blended: int = self.input * _TOP + self.ratio * self.output  # of 10,000 tokens with what they bring
        self.priced = True
        self.endpoint = (slug, self.provider, body["upstream"], at["url"], at["adapter"], at["api_key_env"])

    def cost(self, tokens: int, most_output: int | None) -> int:
        """Estimated cost in pico-dollars of `tokens` input tokens, rounded up once."""
        if most_output is None or most_output * _TOP >= tokens * self.ratio:
            return -(tokens * self.blended // -_TOP)  # both prices are whole, so only this needs rounding
        return tokens * self.input + most_output * self.output


_NOWHERE: Final = dict.fromkeys(("adapter", "api_key_env", "stack", "url"))
