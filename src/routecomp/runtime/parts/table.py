"""Read and check the routing table and the fallback file."""

from __future__ import annotations

from typing import Any

from routecomp.runtime.parts.catalogue import _Catalogue
from routecomp.runtime.parts.experiment import _Experiment
from routecomp.runtime.parts.feature import _Feature
from routecomp.runtime.parts.limits import _MOST_VIEWS, _TOP
from routecomp.runtime.parts.model import _Model
from routecomp.runtime.parts.order import _Order
from routecomp.runtime.parts.policy import _Policy
from routecomp.runtime.parts.read_file import _SEAL
from routecomp.runtime.parts.refused import _Refused
from routecomp.runtime.parts.route import _View
from routecomp.runtime.parts.table_fields import (
    _ANY,
    _BP,
    _DEFAULTS,
    _DIAL,
    _FALLBACK,
    _FILE,
    _FLOOR,
    _MODEL,
    _PERMISSION,
    _POLICY,
    _PREFERENCE_NAMES,
    _PREFERENCES,
    _PROVIDER,
    _RESILIENCE,
    _SLUGS,
    _TABLE,
    _TEXT,
    _check,
    _Kind,
    _known,
)

# --- The files, checked -------------------------------------------------------------------------------------


class _File:
    """What the table and the fallback file have in common."""

    def __init__(self, body: dict[str, Any], fields: dict[str, _Kind]) -> None:
        _check(body, _FILE | fields, "the file")
        _check(body["defaults"], _DEFAULTS, "`defaults`")
        self.format: str = body["format"]
        providers = body["providers"]
        for slug, provider in providers.items():
            _check(provider, _PROVIDER, f"provider {slug!r}")
        for slug, model in body["models"].items():
            _check(model, _MODEL, f"model {slug!r}")
        stacks = [*body.get("stacks", "")[:-_SEAL].split(), *(provider["stack"] for provider in providers.values())]
        self.catalogue = _Catalogue([_Model(slug, model, providers.get(model["provider"]))
                                     for slug, model in body["models"].items()], stacks)
        self.routes: dict[str, str] = body["defaults"]["routes"]
        self.default_model: str = body["defaults"]["model"]
        self.preferences: dict[str, Any] | None = body["preferences"]

    def join_tenants(self, body: dict[str, Any], policies: dict[str, _Policy], kind: str) -> None:
        """Takes the policies, and checks that the one of each tenant, and of everybody else, is among them."""
        self.tenants: dict[str, str] = body["tenants"]  # with their seals
        self.policies = policies
        try:
            all_known = policies.keys() >= {name[:-_SEAL] for name in self.tenants.values()}
        except TypeError:  # an object in place of a name
            all_known = False
        if not all_known:
            for tenant, name in self.tenants.items():
                if type(name) is not str or name[:-_SEAL] not in policies:
                    shown = name[:-_SEAL] if type(name) is str else name
                    raise _Refused(f"tenant {tenant!r} names the {kind} {shown!r}, which is not in the file")
        _known([body["defaults"]["policy"]], policies, "`defaults`", kind)
        self.default = policies[body["defaults"]["policy"]]
        rejects = body["defaults"]["unknown_tenant"] == "reject"
        self.undeclared = self.default.rejecting() if rejects else self.default


class _Fallback(_File):
    """fallback.json: the lower rungs, and what each tenant may use of them."""

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
        self.join_tenants(body, policies, "permission")


