"""Suggest the known word that an author most likely meant."""

from __future__ import annotations

from collections.abc import Iterable

_FEW = 12
_LONGEST = 63


def closest(word: str, words: Iterable[str]) -> str | None:
    """The word of `words` an author most likely meant, or None: good enough to ask, not to act on."""
    names = list(words)
    found = _ranked(word, names, min(3, max(1, len(word) // 3)))
    if found:
        return found[0][1]
    longer = sorted(name for name in names if len(word) >= 3 and name.startswith(word))
    return longer[0] if longer else None


def typo_of(word: str, words: Iterable[str]) -> str | None:
    """The one word of `words` that `word` is a slip of: near enough for a machine to put it right.

    Another writing of the same letters (`minQuality`, `min-quality`), or one slip of the pen (two in a word of
    eight or more letters), and no other word as near.
    """
    found = _ranked(word, words, 2 if len(word) >= 8 else 1 if len(word) >= 4 else 0)
    if not found or (len(found) > 1 and found[0][0] == found[1][0]):
        return None
    return found[0][1]


def suggestion(word: str, words: Iterable[str], otherwise: str = "") -> str:
    """`did you mean …?` where something is close, else `otherwise`, else a list of the words if it is short."""
    names = sorted(words)
    near = closest(word, names)
    if near is not None:
        return f"did you mean `{near}`?"
    if otherwise:
        return otherwise
    return "use one of: " + ", ".join(names) if 0 < len(names) <= _FEW else ""


def _ranked(word: str, words: Iterable[str], most: int) -> list[tuple[int, str]]:
    """The words at most `most` slips away, nearest first; the same letters in another writing count as none."""
    if len(word) > _LONGEST:
        return []
    bare, size, letters = _bare(word), len(word), set(word)
    found = []
    for name in words:
        if _bare(name) == bare:
            found.append((0, name))
        # Each slip brings at most one letter of its own: most words fall here.
        elif abs(len(name) - size) <= most and len(letters.difference(name)) <= most:
            away = _slips(word, name, most)
            if away <= most:
                found.append((away, name))
    found.sort()
    return found


def _bare(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "").replace(" ", "")


def _slips(a: str, b: str, most: int) -> int:
    """How many letters were dropped, added, changed or swapped with their neighbour; above `most`, any number."""
    first = 0
    while first < len(a) and first < len(b) and a[first] == b[first]:
        first += 1
    end = 0
    while end < min(len(a), len(b)) - first and a[-1 - end] == b[-1 - end]:
        end += 1
    a, b = a[first : len(a) - end], b[first : len(b) - end]
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most and min(last) > most:
            return most + 1
        before, last = last, row
    return last[-1]
