"""`make refresh`: rewrite every file that is written from code, so that the diff can be read as its review.

A step gives the files it answers for, path (from the repository's root) to text; what it gave before and does
not give any more is removed where a pattern says that the step owns it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from routecomp.emit.json_schema.published import schema_files
from routecomp.runtime.assemble import assemble
from routecomp.sql.ddl import kept_files
from routecomp.workspace.compile import compile_project
from routecomp.workspace.git.released import released_migrations
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.open_project import open_project
from routecomp.workspace.settings import Settings
from tests import change_fixtures, rule_fixtures, rule_pages, sql_fixtures, tour, vectors
from tests.cli.transcripts import replay

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Step:
    """One kind of written files: `wanted` gives them, `owned` are the patterns of what must not be left over."""

    name: str
    wanted: Callable[[], Mapping[str, str]]
    owned: tuple[str, ...] = ()

    def stale(self) -> dict[str, str | None]:
        """Path to the text it should have; None for a file that should not be there."""
        wanted = dict(self.wanted())
        found: dict[str, str | None] = {path: text for path, text in wanted.items() if _read(path) != text}
        left_over = (path.relative_to(ROOT).as_posix() for pattern in self.owned for path in ROOT.glob(pattern))
        return found | {path: None for path in left_over if path not in wanted}


def rule_goldens() -> dict[str, str]:
    """What `check` says about the bad project of every rule."""
    return {
        (fixture / name).relative_to(ROOT).as_posix(): text
        for fixture in rule_fixtures.fixtures()
        for name, text in rule_fixtures.goldens(fixture).items()
    }


def change_goldens() -> dict[str, str]:
    """What `check` says about the change each rule of change refuses."""
    return {
        (fixture / name).relative_to(ROOT).as_posix(): text
        for fixture in change_fixtures.fixtures()
        for name, text in change_fixtures.goldens(fixture).items()
    }


def sql_goldens() -> dict[str, str]:
    """Return what `lint-migrations` says about a rule over SQL, in the formats that programs read."""
    return {
        (fixture / name).relative_to(ROOT).as_posix(): text
        for fixture in sql_fixtures.sql_fixtures()
        for name, text in sql_fixtures.goldens(fixture).items()
    }


def rule_docs() -> dict[str, str]:
    """The page of every rule, and their index."""
    return {f"docs/rules/{name}": text for name, text in rule_pages.pages().items()}


def schemas() -> dict[str, str]:
    """The JSON Schemas, as `routecomp schema` writes them."""
    return {f"schemas/{name}": data.decode() for name, data in schema_files().items()}


def resolver() -> dict[str, str]:
    """The resolver, assembled from its parts."""
    return {"src/routecomp/runtime/resolver.py": assemble()}


def generated() -> dict[str, str]:
    """What the living example compiles to; its migrations on top of those of the base branch.

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
    """The database's schema, as every baseline begins."""
    return {f"src/routecomp/sql/ddl/{name}": text for name, text in kept_files().items()}


def readme() -> dict[str, str]:
    """The README, its tour replayed."""
    page = _read("README.md")
    assert page is not None
    return {"README.md": tour.replayed(page)}


def transcripts() -> dict[str, str]:
    """What the commands of every transcript print now."""
    return {
        path.relative_to(ROOT).as_posix(): replay(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "tests" / "cli" / "transcripts").glob("*.txt"))
    }


def cookbook() -> dict[str, str]:
    """The recipes, with what their commands print now."""
    return {
        path.relative_to(ROOT).as_posix(): tour.replayed(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "docs" / "cookbook").glob("*.md"))
    }


STEPS = (
    Step("database schema", database_schema, ("src/routecomp/sql/ddl/*",)),
    Step("resolver", resolver),
    Step("generated", generated, ("generated/migrations/*/*",)),
    # The decisions of the table just written.
    Step("vectors", lambda: {"generated/vectors.json": vectors.vectors()}),
    Step("schemas", schemas, ("schemas/*",)),
    Step("rule goldens", rule_goldens, ("tests/rules/*/expected.*",)),
    Step("change goldens", change_goldens, ("tests/changes/*/expected.*",)),
    Step("SQL goldens", sql_goldens, ("tests/migrations/*/expected.*",)),
    # The pages show the goldens, so they come after them.
    Step("rule pages", rule_docs, ("docs/rules/*",)),
    Step("transcripts", transcripts),
    Step("readme", readme),
    Step("cookbook", cookbook),
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
