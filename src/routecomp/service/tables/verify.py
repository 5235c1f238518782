"""Try a table before it serves: load it whole, and ask it for every feature and target."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from routecomp.runtime.resolver import Decision, Router

LastResort = str | dict[str, Any] | None


class Tried(NamedTuple):
    """A table that holds together, and how many of the calls that were tried it answers and rejects."""

    router: Router
    answers: int
    rejections: int
    """Policies may reject: a feature that only some tenants may use is no fault of the table."""


class Unfit(Exception):
    """Why a table may not serve, in words."""


def try_table(table: bytes, fallback: bytes | None, last_resort: LastResort) -> Tried:
    """Return a router for a table; raise Unfit if it does not load, or if what it decides cannot be called."""
    router = Router.from_bytes(table, fallback, last_resort)
    status = router.status()
    if status["last_rejection"] is not None:
        raise Unfit(status["last_rejection"])
    facts = router.facts
    answers = rejections = 0
    calls = [("feature", name) for name in facts.features[:_MOST]] + [("model", name) for name in facts.targets[:_MOST]]
    for tenant in (None, *facts.tenants[:_TENANTS]):
        for argument, name in calls:
            try:
                decision = router.resolve_request({argument: name, "tenant": tenant})
                fault = _find_fault(router, decision, status["ruleset_hash"])
            except Exception as error:  # the resolver never raises: a table that makes it do so must not serve
                fault = f"the resolver raises {type(error).__name__}"
            if fault is not None:
                raise Unfit(f"routing table: asked for the {argument} {name!r}, {fault}")
            answers += decision.status == "ok"
            rejections += decision.status != "ok"
    return Tried(router, answers, rejections)


def fallback_fault(fallback: bytes) -> str | None:
    """Return why a fallback file is not used, in words; None if it is sound."""
    words = Router.from_bytes(None, fallback).status()["fallback"]
    return None if words == "loaded" else words


_TENANTS: Final = 4
_MOST: Final = 10_000


def _find_fault(router: Router, decision: Decision, digest: str | None) -> str | None:
    """Return what a caller could not do with a decision; None if it can be used."""
    if decision.ruleset_hash != digest or decision.source != "table":
        return "it is not the table that answers"
    if decision.status == "unknown_model":
        return "which the table declares, it answers that the name is unknown"
    if decision.status != "ok":
        return None
    if decision.model is None or decision.chain[:1] != (decision.model,):
        return "its chain does not begin with the model that was picked"
    for slug in decision.chain:
        endpoint = router.endpoint(decision, slug)
        if endpoint is None or not endpoint.url.startswith(("https://", "http://")) or not endpoint.upstream_model:
            return f"the model {slug!r} of its chain cannot be called"
    return None
