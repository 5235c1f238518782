"""Measure other libraries at a part of what a decision does, in turns with the resolver, in one process.

peers.py RESOLVER TABLE prints one JSON object a line: the library, what it is asked, the call it is compared with, and
the median microseconds of both. This file runs in an environment with these libraries (`benchmarks/resolve.py --peers`
makes it) and without routecomp: the resolver is a file of its own.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import sys
import timeit
from collections.abc import Callable
from hashlib import sha256
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from statistics import median
from struct import Struct
from time import thread_time
from typing import Any, NamedTuple

logging.disable(logging.CRITICAL)
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # or it is fetched when the module is imported
ROUNDS = 40


class Call(NamedTuple):
    """A statement that is timed: its globals, and how often it runs in a round."""

    statement: str
    names: dict[str, Any]
    number: int = 500


def main() -> None:
    """Measure every library beside the calls it is compared with, and print the times."""
    calls = own_calls(*(Path(argument) for argument in sys.argv[1:3]))
    for prepare, what, names in PEERS:
        library = prepare.__name__.removesuffix("_anew")
        try:
            peer = prepare()
        except ImportError as error:
            print(f"SKIPPED: {library} cannot be compared: {error}", file=sys.stderr, flush=True)
            continue
        for name in names:
            times = in_turns(peer, calls[name])
            print(json.dumps([library, what, name, *times]), flush=True)


def in_turns(*calls: Call) -> list[float]:
    """Return the median time of each call, in microseconds of the processor; they take turns, which is fair to all."""
    timers = [timeit.Timer(call.statement, timer=thread_time, globals=call.names) for call in calls]
    times: list[list[float]] = [[] for _ in calls]
    for turn in range(ROUNDS + 1):
        for call, timer, column in zip(calls, timers, times, strict=True):
            seconds = timer.timeit(call.number)
            if turn:  # the first turn warms up
                column.append(seconds / call.number * 1e6)
    return [median(column) for column in times]


def own_calls(resolver: Path, table: Path) -> dict[str, Call]:
    """Return the resolver's calls by name."""
    spec = spec_from_file_location("resolver", resolver)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["resolver"] = module
    spec.loader.exec_module(module)
    router = module.load(table)
    assert router.status()["last_rejection"] is None, router.status()
    made = itertools.cycle([(f"request-{n:06d}", 100 + n * 37 % 9000, 500 + n * 13 % 900) for n in range(20_000)])
    new = itertools.cycle([f"new-{n}" for n in range(100_000)])  # many more than are remembered
    names: dict[str, Any] = {"r": router, "q": made, "u": users(), "n": new}
    plain = 'feature="feature-007", tenant="tenant-000007"'
    six = (
        'model="auto", tenant="tenant-000007", min_quality=0.5, latency_budget_ms=3000, stack="avoid-china", '
        "input_tokens=1200, max_output_tokens=1500, max_cost_usd=0.05"
    )
    real = 'preference="quality", request_id=i, input_tokens=n, max_output_tokens=m, stream=True'
    # What a sticky assignment cannot do without: one SHA-256, the slot, and two look-ups, of the salt and of the slot.
    names["floor"] = floor_of(sha256, {"preview/nimbus": b"opus-vs-gpt:"}, dict.fromkeys(range(10_000), "opus"))
    return {
        "the floor": Call('floor("preview/nimbus", "user-1")', names, 5000),
        "feature and tenant": Call(f"r.resolve({plain})", names, 5000),
        "the real call": Call(f"i, n, m = next(q); r.resolve({plain}, {real})", names, 2000),
        "six hints": Call(f"r.resolve({six})", names, 5000),
        "the same unit": Call('r.resolve(model="preview/nimbus", unit="user-1")', names, 5000),
        "a unit of 20,000": Call('r.resolve(model="preview/nimbus", unit=next(u))', names, 5000),
        "a new unit": Call('r.resolve(model="preview/nimbus", unit=next(n))', names, 5000),
    }


def floor_of(
    digest: Callable[[bytes], Any], salts: dict[str, bytes], owners: dict[int, str]
) -> Callable[[str, str], str]:
    """Return a function that assigns a unit to a variant, and does nothing else."""
    first_eight = Struct(">Q24x").unpack

    def assign(model: str, unit: str) -> str:
        return owners[first_eight(digest(salts[model] + unit.encode()).digest())[0] * 10_000 >> 64]

    return assign


def users() -> itertools.cycle[str]:
    """Return the users that are assigned to variants."""
    return itertools.cycle([f"user-{n}" for n in range(20_000)])


def openfeature() -> Call:
    """Prepare OpenFeature: look up a flag by name in the in-memory provider."""
    api, memory = import_module("openfeature.api"), import_module("openfeature.provider.in_memory_provider")
    flag = memory.InMemoryFlag("opus", {"opus": "opus", "gpt": "gpt"})
    api.set_provider(memory.InMemoryProvider({"support-chat": flag}))
    client = api.get_client()
    assert client.get_string_value("support-chat", "none") == "opus"
    return Call('c.get_string_value("support-chat", "none")', {"c": client})


