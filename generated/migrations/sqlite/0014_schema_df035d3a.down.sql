-- Migration 0014: the way back of the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column on_unavailable of table model_experiment holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM model_experiment WHERE on_unavailable IS NOT NULL AND on_unavailable <> 'reject')) IS NOT TRUE;

PRAGMA defer_foreign_keys = ON;

INSERT INTO routecomp_assert (what, ok) SELECT 'table model_experiment has columns that no migration made: a copy without them would lose what they hold', 0
WHERE ((SELECT count(*) FROM pragma_table_xinfo('model_experiment')) = 11) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT (SELECT 'table ' || m.name || ', which no migration made, loses or changes rows when those of ' || f."table" || ' are deleted, as they are here: make its foreign key ON DELETE NO ACTION first' FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('model_experiment') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('model_experiment') LIMIT 1), 0
WHERE (NOT EXISTS (SELECT 1 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('model_experiment') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('model_experiment'))) IS NOT TRUE;

CREATE TABLE routecomp_kept_model_experiment AS SELECT experiment, public_model_id, status, archived, salt, on_pause, winner, started_at, description, owner, on_unavailable FROM model_experiment;

DROP TABLE model_experiment;

CREATE TABLE model_experiment (
  experiment TEXT NOT NULL,
  public_model_id TEXT NOT NULL,
  status TEXT NOT NULL,
  archived INTEGER NOT NULL DEFAULT 0,
  salt TEXT NOT NULL,
  on_pause TEXT NOT NULL DEFAULT 'reject',
  winner TEXT,
  started_at TEXT,
  description TEXT,
  owner TEXT,
  CONSTRAINT model_experiment_pkey PRIMARY KEY (experiment),
  CONSTRAINT model_experiment_experiment_check CHECK (TYPEOF(experiment) = 'text'
  AND INSTR(experiment, CHAR(0)) = 0
  AND NOT experiment GLOB '*[^a-z0-9._-]*'
  AND experiment GLOB '[a-z0-9]*'
  AND experiment GLOB '*[a-z0-9]'
  AND LENGTH(experiment) <= 63),
  CONSTRAINT model_experiment_public_model_id_check CHECK (TYPEOF(public_model_id) = 'text'
  AND INSTR(public_model_id, CHAR(0)) = 0
  AND NOT public_model_id GLOB '*[^ !-)+-~]*'
  AND public_model_id GLOB '[^ ]*'
  AND INSTR(public_model_id, '  ') = 0
  AND public_model_id GLOB '*[^ ]'
  AND LENGTH(public_model_id) <= 255),
  CONSTRAINT model_experiment_status_check CHECK (status IN ('draft', 'active', 'paused', 'completed')),
  CONSTRAINT model_experiment_archived_check CHECK (TYPEOF(archived) = 'integer' AND archived IN (0, 1)),
  CONSTRAINT model_experiment_salt_check CHECK (TYPEOF(salt) = 'text'
  AND INSTR(salt, CHAR(0)) = 0
  AND REPLACE(salt, ':', '') = salt),
  CONSTRAINT model_experiment_on_pause_check CHECK (on_pause IN ('reject', 'control')),
  CONSTRAINT model_experiment_winner_check CHECK (winner IS NULL
  OR (
    TYPEOF(winner) = 'text'
    AND INSTR(winner, CHAR(0)) = 0
    AND NOT winner GLOB '*[^a-z0-9._-]*'
    AND winner GLOB '[a-z0-9]*'
    AND winner GLOB '*[a-z0-9]'
    AND LENGTH(winner) <= 63
  )),
  CONSTRAINT model_experiment_started_at_check CHECK (started_at IS NULL
  OR (
    TYPEOF(started_at) = 'text'
    AND INSTR(started_at, CHAR(0)) = 0
    AND started_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'
  )),
  CONSTRAINT model_experiment_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT model_experiment_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  )),
  CONSTRAINT model_experiment_archived_not_active CHECK (NOT (
    archived AND status = 'active'
  )),
  CONSTRAINT model_experiment_winner_completed CHECK (winner IS NULL OR status = 'completed'),
  CONSTRAINT model_experiment_experiment_winner_fkey FOREIGN KEY (experiment, winner) REFERENCES model_experiment_variant (
    experiment,
    variant
  ) DEFERRABLE INITIALLY DEFERRED
);

INSERT INTO model_experiment (experiment, public_model_id, status, archived, salt, on_pause, winner, started_at, description, owner)
SELECT experiment, public_model_id, status, archived, salt, on_pause, winner, started_at, description, owner FROM routecomp_kept_model_experiment;

DROP TABLE routecomp_kept_model_experiment;

CREATE UNIQUE INDEX model_experiment_one_running ON model_experiment (public_model_id) WHERE status IN ('active', 'paused');

CREATE UNIQUE INDEX model_experiment_one_winner ON model_experiment (public_model_id) WHERE status = 'completed' AND winner IS NOT NULL AND NOT archived;

CREATE UNIQUE INDEX model_experiment_salt ON model_experiment (salt);

CREATE INDEX model_experiment_by_public_model_id ON model_experiment (public_model_id);

CREATE TRIGGER model_experiment_started_insert AFTER INSERT ON model_experiment
WHEN NEW.status = 'active' AND NEW.started_at IS NULL
BEGIN
  UPDATE model_experiment SET started_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE experiment = NEW.experiment;
END;

CREATE TRIGGER model_experiment_started_update AFTER UPDATE ON model_experiment
WHEN OLD.started_at IS NOT NULL AND NEW.started_at IS NOT OLD.started_at
BEGIN
  UPDATE model_experiment SET started_at = OLD.started_at WHERE experiment = NEW.experiment;
END;

CREATE TRIGGER model_experiment_started_active AFTER UPDATE ON model_experiment
WHEN OLD.started_at IS NULL AND NEW.status = 'active' AND NEW.started_at IS NULL
BEGIN
  UPDATE model_experiment SET started_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE experiment = NEW.experiment;
END;

COMMIT;
