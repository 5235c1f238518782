"""Rewrite every file that is written from code (`make refresh`); the diff is then read as the review of a change.

A step returns the files it writes: path from the repository's root to text. Files that a step wrote earlier and no
longer returns are removed where a pattern says that the step owns them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from routecomp.emit.json_schema.published import schema_files
from routecomp.emit.resolver_contracts import resolver_contracts
from routecomp.emit.resolver_keys import resolver_keys
from routecomp.runtime.assemble import assemble
from routecomp.sql.ddl import kept_files
from routecomp.workspace.compile import compile_project
from routecomp.workspace.git.released import released_migrations
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.open_project import open_project
from routecomp.workspace.settings import Settings
from tests import change_fixtures, rule_fixtures, rule_pages, sql_fixtures, tour, vectors
from tests.cli.transcripts import replay
from tests.interop import litellm_fixtures, silent_acceptances
from tests.released import first_version

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Step:
    """One kind of written files: `wanted` returns them, and files that match `owned` must be among them."""

    name: str
    wanted: Callable[[], Mapping[str, str]]
    owned: tuple[str, ...] = ()

    def stale(self) -> dict[str, str | None]:
        """Return path to text for each file that differs, and path to None for each file that should not exist."""
        wanted = dict(self.wanted())
        stale: dict[str, str | None] = {path: text for path, text in wanted.items() if _read(path) != text}
        left_over = (path.relative_to(ROOT).as_posix() for pattern in self.owned for path in ROOT.glob(pattern))
        return stale | {path: None for path in left_over if path not in wanted}


def rule_goldens() -> dict[str, str]:
    """Return the reports of `check` on the bad project of every rule."""
    return {
        (fixture / name).relative_to(ROOT).as_posix(): text
        for fixture in rule_fixtures.fixtures()
        for name, text in rule_fixtures.goldens(fixture).items()
    }


def change_goldens() -> dict[str, str]:
    """Return the reports of `check` on the change that each rule over changes refuses."""
    return {
        (fixture / name).relative_to(ROOT).as_posix(): text
        for fixture in change_fixtures.fixtures()
        for name, text in change_fixtures.goldens(fixture).items()
    }


def sql_goldens() -> dict[str, str]:
    """Return the reports of `lint-migrations` on representative rules, in the formats that programs read."""
    return {
        (fixture / name).relative_to(ROOT).as_posix(): text
        for fixture in sql_fixtures.sql_fixtures()
        for name, text in sql_fixtures.goldens(fixture).items()
    }


def litellm_goldens() -> dict[str, str]:
    """Return the reports of `lint-litellm` on the bad file of every rule."""
    return {
        (fixture / litellm_fixtures.GOLDEN).relative_to(ROOT).as_posix(): litellm_fixtures.golden(fixture)
        for fixture in litellm_fixtures.litellm_fixtures()
    }


def litellm_page() -> dict[str, str]:
    """Return the page of `lint-litellm` with the table of what LiteLLM takes in silence."""
    path = "docs/lint-litellm.md"
    return {path: silent_acceptances.with_table((ROOT / path).read_text(encoding="utf-8"))}


def rule_docs() -> dict[str, str]:
    """Return the page of every rule, and their index."""
    return {f"docs/rules/{name}": text for name, text in rule_pages.pages().items()}


def schemas() -> dict[str, str]:
    """Return the JSON Schemas, as `routecomp schema` writes them."""
    return {f"schemas/{name}": data.decode() for name, data in schema_files().items()}


def resolver_part() -> dict[str, str]:
    """Return the part of the resolver that is written from the figures."""
    parts = {"table_keys": resolver_keys(), "contracts": resolver_contracts()}
    return {f"src/routecomp/runtime/parts/{name}.py": text for name, text in parts.items()}


def resolver() -> dict[str, str]:
    """Return the resolver, assembled from its parts."""
    return {"src/routecomp/runtime/resolver.py": assemble()}


def generated() -> dict[str, str]:
    """Compile the living example; its migrations come on top of those of the base branch.

    Before a change lands that is the last commit, afterwards the change itself: either way the same files.
    """
    project = replace(open_project(str(ROOT), date(2026, 11, 20)), settings=Settings())
    # Without a repository (an unpacked archive) the folder itself is all that is known of what is released.
    with Snapshot(project.root, project.settings.base_branch) as snapshot:
        unpacked = snapshot.repository() is None
        folder = str(ROOT / "generated" / "migrations") if unpacked else None
        compilation = compile_project(project, released=released_migrations(project, snapshot, folder))
    assert not compilation.checked.diagnostics, "the living example has findings: run routecomp check"
    return {f"generated/{name}": data.decode() for name, data in compilation.artifacts.items()}


def database_schema() -> dict[str, str]:
    """Return the database schema with which every baseline begins."""
    return {f"src/routecomp/sql/ddl/{name}": text for name, text in kept_files().items()}


def readme() -> dict[str, str]:
    """Replay the tour of the README."""
    page = _read("README.md")
    assert page is not None
    return {"README.md": tour.replayed(page)}


def transcripts() -> dict[str, str]:
    """Replay every transcript."""
    return {
        path.relative_to(ROOT).as_posix(): replay(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "tests" / "cli" / "transcripts").glob("*.txt"))
    }


def cookbook() -> dict[str, str]:
    """Replay every recipe of the cookbook."""
    return {
        path.relative_to(ROOT).as_posix(): tour.replayed(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "docs" / "cookbook").glob("*.md"))
    }


def upgrade() -> dict[str, str]:
    """Replay the upgrade from the first version."""
    page = _read("docs/upgrade.md")
    assert page is not None
    return {"docs/upgrade.md": tour.replayed(page, first_version.fill)}


STEPS = (
    Step("database schema", database_schema, ("src/routecomp/sql/ddl/*",)),
    Step("resolver's keys", resolver_part),
    Step("resolver", resolver),
    Step("generated", generated, ("generated/migrations/*/*",)),
    # The decisions of the table just written.
    Step("vectors", lambda: {"generated/vectors.json": vectors.vectors()}),
    Step("schemas", schemas, ("schemas/*",)),
    Step("rule goldens", rule_goldens, ("tests/rules/*/expected.*",)),
    Step("change goldens", change_goldens, ("tests/changes/*/expected.*",)),
    Step("SQL goldens", sql_goldens, ("tests/migrations/*/expected.*",)),
    Step("LiteLLM goldens", litellm_goldens, ("tests/interop/rules/*/expected.*",)),
    Step("LiteLLM page", litellm_page),
    # The pages show the goldens, so they come after them.
    Step("rule pages", rule_docs, ("docs/rules/*",)),
    Step("transcripts", transcripts),
    Step("readme", readme),
    Step("cookbook", cookbook),
    Step("upgrade", upgrade),
)
"""Every step, in an order in which no step reads what a later one writes."""


def main() -> None:
    """Run all steps and say what changed."""
    changed = 0
    for step in STEPS:
        for path, text in sorted(step.stale().items()):
            changed += 1
            print(f"{step.name}: {'removed' if text is None else 'wrote'} {path}", flush=True)
            _write(path, text)
            if step.name == "resolver":  # the other steps must run the resolver that was just written
                os.execv(sys.executable, [sys.executable, "-m", "tests.refresh"])
    print(f"{changed} files changed" if changed else "everything is fresh")


def _read(path: str) -> str | None:
    # Bytes, not text: line ends are part of what is written.
    file = ROOT / path
    return file.read_bytes().decode("utf-8") if file.is_file() else None


def _write(path: str, text: str | None) -> None:
    file = ROOT / path
    if text is None:
        file.unlink()
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode("utf-8"))


if __name__ == "__main__":
    main()
