"""LiteLLM's own Router, built from our file, calls what our resolver decides: first choice, order, shares, names."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from routecomp.interop.export.litellm import export_litellm
from routecomp.interop.export.routes import Routes, routes_of
from routecomp.model.project import Program
from routecomp.runtime.resolver import Router
from routecomp.table.table import RoutingTable
from tests.interop.export.sample import EXPERIMENT, PLAIN, TENANTS, compiled
from tests.interop.peers import environment

pytestmark = [pytest.mark.hard, environment.NEEDED]
ASK = environment.ROOT / "tests" / "interop" / "peers" / "ask_litellm.py"
REQUESTS = 10_000
CRITICAL = 25.0
"""Of chi-square with at most two degrees of freedom: a right share is above it in four of a million runs."""


TEXTS: dict[str | None, tuple[str, ...]] = {
    None: (PLAIN, EXPERIMENT),
    **dict.fromkeys(("frugal", "european", "lonely"), (PLAIN, TENANTS)),
}
FAILING = [(tenant, loaded) for tenant in TEXTS for loaded in (False, True)]
Jobs = list[tuple[str, bool]]


class Asked(NamedTuple):
    """What both routers are asked: the routes of one policy, ours, and jobs with LiteLLM's answers."""

    routes: Routes
    router: Router
    jobs: Jobs
    answers: list[Any]

    def ours(self, name: str) -> Any:
        """Return our decision for a name; a feature that callers name by its slug is asked as a feature."""
        features = {route.slug for route in self.routes.routes if route.kind == "feature"}
        what = "feature" if name in features else "model"
        return self.router.resolve_request({what: name, "tenant": self.routes.tenant})


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[Any, Asked]:
    """Ask LiteLLM, in one process: 10,000 requests for names drawn at random, and every name with all calls failing."""
    folder, draw = tmp_path_factory.mktemp("litellm"), random.Random(16)
    made: dict[Any, tuple[Routes, Router, Path, bool, Jobs]] = {}

    def add(key: Any, program: Program, table: RoutingTable, tenant: str | None, loaded: bool, draws: int = 0) -> None:
        exported = routes_of(program, table, tenant)
        names = sorted({name for route in exported.routes for name in route.names})
        file = folder / f"{len(made)}.yaml"
        file.write_bytes(export_litellm(exported).data)
        jobs = [(called(draw, draw.choice([*names, "nobody"])), False) for _ in range(draws)]
        jobs = jobs or [(name.replace("*", "-z"), True) for name in names]
        made[key] = exported, Router.from_bytes(table.data, table.fallback_data), file, loaded, jobs

    add("drawn", *compiled(PLAIN, EXPERIMENT), None, False, REQUESTS)
    for tenant, loaded in FAILING:
        add((tenant, loaded), *compiled(*TEXTS[tenant]), tenant, loaded)
    add("example", *compiled(EXAMPLE), None, False)
    request = [{"file": str(file), "loaded": loaded, "jobs": jobs} for _, _, file, loaded, jobs in made.values()]
    answers = environment.run(ASK, {"asked": request})
    return {
        key: Asked(exported, router, jobs, answer)
        for (key, (exported, router, _, _, jobs)), answer in zip(made.items(), answers, strict=True)
    }


def called(draw: random.Random, name: str) -> str:
    """Return a name as a caller sends it: of a pattern one that begins so."""
    return name if not name.endswith("*") else name[:-1] + draw.choice(["", "x", "gpt-4o", "a/b:c", "ss-9", "-"])


def test_ten_thousand_requests_get_the_same_first_choice(asked: dict[Any, Asked]) -> None:
    """Where nothing is dealt, LiteLLM calls our pick and no more; what we do not know, it does not know."""
    drawn = asked["drawn"]
    dealt = {name for route in drawn.routes.routes if route.is_dealt for name in route.exact_names}
    compared = 0
    for (name, _), answer in zip(drawn.jobs, drawn.answers, strict=True):
        if name in dealt or name.startswith("sp/"):
            continue
        compared += 1
        decision = drawn.ours(name)
        assert [call["model"] for call in answer["tried"]] == [slug for slug in [decision.model] if slug], name
        assert (answer["error"] is None) == (decision.status == "ok"), name
    assert compared > REQUESTS / 2


@pytest.mark.parametrize(("name", "key"), [("spread", "model"), ("hosts", "model"), ("preview", "key")])
def test_shares_are_dealt_as_declared(asked: dict[Any, Asked], name: str, key: str) -> None:
    wanted = {
        "model": {"host-a": 0.7, "host-b": 0.2, "host-c": 0.1},
        "key": {"value of OPENAI_API_KEY": 0.25, "value of OTHER_KEY": 0.75},
    }[key]
    drawn = asked["drawn"]
    pairs = zip(drawn.jobs, drawn.answers, strict=True)
    calls = Counter(answer["tried"][0][key] for (job, _), answer in pairs if job == name)
    total = calls.total()
    assert total > 200
    assert calls.keys() <= wanted.keys()
    assert sum((calls[what] - total * share) ** 2 / (total * share) for what, share in wanted.items()) < CRITICAL


@pytest.mark.parametrize(("tenant", "loaded"), FAILING)
def test_what_fails_is_followed_in_our_order(asked: dict[Any, Asked], tenant: str | None, loaded: bool) -> None:
    """A chain in which every call fails is walked whole, whether the Router or the proxy's loader reads the file."""
    failed = asked[tenant, loaded]
    for (name, _), answer in zip(failed.jobs, failed.answers, strict=True):
        compare_chain(failed, name, answer)


def test_the_living_example_is_answered_alike(asked: dict[Any, Asked]) -> None:
    """Every name of the example, under the default policy: the same first choice, the same chain."""
    failed = asked["example"]
    reasons = [field.reason for field in export_litellm(failed.routes).report.lost]
    for (name, _), answer in zip(failed.jobs, failed.answers, strict=True):
        if failed.ours(name).status != "ok":
            # A pattern may take what we refuse; then the report says so of this name, or of what LiteLLM makes of it.
            told = any(f"a call of `{name}` is refused" in why for why in reasons)
            guessed = any("puts `openai/` before names that it knows" in why for why in reasons)
            assert answer["tried"] == [] or told or guessed, name
            assert answer["tried"] or not told, name
            continue
        compare_chain(failed, name, answer)


def compare_chain(failed: Asked, name: str, answer: Any) -> None:
    """Assert that LiteLLM tried our chain; where shares are dealt, after any of the hosts."""
    tried = [call["model"] for call in answer["tried"]]
    decision = failed.ours(name)
    route = next(
        (route for route in failed.routes.served if name in route.exact_names or f"{name[:-2]}*" in route.patterns),
        None,
    )
    if route is not None and len(route.picks) > 1:
        first, *rest = tried
        assert first in {pick.model for pick in route.picks}
        # The others follow as they would; what was called first stands in its place among them once more.
        assert rest == list(route.chain), name
        assert rest == (list(decision.chain) if len(decision.chain) > 1 else []), name
    else:
        assert tried == list(decision.chain), name


EXAMPLE = {
    path.relative_to(environment.ROOT).as_posix(): path.read_bytes()
    for folder in ("routes", "policies", "experiments")
    for path in (environment.ROOT / folder).rglob("*.yaml")
}
