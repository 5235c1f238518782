-- Migration 0013: 141 rows change, 1 of them a change of primary.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

SELECT feature FROM public.features WHERE feature = 'translation' FOR UPDATE;

SELECT public.routecomp_assert('CONFLICT: feature translation is already on ' || coalesce((SELECT model FROM public.feature_models WHERE feature = 'translation' AND status = 'primary'), 'nothing'), (SELECT model FROM public.feature_models WHERE feature = 'translation' AND status = 'primary') = 'gemini-2.5-flash');

SELECT public.routecomp_assert('CONFLICT: model qwen3-235b-scaleway is no shadow of feature translation any more', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'translation' AND model = 'qwen3-235b-scaleway' AND status = 'shadow'));

SELECT public.routecomp_assert('CONFLICT: tenant_banned_models kanzlei-brandt kimi-k2-fireworks is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.tenant_banned_models WHERE tenant = 'kanzlei-brandt' AND model = 'kimi-k2-fireworks'));

DELETE FROM public.tenant_banned_models
WHERE tenant = 'kanzlei-brandt' AND model = 'kimi-k2-fireworks';

SELECT public.routecomp_assert('CONFLICT: feature_fallbacks agent-tools 0 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_fallbacks WHERE feature = 'agent-tools' AND position = 0 AND model = 'gpt-5'));

DELETE FROM public.feature_fallbacks
WHERE feature = 'agent-tools' AND position = 0 AND model = 'gpt-5';

SELECT public.routecomp_assert('CONFLICT: feature_fallbacks attachment-description 2 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_fallbacks WHERE feature = 'attachment-description' AND position = 2 AND model = 'gpt-4o-mini'));

DELETE FROM public.feature_fallbacks
WHERE feature = 'attachment-description' AND position = 2 AND model = 'gpt-4o-mini';

SELECT public.routecomp_assert('CONFLICT: feature_fallbacks code-assistant 2 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_fallbacks WHERE feature = 'code-assistant' AND position = 2 AND model = 'o3'));

DELETE FROM public.feature_fallbacks
WHERE feature = 'code-assistant' AND position = 2 AND model = 'o3';

SELECT public.routecomp_assert('CONFLICT: feature_fallbacks document-extraction 0 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_fallbacks WHERE feature = 'document-extraction' AND position = 0 AND model = 'gpt-4.1'));

DELETE FROM public.feature_fallbacks
WHERE feature = 'document-extraction' AND position = 0 AND model = 'gpt-4.1';

SELECT public.routecomp_assert('CONFLICT: feature_fallbacks kb-answer 1 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_fallbacks WHERE feature = 'kb-answer' AND position = 1 AND model = 'gpt-4.1'));

DELETE FROM public.feature_fallbacks
WHERE feature = 'kb-answer' AND position = 1 AND model = 'gpt-4.1';

SELECT public.routecomp_assert('CONFLICT: feature_fallbacks quality-review 1 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_fallbacks WHERE feature = 'quality-review' AND position = 1 AND model = 'gpt-5'));

DELETE FROM public.feature_fallbacks
WHERE feature = 'quality-review' AND position = 1 AND model = 'gpt-5';

SELECT public.routecomp_assert('CONFLICT: feature_fallbacks support-chat 0 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_fallbacks WHERE feature = 'support-chat' AND position = 0 AND model = 'gpt-4.1'));

DELETE FROM public.feature_fallbacks
WHERE feature = 'support-chat' AND position = 0 AND model = 'gpt-4.1';

SELECT public.routecomp_assert('CONFLICT: feature_fallbacks translation 0 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_fallbacks WHERE feature = 'translation' AND position = 0 AND model = 'qwen3-235b-scaleway'));

DELETE FROM public.feature_fallbacks
WHERE feature = 'translation' AND position = 0 AND model = 'qwen3-235b-scaleway';

SELECT public.routecomp_assert('CONFLICT: feature_fallbacks translation 1 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_fallbacks WHERE feature = 'translation' AND position = 1 AND model = 'gpt-4.1-mini'));

DELETE FROM public.feature_fallbacks
WHERE feature = 'translation' AND position = 1 AND model = 'gpt-4.1-mini';

SELECT public.routecomp_assert('CONFLICT: feature_fallbacks weekly-insights 0 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_fallbacks WHERE feature = 'weekly-insights' AND position = 0 AND model = 'deepseek-v3.2-fireworks'));

DELETE FROM public.feature_fallbacks
WHERE feature = 'weekly-insights' AND position = 0 AND model = 'deepseek-v3.2-fireworks';

SELECT public.routecomp_assert('CONFLICT: feature_models agent-tools kimi-k2-fireworks is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'agent-tools' AND model = 'kimi-k2-fireworks' AND status = 'shadow' AND position = 3 AND sample_bp IS NULL AND max_daily_cents IS NULL));

DELETE FROM public.feature_models
WHERE feature = 'agent-tools' AND model = 'kimi-k2-fireworks' AND status = 'shadow' AND position = 3 AND sample_bp IS NULL AND max_daily_cents IS NULL;

SELECT public.routecomp_assert('CONFLICT: feature_models attachment-description gpt-4o-mini is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'attachment-description' AND model = 'gpt-4o-mini' AND status = 'shadow' AND position = 2 AND sample_bp IS NULL AND max_daily_cents IS NULL));

DELETE FROM public.feature_models
WHERE feature = 'attachment-description' AND model = 'gpt-4o-mini' AND status = 'shadow' AND position = 2 AND sample_bp IS NULL AND max_daily_cents IS NULL;

SELECT public.routecomp_assert('CONFLICT: feature_models document-extraction gemini-2.5-flash is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'document-extraction' AND model = 'gemini-2.5-flash' AND status = 'shadow' AND position = 1 AND sample_bp = 300 AND max_daily_cents = 800));

DELETE FROM public.feature_models
WHERE feature = 'document-extraction' AND model = 'gemini-2.5-flash' AND status = 'shadow' AND position = 1 AND sample_bp = 300 AND max_daily_cents = 800;

SELECT public.routecomp_assert('CONFLICT: feature_models quality-review gemini-2.5-pro is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'quality-review' AND model = 'gemini-2.5-pro' AND status = 'shadow' AND position = 2 AND sample_bp IS NULL AND max_daily_cents IS NULL));

DELETE FROM public.feature_models
WHERE feature = 'quality-review' AND model = 'gemini-2.5-pro' AND status = 'shadow' AND position = 2 AND sample_bp IS NULL AND max_daily_cents IS NULL;

SELECT public.routecomp_assert('CONFLICT: feature_models workflow-builder glm-4.5-fireworks is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'workflow-builder' AND model = 'glm-4.5-fireworks' AND status = 'shadow' AND position = 2 AND sample_bp = 400 AND max_daily_cents = 400));

DELETE FROM public.feature_models
WHERE feature = 'workflow-builder' AND model = 'glm-4.5-fireworks' AND status = 'shadow' AND position = 2 AND sample_bp = 400 AND max_daily_cents = 400;

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-r1-0528-fireworks json-schema is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-r1-0528-fireworks' AND capability = 'json-schema'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-r1-0528-fireworks' AND capability = 'json-schema';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-r1-0528-fireworks streaming is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-r1-0528-fireworks' AND capability = 'streaming'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-r1-0528-fireworks' AND capability = 'streaming';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-v3.2 prompt-caching is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-v3.2' AND capability = 'prompt-caching'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-v3.2' AND capability = 'prompt-caching';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-v3.2 reasoning is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-v3.2' AND capability = 'reasoning'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-v3.2' AND capability = 'reasoning';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-v3.2 streaming is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-v3.2' AND capability = 'streaming'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-v3.2' AND capability = 'streaming';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-v3.2 tools is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-v3.2' AND capability = 'tools'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-v3.2' AND capability = 'tools';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-v3.2-fireworks json-schema is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-v3.2-fireworks' AND capability = 'json-schema'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-v3.2-fireworks' AND capability = 'json-schema';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-v3.2-fireworks reasoning is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-v3.2-fireworks' AND capability = 'reasoning'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-v3.2-fireworks' AND capability = 'reasoning';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-v3.2-fireworks streaming is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-v3.2-fireworks' AND capability = 'streaming'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-v3.2-fireworks' AND capability = 'streaming';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-v3.2-fireworks tools is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-v3.2-fireworks' AND capability = 'tools'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-v3.2-fireworks' AND capability = 'tools';

SELECT public.routecomp_assert('CONFLICT: model_capabilities glm-4.5-air-fireworks json-schema is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'glm-4.5-air-fireworks' AND capability = 'json-schema'));

DELETE FROM public.model_capabilities
WHERE model = 'glm-4.5-air-fireworks' AND capability = 'json-schema';

SELECT public.routecomp_assert('CONFLICT: model_capabilities glm-4.5-air-fireworks reasoning is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'glm-4.5-air-fireworks' AND capability = 'reasoning'));

DELETE FROM public.model_capabilities
WHERE model = 'glm-4.5-air-fireworks' AND capability = 'reasoning';

SELECT public.routecomp_assert('CONFLICT: model_capabilities glm-4.5-air-fireworks streaming is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'glm-4.5-air-fireworks' AND capability = 'streaming'));

DELETE FROM public.model_capabilities
WHERE model = 'glm-4.5-air-fireworks' AND capability = 'streaming';

SELECT public.routecomp_assert('CONFLICT: model_capabilities glm-4.5-air-fireworks tools is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'glm-4.5-air-fireworks' AND capability = 'tools'));

DELETE FROM public.model_capabilities
WHERE model = 'glm-4.5-air-fireworks' AND capability = 'tools';

SELECT public.routecomp_assert('CONFLICT: model_capabilities glm-4.5-fireworks json-schema is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'glm-4.5-fireworks' AND capability = 'json-schema'));

DELETE FROM public.model_capabilities
WHERE model = 'glm-4.5-fireworks' AND capability = 'json-schema';

SELECT public.routecomp_assert('CONFLICT: model_capabilities glm-4.5-fireworks reasoning is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'glm-4.5-fireworks' AND capability = 'reasoning'));

DELETE FROM public.model_capabilities
WHERE model = 'glm-4.5-fireworks' AND capability = 'reasoning';

SELECT public.routecomp_assert('CONFLICT: model_capabilities glm-4.5-fireworks streaming is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'glm-4.5-fireworks' AND capability = 'streaming'));

DELETE FROM public.model_capabilities
WHERE model = 'glm-4.5-fireworks' AND capability = 'streaming';

SELECT public.routecomp_assert('CONFLICT: model_capabilities glm-4.5-fireworks tools is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'glm-4.5-fireworks' AND capability = 'tools'));

DELETE FROM public.model_capabilities
WHERE model = 'glm-4.5-fireworks' AND capability = 'tools';

SELECT public.routecomp_assert('CONFLICT: model_capabilities kimi-k2-fireworks json-schema is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'kimi-k2-fireworks' AND capability = 'json-schema'));

DELETE FROM public.model_capabilities
WHERE model = 'kimi-k2-fireworks' AND capability = 'json-schema';

SELECT public.routecomp_assert('CONFLICT: model_capabilities kimi-k2-fireworks streaming is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'kimi-k2-fireworks' AND capability = 'streaming'));

DELETE FROM public.model_capabilities
WHERE model = 'kimi-k2-fireworks' AND capability = 'streaming';

SELECT public.routecomp_assert('CONFLICT: model_capabilities kimi-k2-fireworks tools is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'kimi-k2-fireworks' AND capability = 'tools'));

DELETE FROM public.model_capabilities
WHERE model = 'kimi-k2-fireworks' AND capability = 'tools';

SELECT public.routecomp_assert('CONFLICT: model_capabilities nemotron-ultra-253b-nebius tools is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'nemotron-ultra-253b-nebius' AND capability = 'tools'));

DELETE FROM public.model_capabilities
WHERE model = 'nemotron-ultra-253b-nebius' AND capability = 'tools';

SELECT public.routecomp_assert('CONFLICT: feature_models translation gemini-2.5-flash is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'translation' AND model = 'gemini-2.5-flash' AND status = 'primary' AND position = 0 AND sample_bp IS NULL AND max_daily_cents IS NULL));

UPDATE public.feature_models SET status = 'shadow', position = 1, sample_bp = 200, max_daily_cents = 600
WHERE feature = 'translation' AND model = 'gemini-2.5-flash' AND status = 'primary' AND position = 0 AND sample_bp IS NULL AND max_daily_cents IS NULL;

INSERT INTO public.providers (provider, adapter, base_url, chat_path, api_key_env, stack, description, owner) VALUES
  ('bedrock-stockholm', 'bedrock', 'https://bedrock-runtime.eu-north-1.amazonaws.com', '/model', 'AWS_BEARER_TOKEN_BEDROCK_EU', 'eu', 'The adapter appends /<provider_model_name>/converse and signs the request.', NULL);

SELECT public.routecomp_assert('CONFLICT: providers nebius is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'nebius' AND base_url = 'https://api.studio.nebius.com'));

UPDATE public.providers SET base_url = 'https://api.tokenfactory.nebius.com'
WHERE provider = 'nebius' AND base_url = 'https://api.studio.nebius.com';

SELECT public.routecomp_assert('CONFLICT: providers together is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'together' AND base_url = 'https://api.together.xyz'));

UPDATE public.providers SET base_url = 'https://api.together.ai'
WHERE provider = 'together' AND base_url = 'https://api.together.xyz';

INSERT INTO public.models (model, provider, provider_model_name, logical_slug, quality_bp, input_pusd, output_pusd, output_ratio_bp, latency_ms, context_window, min_output_tokens, max_output_tokens, compliance_bp, share_bp, sunset, successor, active, listed, description, owner) VALUES
  ('deepseek-flash', 'deepseek', 'deepseek-flash', NULL, 8510, 300000, 1200000, 5000, 4160, 1000000, 0, NULL, 5500, NULL, NULL, NULL, TRUE, TRUE, NULL, NULL),
  ('deepseek-v3.2-bedrock-stockholm', 'bedrock-stockholm', 'deepseek.v3.2', 'any-deepseek-v3.2', 8510, 740000, 2220000, 5000, 4160, 163840, 0, NULL, 9700, NULL, NULL, NULL, TRUE, TRUE, NULL, NULL),
  ('deepseek-v4.1-flash-fireworks', 'fireworks', 'accounts/fireworks/models/deepseek-v4p1-flash', NULL, 8510, 300000, 1200000, 5000, 4160, 1048576, 0, NULL, 8500, NULL, NULL, NULL, TRUE, TRUE, NULL, NULL),
  ('gemini-3.5-flash-lite', 'google', 'gemini-3.5-flash-lite', NULL, 7988, 300000, 2500000, 7372, 2156, 1048576, 0, NULL, 9000, NULL, NULL, NULL, TRUE, TRUE, NULL, NULL),
  ('glm-5.3-fireworks', 'fireworks', 'accounts/fireworks/models/glm-5p3', NULL, 8680, 1400000, 4400000, 5000, 5878, 1048576, 0, NULL, 8500, NULL, NULL, NULL, TRUE, TRUE, NULL, NULL),
  ('glm-5.3-flash-fireworks', 'fireworks', 'accounts/fireworks/models/glm-5p3-flash', NULL, 7860, 150000, 500000, 5000, 5878, 1048576, 0, NULL, 8500, NULL, NULL, NULL, TRUE, TRUE, NULL, NULL),
  ('kimi-k3-fireworks', 'fireworks', 'accounts/fireworks/models/kimi-k3', NULL, 7778, 3000000, 15000000, 5000, 2704, 1048576, 512, NULL, 8500, NULL, NULL, NULL, TRUE, TRUE, NULL, NULL);

SELECT public.routecomp_assert('CONFLICT: models claude-3-5-haiku-bedrock-eu is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'claude-3-5-haiku-bedrock-eu' AND sunset IS NULL AND successor IS NULL AND active = TRUE));

UPDATE public.models SET sunset = '2026-06-19', successor = 'claude-haiku-5-5-bedrock-eu', active = FALSE
WHERE model = 'claude-3-5-haiku-bedrock-eu' AND sunset IS NULL AND successor IS NULL AND active = TRUE;

SELECT public.routecomp_assert('CONFLICT: models claude-3-7-sonnet-bedrock-eu is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'claude-3-7-sonnet-bedrock-eu' AND sunset IS NULL AND successor IS NULL AND active = TRUE));

UPDATE public.models SET sunset = '2026-04-28', successor = 'claude-sonnet-5-5-bedrock-eu', active = FALSE
WHERE model = 'claude-3-7-sonnet-bedrock-eu' AND sunset IS NULL AND successor IS NULL AND active = TRUE;

SELECT public.routecomp_assert('CONFLICT: models claude-opus-4-bedrock-eu is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'claude-opus-4-bedrock-eu' AND sunset IS NULL AND successor IS NULL AND active = TRUE));

UPDATE public.models SET sunset = '2026-05-31', successor = 'claude-opus-5-5-bedrock-eu', active = FALSE
WHERE model = 'claude-opus-4-bedrock-eu' AND sunset IS NULL AND successor IS NULL AND active = TRUE;

SELECT public.routecomp_assert('CONFLICT: models deepseek-r1-bedrock-us is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'deepseek-r1-bedrock-us' AND sunset IS NULL));

UPDATE public.models SET sunset = '2027-03-30'
WHERE model = 'deepseek-r1-bedrock-us' AND sunset IS NULL;

SELECT public.routecomp_assert('CONFLICT: models deepseek-v3 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'deepseek-v3' AND description = 'Superseded by V3.2 at the same host; other hosts keep it.'));

UPDATE public.models SET description = 'Superseded at the same host; other hosts keep it.'
WHERE model = 'deepseek-v3' AND description = 'Superseded by V3.2 at the same host; other hosts keep it.';

SELECT public.routecomp_assert('CONFLICT: models gemini-2.5-flash is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'gemini-2.5-flash' AND sunset IS NULL AND successor IS NULL));

UPDATE public.models SET sunset = '2026-12-01', successor = 'gemini-3.5-flash-lite'
WHERE model = 'gemini-2.5-flash' AND sunset IS NULL AND successor IS NULL;

SELECT public.routecomp_assert('CONFLICT: models gemini-2.5-pro is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'gemini-2.5-pro' AND sunset IS NULL AND successor IS NULL));

UPDATE public.models SET sunset = '2026-12-01', successor = 'gemini-3.8-flash'
WHERE model = 'gemini-2.5-pro' AND sunset IS NULL AND successor IS NULL;

SELECT public.routecomp_assert('CONFLICT: models gpt-4-turbo is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'gpt-4-turbo' AND sunset IS NULL));

UPDATE public.models SET sunset = '2026-10-23'
WHERE model = 'gpt-4-turbo' AND sunset IS NULL;

SELECT public.routecomp_assert('CONFLICT: models gpt-4.1 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'gpt-4.1' AND sunset IS NULL AND successor IS NULL));

UPDATE public.models SET sunset = '2027-01-14', successor = 'gpt-6-luna'
WHERE model = 'gpt-4.1' AND sunset IS NULL AND successor IS NULL;

SELECT public.routecomp_assert('CONFLICT: models gpt-4.1-mini is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'gpt-4.1-mini' AND sunset IS NULL AND successor IS NULL));

UPDATE public.models SET sunset = '2027-01-14', successor = 'gpt-6-luna'
WHERE model = 'gpt-4.1-mini' AND sunset IS NULL AND successor IS NULL;

SELECT public.routecomp_assert('CONFLICT: models gpt-4o-2024-08-06 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'gpt-4o-2024-08-06' AND sunset IS NULL AND successor IS NULL));

UPDATE public.models SET sunset = '2027-01-14', successor = 'gpt-6-luna'
WHERE model = 'gpt-4o-2024-08-06' AND sunset IS NULL AND successor IS NULL;

SELECT public.routecomp_assert('CONFLICT: models gpt-4o-mini is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'gpt-4o-mini' AND sunset IS NULL AND successor IS NULL));

UPDATE public.models SET sunset = '2027-01-14', successor = 'gpt-6-luna'
WHERE model = 'gpt-4o-mini' AND sunset IS NULL AND successor IS NULL;

SELECT public.routecomp_assert('CONFLICT: models gpt-5 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'gpt-5' AND sunset IS NULL AND successor IS NULL));

UPDATE public.models SET sunset = '2026-12-11', successor = 'gpt-6.1-sol'
WHERE model = 'gpt-5' AND sunset IS NULL AND successor IS NULL;

SELECT public.routecomp_assert('CONFLICT: models llama-3.1-8b-cerebras is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'llama-3.1-8b-cerebras' AND provider_model_name = 'llama-3.1-8b' AND sunset IS NULL AND successor IS NULL AND active = TRUE));

UPDATE public.models SET provider_model_name = 'llama3.1-8b', sunset = '2026-05-27', successor = 'gpt-oss-120b-cerebras', active = FALSE
WHERE model = 'llama-3.1-8b-cerebras' AND provider_model_name = 'llama-3.1-8b' AND sunset IS NULL AND successor IS NULL AND active = TRUE;

SELECT public.routecomp_assert('CONFLICT: models llama-3.3-70b-bedrock-us is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'llama-3.3-70b-bedrock-us' AND sunset IS NULL));

UPDATE public.models SET sunset = '2027-03-30'
WHERE model = 'llama-3.3-70b-bedrock-us' AND sunset IS NULL;

SELECT public.routecomp_assert('CONFLICT: models llama-3.3-70b-scaleway is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'llama-3.3-70b-scaleway' AND provider_model_name = 'meta/llama-3.3-70b-instruct'));

UPDATE public.models SET provider_model_name = 'llama-3.3-70b-instruct'
WHERE model = 'llama-3.3-70b-scaleway' AND provider_model_name = 'meta/llama-3.3-70b-instruct';

SELECT public.routecomp_assert('CONFLICT: models llama-3.3-70b-together is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'llama-3.3-70b-together' AND sunset IS NULL));

UPDATE public.models SET sunset = '2026-10-22'
WHERE model = 'llama-3.3-70b-together' AND sunset IS NULL;

SELECT public.routecomp_assert('CONFLICT: models llama-4-maverick-bedrock-us is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'llama-4-maverick-bedrock-us' AND sunset IS NULL));

UPDATE public.models SET sunset = '2027-03-30'
WHERE model = 'llama-4-maverick-bedrock-us' AND sunset IS NULL;

SELECT public.routecomp_assert('CONFLICT: models llama-4-scout-bedrock-us is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'llama-4-scout-bedrock-us' AND sunset IS NULL));

UPDATE public.models SET sunset = '2027-03-30'
WHERE model = 'llama-4-scout-bedrock-us' AND sunset IS NULL;

SELECT public.routecomp_assert('CONFLICT: models mistral-small-3.2-scaleway is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'mistral-small-3.2-scaleway' AND provider_model_name = 'mistralai/mistral-small-3.2-24b-instruct-2506'));

UPDATE public.models SET provider_model_name = 'mistral-small-3.2-24b-instruct-2506'
WHERE model = 'mistral-small-3.2-scaleway' AND provider_model_name = 'mistralai/mistral-small-3.2-24b-instruct-2506';

SELECT public.routecomp_assert('CONFLICT: models nemotron-ultra-253b-nebius is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'nemotron-ultra-253b-nebius' AND provider_model_name = 'nvidia/Llama-3.1-Nemotron-Ultra-253B-v1' AND context_window = 128000));

UPDATE public.models SET provider_model_name = 'nvidia/Llama-3_1-Nemotron-Ultra-253B-v1', context_window = 131072
WHERE model = 'nemotron-ultra-253b-nebius' AND provider_model_name = 'nvidia/Llama-3.1-Nemotron-Ultra-253B-v1' AND context_window = 128000;

SELECT public.routecomp_assert('CONFLICT: models o3 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'o3' AND sunset IS NULL AND successor IS NULL));

UPDATE public.models SET sunset = '2026-12-11', successor = 'gpt-6.1-sol'
WHERE model = 'o3' AND sunset IS NULL AND successor IS NULL;

SELECT public.routecomp_assert('CONFLICT: models qwen3-235b-scaleway is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'qwen3-235b-scaleway' AND provider_model_name = 'qwen/qwen3-235b-a22b-instruct-2507'));

UPDATE public.models SET provider_model_name = 'qwen3-235b-a22b-instruct-2507'
WHERE model = 'qwen3-235b-scaleway' AND provider_model_name = 'qwen/qwen3-235b-a22b-instruct-2507';

SELECT public.routecomp_assert('CONFLICT: models qwen3-coder-bedrock-us is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'qwen3-coder-bedrock-us' AND sunset IS NULL));

UPDATE public.models SET sunset = '2027-03-30'
WHERE model = 'qwen3-coder-bedrock-us' AND sunset IS NULL;

INSERT INTO public.model_capabilities (model, capability) VALUES
  ('deepseek-flash', 'json-schema'),
  ('deepseek-flash', 'prompt-caching'),
  ('deepseek-flash', 'reasoning'),
  ('deepseek-flash', 'streaming'),
  ('deepseek-flash', 'tools'),
  ('deepseek-flash', 'vision'),
  ('deepseek-v3.2-bedrock-stockholm', 'json-schema'),
  ('deepseek-v3.2-bedrock-stockholm', 'reasoning'),
  ('deepseek-v3.2-bedrock-stockholm', 'streaming'),
  ('deepseek-v3.2-bedrock-stockholm', 'tools'),
  ('deepseek-v4.1-flash-fireworks', 'json-schema'),
  ('deepseek-v4.1-flash-fireworks', 'prompt-caching'),
  ('deepseek-v4.1-flash-fireworks', 'reasoning'),
  ('deepseek-v4.1-flash-fireworks', 'streaming'),
  ('deepseek-v4.1-flash-fireworks', 'tools'),
  ('deepseek-v4.1-flash-fireworks', 'vision'),
  ('gemini-3.5-flash-lite', 'json-schema'),
  ('gemini-3.5-flash-lite', 'prompt-caching'),
  ('gemini-3.5-flash-lite', 'reasoning'),
  ('gemini-3.5-flash-lite', 'streaming'),
  ('gemini-3.5-flash-lite', 'tools'),
  ('gemini-3.5-flash-lite', 'vision'),
  ('glm-5.3-fireworks', 'json-schema'),
  ('glm-5.3-fireworks', 'reasoning'),
  ('glm-5.3-fireworks', 'streaming'),
  ('glm-5.3-fireworks', 'tools'),
  ('glm-5.3-flash-fireworks', 'json-schema'),
  ('glm-5.3-flash-fireworks', 'streaming'),
  ('glm-5.3-flash-fireworks', 'tools'),
  ('glm-5.3-flash-fireworks', 'vision'),
  ('kimi-k3-fireworks', 'json-schema'),
  ('kimi-k3-fireworks', 'reasoning'),
  ('kimi-k3-fireworks', 'streaming'),
  ('kimi-k3-fireworks', 'tools'),
  ('kimi-k3-fireworks', 'vision'),
  ('nemotron-ultra-253b-nebius', 'reasoning');

INSERT INTO public.feature_models (feature, model, status, position, sample_bp, max_daily_cents) VALUES
  ('agent-tools', 'kimi-k3-fireworks', 'shadow', 3, NULL, NULL),
  ('attachment-description', 'gpt-6-luna', 'shadow', 2, NULL, NULL),
  ('document-extraction', 'gemini-3.8-flash', 'shadow', 1, 300, 800),
  ('quality-review', 'gemini-3.1-pro-preview', 'shadow', 2, NULL, NULL),
  ('translation', 'gemini-3.5-flash-lite', 'shadow', 2, NULL, NULL),
  ('weekly-insights', 'deepseek-v3.2-bedrock-stockholm', 'shadow', 2, 2000, 400),
  ('workflow-builder', 'glm-5.3-fireworks', 'shadow', 2, 400, 400);

SELECT public.routecomp_assert('CONFLICT: feature_models contract-review gemini-3.1-pro-preview is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'contract-review' AND model = 'gemini-3.1-pro-preview' AND position = 2 AND sample_bp IS NULL AND max_daily_cents IS NULL));

UPDATE public.feature_models SET position = 1, sample_bp = 1000, max_daily_cents = 3000
WHERE feature = 'contract-review' AND model = 'gemini-3.1-pro-preview' AND position = 2 AND sample_bp IS NULL AND max_daily_cents IS NULL;

SELECT public.routecomp_assert('CONFLICT: feature_models contract-review gemini-2.5-pro is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'contract-review' AND model = 'gemini-2.5-pro' AND status = 'shadow' AND position = 1 AND sample_bp = 1000 AND max_daily_cents = 3000));

UPDATE public.feature_models SET status = 'retired', position = 2, sample_bp = NULL, max_daily_cents = NULL
WHERE feature = 'contract-review' AND model = 'gemini-2.5-pro' AND status = 'shadow' AND position = 1 AND sample_bp = 1000 AND max_daily_cents = 3000;

SELECT public.routecomp_assert('CONFLICT: feature_models translation qwen3-235b-scaleway is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'translation' AND model = 'qwen3-235b-scaleway' AND status = 'shadow' AND position = 1 AND sample_bp = 200 AND max_daily_cents = 600));

UPDATE public.feature_models SET status = 'primary', position = 0, sample_bp = NULL, max_daily_cents = NULL
WHERE feature = 'translation' AND model = 'qwen3-235b-scaleway' AND status = 'shadow' AND position = 1 AND sample_bp = 200 AND max_daily_cents = 600;

SELECT public.routecomp_assert('CONFLICT: feature_models translation gpt-4.1-mini is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'translation' AND model = 'gpt-4.1-mini' AND status = 'shadow' AND position = 2));

UPDATE public.feature_models SET status = 'retired', position = 3
WHERE feature = 'translation' AND model = 'gpt-4.1-mini' AND status = 'shadow' AND position = 2;

SELECT public.routecomp_assert('CONFLICT: feature_models translation nova-pro-bedrock-eu is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'translation' AND model = 'nova-pro-bedrock-eu' AND position = 3));

UPDATE public.feature_models SET position = 4
WHERE feature = 'translation' AND model = 'nova-pro-bedrock-eu' AND position = 3;

SELECT public.routecomp_assert('CONFLICT: feature_models weekly-insights nemotron-ultra-253b-nebius is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'weekly-insights' AND model = 'nemotron-ultra-253b-nebius' AND position = 2));

UPDATE public.feature_models SET position = 3
WHERE feature = 'weekly-insights' AND model = 'nemotron-ultra-253b-nebius' AND position = 2;

INSERT INTO public.feature_fallbacks (feature, position, model) VALUES
  ('agent-tools', 0, 'gpt-6.1-sol'),
  ('attachment-description', 2, 'gpt-6-luna'),
  ('document-extraction', 0, 'gpt-6-luna'),
  ('kb-answer', 1, 'gpt-6-luna'),
  ('quality-review', 1, 'gpt-6.1-sol'),
  ('support-chat', 0, 'gpt-6.1-sol'),
  ('translation', 0, 'gemini-3.5-flash-lite'),
  ('translation', 1, 'gpt-6-luna'),
  ('weekly-insights', 0, 'deepseek-v4.1-flash-fireworks');

INSERT INTO public.tenant_banned_models (tenant, model) VALUES
  ('kanzlei-brandt', 'deepseek-v4.1-flash-fireworks'),
  ('kanzlei-brandt', 'glm-5.3-fireworks'),
  ('kanzlei-brandt', 'glm-5.3-flash-fireworks'),
  ('kanzlei-brandt', 'kimi-k3-fireworks');

SELECT public.routecomp_assert('CONFLICT: models deepseek-r1-0528-fireworks is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'deepseek-r1-0528-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/deepseek-r1-0528' AND logical_slug = 'any-deepseek-r1-0528' AND quality_bp = 8555 AND input_pusd = 3000000 AND output_pusd = 8000000 AND output_ratio_bp = 6967 AND latency_ms = 28664 AND context_window = 163840 AND min_output_tokens = 1024 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL));

DELETE FROM public.models
WHERE model = 'deepseek-r1-0528-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/deepseek-r1-0528' AND logical_slug = 'any-deepseek-r1-0528' AND quality_bp = 8555 AND input_pusd = 3000000 AND output_pusd = 8000000 AND output_ratio_bp = 6967 AND latency_ms = 28664 AND context_window = 163840 AND min_output_tokens = 1024 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL;

SELECT public.routecomp_assert('CONFLICT: models deepseek-v3.2 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'deepseek-v3.2' AND provider = 'deepseek' AND provider_model_name = 'deepseek-v3.2' AND logical_slug = 'any-deepseek-v3.2' AND quality_bp = 8510 AND input_pusd = 280000 AND output_pusd = 400000 AND output_ratio_bp = 5000 AND latency_ms = 4160 AND context_window = 163840 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 5500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL));

DELETE FROM public.models
WHERE model = 'deepseek-v3.2' AND provider = 'deepseek' AND provider_model_name = 'deepseek-v3.2' AND logical_slug = 'any-deepseek-v3.2' AND quality_bp = 8510 AND input_pusd = 280000 AND output_pusd = 400000 AND output_ratio_bp = 5000 AND latency_ms = 4160 AND context_window = 163840 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 5500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL;

SELECT public.routecomp_assert('CONFLICT: models deepseek-v3.2-fireworks is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'deepseek-v3.2-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/deepseek-v3p2' AND logical_slug = 'any-deepseek-v3.2' AND quality_bp = 8510 AND input_pusd = 560000 AND output_pusd = 1680000 AND output_ratio_bp = 5000 AND latency_ms = 4160 AND context_window = 163840 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL));

DELETE FROM public.models
WHERE model = 'deepseek-v3.2-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/deepseek-v3p2' AND logical_slug = 'any-deepseek-v3.2' AND quality_bp = 8510 AND input_pusd = 560000 AND output_pusd = 1680000 AND output_ratio_bp = 5000 AND latency_ms = 4160 AND context_window = 163840 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL;

SELECT public.routecomp_assert('CONFLICT: models glm-4.5-air-fireworks is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'glm-4.5-air-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/glm-4p5-air' AND logical_slug = 'any-glm-4.5-air' AND quality_bp = 7860 AND input_pusd = 220000 AND output_pusd = 880000 AND output_ratio_bp = 5000 AND latency_ms = 5878 AND context_window = 131072 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL));

DELETE FROM public.models
WHERE model = 'glm-4.5-air-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/glm-4p5-air' AND logical_slug = 'any-glm-4.5-air' AND quality_bp = 7860 AND input_pusd = 220000 AND output_pusd = 880000 AND output_ratio_bp = 5000 AND latency_ms = 5878 AND context_window = 131072 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL;

SELECT public.routecomp_assert('CONFLICT: models glm-4.5-fireworks is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'glm-4.5-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/glm-4p5' AND logical_slug = 'any-glm-4.5' AND quality_bp = 8680 AND input_pusd = 550000 AND output_pusd = 2190000 AND output_ratio_bp = 5000 AND latency_ms = 5878 AND context_window = 131072 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL));

DELETE FROM public.models
WHERE model = 'glm-4.5-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/glm-4p5' AND logical_slug = 'any-glm-4.5' AND quality_bp = 8680 AND input_pusd = 550000 AND output_pusd = 2190000 AND output_ratio_bp = 5000 AND latency_ms = 5878 AND context_window = 131072 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL;

SELECT public.routecomp_assert('CONFLICT: models kimi-k2-fireworks is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'kimi-k2-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/kimi-k2-instruct' AND logical_slug IS NULL AND quality_bp = 7778 AND input_pusd = 600000 AND output_pusd = 2500000 AND output_ratio_bp = 5000 AND latency_ms = 2704 AND context_window = 131072 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL));

DELETE FROM public.models
WHERE model = 'kimi-k2-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/kimi-k2-instruct' AND logical_slug IS NULL AND quality_bp = 7778 AND input_pusd = 600000 AND output_pusd = 2500000 AND output_ratio_bp = 5000 AND latency_ms = 2704 AND context_window = 131072 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL;

INSERT INTO public.model_promotions (feature, from_model, to_model, kind, migration) VALUES
  ('translation', 'gemini-2.5-flash', 'qwen3-235b-scaleway', 'promotion', '0013_feature-agent-tools_and_51_more_04b5d61e');

SELECT public.routecomp_assert('feature translation does not end with qwen3-235b-scaleway as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'translation' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'translation' AND status = 'primary') = 'qwen3-235b-scaleway');

COMMIT;
