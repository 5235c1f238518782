"""Test `routecomp audit --database`, which compares Git with a database, and `audit verify`, which checks the chain."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from routecomp.review.ledger.compare import CommittedChange, Release, compare
from tests.cli.repository import Repository, promote, small
from tests.cli.transcripts import Ran, in_process
from tests.database.test_migrate import make_site

ROUTES = "routes/features.yaml"


class Audited(Repository):
    """A repository with a compiled project, and a database at a URL."""

    url = ""

    def run(self, *arguments: str) -> Ran:
        """Run routecomp."""
        return in_process(list(arguments), self.project)

    def released(self, message: str) -> None:
        """Compile and commit."""
        ran = self.run("compile")
        assert ran.code == 0, ran.err
        self.commit(message)

    def up(self) -> None:
        """Migrate the database."""
        ran = self.run("migrate", "up", "--database", self.url)
        assert ran.code == 0, ran.err

    def audit(self, *options: str) -> tuple[int, list[tuple[Any, ...]]]:
        """The exit code, and of each difference: kind, feature, Git's and the database's step."""
        ran = self.run("audit", "--database", self.url, "--json", *options)
        told = json.loads(ran.out)
        return told["agree"], [
            (one["kind"], one["feature"], one["git_from"], one["git_to"], one["database_from"], one["database_to"])
            for one in told["differences"]
        ]


@pytest.fixture(params=["sqlite", "postgres"])
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> Audited:
    """Make a compiled, released and migrated feature with a promotion from before there was a database."""
    found = small(tmp_path / "r")
    found.__class__ = Audited
    assert isinstance(found, Audited)
    found.url = make_site(request.param, request, tmp_path).url
    promote(found, "llama")
    found.released("first release")
    found.up()
    return found


def by_hand(repository: Audited, *rows: str) -> None:
    """Write promotions into the database's ledger by hand."""
    text = "INSERT INTO model_promotions (feature, from_model, to_model, kind, migration) VALUES "
    if repository.url.startswith("sqlite"):
        with closing(sqlite3.connect(repository.url.removeprefix("sqlite:///"), isolation_level=None)) as database:
            for row in rows:
                database.execute(text + row)
        return
    import psycopg

    with psycopg.connect(repository.url, autocommit=True) as server:
        for row in rows:
            server.execute((text + row).encode())


def test_pending_then_agreed(repository: Audited) -> None:
    """A merged change that is not migrated is pending; after `up` both agree, also on the time before the baseline."""
    assert repository.audit() == (1, [])
    promote(repository, "mistral-large", "llama")
    repository.released("promote")
    pending = ("pending", "support-chat", "llama", "mistral-large", None, None)
    assert repository.audit() == (1, [pending])
    said = repository.run("audit", "--database", repository.url)
    assert said.code == 1
    assert "0002_feature-support-chat" in said.out
    assert "1 in agreement with Git, 1 not" in said.out
    repository.up()
    assert repository.audit() == (2, [])
    assert repository.run("audit", "--database", repository.url).code == 0
    assert repository.run("migrate", "down", "--yes", "--database", repository.url).code == 0
    assert repository.audit() == (1, [pending])
    repository.up()
    assert repository.audit("support-chat") == (2, [])


def test_a_project_that_moved_agrees(repository: Audited) -> None:
    """What was released before the project moved to another folder belongs to the migration that brought it then."""
    promote(repository, "mistral-large", "llama")
    repository.released("promote")
    repository.up()
    (repository.root / "llm").mkdir()
    repository.git("mv", "routes", "policies", "generated", "llm")
    repository.project = repository.root / "llm"
    repository.commit("moved")
    assert repository.audit() == (2, [])


@pytest.mark.parametrize("old_stays", [True, False])
def test_an_output_that_moved_agrees_step_by_step(repository: Audited, old_stays: bool) -> None:
    """What was released before `output` changed belongs to the commits that released it, and not to the move."""
    for model, incumbent in (("mistral-large", "llama"), ("llama", "mistral-large")):
        promote(repository, model, incumbent)
        repository.released(f"promote {model}")
    repository.up()
    assert repository.audit() == (3, [])
    repository.write({"routecomp.yaml": "output: compiled\n"})
    assert repository.run("compile").code == 0
    if not old_stays:
        repository.git("rm", "-rq", "generated")
    repository.commit("move")
    assert repository.audit() == (3, [])


