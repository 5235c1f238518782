"""Describe a rule: its id and names, what it reads, how much its findings weigh, its page and its finder."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, NamedTuple

from routecomp.diagnostics.diagnostic import Diagnostic, Severity

CHAPTERS = {
    "1": "the text and the shape of one file",
    "2": "names and references",
    "3": "what the declarations mean together",
    "4": "what the compiled table would do",
    "5": "the change against the base branch",
    "6": "SQL migrations",
    "7": "files of LiteLLM",
    "8": "claims, moves and reach, proven for every request",
}
"""What the rules of each hundred are about, by the first digit of their ids."""


class Scope(StrEnum):
    """What a rule reads. The finder of a rule takes the object that its scope names."""

    TEXT = "text"
    """One YAML file: its bytes, its syntax, the shape of its bodies. Parser and model find these; no finder."""
    PROJECT = "project"
    """Everything a project declares (`model.project.Declared`)."""
    CHANGE = "change"
    """A project and the base it is compared with (`rules.change.change.Change`)."""
    MIGRATION = "migration"
    """The text of one SQL migration (`sql.read.script.Script`)."""
    HISTORY = "history"
    """All migrations of a project, and those of its base branch (`sql.history.History`)."""
    LITELLM = "litellm"
    """The files of one LiteLLM (`interop.litellm.config.LiteLLMConfig`)."""
    CLAIM = "claim"
    """The claims of a program, and its compiled table. The proofs find these; no finder."""
    REACH = "reach"
    """A program and its compiled table, for every request. The proofs of `check --reach` find these; no finder."""
    MOVE = "move"
    """Two tables, compared for every request, and what a change may move. `diff` finds these; no finder."""


class Status(StrEnum):
    """Whether a rule is looked for. The id of a deprecated rule stays known, so that old waivers can be read."""

    ACTIVE = "active"
    DEPRECATED = "deprecated"


class Rule(NamedTuple):
    """One rule.

    `id` is stable for ever (`RC301`), `name` is for people (`weights-sum`), `aliases` are other names it is known
    by (`L01`). `page` is the documentation as markdown; its first line is the summary. `find` yields the findings
    in what the scope names; it is None where an earlier stage finds them. Findings of a `waivable` rule may be
    waived in writing. `applies` says whether a rule over SQL is about a dialect (`sql.dialects`); None for all.
    `replaced_by` is the id of the rule that finds today what a deprecated one found. `follows` are the rules whose
    errors in a body bring about what this rule finds in it: beside one of them it says nothing about that body.
    """

    id: str
    name: str
    scope: Scope
    severity: Severity
    page: str
    find: Callable[[Any], Iterable[Diagnostic]] | None = None
    waivable: bool = False
    aliases: tuple[str, ...] = ()
    applies: Callable[[Any], bool] | None = None
    status: Status = Status.ACTIVE
    replaced_by: str = ""
    follows: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """The first line of the page."""
        return self.page.split("\n", 1)[0]

    @property
    def chapter(self) -> str:
        """What the rules of this hundred are about."""
        return CHAPTERS[self.id[2]]

    @property
    def remarks(self) -> str:
        """Sentences for the head of the page: other names, and what replaced a deprecated rule; mostly empty."""
        sentences = [f"Also known as {' and '.join(self.aliases)}."] if self.aliases else []
        if self.status is Status.DEPRECATED:
            successor = f": {self.replaced_by} replaces it" if self.replaced_by else ""
            sentences.append(f"Deprecated{successor}.")
        return " ".join(sentences)
