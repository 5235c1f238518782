"""Tell which model can take over where one ends, and what to write there."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.model.ending import NEAR, days_left, ending_words
from routecomp.model.experiment import Experiment
from routecomp.model.project import Declared, Entry
from routecomp.model.route import Feature, Model
from routecomp.rules.lookup import primaries, share
from routecomp.rules.permission import barring_filter, is_clear

_BARS = {
    "bans": "is banned by the default policy",
    "stacks": "has a stack that the default policy does not allow",
    "compliance": "lies below the default policy's compliance threshold",
}


def successor_of(declared: Declared, slug: str, feature: Entry[Feature] | None = None) -> str | None:
    """Return the first model on the way from successor to successor that can take over; None where there is none.

    It is active, ends later than the one it follows, and not within the days in which it would be warned of at once.
    To serve a `feature` it has to clear its floor and the default policy too.
    """
    for step in _successors(declared, slug):
        if _obstacle(declared, slug, declared.models[step], feature) is None:
            return step
    return None


def successor_remedy(
    declared: Declared, slug: str, feature: Entry[Feature] | None = None, *, verb: str = "bring in"
) -> str:
    """Say which model to bring in where one ends: its successor, one behind it, or another one, and why."""
    first, *_ = [*_successors(declared, slug), None]
    successor = successor_of(declared, slug, feature)
    if first is None:
        return f"{verb} another model"
    if successor == first:
        return f"{verb} its successor `{first}`"
    obstacle = _obstacle(declared, slug, declared.models[first], feature)
    other = f"`{successor}`" if successor is not None else "another model"
    return f"{verb} {other}: its successor `{first}` {obstacle}"


def fallback_remedy(declared: Declared, slug: str, feature: Entry[Feature], *, verb: str = "bring in") -> str:
    """Say what to write where a model ends that a feature falls back to."""
    successor = successor_of(declared, slug, feature)
    if successor is not None and (reason := place_taken(feature.body, successor)) is not None:
        return f"take it out of `fallback`: its successor `{successor}` {reason}"
    return successor_remedy(declared, slug, feature, verb=verb)


def after_winner(experiment: Entry[Experiment]) -> str:
    """Say what to do where the model of a winner ends, in words that go before another model."""
    return (
        f"`routecomp experiment archive {experiment.slug}`, and in the same change begin another experiment of "
        f"`{experiment.body.public_model_id}` with"
    )


def passed_by(declared: Declared, slug: str) -> list[str]:
    """Return the successors that cannot take over before the first that can, each with the reason."""
    passed = []
    for step in _successors(declared, slug):
        obstacle = _obstacle(declared, slug, declared.models[step], None)
        if obstacle is None:
            break
        passed.append(f"`{step}` {obstacle}")
    return passed


def place_taken(feature: Feature, slug: str) -> str | None:
    """Return why a model cannot be added to the fallbacks of a feature, in words that follow its name; else None."""
    row = feature.models.get(slug)
    if row is not None and row.status == "primary":
        return "is its primary"
    if row is not None and row.status == "retired":
        return "is retired there"
    return "is there already" if slug in feature.fallback else None


def route_remedy(declared: Declared, slug: str, name: str) -> str:
    """Say what to write where a model ends that is the config route of a feature."""
    model = route_successor(declared, slug, name)
    return successor_remedy(declared, slug) if model is None else f"name `{model}`"


def route_successor(declared: Declared, slug: str, name: str) -> str | None:
    """Return the model to name where one ends that is the config route of a feature; None where there is none.

    Of a declared feature it stands in the chain: its primary comes first, then a fallback.
    """
    feature = declared.features.get(name)
    successor = successor_of(declared, slug)
    if feature is None:
        return successor
    chain = [*primaries(feature.body), *feature.body.fallback]
    lasting = [
        other
        for other in chain
        if other in declared.models and declared.models[other].body.active and not ends_soon(declared, other)
    ]
    return successor if successor in lasting else next(iter(lasting), None)


def ends_soon(declared: Declared, slug: str) -> bool:
    """Return whether a declared model has ended, or ends within the days in which that is warned of."""
    left = days_left(declared.models[slug].body, declared.today)
    return left is not None and left <= NEAR


def _successors(declared: Declared, slug: str) -> Iterator[str]:
    """Yield the models on the way from successor to successor, each once, as far as they are declared."""
    met = {slug}
    step = declared.models[slug].body.successor
    while step is not None and step in declared.models and step not in met:
        yield step
        met.add(step)
        step = declared.models[step].body.successor


def _obstacle(declared: Declared, slug: str, other: Entry[Model], feature: Entry[Feature] | None) -> str | None:
    """Return why a model cannot take over where another one ends, in words that follow its name; None if it can."""
    body, end = other.body, declared.models[slug].body.sunset
    if not body.active:
        return "is not active"
    left = days_left(body, declared.today)
    if left is not None and (left <= NEAR or (end is not None and str(body.sunset) <= end)):
        return ending_words(body, declared.today)
    if feature is None:
        return None
    floor = feature.body.min_quality
    if floor is not None and body.quality < floor:
        return f"has quality {share(body.quality)}, below the floor {share(floor)} of {feature.title}"
    if is_clear(declared) and (bar := barring_filter(declared, declared.default_policy, other)) is not None:
        return _BARS[bar]
    return None
