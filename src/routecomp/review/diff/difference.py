"""Define the shape of a difference: `Row` is one changed value of the YAML, `Group` decisions that change alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.review.analysis.guards import NOT_JUDGED, Judged
from routecomp.review.analysis.report import MoveReport
from routecomp.rules.waivers import Waiver
from routecomp.runtime.resolver import Decision
from routecomp.source.text import Span


class Severity(StrEnum):
    """How much a change weighs (docs/diff.md), the heaviest first.

    breaking: a call that was answered may no longer be, unless something outside of the project changes too;
    behavioural: the table is another one, so decisions, mirroring or circuit breakers may differ;
    cosmetic: the compiled table is the same.
    """

    BREAKING = "breaking"
    BEHAVIOURAL = "behavioural"
    COSMETIC = "cosmetic"


RANK = {severity: rank for rank, severity in enumerate(Severity)}
"""Severity to its sort key, the heaviest first."""


@dataclass(frozen=True, slots=True)
class Row:
    """One changed value: `primary` of the feature `support-chat`, from one model to another.

    `before` and `after` are the values as text, None where a side has none. `note` states a consequence (`+20 %`,
    `12 tenants`). `old_span` and `new_span` are the places of the value on both sides. `is_security` marks what says
    where requests and keys go (hosts, paths, variables of keys), and the settings that guard it.
    """

    kind: str
    name: str
    what: str
    before: str | None
    after: str | None
    severity: Severity
    note: str = ""
    old_span: Span | None = None
    new_span: Span | None = None
    is_security: bool = False


def by_weight(rows: Iterable[Row]) -> list[Row]:
    """Return rows with security first, then the heaviest; among equals their order stays."""
    return sorted(rows, key=lambda row: (not row.is_security, RANK[row.severity]))


class ChangedLine(NamedTuple):
    """A line of YAML: `sign` is `-` for one that went, `+` for one that came, a blank for one that stayed."""

    sign: str
    path: str
    line: int
    text: str


class MoveLines(NamedTuple):
    """The lines of YAML that cause a move, and how many changed values were left out that may cause it too.

    `spans` are the places of the values that the project has.
    """

    lines: tuple[ChangedLine, ...]
    left_out: int = 0
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Caller:
    """Tenants whose requests both tables decide alike, because they share one policy on each side.

    `tenants` are declared on at least one side. `without_tenant` says that requests without a tenant belong here,
    `undeclared` that requests of a tenant that neither side declares do. `tenant` is the one a witness names.
    """

    tenants: tuple[str, ...]
    without_tenant: bool
    undeclared: bool
    tenant: str | None

    @property
    def size(self) -> int:
        """The number of callers: each tenant, no tenant, and an undeclared tenant count as one each."""
        return len(self.tenants) + self.without_tenant + self.undeclared


@dataclass(frozen=True, slots=True)
class Case:
    """One changed decision: its caller, the preference named (None: none), and further hints of the request."""

    caller: Caller
    preference: str | None
    hints: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Decisions of one route that change alike.

    `argument` is `feature` or `model`, `name` the name it gives, and `route` the kind of route (after the change, where
    it has one there). `change` is a key of `CHANGES`. `before` and `after` are the decisions on the `witness`, a
    request as `routecomp resolve` reads it. `gates` are the environment variables that the witness needs set.
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
        """The number of decisions: one for each caller (a tenant counts as one), preference and hints."""
        return sum(case.caller.size for case in self.cases)

    @property
    def callers(self) -> list[Caller]:
        """The callers of the decisions, each once."""
        return list(dict.fromkeys(case.caller for case in self.cases))

    @property
    def preferences(self) -> list[str | None]:
        """The preferences of the decisions, each once."""
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
"""Every way a decision changes, with its text for people; a change is the first of these that applies."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """The result of comparing decisions.

    `compared` and `changed` are numbers of decisions, without those on requests with a hint other than the unit;
    `hints_left_out` is the number of hints that were not tried.
    """

    groups: tuple[Group, ...]
    compared: int
    changed: int
    hints_left_out: int = 0


@dataclass(frozen=True, slots=True)
class MigrationFile:
    """SQL that runs when the change is merged: its migration, its dialect, and whether it goes `up` or `down`."""

    id: str
    dialect: str
    way: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything a change does.

    `where` says where the other side stands (`on main`); the hashes are those of both tables. `refused` are the
    diagnostics of the rules of change, `waivers` the waivers in force. `declared` is False where the other side is
    a table, which has no YAML: rows then come from the tables and have no spans. `migrations` are the files that
    `compile` writes on top of those of the base branch. `moves` is what all requests were proven to do, None where
    that was not asked. `lines` are those of YAML that cause the first moves, in their order; None stands for a move
    whose lines were not looked for within the time. Without YAML on the other side there are none. `judged` is what
    guards and declared intents say of the moves.
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
    moves: MoveReport | None = None
    lines: tuple[MoveLines | None, ...] = ()
    judged: Judged = NOT_JUDGED

    @property
    def security(self) -> list[Row]:
        """The rows about where requests and keys go, which come before all others."""
        return [row for row in self.rows if row.is_security]

    @property
    def other_rows(self) -> list[Row]:
        """The rows about everything else."""
        return [row for row in self.rows if not row.is_security]

    @property
    def changed(self) -> bool:
        """Whether the two sides differ at all."""
        return bool(self.rows) or self.before_hash != self.after_hash

    def counts(self) -> dict[Severity, int]:
        """Count rows and groups by severity, 0 included; groups whose model and chain stay the same are not counted."""
        counts = dict.fromkeys(Severity, 0)
        groups = [group.severity for group in self.decisions.groups if group.change != "said"]
        for severity in [*(row.severity for row in self.rows), *groups]:
            counts[severity] += 1
        return counts
