"""Find the best-ranked model of a mask, digit by digit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from routecomp.runtime.parts.refused import _Refused

if TYPE_CHECKING:
    from routecomp.runtime.parts.catalogue import _Catalogue


class _Order:
    """A rank for every model of a catalogue, best first."""

    __slots__ = ("_catalogue", "_planes", "_text", "name")

    def __init__(self, name: str, text: str, catalogue: _Catalogue, slugs: frozenset[str]) -> None:
        self.name, self._text, self._catalogue = name, text, catalogue
        self._planes: tuple[list[int], list[int]] | None = None
        named = text.split(" ")
        # As many names as models, and no model missing: each is there exactly once.
        if len(named) != len(slugs) or slugs.difference(named):
            raise _Refused(f"order {name!r} does not name every model exactly once")

    def planes(self) -> tuple[list[int], list[int]]:
        """For each binary digit of the rank, the highest first: the models that have a 0 there; in two halves.

        So the best of a mask is found digit by digit: whenever some of it have a 0 the others are out.
        """
        text, planes = self._text, self._planes  # in this order: the text is let go once the planes are there
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


# For each binary digit of a byte, the lowest first: the bytes with a 0 there as character 1, the others as 0.
_ZEROS: Final = [bytes([49 - (byte >> digit & 1) for byte in range(256)]) for digit in range(8)]
