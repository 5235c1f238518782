-- Migration 0013: 141 rows change, 1 of them a change of primary.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature translation is already on ' || coalesce((SELECT model FROM feature_models WHERE feature = 'translation' AND status = 'primary'), 'nothing'), 0
WHERE ((SELECT model FROM feature_models WHERE feature = 'translation' AND status = 'primary') = 'gemini-2.5-flash') IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model qwen3-235b-scaleway is no shadow of feature translation any more', 0
WHERE (EXISTS (SELECT 1 FROM feature_models WHERE feature = 'translation' AND model = 'qwen3-235b-scaleway' AND status = 'shadow')) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: tenant_banned_models kanzlei-brandt kimi-k2-fireworks is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM tenant_banned_models WHERE tenant = 'kanzlei-brandt' AND model = 'kimi-k2-fireworks')) IS NOT TRUE;

DELETE FROM tenant_banned_models
WHERE tenant = 'kanzlei-brandt' AND model = 'kimi-k2-fireworks';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_fallbacks agent-tools 0 is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_fallbacks WHERE feature = 'agent-tools' AND position = 0 AND model = 'gpt-5')) IS NOT TRUE;

DELETE FROM feature_fallbacks
WHERE feature = 'agent-tools' AND position = 0 AND model = 'gpt-5';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_fallbacks attachment-description 2 is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_fallbacks WHERE feature = 'attachment-description' AND position = 2 AND model = 'gpt-4o-mini')) IS NOT TRUE;

DELETE FROM feature_fallbacks
WHERE feature = 'attachment-description' AND position = 2 AND model = 'gpt-4o-mini';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_fallbacks code-assistant 2 is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_fallbacks WHERE feature = 'code-assistant' AND position = 2 AND model = 'o3')) IS NOT TRUE;

DELETE FROM feature_fallbacks
WHERE feature = 'code-assistant' AND position = 2 AND model = 'o3';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_fallbacks document-extraction 0 is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_fallbacks WHERE feature = 'document-extraction' AND position = 0 AND model = 'gpt-4.1')) IS NOT TRUE;

DELETE FROM feature_fallbacks
WHERE feature = 'document-extraction' AND position = 0 AND model = 'gpt-4.1';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_fallbacks kb-answer 1 is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_fallbacks WHERE feature = 'kb-answer' AND position = 1 AND model = 'gpt-4.1')) IS NOT TRUE;

DELETE FROM feature_fallbacks
WHERE feature = 'kb-answer' AND position = 1 AND model = 'gpt-4.1';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_fallbacks quality-review 1 is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_fallbacks WHERE feature = 'quality-review' AND position = 1 AND model = 'gpt-5')) IS NOT TRUE;

DELETE FROM feature_fallbacks
WHERE feature = 'quality-review' AND position = 1 AND model = 'gpt-5';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_fallbacks support-chat 0 is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_fallbacks WHERE feature = 'support-chat' AND position = 0 AND model = 'gpt-4.1')) IS NOT TRUE;

DELETE FROM feature_fallbacks
WHERE feature = 'support-chat' AND position = 0 AND model = 'gpt-4.1';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_fallbacks translation 0 is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_fallbacks WHERE feature = 'translation' AND position = 0 AND model = 'qwen3-235b-scaleway')) IS NOT TRUE;

DELETE FROM feature_fallbacks
WHERE feature = 'translation' AND position = 0 AND model = 'qwen3-235b-scaleway';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_fallbacks translation 1 is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_fallbacks WHERE feature = 'translation' AND position = 1 AND model = 'gpt-4.1-mini')) IS NOT TRUE;

DELETE FROM feature_fallbacks
WHERE feature = 'translation' AND position = 1 AND model = 'gpt-4.1-mini';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_fallbacks weekly-insights 0 is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_fallbacks WHERE feature = 'weekly-insights' AND position = 0 AND model = 'deepseek-v3.2-fireworks')) IS NOT TRUE;

DELETE FROM feature_fallbacks
WHERE feature = 'weekly-insights' AND position = 0 AND model = 'deepseek-v3.2-fireworks';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_models agent-tools kimi-k2-fireworks is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_models WHERE feature = 'agent-tools' AND model = 'kimi-k2-fireworks' AND status = 'shadow' AND position = 3 AND sample_bp IS NULL AND max_daily_cents IS NULL)) IS NOT TRUE;

DELETE FROM feature_models
WHERE feature = 'agent-tools' AND model = 'kimi-k2-fireworks' AND status = 'shadow' AND position = 3 AND sample_bp IS NULL AND max_daily_cents IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_models attachment-description gpt-4o-mini is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_models WHERE feature = 'attachment-description' AND model = 'gpt-4o-mini' AND status = 'shadow' AND position = 2 AND sample_bp IS NULL AND max_daily_cents IS NULL)) IS NOT TRUE;

DELETE FROM feature_models
WHERE feature = 'attachment-description' AND model = 'gpt-4o-mini' AND status = 'shadow' AND position = 2 AND sample_bp IS NULL AND max_daily_cents IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_models document-extraction gemini-2.5-flash is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_models WHERE feature = 'document-extraction' AND model = 'gemini-2.5-flash' AND status = 'shadow' AND position = 1 AND sample_bp = 300 AND max_daily_cents = 800)) IS NOT TRUE;

DELETE FROM feature_models
WHERE feature = 'document-extraction' AND model = 'gemini-2.5-flash' AND status = 'shadow' AND position = 1 AND sample_bp = 300 AND max_daily_cents = 800;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_models quality-review gemini-2.5-pro is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_models WHERE feature = 'quality-review' AND model = 'gemini-2.5-pro' AND status = 'shadow' AND position = 2 AND sample_bp IS NULL AND max_daily_cents IS NULL)) IS NOT TRUE;

DELETE FROM feature_models
WHERE feature = 'quality-review' AND model = 'gemini-2.5-pro' AND status = 'shadow' AND position = 2 AND sample_bp IS NULL AND max_daily_cents IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_models workflow-builder glm-4.5-fireworks is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_models WHERE feature = 'workflow-builder' AND model = 'glm-4.5-fireworks' AND status = 'shadow' AND position = 2 AND sample_bp = 400 AND max_daily_cents = 400)) IS NOT TRUE;

DELETE FROM feature_models
WHERE feature = 'workflow-builder' AND model = 'glm-4.5-fireworks' AND status = 'shadow' AND position = 2 AND sample_bp = 400 AND max_daily_cents = 400;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_capabilities deepseek-r1-0528-fireworks json-schema is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_capabilities WHERE model = 'deepseek-r1-0528-fireworks' AND capability = 'json-schema')) IS NOT TRUE;

DELETE FROM model_capabilities
WHERE model = 'deepseek-r1-0528-fireworks' AND capability = 'json-schema';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_capabilities deepseek-r1-0528-fireworks streaming is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_capabilities WHERE model = 'deepseek-r1-0528-fireworks' AND capability = 'streaming')) IS NOT TRUE;

DELETE FROM model_capabilities
WHERE model = 'deepseek-r1-0528-fireworks' AND capability = 'streaming';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_capabilities deepseek-v3.2 prompt-caching is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_capabilities WHERE model = 'deepseek-v3.2' AND capability = 'prompt-caching')) IS NOT TRUE;

DELETE FROM model_capabilities
WHERE model = 'deepseek-v3.2' AND capability = 'prompt-caching';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_capabilities deepseek-v3.2 reasoning is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_capabilities WHERE model = 'deepseek-v3.2' AND capability = 'reasoning')) IS NOT TRUE;

DELETE FROM model_capabilities
WHERE model = 'deepseek-v3.2' AND capability = 'reasoning';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_capabilities deepseek-v3.2 streaming is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_capabilities WHERE model = 'deepseek-v3.2' AND capability = 'streaming')) IS NOT TRUE;

DELETE FROM model_capabilities
WHERE model = 'deepseek-v3.2' AND capability = 'streaming';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_capabilities deepseek-v3.2 tools is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_capabilities WHERE model = 'deepseek-v3.2' AND capability = 'tools')) IS NOT TRUE;

DELETE FROM model_capabilities
WHERE model = 'deepseek-v3.2' AND capability = 'tools';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_capabilities deepseek-v3.2-fireworks json-schema is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_capabilities WHERE model = 'deepseek-v3.2-fireworks' AND capability = 'json-schema')) IS NOT TRUE;

