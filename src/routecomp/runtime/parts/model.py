"""Hold what the table says about one model, and estimate what a request costs on it."""

from __future__ import annotations

from typing import Any, Final

from routecomp.runtime.parts.contracts import _HOLE
from routecomp.runtime.parts.limits import _ONE_BP


class _Model:
    """A model with its endpoint; amounts are in the units of docs/table.md."""

    __slots__ = (
        "active",
        "address",
        "blended",
        "body",
        "capabilities",
        "ceiling",
        "compliance",
        "context",
        "endpoint",
        "in_path",
        "index",
        "input",
        "known",
        "latency",
        "listed",
        "logical",
        "min_output",
        "output",
        "priced",
        "provider",
        "quality",
        "ratio",
        "slug",
        "stack",
        "streamed",
    )

    def __init__(self, slug: str, body: dict[str, Any], provider: dict[str, Any] | None) -> None:
        self.slug = slug
        self.index = 0  # the model's place in its catalogue, which sets it
        self.provider: str = body["provider"]
        # A provider that nobody declares has no address: its models never serve (docs/semantics.md, section 6).
        self.known = provider is not None
        self.body = body
        address: dict[str, Any] = _NO_ADDRESS if provider is None else provider
        self.active: bool = body["active"] and self.known
        self.listed: bool = body["listed"]
        self.stack: str | None = address["stack"]
        self.logical: str | None = body["logical"]
        self.capabilities: list[str] = body["capabilities"]
        self.compliance: int = body["compliance_bp"]
        self.context: int = body["context_window"]
        self.min_output: int = body["min_output_tokens"]
        self.ceiling: int | None = body["max_output_tokens"]
        self.quality: int = body["quality_bp"]
        self.latency: int = body["latency_ms"]
        self.input: int = body["input_pusd"]
        self.output: int = body["output_pusd"]
        self.ratio: int = body["output_ratio_bp"]
        # The price of 10,000 input tokens and of the output tokens they bring.
        self.blended: int = self.input * _ONE_BP + self.ratio * self.output
        self.priced = True
        self.address = address
        url: str = address["url"]
        # As in a decision, from `model` to `api_key_env`: for a call that does not stream, and for one that does.
        self.endpoint: tuple[str, str, str, str, str, str | None] = (
            slug,
            self.provider,
            body["upstream"],
            url,
            address["adapter"],
            body["api_key_env"] or address["api_key_env"],
        )
        self.streamed = self.endpoint
        self.in_path: str = body["upstream_in_path"] or body["upstream"]
        if (stream_url := address["stream_url"]) is not None:  # also where the model stands in the path
            name = self.in_path
            before, after = self.endpoint[:3], self.endpoint[4:]
            self.endpoint = (*before, url.replace(_HOLE, name), *after)
            self.streamed = (*before, stream_url.replace(_HOLE, name), *after)

    def cost(self, tokens: int, max_output: int | None) -> int:
        """Return the estimated cost of a request in pico-dollars, rounded up once.

        `tokens` is the number of input tokens, `max_output` the most output tokens that the caller allows.
        """
        if max_output is None or max_output * _ONE_BP >= tokens * self.ratio:
            return -(tokens * self.blended // -_ONE_BP)  # both prices are whole, so only this needs rounding
        return tokens * self.input + max_output * self.output


class _CappedModel(_Model):
    """A model that answers with so many tokens at most, as most models of most tables do not."""

    __slots__ = ()

    def cost(self, tokens: int, max_output: int | None) -> int:
        """Return the estimated cost of a request, of which the model's own ceiling bounds the output too."""
        ceiling: Any = self.ceiling
        if max_output is None or ceiling < max_output:
            max_output = ceiling
        return super().cost(tokens, max_output)


def _make_model(slug: str, body: dict[str, Any], provider: dict[str, Any] | None) -> _Model:
    """Return a model of a file; `provider` is None where the file does not declare it."""
    return (_Model if body["max_output_tokens"] is None else _CappedModel)(slug, body, provider)


_NO_ADDRESS: Final = dict.fromkeys(("adapter", "api_key_env", "stack", "stream_url", "url"))
