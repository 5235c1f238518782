-- Migration 0013: the way back, 141 rows change, 1 of them a change of primary.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

SELECT feature FROM public.features WHERE feature = 'translation' FOR UPDATE;

SELECT public.routecomp_assert('CONFLICT: feature translation is already on ' || coalesce((SELECT model FROM public.feature_models WHERE feature = 'translation' AND status = 'primary'), 'nothing'), (SELECT model FROM public.feature_models WHERE feature = 'translation' AND status = 'primary') = 'qwen3-235b-scaleway');

SELECT public.routecomp_assert('CONFLICT: model gemini-2.5-flash is no shadow of feature translation any more', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'translation' AND model = 'gemini-2.5-flash' AND status = 'shadow'));

SELECT public.routecomp_assert('CONFLICT: tenant_banned_models kanzlei-brandt deepseek-v4.1-flash-fireworks is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.tenant_banned_models WHERE tenant = 'kanzlei-brandt' AND model = 'deepseek-v4.1-flash-fireworks'));

DELETE FROM public.tenant_banned_models
WHERE tenant = 'kanzlei-brandt' AND model = 'deepseek-v4.1-flash-fireworks';

SELECT public.routecomp_assert('CONFLICT: tenant_banned_models kanzlei-brandt glm-5.3-fireworks is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.tenant_banned_models WHERE tenant = 'kanzlei-brandt' AND model = 'glm-5.3-fireworks'));

DELETE FROM public.tenant_banned_models
WHERE tenant = 'kanzlei-brandt' AND model = 'glm-5.3-fireworks';

SELECT public.routecomp_assert('CONFLICT: tenant_banned_models kanzlei-brandt glm-5.3-flash-fireworks is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.tenant_banned_models WHERE tenant = 'kanzlei-brandt' AND model = 'glm-5.3-flash-fireworks'));

DELETE FROM public.tenant_banned_models
WHERE tenant = 'kanzlei-brandt' AND model = 'glm-5.3-flash-fireworks';

SELECT public.routecomp_assert('CONFLICT: tenant_banned_models kanzlei-brandt kimi-k3-fireworks is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.tenant_banned_models WHERE tenant = 'kanzlei-brandt' AND model = 'kimi-k3-fireworks'));

DELETE FROM public.tenant_banned_models
WHERE tenant = 'kanzlei-brandt' AND model = 'kimi-k3-fireworks';

SELECT public.routecomp_assert('CONFLICT: feature_fallbacks agent-tools 0 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_fallbacks WHERE feature = 'agent-tools' AND position = 0 AND model = 'gpt-6.1-sol'));

DELETE FROM public.feature_fallbacks
WHERE feature = 'agent-tools' AND position = 0 AND model = 'gpt-6.1-sol';

SELECT public.routecomp_assert('CONFLICT: feature_fallbacks attachment-description 2 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_fallbacks WHERE feature = 'attachment-description' AND position = 2 AND model = 'gpt-6-luna'));

DELETE FROM public.feature_fallbacks
WHERE feature = 'attachment-description' AND position = 2 AND model = 'gpt-6-luna';

SELECT public.routecomp_assert('CONFLICT: feature_fallbacks document-extraction 0 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_fallbacks WHERE feature = 'document-extraction' AND position = 0 AND model = 'gpt-6-luna'));

DELETE FROM public.feature_fallbacks
WHERE feature = 'document-extraction' AND position = 0 AND model = 'gpt-6-luna';

SELECT public.routecomp_assert('CONFLICT: feature_fallbacks kb-answer 1 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_fallbacks WHERE feature = 'kb-answer' AND position = 1 AND model = 'gpt-6-luna'));

DELETE FROM public.feature_fallbacks
WHERE feature = 'kb-answer' AND position = 1 AND model = 'gpt-6-luna';

SELECT public.routecomp_assert('CONFLICT: feature_fallbacks quality-review 1 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_fallbacks WHERE feature = 'quality-review' AND position = 1 AND model = 'gpt-6.1-sol'));

DELETE FROM public.feature_fallbacks
WHERE feature = 'quality-review' AND position = 1 AND model = 'gpt-6.1-sol';

SELECT public.routecomp_assert('CONFLICT: feature_fallbacks support-chat 0 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_fallbacks WHERE feature = 'support-chat' AND position = 0 AND model = 'gpt-6.1-sol'));

DELETE FROM public.feature_fallbacks
WHERE feature = 'support-chat' AND position = 0 AND model = 'gpt-6.1-sol';

SELECT public.routecomp_assert('CONFLICT: feature_fallbacks translation 0 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_fallbacks WHERE feature = 'translation' AND position = 0 AND model = 'gemini-3.5-flash-lite'));

DELETE FROM public.feature_fallbacks
WHERE feature = 'translation' AND position = 0 AND model = 'gemini-3.5-flash-lite';

SELECT public.routecomp_assert('CONFLICT: feature_fallbacks translation 1 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_fallbacks WHERE feature = 'translation' AND position = 1 AND model = 'gpt-6-luna'));

DELETE FROM public.feature_fallbacks
WHERE feature = 'translation' AND position = 1 AND model = 'gpt-6-luna';

SELECT public.routecomp_assert('CONFLICT: feature_fallbacks weekly-insights 0 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_fallbacks WHERE feature = 'weekly-insights' AND position = 0 AND model = 'deepseek-v4.1-flash-fireworks'));

DELETE FROM public.feature_fallbacks
WHERE feature = 'weekly-insights' AND position = 0 AND model = 'deepseek-v4.1-flash-fireworks';

SELECT public.routecomp_assert('CONFLICT: feature_models agent-tools kimi-k3-fireworks is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'agent-tools' AND model = 'kimi-k3-fireworks' AND status = 'shadow' AND position = 3 AND sample_bp IS NULL AND max_daily_cents IS NULL));

DELETE FROM public.feature_models
WHERE feature = 'agent-tools' AND model = 'kimi-k3-fireworks' AND status = 'shadow' AND position = 3 AND sample_bp IS NULL AND max_daily_cents IS NULL;

SELECT public.routecomp_assert('CONFLICT: feature_models attachment-description gpt-6-luna is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'attachment-description' AND model = 'gpt-6-luna' AND status = 'shadow' AND position = 2 AND sample_bp IS NULL AND max_daily_cents IS NULL));

DELETE FROM public.feature_models
WHERE feature = 'attachment-description' AND model = 'gpt-6-luna' AND status = 'shadow' AND position = 2 AND sample_bp IS NULL AND max_daily_cents IS NULL;

SELECT public.routecomp_assert('CONFLICT: feature_models document-extraction gemini-3.8-flash is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'document-extraction' AND model = 'gemini-3.8-flash' AND status = 'shadow' AND position = 1 AND sample_bp = 300 AND max_daily_cents = 800));

DELETE FROM public.feature_models
WHERE feature = 'document-extraction' AND model = 'gemini-3.8-flash' AND status = 'shadow' AND position = 1 AND sample_bp = 300 AND max_daily_cents = 800;

SELECT public.routecomp_assert('CONFLICT: feature_models quality-review gemini-3.1-pro-preview is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'quality-review' AND model = 'gemini-3.1-pro-preview' AND status = 'shadow' AND position = 2 AND sample_bp IS NULL AND max_daily_cents IS NULL));

DELETE FROM public.feature_models
WHERE feature = 'quality-review' AND model = 'gemini-3.1-pro-preview' AND status = 'shadow' AND position = 2 AND sample_bp IS NULL AND max_daily_cents IS NULL;

SELECT public.routecomp_assert('CONFLICT: feature_models translation gemini-3.5-flash-lite is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'translation' AND model = 'gemini-3.5-flash-lite' AND status = 'shadow' AND position = 2 AND sample_bp IS NULL AND max_daily_cents IS NULL));

DELETE FROM public.feature_models
WHERE feature = 'translation' AND model = 'gemini-3.5-flash-lite' AND status = 'shadow' AND position = 2 AND sample_bp IS NULL AND max_daily_cents IS NULL;

SELECT public.routecomp_assert('CONFLICT: feature_models weekly-insights deepseek-v3.2-bedrock-stockholm is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'weekly-insights' AND model = 'deepseek-v3.2-bedrock-stockholm' AND status = 'shadow' AND position = 2 AND sample_bp = 2000 AND max_daily_cents = 400));

DELETE FROM public.feature_models
WHERE feature = 'weekly-insights' AND model = 'deepseek-v3.2-bedrock-stockholm' AND status = 'shadow' AND position = 2 AND sample_bp = 2000 AND max_daily_cents = 400;

SELECT public.routecomp_assert('CONFLICT: feature_models workflow-builder glm-5.3-fireworks is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'workflow-builder' AND model = 'glm-5.3-fireworks' AND status = 'shadow' AND position = 2 AND sample_bp = 400 AND max_daily_cents = 400));

DELETE FROM public.feature_models
WHERE feature = 'workflow-builder' AND model = 'glm-5.3-fireworks' AND status = 'shadow' AND position = 2 AND sample_bp = 400 AND max_daily_cents = 400;

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-flash json-schema is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-flash' AND capability = 'json-schema'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-flash' AND capability = 'json-schema';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-flash prompt-caching is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-flash' AND capability = 'prompt-caching'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-flash' AND capability = 'prompt-caching';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-flash reasoning is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-flash' AND capability = 'reasoning'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-flash' AND capability = 'reasoning';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-flash streaming is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-flash' AND capability = 'streaming'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-flash' AND capability = 'streaming';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-flash tools is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-flash' AND capability = 'tools'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-flash' AND capability = 'tools';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-flash vision is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-flash' AND capability = 'vision'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-flash' AND capability = 'vision';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-v3.2-bedrock-stockholm json-schema is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-v3.2-bedrock-stockholm' AND capability = 'json-schema'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-v3.2-bedrock-stockholm' AND capability = 'json-schema';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-v3.2-bedrock-stockholm reasoning is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-v3.2-bedrock-stockholm' AND capability = 'reasoning'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-v3.2-bedrock-stockholm' AND capability = 'reasoning';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-v3.2-bedrock-stockholm streaming is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-v3.2-bedrock-stockholm' AND capability = 'streaming'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-v3.2-bedrock-stockholm' AND capability = 'streaming';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-v3.2-bedrock-stockholm tools is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-v3.2-bedrock-stockholm' AND capability = 'tools'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-v3.2-bedrock-stockholm' AND capability = 'tools';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-v4.1-flash-fireworks json-schema is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-v4.1-flash-fireworks' AND capability = 'json-schema'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-v4.1-flash-fireworks' AND capability = 'json-schema';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-v4.1-flash-fireworks prompt-caching is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-v4.1-flash-fireworks' AND capability = 'prompt-caching'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-v4.1-flash-fireworks' AND capability = 'prompt-caching';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-v4.1-flash-fireworks reasoning is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-v4.1-flash-fireworks' AND capability = 'reasoning'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-v4.1-flash-fireworks' AND capability = 'reasoning';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-v4.1-flash-fireworks streaming is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-v4.1-flash-fireworks' AND capability = 'streaming'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-v4.1-flash-fireworks' AND capability = 'streaming';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-v4.1-flash-fireworks tools is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-v4.1-flash-fireworks' AND capability = 'tools'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-v4.1-flash-fireworks' AND capability = 'tools';

SELECT public.routecomp_assert('CONFLICT: model_capabilities deepseek-v4.1-flash-fireworks vision is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'deepseek-v4.1-flash-fireworks' AND capability = 'vision'));

DELETE FROM public.model_capabilities
WHERE model = 'deepseek-v4.1-flash-fireworks' AND capability = 'vision';

SELECT public.routecomp_assert('CONFLICT: model_capabilities gemini-3.5-flash-lite json-schema is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'gemini-3.5-flash-lite' AND capability = 'json-schema'));

DELETE FROM public.model_capabilities
WHERE model = 'gemini-3.5-flash-lite' AND capability = 'json-schema';

SELECT public.routecomp_assert('CONFLICT: model_capabilities gemini-3.5-flash-lite prompt-caching is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'gemini-3.5-flash-lite' AND capability = 'prompt-caching'));

DELETE FROM public.model_capabilities
WHERE model = 'gemini-3.5-flash-lite' AND capability = 'prompt-caching';

SELECT public.routecomp_assert('CONFLICT: model_capabilities gemini-3.5-flash-lite reasoning is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'gemini-3.5-flash-lite' AND capability = 'reasoning'));

DELETE FROM public.model_capabilities
WHERE model = 'gemini-3.5-flash-lite' AND capability = 'reasoning';

SELECT public.routecomp_assert('CONFLICT: model_capabilities gemini-3.5-flash-lite streaming is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'gemini-3.5-flash-lite' AND capability = 'streaming'));

DELETE FROM public.model_capabilities
WHERE model = 'gemini-3.5-flash-lite' AND capability = 'streaming';

SELECT public.routecomp_assert('CONFLICT: model_capabilities gemini-3.5-flash-lite tools is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'gemini-3.5-flash-lite' AND capability = 'tools'));

DELETE FROM public.model_capabilities
WHERE model = 'gemini-3.5-flash-lite' AND capability = 'tools';

SELECT public.routecomp_assert('CONFLICT: model_capabilities gemini-3.5-flash-lite vision is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'gemini-3.5-flash-lite' AND capability = 'vision'));

DELETE FROM public.model_capabilities
WHERE model = 'gemini-3.5-flash-lite' AND capability = 'vision';

SELECT public.routecomp_assert('CONFLICT: model_capabilities glm-5.3-fireworks json-schema is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'glm-5.3-fireworks' AND capability = 'json-schema'));

DELETE FROM public.model_capabilities
WHERE model = 'glm-5.3-fireworks' AND capability = 'json-schema';

SELECT public.routecomp_assert('CONFLICT: model_capabilities glm-5.3-fireworks reasoning is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'glm-5.3-fireworks' AND capability = 'reasoning'));

DELETE FROM public.model_capabilities
WHERE model = 'glm-5.3-fireworks' AND capability = 'reasoning';

SELECT public.routecomp_assert('CONFLICT: model_capabilities glm-5.3-fireworks streaming is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'glm-5.3-fireworks' AND capability = 'streaming'));

DELETE FROM public.model_capabilities
WHERE model = 'glm-5.3-fireworks' AND capability = 'streaming';

SELECT public.routecomp_assert('CONFLICT: model_capabilities glm-5.3-fireworks tools is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'glm-5.3-fireworks' AND capability = 'tools'));

DELETE FROM public.model_capabilities
WHERE model = 'glm-5.3-fireworks' AND capability = 'tools';

SELECT public.routecomp_assert('CONFLICT: model_capabilities glm-5.3-flash-fireworks json-schema is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'glm-5.3-flash-fireworks' AND capability = 'json-schema'));

DELETE FROM public.model_capabilities
WHERE model = 'glm-5.3-flash-fireworks' AND capability = 'json-schema';

SELECT public.routecomp_assert('CONFLICT: model_capabilities glm-5.3-flash-fireworks streaming is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'glm-5.3-flash-fireworks' AND capability = 'streaming'));

DELETE FROM public.model_capabilities
WHERE model = 'glm-5.3-flash-fireworks' AND capability = 'streaming';

SELECT public.routecomp_assert('CONFLICT: model_capabilities glm-5.3-flash-fireworks tools is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'glm-5.3-flash-fireworks' AND capability = 'tools'));

DELETE FROM public.model_capabilities
WHERE model = 'glm-5.3-flash-fireworks' AND capability = 'tools';

SELECT public.routecomp_assert('CONFLICT: model_capabilities glm-5.3-flash-fireworks vision is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'glm-5.3-flash-fireworks' AND capability = 'vision'));

DELETE FROM public.model_capabilities
WHERE model = 'glm-5.3-flash-fireworks' AND capability = 'vision';

SELECT public.routecomp_assert('CONFLICT: model_capabilities kimi-k3-fireworks json-schema is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'kimi-k3-fireworks' AND capability = 'json-schema'));

DELETE FROM public.model_capabilities
WHERE model = 'kimi-k3-fireworks' AND capability = 'json-schema';

SELECT public.routecomp_assert('CONFLICT: model_capabilities kimi-k3-fireworks reasoning is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'kimi-k3-fireworks' AND capability = 'reasoning'));

DELETE FROM public.model_capabilities
WHERE model = 'kimi-k3-fireworks' AND capability = 'reasoning';

SELECT public.routecomp_assert('CONFLICT: model_capabilities kimi-k3-fireworks streaming is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'kimi-k3-fireworks' AND capability = 'streaming'));

DELETE FROM public.model_capabilities
WHERE model = 'kimi-k3-fireworks' AND capability = 'streaming';

SELECT public.routecomp_assert('CONFLICT: model_capabilities kimi-k3-fireworks tools is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'kimi-k3-fireworks' AND capability = 'tools'));

DELETE FROM public.model_capabilities
WHERE model = 'kimi-k3-fireworks' AND capability = 'tools';

SELECT public.routecomp_assert('CONFLICT: model_capabilities kimi-k3-fireworks vision is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'kimi-k3-fireworks' AND capability = 'vision'));

DELETE FROM public.model_capabilities
WHERE model = 'kimi-k3-fireworks' AND capability = 'vision';

SELECT public.routecomp_assert('CONFLICT: model_capabilities nemotron-ultra-253b-nebius reasoning is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_capabilities WHERE model = 'nemotron-ultra-253b-nebius' AND capability = 'reasoning'));

DELETE FROM public.model_capabilities
WHERE model = 'nemotron-ultra-253b-nebius' AND capability = 'reasoning';

SELECT public.routecomp_assert('CONFLICT: feature_models translation qwen3-235b-scaleway is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'translation' AND model = 'qwen3-235b-scaleway' AND status = 'primary' AND position = 0 AND sample_bp IS NULL AND max_daily_cents IS NULL));

UPDATE public.feature_models SET status = 'shadow', position = 1, sample_bp = 200, max_daily_cents = 600
WHERE feature = 'translation' AND model = 'qwen3-235b-scaleway' AND status = 'primary' AND position = 0 AND sample_bp IS NULL AND max_daily_cents IS NULL;

SELECT public.routecomp_assert('CONFLICT: providers nebius is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'nebius' AND base_url = 'https://api.tokenfactory.nebius.com'));

UPDATE public.providers SET base_url = 'https://api.studio.nebius.com'
WHERE provider = 'nebius' AND base_url = 'https://api.tokenfactory.nebius.com';

SELECT public.routecomp_assert('CONFLICT: providers together is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'together' AND base_url = 'https://api.together.ai'));

UPDATE public.providers SET base_url = 'https://api.together.xyz'
WHERE provider = 'together' AND base_url = 'https://api.together.ai';

INSERT INTO public.models (model, provider, provider_model_name, logical_slug, quality_bp, input_pusd, output_pusd, output_ratio_bp, latency_ms, context_window, min_output_tokens, max_output_tokens, compliance_bp, share_bp, sunset, successor, active, listed, description, owner) VALUES
  ('deepseek-r1-0528-fireworks', 'fireworks', 'accounts/fireworks/models/deepseek-r1-0528', 'any-deepseek-r1-0528', 8555, 3000000, 8000000, 6967, 28664, 163840, 1024, NULL, 8500, NULL, NULL, NULL, TRUE, TRUE, NULL, NULL),
  ('deepseek-v3.2', 'deepseek', 'deepseek-v3.2', 'any-deepseek-v3.2', 8510, 280000, 400000, 5000, 4160, 163840, 0, NULL, 5500, NULL, NULL, NULL, TRUE, TRUE, NULL, NULL),
  ('deepseek-v3.2-fireworks', 'fireworks', 'accounts/fireworks/models/deepseek-v3p2', 'any-deepseek-v3.2', 8510, 560000, 1680000, 5000, 4160, 163840, 0, NULL, 8500, NULL, NULL, NULL, TRUE, TRUE, NULL, NULL),
  ('glm-4.5-air-fireworks', 'fireworks', 'accounts/fireworks/models/glm-4p5-air', 'any-glm-4.5-air', 7860, 220000, 880000, 5000, 5878, 131072, 0, NULL, 8500, NULL, NULL, NULL, TRUE, TRUE, NULL, NULL),
  ('glm-4.5-fireworks', 'fireworks', 'accounts/fireworks/models/glm-4p5', 'any-glm-4.5', 8680, 550000, 2190000, 5000, 5878, 131072, 0, NULL, 8500, NULL, NULL, NULL, TRUE, TRUE, NULL, NULL),
  ('kimi-k2-fireworks', 'fireworks', 'accounts/fireworks/models/kimi-k2-instruct', NULL, 7778, 600000, 2500000, 5000, 2704, 131072, 0, NULL, 8500, NULL, NULL, NULL, TRUE, TRUE, NULL, NULL);

SELECT public.routecomp_assert('CONFLICT: models claude-3-5-haiku-bedrock-eu is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'claude-3-5-haiku-bedrock-eu' AND sunset = '2026-06-19' AND successor = 'claude-haiku-5-5-bedrock-eu' AND active = FALSE));

UPDATE public.models SET sunset = NULL, successor = NULL, active = TRUE
WHERE model = 'claude-3-5-haiku-bedrock-eu' AND sunset = '2026-06-19' AND successor = 'claude-haiku-5-5-bedrock-eu' AND active = FALSE;

SELECT public.routecomp_assert('CONFLICT: models claude-3-7-sonnet-bedrock-eu is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'claude-3-7-sonnet-bedrock-eu' AND sunset = '2026-04-28' AND successor = 'claude-sonnet-5-5-bedrock-eu' AND active = FALSE));

UPDATE public.models SET sunset = NULL, successor = NULL, active = TRUE
WHERE model = 'claude-3-7-sonnet-bedrock-eu' AND sunset = '2026-04-28' AND successor = 'claude-sonnet-5-5-bedrock-eu' AND active = FALSE;

SELECT public.routecomp_assert('CONFLICT: models claude-opus-4-bedrock-eu is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'claude-opus-4-bedrock-eu' AND sunset = '2026-05-31' AND successor = 'claude-opus-5-5-bedrock-eu' AND active = FALSE));

UPDATE public.models SET sunset = NULL, successor = NULL, active = TRUE
WHERE model = 'claude-opus-4-bedrock-eu' AND sunset = '2026-05-31' AND successor = 'claude-opus-5-5-bedrock-eu' AND active = FALSE;

SELECT public.routecomp_assert('CONFLICT: models deepseek-r1-bedrock-us is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'deepseek-r1-bedrock-us' AND sunset = '2027-03-30'));

UPDATE public.models SET sunset = NULL
WHERE model = 'deepseek-r1-bedrock-us' AND sunset = '2027-03-30';

SELECT public.routecomp_assert('CONFLICT: models deepseek-v3 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'deepseek-v3' AND description = 'Superseded at the same host; other hosts keep it.'));

UPDATE public.models SET description = 'Superseded by V3.2 at the same host; other hosts keep it.'
WHERE model = 'deepseek-v3' AND description = 'Superseded at the same host; other hosts keep it.';

SELECT public.routecomp_assert('CONFLICT: models gemini-2.5-flash is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'gemini-2.5-flash' AND sunset = '2026-12-01' AND successor = 'gemini-3.5-flash-lite'));

UPDATE public.models SET sunset = NULL, successor = NULL
WHERE model = 'gemini-2.5-flash' AND sunset = '2026-12-01' AND successor = 'gemini-3.5-flash-lite';

SELECT public.routecomp_assert('CONFLICT: models gemini-2.5-pro is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'gemini-2.5-pro' AND sunset = '2026-12-01' AND successor = 'gemini-3.8-flash'));

UPDATE public.models SET sunset = NULL, successor = NULL
WHERE model = 'gemini-2.5-pro' AND sunset = '2026-12-01' AND successor = 'gemini-3.8-flash';

SELECT public.routecomp_assert('CONFLICT: models gpt-4-turbo is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'gpt-4-turbo' AND sunset = '2026-10-23'));

UPDATE public.models SET sunset = NULL
WHERE model = 'gpt-4-turbo' AND sunset = '2026-10-23';

SELECT public.routecomp_assert('CONFLICT: models gpt-4.1 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'gpt-4.1' AND sunset = '2027-01-14' AND successor = 'gpt-6-luna'));

UPDATE public.models SET sunset = NULL, successor = NULL
WHERE model = 'gpt-4.1' AND sunset = '2027-01-14' AND successor = 'gpt-6-luna';

SELECT public.routecomp_assert('CONFLICT: models gpt-4.1-mini is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'gpt-4.1-mini' AND sunset = '2027-01-14' AND successor = 'gpt-6-luna'));

UPDATE public.models SET sunset = NULL, successor = NULL
WHERE model = 'gpt-4.1-mini' AND sunset = '2027-01-14' AND successor = 'gpt-6-luna';

SELECT public.routecomp_assert('CONFLICT: models gpt-4o-2024-08-06 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'gpt-4o-2024-08-06' AND sunset = '2027-01-14' AND successor = 'gpt-6-luna'));

UPDATE public.models SET sunset = NULL, successor = NULL
WHERE model = 'gpt-4o-2024-08-06' AND sunset = '2027-01-14' AND successor = 'gpt-6-luna';

SELECT public.routecomp_assert('CONFLICT: models gpt-4o-mini is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'gpt-4o-mini' AND sunset = '2027-01-14' AND successor = 'gpt-6-luna'));

UPDATE public.models SET sunset = NULL, successor = NULL
WHERE model = 'gpt-4o-mini' AND sunset = '2027-01-14' AND successor = 'gpt-6-luna';

SELECT public.routecomp_assert('CONFLICT: models gpt-5 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'gpt-5' AND sunset = '2026-12-11' AND successor = 'gpt-6.1-sol'));

UPDATE public.models SET sunset = NULL, successor = NULL
WHERE model = 'gpt-5' AND sunset = '2026-12-11' AND successor = 'gpt-6.1-sol';

SELECT public.routecomp_assert('CONFLICT: models llama-3.1-8b-cerebras is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'llama-3.1-8b-cerebras' AND provider_model_name = 'llama3.1-8b' AND sunset = '2026-05-27' AND successor = 'gpt-oss-120b-cerebras' AND active = FALSE));

UPDATE public.models SET provider_model_name = 'llama-3.1-8b', sunset = NULL, successor = NULL, active = TRUE
WHERE model = 'llama-3.1-8b-cerebras' AND provider_model_name = 'llama3.1-8b' AND sunset = '2026-05-27' AND successor = 'gpt-oss-120b-cerebras' AND active = FALSE;

SELECT public.routecomp_assert('CONFLICT: models llama-3.3-70b-bedrock-us is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'llama-3.3-70b-bedrock-us' AND sunset = '2027-03-30'));

UPDATE public.models SET sunset = NULL
WHERE model = 'llama-3.3-70b-bedrock-us' AND sunset = '2027-03-30';

SELECT public.routecomp_assert('CONFLICT: models llama-3.3-70b-scaleway is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'llama-3.3-70b-scaleway' AND provider_model_name = 'llama-3.3-70b-instruct'));

UPDATE public.models SET provider_model_name = 'meta/llama-3.3-70b-instruct'
WHERE model = 'llama-3.3-70b-scaleway' AND provider_model_name = 'llama-3.3-70b-instruct';

SELECT public.routecomp_assert('CONFLICT: models llama-3.3-70b-together is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'llama-3.3-70b-together' AND sunset = '2026-10-22'));

UPDATE public.models SET sunset = NULL
WHERE model = 'llama-3.3-70b-together' AND sunset = '2026-10-22';

SELECT public.routecomp_assert('CONFLICT: models llama-4-maverick-bedrock-us is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'llama-4-maverick-bedrock-us' AND sunset = '2027-03-30'));

UPDATE public.models SET sunset = NULL
WHERE model = 'llama-4-maverick-bedrock-us' AND sunset = '2027-03-30';

SELECT public.routecomp_assert('CONFLICT: models llama-4-scout-bedrock-us is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'llama-4-scout-bedrock-us' AND sunset = '2027-03-30'));

UPDATE public.models SET sunset = NULL
WHERE model = 'llama-4-scout-bedrock-us' AND sunset = '2027-03-30';

SELECT public.routecomp_assert('CONFLICT: models mistral-small-3.2-scaleway is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'mistral-small-3.2-scaleway' AND provider_model_name = 'mistral-small-3.2-24b-instruct-2506'));

UPDATE public.models SET provider_model_name = 'mistralai/mistral-small-3.2-24b-instruct-2506'
WHERE model = 'mistral-small-3.2-scaleway' AND provider_model_name = 'mistral-small-3.2-24b-instruct-2506';

SELECT public.routecomp_assert('CONFLICT: models nemotron-ultra-253b-nebius is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'nemotron-ultra-253b-nebius' AND provider_model_name = 'nvidia/Llama-3_1-Nemotron-Ultra-253B-v1' AND context_window = 131072));

UPDATE public.models SET provider_model_name = 'nvidia/Llama-3.1-Nemotron-Ultra-253B-v1', context_window = 128000
WHERE model = 'nemotron-ultra-253b-nebius' AND provider_model_name = 'nvidia/Llama-3_1-Nemotron-Ultra-253B-v1' AND context_window = 131072;

SELECT public.routecomp_assert('CONFLICT: models o3 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'o3' AND sunset = '2026-12-11' AND successor = 'gpt-6.1-sol'));

UPDATE public.models SET sunset = NULL, successor = NULL
WHERE model = 'o3' AND sunset = '2026-12-11' AND successor = 'gpt-6.1-sol';

SELECT public.routecomp_assert('CONFLICT: models qwen3-235b-scaleway is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'qwen3-235b-scaleway' AND provider_model_name = 'qwen3-235b-a22b-instruct-2507'));

UPDATE public.models SET provider_model_name = 'qwen/qwen3-235b-a22b-instruct-2507'
WHERE model = 'qwen3-235b-scaleway' AND provider_model_name = 'qwen3-235b-a22b-instruct-2507';

SELECT public.routecomp_assert('CONFLICT: models qwen3-coder-bedrock-us is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'qwen3-coder-bedrock-us' AND sunset = '2027-03-30'));

UPDATE public.models SET sunset = NULL
WHERE model = 'qwen3-coder-bedrock-us' AND sunset = '2027-03-30';

INSERT INTO public.model_capabilities (model, capability) VALUES
  ('deepseek-r1-0528-fireworks', 'json-schema'),
  ('deepseek-r1-0528-fireworks', 'streaming'),
  ('deepseek-v3.2', 'prompt-caching'),
  ('deepseek-v3.2', 'reasoning'),
  ('deepseek-v3.2', 'streaming'),
  ('deepseek-v3.2', 'tools'),
  ('deepseek-v3.2-fireworks', 'json-schema'),
  ('deepseek-v3.2-fireworks', 'reasoning'),
  ('deepseek-v3.2-fireworks', 'streaming'),
  ('deepseek-v3.2-fireworks', 'tools'),
  ('glm-4.5-air-fireworks', 'json-schema'),
  ('glm-4.5-air-fireworks', 'reasoning'),
  ('glm-4.5-air-fireworks', 'streaming'),
  ('glm-4.5-air-fireworks', 'tools'),
  ('glm-4.5-fireworks', 'json-schema'),
  ('glm-4.5-fireworks', 'reasoning'),
  ('glm-4.5-fireworks', 'streaming'),
  ('glm-4.5-fireworks', 'tools'),
  ('kimi-k2-fireworks', 'json-schema'),
  ('kimi-k2-fireworks', 'streaming'),
  ('kimi-k2-fireworks', 'tools'),
  ('nemotron-ultra-253b-nebius', 'tools');

INSERT INTO public.feature_models (feature, model, status, position, sample_bp, max_daily_cents) VALUES
  ('agent-tools', 'kimi-k2-fireworks', 'shadow', 3, NULL, NULL),
  ('attachment-description', 'gpt-4o-mini', 'shadow', 2, NULL, NULL),
  ('document-extraction', 'gemini-2.5-flash', 'shadow', 1, 300, 800),
  ('quality-review', 'gemini-2.5-pro', 'shadow', 2, NULL, NULL),
  ('workflow-builder', 'glm-4.5-fireworks', 'shadow', 2, 400, 400);

SELECT public.routecomp_assert('CONFLICT: feature_models contract-review gemini-2.5-pro is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'contract-review' AND model = 'gemini-2.5-pro' AND status = 'retired' AND position = 2 AND sample_bp IS NULL AND max_daily_cents IS NULL));

UPDATE public.feature_models SET status = 'shadow', position = 1, sample_bp = 1000, max_daily_cents = 3000
WHERE feature = 'contract-review' AND model = 'gemini-2.5-pro' AND status = 'retired' AND position = 2 AND sample_bp IS NULL AND max_daily_cents IS NULL;

SELECT public.routecomp_assert('CONFLICT: feature_models contract-review gemini-3.1-pro-preview is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'contract-review' AND model = 'gemini-3.1-pro-preview' AND position = 1 AND sample_bp = 1000 AND max_daily_cents = 3000));

UPDATE public.feature_models SET position = 2, sample_bp = NULL, max_daily_cents = NULL
WHERE feature = 'contract-review' AND model = 'gemini-3.1-pro-preview' AND position = 1 AND sample_bp = 1000 AND max_daily_cents = 3000;

SELECT public.routecomp_assert('CONFLICT: feature_models translation gemini-2.5-flash is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'translation' AND model = 'gemini-2.5-flash' AND status = 'shadow' AND position = 1 AND sample_bp = 200 AND max_daily_cents = 600));

UPDATE public.feature_models SET status = 'primary', position = 0, sample_bp = NULL, max_daily_cents = NULL
WHERE feature = 'translation' AND model = 'gemini-2.5-flash' AND status = 'shadow' AND position = 1 AND sample_bp = 200 AND max_daily_cents = 600;

SELECT public.routecomp_assert('CONFLICT: feature_models translation gpt-4.1-mini is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'translation' AND model = 'gpt-4.1-mini' AND status = 'retired' AND position = 3));

UPDATE public.feature_models SET status = 'shadow', position = 2
WHERE feature = 'translation' AND model = 'gpt-4.1-mini' AND status = 'retired' AND position = 3;

SELECT public.routecomp_assert('CONFLICT: feature_models translation nova-pro-bedrock-eu is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'translation' AND model = 'nova-pro-bedrock-eu' AND position = 4));

UPDATE public.feature_models SET position = 3
WHERE feature = 'translation' AND model = 'nova-pro-bedrock-eu' AND position = 4;

SELECT public.routecomp_assert('CONFLICT: feature_models weekly-insights nemotron-ultra-253b-nebius is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'weekly-insights' AND model = 'nemotron-ultra-253b-nebius' AND position = 3));

UPDATE public.feature_models SET position = 2
WHERE feature = 'weekly-insights' AND model = 'nemotron-ultra-253b-nebius' AND position = 3;

INSERT INTO public.feature_fallbacks (feature, position, model) VALUES
  ('agent-tools', 0, 'gpt-5'),
  ('attachment-description', 2, 'gpt-4o-mini'),
  ('code-assistant', 2, 'o3'),
  ('document-extraction', 0, 'gpt-4.1'),
  ('kb-answer', 1, 'gpt-4.1'),
  ('quality-review', 1, 'gpt-5'),
  ('support-chat', 0, 'gpt-4.1'),
  ('translation', 0, 'qwen3-235b-scaleway'),
  ('translation', 1, 'gpt-4.1-mini'),
  ('weekly-insights', 0, 'deepseek-v3.2-fireworks');

INSERT INTO public.tenant_banned_models (tenant, model) VALUES
  ('kanzlei-brandt', 'kimi-k2-fireworks');

SELECT public.routecomp_assert('CONFLICT: models deepseek-flash is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'deepseek-flash' AND provider = 'deepseek' AND provider_model_name = 'deepseek-flash' AND logical_slug IS NULL AND quality_bp = 8510 AND input_pusd = 300000 AND output_pusd = 1200000 AND output_ratio_bp = 5000 AND latency_ms = 4160 AND context_window = 1000000 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 5500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL));

DELETE FROM public.models
WHERE model = 'deepseek-flash' AND provider = 'deepseek' AND provider_model_name = 'deepseek-flash' AND logical_slug IS NULL AND quality_bp = 8510 AND input_pusd = 300000 AND output_pusd = 1200000 AND output_ratio_bp = 5000 AND latency_ms = 4160 AND context_window = 1000000 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 5500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL;

SELECT public.routecomp_assert('CONFLICT: models deepseek-v3.2-bedrock-stockholm is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'deepseek-v3.2-bedrock-stockholm' AND provider = 'bedrock-stockholm' AND provider_model_name = 'deepseek.v3.2' AND logical_slug = 'any-deepseek-v3.2' AND quality_bp = 8510 AND input_pusd = 740000 AND output_pusd = 2220000 AND output_ratio_bp = 5000 AND latency_ms = 4160 AND context_window = 163840 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 9700 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL));

DELETE FROM public.models
WHERE model = 'deepseek-v3.2-bedrock-stockholm' AND provider = 'bedrock-stockholm' AND provider_model_name = 'deepseek.v3.2' AND logical_slug = 'any-deepseek-v3.2' AND quality_bp = 8510 AND input_pusd = 740000 AND output_pusd = 2220000 AND output_ratio_bp = 5000 AND latency_ms = 4160 AND context_window = 163840 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 9700 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL;

SELECT public.routecomp_assert('CONFLICT: models deepseek-v4.1-flash-fireworks is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'deepseek-v4.1-flash-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/deepseek-v4p1-flash' AND logical_slug IS NULL AND quality_bp = 8510 AND input_pusd = 300000 AND output_pusd = 1200000 AND output_ratio_bp = 5000 AND latency_ms = 4160 AND context_window = 1048576 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL));

DELETE FROM public.models
WHERE model = 'deepseek-v4.1-flash-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/deepseek-v4p1-flash' AND logical_slug IS NULL AND quality_bp = 8510 AND input_pusd = 300000 AND output_pusd = 1200000 AND output_ratio_bp = 5000 AND latency_ms = 4160 AND context_window = 1048576 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL;

SELECT public.routecomp_assert('CONFLICT: models gemini-3.5-flash-lite is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'gemini-3.5-flash-lite' AND provider = 'google' AND provider_model_name = 'gemini-3.5-flash-lite' AND logical_slug IS NULL AND quality_bp = 7988 AND input_pusd = 300000 AND output_pusd = 2500000 AND output_ratio_bp = 7372 AND latency_ms = 2156 AND context_window = 1048576 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 9000 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL));

DELETE FROM public.models
WHERE model = 'gemini-3.5-flash-lite' AND provider = 'google' AND provider_model_name = 'gemini-3.5-flash-lite' AND logical_slug IS NULL AND quality_bp = 7988 AND input_pusd = 300000 AND output_pusd = 2500000 AND output_ratio_bp = 7372 AND latency_ms = 2156 AND context_window = 1048576 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 9000 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL;

SELECT public.routecomp_assert('CONFLICT: models glm-5.3-fireworks is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'glm-5.3-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/glm-5p3' AND logical_slug IS NULL AND quality_bp = 8680 AND input_pusd = 1400000 AND output_pusd = 4400000 AND output_ratio_bp = 5000 AND latency_ms = 5878 AND context_window = 1048576 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL));

DELETE FROM public.models
WHERE model = 'glm-5.3-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/glm-5p3' AND logical_slug IS NULL AND quality_bp = 8680 AND input_pusd = 1400000 AND output_pusd = 4400000 AND output_ratio_bp = 5000 AND latency_ms = 5878 AND context_window = 1048576 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL;

SELECT public.routecomp_assert('CONFLICT: models glm-5.3-flash-fireworks is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'glm-5.3-flash-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/glm-5p3-flash' AND logical_slug IS NULL AND quality_bp = 7860 AND input_pusd = 150000 AND output_pusd = 500000 AND output_ratio_bp = 5000 AND latency_ms = 5878 AND context_window = 1048576 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL));

DELETE FROM public.models
WHERE model = 'glm-5.3-flash-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/glm-5p3-flash' AND logical_slug IS NULL AND quality_bp = 7860 AND input_pusd = 150000 AND output_pusd = 500000 AND output_ratio_bp = 5000 AND latency_ms = 5878 AND context_window = 1048576 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL;

SELECT public.routecomp_assert('CONFLICT: models kimi-k3-fireworks is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'kimi-k3-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/kimi-k3' AND logical_slug IS NULL AND quality_bp = 7778 AND input_pusd = 3000000 AND output_pusd = 15000000 AND output_ratio_bp = 5000 AND latency_ms = 2704 AND context_window = 1048576 AND min_output_tokens = 512 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL));

DELETE FROM public.models
WHERE model = 'kimi-k3-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/kimi-k3' AND logical_slug IS NULL AND quality_bp = 7778 AND input_pusd = 3000000 AND output_pusd = 15000000 AND output_ratio_bp = 5000 AND latency_ms = 2704 AND context_window = 1048576 AND min_output_tokens = 512 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = TRUE AND listed = TRUE AND description IS NULL AND owner IS NULL;

SELECT public.routecomp_assert('CONFLICT: providers bedrock-stockholm is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'bedrock-stockholm' AND adapter = 'bedrock' AND base_url = 'https://bedrock-runtime.eu-north-1.amazonaws.com' AND chat_path = '/model' AND api_key_env = 'AWS_BEARER_TOKEN_BEDROCK_EU' AND stack = 'eu' AND description = 'The adapter appends /<provider_model_name>/converse and signs the request.' AND owner IS NULL));

DELETE FROM public.providers
WHERE provider = 'bedrock-stockholm' AND adapter = 'bedrock' AND base_url = 'https://bedrock-runtime.eu-north-1.amazonaws.com' AND chat_path = '/model' AND api_key_env = 'AWS_BEARER_TOKEN_BEDROCK_EU' AND stack = 'eu' AND description = 'The adapter appends /<provider_model_name>/converse and signs the request.' AND owner IS NULL;

INSERT INTO public.model_promotions (feature, from_model, to_model, kind, migration) VALUES
  ('translation', 'qwen3-235b-scaleway', 'gemini-2.5-flash', 'rollback', '0013_feature-agent-tools_and_51_more_04b5d61e');

SELECT public.routecomp_assert('feature translation does not end with gemini-2.5-flash as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'translation' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'translation' AND status = 'primary') = 'gemini-2.5-flash');

COMMIT;
