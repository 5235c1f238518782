"""Filter by what a call may cost: which models a cap leaves, at some tokens of a region, found exactly.

In a region of tokens every cost is linear between few lines, and two costs change places on few others. So between two
neighbouring lines the order of the costs is fixed, and a cap leaves a beginning of that order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any, NamedTuple

from routecomp.model.numbers import ONE
from routecomp.review.analysis.lattice import Bound, point
from routecomp.review.analysis.side import MOST
from routecomp.review.analysis.space import Atom


class Price(NamedTuple):
    """What a model charges: pico-dollars a token in and out, expected output in basis points, its own ceiling."""

    input: int
    output: int
    ratio: int
    ceiling: int | None

    @classmethod
    def of(cls, model: Any) -> Price:
        """Return the price of a model; its ceiling where it bounds the output that is expected."""
        return cls(model.input, model.output, model.ratio, model.ceiling)

    def cost(self, tokens: int, output: int | None) -> int:
        """Return the estimated cost in pico-dollars, rounded up once, as the resolver does."""
        expected = [tokens * self.ratio, *(bound * ONE for bound in (output, self.ceiling) if bound is not None)]
        return -(-(tokens * self.input * ONE + min(expected) * self.output) // ONE)


class Capped(NamedTuple):
    """A request with a cap: which prices it affords, its tokens, and the cap in pico-dollars."""

    affords: frozenset[Price]
    input_tokens: int
    max_output_tokens: int | None
    cap: int


def capped(prices: Iterable[Price], output: Atom, total: Atom, most_input: int) -> Iterator[Capped]:
    """Yield every set of prices that some cap affords at tokens of both atoms, with one request; all of them apart."""
    assert total.low is not None
    assert total.high is not None
    distinct = sorted({*prices}, key=repr)
    if output.low is None or output.high is None:
        yield from _by_input(distinct, total.low, min(total.high, most_input))
    else:
        # Where the request bounds the output, every model that is left has a ceiling no lower than that.
        groups: dict[Price, set[Price]] = {}
        for price in distinct:
            groups.setdefault(price._replace(ceiling=None), set()).add(price)
        for each in _by_both(list(groups), output, total, most_input):
            yield each._replace(affords=frozenset(price for unbounded in each.affords for price in groups[unbounded]))


def _by_input(prices: Sequence[Price], least: int, most: int) -> Iterator[Capped]:
    """Yield the sets where only the tokens in vary, from `least` to `most`."""
    if least > most:
        return
    yield Capped(frozenset(), least, None, -1)
    edges = {Fraction(least), Fraction(most)}
    pieces: dict[Price, list[tuple[int, int]]] = {}  # of each price (slope, constant), both times 10,000
    for price in prices:
        lines = [(price.input * ONE + price.ratio * price.output, 0)]
        if price.ceiling is not None:
            lines.append((price.input * ONE, price.ceiling * price.output * ONE))
            if price.ratio:
                edges.add(Fraction(price.ceiling * ONE, price.ratio))
        pieces[price] = lines
    every = {line for lines in pieces.values() for line in lines}
    for slope, constant in every:
        for other, start in every:
            if slope != other:
                edges.add(Fraction(start - constant, slope - other))
    seen: set[frozenset[Price]] = set()
    ordered = sorted(edge for edge in edges if least <= edge <= most)
    for low, high in zip(ordered, [*ordered[1:], ordered[-1]], strict=True):
        first, last = max(least, -(-low.numerator // low.denominator)), min(most, high.numerator // high.denominator)
        if first <= last:
            middle = (low + high) / 2
            costs = {p: min(slope * middle + constant for slope, constant in pieces[p]) for p in prices}
            yield from _separated(prices, costs, first, last, seen)


def _separated(
    prices: Sequence[Price], costs: dict[Price, Fraction], first: int, last: int, seen: set[frozenset[Price]]
) -> Iterator[Capped]:
    """Yield the beginnings of an order by cost, which holds from `first` to `last` tokens in."""
    ranked = sorted(prices, key=costs.__getitem__)
    for number in range(1, len(ranked)):
        affords = frozenset(ranked[:number])
        if affords in seen:
            continue
        below, above = ranked[number - 1], ranked[number]
        tokens = next((each for each in _ends(first, last) if _parts(below, above, each, None)), None)
        if tokens is None and last <= ONE:  # two costs in parts of a pico-dollar: rounding up parts them now and then
            tokens = next((each for each in range(first, last + 1) if _parts(below, above, each, None)), None)
        if tokens is not None:
            seen.add(affords)
            yield Capped(affords, tokens, None, below.cost(tokens, None))


def _ends(first: int, last: int) -> Iterator[int]:
    """Yield where two costs that stand in one order from `first` to `last` lie farthest apart."""
    yield last
    yield first
    yield last - last % ONE if last - last % ONE >= first else last


def _parts(below: Price, above: Price, tokens: int, output: int | None) -> bool:
    """Return whether some cap affords one price and not the other."""
    return below.cost(tokens, output) < above.cost(tokens, output)


def _by_both(prices: Sequence[Price], output: Atom, total: Atom, most_input: int) -> Iterator[Capped]:
    """Yield the sets where tokens in and out vary, the output at most what the request allows."""
    assert output.low is not None
    assert output.high is not None
    assert total.low is not None
    assert total.high is not None
    region = [Bound(-1, 0, -1), Bound(1, 0, most_input), Bound(-1, -1, -total.low), Bound(1, 1, total.high)]
    least, most = max(0, output.low), min(output.high, MOST)
    start = max(0, total.low - output.high)
    yield Capped(frozenset(), start, max(output.low, total.low - start), -1)
    if point(region, least, most) is None:
        return
    edges = {Fraction(0)}
    for price in prices:
        edges.add(Fraction(price.ratio, ONE))
    for first, second in combinations(prices, 2):
        edges |= {*_crossings(first, second)}
    seen: set[int] = set()
    ordered = sorted(edge for edge in edges if edge >= 0)
    # No request of the region has an output / input below the first or above the second.
    bottom = Fraction(least, max(1, min(most_input, total.high - least)))
    top = Fraction(most, max(1, total.low - most))
    for low, high in zip(ordered, [*ordered[1:], None], strict=True):
        if low > top or (high is not None and high < bottom):
            continue
        middle = low + 1 if high is None else (low + high) / 2
        lines = [_line(price, middle) for price in prices]
        costs = [of_in * middle.denominator + of_out * middle.numerator for of_in, of_out in lines]
        ranked = sorted(range(len(prices)), key=costs.__getitem__)
        slab: list[Bound] | None = None
        affords = 0
        for below, above in pairwise(ranked):
            affords |= 1 << below
            if affords in seen or lines[below] == lines[above]:
                continue
            if slab is None:
                slab = [*region, Bound(low.numerator, -low.denominator, 0)]  # output / input >= low
                if high is not None:
                    slab.append(Bound(-high.numerator, high.denominator, 0))
                if point(slab, least, most) is None:
                    break
            tokens = _apart(lines[below], lines[above], slab, least, most)
            if tokens is not None:
                seen.add(affords)
                afforded = frozenset([price for number, price in enumerate(prices) if affords >> number & 1])
                yield Capped(afforded, *tokens, prices[below].cost(*tokens))


def _line(price: Price, x: Fraction) -> tuple[int, int]:
    """Return what a price charges for a token in and for one out, times 10,000, where output / input is near x."""
    if x.numerator * ONE >= price.ratio * x.denominator:
        return price.input * ONE + price.ratio * price.output, 0
    return price.input * ONE, price.output * ONE


def _apart(
    below: tuple[int, int], above: tuple[int, int], slab: Sequence[Bound], least: int, most: int
) -> tuple[int, int] | None:
    """Return tokens at which a cap lies between two costs, given by their lines; None if there are none."""
    (of_input, of_output), (other_input, other_output) = below, above
    slope = of_input - other_input, of_output - other_output
    if of_input % ONE == 0 and of_output % ONE == 0:  # the lower one is whole: a cap of just that lies between
        return point([*slab, Bound(*slope, -1)], least, most)
    tokens = point([*slab, Bound(*slope, -ONE)], least, most)  # apart by one pico-dollar
    if tokens is not None or (other_input % ONE == 0 and other_output % ONE == 0):
        return tokens
    # Neither is whole, so both follow the tokens in alone, and these are fewer than 10,000: nearer than a pico-dollar,
    # a cap lies between them only where rounding up parts them.
    for tokens_in in range(1, ONE):
        if -(-of_input * tokens_in // ONE) < -(-other_input * tokens_in // ONE):
            at_tokens = [*slab, Bound(1, 0, tokens_in), Bound(-1, 0, -tokens_in)]
            if (tokens := point(at_tokens, least, most)) is not None:
                return tokens
    return None


def _crossings(first: Price, second: Price) -> Iterator[Fraction]:
    """Yield where output / input makes two prices charge the same."""
    lines = [((p.input * ONE, p.output * ONE), (p.input * ONE + p.ratio * p.output, 0)) for p in (first, second)]
    for constant, slope in lines[0]:
        for start, rise in lines[1]:
            if slope != rise:
                yield Fraction(start - constant, slope - rise)
