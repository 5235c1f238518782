"""Prove that a floor, a position of the dial or a clamp changes no decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from routecomp.diagnostics.diagnostic import Diagnostic, warning
from routecomp.model.policy import DefaultPolicy, EffectivePolicy, Tenant, effective_policy
from routecomp.model.project import Entry
from routecomp.review.analysis.compare import ProofError
from routecomp.review.analysis.reach.idle_bans import inheriting
from routecomp.review.analysis.reach.views import Ranked, Seen, Views
from routecomp.review.analysis.space import WORDS
from routecomp.rules.lookup import Path, policies, policy_title, share

_POSITIONS: Final = (None, *WORDS)


class _Dial(NamedTuple):
    """What the dial adds at each position, None that of a request without one, and how far it goes."""

    deltas: dict[str | None, int]
    low: int
    high: int

    def floors(self, base: int, position: str | None) -> tuple[int, int]:
        """Return the floor at a position, and the base to which it gives way: docs/semantics.md, section 4."""
        delta = self.deltas[position]
        if delta == 0:
            return base, base
        if delta > 0:
            return max(base, min(base + delta, self.high)), base
        return min(base, max(base + delta, self.low)), base


def _dial(views: Views) -> _Dial:
    """Return the dial of a table; where its gate is never open, it adds nothing."""
    side = views.table.side
    deltas: dict[str | None, int] = {None: 0}
    for word in WORDS:
        deltas[word], _ = side.decider.dial_to(word, live=side.gate is not None)
    return _Dial(deltas, *side.table.clamp)


def idle_floors(views: Views) -> Iterator[Diagnostic]:
    """Yield each `min_quality` without which the same models clear the floor, on each route and at each position.

    Decisions read a floor only to tell who clears it. A policy's floor is judged on every route of every caller whose
    policy takes it from there, the floor of a feature or a target under every policy.
    """
    program, dial = views.program, _dial(views)
    preferences = program.preferences
    good = 0 if preferences is None else preferences.body.floors.get("good", 0)
    floors = _Floors(views, dial, good)
    routes: list[Entry[Any]] = [*program.features.values(), *program.targets.values()]
    of_route: dict[tuple[str | None, str], list[tuple[Seen, Ranked]]] = {}
    for each in floors.ranked:
        of_route.setdefault(each[0].view.way.routes[0][:2], []).append(each)
    for entry in routes:
        own = entry.body.min_quality
        if own is not None:
            seen = of_route.get((entry.kind, entry.slug), [])
            if seen and all(floors.same(ranked, each.policy.min_quality, None) for each, ranked in seen):
                yield _idle_floor(entry, (), own, entry.title)
    for entry, fields, path in policies(program):
        if fields.min_quality is None:
            continue
        pairs = _with_and_without(views, entry)
        seen = [pair for pair in floors.ranked if pair[0].policy in pairs and _takes(views, pair[0], entry)]
        if seen and all(floors.same(ranked, pairs[each.policy].min_quality, floors.own(each)) for each, ranked in seen):
            yield _idle_floor(entry, path, fields.min_quality, policy_title(entry, path))


def _idle_floor(entry: Entry[Any], path: Path, floor: int, title: str) -> Diagnostic:
    """Report a floor that changes nothing."""
    return warning(
        "RC834",
        f"`min_quality` {share(floor)} of {title} changes no decision: whoever is asked, the same models clear the "
        "floor without it",
        entry.span(*path, "min_quality"),
        "remove it, or write the floor that was meant; where it is kept for models to come, waive this",
    )


def _with_and_without(views: Views, entry: Entry[Any]) -> dict[EffectivePolicy, EffectivePolicy]:
    """Return the effective policies that take their floor from an entry, each to the one it is without that floor."""
    program = views.program
    pairs = {}
    presets = program.preset_bodies
    without = _without_floor(entry.body) if entry.kind == "preset" else None
    for own, preset in inheriting(program, entry, "min_quality"):
        before = effective_policy(own, preset, presets)
        if without is None:
            pairs[before] = effective_policy(_without_floor(own), preset, presets)
        else:
            pairs[before] = effective_policy(own, preset, {**presets, preset: without})
    return pairs


def _without_floor(body: Any) -> Any:
    """Return a body without its floor."""
    return type(body)(**{key: value for key, value in vars(body).items() if key != "min_quality"})


def _takes(views: Views, seen: Seen, entry: Entry[Any]) -> bool:
    """Return whether a view's policy takes its floor from an entry: equal policies may take theirs from elsewhere."""
    program = views.program
    tenants = program.tenants
    declared = {caller: tenants[caller].body for caller in seen.callers if caller is not None and caller in tenants}
    has_default = len(declared) < len(seen.callers)
    if entry is program.defaults:
        return has_default
    if entry.kind == "preset":
        bodies: list[Tenant | DefaultPolicy] = [*declared.values(), *[program.sure_defaults.policy] * has_default]
        return any(body.preset == entry.slug and body.min_quality is None for body in bodies)
    return entry.slug in declared


