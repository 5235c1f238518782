"""RC704 mistyped-key: a key is spelt as LiteLLM reads it."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error, warning
from routecomp.interop.litellm.keys import Verdict, key_faults
from routecomp.interop.litellm.rule import Subject, litellm_rule


@litellm_rule("RC704", "mistyped-key")
def find(subject: Subject) -> Iterator[Diagnostic]:
    """A key is nearly one that LiteLLM reads.

    Looked at are the sections, the entries of `model_list` with their `litellm_params` and `model_info`, the three
    settings, and the retry policies. `litellm_params` may hold any parameter of a call or of a provider.
    `model_info` may hold any key: there a near miss is a warning.

    Why: LiteLLM takes any key. `api_bse` is sent to the provider's usual address, with the key of another host.

    Fix: correct the key.
    """
    for fault in key_faults(subject):
        if fault.verdict is Verdict.MISTYPED:
            message = f"`{fault.value.name}` is no key {fault.where}"
            report = warning if fault.may_be_meant else error
            yield report("RC704", message, fault.value.key, f"did you mean `{fault.meant}`?")
