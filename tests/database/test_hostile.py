"""Test hostile texts in every text field: a migration keeps its statements, and a database returns the same text."""

from __future__ import annotations

import copy
import json
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any

import pglast
import pytest

from routecomp.checker import Options, check
from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.dialects.registry import dialect as dialect_named
from routecomp.sql.diff import change
from routecomp.sql.literals import update
from routecomp.sql.migrations import migration_files
from routecomp.sql.replay import read_state
from routecomp.sql.script_text import statements
from routecomp.sql.state import DatabaseState, database_state
from routecomp.sql.statements import change_statements, transaction
from routecomp.sql.tables import TABLES, state_key
from tests.database import proofs
from tests.database.databases import ask, dump, migrations, run, run_within, sandbox_of, sqlite_database
from tests.database.test_statements import hostile
from tests.model.test_every_field_is_read import PROJECT
from tests.model.test_every_field_is_read import written as as_files
from tests.seeds import FRESH, HARD

if TYPE_CHECKING:
    import psycopg

Path = tuple[str | int, ...]
FREE = ("free", "salt")
TEXTS = [
    (table, column)
    for table in TABLES
    for column in table.declared
    if column.kind not in ("whole", "flag", "moment", "serial")
]


def wide_state() -> DatabaseState:
    """Return the small project's rows with a hundred more tenants, which have many cells for free text."""
    state = proofs.sample_state()
    rows = dict(state.tables["tenant_routing_policy"])
    for number in range(100):
        rows[f"t{number}",] = {**rows["acme",], "tenant": f"t{number}"}
    return DatabaseState({**state.tables, "tenant_routing_policy": rows}, {})


def free_cells(state: DatabaseState) -> list[tuple[str, Any, str]]:
    """Return every cell of a state that takes any text, as (table, key, column)."""
    return [
        (table.name, key, column.name)
        for table, column in TEXTS
        if column.kind in FREE and column.name not in ("auth", "region")  # other checks know their words
        for key in state.tables[table.name]
    ]


def fill_cells(state: DatabaseState, cells: list[tuple[str, Any, str]], texts: list[str]) -> DatabaseState:
    """Return the state with a text in each of these cells."""
    tables = {name: {key: dict(row) for key, row in rows.items()} for name, rows in state.tables.items()}
    for (table, key, column), text in zip(cells, texts, strict=False):
        tables[table][key][column] = text
    return DatabaseState(tables, {})


def check_free_cells(postgres: psycopg.Connection, texts: list[str]) -> int:
    """Write texts into all cells that take any text, and return how many were tried.

    The migration has as many statements as with plain words, and both databases return the same texts.
    """
    before = wide_state()
    cells = free_cells(before)
    base = migration_files({}, before, dialect_names())
    with closing(sqlite_database()) as made:
        run(made, migrations(base, "sqlite")[0].up)
        whole = made.serialize()
    plain = change(before, fill_cells(before, cells, [f"plain{number}" for number in range(len(cells))]))
    count = {
        one: len(change_statements(plain, "0002_x", dialect_named(one))) + (6 if one == "postgres" else 3)
        for one in dialect_names()
    }
    ask(postgres, "BEGIN")
    run_within(postgres, migrations(base, "postgres")[0].up)
    tried = 0
    for at in range(0, len(texts), len(cells)):
        some = texts[at : at + len(cells)]
        some += [f"plain{number}" for number in range(len(some), len(cells))]
        # Salts hold no colon and are unique, or the database says so: that is another test's.
        some = [
            text.replace(":", "") + str(number) if cell[2] == "salt" else text
            for number, (cell, text) in enumerate(zip(cells, some, strict=True))
        ]
        after = fill_cells(before, cells, some)
        forward = change(before, after)
        files: dict[str, bytes] = {
            one: transaction(
                "0002_x", "x", change_statements(forward, "0002_x", dialect_named(one)), dialect_named(one)
            )
            for one in dialect_names()
        }
        for dialect in dialect_names():
            said = statements(files[dialect].decode())
            # A cell that holds its text already is no change.
            assert len(said) == count[dialect] or len(forward.edits) < len(plain.edits)
            assert all(sqlite3.complete_statement(f"{one};") for one in said)
        assert len(pglast.parse_sql(files["postgres"].decode())) == len(statements(files["postgres"].decode()))
        with closing(sqlite_database()) as database:
            database.deserialize(whole)
            run(database, files["sqlite"])
            assert read_state(sandbox_of(database)).tables == after.tables
            held = dump(database)
        ask(postgres, "SAVEPOINT texts")
        run_within(postgres, files["postgres"])
        assert dump(postgres) == held
        ask(postgres, "ROLLBACK TO SAVEPOINT texts; RELEASE SAVEPOINT texts")
        tried += min(len(cells), len(texts) - at)
    ask(postgres, "ROLLBACK")
    return tried


