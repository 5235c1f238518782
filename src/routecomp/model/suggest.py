"""Suggest the known word that an author most likely meant."""

from __future__ import annotations

from collections.abc import Iterable

from routecomp.model.edit_distance import edit_distance
from routecomp.model.opposites import FIGURES, difference

_MOST_LISTED = 12
_LONGEST = 63


def closest(word: str, words: Iterable[str]) -> str | None:
    """Return the word of `words` that `word` most likely means: near in spelling, else the first that begins with it.

    None if there is no such word; a word of one or two letters begins none. A message may show the result; a fix may
    not write it (see `typo_of`).
    """
    known = list(words)
    candidates = _nearest(word, known, min(3, max(1, len(word) // 3)))
    if candidates:
        return candidates[0][1]
    longer = sorted(name for name in known if len(word) >= 3 and name.startswith(word))
    return longer[0] if longer else None


def typo_of(word: str, words: Iterable[str]) -> str | None:
    """Return the word of `words` of which `word` is surely a misspelling, or None. An unsafe fix may write it.

    It has the same letters in another spelling (`minQuality`, `min-quality`), or differs by one edit in a word of four
    or more letters, by two in one of eight or more, no other word is as near, and none of the differences between the
    two is one of meaning (see `opposites`).
    """
    candidates = _nearest(word, words, 2 if len(word) >= 8 else 1 if len(word) >= 4 else 0)
    if not candidates or (len(candidates) > 1 and candidates[0][0] == candidates[1][0]):
        return None
    return None if difference(word, candidates[0][1]) else candidates[0][1]


def did_you_mean(word: str, near: str) -> str:
    """Return the help text that suggests a near word; it says how the two differ in meaning, if they seem to."""
    apart = difference(word, near)
    # Names of rules and models have figures, and are misspelt in them.
    # `latencyms` is only parted otherwise; an `s` may be a plural's, and no unit.
    is_same = only_letters(word) == only_letters(near) and not near.endswith("_s")
    is_other = apart and apart != FIGURES and not is_same
    return f"`{near}` is known, but it is another word: {apart}" if is_other else f"did you mean `{near}`?"


def suggestion(word: str, words: Iterable[str], otherwise: str = "") -> str:
    """Return a help text: `did you mean …?` with the closest word, else `otherwise`, else a list of the words.

    Without `otherwise`, the text is empty where there are no words or more than a dozen.
    """
    known = sorted(words)
    near = closest(word, known)
    if near is not None:
        return did_you_mean(word, near)
    if otherwise:
        return otherwise
    return "use one of: " + ", ".join(known) if 0 < len(known) <= _MOST_LISTED else ""


def only_letters(word: str) -> str:
    """Return a word in lower case without `_`, `-` and spaces."""
    return word.lower().replace("_", "").replace("-", "").replace(" ", "")


def _nearest(word: str, words: Iterable[str], most: int) -> list[tuple[int, str]]:
    """Return the words at a distance of at most `most`, each with its distance, nearest first.

    Words with the same letters in another spelling have the distance 0. Nothing is near a word of over 63 letters.
    """
    if len(word) > _LONGEST:
        return []
    letters, size, letter_set = only_letters(word), len(word), set(word)
    candidates = []
    for name in words:
        if only_letters(name) == letters:
            candidates.append((0, name))
        # An edit adds at most one letter, so most words are ruled out without working out their distance.
        elif abs(len(name) - size) <= most and len(letter_set.difference(name)) <= most:
            distance = edit_distance(word, name, most)
            if distance <= most:
                candidates.append((distance, name))
    candidates.sort()
    return candidates


def with_article(word: str) -> str:
    """Put `a` or `an` before a word for a kind of thing."""
    return f"an {word}" if word[:1] in "aeiou" else f"a {word}"
