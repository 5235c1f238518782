"""RC404 nothing-left: every tenant's policy leaves a model on every feature and target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter
from typing import Any, NamedTuple

from routecomp.diagnostics.diagnostic import Cause, Diagnostic, Label, Severity, warning
from routecomp.model.policy import PolicyFields, effective_policy
from routecomp.model.project import Declared, Entry
from routecomp.model.route import Model
from routecomp.model.vocabulary import PRESETS
from routecomp.rules.lookup import Path, listed, share
from routecomp.rules.permission import barring_filter, is_clear
from routecomp.rules.registry import ANY_ERROR, project_rule
from routecomp.rules.survivors import FIELDS, Emptied, Filters, Survivors
from routecomp.source.text import Span

_SHOWN = 4
"""The most routes that a finding names."""
_WRITTEN = attrgetter("preset", *Filters._fields)
_HELP = "allow one of their models, add one that this policy allows, or waive this where nobody calls them"


@project_rule("RC404", "nothing-left", Severity.WARNING, follows=ANY_ERROR)
def nothing_left(declared: Declared) -> Iterator[Diagnostic]:
    """A tenant's policy, or the default one, leaves no model on a feature or a target.

    Bans, stacks, the compliance threshold and `min_quality` bind every model of a chain; `fallback_enabled: false`
    leaves a feature its primary alone. Each may be right, and together they leave nothing. A finding names the
    routes and, for each filter, how many models it took. Where neither a route nor the policy has a floor, that is
    `floors.good`: what clears it nowhere is left to nobody, which is said once.

    `defaults.model` and the config routes are judged under the default policy, whose calls they answer: one that it
    bars, or that is not active, answers none of them.

    Where a stack or a logical model is mistyped, and that explains it, the finding stands at the word.

    Why: every call of this tenant on these routes is rejected, from the first day on. Nothing else says so: the
    table is valid, and other tenants are served.

    Fix: allow one of the models, or add one that the policy allows. A route that the tenant never calls is no
    fault: waive the warning until the day you will look again, above the tenant's name or a field that is shown.
    Tenants whom the quality of one model leaves without any are one finding, which names a few; each is waived for
    itself.
    """
    if not is_clear(declared) or not declared.is_whole("features", "targets"):
        return
    survivors = Survivors(declared)
    yield from _below_good(declared, survivors.below_good)
    bases = {preset: Filters.of(effective_policy(PolicyFields(), preset, declared.preset_bodies)) for preset in PRESETS}
    alike: dict[tuple[Any, ...], list[Entry[Any]]] = {}
    for tenant in declared.tenants.values():
        alike.setdefault(_WRITTEN(tenant.body), []).append(tenant)
    inherited: dict[tuple[str, str], list[_Finding]] = {}
    own_findings: list[_Finding] = []
    for (preset_name, *own), tenants in alike.items():
        if preset_name not in bases:
            continue
        base = bases[preset_name]
        emptied = survivors.emptied(
            Filters._make(above if value is None else value for value, above in zip(own, base, strict=True))
        )
        for tenant in tenants if emptied else ():
            preset = declared.presets.get(tenant.body.preset)
            finding = _Finding(tenant, tenant.body, (), emptied, preset)
            above = next((name for name in finding.fields if preset is not None and preset.has(name)), None)
            if not finding.own and above is not None:
                inherited.setdefault((tenant.body.preset, above), []).append(finding)
            else:
                own_findings.append(finding)
    yield from _of_tenants(survivors, own_findings)
    for (name, field), findings in inherited.items():
        yield _of_preset(survivors, declared.presets[name], field, findings)
    defaults = declared.defaults
    assert defaults is not None
    emptied = survivors.emptied(Filters.of(declared.default_policy)) + list(_barred_rungs(declared))
    if emptied:
        preset = declared.presets.get(defaults.body.policy.preset)
        finding = _Finding(defaults, defaults.body.policy, ("policy",), emptied, preset)
        cause = finding.cause(survivors, "the default policy", (defaults.span(),))
        yield replace(finding.report("under the default policy"), cause=cause)
    yield from _inactive_rungs(declared)


class _Finding(NamedTuple):
    """The routes on which a policy leaves nothing; `fields` are those of the policy, at `path` in its entry.

    `preset` is the one that completes it, where the finding points to its fields too.
    """

    entry: Entry[Any]
    body: PolicyFields
    path: Path
    emptied: list[Emptied]
    preset: Entry[Any] | None = None

    @property
    def fields(self) -> list[str]:
        """The policy's fields that took models, those that took most first."""
        taken: dict[str, int] = {}
        for route in self.emptied:
            for name, count in route.taken.items():
                taken[name] = taken.get(name, 0) + count
        return [field for name in sorted(taken, key=lambda name: -taken[name]) for field in FIELDS[name]]

    @property
    def own(self) -> list[str]:
        """Those of the fields that the entry writes itself."""
        return [field for field in self.fields if getattr(self.body, field) is not None]

    def cause(self, survivors: Survivors, whom: str, also: tuple[Span, ...] = ()) -> Cause:
        """Return what may have left nothing, and to whom."""
        causes = survivors.causes(self.emptied)
        return Cause(causes[0], whom, also, causes[1:]) if causes else Cause(None, whom, also)

    @property
    def routes(self) -> str:
        """The routes in words, a few with what each filter took."""
        shown = [f"{route.title} ({route.reason})" for route in self.emptied[:_SHOWN]]
        more = f" and {len(self.emptied) - _SHOWN} more" if len(self.emptied) > _SHOWN else ""
        return ", ".join(shown) + more

    def report(self, for_whom: str) -> Diagnostic:
        """Report the routes at the field that took most, with the others as second places."""
        own, preset = self.own, self.preset
        places = [self.entry.key_span(*self.path, field) for field in own]
        if preset is not None:
            places += [preset.key_span(field) for field in self.fields if field not in own and preset.has(field)]
        first, *others = places or [self.entry.span()]
        labels = tuple(Label(place, "this too") for place in others)
        return warning("RC404", f"no model is left {for_whom} on {self.routes}", first, _HELP, labels=labels)


