"""A migration in, what it does to the primaries of features out: who goes, who comes, what is asserted and recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from routecomp.sql.read.lexer import Token
from routecomp.sql.read.row_edits import Edit, assertion, assigned, edits, equal_to, inserted, strings, text_of
from routecomp.sql.read.script import Script, Statement

REGISTRY = "feature_models"
LEDGER = "model_promotions"
Kind = Literal["promotes", "demotes", "records", "creates"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a migration does to a feature, at which of its statements; None for a name it does not spell out.

    `creates` is a row of a new feature, which nobody had a primary of.
    """

    kind: Kind
    feature: str | None
    model: str | None
    token: Token
    at: int


@dataclass(frozen=True, slots=True)
class Asserted:
    """An assertion: the texts it holds, and at which statement it stands."""

    texts: frozenset[str]
    at: int

    def about(self, *texts: str | None) -> bool:
        """Whether all these texts stand in it; one that is not spelled out is in any."""
        return all(text is None or text in self.texts for text in texts)


@dataclass(frozen=True, slots=True)
class Swaps:
    """What a migration does to primaries, in order."""

    steps: tuple[Step, ...]
    asserted: tuple[Asserted, ...]

    def of(self, *kinds: Kind) -> list[Step]:
        """The steps of some kinds."""
        return [step for step in self.steps if step.kind in kinds]

    def is_new(self, feature: str | None) -> bool:
        """Whether the migration itself creates the feature."""
        return any(step.kind == "creates" and step.feature == feature for step in self.steps)


@lru_cache(maxsize=4)
def swaps(script: Script) -> Swaps:
    """The swaps of a file."""
    steps: list[Step] = []
    asserted: list[Asserted] = []
    for at, statement in enumerate(script.statements):
        if assertion(statement):
            asserted.append(Asserted(frozenset(strings(statement.tokens)), at))
            continue
        steps += _steps(statement, at)
    return Swaps(tuple(steps), tuple(asserted))


def _steps(statement: Statement, at: int) -> list[Step]:
    found: list[Step] = []
    for edit in edits(statement):
        if edit.table.name == REGISTRY:
            found += _of_registry(edit, at)
        elif edit.verb == "INSERT" and edit.table.name in (LEDGER, "features"):
            kind: Kind = "records" if edit.table.name == LEDGER else "creates"
            rows = inserted(edit)
            found += [
                Step(kind, text_of(row.get("feature")), text_of(row.get("to_model")), _first(row, edit), at)
                for row in rows
            ]
            if not rows:
                found.append(Step(kind, None, None, edit.word, at))
    return found


def _first(row: Mapping[str, Sequence[Token]], edit: Edit) -> Token:
    value = row.get("feature")
    return value[0] if value else edit.word


def _of_registry(edit: Edit, at: int) -> list[Step]:
    if edit.verb == "INSERT":
        return [
            Step("promotes", text_of(row.get("feature")), text_of(row.get("model")), row["status"][0], at)
            for row in inserted(edit)
            if text_of(row.get("status")) == "primary"
        ]
    condition = edit.condition
    feature, model = equal_to(condition, "feature"), equal_to(condition, "model")
    held = equal_to(condition, "status")
    if edit.verb == "DELETE":
        return [Step("demotes", feature, model, edit.word, at)] if held == "primary" else []
    status = assigned(edit.tokens).get("status")
    if status is None:
        return []
    if text_of(status) == "primary":
        return [Step("promotes", feature, model, status[0], at)]
    if text_of(status) is not None and held in ("primary", None):
        return [Step("demotes", feature, model, status[0], at)]
    return []
