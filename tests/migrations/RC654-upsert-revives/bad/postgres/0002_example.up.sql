BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

INSERT INTO public.feature_models (feature, model, status, position) VALUES
--^^^^
  ('chat', 'new', 'shadow', 1)
ON CONFLICT (feature, model) DO UPDATE SET status = excluded.status;

COMMIT;
