"""The shape of a difference: `Row` is one thing the YAML says otherwise, `Group` decisions that change alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from routecomp.diagnostics.diagnostic import Diagnostic
    from routecomp.rules.waivers import Waiver
    from routecomp.runtime.resolver import Decision
    from routecomp.source.text import Span


class Severity(StrEnum):
    """How much a change weighs (docs/diff.md), the heaviest first.

    breaking: a call that was answered may no longer be, unless something outside of the project changes too;
    behavioural: another table, so that decisions, mirroring or circuit breakers may be other ones;
    cosmetic: the compiled table is the same.
    """

    BREAKING = "breaking"
    BEHAVIOURAL = "behavioural"
    COSMETIC = "cosmetic"


RANK = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is said otherwise: `feature` `support-chat`, `primary`, from, to.

    `before` and `after` are the values in words, None where a side has none; `note` is what follows from it
    (`+20 %`, `12 tenants`); `was` and `now` are the places on both sides.
    """

    kind: str
    name: str
    what: str
    before: str | None
    after: str | None
    severity: Severity
    note: str = ""
    was: Span | None = None
    now: Span | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Caller:
    """Requests that both tables decide alike among each other, because they have one policy on each side.

    `tenants` are declared on one side at least; `nobody` says that requests without a tenant belong here,
    `stranger` that those of a tenant nobody declares do. `tenant` is the one a witness names.
    """

    tenants: tuple[str, ...]
    nobody: bool
    stranger: bool
    tenant: str | None

    @property
    def size(self) -> int:
        """How many kinds of caller these are: tenants, and the two that are none."""
        return len(self.tenants) + self.nobody + self.stranger


@dataclass(frozen=True, slots=True)
class Case:
    """One change of decision: whose, at which position of the dial (None: none named), with which further hints."""

    caller: Caller
    preference: str | None
    hints: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Decisions of one route that change alike.

    `argument` is `feature` or `model`, `name` what it names, `route` the kind of route; `change` is one of
    `CHANGES`; `before` and `after` are the decisions on the `witness`, a request as `routecomp resolve` reads it.
    """

    argument: str
    name: str
    route: str
    change: str
    severity: Severity
    before: Decision
    after: Decision
    witness: Mapping[str, object]
    cases: tuple[Case, ...]
    gates: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many decisions: one per tenant (or other caller), position of the dial and hints."""
        return sum(case.caller.size for case in self.cases)

    @property
    def callers(self) -> list[Caller]:
        """Whose decisions these are, each once."""
        return list(dict.fromkeys(case.caller for case in self.cases))

    @property
    def preferences(self) -> list[str | None]:
        """The positions of the dial, each once."""
        return list(dict.fromkeys(case.preference for case in self.cases))


CHANGES = {
    "rejected": "answered before, rejected now",
    "answered": "rejected before, answered now",
    "pick": "another model",
    "endpoint": "the same model at another endpoint",
    "chain": "the same model, other fallbacks",
    "refusal": "rejected as before, for another reason",
    "said": "the same model and chain; floor, variant or reasons differ",
}
"""Every way a decision changes, in words; a decision is the first of these that fits."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What comparing decisions found: `compared` and `changed` count them, `left_out` hints were not tried."""

    groups: tuple[Group, ...]
    compared: int
    changed: int
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class MigrationFile:
    """SQL that runs when the change is merged: of which migration, for which database, `up` or `down`."""

    id: str
    dialect: str
    way: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """All that a change does. `where` is where the other side stands; the hashes are both tables'.

    `refused` are the findings of the rules of change, `waivers` those in force. `declared` is False where the
    other side is a table, which holds no YAML: rows then come from the tables, without places. `migrations` are
    the files that `compile` writes on top of the base branch's.
    """

    where: str
    before_hash: str
    after_hash: str
    rows: tuple[Row, ...]
    decisions: Decisions
    refused: Sequence[Diagnostic] = ()
    waivers: Sequence[Waiver] = ()
    declared: bool = True
    migrations: Sequence[MigrationFile] = ()

    @property
    def changed(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.rows) or self.before_hash != self.after_hash

    def counts(self) -> dict[Severity, int]:
        """How many rows and groups there are of each severity, groups whose model and chain stay apart."""
        found = dict.fromkeys(Severity, 0)
        told = [one.severity for one in self.decisions.groups if one.change != "said"]
        for severity in [*(row.severity for row in self.rows), *told]:
            found[severity] += 1
        return found
