"""RC325 fallback-repeated: a feature's fallback names neither its primary nor a model twice."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.project import Declared
from routecomp.parse.edit import item_removal
from routecomp.rules.lookup import primaries
from routecomp.rules.registry import project_rule
from routecomp.source.edits import Fix


@project_rule("RC325", "fallback-repeated")
def fallback_repeated(declared: Declared) -> Iterator[Diagnostic]:
    """A feature's fallback names its primary, or a model twice.

    A chain holds each model once: the second place of a model is passed over.

    Why: whoever reads the list counts a fallback that is not there. On the day the model is down, the feature has
    one fewer than its file says, and may have none at all.

    Fix: take the repeat out of `fallback`, or name the model that was meant. Where a model of the list was promoted,
    put the former primary in its place: `routecomp promote` does.
    """
    for entry in declared.features.values():
        serving = primaries(entry.body)
        places: dict[str, int] = {}
        for position, slug in enumerate(entry.body.fallback):
            row = entry.body.models.get(slug)
            if row is not None and row.status == "retired":
                continue  # it is not to be there at all
            if serving == [slug]:
                fact = f"{entry.title} falls back to `{slug}`, its own primary"
                label = Label(entry.span("models", slug, "status"), "the primary")
            elif slug in places:
                fact = f"{entry.title} falls back to `{slug}` twice"
                label = Label(entry.span("fallback", places[slug]), "named first here")
            else:
                places[slug] = position
                continue
            edit = item_removal(entry.node, "fallback", position)
            yield error(
                "RC325",
                fact,
                entry.span("fallback", position),
                "take it out of `fallback`, or name another model",
                labels=(label,),
                fix=Fix(f"take `{slug}` out of `fallback`", (edit,)) if edit is not None else None,
            )