DELETE FROM model_capabilities
WHERE model = 'deepseek-v3.2-fireworks' AND capability = 'json-schema';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_capabilities deepseek-v3.2-fireworks reasoning is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_capabilities WHERE model = 'deepseek-v3.2-fireworks' AND capability = 'reasoning')) IS NOT TRUE;

DELETE FROM model_capabilities
WHERE model = 'deepseek-v3.2-fireworks' AND capability = 'reasoning';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_capabilities deepseek-v3.2-fireworks streaming is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_capabilities WHERE model = 'deepseek-v3.2-fireworks' AND capability = 'streaming')) IS NOT TRUE;

DELETE FROM model_capabilities
WHERE model = 'deepseek-v3.2-fireworks' AND capability = 'streaming';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_capabilities deepseek-v3.2-fireworks tools is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_capabilities WHERE model = 'deepseek-v3.2-fireworks' AND capability = 'tools')) IS NOT TRUE;

DELETE FROM model_capabilities
WHERE model = 'deepseek-v3.2-fireworks' AND capability = 'tools';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_capabilities glm-4.5-air-fireworks json-schema is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_capabilities WHERE model = 'glm-4.5-air-fireworks' AND capability = 'json-schema')) IS NOT TRUE;

DELETE FROM model_capabilities
WHERE model = 'glm-4.5-air-fireworks' AND capability = 'json-schema';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_capabilities glm-4.5-air-fireworks reasoning is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_capabilities WHERE model = 'glm-4.5-air-fireworks' AND capability = 'reasoning')) IS NOT TRUE;

DELETE FROM model_capabilities
WHERE model = 'glm-4.5-air-fireworks' AND capability = 'reasoning';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_capabilities glm-4.5-air-fireworks streaming is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_capabilities WHERE model = 'glm-4.5-air-fireworks' AND capability = 'streaming')) IS NOT TRUE;

DELETE FROM model_capabilities
WHERE model = 'glm-4.5-air-fireworks' AND capability = 'streaming';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_capabilities glm-4.5-air-fireworks tools is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_capabilities WHERE model = 'glm-4.5-air-fireworks' AND capability = 'tools')) IS NOT TRUE;

DELETE FROM model_capabilities
WHERE model = 'glm-4.5-air-fireworks' AND capability = 'tools';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_capabilities glm-4.5-fireworks json-schema is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_capabilities WHERE model = 'glm-4.5-fireworks' AND capability = 'json-schema')) IS NOT TRUE;

DELETE FROM model_capabilities
WHERE model = 'glm-4.5-fireworks' AND capability = 'json-schema';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_capabilities glm-4.5-fireworks reasoning is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_capabilities WHERE model = 'glm-4.5-fireworks' AND capability = 'reasoning')) IS NOT TRUE;

DELETE FROM model_capabilities
WHERE model = 'glm-4.5-fireworks' AND capability = 'reasoning';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_capabilities glm-4.5-fireworks streaming is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_capabilities WHERE model = 'glm-4.5-fireworks' AND capability = 'streaming')) IS NOT TRUE;

DELETE FROM model_capabilities
WHERE model = 'glm-4.5-fireworks' AND capability = 'streaming';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_capabilities glm-4.5-fireworks tools is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_capabilities WHERE model = 'glm-4.5-fireworks' AND capability = 'tools')) IS NOT TRUE;

DELETE FROM model_capabilities
WHERE model = 'glm-4.5-fireworks' AND capability = 'tools';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_capabilities kimi-k2-fireworks json-schema is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_capabilities WHERE model = 'kimi-k2-fireworks' AND capability = 'json-schema')) IS NOT TRUE;

DELETE FROM model_capabilities
WHERE model = 'kimi-k2-fireworks' AND capability = 'json-schema';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_capabilities kimi-k2-fireworks streaming is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_capabilities WHERE model = 'kimi-k2-fireworks' AND capability = 'streaming')) IS NOT TRUE;

DELETE FROM model_capabilities
WHERE model = 'kimi-k2-fireworks' AND capability = 'streaming';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_capabilities kimi-k2-fireworks tools is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_capabilities WHERE model = 'kimi-k2-fireworks' AND capability = 'tools')) IS NOT TRUE;

DELETE FROM model_capabilities
WHERE model = 'kimi-k2-fireworks' AND capability = 'tools';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_capabilities nemotron-ultra-253b-nebius tools is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_capabilities WHERE model = 'nemotron-ultra-253b-nebius' AND capability = 'tools')) IS NOT TRUE;

DELETE FROM model_capabilities
WHERE model = 'nemotron-ultra-253b-nebius' AND capability = 'tools';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_models translation gemini-2.5-flash is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_models WHERE feature = 'translation' AND model = 'gemini-2.5-flash' AND status = 'primary' AND position = 0 AND sample_bp IS NULL AND max_daily_cents IS NULL)) IS NOT TRUE;

UPDATE feature_models SET status = 'shadow', position = 1, sample_bp = 200, max_daily_cents = 600
WHERE feature = 'translation' AND model = 'gemini-2.5-flash' AND status = 'primary' AND position = 0 AND sample_bp IS NULL AND max_daily_cents IS NULL;

INSERT INTO providers (provider, adapter, base_url, chat_path, api_key_env, stack, description, owner) VALUES
  ('bedrock-stockholm', 'bedrock', 'https://bedrock-runtime.eu-north-1.amazonaws.com', '/model', 'AWS_BEARER_TOKEN_BEDROCK_EU', 'eu', 'The adapter appends /<provider_model_name>/converse and signs the request.', NULL);

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers nebius is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'nebius' AND base_url = 'https://api.studio.nebius.com')) IS NOT TRUE;

UPDATE providers SET base_url = 'https://api.tokenfactory.nebius.com'
WHERE provider = 'nebius' AND base_url = 'https://api.studio.nebius.com';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers together is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'together' AND base_url = 'https://api.together.xyz')) IS NOT TRUE;

UPDATE providers SET base_url = 'https://api.together.ai'
WHERE provider = 'together' AND base_url = 'https://api.together.xyz';

INSERT INTO models (model, provider, provider_model_name, logical_slug, quality_bp, input_pusd, output_pusd, output_ratio_bp, latency_ms, context_window, min_output_tokens, max_output_tokens, compliance_bp, share_bp, sunset, successor, active, listed, description, owner) VALUES
  ('deepseek-flash', 'deepseek', 'deepseek-flash', NULL, 8510, 300000, 1200000, 5000, 4160, 1000000, 0, NULL, 5500, NULL, NULL, NULL, 1, 1, NULL, NULL),
  ('deepseek-v3.2-bedrock-stockholm', 'bedrock-stockholm', 'deepseek.v3.2', 'any-deepseek-v3.2', 8510, 740000, 2220000, 5000, 4160, 163840, 0, NULL, 9700, NULL, NULL, NULL, 1, 1, NULL, NULL),
  ('deepseek-v4.1-flash-fireworks', 'fireworks', 'accounts/fireworks/models/deepseek-v4p1-flash', NULL, 8510, 300000, 1200000, 5000, 4160, 1048576, 0, NULL, 8500, NULL, NULL, NULL, 1, 1, NULL, NULL),
  ('gemini-3.5-flash-lite', 'google', 'gemini-3.5-flash-lite', NULL, 7988, 300000, 2500000, 7372, 2156, 1048576, 0, NULL, 9000, NULL, NULL, NULL, 1, 1, NULL, NULL),
  ('glm-5.3-fireworks', 'fireworks', 'accounts/fireworks/models/glm-5p3', NULL, 8680, 1400000, 4400000, 5000, 5878, 1048576, 0, NULL, 8500, NULL, NULL, NULL, 1, 1, NULL, NULL),
  ('glm-5.3-flash-fireworks', 'fireworks', 'accounts/fireworks/models/glm-5p3-flash', NULL, 7860, 150000, 500000, 5000, 5878, 1048576, 0, NULL, 8500, NULL, NULL, NULL, 1, 1, NULL, NULL),
  ('kimi-k3-fireworks', 'fireworks', 'accounts/fireworks/models/kimi-k3', NULL, 7778, 3000000, 15000000, 5000, 2704, 1048576, 512, NULL, 8500, NULL, NULL, NULL, 1, 1, NULL, NULL);

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models claude-3-5-haiku-bedrock-eu is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'claude-3-5-haiku-bedrock-eu' AND sunset IS NULL AND successor IS NULL AND active = 1)) IS NOT TRUE;

