"""RC741 idle-setting: something reads each setting of routing."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Severity, warning
from routecomp.diagnostics.once import with_others
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.interop.scalars import TRUE
from routecomp.interop.value import Value

_WITH_ARGUMENTS = ("latency-based-routing", "usage-based-routing", "usage-based-routing-v2")
_COOLDOWN = ("cooldown_time", "allowed_fails", "allowed_fails_policy")


@litellm_rule("RC741", "idle-setting", Severity.WARNING)
def find(subject: Subject) -> Iterator[Diagnostic]:
    """A setting of routing is known, and nothing reads it beside the other settings.

    `weight` is read by `simple-shuffle` alone; `routing_strategy_args` are read by the strategies for latency and
    usage; `tags` of a deployment need `enable_tag_filtering`; what is said of cooldowns needs cooldowns.

    Why: shares that somebody agreed on are not kept, and every review of the file says that they are.

    Fix: choose the strategy that reads the setting, or remove the setting.
    """
    settings = subject.config.router_settings
    strategy = settings.text_of("routing_strategy") or "simple-shuffle"
    if strategy != "simple-shuffle":
        weights = [each.param("weight") for each in subject.config.deployments]
        yield from _first(
            weights, f"`weight` is not read by `{strategy}`", "use `simple-shuffle`, or remove the weights"
        )
    arguments = settings.fields.get("routing_strategy_args")
    if arguments is not None and not arguments.is_empty and strategy not in _WITH_ARGUMENTS:
        message = f"`routing_strategy_args` are not read by `{strategy}`"
        yield warning("RC741", message, arguments.key, "choose the strategy that they are meant for")
    if settings.text_of("enable_tag_filtering").lower() not in TRUE:
        tags = [each.param("tags") for each in subject.config.deployments]
        help = "write `enable_tag_filtering: true` into `router_settings`, or remove the tags"
        yield from _first(tags, "`tags` are not read without `enable_tag_filtering`", help)
    if settings.text_of("disable_cooldowns").lower() in TRUE:
        for name in _COOLDOWN:
            value = settings.fields.get(name)
            if value is not None:
                message = f"`{name}` is not read: `disable_cooldowns` is set"
                yield warning("RC741", message, value.key, "remove one of the two")


def _first(values: list[Value | None], message: str, help: str) -> Iterator[Diagnostic]:
    """Yield one finding for all values of a kind, at the first of them."""
    findings = [warning("RC741", message, value.key, help) for value in values if value is not None]
    if findings:
        yield with_others(findings[0], findings[1:])
