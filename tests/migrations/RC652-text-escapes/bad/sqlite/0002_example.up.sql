PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

INSERT INTO notes (note) VALUES
  ('one line');

UPDATE notes SET note = 'two
--                      ^^^^
lines'
WHERE note = 'x';

COMMIT;
