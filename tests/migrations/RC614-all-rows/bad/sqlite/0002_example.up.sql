PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

DELETE FROM notes;
--^^^^

UPDATE people SET name = 'WHERE name = 1' WHERE 1 = 1;
--^^^^

COMMIT;
