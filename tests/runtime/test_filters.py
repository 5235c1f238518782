"""The list of filters stands once: each short cut of the resolver leaves the models that the list leaves.

`explain` walks the list; `resolve` takes the short cuts. For every filter of the list there is a request for which it
drops some models and not all, so that a short cut without it gives another chain.
"""

from __future__ import annotations

from typing import Any

import pytest

from routecomp.runtime import resolver
from routecomp.runtime.resolver import Router

from .tables import PROVIDERS, TABLE, changed, encode, model

# Every model here ranks by its name, and each of the first eleven fails one filter.
MODELS = {
    "a-off": model("openai", 8000, (1, 1), 100, active=False),
    "b-hidden": model("openai", 8000, (1, 1), 100, listed=False),
    "c-banned": model("anthropic", 8000, (1, 1), 100),
    "d-china": model("qwen", 8000, (1, 1), 100),
    "e-risky": model("openai", 8000, (1, 1), 100, compliance_bp=4999),
    "f-down": model("openai", 8000, (1, 1), 100),
    "g-blind": model("openai", 8000, (1, 1), 100, capabilities=["streaming"]),
    "h-short": model("openai", 8000, (1, 1), 100, context_window=1000),
    "h-terse": model("openai", 8000, (1, 1), 100, max_output_tokens=599),
    "i-thinker": model("openai", 8000, (1, 1), 100, min_output_tokens=500),
    "j-weak": model("openai", 4000, (1, 1), 100),
    "k-dear": model("openai", 8000, (9, 9), 100),
    "y-good": model("openai", 8000, (1, 1), 100),
    "z-good": model("mistral", 8000, (1, 1), 100),
}
PLENTY = {f"x-{number:03d}": model("openai", 8000, (9, 9), 100, active=False) for number in range(100)}

# Filter to the arguments for which it decides; permission filters decide by the policy alone, or with a stack.
BITES: dict[str, dict[str, Any]] = {
    "unknown_tenant": {"tenant": "nobody"},
    "active": {},
    "listed": {},
    "bans": {},
    "stacks": {"stack": "avoid-china"},
    "compliance": {},
    "available": {"unavailable": ["f-down", "qwen"]},
    "capabilities": {"tools": True},
    "context": {"input_tokens": 600, "max_output_tokens": 500},
    "output_ceiling": {"max_output_tokens": 600},
    "reasoning_floor": {"max_output_tokens": 400},
    "quality": {"min_quality": 0.5},
    "cost": {"input_tokens": 1000, "max_cost_usd": 0.005},
}
NAMES = [entry.name for entry in resolver._FILTERS]


def served(extra: dict[str, Any]) -> Router:
    """Return a router for the models above and more, whose chains hold every survivor."""
    models = MODELS | extra
    order = " ".join(sorted(models))
    router = Router.from_bytes(
        encode(
            changed(
                TABLE,
                {
                    "models": models,
                    "providers": PROVIDERS,
                    "orders": {"o-plain": order, "o-pen": order},
                    "policies": {"p": {**TABLE["policies"]["p-default"], "banned_providers": ["anthropic"]}},
                    "tenants": {},
                    "targets": {"auto": {"candidates": "all", "min_quality_bp": None}},
                    "features": {
                        "chat": {
                            "fallback": sorted(MODELS)[1:],
                            "min_quality_bp": None,
                            "rows": [{"model": "a-off", "status": "primary"}],
                            "then": None,
                        }
                    },
                    "experiments": {},
                    "defaults": {
                        "model": "y-good",
                        "policy": "p",
                        "routes": {},
                        "unknown_tenant": "reject",
                    },
                    "preferences": None,
                    "resilience": {**TABLE["resilience"], "max_attempts": 1000},
                },
            )
        )
    )
    assert router.status()["last_rejection"] is None, router.status()
    return router


def survivors(router: Router, request: dict[str, Any]) -> list[str]:
    """Return the slugs that the list of filters leaves, by rank."""
    log = router.explain(**request)
    dropped = {slug for entry in log["filters"] for slug in entry["dropped"]}
    return [slug for slug in log["candidates"] if slug not in dropped]


def test_each_filter_has_a_request_for_which_it_decides() -> None:
    """A filter that is added to the list needs a request here, and with it a place in every short cut."""
    assert list(BITES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_what_is_remembered_knows_every_filter(name: str) -> None:
    """A call is answered alike whether or not calls like it, for which the filter decides otherwise, came before.

    A filter that reads token counts needs its place among the figures that `vary` looks them up in.
    """
    router, asked = served({}), []
    for ids in ({}, {"request_id": "r"}):
        asked.append({"model": "auto", **BITES[name], **ids})
        for argument, value in BITES[name].items():
            others = [0, 1, value - 1, value + 1, value * 10] if type(value) is int else []
            asked += [{"model": "auto", **BITES[name], **ids, argument: other} for other in (None, *others)]
    for request in asked + asked[::-1]:
        assert router.resolve(**request) == served({}).resolve(**request), request


@pytest.mark.parametrize("extra", [{}, PLENTY], ids=["all are near", "more than are near"])
@pytest.mark.parametrize(
    ("route", "name"),
    # A feature reaches the unlisted models that it names.
    [("model=auto", name) for name in NAMES] + [("feature=chat", name) for name in NAMES if name != "listed"],
)
def test_short_cuts_leave_what_the_list_leaves(
    name: str, route: str, extra: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`resolve` gives the models that `explain` leaves; without the filter in the list the two would differ."""
    router, request = served(extra), {**dict([route.split("=")]), **BITES[name]}
    chain = list(router.resolve(**request).chain)
    assert chain == survivors(router, request)
    assert bool(chain) is (name != "unknown_tenant")
    monkeypatch.setattr(resolver, "_FILTERS", tuple(entry for entry in resolver._FILTERS if entry.name != name))
    assert chain != survivors(router, request)
