PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

-- CR, LF and 'quotes' may stand in a comment of a file written by hand
UPDATE notes SET note = 'two' || char(10) || 'lines'
WHERE note = 'x';

COMMIT;
