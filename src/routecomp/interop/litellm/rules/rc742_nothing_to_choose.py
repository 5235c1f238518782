"""RC742 nothing-to-choose: the routing strategy has something to choose from."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Severity, warning
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.interop.litellm.words import STRATEGIES

_LIMITED = ("usage-based-routing", "usage-based-routing-v2")


@litellm_rule("RC742", "nothing-to-choose", Severity.WARNING)
def find(subject: Subject) -> Iterator[Diagnostic]:
    """A routing strategy is set, and no group has two deployments.

    A strategy chooses among the deployments of one group. Between groups only fallbacks choose. The strategies for
    usage also keep the `rpm` and `tpm` of a deployment, so they are left alone where one is stated.

    Why: the file reads as if calls went to the cheapest or fastest model. They go to the one that was asked for.

    Fix: give the deployments that may serve the same calls one `model_name`, or remove the strategy.
    """
    strategy = subject.config.router_settings.fields.get("routing_strategy")
    members = subject.groups.members
    if strategy is None or strategy.text not in STRATEGIES or strategy.text == "simple-shuffle":
        return
    if not subject.groups.is_complete:
        return
    if any(len(each) > 1 for each in members.values()) or any("*" in name for name in members):
        return
    limits = [
        each.param(name) or each.value.get(name) for each in subject.config.deployments for name in ("rpm", "tpm")
    ]
    if strategy.text in _LIMITED and any(limit is not None for limit in limits):
        return
    message = f"`{strategy.text}` has nothing to choose: each group has one deployment"
    yield warning("RC742", message, strategy.span, "give deployments that may stand for each other one `model_name`")
