"""RC402 target-below-clamp: every target has a model that clears its floor, and one for a dial turned to quality."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from routecomp.diagnostics.diagnostic import Cause, Diagnostic, Label, Severity, warning
from routecomp.model.project import Declared
from routecomp.model.route import Target
from routecomp.rules.lookup import ranks, share
from routecomp.rules.references import lacks_models
from routecomp.rules.registry import project_rule


@project_rule("RC402", "target-below-clamp", Severity.WARNING)
def target_below_clamp(declared: Declared) -> Iterator[Diagnostic]:
    """No active, listed candidate of a target clears the upper clamp of the dial, or the target's own floor.

    The upper clamp (`frontier`, say) is how far the preference `quality` can raise a floor. A target without any
    active, listed candidate clears nothing.

    Why: a customer who turns the dial to quality on this target may then find no model, and gets what they would
    have had without turning it. Often a retired frontier model was the only one that cleared it. Where nothing
    clears the target's own `min_quality`, every call of every tenant is rejected.

    Fix: add a better candidate, or lower the upper clamp or the floor. For a target that is cheap on purpose, waive
    the warning until a day when you will look again.
    """
    if not declared.is_whole("models", "providers"):
        return
    entry = declared.preferences
    name = "" if entry is None else entry.body.clamp[1]
    bound = None if entry is None else entry.body.floors.get(name)
    good = 0 if entry is None else entry.body.floors.get("good", 0)
    best = _Best(declared)
    lacking = cache(lambda: lacks_models(declared))
    placed = all(model.body.provider in declared.providers for model in declared.models.values())
    for target in declared.targets.values():
        quality, floor = best.of(target.body), target.body.min_quality
        if _names_the_unknown(declared, target.body, placed):
            continue
        if target.body.candidates.models is None and lacking():
            continue  # one of those may be the candidate that is missed
        if quality is None:
            finding = warning(
                "RC402",
                f"{target.title} has no active, listed candidate",
                target.key_span("candidates"),
                "add a candidate, or make one active and listed",
            )
            inactive = _sole_inactive(declared, target.body)
            yield replace(finding, cause=Cause(("inactive", inactive), target.title)) if inactive else finding
        elif floor is not None and quality < floor:
            yield warning(
                "RC402",
                f"no candidate of {target.title} clears its floor ({share(floor)}), so every call is rejected; "
                f"the best has quality {share(quality)}",
                target.span("min_quality"),
                "lower the floor, or add a better candidate",
                labels=(Label(target.key_span("candidates"), "the candidates"),),
            )
        elif floor is None and quality < good:
            continue  # every call that names no floor is rejected, which RC404 says
        elif entry is not None and bound is not None and quality < bound:
            yield warning(
                "RC402",
                f"no candidate of {target.title} clears the upper clamp `{name}` ({share(bound)}); the best has "
                f"quality {share(quality)}",
                target.key_span("candidates"),
                "add a better candidate, or lower the upper clamp",
                labels=(Label(entry.span("floors", name), "the upper clamp"),),
            )


def _names_the_unknown(declared: Declared, target: Target, placed: bool) -> bool:
    """Return whether the selector names something nobody declares: what it would rank is then not known.

    `placed` says that every model's provider is declared, and with it the model's stack.
    """
    chosen = target.candidates
    if chosen.models is not None:
        return any(slug not in declared.models for slug in chosen.models)
    if chosen.stacks is not None:
        return not placed or not declared.stacks.issuperset(chosen.stacks)
    return chosen.logical is not None and chosen.logical not in declared.logical_models


def _sole_inactive(declared: Declared, target: Target) -> str:
    """Return the one model that a target names or finds by its logical slug, where it is inactive; else nothing."""
    chosen = target.candidates
    slugs = chosen.models or [host.slug for host in declared.logical_models.get(chosen.logical or "", ())]
    return slugs[0] if len(slugs) == 1 and not declared.models[slugs[0]].body.active else ""


class _Best:
    """The best quality of what a target ranks, in one pass per selector and not one per target."""

    def __init__(self, declared: Declared) -> None:
        self._declared = declared
        self._known: dict[object, int | None] = {}

    def of(self, target: Target) -> int | None:
        """Return the best quality among the models that a target ranks, None if it ranks none."""
        chosen = target.candidates
        if chosen.models is not None:
            best = ((slug, self._declared.models[slug].body) for slug in chosen.models if slug in self._declared.models)
            return max(
                (model.quality for slug, model in best if ranks(self._declared, target, slug, model)), default=None
            )
        key = chosen.logical if chosen.logical is not None else chosen.stacks
        if key not in self._known:
            hosts = (
                self._declared.models.values()
                if chosen.logical is None
                else self._declared.logical_models.get(chosen.logical, ())
            )
            self._known[key] = max(
                (host.body.quality for host in hosts if ranks(self._declared, target, host.slug, host.body)),
                default=None,
            )
        return self._known[key]
