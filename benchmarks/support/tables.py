"""Make routing tables of a given size: the bytes that a service of that size would load."""

from __future__ import annotations

import random
from typing import Any

from routecomp.table.codec import encode

STACKS = ("us", "eu", "china", "sea")
GATE = "ROUTECOMP_BENCHMARK_GATE"  # opens the preferences


def table(models: int, tenants: int, policies: int, orders: int | None = None, seed: int = 1) -> bytes:
    """Return a table of random models; `orders` is the number of rankings that the policies share."""
    chance = random.Random(seed)
    providers = {
        f"host-{n:02d}": {
            "adapter": "openai",
            "api_key_env": f"HOST_{n}_KEY",
            "stack": STACKS[n % 4],
            "url": f"https://host-{n}.example/v1/chat/completions",
        }
        for n in range(20)
    }
    drawn = {f"model-{n:05d}": _model(chance, n) for n in range(models)}
    rankings: dict[str, str] = {}
    bodies: dict[str, Any] = {}
    for n in range(policies):
        plain, penalised = f"o-{2 * (n % (orders or policies)):016x}", f"o-{2 * (n % (orders or policies)) + 1:016x}"
        if plain not in rankings:
            weights = [chance.random() for _ in range(3)]
            rankings[plain] = _ranked(drawn, weights, 1.0)
            rankings[penalised] = _ranked(drawn, weights, 1.05)
        bodies[f"p-{n:016x}"] = {
            "banned_models": [],
            "banned_providers": chance.sample([*providers], n % 3),
            "compliance_bp": 5000,
            "fallback": True,
            "max_quality_loss_bp": 1000,
            "min_quality_bp": None,
            "penalised": penalised,
            "plain": plain,
            "stacks": None if n % 2 else ["eu", "sea", "us"],
        }
    slugs, names = [*drawn], [*bodies]
    body: dict[str, Any] = {
        "format": "2.0",
        "requires": [],
        "providers": providers,
        "models": drawn,
        "orders": rankings,
        "policies": bodies,
        "aliases": {"router/auto": "auto"},
        "tenants": {f"tenant-{n:06d}": names[n % len(names)] for n in range(tenants)},
        "targets": {"auto": {"candidates": "all", "min_quality_bp": None}},
        "features": {
            f"feature-{n:03d}": {
                "fallback": chance.sample(slugs, 2),
                "min_quality_bp": None,
                "then": "auto",
                "rows": [{"model": chance.choice(slugs), "status": "primary"}],
            }
            for n in range(50)
        },
        "experiments": {
            "preview/nimbus": {
                "experiment": "opus-vs-gpt",
                "on_pause": "reject",
                "salt": "opus-vs-gpt",
                "slots": [[0, 0], [5000, 1]],
                "status": "active",
                "winner": None,
                "variants": [
                    {"api_key_env": None, "id": "control", "model": slugs[0], "version": 1},
                    {"api_key_env": None, "id": "other", "model": slugs[1], "version": 1},
                ],
            }
        },
        "defaults": {"model": slugs[0], "policy": names[0], "routes": {}, "unknown_tenant": "default"},
        "preferences": {
            "clamp_bp": [5000, 8500],
            "default": "balanced",
            "dial_bp": {"balanced": 0, "cost": -1000, "quality": 1000},
            "gate_env": GATE,
            "good_bp": 5000,
        },
        "resilience": {"cooloff_s": 60, "failures": 5, "max_attempts": 5, "window_s": 60},
    }
    rows = body["features"]["feature-008"]["rows"]
    shadow = next(slug for slug in slugs if slug != rows[0]["model"])
    rows.append({"model": shadow, "status": "shadow", "sample_bp": 500, "max_daily_cents": None})
    return encode(body)


def _model(chance: random.Random, number: int) -> dict[str, Any]:
    """Return a random model."""
    price = round(10 ** chance.uniform(4.7, 7.2))
    words = ["streaming", "tools", "vision"]
    return {
        "active": chance.random() < 0.98,
        "capabilities": sorted(chance.sample(words, 2)),
        "compliance_bp": chance.randrange(4000, 10001),
        "input_pusd": price,
        "output_pusd": price * 4,
        "context_window": chance.choice([32_000, 128_000, 200_000, 1_000_000]),
        "listed": True,
        "logical": None,
        "latency_ms": chance.randrange(200, 6000),
        "min_output_tokens": chance.choice([0, 0, 0, 1024]),
        "output_ratio_bp": chance.choice([3000, 5000, 10_000]),
        "provider": f"host-{chance.randrange(20):02d}",
        "quality_bp": chance.randrange(3000, 9900),
        "upstream": f"vendor/model-{number}",
    }


def _ranked(models: dict[str, Any], weights: list[float], penalty: float) -> str:
    """Return the slugs by weighted quality, speed and cost, best first; `penalty` multiplies the cost."""

    def sort_key(slug: str) -> tuple[float, str]:
        model = models[slug]
        cost = (model["input_pusd"] + model["output_ratio_bp"] / 10_000 * model["output_pusd"]) * penalty
        shares = (model["quality_bp"] / 10_000, 1 - model["latency_ms"] / 10_000, 1 - min(1, cost / 75_000_000))
        return -sum(weight * share for weight, share in zip(weights, shares, strict=True)), slug

    return " ".join(sorted(models, key=sort_key))
