"""Read what a migration does to the primaries of features: who goes, who comes, what is asserted and recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from routecomp.sql.read.lexer import Token
from routecomp.sql.read.row_edits import (
    Edit,
    assertion,
    assigned_cells,
    edits,
    equal_to,
    inserted_rows,
    strings,
    text_of,
)
from routecomp.sql.read.script import Script, Statement

REGISTRY = "feature_models"
LEDGER = "model_promotions"
Kind = Literal["promotes", "demotes", "records", "creates"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a migration does to a feature.

    A step `promotes` or `demotes` a model, `records` a change of primary in the ledger, or `creates` a feature, which
    had no primary. `feature` and `model` are None where the migration does not spell them out; the model of `records`
    is the new primary. `place` is the number of the statement.
    """

    kind: Kind
    feature: str | None
    model: str | None
    token: Token
    place: int


@dataclass(frozen=True, slots=True)
class Assertion:
    """An assertion: the texts of the literals in it, and the number of its statement."""

    texts: frozenset[str]
    place: int

    def about(self, *texts: str | None) -> bool:
        """Return whether all these texts stand in the assertion; None, for one that is not spelled out, is in any."""
        return all(text is None or text in self.texts for text in texts)


@dataclass(frozen=True, slots=True)
class Swaps:
    """What a migration does to primaries, in order."""

    steps: tuple[Step, ...]
    assertions: tuple[Assertion, ...]

    def of(self, *kinds: Kind) -> list[Step]:
        """Return the steps of these kinds."""
        return [step for step in self.steps if step.kind in kinds]

    def is_new(self, feature: str | None) -> bool:
        """Return whether the migration itself creates the feature."""
        return any(step.kind == "creates" and step.feature == feature for step in self.steps)


@lru_cache(maxsize=4)
def swaps(script: Script) -> Swaps:
    """Return the swaps of a file: its steps and assertions, in order."""
    steps: list[Step] = []
    assertions: list[Assertion] = []
    for index, statement in enumerate(script.statements):
        if assertion(statement, script.dialect.names):
            assertions.append(Assertion(frozenset(strings(statement.tokens)), index))
            continue
        steps += _steps(script, statement, index)
    return Swaps(tuple(steps), tuple(assertions))


def _steps(script: Script, statement: Statement, index: int) -> list[Step]:
    """Return what a statement does to primaries; `index` is its number."""
    steps: list[Step] = []
    for edit in edits(statement):
        table = script.bare(edit.table.name)
        if table == REGISTRY:
            steps += _of_registry(edit, index)
        elif edit.verb == "INSERT" and table in (LEDGER, "features"):
            kind: Kind = "records" if table == LEDGER else "creates"
            rows = inserted_rows(edit)
            steps += [
                Step(kind, text_of(row.get("feature")), text_of(row.get("to_model")), _first(row, edit), index)
                for row in rows
            ]
            if not rows:
                steps.append(Step(kind, None, None, edit.word, index))
    return steps


def _first(row: Mapping[str, Sequence[Token]], edit: Edit) -> Token:
    """Return the first token of the row's feature; the word of the edit where it gives none."""
    value = row.get("feature")
    return value[0] if value else edit.word


def _of_registry(edit: Edit, index: int) -> list[Step]:
    """Return the step of an edit of the registry; none where it does not touch a primary.

    An UPDATE to another status demotes also where it does not ask for the status until then.
    """
    if edit.verb == "INSERT":
        return [
            Step("promotes", text_of(row.get("feature")), text_of(row.get("model")), row["status"][0], index)
            for row in inserted_rows(edit)
            if text_of(row.get("status")) == "primary"
        ]
    condition = edit.condition
    feature, model = equal_to(condition, "feature"), equal_to(condition, "model")
    expected = equal_to(condition, "status")
    if edit.verb == "DELETE":
        return [Step("demotes", feature, model, edit.word, index)] if expected == "primary" else []
    status = assigned_cells(edit.tokens).get("status")
    if status is None:
        return []
    if text_of(status) == "primary":
        return [Step("promotes", feature, model, status[0], index)]
    if text_of(status) is not None and expected in ("primary", None):
        return [Step("demotes", feature, model, status[0], index)]
    return []
