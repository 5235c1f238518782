"""Read texts that are no slugs: the slug that one was meant as, the slugs in it, several names written as one text."""

from __future__ import annotations

import re

from routecomp.parse.scalars import SLUG

SLUG_WORDS = "lower-case letters, digits, `.`, `_`, `-`; at most 63; a letter or digit at both ends"
FORM = f"use {SLUG_WORDS}"
EACH = "each is an entry of its own: write "
ONE = "one name is wanted here: keep one of "
LINES = "one name is wanted here: write a line for each of "
_BETWEEN = re.compile(r"[,;|&+\n]|\s/|/\s|\s[-–—→]+>?\s|\s(?:and|or)\s")
"""What stands between two names, and in none."""
_AROUND = " \t\"'`[](){}/"
_LONGEST = 400


def slug_remedy(text: str) -> str:
    """Return the remedy for a text that is not a slug: the form of slugs, and the text rewritten as one.

    Nothing is rewritten where the text is not ASCII, or is no slug afterwards (`---`). Of several names one is wanted.
    """
    names = own_names(text)
    if len(names) > 1:
        return ONE + ", ".join(names)
    rewritten = as_slug(text)
    return FORM + (f": `{rewritten}`" if rewritten else "")


def as_slug(text: str) -> str:
    """Return the slug that a text was meant as; empty where nothing can be told."""
    rewritten = re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("._-")
    return rewritten if text.isascii() and SLUG.fullmatch(rewritten) is not None else ""


def slugs_in(text: str) -> tuple[str, ...]:
    """Return the first and the last slug in a text that is none: `openai` and `gpt-4.1` of `openai/gpt-4.1`."""
    parts = [part for part in re.split(r"[^a-z0-9._-]+", text.lower()) if SLUG.fullmatch(part)]
    return (parts[0], parts[-1]) if parts else ()


def parted(text: str) -> list[str]:
    """Return the names that a text holds, parted where no name goes on (`a; b`, `a | b`, `a and b`), as written."""
    if len(text) > _LONGEST:
        return [text]
    names = [part.strip(_AROUND) for part in _BETWEEN.split(text)]
    return [name for name in dict.fromkeys(names) if name and name not in ("and", "or")]


def own_names(text: str, by_slash: bool = False, by_space: bool = False) -> list[str]:
    """Return the slugs that the several names in a text were meant as; none where it is one name, or no name.

    With `by_slash` a slash parts names, with `by_space` a blank does where all around are slugs.
    """
    names = parted(text)
    if len(names) == 1 and by_slash and "/" in text and "//" not in text and len(text) <= _LONGEST:
        names = [name for part in text.split("/") if (name := part.strip(_AROUND))]
    if len(names) == 1 and by_space and all(map(SLUG.fullmatch, text.split())):
        names = text.split()
    slugs = [as_slug(name) for name in names]
    return slugs if len(slugs) > 1 and all(slugs) else []
