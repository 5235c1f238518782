"""RC714 fallbacks-form: fallbacks are a list of mappings with one group each."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.interop.litellm.groups import CHAINS
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.interop.value import Kind, Value

_FORM = "write `- GROUP: [FALLBACK, …]` for each group"


@litellm_rule("RC714", "fallbacks-form")
def find(subject: Subject) -> Iterator[Diagnostic]:
    """Fallbacks have another form than a list in which each entry maps one group to the list of its fallbacks.

    `default_fallbacks` is a list of groups.

    Why: a mapping in place of the list (`fallbacks: {fast: [slow]}`) is taken without a word, and no call falls back.
    Some other forms stop the proxy when it starts.

    Fix: write `- GROUP: [FALLBACK, …]` for each group.
    """
    for settings in (subject.config.router_settings, subject.config.litellm_settings):
        for name in CHAINS:
            stated = settings.fields.get(name)
            if stated is not None and stated.kind is not Kind.NULL:
                yield from _judge(stated)
        default = settings.fields.get("default_fallbacks")
        if default is not None and default.kind not in (Kind.LIST, Kind.NULL):
            yield error("RC714", "`default_fallbacks` is no list", default.span, "write it as a list of groups")


def _judge(stated: Value) -> Iterator[Diagnostic]:
    """Yield what is wrong with the form of one setting."""
    if stated.kind is not Kind.LIST:
        yield error("RC714", f"`{stated.name}` is no list: LiteLLM reads none of it", stated.key, _FORM)
        return
    for entry in stated.items:
        if entry.kind is not Kind.MAPPING:
            yield error("RC714", "this entry names no group that falls back", entry.span, _FORM)
        elif len(entry.fields) != 1:
            message = f"this entry has {len(entry.fields)} groups" if entry.fields else "this entry has no group"
            second = entry.children[1].key if len(entry.children) > 1 else entry.span
            yield error("RC714", message, second, "begin an entry of the list for each group")
        else:
            (targets,) = entry.children
            if targets.kind is not Kind.LIST:
                message = f"the fallbacks of `{targets.name}` are no list"
                yield error("RC714", message, targets.span, "write them in brackets: `[FALLBACK]`")
