"""RC715 idle-fallback: each fallback can serve what failed before it."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.interop.litellm.groups import Chain, Groups, target_name
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.interop.value import Kind, Value

_CHAT = ("", "chat", "completion", "responses")


@litellm_rule("RC715", "idle-fallback")
def find(subject: Subject) -> Iterator[Diagnostic]:
    """A fallback cannot serve what failed before it, or is never tried.

    It is the group itself, or an alias of it; it stands in the list already; its deployments have another `mode` than
    those of the group (an embedding model cannot answer a chat); as a fallback for long prompts
    (`context_window_fallbacks`) it has no larger window, by the `max_input_tokens` that the file states for both. An
    empty list has none, unless it keeps the group from the fallbacks of all groups; of a group that stands in the
    setting twice the second ones are never tried.

    Why: the outage that the fallback is there for becomes an error all the same, after one more wait.

    Fix: name a group that can serve, in the one entry of the group.
    """
    seen: dict[tuple[str, str], Value] = {}
    for chain in subject.groups.chains:
        first = seen.setdefault((chain.setting, chain.group), chain.key)
        if first is not chain.key:
            label = () if first.key is None else (Label(first.key, "this one counts"),)
            message = f"`{chain.group}` has fallbacks already: these are never tried"
            yield error("RC715", message, chain.key.key, "put them into one list", labels=label)
            continue
        if chain.key.kind is Kind.LIST and not chain.targets and not _switches_off(chain, subject.groups):
            yield error("RC715", f"`{chain.group}` has no fallback in its list", chain.key.span, "name one")
        yield from _targets(chain, subject.groups)


def _switches_off(chain: Chain, groups: Groups) -> bool:
    """Return whether an empty list keeps a group from the fallbacks of all groups."""
    settings = (groups.config.router_settings, groups.config.litellm_settings)
    if any(each.fields.get("default_fallbacks") is not None for each in settings):
        return True
    return any(other.group == "*" and other.setting == chain.setting for other in groups.chains)


def _targets(chain: Chain, groups: Groups) -> Iterator[Diagnostic]:
    """Yield the fallbacks of one list that serve nothing."""
    earlier: dict[str, Value] = {}
    own = groups.group_of(chain.group)
    for target in chain.targets:
        name = target_name(target)
        group = groups.group_of(name)
        if not name:
            continue
        if group == own and target.kind is not Kind.MAPPING:
            also = "" if name == chain.group else ", which stands for it"
            yield error("RC715", f"`{chain.group}` falls back to itself{also}", target.span, "name another group")
        elif name in earlier:
            label = (Label(earlier[name].span, "already here"),)
            yield error("RC715", f"`{name}` stands in the list twice", target.span, "remove one", labels=label)
        elif target.kind is not Kind.MAPPING:
            earlier[name] = target
            fault = _unfit(chain, own, group, groups)
            if fault:
                yield error(
                    "RC715",
                    f"`{name}` cannot serve what `{chain.group}` could not: {fault}",
                    target.span,
                    "name another group",
                )


def _unfit(chain: Chain, own: str, target: str, groups: Groups) -> str:
    """Return why no deployment of the target can serve a call of the group; an empty text where some may."""
    modes, others = _modes(own, groups), _modes(target, groups)
    if modes and others and not modes & others:
        return f"its mode is `{min(others)}`, not `{min(modes)}`"
    if chain.setting.endswith("context_window_fallbacks"):
        windows, larger = _windows(own, groups), _windows(target, groups)
        if windows and larger and max(larger) <= max(windows):
            return f"its window of {max(larger):,} tokens is no larger"
    return ""


def _modes(group: str, groups: Groups) -> set[str]:
    """Return the modes that the file states for a group's deployments; the ways to chat count as one."""
    modes = {each.value.text_of("model_info", "mode") for each in groups.members.get(group, ())}
    return {"chat" if mode in _CHAT else mode for mode in modes} if modes - {""} else set()


def _windows(group: str, groups: Groups) -> list[int]:
    """Return the windows of a group's deployments, if the file states those of all."""
    stated = [each.value.get("model_info", "max_input_tokens") for each in groups.members.get(group, ())]
    windows = [int(value.number) for value in stated if value is not None and value.number is not None]
    return windows if len(windows) == len(stated) else []
