BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

UPDATE public.model_promotions SET actor = 'nobody' WHERE feature = 'chat';
--     ^^^^^^^^^^^^^^^^^^^^^^^

DELETE FROM public.model_promotions;
--          ^^^^^^^^^^^^^^^^^^^^^^^

   MERGE INTO public.model_promotions old USING public.features new ON old.feature = new.feature
-- ^^^^^
WHEN MATCHED THEN DELETE;

COMMIT;
