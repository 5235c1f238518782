"""List the models a target ranks."""

from __future__ import annotations

from routecomp.model.project import Program


def candidates(program: Program, target: str) -> list[str]:
    """Return the active, listed models a target ranks, by slug."""
    chosen = program.targets[target].body.candidates
    slugs = []
    for slug, entry in program.models.items():
        model = entry.body
        if not (model.active and model.listed):
            continue
        if chosen.models is not None:
            wanted = slug in chosen.models
        elif chosen.stacks is not None:
            wanted = program.providers[model.provider].body.stack in chosen.stacks
        else:
            wanted = chosen.logical is None or model.logical_slug == chosen.logical
        if wanted:
            slugs.append(slug)
    return slugs
