-- Migration 0023: the way back, 9 rows change, 1 of them a change of primary.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature weekly-insights is already on ' || coalesce((SELECT model FROM feature_models WHERE feature = 'weekly-insights' AND status = 'primary'), 'nothing'), 0
WHERE ((SELECT model FROM feature_models WHERE feature = 'weekly-insights' AND status = 'primary') = 'deepseek-v3.2-bedrock-stockholm') IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model deepseek-v3.2-bedrock-eu is no retired of feature weekly-insights any more', 0
WHERE (EXISTS (SELECT 1 FROM feature_models WHERE feature = 'weekly-insights' AND model = 'deepseek-v3.2-bedrock-eu' AND status = 'retired')) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_models weekly-insights deepseek-v3.2-bedrock-stockholm is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_models WHERE feature = 'weekly-insights' AND model = 'deepseek-v3.2-bedrock-stockholm' AND status = 'primary' AND position = 0 AND sample_bp IS NULL AND max_daily_cents IS NULL)) IS NOT TRUE;

UPDATE feature_models SET status = 'shadow', position = 2, sample_bp = 2000, max_daily_cents = 400
WHERE feature = 'weekly-insights' AND model = 'deepseek-v3.2-bedrock-stockholm' AND status = 'primary' AND position = 0 AND sample_bp IS NULL AND max_daily_cents IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers bedrock-eu is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'bedrock-eu' AND description = 'Profiles that stay within the EU. The key is one of Bedrock''s own; nothing is signed.')) IS NOT TRUE;

UPDATE providers SET description = NULL
WHERE provider = 'bedrock-eu' AND description = 'Profiles that stay within the EU. The key is one of Bedrock''s own; nothing is signed.';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers bedrock-stockholm is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'bedrock-stockholm' AND description = 'Models that have no profile for the EU, in the one region of it that has them.')) IS NOT TRUE;

UPDATE providers SET description = NULL
WHERE provider = 'bedrock-stockholm' AND description = 'Models that have no profile for the EU, in the one region of it that has them.';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models claude-fable-5-1 is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'claude-fable-5-1' AND max_output_tokens = 128000)) IS NOT TRUE;

UPDATE models SET max_output_tokens = NULL
WHERE model = 'claude-fable-5-1' AND max_output_tokens = 128000;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models claude-haiku-5-5 is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'claude-haiku-5-5' AND max_output_tokens = 128000)) IS NOT TRUE;

UPDATE models SET max_output_tokens = NULL
WHERE model = 'claude-haiku-5-5' AND max_output_tokens = 128000;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models claude-opus-5-5 is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'claude-opus-5-5' AND max_output_tokens = 128000)) IS NOT TRUE;

UPDATE models SET max_output_tokens = NULL
WHERE model = 'claude-opus-5-5' AND max_output_tokens = 128000;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models claude-sonnet-5-5 is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'claude-sonnet-5-5' AND max_output_tokens = 128000)) IS NOT TRUE;

UPDATE models SET max_output_tokens = NULL
WHERE model = 'claude-sonnet-5-5' AND max_output_tokens = 128000;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models deepseek-v3.2-bedrock-eu is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'deepseek-v3.2-bedrock-eu' AND active = 0)) IS NOT TRUE;

UPDATE models SET active = 1
WHERE model = 'deepseek-v3.2-bedrock-eu' AND active = 0;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature_models weekly-insights deepseek-v3.2-bedrock-eu is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM feature_models WHERE feature = 'weekly-insights' AND model = 'deepseek-v3.2-bedrock-eu' AND status = 'retired' AND position = 2)) IS NOT TRUE;

UPDATE feature_models SET status = 'primary', position = 0
WHERE feature = 'weekly-insights' AND model = 'deepseek-v3.2-bedrock-eu' AND status = 'retired' AND position = 2;

INSERT INTO model_promotions (feature, from_model, to_model, kind, migration) VALUES
  ('weekly-insights', 'deepseek-v3.2-bedrock-stockholm', 'deepseek-v3.2-bedrock-eu', 'rollback', '0023_feature-weekly-insights_and_7_more_5d6e338a');

INSERT INTO routecomp_assert (what, ok) SELECT 'feature weekly-insights does not end with deepseek-v3.2-bedrock-eu as its one primary', 0
WHERE ((SELECT count(*) FROM feature_models WHERE feature = 'weekly-insights' AND status = 'primary') = 1 AND (SELECT min(model) FROM feature_models WHERE feature = 'weekly-insights' AND status = 'primary') = 'deepseek-v3.2-bedrock-eu') IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'features_have_a_primary: feature weekly-insights has no primary', 0
WHERE (NOT (EXISTS (SELECT 1 FROM features f WHERE f.feature = 'weekly-insights') AND NOT EXISTS (SELECT 1 FROM feature_models fm WHERE fm.feature = 'weekly-insights' AND fm.status = 'primary'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'features_primary_active: feature weekly-insights has a primary that is not active', 0
WHERE (NOT (EXISTS (SELECT 1 FROM feature_models fm JOIN models m ON m.model = fm.model JOIN providers p ON p.provider = m.provider CROSS JOIN routing_defaults d WHERE fm.feature = 'weekly-insights' AND fm.status = 'primary' AND NOT m.active))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'features_primary_above_floor: feature weekly-insights has a primary below its min_quality', 0
WHERE (NOT (EXISTS (SELECT 1 FROM feature_models fm JOIN models m ON m.model = fm.model JOIN providers p ON p.provider = m.provider CROSS JOIN routing_defaults d WHERE fm.feature = 'weekly-insights' AND fm.status = 'primary' AND m.quality_bp < (SELECT f.min_quality_bp FROM features f WHERE f.feature = 'weekly-insights')))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'features_primary_compliance: feature weekly-insights has a primary below the default policy''s compliance', 0
WHERE (NOT (EXISTS (SELECT 1 FROM feature_models fm JOIN models m ON m.model = fm.model JOIN providers p ON p.provider = m.provider CROSS JOIN routing_defaults d WHERE fm.feature = 'weekly-insights' AND fm.status = 'primary' AND m.compliance_bp < d.compliance_veto_threshold_bp))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'features_primary_not_banned: feature weekly-insights has a primary that the default policy bans', 0
WHERE (NOT (EXISTS (SELECT 1 FROM feature_models fm JOIN models m ON m.model = fm.model JOIN providers p ON p.provider = m.provider CROSS JOIN routing_defaults d WHERE fm.feature = 'weekly-insights' AND fm.status = 'primary' AND (EXISTS (SELECT 1 FROM default_banned_providers b WHERE b.provider = m.provider) OR EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = m.model OR b.model = m.logical_slug))))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'features_primary_in_stacks: feature weekly-insights has a primary outside of the default policy''s stacks', 0
WHERE (NOT (EXISTS (SELECT 1 FROM feature_models fm JOIN models m ON m.model = fm.model JOIN providers p ON p.provider = m.provider CROSS JOIN routing_defaults d WHERE fm.feature = 'weekly-insights' AND fm.status = 'primary' AND EXISTS (SELECT 1 FROM default_stacks s) AND NOT EXISTS (SELECT 1 FROM default_stacks s WHERE s.stack = p.stack)))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'features_no_retired_fallback: feature weekly-insights has a retired model among its fallbacks', 0
WHERE (NOT (EXISTS (SELECT 1 FROM feature_fallbacks b JOIN feature_models fm ON fm.feature = b.feature AND fm.model = b.model WHERE b.feature = 'weekly-insights' AND fm.status = 'retired'))) IS NOT TRUE;

COMMIT;
