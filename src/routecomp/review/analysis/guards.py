"""Hold a change to what it may move: what its base and its reviewer allow, and what it declares itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.model.guards import Guards, read_allowed
from routecomp.model.intent import Intent
from routecomp.review.analysis.read_intent import NOTHING, DeclaredIntent, unknown_names
from routecomp.review.analysis.report import MoveReport, MoveRow, request_json
from routecomp.review.analysis.side import UNDECLARED

_MOST_WORDS: Final = 300


class Broken(NamedTuple):
    """A guard that is broken: what it says, a request that shows it where there is one, and how many moves break it."""

    words: str
    request: str = ""
    moves: int = 0

    def __str__(self) -> str:
        """Write it as one sentence."""
        more = f" ({self.moves:,} moves in all)" if self.moves > 1 else ""
        return self.words + (f": {self.request}" if self.request else "") + more


class IntentWords(NamedTuple):
    """A declared intent: where it stands, and what it says on one line."""

    where: str
    words: str


@dataclass(frozen=True)
class Judged:
    """What guards say of a comparison.

    `broken` are the guards that are broken, `outside` is the number of moves that are not allowed: they are the first
    ones of the report. `intents` are the declared intents, and `findings` what is wrong in them.
    """

    broken: tuple[Broken, ...] = ()
    outside: int = 0
    intents: tuple[IntentWords, ...] = ()
    findings: tuple[Diagnostic, ...] = ()


NOT_JUDGED: Final = Judged()


Judging = Callable[[MoveReport], tuple[MoveReport, Judged]]
"""Says what may not move: takes a report, and returns it with those moves first."""


@dataclass(frozen=True)
class Judge:
    """What a change is held to: guards, each with where they stand (empty for options), and the intents it declares.

    `is_asked` says that there may be a declared intent at all: no push to a branch has one.
    """

    guards: Sequence[tuple[Guards, str]] = ()
    intents: Sequence[DeclaredIntent] = ()
    is_asked: bool = True

    def __bool__(self) -> bool:
        return any(guards for guards, _ in self.guards) or bool(self.intents)

    def __call__(self, moves: MoveReport) -> tuple[MoveReport, Judged]:
        """Return a report with the moves that are not allowed first, and what the guards say.

        A guard that a comparison cannot answer, because it is no proof, is broken.
        """
        broken, outside = list[Broken](), set[int]()
        if not moves.is_proven and self:
            over = f"{moves.unproven:,} of {moves.views:,} views were over the bound"
            broken.append(Broken(f"sampled, not proven: {over}"))
        for allows, words in self._limits(moves):
            rows = [number for number, row in enumerate(moves.rows) if not allows(row)]
            if rows:
                broken.append(Broken(words, request_json(moves.rows[rows[0]].request), len(rows)))
            outside |= {*rows}
        findings = [each for intent in self.intents for each in _findings(intent, moves)]
        broken += [Broken(f"the intent in {intent.where} cannot be read") for intent in self.intents if intent.errors]
        needs = [_words(where, "require_intent") for guards, where in self.guards if guards.require_intent]
        if needs and moves.rows and not self.intents and self.is_asked:
            broken.append(Broken(f"decisions change, and no intent is declared, which {needs[0]} asks for"))
        first = [row for number, row in enumerate(moves.rows) if number in outside]
        rest = [row for number, row in enumerate(moves.rows) if number not in outside]
        intents = tuple(IntentWords(each.where, _intent_words(each)) for each in self.intents if not each.errors)
        judged = Judged(tuple(broken), len(outside), intents, tuple(findings))
        return replace(moves, rows=(*first, *rest)), judged

    def _limits(self, moves: MoveReport) -> Iterable[tuple[Callable[[MoveRow], bool], str]]:
        """Yield each limit of what may move, and the words of one that is passed."""
        for guards, where in self.guards:
            if guards.no_decision_change:
                yield _none, f"a decision changes, which {_words(where, 'no_decision_change')} forbids"
            if guards.only:
                entry = _Allowed.by_words(guards.only, moves)
                yield entry.allows, f"a decision changes that {_words(where, 'only')} does not name"
        for intent in self.intents:
            if not intent.errors:
                entries = [_Allowed.by_intent(entry, moves) for entry in intent.entries]
                yield _any_of(entries), f"a decision outside of the declared intent ({intent.where}) changes"


@dataclass(frozen=True)
class _Allowed:
    """Moves that are allowed: of these callers, names and changes; None for all of them."""

    callers: frozenset[str | None] | None = None
    names: frozenset[tuple[str, str]] | None = None
    changes: frozenset[str] | None = None

    @classmethod
    def by_words(cls, words: Sequence[str], moves: MoveReport) -> _Allowed:
        """Read the words of `only`."""
        allowed = read_allowed(words)
        tenants = allowed.pop("tenant", None)
        names = [(argument, name) for argument, given in allowed.items() for name in given]
        return cls(None if tenants is None else frozenset(tenants), _known(names, moves) if allowed else None)

    @classmethod
    def by_intent(cls, intent: Intent, moves: MoveReport) -> _Allowed:
        """Read an entry of an intent."""
        others = [None] * intent.without_tenant + [UNDECLARED] * intent.undeclared_tenants
        has_callers = intent.tenants is not None or bool(others)
        has_names = intent.features is not None or intent.models is not None
        names = [("feature", name) for name in intent.features or ()] + [
            ("model", name) for name in intent.models or ()
        ]
        return cls(
            frozenset([*(intent.tenants or ()), *others]) if has_callers else None,
            _known(names, moves) if has_names else None,
            None if intent.changes is None else frozenset(intent.changes),
        )

    def allows(self, row: MoveRow) -> bool:
        """Return whether every call of a move is allowed."""
        return _any_of([self])(row)

    def takes(self, change: str, name: tuple[str, str], caller: str | None) -> bool:
        """Return whether the move of one caller, on one name, is allowed."""
        return (
            (self.changes is None or change in self.changes)
            and (self.names is None or name in self.names)
            and (self.callers is None or caller in self.callers)
        )


def _words(where: str, key: str) -> str:
    """Name a guard as its author wrote it: an option, or a setting of the base."""
    return f"`guards.{key}` {where}" if where else f"--{key.replace('_', '-')}"


def _none(row: MoveRow) -> bool:
    return False


def _any_of(entries: Sequence[_Allowed]) -> Callable[[MoveRow], bool]:
    """Return whether each call of a move is allowed by some entry; without entries none is."""

    def allows(row: MoveRow) -> bool:
        return all(
            any(entry.takes(row.move.change, name, caller) for entry in entries)
            for name, callers in row.who
            for caller in callers
        )

    return allows


def _known(names: Iterable[tuple[str, str]], moves: MoveReport) -> frozenset[tuple[str, str]]:
    """Return names as the rows of a report know them: an alias by the name that it stands for."""
    return frozenset(moves.names.get(name, name) for name in names)


def _findings(intent: DeclaredIntent, moves: MoveReport) -> list[Diagnostic]:
    return [*intent.errors, *unknown_names(intent, moves.tenants, moves.names)]


def _intent_words(intent: DeclaredIntent) -> str:
    """Write an intent on one line, as its author could have."""
    if not intent.entries:
        return NOTHING
    words = "; ".join(
        ", ".join(f"{key} {' '.join(value) if isinstance(value, tuple) else str(value).lower()}" for key, value in each)
        for each in (entry.plain().items() for entry in intent.entries)
    )
    return words if len(words) <= _MOST_WORDS else words[: _MOST_WORDS - 1] + "…"
