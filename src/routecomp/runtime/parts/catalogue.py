"""Hold the models of a file, with a mask for whatever a filter asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from routecomp.runtime.parts.limits import _NEAR, _TOP
from routecomp.runtime.parts.masks import _Masks, _Scale, _Words
from routecomp.runtime.parts.model import _Model
from routecomp.runtime.parts.request import _Request

if TYPE_CHECKING:
    from routecomp.runtime.parts.route import _View


class _Space:
    """Some models in an order, bit i of a mask standing for the i-th; and a mask for what a filter asks."""

    __slots__ = ("all", "blended", "capabilities", "context", "input", "latency", "min_output", "models", "output",
                 "places", "providers", "quality", "stacks")

    def __init__(self, models: Sequence[_Model], words: _Words) -> None:
        self.models = models
        self.places = {model.slug: place for place, model in enumerate(models)}
        self.all = (1 << len(models)) - 1
        self.stacks = _Masks(words.stacks, self._on_stack)
        self.capabilities = _Masks(words.capabilities, lambda word: self.mask(lambda m: word in m.capabilities))
        self.providers = _Masks(words.providers, lambda word: self.mask(lambda m: m.provider == word))

        # Where "at least" is asked the numbers are turned around, since a scale answers "at most".
        self.quality = _Scale([-model.quality for model in models])
        self.context = _Scale([-model.context for model in models])
        self.latency = _Scale([model.latency for model in models])
        self.min_output = _Scale([model.min_output for model in models])
        self.blended = _Scale([model.blended for model in models])
        self.input = _Scale([model.input for model in models])
        self.output = _Scale([model.output for model in models])

    def mask(self, test: Callable[[_Model], bool]) -> int:
        """The models that pass a test, asked one by one."""
        digits = ["1" if test(model) else "0" for model in reversed(self.models)]
        return int("".join(digits) or "0", 2)

    def of(self, mask: int) -> list[_Model]:
        """The models of a mask, in the space's order."""
        models = []
        while mask:
            place = mask.bit_length() - 1
            mask ^= 1 << place
            models.append(self.models[place])
        return models[::-1]

    def _on_stack(self, word: str) -> int:
        avoided = word.removeprefix("avoid-")
        if avoided == word:
            return self.mask(lambda model: model.stack == word)
        return self.mask(lambda model: model.stack not in (avoided, None))  # an unknown one may be that one

    def named(self, names: Iterable[str]) -> int:
        """Models called by their slug or their provider's; other names mean nothing."""
        mask = 0
        for name in names:
            mask |= self.providers[name]
            if name in self.places:
                mask |= 1 << self.places[name]
        return mask

    def able(self, mask: int, request: _Request) -> int:
        """What the request's stack and the ability group leave of a mask.

        The same as `_steps`, without names, statuses, the policy's filters and the demand group.
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
            mask &= self.min_output.at_most(output)
        return mask

    def survivors(self, mask: int, request: _Request) -> tuple[int, int]:
        """What is left when the cost filter is added, and those of it whose cost is still to be told."""
        mask = self.able(mask, request)
        if request.max_cost is None or not mask:
            return mask, 0
        sure, maybe = self.costs(mask, request)
        return sure | maybe, maybe

    def costs(self, mask: int, request: _Request) -> tuple[int, int]:
        """Of a mask, the models that surely cost at most `max_cost_usd`, and those that may."""
        most, tokens, output = request.max_cost, request.input_tokens, request.max_output
        if most is None or tokens is None or (tokens == 0 and most >= 0):
            return mask, 0
        if most < 0:
            return 0, 0
        # The estimate is rounded up and the limit is whole, so comparing before rounding is the same.
        sure = mask & self.blended.at_most(most * _TOP // tokens)
        if output is None or sure == mask:
            return sure, 0
        # With `max_output_tokens` no single number decides; but neither price alone may take more than all.
        maybe = mask ^ sure
        if maybe.bit_count() > 8:  # fewer are as soon asked one by one
            maybe &= self.input.at_most(most // tokens)
            if output:
                maybe &= self.output.at_most(most // output)
        return sure, maybe

    def affordable(self, mask: int, request: _Request) -> int:
        """The models of a mask that pass the cost filter."""
        sure, maybe = self.costs(mask, request)
        for model in self.of(maybe):
            if request.affords(model):
                sure |= 1 << self.places[model.slug]
        return sure


class _Catalogue(_Space):
    """All models of a file, by falling quality."""

    __slots__ = ("active", "listed", "logical", "near", "sizes", "words")

    def __init__(self, models: list[_Model], stacks: Iterable[str]) -> None:
        # The best first: a high floor leaves short numbers, and with them everything after it is quick.
        models.sort(key=lambda model: (-model.quality, model.slug))
        plain = frozenset(stacks)
        self.words = _Words(plain.union(f"avoid-{word}" for word in plain),
                            frozenset[str]().union(*[model.capabilities for model in models]),
                            frozenset([model.provider for model in models]))
        super().__init__(models, self.words)
        hosts: dict[str, list[str]] = {}
        for index, model in enumerate(models):
            model.index = index
            if model.logical is not None:
                hosts.setdefault(model.logical, []).append(model.slug)
        self.logical = {name: self.slugs(slugs) for name, slugs in hosts.items()}
        self.near: list[tuple[_View, int]] = []  # the nearest candidates kept: by which view, at what size
        self.sizes: dict[int, int] = {}  # for each floor; there are 10,003 of them
        self.active = self.mask(lambda model: model.active)
        self.listed = self.mask(lambda model: model.listed)

    def slugs(self, slugs: Iterable[str]) -> int:
        """The models of these slugs, all of which are here."""
        mask = 0
        for slug in slugs:
            mask |= 1 << self.places[slug]
        return mask

    def __getitem__(self, slug: str) -> _Model:
        return self.models[self.places[slug]]

    def size(self, floor: int) -> int:
        """The number of binary digits that count the models of at least a floor's quality; a few at least."""
        size = self.sizes[floor] = max(self.quality.at_most(-floor).bit_length().bit_length(), _NEAR.bit_length())
        return size
