"""Read which names LiteLLM answers, and which groups follow each when it fails, in the order of its own walk."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from routecomp.interop.catalogue import Catalogue
from routecomp.interop.counts import count_of
from routecomp.interop.from_litellm.calls import match_pattern
from routecomp.interop.from_litellm.chains import ANY, Chains
from routecomp.interop.from_litellm.deployments import Carried, raw_cost
from routecomp.interop.ledger import Ledger
from routecomp.interop.litellm.config import LiteLLMConfig
from routecomp.interop.value import Kind, Value

SHUFFLE = "simple-shuffle"
CHEAPEST = "cost-based-routing"
BUSY = "least-busy"
MEASURED = {
    "latency-based-routing": "the latencies of the last calls",
    BUSY: "the calls under way",
    "usage-based-routing": "the tokens of the current minute",
    "usage-based-routing-v2": "the tokens of the current minute",
}
"""Strategies that read what happens in the process, and what that is."""


@dataclass(slots=True)
class Group:
    """The models of one name, in the order in which they are tried, and the shares of those that are picked first.

    `weights` has one for each member; 0 is none. Without a share the first member is the pick.
    """

    name: str
    members: list[Carried]
    weights: list[Decimal]

    @property
    def shares_load(self) -> bool:
        """Whether several members divide the calls."""
        return sum(weight > 0 for weight in self.weights) > 1


@dataclass(slots=True)
class Routes:
    """The names that LiteLLM answers: groups, aliases, and what follows each.

    `ids` are the groups of one model that fallbacks name by the id of a deployment, and `elsewhere` says which further
    names LiteLLM serves. `stated` are the values that state an alias, and `lists` those that state what follows a name.
    """

    groups: dict[str, Group]
    chains: Chains
    elsewhere: Callable[[str], bool]
    aliases: dict[str, str] = field(default_factory=dict)
    ids: dict[str, Group] = field(default_factory=dict)
    stated: dict[str, Value] = field(default_factory=dict)
    lists: dict[str, Value] = field(default_factory=dict)

    def group(self, name: str) -> Group | None:
        """Return what serves a name: an alias wins over a group, and a pattern comes last, as in LiteLLM."""
        name = self.aliases.get(name, name)
        if (served := self.groups.get(name) or self.ids.get(name)) is not None:
            return served
        matched = match_pattern(name, self.patterns, self.chains.catalogue)
        return self.groups.get(matched.pattern) if matched is not None else None

    @property
    def patterns(self) -> list[str]:
        """The patterns that are carried."""
        return [name for name in self.groups if "*" in name]

    def names_of_patterns(self) -> list[str]:
        """Return the names that only a pattern serves, and that have fallbacks of their own."""
        known = {*self.groups, *self.aliases, *self.ids, ANY}
        return [name for name, _ in self.chains.lists if name not in known and self.group(name) is not None]

    def chain(self, name: str) -> list[Group]:
        """Return the groups that follow a name, in the order of LiteLLM's walk, every one once."""
        head = self.group(name)
        followers: list[Group] = []
        for other in self.chains.walk(name, self.is_served):
            group = self.group(other)
            if group is not None and group is not head and group not in followers:
                followers.append(group)
        return followers

    def is_served(self, name: str) -> bool:
        """Return whether LiteLLM serves a name, by what is carried or by what is not."""
        return self.group(name) is not None or self.elsewhere(name)


def read_groups(carried: Iterable[Carried], strategy: str, catalogue: Catalogue) -> dict[str, Group]:
    """Return the models by their names, ordered and weighted as LiteLLM picks among them."""
    by_name: dict[str, list[Carried]] = {}
    for each in carried:
        by_name.setdefault(each.deployment.group, []).append(each)
    return {name: _group(name, members, strategy, catalogue) for name, members in by_name.items() if name}


def _group(name: str, members: list[Carried], strategy: str, catalogue: Catalogue) -> Group:
    """Return the models of one name, ordered and weighted."""
    orders = [_order(each) for each in members]
    first = min(orders)
    ranked = sorted(range(len(members)), key=lambda place: orders[place])
    if strategy == CHEAPEST:
        costs = [raw_cost(each, catalogue) for each in members]
        ranked = sorted(range(len(members)), key=lambda place: (orders[place], costs[place]))
    ordered = [members[place] for place in ranked]
    if strategy == CHEAPEST:
        return Group(name, ordered, [Decimal(place == 0) for place in range(len(ordered))])
    eligible = [orders[place] == first for place in ranked]
    weights = _weights(ordered, eligible, strategy == SHUFFLE)
    # Those that are picked first stand first; the others follow.
    places = sorted(range(len(ordered)), key=lambda place: weights[place] == 0)
    return Group(name, [ordered[place] for place in places], [weights[place] for place in places])


