PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

INSERT INTO notes (note) VALUES ('a');

COMMIT;
