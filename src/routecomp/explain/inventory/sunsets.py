"""List the models whose end is known: when, who is served by them, and what to write there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.explain.inventory.reach import Reach, chains_with
from routecomp.explain.loaded import Loaded
from routecomp.explain.values import place_of
from routecomp.model.ending import days_left, ending_words
from routecomp.model.experiment import Experiment
from routecomp.model.project import Entry, Program
from routecomp.rules.succession import after_winner, passed_by, place_taken, route_successor, successor_of

Json = dict[str, Any]


def list_sunsets(loaded: Loaded) -> list[Json]:
    """Return a row for each model with a sunset, the first to end first; `successor` is one that can take over.

    `serves` are the places that name it, `chains` the routes in whose chain it stands besides, for any tenant.
    """
    program = loaded.program
    ends = [(entry.body.sunset, slug) for slug, entry in program.models.items() if entry.body.sunset is not None]
    reach = chains_with(loaded, frozenset(slug for _, slug in ends)) if ends else {}
    return [_row(program, slug, reach.get(slug, [])) for _, slug in sorted(ends)]


def _row(program: Program, slug: str, reach: list[Reach]) -> Json:
    entry = program.models[slug]
    successor = successor_of(program, slug)
    serves = list(_served(program, slug, successor))
    named = {(place["kind"], place["name"]) for place in serves}
    return {
        "model": slug,
        "sunset": entry.body.sunset,
        "days_left": days_left(entry.body, program.today),
        "words": ending_words(entry.body, program.today),
        "at": place_of(entry, "sunset"),
        "successor": successor,
        "passed_by": passed_by(program, slug),
        "serves": serves,
        "chains": [place._asdict() for place in reach if (place.kind, place.name) not in named],
    }


def _served(program: Program, slug: str, successor: str | None) -> Iterator[Json]:
    """Yield who is served by a model (kind, name, as what, where), and what to write there, in an order that works."""
    routes = list(_route_places(program, slug))
    yield from (place for place, is_first in routes if is_first)
    for name in program.features:
        yield from _feature_places(program, name, slug)
    for name, target in program.targets.items():
        models = target.body.candidates.models or ()
        if slug in models:
            place = place_of(target, "candidates", "models", models.index(slug))
            yield _place("target", name, "candidate", place, _in_its_place(successor, models, len(models)))
    for name, experiment in program.experiments.items():
        yield from _variant_places(name, experiment, slug, successor)
    yield from (place for place, is_first in routes if not is_first)
    if program.sure_defaults.model == slug:
        place = place_of(program.defaults, "model")
        yield _place("defaults", "model", "default model", place, f"model: {successor or 'another model'}")


def _route_places(program: Program, slug: str) -> Iterator[tuple[Json, bool]]:
    """Yield the config routes that are a model, and whether each is to be written before its feature.

    A config route stands in the chain of its feature: where that holds another model that lasts, the route comes first.
    """
    for name, model in program.sure_defaults.routes.items():
        if model == slug:
            place = place_of(program.defaults, "routes", name)
            other = route_successor(program, slug, name)
            row = _place(
                "defaults", "routes", f"config route of feature `{name}`", place, f"{name}: {other or 'another model'}"
            )
            yield row, other is not None and name in program.features


def _feature_places(program: Program, name: str, slug: str) -> Iterator[Json]:
    """Yield the places of a model in a feature: its row, and its place among the fallbacks."""
    feature = program.features[name]
    body = feature.body
    successor = successor_of(program, slug, feature)
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
        first = "take it out of `fallback`, then " if slug in body.fallback else ""
        yield _place("feature", name, "shadow", place_of(feature, "models", slug), f"{first}{slug}: retired")
    if slug in body.fallback:
        position = body.fallback.index(slug)
        place = place_of(feature, "fallback", position)
        reason = None if successor is None else place_taken(body, successor)
        write = f"take it out: {successor} {reason}" if reason else _in_its_place(successor, (), 2)
        yield _place("feature", name, f"fallback {position + 1}", place, write)


def _variant_places(name: str, experiment: Entry[Experiment], slug: str, successor: str | None) -> Iterator[Json]:
    """Yield the variants of an experiment that a model serves; none of one that is over."""
    body = experiment.body
    for id, variant in body.variants.items():
        is_over = body.archived or (body.status == "completed" and id != body.winner)
        if is_over or not variant.versions or variant.versions[-1].model != slug:
            continue
        if body.status == "completed":
            write = f"{after_winner(experiment)} {successor or 'another model'}"
        else:
            write = f"`routecomp experiment swap-version {name} {id} {successor or 'MODEL'}`"
        place = place_of(experiment, "variants", id, "versions", len(variant.versions) - 1, "model")
        yield _place("experiment", name, f"variant `{id}`", place, write)


def _in_its_place(successor: str | None, taken: tuple[str, ...], count: int) -> str:
    """Say what to write in a list of `count` in a model's place: its successor, unless that stands there already."""
    if successor is None:
        return "take it out, or another model in its place" if count > 1 else "another model in its place"
    return f"take it out: {successor} is there already" if successor in taken else f"{successor} in its place"


def _place(kind: str, name: str, role: str, place: str | None, write: str) -> Json:
    """Return one place: kind and name of who is served, as what the model stands there, where, and what to write."""
    return {"kind": kind, "name": name, "as": role, "at": place, "write": write}
