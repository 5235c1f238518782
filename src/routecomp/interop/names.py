"""Make the names of a project out of the names of another router's file: slugs, and names of variables for keys."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from routecomp.model.fields import CALL_NAME, MOST_OF_A_NAME, PATTERN
from routecomp.parse.scalars import SLUG

_LONGEST = 63
_OTHER = re.compile(r"[^a-z0-9._-]+", re.ASCII)
_RESERVED = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))
"""Slugs that a reader of YAML 1.1 would take for something else than a name."""


class Names:
    """The names that are taken, and new ones that are not."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = set(taken)

    def make(self, text: str, otherwise: str = "model") -> str:
        """Return a slug for a text that is not taken yet, and take it."""
        name = free_name(slug_of(text, otherwise), self.taken)
        self.taken.add(name)
        return name

    def take(self, name: str) -> bool:
        """Take a name; return False where it is taken already."""
        is_free = name not in self.taken
        self.taken.add(name)
        return is_free


def slug_of(text: str, otherwise: str = "model") -> str:
    """Return the slug that is nearest to a text: small letters, and `-` for what no slug holds."""
    slug = _OTHER.sub("-", text.lower()).strip("-._")[:_LONGEST].strip("-._")
    if slug in _RESERVED or slug.isdecimal() or not SLUG.fullmatch(slug):
        slug = f"{otherwise}-{slug}".strip("-")[:_LONGEST].strip("-._")
    return slug


def free_name(slug: str, taken: Container[str]) -> str:
    """Return a slug, with a number behind it where it is taken."""
    name, number = slug, 1
    while name in taken:
        number += 1
        name = f"{slug[: _LONGEST - 1 - len(str(number))].rstrip('-._')}-{number}"
    return name


def is_slug(text: str) -> bool:
    """Return whether a text is a slug as it stands."""
    return SLUG.fullmatch(text) is not None


def is_call_name(text: str) -> bool:
    """Return whether callers can send a text as the name of a model."""
    return len(text) <= MOST_OF_A_NAME and CALL_NAME.fullmatch(text) is not None


def is_pattern(text: str) -> bool:
    """Return whether a text is a pattern: it ends in its only `*`."""
    return len(text) <= MOST_OF_A_NAME and PATTERN.fullmatch(text) is not None


def variable_of(text: str) -> str:
    """Return a name of a variable that holds the key of a thing: `GPT_4O_API_KEY`."""
    name = re.sub(r"[^A-Z0-9]+", "_", text.upper(), flags=re.ASCII).strip("_")
    return f"{'_' if name[:1].isdigit() else ''}{name or 'MODEL'}_API_KEY"
