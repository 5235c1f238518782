BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

INSERT INTO public.notes (note, made_at) VALUES ('now()', '2026-11-20T12:00:00Z');

ALTER TABLE public.people ADD COLUMN made_at TEXT DEFAULT CURRENT_TIMESTAMP;

COMMIT;
