"""RC705 unread-key: something reads each key."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Severity, warning
from routecomp.interop.litellm.keys import Verdict, key_faults
from routecomp.interop.litellm.names import VERSION
from routecomp.interop.litellm.rule import Subject, litellm_rule


@litellm_rule("RC705", "unread-key", Severity.WARNING)
def find(subject: Subject) -> Iterator[Diagnostic]:
    """A key is none that LiteLLM is known to read.

    The names were taken from the version that the finding names; a later one may read more. A key of `litellm_params`
    that LiteLLM does not know is sent to the provider as it stands. `model_info` may hold any key: none is reported.
    Sections that begin with `x-`, and those that hold an anchor, are left alone.

    Why: a key that nobody reads does nothing, or makes the provider refuse each call.

    Fix: remove it, or write what is meant. What is a note for people belongs into `model_info` or a comment.
    """
    for fault in key_faults(subject):
        if fault.verdict is Verdict.UNREAD:
            key = fault.value.name
            if fault.where == "in `litellm_params`":
                message = f"LiteLLM {VERSION} knows no parameter `{key}`: it is sent to the provider as it stands"
            else:
                message = f"LiteLLM {VERSION} reads no `{key}` {fault.where}"
            yield warning("RC705", message, fault.value.key, "remove it, or write what is meant")
