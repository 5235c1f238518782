"""RC717 setting-twice: a setting is stated once."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, Severity, warning
from routecomp.interop.litellm.rule import Subject, litellm_rule

_BOTH = (
    "fallbacks",
    "context_window_fallbacks",
    "content_policy_fallbacks",
    "default_fallbacks",
    "num_retries",
    "allowed_fails",
)


@litellm_rule("RC717", "setting-twice", Severity.WARNING)
def find(subject: Subject) -> Iterator[Diagnostic]:
    """A setting of routing is stated in `litellm_settings` and in `router_settings`, with different values.

    The router reads its own settings first, and the others only where it has none.

    Why: fallbacks in both look as if they added up. Those in `litellm_settings` are never tried.

    Fix: keep the one in `router_settings`.
    """
    router, module = subject.config.router_settings, subject.config.litellm_settings
    for name in _BOTH:
        counted, idle = router.fields.get(name), module.fields.get(name)
        if counted is None or idle is None or counted.is_empty or idle.key is None or counted.key is None:
            continue
        if counted.span.text != idle.span.text:
            labels = (Label(counted.key, "this one counts"),)
            message = f"`{name}` of `router_settings` counts, and this one does not"
            yield warning("RC717", message, idle.key, "keep the one in `router_settings`", labels=labels)
