"""Write a routing table as YAML, as far as the rules of change look at it.

A table holds no labels, and of each variant only the last version. Both are taken from the project, so that no rule
finds a difference where the table cannot tell. Experiments that are in no table (drafts, archived ones) are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from routecomp.model.experiment import Variant, Version
from routecomp.model.numbers import format_decimal
from routecomp.model.project import Declared
from routecomp.model.vocabulary import SLOTS
from routecomp.parse.edit import flow_mapping, yaml_scalar


def table_as_yaml(table: bytes, after: Declared) -> dict[str, bytes]:
    """Write YAML files (path to bytes) that declare what a table holds; a file that would be empty is left out.

    `table` are the bytes of a valid table; `after` is what the project declares.
    """
    content: Mapping[str, Any] = json.loads(table)
    routes = [*_section("models", _models(content)), *_section("features", _features(content))]
    experiments = _section("experiments", _experiments(content, after))
    files = {"routes/table.yaml": routes, "experiments/table.yaml": experiments}
    return {path: ("\n".join(lines) + "\n").encode() for path, lines in files.items() if lines}


def _section(name: str, bodies: Iterator[str]) -> list[str]:
    lines = list(bodies)
    return [f"{name}:", *lines] if lines else []


def _models(content: Mapping[str, Any]) -> Iterator[str]:
    for slug, model in content["models"].items():
        price = flow_mapping(
            [("input", format_decimal(model["input_pusd"], 6)), ("output", format_decimal(model["output_pusd"], 6))]
        )
        yield f"  {slug}: " + flow_mapping(
            [
                ("provider", yaml_scalar(model["provider"])),
                ("quality", format_decimal(model["quality_bp"], 4)),
                ("price", price),
                ("latency_ms", str(model["latency_ms"])),
                ("context_window", str(model["context_window"])),
            ]
        )


def _features(content: Mapping[str, Any]) -> Iterator[str]:
    for slug, feature in content["features"].items():
        yield from (f"  {slug}:", "    models:")
        for row in feature["rows"]:
            figures = [("sample", format_decimal(row["sample_bp"], 4))] if row.get("sample_bp") is not None else []
            if row.get("max_daily_cents") is not None:
                figures.append(("max_daily_usd", format_decimal(row["max_daily_cents"], 2)))
            text = flow_mapping([("status", row["status"]), *figures]) if figures else row["status"]
            yield f"      {row['model']}: {text}"


def _experiments(content: Mapping[str, Any], after: Declared) -> Iterator[str]:
    for public_id, experiment in content["experiments"].items():
        yield f"  {experiment['experiment']}:"
        yield f"    public_model_id: {yaml_scalar(public_id)}"
        yield f"    status: {experiment['status']}"
        yield f"    salt: {yaml_scalar(experiment['salt'])}"
        if experiment["winner"] is not None:
            yield f"    winner: {experiment['variants'][experiment['winner']]['id']}"
        yield "    variants:"
        declared = next(
            (entry for slug, entry in after.experiments.items() if experiment["experiment"] in (slug, entry.body.was)),
            None,
        )
        for index, variant in enumerate(experiment["variants"]):
            ranges = _ranges(experiment["slots"], index)
            weight = sum(last - first + 1 for first, last in ranges)
            known = None if declared is None else declared.body.variants.get(variant["id"])
            label = [] if known is None or known.label is None else [("label", json.dumps(known.label))]
            yield f"      {variant['id']}: " + flow_mapping(
                [
                    *label,
                    ("weight", format_decimal(weight, 4)),
                    ("slots", json.dumps(ranges)),
                    ("versions", f"[{', '.join(_versions(variant, known))}]"),
                ]
            )


def _ranges(slots: Sequence[Sequence[int]], variant: int) -> list[list[int]]:
    """Return the ranges of slots (first, last) of a variant; `slots` are (first slot, variant) in order."""
    ends = [start - 1 for start, _ in slots[1:]] + [SLOTS - 1]
    return [[start, end] for (start, owner), end in zip(slots, ends, strict=True) if owner == variant]


def _versions(variant: Mapping[str, Any], known: Variant | None) -> Iterator[str]:
    """Write each version of a variant: the last one from the table, the earlier ones as the project declares them.

    An earlier one that the project does not declare is written like the last one.
    """
    declared: dict[int, Version] = {} if known is None else {version.version: version for version in known.versions}
    for number in range(1, variant["version"] + 1):
        version = declared.get(number)
        if number == variant["version"] or version is None:
            model, key = variant["model"], variant["api_key_env"]
        else:
            model, key = version.model, version.api_key_env
        yield flow_mapping(
            [
                ("version", str(number)),
                ("model", yaml_scalar(model)),
                *([("api_key_env", yaml_scalar(key))] if key is not None else []),
            ]
        )
