-- Migration 0007: the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

CREATE TABLE model_aliases (
  alias TEXT NOT NULL,
  model TEXT NOT NULL,
  CONSTRAINT model_aliases_pkey PRIMARY KEY (alias),
  CONSTRAINT model_aliases_alias_check CHECK (TYPEOF(alias) = 'text'
  AND INSTR(alias, CHAR(0)) = 0
  AND NOT alias GLOB '*[^ !-)+-~]*'
  AND alias GLOB '[^ ]*'
  AND INSTR(alias, '  ') = 0
  AND alias GLOB '*[^ ]'
  AND LENGTH(alias) <= 255),
  CONSTRAINT model_aliases_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT model_aliases_model_fkey FOREIGN KEY (model) REFERENCES models (
    model
  )
);

CREATE TABLE feature_aliases (
  alias TEXT NOT NULL,
  feature TEXT NOT NULL,
  CONSTRAINT feature_aliases_pkey PRIMARY KEY (alias),
  CONSTRAINT feature_aliases_alias_check CHECK (TYPEOF(alias) = 'text'
  AND INSTR(alias, CHAR(0)) = 0
  AND NOT alias GLOB '*[^ !-)+-~]*'
  AND alias GLOB '[^ ]*'
  AND INSTR(alias, '  ') = 0
  AND alias GLOB '*[^ ]'
  AND LENGTH(alias) <= 255),
  CONSTRAINT feature_aliases_feature_check CHECK (TYPEOF(feature) = 'text'
  AND INSTR(feature, CHAR(0)) = 0
  AND NOT feature GLOB '*[^a-z0-9._-]*'
  AND feature GLOB '[a-z0-9]*'
  AND feature GLOB '*[a-z0-9]'
  AND LENGTH(feature) <= 63),
  CONSTRAINT feature_aliases_feature_fkey FOREIGN KEY (feature) REFERENCES features (
    feature
  )
);

PRAGMA defer_foreign_keys = ON;

INSERT INTO routecomp_assert (what, ok) SELECT 'table target_aliases has columns that no migration made: a copy without them would lose what they hold', 0
WHERE ((SELECT count(*) FROM pragma_table_xinfo('target_aliases')) = 2) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT (SELECT 'table ' || m.name || ', which no migration made, loses or changes rows when those of ' || f."table" || ' are deleted, as they are here: make its foreign key ON DELETE NO ACTION first' FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('target_aliases') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('target_aliases') LIMIT 1), 0
WHERE (NOT EXISTS (SELECT 1 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('target_aliases') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('target_aliases'))) IS NOT TRUE;

CREATE TABLE routecomp_kept_target_aliases AS SELECT alias, target FROM target_aliases;

DROP TABLE target_aliases;

CREATE TABLE target_aliases (
  alias TEXT NOT NULL,
  target TEXT NOT NULL,
  CONSTRAINT target_aliases_pkey PRIMARY KEY (alias),
  CONSTRAINT target_aliases_alias_check CHECK (TYPEOF(alias) = 'text'
  AND INSTR(alias, CHAR(0)) = 0
  AND NOT alias GLOB '*[^ -~]*'
  AND alias GLOB '[^ ]*'
  AND INSTR(alias, '  ') = 0
  AND NOT alias GLOB '*[*]?*'
  AND alias GLOB '*[^ ]'
  AND LENGTH(alias) <= 255),
  CONSTRAINT target_aliases_target_check CHECK (TYPEOF(target) = 'text'
  AND INSTR(target, CHAR(0)) = 0
  AND NOT target GLOB '*[^a-z0-9._-]*'
  AND target GLOB '[a-z0-9]*'
  AND target GLOB '*[a-z0-9]'
  AND LENGTH(target) <= 63),
  CONSTRAINT target_aliases_target_fkey FOREIGN KEY (target) REFERENCES targets (
    target
  )
);

INSERT INTO target_aliases (alias, target)
SELECT alias, target FROM routecomp_kept_target_aliases;

DROP TABLE routecomp_kept_target_aliases;

INSERT INTO routecomp_assert (what, ok) SELECT 'table model_experiment has columns that no migration made: a copy without them would lose what they hold', 0
WHERE ((SELECT count(*) FROM pragma_table_xinfo('model_experiment')) = 10) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT (SELECT 'table ' || m.name || ', which no migration made, loses or changes rows when those of ' || f."table" || ' are deleted, as they are here: make its foreign key ON DELETE NO ACTION first' FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('model_experiment') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('model_experiment') LIMIT 1), 0
WHERE (NOT EXISTS (SELECT 1 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('model_experiment') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('model_experiment'))) IS NOT TRUE;

CREATE TABLE routecomp_kept_model_experiment AS SELECT experiment, public_model_id, status, archived, salt, on_pause, winner, started_at, description, owner FROM model_experiment;

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
