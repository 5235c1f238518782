PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

CREATE TABLE other (
  note TEXT NOT NULL
);

INSERT INTO other (note) VALUES ('DROP TABLE notes');

COMMIT;
