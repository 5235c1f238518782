"""Hold an effective policy: what it permits, and how it ranks."""

from __future__ import annotations

from typing import Any, Final

from routecomp.runtime.parts.catalogue import _Catalogue
from routecomp.runtime.parts.order import _Order


class _Policy:
    """An effective policy over a catalogue; in the fallback file only its permission part, without orders."""

    def __init__(
        self,
        name: str | None,
        body: dict[str, Any],
        home: _Catalogue,
        orders: dict[str, _Order] | None = None,
        *,
        rejects: bool = False,
    ) -> None:
        self.name, self.home, self._body, self._orders = name, home, body, orders
        self.rejects: bool = rejects  # nothing passes: the tenant is undeclared and `unknown_tenant` says reject
        if orders is not None:
            self.plain, self.penalised = orders[body["plain"]], orders[body["penalised"]]
            self.fallback: bool = body["fallback"]
            self.floor: int | None = body["min_quality_bp"]
            self.max_loss: int = body["max_quality_loss_bp"]
        self._masks: tuple[int, int, int] | None = None

    def rejecting(self) -> _Policy:
        """Return the same policy with a permission filter that nothing passes."""
        return _Policy(self.name, self._body, self.home, self._orders, rejects=True)

    def masks(self, catalogue: _Catalogue) -> tuple[int, int, int]:
        """Return three masks: the models that pass the policy's bans, its stacks and its compliance threshold.

        Those of the policy's own catalogue are remembered.
        """
        if self._masks is not None and catalogue is self.home:
            return self._masks
        models, providers = frozenset(self._body["banned_models"]), frozenset(self._body["banned_providers"])
        stacks, threshold = self._body["stacks"], self._body["compliance_bp"]
        masks = (
            catalogue.mask(lambda m: not (m.provider in providers or m.slug in models or m.logical in models)),
            catalogue.all if stacks is None else catalogue.mask(lambda m: m.stack in stacks),
            catalogue.mask(lambda m: m.compliance >= threshold),
        )
        if catalogue is self.home:
            self._masks = masks
        return masks


_NO_POLICY: Final = {"banned_models": [], "banned_providers": [], "compliance_bp": 0, "stacks": None}
