"""Several changes of a primary in one migration: what `compile` writes is clean, a wrong order is not."""

from __future__ import annotations

import random
from datetime import date
from itertools import pairwise, product

import pytest

from routecomp.checker import Options, check
from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.dialects.registry import dialect
from routecomp.sql.diff import change
from routecomp.sql.lint import lint_text
from routecomp.sql.state import DatabaseState, database_state
from routecomp.sql.statements import change_statements, transaction
from tests.cli.transcripts import SMALL
from tests.database.histories import states
from tests.seeds import FRESH

LIVES = (
    "",
    "claude: primary, mistral-large: shadow",
    "claude: shadow, mistral-large: primary",
    "mistral-large: primary",
    "claude: primary, mistral-large: retired",
)


def _state(models: str) -> DatabaseState:
    feature = f"\n  mail:\n    models: {{{models}}}\n" if models else ""
    files = {path: text.replace("\ntargets:", f"{feature}\ntargets:").encode() for path, text in SMALL.items()}
    program = check(files, Options(today=date(2026, 11, 20))).program
    assert program is not None
    return database_state(program)


def _caught_up(history: list[DatabaseState]) -> dict[str, bytes]:
    """Return one migration for each dialect that does every change of a history, one behind the other."""
    parts = [change(was, now) for was, now in pairwise(history)]
    files = {}
    for name in dialect_names():
        own = dialect(name)
        body = [text for part in parts if part for text in change_statements(part, "0002_all", own)]
        files[f"{name}/0002_all.up.sql"] = transaction("0002_all", "all", body, own)
    return files


def test_every_life_of_a_feature_is_clean() -> None:
    """A feature may be made, promoted, deleted and made again in one migration, in any order."""
    known = [_state(models) for models in LIVES]
    dice = random.Random(FRESH)
    for lives in (*product(known, repeat=3), *(dice.choices(known, k=6) for _ in range(20))):
        if any(was is not now for was, now in pairwise(lives)):
            found = lint_text(_caught_up(list(lives))).diagnostics
            assert not found, (found[0].message, [LIVES[known.index(state)] for state in lives])


def test_random_histories_are_clean_in_one_migration() -> None:
    """What a dialect has missed of a random history is one migration, in which nothing is found."""
    for seed in (3, FRESH):
        found = lint_text(_caught_up(list(states(seed, 15)))).diagnostics
        assert not found, (seed, found[0].message)


ASSERTED = """\
SELECT public.routecomp_assert('CONFLICT', (SELECT model FROM public.feature_models
  WHERE feature = 'chat' AND status = 'primary') IN ('a', 'b', 'c'));"""
ENDS = (
    "SELECT public.routecomp_assert('ends', EXISTS (SELECT 1 FROM public.feature_models\n  {} AND status = 'primary'));"
)
WHERE = "WHERE feature = 'chat'"


def _down(model: str, asks: str = " AND status = 'primary'", status: str = "shadow") -> str:
    return f"UPDATE public.feature_models SET status = '{status}' {WHERE} AND model = '{model}'{asks};"


def _up(model: str) -> str:
    return f"UPDATE public.feature_models SET status = 'primary' {WHERE} AND model = '{model}' AND status = 'shadow';"


def _row(old: str, new: str) -> str:
    return (
        "INSERT INTO public.model_promotions (feature, from_model, to_model, kind, migration) VALUES\n"
        f"  ('chat', '{old}', '{new}', 'promotion', '0002_x');"
    )


RETIRED = _down("c", "", "retired")
RIGHT = [_down("a"), _up("b"), _row("a", "b")]
NEXT = [_down("b"), _up("c"), _row("b", "c")]


@pytest.mark.parametrize(
    ("statements", "rules"),
    [
        (RIGHT, []),
        ([*RIGHT, *NEXT], []),
        ([_row("a", "b"), *RIGHT[:2]], []),
        ([_down("a", ""), *RIGHT[1:]], []),
        ([*RIGHT, RETIRED], []),
        ([RETIRED, *RIGHT], []),
        ([RIGHT[1], RIGHT[0], RIGHT[2]], ["RC641"]),
        ([RETIRED, RIGHT[1], RIGHT[0], RIGHT[2]], ["RC641"]),
        ([*RIGHT, NEXT[1], NEXT[0], NEXT[2]], ["RC641"]),
        ([*RIGHT, RIGHT[0], NEXT[1], NEXT[0], NEXT[2]], ["RC641"]),
        ([*RIGHT, *NEXT[1:]], ["RC641"]),
        ([*RIGHT, NEXT[0], NEXT[1], RIGHT[2]], ["RC645"]),
        ([*RIGHT, RIGHT[2]], ["RC645"]),
        ([*RIGHT[:2], *NEXT], ["RC645"]),
        ([*RIGHT[:2], RIGHT[1], RIGHT[2], RIGHT[2]], ["RC645"]),
        ([*RIGHT[:2], _row("a", "c")], ["RC645"]),
        ([*RIGHT[:2], _row("c", "b")], ["RC645"]),
        ([_down("a")], ["RC645"]),
        ([RETIRED], ["RC645"]),
    ],
)
def test_changes_written_by_hand(statements: list[str], rules: list[str]) -> None:
    """Who leaves too late, or is recorded as another, is found also between changes that are right."""
    asserted = [ASSERTED, ENDS.format(WHERE + " AND model IN ('a', 'b', 'c')")]
    text = "\n\n".join(["BEGIN;", "SET LOCAL lock_timeout = '5s';", *asserted, *statements, asserted[1], "COMMIT;\n"])
    found = lint_text({"postgres/0002_x.up.sql": text.encode()}).diagnostics
    assert [one.rule for one in found if one.rule in ("RC641", "RC645")] == rules, [one.message for one in found]
