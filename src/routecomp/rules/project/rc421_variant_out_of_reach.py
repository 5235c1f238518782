"""RC421 variant-out-of-reach: every tenant's policy reaches the models of the variants that serve (a warning)."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, Severity, warning
from routecomp.model.experiment import Experiment
from routecomp.model.numbers import ONE, format_decimal
from routecomp.model.policy import EffectivePolicy
from routecomp.model.project import Declared, Entry
from routecomp.model.vocabulary import PRESETS
from routecomp.rules.lookup import listed
from routecomp.rules.permission import barring_filter, is_clear
from routecomp.rules.registry import ANY_ERROR, project_rule
from routecomp.source.text import Span


@project_rule("RC421", "variant-out-of-reach", Severity.WARNING, follows=ANY_ERROR)
def variant_out_of_reach(declared: Declared) -> Iterator[Diagnostic]:
    """A variant's model is out of reach for a declared tenant: its policy bars the model, or the model is not active.

    Bans, stacks and the compliance threshold bind variants as they bind every model. A variant that they bar is
    rejected, never swapped for another, whatever `on_unavailable` says. The finding says what part of the tenant's
    users is assigned it: all of them where it has won, or is the control of a paused experiment. Tenants that the same
    variants are out of reach for are one finding. A tenant that reaches no variant at all has no part in the test, and
    gets none.

    Why: these users are rejected at every call, while others of the same tenant are served. The experiment then
    compares two groups of which one has lost a tenant.

    Fix: let a host of the model serve that the policy allows (`routecomp experiment swap-version`), or allow this one.
    Where the tenant never calls the public model id, waive the warning until the day you will look again.
    """
    if not is_clear(declared) or not declared.is_whole("experiments"):
        return
    policies: dict[EffectivePolicy, list[str]] = {}
    for slug, tenant in declared.tenants.items():
        if tenant.body.preset in PRESETS:
            policies.setdefault(declared.tenant_policy(slug), []).append(slug)
    for entry in declared.experiments.values():
        serving = _serving(declared, entry.body)
        groups: dict[tuple[str, ...], dict[str, list[str]]] = {}  # the tenants by filter, by the variants barred
        for policy, tenants in policies.items():
            filters = {id: _barred_by(declared, policy, entry.body, id) for id in entry.body.variants}
            barred = tuple(id for id in serving if filters[id] is not None)
            if barred and None in filters.values():
                groups.setdefault(barred, {}).setdefault(str(filters[barred[0]]), []).extend(tenants)
        for barred, by_filter in groups.items():
            yield _finding(entry, barred, sum(serving[id] for id in barred), by_filter)


def _barred_by(declared: Declared, policy: EffectivePolicy, experiment: Experiment, id: str) -> str | None:
    """Return the first filter of permission by which a policy bars the model of a variant; None if none does.

    It is empty for a variant that has no model, or one that is not declared.
    """
    version = experiment.variants[id].versions[-1:]
    model = declared.models.get(version[0].model) if version else None
    if model is None:
        return ""
    return barring_filter(declared, policy, model) if model.body.active else "active"


def _serving(declared: Declared, experiment: Experiment) -> dict[str, int]:
    """Return the variants that are assigned to units now, and their part of the units in basis points."""
    parts: dict[str, int] = {}
    if experiment.status == "active":
        parts = {id: variant.weight for id, variant in experiment.variants.items()}
    elif experiment.status == "paused" and experiment.on_pause == "control":
        parts = dict.fromkeys([*experiment.variants][:1], ONE)
    elif experiment.status == "completed" and experiment.winner in experiment.variants and not experiment.archived:
        parts = {str(experiment.winner): ONE}
    last = {id: experiment.variants[id].versions[-1:] for id in parts if not experiment.archived}
    return {id: parts[id] for id, versions in last.items() if versions and versions[0].model in declared.models}


def _finding(
    entry: Entry[Experiment], barred: tuple[str, ...], part: int, by_filter: dict[str, list[str]]
) -> Diagnostic:
    """Return the finding on the variants that the same tenants do not reach, at the model of the first one."""
    tenants = [tenant for names in by_filter.values() for tenant in names]
    spans = [_span(entry, id) for id in barred]
    is_single = len(barred) == 1
    whose = f"{tenants[0]}'s users" if len(tenants) == 1 else f"the users of {len(tenants)} tenants"
    variants = f"variant {listed(barred)}" if is_single else f"variants {listed(barred)}"
    reach = f"{variants} of {entry.title} {'is' if is_single else 'are'} out of reach for"
    rejected = f"{'its' if is_single else 'their'} {format_decimal(part, 2)} % of {whose} will be rejected"
    return warning(
        "RC421",
        f"{reach} tenant{'' if len(tenants) == 1 else 's'} {listed(tenants)}: {rejected}",
        spans[0],
        "let a host of the same model serve that the policy allows, or waive this where they never call "
        f"`{entry.body.public_model_id}`",
        note="; ".join(f"{filter} bars it for {listed(names)}" for filter, names in by_filter.items()),
        labels=tuple(Label(span, "out of reach too") for span in spans[1:]),
    )


def _span(entry: Entry[Experiment], id: str) -> Span:
    """Return the place of the model that serves a variant."""
    return entry.span("variants", id, "versions", len(entry.body.variants[id].versions) - 1, "model")
