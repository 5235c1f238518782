"""Prove which providers' outages leave calls without hints unanswered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from routecomp.diagnostics.diagnostic import Diagnostic, warning
from routecomp.review.analysis.claims.table import Request
from routecomp.review.analysis.reach.views import Views
from routecomp.review.analysis.side import UNDECLARED
from routecomp.rules.lookup import listed
from routecomp.testing.expected import explain_line

_SHOWN = 4
"""The most features, and the most tenants of one, that a finding names."""


class Lost(NamedTuple):
    """What an outage of one provider leaves unanswered: the callers of each feature, and a call that shows it."""

    callers: dict[str, list[str | None]]
    request: Request


def lost_answers(views: Views) -> dict[str, Lost]:
    """Return, by provider, the calls without hints that nobody answers while it is down; providers in their order.

    Where the pick's provider answers, a call is answered. So it is enough to take that of each pick away, and to ask
    the resolver again; a provider that is not the pick's takes no answer away.
    """
    table = views.table
    features = {way.name for way in table.features}
    lost: dict[str, Lost] = {}
    for seen in views.all:
        name, tenant = seen.view.way.name, seen.view.tenant
        if seen.view.way.argument != "feature" or name not in features or tenant == UNDECLARED:
            continue
        if not seen.policy.fallback_enabled:  # whoever turns fallbacks off says so
            continue
        plain = table.decide(table.request(seen.view))
        if plain.status != "ok":
            continue
        provider = table.side.models[table.side.places[str(plain.model)]].provider
        request = table.request(seen.view, unavailable=[provider])
        without = table.decide(request)
        # A feature with a config route alone is sent to its model whether that is available or not.
        if without.status != "ok" or table.side.models[table.side.places[str(without.model)]].provider == provider:
            callers = lost.setdefault(provider, Lost({}, request)).callers
            callers.setdefault(name, []).extend(seen.callers)
    return dict(sorted(lost.items()))


def sole_providers(views: Views) -> Iterator[Diagnostic]:
    """Yield each provider whose outage leaves a feature without an answer for somebody."""
    program = views.program
    default = [None] if program.default_policy.fallback_enabled else []
    everybody = len(default) + sum(program.tenant_policy(slug).fallback_enabled for slug in program.tenants)
    for provider, (by_feature, request) in lost_answers(views).items():
        entry = program.providers[provider]
        shown = [f"`{name}` for {_whom(callers, everybody)}" for name, callers in [*by_feature.items()][:_SHOWN]]
        more = f", and {len(by_feature) - _SHOWN} more" if len(by_feature) > _SHOWN else ""
        noun = "feature" if len(by_feature) == 1 else "features"
        yield warning(
            "RC832",
            f"an outage of {entry.title} leaves {len(by_feature)} {noun} without an answer: {'; '.join(shown)}{more}",
            entry.span(),
            f"let them fall back to another provider; `{explain_line(request)}` shows one",
        )


def _whom(callers: list[str | None], everybody: int) -> str:
    """Name callers: None is a call without a tenant."""
    if len(callers) == everybody:
        return "every caller that may fall back"
    tenants = sorted(caller for caller in callers if caller is not None)
    words = []
    if len(tenants) > _SHOWN:
        words = [f"{len(tenants)} tenants (`{tenants[0]}` among them)"]
    elif tenants:
        words = [f"tenant{'' if len(tenants) == 1 else 's'} {listed(tenants)}"]
    return " and ".join([*words, *["calls without a tenant"] * (None in callers)])
