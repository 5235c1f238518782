"""Turn what LiteLLM reads from its files into an imported project, and say field by field what became of it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from routecomp.interop.catalogue import Catalogue
from routecomp.interop.environment import Environment
from routecomp.interop.from_litellm.adaptive import add_adaptive, is_adaptive
from routecomp.interop.from_litellm.calls import is_answered_otherwise, match_pattern, read_calls
from routecomp.interop.from_litellm.chains import Chains
from routecomp.interop.from_litellm.deployments import Carried, Reader
from routecomp.interop.from_litellm.hosts import HOSTS
from routecomp.interop.from_litellm.returned import share_models
from routecomp.interop.from_litellm.routes import (
    BUSY,
    CHEAPEST,
    MEASURED,
    SHUFFLE,
    Group,
    Routes,
    led_to,
    mark_weights,
    read_aliases,
    read_fallbacks,
    read_groups,
)
from routecomp.interop.from_litellm.said import tell_unsaid, with_said
from routecomp.interop.from_litellm.settings import read_settings
from routecomp.interop.imported import Conversion, Feature, Imported, Provider, Target, settle_keys, shares
from routecomp.interop.ledger import Ledger
from routecomp.interop.litellm.config import LiteLLMConfig
from routecomp.interop.litellm.groups import Groups
from routecomp.interop.litellm.stand_ins import REFERENCE
from routecomp.interop.names import Names, free_name, is_call_name, is_pattern, is_slug, slug_of, variable_of
from routecomp.interop.value import Kind
from routecomp.model.key_names import is_never


@dataclass(slots=True)
class _Names:
    """The names of the new project: call names share one namespace; features and providers have their own."""

    call: Names
    features: Names
    providers: Names


def convert(
    config: LiteLLMConfig,
    environment: Environment,
    catalogue: Catalogue,
    taken: Mapping[str, Container[str]] | None = None,
    calls: Iterable[str] = (),
) -> Conversion:
    """Return the project that LiteLLM's files make; `taken` are names of a project around it, by section.

    `calls` are names that callers send: those that a deployment passes on become models.
    """
    ledger = Ledger()
    known = environment.also(_stated(config, ledger))
    config = with_said(config, known)
    reader = Reader(config, known, catalogue, ledger)
    served = [deployment for deployment in config.deployments if not is_adaptive(deployment)]
    read = [each for deployment in served if (each := reader.read(deployment)) is not None]
    carried = [each for each in read if "*" not in each.model.upstream]
    passing = [each for each in read if "*" in each.model.upstream]
    _lose_wildcards(passing, ledger)
    carried += read_calls(calls, config, [each.deployment for each in passing], reader)
    patterns = [name for name in config.groups() if "*" in name]
    through = {each.deployment.group for each in passing}
    calls = [*calls, *(each.deployment.group for each in carried)]
    matches = {name: match_pattern(name, patterns, catalogue) for name in led_to(config) if name not in calls}
    implied = [name for name, matched in matches.items() if matched is not None and matched.pattern in through]
    carried += read_calls(implied, config, [each.deployment for each in passing], reader, is_said=False)
    strategy = _strategy(config)
    groups = Groups(config)
    routes = Routes(
        read_groups(carried, strategy, catalogue),
        Chains(catalogue, config.groups()),
        lambda name: groups.is_defined(name) or match_pattern(name, patterns, catalogue) is not None,
    )
    routes.ids = _ids(carried)
    share_models(routes.groups.values())
    mark_weights(routes.groups.values(), strategy, ledger)
    read_aliases(config, routes, ledger)
    read_fallbacks(config, routes, ledger)
    _mark_strategy(config, strategy, routes, ledger)
    project = Imported("litellm", [file.path.rpartition("/")[2] for file in config.files])
    writer = _Writer(project, routes, ledger, _taken(taken or {}), config)
    writer.write(carried)
    add_adaptive(config, routes, project, writer.names.call, ledger)
    project.prices = catalogue.title
    read_settings(config, project, ledger)
    tell_unsaid(config, known, ledger)
    return Conversion(project, ledger.report("litellm", config.root, config.overridden))


class _Writer:
    """Gives the parts of a project their names, and puts them in."""

    def __init__(self, project: Imported, routes: Routes, ledger: Ledger, names: _Names, config: LiteLLMConfig) -> None:
        self.project = project
        self.config = config
        self.routes = routes
        self.ledger = ledger
        self.names = names
        self.around = frozenset(names.call.taken)
        self.named: set[int] = set()
        self.texts: set[str] = set()
        self.providers: dict[tuple[object, ...], Provider] = {}

    def write(self, carried: list[Carried]) -> None:
        """Write everything that the routes say."""
        callable_names = [*self.routes.groups, *self.routes.aliases, *self.routes.names_of_patterns()]
        texts = self.texts = set(callable_names)
        for group in self.routes.groups.values():
            self._name_models(group, texts)
        first = {id(each.model): each for each in reversed(carried)}
        for each in carried:
            if each.model.slug and first[id(each.model)] is each:
                self._add(each)
        settle_keys(self.project)
        served = [(name, group) for name in callable_names for group in [self.routes.group(name)] if group is not None]
        for name, group in sorted(dict(served).items(), key=self._turn):
            self._route(name, group)

    def _is_plain(self, name: str) -> bool:
        """Return whether a name leads to one model, and nothing follows it."""
        group = self.routes.group(name)
        return group is not None and len(group.members) == 1 and not self.routes.chain(name) and "*" not in name

    def _name_models(self, group: Group, texts: set[str]) -> None:
        """Give the models of a group their slugs; a name that callers send is never taken for another thing."""
        base = slug_of(group.name)
        is_own = group.name not in self.routes.aliases and self._is_plain(group.name)
        free = texts - {group.name} if is_own else texts
        members = sorted(group.members, key=lambda each: each.deployment.value.path)
        width = len(str(len(members)))
        for number, each in enumerate(members, 1):
            if id(each.model) in self.named:
                continue
            self.named.add(id(each.model))
            if is_slug(each.model.slug):
                each.model.slug = free_name(each.model.slug, self.names.call.taken | free)
                self.names.call.take(each.model.slug)
                continue
            if len(members) > 1:
                wish = f"{base}-{number:0{width}}"
            elif is_own:
                wish = base
            else:
                wish = slug_of(each.place.upstream.rpartition("/")[2] or base)
            catalogue = self.routes.chains.catalogue
            is_sent = wish != group.name and is_answered_otherwise(wish, each.deployment, self.config, catalogue)
            if len(members) == 1 and (is_sent or (not is_own and wish in free | self.names.call.taken)):
                wish = slug_of(f"{base}-{each.place.kind.replace('_', '-')}")
            each.model.slug = free_name(wish, self.names.call.taken | free)
            self.names.call.take(each.model.slug)

    def _add(self, carried: Carried) -> None:
        """Put a model into the project, with its provider."""
        model = carried.model
        provider = self._provider(carried)
        model.provider = provider.slug
        if model.api_key_env == "":
            model.api_key_env = variable_of(model.slug)
            is_usual = carried.place.wish == carried.place.kind  # elsewhere the usual variable holds another host's key
            usual = (key for key in HOSTS[carried.place.kind].keys if is_usual and is_never(key) is None)
            provider.api_key_env = provider.api_key_env or next(usual, model.api_key_env)
        model.names = [model.slug, *model.names]
        self.project.models.append(model)

    def _provider(self, carried: Carried) -> Provider:
        """Return the provider of a model: the same for all that are called in the same way."""
        new = carried.place.provider
        key: tuple[object, ...] = (
            *(
                new.adapter,
                new.base_url,
                carried.place.wish if new.missing else "",
                new.chat_path,
                new.stream_path,
                new.auth,
                new.region,
                new.stack,
            ),
            *(tuple(each.items()) for each in (new.query, new.headers, new.secret_headers, new.params)),
        )
        if key not in self.providers:
            new.slug = self.names.providers.make(carried.place.wish, "provider")
            self.providers[key] = new
            self.project.providers.append(new)
        return self.providers[key]

    def _route(self, name: str, group: Group) -> None:
        """Make a name callable: a model's own, an alias of it, a logical model, a feature or a target."""
        if name in self.around:
            self._lose_name(name, group, "the project around has this name already", "rename one of the two")
            return
        if name.startswith(REFERENCE):
            self._lose_name(name, group, "its name stands in a variable", "write the name")
            return
        if "*" in name:
            self._pattern(name, group)
            return
        if not is_call_name(name):
            self._lose_name(name, group, "callers cannot send this name", "choose printable ASCII")
            return
        chain = self._chain(name, group)
        if len(group.members) == 1 and not chain:
            model = group.members[0].model
            if model.slug != name and self.names.call.take(name):
                model.aliases.append(name)
            return
        if group.shares_load and group.members[0].model.logical_slug is None:
            self._share(name, group)
        if group.members[0].model.logical_slug == name:
            return
        slugs = dict.fromkeys(each.model.slug for each in (*group.members, *chain))
        primary, *fallback = slugs
        for feature in self.project.features:
            if (feature.primary, feature.fallback) == (primary, fallback):
                feature.aliases += [name] if self.names.call.take(name) else []
                return
        slug = self.names.features.make(name, "chain")
        source = f"`{name}`" + (f", an alias of `{group.name}`" if name != group.name else "")
        if self.names.call.take(name):
            self.project.features.append(Feature(slug, primary, fallback, [name], source))
        self.project.resilience["max_attempts"] = max(self.project.resilience.get("max_attempts", 5), len(slugs))

    def _answers_alike(self, name: str, group: Group) -> bool:
        """Return whether the file states a name for the very models of a group, and nothing behind them."""
        other = self.routes.group(name) if name in self.texts else None
        models = [id(each.model) for each in group.members]
        return (
            other is not None and [id(each.model) for each in other.members] == models and not self._chain(name, other)
        )

    def _make_name(self, wish: str) -> str:
        """Return a name that nothing has and that no caller sends, and take it."""
        name = free_name(slug_of(wish, "any"), self.names.call.taken | self.texts)
        self.names.call.take(name)
        return name

    def _lose_name(self, name: str, group: Group, reason: str, instead: str) -> None:
        """Say that a name is lost: where it is stated as an alias, or by every deployment of its group."""
        stated = self.routes.stated.get(name)
        values = [each.deployment.value.get("model_name") for each in group.members] if stated is None else [stated]
        for value in values:
            self.ledger.lose(value, reason, instead, routes=True)

    def _chain(self, name: str, group: Group) -> list[Carried]:
        """Return the deployments that follow a group under a name, but for the models of the group itself."""
        own = {id(each.model) for each in group.members}
        return [each for other in self.routes.chain(name) for each in other.members if id(each.model) not in own]

    def _turn(self, named: tuple[str, Group]) -> int:
        """Return when a name is given: those of logical models first, then those that targets may have."""
        return 0 if self._names_logical(*named) else 1 if "*" in named[0] else 2

    def _names_logical(self, name: str, group: Group) -> bool:
        """Return whether a name can be that of the logical model whose members divide its calls."""
        is_own = is_slug(name) and name == group.name and name not in self.routes.aliases.values()
        return is_own and group.shares_load and all(group.weights) and not self._chain(name, group)

    def _share(self, name: str, group: Group) -> None:
        """Let the members of a group divide its calls; the name is that of the logical model, where that can be."""
        if self._names_logical(name, group) and self.names.call.take(name):
            logical = name
        else:
            logical = self._make_name(f"{slug_of(group.name)}-hosts")
        sharing = [each for each, weight in zip(group.members, group.weights, strict=True) if weight > 0]
        parts = shares(weight for weight in group.weights if weight > 0)
        for each in group.members:
            each.model.logical_slug = each.model.logical_slug or logical
        for each, share in zip(sharing, parts, strict=True):
            each.model.share = share

    def _pattern(self, name: str, group: Group) -> None:
        """Let a target answer the names that a pattern stands for."""
        if not is_pattern(name):
            instead = "write one pattern that ends in `*` for each beginning"
            self._lose_name(name, group, "a pattern ends in its only `*`", instead)
            return
        if group.shares_load and group.members[0].model.logical_slug is None:
            self._share(name, group)
        if self.routes.chain(name):
            instead, reason = "declare a feature for the names that need one", "a pattern has no fallbacks"
            if name in self.routes.lists:
                self.ledger.lose(self.routes.lists[name], reason, instead, routes=True)
            else:
                self._lose_name(name, group, reason, instead)
        models = [each.model.slug for each in group.members]
        logical = group.members[0].model.logical_slug
        slug = slug_of(f"{slug_of(name, 'any')}-any" if name != "*" else "any", "any")
        if not self._answers_alike(slug, group) or not self.names.call.take(slug):
            slug = self._make_name(slug)
        self.names.call.take(name)
        self.project.targets.append(Target(slug, models, logical, [name], f"`{name}`"))


