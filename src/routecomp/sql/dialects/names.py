"""Name the dialects, for callers that need nothing else of them: a name costs nothing to load."""

from __future__ import annotations

_NAMES = ["postgres", "sqlite"]

DEFAULT_DIALECTS = ("postgres", "sqlite")
"""What a project without the setting `dialects` has migrations for; it stays when more dialects are listed."""


def dialect_names() -> tuple[str, ...]:
    """Return the names of all dialects, in the order in which they are listed everywhere."""
    return tuple(_NAMES)


def folder_names(joined_by: str = "and") -> str:
    """Return the folders of all dialects, for sentences: `a/ and b/`."""
    return f" {joined_by} ".join(f"{name}/" for name in _NAMES)


def add_name(name: str) -> None:
    """Add the name of a dialect behind the others, for the whole process."""
    _NAMES.append(name)


def remove_name(name: str) -> None:
    """Remove the name of a dialect; raise `ValueError` where it has none."""
    _NAMES.remove(name)
