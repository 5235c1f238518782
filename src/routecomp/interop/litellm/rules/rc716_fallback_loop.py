"""RC716 fallback-loop: fallbacks lead away from what failed."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Severity, warning
from routecomp.interop.litellm.groups import Chain, Groups, target_name
from routecomp.interop.litellm.rule import Subject, litellm_rule


@litellm_rule("RC716", "fallback-loop", Severity.WARNING)
def find(subject: Subject) -> Iterator[Diagnostic]:
    """The fallbacks of groups lead back to a group that failed before.

    LiteLLM asks for the fallbacks of a fallback in turn. The version that the rules were tried on leaves out a group
    that the call has tried already, so the way ends there. Others may go round, as often as `max_fallbacks` allows.

    Why: the chain reads as if something came after its last group. When all of its groups are down, nothing does.

    Fix: end the chain in a group without fallbacks, or add one that no other chain has. Two groups that stand in for
    each other are often meant: `--ignore RC716` leaves the rule out.
    """
    told: set[frozenset[str]] = set()
    for chain in subject.groups.chains:
        loop = _loop(chain, subject.groups)
        if loop and frozenset(loop) not in told:
            told.add(frozenset(loop))
            way = " → ".join(f"`{name}`" for name in (*loop, loop[0]))
            help = "end the chain in another group; where it is meant, --ignore RC716 leaves the rule out"
            yield warning("RC716", f"the fallbacks lead back: {way}", chain.key.key, help)


def _loop(chain: Chain, groups: Groups) -> tuple[str, ...]:
    """Return the groups through which the fallbacks of a chain lead back to it, the shortest way; else none."""
    start = groups.group_of(chain.group)
    links: dict[str, list[str]] = {}
    for other in groups.chains:
        if other.setting == chain.setting:
            names = [groups.group_of(target_name(target)) for target in other.targets]
            links.setdefault(groups.group_of(other.group), names)
    ways: list[tuple[str, ...]] = [(start,)]
    visited = {start}
    for way in ways:  # grows while it is read
        for name in links.get(way[-1], ()):
            if name == start and len(way) > 1:
                return way
            if name not in visited:
                visited.add(name)
                ways.append((*way, name))
    return ()
