"""Prove that no request reaches a model: neither as a pick nor as a fallback, a shadow, a variant or a config route."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, warning
from routecomp.model.project import Entry, Program
from routecomp.model.route import Model
from routecomp.review.analysis.claims.table import Table, View
from routecomp.review.analysis.reach.views import Views
from routecomp.rules.permission import barring_filter, tenant_policies


def unreached_models(views: Views) -> Iterator[Diagnostic]:
    """Yield each active model that no request reaches.

    Whatever a policy permits on a route is picked where the rest is unavailable and the request names a `min_quality`
    of 0; what it bars is never reached. So permission alone decides, and a pinned model is a route like any other.
    """
    program, table = views.program, views.table
    reached = {program.sure_defaults.model, *program.sure_defaults.routes.values()}
    mask = views.pinned
    for seen in views.all:
        if table.kind(seen.view) == "experiment":
            reached |= _variants(table, seen.view)
        else:
            mask |= seen.opened if seen.ranked is None else seen.ranked.candidates | seen.ranked.shadows
    reached |= {slug for slug, place in table.side.places.items() if mask >> place & 1}
    for slug, entry in program.models.items():
        if entry.body.active and slug not in reached:
            yield warning(
                "RC831",
                f"no request reaches {entry.title}: {_reason(program, entry)}",
                entry.span(),
                "let a policy permit it, name it where it should serve, or retire it (`routecomp retire`)",
                labels=tuple(_places(program, slug)),
            )


def _variants(table: Table, view: View) -> set[str]:
    """Return the models that the requests to an experiment get."""
    picks = [table.decide(request).model for request in table.fixed_requests(view)]
    return {slug for slug in picks if slug is not None}


def _reason(program: Program, entry: Entry[Model]) -> str:
    """Say why nothing reaches a model."""
    policies = [program.default_policy, *tenant_policies(program)]
    filters = [barring_filter(program, policy, entry) for policy in policies]
    if all(filters):
        return f"every policy bars it ({', '.join(sorted({str(filter) for filter in filters}))})"
    if not entry.body.listed:
        return "it is not listed, and nothing that serves under a policy that permits it names it"
    return "no route of a policy that permits it has it"


def _places(program: Program, slug: str) -> Iterator[Label]:
    """Yield the variants that hang on a model, and are out of reach with it."""
    for entry in program.experiments.values():
        for name, variant in entry.body.variants.items():
            last = len(variant.versions) - 1
            if last >= 0 and variant.versions[last].model == slug and not entry.body.archived:
                span = entry.span("variants", name, "versions", last, "model")
                yield Label(span, "this variant is reached by nobody")
