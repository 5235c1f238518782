"""An entry line without its seal in, the eight letters that make its CRC-32 zero out (docs/table.md, "Seals")."""

from __future__ import annotations

from functools import cache
from zlib import crc32

LETTERS = "DEFGLMNOdefglmno"
"""What a seal is made of: `D` with any of four of its bits flipped, so 32 bits in eight letters, as in a CRC."""
_BLANK = int.from_bytes(b"DDDDDDDD")
_BITS = 0b101011  # of a letter; of all choices that keep to letters, one whose flips reach every CRC exactly once


def seal(head: bytes, tail: bytes) -> bytes:
    """The letters between the head and the tail of a line with which its CRC-32 is 0: there is one such text."""
    flips = _flips(tail)
    letters, off = _BLANK, crc32(head + _BLANK.to_bytes(8) + tail)
    while off:
        lowest = off & -off
        letters ^= flips[lowest]
        off ^= lowest
    return letters.to_bytes(8)


@cache
def _flips(tail: bytes) -> dict[int, int]:
    """Each bit of a CRC-32, and which bits of the letters before `tail` change that one and no other.

    What flipped bits do to a CRC does not depend on the line, and two flips do what each does, added modulo 2:
    so these are 32 equations with 32 unknowns, solved by elimination.
    """
    blank = crc32(_BLANK.to_bytes(8) + tail)
    singles = [1 << place for place in range(64) if _BITS >> place % 8 & 1]
    rows = [(crc32((_BLANK ^ flip).to_bytes(8) + tail) ^ blank, flip) for flip in singles]
    for bit in range(32):
        at = next(place for place in range(bit, 32) if rows[place][0] >> bit & 1)
        rows[bit], rows[at] = rows[at], rows[bit]
        effect, flip = rows[bit]
        rows = [
            (other ^ effect, flips ^ flip) if place != bit and other >> bit & 1 else (other, flips)
            for place, (other, flips) in enumerate(rows)
        ]
    return {1 << bit: flips for bit, (_, flips) in enumerate(rows)}
