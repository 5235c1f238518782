"""Reckon with tokens and pico-dollars, in whole numbers, as the router does."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Any, Final, Protocol

from routecomp.runtime.resolver import Facts, ModelFacts
from routecomp.service.budgets.measure import tokens_in
from routecomp.service.usage import Usage

CENT: Final = 10**10
"""Pico-dollars."""
_BP: Final = 10_000
_MOST: Final = 10**27
"""Pico-dollars: what is left is never said to be more. That is a million times what all the world earns in a year."""
_EXACT: Final = Context(prec=60, Emin=-999, Emax=999, traps=[])
_MOST_TOKENS: Final = 10**9


class Models(Protocol):
    """Where prices stand: the facts of a table, or what is remembered of them."""

    def model(self, slug: str | None) -> ModelFacts | None:
        """Return the facts of a model; None for one that the table lacks."""


class KnownModels:
    """The facts of models that were asked for, each made once: a rejection asks for all that are too dear."""

    __slots__ = ("_facts", "_known")

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._known: dict[str | None, ModelFacts] = {}

    def model(self, slug: str | None) -> ModelFacts | None:
        """Return the facts of a model; None for one that the table lacks."""
        known = self._known.get(slug)
        if known is None and (known := self._facts.model(slug)) is not None:
            self._known[slug] = known
        return known


def whole(value: Any) -> int | None:
    """Return a number of tokens as the router takes it; None for what it ignores."""
    number = Decimal.from_float(value) if type(value) in (float, int) else value
    if not isinstance(number, Decimal) or not number.is_finite() or not 0 <= number <= _MOST_TOKENS:
        return None
    return int(number) if number == int(number) else None


def estimate(models: Models, slug: str, tokens: int, max_output: int | None) -> int:
    """Return what a call of a model is expected to cost, as docs/semantics.md says it; 0 for one without a price."""
    model = models.model(slug)
    if model is None:
        return 0
    ceilings = [limit * _BP for limit in (max_output, model.max_output_tokens) if limit is not None]
    output = min([tokens * model.output_ratio_bp, *ceilings])
    return -(-(tokens * model.input_pusd * _BP + output * model.output_pusd) // _BP)


def cost(models: Models, slug: str, usage: Usage | None) -> int | None:
    """Return what a call of a model cost; None if that cannot be told."""
    model = models.model(slug)
    if model is None or usage is None:
        return 0 if model is None else None
    given, taken = whole(usage.input_tokens), whole(usage.output_tokens)
    if given is None and taken is None:
        return None
    return (given or 0) * model.input_pusd + (taken or 0) * model.output_pusd


def charged(
    models: Models,
    slug: str,
    usage: Usage | None,
    tokens: int,
    expected: int,
    *,
    is_whole: bool,
    seen_bytes: int,
) -> int:
    """Return what counts for a try that was answered. `tokens` went in, and what it was to cost was `expected`.

    What an answer that is not whole told may be of its beginning alone: then at least what was expected counts, and at
    least what was seen of it. So it is where a whole answer tells nothing.
    """
    real = cost(models, slug, usage)
    if real is not None and is_whole:
        return real
    given = None if usage is None else whole(usage.input_tokens)
    seen = Usage(tokens if given is None else given, tokens_in(seen_bytes))
    return max(real or 0, expected, (cost(models, slug, seen) or 0) if seen_bytes else 0)


def dollars(pusd: int) -> Decimal:
    """Return pico-dollars as the dollars that a call may cost."""
    return exact(min(max(pusd, 0), _MOST))


def exact(pusd: int) -> Decimal:
    """Return pico-dollars as dollars, whatever the decimal context of the caller's thread."""
    return _EXACT.normalize(_EXACT.scaleb(Decimal(pusd), -12))


def is_lower(value: Any, limit: Decimal) -> bool:
    """Return whether a number of dollars that a caller gives is below a limit; False for what is no number."""
    if type(value) is float:
        value = Decimal(repr(value))
    if type(value) is int:
        return bool(value < limit)
    return type(value) is Decimal and value.is_finite() and value < limit
