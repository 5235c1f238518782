"""Represent a project as an import makes it, before it is written: what the input states, and what it leaves open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from routecomp.interop.loss import LossReport

FIGURES = ("quality", "price.input", "price.output", "latency_ms", "context_window")
"""The figures that every model must state, by their keys."""


UNKNOWN_HOST = "unsaid-"
"""How the slug of a provider begins of which the input says nothing at all; a running number follows."""


def to_say_by(variables: Iterable[str]) -> str:
    """Return the comment that names the variables which say what is still to be said of a provider."""
    return f"`{' '.join(f'--set {name}=…' for name in variables)}` says what is still to be said"


class Figure(NamedTuple):
    """A figure as it is written, and where it comes from; the text is empty where nobody states it."""

    text: str = ""
    source: str = ""


@dataclass(slots=True)
class Provider:
    """A host of models, in the words of a project.

    An empty `adapter`, `base_url`, `chat_path` or `region` is still to be said, and so is `open_query` of the query.
    `variables` are those that a part of its URL is taken from.
    """

    slug: str
    adapter: str
    base_url: str
    source: str = ""
    chat_path: str | None = None
    stream_path: str | None = None
    query: dict[str, str] = field(default_factory=dict)
    open_query: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    secret_headers: dict[str, str] = field(default_factory=dict)
    auth: str | None = None
    region: str | None = None
    api_key_env: str | None = None
    allow_http: bool = False
    params: dict[str, Any] = field(default_factory=dict)
    stack: str = "unstated"
    variables: tuple[str, ...] = ()
    total_ms: int | None = None

    @property
    def missing(self) -> list[str]:
        """The keys that are still to be said."""
        fields = {name: getattr(self, name) for name in ("adapter", "base_url", "chat_path", "region")}
        return [*(name for name, text in fields.items() if text == ""), *(f"query.{name}" for name in self.open_query)]


@dataclass(slots=True)
class Model:
    """A model at one host. `share` is in ten-thousandths; `group` is the name that callers know it by.

    An empty `upstream` is still to be said, and so are limits and timeouts that are None.
    `names` are the texts by which a file of figures may name it.
    """

    slug: str
    provider: str
    upstream: str
    source: str = ""
    description: str = ""
    logical_slug: str | None = None
    share: int | None = None
    figures: dict[str, Figure] = field(default_factory=dict)
    optional: dict[str, Figure] = field(default_factory=dict)
    capabilities: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    params: dict[str, Any] = field(default_factory=dict)
    api_key_env: str | None = None
    limits: dict[str, int | None] = field(default_factory=dict)
    timeouts: dict[str, int | None] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    def figure(self, key: str) -> Figure:
        """Return a figure, an empty one where it is still to be said."""
        return self.figures.get(key, Figure())

    @property
    def missing(self) -> list[str]:
        """The keys of the figures that are still to be said."""
        return [key for key in FIGURES if not self.figure(key).text]

    @property
    def unsaid(self) -> list[str]:
        """The keys beside figures that are still to be said."""
        bounds = {"limits": self.limits, "timeouts": self.timeouts}
        keys = [f"{name}.{key}" for name, pairs in bounds.items() for key, value in pairs.items() if value is None]
        return keys if self.upstream else ["provider_model_name", *keys]


@dataclass(slots=True)
class Feature:
    """A chain under a name: the primary, those that follow in their order, and the names that callers send."""

    slug: str
    primary: str
    fallback: list[str]
    aliases: list[str] = field(default_factory=list)
    source: str = ""


@dataclass(slots=True)
class Target:
    """A name that is routed by rank: its candidates are models, or a logical model, and its aliases may be patterns."""

    slug: str
    models: list[str] = field(default_factory=list)
    logical: str | None = None
    aliases: list[str] = field(default_factory=list)
    source: str = ""


@dataclass(slots=True)
class Imported:
    """A project that an import made."""

    source: str
    files: list[str] = field(default_factory=list)
    providers: list[Provider] = field(default_factory=list)
    models: list[Model] = field(default_factory=list)
    features: list[Feature] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    resilience: dict[str, int] = field(default_factory=dict)
    weights: dict[str, str] = field(default_factory=dict)
    key_names: list[str] = field(default_factory=list)
    prices: str = ""

    @property
    def missing(self) -> list[str]:
        """What is still to be said: the kind, the slug and the key of each."""
        return [
            *(f"provider `{provider.slug}`: {key}" for provider in self.providers for key in provider.missing),
            *(f"model `{model.slug}`: {key}" for model in self.models for key in model.missing),
            *(f"model `{model.slug}`: {key}" for model in self.models for key in model.unsaid),
        ]


class Conversion(NamedTuple):
    """A project, and what became of each field of the input."""

    project: Imported
    report: LossReport


def settle_keys(project: Imported) -> None:
    """Let each provider name the variable of its first model's key, and its models only other ones."""
    for provider in project.providers:
        models = [model for model in project.models if model.provider == provider.slug]
        stated = [model.api_key_env for model in models if model.api_key_env]
        project.key_names += [name for name in provider.secret_headers.values() if name not in project.key_names]
        if not stated:
            continue
        provider.api_key_env = provider.api_key_env or stated[0]
        for name in (provider.api_key_env, *stated):
            if name not in project.key_names:
                project.key_names.append(name)
        for model in models:
            if model.api_key_env == provider.api_key_env:
                model.api_key_env = None


def shares(weights: Iterable[Decimal]) -> list[int]:
    """Return weights above 0 as ten-thousandths that make exactly 10,000, each at least 1."""
    parts = list(weights)
    total = sum(parts)
    whole = [max(int(part * 10_000 / total), 1) for part in parts]
    order = sorted(range(len(parts)), key=lambda place: (whole[place] - parts[place] * 10_000 / total, place))
    left = 10_000 - sum(whole)
    for place in order[: max(left, 0)]:
        whole[place] += 1
    while left < 0:  # very small weights were raised to 1
        largest = max(range(len(whole)), key=lambda place: (whole[place], -place))
        whole[largest] -= 1
        left += 1
    return whole
