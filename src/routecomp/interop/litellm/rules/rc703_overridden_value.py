"""RC703 overridden-value: LiteLLM reads every value of the file."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.interop.litellm.rule import Subject, litellm_rule


@litellm_rule("RC703", "overridden-value")
def find(subject: Subject) -> Iterator[Diagnostic]:
    """A value is replaced by a later one, and LiteLLM never sees it.

    A key stands twice in a mapping, or an included file has a section of the same name. Of two keys the last counts,
    as YAML readers in Python have it. Only lists are joined with those of an included file. `model_list` grows, but
    `router_settings` of the included file takes the place of the whole section.

    Why: two `router_settings` look as if they added up. The retries of the first are gone, and no word of it is logged.

    Fix: keep one of the two, or put their keys into one section.
    """
    for value in subject.config.overridden:
        kept = subject.config.root.get(*value.path)
        labels = () if kept is None else (Label(kept.key or kept.span, "this one counts"),)
        if kept is not None and kept.span.file is not value.span.file:
            message, help = f"an included file replaces this `{value.name}` as a whole", "put all keys into one section"
        else:
            message, help = f"`{value.name}` stands twice: only the last is read", "keep one of the two"
        yield error("RC703", message, value.key, help, labels=labels)
