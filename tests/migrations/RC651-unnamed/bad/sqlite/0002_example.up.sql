PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

CREATE TABLE notes (
  size INTEGER NOT NULL CHECK (size BETWEEN 0 AND 9),
--                      ^^^^^
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa TEXT
--  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
);

COMMIT;
