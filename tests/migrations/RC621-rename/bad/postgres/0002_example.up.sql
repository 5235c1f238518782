BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

ALTER TABLE public.notes RENAME TO papers;
--                       ^^^^^^

ALTER TABLE public.people RENAME COLUMN name TO title;
--                        ^^^^^^

COMMIT;
