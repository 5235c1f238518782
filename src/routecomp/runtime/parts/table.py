"""Read the routing table and the fallback file, and refuse a file that does not hold together."""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias

from routecomp.runtime.parts.catalogue import _Catalogue
from routecomp.runtime.parts.contracts import _HOLE
from routecomp.runtime.parts.experiment import _Experiment
from routecomp.runtime.parts.feature import _Feature
from routecomp.runtime.parts.kinds import _BP, _SLUGS, _TEXT, _Kind
from routecomp.runtime.parts.limits import _ONE_BP
from routecomp.runtime.parts.model import _make_model
from routecomp.runtime.parts.order import _Order
from routecomp.runtime.parts.policy import _Policy
from routecomp.runtime.parts.refused import _Refused
from routecomp.runtime.parts.shares import _Shares
from routecomp.runtime.parts.table_fields import (
    _BUDGET,
    _DEFAULTS,
    _DIAL,
    _FALLBACK,
    _FILE,
    _MODEL,
    _PERMISSION,
    _POLICY,
    _PREFERENCE_NAMES,
    _PREFERENCES,
    _PROVIDER,
    _RESILIENCE,
    _TABLE,
    _TARGET,
    _check,
    _check_names,
)

# What a name stands for: kind and name of the route, None for the kind if nothing answers, and whether it is an alias.
_Named: TypeAlias = 'tuple[Literal["feature", "target", "logical", "experiment", "direct"] | None, str, bool]'


_FORMAT_WITHOUT_HOLES: Final = "2.0"  # in which `{model}` in a URL is nothing but these letters


def _check_hole(slug: str, model: dict[str, Any], provider: dict[str, Any] | None) -> None:
    """Raise _Refused where a URL has a place for the model's name, and the file does not say what stands there."""
    if provider is None or not (_HOLE in provider["url"] or _HOLE in (provider["stream_url"] or "")):
        return
    if provider["stream_url"] is None:
        raise _Refused(f"provider {model['provider']!r} has no `stream_url`, and its `url` holds {_HOLE}")
    if model["upstream_in_path"] is None:
        raise _Refused(f"model {slug!r} has no `upstream_in_path`, and the URLs of its provider hold {_HOLE}")


class _File:
    """What the routing table and the fallback file have in common."""

    tenants: dict[str, str]  # the name of each tenant's policy
    policies: dict[str, _Policy]
    default: _Policy  # for requests without a tenant
    undeclared: _Policy  # for tenants that nobody declares

    def __init__(self, body: dict[str, Any], fields: dict[str, _Kind]) -> None:
        _check(body, _FILE | fields, "the file")
        declared = body["stacks"].split() if "stacks" in fields else []
        _check(body["defaults"], _DEFAULTS, "`defaults`")
        self.format: str = body["format"]
        providers = body["providers"]
        for slug, provider in providers.items():
            _check(provider, _PROVIDER, f"provider {slug!r}")
        for slug, model in body["models"].items():
            _check(model, _MODEL, f"model {slug!r}")
        stacks = [*declared, *(provider["stack"] for provider in providers.values())]
        if self.format != _FORMAT_WITHOUT_HOLES:
            for slug, model in body["models"].items():
                _check_hole(slug, model, providers.get(model["provider"]))
        models = [_make_model(slug, model, providers.get(model["provider"])) for slug, model in body["models"].items()]
        self.catalogue = _Catalogue(models, stacks)
        self.providers: dict[str, dict[str, Any]] = providers
        self.routes: dict[str, str] = body["defaults"]["routes"]
        self.default_model: str = body["defaults"]["model"]
        self.preferences: dict[str, Any] | None = body["preferences"]

    def read_tenants(self, body: dict[str, Any], policies: dict[str, _Policy], kind: str) -> None:
        """Read which policy each tenant has, and which policy everybody else has.

        Raises _Refused for a policy that is not in `policies`; `kind` is the word for a policy in this file.
        """
        self.tenants = body["tenants"]
        self.policies = policies
        try:
            all_known = policies.keys() >= set(self.tenants.values())
        except TypeError:  # an object in place of a name
            all_known = False
        if not all_known:
            for tenant, name in self.tenants.items():
                if type(name) is not str or name not in policies:
                    raise _Refused(f"tenant {tenant!r} names the {kind} {name!r}, which is not in the file")
        _check_names([body["defaults"]["policy"]], policies, "`defaults`", kind)
        self.default = policies[body["defaults"]["policy"]]
        rejects = body["defaults"]["unknown_tenant"] == "reject"
        self.undeclared = self.default.rejecting() if rejects else self.default


