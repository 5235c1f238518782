"""Draw requests at the boundaries of two tables: values of each figure, and one more and one less."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

Table = Mapping[str, Any]


class Boundaries:
    """The values at which some filter of some table may change its answer."""

    def __init__(self, tables: Sequence[Table]) -> None:
        models = [model for table in tables for model in table["models"].values()]
        self.features = [*sorted({n for t in tables for n in (*t["features"], *t["defaults"]["routes"])}), "nobody's"]
        names = {name for table in tables for name in _names(table)}
        self.names = [*sorted(names), "nobody's", *(f"{name[:-1]}xyz" for name in names if name.endswith("*"))]
        self.tenants = [None, *sorted({tenant for table in tables for tenant in table["tenants"]}), "stranger"]
        stacks = sorted({provider["stack"] for table in tables for provider in table["providers"].values()})
        self.stacks = [*stacks, *(f"avoid-{stack}" for stack in stacks), "nowhere"]
        self.providers = sorted({provider for table in tables for provider in table["providers"]})
        self.capabilities = [*sorted({word for model in models for word in model["capabilities"]}), "telepathy"]
        outputs = {model.get("max_output_tokens") for model in models} | {m["min_output_tokens"] for m in models}
        self.outputs = _around(value for value in outputs if value is not None)
        self.totals = _around(model["context_window"] for model in models)
        self.latencies = _around(model["latency_ms"] for model in models)
        self.prices = sorted({(m["input_pusd"], m["output_pusd"], m["output_ratio_bp"]) for m in models})
        self.qualities = _around((model["quality_bp"] for model in models), least=-1, most=10_001)

    def request(self, dice: random.Random) -> dict[str, Any]:
        """Draw a request; each argument is left out more often than not."""
        request: dict[str, Any] = {}
        if dice.random() < 0.5:
            request["feature"] = dice.choice(self.features)
        else:
            request["model"] = dice.choice(self.names)
        request["tenant"] = dice.choice(self.tenants)
        draws: dict[str, Callable[[], Any]] = {
            "stack": lambda: dice.choice(self.stacks),
            "unavailable": lambda: [dice.choice(self.providers)],
            "capabilities": lambda: dice.sample(self.capabilities, min(len(self.capabilities), dice.choice((1, 1, 2)))),
            "stream": lambda: True,
            "tools": lambda: True,
            "max_output_tokens": lambda: dice.choice(self.outputs),
            "input_tokens": lambda: dice.choice(self.totals),
            "min_quality": lambda: Decimal(dice.choice(self.qualities)) / 10_000,
            "preference": lambda: dice.choice(("quality", "balanced", "cost")),
            "latency_budget_ms": lambda: dice.choice(self.latencies),
            "unit": lambda: f"unit-{dice.randrange(10**6)}",
        }
        for name, draw in draws.items():
            if dice.random() < 0.3:
                request[name] = draw()
        if "input_tokens" in request and "max_output_tokens" in request and dice.random() < 0.5:
            request["input_tokens"] = max(0, request["input_tokens"] - request["max_output_tokens"])
        if dice.random() < 0.3:  # a cap beside what some model costs
            tokens = request.setdefault("input_tokens", dice.choice((1, 10, 1_000, 5_000, 100_000)))
            output = request.get("max_output_tokens")
            of_input, of_output, ratio = dice.choice(self.prices)
            expected = tokens * ratio if output is None else min(tokens * ratio, output * 10_000)
            cost = -(-(tokens * of_input * 10_000 + expected * of_output) // 10_000)
            request["max_cost_usd"] = Decimal(cost + dice.choice((-1, 0, 1))).scaleb(-12)
        return {name: value for name, value in request.items() if value is not None}


def _names(table: Table) -> set[str]:
    names = {*table["targets"], *table["aliases"], *table["models"], *table["experiments"]}
    for section in ("feature_aliases", "model_aliases", "patterns", "unanswered"):
        names |= {*table.get(section, {})}
    return names | {model["logical"] for model in table["models"].values() if model["logical"] is not None}


def _around(values: Any, least: int = 0, most: int = 10**9) -> list[int]:
    near = {value + step for value in values for step in (-1, 0, 1)}
    return sorted(value for value in near | {least, most} if least <= value <= most)
