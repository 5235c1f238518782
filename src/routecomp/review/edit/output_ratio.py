"""Plan the output ratios that were measured, where they differ from what is declared and enough calls tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from routecomp.measure.output_ratio import OutputRatio
from routecomp.model.body_types import numbers_of
from routecomp.model.numbers import format_decimal
from routecomp.model.project import Declared, Entry
from routecomp.model.route import Model
from routecomp.parse.edit import RefusedError, insert_keys, replace_value
from routecomp.review.edit.plan import Plan

Verdict = Literal["changes", "few", "holds", "equal", "zero", "beyond"]
"""changes: it is written; few: too few calls; holds: what is declared lies within the interval; equal: it is the same
when rounded; zero: it rounds to 0, by which answers would cost nothing; beyond: more than the YAML allows."""
BOUNDS = numbers_of(Model)["output_ratio"]


@dataclass(frozen=True, slots=True)
class Learned:
    """What was measured of a model, beside what is declared, and what follows from it."""

    model: str
    declared_bp: int
    is_default: bool
    measured: OutputRatio
    verdict: Verdict


def learn(models: Mapping[str, Entry[Model]], ratios: Mapping[str, OutputRatio], least: int) -> list[Learned]:
    """Judge what was measured of each model; fewer calls than `least` change nothing."""
    return [
        Learned(
            slug,
            models[slug].body.output_ratio,
            not models[slug].has("output_ratio"),
            measured,
            _verdict(models[slug].body.output_ratio, measured, least),
        )
        for slug, measured in ratios.items()
    ]


def write_ratios(declared: Declared, learned: list[Learned]) -> Plan:
    """Plan to write the ratios that change; raise `RefusedError` where a model is not as it was when it was judged."""
    edits, intended, titles = [], {}, []
    for each in learned:
        if each.verdict != "changes":
            continue
        entry = declared.models.get(each.model)
        if entry is None or entry.body.output_ratio != each.declared_bp:
            raise RefusedError(f"model `{each.model}` has changed meanwhile", "run it again")
        text = ratio_text(each.measured.ratio_bp)
        if entry.has("output_ratio"):
            edits.append(replace_value(entry.node, "output_ratio", text))
        else:
            edits.append(insert_keys(entry.node, [("output_ratio", text)], "price"))
        intended["models", each.model] = entry.body.but(output_ratio=each.measured.ratio_bp)
        titles.append(f"{each.model} {ratio_text(each.declared_bp)} -> {text}")
    return Plan(f"output ratios: {', '.join(titles)}", tuple(edits), intended)


def ratio_text(ratio_bp: int) -> str:
    """Write a ratio, exactly."""
    return format_decimal(ratio_bp, BOUNDS.scale)


def _verdict(declared_bp: int, measured: OutputRatio, least: int) -> Verdict:
    if measured.calls < least:
        return "few"
    if not BOUNDS.is_in_range(measured.ratio_bp):
        return "beyond"
    if measured.ratio_bp == declared_bp:
        return "equal"
    if measured.ratio_bp == 0:
        return "zero"
    return "holds" if measured.holds(declared_bp) else "changes"
