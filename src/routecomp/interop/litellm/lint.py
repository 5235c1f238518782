"""Lint LiteLLM files: read them, and let every rule over them look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.diagnostics.rule import Scope
from routecomp.interop.litellm.groups import Groups
from routecomp.interop.litellm.read import Reading, read_litellm
from routecomp.interop.litellm.rule import Subject
from routecomp.interop.value import Kind
from routecomp.rules.registry import rules

MOST_SHOWN = 100
"""Findings of one rule in one file that are shown: what is wrong in all entries has one cause."""


@dataclass(frozen=True, slots=True)
class LintedFiles:
    """What linting found: findings, how many files were read, and the variables that the files ask for."""

    diagnostics: list[Diagnostic]
    files: int
    variables: tuple[str, ...]


def lint_litellm(
    paths: Sequence[Path], variables: frozenset[str] | None = None, ignored: frozenset[str] = frozenset()
) -> LintedFiles:
    """Lint each file with all it includes; a file that another one of `paths` includes is read with that one only.

    `variables` are the names of the environment that are set, None where nothing is known of it. Findings of the rules
    in `ignored` are left out. Raises OSError where one of `paths` cannot be read.
    """
    readings = {path.resolve(): read_litellm([path]) for path in paths}
    included = {Path(source.path).resolve() for reading in readings.values() for source in reading.files[1:]} - {
        path for path, reading in readings.items() if reading.config is None
    }
    diagnostics: list[Diagnostic] = []
    asked: set[str] = set()
    count = 0
    for path, reading in readings.items():
        if path not in included:
            count += len(reading.files)
            diagnostics += reading.diagnostics
            diagnostics += _judge(reading, variables)
            asked |= _variables(reading)
    kept = [each for each in diagnostics if each.rule not in ignored]
    return LintedFiles(sorted(kept, key=Diagnostic.sort_key), count, tuple(sorted(asked)))


def _judge(reading: Reading, variables: frozenset[str] | None) -> list[Diagnostic]:
    """Return what the rules find in one configuration."""
    if reading.config is None:
        return []
    subject = Subject(reading.config, Groups(reading.config), reading.exposed, variables)
    finders = (rule.find for rule in rules(Scope.LITELLM).values())
    return [diagnostic for find in finders if find is not None for diagnostic in _first(find(subject))]


def _first(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the findings of one rule, at most `MOST_SHOWN`, and one that says so where there are more."""
    shown = list(islice(_told_once(findings), MOST_SHOWN + 1))
    if len(shown) > MOST_SHOWN:
        help = "the others show once those above are gone"
        shown[-1] = replace(shown[-1], message="and more findings of this kind from here on", help=help, labels=())
    return shown


def _told_once(findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield findings without those that say the same of the same place: what is merged into many entries is one."""
    told: set[tuple[object, str]] = set()
    for finding in findings:
        key = (finding.span, finding.message)
        if key not in told:
            told.add(key)
            yield finding


def _variables(reading: Reading) -> set[str]:
    """Return the names of the environment variables that a configuration reads and does not set itself."""
    if reading.config is None:
        return set()
    read = {value.variable for value in reading.config.root.walk() if value.kind is Kind.ENVIRONMENT}
    return read - set(reading.config.environment_variables.fields) - {""}
