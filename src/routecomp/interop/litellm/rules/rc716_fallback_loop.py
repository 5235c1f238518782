"""RC716 fallback-loop: fallbacks lead away from what failed."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Severity, warning
from routecomp.interop.litellm.groups import target_name
from routecomp.interop.litellm.rule import Subject, litellm_rule

_MOST_NAMED = 6


@litellm_rule("RC716", "fallback-loop", Severity.WARNING)
def find(subject: Subject) -> Iterator[Diagnostic]:
    """The fallbacks of groups lead back to a group that failed before.

    LiteLLM asks for the fallbacks of a fallback in turn. The version that the rules were tried on leaves out a group
    that the call has tried already, so the way ends there. Others may go round, as often as `max_fallbacks` allows.
    Fallbacks count for the name that a call was made under: those of an alias are none of its group.

    Why: the chain reads as if something came after its last group. When all of its groups are down, nothing does.

    Fix: end the chain in a group without fallbacks, or add one that no other chain has. Two groups that stand in for
    each other are often meant: `--ignore RC716` leaves the rule out.
    """
    groups = subject.groups
    by_setting: dict[str, dict[str, list[str]]] = {}
    for chain in groups.chains:
        links = by_setting.setdefault(chain.setting, {})
        links.setdefault(chain.group, [target_name(each) for each in chain.targets])
    told: set[tuple[str, str]] = set()
    looping = {setting: _looping(links) for setting, links in by_setting.items()}
    for chain in groups.chains:
        start = chain.group
        if start not in looping[chain.setting] or (chain.setting, start) in told:
            continue
        loop = _loop(start, by_setting[chain.setting])
        if loop:
            told |= {(chain.setting, name) for name in loop}
            way = " → ".join(f"`{name}`" for name in (*loop[:_MOST_NAMED], loop[0]))
            help = "end the chain in another group; where it is meant, --ignore RC716 leaves the rule out"
            yield warning("RC716", f"the fallbacks lead back: {way}", chain.key.key, help)


def _looping(links: dict[str, list[str]]) -> set[str]:
    """Return the groups that may stand in a loop: those left once groups without a way on are taken out, repeatedly."""
    left = set(links)
    before: dict[str, list[str]] = {}
    ways = {name: len(left.intersection(targets)) for name, targets in links.items()}
    for name, targets in links.items():
        for target in set(targets):
            before.setdefault(target, []).append(name)
    ended = [name for name, count in ways.items() if not count]
    while ended:
        name = ended.pop()
        left.discard(name)
        for other in before.get(name, ()):
            ways[other] -= 1
            if not ways[other]:
                ended.append(other)
    return left


def _loop(start: str, links: dict[str, list[str]]) -> tuple[str, ...]:
    """Return the groups through which the fallbacks of one lead back to it, the shortest way; else none."""
    came_from: dict[str, str] = {start: ""}
    waiting = [start]
    for name in waiting:  # grows while it is read
        for target in links.get(name, ()):
            if target == start and name != start:
                way = [name]
                while came_from[way[-1]]:
                    way.append(came_from[way[-1]])
                return tuple(reversed(way))
            if target not in came_from:
                came_from[target] = name
                waiting.append(target)
    return ()
