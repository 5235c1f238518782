"""Test that rules over SQL see what a statement runs, and a check only while it stands."""

from __future__ import annotations

import pytest

from routecomp.sql.lint import lint_text
from routecomp.sql.migrations import migration_files
from tests.database import proofs

HEAD = "BEGIN;\n\nSET LOCAL lock_timeout = '5s';\n\nSET LOCAL statement_timeout = '10min';\n\n"
BASE = {f"m/{path}": data for path, data in migration_files({}, proofs.sample_state(), ["postgres"]).items()}


def rules(*files: str) -> list[str]:
    """Return the rules that are broken by the last of these files, which follow a baseline."""
    paths = {f"m/postgres/{number:04}_x.up.sql": text for number, text in enumerate(files, 2)}
    every = {**BASE, **{path: f"{HEAD}{text};\n\nCOMMIT;\n".encode() for path, text in paths.items()}}
    return [found.rule for found in lint_text(every, [max(paths)]).diagnostics]


@pytest.mark.parametrize(
    "head",
    [
        "",
        "EXPLAIN ANALYZE ",
        "EXPLAIN ANALYSE VERBOSE ",
        "EXPLAIN VERBOSE ANALYZE ",
        "EXPLAIN (ANALYZE) ",
        "EXPLAIN (BUFFERS, ANALYZE true, FORMAT json) ",
        "EXPLAIN (COSTS off, analyze on) ",
        "PREPARE x AS ",
        "PREPARE x (int) AS ",
        "EXPLAIN ANALYZE WITH y AS (SELECT 1) ",
    ],
)
def test_what_explain_runs(head: str) -> None:
    """EXPLAIN ANALYZE deletes as DELETE does."""
    assert rules(f"{head}DELETE FROM public.models") == ["RC614"]
    assert rules(f"{head}DELETE FROM public.model_promotions WHERE id = 3") == ["RC615"]
    assert rules(f"{head}UPDATE public.models SET owner = 'x'") == ["RC614"]


def test_what_copy_runs() -> None:
    """COPY of what a DELETE returns deletes."""
    assert rules("COPY (DELETE FROM public.models RETURNING *) TO STDOUT") == ["RC614"]
    assert rules("COPY (SELECT model FROM public.models) TO STDOUT") == []


@pytest.mark.parametrize("head", ["EXPLAIN ", "EXPLAIN VERBOSE ", "EXPLAIN (ANALYZE false) ", "EXPLAIN (COSTS) "])
def test_what_explain_only_shows(head: str) -> None:
    """EXPLAIN without ANALYZE changes nothing, and is no finding."""
    assert rules(f"{head}DELETE FROM public.models") == []


ADD = "ALTER TABLE public.models ADD CONSTRAINT there CHECK (owner IS NOT NULL) NOT VALID"
VALID = "ALTER TABLE public.models VALIDATE CONSTRAINT there"
REQUIRED = "ALTER TABLE public.models ALTER COLUMN owner SET NOT NULL"


@pytest.mark.parametrize(
    ("between", "is_found"),
    [
        ([], False),
        (["ALTER TABLE public.models RENAME CONSTRAINT there TO other"], False),
        (["ALTER TABLE public.models DROP CONSTRAINT other"], False),
        (["ALTER TABLE public.models DROP CONSTRAINT there"], True),
        (["ALTER TABLE public.models DROP CONSTRAINT IF EXISTS there CASCADE"], True),
        (
            [
                "ALTER TABLE public.models RENAME CONSTRAINT there TO other",
                "ALTER TABLE public.models DROP CONSTRAINT other",
            ],
            True,
        ),
        (["ALTER TABLE public.models DROP COLUMN owner", "ALTER TABLE public.models ADD COLUMN owner text"], True),
        (["ALTER TABLE public.models DROP CONSTRAINT there", ADD], True),
        (["ALTER TABLE public.models DROP CONSTRAINT there", ADD, VALID], False),
    ],
)
def test_a_check_that_was_dropped(between: list[str], is_found: bool) -> None:
    """A check proves that a column is never NULL while it stands, whatever it was called."""
    assert ("RC605" in rules(ADD, VALID, *between, REQUIRED)) == is_found


def test_a_check_that_goes_at_once() -> None:
    """A statement that drops the check and asks for NOT NULL drops it first."""
    both = "ALTER TABLE public.models ALTER COLUMN owner SET NOT NULL, DROP CONSTRAINT there"
    assert "RC605" in rules(ADD, VALID, both)
    assert "RC605" not in rules(ADD, VALID, f"{REQUIRED};\n\nALTER TABLE public.models DROP CONSTRAINT there")
