"""Tell whether one word in place of a list is its one entry, or says something else (`capabilities: all`)."""

from __future__ import annotations

from routecomp.model.vocabulary import CAPABILITIES

_OWN_WORDS = frozenset({"aliases", "capabilities"})
"""Lists of words that nothing declares: whatever a fix writes there is taken as it stands."""
_WORDS = (
    "all any each every everyone everything everybody full both complete max maximum standard default auto some most "
    "none no nothing nobody never empty nil null na n/a not off disabled false n f zero min minimum few half other "
    "true yes on y t enabled always ok inherit inherited same many several unlimited * - + ?"
)
_HOW_MANY = frozenset(_WORDS.split())
"""Words of quantity and of yes and no, which authors write for a whole list or for none."""
MAY_BE_EMPTY = frozenset({"aliases", "banned_models", "banned_providers", "capabilities", "fallback"})


def says_how_many(text: str) -> bool:
    """Return whether a text says how many entries are meant, or yes or no, and names none."""
    word = text.strip().lower().rstrip(".!")
    return word in _HOW_MANY or not any(letter.isalpha() for letter in word)


def is_entry(key: str, text: str) -> bool:
    """Return whether a text may be put into brackets as the one entry of the list at a key.

    So it is where an unknown name is found afterwards, and where the word is one that everybody knows there.
    """
    return key not in _OWN_WORDS or (key == "capabilities" and text in CAPABILITIES)
