"""Compute the seal of a table entry: eight letters with which the CRC-32 of its line is 0 (docs/table.md, "Seals")."""

from __future__ import annotations

from functools import cache
from zlib import crc32

LETTERS = "DEFGLMNOdefglmno"
"""The letters of a seal: `D` with any of four of its bits flipped. Eight letters hold 32 bits, as many as a CRC-32."""
_BLANK = int.from_bytes(b"DDDDDDDD")
_BITS = 0b101011  # the bits of a letter that may flip; with these, every CRC-32 has exactly one seal


def seal(before: bytes, after: bytes) -> bytes:
    """Return the one text of eight letters between `before` and `after` with which the CRC-32 of the line is 0."""
    flips = _flips_by_crc_bit(after)
    letters, remaining = _BLANK, crc32(before + _BLANK.to_bytes(8) + after)
    while remaining:
        lowest = remaining & -remaining
        letters ^= flips[lowest]
        remaining ^= lowest
    return letters.to_bytes(8)


@cache
def _flips_by_crc_bit(after: bytes) -> dict[int, int]:
    """Map each bit of a CRC-32 to the bits of the letters before `after` that flip this bit and no other.

    How a CRC changes when bits flip does not depend on the line, and the changes of two flips add up modulo 2. So
    these are 32 linear equations with 32 unknowns, which are solved by elimination.
    """
    blank = crc32(_BLANK.to_bytes(8) + after)
    singles = [1 << place for place in range(64) if _BITS >> place % 8 & 1]
    rows = [(crc32((_BLANK ^ flip).to_bytes(8) + after) ^ blank, flip) for flip in singles]
    for bit in range(32):
        pivot = next(place for place in range(bit, 32) if rows[place][0] >> bit & 1)
        rows[bit], rows[pivot] = rows[pivot], rows[bit]
        effect, flip = rows[bit]
        rows = [
            (other ^ effect, flips ^ flip) if place != bit and other >> bit & 1 else (other, flips)
            for place, (other, flips) in enumerate(rows)
        ]
    return {1 << bit: flips for bit, (_, flips) in enumerate(rows)}
