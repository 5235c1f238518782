PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

CREATE TABLE notes (
  size INTEGER NOT NULL,
  CONSTRAINT notes_size_check CHECK (size >= 0)
--                                           ^
);

COMMIT;
