"""List the models whose end is known: when, who is served by them, and what to write there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.explain.values import place_of
from routecomp.model.ending import days_left, ending_words, has_ended
from routecomp.model.experiment import Experiment
from routecomp.model.project import Entry, Program
from routecomp.model.route import Feature

Json = dict[str, Any]


def list_sunsets(program: Program) -> list[Json]:
    """Return a row for each model with a sunset, the first to end first; `successor` is one that still lasts."""
    ends = [(entry.body.sunset, slug) for slug, entry in program.models.items() if entry.body.sunset is not None]
    return [_row(program, slug) for _, slug in sorted(ends)]


def _row(program: Program, slug: str) -> Json:
    entry = program.models[slug]
    successor = _lasting_successor(program, slug)
    return {
        "model": slug,
        "sunset": entry.body.sunset,
        "days_left": days_left(entry.body, program.today),
        "words": ending_words(entry.body, program.today),
        "at": place_of(entry, "sunset"),
        "successor": successor,
        "serves": list(_served(program, slug, successor)),
    }


def _lasting_successor(program: Program, slug: str) -> str | None:
    """Return the first model on the way from successor to successor that has not ended; None where there is none."""
    step = program.models[slug].body.successor
    while step is not None and has_ended(program.models[step].body, program.today):
        step = program.models[step].body.successor
    return step


def _served(program: Program, slug: str, successor: str | None) -> Iterator[Json]:
    """Yield who is served by a model (kind, name, as what, where), and what to write there."""
    for name, feature in program.features.items():
        yield from _feature_places(name, feature, slug, successor)
    for name, target in program.targets.items():
        models = target.body.candidates.models or ()
        if slug in models:
            place = place_of(target, "candidates", "models", models.index(slug))
            yield _place("target", name, "candidate", place, _in_its_place(successor, models))
    for name, experiment in program.experiments.items():
        yield from _variant_places(name, experiment, slug, successor)
    other = successor or "another model"
    for name, model in program.sure_defaults.routes.items():
        if model == slug:
            place = place_of(program.defaults, "routes", name)
            yield _place("defaults", "routes", f"config route of feature `{name}`", place, f"{name}: {other}")
    if program.sure_defaults.model == slug:
        yield _place("defaults", "model", "default model", place_of(program.defaults, "model"), f"model: {other}")


def _feature_places(name: str, feature: Entry[Feature], slug: str, successor: str | None) -> Iterator[Json]:
    """Yield the places of a model in a feature: its row, and its place among the fallbacks."""
    body = feature.body
    row = body.models.get(slug)
    if row is not None and row.status == "primary":
        known = None if successor is None else body.models.get(successor)
        if successor is None:
            write = "another model as a shadow, then promote it"
        elif known is None:
            write = f"{successor}: shadow, then `routecomp promote {name} {successor}`"
        elif known.status == "retired":
            write = f"{successor}: shadow in place of retired, then `routecomp promote {name} {successor}`"
        else:
            write = f"`routecomp promote {name} {successor}`"
        yield _place("feature", name, "primary", place_of(feature, "models", slug), write)
    elif row is not None and row.status == "shadow":
        yield _place("feature", name, "shadow", place_of(feature, "models", slug), f"{slug}: retired")
    if slug in body.fallback:
        position = body.fallback.index(slug)
        taken = (*body.fallback, *(model for model, row in body.models.items() if row.status != "shadow"))
        place = place_of(feature, "fallback", position)
        yield _place("feature", name, f"fallback {position + 1}", place, _in_its_place(successor, taken))


def _variant_places(name: str, experiment: Entry[Experiment], slug: str, successor: str | None) -> Iterator[Json]:
    """Yield the variants of an experiment that a model serves; none of one that is over."""
    body = experiment.body
    for id, variant in body.variants.items():
        is_over = body.archived or (body.status == "completed" and id != body.winner)
        if is_over or not variant.versions or variant.versions[-1].model != slug:
            continue
        if body.status == "completed":
            write = f"a feature or an experiment that has {successor or 'another model'} in its place"
        else:
            write = f"`routecomp experiment swap-version {name} {id} {successor or 'MODEL'}`"
        place = place_of(experiment, "variants", id, "versions", len(variant.versions) - 1, "model")
        yield _place("experiment", name, f"variant `{id}`", place, write)


def _in_its_place(successor: str | None, taken: tuple[str, ...]) -> str:
    """Say what to write in a list in a model's place: its successor, unless that stands there already."""
    if successor is None:
        return "another model in its place, or nothing"
    return f"nothing: {successor} is there already" if successor in taken else f"{successor} in its place"


def _place(kind: str, name: str, role: str, place: str | None, write: str) -> Json:
    """Return one place: kind and name of who is served, as what the model stands there, where, and what to write."""
    return {"kind": kind, "name": name, "as": role, "at": place, "write": write}
