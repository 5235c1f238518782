PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

CREATE TABLE notes (
  size INTEGER NOT NULL,
  CONSTRAINT notes_size_check CHECK (typeof(size) = 'integer' AND size >= 0)
);

COMMIT;
