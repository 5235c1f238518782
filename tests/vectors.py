"""Draw requests to the living example and write their decisions to `generated/vectors.json`, for other implementers.

Each vector is `{"request", "gate", "table", "decision"}`: the request as a JSON object, whether the preference gate
is open, whether the table is loaded (else the fallback file alone answers), and the decision without its
`ruleset_hash`, which the file's `ruleset_hash` gives once. Requests are drawn by a hash, not by a random generator, so
that the file is the same on every Python; of those drawn, the ones that show something new come first.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from routecomp.runtime.resolver import Router

GENERATED = Path(__file__).parents[1] / "generated"
DRAWN = 30_000
WANTED = 2_400


def vectors() -> str:
    """Return the text of the file: one vector a line."""
    table = (GENERATED / "routing_table.json").read_bytes()
    fallback = (GENERATED / "fallback.json").read_bytes()
    content = json.loads(table)
    routers = {True: Router.from_bytes(table, fallback), False: Router.from_bytes(None, fallback)}
    gate = content["preferences"]["gate_env"]
    before = os.environ.pop(gate, None)
    seen: set[object] = set()
    new: list[dict[str, Any]] = []
    more: list[dict[str, Any]] = []
    try:
        for request in _requests(content):
            is_open = _number(f"{request}gate", 3) > 0
            has_table = _number(f"{request}table", 10) > 0
            os.environ[gate] = "1" if is_open else "0"
            explained: dict[str, Any] = {**routers[has_table].explain_request(request)}
            decision = {key: value for key, value in explained["decision"].items() if key != "ruleset_hash"}
            vector = {"request": request, "gate": is_open, "table": has_table, "decision": decision}
            shown = set(_shows(explained, decision, has_table))
            (more if seen >= shown else new).append(vector)
            seen |= shown
    finally:
        os.environ.pop(gate, None)
        if before is not None:
            os.environ[gate] = before
    lines = ",\n".join(json.dumps(vector, ensure_ascii=True, separators=(",", ":")) for vector in (new + more)[:WANTED])
    return f'{{"gate_env":"{gate}","ruleset_hash":"{sha256(table).hexdigest()}","vectors":[\n{lines}\n]}}\n'


def _shows(explained: dict[str, Any], decision: dict[str, Any], has_table: bool) -> Iterator[object]:
    """Yield the features of a vector: vectors with a feature that no earlier one has come first."""
    yield (has_table, decision["status"], decision["route"], decision["source"], *decision["reasons"])
    for step in explained.get("filters", ()):
        if step["dropped"]:
            yield (step["filter"], "drops", decision["route"])
        if step["survivors"] == 0:
            yield (step["filter"], "empties", decision["route"], decision["status"])
    yield (decision["experiment"], decision["variant"])
    yield (decision["model"], decision["route"])
    yield ("shadows", *decision["shadows"])


def _requests(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    models, tenants = sorted(content["models"]), sorted(content["tenants"])
    named = [
        *sorted(content["targets"]),
        *sorted(content["aliases"]),
        *sorted({**content["feature_aliases"], **content["model_aliases"], **content["unanswered"]}) * 2,
        *(f"{pattern[:-1]}{more}" for pattern in sorted(content["patterns"]) for more in ("", "nine", "*")),
        *sorted(content["experiments"]) * 3,
        *sorted({body["logical"] for body in content["models"].values() if body["logical"]}),
    ]
    features = [*sorted(content["features"]), *sorted(content["defaults"]["routes"]), "nobody-knows"]
    stacks = sorted({body["stack"] for body in content["providers"].values()})
    abilities = sorted({word for body in content["models"].values() for word in body["capabilities"]})
    floors = sorted({body["quality_bp"] for body in content["models"].values()})
    windows = sorted({body["context_window"] for body in content["models"].values()})
    last_variants = sorted({body["variants"][-1]["model"] for body in content["experiments"].values()})
    choices: dict[str, Sequence[Any]] = {
        "tenant": (*tenants, *tenants, "nobody", "", None, 42, -7, True, 1.5, ["acme"]),
        "preference": ("quality", "cost", "balanced", "quality", "cost", "frugal"),
        "unit": (*(f"user-{n}" for n in range(50)), "", "Ü-π-💥", *range(10), 10**18, 10**18 + 1, 1.5),
        "request_id": (*(f"r-{n}" for n in range(50)), *range(10), False),
        "min_quality": (*(bp / 10_000 for bp in floors), 0, 0.9999, 1, "0.5", True),
        "latency_budget_ms": (150, 400, 800, 1_200, 2_500, 6_000, 1.5, -1),
        "stack": (*stacks, *(f"avoid-{word}" for word in stacks), "mars", 7),
        "input_tokens": (0, 1, 900, 12_000, 120_000, *windows, *(size + 1 for size in windows), "many"),
        "max_output_tokens": (0, 1, 16, 1_000, 30_000),
        "max_cost_usd": (0, 0.000001, 0.0005, 0.01, 0.2, 5),
        "stream": (True, False, "yes"),
        "tools": (True, False),
        "capabilities": ([], ["vision"], *([word] for word in abilities), abilities, ["telepathy"], "vision"),
        "unavailable": ([], ["openai"], sorted(content["providers"]), models[:40], last_variants, ["nobody"], [1]),
        "surprise": (1, None),
    }
    often = {"tenant": 80, "preference": 25, "unit": 40, "request_id": 30, "surprise": 1}
    for number in range(DRAWN):
        kind = _number(f"{number}kind", 10)
        if kind < 4:
            request: dict[str, Any] = {"feature": _pick(f"{number}feature", features)}
        elif kind < 7:
            request = {"model": _pick(f"{number}named", named)}
        elif kind < 9:
            request = {"model": _pick(f"{number}model", (*models, "gone"))}
        else:
            odd: Sequence[dict[str, Any]] = (
                {},
                {"feature": 7, "model": "auto"},
                {"feature": features[0], "model": ["x"]},
            )
            request = dict(_pick(f"{number}odd", odd))
        for name, values in choices.items():
            if _number(f"{number}{name}?", 100) < often.get(name, 12):
                request[name] = _pick(f"{number}{name}", values)
        yield request


def _number(text: str, below: int) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big") % below


def _pick(text: str, values: Sequence[Any]) -> Any:
    return values[_number(text, len(values))]
