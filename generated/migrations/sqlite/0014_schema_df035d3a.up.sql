-- Migration 0014: the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

ALTER TABLE model_experiment ADD COLUMN on_unavailable TEXT NOT NULL DEFAULT 'reject' CONSTRAINT model_experiment_on_unavailable_check CHECK (on_unavailable IN ('reject', 'control'));

COMMIT;
