"""RC323 weights-unused: weights are declared where something reads them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.diagnostics.diagnostic import Diagnostic, Label, Severity, warning
from routecomp.model.policy import PolicyFields
from routecomp.model.project import Declared, Entry, node_at
from routecomp.parse.edit import key_removal
from routecomp.parse.tree import Mapping
from routecomp.rules.lookup import Path, objective_of, policies, policy_title, preset_of
from routecomp.rules.registry import project_rule
from routecomp.source.edits import Fix


@project_rule("RC323", "weights-unused", Severity.WARNING)
def weights_unused(declared: Declared) -> Iterator[Diagnostic]:
    """Weights are declared under the objective `cheapest`, which reads none.

    `cheapest` takes the cheapest model that clears the floor. Weights count under `weighted` alone.

    Why: whoever tunes these weights changes nothing, and may believe for months that latency counts for this
    tenant.

    Fix: remove the weights, or write `objective: weighted`.
    """
    weighted = [(entry, fields, path) for entry, fields, path in policies(declared) if fields.weights is not None]
    if not any(objective_of(declared, fields, preset_of(entry, fields)) == "cheapest" for entry, fields, _ in weighted):
        return
    read = _presets_whose_weights_are_read(declared)
    for entry, fields, path in weighted:
        if objective_of(declared, fields, preset_of(entry, fields)) != "cheapest":
            continue
        if entry.kind == "preset" and (entry.slug in read or not declared.is_whole("tenants", "defaults")):
            continue
        yield _finding(declared, entry, fields, path)


def _presets_whose_weights_are_read(declared: Declared) -> set[str]:
    """Return the presets from which a policy that ranks by score takes its weights."""
    return {
        preset_of(entry, fields)
        for entry, fields, _ in policies(declared)
        if fields.weights is None and objective_of(declared, fields, preset_of(entry, fields)) == "weighted"
    }


def _finding(declared: Declared, entry: Entry[Any], fields: PolicyFields, path: Path) -> Diagnostic:
    """Report weights that nothing reads; fix it by removing them where that is safe."""
    labels: tuple[Label, ...] = ()
    if fields.objective is not None:
        labels = (Label(entry.span(*path, "objective"), "reads no weights"),)
    elif (preset := declared.presets.get(preset_of(entry, fields))) is not None and preset.body.objective is not None:
        labels = (Label(preset.span("objective"), f"the objective of {preset.title}"),)
    body = node_at(entry.node, path)
    edit = key_removal(body, "weights") if isinstance(body, Mapping) else None
    return warning(
        "RC323",
        f"weights of {policy_title(entry, path)} are not read: its objective is cheapest",
        entry.key_span(*path, "weights"),
        "remove them, or write `objective: weighted`",
        labels=labels,
        fix=Fix("remove `weights`", (edit,)) if edit is not None else None,
    )
