BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

ALTER TABLE public.notes ADD COLUMN wide_size BIGINT;

COMMENT ON COLUMN public.notes.size IS 'ALTER COLUMN size TYPE BIGINT';

COMMIT;
