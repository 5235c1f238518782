"""State the filters of docs/semantics.md, section 4, once and in their order, and walk them.

`_ModelSet.able` and `_View.open` are short cuts through this list; tests hold that they leave the same models.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from routecomp.runtime.parts.catalogue import _Catalogue
from routecomp.runtime.parts.decision import DecisionStatus
from routecomp.runtime.parts.policy import _Policy
from routecomp.runtime.parts.request import _Request


class _Candidacy(NamedTuple):
    """Under which conditions models are filtered: policy, request, and which filters bind the route."""

    catalogue: _Catalogue
    policy: _Policy
    request: _Request
    listed: bool = False  # models that are not listed are barred
    ability: bool = True  # the ability group binds
    floor: int | None = None  # in basis points; without a floor the demand group does not bind


class _Filter(NamedTuple):
    """One filter: its group, its name, the status of a request for which it leaves nothing, and what it does.

    `apply` returns what the filter leaves of a mask, or None where it does not bind: the caller, the policy or the
    route asks nothing of it.
    """

    group: Literal["permission", "ability", "demand"]
    name: str
    status: DecisionStatus
    apply: Callable[[_Candidacy, int], int | None]


def _pass_stacks(candidacy: _Candidacy, mask: int) -> int:
    """Return the models of a mask that are on a stack that the policy and the request allow; it always binds."""
    catalogue, stack = candidacy.catalogue, candidacy.request.stack
    mask &= candidacy.policy.masks(catalogue)[1]
    return mask if stack is None else mask & catalogue.stacks[stack]


def _pass_capabilities(candidacy: _Candidacy, mask: int) -> int | None:
    """Return the models of a mask that have every capability the request needs; None if it needs none."""
    words = candidacy.request.capabilities
    if not (candidacy.ability and words):
        return None
    for word in words:
        mask &= candidacy.catalogue.capabilities[word]
    return mask


def _pass_context(candidacy: _Candidacy, mask: int) -> int | None:
    """Return the models of a mask whose context window holds the tokens in and out; None if neither is given."""
    tokens, output = candidacy.request.input_tokens, candidacy.request.max_output
    if not candidacy.ability or (tokens is None and output is None):
        return None
    return mask & candidacy.catalogue.context.at_most(-(tokens or 0) - (output or 0))


def _pass_ceiling(candidacy: _Candidacy, mask: int) -> int | None:
    """Return the models of a mask that answer with as many tokens as the request allows; None if it sets no limit.

    It does not bind where no model has a ceiling.
    """
    output, catalogue = candidacy.request.max_output, candidacy.catalogue
    if not (candidacy.ability and catalogue.capped) or output is None:
        return None
    return mask & catalogue.ceiling.at_most(-output)


def _pass_reasoning(candidacy: _Candidacy, mask: int) -> int | None:
    """Return the models of a mask that the request allows enough output tokens; None if it sets no limit."""
    output = candidacy.request.max_output
    return mask & candidacy.catalogue.min_output.at_most(output) if candidacy.ability and output is not None else None


def _pass_available(candidacy: _Candidacy, mask: int) -> int | None:
    """Return the models of a mask that the request does not call unavailable; None if it names none."""
    names = candidacy.request.unavailable
    return mask & ~candidacy.catalogue.named(names) if candidacy.ability and names else None


def _pass_cost(candidacy: _Candidacy, mask: int) -> int | None:
    """Return the models of a mask whose estimated cost is within the request's limit; None without a limit or floor."""
    if candidacy.floor is None or candidacy.request.max_cost is None:
        return None
    return candidacy.catalogue.affordable(mask, candidacy.request)


_FILTERS: Final = (
    _Filter("permission", "unknown_tenant", "rejected_policy", lambda c, mask: 0 if c.policy.rejects else None),
    _Filter("permission", "active", "rejected_policy", lambda c, mask: mask & c.catalogue.active),
    _Filter("permission", "listed", "rejected_policy", lambda c, mask: mask & c.catalogue.listed if c.listed else None),
    _Filter("permission", "bans", "rejected_policy", lambda c, mask: mask & c.policy.masks(c.catalogue)[0]),
    _Filter("permission", "stacks", "rejected_policy", _pass_stacks),
    _Filter("permission", "compliance", "rejected_policy", lambda c, mask: mask & c.policy.masks(c.catalogue)[2]),
    _Filter("ability", "available", "rejected_unavailable", _pass_available),
    _Filter("ability", "capabilities", "rejected_unavailable", _pass_capabilities),
    _Filter("ability", "context", "rejected_unavailable", _pass_context),
    _Filter("ability", "output_ceiling", "rejected_unavailable", _pass_ceiling),
    _Filter("ability", "reasoning_floor", "rejected_unavailable", _pass_reasoning),
    _Filter(
        "demand",
        "quality",
        "rejected_floor",
        lambda c, mask: None if c.floor is None else mask & c.catalogue.quality.at_most(-c.floor),
    ),
    _Filter("demand", "cost", "rejected_cost", _pass_cost),
)
"""Every filter, in the order in which they are applied."""


def _refusal(
    candidacy: _Candidacy, mask: int, log: Callable[[_Filter, int, int], None] | None = None
) -> DecisionStatus | None:
    """Return the status of the first filter after which nothing of a mask is left; None if a model passes all.

    An empty mask is `rejected_policy`.

    With `log`, every filter that binds is applied and reported: the filter, the mask before it, the mask after it.
    """
    refused: DecisionStatus | None = None if mask else "rejected_policy"
    for filter_ in _FILTERS:
        left = filter_.apply(candidacy, mask)
        if left is None:
            continue
        if log is not None:
            log(filter_, mask, left)
        mask = left
        if not mask and refused is None:
            refused = filter_.status
        if refused is not None and log is None:
            break
    return refused


def _permitted(catalogue: _Catalogue, policy: _Policy, *, listed: bool) -> int:
    """Return the mask of the models that a policy permits before any request, by the filters of the permission group.

    With `listed`, models that are not listed are barred.
    """
    candidacy, mask = _Candidacy(catalogue, policy, _Request.of({}), listed), catalogue.all
    for filter_ in _FILTERS:
        left = filter_.apply(candidacy, mask) if filter_.group == "permission" else None
        mask = mask if left is None else left
    return mask
