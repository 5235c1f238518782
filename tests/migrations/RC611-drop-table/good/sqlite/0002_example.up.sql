PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

CREATE TABLE other (
  note TEXT NOT NULL
);

INSERT INTO other (note) VALUES ('DROP TABLE notes');

CREATE TABLE kept AS SELECT name FROM people;

DROP TABLE people;

CREATE TABLE people (
  name TEXT NOT NULL
);

INSERT INTO people (name)
SELECT name FROM kept;

DROP TABLE kept;

COMMIT;