class _Table(_File):
    """The routing table, checked and ready to answer; all that changes in it is what is kept for speed."""

    def __init__(self, body: dict[str, Any], digest: str) -> None:
        super().__init__(body, _TABLE)
        self.hash, catalogue = digest, self.catalogue
        _known([self.default_model], catalogue.places, "`defaults`", "model")
        _known(self.routes.values(), catalogue.places, "`defaults`: a route", "model")
        _check(body["resilience"], _RESILIENCE, "`resilience`")
        self.max_attempts: int = body["resilience"]["max_attempts"]
        self.good, self.clamp = (0, "none"), (0, _TOP)
        if self.preferences is not None:
            self._read_preferences(self.preferences)
        slugs = frozenset(catalogue.places)
        orders = {name: _Order(name, text[:-_SEAL], catalogue, slugs) for name, text in body["orders"].items()}
        self.join_tenants(body, self._policies(body, orders), "policy")
        self.targets = {name: self._target(name, target) for name, target in body["targets"].items()}
        aliases = {alias: name[:-_SEAL] for alias, name in body["aliases"].items()}
        _known(aliases.values(), self.targets, "an alias", "target")
        # Without a primary that has a known provider, a feature counts as having no rows.
        rows = {name: _Feature(name, feature, self) for name, feature in body["features"].items()}
        self.features = {name: one for name, one in rows.items() if one.primary and one.primary.known}
        self.experiments = {name: _Experiment(name, one, catalogue) for name, one in body["experiments"].items()}
        # What `model` may name: kind and name. The kinds share one namespace; should they not, the later wins.
        self.callable: dict[str, tuple[str, str]] = {}
        for kind, names in (("logical", catalogue.logical), ("direct", catalogue.places),
                            ("experiment", self.experiments), ("target", self.targets)):
            self.callable.update((name, (kind, name)) for name in names)
        self.callable.update((alias, ("alias", name)) for alias, name in aliases.items())
        self._views: dict[tuple[_Policy, str, str], _View] = {}
        self.kept = 0  # decisions with the policies

    def _read_preferences(self, preferences: dict[str, Any]) -> None:
        _check(preferences, _PREFERENCES, "`preferences`")
        _check(preferences["dial_bp"], _DIAL, "`dial_bp`")
        _known([preferences["default"]], preferences["dial_bp"], "`preferences`", "preference")
        clamp = preferences["clamp_bp"]
        if len(clamp) != 2 or not all(_BP.test(bound) for bound in clamp) or clamp[0] > clamp[1]:
            raise _Refused("`preferences`: `clamp_bp` is not two numbers from 0 to 10000 in order")
        self.good, self.clamp = (preferences["good_bp"], "good"), (clamp[0], clamp[1])

    def _policies(self, body: dict[str, Any], orders: dict[str, _Order]) -> dict[str, _Policy]:
        models = {*self.catalogue.places, *self.catalogue.logical}
        providers = self.catalogue.words.providers.union(body["providers"])
        policies = {}
        for name, policy in body["policies"].items():
            what = f"policy {name!r}"
            _check(policy, _POLICY, what)
            _known([policy["plain"], policy["penalised"]], orders, what, "order")
            # A ban that names nothing would silently permit what it was meant for.
            _known(policy["banned_models"], models, what, "banned model")
            _known(policy["banned_providers"], providers, what, "banned provider")
            policies[name] = _Policy(name, policy, self.catalogue, orders)
        return policies

    def _target(self, name: str, body: Any) -> tuple[int, int | None]:
        """Candidates (before any filter) and floor of a target."""
        what, catalogue = f"target {name!r}", self.catalogue
        _check(body, {"candidates": _ANY, "min_quality_bp": _FLOOR}, what)
        match body["candidates"]:
            case "all":
                mask = catalogue.all
            case {"models": slugs, **more} if _SLUGS.test(slugs) and not more:
                _known(slugs, catalogue.places, what, "model")
                mask = catalogue.slugs(slugs)
            case {"stacks": words, **more} if _SLUGS.test(words) and not more:
                mask = catalogue.mask(lambda model: model.stack in words)
            case {"logical": slug, **more} if _TEXT.test(slug) and not more:
                _known([slug], catalogue.logical, what, "logical model")
                mask = catalogue.logical[slug]
            case _:
                raise _Refused(f'{what}: `candidates` is none of "all", models, stacks and logical')
        return mask, body["min_quality_bp"]

    def view(self, policy: _Policy, kind: str, name: str) -> _View:
        """A route as a policy sees it, made when first asked for."""
        view = self._views.get((policy, kind, name))
        if view is None:
            if len(self._views) >= _MOST_VIEWS:
                self._views = {}
            view = self._views[policy, kind, name] = _View(self, policy, kind, name)
        return view
