"""The fixtures of the rules of SQL: tests/migrations/<ID-name>/bad shows a rule, good is the same put right.

Below each of the two lie migrations as in generated/migrations/, a folder for each dialect. A line of carets in a bad
one says where the rule must point to: at what stands above them, from the first column where they follow `--` at
once. Those lines are taken out before anything reads the file.
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
    """The folder of every rule that reads the text of migrations, by id."""
    return sorted(FOLDER.glob("RC6*"))


def unmarked(text: str) -> tuple[str, list[tuple[int, int, int]]]:
    """The text without its markers, and what they mark: line, column, and the column behind."""
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
    """One side's files, path to bytes, and the places its markers name."""
    files: dict[str, bytes] = {}
    places: list[Place] = []
    for path in sorted((fixture / name).rglob("*.sql")):
        shown = f"{SHOWN}/{path.relative_to(fixture / name).as_posix()}"
        text, marked = unmarked(path.read_bytes().decode())
        files[shown] = text.encode()
        places += [(shown, *place) for place in marked]
    return files, places


def linted(fixture: Path, name: str) -> Linted:
    """What linting one side finds."""
    return lint_text(side(fixture, name)[0])


def place(one: Diagnostic) -> Place:
    """Where a finding stands; one of several lines ends with its first."""
    assert one.span is not None
    file = one.span.file
    line, column = file.location(one.span.start)
    end_line, end = file.location(one.span.end)
    return file.path, line, column, end if end_line == line else len(file.line_text(line)) + 1


def goldens(fixture: Path) -> dict[str, str]:
    """Return file name to text of every golden of a fixture. The text that people read stands on the rule's page."""
    result = linted(fixture, "bad")
    return {name: report(result, format) for format, name in golden_files(fixture).items() if format != "text"}
