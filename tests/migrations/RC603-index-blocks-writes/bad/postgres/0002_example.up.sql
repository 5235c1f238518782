BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

CREATE INDEX notes_by_size ON public.notes (size);
--     ^^^^^

ALTER TABLE public.people ADD CONSTRAINT people_name_key UNIQUE USING INDEX people_by_name;

COMMENT ON TABLE public.notes IS 'CREATE INDEX a ON public.notes (size)';

COMMIT;
