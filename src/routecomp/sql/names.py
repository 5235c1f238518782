"""Say how a project's tables, and all that belongs to them, are called in its databases."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

LONGEST_NAME = 63
"""The most characters a name may have: databases cut longer ones."""
LONGEST_PREFIX = 19
"""The most characters a prefix may have, so that every table, index, trigger and function keeps its whole name."""
_HASH = 8
PLAIN = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)
"""A name that needs no quotes, unless it is a word of SQL."""
_USED = re.compile(rb"\b(?:([a-z_]\w*)\.)?([a-z]\w*_)?routecomp_assert\b")
_WRITTEN = re.compile(
    rb"(?:^|\r)CREATE (?:FUNCTION|TABLE) (?:([a-z_]\w*)\.)?([a-z]\w*_)?routecomp_assert\b", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a project in its databases: the schema, where there are schemas, and what every name begins with."""

    schema: str = "public"
    prefix: str = ""

    def of(self, name: str) -> str:
        """Return the name of a table, constraint, index, trigger or function of ours, without the schema.

        A constraint's name that is too long is shortened.
        """
        return shortened(self.prefix + name)

    def bare(self, name: str | None) -> str | None:
        """Return what `of` makes this name of; None for a name that has not our prefix."""
        return name.removeprefix(self.prefix) if name is not None and name.startswith(self.prefix) else None

    def taken_off(self, text: str) -> str:
        """Return a text with the default schema, and without the prefix wherever a word begins with it."""
        text = re.sub(rf"\b{self.schema}\.", f"{DEFAULT.schema}.", text)
        return re.sub(rf"\b{self.prefix}", "", text) if self.prefix else text


DEFAULT = Names()
"""The names of a project whose settings say nothing about them."""


def shortened(name: str) -> str:
    """Return a name that is not too long: of one that is, the end becomes a hash of the whole."""
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME - _HASH - 1]}_{sha256(name.encode()).hexdigest()[:_HASH]}"


def prefix_fault(prefix: str, reserved: Iterable[str]) -> tuple[str, str] | None:
    """Return what keeps names from beginning with this text, and the remedy; None where nothing does.

    `reserved` are the prefixes that databases keep for themselves.
    """
    if not PLAIN.fullmatch(prefix) or prefix.startswith("_"):
        return "a prefix has small letters, digits and `_`, and begins with a letter", instead(prefix, "_")
    if not prefix.endswith("_"):
        return "a prefix ends with `_`, so that names stay apart from it", f"write `{prefix}_`"
    if len(prefix) > LONGEST_PREFIX:
        return (
            f"it has {len(prefix)} characters; with more than {LONGEST_PREFIX}, names of triggers would have more than "
            f"the {LONGEST_NAME} that databases keep",
            f"choose one of at most {LONGEST_PREFIX} characters",
        )
    if prefix.startswith((*reserved, "routecomp_")):
        return (
            "names that begin so belong to the database, or to routecomp itself",
            "choose another prefix, such as `llm_`",
        )
    return None


def instead(name: str, ending: str = "") -> str:
    """Return the remedy for a name with characters that it may not have; the one that is proposed has an ending."""
    plain = re.sub(r"[^a-z0-9_]+", "_", name.lower())[: LONGEST_PREFIX - 1].strip("_")
    return f"write it as `{plain}{ending}`" if PLAIN.fullmatch(plain) else f"choose another, such as `llm{ending}`"


def written_names(files: Iterable[bytes], otherwise: Names = DEFAULT) -> Names | None:
    """Return the names in the files of migrations of one dialect; None where no file is a baseline.

    A dialect without schemas says nothing of the schema: that is taken from `otherwise`.
    """
    return _first_names(_WRITTEN, files, otherwise)


def used_names(files: Iterable[bytes], otherwise: Names) -> Names | None:
    """Return the names by which migrations of one dialect call what a baseline made; None where none asserts anything.

    `otherwise` is as for `written_names`.
    """
    return _first_names(_USED, files, otherwise)


def _first_names(pattern: re.Pattern[bytes], files: Iterable[bytes], otherwise: Names) -> Names | None:
    """Return the names in the first match of a pattern (schema, prefix); None without one."""
    match = next((match for data in files if (match := pattern.search(data)) is not None), None)
    if match is None:
        return None
    schema, prefix = (part.decode("ascii") if part is not None else None for part in match.groups())
    return Names(schema or otherwise.schema, prefix or "")
