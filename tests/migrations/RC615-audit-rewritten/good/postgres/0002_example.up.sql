BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

INSERT INTO public.model_promotions (feature, from_model, to_model, kind, migration) VALUES
  ('UPDATE model_promotions', 'a', 'b', 'promotion', '0002_example');

SELECT actor FROM public.model_promotions WHERE feature = 'chat';

COMMIT;
