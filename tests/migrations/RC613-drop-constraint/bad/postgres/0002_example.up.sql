BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

ALTER TABLE public.notes DROP CONSTRAINT notes_size_check;
--                                       ^^^^^^^^^^^^^^^^

DROP TRIGGER notes_guard ON public.notes;
--           ^^^^^^^^^^^

COMMIT;
