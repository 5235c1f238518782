BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

-- CR, LF and 'quotes' may stand in a comment of a file written by hand
UPDATE public.notes SET note = 'two' || chr(10) || 'lines'
WHERE note = 'x';

COMMIT;
