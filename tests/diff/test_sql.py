"""Test that `routecomp diff` shows the SQL that runs when a change is merged, in every format."""

from __future__ import annotations

import json
import re
from pathlib import Path

import cmarkgfm  # type: ignore[import-untyped]
import pytest

from routecomp.review.diff.difference import Decisions, Difference, MigrationFile
from routecomp.review.diff.render import render
from routecomp.review.diff.render.markdown import MAX_BYTES
from tests.cli.repository import Repository
from tests.cli.transcripts import SMALL, in_process

HOSTILE = "```` </code></pre></details><script>alert(1)</script> ``` <b>x</b> \u202e @team ~~~ | `"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Make a compiled project on `main`, and a branch that adds a tenant with a hostile description."""
    made = Repository(tmp_path / "project")
    made.write(SMALL)
    assert in_process(["compile"], made.project).code == 0
    made.commit("start")
    made.git("switch", "-qc", "branch")
    text = HOSTILE.replace("\u202e", "")
    made.write({"policies/new.yaml": f"tenants:\n  new: {{min_quality: 0.1, description: '{text}'}}\n"})
    return made


def diff_output(repository: Repository, *arguments: str) -> str:
    """Return what `routecomp diff` prints."""
    result = in_process(["diff", *arguments], repository.project)
    assert result.code == 0, result.err
    return result.out


def comment_html(text: str) -> str:
    """Return a comment as HTML, with the tags that hosts let through."""
    return str(cmarkgfm.github_flavored_markdown_to_html(text, cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE))


def test_json_holds_the_statements_that_compile_writes(repository: Repository) -> None:
    """JSON has every statement of the new migration, both ways, for each dialect, as in its files."""
    migrations = json.loads(diff_output(repository, "--json"))["migrations"]
    assert in_process(["compile"], repository.project).code == 0
    assert [(migration["dialect"], migration["id"], migration["way"]) for migration in migrations] == [
        (dialect, "0002_tenant-new", way) for dialect in ("postgres", "sqlite") for way in ("down", "up")
    ]
    for migration in migrations:
        path = (
            repository.project / f"generated/migrations/{migration['dialect']}/{migration['id']}.{migration['way']}.sql"
        )
        assert path.read_text().endswith("".join(f"{text};\n\n" for text in migration["statements"])[:-1])


def test_text_is_short_and_whole_with_all(repository: Repository) -> None:
    """Text shows each statement in one line; --all shows statements whole."""
    short, whole = diff_output(repository), diff_output(repository, "--all")
    for text in (short, whole):
        assert "SQL that runs when this is merged: migration 0002_tenant-new (postgres)" in text
        assert "INSERT INTO public.tenant_routing_policy" in text
        assert "pg_advisory_xact_lock" not in text
    part = short.partition("SQL that runs")[2]
    assert all(len(line) <= 100 for line in part.split("\n"))
    assert "…" in part
    assert "\n    ('new'," in whole


def test_markdown_and_html_hold_hostile_texts(repository: Repository) -> None:
    """A description that tries to end the fence or the page stays text."""
    page = comment_html(diff_output(repository, "--format", "markdown"))
    after = page.partition("<details>")[2]
    assert after.count("<pre") == 1
    assert "<b>" not in page
    assert "<script" not in page
    assert "alert(1)" in re.search(r"<pre.*?</pre>", after, re.DOTALL)[0]  # type: ignore[index]
    html = diff_output(repository, "--format", "html")
    assert "<script" not in html
    assert html.count("</details>") == 1


def difference(*statements: str) -> Difference:
    """Make a difference with one migration of these statements."""
    decisions = Decisions((), 0, 0)
    return Difference(
        "on main",
        "a",
        "b",
        (),
        decisions,
        migrations=(MigrationFile("0002_x", "postgres", "up", ("BEGIN", *statements, "COMMIT")),),
    )


def test_markdown_stays_within_a_comment() -> None:
    """With any amount of SQL a comment stays under its limit, says what it left out, and closes its fence."""
    for statements in (
        [f"SELECT '{n} {HOSTILE}'" for n in range(5_000)],
        ["SELECT '" + "`" * 30_000 + "'"],
        ["SELECT '" + "x" * 70_000 + "'"],
    ):
        text = render("markdown", difference(*statements))
        assert len(text.encode()) < MAX_BYTES
        assert "\u202e" not in text
        assert "left out here" in text
        assert text.endswith("</details>\n")
        page = comment_html(text)
        assert "<b>" not in page
        assert page.count("<pre") == 1


def test_no_migration_is_no_section(repository: Repository) -> None:
    """There is no SQL in a report where the database does not change, or where no migrations are wanted."""
    repository.write({"routecomp.yaml": "dialects: []\n"})
    assert "SQL that runs" not in diff_output(repository)
    assert json.loads(diff_output(repository, "--json"))["migrations"] == []
