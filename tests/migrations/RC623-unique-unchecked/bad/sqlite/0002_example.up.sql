PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

CREATE UNIQUE INDEX notes_by_name ON notes (name);
--            ^^^^^

COMMIT;
