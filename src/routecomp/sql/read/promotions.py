"""Read what a migration does to the primaries of features: who goes, who comes, what is asserted and recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from routecomp.sql.read.lexer import Token
from routecomp.sql.read.renamed_rows import renamed_slug
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
from routecomp.sql.read.statement import Tokens

REGISTRY = "feature_models"
LEDGER = "model_promotions"
NOBODY = ""
"""Stands for the primary of a feature that is not there."""
Kind = Literal["promotes", "demotes", "records", "creates", "renames"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a migration does to a feature.

    A step `promotes` or `demotes` a model, `records` a change of primary in the ledger, `creates` a feature, which
    had no primary, or `renames` a feature, or else a model, that was called `before`. `feature` and `model` are None
    where the migration does not spell them out; the model of `records` is the new primary, and `before` the old one,
    each `NOBODY` where it is NULL. `place` is the statement's number.
    `is_sure` is false for a step that demotes the primary, or else somebody who is none: it does not ask which.
    """

    kind: Kind
    feature: str | None
    model: str | None
    token: Token
    place: int
    before: str | None = None
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Changed:
    """A change of a feature's primary by a `step`: from whom to whom, None for one that is not spelled out."""

    old: str | None
    new: str | None
    step: Step


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

    def changes(self) -> dict[str | None, list[Changed]]:
        """Return the changes of each feature's primary, in order.

        A migration that does what a dialect has missed may hold several of one feature, which may go and come back.
        """
        lives: dict[str | None, _Life] = {}
        for step in self.steps:
            if step.kind != "renames":
                lives.setdefault(step.feature, _Life()).take(step)
            elif step.feature is not None:
                lives.setdefault(step.feature, _Life()).go_on(lives.get(step.before))
            else:
                for life in lives.values():
                    life.now = step.model if life.now == step.before else life.now
        ended = {feature: life.ended() for feature, life in lives.items()}
        return {feature: changes for feature, changes in ended.items() if changes}

    def is_new(self, feature: str | None) -> bool:
        """Return whether the migration itself creates the feature."""
        return any(step.kind == "creates" and step.feature == feature for step in self.steps)


class _Life:
    """What happens to the primary of one feature, step by step."""

    def __init__(self) -> None:
        self.changes: list[Changed] = []
        self.now: str | None = None
        self.left: Step | None = None
        """The step by which the primary has left; None while it is there."""

    def take(self, step: Step) -> None:
        if step.kind == "demotes":
            is_other = None not in (self.now, step.model) and self.now != step.model
            if not is_other and (self.left is None or not self.left.is_sure):
                self.left = step
        elif step.kind == "creates":
            self._go()
            self.now = NOBODY
        elif step.kind == "promotes":
            if self.left is None and step.model is not None and self.now == step.model:
                return  # it is the primary already
            # Somebody who may have been a shadow is not said to have been the primary.
            known = self.left.model if self.left is not None and self.left.is_sure else None
            self.changes.append(Changed(known if known is not None else self.now, step.model, step))
            self.now, self.left = step.model, None

    def go_on(self, other: _Life | None) -> None:
        """Take over the primary of a feature that gets this one's name; None for one of which nothing is known.

        Whoever had the name until then is gone: where its primary left, that is a change of its own.
        """
        self.ended()
        self.now, self.left = (None if other is None else other.now), None
        if other is not None:
            other.now = other.left = None

    def ended(self) -> list[Changed]:
        """Return the changes; a primary that has left and whom nobody followed is one."""
        if self.left is not None and (self.left.is_sure or not self.changes):
            self._go()
        return self.changes

    def _go(self) -> None:
        if self.left is not None:
            self.changes.append(Changed(self.left.model if self.left.is_sure else None, NOBODY, self.left))
            self.now, self.left = NOBODY, None


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
    renamed = renamed_slug(statement, script.dialect.names)
    if renamed is not None:
        kind, old, new = renamed
        feature, model = (new if kind == each else None for each in ("feature", "model"))
        word = edits(statement)[0].word
        return [Step("renames", feature, model, word, index, old)] if feature or model else []
    for edit in edits(statement):
        table = script.bare(edit.table.name)
        if table == REGISTRY:
            steps += _of_registry(edit, index)
        elif edit.verb == "INSERT" and table in (LEDGER, "features"):
            does: Kind = "records" if table == LEDGER else "creates"
            rows = inserted_rows(edit)
            steps += [
                Step(
                    does,
                    text_of(row.get("feature")),
                    _model_in(row, "to_model"),
                    _first(row, edit),
                    index,
                    _model_in(row, "from_model"),
                )
                for row in rows
            ]
            if not rows:
                steps.append(Step(does, None, None, edit.word, index))
    return steps


def _model_in(row: Mapping[str, Tokens], column: str) -> str | None:
    """Return the model in a row of the ledger: `NOBODY` for NULL, None where it is not spelled out."""
    value = row.get(column)
    return NOBODY if value and len(value) == 1 and value[0].up == "NULL" else text_of(value)


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
        return [Step("demotes", feature, model, status[0], index, is_sure=expected is not None)]
    return []
