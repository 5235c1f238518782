"""Measure the database on PostgreSQL: ranks beside sorting in Python and SQLite, single inserts beside a bare table."""

from __future__ import annotations

import os
import random
import sqlite3
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))

import psycopg
from support.measure import machine

from routecomp.checker import Options, check
from routecomp.model.project import Program
from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.migrations import migration_files
from routecomp.sql.script_text import statements
from routecomp.sql.state import database_state
from routecomp.table.lower import lower
from routecomp.table.rank import Ranker, measure
from tests.database.server import server

MODELS, POLICIES, CLIENTS, INSERTS, ROUNDS, SEED = 1_000, 100, 4, 1_500, 5, 13
RANKS = "SELECT tenant, model, plain_rank, penalised_rank FROM model_ranks"
_DAY = "2026-11-30"
_COLUMNS = (
    "day, outcome_id, begun_at, request_id, tenant, route, route_name, source, status, outcome, reasons, ruleset_hash,"
    " model, answered_by, latency_ms, first_token_ms, input_tokens, output_tokens, cost_pusd"
)


def main() -> None:
    """Measure, and exit with 1 if a place in an order is wrong."""
    program = checked()
    first = migration_files({}, database_state(program), dialect_names())
    lite = sqlite3.connect(":memory:", isolation_level=None)
    with server() as where, psycopg.connect(f"{where} dbname=postgres", autocommit=True) as database:
        for statement in statements(first["postgres/0001_baseline.up.sql"].decode()):
            database.execute(statement.encode())
        for statement in statements(first["sqlite/0001_baseline.up.sql"].decode()):
            lite.execute(statement)
        version = database.info.server_version // 10_000
        print(f"{MODELS:,} models, {POLICIES} policies of tenants, PostgreSQL {version}, {machine()}")
        right = ranks(program, database, lite)
    lite.close()
    for waits in (True, False):
        with (
            server(waits_for_disk=waits) as where,
            psycopg.connect(f"{where} dbname=postgres", autocommit=True) as database,
        ):
            for statement in statements(first["postgres/0001_baseline.up.sql"].decode()):
                database.execute(statement.encode())
            print(f"single inserts, {CLIENTS} clients, {'' if waits else 'not '}waiting for the disk")
            inserts(where, database)
    sys.exit(0 if right else 1)


def checked() -> Program:
    """Return a program of many models, and tenants of which each has a policy of its own."""
    dice = random.Random(SEED)
    models = "".join(
        f"  m{number}: {{provider: p{number % 20}, quality: {dice.randrange(3_000, 10_000) / 10_000:.4f}, "
        f"price: {{input: {dice.randrange(1, 1_500) / 100:.2f}, output: {dice.randrange(1, 7_500) / 100:.2f}}}, "
        f"output_ratio: {dice.choice(['0.5', '0.25', '2'])}, latency_ms: {dice.randrange(100, 9_000)}, "
        "context_window: 9}\n"
        for number in range(MODELS)
    )
    providers = "".join(
        f"  p{number}: {{adapter: openai, base_url: https://p{number}.example, chat_path: /v1/chat, "
        f"api_key_env: P{number}_KEY, stack: eu}}\n"
        for number in range(20)
    )
    tenants = ""
    for number in range(POLICIES):
        quality = dice.randrange(101)
        latency = dice.randrange(101 - quality)
        tenants += (
            f"  t{number}: {{weights: {{quality: {quality / 100:.2f}, latency: {latency / 100:.2f}, "
            f"cost: {(100 - quality - latency) / 100:.2f}}}, preferred_providers: [p{number % 20}]}}\n"
        )
    files = {
        "routes/all.yaml": f"providers:\n{providers}models:\n{models}targets:\n  auto: {{candidates: all}}\n"
        "defaults: {model: m0}\nscoring: {cost: {best: 0, worst: 75}, latency_ms: {best: 0, worst: 10000}}\n",
        "policies/all.yaml": f"tenants:\n{tenants}",
    }
    result = check({path: text.encode() for path, text in files.items()}, Options(today=date(2026, 11, 30)))
    assert result.program is not None, [str(diagnostic) for diagnostic in result.diagnostics][:3]
    return result.program


