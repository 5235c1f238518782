-- Migration 0028: what the schema of routecomp 0.2 added holds for every row.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

COMMIT;
