PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

INSERT INTO notes (note, made_at) VALUES ('now()', strftime('%Y', 'now'));
--                                                 ^^^^^^^^

COMMIT;
