"""Declare what providers and models both say for the service that calls them."""

from __future__ import annotations

from routecomp.model.fields import CountAboveZero
from routecomp.model.part import Field, Part


class Timeouts(Part):
    """How long your service waits, in milliseconds; what is left out has no limit."""

    connect_ms: CountAboveZero | None = Field(
        None, description="Longest wait for a connection, in milliseconds. Default none.", examples=[5000]
    )
    first_token_ms: CountAboveZero | None = Field(
        None, description="Longest wait for the first token, in milliseconds. Default none.", examples=[30000]
    )
    total_ms: CountAboveZero | None = Field(
        None, description="Longest wait for the whole answer, in milliseconds. Default none.", examples=[120000]
    )


class Limits(Part):
    """How much your service sends; what is left out has no limit."""

    rpm: CountAboveZero | None = Field(None, description="Most requests a minute. Default none.", examples=[4000])
    tpm: CountAboveZero | None = Field(None, description="Most tokens a minute. Default none.", examples=[400000])
    parallel: CountAboveZero | None = Field(None, description="Most requests at once. Default none.", examples=[64])


PARAMS = (
    "Any JSON but null that goes upstream in the body of every request; never model, messages or stream, and no "
    "credential. "
)
