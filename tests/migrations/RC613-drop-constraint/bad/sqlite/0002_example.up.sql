PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

DROP INDEX notes_by_size;
--         ^^^^^^^^^^^^^

COMMIT;
