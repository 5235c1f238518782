"""Change a table in one way that the resolver accepts, as an edit of the YAML might."""

from __future__ import annotations

import json
import random
from typing import Any

from routecomp.runtime.resolver import Router


def mutated(table: bytes, dice: random.Random, changes: int | None = None) -> bytes:
    """Return the table with so many figures changed, or one to three; one that the resolver refuses is drawn anew."""
    while True:
        body: dict[str, Any] = json.loads(table)
        for _ in range(dice.choice((1, 1, 2, 3)) if changes is None else changes):
            dice.choice(_KINDS)(body, dice)
        data = json.dumps(body).encode()
        if Router.from_bytes(data).status()["last_rejection"] is None:
            return data


def _model(body: dict[str, Any], dice: random.Random) -> None:
    model = body["models"][dice.choice(sorted(body["models"]))]
    match dice.randrange(11):
        case 0:
            model["quality_bp"] = min(10_000, max(0, model["quality_bp"] + dice.choice((-300, -1, 1, 300))))
        case 1:
            model["latency_ms"] = max(0, model["latency_ms"] + dice.choice((-200, -1, 1, 200)))
        case 2:
            model["context_window"] = max(1, model["context_window"] + dice.choice((-1, 1, 1000, 100_000)))
        case 3:
            model["capabilities"] = sorted({*model["capabilities"]} ^ {dice.choice(("tools", "vision", "streaming"))})
        case 4:
            model["min_output_tokens"] = dice.choice((0, 1, 64, 1024))
        case 5:
            model["max_output_tokens"] = dice.choice((None, 2048, 4096, 32_000))
        case 6:
            model["active"] = not model["active"]
        case 7:
            model["listed"] = not model["listed"]
        case 8:
            model["compliance_bp"] = dice.choice((0, 5000, 10_000))
        case 9:
            model["api_key_env"] = "ANOTHER_KEY"
        case 10:
            name = dice.choice(("input_pusd", "output_pusd", "output_ratio_bp"))
            model[name] = max(0, model[name] + dice.choice((-1, 1, 1000, 250_000, -250_000)))


def _policy(body: dict[str, Any], dice: random.Random) -> None:
    policy = body["policies"][dice.choice(sorted(body["policies"]))]
    match dice.randrange(7):
        case 0:
            policy["min_quality_bp"] = dice.choice((None, 0, 4000, 5000, 6000, 8000))
        case 1:
            policy["banned_providers"] = sorted(
                {*policy["banned_providers"]} ^ {dice.choice(sorted(body["providers"]))}
            )
        case 2:
            policy["banned_models"] = sorted({*policy["banned_models"]} ^ {dice.choice(sorted(body["models"]))})
        case 3:
            policy["fallback"] = not policy["fallback"]
        case 4:
            policy["max_quality_loss_bp"] = dice.choice((0, 100, 1000, 10_000))
        case 5:
            policy["compliance_bp"] = dice.choice((0, 5000, 9000, 10_000))
        case 6:
            policy["stacks"] = dice.choice((None, ["eu"], ["us"], ["eu", "us"]))


def _order(body: dict[str, Any], dice: random.Random) -> None:
    name = dice.choice(sorted(body["orders"]))
    slugs = body["orders"][name].split(" ")
    place = dice.randrange(len(slugs))
    slugs.insert(dice.randrange(len(slugs)), slugs.pop(place))
    body["orders"][name] = " ".join(slugs)


def _feature(body: dict[str, Any], dice: random.Random) -> None:
    if not body["features"]:
        return
    feature = body["features"][dice.choice(sorted(body["features"]))]
    match dice.randrange(5):
        case 0:
            dice.shuffle(feature["fallback"])
        case 1:
            feature["min_quality_bp"] = dice.choice((None, 4000, 6000, 9000))
        case 2:
            feature["then"] = dice.choice((None, *sorted(body["targets"])))
        case 3:
            for row in feature["rows"]:
                if "sample_bp" in row:
                    row["sample_bp"] = dice.choice((1, 500, 5000, 10_000))
        case 4:
            for row in feature["rows"]:
                if row["status"] == "primary" and len(feature["rows"]) > 1:
                    row["status"] = "shadow"
                    feature["rows"][-1]["status"] = "primary"
                    break


def _provider(body: dict[str, Any], dice: random.Random) -> None:
    provider = body["providers"][dice.choice(sorted(body["providers"]))]
    match dice.randrange(3):
        case 0 if "{model}" not in provider["url"]:
            provider["url"] += "/v9"
        case 1 if "{model}" not in provider["url"]:
            provider["stream_url"] = provider["url"] + "/streamed"
        case _:
            provider["stack"] = dice.choice(("eu", "us", "moon"))


def _others(body: dict[str, Any], dice: random.Random) -> None:
    match dice.randrange(8):
        case 0:
            body["resilience"]["max_attempts"] = dice.choice((1, 2, 3, 5))
        case 1:
            for experiment in body["experiments"].values():
                experiment["status"] = dice.choice(("active", "paused"))
                experiment["on_pause"] = dice.choice(("reject", "control"))
        case 2:
            for experiment in body["experiments"].values():
                if len(experiment["variants"]) > 1:
                    experiment["slots"] = [[0, 0], [dice.choice((1, 2500, 9999)), 1]]
        case 3:
            body["defaults"]["unknown_tenant"] = dice.choice(("default", "reject"))
        case 4:
            if body["tenants"]:
                body["tenants"][dice.choice(sorted(body["tenants"]))] = dice.choice(sorted(body["policies"]))
        case 6 if body["preferences"] is not None:
            body["preferences"]["gate_env"] = dice.choice((None, body["preferences"]["gate_env"]))
        case 7:
            body["preferences"] = None
        case 5:
            for alias in list(body["aliases"])[:1]:
                body["aliases"][alias] = dice.choice(sorted(body["targets"]))


_KINDS = (_model, _model, _policy, _order, _feature, _others, _provider)
