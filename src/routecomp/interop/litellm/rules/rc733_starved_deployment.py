"""RC733 starved-deployment: each deployment of a group gets calls."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, Severity, warning
from routecomp.interop.litellm.config import Deployment
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.interop.value import Value


@litellm_rule("RC733", "starved-deployment", Severity.WARNING)
def find(subject: Subject) -> Iterator[Diagnostic]:
    """A deployment gets no call, because others of its group state a weight or a limit and it states none.

    The strategy `simple-shuffle`, the default, draws by `weight` where any deployment of the group has one above 0,
    else by `rpm`, else by `tpm`. A deployment without that figure counts as 0 then.

    Why: the second host of a group idles until the first one fails, and nothing says so.

    Fix: state the figure for all deployments of the group, or for none.
    """
    strategy = subject.config.router_settings.text_of("routing_strategy")
    if strategy not in ("", "simple-shuffle"):
        return
    for name, members in subject.groups.members.items():
        figure, leader = next(
            ((f, m) for f in ("weight", "rpm", "tpm") for m in members if _count(m, f) > 0), ("", None)
        )
        if leader is None or any(member.param("order") is not None for member in members):
            continue
        for member in members:
            stated = _stated(member, figure)
            if _count(member, figure) == 0 and (stated is None or figure != "weight"):
                lead = _stated(leader, figure)
                labels = () if lead is None or lead.key is None else (Label(lead.key, f"the `{figure}` that decides"),)
                span = (member.value.get("litellm_params", "model") or member.value).span
                message = f"this deployment of `{name}` gets no call: it has no `{figure}`, and another one has"
                help = f"state `{figure}` for all deployments of the group, or for none"
                yield warning("RC733", message, span, help, labels=labels)


def _stated(member: Deployment, figure: str) -> Value | None:
    """Return the figure of a deployment that the strategy reads; limits may stand beside `litellm_params` too."""
    value = member.param(figure)
    return member.value.get(figure) if value is None and figure != "weight" else value


def _count(member: Deployment, figure: str) -> int | float:
    """Return whether a deployment has the figure above 0: 1 or 0."""
    value = _stated(member, figure)
    return 1 if value is not None and value.number is not None and value.number > 0 else 0