class _Fallback(_File):
    """The fallback file: the rungs below the table, and what each tenant may use of them."""

    def __init__(self, body: dict[str, Any], digest: str) -> None:
        super().__init__(body, _FALLBACK)
        self.hash = digest
        if self.preferences is not None:
            _check(self.preferences, _PREFERENCE_NAMES, "`preferences`")
            self.preferences = self.preferences | {"dial_bp": dict.fromkeys(self.preferences["names"], 0)}
        policies = {}
        for name, permission in body["permissions"].items():
            _check(permission, _PERMISSION, f"permission {name!r}")
            policies[name] = _Policy(name, permission, self.catalogue)
        self.read_tenants(body, policies, "permission")


class _Table(_File):
    """The routing table, checked and ready to answer."""

    def __init__(self, body: dict[str, Any], digest: str) -> None:
        super().__init__(body, _TABLE)
        self.hash, catalogue = digest, self.catalogue
        _check_names([self.default_model], catalogue.places, "`defaults`", "model")
        _check_names(self.routes.values(), catalogue.places, "`defaults`: a route", "model")
        _check(body["resilience"], _RESILIENCE, "`resilience`")
        self.resilience: dict[str, int] = body["resilience"]
        self.max_attempts: int = self.resilience["max_attempts"]
        self.budgets: dict[str, dict[str, int | None]] = body["budgets"]
        for tenant, budget in self.budgets.items():
            _check(budget, _BUDGET, f"the budget of tenant {tenant!r}")
        self.good: tuple[int, str] = (0, "none")  # the floor where none is declared, and its name
        self.clamp = (0, _ONE_BP)
        if self.preferences is not None:
            self._read_preferences(self.preferences)
        slugs = frozenset(catalogue.places)
        orders = {name: _Order(name, text, catalogue, slugs) for name, text in body["orders"].items()}
        self.read_tenants(body, self._policies(body, orders), "policy")
        self.targets: dict[str, tuple[int, int | None]] = {
            name: self._target(name, target) for name, target in body["targets"].items()
        }
        aliases: dict[str, str] = body["aliases"]
        _check_names(aliases.values(), self.targets, "an alias", "target")
        _check_names(body["feature_aliases"].values(), body["features"], "an alias", "feature")
        _check_names(body["model_aliases"].values(), catalogue.places, "an alias", "model")
        # Without a primary that has a known provider, a feature counts as having no rows.
        features = {
            name: _Feature(name, entry, catalogue, self.targets, body["shadow_salts"])
            for name, entry in body["features"].items()
        }
        self.features: dict[str, _Feature] = {}
        self.features.update((name, entry) for name, entry in features.items() if entry.primary and entry.primary.known)
        self.experiments: dict[str, _Experiment] = {
            name: _Experiment(name, entry, catalogue) for name, entry in body["experiments"].items()
        }
        # How the load of each model that states a share is dealt, by its slug.
        self.shares: dict[str, _Shares] = {}
        for name, slots in body["shares"].items():
            shares = _Shares(name, slots, catalogue)
            self.shares |= dict.fromkeys([model.slug for model in shares.models], shares)
        # What `model` may name: kind and name of the route, and whether by an alias. The kinds share one namespace.
        self.callable: dict[str, _Named] = {}
        for names in (
            {name: ("logical", name, False) for name in catalogue.logical},
            {name: ("direct", name, False) for name in catalogue.places},
            {name: ("experiment", name, False) for name in self.experiments},
            {name: ("target", name, False) for name in self.targets},
            {alias: ("target", name, True) for alias, name in aliases.items()},
            {alias: ("feature", name, True) for alias, name in body["feature_aliases"].items()},
            {alias: ("direct", name, True) for alias, name in body["model_aliases"].items()},
            {name: (None, name, False) for name in body["unanswered"]},
        ):
            if twice := self.callable.keys() & names.keys():
                raise _Refused(f"{min(twice)!r} names two things that `model` may name")
            self.callable |= names
        self._read_patterns(body["patterns"])

    def _read_patterns(self, patterns: dict[str, str]) -> None:
        """Read what names begin with that nobody declares; raise _Refused if it is no pattern, or names no target."""
        _check_names(patterns.values(), self.targets, "a pattern", "target")
        for text in patterns:
            if not text or text.find("*") != len(text) - 1:
                raise _Refused(f"the pattern {text!r} does not end in its only `*`")
        self._beginnings = {text[:-1]: text for text in patterns}
        self._lengths = sorted({*map(len, self._beginnings)}, reverse=True)
        self._patterns: dict[str, _Named] = {text: ("target", name, True) for text, name in patterns.items()}

    def pattern(self, name: str) -> str | None:
        """Return the longest pattern that a name begins with, None for a declared name and if there is no pattern.

        There is a look-up for each length that patterns have, whatever their number and the length of the name.
        """
        if name in self.callable:
            return None
        for length in self._lengths:
            if (text := self._beginnings.get(name[:length])) is not None:
                return text
        return None

    def named(self, name: str) -> _Named:
        """Return what a name that `model` has stands for; the kind None if it stands for nothing that answers."""
        named = self.callable.get(name)
        if named is None:
            text = self.pattern(name)
            named = (None, name, False) if text is None else self._patterns[text]
        return named

    def _read_preferences(self, preferences: dict[str, Any]) -> None:
        """Read the clamp of the dial and the floor where none is declared; raise _Refused if they are malformed."""
        _check(preferences, _PREFERENCES, "`preferences`")
        _check(preferences["dial_bp"], _DIAL, "`dial_bp`")
        clamp = preferences["clamp_bp"]
        if len(clamp) != 2 or not all(_BP.test(bound) for bound in clamp) or clamp[0] > clamp[1]:
            raise _Refused("`preferences`: `clamp_bp` is not two numbers from 0 to 10000 in order")
        self.good, self.clamp = (preferences["good_bp"], "good"), (clamp[0], clamp[1])

    def _policies(self, body: dict[str, Any], orders: dict[str, _Order]) -> dict[str, _Policy]:
        """Return the policies of the table by name; raise _Refused for one that names what the file does not have."""
        models = {*self.catalogue.places, *self.catalogue.logical}
        providers = self.catalogue.vocabulary.providers.union(body["providers"])
        policies = {}
        for name, policy in body["policies"].items():
            what = f"policy {name!r}"
            _check(policy, _POLICY, what)
            _check_names([policy["plain"], policy["penalised"]], orders, what, "order")
            # A ban that names nothing would silently permit what it was meant for.
            _check_names(policy["banned_models"], models, what, "banned model")
            _check_names(policy["banned_providers"], providers, what, "banned provider")
            policies[name] = _Policy(name, policy, self.catalogue, orders)
        return policies

    def _target(self, name: str, body: Any) -> tuple[int, int | None]:
        """Return the mask of a target's candidates, before any filter, and its floor in basis points or None.

        Raises _Refused for candidates of an unknown form, or that are not in the file.
        """
        what, catalogue = f"target {name!r}", self.catalogue
        _check(body, _TARGET, what)
        match body["candidates"]:
            case "all":
                mask = catalogue.all
            case {"models": slugs, **more} if _SLUGS.test(slugs) and not more:
                _check_names(slugs, catalogue.places, what, "model")
                mask = catalogue.slugs(slugs)
            case {"stacks": words, **more} if _SLUGS.test(words) and not more:
                mask = catalogue.mask(lambda model: model.stack in words)
            case {"logical": slug, **more} if _TEXT.test(slug) and not more:
                _check_names([slug], catalogue.logical, what, "logical model")
                mask = catalogue.logical[slug]
            case _:
                raise _Refused(f'{what}: `candidates` is none of "all", models, stacks and logical')
        return mask, body["min_quality_bp"]