UPDATE models SET sunset = '2026-06-19', successor = 'claude-haiku-5-5-bedrock-eu', active = 0
WHERE model = 'claude-3-5-haiku-bedrock-eu' AND sunset IS NULL AND successor IS NULL AND active = 1;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models claude-3-7-sonnet-bedrock-eu is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'claude-3-7-sonnet-bedrock-eu' AND sunset IS NULL AND successor IS NULL AND active = 1)) IS NOT TRUE;

UPDATE models SET sunset = '2026-04-28', successor = 'claude-sonnet-5-5-bedrock-eu', active = 0
WHERE model = 'claude-3-7-sonnet-bedrock-eu' AND sunset IS NULL AND successor IS NULL AND active = 1;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models claude-opus-4-bedrock-eu is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'claude-opus-4-bedrock-eu' AND sunset IS NULL AND successor IS NULL AND active = 1)) IS NOT TRUE;

UPDATE models SET sunset = '2026-05-31', successor = 'claude-opus-5-5-bedrock-eu', active = 0
WHERE model = 'claude-opus-4-bedrock-eu' AND sunset IS NULL AND successor IS NULL AND active = 1;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models deepseek-r1-bedrock-us is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'deepseek-r1-bedrock-us' AND sunset IS NULL)) IS NOT TRUE;

UPDATE models SET sunset = '2027-03-30'
WHERE model = 'deepseek-r1-bedrock-us' AND sunset IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models deepseek-v3 is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'deepseek-v3' AND description = 'Superseded by V3.2 at the same host; other hosts keep it.')) IS NOT TRUE;

UPDATE models SET description = 'Superseded at the same host; other hosts keep it.'
WHERE model = 'deepseek-v3' AND description = 'Superseded by V3.2 at the same host; other hosts keep it.';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models gemini-2.5-flash is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'gemini-2.5-flash' AND sunset IS NULL AND successor IS NULL)) IS NOT TRUE;

UPDATE models SET sunset = '2026-12-01', successor = 'gemini-3.5-flash-lite'
WHERE model = 'gemini-2.5-flash' AND sunset IS NULL AND successor IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models gemini-2.5-pro is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'gemini-2.5-pro' AND sunset IS NULL AND successor IS NULL)) IS NOT TRUE;

UPDATE models SET sunset = '2026-12-01', successor = 'gemini-3.8-flash'
WHERE model = 'gemini-2.5-pro' AND sunset IS NULL AND successor IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models gpt-4-turbo is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'gpt-4-turbo' AND sunset IS NULL)) IS NOT TRUE;

UPDATE models SET sunset = '2026-10-23'
WHERE model = 'gpt-4-turbo' AND sunset IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models gpt-4.1 is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'gpt-4.1' AND sunset IS NULL AND successor IS NULL)) IS NOT TRUE;

UPDATE models SET sunset = '2027-01-14', successor = 'gpt-6-luna'
WHERE model = 'gpt-4.1' AND sunset IS NULL AND successor IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models gpt-4.1-mini is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'gpt-4.1-mini' AND sunset IS NULL AND successor IS NULL)) IS NOT TRUE;

UPDATE models SET sunset = '2027-01-14', successor = 'gpt-6-luna'
WHERE model = 'gpt-4.1-mini' AND sunset IS NULL AND successor IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models gpt-4o-2024-08-06 is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'gpt-4o-2024-08-06' AND sunset IS NULL AND successor IS NULL)) IS NOT TRUE;

UPDATE models SET sunset = '2027-01-14', successor = 'gpt-6-luna'
WHERE model = 'gpt-4o-2024-08-06' AND sunset IS NULL AND successor IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models gpt-4o-mini is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'gpt-4o-mini' AND sunset IS NULL AND successor IS NULL)) IS NOT TRUE;

UPDATE models SET sunset = '2027-01-14', successor = 'gpt-6-luna'
WHERE model = 'gpt-4o-mini' AND sunset IS NULL AND successor IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models gpt-5 is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'gpt-5' AND sunset IS NULL AND successor IS NULL)) IS NOT TRUE;

UPDATE models SET sunset = '2026-12-11', successor = 'gpt-6.1-sol'
WHERE model = 'gpt-5' AND sunset IS NULL AND successor IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models llama-3.1-8b-cerebras is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'llama-3.1-8b-cerebras' AND provider_model_name = 'llama-3.1-8b' AND sunset IS NULL AND successor IS NULL AND active = 1)) IS NOT TRUE;

UPDATE models SET provider_model_name = 'llama3.1-8b', sunset = '2026-05-27', successor = 'gpt-oss-120b-cerebras', active = 0
WHERE model = 'llama-3.1-8b-cerebras' AND provider_model_name = 'llama-3.1-8b' AND sunset IS NULL AND successor IS NULL AND active = 1;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models llama-3.3-70b-bedrock-us is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'llama-3.3-70b-bedrock-us' AND sunset IS NULL)) IS NOT TRUE;

UPDATE models SET sunset = '2027-03-30'
WHERE model = 'llama-3.3-70b-bedrock-us' AND sunset IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models llama-3.3-70b-scaleway is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'llama-3.3-70b-scaleway' AND provider_model_name = 'meta/llama-3.3-70b-instruct')) IS NOT TRUE;

UPDATE models SET provider_model_name = 'llama-3.3-70b-instruct'
WHERE model = 'llama-3.3-70b-scaleway' AND provider_model_name = 'meta/llama-3.3-70b-instruct';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models llama-3.3-70b-together is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'llama-3.3-70b-together' AND sunset IS NULL)) IS NOT TRUE;

UPDATE models SET sunset = '2026-10-22'
WHERE model = 'llama-3.3-70b-together' AND sunset IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models llama-4-maverick-bedrock-us is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'llama-4-maverick-bedrock-us' AND sunset IS NULL)) IS NOT TRUE;

UPDATE models SET sunset = '2027-03-30'
WHERE model = 'llama-4-maverick-bedrock-us' AND sunset IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models llama-4-scout-bedrock-us is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'llama-4-scout-bedrock-us' AND sunset IS NULL)) IS NOT TRUE;

UPDATE models SET sunset = '2027-03-30'
WHERE model = 'llama-4-scout-bedrock-us' AND sunset IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models mistral-small-3.2-scaleway is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'mistral-small-3.2-scaleway' AND provider_model_name = 'mistralai/mistral-small-3.2-24b-instruct-2506')) IS NOT TRUE;

UPDATE models SET provider_model_name = 'mistral-small-3.2-24b-instruct-2506'
WHERE model = 'mistral-small-3.2-scaleway' AND provider_model_name = 'mistralai/mistral-small-3.2-24b-instruct-2506';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models nemotron-ultra-253b-nebius is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'nemotron-ultra-253b-nebius' AND provider_model_name = 'nvidia/Llama-3.1-Nemotron-Ultra-253B-v1' AND context_window = 128000)) IS NOT TRUE;

UPDATE models SET provider_model_name = 'nvidia/Llama-3_1-Nemotron-Ultra-253B-v1', context_window = 131072
WHERE model = 'nemotron-ultra-253b-nebius' AND provider_model_name = 'nvidia/Llama-3.1-Nemotron-Ultra-253B-v1' AND context_window = 128000;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models o3 is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'o3' AND sunset IS NULL AND successor IS NULL)) IS NOT TRUE;

UPDATE models SET sunset = '2026-12-11', successor = 'gpt-6.1-sol'
WHERE model = 'o3' AND sunset IS NULL AND successor IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models qwen3-235b-scaleway is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'qwen3-235b-scaleway' AND provider_model_name = 'qwen/qwen3-235b-a22b-instruct-2507')) IS NOT TRUE;

UPDATE models SET provider_model_name = 'qwen3-235b-a22b-instruct-2507'
WHERE model = 'qwen3-235b-scaleway' AND provider_model_name = 'qwen/qwen3-235b-a22b-instruct-2507';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models qwen3-coder-bedrock-us is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'qwen3-coder-bedrock-us' AND sunset IS NULL)) IS NOT TRUE;

UPDATE models SET sunset = '2027-03-30'
WHERE model = 'qwen3-coder-bedrock-us' AND sunset IS NULL;

INSERT INTO model_capabilities (model, capability) VALUES
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

