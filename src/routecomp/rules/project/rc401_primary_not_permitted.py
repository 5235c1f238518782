"""RC401 primary-not-permitted: the default policy lets every primary serve."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.diagnostics.once import one_for_each_cause
from routecomp.model.policy import EffectivePolicy
from routecomp.model.project import Declared, Entry
from routecomp.model.route import Model
from routecomp.model.vocabulary import PRESETS
from routecomp.rules.lookup import Path, listed, share, sole_primary
from routecomp.rules.registry import project_rule
from routecomp.source.text import Span


@project_rule("RC401", "primary-not-permitted")
def primary_not_permitted(declared: Declared) -> Iterator[Diagnostic]:
    """The default policy does not let a feature's primary serve.

    The default policy is that of requests without a tenant, or with one nobody declared. Its bans, its stacks and
    its compliance threshold hold for every primary. (That a model is not `listed` does not matter to a feature that
    names it.)

    Why: a call without a tenant would be served by a fallback, or rejected, at the very moment when nothing else is
    known about it: during a trial, from a job that forgot to say who it is for, or before a new tenant is declared.

    Fix: promote a model the default policy permits, or change the default policy. A model that only some tenants
    may not use is banned in their policies, not in the default one.
    """
    defaults = declared.defaults
    if defaults is None:
        return
    preset = defaults.body.policy.preset
    if preset not in PRESETS or preset in declared.broken.get("presets", ()) or "presets" in declared.incomplete:
        return
    findings = list(_findings(declared, declared.default_policy))
    # Where many models lie below the threshold, the threshold is the cause.
    too_low = {cause for cause, _ in findings if cause[0] == "compliance"}
    yield from one_for_each_cause(
        ("compliance" if cause[0] == "compliance" and len(too_low) > 2 else cause, diagnostic)
        for cause, diagnostic in findings
    )


def _findings(declared: Declared, policy: EffectivePolicy) -> Iterator[tuple[tuple[str, str], Diagnostic]]:
    """Yield each finding with its cause: the field of the policy, and the name that it bars."""
    for entry in declared.features.values():
        for slug in sole_primary(entry.body):
            model = declared.models.get(slug)
            if model is None:
                continue
            for cause, reason, labels in _reasons(declared, policy, model):
                yield (
                    cause,
                    error(
                        "RC401",
                        f"the default policy does not permit primary `{slug}` of {entry.title}: {reason}",
                        entry.span("models", slug, "status"),
                        "make another model primary, or change the default policy",
                        labels=labels,
                    ),
                )


def _reasons(
    declared: Declared, policy: EffectivePolicy, model: Entry[Model]
) -> Iterator[tuple[tuple[str, str], str, tuple[Label, ...]]]:
    """Yield each reason why the policy does not permit a model, with its cause and its places."""
    body = model.body
    if body.provider in policy.banned_providers:
        labels = _labels(declared, "banned_providers", body.provider, "banned here")
        yield ("banned_providers", body.provider), f"it bans provider `{body.provider}`", labels
    for name in dict.fromkeys((model.slug, body.logical_slug)):
        if name in policy.banned_models:
            kind = "it" if name == model.slug else f"logical model `{name}`"
            yield (
                ("banned_models", str(name)),
                f"it bans {kind}" if name != model.slug else "it is banned",
                _labels(declared, "banned_models", name, "banned here"),
            )
    provider = declared.providers.get(body.provider)
    stacks = policy.stacks
    # Where the policy names an unknown stack, nobody can say which one was meant.
    if (
        stacks is not None
        and provider is not None
        and provider.body.stack not in stacks
        and declared.stacks.issuperset(stacks)
    ):
        yield (
            ("stacks", provider.body.stack),
            f"its stack is `{provider.body.stack}`, not {listed(stacks)}",
            (
                Label(provider.span("stack"), f"the stack of {provider.title}"),
                *_labels(declared, "stacks", None, "the only stacks"),
            ),
        )
    if body.compliance < policy.compliance_veto_threshold:
        yield (
            ("compliance", model.slug),
            f"its compliance {share(body.compliance)} lies below {share(policy.compliance_veto_threshold)}",
            (
                Label(model.span("compliance"), "the model's compliance"),
                *_labels(declared, "compliance_veto_threshold", None, "the threshold"),
            ),
        )


def _labels(declared: Declared, field: str, name: str | None, text: str) -> tuple[Label, ...]:
    """Return the place where the default policy sets a field: in `defaults`, else in its preset, else none (built in).

    Of a list the place is that of `name`, if `name` is given.
    """
    assert declared.defaults is not None
    own: tuple[Entry[Any], Path] = (declared.defaults, ("policy", field))
    preset = declared.presets.get(declared.defaults.body.policy.preset)
    for entry, path in (own, *(((preset, (field,)),) if preset is not None else ())):
        if entry.has(*path):
            return (Label(_span(entry, path, name), text),)
    return ()


def _span(entry: Entry[Any], path: Path, name: str | None) -> Span:
    """Return the place of a name in the list at a path; of the whole value where `name` is None or not in it."""
    if name is not None:
        position = next((position for position, value in enumerate(_value(entry.body, path)) if value == name), None)
        if position is not None:
            return entry.span(*path, position)
    return entry.span(*path)


def _value(body: Any, path: Path) -> Any:
    """Return the value at a path of attributes below a body."""
    for step in path:
        body = getattr(body, step)
    return body
