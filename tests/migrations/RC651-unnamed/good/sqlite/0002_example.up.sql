PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

CREATE TABLE notes (
  size INTEGER NOT NULL CONSTRAINT notes_size_check CHECK (size BETWEEN 0 AND 9),
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa TEXT
);

COMMIT;