INSERT INTO feature_models (feature, model, status, position, sample_bp, max_daily_cents) VALUES
  ('agent-tools', 'kimi-k3-fireworks', 'shadow', 3, NULL, NULL),
  ('attachment-description', 'gpt-6-luna', 'shadow', 2, NULL, NULL),
  ('document-extraction', 'gemini-3.8-flash', 'shadow', 1, 300, 800),
  ('quality-review', 'gemini-3.1-pro-preview', 'shadow', 2, NULL, NULL),
  ('translation', 'gemini-3.5-flash-lite', 'shadow', 2, NULL, NULL),
  ('weekly-insights', 'deepseek-v3.2-bedrock-stockholm', 'shadow', 2, 2000, 400),
  ('workflow-builder', 'glm-5.3-fireworks', 'shadow', 2, 400, 400);

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_models contract-review gemini-3.1-pro-preview is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_models WHERE feature = 'contract-review' AND model = 'gemini-3.1-pro-preview' AND position = 2 AND sample_bp IS NULL AND max_daily_cents IS NULL)) IS NOT TRUE;

UPDATE feature_models SET position = 1, sample_bp = 1000, max_daily_cents = 3000
WHERE feature = 'contract-review' AND model = 'gemini-3.1-pro-preview' AND position = 2 AND sample_bp IS NULL AND max_daily_cents IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_models contract-review gemini-2.5-pro is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_models WHERE feature = 'contract-review' AND model = 'gemini-2.5-pro' AND status = 'shadow' AND position = 1 AND sample_bp = 1000 AND max_daily_cents = 3000)) IS NOT TRUE;

UPDATE feature_models SET status = 'retired', position = 2, sample_bp = NULL, max_daily_cents = NULL
WHERE feature = 'contract-review' AND model = 'gemini-2.5-pro' AND status = 'shadow' AND position = 1 AND sample_bp = 1000 AND max_daily_cents = 3000;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_models translation qwen3-235b-scaleway is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_models WHERE feature = 'translation' AND model = 'qwen3-235b-scaleway' AND status = 'shadow' AND position = 1 AND sample_bp = 200 AND max_daily_cents = 600)) IS NOT TRUE;

UPDATE feature_models SET status = 'primary', position = 0, sample_bp = NULL, max_daily_cents = NULL
WHERE feature = 'translation' AND model = 'qwen3-235b-scaleway' AND status = 'shadow' AND position = 1 AND sample_bp = 200 AND max_daily_cents = 600;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_models translation gpt-4.1-mini is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_models WHERE feature = 'translation' AND model = 'gpt-4.1-mini' AND status = 'shadow' AND position = 2)) IS NOT TRUE;

UPDATE feature_models SET status = 'retired', position = 3
WHERE feature = 'translation' AND model = 'gpt-4.1-mini' AND status = 'shadow' AND position = 2;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_models translation nova-pro-bedrock-eu is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_models WHERE feature = 'translation' AND model = 'nova-pro-bedrock-eu' AND position = 3)) IS NOT TRUE;

UPDATE feature_models SET position = 4
WHERE feature = 'translation' AND model = 'nova-pro-bedrock-eu' AND position = 3;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_models weekly-insights nemotron-ultra-253b-nebius is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_models WHERE feature = 'weekly-insights' AND model = 'nemotron-ultra-253b-nebius' AND position = 2)) IS NOT TRUE;

UPDATE feature_models SET position = 3
WHERE feature = 'weekly-insights' AND model = 'nemotron-ultra-253b-nebius' AND position = 2;

INSERT INTO feature_fallbacks (feature, position, model) VALUES
  ('agent-tools', 0, 'gpt-6.1-sol'),
  ('attachment-description', 2, 'gpt-6-luna'),
  ('document-extraction', 0, 'gpt-6-luna'),
  ('kb-answer', 1, 'gpt-6-luna'),
  ('quality-review', 1, 'gpt-6.1-sol'),
  ('support-chat', 0, 'gpt-6.1-sol'),
  ('translation', 0, 'gemini-3.5-flash-lite'),
  ('translation', 1, 'gpt-6-luna'),
  ('weekly-insights', 0, 'deepseek-v4.1-flash-fireworks');

INSERT INTO tenant_banned_models (tenant, model) VALUES
  ('kanzlei-brandt', 'deepseek-v4.1-flash-fireworks'),
  ('kanzlei-brandt', 'glm-5.3-fireworks'),
  ('kanzlei-brandt', 'glm-5.3-flash-fireworks'),
  ('kanzlei-brandt', 'kimi-k3-fireworks');

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models deepseek-r1-0528-fireworks is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'deepseek-r1-0528-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/deepseek-r1-0528' AND logical_slug = 'any-deepseek-r1-0528' AND quality_bp = 8555 AND input_pusd = 3000000 AND output_pusd = 8000000 AND output_ratio_bp = 6967 AND latency_ms = 28664 AND context_window = 163840 AND min_output_tokens = 1024 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = 1 AND listed = 1 AND description IS NULL AND owner IS NULL)) IS NOT TRUE;

DELETE FROM models
WHERE model = 'deepseek-r1-0528-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/deepseek-r1-0528' AND logical_slug = 'any-deepseek-r1-0528' AND quality_bp = 8555 AND input_pusd = 3000000 AND output_pusd = 8000000 AND output_ratio_bp = 6967 AND latency_ms = 28664 AND context_window = 163840 AND min_output_tokens = 1024 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = 1 AND listed = 1 AND description IS NULL AND owner IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models deepseek-v3.2 is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'deepseek-v3.2' AND provider = 'deepseek' AND provider_model_name = 'deepseek-v3.2' AND logical_slug = 'any-deepseek-v3.2' AND quality_bp = 8510 AND input_pusd = 280000 AND output_pusd = 400000 AND output_ratio_bp = 5000 AND latency_ms = 4160 AND context_window = 163840 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 5500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = 1 AND listed = 1 AND description IS NULL AND owner IS NULL)) IS NOT TRUE;

DELETE FROM models
WHERE model = 'deepseek-v3.2' AND provider = 'deepseek' AND provider_model_name = 'deepseek-v3.2' AND logical_slug = 'any-deepseek-v3.2' AND quality_bp = 8510 AND input_pusd = 280000 AND output_pusd = 400000 AND output_ratio_bp = 5000 AND latency_ms = 4160 AND context_window = 163840 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 5500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = 1 AND listed = 1 AND description IS NULL AND owner IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models deepseek-v3.2-fireworks is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'deepseek-v3.2-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/deepseek-v3p2' AND logical_slug = 'any-deepseek-v3.2' AND quality_bp = 8510 AND input_pusd = 560000 AND output_pusd = 1680000 AND output_ratio_bp = 5000 AND latency_ms = 4160 AND context_window = 163840 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = 1 AND listed = 1 AND description IS NULL AND owner IS NULL)) IS NOT TRUE;

DELETE FROM models
WHERE model = 'deepseek-v3.2-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/deepseek-v3p2' AND logical_slug = 'any-deepseek-v3.2' AND quality_bp = 8510 AND input_pusd = 560000 AND output_pusd = 1680000 AND output_ratio_bp = 5000 AND latency_ms = 4160 AND context_window = 163840 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = 1 AND listed = 1 AND description IS NULL AND owner IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models glm-4.5-air-fireworks is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'glm-4.5-air-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/glm-4p5-air' AND logical_slug = 'any-glm-4.5-air' AND quality_bp = 7860 AND input_pusd = 220000 AND output_pusd = 880000 AND output_ratio_bp = 5000 AND latency_ms = 5878 AND context_window = 131072 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = 1 AND listed = 1 AND description IS NULL AND owner IS NULL)) IS NOT TRUE;

DELETE FROM models
WHERE model = 'glm-4.5-air-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/glm-4p5-air' AND logical_slug = 'any-glm-4.5-air' AND quality_bp = 7860 AND input_pusd = 220000 AND output_pusd = 880000 AND output_ratio_bp = 5000 AND latency_ms = 5878 AND context_window = 131072 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = 1 AND listed = 1 AND description IS NULL AND owner IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models glm-4.5-fireworks is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'glm-4.5-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/glm-4p5' AND logical_slug = 'any-glm-4.5' AND quality_bp = 8680 AND input_pusd = 550000 AND output_pusd = 2190000 AND output_ratio_bp = 5000 AND latency_ms = 5878 AND context_window = 131072 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = 1 AND listed = 1 AND description IS NULL AND owner IS NULL)) IS NOT TRUE;

