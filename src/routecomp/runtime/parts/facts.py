"""Tell what the files say and no decision carries: of models, providers, budgets, shadows, and of trying again."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from routecomp.runtime.parts.bodies import _limits_of, _timeouts_of
from routecomp.runtime.parts.decide import _Decider
from routecomp.runtime.parts.request import _digits, _exact_text


class ModelFacts(NamedTuple):
    """What the table says of a model; amounts are in the units of docs/table.md."""

    model: str
    """The slug of the model."""
    provider: str
    """The slug of its provider."""
    upstream_model: str
    """The provider's own name for it."""
    logical: str | None
    """The logical model that it is a host of; None if it is of none."""
    quality_bp: int
    """Its quality in basis points."""
    compliance_bp: int
    """Its compliance in basis points."""
    input_pusd: int
    """Pico-dollars for an input token: micro-dollars for a million of them."""
    output_pusd: int
    """Pico-dollars for an output token."""
    output_ratio_bp: int
    """Expected output tokens for each input token, in basis points."""
    latency_ms: int
    """The median latency to expect."""
    context_window: int
    """The most tokens of input and output together."""
    min_output_tokens: int
    """The least output that a caller must allow."""
    max_output_tokens: int | None
    """The most output that it answers with; None if that is not declared."""
    capabilities: tuple[str, ...]
    """What it can do."""
    active: bool
    """Whether any route may serve it."""
    listed: bool
    """Whether targets, logical and pinned routes may serve it."""
    sunset: str | None
    """Its last day, YYYY-MM-DD; None if that is not declared."""
    successor: str | None
    """The slug of the model that follows it."""
    limits: Mapping[str, int]
    """Its own limits: those of `rpm`, `tpm` and `parallel` that it has."""
    timeouts: Mapping[str, int]
    """Its timeouts, completed by its provider's: those of `connect_ms`, `first_token_ms` and `total_ms` there are."""
    api_key_env: str | None
    """The environment variable that holds its key, its own or its provider's; None if it needs none."""


class ProviderFacts(NamedTuple):
    """What the table says of a provider."""

    provider: str
    """The slug of the provider."""
    adapter: str
    """The word for its protocol."""
    stack: str
    """Its region word."""
    api_key_env: str | None
    """The environment variable that holds its key; None if it needs none."""
    limits: Mapping[str, int]
    """Its limits, for all of its models together: those of `rpm`, `tpm` and `parallel` that it has."""
    timeouts: Mapping[str, int]
    """Those of `connect_ms`, `first_token_ms` and `total_ms` that it has."""


class ResilienceFacts(NamedTuple):
    """How a service tries and gives up."""

    failures: int
    """Failures within the window that open a model's circuit."""
    window_s: int
    """The window in which failures count, in seconds."""
    cooloff_s: int
    """How long an open circuit stays open, in seconds."""
    max_attempts: int
    """The most models of one chain."""
    retries: int
    """How often one model is tried again before the next."""


class BudgetFacts(NamedTuple):
    """What a tenant may spend, in cents; days and months are those of UTC."""

    daily_cents: int | None
    """The most for a day; None without such a limit."""
    monthly_cents: int | None
    """The most for a month; None without such a limit."""

    @property
    def daily_usd(self) -> Decimal | None:
        """The most for a day, in dollars."""
        return None if self.daily_cents is None else Decimal(self.daily_cents).scaleb(-2)

    @property
    def monthly_usd(self) -> Decimal | None:
        """The most for a month, in dollars."""
        return None if self.monthly_cents is None else Decimal(self.monthly_cents).scaleb(-2)


class ShadowFacts(NamedTuple):
    """How much of a feature's traffic is mirrored to a shadow."""

    sample_bp: int
    """The share of the feature's requests, in basis points."""
    max_daily_cents: int | None
    """The most that it may spend in a day (UTC), in cents; None without such a limit."""

    @property
    def sample(self) -> Decimal:
        """The share of the feature's requests."""
        return Decimal(self.sample_bp).scaleb(-4)

    @property
    def max_daily_usd(self) -> Decimal | None:
        """The most that it may spend in a day, in dollars."""
        return None if self.max_daily_cents is None else Decimal(self.max_daily_cents).scaleb(-2)


