-- Migration 0023: the way back, 9 rows change, 1 of them a change of primary.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

SELECT feature FROM public.features WHERE feature = 'weekly-insights' FOR UPDATE;

SELECT public.routecomp_assert('CONFLICT: feature weekly-insights is already on ' || coalesce((SELECT model FROM public.feature_models WHERE feature = 'weekly-insights' AND status = 'primary'), 'nothing'), (SELECT model FROM public.feature_models WHERE feature = 'weekly-insights' AND status = 'primary') = 'deepseek-v3.2-bedrock-stockholm');

SELECT public.routecomp_assert('CONFLICT: model deepseek-v3.2-bedrock-eu is no retired of feature weekly-insights any more', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'weekly-insights' AND model = 'deepseek-v3.2-bedrock-eu' AND status = 'retired'));

SELECT public.routecomp_assert('CONFLICT: feature_models weekly-insights deepseek-v3.2-bedrock-stockholm is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'weekly-insights' AND model = 'deepseek-v3.2-bedrock-stockholm' AND status = 'primary' AND position = 0 AND sample_bp IS NULL AND max_daily_cents IS NULL));

UPDATE public.feature_models SET status = 'shadow', position = 2, sample_bp = 2000, max_daily_cents = 400
WHERE feature = 'weekly-insights' AND model = 'deepseek-v3.2-bedrock-stockholm' AND status = 'primary' AND position = 0 AND sample_bp IS NULL AND max_daily_cents IS NULL;

SELECT public.routecomp_assert('CONFLICT: providers bedrock-eu is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'bedrock-eu' AND description = 'Profiles that stay within the EU. The key is one of Bedrock''s own; nothing is signed.'));

UPDATE public.providers SET description = NULL
WHERE provider = 'bedrock-eu' AND description = 'Profiles that stay within the EU. The key is one of Bedrock''s own; nothing is signed.';

SELECT public.routecomp_assert('CONFLICT: providers bedrock-stockholm is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'bedrock-stockholm' AND description = 'Models that have no profile for the EU, in the one region of it that has them.'));

UPDATE public.providers SET description = NULL
WHERE provider = 'bedrock-stockholm' AND description = 'Models that have no profile for the EU, in the one region of it that has them.';

SELECT public.routecomp_assert('CONFLICT: models claude-fable-5-1 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'claude-fable-5-1' AND max_output_tokens = 128000));

UPDATE public.models SET max_output_tokens = NULL
WHERE model = 'claude-fable-5-1' AND max_output_tokens = 128000;

SELECT public.routecomp_assert('CONFLICT: models claude-haiku-5-5 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'claude-haiku-5-5' AND max_output_tokens = 128000));

UPDATE public.models SET max_output_tokens = NULL
WHERE model = 'claude-haiku-5-5' AND max_output_tokens = 128000;

SELECT public.routecomp_assert('CONFLICT: models claude-opus-5-5 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'claude-opus-5-5' AND max_output_tokens = 128000));

UPDATE public.models SET max_output_tokens = NULL
WHERE model = 'claude-opus-5-5' AND max_output_tokens = 128000;

SELECT public.routecomp_assert('CONFLICT: models claude-sonnet-5-5 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'claude-sonnet-5-5' AND max_output_tokens = 128000));

UPDATE public.models SET max_output_tokens = NULL
WHERE model = 'claude-sonnet-5-5' AND max_output_tokens = 128000;

SELECT public.routecomp_assert('CONFLICT: models deepseek-v3.2-bedrock-eu is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'deepseek-v3.2-bedrock-eu' AND active = FALSE));

UPDATE public.models SET active = TRUE
WHERE model = 'deepseek-v3.2-bedrock-eu' AND active = FALSE;

SELECT public.routecomp_assert('CONFLICT: feature_models weekly-insights deepseek-v3.2-bedrock-eu is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'weekly-insights' AND model = 'deepseek-v3.2-bedrock-eu' AND status = 'retired' AND position = 2));

UPDATE public.feature_models SET status = 'primary', position = 0
WHERE feature = 'weekly-insights' AND model = 'deepseek-v3.2-bedrock-eu' AND status = 'retired' AND position = 2;

INSERT INTO public.model_promotions (feature, from_model, to_model, kind, migration) VALUES
  ('weekly-insights', 'deepseek-v3.2-bedrock-stockholm', 'deepseek-v3.2-bedrock-eu', 'rollback', '0023_feature-weekly-insights_and_7_more_5d6e338a');

SELECT public.routecomp_assert('feature weekly-insights does not end with deepseek-v3.2-bedrock-eu as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'weekly-insights' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'weekly-insights' AND status = 'primary') = 'deepseek-v3.2-bedrock-eu');

COMMIT;