def test_renamed_tables_agree_step_by_step(repository: Audited) -> None:
    """What was promoted before the tables were renamed, as often as people like, is compared with that time's files."""
    models = ["mistral-large", "llama"]
    output, dialect = "generated", "sqlite" if repository.url.startswith("sqlite") else "postgres"
    for number, prefix in enumerate(("a_", "b_")):
        promote(repository, *models)
        repository.released(f"promote {models[0]}")
        models.reverse()
        repository.up()
        repository.write({"routecomp.yaml": f"output: out{number}\ntable_prefix: {prefix}\n"})
        repository.released("rename")
        said = repository.run("migrate", "rename", "--from", f"{output}/migrations", "--dialect", dialect)
        assert said.code == 0, said.err
        run_statements(repository, said.out)
        adopted = repository.run("migrate", "adopt", "--to", "0001_baseline", "--database", repository.url)
        assert adopted.code == 0, adopted.err
        output = f"out{number}"
        assert repository.audit() == (2 + number, [])
    promote(repository, *models)
    repository.released("promote")
    assert [kind for kind, *_ in repository.audit()[1]] == ["pending"]
    repository.up()
    assert repository.audit() == (4, [])
    assert kinds(repository, "b_model_promotions") == ["initial", "promotion", "rollback", "promotion"]
    assert kinds_in_git(repository) == ["promotion", "rollback", "promotion"]


def test_renamed_features_agree_in_kind(repository: Audited) -> None:
    """What a promotion is in Git it is in the database, also behind a rename of the feature, or with one at once."""
    promote(repository, "mistral-large", "llama")
    repository.released("promote")
    repository.edit(ROUTES, ("  support-chat:\n", "  helpdesk:\n    was: support-chat\n"))
    promote(repository, "llama", "mistral-large")
    repository.released("rename, and back")
    repository.edit(ROUTES, ("  helpdesk:\n    was: support-chat\n", "  desk:\n    was: helpdesk\n"))
    repository.released("rename")
    promote(repository, "mistral-large", "llama")
    repository.released("promote")
    repository.up()
    assert kinds(repository, "model_promotions") == ["initial", "promotion", "rollback", "promotion"]
    assert kinds_in_git(repository) == ["promotion", "rollback", "promotion"]
    assert repository.audit() == (4, [])
    for name in ("support-chat", "desk"):
        assert repository.audit(name) == (4, [])


def kinds(repository: Audited, table: str) -> list[str]:
    """Return the kinds of a database's promotions, oldest first."""
    query = f"SELECT kind FROM {table} ORDER BY id"
    if repository.url.startswith("sqlite"):
        with closing(sqlite3.connect(repository.url.removeprefix("sqlite:///"))) as database:
            return [kind for (kind,) in database.execute(query)]
    import psycopg

    with psycopg.connect(repository.url) as server:
        return [str(kind) for (kind,) in server.execute(query.encode())]


def kinds_in_git(repository: Audited) -> list[str]:
    """Return the kinds of the promotions in Git since there is a database, oldest first."""
    return [entry["kind"] for entry in reversed(json.loads(repository.run("audit", "--json").out))][2:]


def run_statements(repository: Audited, text: str) -> None:
    """Run a script on the database."""
    if repository.url.startswith("sqlite"):
        with closing(sqlite3.connect(repository.url.removeprefix("sqlite:///"), isolation_level=None)) as database:
            database.executescript(text)
        return
    import psycopg

    with psycopg.connect(repository.url, autocommit=True) as server:
        server.execute(text.encode())


def test_a_promotion_without_a_migration(repository: Audited) -> None:
    """A committed promotion without a migration is pending, with a note; a later compilation adds it."""
    promote(repository, "mistral-large", "llama")
    repository.commit("without generated/")
    assert repository.audit()[1] == [("pending", "support-chat", "llama", "mistral-large", None, None)]
    assert "no migration yet" in repository.run("audit", "--database", repository.url).out.replace("\n", " ")
    repository.released("compiled later")
    repository.up()
    assert repository.audit() == (2, [])


