"""Give a try what it needs: the endpoint of a model, the time that is left, and the key."""

from __future__ import annotations

import os
from collections.abc import Mapping
from copy import deepcopy
from types import TracebackType
from typing import Any, Protocol

from routecomp.runtime.resolver import Endpoint


class Trying(Protocol):
    """What a try tells when it ends, where it stands in a `with` block of its own."""

    def end_try(self, error: BaseException | None) -> bool:
        """Take note of how it ended; return whether the walk goes on after its error."""


class At:
    """Where one try goes: every field of an `Endpoint`, and `timeout`, `number` and `api_key`."""

    __slots__ = ("_headers", "_params", "_trying", "endpoint", "number", "timeout")

    endpoint: Endpoint
    """The endpoint itself; its mappings are shared by all calls, so do not change them."""
    timeout: float
    """The seconds to wait at most: the lowest of what is left of the deadline and of the endpoint's own time-outs."""
    number: int
    """The number of this try within the call, from 1."""

    def __init__(self, endpoint: Endpoint, number: int, timeout: float, trying: Trying | None = None) -> None:
        self.endpoint = endpoint
        self.number = number
        self.timeout = timeout
        self._trying = trying

    @property
    def api_key(self) -> str | None:
        """The key, read from the environment when it is asked for; None if the provider needs none."""
        name = self.endpoint.api_key_env
        return None if name is None else os.environ.get(name)

    @property
    def headers(self) -> dict[str, str]:
        """The headers to send as they are; the mapping is the caller's own."""
        try:
            return self._headers
        except AttributeError:  # asked for the first time
            self._headers: dict[str, str] = dict(self.endpoint.headers)
            return self._headers

    @property
    def params(self) -> dict[str, Any]:
        """What goes upstream in the body, beside what the caller asked; the mapping is the caller's own."""
        try:
            return self._params
        except AttributeError:  # asked for the first time
            self._params: dict[str, Any] = deepcopy(dict(self.endpoint.params)) if self.endpoint.params else {}
            return self._params

    @property
    def model(self) -> str:
        """The slug of the model."""
        return self.endpoint.model

    @property
    def provider(self) -> str:
        """The slug of the model's provider."""
        return self.endpoint.provider

    @property
    def upstream_model(self) -> str:
        """The provider's own name for the model."""
        return self.endpoint.upstream_model

    @property
    def url(self) -> str:
        """The address to call for an answer that does not stream."""
        return self.endpoint.url

    @property
    def stream_url(self) -> str:
        """The address to call for an answer that streams."""
        return self.endpoint.stream_url

    @property
    def base_url(self) -> str | None:
        """The base URL that the provider's own SDK takes."""
        return self.endpoint.base_url

    @property
    def adapter(self) -> str:
        """The word for the provider's protocol."""
        return self.endpoint.adapter

    @property
    def api_key_env(self) -> str | None:
        """The environment variable that holds the key; None if the provider needs none."""
        return self.endpoint.api_key_env

    @property
    def auth(self) -> str:
        """How the key is sent."""
        return self.endpoint.auth

    @property
    def secret_headers(self) -> Mapping[str, str]:
        """The environment variable that holds the value of each further header that is secret."""
        return dict(self.endpoint.secret_headers)

    @property
    def region(self) -> str | None:
        """The AWS region to sign for."""
        return self.endpoint.region

    @property
    def model_in(self) -> str | None:
        """Where the request names the model."""
        return self.endpoint.model_in

    @property
    def stream_by(self) -> str | None:
        """Where the request asks for a stream."""
        return self.endpoint.stream_by

    @property
    def max_output_tokens(self) -> int | None:
        """The most output tokens that the model answers with."""
        return self.endpoint.max_output_tokens

    @property
    def timeouts(self) -> Mapping[str, int]:
        """The endpoint's own time-outs, in milliseconds."""
        return dict(self.endpoint.timeouts)

    @property
    def limits(self) -> Mapping[str, Mapping[str, int]]:
        """The limits of the provider and of the model."""
        return {whose: dict(limits) for whose, limits in self.endpoint.limits.items()}

    def __repr__(self) -> str:
        """Name the model and the try, and no key."""
        return f"At(model={self.model!r}, provider={self.provider!r}, number={self.number}, timeout={self.timeout:.3f})"

    def __enter__(self) -> At:
        """Begin the try of a `dispatch` loop."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        """End it: what a host did wrong goes no further than this block, so that the loop gives the next model."""
        return self._trying is not None and self._trying.end_try(error)
