PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

ALTER TABLE notes ADD COLUMN size INTEGER NOT NULL;
--                           ^^^^

COMMIT;
