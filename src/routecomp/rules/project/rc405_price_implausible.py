"""RC405 price-implausible: a price is per million tokens, not per token or per thousand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from statistics import median

from routecomp.diagnostics.diagnostic import Cause, Diagnostic, Label, Severity, warning
from routecomp.diagnostics.once import MOST_SHOWN
from routecomp.model.numbers import format_padded_decimal
from routecomp.model.project import Declared
from routecomp.model.route import ModelPrice
from routecomp.rules.registry import project_rule

_LEAST = 1_000
"""Micro-dollars per million tokens below which no price above 0 is believed: a tenth of a cent."""
_PER_TOKEN_BELOW = 50
"""Micro-dollars below which a price is more likely per token (less than 50 dollars per million) than per thousand."""
_MOST = 1_000_000_000
"""Micro-dollars per million tokens above which the other price of a model is not taken to be in the same unit."""
_PER_THOUSAND, _PER_TOKEN = 1_000, 1_000_000
_MOST_IN_THE_MIDDLE = 20_000
"""Micro-dollars per million tokens: a catalogue half of whose prices lie above it is in the right unit."""
_SHOWN = 6
"""The most models of a catalogue whose figures are written out."""
_KINDS = ("input", "output")


@project_rule("RC405", "price-implausible", Severity.WARNING)
def price_implausible(declared: Declared) -> Iterator[Diagnostic]:
    """A price looks like one per token, or per thousand tokens; prices are US dollars per million tokens.

    It is above 0 and below 0.001, or a thousand times below the median of the catalogue's prices above 0: the middle
    one, or half of what the two in the middle are together. A price of 0 is a host of your own, or a free one.

    Why: a price a thousand or a million times too low wins every ranking in which cost counts. All traffic goes to
    that model, estimated costs are next to nothing, and no cap on them is ever reached.

    Where the prices of the whole catalogue are so low, that is one finding, which names them all.

    Fix: write the figure that the finding gives, as the provider's page has it per million tokens. Where a model
    truly is that cheap, waive the warning where it stands.
    """
    prices = [getattr(entry.body.price, kind) for entry in declared.models.values() for kind in _KINDS]
    middle = median([Fraction(price) for price in prices if price] or [Fraction(0)])
    habit = _of_all(declared, middle)
    if habit is not None:
        yield habit
        return
    for entry in declared.models.values():
        low = [kind for kind in _KINDS if (price := getattr(entry.body.price, kind)) > 0 and _is_low(price, middle)]
        if not low:
            continue
        is_per_token = min(getattr(entry.body.price, kind) for kind in low) < _PER_TOKEN_BELOW
        factor, unit = (_PER_TOKEN, "token") if is_per_token else (_PER_THOUSAND, "thousand tokens")
        written = {kind: getattr(entry.body.price, kind) for kind in _KINDS}
        lowest = min(written[kind] for kind in low)
        figures = [
            f"{kind}: {format_padded_decimal(price * factor, 6)}"
            for kind, price in written.items()
            if kind in low or (price * factor <= _MOST and _is_alike(price, lowest, factor))
        ]
        amounts = " and ".join(
            f"{format_padded_decimal(getattr(entry.body.price, kind), 6)} dollars per million {kind} tokens"
            for kind in low
        )
        yield warning(
            "RC405",
            f"{entry.title} costs {amounts}, {_times(entry.body.price, low, middle)}: is that a price per {unit}?",
            entry.span("price", low[0]),
            f"prices are US dollars per million tokens: write {' and '.join(f'`{figure}`' for figure in figures)}",
            labels=tuple(Label(entry.span("price", kind), "this too") for kind in low[1:]),
        )


def _of_all(declared: Declared, middle: Fraction) -> Diagnostic | None:
    """Report a catalogue whose prices are all in another unit; None where they are not, or it has but one model."""
    factor, unit = (_PER_TOKEN, "token") if middle < _PER_TOKEN_BELOW else (_PER_THOUSAND, "thousand tokens")
    written = {
        slug: {kind: price for kind in _KINDS if (price := getattr(entry.body.price, kind))}
        for slug, entry in declared.models.items()
    }
    priced = {slug: prices for slug, prices in written.items() if prices}
    low = [slug for slug, prices in priced.items() if min(prices.values()) < _LEAST]
    highest = max((price for prices in priced.values() for price in prices.values()), default=0)
    if len(priced) < 2 or not low or middle > _MOST_IN_THE_MIDDLE or highest * factor > _MOST:
        return None
    figures = [f"`{slug}: {{{_listed(prices, factor)}}}`" for slug, prices in priced.items()]
    spans = [declared.models[slug].span("price") for slug in priced]
    dollars = format_padded_decimal(highest, 6)
    finding = warning(
        "RC405",
        f"no price of the {len(priced)} models is above {dollars} dollars per million tokens, and their median is "
        f"{_dollars(middle)}: are they prices per {unit}?",
        spans[0],
        f"prices are US dollars per million tokens: write {', '.join(figures[:_SHOWN])}"
        + (f", and the other {len(figures) - _SHOWN} times {factor:,} too" if len(figures) > _SHOWN else ""),
        labels=tuple(Label(span, "and here") for span in spans[1 : 1 + MOST_SHOWN]),
    )
    return replace(finding, cause=Cause(None, "the catalogue", tuple(spans)))


def _listed(prices: Mapping[str, int], factor: int) -> str:
    """Write prices times a factor as in YAML."""
    return ", ".join(f"{kind}: {format_padded_decimal(price * factor, 6)}" for kind, price in prices.items())


def _times(price: ModelPrice, low: list[str], middle: Fraction) -> str:
    """Say how many times below the catalogue's median the lowest price is."""
    factor = middle // min(getattr(price, kind) for kind in low)
    words = f"{factor:,} times below" if factor > 1 else "beside"
    return f"{words} the catalogue's median {_dollars(middle)}"


def _dollars(middle: Fraction) -> str:
    """Write a median, which may be half a micro-dollar beside a whole one, in dollars."""
    return format_padded_decimal(int(middle * 10), 7)


def _is_alike(price: int, lowest: int, factor: int) -> bool:
    """Return whether a model's other price is in the unit of its lowest: nearer to it than to what that is times more.

    Most often both are; one that lies far above is right as it stands.
    """
    return price > 0 and price * price <= lowest * lowest * factor


def _is_low(price: int, middle: Fraction) -> bool:
    """Return whether a price is not believed, beside the median of the catalogue."""
    return price < _LEAST or price * 1_000 <= middle
