-- Migration 0009: the way back of the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column open_until of table circuit_breakers holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM circuit_breakers WHERE open_until IS NOT NULL)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'table routing_outcomes holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM routing_outcomes)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'table routing_attempts holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM routing_attempts)) IS NOT TRUE;

PRAGMA defer_foreign_keys = ON;

INSERT INTO routecomp_assert (what, ok) SELECT 'table circuit_breakers has columns that no migration made: a copy without them would lose what they hold', 0
WHERE ((SELECT count(*) FROM pragma_table_xinfo('circuit_breakers')) = 11) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT (SELECT 'table ' || m.name || ', which no migration made, loses or changes rows when those of ' || f."table" || ' are deleted, as they are here: make its foreign key ON DELETE NO ACTION first' FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('circuit_breakers') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('circuit_breakers') LIMIT 1), 0
WHERE (NOT EXISTS (SELECT 1 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('circuit_breakers') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('circuit_breakers'))) IS NOT TRUE;

CREATE TABLE routecomp_kept_circuit_breakers AS SELECT provider, model, state, consecutive_failures, trip_count, opened_at, half_open_at, closed_at, last_failure_at, last_success_at, open_until FROM circuit_breakers;

DROP TABLE circuit_breakers;

CREATE TABLE circuit_breakers (
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'closed',
  consecutive_failures INTEGER NOT NULL DEFAULT 0,
  trip_count INTEGER NOT NULL DEFAULT 0,
  opened_at TEXT,
  half_open_at TEXT,
  closed_at TEXT,
  last_failure_at TEXT,
  last_success_at TEXT,
  CONSTRAINT circuit_breakers_pkey PRIMARY KEY (provider, model),
  CONSTRAINT circuit_breakers_provider_check CHECK (TYPEOF(provider) = 'text'
  AND INSTR(provider, CHAR(0)) = 0
  AND NOT provider GLOB '*[^a-z0-9._-]*'
  AND provider GLOB '[a-z0-9]*'
  AND provider GLOB '*[a-z0-9]'
  AND LENGTH(provider) <= 63),
  CONSTRAINT circuit_breakers_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT circuit_breakers_state_check CHECK (state IN ('closed', 'open', 'half_open')),
  CONSTRAINT circuit_breakers_consecutive_failures_check CHECK (TYPEOF(consecutive_failures) = 'integer'
  AND consecutive_failures BETWEEN 0 AND 1000000000),
  CONSTRAINT circuit_breakers_trip_count_check CHECK (TYPEOF(trip_count) = 'integer' AND trip_count BETWEEN 0 AND 1000000000),
  CONSTRAINT circuit_breakers_opened_at_check CHECK (opened_at IS NULL
  OR (
    TYPEOF(opened_at) = 'text'
    AND INSTR(opened_at, CHAR(0)) = 0
    AND opened_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'
  )),
  CONSTRAINT circuit_breakers_half_open_at_check CHECK (half_open_at IS NULL
  OR (
    TYPEOF(half_open_at) = 'text'
    AND INSTR(half_open_at, CHAR(0)) = 0
    AND half_open_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'
  )),
  CONSTRAINT circuit_breakers_closed_at_check CHECK (closed_at IS NULL
  OR (
    TYPEOF(closed_at) = 'text'
    AND INSTR(closed_at, CHAR(0)) = 0
    AND closed_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'
  )),
  CONSTRAINT circuit_breakers_last_failure_at_check CHECK (last_failure_at IS NULL
  OR (
    TYPEOF(last_failure_at) = 'text'
    AND INSTR(last_failure_at, CHAR(0)) = 0
    AND last_failure_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'
  )),
  CONSTRAINT circuit_breakers_last_success_at_check CHECK (last_success_at IS NULL
  OR (
    TYPEOF(last_success_at) = 'text'
    AND INSTR(last_success_at, CHAR(0)) = 0
    AND last_success_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'
  ))
);

INSERT INTO circuit_breakers (provider, model, state, consecutive_failures, trip_count, opened_at, half_open_at, closed_at, last_failure_at, last_success_at)
SELECT provider, model, state, consecutive_failures, trip_count, opened_at, half_open_at, closed_at, last_failure_at, last_success_at FROM routecomp_kept_circuit_breakers;

DROP TABLE routecomp_kept_circuit_breakers;

CREATE INDEX circuit_breakers_state ON circuit_breakers (state);

DROP TABLE routing_attempts;

DROP TABLE routing_outcomes;

ALTER TABLE routing_outcomes_before RENAME TO routing_outcomes;

COMMIT;
