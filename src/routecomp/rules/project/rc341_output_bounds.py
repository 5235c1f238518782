"""RC341 output-bounds: a model answers with at least as many tokens as it needs."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.project import Declared
from routecomp.rules.registry import project_rule


@project_rule("RC341", "output-bounds")
def output_bounds(declared: Declared) -> Iterator[Diagnostic]:
    """A model's `min_output_tokens` is above its `max_output_tokens`.

    The first is the least that a caller must allow, the second the most that a caller may ask for.

    Why: no `max_output_tokens` of a caller is both, so every request that sets one would pass the model by, and no
    message would say why.

    Fix: lower `min_output_tokens`, or raise `max_output_tokens`.
    """
    for entry in declared.models.values():
        least, most = entry.body.min_output_tokens, entry.body.max_output_tokens
        if most is not None and least > most:
            yield error(
                "RC341",
                f"{entry.title} needs {least} tokens of answer, and answers with {most} at most",
                entry.span("max_output_tokens"),
                f"write at least {least} here, or lower `min_output_tokens` to {most} or less",
                labels=(Label(entry.span("min_output_tokens"), f"needs {least}"),),
            )
