BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

ALTER TABLE public.notes ADD COLUMN made_at TIMESTAMPTZ DEFAULT now();

ALTER TABLE public.notes ADD COLUMN state TEXT DEFAULT 'random()';

ALTER TABLE public.notes ALTER COLUMN token SET DEFAULT gen_random_uuid();

COMMIT;
