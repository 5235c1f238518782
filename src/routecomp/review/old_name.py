"""Say what those get who still send a name that was given up in a rename."""

from __future__ import annotations

from fractions import Fraction

from routecomp.model.call_names import call_names, pattern_of
from routecomp.model.policy import Budget
from routecomp.model.project import Declared
from routecomp.model.vocabulary import SLOTS
from routecomp.rules.change.moved_units import share_sizes
from routecomp.table.lower import share_slots

CALLED = ("model", "logical model", "target")
"""The kinds whose slugs callers send as `model`."""


def still_leads_to(after: Declared, kind: str, old: str, new: str) -> bool:
    """Return whether callers that send the old name of a model or target reach what is called otherwise now."""
    section = {"model": "models", "target": "targets"}.get(kind)
    return section is not None and old in getattr(after, section)[new].body.aliases


def old_name_text(after: Declared, kind: str, old: str, new: str) -> str:
    """Say in a sentence what the old name of a thing does in a project; nothing where nobody sends it."""
    if kind == "provider":
        return f"in `unavailable` `{old}` names nothing now"
    if kind == "tenant":
        return _tenant(after, old, new)
    if kind == "feature":
        return _feature(after, old)
    if kind not in CALLED:
        return ""
    nothing = f"; in `unavailable` `{old}` names nothing now" if kind == "model" else ""
    if still_leads_to(after, kind, old, new):
        return f"callers may go on to send `{old}`, which is its alias{nothing}"
    names = list(call_names(after))
    other = next((name for name in names if name.name == old and name.kind != "pattern"), None)
    if other is not None:
        return f"callers that send `{old}` reach {other.title} now{nothing}"
    patterns = {name.name: name for name in names if name.kind == "pattern"}
    pattern = pattern_of(old, patterns)
    if pattern is not None:
        return f"callers that send `{old}` reach {patterns[pattern].entry.title} now, by `{pattern}`{nothing}"
    return f"callers that send `{old}` get `unknown_model` now{nothing}"


def dealt_anew_text(after: Declared, logical: str) -> str:
    """Say how many requests another host serves once a logical model has another name; nothing without shares.

    The name is in the salt, so the slots of before and after know nothing of each other: a request keeps its host as
    often as two that are drawn by the shares agree.
    """
    slots = share_slots((slug, entry.body) for slug, entry in after.models.items()).get(logical)
    if slots is None:
        return ""
    kept = sum(size * size for size in share_sizes(slots).values())
    moved = Fraction(SLOTS * SLOTS - kept, SLOTS)
    about = "" if moved.denominator == 1 else "about "
    return (
        f"its shares are dealt anew, by another salt: {about}{round(moved):,} of {SLOTS:,} requests go to another "
        "of its hosts"
    )


_GUARDS = {
    "banned_providers": "banned providers",
    "banned_models": "banned models",
    "stacks": "stacks",
    "compliance_veto_threshold": "compliance threshold",
    "min_quality": "floor",
}
"""The fields of a policy that keep models out, in words."""


def _tenant(after: Declared, old: str, new: str) -> str:
    """Say what requests of a tenant get that is not declared under this name, and which of its guards they lose."""
    if after.defaults is not None and after.defaults.body.unknown_tenant == "reject":
        return f"requests of tenant `{old}` are rejected now"
    own, default = after.tenant_policy(new), after.default_policy
    lost = [words for field, words in _GUARDS.items() if getattr(own, field) != getattr(default, field)]
    if after.tenants[new].body.budget != Budget():
        lost.append("budget")
    if not lost:
        return f"requests of tenant `{old}` have the default policy now"
    listed = " and ".join(filter(None, [", ".join(lost[:-1]), lost[-1]]))
    return f"requests of tenant `{old}` have the default policy now, without its {listed}"


def _feature(after: Declared, old: str) -> str:
    """Say what answers a feature that is not declared under this name."""
    if after.defaults is None:
        return ""
    route = after.defaults.body.routes.get(old)
    model = f"the config route `{route}`" if route is not None else f"the default model `{after.defaults.body.model}`"
    return f"calls with `feature={old}` are answered by {model} alone now"