class _Floors:
    """Compares floors by the models that clear them."""

    def __init__(self, views: Views, dial: _Dial, good: int) -> None:
        self.ranked, self._dial, self._good = views.ranked, dial, good
        self._side, self._program = views.table.side, views.program
        self._known: dict[int, int] = {}
        for seen, ranked in self.ranked:  # what is worked out here is what the resolver does
            base = self._base(seen.policy.min_quality, self.own(seen))
            if {position: dial.floors(base, position) for position in _POSITIONS} != ranked.floors:
                raise ProofError(f"{seen.view}: the proof says that the floor is {base}, the resolver another one")

    def own(self, seen: Seen) -> int | None:
        """Return the floor that a route declares."""
        kind, name, _ = seen.view.way.routes[0]
        bodies: Any = {"feature": self._program.features, "target": self._program.targets}.get(str(kind), {})
        return bodies[name].body.min_quality if name in bodies else None

    def same(self, ranked: Ranked, of_policy: int | None, of_route: int | None) -> bool:
        """Return whether the same candidates of a view clear its floor and another one, at each position."""
        base = self._base(of_policy, of_route)
        return all(
            self._clearing(ranked.candidates, self._dial.floors(base, position))
            == self._clearing(ranked.candidates, ranked.floors[position])
            for position in _POSITIONS
        )

    def _base(self, of_policy: int | None, of_route: int | None) -> int:
        """Return the floor of a request that names none, and no position of the dial."""
        return max((floor for floor in (of_policy, of_route) if floor is not None), default=self._good)

    def _clearing(self, candidates: int, floors: tuple[int, int]) -> tuple[int, int]:
        """Return the candidates that clear a floor, and those that clear the base to which it gives way."""
        floor, base = [candidates & self.reaching(bound) for bound in floors]
        return floor, base

    def reaching(self, floor: int) -> int:
        """Return the models that reach a floor."""
        if floor not in self._known:
            self._known[floor] = self._side.of_quality(floor)
        return self._known[floor]


def idle_dial(views: Views) -> Iterator[Diagnostic]:
    """Yield each position of the dial that changes no answer, and each clamp that holds no position back.

    A position changes none where on every route the same candidates clear the floor as without it, or where it always
    gives way because none clears it; a call that is rejected all the same may then name another filter.
    """
    entry, side = views.program.preferences, views.table.side
    if entry is None:
        return
    body = entry.body
    if side.gate is None:
        if any(getattr(body.dial, word) for word in WORDS):
            yield warning(
                "RC835",
                "no position of the dial changes an answer: it has no `gate_env`, so that it is always shut",
                entry.key_span("dial"),
                "name the variable that opens it, or remove the preferences",
            )
        return
    dial, ranked = _dial(views), views.ranked
    known: dict[int, int] = {}

    def clearing(route: Ranked, floor: int) -> int:
        if floor not in known:
            known[floor] = side.of_quality(floor)
        return known[floor] & route.candidates

    moved = []
    for word in WORDS:
        if dial.deltas[word] == 0:
            continue
        if all(_is_idle(route, word, clearing) for _, route in ranked):
            yield warning(
                "RC835",
                f"the position `{word}` of the dial changes no answer: on every route and under every policy the same "
                "models clear the floor as without it, or none does and it gives way",
                entry.span("dial", word),
                "turn it further, widen the clamp, or tell callers that it does nothing",
            )
        else:
            moved.append(word)
    free = dial._replace(low=-(10**5), high=10**5)
    for place, name in enumerate(body.clamp):
        words = [word for word in moved if (dial.deltas[word] > 0) == (place == 1)]
        if words and not _holds_back(ranked, words, free, clearing):
            yield warning(
                "RC835",
                f"the {'upper' if place else 'lower'} clamp `{name}` ({share(body.floors[name])}) changes no "
                f"decision: the dial moves no floor across a model beyond it",
                entry.span("clamp", place),
                "write the bound that was meant; where it is kept for models to come, waive this",
            )


def _is_idle(route: Ranked, word: str, clearing: Callable[[Ranked, int], int]) -> bool:
    """Return whether a position of the dial changes nothing on a route but the reason that it gave way."""
    floor, base = route.floors[word]
    above, below = clearing(route, floor), clearing(route, base)
    return above in (0, below) if floor > base else above == below


def _holds_back(
    ranked: Sequence[tuple[Seen, Ranked]], words: Sequence[str], free: _Dial, clearing: Callable[[Ranked, int], int]
) -> bool:
    """Return whether some floor would be cleared by other models if nothing held the dial back."""
    for _, route in ranked:
        for word in words:
            floor, base = route.floors[word]
            if clearing(route, floor) != clearing(route, free.floors(base, word)[0]):
                return True
    return False
