"""Find what two tables have in common: views of which nothing differs are settled without being walked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from routecomp.review.analysis.routes import Called
from routecomp.review.analysis.side import UNDECLARED, Side

_APART: Final = frozenset({"policies", "tenants", "features"})
"""The sections of a table of which a view reads one body alone; of all others it may read anything."""


class Alike:
    """What of two tables is the same, word by word."""

    def __init__(self, bodies: Sequence[dict[str, Any]], sides: Sequence[Side]) -> None:
        self._bodies, self._sides = bodies, sides
        old, new = ({name: part for name, part in body.items() if name not in _APART} for body in bodies)
        self._is_rest_alike = old == new
        self._policies: dict[str | None, bool] = {}
        self._routes: dict[str, bool] = {}

    def are_settled(self, tenant: str | None, way: Called) -> bool:
        """Return whether a view has the same policy, the same route and all else alike on both sides."""
        return self._is_rest_alike and self._has_one_policy(tenant) and self._is_one_route(way)

    def _has_one_policy(self, tenant: str | None) -> bool:
        known = self._policies.get(tenant)
        if known is None:
            known = self._policies[tenant] = self._compared(tenant)
        return known

    def _compared(self, tenant: str | None) -> bool:
        names = [body["defaults"]["policy"] for body in self._bodies]
        if tenant is not None and tenant != UNDECLARED:
            declared = [side.table.tenants.get(tenant) for side in self._sides]
            if None in declared:
                return False
            names = declared
        old, new = (body["policies"][name] for body, name in zip(self._bodies, names, strict=True))
        return bool(old == new)

    def _is_one_route(self, way: Called) -> bool:
        old, new = way.routes
        if old != new or old.kind != "feature":
            return old == new
        known = self._routes.get(old.name)
        if known is None:
            known = self._routes[old.name] = self._is_feature_alike(old.name)
        return known

    def _is_feature_alike(self, name: str) -> bool:
        features = [body["features"].get(name) for body in self._bodies]
        return bool(features[0] == features[1])
