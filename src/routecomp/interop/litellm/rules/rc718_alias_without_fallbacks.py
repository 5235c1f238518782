"""RC718 alias-without-fallbacks: calls under an alias have the fallbacks of its group."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, Severity, warning
from routecomp.interop.litellm.rule import Subject, litellm_rule


@litellm_rule("RC718", "alias-without-fallbacks", Severity.WARNING)
def find(subject: Subject) -> Iterator[Diagnostic]:
    """An alias stands for a group with fallbacks, and has none itself.

    LiteLLM looks for the fallbacks of the name that was called. Those of the group behind an alias are not tried,
    unless there are `default_fallbacks` or fallbacks of `*`.

    Why: the same group falls back under one name and fails under the other.

    Fix: give the alias an entry of its own in the setting.
    """
    groups = subject.groups
    by_setting: dict[str, dict[str, Label]] = {}
    for chain in groups.chains:
        if chain.key.key is not None and chain.targets:
            by_setting.setdefault(chain.setting, {}).setdefault(
                chain.group, Label(chain.key.key, "its group has these")
            )
    settings = (subject.config.router_settings, subject.config.litellm_settings)
    if any(each.fields.get("default_fallbacks") is not None for each in settings):
        return
    for setting, named in by_setting.items():
        for alias, target in groups.aliases.items():
            if target.text in named and alias not in named and alias != target.text and "*" not in named:
                message = f"calls under the alias `{alias}` have no `{setting.split('.')[1]}`"
                help = f"write an entry for `{alias}` beside the one for `{target.text}`"
                yield warning("RC718", message, target.span, help, labels=(named[target.text],))
