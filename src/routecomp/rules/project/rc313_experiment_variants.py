"""RC313 experiment-variants: an experiment that serves has the variants and versions it needs."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.experiment import Experiment
from routecomp.model.project import Declared, Entry
from routecomp.rules.registry import project_rule

RUNNING = ("active", "paused")


@project_rule("RC313", "experiment-variants", follows=("RC212",))
def experiment_variants(declared: Declared) -> Iterator[Diagnostic]:
    """An experiment that serves has too few variants, or a variant without a version.

    Active and paused experiments compare at least two variants. In these, and in a completed experiment with a
    winner, every variant has at least one version; the last one serves.

    Why: one variant compares nothing. And a variant without a version has no model: the units it owns would be
    answered by nobody.

    Fix: add the variant or the version, or keep the experiment a draft until it is ready.
    """
    for entry in declared.experiments.values():
        experiment = entry.body
        running = experiment.status in RUNNING
        if not running and not (experiment.status == "completed" and experiment.winner is not None):
            continue
        if running and len(experiment.variants) < 2:
            count = "1 variant" if experiment.variants else "no variants"
            yield error(
                "RC313",
                f"{entry.title} is {experiment.status} with {count}; it needs at least two",
                entry.key_span("variants"),
                "add a variant, or make it a draft",
                labels=_status(entry),
            )
        for id, variant in experiment.variants.items():
            if not variant.versions:
                yield error(
                    "RC313",
                    f"variant `{id}` of {entry.title} has no version",
                    entry.key_span("variants", id),
                    "add `versions: [{version: 1, model: …}]`",
                    labels=_status(entry),
                )


def _status(entry: Entry[Experiment]) -> tuple[Label, ...]:
    """Return the status of an experiment as the one label of a finding."""
    return (Label(entry.span("status"), f"{entry.body.status} here"),)
