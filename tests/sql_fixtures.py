"""Read the fixtures of the rules over SQL: tests/migrations/<ID-name>/bad shows a rule, good is the same put right.

Both hold migrations as generated/migrations/ does, in a folder for each dialect. In a bad one, a comment line of carets
says where the rule must point: at the text above the carets, or from the first column where they follow `--` at once.
The comment lines are removed before anything reads the file.
"""

from __future__ import annotations

import re
from pathlib import Path

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.sql.lint import Linted, lint_text
from tests.rule_fixtures import golden_files, report

FOLDER = Path(__file__).parent / "migrations"
SHOWN = "generated/migrations"
_MARKER = re.compile(r"--( *)(\^+)")
Place = tuple[str, int, int, int]
"""Path, line, column, and the column behind the end."""


def sql_fixtures() -> list[Path]:
    """Return the folder of every rule that reads the text of migrations, by id."""
    return sorted(FOLDER.glob("RC6*"))


def unmarked(text: str) -> tuple[str, list[tuple[int, int, int]]]:
    """Return a text without its marker lines, and the places they mark: line, column, and the column behind."""
    kept: list[str] = []
    places: list[tuple[int, int, int]] = []
    for line in text.split("\n"):
        match = _MARKER.fullmatch(line)
        if match is None:
            kept.append(line)
        else:
            places.append((len(kept), match.start(2) + 1 if match[1] else 1, match.end(2) + 1))
    return "\n".join(kept), places


def side(fixture: Path, name: str) -> tuple[dict[str, bytes], list[Place]]:
    """Return the files of one side, path to bytes, and the places its markers name."""
    files: dict[str, bytes] = {}
    places: list[Place] = []
    for path in sorted((fixture / name).rglob("*.sql")):
        shown = f"{SHOWN}/{path.relative_to(fixture / name).as_posix()}"
        text, marked = unmarked(path.read_bytes().decode())
        files[shown] = text.encode()
        places += [(shown, *place) for place in marked]
    return files, places


def linted(fixture: Path, name: str) -> Linted:
    """Lint one side."""
    return lint_text(side(fixture, name)[0])


def place(diagnostic: Diagnostic) -> Place:
    """Return the place of a diagnostic; one of several lines ends with its first line."""
    assert diagnostic.span is not None
    file = diagnostic.span.file
    line, column = file.location(diagnostic.span.start)
    end_line, end = file.location(diagnostic.span.end)
    return file.path, line, column, end if end_line == line else len(file.line_text(line)) + 1


def goldens(fixture: Path) -> dict[str, str]:
    """Return file name to text of every golden of a fixture. The text that people read stands on the rule's page."""
    result = linted(fixture, "bad")
    return {name: report(result, format) for format, name in golden_files(fixture).items() if format != "text"}
