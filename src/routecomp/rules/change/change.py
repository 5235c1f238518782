"""Pair what the base declares with what the project declares, for the rules of change (RC5xx)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from routecomp.diagnostics.diagnostic import Label
from routecomp.model.experiment import Experiment
from routecomp.model.project import Declared, Entry
from routecomp.model.route import Feature, Model
from routecomp.model.sections import SECTIONS
from routecomp.parse.tree import Node, Scalar
from routecomp.source.text import Span

B = TypeVar("B")


def _never(path: str) -> bool:
    return False


class Change(NamedTuple):
    """What the base declares, and what the project declares now.

    `where` says in a message where the base stands (`on main`). `is_reverted` tells of a file of the project whether it
    is again what it was in an earlier commit of the base. Bodies that only one side declares, or that
    cannot be read on one side, are in no pair.
    """

    before: Declared
    after: Declared
    where: str
    is_reverted: Callable[[str], bool] = _never

    def features(self) -> Iterator[tuple[Entry[Feature], Entry[Feature]]]:
        """Yield every feature that both sides declare, before and after, unless both are the same entry."""
        return _pairs(self.before.features, self.after.features)

    def models(self) -> Iterator[tuple[Entry[Model], Entry[Model]]]:
        """Yield every model that both sides declare, before and after, unless both are the same entry."""
        return _pairs(self.before.models, self.after.models)

    def experiments(self) -> Iterator[tuple[Entry[Experiment], Entry[Experiment]]]:
        """Yield every experiment that both sides declare, before and after, unless both are the same entry."""
        return _pairs(self.before.experiments, self.after.experiments)

    def begun(self) -> Iterator[tuple[Entry[Experiment], Entry[Experiment]]]:
        """Yield the pairs of `experiments` whose base is no draft any more: their structure is frozen."""
        return (pair for pair in self.experiments() if pair[0].body.status != "draft")

    def removed(self, section: str) -> Iterator[str]:
        """Yield the names of a section that the base declares and the project, as far as it could be read, does not."""
        for slug in getattr(self.before, section):
            if not self.after.is_declared(section, slug):
                yield slug

    def swaps(self) -> Iterator[Swap]:
        """Yield every feature of both sides that has a new primary; one that only loses its primary is left out."""
        for before, after in self.features():
            was, now = _primaries(before), _primaries(after)
            challengers = tuple(model for model in now if model not in was)
            if challengers:
                yield Swap(before, after, challengers, tuple(model for model in was if model not in now))

    def earlier(self, span: Span) -> Entry[Any] | None:
        """Return the body of the base whose later form holds a place of the project; None for one that is new."""
        for section in SECTIONS:
            bodies = getattr(self.after, section)
            for entry in [bodies] if isinstance(bodies, Entry) else (bodies or {}).values():
                if entry.path == span.path and entry.node.start <= span.start < entry.node.end:
                    there = getattr(self.before, section)
                    earlier: Entry[Any] | None = there if isinstance(bodies, Entry) else there.get(entry.slug)
                    return earlier
        return None

    def label(self, span: Span, text: str) -> Label:
        """Return the label of a place in the base: `text`, followed by where the base stands (`was here on main`)."""
        return Label(span, f"{text} {self.where}")


class Swap(NamedTuple):
    """A feature whose primary changed: who becomes primary, and who was.

    One of each in a promotion; several where one side breaks the rule of one primary.
    """

    before: Entry[Feature]
    after: Entry[Feature]
    challengers: tuple[str, ...]
    incumbents: tuple[str, ...]

    def was(self, model: str) -> str | None:
        """Return the status that the base gives a model, None if the feature had no row for it."""
        row = self.before.body.models.get(model)
        return None if row is None else row.status


def status_span(feature: Entry[Feature], model: str) -> Span:
    """Return the place of a model's status word in a feature, in the short form of the row or in the long one.

    INVARIANT: the feature has a row for the model.
    """
    node: Node = feature.node_at("models", model)
    return node.span if isinstance(node, Scalar) else feature.span("models", model, "status")


def _primaries(feature: Entry[Feature]) -> list[str]:
    """Return the models that a feature calls primary."""
    return [model for model, row in feature.body.models.items() if row.status == "primary"]


def _pairs(before: Mapping[str, Entry[B]], after: Mapping[str, Entry[B]]) -> Iterator[tuple[Entry[B], Entry[B]]]:
    """Yield the entries of the slugs on both sides, before and after; where both are the same entry, nothing."""
    for slug, entry in before.items():
        now = after.get(slug)
        if now is not None and now is not entry:  # the very same entry: its file did not change
            yield entry, now
