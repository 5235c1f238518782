"""Find every name in a claim, with the kind of thing that it names there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from routecomp.model.claim import Claim
from routecomp.model.project import Declared, Entry
from routecomp.source.text import Span

ClaimedKind = Literal["tenant", "feature", "stack", "provider", "model or logical model"]
_PATHS: dict[ClaimedKind, tuple[str, ...]] = {
    "tenant": ("tenants",),
    "feature": ("features",),
    "stack": ("never_reaches", "stacks"),
    "provider": ("never_reaches", "providers"),
    "model or logical model": ("never_reaches", "models"),
}
"""The path of the list that holds the names of a kind."""


class NamedInClaim(NamedTuple):
    """A name in a claim, and the path to it within the body."""

    name: str
    entry: Entry[Claim]
    path: tuple[str | int, ...]

    @property
    def where(self) -> str:
        """Where it stands, in words."""
        return f"`{'.'.join(step for step in self.path if isinstance(step, str))}` of {self.entry.title}"

    @property
    def span(self) -> Span:
        """Where it stands in the file."""
        return self.entry.span(*self.path)


def names_in_claims(declared: Declared, kind: ClaimedKind) -> Iterator[NamedInClaim]:
    """Yield every name of a kind in the claims of a project."""
    path = _PATHS[kind]
    for entry in declared.claims.values():
        value: Any = entry.body
        for key in path:
            value = None if value is None else getattr(value, key)
        for position, name in enumerate(value or ()):
            yield NamedInClaim(name, entry, (*path, position))
