PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

INSERT INTO [notes] (note) VALUES ('x');

COMMIT;
