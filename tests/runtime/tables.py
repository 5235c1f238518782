"""Hold a routing table and a fallback file written by hand, small enough to work every decision out on paper."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from typing import Any

from routecomp.runtime.resolver import Router

PROVIDERS: dict[str, Any] = {
    "anthropic": {
        "adapter": "anthropic", "api_key_env": "ANTHROPIC_API_KEY", "stack": "us",
        "url": "https://api.anthropic.com/v1/messages",
    },
    "mistral": {
        "adapter": "openai_compatible", "api_key_env": "MISTRAL_API_KEY", "stack": "eu",
        "url": "https://api.mistral.ai/v1/chat/completions",
    },
    "openai": {
        "adapter": "openai", "api_key_env": "OPENAI_API_KEY", "stack": "us",
        "url": "https://api.openai.com/v1/chat/completions",
    },
    "qwen": {"adapter": "openai_compatible", "api_key_env": None, "stack": "china", "url": "https://qwen.cn/v1"},
}  # fmt: skip


def model(provider: str, quality: int, dollars: tuple[float, float], latency: int, **more: Any) -> dict[str, Any]:
    """Return a model's entry; `dollars` are USD per million tokens in and out."""
    return {
        "active": True, "capabilities": ["streaming", "tools"], "compliance_bp": 9000, "context_window": 100_000,
        "input_pusd": round(dollars[0] * 1_000_000), "latency_ms": latency, "listed": True, "logical": None,
        "min_output_tokens": 0, "output_pusd": round(dollars[1] * 1_000_000), "output_ratio_bp": 5000,
        "provider": provider, "quality_bp": quality, "upstream": "upstream/" + provider, **more,
    }  # fmt: skip


#            quality  in/out USD per M    latency
MODELS: dict[str, Any] = {
    "gpt": model("openai", 8400, (2, 8), 1500, logical="gpt-logical"),
    "gpt-eu": model("mistral", 8400, (2.5, 9), 1600, logical="gpt-logical"),
    "hidden": model("openai", 9900, (1, 1), 100, listed=False),
    "mini": model("openai", 5500, (0.2, 0.8), 400, context_window=32_000),
    "mistral-3": model("mistral", 7000, (1, 3), 900, compliance_bp=9900),
    "off": model("openai", 9800, (1, 1), 100, active=False),
    "opus": model("anthropic", 9000, (5, 25), 1800, capabilities=["streaming", "tools", "vision"]),
    "qwen-max": model("qwen", 7500, (0.5, 1), 1200, compliance_bp=4000),
    "thinker": model("openai", 8800, (3, 12), 5000, min_output_tokens=4096, capabilities=[]),
}

PLAIN = "off hidden mistral-3 mini gpt gpt-eu qwen-max opus thinker"
PENALISED = "off hidden mini mistral-3 gpt-eu gpt opus qwen-max thinker"
CHEAPEST = "mini qwen-max hidden off mistral-3 gpt gpt-eu thinker opus"


def policy(**changes: Any) -> dict[str, Any]:
    """Return a policy's entry: nothing banned, no floor, compliance at least 0.50."""
    return {
        "banned_models": [], "banned_providers": [], "compliance_bp": 5000, "fallback": True,
        "max_quality_loss_bp": 1000, "min_quality_bp": None, "penalised": "o-pen", "plain": "o-plain",
        "stacks": None, **changes,
    }  # fmt: skip


def experiment(name: str, status: str = "active", **changes: Any) -> dict[str, Any]:
    """Return an experiment's entry: opus 0..4999 (control), gpt 5000..9999."""
    return {
        "experiment": name, "on_pause": "reject", "salt": "opus-vs-gpt", "slots": [[0, 0], [5000, 1]],
        "status": status, "winner": None,
        "variants": [
            {"api_key_env": None, "id": "control", "model": "opus", "version": 1},
            {"api_key_env": "NIMBUS_KEY", "id": "gpt", "model": "gpt", "version": 3},
        ],
        **changes,
    }  # fmt: skip


