-- Migration 0017: 5 rows change.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

INSERT INTO model_aliases (alias, model) VALUES
  ('GPT 4o mini', 'gpt-4o-mini');

INSERT INTO target_aliases (alias, target) VALUES
  ('openai/*', 'auto'),
  ('openai/gpt-oss*', 'open-weights'),
  ('preview/*', 'open-weights');

INSERT INTO feature_aliases (alias, feature) VALUES
  ('chat/support:latest', 'support-chat');

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name GPT 4o mini means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'GPT 4o mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'GPT 4o mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'GPT 4o mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'GPT 4o mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'GPT 4o mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'GPT 4o mini') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'GPT 4o mini') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name chat/support:latest means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'chat/support:latest') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'chat/support:latest') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'chat/support:latest') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'chat/support:latest') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'chat/support:latest') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'chat/support:latest') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'chat/support:latest') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name openai/* means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'openai/*') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'openai/*') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'openai/*') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'openai/*') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'openai/*') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'openai/*') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'openai/*') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name openai/gpt-oss* means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'openai/gpt-oss*') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'openai/gpt-oss*') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'openai/gpt-oss*') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'openai/gpt-oss*') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'openai/gpt-oss*') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'openai/gpt-oss*') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'openai/gpt-oss*') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'names_mean_one_thing: name preview/* means several of: model, logical model, target, alias, public model id', 0
WHERE (NOT ((CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.model = 'preview/*') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM models u WHERE u.logical_slug = 'preview/*') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM targets u WHERE u.target = 'preview/*') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM target_aliases u WHERE u.alias = 'preview/*') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM feature_aliases u WHERE u.alias = 'preview/*') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_aliases u WHERE u.alias = 'preview/*') THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM model_experiment u WHERE u.public_model_id = 'preview/*') THEN 1 ELSE 0 END) > 1)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name GPT 4o mini is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'GPT 4o mini') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'GPT 4o mini'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name chat/support:latest is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'chat/support:latest') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'chat/support:latest'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name openai/* is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'openai/*') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'openai/*'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name openai/gpt-oss* is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'openai/gpt-oss*') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'openai/gpt-oss*'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'logical_names_have_hosts: name preview/* is the logical model of a target, and no model is its host', 0
WHERE (NOT (EXISTS (SELECT 1 FROM targets t WHERE t.logical_slug = 'preview/*') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'preview/*'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name GPT 4o mini is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'GPT 4o mini') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'GPT 4o mini')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'GPT 4o mini') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'GPT 4o mini'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name chat/support:latest is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'chat/support:latest') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'chat/support:latest')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'chat/support:latest') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'chat/support:latest'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name openai/* is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'openai/*') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'openai/*')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'openai/*') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'openai/*'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name openai/gpt-oss* is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'openai/gpt-oss*') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'openai/gpt-oss*')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'openai/gpt-oss*') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'openai/gpt-oss*'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'bans_name_models: name preview/* is banned, and is neither a model nor a logical model', 0
WHERE (NOT ((EXISTS (SELECT 1 FROM default_banned_models b WHERE b.model = 'preview/*') OR EXISTS (SELECT 1 FROM tenant_banned_models b WHERE b.model = 'preview/*')) AND NOT EXISTS (SELECT 1 FROM models m WHERE m.model = 'preview/*') AND NOT EXISTS (SELECT 1 FROM models m WHERE m.logical_slug = 'preview/*'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name GPT 4o mini follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'GPT 4o mini' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'GPT 4o mini'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name chat/support:latest follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'chat/support:latest' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'chat/support:latest'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name openai/* follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'openai/*' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'openai/*'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name openai/gpt-oss* follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'openai/gpt-oss*' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'openai/gpt-oss*'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'successors_end: name preview/* follows itself as successor', 0
WHERE (NOT (EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM models m WHERE m.model = 'preview/*' UNION SELECT m.successor FROM models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = 'preview/*'))) IS NOT TRUE;

COMMIT;
