"""Measure four libraries at a part of what a decision does; print median times in microseconds as JSON.

This file runs in an environment with these libraries (`benchmarks/resolve.py --peers` makes it) and without routecomp.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import sys
import timeit
from importlib import import_module
from statistics import median
from typing import Any

logging.disable(logging.CRITICAL)
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # or it is fetched when the module is imported


def main() -> None:
    """Measure every library and print the times."""
    times = {}
    for measure in (openfeature, growthbook, growthbook_anew, unleash, litellm):
        times[measure.__name__] = measure()
        print(f"measured {measure.__name__}: {times[measure.__name__]:.2f}", file=sys.stderr)
    json.dump(times, sys.stdout)


def repeated(statement: str, names: dict[str, Any], number: int = 200, rounds: int = 100) -> float:
    """Return the median time of a statement in microseconds; `names` are its globals."""
    timer = timeit.Timer(statement, globals=names)
    timer.timeit(number)
    return median(timer.timeit(number) for _ in range(rounds)) / number * 1e6


def openfeature() -> float:
    """Measure OpenFeature: look up a flag by name in the in-memory provider."""
    api, memory = import_module("openfeature.api"), import_module("openfeature.provider.in_memory_provider")
    flag = memory.InMemoryFlag("opus", {"opus": "opus", "gpt": "gpt"})
    api.set_provider(memory.InMemoryProvider({"support-chat": flag}))
    client = api.get_client()
    assert client.get_string_value("support-chat", "none") == "opus"
    return repeated('c.get_string_value("support-chat", "none")', {"c": client})


def growthbook() -> float:
    """Measure GrowthBook: run a sticky experiment of two variants for the same user on every call."""
    library = import_module("growthbook")
    book = library.GrowthBook(attributes={"id": "user-1"})
    experiment = library.Experiment(key="opus-vs-gpt", variations=["opus", "gpt"], weights=[0.5, 0.5])
    assert book.run(experiment).value in ("opus", "gpt")
    return repeated("b.run(e)", {"b": book, "e": experiment})


def growthbook_anew() -> float:
    """Measure GrowthBook with a new instance and another user on every call, as its pages advise for web requests."""
    library = import_module("growthbook")
    experiment = library.Experiment(key="opus-vs-gpt", variations=["opus", "gpt"], weights=[0.5, 0.5])
    users = itertools.cycle([{"id": f"user-{n}"} for n in range(20_000)])
    return repeated("g(attributes=next(u)).run(e)", {"g": library.GrowthBook, "u": users, "e": experiment})


def unleash() -> float:
    """Measure Unleash: a sticky variant of a flag for a user, from a bootstrapped client without a network."""
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
    time = repeated('c.get_variant("nimbus", x)', {"c": client, "x": context})
    client.destroy()
    return time


def litellm() -> float:
    """Measure LiteLLM: choose one of 1,000 deployments of a model group by simple shuffle, without a policy."""
    library = import_module("litellm")
    router = library.Router(
        model_list=[
            {"model_name": "auto", "litellm_params": {"model": f"openai/model-{n}", "api_key": "none"}}
            for n in range(1000)
        ]
    )
    message = [{"role": "user", "content": "hello"}]
    assert router.get_available_deployment(model="auto", messages=message)
    return repeated('r.get_available_deployment(model="auto", messages=m)', {"r": router, "m": message}, 20, 30)


if __name__ == "__main__":
    main()