def _weights(members: list[Carried], eligible: list[bool], is_shuffle: bool) -> list[Decimal]:
    """Return the weights by which `simple-shuffle` picks; equal ones where nothing states any."""
    for name in ("weight", "rpm", "tpm") if is_shuffle else ():
        stated = [_weight(each, name) if may else Decimal(0) for each, may in zip(members, eligible, strict=True)]
        if any(weight > 0 for weight in stated):
            return stated
    return [Decimal(may) for may in eligible]


def _weight(carried: Carried, name: str) -> Decimal:
    """Return a weight of a deployment; what stands beside its parameters counts as one of them, as in LiteLLM."""
    value = carried.deployment.param(name)
    if value is None and name != "weight":
        value = carried.deployment.value.get(name)
    number = value.number if value is not None else None
    return number if number is not None and number > 0 else Decimal(0)


def mark_weights(groups: Iterable[Group], strategy: str, ledger: Ledger) -> None:
    """Say what became of weights and orders: shares, the chain, or nothing where LiteLLM reads none."""
    for group in groups:
        is_read = strategy == SHUFFLE or len(group.members) == 1
        for each in group.members:
            order, weight = _stated_order(each), each.deployment.param("weight")
            if order is not None and order.number is not None:
                ledger.map(order, f"the order in which the models of `{group.name}` are tried")
            if weight is not None and weight.number is not None and is_read:
                ledger.map(weight, f"`share` of the models of `{group.name}`")
            elif weight is not None and weight.number is not None:
                ledger.leave(weight, f"LiteLLM reads no weight where `routing_strategy` is `{strategy}`")


def _stated_order(carried: Carried) -> Value | None:
    """Return what states the order of a deployment: its parameters, else its `model_info`."""
    value = carried.deployment.param("order")
    return value if value is not None else carried.deployment.value.get("model_info", "order")


def _order(carried: Carried) -> int:
    """Return the order of a deployment: lower ones are tried first, and without one it comes last."""
    value = _stated_order(carried)
    number = value.number if value is not None else None
    return int(number) if number is not None and number == int(number) else 10**9


def setting(config: LiteLLMConfig, name: str) -> Value | None:
    """Return a setting of the router; what `litellm_settings` says counts where it says nothing."""
    for section in (config.router_settings, config.litellm_settings):
        value = section.get(name)
        if value is not None and value.kind is not Kind.NULL:
            return value
    return None


def led_to(config: LiteLLMConfig) -> list[str]:
    """Return the names that aliases and fallbacks lead to, and those that have fallbacks, in the order of the file."""
    aliases = config.router_settings.get("model_group_alias")
    lists = [setting(config, name) for name in ("fallbacks", "default_fallbacks")]
    values = [value.get("model") or value for value in (aliases.fields.values() if aliases is not None else ())]
    for stated in lists:
        values += [] if stated is None else [value for value in stated.leaves() if len(value.path) > 2]
    heads = [name for entry in (lists[0].items if lists[0] is not None else ()) for name in entry.fields]
    return list(dict.fromkeys([*heads, *(value.text for value in values if value.kind is Kind.TEXT)]))


def read_aliases(config: LiteLLMConfig, routes: Routes, ledger: Ledger) -> None:
    """Read the aliases of names that are served."""
    aliases = routes.aliases
    stated = config.router_settings.get("model_group_alias")
    for alias, value in stated.fields.items() if stated is not None else ():
        target = value.get("model") if value.kind is Kind.MAPPING else value
        name = target.text if target is not None else ""
        matched = match_pattern(name, routes.patterns, routes.chains.catalogue)
        served = routes.groups.get(name) or (routes.groups[matched.pattern] if matched is not None else None)
        if served is not None:
            aliases[alias] = served.name
            routes.stated[alias] = value
            ledger.map(target, f"`{alias}` is another name of `{name}`")
            if value.kind is Kind.MAPPING:
                ledger.lose(value.get("hidden"), "whether a list of models shows a name is nothing a project says")
        elif _is_lost(name, routes, config, ledger):
            _lose_way(value, name, ledger)
        else:
            ledger.leave(value, f"nothing that answers chat calls is called `{name}`, so nothing answers this alias")


