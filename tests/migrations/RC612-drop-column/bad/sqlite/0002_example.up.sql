PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

ALTER TABLE notes DROP COLUMN size;
--                            ^^^^

COMMIT;