DELETE FROM models
WHERE model = 'glm-4.5-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/glm-4p5' AND logical_slug = 'any-glm-4.5' AND quality_bp = 8680 AND input_pusd = 550000 AND output_pusd = 2190000 AND output_ratio_bp = 5000 AND latency_ms = 5878 AND context_window = 131072 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = 1 AND listed = 1 AND description IS NULL AND owner IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models kimi-k2-fireworks is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'kimi-k2-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/kimi-k2-instruct' AND logical_slug IS NULL AND quality_bp = 7778 AND input_pusd = 600000 AND output_pusd = 2500000 AND output_ratio_bp = 5000 AND latency_ms = 2704 AND context_window = 131072 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = 1 AND listed = 1 AND description IS NULL AND owner IS NULL)) IS NOT TRUE;

DELETE FROM models
WHERE model = 'kimi-k2-fireworks' AND provider = 'fireworks' AND provider_model_name = 'accounts/fireworks/models/kimi-k2-instruct' AND logical_slug IS NULL AND quality_bp = 7778 AND input_pusd = 600000 AND output_pusd = 2500000 AND output_ratio_bp = 5000 AND latency_ms = 2704 AND context_window = 131072 AND min_output_tokens = 0 AND max_output_tokens IS NULL AND compliance_bp = 8500 AND share_bp IS NULL AND sunset IS NULL AND successor IS NULL AND active = 1 AND listed = 1 AND description IS NULL AND owner IS NULL;

INSERT INTO model_promotions (feature, from_model, to_model, kind, migration) VALUES
  ('translation', 'gemini-2.5-flash', 'qwen3-235b-scaleway', 'promotion', '0013_feature-agent-tools_and_51_more_04b5d61e');

