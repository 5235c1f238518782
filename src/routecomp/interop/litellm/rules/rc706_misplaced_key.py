"""RC706 misplaced-key: a key stands where LiteLLM reads it."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error, warning
from routecomp.interop.litellm.keys import Verdict, key_faults
from routecomp.interop.litellm.rule import Subject, litellm_rule


@litellm_rule("RC706", "misplaced-key")
def find(subject: Subject) -> Iterator[Diagnostic]:
    """A key stands in a section that does not read it; another one does.

    `model_info` may hold any key: there a parameter that steers calls is a warning, and others are left alone.

    Why: `routing_strategy` in `litellm_settings`, `fallbacks` in `general_settings` or `weight` beside
    `litellm_params` are taken without a word, and change nothing.

    Fix: move it to the place that the finding names.
    """
    for fault in key_faults(subject):
        if fault.verdict is Verdict.MISPLACED:
            message = f"`{fault.value.name}` is not read {fault.where}"
            report = warning if fault.may_be_meant else error
            yield report("RC706", message, fault.value.key, f"move it to {fault.meant}, where it is")
