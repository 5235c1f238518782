"""Hold one side of a comparison: a compiled table, a resolver over it, and every name that callers may send."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Protocol

from routecomp.model.call_names import pattern_of
from routecomp.runtime.resolver import Decision, Router
from routecomp.table.codec import compact, content_name

Content = Mapping[str, Any]
"""A routing table as plain values."""
Standing = tuple[str, str]
"""How a caller stands to a table: whether their tenant is declared, and the name of their policy."""
PREFERENCES: tuple[str | None, ...] = (None, "quality", "balanced", "cost")
"""The preferences a request may name; None: no preference."""
ALIASES = {"aliases": "target", "patterns": "target", "feature_aliases": "feature", "model_aliases": "direct"}
"""Section of the table to the kind of route that its names lead to; a table need not have those that are empty."""
_PERMISSIONS = ("banned_models", "banned_providers", "compliance_bp", "stacks")


class CompiledSide:
    """One side of a comparison.

    `rejection` is the reason for which the resolver refuses the table, or None; `content` is empty where it does.
    In `content` policies and orders are named by all that they hold: of two sides, equal names mean equal policies.
    """

    def __init__(self, data: bytes) -> None:
        self.router = Router.from_bytes(data, None)
        self.rejection: str | None = self.router.status()["last_rejection"]
        self.content: Content = {} if self.rejection is not None else _named_by_content(json.loads(data))

    def decide(self, request: Mapping[str, Any]) -> Decision:
        """Return the decision on a request without the table's hash, which always differs."""
        return self.router.resolve(**request)._replace(ruleset_hash=None)

    @cached_property
    def route_kinds(self) -> dict[str, str]:
        """Each name that `model` may give, a pattern for all that begin so, and the kind of route it leads to."""
        content = self.content
        kinds: dict[str, str] = {}
        for kind, names in (
            ("logical", self.hosts),
            ("direct", content["models"]),
            ("experiment", content["experiments"]),
            ("target", content["targets"]),
            ("alias", self.aliases),
        ):
            kinds.update(dict.fromkeys(names, kind))
        return kinds

    @cached_property
    def aliases(self) -> dict[str, tuple[str, str]]:
        """Each alias and each pattern, with kind and name of the route it leads to."""
        return {
            name: (kind, slug)
            for section, kind in ALIASES.items()
            for name, slug in self.content.get(section, {}).items()
        }

    def route_kind(self, name: str) -> str | None:
        """Return the kind of route that any name leads to; None where it leads nowhere."""
        return self.route_kinds.get(name) or (None if self.pattern(name) is None else "alias")

    def leads_to(self, name: str) -> tuple[str, str] | None:
        """Return kind and name of the route that an alias leads to, or a name that begins with a pattern."""
        return self.aliases.get(name) or self.aliases.get(self.pattern(name) or "")

    def pattern(self, name: str) -> str | None:
        """Return the pattern that an undeclared name begins with; None without one."""
        content = self.content
        if name in self.route_kinds or name in content.get("unanswered", {}):
            return None
        return pattern_of(name, content.get("patterns", {}))

    @cached_property
    def hosts(self) -> dict[str, list[str]]:
        """Logical model to its hosts, in the order of the models."""
        hosts: dict[str, list[str]] = {}
        for slug, model in self.content["models"].items():
            if model["logical"] is not None:
                hosts.setdefault(model["logical"], []).append(slug)
        return hosts

    @cached_property
    def shared(self) -> dict[str, str]:
        """Each model that shares the load of a logical model, and that logical model."""
        return {slug: logical for logical, slots in self.content["shares"].items() for _, slug in slots}

    def load_of(self, request: Mapping[str, Any]) -> str | None:
        """Return the logical model whose load is shared where a request without a unit is answered; None for others."""
        decision = self.decide(request)
        is_ranked = decision.source == "table" and decision.route in ("feature", "target", "logical")
        return self.shared.get(decision.model or "") if is_ranked else None

    def standing(self, tenant: str | None) -> Standing:
        """Return how a caller with this tenant (None: without one) stands to this table."""
        if tenant is None:
            return "declared", self.content["defaults"]["policy"]
        policy = self.content["tenants"].get(tenant)
        if policy is not None:
            return "declared", policy
        defaults = self.content["defaults"]
        return f"unknown, {defaults['unknown_tenant']}", defaults["policy"]

    def permissions(self, standing: Standing) -> tuple[object, ...]:
        """Return the part of a caller's policy that binds a route that is not ranked."""
        policy = self.content["policies"][standing[1]]
        return standing[0], *(json.dumps(policy[key]) for key in _PERMISSIONS)

    @property
    def gate(self) -> str | None:
        """The environment variable that lets requests name a preference; None where none has to be set."""
        preferences = self.content["preferences"]
        return None if preferences is None else preferences["gate_env"]


def _named_by_content(content: dict[str, Any]) -> Content:
    """Rename the orders of a table by their text, which the compiler names by what ranks, and then its policies."""
    orders = {name: content_name("o", text) for name, text in content["orders"].items()}
    policies: dict[str, str] = {}
    bodies: dict[str, Any] = {}
    for name, policy in content["policies"].items():
        body = {**policy, "plain": orders[policy["plain"]], "penalised": orders[policy["penalised"]]}
        policies[name] = content_name("p", compact(body))
        bodies[policies[name]] = body
    return {
        "shares": {},
        **content,
        "orders": {orders[name]: text for name, text in content["orders"].items()},
        "policies": bodies,
        "tenants": {slug: policies[name] for slug, name in content["tenants"].items()},
        "defaults": {**content["defaults"], "policy": policies[content["defaults"]["policy"]]},
    }


class Gated(Protocol):
    """A side of which `gate` is the variable that lets requests name a preference; None where none has to be set."""

    @property
    def gate(self) -> str | None:
        """The variable."""


@contextmanager
def open_gates(*sides: Gated) -> Iterator[None]:
    """Set the gate variables of all sides to 1 for the block, then restore them.

    Besides the request, they are all the resolver reads from outside.
    """
    names = {side.gate for side in sides} - {None}
    old_values = {name: os.environ.get(name) for name in names if name is not None}
    try:
        for name in old_values:
            os.environ[name] = "1"
        yield
    finally:
        for name, value in old_values.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
