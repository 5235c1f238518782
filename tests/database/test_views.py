"""Test that views say what the compiled table says: policies, orders, chains and slots."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import routecomp
from routecomp.checker import Options, check
from routecomp.model import figures
from routecomp.model.figures import database_row
from routecomp.model.project import Program
from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.migrations import migration_files
from routecomp.sql.state import database_state
from routecomp.table.lower import lower
from tests.database.databases import ask, migrations, run, sqlite_database
from tests.database.page import shown
from tests.database.test_migrate import make_site

if TYPE_CHECKING:
    from tests.database.databases import Database

EXAMPLE = Path(__file__).parents[2] / "generated" / "migrations"
_MOST_DOLLARS, _MOST_COUNT = 10**6, 10**9
# Scales on which 0.0001 of quality is worth 1 ms: models tie to the last unit, or miss each other by it.
EVEN = "{cost: {best: 0, worst: 10}, latency_ms: {best: 0, worst: 10000}}"
NARROW = "{cost: {best: 0.999999, worst: 1.000001}, latency_ms: {best: 999999999, worst: 1000000000}}"
WIDEST = f"{{cost: {{best: 0, worst: {_MOST_DOLLARS}}}, latency_ms: {{best: 0, worst: {_MOST_COUNT}}}}}"
ODD = WIDEST.replace("{best: 0, worst: 1000000000}", "{best: 1, worst: 999999998}")
# On a scale of one micro-dollar, 0.0001 of quality is a little less than the least that a price can be less: 1 to 1.05.
LAST = "{cost: {best: 0.999999, worst: 1}, latency_ms: {best: 0, worst: 1}}"
LONG = LAST.replace("worst: 1}}", "worst: 100000}}")


def models(dice: random.Random, scoring: str, count: int) -> dict[str, str]:
    """Draw models at the bounds of section 2, close to each other, or the same but for their names."""
    if scoring in (LAST, LONG):
        return {
            f"m{number}": f"{{provider: north, quality: {0.5 + dice.randrange(40) / 10_000:.4f}, latency_ms: 0, "
            f"price: {{input: 0.952380, output: 0.0000{dice.randrange(40):02}}}, output_ratio: 0.0001, "
            "context_window: 9}"
            for number in range(count)
        }
    most = {EVEN: ("4", 4_000), NARROW: ("1.000000", _MOST_COUNT), WIDEST: (str(_MOST_DOLLARS), _MOST_COUNT)}[
        WIDEST if scoring == ODD else scoring
    ]
    drawn: list[tuple[int, str, str, str, int]] = []
    for _ in range(count):
        if drawn and dice.random() < 0.6:
            quality, paid, earned, ratio, latency = dice.choice(drawn)
            step = dice.choice([-1, 0, 1])  # as much faster as worse
            quality, latency = max(quality + step, 0), max(latency + step, 0)
            earned = dice.choice([earned, "0.000001", "0"])
        else:
            quality, latency = dice.choice([0, 5_000, 9_999, dice.randrange(10_000)]), dice.choice([0, 1, most[1]])
            paid, earned = dice.choice([most[0], "0", "0.000001"]), dice.choice([most[0], "0", "0.000001"])
            ratio = dice.choice(["1000000", "0", "0.0001", "999999.9999"])
        drawn.append((min(quality, 10_000), paid, earned, ratio, min(latency, _MOST_COUNT)))
    return {
        f"m{number}": f"{{provider: {dice.choice(['north', 'south'])}, quality: {quality / 10_000:.4f}, "
        f"price: {{input: {paid}, output: {earned}}}, output_ratio: {ratio}, latency_ms: {latency}, context_window: 9, "
        f"active: {str(dice.random() < 0.9).lower()}, listed: {str(dice.random() < 0.9).lower()}, "
        f"logical_slug: {dice.choice(['big', 'small'])}}}"
        for number, (quality, paid, earned, ratio, latency) in enumerate(drawn)
    }


def tenants(dice: random.Random, count: int) -> Iterator[str]:
    """Draw policies: weights, penalties, objectives and what is preferred."""
    for number in range(count):
        quality = dice.choice([0, 1, 50, 100, dice.randrange(101)])
        latency = dice.choice([0, 100 - 2 * quality if quality < 50 else 0, dice.randrange(101 - quality)])
        cost = 100 - quality - latency
        yield (
            f"  t{number}: {{objective: {dice.choice(['weighted', 'weighted', 'cheapest'])}, "
            f"weights: {{quality: {quality / 100:.2f}, latency: {latency / 100:.2f}, cost: {cost / 100:.2f}}}, "
            f"fallback_cost_penalty_pct: {dice.choice(['0', '5.00', '99.99', '100'])}, "
            f"fallback_enabled: {str(dice.random() < 0.8).lower()}, compliance_veto_threshold: 0, "
            f"preferred_providers: {dice.choice(['[]', '[south]', '[south, north]'])}}}"
        )


def project(seed: str, scoring: str) -> dict[str, bytes]:
    """Write a project of which every order, chain and slot can be told."""
    dice = random.Random(seed)
    cards = models(dice, scoring, 40) | {
        "first": "{provider: north, quality: 1, price: {input: 1, output: 1}, latency_ms: 1, context_window: 9}"
    }
    features = "\n".join(
        f"  f{number}: {{models: {{first: primary, m1: retired}}, fallback: [m3, m2], then: {target}}}"
        for number, target in enumerate(("auto", "some", "near", "same"))
    )
    logical = "stacks: [us, eu]" if scoring in (LAST, LONG) else "logical: big"
    routes = f"""\