INSERT INTO routecomp_assert (what, ok) SELECT 'feature translation does not end with qwen3-235b-scaleway as its one primary', 0
WHERE ((SELECT count(*) FROM feature_models WHERE feature = 'translation' AND status = 'primary') = 1 AND (SELECT min(model) FROM feature_models WHERE feature = 'translation' AND status = 'primary') = 'qwen3-235b-scaleway') IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'features_have_a_primary: some feature has no primary', 0
WHERE (NOT EXISTS (SELECT 1 FROM (SELECT feature AS subject FROM features) whole WHERE EXISTS (SELECT 1 FROM features f WHERE f.feature = whole.subject) AND NOT EXISTS (SELECT 1 FROM feature_models fm WHERE fm.feature = whole.subject AND fm.status = 'primary'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'features_primary_active: some feature has a primary that is not active', 0
WHERE (NOT EXISTS (SELECT 1 FROM (SELECT feature AS subject FROM features) whole WHERE EXISTS (SELECT 1 FROM feature_models fm JOIN models m ON m.model = fm.model JOIN providers p ON p.provider = m.provider CROSS JOIN routing_defaults d WHERE fm.feature = whole.subject AND fm.status = 'primary' AND NOT m.active))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'features_primary_above_floor: some feature has a primary below its min_quality', 0
WHERE (NOT EXISTS (SELECT 1 FROM (SELECT feature AS subject FROM features) whole WHERE EXISTS (SELECT 1 FROM feature_models fm JOIN models m ON m.model = fm.model JOIN providers p ON p.provider = m.provider CROSS JOIN routing_defaults d WHERE fm.feature = whole.subject AND fm.status = 'primary' AND m.quality_bp < (SELECT f.min_quality_bp FROM features f WHERE f.feature = whole.subject)))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'features_primary_compliance: some feature has a primary below the default policy''s compliance', 0
WHERE (NOT EXISTS (SELECT 1 FROM (SELECT feature AS subject FROM features) whole WHERE EXISTS (SELECT 1 FROM feature_models fm JOIN models m ON m.model = fm.model JOIN providers p ON p.provider = m.provider CROSS JOIN routing_defaults d WHERE fm.feature = whole.subject AND fm.status = 'primary' AND m.compliance_bp < d.compliance_veto_threshold_bp))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'features_primary_not_banned: some feature has a primary that the default policy bans', 0
WHERE (NOT EXISTS (SELECT 1 FROM (SELECT feature AS subject FROM features) whole WHERE EXISTS (SELECT 1 FROM feature_models fm JOIN models m ON m.model = fm.model JOIN providers p ON p.provider = m.provider CROSS JOIN routing_defaults d WHERE fm.feature = whole.subject AND fm.status = 'primary' AND (EXISTS (SELECT 1 FROM default_banned_providers b WHERE b.provider = m.provider) OR EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = m.model OR b.model = m.logical_slug))))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'features_primary_in_stacks: some feature has a primary outside of the default policy''s stacks', 0
WHERE (NOT EXISTS (SELECT 1 FROM (SELECT feature AS subject FROM features) whole WHERE EXISTS (SELECT 1 FROM feature_models fm JOIN models m ON m.model = fm.model JOIN providers p ON p.provider = m.provider CROSS JOIN routing_defaults d WHERE fm.feature = whole.subject AND fm.status = 'primary' AND EXISTS (SELECT 1 FROM default_stacks s) AND NOT EXISTS (SELECT 1 FROM default_stacks s WHERE s.stack = p.stack)))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'features_no_retired_fallback: some feature has a retired model among its fallbacks', 0
WHERE (NOT EXISTS (SELECT 1 FROM (SELECT feature AS subject FROM features) whole WHERE EXISTS (SELECT 1 FROM feature_fallbacks b JOIN feature_models fm ON fm.feature = b.feature AND fm.model = b.model WHERE b.feature = whole.subject AND fm.status = 'retired'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'model_shares_sum: load any-deepseek-r1-0528 has shares that do not add up to 1', 0
WHERE (NOT ((SELECT coalesce(sum(m.share_bp), 10000) FROM models m WHERE m.logical_slug = 'any-deepseek-r1-0528') <> 10000)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'model_shares_sum: load any-deepseek-v3.2 has shares that do not add up to 1', 0
WHERE (NOT ((SELECT coalesce(sum(m.share_bp), 10000) FROM models m WHERE m.logical_slug = 'any-deepseek-v3.2') <> 10000)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'model_shares_sum: load any-glm-4.5 has shares that do not add up to 1', 0
WHERE (NOT ((SELECT coalesce(sum(m.share_bp), 10000) FROM models m WHERE m.logical_slug = 'any-glm-4.5') <> 10000)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'model_shares_sum: load any-glm-4.5-air has shares that do not add up to 1', 0
WHERE (NOT ((SELECT coalesce(sum(m.share_bp), 10000) FROM models m WHERE m.logical_slug = 'any-glm-4.5-air') <> 10000)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name any-deepseek-r1-0528 means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'any-deepseek-r1-0528') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'any-deepseek-r1-0528') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'any-deepseek-r1-0528') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'any-deepseek-r1-0528') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'any-deepseek-r1-0528') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'any-deepseek-r1-0528') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'any-deepseek-r1-0528') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name any-deepseek-v3.2 means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'any-deepseek-v3.2') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'any-deepseek-v3.2') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'any-deepseek-v3.2') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'any-deepseek-v3.2') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'any-deepseek-v3.2') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'any-deepseek-v3.2') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'any-deepseek-v3.2') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name any-glm-4.5 means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'any-glm-4.5') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'any-glm-4.5') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'any-glm-4.5') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'any-glm-4.5') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'any-glm-4.5') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'any-glm-4.5') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'any-glm-4.5') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name any-glm-4.5-air means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'any-glm-4.5-air') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'any-glm-4.5-air') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'any-glm-4.5-air') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'any-glm-4.5-air') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'any-glm-4.5-air') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'any-glm-4.5-air') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'any-glm-4.5-air') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name any-gpt-4.1 means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'any-gpt-4.1') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'any-gpt-4.1') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'any-gpt-4.1') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'any-gpt-4.1') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'any-gpt-4.1') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'any-gpt-4.1') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'any-gpt-4.1') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name any-gpt-4o means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'any-gpt-4o') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'any-gpt-4o') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'any-gpt-4o') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'any-gpt-4o') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'any-gpt-4o') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'any-gpt-4o') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'any-gpt-4o') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name any-gpt-4o-mini means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'any-gpt-4o-mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'any-gpt-4o-mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'any-gpt-4o-mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'any-gpt-4o-mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'any-gpt-4o-mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'any-gpt-4o-mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'any-gpt-4o-mini') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name any-gpt-5 means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'any-gpt-5') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'any-gpt-5') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'any-gpt-5') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'any-gpt-5') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'any-gpt-5') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'any-gpt-5') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'any-gpt-5') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name claude-3-5-haiku-bedrock-eu means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'claude-3-5-haiku-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'claude-3-5-haiku-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'claude-3-5-haiku-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'claude-3-5-haiku-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'claude-3-5-haiku-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'claude-3-5-haiku-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'claude-3-5-haiku-bedrock-eu') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name claude-3-7-sonnet-bedrock-eu means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'claude-3-7-sonnet-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'claude-3-7-sonnet-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'claude-3-7-sonnet-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'claude-3-7-sonnet-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'claude-3-7-sonnet-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'claude-3-7-sonnet-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'claude-3-7-sonnet-bedrock-eu') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name claude-haiku-5-5-bedrock-eu means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'claude-haiku-5-5-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'claude-haiku-5-5-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'claude-haiku-5-5-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'claude-haiku-5-5-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'claude-haiku-5-5-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'claude-haiku-5-5-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'claude-haiku-5-5-bedrock-eu') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name claude-opus-4-bedrock-eu means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'claude-opus-4-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'claude-opus-4-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'claude-opus-4-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'claude-opus-4-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'claude-opus-4-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'claude-opus-4-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'claude-opus-4-bedrock-eu') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name claude-opus-5-5-bedrock-eu means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'claude-opus-5-5-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'claude-opus-5-5-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'claude-opus-5-5-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'claude-opus-5-5-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'claude-opus-5-5-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'claude-opus-5-5-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'claude-opus-5-5-bedrock-eu') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name claude-sonnet-5-5-bedrock-eu means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'claude-sonnet-5-5-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'claude-sonnet-5-5-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'claude-sonnet-5-5-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'claude-sonnet-5-5-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'claude-sonnet-5-5-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'claude-sonnet-5-5-bedrock-eu') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'claude-sonnet-5-5-bedrock-eu') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name deepseek-flash means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'deepseek-flash') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'deepseek-flash') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'deepseek-flash') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'deepseek-flash') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'deepseek-flash') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'deepseek-flash') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'deepseek-flash') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name deepseek-r1-0528-fireworks means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'deepseek-r1-0528-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'deepseek-r1-0528-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'deepseek-r1-0528-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'deepseek-r1-0528-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'deepseek-r1-0528-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'deepseek-r1-0528-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'deepseek-r1-0528-fireworks') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name deepseek-v3.2 means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'deepseek-v3.2') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'deepseek-v3.2') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'deepseek-v3.2') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'deepseek-v3.2') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'deepseek-v3.2') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'deepseek-v3.2') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'deepseek-v3.2') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name deepseek-v3.2-bedrock-stockholm means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'deepseek-v3.2-bedrock-stockholm') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'deepseek-v3.2-bedrock-stockholm') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'deepseek-v3.2-bedrock-stockholm') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'deepseek-v3.2-bedrock-stockholm') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'deepseek-v3.2-bedrock-stockholm') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'deepseek-v3.2-bedrock-stockholm') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'deepseek-v3.2-bedrock-stockholm') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name deepseek-v3.2-fireworks means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'deepseek-v3.2-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'deepseek-v3.2-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'deepseek-v3.2-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'deepseek-v3.2-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'deepseek-v3.2-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'deepseek-v3.2-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'deepseek-v3.2-fireworks') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name deepseek-v4.1-flash-fireworks means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'deepseek-v4.1-flash-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'deepseek-v4.1-flash-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'deepseek-v4.1-flash-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'deepseek-v4.1-flash-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'deepseek-v4.1-flash-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'deepseek-v4.1-flash-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'deepseek-v4.1-flash-fireworks') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name gemini-2.5-flash means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'gemini-2.5-flash') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'gemini-2.5-flash') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'gemini-2.5-flash') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'gemini-2.5-flash') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'gemini-2.5-flash') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'gemini-2.5-flash') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'gemini-2.5-flash') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name gemini-2.5-pro means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'gemini-2.5-pro') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'gemini-2.5-pro') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'gemini-2.5-pro') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'gemini-2.5-pro') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'gemini-2.5-pro') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'gemini-2.5-pro') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'gemini-2.5-pro') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name gemini-3.5-flash-lite means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'gemini-3.5-flash-lite') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'gemini-3.5-flash-lite') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'gemini-3.5-flash-lite') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'gemini-3.5-flash-lite') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'gemini-3.5-flash-lite') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'gemini-3.5-flash-lite') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'gemini-3.5-flash-lite') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name gemini-3.8-flash means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'gemini-3.8-flash') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'gemini-3.8-flash') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'gemini-3.8-flash') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'gemini-3.8-flash') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'gemini-3.8-flash') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'gemini-3.8-flash') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'gemini-3.8-flash') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name glm-4.5-air-fireworks means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'glm-4.5-air-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'glm-4.5-air-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'glm-4.5-air-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'glm-4.5-air-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'glm-4.5-air-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'glm-4.5-air-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'glm-4.5-air-fireworks') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name glm-4.5-fireworks means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'glm-4.5-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'glm-4.5-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'glm-4.5-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'glm-4.5-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'glm-4.5-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'glm-4.5-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'glm-4.5-fireworks') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name glm-5.3-fireworks means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'glm-5.3-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'glm-5.3-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'glm-5.3-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'glm-5.3-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'glm-5.3-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'glm-5.3-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'glm-5.3-fireworks') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name glm-5.3-flash-fireworks means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'glm-5.3-flash-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'glm-5.3-flash-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'glm-5.3-flash-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'glm-5.3-flash-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'glm-5.3-flash-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'glm-5.3-flash-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'glm-5.3-flash-fireworks') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name gpt-4.1 means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'gpt-4.1') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'gpt-4.1') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'gpt-4.1') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'gpt-4.1') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'gpt-4.1') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'gpt-4.1') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'gpt-4.1') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name gpt-4.1-mini means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'gpt-4.1-mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'gpt-4.1-mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'gpt-4.1-mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'gpt-4.1-mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'gpt-4.1-mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'gpt-4.1-mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'gpt-4.1-mini') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name gpt-4o-2024-08-06 means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'gpt-4o-2024-08-06') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'gpt-4o-2024-08-06') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'gpt-4o-2024-08-06') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'gpt-4o-2024-08-06') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'gpt-4o-2024-08-06') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'gpt-4o-2024-08-06') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'gpt-4o-2024-08-06') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name gpt-4o-mini means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'gpt-4o-mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'gpt-4o-mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'gpt-4o-mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'gpt-4o-mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'gpt-4o-mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'gpt-4o-mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'gpt-4o-mini') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name gpt-5 means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'gpt-5') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'gpt-5') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'gpt-5') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'gpt-5') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'gpt-5') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'gpt-5') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'gpt-5') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name gpt-6-luna means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'gpt-6-luna') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'gpt-6-luna') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'gpt-6-luna') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'gpt-6-luna') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'gpt-6-luna') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'gpt-6-luna') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'gpt-6-luna') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name gpt-6.1-sol means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'gpt-6.1-sol') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'gpt-6.1-sol') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'gpt-6.1-sol') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'gpt-6.1-sol') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'gpt-6.1-sol') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'gpt-6.1-sol') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'gpt-6.1-sol') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name gpt-oss-120b-cerebras means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'gpt-oss-120b-cerebras') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'gpt-oss-120b-cerebras') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'gpt-oss-120b-cerebras') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'gpt-oss-120b-cerebras') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'gpt-oss-120b-cerebras') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'gpt-oss-120b-cerebras') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'gpt-oss-120b-cerebras') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name kimi-k2-fireworks means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'kimi-k2-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'kimi-k2-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'kimi-k2-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'kimi-k2-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'kimi-k2-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'kimi-k2-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'kimi-k2-fireworks') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name kimi-k3-fireworks means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'kimi-k3-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'kimi-k3-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'kimi-k3-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'kimi-k3-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'kimi-k3-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'kimi-k3-fireworks') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'kimi-k3-fireworks') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name llama-3.1-8b-cerebras means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'llama-3.1-8b-cerebras') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'llama-3.1-8b-cerebras') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'llama-3.1-8b-cerebras') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'llama-3.1-8b-cerebras') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'llama-3.1-8b-cerebras') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'llama-3.1-8b-cerebras') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'llama-3.1-8b-cerebras') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name o3 means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'o3') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'o3') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'o3') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'o3') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'o3') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'o3') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'o3') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name any-deepseek-r1-0528 is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'any-deepseek-r1-0528') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'any-deepseek-r1-0528'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name any-deepseek-v3.2 is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'any-deepseek-v3.2') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'any-deepseek-v3.2'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name any-glm-4.5 is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'any-glm-4.5') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'any-glm-4.5'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name any-glm-4.5-air is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'any-glm-4.5-air') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'any-glm-4.5-air'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name any-gpt-4.1 is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'any-gpt-4.1') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'any-gpt-4.1'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name any-gpt-4o is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'any-gpt-4o') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'any-gpt-4o'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name any-gpt-4o-mini is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'any-gpt-4o-mini') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'any-gpt-4o-mini'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name any-gpt-5 is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'any-gpt-5') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'any-gpt-5'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name claude-3-5-haiku-bedrock-eu is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'claude-3-5-haiku-bedrock-eu') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'claude-3-5-haiku-bedrock-eu'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name claude-3-7-sonnet-bedrock-eu is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'claude-3-7-sonnet-bedrock-eu') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'claude-3-7-sonnet-bedrock-eu'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name claude-haiku-5-5-bedrock-eu is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'claude-haiku-5-5-bedrock-eu') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'claude-haiku-5-5-bedrock-eu'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name claude-opus-4-bedrock-eu is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'claude-opus-4-bedrock-eu') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'claude-opus-4-bedrock-eu'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name claude-opus-5-5-bedrock-eu is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'claude-opus-5-5-bedrock-eu') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'claude-opus-5-5-bedrock-eu'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name claude-sonnet-5-5-bedrock-eu is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'claude-sonnet-5-5-bedrock-eu') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'claude-sonnet-5-5-bedrock-eu'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name deepseek-flash is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'deepseek-flash') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'deepseek-flash'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name deepseek-r1-0528-fireworks is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'deepseek-r1-0528-fireworks') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'deepseek-r1-0528-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name deepseek-v3.2 is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'deepseek-v3.2') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'deepseek-v3.2'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name deepseek-v3.2-bedrock-stockholm is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'deepseek-v3.2-bedrock-stockholm') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'deepseek-v3.2-bedrock-stockholm'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name deepseek-v3.2-fireworks is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'deepseek-v3.2-fireworks') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'deepseek-v3.2-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name deepseek-v4.1-flash-fireworks is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'deepseek-v4.1-flash-fireworks') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'deepseek-v4.1-flash-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name gemini-2.5-flash is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'gemini-2.5-flash') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gemini-2.5-flash'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name gemini-2.5-pro is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'gemini-2.5-pro') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gemini-2.5-pro'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name gemini-3.5-flash-lite is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'gemini-3.5-flash-lite') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gemini-3.5-flash-lite'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name gemini-3.8-flash is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'gemini-3.8-flash') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gemini-3.8-flash'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name glm-4.5-air-fireworks is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'glm-4.5-air-fireworks') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'glm-4.5-air-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name glm-4.5-fireworks is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'glm-4.5-fireworks') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'glm-4.5-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name glm-5.3-fireworks is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'glm-5.3-fireworks') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'glm-5.3-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name glm-5.3-flash-fireworks is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'glm-5.3-flash-fireworks') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'glm-5.3-flash-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name gpt-4.1 is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'gpt-4.1') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gpt-4.1'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name gpt-4.1-mini is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'gpt-4.1-mini') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gpt-4.1-mini'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name gpt-4o-2024-08-06 is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'gpt-4o-2024-08-06') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gpt-4o-2024-08-06'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name gpt-4o-mini is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'gpt-4o-mini') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gpt-4o-mini'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name gpt-5 is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'gpt-5') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gpt-5'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name gpt-6-luna is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'gpt-6-luna') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gpt-6-luna'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name gpt-6.1-sol is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'gpt-6.1-sol') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gpt-6.1-sol'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name gpt-oss-120b-cerebras is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'gpt-oss-120b-cerebras') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gpt-oss-120b-cerebras'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name kimi-k2-fireworks is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'kimi-k2-fireworks') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'kimi-k2-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name kimi-k3-fireworks is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'kimi-k3-fireworks') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'kimi-k3-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name llama-3.1-8b-cerebras is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'llama-3.1-8b-cerebras') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'llama-3.1-8b-cerebras'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name o3 is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'o3') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'o3'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name any-deepseek-r1-0528 is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'any-deepseek-r1-0528') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'any-deepseek-r1-0528')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'any-deepseek-r1-0528') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'any-deepseek-r1-0528'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name any-deepseek-v3.2 is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'any-deepseek-v3.2') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'any-deepseek-v3.2')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'any-deepseek-v3.2') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'any-deepseek-v3.2'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name any-glm-4.5 is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'any-glm-4.5') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'any-glm-4.5')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'any-glm-4.5') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'any-glm-4.5'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name any-glm-4.5-air is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'any-glm-4.5-air') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'any-glm-4.5-air')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'any-glm-4.5-air') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'any-glm-4.5-air'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name any-gpt-4.1 is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'any-gpt-4.1') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'any-gpt-4.1')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'any-gpt-4.1') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'any-gpt-4.1'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name any-gpt-4o is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'any-gpt-4o') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'any-gpt-4o')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'any-gpt-4o') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'any-gpt-4o'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name any-gpt-4o-mini is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'any-gpt-4o-mini') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'any-gpt-4o-mini')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'any-gpt-4o-mini') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'any-gpt-4o-mini'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name any-gpt-5 is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'any-gpt-5') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'any-gpt-5')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'any-gpt-5') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'any-gpt-5'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name claude-3-5-haiku-bedrock-eu is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'claude-3-5-haiku-bedrock-eu') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'claude-3-5-haiku-bedrock-eu')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'claude-3-5-haiku-bedrock-eu') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'claude-3-5-haiku-bedrock-eu'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name claude-3-7-sonnet-bedrock-eu is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'claude-3-7-sonnet-bedrock-eu') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'claude-3-7-sonnet-bedrock-eu')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'claude-3-7-sonnet-bedrock-eu') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'claude-3-7-sonnet-bedrock-eu'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name claude-haiku-5-5-bedrock-eu is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'claude-haiku-5-5-bedrock-eu') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'claude-haiku-5-5-bedrock-eu')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'claude-haiku-5-5-bedrock-eu') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'claude-haiku-5-5-bedrock-eu'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name claude-opus-4-bedrock-eu is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'claude-opus-4-bedrock-eu') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'claude-opus-4-bedrock-eu')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'claude-opus-4-bedrock-eu') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'claude-opus-4-bedrock-eu'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name claude-opus-5-5-bedrock-eu is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'claude-opus-5-5-bedrock-eu') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'claude-opus-5-5-bedrock-eu')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'claude-opus-5-5-bedrock-eu') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'claude-opus-5-5-bedrock-eu'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name claude-sonnet-5-5-bedrock-eu is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'claude-sonnet-5-5-bedrock-eu') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'claude-sonnet-5-5-bedrock-eu')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'claude-sonnet-5-5-bedrock-eu') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'claude-sonnet-5-5-bedrock-eu'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name deepseek-flash is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'deepseek-flash') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'deepseek-flash')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'deepseek-flash') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'deepseek-flash'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name deepseek-r1-0528-fireworks is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'deepseek-r1-0528-fireworks') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'deepseek-r1-0528-fireworks')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'deepseek-r1-0528-fireworks') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'deepseek-r1-0528-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name deepseek-v3.2 is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'deepseek-v3.2') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'deepseek-v3.2')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'deepseek-v3.2') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'deepseek-v3.2'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name deepseek-v3.2-bedrock-stockholm is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'deepseek-v3.2-bedrock-stockholm') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'deepseek-v3.2-bedrock-stockholm')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'deepseek-v3.2-bedrock-stockholm') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'deepseek-v3.2-bedrock-stockholm'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name deepseek-v3.2-fireworks is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'deepseek-v3.2-fireworks') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'deepseek-v3.2-fireworks')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'deepseek-v3.2-fireworks') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'deepseek-v3.2-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name deepseek-v4.1-flash-fireworks is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'deepseek-v4.1-flash-fireworks') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'deepseek-v4.1-flash-fireworks')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'deepseek-v4.1-flash-fireworks') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'deepseek-v4.1-flash-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name gemini-2.5-flash is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'gemini-2.5-flash') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'gemini-2.5-flash')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'gemini-2.5-flash') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gemini-2.5-flash'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name gemini-2.5-pro is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'gemini-2.5-pro') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'gemini-2.5-pro')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'gemini-2.5-pro') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gemini-2.5-pro'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name gemini-3.5-flash-lite is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'gemini-3.5-flash-lite') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'gemini-3.5-flash-lite')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'gemini-3.5-flash-lite') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gemini-3.5-flash-lite'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name gemini-3.8-flash is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'gemini-3.8-flash') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'gemini-3.8-flash')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'gemini-3.8-flash') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gemini-3.8-flash'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name glm-4.5-air-fireworks is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'glm-4.5-air-fireworks') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'glm-4.5-air-fireworks')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'glm-4.5-air-fireworks') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'glm-4.5-air-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name glm-4.5-fireworks is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'glm-4.5-fireworks') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'glm-4.5-fireworks')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'glm-4.5-fireworks') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'glm-4.5-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name glm-5.3-fireworks is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'glm-5.3-fireworks') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'glm-5.3-fireworks')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'glm-5.3-fireworks') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'glm-5.3-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name glm-5.3-flash-fireworks is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'glm-5.3-flash-fireworks') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'glm-5.3-flash-fireworks')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'glm-5.3-flash-fireworks') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'glm-5.3-flash-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name gpt-4.1 is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'gpt-4.1') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'gpt-4.1')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'gpt-4.1') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gpt-4.1'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name gpt-4.1-mini is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'gpt-4.1-mini') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'gpt-4.1-mini')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'gpt-4.1-mini') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gpt-4.1-mini'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name gpt-4o-2024-08-06 is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'gpt-4o-2024-08-06') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'gpt-4o-2024-08-06')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'gpt-4o-2024-08-06') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gpt-4o-2024-08-06'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name gpt-4o-mini is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'gpt-4o-mini') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'gpt-4o-mini')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'gpt-4o-mini') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gpt-4o-mini'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name gpt-5 is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'gpt-5') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'gpt-5')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'gpt-5') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gpt-5'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name gpt-6-luna is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'gpt-6-luna') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'gpt-6-luna')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'gpt-6-luna') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gpt-6-luna'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name gpt-6.1-sol is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'gpt-6.1-sol') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'gpt-6.1-sol')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'gpt-6.1-sol') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gpt-6.1-sol'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name gpt-oss-120b-cerebras is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'gpt-oss-120b-cerebras') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'gpt-oss-120b-cerebras')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'gpt-oss-120b-cerebras') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'gpt-oss-120b-cerebras'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name kimi-k2-fireworks is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'kimi-k2-fireworks') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'kimi-k2-fireworks')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'kimi-k2-fireworks') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'kimi-k2-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name kimi-k3-fireworks is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'kimi-k3-fireworks') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'kimi-k3-fireworks')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'kimi-k3-fireworks') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'kimi-k3-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name llama-3.1-8b-cerebras is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'llama-3.1-8b-cerebras') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'llama-3.1-8b-cerebras')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'llama-3.1-8b-cerebras') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'llama-3.1-8b-cerebras'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name o3 is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'o3') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'o3')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'o3') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'o3'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name any-deepseek-r1-0528 follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'any-deepseek-r1-0528' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'any-deepseek-r1-0528'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name any-deepseek-v3.2 follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'any-deepseek-v3.2' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'any-deepseek-v3.2'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name any-glm-4.5 follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'any-glm-4.5' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'any-glm-4.5'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name any-glm-4.5-air follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'any-glm-4.5-air' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'any-glm-4.5-air'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name any-gpt-4.1 follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'any-gpt-4.1' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'any-gpt-4.1'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name any-gpt-4o follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'any-gpt-4o' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'any-gpt-4o'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name any-gpt-4o-mini follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'any-gpt-4o-mini' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'any-gpt-4o-mini'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name any-gpt-5 follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'any-gpt-5' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'any-gpt-5'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name claude-3-5-haiku-bedrock-eu follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'claude-3-5-haiku-bedrock-eu' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'claude-3-5-haiku-bedrock-eu'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name claude-3-7-sonnet-bedrock-eu follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'claude-3-7-sonnet-bedrock-eu' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'claude-3-7-sonnet-bedrock-eu'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name claude-haiku-5-5-bedrock-eu follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'claude-haiku-5-5-bedrock-eu' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'claude-haiku-5-5-bedrock-eu'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name claude-opus-4-bedrock-eu follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'claude-opus-4-bedrock-eu' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'claude-opus-4-bedrock-eu'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name claude-opus-5-5-bedrock-eu follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'claude-opus-5-5-bedrock-eu' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'claude-opus-5-5-bedrock-eu'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name claude-sonnet-5-5-bedrock-eu follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'claude-sonnet-5-5-bedrock-eu' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'claude-sonnet-5-5-bedrock-eu'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name deepseek-flash follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'deepseek-flash' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'deepseek-flash'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name deepseek-r1-0528-fireworks follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'deepseek-r1-0528-fireworks' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'deepseek-r1-0528-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name deepseek-v3.2 follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'deepseek-v3.2' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'deepseek-v3.2'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name deepseek-v3.2-bedrock-stockholm follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'deepseek-v3.2-bedrock-stockholm' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'deepseek-v3.2-bedrock-stockholm'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name deepseek-v3.2-fireworks follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'deepseek-v3.2-fireworks' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'deepseek-v3.2-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name deepseek-v4.1-flash-fireworks follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'deepseek-v4.1-flash-fireworks' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'deepseek-v4.1-flash-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name gemini-2.5-flash follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'gemini-2.5-flash' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'gemini-2.5-flash'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name gemini-2.5-pro follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'gemini-2.5-pro' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'gemini-2.5-pro'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name gemini-3.5-flash-lite follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'gemini-3.5-flash-lite' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'gemini-3.5-flash-lite'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name gemini-3.8-flash follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'gemini-3.8-flash' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'gemini-3.8-flash'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name glm-4.5-air-fireworks follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'glm-4.5-air-fireworks' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'glm-4.5-air-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name glm-4.5-fireworks follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'glm-4.5-fireworks' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'glm-4.5-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name glm-5.3-fireworks follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'glm-5.3-fireworks' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'glm-5.3-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name glm-5.3-flash-fireworks follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'glm-5.3-flash-fireworks' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'glm-5.3-flash-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name gpt-4.1 follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'gpt-4.1' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'gpt-4.1'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name gpt-4.1-mini follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'gpt-4.1-mini' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'gpt-4.1-mini'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name gpt-4o-2024-08-06 follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'gpt-4o-2024-08-06' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'gpt-4o-2024-08-06'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name gpt-4o-mini follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'gpt-4o-mini' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'gpt-4o-mini'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name gpt-5 follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'gpt-5' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'gpt-5'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name gpt-6-luna follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'gpt-6-luna' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'gpt-6-luna'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name gpt-6.1-sol follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'gpt-6.1-sol' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'gpt-6.1-sol'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name gpt-oss-120b-cerebras follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'gpt-oss-120b-cerebras' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'gpt-oss-120b-cerebras'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name kimi-k2-fireworks follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'kimi-k2-fireworks' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'kimi-k2-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name kimi-k3-fireworks follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'kimi-k3-fireworks' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'kimi-k3-fireworks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name llama-3.1-8b-cerebras follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'llama-3.1-8b-cerebras' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'llama-3.1-8b-cerebras'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name o3 follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'o3' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'o3'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'stacks_have_providers: stack eu is used, and no provider is in it', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM target_stacks s WHERE s.stack = 'eu') OR EXISTS (SELECT 1 FROM default_stacks s WHERE s.stack = 'eu') OR EXISTS (SELECT 1 FROM tenant_stacks s WHERE s.stack = 'eu')) AND NOT EXISTS (SELECT 1 FROM providers p WHERE p.stack = 'eu'))) IS NOT TRUE;

COMMIT;