def _is_lost(name: str, routes: Routes, config: LiteLLMConfig, ledger: Ledger) -> bool:
    """Return whether LiteLLM serves a name that is not carried: by a deployment that is lost, or by a pattern."""
    groups: dict[str, list[Value]] = {}
    for deployment in config.deployments:
        groups.setdefault(deployment.group, []).append(deployment.value)
    matched = match_pattern(name, [group for group in groups if "*" in group], routes.chains.catalogue)
    values = groups.get(name) or groups.get(matched.pattern if matched is not None else "") or []
    return any(ledger.is_lost(value) for value in values)


def _lose_way(value: Value, name: str, ledger: Ledger) -> None:
    """Say that a way to a name is lost, because what serves it is not carried."""
    instead = "say the name with `--call`, or declare the model and name it in the feature's `fallback`"
    ledger.lose(value, f"LiteLLM serves `{name}`, by a deployment that is not carried", instead, routes=True)


def read_fallbacks(config: LiteLLMConfig, routes: Routes, ledger: Ledger) -> None:
    """Read the fallbacks of all names, those that any name has, and how deep they go."""
    stated = setting(config, "fallbacks")
    lists = [(name, value) for entry in (stated.items if stated is not None else ()) for name, value in _first(entry)]
    for entry in stated.items if stated is not None else ():
        for value in list(entry.fields.values())[1:]:
            ledger.leave(value, "an entry lists what follows one name: LiteLLM does not start with several")
    default = setting(config, "default_fallbacks")
    lists += [] if default is None else [(ANY, default)]
    reached = {item.text for _, value in lists for item in (value.items if value.kind is Kind.LIST else (value,))}
    for name, value in lists:
        _add_fallbacks(name, value, routes, reached, config, ledger)
    most = setting(config, "max_fallbacks")
    if most is not None and (count := count_of(most, 0)) is not None:
        routes.chains.most = count
        ledger.map(most, "how far the chains of features reach")


def _first(entry: Value) -> list[tuple[str, Value]]:
    """Return the first name of an entry of fallbacks, and what follows it."""
    return list(entry.fields.items())[:1]


def _add_fallbacks(
    name: str, value: Value, routes: Routes, reached: Container[str], config: LiteLLMConfig, ledger: Ledger
) -> None:
    """Add what follows one name."""
    chains = routes.chains
    listed = value.items if value.kind is Kind.LIST else (value,)
    is_second = name != ANY and any(name == other for other, _ in chains.lists)
    served = [*routes.groups, *routes.aliases, *routes.ids]
    is_own = not is_second and (name == ANY or name in reached or routes.group(name) is not None)
    chains.lists.append((name, [item.text for item in listed if item.kind is not Kind.MAPPING]))
    if not is_own and not any(chains.is_nearly(name, other) for other in served):
        _leave_list(name, value, config, ledger, is_second=is_second)
        return
    for item in listed:
        if item.kind is Kind.MAPPING:
            instead = "declare a model with these `params`, and name it in the feature's `fallback`"
            ledger.lose(item, "a fallback with parameters of its own is another model", instead, routes=True)
        elif routes.group(item.text) is not None:
            ledger.map(item, f"`fallback` of {'every feature' if name == ANY else f'the feature `{name}`'}")
        elif _is_lost(item.text, routes, config, ledger):
            _lose_way(item, item.text, ledger)
        else:
            ledger.leave(item, f"nothing that answers chat calls is called `{item.text}`, so it cannot serve either")
    routes.lists.setdefault(name, value)


def _leave_list(name: str, value: Value, config: LiteLLMConfig, ledger: Ledger, *, is_second: bool) -> None:
    """Say why a list follows no name that is carried."""
    if is_second:
        ledger.leave(value, f"an entry before it lists what follows `{name}`")
    elif any("*" in deployment.group for deployment in config.deployments):
        reason = "where a file has a pattern, LiteLLM lets this name through, and then follows this list"
        ledger.lose(value, reason, "say the names that callers send with `--call`", routes=True)
    else:
        ledger.leave(value, f"no model that is carried is called `{name}`, so this list is never read")
