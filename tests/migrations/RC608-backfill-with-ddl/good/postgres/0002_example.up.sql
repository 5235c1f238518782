BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

ALTER TABLE public.notes ADD COLUMN wide_size BIGINT;

-- routecomp:allow RC608 reason="forty rows, in 2 ms"
UPDATE public.notes SET wide_size = size WHERE size IS NOT NULL;

COMMIT;
