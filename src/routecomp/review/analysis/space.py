"""Cut the space of requests into atoms: along each argument, the values between which no filter changes its answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from routecomp.review.analysis.side import MOST, UNDECLARED, Side

FLOORS: Final = (-1, 10_001)
"""The least and the largest `min_quality` that the resolver tells apart, in basis points."""
WORDS: Final = ("quality", "balanced", "cost")
"""The positions of the dial."""


@dataclass(frozen=True, slots=True)
class Atom:
    """Values of one argument that no filter of any side tells apart.

    `low` and `high` are the first and the last of a range of numbers, `word` a name; an atom with neither says that
    the argument is not given. `flag` says that a further condition holds (a capability is asked for).
    """

    low: int | None = None
    high: int | None = None
    word: str | None = None
    flag: bool = False

    @property
    def is_given(self) -> bool:
        """Whether the request names the argument at all."""
        return self.low is not None or self.word is not None or self.flag


NOT_GIVEN: Final = Atom()


@dataclass(frozen=True)
class Bounds:
    """How far a proof of a change goes: whether chains are compared or picks alone, outages, caps of cost, how long.

    `seconds` are those of this process's own time. What is left when they are over is sampled, `samples` requests a
    view, drawn from `seed`.
    """

    chains: bool = True
    outages: bool = False
    caps: bool = False
    seconds: float = 120.0
    samples: int = 50
    seed: int = 0


@dataclass(frozen=True)
class Space:
    """Which requests a proof is about. Every argument that is named may have any value, or not be given.

    `outages` are the providers of which one may be unavailable. Bounds of tokens are the most that a request gives;
    a bound of `max_output_tokens` leaves it out of no request: one that does not give it is bound by nothing.
    """

    stack: bool = True
    outages: tuple[str, ...] = ()
    capabilities: bool = True
    tokens: bool = True
    max_input: int = MOST
    max_output: int = MOST
    min_quality: bool = True
    preference: bool = True
    latency: bool = True
    cost: bool = True
    units: bool = True

    @classmethod
    def without_hints(cls) -> Space:
        """Return the space of the one request that gives nothing but the route and the tenant."""
        return cls(
            stack=False,
            capabilities=False,
            tokens=False,
            min_quality=False,
            preference=False,
            latency=False,
            cost=False,
            units=False,
        )

    def words(self) -> str:
        """Say which requests the space has."""
        missing = [name for name, _ in self._left_out()]
        outages = "one provider unavailable or none" if self.outages else "nothing unavailable"
        without = f", without {', '.join(missing)}" if missing else ""
        return f"every request with {outages}{without}"

    def has(self, request: Mapping[str, Any]) -> bool:
        """Return whether a request is one of them."""
        given = {argument for argument, value in request.items() if value is not None}
        if any(given & {*arguments} for _, arguments in self._left_out()):
            return False
        missing = {*(request.get("unavailable") or ())}
        if len(missing) > 1 or not missing <= {*self.outages}:
            return False
        return (request.get("input_tokens") or 0) <= self.max_input and (
            request.get("max_output_tokens") or 0
        ) <= self.max_output

    def _left_out(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return what no request of the space gives: the name for people, and the arguments."""
        free = (
            (self.stack, "stack", ("stack",)),
            (self.capabilities, "capabilities", ("capabilities", "tools", "stream")),
            (self.tokens, "tokens", ("input_tokens", "max_output_tokens")),
            (self.min_quality, "min_quality", ("min_quality",)),
            (self.preference, "preference", ("preference",)),
            (self.latency, "latency_budget_ms", ("latency_budget_ms",)),
            (self.cost, "max_cost_usd", ("max_cost_usd",)),
            (self.units, "unit and request_id", ("unit", "request_id")),
        )
        return [(name, arguments) for is_free, name, arguments in free if not is_free]

    def with_outages(self, sides: Sequence[Side]) -> Space:
        """Return the same space with one provider, of any side, unavailable or none."""
        return replace(self, outages=tuple(sorted({name for side in sides for name in side.providers})))


