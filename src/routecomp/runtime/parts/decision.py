"""Define what a caller gets: the decision, and the endpoint of one model of its chain."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

# --- The answer ---------------------------------------------------------------------------------------------


class Decision(NamedTuple):
    """The answer for one request; the keys and their order are those of docs/semantics.md, section 4."""

    status: str
    route: str | None = None
    source: str | None = None
    model: str | None = None
    provider: str | None = None
    upstream_model: str | None = None
    url: str | None = None
    adapter: str | None = None
    api_key_env: str | None = None
    chain: tuple[str, ...] = ()
    shadows: tuple[str, ...] = ()
    experiment: str | None = None
    variant: str | None = None
    version: int | None = None
    slot: int | None = None
    floor_bp: int | None = None
    estimated_cost_pusd: int | None = None
    reasons: tuple[str, ...] = ()
    ruleset_hash: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The decision as plain JSON values, keys in order."""
        pairs = zip(self._fields, self, strict=True)
        return {key: list(value) if type(value) is tuple else value for key, value in pairs}

    def to_json(self) -> str:
        """The decision as one line of ASCII JSON, keys in order."""
        return json.dumps(self.to_dict())


class Endpoint(NamedTuple):
    """Where and as what one model of a decision's chain is called; the fields are a decision's of the same names."""

    model: str
    provider: str
    upstream_model: str
    url: str
    adapter: str
    api_key_env: str | None
