"""Decide which environment variables may hold a provider's key: the setting `key_names`, and names that never may."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from routecomp.diagnostics.credentials.names import WORDS_OF_VARIABLES, variable_in

DEFAULT_KEY_NAMES = ("*_API_KEY", "*_KEY", "*_TOKEN", "AWS_BEARER_TOKEN_*")
"""The default of the setting `key_names`."""
NEVER = ("GITHUB_*", "CI_*", "ACTIONS_*")
"""Names that no setting can allow: a build machine keeps its own credentials in variables that begin so."""

_PATTERN = re.compile(r"[A-Za-z_*][A-Za-z0-9_*]*", re.ASCII)


def is_key_name(name: str, patterns: Iterable[str]) -> bool:
    """Return whether a pattern matches the whole of a name, small and capital letters apart, and none of `NEVER` does.

    `*` stands for any characters, also none.
    """
    return is_never(name) is None and any(fnmatchcase(name, pattern) for pattern in patterns)


def is_never(name: str) -> str | None:
    """Return the pattern of `NEVER` that matches a name, small letters counting as capitals; None if there is none.

    Where variables are known in either case (on Windows), `github_token` is GITHUB_TOKEN.
    """
    return next((pattern for pattern in NEVER if fnmatchcase(name.upper(), pattern)), None)


def key_variable(value: str, patterns: Iterable[str]) -> str | None:
    """Return the variable whose name a value is, where it seems to hold a key; None for any other value.

    Its name is one that a pattern with letters of its own matches, or in capitals and of words that credentials have.
    """
    name = variable_in(value)
    if name is None or "_" not in name:
        return None
    if not WORDS_OF_VARIABLES.isdisjoint(name.lower().split("_")) and name.isupper():
        return name
    return name if is_key_name(name, [pattern for pattern in patterns if pattern.strip("*_")]) else None


def pattern_fault(pattern: str) -> str | None:
    """Return what is wrong with a text as a pattern of names (a predicate for a message); None if nothing is."""
    if not _PATTERN.fullmatch(pattern):
        return "is no pattern of names: letters, digits, `_` and `*` are"
    never = is_never(pattern)
    return None if never is None else f"allows nothing: names like {never} never hold the key of a provider"
