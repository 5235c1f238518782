"""A figure can be added after the first release, and forgetting a step of it fails a test that names the figure.

Old tables load, old databases are migrated with their data. The steps are those of CONTRIBUTING.md, "Add a figure".
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.figures.addition import DEFAULT, FIGURE, FILTER, add_figure, ask, copy_project, failures, run

STEPS = ("row", "short cut", "twin", "diff", "sql", "pages", "explain")
"""Steps that are left out in turn; without the others nothing would know the figure at all."""


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project with the figure."""
    folder = tmp_path_factory.mktemp("grown") / "routecomp"
    copy_project(folder)
    add_figure(folder)
    return folder


def test_the_rooms_know_the_figure(grown: Path) -> None:
    """With every step taken, the tests that hold the rooms to the figures pass."""
    run(
        grown,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/model/test_figures.py",
        "tests/runtime/test_filters.py",
    )


OLD_TABLE = """
import json
from pathlib import Path
from routecomp.runtime.resolver import Router

folder = Path("tests/released/tables/2.0")
table, fallback = ((folder / name).read_bytes() for name in ("routing_table.json", "fallback.json"))
router = Router.from_bytes(table, fallback)
assert router.status()["last_rejection"] is None, router.status()
for line in (folder / "decisions.jsonl").read_text().splitlines():
    vector = json.loads(line)
    if vector["table"] and not vector["gate"]:
        decision = router.resolve_request(vector["request"]).to_dict()
        assert {key: decision[key] for key in vector["decision"]} == vector["decision"], vector
"""
NEW_TABLE = """
import importlib.util
import json
from datetime import date
from tests.model.test_every_field_is_read import changed, written
from routecomp.model.figure import REQUIRED
from routecomp.model.figures import ENTRIES
from routecomp.checker import Options
from routecomp.compiler import compile
from routecomp.runtime.resolver import Router

spec = importlib.util.spec_from_file_location("shipped", "tests/released/resolvers/2.0.py")
shipped = importlib.util.module_from_spec(spec)
import sys
sys.modules["shipped"] = shipped
spec.loader.exec_module(shipped)

def tables(project):
    made = compile(written(project), Options(today=date(2026, 11, 20)))
    assert made.table is not None, made.checked.diagnostics
    return made.table.data, made.table.fallback_data

FIGURES = [figure for figures in ENTRIES.values() for figure in figures if figure.is_optional]
LATER = {figure.keys[0] for figure in FIGURES if figure.default is not REQUIRED} | {"aliases", "chat_path"}
LATER -= {"api_key_env"}  # of a model it came later, of a provider it did not

def first(body, kept):
    if isinstance(body, list):
        return [first(inner, kept) for inner in body]
    if not isinstance(body, dict):
        return body
    if "adapter" in body:  # a provider as the first format knows it, all of it by its adapter
        plain = {"adapter": "openai", "api_key_env": "ITS_KEY"}
        return plain | {key: body[key] for key in ("base_url", "stack")}
    gone = LATER - {*kept} - (set() if "context_window" in body else {"api_key_env"})
    return {key: first(inner, kept) for key, inner in body.items() if key not in gone}

limited_project = changed("models", ("FIGURE",))
del limited_project["providers"]["signed"]
for body in limited_project["models"].values():
    body.pop("api_key_env", None)
plain, limited = tables(first(limited_project, [])), tables(first(limited_project, ["FIGURE"]))
assert [json.loads(data)["requires"] for data in plain] == [[], []]
assert [json.loads(data)["requires"] for data in limited] == [["model.FIGURE"]] * 2
assert b"FIGURE" not in plain[0] + plain[1]
assert [json.loads(data)["format"] for data in (*plain, *limited)] == ["2.0", "2.0", "2.1", "2.1"]

old = shipped.Router.from_bytes(*plain)
assert old.status()["last_rejection"] is None, "an older resolver reads a table that does not use the figure"
served = old.resolve(feature="chat")
refused = shipped.Router.from_bytes(*limited).status()
assert "requires 'model.FIGURE'" in refused["last_rejection"], refused
assert "requires 'model.FIGURE'" in refused["fallback"], refused

new = Router.from_bytes(*limited)
assert new.resolve(model="good", input_tokens=5001).status == "ok", "a pinned model is not filtered by ability"
kept, barred = (new.resolve(model="auto", input_tokens=tokens).chain for tokens in (5000, 5001))
assert "good" in kept and "good" not in barred, (kept, barred)
assert "good" in Router.from_bytes(*plain).resolve(model="auto", input_tokens=5001).chain
"""


