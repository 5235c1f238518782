"""RC408 bound-idle: no bound lies where another figure keeps it from ever being met."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.diagnostics.diagnostic import Diagnostic, Label, Severity, warning
from routecomp.model.numbers import format_padded_decimal
from routecomp.model.project import Declared, Entry
from routecomp.model.route import Model
from routecomp.model.service import Timeouts
from routecomp.rules.registry import project_rule

_PARTS = ("connect_ms", "first_token_ms")
_MOST_SECONDS = 900
"""Up to this number, a total that is too short may well be one of seconds."""


@project_rule("RC408", "bound-idle", Severity.WARNING)
def bound_idle(declared: Declared) -> Iterator[Diagnostic]:
    """A bound can never be met, or is met by almost every call, because of another figure beside it.

    `timeouts.total_ms` is below the time that the model takes for half of its calls (`latency_ms`), or below another
    timeout of the same mapping; `budget.monthly_usd` is below `budget.daily_usd`; `max_output_tokens` is above
    `context_window`, which holds question and answer.

    Why: a service that keeps a total of 120 ms cuts off nearly every call, and most often seconds were meant. A daily
    budget above the monthly one is spent on the first days of a month, and never stops a day.

    Fix: write the figure that was meant; timeouts are in milliseconds. Where a bound is idle by intent, leave it out.
    """
    yield from _timeouts(declared)
    for tenant in declared.tenants.values():
        daily, monthly = tenant.body.budget.daily_usd, tenant.body.budget.monthly_usd
        if daily is not None and monthly is not None and daily > monthly:
            yield warning(
                "RC408",
                f"{tenant.title} may spend {format_padded_decimal(daily, 2)} dollars a day, and "
                f"{format_padded_decimal(monthly, 2)} a month",
                tenant.span("budget", "daily_usd"),
                "lower the daily budget, raise the monthly one, or leave the daily one out",
                labels=(Label(tenant.span("budget", "monthly_usd"), "the whole month"),),
            )
    for model in declared.models.values():
        most, window = model.body.max_output_tokens, model.body.context_window
        if most is not None and most > window:
            yield warning(
                "RC408",
                f"{model.title} answers with up to {most} tokens, and its context of {window} holds the question too",
                model.span("max_output_tokens"),
                f"write less than {window}, or correct `context_window`",
                labels=(Label(model.span("context_window"), "holds both"),),
            )


def _timeouts(declared: Declared) -> Iterator[Diagnostic]:
    """Yield the timeouts that half of the calls miss, and else those that the total of their mapping cuts off."""
    cut: dict[str, list[Entry[Model]]] = {}
    for model in declared.models.values():
        own, provider = model.body.timeouts.total_ms, declared.providers.get(model.body.provider)
        total = own if own is not None or provider is None else provider.body.timeouts.total_ms
        if total is not None and total < model.body.latency_ms:
            if own is not None:
                yield _too_short(model, [model])
            elif provider is not None:
                cut.setdefault(provider.slug, []).append(model)
        elif own is not None:
            yield from _out_of_order(model, model.body.timeouts)
    for provider in declared.providers.values():
        if provider.slug in cut:
            yield _too_short(provider, cut[provider.slug])
        else:
            yield from _out_of_order(provider, provider.body.timeouts)


def _too_short(entry: Entry[Any], models: list[Entry[Model]]) -> Diagnostic:
    """Report a total that is shorter than half of the calls of some models take."""
    timeouts: Timeouts = entry.body.timeouts
    total, slowest = timeouts.total_ms, max(models, key=lambda model: model.body.latency_ms)
    assert total is not None
    written = {key: value for key in (*_PARTS, "total_ms") if (value := getattr(timeouts, key)) is not None}
    seconds = ", ".join(f"{key}: {value * 1000}" for key, value in written.items() if value <= total)
    help = f"raise it above {slowest.body.latency_ms}, or correct `latency_ms`"
    if total <= _MOST_SECONDS:
        help = f"timeouts are in milliseconds: if seconds are meant, write `{seconds}`"
    others = f" (and of {len(models) - 1} more)" if len(models) > 1 else ""
    return warning(
        "RC408",
        f"calls of {entry.title} end after {total} ms, before half of those of `{slowest.slug}`{others} are answered",
        entry.span("timeouts", "total_ms"),
        help,
        labels=(Label(slowest.span("latency_ms"), "half of its calls take longer"),),
    )


def _out_of_order(entry: Entry[Any], timeouts: Timeouts) -> Iterator[Diagnostic]:
    """Report the timeouts of a mapping that its total cuts off."""
    total = timeouts.total_ms
    longer = [key for key in _PARTS if total is not None and (value := getattr(timeouts, key)) and value > total]
    if longer:
        yield warning(
            "RC408",
            f"{entry.title} waits longer by {' and '.join(f'`{key}`' for key in longer)} than in all, {total} ms",
            entry.span("timeouts", "total_ms"),
            "raise the total, or lower the others: it holds for the whole call",
            labels=tuple(Label(entry.span("timeouts", key), "longer") for key in longer),
        )
