"""Hold an effective policy: what it permits, and the decisions kept for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from routecomp.runtime.parts.decision import Decision

if TYPE_CHECKING:
    from routecomp.runtime.parts.catalogue import _Catalogue
    from routecomp.runtime.parts.order import _Order

# --- Policies and routes ------------------------------------------------------------------------------------


class _Policy:
    """An effective policy (in the fallback file: its permission part) over a catalogue."""

    def __init__(self, name: str | None, body: dict[str, Any], home: _Catalogue,
                 orders: dict[str, _Order] | None = None) -> None:
        self.name, self.home, self._body = name, home, body
        self.rejects = False  # nothing passes: the tenant is undeclared and `unknown_tenant` says reject
        if orders is not None:
            self.plain, self.penalised = orders[body["plain"]], orders[body["penalised"]]
            self.fallback: bool = body["fallback"]
            self.floor: int | None = body["min_quality_bp"]
            self.max_loss: int = body["max_quality_loss_bp"]
        self._masks: tuple[int, int, int] | None = None
        self.forget()

    def forget(self) -> None:
        """Begins anew what is kept for calls without hints, by `feature` and by `model`."""
        self.by_feature: dict[str, Decision] = {}
        self.by_model: dict[str, Decision] = {}
        # For an experiment its salt with the colon, and decisions for calls with a `unit`: those kept by slot,
        # and one for each range of slots with the range's start.
        self.sticky: dict[str, tuple[bytes, dict[int, Decision], list[int], list[Decision]]] = {}

    def rejecting(self) -> _Policy:
        """The same policy with a permission filter that nothing passes."""
        twin = object.__new__(_Policy)
        twin.__dict__.update(self.__dict__, rejects=True)
        twin.forget()
        return twin

    def masks(self, catalogue: _Catalogue) -> tuple[int, int, int]:
        """Models that pass the policy's bans, its stacks and its compliance threshold."""
        if self._masks is not None and catalogue is self.home:
            return self._masks
        models, providers = frozenset(self._body["banned_models"]), frozenset(self._body["banned_providers"])
        stacks, least = self._body["stacks"], self._body["compliance_bp"]
        masks = (
            catalogue.mask(lambda m: not (m.provider in providers or m.slug in models or m.logical in models)),
            catalogue.all if stacks is None else catalogue.mask(lambda m: m.stack in stacks),
            catalogue.mask(lambda m: m.compliance >= least),
        )
        if catalogue is self.home:
            self._masks = masks
        return masks


_NO_POLICY: Final = {"banned_models": [], "banned_providers": [], "compliance_bp": 0, "stacks": None}