def ranks(program: Program, database: psycopg.Connection, lite: sqlite3.Connection) -> bool:
    """Print how long all ranks take, and return whether they are the orders of the compiled table."""
    scoring = program.sure_scoring
    policies = [program.tenant_policy(slug) for slug in program.tenants]
    policies.append(program.default_policy)

    def sort() -> None:
        ranker = Ranker([measure(slug, model.body, scoring) for slug, model in program.models.items()], scoring)
        for policy in policies:
            for penalised in (False, True):
                ranker.rank(policy, penalised=penalised)

    database.execute("ANALYZE")
    one = f"{RANKS} WHERE tenant = 't7'"
    timed: dict[str, Callable[[], Any]] = {
        "python": sort,
        "postgres": lambda: database.execute(RANKS).fetchall(),
        "sqlite": lambda: lite.execute(RANKS).fetchall(),
        "postgres, one": lambda: database.execute(one).fetchall(),
        "sqlite, one": lambda: lite.execute(one).fetchall(),
    }
    taken: dict[str, list[float]] = {name: [] for name in timed}
    for _ in range(ROUNDS):
        for name, run in timed.items():
            begun = time.perf_counter()
            run()
            taken[name].append(time.perf_counter() - begun)
    python, own = median(taken["python"]), {name: median(times) for name, times in taken.items()}
    print(f"sorting the same scores in Python: {python * 1000:.0f} ms")
    for name in ("postgres", "sqlite"):
        shown(f"model_ranks on {name}, all", f"{own[name] * 1000:7.0f} ms", f"{own[name] / python:.1f} × Python's time")
        shown(f"model_ranks on {name}, one tenant", f"{own[f'{name}, one'] * 1000:7.0f} ms")
    shown("SQLite beside PostgreSQL", f"{own['sqlite'] / own['postgres']:7.1f} ×", "to reach: below 10 ×")
    table: Any = lower(program).content
    names = {**table["tenants"], None: table["defaults"]["policy"]}
    right = all(
        orders(rows) == {tenant: wanted(table, name) for tenant, name in names.items()}
        for rows in (timed["postgres"](), timed["sqlite"]())
    )
    print("every place is that of the compiled table" if right else "A PLACE IS WRONG")
    return right


def shown(name: str, figure: str, remark: str = "") -> None:
    """Print one line."""
    print(f"{name:34} {figure} {remark}".rstrip())


def orders(rows: list[tuple[Any, ...]]) -> dict[Any, tuple[str, ...]]:
    """Return both orders of each tenant that rows of `model_ranks` say."""
    found: dict[Any, tuple[list[str], list[str]]] = {}
    for tenant, model, plain, penalised in rows:
        own = found.setdefault(tenant, ([""] * MODELS, [""] * MODELS))
        own[0][int(plain) - 1], own[1][int(penalised) - 1] = model, model
    return {tenant: tuple(" ".join(order) for order in own) for tenant, own in found.items()}


def wanted(table: Any, name: str) -> tuple[str, ...]:
    """Return both orders of a policy in the table."""
    policy = table["policies"][name]
    return table["orders"][policy["plain"]], table["orders"][policy["penalised"]]


def inserts(where: str, database: psycopg.Connection) -> None:
    """Print how many outcomes clients insert one by one, beside a table of the same columns without a constraint."""
    database.execute("CREATE TABLE bare AS SELECT * FROM routing_outcomes WITH NO DATA")
    for name in ("routing_outcomes", "routing_attempts"):
        database.execute(
            f"CREATE TABLE {name}_today PARTITION OF {name} FOR VALUES FROM ('{_DAY}') TO ('2026-12-01')".encode()
        )
    rates: dict[str, list[float]] = {"bare": [], "routing_outcomes": []}
    for number in range(2 * ROUNDS):
        for table, found in rates.items():
            found.append(CLIENTS * INSERTS / together(where, table, number))
    bare, own = (median(found[1:]) for found in rates.values())
    shown("a bare table of the same columns", f"{bare:7,.0f} /s")
    ratio = median(mine / theirs for theirs, mine in zip(*rates.values(), strict=True))
    shown("routing_outcomes", f"{own:7,.0f} /s", f"{ratio:.2f} × the bare table; to reach: 0.6 ×")


def together(where: str, table: str, number: int) -> float:
    """Return the seconds that all clients take, each in a process of its own."""
    context = get_context("fork")
    barrier = context.Barrier(CLIENTS + 1)
    clients = [
        context.Process(target=insert, args=(where, table, f"{number}-{own}", barrier)) for own in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    barrier.wait()
    begun = time.perf_counter()
    for client in clients:
        client.join()
        assert client.exitcode == 0
    return time.perf_counter() - begun


def insert(where: str, table: str, own: str, barrier: Any) -> None:
    """Insert outcomes one by one."""
    at = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
    text = f"INSERT INTO {table} ({_COLUMNS}) VALUES ({', '.join(['%s'] * 19)})"
    text += " ON CONFLICT DO NOTHING" * (table != "bare")
    with psycopg.connect(f"{where} dbname=postgres", autocommit=True) as client:
        client.prepare_threshold = 1
        barrier.wait()
        for number in range(INSERTS):
            client.execute(
                text.encode(),
                (
                    *(_DAY, f"{own}-{number}", at, f"r-{number}", f"t{number % POLICIES}", "feature", "support-chat"),
                    *("table", "ok", "succeeded", "[]", "5f70bf18a0860070" * 4, "m1", "m1", 900, 200, 1_200, 380),
                    15_500_000_000,
                ),
            )
    os._exit(0)


if __name__ == "__main__":
    main()
