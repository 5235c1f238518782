"""Hold routes that rank nothing: pinned models, experiments, the ladder of undeclared features, unknown names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from routecomp.review.analysis.answer import Answer, Dealt, Mirror, Step
from routecomp.review.analysis.lens import POLICY, STATUSES, UNAVAILABLE
from routecomp.review.analysis.side import Side
from routecomp.review.analysis.space import Atom
from routecomp.runtime.resolver import _permitted


class _FixedLens:
    """A route that names its models: permission filters them, ability where it binds, and demand never does."""

    needed = 0
    binds = frozenset({"permission", "ability"})
    attempts = 1

    def __init__(self, side: Side, policy: Any, places: Iterable[int], *, listed: bool = False) -> None:
        self.side, self._count = side, len(side.slugs)
        mask = 0
        for place in places:
            mask |= 1 << place
        mask &= side.mask(_permitted(side.catalogue, policy, listed=listed))
        self.opened = mask | mask << 2 * self._count

    floors: tuple[object, ...] = ()

    def load_of(self, place: int) -> tuple[object, ...]:
        """Return nothing: no load is dealt."""
        return ()

    def mirror_of(self, place: int) -> Mirror | None:
        """Return nothing: no call is mirrored."""
        return None

    def floor(self, word: str | None) -> tuple[int, int]:
        """Return no floor: none applies."""
        return -1, -1

    def order_of(self, mask: int) -> tuple[tuple[int, ...], ...]:
        """Return no order: nothing is ranked."""
        return ()

    def outranking(self) -> dict[int, int]:
        """Return nothing: no model stands before another."""
        return {}

    def _refusal(self, left: int, place: int) -> str | None:
        """Return the status with which a model is rejected; None where it serves."""
        if left >> place & 1:
            return None
        return STATUSES[UNAVAILABLE if left >> 2 * self._count + place & 1 else POLICY]


class DirectLens(_FixedLens):
    """A model that the request pins: only permission binds it."""

    binds = frozenset({"permission"})

    def __init__(self, side: Side, policy: Any, slug: str) -> None:
        self._place = side.places[slug]
        super().__init__(side, policy, [self._place], listed=True)

    @property
    def context(self) -> tuple[object, ...]:
        """The pinned model."""
        return "direct", self._place

    def steps(self, left: int, budgets: Sequence[Atom], most: int) -> list[Step]:
        """Return the one answer."""
        refused = self._refusal(left, self._place)
        answer = Answer("ok", self._place, (self._place,)) if refused is None else Answer(refused)
        return [Step(0, len(budgets) - 1, answer)]


class ExperimentLens(_FixedLens):
    """An experiment on a public model id."""

    def __init__(self, side: Side, policy: Any, public_id: str) -> None:
        self._experiment = side.table.experiments[public_id]
        self._places = [side.places[variant.model.slug] for variant in self._experiment.variants]
        super().__init__(side, policy, self._places)

    @property
    def context(self) -> tuple[object, ...]:
        """Everything that the experiment declares."""
        body = self._experiment
        variants = tuple([(v.model.slug, v.id, v.version, v.api_key_env) for v in body.variants])
        figures = (body.name, body.salt, body.status, body.on_pause, body.on_unavailable, body.winner)
        return "experiment", *figures, variants, tuple(body.starts), tuple(body.owners)

    def steps(self, left: int, budgets: Sequence[Atom], most: int) -> list[Step]:
        """Return the answer, by the slot of the unit where the experiment is active."""
        last, body = len(budgets) - 1, self._experiment
        if body.status == "paused" and body.on_pause == "reject":
            return [Step(0, last, Answer("rejected_experiment", assigned=(body.name, None, None)))]

        def of_slot(slot: int | None) -> Answer:
            index, reason = body.assign(slot)
            return self._variant(left, index, reason)

        return [Step(0, last, Dealt(body.salt, body.starts, of_slot) if body.status == "active" else of_slot(None))]

    def _variant(self, left: int, index: int, reason: str | None) -> Answer:
        """Return the answer with a variant, or with the first one where ability bars it and the experiment says so."""
        reasons = [] if reason is None else [reason]
        refused = self._refusal(left, self._places[index])
        gives_way = refused == STATUSES[UNAVAILABLE] and self._experiment.on_unavailable == "control"
        if gives_way and self._refusal(left, self._places[0]) is None:
            index, refused = 0, None
            reasons.append("variant_unavailable")
        _, variant, version, key = self._experiment.variants[index]
        assigned = (self._experiment.name, variant, version)
        if refused is not None:
            return Answer(refused, reasons=tuple(sorted(reasons)), assigned=assigned)
        place = self._places[index]
        return Answer("ok", place, (place,), reasons=tuple(sorted(reasons)), assigned=assigned, key=key)


class LadderLens(_FixedLens):
    """A feature that is not declared: the first rung that may and can serve, or else the first that may."""

    def __init__(self, side: Side, policy: Any, feature: str) -> None:
        self._rungs = [(source, side.places[model.slug]) for source, _, model in side.decider.rungs(feature)]
        super().__init__(side, policy, [place for _, place in self._rungs])

    @property
    def context(self) -> tuple[object, ...]:
        """The rungs."""
        return "ladder", tuple(self._rungs)

    def steps(self, left: int, budgets: Sequence[Atom], most: int) -> list[Step]:
        """Return the one answer."""
        return [Step(0, len(budgets) - 1, self._answer(left))]

    def _answer(self, left: int) -> Answer:
        reasons = ("feature_unknown",)
        permitted = [rung for rung in self._rungs if left >> 2 * self._count + rung[1] & 1]
        able = [rung for rung in permitted if left >> rung[1] & 1]
        for source, place in able[:1] or permitted[:1]:
            return Answer("ok", place, (place,), reasons=reasons, source=source)
        if self._rungs:
            return Answer(STATUSES[POLICY], reasons=reasons, source=self._rungs[-1][0])
        return Answer("unknown_model", reasons=reasons, source=None)


class UnknownLens(_FixedLens):
    """A name that leads nowhere."""

    context: tuple[object, ...] = ("unknown",)

    def __init__(self, side: Side) -> None:
        self.side, self.opened, self._count = side, 0, len(side.slugs)

    def steps(self, left: int, budgets: Sequence[Atom], most: int) -> list[Step]:
        """Return the one answer."""
        return [Step(0, len(budgets) - 1, Answer("unknown_model"))]
