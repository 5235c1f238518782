"""A routing table in, YAML out that declares what the table holds of what the rules of change look at.

A table holds no labels and, of a variant's versions, the last alone: these are taken as the project says them, so that
nothing is found where nothing can be known. Experiments that answer nothing (drafts, archived ones) are not in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from routecomp.model.experiment import Variant, Version
from routecomp.model.numbers import written
from routecomp.model.project import Declared
from routecomp.parse.edit import flow_mapping, yaml_scalar

_LAST_SLOT = 9_999


def yaml_of(table: bytes, after: Declared) -> dict[str, bytes]:
    """Path to bytes of files as a project has them; `after` is what the project declares."""
    content: Mapping[str, Any] = json.loads(table)
    routes = [*_section("models", _models(content)), *_section("features", _features(content))]
    experiments = [*_section("experiments", _experiments(content, after))]
    named = {"routes/table.yaml": routes, "experiments/table.yaml": experiments}
    return {path: ("\n".join(lines) + "\n").encode() for path, lines in named.items() if lines}


def _section(name: str, lines: Iterator[str]) -> list[str]:
    found = list(lines)
    return [f"{name}:", *found] if found else []


def _models(content: Mapping[str, Any]) -> Iterator[str]:
    for slug, model in content["models"].items():
        price = flow_mapping([("input", written(model["input_pusd"], 6)), ("output", written(model["output_pusd"], 6))])
        yield f"  {slug}: " + flow_mapping(
            [
                ("provider", yaml_scalar(model["provider"])),
                ("quality", written(model["quality_bp"], 4)),
                ("price", price),
                ("latency_ms", str(model["latency_ms"])),
                ("context_window", str(model["context_window"])),
            ]
        )


def _features(content: Mapping[str, Any]) -> Iterator[str]:
    for slug, feature in content["features"].items():
        yield from (f"  {slug}:", "    models:")
        for row in feature["rows"]:
            figures = [("sample", written(row["sample_bp"], 4))] if row.get("sample_bp") is not None else []
            if row.get("max_daily_cents") is not None:
                figures.append(("max_daily_usd", written(row["max_daily_cents"], 2)))
            said = flow_mapping([("status", row["status"]), *figures]) if figures else row["status"]
            yield f"      {row['model']}: {said}"


def _experiments(content: Mapping[str, Any], after: Declared) -> Iterator[str]:
    for public_id, one in content["experiments"].items():
        yield f"  {one['experiment']}:"
        yield f"    public_model_id: {yaml_scalar(public_id)}"
        yield f"    status: {one['status']}"
        yield f"    salt: {yaml_scalar(one['salt'])}"
        if one["winner"] is not None:
            yield f"    winner: {one['variants'][one['winner']]['id']}"
        yield "    variants:"
        now = after.experiments.get(one["experiment"])
        for at, variant in enumerate(one["variants"]):
            ranges = _ranges(one["slots"], at)
            weight = sum(last - first + 1 for first, last in ranges)
            known = None if now is None else now.body.variants.get(variant["id"])
            label = [] if known is None or known.label is None else [("label", json.dumps(known.label))]
            yield f"      {variant['id']}: " + flow_mapping(
                [
                    *label,
                    ("weight", written(weight, 4)),
                    ("slots", json.dumps(ranges)),
                    ("versions", f"[{', '.join(_versions(variant, known))}]"),
                ]
            )


def _ranges(slots: Sequence[Sequence[int]], variant: int) -> list[list[int]]:
    ends = [start - 1 for start, _ in slots[1:]] + [_LAST_SLOT]
    return [[start, end] for (start, owner), end in zip(slots, ends, strict=True) if owner == variant]


def _versions(variant: Mapping[str, Any], known: Variant | None) -> Iterator[str]:
    earlier: dict[int, Version] = {} if known is None else {one.version: one for one in known.versions}
    for number in range(1, variant["version"] + 1):
        one = earlier.get(number)
        last = number == variant["version"] or one is None
        model, key = (variant["model"], variant["api_key_env"]) if last or one is None else (one.model, one.api_key_env)
        yield flow_mapping(
            [
                ("version", str(number)),
                ("model", yaml_scalar(model)),
                *([("api_key_env", yaml_scalar(key))] if key is not None else []),
            ]
        )
