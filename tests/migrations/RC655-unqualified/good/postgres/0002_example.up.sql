BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

WITH named AS (SELECT name FROM public.people)
INSERT INTO public.notes (note)
SELECT substring(named.name FROM 1 FOR 3) FROM named, unnest(ARRAY['FROM notes']) AS more (name);

COMMIT;