def check_formed_cells(postgres: psycopg.Connection, texts: list[str]) -> Counter[str]:
    """Write texts into the fields with a format: one statement each, refused or stored unchanged."""
    import psycopg

    state = proofs.sample_state()
    base = migration_files({}, state, dialect_names())
    lite = sqlite_database()
    run(lite, migrations(base, "sqlite")[0].up)
    ask(postgres, "BEGIN")
    run_within(postgres, migrations(base, "postgres")[0].up)
    for database in (lite, postgres):
        ask(database, "SAVEPOINT field")
    fields = [(table, column) for table, column in TEXTS if column.kind not in FREE and state.tables[table.name]]
    found: Counter[str] = Counter()
    for number, text in enumerate(texts):
        table, column = fields[number % len(fields)]
        key = {name: next(iter(state.tables[table.name].values()))[name] for name in state_key(table)}
        answers = []
        for dialect in dialect_names():
            statement = update(table.name, key, {}, {column.name: text}, dialect_named(dialect))
            assert statements(f"{statement};\n") == (statement,)
            assert sqlite3.complete_statement(f"{statement};")
            if dialect == "postgres":
                assert len(pglast.parse_sql(statement)) == 1
            question = f"{statement} RETURNING {column.name}"
            try:
                if dialect == "sqlite":
                    ask(lite, "ROLLBACK TO SAVEPOINT field")
                    answers.append(ask(lite, question))
                else:
                    cursor = postgres.execute(f"ROLLBACK TO SAVEPOINT field; {question}".encode())  # one trip
                    cursor.nextset()
                    answers.append(cursor.fetchall())
            except (sqlite3.IntegrityError, psycopg.IntegrityError):
                answers.append([])
        assert answers[0] == answers[1], (table.name, column.name, text)
        assert answers[0] in ([], [(text,)]), (table.name, column.name, text)
        found["refused" if not answers[0] else "stored"] += 1
    lite.close()
    ask(postgres, "ROLLBACK")
    return found


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every text in a project: values and items of lists."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from leaves(inner, (*path, at))
    elif isinstance(value, str):
        yield path


def check_compiler(postgres: psycopg.Connection, texts: list[str]) -> Counter[str]:
    """Write texts into fields of YAML files: the compiler refuses them, or both databases return them."""
    paths = list(leaves(PROJECT))
    free = [path for path in paths if path[-1] in ("description", "owner", "label", "salt")]
    benign = check(as_files(PROJECT), Options(today=date(2026, 11, 20))).program
    assert benign is not None
    count = {
        one: len(
            statements(migrations(migration_files({}, database_state(benign), dialect_names()), one)[0].up.decode())
        )
        for one in dialect_names()
    }
    found: Counter[str] = Counter()
    for number, text in enumerate(texts):
        path = (free if number % 2 else paths)[number // 2 % len(free if number % 2 else paths)]
        project = copy.deepcopy(PROJECT)
        body: Any = project
        for step in path[:-1]:
            body = body[step]
        body[path[-1]] = text
        files = as_files(project)
        if number % 3:  # as an editor would write it, not as escapes
            files = {name: json.dumps(json.loads(data), ensure_ascii=False).encode() for name, data in files.items()}
        program = check(files, Options(today=date(2026, 11, 20))).program
        if program is None:
            found["refused"] += 1
            continue
        state = database_state(program)
        made = migration_files({}, state, dialect_names())
        for dialect in dialect_names():
            assert len(statements(migrations(made, dialect)[0].up.decode())) == count[dialect], (path, text)
        with closing(sqlite_database()) as database:
            run(database, migrations(made, "sqlite")[0].up)
            assert read_state(sandbox_of(database)).tables == state.tables
            held = dump(database)
        ask(postgres, "BEGIN")
        run_within(postgres, migrations(made, "postgres")[0].up)
        assert dump(postgres) == held
        ask(postgres, "ROLLBACK")
        assert repr(text) in repr(state.tables) or path[-1] not in ("description", "owner", "label", "salt")
        found["stored"] += 1
    return found


def test_every_text_column_is_tried() -> None:
    """The fields in these tests are all columns that hold text."""
    assert {column.kind for _, column in TEXTS} >= {"free", "salt", "slug", "name", "upstream", "variable", "url"}
    assert len(TEXTS) > 70


def test_hostile_texts_in_free_fields(one_postgres: psycopg.Connection) -> None:
    """Two thousand hostile texts in descriptions, owners, labels and salts come back unchanged."""
    assert check_free_cells(one_postgres, hostile(2_000)) == 2_000


def test_hostile_texts_in_formed_fields(one_postgres: psycopg.Connection) -> None:
    """A thousand hostile texts in slugs, names, URLs and variables are refused or stored unchanged."""
    found = check_formed_cells(one_postgres, hostile(1_000))
    assert found["stored"]
    assert found["refused"] > 500


def test_hostile_texts_through_the_compiler(one_postgres: psycopg.Connection) -> None:
    """Sixty hostile texts in YAML files are refused by the compiler or come back unchanged."""
    found = check_compiler(one_postgres, random.Random(FRESH).sample(hostile(2_000), 60))
    assert found["stored"] > 3
    assert found["refused"] > 10


@pytest.mark.hard
@pytest.mark.skipif(not HARD, reason="a long run: make hard")
def test_a_hundred_thousand_hostile_texts(one_postgres: psycopg.Connection) -> None:
    """A hundred thousand hostile texts, two thousand of them through the compiler, do no harm."""
    texts = hostile(100_000)
    assert check_free_cells(one_postgres, texts[::2]) == 50_000
    assert sum(check_formed_cells(one_postgres, texts[1::2]).values()) == 50_000
    assert sum(check_compiler(one_postgres, texts[::50]).values()) == 2_000
