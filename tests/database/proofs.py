"""Hold the data of the proofs: a valid row for every table, and for every constraint a bad row and one at its edge.

The rows are those of a small project that uses every table, so that any of them may stand beside any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from routecomp.checker import Options, check
from routecomp.sql.ddl import ALL_TABLES
from routecomp.sql.dialects.registry import dialect as dialect_named
from routecomp.sql.dialects.sqlite import SQLITE
from routecomp.sql.literals import insert, literal, table_name
from routecomp.sql.schema import Column, Table, foreign_name, form_name, key_name
from routecomp.sql.state import DatabaseState, Row, database_state
from routecomp.sql.tables import SINGLES

FILES = {
    "routes/all.yaml": b"""
providers:
  north: {adapter: openai, base_url: https://north.example, chat_path: /v1/chat, api_key_env: NORTH_KEY, stack: eu}
  south: {adapter: openai, auth: none, base_url: https://south.example, chat_path: /v1/chat, stack: us}
  spare: {adapter: openai, auth: none, base_url: https://spare.example, stack: jp, query: {a: "1", b: "2"},
          headers: {x-a: "1"}, secret_headers: {x-b: B_TOKEN}}
  other: {adapter: openai, auth: none, base_url: https://other.example, chat_path: /v1/chat, stack: eu}
models:
  good: {provider: north, logical_slug: big, quality: 0.9, price: {input: 5, output: 20}, latency_ms: 900,
         context_window: 9000, capabilities: [tools], compliance: 0.9, aliases: ["GPT 4o"]}
  fair: {provider: south, quality: 0.7, price: {input: 1, output: 2}, latency_ms: 300, context_window: 9000}
  poor: {provider: south, quality: 0.3, price: {input: 1, output: 2}, latency_ms: 300, context_window: 9000}
  rest: {provider: south, quality: 0.6, price: {input: 1, output: 2}, latency_ms: 300, context_window: 9000}
features:
  chat: {models: {good: primary, fair: {status: shadow, sample: 0.1, max_daily_usd: 2}, poor: retired},
         fallback: [rest], then: auto, min_quality: 0.5, aliases: ["chat/support:latest"]}
targets:
  auto: {aliases: [router/auto, "openai/*"], candidates: all}
  some: {candidates: {models: [good, fair]}}
  near: {candidates: {stacks: [eu]}}
  same: {candidates: {logical: big}}
defaults: {routes: {draft: fair}, model: good, policy: {banned_models: [poor], banned_providers: [spare],
           preferred_providers: [north], stacks: [eu, us]}}
scoring: {cost: {best: 0, worst: 30}, latency_ms: {best: 0, worst: 4000}}
""",
    "policies/all.yaml": b"""
tenants:
  acme: {banned_providers: [south], banned_models: [poor], preferred_providers: [north], stacks: [eu],
         min_quality: 0.4}
preferences: {default: balanced, floors: {good: 0.5, frontier: 0.8}, dial: {quality: 0.1, balanced: 0, cost: -0.1},
              clamp: [good, frontier], gate_env: GATE}
""",
    "experiments/all.yaml": b"""
experiments:
  live:
    public_model_id: preview/live
    status: active
    variants:
      a: {label: A, weight: 0.5, slots: [[0, 4999]], versions: [{version: 1, model: good, api_key_env: A_KEY}]}
      b: {weight: 0.5, slots: [[5000, 9999]], versions: [{version: 1, model: fair}, {version: 2, model: good}]}
  done:
    public_model_id: preview/done
    status: completed
    winner: x
    variants: {x: {weight: 1, versions: [{version: 1, model: good}]}}
  idea:
    public_model_id: preview/idea
    status: draft
    variants: {y: {weight: 1, versions: [{version: 1, model: fair}]}}
""",
}
WRITTEN: dict[str, Row] = {
    "model_promotions": {
        "feature": "chat",
        "from_model": "fair",
        "to_model": "good",
        "kind": "promotion",
        "actor": "ada",
        "happened_at": "2026-11-20T12:00:00Z",
        "migration": "0001_baseline",
    },
    "provider_health_checks": {
        "provider": "north",
        "model": "good",
        "outcome": "ok",
        "latency_ms": 12,
        "checked_at": "2026-11-20T12:00:00Z",
    },
    "circuit_breakers": {
        "provider": "north",
        "model": "good",
        "state": "open",
        "consecutive_failures": 5,
        "trip_count": 1,
        "open_until": "2026-11-20T12:01:00Z",
        "opened_at": "2026-11-20T12:00:00Z",
        "half_open_at": "2026-11-20T12:00:00Z",
        "closed_at": "2026-11-20T12:00:00Z",
        "last_failure_at": "2026-11-20T12:00:00Z",
        "last_success_at": "2026-11-20T12:00:00Z",
    },
    "routing_outcomes": {
        "day": "2026-11-20",
        "outcome_id": "o",
        "begun_at": "2026-11-20T12:00:00Z",
        "request_id": "r",
        "tenant": "acme",
        "route": "feature",
        "route_name": "chat",
        "source": "table",
        "status": "ok",
        "outcome": "succeeded",
        "reasons": '["alias"]',
        "ruleset_hash": "h",
        "model": "good",
        "answered_by": "good",
        "experiment": "live",
        "variant": "a",
        "version": 1,
        "slot": 4711,
        "latency_ms": 900,
        "first_token_ms": 200,
        "input_tokens": 1000,
        "output_tokens": 100,
        "cost_pusd": 7_000_000_000,
        "error_class": "none",
    },
    "routing_attempts": {
        "day": "2026-11-20",
        "outcome_id": "o",
        "number": 1,
        "model": "good",
        "outcome": "ok",
        "latency_ms": 900,
        "error_class": "none",
    },
}


def sample_state() -> DatabaseState:
    """Return the state of the small project, in which every table has a row."""
    checked = check(FILES, Options(today=date(2026, 11, 20)))
    assert checked.program is not None, checked.diagnostics
    return database_state(checked.program)


def rows_of(table: Table, state: DatabaseState) -> list[Row]:
    """Return valid rows of a table: those of the project, or one that a service or a migration would write."""
    if table.name in WRITTEN:
        return [WRITTEN[table.name]]
    return list(state.tables[table.name].values())


_BAD_TEXT = {
    "date": ("infinity", "2026-02-30", "2025-02-29"),
    "slug": ("A", "a-", "x" * 64, ""),
    "name": ("", " a", "a ", "a  b", "a*", "é", "x" * 256),
    "pattern": ("", " a", "a ", "a  b", "a*b", "**", " *", "a**", "é", "x" * 255 + "*"),
    "upstream": ("a b", "é"),
    "variable": ("1A", "A-B"),
    "adapter": ("1a", "X"),
    "salt": ("a:b",),
    "url": ("ftp://é", "https://a?b", "https://a#b"),
    "header": ("X-A", "a b", "a:", ""),
    "printable": ("é", "a\tb"),
    "path": ("/a#b", "a b"),
    "day": (
        "2027-1-01",
        "0000-01-01",
        "2027-02-29",
        "2100-02-29",
        "2027-04-31",
        "2027-13-01",
        "2027-00-01",
        "2027-01-00",
        "2027-01-32",
    ),
}
_EDGE_TEXT = {
    "date": ("0001-01-01", "9999-12-31", "2024-02-29"),
    "slug": ("x" * 63, "0"),
    "name": ("GPT 4o:'x\"%_~!", "x" * 255, "0"),
    "pattern": ("GPT 4o", "GPT *", "*", "x" * 254 + "*"),
    "upstream": ("~!",),
    "variable": ("_",),
    "adapter": ("custom",),
    "header": ("!#~|", "x"),
    "printable": ("", " ~"),
    "salt": ("",),
    "url": ("http://127.9.9.9:1/x", "HTTPS://A", "http://[::1]"),
    "path": ("x",),
    "day": ("0001-01-01", "9999-12-31", "2028-02-29", "2000-02-29", "2027-04-30"),
}


def fullest_row(table: Table, state: DatabaseState) -> Row:
    """Return the row of a table with the fewest empty cells."""
    return min(rows_of(table, state), key=lambda row: sum(cell is None for cell in row.values()))


def refused_values(column: Column) -> Iterator[str]:
    """Return SQL of values that a column's own check refuses on both databases."""
    if column.kind == "whole":
        yield from (str(column.low - 1), str(column.high + 1), f"{column.low}.5", "'NaN'", "-0.004")
    elif column.kind == "word":
        yield "'nonsense'"
    elif column.kind in _BAD_TEXT:
        yield from (literal(text, SQLITE) for text in _BAD_TEXT[column.kind])


def edge_values(column: Column) -> Iterator[str]:
    """Return SQL of values at the edge of what a column's own check allows."""
    if column.kind == "whole":
        yield from (str(column.low), str(column.high))
    elif column.kind == "word":
        yield from (literal(word, SQLITE) for word in column.words)
    elif column.kind in _EDGE_TEXT:
        yield from (literal(text, SQLITE) for text in _EDGE_TEXT[column.kind])
    if column.nullable:
        yield "NULL"


def insert_row(table: Table, row: Row, cells: dict[str, str], dialect: str) -> str:
    """Write an INSERT of a row with other cells, which are SQL."""
    values = {name: literal(value, dialect_named(dialect)) for name, value in row.items()} | cells
    return f"INSERT INTO {table_name(table.name, dialect_named(dialect))} ({', '.join(values)}) VALUES ({', '.join(values.values())})"


def change_row(table: Table, row: Row, cells: dict[str, str], dialect: str) -> str:
    """Write a statement that leads to a row with other cells: an UPDATE, or an INSERT in append-only tables."""
    if not table.policy or table.live_only:
        apart = {"version": "77"} if table.live_only else {"outcome_id": "'apart'"} if table.by_day else {}
        return insert_row(table, row, apart | cells, dialect)
    where = " AND ".join(f"{name} = {literal(row[name], dialect_named(dialect))}" for name in table.key)
    cell = ", ".join(f"{name} = {value}" for name, value in cells.items())
    return f"UPDATE {table_name(table.name, dialect_named(dialect))} SET {cell} WHERE {where}"


def column_proofs(dialect: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield for each column's own check its name, statements it must refuse, and statements at its edge."""
    state = sample_state()
    for table in ALL_TABLES:
        row = fullest_row(table, state)
        for column in table.columns:
            bad = list(refused_values(column))
            # The delta of the default is 0: another one must be it.
            beside = {"default_preference": "'cost'", "dial_cost_bp": "0"} if column.name == "dial_balanced_bp" else {}
            if table.name == "providers" and column.name == "api_key_env":
                beside = {"auth": "NULL"}  # whether a key is sent decides whether there is one
            if not bad or column.computed:
                continue
            yield (
                form_name(table, column),
                [
                    change_row(table, one, beside | {column.name: value}, dialect)
                    for one in rows_of(table, state)[:4]
                    for value in bad
                ],
                [change_row(table, row, {column.name: value}, dialect) for value in edge_values(column)],
            )


def key_proofs(dialect: str) -> Iterator[tuple[str, list[str]]]:
    """Yield for each primary key its name and statements of which it must refuse one."""
    state = sample_state()
    for table in ALL_TABLES:
        row = rows_of(table, state)[0]
        if table.key != ("id",):
            apart = {"salt": "'apart'"} if table.name == "model_experiment" else {}
            yield key_name(table), [insert_row(table, one, apart, dialect) for one in rows_of(table, state)]
        elif dialect == "postgres":
            cells = {"id": f"(SELECT min(id) FROM {table_name(table.name, dialect_named(dialect))})"}
            text = insert_row(table, row, cells | ({"version": "77"} if table.live_only else {}), dialect)
            yield key_name(table), [text.replace(") VALUES (", ") OVERRIDING SYSTEM VALUE VALUES (", 1)]


def foreign_proofs(dialect: str) -> Iterator[tuple[str, str]]:
    """Yield for each foreign key its name and a statement it must refuse."""
    state = sample_state()
    for table in ALL_TABLES:
        row = rows_of(table, state)[0]
        for foreign in table.foreign:
            name = foreign.columns[-1]
            cells = {"model" if name == "serving_model" else name: "'nobody'"}
            if name == "serving_model":
                cells["version"] = "77"
            if name == "preset":
                # Every word there is has its row: take one away.
                yield (
                    foreign_name(table, foreign),
                    f"DELETE FROM {table_name('routing_presets', dialect_named(dialect))}",
                )
                continue
            if name == "winner":
                row = next(one for one in rows_of(table, state) if one["winner"] is not None)
            made = insert_row if table.name == "model_experiment_variant" else change_row  # its own rows have children
            yield foreign_name(table, foreign), made(table, row, cells, dialect)


def check_names(table: Table) -> Iterator[str]:
    """Return the names of all checks of a table that both databases have."""
    yield from (form_name(table, column) for column in table.columns)
    yield from (check.name for check in table.checks)


_OUTCOME = (
    "INSERT INTO {{p}}routing_outcomes (day, outcome_id, begun_at, status, outcome, answered_by, reasons)"
    " VALUES ('2026-11-20', 'p', {})"
)
TABLE_PROOFS: dict[str, str] = {
    "models_share_of_logical": "UPDATE {p}models SET share_bp = 10000 WHERE model = 'fair'",
    "models_shared_as_share": "UPDATE {p}models SET shared_as = 'x' WHERE model = 'fair'",
    "providers_stack_word": "UPDATE {p}providers SET stack = 'avoid-eu'",
    "providers_over_https": "UPDATE {p}providers SET base_url = 'http://north.example'",
    "providers_adapter_known": "UPDATE {p}providers SET adapter = 'telnet'",
    "providers_auth_known": "UPDATE {p}providers SET auth = 'password' WHERE provider = 'north'",
    "providers_paths_sound": "UPDATE {p}providers SET chat_path = '/a?b?c' WHERE provider = 'north'",
    "provider_query_named": "INSERT INTO {p}provider_query (provider, name, position, value) VALUES ('north', '', 9, 'x')",
    "provider_headers_allowed": "INSERT INTO {p}provider_headers (provider, header, value) VALUES ('north', 'host', 'x')",
    "provider_secret_headers_allowed": "INSERT INTO {p}provider_secret_headers (provider, header, variable)"
    " VALUES ('north', 'x-forwarded-for', 'A_KEY')",
    "providers_key_and_auth": "UPDATE {p}providers SET api_key_env = NULL WHERE provider = 'north'",
    "providers_region_signed": "UPDATE {p}providers SET region = 'eu-west-1'",
    "providers_base_url_host": "UPDATE {p}providers SET base_url = 'https://me@north.example'",
    "providers_chat_path_relative": "UPDATE {p}providers SET chat_path = 'https://north.example/v1'",
    "models_output_bounds": "UPDATE {p}models SET min_output_tokens = 2, max_output_tokens = 1",
    "targets_logical": "UPDATE {p}targets SET logical_slug = 'big' WHERE target = 'auto'",
    "feature_models_sample_on_shadow": "UPDATE {p}feature_models SET sample_bp = 5 WHERE model = 'good'",
    "feature_models_cap_needs_sample": "UPDATE {p}feature_models SET max_daily_cents = 5 WHERE model = 'good'",
    "routing_defaults_weights_sum": "UPDATE {p}routing_defaults SET weight_cost_bp = 3100",
    "tenant_routing_policy_weights_sum": "UPDATE {p}tenant_routing_policy SET weight_cost_bp = 2900",
    "routing_defaults_weights_steps": "UPDATE {p}routing_defaults SET weight_cost_bp = 3001, weight_quality_bp = 3999",
    "tenant_routing_policy_weights_steps": "UPDATE {p}tenant_routing_policy SET weight_cost_bp = 2950, weight_latency_bp = 3050",
    "routing_scoring_cost_order": "UPDATE {p}routing_scoring SET cost_worst_pusd = cost_best_pusd",
    "routing_scoring_latency_order": "UPDATE {p}routing_scoring SET latency_worst_ms = latency_best_ms",
    "routing_preferences_default_delta": "UPDATE {p}routing_preferences SET dial_balanced_bp = 1",
    "routing_preferences_monotone": "UPDATE {p}routing_preferences SET dial_cost_bp = 1",
    "model_experiment_archived_not_active": "UPDATE {p}model_experiment SET archived = {t} WHERE status = 'active'",
    "model_experiment_winner_completed": "UPDATE {p}model_experiment SET winner = 'a' WHERE status = 'active'",
    "model_experiment_variant_slot_order": "UPDATE {p}model_experiment_variant_slot SET last_slot = 4999 WHERE first_slot = 5000",
    "model_promotions_from": "INSERT INTO {p}model_promotions (feature, from_model, to_model, kind, migration)"
    " VALUES ('f', NULL, 'b', 'promotion', 'm')",
    "model_promotions_to": "INSERT INTO {p}model_promotions (feature, from_model, to_model, kind, migration)"
    " VALUES ('f', 'a', NULL, 'promotion', 'm')",
    "model_promotions_two_models": "INSERT INTO {p}model_promotions (feature, from_model, to_model, kind, migration)"
    " VALUES ('f', 'a', 'a', 'promotion', 'm')",
    "routing_outcomes_day_of_call": _OUTCOME.format("'2026-11-21T00:00:00Z', 'ok', 'failed', NULL, '[]'"),
    "routing_outcomes_rejected": _OUTCOME.format("'2026-11-20T23:59:59Z', 'unknown_model', 'failed', NULL, '[]'"),
    "routing_outcomes_rejected_unanswered": _OUTCOME.format("'2026-11-20T00:00:00Z', 'ok', 'rejected', 'good', '[]'"),
    "routing_outcomes_reasons_list": _OUTCOME.format("'2026-11-20T00:00:00Z', 'ok', 'failed', NULL, 'alias'"),
}
"""For every check over several columns a statement it must refuse; `{p}` is the schema, `{t}` is true."""
INDEX_PROOFS: dict[str, str] = {
    "feature_models_one_primary": "UPDATE {p}feature_models SET status = 'primary', sample_bp = NULL,"
    " max_daily_cents = NULL WHERE feature = 'chat' AND model = 'fair'",
    "model_experiment_one_running": "UPDATE {p}model_experiment SET public_model_id = 'preview/live', status = 'paused' WHERE experiment = 'idea'",
    "model_experiment_one_winner": "UPDATE {p}model_experiment SET public_model_id = 'preview/done',"
    " status = 'completed', winner = 'y' WHERE experiment = 'idea'",
    "model_experiment_salt": "UPDATE {p}model_experiment SET salt = 'live' WHERE experiment = 'idea'",
    "model_experiment_variant_version_live": "INSERT INTO {p}model_experiment_variant_version"
    " (experiment, variant, version, model) VALUES ('live', 'a', 1, 'good')",
}
"""For every unique index a statement it must refuse."""
TRIGGER_PROOFS: dict[str, str] = {
    "model_promotions_append_only": "UPDATE {p}model_promotions SET actor = 'eve'",
    "model_promotions_no_truncate": "TRUNCATE {p}model_promotions",
    "model_experiment_variant_version_append_only": "UPDATE {p}model_experiment_variant_version SET model = 'poor' WHERE version = 2",
    "model_experiment_variant_version_no_truncate": "TRUNCATE {p}model_experiment_variant_version",
    **{f"{table}_stays": f"DELETE FROM {{p}}{table}" for table in SINGLES},
    **{f"{table}_no_truncate": f"TRUNCATE {{p}}{table}" for table in SINGLES},
    "model_promotions_no_update": "UPDATE {p}model_promotions SET actor = 'eve'",
    "model_promotions_no_delete": "DELETE FROM {p}model_promotions",
    "model_promotions_no_replace": "INSERT OR REPLACE INTO model_promotions"
    " (id, feature, from_model, to_model, kind, migration)"
    " VALUES (1, 'f', 'a', 'b', 'swap', 'm')",
    "model_experiment_variant_version_no_update": "UPDATE {p}model_experiment_variant_version SET model = 'poor' WHERE version = 2",
    "model_experiment_variant_version_no_delete": "DELETE FROM {p}model_experiment_variant_version WHERE experiment = 'live'",
    "model_experiment_variant_version_no_replace": "INSERT OR REPLACE INTO model_experiment_variant_version"
    " (experiment, variant, version, model)"
    " VALUES ('live', 'a', 1, 'poor')",
}
"""For every trigger that guards a ledger or a single row, in either database, a statement it must refuse."""
INVARIANT_PROOFS: dict[str, str] = {
    "features_have_a_primary": "UPDATE {p}feature_models SET status = 'retired' WHERE model = 'good'",
    "features_primary_active": "UPDATE {p}models SET active = {f} WHERE model = 'good'",
    "features_primary_above_floor": "UPDATE {p}features SET min_quality_bp = 9001",
    "features_primary_compliance": "UPDATE {p}models SET compliance_bp = 4999 WHERE model = 'good'",
    "features_primary_not_banned": "INSERT INTO {p}default_banned_models (model) VALUES ('big')",
    "features_primary_in_stacks": "DELETE FROM {p}default_stacks WHERE stack = 'eu'",
    "features_no_retired_fallback": "INSERT INTO {p}feature_fallbacks (feature, position, model)"
    " VALUES ('chat', 9, 'poor')",
    "features_no_primary_fallback": "INSERT INTO {p}feature_fallbacks (feature, position, model)"
    " VALUES ('chat', 9, 'good')",
    "features_fallbacks_apart": "INSERT INTO {p}feature_fallbacks (feature, position, model)"
    " SELECT feature, 9, model FROM {p}feature_fallbacks WHERE feature = 'chat' AND position = 0",
    "experiments_variants_in_order": "UPDATE {p}model_experiment_variant SET position = 0 WHERE experiment = 'live'",
    "providers_headers_apart": "INSERT INTO {p}provider_headers (provider, header, value) VALUES ('north', 'x-twice', 'x');"
    "INSERT INTO {p}provider_secret_headers (provider, header, variable) VALUES ('north', 'x-twice', 'A_KEY')",
    "providers_key_header_apart": "INSERT INTO {p}provider_headers (provider, header, value)"
    " VALUES ('north', 'authorization', 'x')",
    "providers_query_in_order": "INSERT INTO {p}provider_query (provider, name, position, value)"
    " VALUES ('north', 'one', 9, 'x'), ('north', 'other', 9, 'x')",
    "targets_have_candidates": "DELETE FROM {p}target_stacks",
    "experiments_weights_sum": "UPDATE {p}model_experiment_variant SET weight_bp = 5001 WHERE experiment = 'live' AND variant = 'a'",
    "experiments_have_variants": "UPDATE {p}model_experiment SET status = 'paused' WHERE experiment = 'idea'",
    "experiments_have_versions": "UPDATE {p}model_experiment_variant_version SET withdrawn = {t} WHERE variant = 'a'",
    "experiments_versions_in_order": "INSERT INTO {p}model_experiment_variant_version"
    " (experiment, variant, version, model) VALUES ('live', 'a', 3, 'good')",
    "experiments_slots_owned": "UPDATE {p}model_experiment_variant_slot SET last_slot = 4998 WHERE first_slot = 0",
    "experiments_slots_apart": "UPDATE {p}model_experiment_variant_slot SET first_slot = 4999, last_slot = 9998"
    " WHERE first_slot = 5000",
    "preferences_clamp_order": "UPDATE {p}preference_floors SET quality_bp = 8001 WHERE floor = 'good'",
    "preferences_have_good": "UPDATE {p}routing_preferences SET clamp_low = 'frontier';"
    "DELETE FROM {p}preference_floors WHERE floor = 'good'",
    "successors_end": "UPDATE {p}models SET successor = 'good' WHERE model = 'good'",
    "names_mean_one_thing": "INSERT INTO {p}target_aliases (alias, target) VALUES ('good', 'auto')",
    "logical_names_have_hosts": "UPDATE {p}models SET logical_slug = NULL WHERE model = 'good'",
    "bans_name_models": "INSERT INTO {p}tenant_banned_models (tenant, model) VALUES ('acme', 'nobody')",
    "stacks_have_providers": "UPDATE {p}providers SET stack = 'eu' WHERE stack = 'us'",
    "model_shares_sum": "UPDATE {p}models SET share_bp = 9999 WHERE model = 'good'",
}
"""For every invariant over several rows statements after which it does not hold."""
WATCHED_PROOFS: dict[str, str] = {
    "features_holds": INVARIANT_PROOFS["features_primary_above_floor"],
    "feature_models_holds": INVARIANT_PROOFS["features_have_a_primary"],
    "feature_fallbacks_holds": INVARIANT_PROOFS["features_no_retired_fallback"],
    "models_holds": INVARIANT_PROOFS["features_primary_active"],
    "providers_holds": "UPDATE {p}providers SET stack = 'jp' WHERE provider = 'north'",
    "routing_defaults_holds": "UPDATE {p}routing_defaults SET compliance_veto_threshold_bp = 9001",
    "default_banned_providers_holds": "INSERT INTO {p}default_banned_providers (provider) VALUES ('north')",
    "default_banned_models_holds": INVARIANT_PROOFS["features_primary_not_banned"],
    "default_stacks_holds": INVARIANT_PROOFS["features_primary_in_stacks"],
    "targets_holds": "UPDATE {p}targets SET candidates = 'all' WHERE target = 'some'",
    "target_models_holds": "DELETE FROM {p}target_models",
    "target_stacks_holds": INVARIANT_PROOFS["targets_have_candidates"],
    "model_experiment_holds": INVARIANT_PROOFS["experiments_have_variants"],
    "model_experiment_variant_holds": INVARIANT_PROOFS["experiments_weights_sum"],
    "model_experiment_variant_slot_holds": INVARIANT_PROOFS["experiments_slots_owned"],
    "model_experiment_variant_version_holds": INVARIANT_PROOFS["experiments_versions_in_order"],
    "routing_preferences_holds": "UPDATE {p}routing_preferences SET clamp_low = 'frontier', clamp_high = 'good'",
    "preference_floors_holds": INVARIANT_PROOFS["preferences_clamp_order"],
    "models_names_hold": INVARIANT_PROOFS["logical_names_have_hosts"],
    "targets_names_hold": "UPDATE {p}targets SET logical_slug = 'none' WHERE target = 'same'",
    "target_aliases_names_hold": INVARIANT_PROOFS["names_mean_one_thing"],
    "feature_aliases_names_hold": "UPDATE {p}feature_aliases SET alias = 'router/auto'",
    "model_aliases_names_hold": "UPDATE {p}model_aliases SET alias = 'chat/support:latest'",
    "model_experiment_names_hold": "UPDATE {p}model_experiment SET public_model_id = 'auto' WHERE experiment = 'idea'",
    "default_banned_models_names_hold": "INSERT INTO {p}default_banned_models (model) VALUES ('nobody')",
    "tenant_banned_models_names_hold": INVARIANT_PROOFS["bans_name_models"],
    "providers_stacks_hold": INVARIANT_PROOFS["stacks_have_providers"],
    "target_stacks_stacks_hold": "INSERT INTO {p}target_stacks (target, stack) VALUES ('near', 'mars')",
    "default_stacks_stacks_hold": "INSERT INTO {p}default_stacks (stack) VALUES ('mars')",
    "models_loads_hold": INVARIANT_PROOFS["model_shares_sum"],
    "providers_providers_hold": "UPDATE {p}providers SET auth = 'header:X-A', api_key_env = 'A_KEY' WHERE provider = 'spare'",
    "provider_query_holds": INVARIANT_PROOFS["providers_query_in_order"],
    "provider_headers_holds": INVARIANT_PROOFS["providers_key_header_apart"],
    "provider_secret_headers_holds": "INSERT INTO {p}provider_secret_headers (provider, header, variable)"
    " VALUES ('north', 'authorization', 'A_KEY')",
    "tenant_stacks_stacks_hold": "INSERT INTO {p}tenant_stacks (tenant, stack) VALUES ('acme', 'mars')",
}
"""For every deferred trigger of PostgreSQL statements after which an invariant it watches does not hold."""


HOLDS_PROOFS: dict[str, str] = {
    "routing_outcomes_holds": TABLE_PROOFS["routing_outcomes_rejected"],
    "routing_attempts_holds": "INSERT INTO {p}routing_attempts (day, outcome_id, number, model, outcome)"
    " VALUES ('2026-11-20', 'p', 0, 'good', 'ok')",
}
"""For every trigger of PostgreSQL that holds the checks of a table a statement which one of them must refuse."""


def translate(text: str, dialect: str) -> list[str]:
    """Return the statements of a proof in the SQL of a dialect."""
    words = {"p": "public.", "t": "TRUE", "f": "FALSE"} if dialect == "postgres" else {"p": "", "t": "1", "f": "0"}
    return text.format(**words).split(";")


def rows_written(dialect: str) -> list[str]:
    """Return the statements that write one row into each table that the YAML does not fill."""
    return [
        text
        for table in ALL_TABLES
        if table.name in WRITTEN
        for text in insert(table.name, [WRITTEN[table.name]], dialect_named(dialect))
    ]