def _lose_wildcards(passing: list[Carried], ledger: Ledger) -> None:
    """Say that names which pass through to a provider are lost."""
    for each in passing:
        value = each.deployment.value
        reason = "any name passes through to the provider, and a project calls declared models only"
        instead = "say each name that callers send with `--call NAME`: it becomes a model"
        ledger.drop(value)
        ledger.lose(each.deployment.param("model"), reason, instead, routes=True)
        ledger.leave(value, "its deployment is not carried")


def _ids(carried: list[Carried]) -> dict[str, Group]:
    """Return the deployments by the ids that they state."""
    groups: dict[str, Group] = {}
    for each in carried:
        id = each.deployment.value.text_of("model_info", "id")
        if id:
            groups.setdefault(id, Group(id, [each], []))
    return groups


def _stated(config: LiteLLMConfig, ledger: Ledger) -> dict[str, str]:
    """Return the variables that the files themselves set."""
    variables = {}
    for name, value in config.environment_variables.fields.items():
        if value.kind in (Kind.TEXT, Kind.NUMBER, Kind.BOOL) and "${" not in value.text:
            variables[name] = value.text
            ledger.map(value, f"read where a field refers to {name}")
        else:
            instead = "set it where your service runs"
            ledger.lose(value, "a project sets no variables of the environment", instead)
    return variables


