"""Name the routers whose files can be imported, and read their files with the reader of each."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.interop.catalogue import Catalogue
from routecomp.interop.environment import Environment
from routecomp.interop.from_litellm.convert import convert as convert_litellm
from routecomp.interop.imported import Conversion
from routecomp.interop.litellm.read import read_litellm
from routecomp.interop.located import NotThisError, merged, read_json, read_toml
from routecomp.interop.openrouter import convert_openrouter
from routecomp.interop.portkey import convert_portkey
from routecomp.interop.tensorzero import SECTIONS, convert_tensorzero
from routecomp.interop.value import Value

Taken = Mapping[str, Container[str]]


class Given(NamedTuple):
    """What an import is given beside its files: variables, prices, names that are taken, names that callers send."""

    environment: Environment
    catalogue: Catalogue
    taken: Taken
    calls: tuple[str, ...] = ()


Source = Callable[[Sequence[Path], Given], Conversion]


class NotReadError(Exception):
    """The files of a source cannot be read as what they should be; `diagnostics` say why."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics


def _litellm(paths: Sequence[Path], given: Given) -> Conversion:
    """Read LiteLLM files."""
    reading = read_litellm(paths)
    if reading.config is None:
        raise NotReadError(reading.diagnostics)
    return convert_litellm(reading.config, given.environment, given.catalogue, given.taken, given.calls)


def _tensorzero(paths: Sequence[Path], given: Given) -> Conversion:
    """Read TensorZero files, merged as the gateway merges those that a pattern names."""
    roots = [read_toml(path.as_posix(), path.read_bytes()) for path in paths]
    root = merged(roots)
    if not SECTIONS & root.fields.keys():
        raise NotThisError(f"{paths[0]}:1:1: it has no section of TensorZero", "name a tensorzero.toml")
    return convert_tensorzero(root, paths[0].name, given.environment, given.catalogue, given.taken)


def _portkey(paths: Sequence[Path], given: Given) -> Conversion:
    """Read a Portkey config."""
    return convert_portkey(_only(paths), given.environment, given.catalogue, given.taken)


def _openrouter(paths: Sequence[Path], given: Given) -> Conversion:
    """Read a request for OpenRouter, or its list of models."""
    return convert_openrouter(_only(paths), given.catalogue, given.taken)


def _only(paths: Sequence[Path]) -> Value:
    """Return the value of the only file; raise `NotThisError` where there are several."""
    if len(paths) > 1:
        raise NotThisError(
            f"{len(paths)} files are given", "give one: each is a config of its own, for a folder of its own"
        )
    return read_json(paths[0].as_posix(), paths[0].read_bytes())


SOURCES: dict[str, Source] = {
    "litellm": _litellm,
    "tensorzero": _tensorzero,
    "portkey": _portkey,
    "openrouter": _openrouter,
}
"""The routers by their names in the command."""


def read_source(name: str, paths: Sequence[Path], given: Given) -> Conversion:
    """Return the project that the files of a router make; raise `NotReadError` where they are none of its files."""
    return SOURCES[name](paths, given)
