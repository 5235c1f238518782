"""Read the rule fixtures: tests/rules/<ID-name>/bad shows a rule as a user meets it, good is the project put right."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from routecomp.checker import Checked, Options, check
from routecomp.diagnostics.render import FORMATS, render
from routecomp.diagnostics.rule import Scope
from routecomp.parse import Limits
from routecomp.rules.registry import rules
from routecomp.sql.lint import Linted
from routecomp.workspace.load_settings import load_settings
from routecomp.workspace.unread import unread_files

FOLDER = Path(__file__).parent / "rules"
TODAY = date(2026, 11, 20)
VERSION = "0.0.0"
"""What reports of the goldens say the compiler's version is: goldens outlive releases."""
GOLDENS = {
    name: f"expected.{'txt' if name == 'text' else 'junit.xml' if name == 'junit' else name}" for name in FORMATS
}
"""Format to the file name of its golden."""
EVERY_FORMAT = {
    "RC112": "the tree of one file, with a fix",
    "RC205": "names, without a place",
    "RC312": "declarations together, with a fix and a second place",
    "RC402": "compiled policies, a warning",
    "RC503": "a change, with a place in the base",
    "RC641": "SQL, with a second place",
}
"""The rules whose fixtures show every format, and what each stands for. Of all others only the text is golden;
tests/diagnostics/test_reports.py renders the findings of every rule in every format."""


def fixtures() -> list[Path]:
    """Return the folder of every rule, by id."""
    return sorted(FOLDER.glob("RC*"))


def fixture_id(fixture: Path) -> str:
    """Return the id of the rule a fixture is about."""
    return fixture.name.split("-", 1)[0]


def files(project: Path) -> dict[str, bytes]:
    """Return the YAML files of a project's three folders: path to bytes."""
    paths = [path for folder in ("routes", "policies", "experiments") for path in (project / folder).rglob("*")]
    return {path.relative_to(project).as_posix(): path.read_bytes() for path in sorted(paths) if path.is_file()}


def checked(project: Path) -> Checked:
    """Check a fixture's project on the day of the goldens, under its own settings."""
    settings = load_settings(str(project))
    limits = Limits(max_bytes=settings.max_file_bytes)
    unread = unread_files(str(project))
    is_of_reach = fixture_id(project.parent) in rules(Scope.REACH)
    options = Options(TODAY, limits, settings.released, settings.key_names, unread, reach=is_of_reach)
    return check(files(project), options)


def golden_files(fixture: Path) -> dict[str, str]:
    """Return format to file name of the goldens that a fixture has."""
    return GOLDENS if fixture_id(fixture) in EVERY_FORMAT else {"text": GOLDENS["text"]}


def report(result: Checked | Linted, format: str) -> str:
    """Render the report of a check. Of the rules it describes only those found: a golden is about one."""
    ids = {diagnostic.rule for diagnostic in result.diagnostics}
    known = {id: rule for id, rule in rules().items() if id in ids}
    return render(format, result.diagnostics, known, version=VERSION, checked=result.files)


def goldens(fixture: Path) -> dict[str, str]:
    """Return file name to text of every golden of a fixture."""
    result = checked(fixture / "bad")
    return {name: report(result, format) for format, name in golden_files(fixture).items()}


def state_rules() -> list[str]:
    """Return the ids of the rules that read a project; rules of change have fixtures of another form.

    RC802 and RC836 have none: a project that is over the bound of proofs is no example; nor RC803, which has a base.
    """
    scopes = (Scope.TEXT, Scope.PROJECT, Scope.CLAIM, Scope.REACH)
    return [id for id in rules(*scopes) if id not in ("RC802", "RC803", "RC836")]
