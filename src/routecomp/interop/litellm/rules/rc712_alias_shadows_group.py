"""RC712 alias-shadows-group: an alias has a name of its own."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.interop.litellm.rule import Subject, litellm_rule


@litellm_rule("RC712", "alias-shadows-group")
def find(subject: Subject) -> Iterator[Diagnostic]:
    """An alias has the name of a group.

    Calls under the name go to what the alias stands for, and the deployments of the group get none.

    Why: the entries of `model_list` look as if they served. LiteLLM reads the alias first and says nothing.

    Fix: rename the alias, or remove the group.
    """
    for alias, target in subject.groups.aliases.items():
        members = subject.groups.members.get(alias)
        if members and target.text != alias:
            named = members[0].value.get("model_name")
            label = () if named is None else (Label(named.span, "the group that gets no call"),)
            message = f"the alias `{alias}` has the name of a group, and all calls go to `{target.text}`"
            stated = subject.config.router_settings.get("model_group_alias", alias)
            span = target.span if stated is None else stated.key
            yield error("RC712", message, span, "rename the alias, or remove the group", labels=label)
