PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

ALTER TABLE notes RENAME TO papers;
--                ^^^^^^

ALTER TABLE people RENAME COLUMN name TO title;
--                 ^^^^^^

COMMIT;