def _strategy(config: LiteLLMConfig) -> str:
    """Return the strategy that LiteLLM picks by."""
    value = config.router_settings.get("routing_strategy")
    return value.text if value is not None and value.kind is Kind.TEXT else SHUFFLE


def _mark_strategy(config: LiteLLMConfig, strategy: str, routes: Routes, ledger: Ledger) -> None:
    """Say what becomes of the strategy."""
    value = config.router_settings.get("routing_strategy")
    several = [group.name for group in routes.groups.values() if len(group.members) > 1]
    if not several:
        ledger.map(value, "no name has several deployments, so any strategy picks the same")
    elif value is not None and value.kind is Kind.ENVIRONMENT:
        ledger.lose(value, "the strategy stands in a variable", "write the strategy", routes=True)
    elif strategy == SHUFFLE:
        ledger.map(value, "`share` of the models, by their weights, rpm or tpm")
    elif strategy == CHEAPEST:
        ledger.map(value, "the order of the models, the cheapest by the catalogue's prices first")
    elif strategy in MEASURED:
        shared = "as it comes to under load" if strategy == BUSY else "as LiteLLM picks before anything is measured"
        reason = f"it reads {MEASURED[strategy]}; the models share equally, {shared}"
        instead = "change `share`, or take it away and let a policy rank by `latency_ms` or price"
        ledger.hint(value, reason, instead)
    else:
        ledger.lose(value, f"`{strategy}` is no strategy that is known", "say it by `share` or a policy", routes=True)
    arguments = config.router_settings.get("routing_strategy_args")
    ledger.lose(arguments, "nothing of a project tunes how a strategy measures", "see `scoring` and the policies")


def _taken(taken: Mapping[str, Container[str]]) -> _Names:
    """Return the names that are taken before anything is named."""
    return _Names(*(Names(taken.get(section, ())) for section in ("call", "features", "providers")))  # type: ignore[arg-type]
