"""Walk the fallbacks of a LiteLLM file as its Router does: which names are tried behind a name, in which order.

Checked against the Router of LiteLLM 1.110.2 on drawn files (tests/interop/importing/test_litellm_chains.py).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field

from routecomp.interop.catalogue import Catalogue
from routecomp.interop.from_litellm.upstream import name_provider
from routecomp.interop.litellm.names import names

MOST_HOPS = 5
"""How deep LiteLLM follows the fallbacks of fallbacks where a file states no `max_fallbacks`."""
ANY = "*"


@dataclass(slots=True)
class Chains:
    """What follows which name, in the order of the file; the list of any name stands under `*`.

    `groups` are the names of groups as they are written.
    """

    catalogue: Catalogue
    groups: Container[str] = ()
    most: int = MOST_HOPS
    lists: list[tuple[str, list[str]]] = field(default_factory=list)

    def walk(self, name: str, is_served: Callable[[str], bool]) -> Iterator[str]:
        """Yield the names that are tried behind one, depth first; some may be served by the same models."""
        yield from self._walk(name, name, 0, set(), is_served)

    def _walk(
        self, name: str, head: str, depth: int, tried: set[str], is_served: Callable[[str], bool]
    ) -> Iterator[str]:
        """Yield what follows a name that failed; `head` is the one that was asked for, whose own list counts too."""
        listed = self._listed(name, head)
        if listed is None or depth >= self.most:
            return
        tried.add(name)
        for other in listed:
            if other in tried:
                continue
            tried.add(other)
            depth += 1
            if is_served(other):
                yield other
            else:  # LiteLLM answers a name that nothing defines by the first of those that follow any name
                first = next((listed[:1] for key, listed in self.lists if key == ANY), [])
                yield from (each for each in first if each in self.groups)
            yield from self._walk(other, head, depth, tried, is_served)

    def _listed(self, name: str, head: str) -> list[str] | None:
        """Return the list that counts for a name: its own, else that of the head, else the list of any name."""
        for each in (name, head):
            if (own := self.own(each)) is not None:
                return own
        return self._of_any()

    def own(self, name: str) -> list[str] | None:
        """Return the list of one name: an exact match counts before one without, or with, the provider before it."""
        nearly = None
        for key, listed in self.lists:
            if key == name:
                return listed
            if self.is_nearly(key, name):
                nearly = listed
        return nearly

    def is_nearly(self, key: str, name: str) -> bool:
        """Return whether LiteLLM takes the key of a list for a name, where one of them has the provider before it."""
        prefix, slash, _ = name.partition("/")
        if slash:
            return prefix in names("providers") and name.replace(f"{prefix}/", "") == key
        provider, _, rest = key.partition("/")
        if rest != name:
            return False
        named = name_provider(name, "", "", self.catalogue)
        return named is not None and named.kind == provider

    def _of_any(self) -> list[str] | None:
        """Return the list that follows any name: the last that is written."""
        return next((listed for key, listed in reversed(self.lists) if key == ANY), None)
