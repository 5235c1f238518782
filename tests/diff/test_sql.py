"""The SQL that runs when a change is merged, in every format of `routecomp diff`."""

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
    """A compiled project on main, and a branch with another tenant, whose description is hostile."""
    made = Repository(tmp_path / "project")
    made.write(SMALL)
    assert in_process(["compile"], made.project).code == 0
    made.commit("start")
    made.git("switch", "-qc", "branch")
    text = HOSTILE.replace("\u202e", "")
    made.write({"policies/new.yaml": f"tenants:\n  new: {{min_quality: 0.1, description: '{text}'}}\n"})
    return made


def said(repository: Repository, *arguments: str) -> str:
    """What diff prints."""
    ran = in_process(["diff", *arguments], repository.project)
    assert ran.code == 0, ran.err
    return ran.out


def shown(text: str) -> str:
    """The comment as HTML, with the tags that hosts let through."""
    return str(cmarkgfm.github_flavored_markdown_to_html(text, cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE))


def test_json_holds_the_statements_that_compile_writes(repository: Repository) -> None:
    """Every statement of the new migration, both ways, for each dialect: exactly those of the files."""
    found = json.loads(said(repository, "--json"))["migrations"]
    assert in_process(["compile"], repository.project).code == 0
    assert [(one["dialect"], one["id"], one["way"]) for one in found] == [
        (dialect, "0002_tenant-new", way) for dialect in ("postgres", "sqlite") for way in ("down", "up")
    ]
    for one in found:
        path = repository.project / f"generated/migrations/{one['dialect']}/{one['id']}.{one['way']}.sql"
        assert path.read_text().endswith("".join(f"{text};\n\n" for text in one["statements"])[:-1])


def test_text_is_short_and_whole_with_all(repository: Repository) -> None:
    """The statements in short, a line each; --all shows them whole."""
    short, whole = said(repository), said(repository, "--all")
    for text in (short, whole):
        assert "SQL that runs when this is merged: migration 0002_tenant-new (postgres)" in text
        assert "INSERT INTO public.tenant_routing_policy" in text
        assert "pg_advisory_xact_lock" not in text
    part = short.partition("SQL that runs")[2]
    assert all(len(line) <= 100 for line in part.split("\n"))
    assert "…" in part
    assert "\n    ('new'," in whole


def test_markdown_and_html_hold_hostile_texts(repository: Repository) -> None:
    """A description that tries to end the fence, or the page, stays text."""
    page = shown(said(repository, "--format", "markdown"))
    after = page.partition("<details>")[2]
    assert after.count("<pre") == 1
    assert "<b>" not in page
    assert "<script" not in page
    assert "alert(1)" in re.search(r"<pre.*?</pre>", after, re.DOTALL)[0]  # type: ignore[index]
    html = said(repository, "--format", "html")
    assert "<script" not in html
    assert html.count("</details>") == 1


def difference(*statements: str) -> Difference:
    """A difference with one migration."""
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
    """However much SQL there is, the comment is below its limit, says what it left out, and its fence is closed."""
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
        page = shown(text)
        assert "<b>" not in page
        assert page.count("<pre") == 1


def test_no_migration_is_no_section(repository: Repository) -> None:
    """Where nothing of the database changes, or no migrations are wanted, nothing is said of SQL."""
    repository.write({"routecomp.yaml": "dialects: []\n"})
    assert "SQL that runs" not in said(repository)
    assert json.loads(said(repository, "--json"))["migrations"] == []
