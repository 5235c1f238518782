"""Read the fixtures of the rules over changes: tests/changes/<ID-name>/before becomes after (refused), or good.

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
    """Return the folder of every rule over changes, by id."""
    return sorted(FOLDER.glob("RC*"))


def change_rules() -> list[str]:
    """Return the folder names of all rules over changes, by id."""
    return [f"{id}-{rule.name}" for id, rule in rules(Scope.CHANGE).items()]


def side(fixture: Path, name: str) -> dict[str, bytes]:
    """Return the whole project of one side: path to bytes."""
    return {**files(FOLDER / "project"), **files(fixture / name)}


def checked(fixture: Path, after: str) -> Checked:
    """Check the change from `before` to another side, on the day of the goldens."""
    return changed(side(fixture, "before"), side(fixture, after))


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> Checked:
    """Check the change from one project to another, on the day of the goldens."""
    return check(after, Options(TODAY), base=Base("on main", "main:", before))


def goldens(fixture: Path) -> dict[str, str]:
    """Return file name to text of every golden of a fixture."""
    result = checked(fixture, "after")
    return {name: report(result, format) for format, name in golden_files(fixture).items()}
