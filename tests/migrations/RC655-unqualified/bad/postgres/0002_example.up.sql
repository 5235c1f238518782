BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

INSERT INTO notes (note)
--          ^^^^^
SELECT substring(p.name FROM 1 FOR 3) FROM public.people p JOIN places ON places.name IS DISTINCT FROM p.name;
--                                                              ^^^^^^

COMMIT;
