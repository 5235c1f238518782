"""A rename is one row of the difference, whatever names the thing, and no decision changes by it."""

from __future__ import annotations

from datetime import date

import pytest

from routecomp.checker import Options, check
from routecomp.comparer import diff
from routecomp.model import slug_places
from routecomp.model.project import Declared
from routecomp.review.base.base import Base, BaseTable
from routecomp.review.diff.difference import Difference
from routecomp.review.edit.plan import Plan
from routecomp.review.edit.rename import KINDS, rename
from routecomp.source.edits import apply_edits
from routecomp.table.lower import lower
from tests.cli.transcripts import SMALL
from tests.properties.strategies import Seeded, program_files

OPTIONS = Options(today=date(2026, 11, 20))
Files = dict[str, bytes]


def edited(files: Files, plan: Plan) -> Files:
    """Return the files after a plan's edits."""
    texts = {path: [edit for edit in plan.edits if edit.span.path == path] for path in plan.paths}
    return {**files, **{path: apply_edits(files[path].decode(), edits).encode() for path, edits in texts.items()}}


def slugs(declared: Declared, word: str) -> list[str]:
    """Return the slugs of a kind that a project declares."""
    kind = next(kind for kind in slug_places.PLACES if kind.partition(" ")[0] == word)
    return list(declared.logical_models if word == "logical" else getattr(declared, slug_places.SECTIONS[kind]))


def difference(files: Files, base: Base | BaseTable) -> Difference:
    """Return the difference of two sides without errors."""
    compared = diff(files, OPTIONS, base)
    assert compared.difference is not None, (compared.checked.diagnostics, compared.wrong)
    return compared.difference


@pytest.mark.parametrize("seed", range(6))
def test_each_kind_is_one_row(seed: int) -> None:
    """Of random programs a slug of each kind gets another name: with a table as the other side too."""
    files = program_files(Seeded(seed))
    checked = check(files, OPTIONS)
    assert checked.program is not None
    table = BaseTable("in table", lower(checked.program).data)
    for word in KINDS:
        for old in slugs(checked.declared, word)[:1]:
            there = edited(files, rename(checked.declared, word, old, "zz-new"))
            told = difference(there, Base("on main", "main:", files))
            assert [(row.what, row.before, row.after) for row in told.rows] == [("renamed", old, "zz-new")], word
            assert not told.decisions.groups, (word, told.decisions.groups[0].witness)
            section = "" if word == "logical" else slug_places.SECTIONS[word]
            if section and getattr(checked.declared, section)[old].body.was is None:  # a table does not hold `was`
                told = difference(there, table)
                count = sum(row.what == "renamed" for row in told.rows)
                assert count == 1 or word == "experiment", word  # no table holds a draft
                assert not told.decisions.groups, word


def test_what_else_changes_has_its_own_row() -> None:
    """A figure that changes in the same commit is told under the new name; taken back, all is a rename again."""
    files = program_files(Seeded(3))
    declared = check(files, OPTIONS).declared
    old = next(iter(declared.models))
    there = edited(files, rename(declared, "model", old, "zz-new"))
    second = check(there, OPTIONS).declared
    further = edited(there, rename(second, "model", "zz-new", "zz-newer"))
    base = Base("on main", "main:", there)
    assert [(row.what, row.before, row.after) for row in difference(further, base).rows] == [
        ("renamed", "zz-new", "zz-newer")
    ]
    back = difference(files, base)
    assert [(row.what, row.before, row.after) for row in back.rows] == [("renamed", "zz-new", old)]
    assert not back.decisions.groups
    latency = second.models["zz-new"].body.latency_ms
    changed = {
        path: data.replace(f"latency_ms: {latency}".encode(), f"latency_ms: {latency + 1}".encode(), 1)
        for path, data in there.items()
    }
    rows = difference(changed, Base("on main", "main:", files)).rows
    assert {row.what for row in rows} == {"renamed", "latency_ms"}


def test_was_that_goes_is_told_where_salts_move() -> None:
    """With the next release `was` goes: other requests are mirrored to a shadow then, and a row says so."""
    small = {path: text.encode() for path, text in SMALL.items()}
    files = {
        path: data.replace(b"mistral-large: shadow", b"mistral-large: {status: shadow, sample: 0.5}")
        for path, data in small.items()
    }
    there = edited(files, rename(check(files, OPTIONS).declared, "feature", "support-chat", "chat"))
    later = {path: data.replace(b"    was: support-chat\n", b"") for path, data in there.items()}
    rows = {row.what: row for row in difference(later, Base("on main", "main:", there)).rows}
    assert {what: str(row.severity) for what, row in rows.items()} == {
        "models.mistral-large.salt": "behavioural",
        "was": "cosmetic",
    }
    assert rows["models.mistral-large.salt"].before == "shadow:support-chat:mistral-large"
