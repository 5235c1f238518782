"""Name the routers whose files can be imported, and read their files with the reader of each."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from pathlib import Path

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.interop.catalogue import Catalogue
from routecomp.interop.environment import Environment
from routecomp.interop.from_litellm.convert import convert as convert_litellm
from routecomp.interop.imported import Conversion
from routecomp.interop.litellm.read import read_litellm

Taken = Mapping[str, Container[str]]
Source = Callable[[Sequence[Path], Environment, Catalogue, Taken], Conversion]


class NotReadError(Exception):
    """The files of a source cannot be read as what they should be; `diagnostics` say why."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics


def _litellm(paths: Sequence[Path], environment: Environment, catalogue: Catalogue, taken: Taken) -> Conversion:
    """Read LiteLLM files."""
    reading = read_litellm(paths)
    if reading.config is None:
        raise NotReadError(reading.diagnostics)
    return convert_litellm(reading.config, environment, catalogue, taken)


SOURCES: dict[str, Source] = {"litellm": _litellm}
"""The routers by their names in the command."""


def read_source(
    name: str, paths: Sequence[Path], environment: Environment, catalogue: Catalogue, taken: Taken
) -> Conversion:
    """Return the project that the files of a router make; raise `NotReadError` where they are none of its files."""
    return SOURCES[name](paths, environment, catalogue, taken)
