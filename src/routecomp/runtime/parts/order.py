"""Rank every model of a catalogue, in a form in which the best of a mask is found without looking at each."""

from __future__ import annotations

from typing import Final

from routecomp.runtime.parts.catalogue import _Catalogue
from routecomp.runtime.parts.refused import _Refused


class _Order:
    """A rank for every model of a catalogue, the best first."""

    __slots__ = ("_catalogue", "_planes", "_text", "name")

    def __init__(self, name: str, text: str, catalogue: _Catalogue, slugs: frozenset[str]) -> None:
        self.name, self._text, self._catalogue = name, text, catalogue
        self._planes: tuple[list[int], list[int]] | None = None
        named = text.split(" ")
        # As many names as models, and no model missing: each model is named exactly once.
        if len(named) != len(slugs) or slugs.difference(named):
            raise _Refused(f"order {name!r} does not name every model exactly once")

    def planes(self) -> tuple[list[int], list[int]]:
        """Return, for each binary digit of the rank, the mask of the models that have a 0 there.

        The highest digit comes first, and the list is cut into two halves. So the best model of a mask is found
        digit by digit: whenever some of the models have a 0, the others are out.
        """
        text, planes = self._text, self._planes  # in this order: the text is dropped once the planes are there
        if planes is None:
            places = self._catalogue.places
            ranks = [0] * len(places)  # the last model first, as a number in base 2 is written
            for rank, slug in enumerate(text.split(" ")):
                ranks[-1 - places[slug]] = rank
            digits: list[int] = []
            for shift in range(0, (len(ranks) - 1).bit_length(), 8):
                column = bytes([rank >> shift & 255 for rank in ranks])
                digits += [int(column.translate(zeros), 2) for zeros in _ZEROS]
            digits = digits[: (len(ranks) - 1).bit_length()][::-1]
            half = (len(digits) + 1) // 2
            self._planes = planes = digits[:half], digits[half:]
            self._text = ""
        return planes


# For each binary digit of a byte, the lowest first: a table from bytes with a 0 there to `1`, from the others to `0`.
_ZEROS: Final = [bytes([49 - (byte >> digit & 1) for byte in range(256)]) for digit in range(8)]