class Facts:
    """What the files say that served when it was made; read-only. A name of any type is answered, nothing raises.

    Facts are equal if they are of the same files, read at the same time.
    """

    __slots__ = ("_decider",)

    def __init__(self, decider: _Decider) -> None:
        self._decider = decider

    def __eq__(self, other: object) -> bool:
        return type(other) is Facts and other._decider is self._decider

    def __hash__(self) -> int:
        return id(self._decider)

    @property
    def features(self) -> tuple[str, ...]:
        """The features that the table has rows for; empty without a table."""
        table = self._decider.table
        return () if table is None else (*table.features,)

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets of the table; empty without a table."""
        table = self._decider.table
        return () if table is None else (*table.targets,)

    @property
    def tenants(self) -> tuple[str, ...]:
        """The tenants that are declared in the table, or without one in the fallback file."""
        file = self._decider.file
        return () if file is None else (*file.tenants,)

    def model(self, slug: str | None) -> ModelFacts | None:
        """Return the facts of a model; None for a slug that the table, or without one the fallback file, lacks."""
        name, file = _exact_text(slug), self._decider.file
        if file is None or name is None or name not in file.catalogue.places:
            return None
        model = file.catalogue[name]
        body = model.body
        return ModelFacts(
            model=name,
            provider=model.provider,
            upstream_model=body["upstream"],
            logical=model.logical,
            quality_bp=model.quality,
            compliance_bp=model.compliance,
            input_pusd=model.input,
            output_pusd=model.output,
            output_ratio_bp=model.ratio,
            latency_ms=model.latency,
            context_window=model.context,
            min_output_tokens=model.min_output,
            max_output_tokens=model.ceiling,
            capabilities=tuple(model.capabilities),
            active=body["active"],
            listed=model.listed,
            sunset=body["sunset"],
            successor=body["successor"],
            limits=_limits_of(body),
            timeouts=_timeouts_of(body, model.address),
            api_key_env=model.endpoint[5],
        )

    def provider(self, slug: str | None) -> ProviderFacts | None:
        """Return the facts of a provider; None for a slug that the table, or without one the fallback file, lacks."""
        name, file = _exact_text(slug), self._decider.file
        body = None if file is None or name is None else file.providers.get(name)
        if name is None or body is None:
            return None
        key = body["api_key_env"]
        return ProviderFacts(name, body["adapter"], body["stack"], key, _limits_of(body), _timeouts_of(body, {}))

    def called_with(self, api_key_env: str | None) -> tuple[str, ...]:
        """Return the slugs of the models that are called with the key of a variable, or with None: without a key.

        The versions of experiments have keys of their own, which count for their calls alone.
        """
        name, file = _exact_text(api_key_env), self._decider.file
        if file is None or (name is None and api_key_env is not None):
            return ()
        return tuple(model.slug for model in file.catalogue.models if model.endpoint[5] == name)

    @property
    def key_variables(self) -> dict[str, tuple[str, ...]]:
        """What needs each variable of the environment that calls may need, sorted.

        It is named by the slugs of active models, and by `public id/variant` where a version of a live experiment has
        a key of its own.
        """
        file, needed = self._decider.file, dict[str, set[str]]()
        for model in [] if file is None else file.catalogue.models:
            if model.body["active"]:
                for name in {model.endpoint[5], *(model.address["secret_headers"] or {}).values()} - {None}:
                    needed.setdefault(name, set()).add(model.slug)
        table = self._decider.table
        for public_id, experiment in {} if table is None else table.experiments.items():
            for variant in experiment.variants:
                if variant.api_key_env is not None:
                    needed.setdefault(variant.api_key_env, set()).add(f"{public_id}/{variant.id}")
        return {name: (*sorted(needed[name]),) for name in sorted(needed)}

    @property
    def resilience(self) -> ResilienceFacts | None:
        """How a service tries and gives up; None without a table."""
        table = self._decider.table
        return None if table is None else ResilienceFacts(*[table.resilience[key] for key in ResilienceFacts._fields])

    @property
    def budgets(self) -> tuple[str, ...]:
        """The tenants that have a budget; empty without a table."""
        table = self._decider.table
        return () if table is None else (*table.budgets,)

    def budget(self, tenant: str | int | None) -> BudgetFacts | None:
        """Return what a tenant may spend; None for one that has no budget, and without a table."""
        table, name = self._decider.table, _exact_text(_digits(tenant))
        body: Any = None if table is None or name is None else table.budgets.get(name)
        return None if body is None else BudgetFacts(body["daily_cents"], body["monthly_cents"])

    def shadow(self, feature: str | None, slug: str | None) -> ShadowFacts | None:
        """Return how much of a feature's traffic is mirrored to a shadow; None for what is not mirrored."""
        table, name, model = self._decider.table, _exact_text(feature), _exact_text(slug)
        entry = None if table is None or name is None else table.features.get(name)
        for shadow in [] if entry is None else entry.shadows:
            if shadow.model.slug == model:
                return ShadowFacts(shadow.sample, shadow.max_daily_cents)
        return None
