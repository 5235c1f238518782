PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

DELETE FROM notes
WHERE note = 'x';

WITH gone AS (SELECT note FROM notes) SELECT note FROM gone;

COMMIT;
