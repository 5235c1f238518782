"""Hold models in an order, and answer with a mask which of them pass a filter."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence

from routecomp.runtime.parts.limits import _NEAREST, _ONE_BP
from routecomp.runtime.parts.masks import _Scale, _Vocabulary, _WordMasks
from routecomp.runtime.parts.model import _Model
from routecomp.runtime.parts.numbers import _MAX_WHOLE
from routecomp.runtime.parts.request import _Request


class _ModelSet:
    """Models in an order, bit i of a mask standing for the i-th; with an index for each figure that a filter reads."""

    __slots__ = (
        "all",
        "blended",
        "capabilities",
        "capped",
        "ceiling",
        "context",
        "input",
        "latency",
        "min_output",
        "models",
        "output",
        "output_steps",
        "places",
        "providers",
        "quality",
        "stacks",
    )

    def __init__(self, models: Sequence[_Model], vocabulary: _Vocabulary) -> None:
        self.models = models
        self.places = {model.slug: place for place, model in enumerate(models)}
        self.all = (1 << len(models)) - 1
        # INVARIANT: what makes these masks holds the models, and not the set: in a circle, a table that was replaced
        # would stay in memory until the garbage collector finds it, and would hold up every thread meanwhile.
        self.stacks = _WordMasks(vocabulary.stacks, lambda w: _on_stack(models, w))
        self.capabilities = _WordMasks(vocabulary.capabilities, lambda w: _mask(models, lambda m: w in m.capabilities))
        self.providers = _WordMasks(vocabulary.providers, lambda w: _mask(models, lambda m: m.provider == w))

        # A scale answers "at most". Where a filter asks "at least", the numbers are negated.
        self.quality: _Scale = _Scale([-model.quality for model in models])
        self.context = _Scale([-model.context for model in models])
        self.latency = _Scale([model.latency for model in models])
        self.min_output = _Scale([model.min_output for model in models])
        self.capped: int = self.mask(lambda model: model.ceiling is not None)
        self.ceiling = _Scale([-_MAX_WHOLE if model.ceiling is None else -model.ceiling for model in models])
        # Where a rising `max_output_tokens` lets another model in, or shuts one out.
        ceilings = {model.ceiling + 1 for model in models if model.ceiling is not None}
        self.output_steps = sorted(ceilings.union(self.min_output.values))
        self.blended = _Scale([model.blended for model in models])
        self.input = _Scale([model.input for model in models])
        self.output = _Scale([model.output for model in models])

    def mask(self, test: Callable[[_Model], bool]) -> int:
        """Return the mask of the models that pass a test; every model is tested."""
        return _mask(self.models, test)

    def members(self, mask: int) -> list[_Model]:
        """Return the models of a mask, in order."""
        models = []
        while mask:
            place = mask.bit_length() - 1
            mask ^= 1 << place
            models.append(self.models[place])
        return models[::-1]

    def named(self, names: Iterable[str]) -> int:
        """Return the mask of the models that are named by their slug or their provider's; other names mean nothing."""
        mask = 0
        for name in names:
            mask |= self.providers[name]
            if name in self.places:
                mask |= 1 << self.places[name]
        return mask

    def able(self, mask: int, request: _Request) -> int:
        """Return what the request's stack and the filters of the ability group leave of a mask.

        INVARIANT: the same as those filters of `_FILTERS`, written out because every hinted call comes through here.
        """
        tokens, output = request.input_tokens, request.max_output
        if request.stack is not None:
            mask &= self.stacks[request.stack]
        if request.unavailable:
            mask &= ~self.named(request.unavailable)
        for word in request.capabilities:
            mask &= self.capabilities[word]
        if tokens is not None or output is not None:
            mask &= self.context.at_most(-(tokens or 0) - (output or 0))
        if output is not None:
            if self.capped:
                mask &= self.ceiling.at_most(-output)
            mask &= self.min_output.at_most(output)
        return mask

    def token_places(self, tokens: int | None, output: int | None) -> tuple[int | None, ...]:
        """Return the place of token counts among each figure that `able` compares them with; None if it is not asked.

        INVARIANT: whatever else two requests ask, `able` tells them apart by their token counts only if these differ.
        """
        return (
            None
            if tokens is None and output is None
            else bisect_right(self.context.values, -(tokens or 0) - (output or 0)),
            None if output is None else bisect_right(self.output_steps, output),
        )

    def survivors(self, mask: int, request: _Request) -> tuple[int, int]:
        """Return what `able` and the cost filter leave of a mask, and the part of it whose cost is not known yet.

        A model of that part may still be too expensive: `request.affords` says so.
        """
        mask = self.able(mask, request)
        if request.max_cost is None or not mask:
            return mask, 0
        sure, unsure = self.costs(mask, request)
        return sure | unsure, unsure

    def costs(self, mask: int, request: _Request) -> tuple[int, int]:
        """Return the models of a mask that surely cost at most `max_cost_usd`, and those that only may.

        Without a limit, or without `input_tokens`, all of them surely do.
        """
        limit, tokens, output = request.max_cost, request.input_tokens, request.max_output
        if limit is None or tokens is None or (tokens == 0 and limit >= 0):
            return mask, 0
        if limit < 0:
            return 0, 0
        # The estimate is rounded up and the limit is whole, so a comparison before rounding gives the same.
        sure = mask & self.blended.at_most(limit * _ONE_BP // tokens)
        unsure = mask ^ sure
        if output is None:
            unsure &= self.capped
        if not unsure:
            return sure, 0
        # With `max_output_tokens`, of the request or of the model, no single figure decides, but neither price alone
        # may take more than the limit.
        if unsure.bit_count() > 8:  # for fewer models, estimating each cost is as quick
            unsure &= self.input.at_most(limit // tokens)
            if output:
                unsure &= self.output.at_most(limit // output) | self.capped
        return sure, unsure

    def affordable(self, mask: int, request: _Request) -> int:
        """Return the models of a mask that pass the cost filter, as a mask; without a limit all of them."""
        sure, unsure = self.costs(mask, request)
        for model in self.members(unsure):
            if request.affords(model):
                sure |= 1 << self.places[model.slug]
        return sure


def _mask(models: Sequence[_Model], test: Callable[[_Model], bool]) -> int:
    """Return the mask of the models that pass a test; every model is tested."""
    digits = ["1" if test(model) else "0" for model in reversed(models)]
    return int("".join(digits) or "0", 2)


def _on_stack(models: Sequence[_Model], word: str) -> int:
    """Return the mask of the models on a stack or, for a word with `avoid-`, of those surely not on it."""
    avoided = word.removeprefix("avoid-")
    if avoided == word:
        return _mask(models, lambda model: model.stack == word)
    return _mask(models, lambda model: model.stack not in (avoided, None))  # an unknown stack may be the avoided one


class _Catalogue(_ModelSet):
    """All models of a file, the best quality first."""

    __slots__ = ("active", "listed", "logical", "sizes", "vocabulary")

    def __init__(self, models: list[_Model], stacks: Iterable[str]) -> None:
        # With the best first, a high floor leaves short numbers, and everything after it is quick.
        models.sort(key=lambda model: (-model.quality, model.slug))
        plain = frozenset(stacks)
        self.vocabulary = _Vocabulary(
            plain.union(f"avoid-{word}" for word in plain),
            frozenset[str]().union(*[model.capabilities for model in models]),
            frozenset([model.provider for model in models]),
        )
        super().__init__(models, self.vocabulary)
        hosts: dict[str, list[str]] = {}
        for index, model in enumerate(models):
            model.index = index
            if model.logical is not None:
                hosts.setdefault(model.logical, []).append(model.slug)
        self.logical = {name: self.slugs(slugs) for name, slugs in hosts.items()}
        self.sizes: dict[int, int] = {}  # by floor; there are 10,003 floors
        self.active: int = self.mask(lambda model: model.active)
        self.listed: int = self.mask(lambda model: model.listed)

    def slugs(self, slugs: Iterable[str]) -> int:
        """Return the mask of the models with these slugs, all of which are in the catalogue."""
        mask = 0
        for slug in slugs:
            mask |= 1 << self.places[slug]
        return mask

    def __getitem__(self, slug: str) -> _Model:
        return self.models[self.places[slug]]

    def size(self, floor: int) -> int:
        """Return the number of binary digits of the count of models that reach a floor, and store it in `sizes`.

        It is at least the number of binary digits of `_NEAREST`. The floor is in basis points.
        """
        size = self.sizes[floor] = max(self.quality.at_most(-floor).bit_length().bit_length(), _NEAREST.bit_length())
        return size
