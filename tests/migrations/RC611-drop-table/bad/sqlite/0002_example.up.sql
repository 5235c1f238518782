PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

CREATE TABLE other (
  note TEXT NOT NULL
);

DROP TABLE notes;
--         ^^^^^

COMMIT;
