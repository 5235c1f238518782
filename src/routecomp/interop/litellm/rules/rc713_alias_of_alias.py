"""RC713 alias-of-alias: an alias stands for a group."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.interop.value import Kind


@litellm_rule("RC713", "alias-of-alias")
def find(subject: Subject) -> Iterator[Diagnostic]:
    """An alias stands for another alias, or for nothing.

    LiteLLM follows one alias, not two. An alias written as a mapping needs the key `model`.

    Why: the router starts, and each call under the alias is refused: there are no healthy deployments.

    Fix: write the group that is meant in the end.
    """
    groups = subject.groups
    for alias, target in groups.aliases.items():
        if target.text in groups.aliases and target.text not in groups.members and target.text != alias:
            message = f"the alias `{alias}` stands for the alias `{target.text}`, which is not followed"
            end = groups.aliases[target.text].text
            yield error("RC713", message, target.span, f"write `{end}`, the group that is meant")
        elif target.text == alias and alias not in groups.members:
            yield error("RC713", f"the alias `{alias}` stands for itself", target.span, "write the group that is meant")
    stated = subject.config.router_settings.fields.get("model_group_alias")
    if stated is not None and stated.kind not in (Kind.MAPPING, Kind.NULL):
        message = "`model_group_alias` is no mapping: each call under an alias is refused"
        yield error("RC713", message, stated.key, "write `ALIAS: GROUP` below, one a line")
    for alias, value in stated.fields.items() if stated is not None else ():
        if alias not in groups.aliases:
            has_model = value.kind is not Kind.MAPPING or value.get("model") is not None
            message = f"the alias `{alias}` stands for no text" if has_model else f"the alias `{alias}` has no `model`"
            yield error("RC713", message, value.key, "write the group that is meant")
