"""A migration of ours that does otherwise for one dialect than for another is found, however it is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from routecomp.sql.history import History
from routecomp.sql.lint import lint_history
from routecomp.sql.migration import standing_for
from routecomp.sql.names import Names
from tests.database import proofs
from tests.database.migrating import Migrations
from tests.database.test_catch_up_ledger import rename, swap
from tests.database.test_histories import gathered_migrations

STATES = [proofs.sample_state()]
for _step in (
    swap,
    rename("feature", "chat", "talk"),
    rename("model", "fair", "just"),
    rename("experiment", "idea", "plan"),
):
    STATES.append(_step(STATES[-1]))
WRITTEN = gathered_migrations(STATES)
FILES = {
    f"{dialect}/{migration.id}.{way}.sql": data or b""
    for dialect, migrations in WRITTEN.items()
    for migration in migrations
    for way, data in (("up", migration.up), ("down", migration.down))
}
SWAP = WRITTEN["postgres"][1].id
DRAFT = f"postgres/{SWAP}.up.sql"


def found(files: dict[str, bytes]) -> list[str]:
    """Return the messages of RC637."""
    return [each.message for each in lint_history(History(files, compared=files)) if each.rule == "RC637"]


def with_statement(text: str) -> Callable[[str], str]:
    """Return the edit that puts a statement before COMMIT."""
    return lambda file: file.replace("COMMIT;", f"{text};\n\nCOMMIT;")


def without(start: str) -> Callable[[str], str]:
    """Return the edit that takes the first statement away that holds a text."""

    def edit(file: str) -> str:
        blocks = file.split("\n\n")
        blocks.remove(next(block for block in blocks if start in block))
        return "\n\n".join(blocks)

    return edit


EDITS = {
    "DO": with_statement("DO $$ BEGIN UPDATE public.models SET latency_ms = 1 WHERE model = 'good'; END $$"),
    "MERGE": with_statement("MERGE INTO public.models m USING (SELECT 1) x ON true WHEN MATCHED THEN DELETE"),
    "COPY": with_statement("COPY public.models FROM '/tmp/x'"),
    "CREATE RULE": with_statement("CREATE RULE r AS ON UPDATE TO public.models DO INSTEAD NOTHING"),
    "a function": with_statement("SELECT query_to_xml('UPDATE public.models SET latency_ms = 1', true, true, '')"),
    "CALL": with_statement("CALL public.change_all()"),
    "EXECUTE": with_statement("PREPARE p AS DELETE FROM public.models WHERE model = 'x'; EXECUTE p"),
    "a setting": with_statement("SET LOCAL session_replication_role = replica"),
    "ALTER": with_statement("ALTER TABLE public.models DISABLE TRIGGER ALL"),
    "another table": with_statement("DELETE FROM public.circuit_breakers WHERE model = 'good'"),
    "the company's table": with_statement("DELETE FROM app.tenants WHERE slug = 'acme'"),
    "a row of the ledger": with_statement(
        "INSERT INTO public.model_promotions (feature, from_model, to_model, kind, migration)"
        " VALUES ('chat', 'good', 'poor', 'swap', 'x')"
    ),
    "another kind": lambda file: file.replace("'promotion'", "'rollback'"),
    "another condition": lambda file: file.replace("AND status = 'shadow')", "AND status = 'shadow' OR true)"),
    "a value": lambda file: file.replace("SET status = 'primary'", "SET status = 'retired'"),
    "ends early": lambda file: file.replace("UPDATE", "COMMIT AND CHAIN;\n\nUPDATE", 1),
    "without the incumbent's assertion": without("is already on"),
    "without the eligible one's": without("is no shadow of feature"),
    "without the row's": without("CONFLICT: feature_models"),
    "without the last one": without("does not end with"),
    "without the ledger": without("INSERT INTO public.model_promotions"),
    "without an edit": without("SET status = 'primary'"),
}


def test_what_is_written_is_alike() -> None:
    """Nothing is found in what is written, renames among it."""
    assert found(FILES) == []


@pytest.mark.parametrize("heads", [True, False])
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edit_for_one_dialect_is_found(edit: Callable[[str], str], heads: bool) -> None:
    """Whichever side it is on, and whether the line says who wrote the file or is gone."""
    text = edit(FILES[DRAFT].decode())
    assert text != FILES[DRAFT].decode()
    if not heads:
        text = "\n".join(line for line in text.splitlines() if not line.startswith("-- Written by")) + "\n"
    (message,) = found({**FILES, DRAFT: text.encode()})
    assert message.startswith("PostgreSQL ")
    assert message.endswith(" otherwise here than SQLite does")


def test_a_persons_own_migration_may_be_for_one_dialect() -> None:
    """Two files of one name that nobody says we wrote are a person's."""
    own = {f"{dialect}/0099_own.up.sql": f"SELECT {number};\n".encode() for number, dialect in enumerate(WRITTEN)}
    assert found({**FILES, **own}) == []


def test_a_baseline_that_came_late_is_another_one() -> None:
    """It stands for more than the first one, and says so: its rows are those of a later state."""
    late = standing_for(gathered_migrations(STATES[-1:])["postgres"][0].up, [each.id for each in WRITTEN["sqlite"]])
    whole = {path: data for path, data in FILES.items() if path.startswith("sqlite/")}
    assert found({**whole, "postgres/0001_baseline.up.sql": late}) == []
    assert found({**FILES, "postgres/0001_baseline.up.sql": gathered_migrations(STATES[1:2])["postgres"][0].up}) != []


@pytest.mark.parametrize("names", [Names("llm", ""), Names("public", "x_"), Names("llm", "x_")], ids=str)
def test_tables_of_other_names(names: Names, tmp_path: Path) -> None:
    """What is compared is read by the names of the baseline, also where that is not compared itself."""
    folder = Migrations(tmp_path, names)
    draft = folder.add(swap(folder.state))
    files = {f"{dialect}/{name}": data for dialect, own in folder.files().items() for name, data in own.items()}
    compared = [path for path in files if draft in path]
    for edited in (False, True):
        if edited:
            path = f"postgres/{draft}.up.sql"
            files[path] = EDITS["DO"](files[path].decode()).encode()
        history = History(files, compared=compared)
        assert [each.rule for each in lint_history(history) if each.rule == "RC637"] == ["RC637"] * edited
