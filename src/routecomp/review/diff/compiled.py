"""A compiled table in, what comparing decisions needs of it out: a resolver, and every name callers may send."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from routecomp.runtime.resolver import Decision, Router
from routecomp.table.codec import decode

Content = Mapping[str, Any]
PREFERENCES: tuple[str | None, ...] = (None, "quality", "balanced", "cost")
"""The positions of the dial a request may name."""
_PERMISSION = ("banned_models", "banned_providers", "compliance_bp", "stacks")


class Side:
    """One side of a change: a table as plain values, and the shipped resolver over it."""

    def __init__(self, data: bytes, fallback: bytes | None = None) -> None:
        self.router = Router.from_bytes(data, fallback)
        self.refused: str | None = self.router.status()["last_rejection"]
        self.content: Content = {} if self.refused is not None else decode(data)

    def decide(self, request: Mapping[str, Any]) -> Decision:
        """The decision, without the table's hash: that always differs."""
        return self.router.resolve(**request)._replace(ruleset_hash=None)

    @cached_property
    def kinds(self) -> dict[str, str]:
        """What `model` may name, and the kind of route it leads to."""
        content = self.content
        kinds: dict[str, str] = {}
        for kind, names in (
            ("logical", self.hosts),
            ("direct", content["models"]),
            ("experiment", content["experiments"]),
            ("target", content["targets"]),
            ("alias", content["aliases"]),
        ):
            kinds.update(dict.fromkeys(names, kind))
        return kinds

    @cached_property
    def hosts(self) -> dict[str, list[str]]:
        """Logical model to its hosts."""
        hosts: dict[str, list[str]] = {}
        for slug, model in self.content["models"].items():
            if model["logical"] is not None:
                hosts.setdefault(model["logical"], []).append(slug)
        return hosts

    def policy(self, tenant: str | None) -> tuple[str, str]:
        """How a caller stands to this table: whether their tenant is declared, and the policy's name."""
        if tenant is None:
            return "declared", self.content["defaults"]["policy"]
        name = self.content["tenants"].get(tenant)
        if name is not None:
            return "declared", name
        defaults = self.content["defaults"]
        return f"unknown, {defaults['unknown_tenant']}", defaults["policy"]

    def permission(self, standing: tuple[str, str]) -> tuple[object, ...]:
        """What of a policy binds a route that is not ranked."""
        policy = self.content["policies"][standing[1]]
        return standing[0], *(json.dumps(policy[key]) for key in _PERMISSION)

    @property
    def gate(self) -> str | None:
        """The variable that opens the dial."""
        preferences = self.content["preferences"]
        return None if preferences is None else preferences["gate_env"]


@contextmanager
def open_gates(*sides: Side) -> Iterator[None]:
    """With the gates of both sides open: the resolver's one input from outside of its request."""
    names = {side.gate for side in sides} - {None}
    kept = {name: os.environ.get(name) for name in names if name is not None}
    try:
        for name in kept:
            os.environ[name] = "1"
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
