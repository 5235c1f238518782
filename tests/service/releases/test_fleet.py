"""Fifty replicas roll out, lose disks and clocks, and their providers fail: none does what it must not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from routecomp.service.health.breaker import Breaker
from routecomp.service.releases import judge as judging
from routecomp.service.tables import protocol
from routecomp.workspace.publishing import steps
from tests.seeds import FRESH

from . import order
from .fleet import Fleet, Violation

EVENTS = 400


@pytest.mark.parametrize("seeds", [pytest.param(10_000, marks=pytest.mark.hard), 12])
def test_no_seed_shows_a_violation(seeds: int) -> None:
    for seed in (*range(seeds // 2), *range(FRESH, FRESH + seeds // 2)):
        try:
            Fleet(seed).run(EVENTS)
        except Violation as violation:
            pytest.fail(f"seed {seed}: {violation}")
    print(f"{seeds} seeds (others from {FRESH}) of 50 replicas and {EVENTS} events, 0 violations")


RULES = protocol.RULES
nothing: Callable[..., Any] = lambda *_, **__: None  # noqa: E731
PLANTED: dict[str, tuple[Any, str, Any]] = {
    "served before it is stored": (protocol, "ORDER", protocol.ORDER[::-1]),
    "older ones are taken": (protocol, "RULES", RULES[1:]),
    "another one under a known number is taken": (protocol, "RULES", (RULES[0], RULES[2])),
    "one without number is taken": (protocol, "RULES", RULES[:2]),
    "what is kept does not count": (protocol, "floors", lambda replica: filter(None, replica[:1])),
    "what serves does not count": (protocol, "floors", lambda replica: filter(None, replica[1:])),
    "signatures are not checked": (judging, "require_signature", nothing),
    "files are not compared": (judging, "require_file", nothing),
    "what is kept is not proven": (judging, "find_proof_fault", nothing),
    "numbers of dead publishers are given again": (steps, "next_number", lambda current, _: (current or 0) + 1),
    "a slow publisher leads": (steps, "may_lead", lambda *_: True),
    "a release leads before it is whole": (order, "ORDER", order.ORDER[::-1]),
    "a circuit never opens": (Breaker, "fail", nothing),
    "a circuit never closes": (Breaker, "succeed", nothing),
    "the wall clock": (None, "", None),
    "nothing when all is open": (None, "", None),
    "fallback of a refused one": (None, "", None),
}
"""What is done wrongly: a name that is replaced, or what the simulation itself does otherwise."""


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, name, wrong = PLANTED[fault]
    if owner is not None:
        monkeypatch.setattr(owner, name, wrong)
    for seed in range(60):
        try:
            Fleet(seed, planted=(fault,)).run(EVENTS)
        except Violation as violation:
            print(f"{fault}: {violation} (seed {seed})")
            return
    pytest.fail(f"60 seeds do not show it: {fault}")
