"""Put an imported project together: models that are called in the same way share a provider, and names never meet."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from decimal import Decimal

from routecomp.interop.catalogue import Catalogue
from routecomp.interop.imported import Feature, Figure, Imported, Model, Provider, settle_keys, shares
from routecomp.interop.names import Names, is_call_name, is_slug, slug_of


@dataclass(slots=True)
class Assembly:
    """A project that grows. Call names are made before models, so that a model never takes one."""

    project: Imported
    call: Names
    features: Names
    providers: Names
    _made: dict[tuple[object, ...], Provider]

    @classmethod
    def begin(cls, source: str, files: list[str], taken: Mapping[str, Container[str]]) -> Assembly:
        """Begin a project; `taken` are the names of a project around it, by section."""
        call, features, providers = (Names(taken.get(name, ())) for name in ("call", "features", "providers"))  # type: ignore[arg-type]
        return cls(Imported(source, files), call, features, providers, {})

    def add(self, model: Model, provider: Provider, wish: str, otherwise_key: str | None = None) -> Model:
        """Add a model at a provider; the same one for all that are called in the same way."""
        key: tuple[object, ...] = (
            *(provider.adapter, provider.base_url, provider.chat_path, provider.stream_path, provider.auth),
            *(provider.region, provider.stack, provider.total_ms, wish if provider.missing else ""),
            *(tuple(each.items()) for each in (provider.query, provider.headers, provider.secret_headers)),
        )
        if key not in self._made:
            provider.slug = self.providers.make(wish, "provider")
            provider.api_key_env = otherwise_key
            self._made[key] = provider
            self.project.providers.append(provider)
        model.provider = self._made[key].slug
        model.names = [model.slug, *model.names]
        self.project.models.append(model)
        return model

    def deal(self, models: list[Model], weights: list[Decimal], wish: str) -> None:
        """Let models divide the calls by their weights; those without one stand behind."""
        sharing = [model for model, weight in zip(models, weights, strict=True) if weight > 0]
        if len(sharing) < 2:
            return
        logical = self.call.make(f"{slug_of(wish)}-hosts")
        for model in models:
            model.logical_slug = logical
        parts = shares(weight for weight in weights if weight > 0)
        for model, share in zip(sharing, parts, strict=True):
            model.share = share

    def chain(self, name: str, models: list[Model], aliases: list[str], source: str) -> None:
        """Make a chain callable: a feature, or an alias of the only model."""
        names = [alias for alias in aliases if is_call_name(alias) and self.call.take(alias)]
        slugs = list(dict.fromkeys(model.slug for model in models))
        if len(slugs) == 1:
            models[0].aliases += [alias for alias in names if alias != models[0].slug]
            return
        slug = name if is_slug(name) and name not in self.features.taken else slug_of(name, "chain")
        self.project.features.append(Feature(self.features.make(slug, "chain"), slugs[0], slugs[1:], names, source))
        self.project.resilience["max_attempts"] = max(self.project.resilience.get("max_attempts", 5), len(slugs))

    def price(self, model: Model, catalogue: Catalogue, *names: str) -> None:
        """Take the prices and the window of a model from the catalogue, where nothing else states them."""
        name = next((name for name in names if name in catalogue.entries), "")
        if not name:
            return
        for kind in ("input", "output"):
            if not model.figure(f"price.{kind}").text:
                price = catalogue.price(name, kind)
                source = f"catalogue `{name}`" + (f", {price.remark}" if price.remark else "")
                model.figures[f"price.{kind}"] = Figure(price.text, source)
        window = catalogue.entries[name].window
        if not model.figure("context_window").text and window.isdecimal() and int(window) > 0:
            model.figures["context_window"] = Figure(window, f"catalogue `{name}`")

    def finish(self, catalogue: Catalogue) -> Imported:
        """Return the project."""
        settle_keys(self.project)
        self.project.prices = catalogue.title
        if self.project.resilience.get("max_attempts") == 5:
            del self.project.resilience["max_attempts"]
        return self.project
