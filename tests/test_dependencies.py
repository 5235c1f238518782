"""Compare the dependencies and extras of pyproject.toml with what the package, its tests and its benchmarks import."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
IMPORT = re.compile(r"^[ ]*(?:import|from) (\w+)(?:\.(\w+))?[ .\n]", re.MULTILINE)
SHARED = {"opentelemetry": {"sdk": "opentelemetry-sdk", "": "opentelemetry-api"}}
"""Packages that several distributions share: which one has a part of it."""


def declared(*extras: str) -> set[str]:
    """Return the distributions that the project itself and some of its extras depend on."""
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in PROJECT["optional-dependencies"][extra])]
    return {_normal(re.split(r"[\[<>=!~ ]", line)[0]) for line in lines}


def imported(folder: str) -> set[str]:
    """Return the installed distributions that the files of a folder import, at their top or inside a function."""
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / folder).rglob("*.py"))
    modules = {found for text in texts for found in IMPORT.findall(text) if found[0] != "routecomp"}
    shared = {SHARED[module].get(part, SHARED[module][""]) for module, part in modules if module in SHARED}
    names = {name for module, _ in modules if module not in SHARED for name in _distributions().get(module, [])}
    return shared | {_normal(name) for name in names}


def test_the_package_imports_its_dependencies_and_its_optional_drivers() -> None:
    """Nothing is imported that only a developer has, and nothing is installed that no file imports."""
    assert imported("src") == declared("postgres", "otel", "redis", "fsspec")


@pytest.mark.parametrize("folder", ["tests", "benchmarks"])
def test_the_developers_extras_hold_what_tests_import(folder: str) -> None:
    """Neither `make test` nor `make bench` relies on what another distribution happens to bring."""
    assert imported(folder) <= declared("dev", "dev-servers")


@cache
def _distributions() -> dict[str, list[str]]:
    return dict(packages_distributions())


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
