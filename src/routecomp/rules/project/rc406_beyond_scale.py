"""RC406 beyond-scale: a model's latency and blended cost lie on the scales of `scoring`."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, Severity, warning
from routecomp.model.numbers import ONE, format_padded_decimal
from routecomp.model.project import Declared
from routecomp.model.route import blended_cost
from routecomp.rules.registry import project_rule

_SHOWN = 3
"""The most models that a finding names."""


@project_rule("RC406", "beyond-scale", Severity.WARNING)
def beyond_scale(declared: Declared) -> Iterator[Diagnostic]:
    """Active models have a latency or a blended cost beyond the worst end of its scale.

    `scoring` fixes the scales on which models are measured. Whatever lies beyond the worst end scores 0, as the worst
    end itself does. Blended cost is the input price plus `output_ratio` times the output price.

    Why: of two models beyond the end, the one that is ten times as dear or as slow scores the same. Often a figure is
    in the wrong unit, such as microseconds, or the scale is from before the models came.

    Fix: correct the figures, or raise `worst`. Raising it moves the scores of all models, and `diff` says whose picks
    change. Where the slowest shall rank alike, waive the warning at the scale.
    """
    scoring = declared.scoring
    if scoring is None:
        return
    scale = scoring.body
    active = [entry for entry in declared.models.values() if entry.body.active]
    slow = {
        entry.slug: f"{entry.body.latency_ms:,} ms"
        for entry in active
        if entry.body.latency_ms > scale.latency_ms.worst
    }
    dear = {
        entry.slug: f"{format_padded_decimal(cost, 10)} dollars"
        for entry in active
        if (cost := blended_cost(entry.body)) > scale.cost.worst * ONE
    }
    for beyond, key, place, noun in (
        (slow, "latency_ms", "latency_ms", "latency"),
        (dear, "cost", "price", "blended cost"),
    ):
        ends = getattr(scale, key)
        if beyond and ends.best < ends.worst:
            shown = [f"`{slug}` ({figure})" for slug, figure in list(beyond.items())[:_SHOWN]]
            more = f" and {len(beyond) - _SHOWN} more" if len(beyond) > _SHOWN else ""
            yield warning(
                "RC406",
                f"beyond the worst {noun} of the scale lies {', '.join(shown)}{more}: all of it ranks like the worst",
                scoring.span(key, "worst"),
                "correct the figures, or raise `worst`",
                labels=tuple(
                    Label(declared.models[slug].span(place), f"the {noun} of the model")
                    for slug in list(beyond)[:_SHOWN]
                ),
            )