def stack_atoms(space: Space, sides: Sequence[Side]) -> list[Atom]:
    """Return an atom for each word that `stack` may say, and one for a word that nobody declares."""
    if not space.stack:
        return [NOT_GIVEN]
    words = sorted({word for side in sides for word in side.stacks})
    return [NOT_GIVEN, *(Atom(word=word) for word in (*words, *(f"avoid-{word}" for word in words), UNDECLARED))]


def capability_words(space: Space, sides: Sequence[Side]) -> list[str]:
    """Return the capabilities that a request may ask for, one that nobody has among them."""
    if not space.capabilities:
        return []
    return [*sorted({"streaming", *(word for side in sides for word in side.capabilities)}), UNDECLARED]


def intervals(starts: Iterable[int], least: int, most: int) -> list[Atom]:
    """Return the ranges between `least` and `most` that begin there and at each of `starts`."""
    firsts = sorted({least, *(start for start in starts if least < start <= most)})
    return [Atom(low, high - 1) for low, high in zip(firsts, [*firsts[1:], most + 1], strict=True)]


def joined_ranges(atoms: Iterable[Atom]) -> list[Atom]:
    """Return atoms of one argument, which stand in their order, with neighbouring ranges made one."""
    joined: list[Atom] = []
    for atom in atoms:
        if joined and atom.low is not None and (high := joined[-1].high) is not None and high + 1 == atom.low:
            joined[-1] = Atom(joined[-1].low, atom.high)
        else:
            joined.append(atom)
    return joined


def output_atoms(space: Space, sides: Sequence[Side]) -> list[Atom]:
    """Return the atoms of `max_output_tokens`: it is not given, or lies between ceilings and reasoning floors."""
    if not space.tokens:
        return [NOT_GIVEN]
    starts = {step for side in sides for step in side.catalogue.output_steps}
    return [NOT_GIVEN, *intervals(starts, 0, space.max_output)]


def total_atoms(space: Space, sides: Sequence[Side]) -> list[Atom]:
    """Return the atoms of the tokens in and out together, between context windows."""
    if not space.tokens:
        return [Atom(0, 0)]
    starts = {1 - value for side in sides for value in side.catalogue.context.values}
    return intervals(starts, 0, space.max_input + space.max_output)


def floor_atoms(space: Space, sides: Sequence[Side]) -> list[Atom]:
    """Return the atoms of the floor: the policy's own, the positions of the dial, and each `min_quality`."""
    atoms = [NOT_GIVEN]
    if space.preference:
        atoms += [Atom(word=word) for word in WORDS]
    if space.min_quality:
        starts = {1 - value for side in sides for value in side.catalogue.quality.values}
        atoms += intervals(starts, *FLOORS)
    return atoms


def latency_atoms(space: Space, sides: Sequence[Side]) -> list[Atom]:
    """Return the atoms of the latency budget, between the latencies of models."""
    if not space.latency:
        return [NOT_GIVEN]
    return [
        NOT_GIVEN,
        *intervals({value for side in sides for value in side.catalogue.latency.values}, 0, MOST),
    ]


def feasible(output: Atom, total: Atom, space: Space) -> bool:
    """Return whether some request has its output tokens in one atom and the tokens in and out in another."""
    assert total.low is not None
    assert total.high is not None
    if output.low is None or output.high is None:
        return total.low <= space.max_input
    return total.high >= output.low and total.low <= output.high + space.max_input


def tokens_of(output: Atom, total: Atom, *, give_input: bool = False) -> Mapping[str, int]:
    """Return arguments of a request in both atoms, which are feasible; as few as will do.

    With `give_input`, `input_tokens` is among them in any case.
    """
    assert total.low is not None
    assert total.high is not None
    if output.low is None or output.high is None:
        return {"input_tokens": total.low} if total.low or give_input else {}
    least = max(output.low, total.low)
    if least <= min(output.high, total.high):
        return {"max_output_tokens": least} | ({"input_tokens": 0} if give_input else {})
    return {"input_tokens": total.low - output.high, "max_output_tokens": output.high}