def test_by_hand_and_different(repository: Audited) -> None:
    """Rows that no migration wrote are reported, and so are steps that differ between Git and the database."""
    by_hand(repository, "('support-chat', 'llama', 'qwen', 'swap', 'by hand')")
    by_hand(repository, "('support-chat', 'llama', 'gemini', 'swap', '0001_baseline')")
    agree, found = repository.audit()
    assert agree == 0
    assert sorted(found) == [
        ("by_hand", "support-chat", None, None, "llama", "qwen"),
        ("different", "support-chat", None, "llama", None, "gemini"),
    ]
    ran = repository.run("audit", "--database", repository.url, "--csv")
    assert ran.code == 1
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert [(row["kind"], row["database_to"], row["migration"]) for row in rows] == [
        ("different", "gemini", "0001_baseline"),
        ("by_hand", "qwen", "by hand"),
    ]


def test_a_merge(repository: Audited) -> None:
    """A merged promotion meets its migration at the merge, and has the author's commit."""
    repository.git("switch", "-qc", "branch")
    promote(repository, "mistral-large", "llama")
    repository.released("on a branch")
    commit = repository.git("rev-parse", "HEAD")
    repository.git("switch", "-q", "main")
    repository.write({"README": "something else"})
    repository.commit("meanwhile")
    repository.git("merge", "-q", "--no-ff", "--no-edit", "branch")
    told = json.loads(repository.run("audit", "--database", repository.url, "--json").out)["differences"]
    assert [(one["kind"], one["commit"], one["migrations"]) for one in told] == [
        ("pending", commit, "0002_feature-support-chat")
    ]
    repository.up()
    assert repository.audit() == (2, [])


def test_the_chain(repository: Audited) -> None:
    """`audit verify` prints the head of an intact chain, and names the row at which a chain is broken."""
    ran = repository.run("audit", "verify", "--database", repository.url)
    assert ran.code == 0
    head = ran.out.splitlines()[-1]
    assert len(head) == 64
    promote(repository, "mistral-large", "llama")
    repository.released("promote")
    repository.up()
    assert repository.run("audit", "verify", "--database", repository.url, "--head", head).code == 0
    other = repository.run("audit", "verify", "--database", repository.url, "--head", "0" * 64)
    assert other.code == 1
    assert "written anew, or cut off" in other.out
    by_hand(repository, "('support-chat', 'mistral-large', 'qwen', 'swap', 'by hand')")
    assert (
        "1 promotion came after the last migration"
        in repository.run("audit", "verify", "--database", repository.url).out
    )
    if repository.url.startswith("sqlite"):
        with closing(sqlite3.connect(repository.url.removeprefix("sqlite:///"), isolation_level=None)) as database:
            database.execute("DROP TRIGGER model_promotions_no_update")
            database.execute("UPDATE model_promotions SET actor = 'nobody' WHERE id = 2")
        ran = repository.run("audit", "verify", "--database", repository.url, "--json")
        assert ran.code == 1
        assert [one["row"] for one in json.loads(ran.out)["breaks"]] == [2]


def test_a_feature_named_verify_is_a_feature(repository: Audited) -> None:
    """Without a database `audit verify` is the history of a feature named `verify`."""
    ran = repository.run("audit", "verify")
    assert ran.code == 2
    assert "the history knows no feature `verify`" in ran.err


def test_compare() -> None:
    """Changes between two releases join into one step, round trips vanish, and a late migration meets its step."""

    def row(id: int, old: str | None, new: str | None, migration: str) -> tuple[Any, ...]:
        return (id, "f", old, new, "swap", "ada", "2026", migration)

    git = [
        CommittedChange("f", None, "a", 0),
        CommittedChange("f", "a", "b", 1),
        CommittedChange("f", "b", "c", 3),
        CommittedChange("f", "c", "d", 5),
    ]
    releases = [
        Release(2, ("0001_baseline",)),
        Release(3, ("0002_x",)),
        Release(4, ("0003_tenant",)),
        Release(6, ("0004_f",)),
    ]
    rows = [
        row(1, None, "b", "0001_baseline"),
        row(2, "b", "c", "0002_x"),
        row(3, "c", "b", "0002_x"),
        row(4, "b", "c", "0002_x"),
    ]
    agree, found = compare(git, releases, rows)
    assert agree == 2
    assert [(one.kind, one.git, one.migrations) for one in found] == [("pending", ("c", "d"), ("0004_f",))]
    agree, found = compare(git, [*releases, Release(7, ("0005_f",))], [*rows, row(5, "c", "d", "0005_f")])
    assert (agree, found) == (3, [])
    _, found = compare([], [], rows[:1])
    assert [(one.kind, one.database) for one in found] == [("by_hand", (None, "b"))]
