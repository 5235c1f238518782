"""Read the fixtures of rules over LiteLLM files: tests/interop/rules/<ID-name>/{bad,good}/config.yaml."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from routecomp.diagnostics.render import render
from routecomp.diagnostics.rule import Scope
from routecomp.interop.environment import read_env_file
from routecomp.interop.litellm.lint import LintedFiles, lint_litellm
from routecomp.rules.registry import rules

FOLDER = Path(__file__).parent / "rules"
FILE = Path("config.yaml")
VARIABLES = "variables.env"
GOLDEN = "expected.txt"
VERSION = "0.0.0"


def litellm_fixtures() -> list[Path]:
    """Return the folder of every rule, by id."""
    return sorted(FOLDER.glob("RC*"))


def linted(fixture: Path, side: str) -> LintedFiles:
    """Lint the file of one side; the variables of `variables.env` beside it are set, if it is there."""
    variables = fixture / VARIABLES
    known = frozenset(read_env_file(variables.read_text(encoding="utf-8"))) if variables.exists() else None
    with _within(fixture / side):
        return lint_litellm([FILE], known)


def golden(fixture: Path) -> str:
    """Return the report of the bad side as text."""
    result = linted(fixture, "bad")
    return render("text", result.diagnostics, rules(Scope.LITELLM), version=VERSION, checked=result.files)


@contextmanager
def _within(folder: Path) -> Iterator[None]:
    """Work in a folder, so that reports name files as a user does who stands there."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
