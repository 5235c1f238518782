"""The fixtures of the rules of change: tests/changes/<ID-name>/before becomes after, which the rule refuses, or good.

Each of the three is laid over tests/changes/project, so that a folder holds only what its change is about.
"""

from __future__ import annotations

from pathlib import Path

from routecomp.checker import Checked, Options, check
from routecomp.diagnostics.rule import Scope
from routecomp.review.base.base import Base
from routecomp.rules.registry import rules
from tests.rule_fixtures import TODAY, files, golden_files, report

FOLDER = Path(__file__).parent / "changes"


def fixtures() -> list[Path]:
    """The folder of every rule of change, by id."""
    return sorted(FOLDER.glob("RC*"))


def change_rules() -> list[str]:
    """The folder names of all rules of change, by id."""
    return [f"{id}-{rule.name}" for id, rule in rules(Scope.CHANGE).items()]


def side(fixture: Path, name: str) -> dict[str, bytes]:
    """The whole project of one side: path to bytes."""
    return {**files(FOLDER / "project"), **files(fixture / name)}


def checked(fixture: Path, after: str) -> Checked:
    """The change from `before` to another side, checked on the day of the goldens."""
    return changed(side(fixture, "before"), side(fixture, after))


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> Checked:
    """The change from one project to another, checked on the day of the goldens."""
    return check(after, Options(TODAY), base=Base("on main", "main:", before))


def goldens(fixture: Path) -> dict[str, str]:
    """File name to text of every golden of a fixture."""
    result = checked(fixture, "after")
    return {name: report(result, format) for format, name in golden_files(fixture).items()}