TABLE: dict[str, Any] = {
    "format": "2.0",
    "requires": [],
    "providers": PROVIDERS,
    "models": MODELS,
    "orders": {"o-cheap": CHEAPEST, "o-pen": PENALISED, "o-plain": PLAIN},
    "policies": {
        "p-cheap": policy(plain="o-cheap", penalised="o-cheap"),
        "p-default": policy(),
        "p-eu": policy(stacks=["eu"], min_quality_bp=6000),
        "p-floor": policy(min_quality_bp=8000),
        "p-nobans": policy(banned_models=["gpt-logical", "mini"], banned_providers=["anthropic"]),
        "p-strict": policy(fallback=False),
    },
    "tenants": {
        "berlin": "p-eu", "careful": "p-nobans", "cheap": "p-cheap", "picky": "p-floor", "strict": "p-strict",
    },
    "features": {
        "chat": {
            "fallback": ["mistral-3", "gpt"],
            "min_quality_bp": 5000,
            "rows": [
                {"model": "opus", "status": "primary"},
                {"model": "gpt-eu", "status": "retired"},
                {"model": "gpt", "status": "shadow", "sample_bp": 5000, "max_daily_cents": 100},
                {"model": "mini", "status": "shadow", "sample_bp": 10000, "max_daily_cents": None},
                {"model": "qwen-max", "status": "shadow"},
            ],
            "then": "auto",
        },
        "secret": {
            "fallback": [], "min_quality_bp": None, "rows": [{"model": "hidden", "status": "primary"}],
            "then": None,
        },
    },
    "targets": {
        "auto": {"candidates": "all", "min_quality_bp": None},
        "europe": {"candidates": {"stacks": ["eu"]}, "min_quality_bp": None},
        "frontier": {"candidates": "all", "min_quality_bp": 8500},
        "listed": {"candidates": {"models": ["mini", "off", "opus"]}, "min_quality_bp": None},
        "logic": {"candidates": {"logical": "gpt-logical"}, "min_quality_bp": None},
        "nothing": {"candidates": {"models": ["hidden", "off"]}, "min_quality_bp": None},
    },
    "aliases": {"router/auto": "auto"},
    "experiments": {
        "preview/control": experiment("exp-control", "paused", on_pause="control"),
        "preview/done": experiment("exp-done", "completed", winner=1),
        "preview/nimbus": experiment("opus-vs-gpt"),
        "preview/paused": experiment("exp-paused", "paused"),
    },
    "defaults": {
        "model": "gpt", "policy": "p-default", "routes": {"batch": "mistral-3", "deep": "thinker"},
        "unknown_tenant": "default",
    },
    "preferences": {
        "clamp_bp": [5000, 8500], "default": "balanced", "dial_bp": {"balanced": 0, "cost": -1000, "quality": 1000},
        "gate_env": "TEST_PREFERENCE_LIVE", "good_bp": 5000,
    },
    "resilience": {"cooloff_s": 60, "failures": 5, "max_attempts": 5, "window_s": 60},
}  # fmt: skip

FALLBACK: dict[str, Any] = {
    "format": "2.0",
    "requires": [],
    "defaults": {
        "model": "gpt", "policy": "f-open", "routes": {"batch": "mistral-3", "deep": "thinker"},
        "unknown_tenant": "default",
    },
    "models": {slug: MODELS[slug] for slug in ("gpt", "mistral-3", "thinker")},
    "permissions": {
        "f-eu": {"banned_models": [], "banned_providers": [], "compliance_bp": 5000, "stacks": ["eu"]},
        "f-nobans": {
            "banned_models": ["gpt-logical", "mini"], "banned_providers": ["anthropic"], "compliance_bp": 5000,
            "stacks": None,
        },
        "f-open": {"banned_models": [], "banned_providers": [], "compliance_bp": 5000, "stacks": None},
    },
    "preferences": {
        "default": "balanced", "gate_env": "TEST_PREFERENCE_LIVE", "names": ["balanced", "cost", "quality"],
    },
    "providers": {slug: PROVIDERS[slug] for slug in ("mistral", "openai")},
    "stacks": "china eu us",
    "tenants": {
        "berlin": "f-eu", "careful": "f-nobans", "cheap": "f-open", "picky": "f-open", "strict": "f-open",
    },
}  # fmt: skip


def changed(body: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return a deep copy with values replaced at slash-separated paths; `...` removes the key."""
    body = deepcopy(body)
    for path, value in changes.items():
        *parents, last = path.split("/")
        place: Any = body
        for key in parents:
            place = place[int(key)] if isinstance(place, list) else place[key]
        if value is ...:
            del place[last]
        else:
            place[int(last) if isinstance(place, list) else last] = value
    return body


def encode(body: dict[str, Any]) -> bytes:
    """Return the bytes of a table or a fallback file, whatever it holds: on one line and without spaces."""
    return json.dumps(body, separators=(",", ":")).encode()


def router(changes: dict[str, Any] | None = None, **options: Any) -> Router:
    """Return a router for the table above, with changes; it fails loudly if the table is refused."""
    made = Router.from_bytes(encode(changed(TABLE, changes or {})), **options)
    assert made.status()["last_rejection"] is None, made.status()
    return made


def ladder(changes: dict[str, Any] | None = None, **options: Any) -> Router:
    """Return a router that has no table, only the fallback file above, with changes."""
    made = Router.from_bytes(None, encode(changed(FALLBACK, changes or {})), **options)
    assert made.status()["fallback"] == "loaded", made.status()
    return made


def crowd(count: int, seed: int = 1) -> dict[str, Any]:
    """Return the table with many models of chance, ranked by chance: an order is any permutation."""
    chance = random.Random(seed)
    models = {
        f"m{number:04d}": model(
            chance.choice([*PROVIDERS]), chance.randrange(3000, 9900, chance.choice([1, 100])),
            (chance.randrange(1, 4000) / 1000, chance.randrange(1, 9000) / 1000), chance.randrange(100, 4000),
            active=chance.random() < 0.95, listed=chance.random() < 0.95,
            capabilities=chance.sample(["streaming", "tools", "vision"], chance.randrange(4)),
            compliance_bp=chance.randrange(4000, 10000), context_window=chance.choice([8000, 32000, 128_000]),
            logical=chance.choice([None, "gpt-logical"]), min_output_tokens=chance.choice([0, 0, 1024]),
            output_ratio_bp=chance.randrange(0, 20000),
        )
        for number in range(count)
    }  # fmt: skip
    models = MODELS | models
    orders = {name: " ".join(chance.sample([*models], len(models))) for name in ("o-cheap", "o-pen", "o-plain")}
    return changed(TABLE, {"models": models, "orders": orders})
