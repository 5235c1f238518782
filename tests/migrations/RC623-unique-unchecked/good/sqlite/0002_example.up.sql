PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

INSERT INTO routecomp_assert (what, ok) SELECT 'notes with one name', 0
WHERE (NOT EXISTS (SELECT 1 FROM notes GROUP BY name HAVING count(*) > 1)) IS NOT TRUE;

CREATE UNIQUE INDEX notes_by_name ON notes (name);

COMMIT;
