"""What a report may say about a rule: its id, name and weight, one line about it and its page."""

from __future__ import annotations

from dataclasses import dataclass

from routecomp.diagnostics.diagnostic import Severity


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """One rule as the renderers see it.

    `id` is stable for ever (`RC301`), `name` is for people (`weights-sum`), `summary` is one plain line,
    `page` is the rule's documentation as markdown.
    """

    id: str
    name: str
    severity: Severity
    summary: str
    page: str
