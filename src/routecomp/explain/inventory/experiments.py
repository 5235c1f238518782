"""List experiments, and describe one of them."""

from __future__ import annotations

from typing import Any

from routecomp.explain.inventory.about import about
from routecomp.explain.values import place_of, share
from routecomp.model.project import Program
from routecomp.model.vocabulary import SLOTS
from routecomp.table.lower import answering_experiments, slot_ranges

Json = dict[str, Any]


def experiment_row(program: Program, slug: str) -> Json:
    """Return an experiment's row in a list: its public id, status and weights, and whether it answers for that id."""
    entry = program.experiments[slug]
    body = entry.body
    answers = answering_experiments(program.experiments.values()).get(body.public_model_id) is entry
    return {
        "experiment": slug,
        **about(entry),
        "public_model_id": body.public_model_id,
        "status": body.status,
        "archived": body.archived,
        "answers": answers,
        "winner": body.winner,
        "variants": {id: share(variant.weight) for id, variant in body.variants.items()},
    }


def describe_experiment(program: Program, slug: str) -> Json:
    """Return an experiment's row, with the slots (first and last of each range) and all versions of its variants.

    The last version of a variant is the one that serves.
    """
    entry = program.experiments[slug]
    body = entry.body
    ids = list(body.variants)
    owners = slot_ranges(body)
    ranges: dict[str, list[list[int]]] = {id: [] for id in ids}
    for place, (first, owner) in enumerate(owners):
        last = owners[place + 1][0] - 1 if place + 1 < len(owners) else SLOTS - 1
        ranges[ids[owner]].append([first, last])
    variants = [
        {
            "variant": id,
            "label": variant.label,
            "weight": share(variant.weight),
            "at": place_of(entry, "variants", id),
            "slots": ranges[id],
            "versions": [
                {
                    "version": version.version,
                    "model": version.model,
                    "api_key_env": version.api_key_env,
                    "at": place_of(entry, "variants", id, "versions", place, "model"),
                    "serves": place == len(variant.versions) - 1,
                }
                for place, version in enumerate(variant.versions)
            ],
        }
        for id, variant in body.variants.items()
    ]
    return {
        **experiment_row(program, slug),
        "salt": body.salt or slug,
        "on_pause": body.on_pause,
        "on_unavailable": body.on_unavailable,
        "variants": variants,
    }
