BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

UPDATE public.model_promotions SET actor = 'nobody' WHERE feature = 'chat';
--     ^^^^^^^^^^^^^^^^^^^^^^^

DELETE FROM public.model_promotions;
--          ^^^^^^^^^^^^^^^^^^^^^^^

COMMIT;
