"""Resolve the names of groups in a LiteLLM file: which are defined, by what, and where each is referred to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from routecomp.interop.litellm.config import Deployment, LiteLLMConfig
from routecomp.interop.litellm.names import names
from routecomp.interop.scalars import TRUE
from routecomp.interop.value import Kind, Value

CHAINS = ("fallbacks", "context_window_fallbacks", "content_policy_fallbacks")
"""The settings that list fallbacks by group."""
_AUTO = ("auto_router_default_model", "complexity_router_default_model", "quality_router_default_model")


class Chain(NamedTuple):
    """The fallbacks of one group in one setting: where the group is named, and the targets in their order."""

    setting: str
    group: str
    key: Value
    targets: tuple[Value, ...]


@dataclass(frozen=True, eq=False)
class Groups:
    """The groups of a configuration, and what refers to them."""

    config: LiteLLMConfig

    @cached_property
    def members(self) -> dict[str, tuple[Deployment, ...]]:
        """The deployments by the name of their group."""
        return self.config.groups()

    @cached_property
    def aliases(self) -> dict[str, Value]:
        """The targets of aliases, by the alias; the target is a text, also where it is written as `{model: …}`."""
        targets: dict[str, Value] = {}
        stated = self.config.router_settings.fields.get("model_group_alias")
        for alias, value in stated.fields.items() if stated is not None else ():
            target = value.get("model") if value.kind is Kind.MAPPING else value
            if target is not None and target.kind is Kind.TEXT:
                targets[alias] = target
        return targets

    @cached_property
    def patterns(self) -> tuple[str, ...]:
        """The names of groups with a `*` in them."""
        return tuple(name for name in self.members if "*" in name)

    @cached_property
    def is_complete(self) -> bool:
        """Whether the file defines all groups there are: it has some, and none come from a database."""
        stored = self.config.general_settings.text_of("store_model_in_db").lower()
        return bool(self.members) and stored not in TRUE

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of deployments, by which these can be called too."""
        return frozenset(each.value.text_of("model_info", "id") for each in self.config.deployments) - {""}

    def is_defined(self, name: str) -> bool:
        """Return whether a call under this name reaches a deployment."""
        if name in self.members or name in self.aliases or name in self.ids or self.pattern_of(name) is not None:
            return True
        return name in names("models") and self._is_let_through(name)

    def _is_let_through(self, name: str) -> bool:
        """Return whether a pattern fits a name with a provider before it: `openai/*` answers `gpt-4o` too."""
        wholes = (f"{provider}/{name}" for provider in self._passing)
        return "/" not in name and any(self.pattern_of(whole) is not None for whole in wholes)

    @cached_property
    def _passing(self) -> frozenset[str]:
        """The providers that patterns begin with."""
        return frozenset(pattern.partition("/")[0] for pattern in self.patterns if "/" in pattern) & names("providers")

    def has_followed(self, key: str) -> bool:
        """Return whether an entry of fallbacks follows a group: by its name, with the provider before it or without."""
        provider, slash, rest = key.partition("/")
        if self.is_defined(key) or key in self._without_provider:
            return True
        return bool(slash) and provider in names("providers") and rest in self.members and rest in names("models")

    @cached_property
    def _without_provider(self) -> frozenset[str]:
        """The names of groups that begin with a provider, without it."""
        parts = ((group, group.partition("/")[0]) for group in self.members if "/" in group)
        return frozenset(group.replace(f"{first}/", "") for group, first in parts if first in names("providers"))

    def pattern_of(self, name: str) -> str | None:
        """Return the longest pattern that a name matches; `*` matches all."""
        matching = [pattern for pattern in self._candidates(name) if matches(pattern, name)]
        return max(matching, key=len, default=None)

    def _candidates(self, name: str) -> Iterator[str]:
        """Yield the patterns one text of which stands in a name: few of many, so that many names take little time."""
        for length, by_word in self._patterns_by_word.items():
            for word in {name[start : start + length] for start in range(len(name) - length + 1)}:
                yield from by_word.get(word, ())

    @cached_property
    def _patterns_by_word(self) -> dict[int, dict[str, list[str]]]:
        """The patterns by the rarest text between their `*`, and these texts by their length."""
        by_length: dict[int, dict[str, list[str]]] = {}
        counts = Counter(word for pattern in self.patterns for word in set(pattern.split("*")))
        for pattern in self.patterns:
            word = min(pattern.split("*"), key=lambda word: (not word, counts[word], -len(word)))
            by_length.setdefault(len(word), {}).setdefault(word, []).append(pattern)
        return by_length

    def group_of(self, name: str) -> str:
        """Return the group that a name stands for: what its alias leads to, else itself."""
        target = self.aliases.get(name)
        return name if target is None else target.text

    @cached_property
    def chains(self) -> tuple[Chain, ...]:
        """The fallbacks that are written in the right shape, in the order of the file; the later setting first."""
        return tuple(self._chains())

    def _chains(self) -> Iterator[Chain]:
        for settings in (self.config.router_settings, self.config.litellm_settings):
            for name in CHAINS:
                listed = settings.fields.get(name)
                for entry in listed.items if listed is not None else ():
                    for group, targets in entry.fields.items():
                        yield Chain(f"{settings.name}.{name}", group, targets, targets.items)

    def references(self) -> Iterator[tuple[Value, str, str]]:
        """Yield each place where a group is named that must be defined: its value or key, the name, what it is for."""
        for chain in self.chains:
            if chain.group != "*" and not self.has_followed(chain.group):
                yield chain.key, chain.group, f"the group of an entry of `{chain.setting.split('.')[1]}`"
            yield from ((target, target_name(target), "a fallback") for target in chain.targets if target_name(target))
        for settings in (self.config.router_settings, self.config.litellm_settings):
            listed = settings.fields.get("default_fallbacks")
            for target in listed.items if listed is not None else ():
                yield target, target.text, "a default fallback"
        policy = self.config.router_settings.fields.get("model_group_retry_policy")
        for name, value in policy.fields.items() if policy is not None else ():
            yield value, name, "the group of a retry policy"
        groups = self.config.router_settings.fields.get("routing_groups")
        for group in groups.items if groups is not None else ():
            models = group.get("models")
            yield from ((each, each.text, "a group of `routing_groups`") for each in (models.items if models else ()))
        for alias, target in self.aliases.items():
            if target.text != alias:
                yield target, target.text, f"what the alias `{alias}` stands for"
        for deployment in self.config.deployments:
            yield from _models_of_router(deployment)


def _models_of_router(deployment: Deployment) -> Iterator[tuple[Value, str, str]]:
    """Yield the groups that a deployment which routes itself (`auto_router/…`) may choose."""
    for name in _AUTO:
        value = deployment.param(name)
        if value is not None and value.text:
            yield value, value.text, f"`{name}`"
    available = deployment.param("adaptive_router_config", "available_models")
    for value in available.items if available is not None else ():
        yield value, value.text, "a model of `available_models`"


def target_name(target: Value) -> str:
    """Return the group that a fallback names: a text, or the `model` of a mapping."""
    value = target.get("model") if target.kind is Kind.MAPPING else target
    return "" if value is None or value.kind is Kind.NULL else value.text


def matches(pattern: str, name: str) -> bool:
    """Return whether a name matches a pattern, in which each `*` stands for any text. The time is linear."""
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == name
    if not name.startswith(first):
        return False
    offset = len(first)
    for part in rest[:-1]:
        offset = name.find(part, offset)
        if offset == -1:
            return False
        offset += len(part)
    return len(name) - offset >= len(rest[-1]) and name.endswith(rest[-1])