def eppo() -> Call:
    """Prepare Eppo, whose core is Rust: a sticky experiment of two variants, another user on every call."""
    library = import_module("eppo_client")
    splits = [
        {"variationKey": name, "shards": [{"salt": "opus-vs-gpt", "ranges": [{"start": start, "end": start + 5000}]}]}
        for name, start in (("opus", 0), ("gpt", 5000))
    ]
    flag = {
        "key": "opus-vs-gpt",
        "enabled": True,
        "variationType": "STRING",
        "variations": {name: {"key": name, "value": name} for name in ("opus", "gpt")},
        "totalShards": 10_000,
        "allocations": [{"key": "all", "rules": [], "doLog": False, "splits": splits}],
    }
    body = {"createdAt": "2026-01-01T00:00:00.000Z", "environment": {"name": "benchmark"}, "format": "SERVER"}
    configuration = json.dumps({**body, "flags": {"opus-vs-gpt": flag}}).encode()
    client = library.init(
        library.ClientConfig(
            api_key="none",
            base_url="http://localhost:1/",
            assignment_logger=library.AssignmentLogger(),
            poll_interval_seconds=None,
            initial_configuration=library.Configuration(flags_configuration=configuration),
        )
    )
    assert client.get_string_assignment("opus-vs-gpt", "user-1", {}, "none") in ("opus", "gpt")
    statement = 'c.get_string_assignment("opus-vs-gpt", next(u), a, "none")'
    return Call(statement, {"c": client, "u": users(), "a": {}}, 5000)


def growthbook() -> Call:
    """Prepare GrowthBook: a sticky experiment of two variants for the same user on every call."""
    library = import_module("growthbook")
    book = library.GrowthBook(attributes={"id": "user-1"})
    experiment = library.Experiment(key="opus-vs-gpt", variations=["opus", "gpt"], weights=[0.5, 0.5])
    assert book.run(experiment).value in ("opus", "gpt")
    return Call("b.run(e)", {"b": book, "e": experiment})


def growthbook_anew() -> Call:
    """Prepare GrowthBook with a new instance and another user on every call, as its pages advise for web requests."""
    library = import_module("growthbook")
    experiment = library.Experiment(key="opus-vs-gpt", variations=["opus", "gpt"], weights=[0.5, 0.5])
    return Call('g(attributes={"id": next(u)}).run(e)', {"g": library.GrowthBook, "u": users(), "e": experiment}, 200)


def unleash() -> Call:
    """Prepare Unleash: a sticky variant of a flag for a user, from a bootstrapped client without a network."""
    library, caches = import_module("UnleashClient"), import_module("UnleashClient.cache")
    variants = [{"name": name, "weight": 500, "weightType": "variable", "stickiness": "userId"} for name in ("a", "b")]
    strategy = {"name": "default", "parameters": {}, "constraints": [], "variants": variants}
    cache = caches.FileCache("routecomp-benchmark")
    cache.bootstrap_from_dict(
        {
            "version": 2,
            "features": [{"name": "nimbus", "enabled": True, "strategies": [strategy], "variants": variants}],
        }
    )
    client = library.UnleashClient(
        "http://localhost:1/api", "benchmark", cache=cache, disable_metrics=True, disable_registration=True
    )
    client.initialize_client(fetch_toggles=False)
    context = {"userId": "user-1"}
    assert client.get_variant("nimbus", context)["enabled"]
    return Call('c.get_variant("nimbus", x)', {"c": client, "x": context}, 100)


def litellm() -> Call:
    """Prepare LiteLLM: choose one of 1,000 deployments of a model group by simple shuffle, without a policy."""
    library = import_module("litellm")
    router = library.Router(
        model_list=[
            {"model_name": "auto", "litellm_params": {"model": f"openai/model-{n}", "api_key": "none"}}
            for n in range(1000)
        ]
    )
    message = [{"role": "user", "content": "hello"}]
    assert router.get_available_deployment(model="auto", messages=message)
    return Call('r.get_available_deployment(model="auto", messages=m)', {"r": router, "m": message}, 1)


PEERS: tuple[tuple[Callable[[], Call], str, tuple[str, ...]], ...] = (
    (openfeature, "a constant by name", ("feature and tenant", "the real call")),
    (eppo, "a string by user", ("the same unit", "a unit of 20,000", "a new unit", "the floor")),
    (growthbook, "the same user", ("the same unit",)),
    (growthbook_anew, "an instance for each user", ("a unit of 20,000", "a new unit")),
    (unleash, "the same user", ("the same unit",)),
    (litellm, "one of 1,000 deployments, no policy", ("six hints",)),
)

if __name__ == "__main__":
    main()
