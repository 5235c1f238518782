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
IMPORT = re.compile(r"^[ ]*(?:import|from) (\w+)[ .\n]", re.MULTILINE)


def declared(*extras: str) -> set[str]:
    """Return the distributions that the project itself and some of its extras depend on."""
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in PROJECT["optional-dependencies"][extra])]
    return {_normal(re.split(r"[\[<>=!~ ]", line)[0]) for line in lines}


def imported(folder: str) -> set[str]:
    """Return the installed distributions that the files of a folder import, at their top or inside a function."""
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / folder).rglob("*.py"))
    modules = {module for text in texts for module in IMPORT.findall(text)} - {"routecomp"}
    return {_normal(name) for module in modules for name in _distributions().get(module, [])}


def test_the_package_imports_its_dependencies_and_its_optional_driver() -> None:
    """Nothing is imported that only a developer has, and nothing is installed that no file imports."""
    assert imported("src") == declared("postgres")


@pytest.mark.parametrize("folder", ["tests", "benchmarks"])
def test_the_developers_extras_hold_what_tests_import(folder: str) -> None:
    """Neither `make test` nor `make bench` relies on what another distribution happens to bring."""
    assert imported(folder) <= declared("dev", "dev-servers")


@cache
def _distributions() -> dict[str, list[str]]:
    return dict(packages_distributions())


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
