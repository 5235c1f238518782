"""List the names that callers may send as `model`, and find the pattern that an undeclared name begins with.

docs/semantics.md, section 4, "Which route": exact names come first, and of the patterns the longest counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from routecomp.model.fields import CALL_NAME
from routecomp.model.project import Declared, Entry

Kind = Literal["model", "logical model", "target", "alias", "pattern", "public model id"]

_LETTERS = tuple(chr(code) for code in range(33, 127) if code != ord("*"))


@dataclass(frozen=True, slots=True)
class CallName:
    """One name, what it is, and where it is declared: an entry and a path there."""

    name: str
    kind: Kind
    entry: Entry[Any]
    path: tuple[str | int, ...] = ()

    @property
    def title(self) -> str:
        """How messages name it: kind and name, and the entry of an alias, a pattern or a public model id."""
        of = f" of {self.entry.title}" if self.kind in ("alias", "pattern", "public model id") else ""
        return f"{self.kind} `{self.name}`{of}"


def call_names(declared: Declared) -> Iterator[CallName]:
    """Yield every name that callers may send, in the order in which one of two equal names counts as the first.

    A logical slug and a public model id, which several bodies may share, are yielded once, for the first of these.
    """
    for slug, model in declared.models.items():
        yield CallName(slug, "model", model)
    for slug, hosts in declared.logical_models.items():
        yield CallName(slug, "logical model", hosts[0], ("logical_slug",))
    for slug, target in declared.targets.items():
        yield CallName(slug, "target", target)
    bodies: list[Entry[Any]] = [*declared.targets.values(), *declared.features.values(), *declared.models.values()]
    for entry in bodies:
        for position, alias in enumerate(entry.body.aliases):
            yield CallName(alias, "pattern" if alias.endswith("*") else "alias", entry, ("aliases", position))
    ids: set[str] = set()
    for experiment in declared.experiments.values():
        name = experiment.body.public_model_id
        if name not in ids:
            ids.add(name)
            yield CallName(name, "public model id", experiment, ("public_model_id",))


def pattern_of(name: str, patterns: Iterable[str]) -> str | None:
    """Return the longest of some patterns that a name begins with; None if there is none."""
    return max((text for text in patterns if name.startswith(text[:-1])), key=len, default=None)


def is_covered(pattern: str, patterns: Iterable[str], declared: Collection[str]) -> bool:
    """Return whether no call name reaches a pattern: each one that begins so is declared, or begins with a longer one.

    `*` is reached by the empty name, which no longer pattern covers. Only the other patterns that begin with the same
    text are followed, so the search ends.
    """
    if pattern == "*":
        return False
    longer = {text[:-1] for text in patterns if text != pattern and text.startswith(pattern[:-1])}
    begun = {text[:end] for text in longer for end in range(len(text) + 1)}

    def reached(start: str) -> bool:
        """Return whether some name that begins with `start` reaches the pattern."""
        if start in longer:
            return False
        if start not in begun:
            return True
        if CALL_NAME.fullmatch(start) is not None and start not in declared:
            return True
        letters = _LETTERS if start[-1:] in ("", " ") else (*_LETTERS, " ")  # spaces stand inside, one at a time
        return any(reached(start + letter) for letter in letters)

    return bool(longer) and not reached(pattern[:-1])
