-- Migration 0017: 5 rows change.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

INSERT INTO public.model_aliases (alias, model) VALUES
  ('GPT 4o mini', 'gpt-4o-mini');

INSERT INTO public.target_aliases (alias, target) VALUES
  ('openai/*', 'auto'),
  ('openai/gpt-oss*', 'open-weights'),
  ('preview/*', 'open-weights');

INSERT INTO public.feature_aliases (alias, feature) VALUES
  ('chat/support:latest', 'support-chat');

COMMIT;