def test_tables_old_and_new(grown: Path) -> None:
    """Old tables decide as they did. Older resolvers read new tables without the figure, and refuse others in words."""
    run(grown, "-c", OLD_TABLE)
    run(grown, "-c", NEW_TABLE.replace("FIGURE", FIGURE))


OLD_DATABASE = """
import sqlite3
import sys
from pathlib import Path
from tests.cli.repository import Repository
from tests.cli.transcripts import in_process
from tests.released import first_version

repository = Repository(Path(sys.argv[1]))
first_version.fill(repository.project)
first_version.allow_its_keys(repository.project)
repository.commit("0.1.0")
repository.git("switch", "-qc", "upgrade")

def ran(*arguments):
    done = in_process([*arguments], repository.project)
    return done.code, done.out + done.err

code, said = ran("check")
assert code == 1 and "make the schema of another version" in said, said
repository.edit("routes/models/mistral.yaml", ("  mistral-medium-3:\\n", "  mistral-medium-3:\\n    FIGURE: 5000\\n"))
code, said = ran("compile")
assert code == 0, said
address = "sqlite:///" + str(repository.project / first_version.DATABASE)

def rows(query):
    database = sqlite3.connect(repository.project / first_version.DATABASE)
    found = database.execute(query).fetchall()
    database.close()
    return found

columns = ", ".join(name for _, name, *_ in rows("PRAGMA table_info(models)"))
before = rows(f"SELECT {columns} FROM models ORDER BY model"), rows("SELECT * FROM model_promotions")
for command in ("up", "verify", "down", "up", "verify"):
    code, said = ran("migrate", command, "--database", address, *["--yes"] * (command == "down"))
    assert code == 0, said
assert rows("SELECT DISTINCT FIGURE FROM models WHERE model <> 'mistral-medium-3'") == [(DEFAULT,)]
assert rows("SELECT FIGURE FROM models WHERE model = 'mistral-medium-3'") == [(5000,)]
assert (rows(f"SELECT {columns} FROM models ORDER BY model"), rows("SELECT * FROM model_promotions")) == before
for arguments in (("check",), ("lint-migrations",), ("compile", "--check")):
    code, said = ran(*arguments)
    assert code == 0, said
"""


def test_a_database_of_the_first_version(grown: Path, tmp_path: Path) -> None:
    """`check` says that a column is missing, `compile` writes the step, and the database of 0.1.0 takes it."""
    script = OLD_DATABASE.replace("FIGURE", FIGURE).replace("DEFAULT", str(DEFAULT))
    run(grown, "-c", script, str(tmp_path / "project"))


@pytest.mark.hard
@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_is_left_out_is_named(step: str, tmp_path: Path) -> None:
    """Without one step, the tests of the edit loop fail, and say of which figure, or filter, something is missing."""
    copy_project(tmp_path)
    add_figure(tmp_path, step)
    done = ask(tmp_path, "-m", "tests.quick", "-p", "no:cacheprovider", "tests/diff/test_every_field.py")
    assert done.returncode == 1, done.stdout[-3000:] + done.stderr[-3000:]
    naming = [line for line in failures(done.stdout) if FIGURE in line or FILTER in line]
    assert naming, done.stdout[-5000:]