def _of_tenants(survivors: Survivors, findings: list[_Finding]) -> Iterator[Diagnostic]:
    """Report what each tenant's policy leaves nothing on."""
    for finding in findings:
        report = finding.report(f"for {finding.entry.title}")
        also = (finding.entry.span(), *(label.span for label in report.labels))
        yield replace(report, cause=finding.cause(survivors, finding.entry.title, also))


def _rungs(declared: Declared) -> Iterator[tuple[Path, str, Entry[Model]]]:
    """Yield the path, the title and the model of the default model and of each config route."""
    defaults = declared.defaults
    assert defaults is not None
    places: list[tuple[Path, str, str]] = [(("model",), defaults.body.model, "")]
    places += [(("routes", name), slug, f" of `{name}`") for name, slug in defaults.body.routes.items()]
    for path, slug, whose in places:
        if slug in declared.models:
            yield path, f"{'config route' if whose else 'default model'} `{slug}`{whose}", declared.models[slug]


def _barred_rungs(declared: Declared) -> Iterator[Emptied]:
    """Yield the default model and the config routes that the default policy bars."""
    for _, title, model in _rungs(declared):
        filter = barring_filter(declared, declared.default_policy, model) if model.body.active else None
        if filter is not None:
            yield Emptied(title, {filter: 1}, 0, False)


def _inactive_rungs(declared: Declared) -> Iterator[Diagnostic]:
    """Yield the places of `defaults` whose model is not active; whatever else that model empties has the same cause."""
    defaults = declared.defaults
    assert defaults is not None
    for path, title, model in _rungs(declared):
        if not model.body.active:
            finding = warning(
                "RC404",
                f"{title} is not active, so that it answers no call",
                defaults.span(*path),
                "name an active model",
                labels=(Label(model.span("active"), "switched off here"),),
            )
            yield replace(finding, cause=Cause(("inactive", model.slug), title))


def _below_good(declared: Declared, routes: list[str]) -> Iterator[Diagnostic]:
    """Report once the routes that are empty for whoever names no floor."""
    preferences = declared.preferences
    more = f" and {len(routes) - _SHOWN} more" if len(routes) > _SHOWN else ""
    if routes and preferences is not None:
        yield warning(
            "RC404",
            f"no model is left on {', '.join(routes[:_SHOWN])}{more} where no floor is set: none clears `floors.good` "
            f"({share(preferences.body.floors['good'])})",
            preferences.key_span("floors", "good"),
            "add a better model, lower `good`, or give them a `min_quality` of their own",
        )


def _of_preset(survivors: Survivors, preset: Entry[Any], field: str, findings: list[_Finding]) -> Diagnostic:
    """Report once what a preset does to all tenants that inherit it, with the routes of the first."""
    tenants = listed([finding.entry.slug for finding in findings])
    noun = "tenant" if len(findings) == 1 else "tenants"
    report = warning(
        "RC404",
        f"no model is left for {noun} {tenants} by {preset.title} on {findings[0].routes}",
        preset.key_span(field),
        _HELP,
    )
    return replace(report, cause=findings[0].cause(survivors, f"{noun} {tenants}"))