providers:
  north: {{adapter: openai, base_url: https://north.example, chat_path: /v1/chat, api_key_env: NORTH_KEY, stack: eu}}
  south: {{adapter: openai, base_url: https://south.example, chat_path: /v1/chat, api_key_env: SOUTH_KEY, stack: us}}
models:
{"".join(f"  {slug}: {card}{chr(10)}" for slug, card in cards.items())}
features:
{features}
targets:
  auto: {{candidates: all}}
  some: {{candidates: {{models: [m4, m5, m6, first]}}}}
  near: {{candidates: {{stacks: [eu]}}}}
  same: {{candidates: {{{logical}}}}}
defaults: {{model: first, policy: {{banned_models: [m7], stacks: [us, eu], min_quality: 0.3}}}}
scoring: {scoring}
resilience: {{max_attempts: 1000}}
"""
    policies = f"""\
tenants:
{chr(10).join(tenants(dice, 12))}
  listed: {{preset: strict_no_fallback, banned_providers: [south], banned_models: [m8, m1], stacks: [eu]}}
"""
    experiments = """\
experiments:
  by-weight: {public_model_id: x/weight, status: active, variants: {
    a: {weight: 0.3333, versions: [{version: 1, model: m1}, {version: 2, model: m2}]},
    b: {weight: 0.6667, versions: [{version: 1, model: m3}]}}}
  by-slots: {public_model_id: x/slots, status: active, variants: {
    a: {weight: 0.5, slots: [[0, 1], [5000, 9997]], versions: [{version: 1, model: m1}]},
    b: {weight: 0.5, slots: [[2, 4999], [9998, 9999]], versions: [{version: 1, model: m2}]}}}
  shut: {public_model_id: x/shut, status: paused, variants: {
    a: {weight: 0.5, versions: [{version: 1, model: m1}]}, b: {weight: 0.5, versions: [{version: 1, model: m2}]}}}
  held: {public_model_id: x/held, status: paused, on_pause: control, variants: {
    a: {weight: 0.5, versions: [{version: 1, model: m1}]}, b: {weight: 0.5, versions: [{version: 1, model: m2}]}}}
  won: {public_model_id: x/won, status: completed, winner: b, variants: {
    a: {weight: 0.5, versions: [{version: 1, model: m1}]}, b: {weight: 0.5, versions: [{version: 1, model: m2}]}}}
  hidden: {public_model_id: x/held, status: completed, winner: b, variants: {
    a: {weight: 0.5, versions: [{version: 1, model: m1}]}, b: {weight: 0.5, versions: [{version: 1, model: m2}]}}}
  old: {public_model_id: x/old, status: completed, winner: b, archived: true, variants: {
    a: {weight: 0.5, versions: [{version: 1, model: m1}]}, b: {weight: 0.5, versions: [{version: 1, model: m2}]}}}
"""
    return {
        "routes/all.yaml": routes.encode(),
        "policies/all.yaml": policies.encode(),
        "experiments/all.yaml": experiments.encode(),
    }


CARD = "quality: 0.5, price: {input: 1, output: 1}, latency_ms: 1, context_window: 9"
SHARED = f"""\
providers:
  north: {{adapter: openai, base_url: https://north.example, api_key_env: NORTH_KEY, stack: eu}}
models:
  a: {{provider: north, logical_slug: big, share: 0.0001, {CARD}}}
  a.b: {{provider: north, logical_slug: big, share: 0.6, active: false, {CARD}}}
  a-b: {{provider: north, logical_slug: big, share: 0.3, was: z, {CARD}}}
  b: {{provider: north, logical_slug: big, share: 0.0999, was: 0, {CARD}}}
  c: {{provider: north, logical_slug: big, {CARD}}}
  d: {{provider: north, logical_slug: small, share: 1, {CARD}}}
  e: {{provider: north, logical_slug: none, was: f, {CARD}}}
defaults: {{model: a}}
scoring: {EVEN}
"""


def programs() -> dict[str, Program]:
    """Return the projects of the tests by their scales."""
    made = {}
    for name, scoring in {
        "even": EVEN,
        "narrow": NARROW,
        "widest": WIDEST,
        "odd": ODD,
        "last": LAST,
        "long": LONG,
    }.items():
        checked = check(project(name, scoring), Options(today=date(2026, 11, 20)))
        assert checked.program is not None, [str(one) for one in checked.diagnostics]
        made[name] = checked.program
    checked = check({"routes/all.yaml": SHARED.encode()}, Options(today=date(2026, 11, 20)))
    assert checked.program is not None, [str(one) for one in checked.diagnostics]
    made["shared"] = checked.program
    return made


PROGRAMS = programs()


EVERYWHERE = [(name, dialect) for name in PROGRAMS if name != "shared" for dialect in dialect_names()]
ONCE = [("even", dialect) for dialect in dialect_names()]
DEALT = [("shared", dialect) for dialect in dialect_names()]


@pytest.fixture
def filled(request: pytest.FixtureRequest) -> Iterator[tuple[Program, Database]]:
    """Yield a project, and a database that its first migration has made."""
    name, dialect = request.param
    program = PROGRAMS[name]
    (first,) = migrations(migration_files({}, database_state(program), dialect_names()), dialect)
    if dialect == "postgres":
        server = request.getfixturevalue("postgres")
        run(server, first.up)
        yield program, server
    else:
        with closing(sqlite_database()) as database:
            run(database, first.up)
            yield program, database


@pytest.mark.parametrize("dialect", dialect_names())
def test_the_questions_of_the_page(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Each query of the page answers, on the example and what the page has written before."""
    site = make_site(dialect, request, tmp_path)
    shutil.rmtree(site.folder.at)
    shutil.copytree(EXAMPLE, site.folder.at)
    site.run_ok("up")
    written, *_ = shown("## What services write", dialect)
    again = [
        text.replace("c-4711", "c-1").replace("reasons,", "reasons, experiment, variant, version, slot,")
        for text in written
    ]
    again[0] = again[0].replace("""'["alias"]',""", """'[]', 'assistant-plus', 'control', 2, 4711,""")
    site.sql(*written, *again)
    (queries,) = shown("### Questions", dialect)
    answers = {query: site.sql(query) for query in queries}
    assert len(answers) == 10
    assert [query for query, rows in answers.items() if not rows] == []
    (slot,) = [rows for query, rows in answers.items() if "4711" in query]
    assert len(slot) == 1


def view(database: Database, columns: str, name: str) -> list[tuple[Any, ...]]:
    """Return the rows of a view; whole numbers as integers."""
    rows = ask(database, f"SELECT {columns} FROM {name}")
    return [tuple(int(cell) if type(cell).__name__ in ("Decimal", "bool") else cell for cell in row) for row in rows]


@pytest.mark.parametrize("filled", EVERYWHERE, ids="-".join, indirect=True)
def test_ranks_and_chains(filled: tuple[Program, Database]) -> None:
    """Each model has its place in both orders of the table, and each feature the chain that the resolver tries."""
    program, database = filled
    table: Any = lower(program).content
    ranks: dict[Any, list[tuple[int, int, str]]] = {}
    for tenant, model, plain, penalised in view(database, "tenant, model, plain_rank, penalised_rank", "model_ranks"):
        ranks.setdefault(tenant, []).append((plain, penalised, model))
    policies = {**table["tenants"], None: table["defaults"]["policy"]}
    assert ranks.keys() == policies.keys()
    for tenant, name in policies.items():
        policy = table["policies"][name]
        for place, order in enumerate(("plain", "penalised")):
            own = sorted(ranks[tenant], key=lambda row, at=place: row[at])  # type: ignore[misc]
            assert [model for _, _, model in own] == table["orders"][policy[order]].split(" "), (tenant, order)
            assert [row[place] for row in own] == list(range(1, len(own) + 1))
    compiled = lower(program)
    router = routecomp.Router.from_bytes(compiled.data, compiled.fallback_data)
    chains: dict[Any, list[tuple[int, str, str]]] = {}
    for tenant, feature, *link in view(database, "tenant, feature, position, model, origin", "feature_chains"):
        chains.setdefault((tenant, feature), []).append(tuple(link))
    assert chains.keys() == {(tenant, feature) for tenant in policies for feature in program.features}
    for (tenant, feature), links in chains.items():
        passing = [model for _, model, _ in sorted(links) if program.models[model].body.active]
        assert sorted(links)[0][2] == "primary"
        if tenant not in (None, "listed"):  # these have bans as well
            decided = router.resolve(feature=feature, tenant=tenant, min_quality=0)
            assert list(decided.chain) == passing, (tenant, feature)


@pytest.mark.parametrize("filled", ONCE, ids="-".join, indirect=True)
def test_policies(filled: tuple[Program, Database]) -> None:
    """Each field of a tenant's policy is what the program resolves it to."""
    program, database = filled
    lists = ("banned_providers", "banned_models", "preferred_providers", "stacks")
    columns = [figure.column for figure in figures.POLICY if figure.column is not None]
    rows = {row[0]: row[1:] for row in view(database, ", ".join(["tenant", *lists, *columns]), "effective_policies")}
    assert rows.keys() == {*program.tenants, None}
    for tenant, cells in rows.items():
        policy = program.default_policy if tenant is None else program.tenant_policy(tenant)
        for name, text in zip(lists, cells, strict=False):
            named = getattr(policy, name)
            assert (None if text is None else json.loads(text)) == (None if named is None else sorted(set(named)))
        stored = database_row(figures.POLICY, tenant or "", policy)
        assert list(cells[len(lists) :]) == [stored[column] for column in columns]


@pytest.mark.parametrize("filled", ONCE, ids="-".join, indirect=True)
def test_slots(filled: tuple[Program, Database]) -> None:
    """Each slot of a public model id is answered by the variant, version and model that the resolver decides for."""
    program, database = filled
    compiled = lower(program)
    router = routecomp.Router.from_bytes(compiled.data, compiled.fallback_data)
    ranges = view(
        database, "public_model_id, first_slot, last_slot, experiment, variant, version, model", "experiment_slots"
    )
    names = {name for name, *_ in ranges}
    assert names == {"x/weight", "x/slots", "x/shut", "x/held", "x/won"}
    for name in names:
        own = sorted(row[1:] for row in ranges if row[0] == name)
        assert [first for first, *_ in own] == [0, *(last + 1 for _, last, *_ in own[:-1])]
        assert own[-1][1] == 9_999
        for unit in range(60):
            decided = router.resolve(model=name, unit=str(unit), tenant="t0")
            assert decided.slot is not None
            (row,) = [row for row in own if row[0] <= decided.slot <= row[1]]
            assert row[2:5] == (decided.experiment, decided.variant, decided.version)
            if decided.status == "ok":
                assert row[5] == decided.model


@pytest.mark.parametrize("filled", DEALT, ids="-".join, indirect=True)
def test_shares(filled: tuple[Program, Database]) -> None:
    """Each range of a logical model's slots has the owner that the table gives it, in the order of old slugs too."""
    program, database = filled
    rows = sorted(view(database, "logical, first_slot, last_slot, share_bp, model", "model_shares"))
    shares: Any = lower(program).content["shares"]
    assert {logical: [[row[1], row[4]] for row in rows if row[0] == logical] for logical in shares} == shares
    assert {row[0] for row in rows} == set(shares) == {"big", "small"}
    assert [row[4] for row in rows if row[0] == "big"] == ["b", "a", "a.b", "a-b"]
    assert all(last - first + 1 == share for _, first, last, share, _ in rows)
