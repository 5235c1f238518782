PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

CREATE INDEX notes_by_size ON notes (size);

COMMIT;
