-- Migration 0001: the schema, and the rows it begins with.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

CREATE FUNCTION public.routecomp_assert(what text, ok boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  IF ok IS NOT TRUE THEN
    RAISE EXCEPTION '%', what USING ERRCODE = '23514', CONSTRAINT = 'routecomp_assert';
  END IF;
END
$body$;

CREATE TABLE public.providers (
  provider TEXT NOT NULL,
  adapter TEXT NOT NULL,
  base_url TEXT NOT NULL,
  chat_path TEXT NOT NULL,
  api_key_env TEXT,
  stack TEXT NOT NULL,
  description TEXT,
  owner TEXT,
  CONSTRAINT providers_pkey PRIMARY KEY (provider),
  CONSTRAINT providers_provider_check CHECK (provider COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT providers_adapter_check CHECK (adapter COLLATE "C" ~ '^[a-z][a-z0-9_-]{0,62}$'),
  CONSTRAINT providers_base_url_check CHECK (base_url COLLATE "C" ~ '^[!-~]+$'
  AND REPLACE(REPLACE(REPLACE(base_url, '#', ''), '?', ''), '\', '') = base_url
  AND (
    SUBSTRING(LOWER(base_url) FROM 1 FOR 8) = 'https://'
    OR (
      SUBSTRING(LOWER(base_url) FROM 1 FOR 16) = 'http://localhost'
      AND SUBSTRING(SUBSTRING(LOWER(base_url) FROM 17) || '/' FROM 1 FOR 1) IN (':', '/')
    )
    OR (
      SUBSTRING(LOWER(base_url) FROM 1 FOR 11) = 'http://127.'
      AND SUBSTRING(TRIM(LEADING '0123456789.' FROM SUBSTRING(LOWER(base_url) FROM 12)) || '/' FROM 1 FOR 1) IN (':', '/')
    )
    OR (
      SUBSTRING(LOWER(base_url) FROM 1 FOR 8) = 'http://['
      AND SUBSTRING(TRIM(LEADING '0:' FROM SUBSTRING(LOWER(base_url) FROM 9)) FROM 1 FOR 2) = '1]'
      AND SUBSTRING(SUBSTRING(TRIM(LEADING '0:' FROM SUBSTRING(LOWER(base_url) FROM 9)) FROM 3) || '/' FROM 1 FOR 1) IN (':', '/')
    )
  )),
  CONSTRAINT providers_chat_path_check CHECK (chat_path COLLATE "C" ~ '^[!-~]+$'
  AND REPLACE(REPLACE(chat_path, '#', ''), '\', '') = chat_path),
  CONSTRAINT providers_api_key_env_check CHECK (api_key_env IS NULL OR (
    api_key_env COLLATE "C" ~ '^[A-Za-z_][A-Za-z0-9_]*$'
  )),
  CONSTRAINT providers_stack_check CHECK (stack COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT providers_stack_word CHECK (SUBSTRING(stack FROM 1 FOR 6) <> 'avoid-'),
  CONSTRAINT providers_base_url_host CHECK (SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1) ~ '^[^@:]'
  AND POSITION(
    '@' IN SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1)
  ) = 0),
  CONSTRAINT providers_chat_path_relative CHECK (POSITION('://' IN SPLIT_PART(chat_path, '?', 1)) = 0),
  CONSTRAINT providers_url_repeats CHECK (NOT REGEXP_REPLACE(base_url, '^[^/]*//[^/]*', '') || '/' || SPLIT_PART(chat_path, '?', 1) ~ '(^|/)([^/]+)/+\2(/|$)')
);

CREATE TABLE public.models (
  model TEXT NOT NULL,
  provider TEXT NOT NULL,
  provider_model_name TEXT NOT NULL,
  logical_slug TEXT,
  quality_bp DECIMAL NOT NULL,
  input_pusd DECIMAL NOT NULL,
  output_pusd DECIMAL NOT NULL,
  output_ratio_bp DECIMAL NOT NULL DEFAULT 5000,
  latency_ms DECIMAL NOT NULL,
  context_window DECIMAL NOT NULL,
  min_output_tokens DECIMAL NOT NULL DEFAULT 0,
  compliance_bp DECIMAL NOT NULL DEFAULT 10000,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  listed BOOLEAN NOT NULL DEFAULT TRUE,
  description TEXT,
  owner TEXT,
  CONSTRAINT models_pkey PRIMARY KEY (model),
  CONSTRAINT models_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT models_provider_check CHECK (provider COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT models_provider_model_name_check CHECK (provider_model_name COLLATE "C" ~ '^[!-~]+$'),
  CONSTRAINT models_logical_slug_check CHECK (logical_slug IS NULL
  OR (
    logical_slug COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )),
  CONSTRAINT models_quality_bp_check CHECK (quality_bp BETWEEN 0 AND 10000 AND quality_bp = TRUNC(quality_bp)),
  CONSTRAINT models_input_pusd_check CHECK (input_pusd BETWEEN 0 AND 1000000000000 AND input_pusd = TRUNC(input_pusd)),
  CONSTRAINT models_output_pusd_check CHECK (output_pusd BETWEEN 0 AND 1000000000000 AND output_pusd = TRUNC(output_pusd)),
  CONSTRAINT models_output_ratio_bp_check CHECK (output_ratio_bp BETWEEN 0 AND 10000000000
  AND output_ratio_bp = TRUNC(output_ratio_bp)),
  CONSTRAINT models_latency_ms_check CHECK (latency_ms BETWEEN 0 AND 1000000000 AND latency_ms = TRUNC(latency_ms)),
  CONSTRAINT models_context_window_check CHECK (context_window BETWEEN 1 AND 1000000000
  AND context_window = TRUNC(context_window)),
  CONSTRAINT models_min_output_tokens_check CHECK (min_output_tokens BETWEEN 0 AND 1000000000
  AND min_output_tokens = TRUNC(min_output_tokens)),
  CONSTRAINT models_compliance_bp_check CHECK (compliance_bp BETWEEN 0 AND 10000 AND compliance_bp = TRUNC(compliance_bp)),
  CONSTRAINT models_provider_fkey FOREIGN KEY (provider) REFERENCES public.providers (
    provider
  )
);

CREATE TABLE public.model_capabilities (
  model TEXT NOT NULL,
  capability TEXT NOT NULL,
  CONSTRAINT model_capabilities_pkey PRIMARY KEY (model, capability),
  CONSTRAINT model_capabilities_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_capabilities_capability_check CHECK (capability COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_capabilities_model_fkey FOREIGN KEY (model) REFERENCES public.models (
    model
  )
);

CREATE TABLE public.targets (
  target TEXT NOT NULL,
  candidates TEXT NOT NULL,
  logical_slug TEXT,
  min_quality_bp DECIMAL,
  description TEXT,
  owner TEXT,
  CONSTRAINT targets_pkey PRIMARY KEY (target),
  CONSTRAINT targets_target_check CHECK (target COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT targets_candidates_check CHECK (candidates IN ('all', 'models', 'stacks', 'logical')),
  CONSTRAINT targets_logical_slug_check CHECK (logical_slug IS NULL
  OR (
    logical_slug COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )),
  CONSTRAINT targets_min_quality_bp_check CHECK (min_quality_bp IS NULL
  OR (
    min_quality_bp BETWEEN 0 AND 10000 AND min_quality_bp = TRUNC(min_quality_bp)
  )),
  CONSTRAINT targets_logical CHECK ((
    candidates = 'logical'
  ) = (
    logical_slug IS NOT NULL
  ))
);

CREATE TABLE public.target_aliases (
  alias TEXT NOT NULL,
  target TEXT NOT NULL,
  CONSTRAINT target_aliases_pkey PRIMARY KEY (alias),
  CONSTRAINT target_aliases_alias_check CHECK (alias COLLATE "C" ~ '^[a-z0-9]([a-z0-9._/-]{0,61}[a-z0-9])?$'),
  CONSTRAINT target_aliases_target_check CHECK (target COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT target_aliases_target_fkey FOREIGN KEY (target) REFERENCES public.targets (
    target
  )
);

CREATE TABLE public.target_models (
  target TEXT NOT NULL,
  model TEXT NOT NULL,
  CONSTRAINT target_models_pkey PRIMARY KEY (target, model),
  CONSTRAINT target_models_target_check CHECK (target COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT target_models_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT target_models_target_fkey FOREIGN KEY (target) REFERENCES public.targets (
    target
  ),
  CONSTRAINT target_models_model_fkey FOREIGN KEY (model) REFERENCES public.models (
    model
  )
);

CREATE TABLE public.target_stacks (
  target TEXT NOT NULL,
  stack TEXT NOT NULL,
  CONSTRAINT target_stacks_pkey PRIMARY KEY (target, stack),
  CONSTRAINT target_stacks_target_check CHECK (target COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT target_stacks_stack_check CHECK (stack COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT target_stacks_target_fkey FOREIGN KEY (target) REFERENCES public.targets (
    target
  )
);

CREATE TABLE public.features (
  feature TEXT NOT NULL,
  then_target TEXT,
  min_quality_bp DECIMAL,
  description TEXT,
  owner TEXT,
  CONSTRAINT features_pkey PRIMARY KEY (feature),
  CONSTRAINT features_feature_check CHECK (feature COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT features_then_target_check CHECK (then_target IS NULL
  OR (
    then_target COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )),
  CONSTRAINT features_min_quality_bp_check CHECK (min_quality_bp IS NULL
  OR (
    min_quality_bp BETWEEN 0 AND 10000 AND min_quality_bp = TRUNC(min_quality_bp)
  )),
  CONSTRAINT features_then_target_fkey FOREIGN KEY (then_target) REFERENCES public.targets (
    target
  )
);

CREATE TABLE public.feature_models (
  feature TEXT NOT NULL,
  model TEXT NOT NULL,
  status TEXT NOT NULL,
  position DECIMAL NOT NULL,
  sample_bp DECIMAL,
  max_daily_cents DECIMAL,
  CONSTRAINT feature_models_pkey PRIMARY KEY (feature, model),
  CONSTRAINT feature_models_feature_check CHECK (feature COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT feature_models_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT feature_models_status_check CHECK (status IN ('primary', 'shadow', 'retired')),
  CONSTRAINT feature_models_position_check CHECK (position BETWEEN 0 AND 1000000000 AND position = TRUNC(position)),
  CONSTRAINT feature_models_sample_bp_check CHECK (sample_bp IS NULL
  OR (
    sample_bp BETWEEN 1 AND 10000 AND sample_bp = TRUNC(sample_bp)
  )),
  CONSTRAINT feature_models_max_daily_cents_check CHECK (max_daily_cents IS NULL
  OR (
    max_daily_cents BETWEEN 0 AND 100000000000
    AND max_daily_cents = TRUNC(max_daily_cents)
  )),
  CONSTRAINT feature_models_sample_on_shadow CHECK (sample_bp IS NULL OR status = 'shadow'),
  CONSTRAINT feature_models_cap_needs_sample CHECK (max_daily_cents IS NULL OR sample_bp IS NOT NULL),
  CONSTRAINT feature_models_feature_fkey FOREIGN KEY (feature) REFERENCES public.features (
    feature
  ),
  CONSTRAINT feature_models_model_fkey FOREIGN KEY (model) REFERENCES public.models (
    model
  )
);

CREATE TABLE public.feature_fallbacks (
  feature TEXT NOT NULL,
  position DECIMAL NOT NULL,
  model TEXT NOT NULL,
  CONSTRAINT feature_fallbacks_pkey PRIMARY KEY (feature, position),
  CONSTRAINT feature_fallbacks_feature_check CHECK (feature COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT feature_fallbacks_position_check CHECK (position BETWEEN 0 AND 1000000000 AND position = TRUNC(position)),
  CONSTRAINT feature_fallbacks_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT feature_fallbacks_feature_fkey FOREIGN KEY (feature) REFERENCES public.features (
    feature
  ),
  CONSTRAINT feature_fallbacks_model_fkey FOREIGN KEY (model) REFERENCES public.models (
    model
  )
);

CREATE TABLE public.routing_defaults (
  single DECIMAL NOT NULL DEFAULT 1,
  model TEXT NOT NULL,
  unknown_tenant TEXT NOT NULL DEFAULT 'default',
  preset TEXT NOT NULL DEFAULT 'balanced',
  objective TEXT NOT NULL DEFAULT 'weighted',
  weight_quality_bp DECIMAL NOT NULL DEFAULT 4000,
  weight_latency_bp DECIMAL NOT NULL DEFAULT 3000,
  weight_cost_bp DECIMAL NOT NULL DEFAULT 3000,
  min_quality_bp DECIMAL,
  fallback_enabled BOOLEAN NOT NULL DEFAULT TRUE,
  fallback_cost_penalty_bp DECIMAL NOT NULL DEFAULT 500,
  compliance_veto_threshold_bp DECIMAL NOT NULL DEFAULT 5000,
  max_quality_loss_bp DECIMAL NOT NULL DEFAULT 1000,
  description TEXT,
  owner TEXT,
  CONSTRAINT routing_defaults_pkey PRIMARY KEY (single),
  CONSTRAINT routing_defaults_single_check CHECK (single BETWEEN 1 AND 1 AND single = TRUNC(single)),
  CONSTRAINT routing_defaults_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT routing_defaults_unknown_tenant_check CHECK (unknown_tenant IN ('default', 'reject')),
  CONSTRAINT routing_defaults_preset_check CHECK (preset IN ('balanced', 'cost_first', 'quality_first', 'latency_first', 'strict_no_fallback')),
  CONSTRAINT routing_defaults_objective_check CHECK (objective IN ('weighted', 'cheapest')),
  CONSTRAINT routing_defaults_weight_quality_bp_check CHECK (weight_quality_bp BETWEEN 0 AND 10000
  AND weight_quality_bp = TRUNC(weight_quality_bp)),
  CONSTRAINT routing_defaults_weight_latency_bp_check CHECK (weight_latency_bp BETWEEN 0 AND 10000
  AND weight_latency_bp = TRUNC(weight_latency_bp)),
  CONSTRAINT routing_defaults_weight_cost_bp_check CHECK (weight_cost_bp BETWEEN 0 AND 10000 AND weight_cost_bp = TRUNC(weight_cost_bp)),
  CONSTRAINT routing_defaults_min_quality_bp_check CHECK (min_quality_bp IS NULL
  OR (
    min_quality_bp BETWEEN 0 AND 10000 AND min_quality_bp = TRUNC(min_quality_bp)
  )),
  CONSTRAINT routing_defaults_fallback_cost_penalty_bp_check CHECK (fallback_cost_penalty_bp BETWEEN 0 AND 10000
  AND fallback_cost_penalty_bp = TRUNC(fallback_cost_penalty_bp)),
  CONSTRAINT routing_defaults_compliance_veto_threshold_bp_check CHECK (compliance_veto_threshold_bp BETWEEN 0 AND 10000
  AND compliance_veto_threshold_bp = TRUNC(compliance_veto_threshold_bp)),
  CONSTRAINT routing_defaults_max_quality_loss_bp_check CHECK (max_quality_loss_bp BETWEEN 0 AND 10000
  AND max_quality_loss_bp = TRUNC(max_quality_loss_bp)),
  CONSTRAINT routing_defaults_weights_sum CHECK (weight_quality_bp + weight_latency_bp + weight_cost_bp = 10000),
  CONSTRAINT routing_defaults_weights_steps CHECK (weight_quality_bp % 100 = 0
  AND weight_latency_bp % 100 = 0
  AND weight_cost_bp % 100 = 0),
  CONSTRAINT routing_defaults_model_fkey FOREIGN KEY (model) REFERENCES public.models (
    model
  )
);

CREATE TABLE public.default_banned_providers (
  provider TEXT NOT NULL,
  CONSTRAINT default_banned_providers_pkey PRIMARY KEY (provider),
  CONSTRAINT default_banned_providers_provider_check CHECK (provider COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT default_banned_providers_provider_fkey FOREIGN KEY (provider) REFERENCES public.providers (
    provider
  )
);

CREATE TABLE public.default_banned_models (
  model TEXT NOT NULL,
  CONSTRAINT default_banned_models_pkey PRIMARY KEY (model),
  CONSTRAINT default_banned_models_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$')
);

CREATE TABLE public.default_preferred_providers (
  provider TEXT NOT NULL,
  CONSTRAINT default_preferred_providers_pkey PRIMARY KEY (provider),
  CONSTRAINT default_preferred_providers_provider_check CHECK (provider COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT default_preferred_providers_provider_fkey FOREIGN KEY (provider) REFERENCES public.providers (
    provider
  )
);

CREATE TABLE public.default_stacks (
  stack TEXT NOT NULL,
  CONSTRAINT default_stacks_pkey PRIMARY KEY (stack),
  CONSTRAINT default_stacks_stack_check CHECK (stack COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$')
);

CREATE TABLE public.default_routes (
  feature TEXT NOT NULL,
  model TEXT NOT NULL,
  CONSTRAINT default_routes_pkey PRIMARY KEY (feature),
  CONSTRAINT default_routes_feature_check CHECK (feature COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT default_routes_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT default_routes_model_fkey FOREIGN KEY (model) REFERENCES public.models (
    model
  )
);

CREATE TABLE public.routing_scoring (
  single DECIMAL NOT NULL DEFAULT 1,
  cost_best_pusd DECIMAL NOT NULL,
  cost_worst_pusd DECIMAL NOT NULL,
  latency_best_ms DECIMAL NOT NULL,
  latency_worst_ms DECIMAL NOT NULL,
  description TEXT,
  owner TEXT,
  CONSTRAINT routing_scoring_pkey PRIMARY KEY (single),
  CONSTRAINT routing_scoring_single_check CHECK (single BETWEEN 1 AND 1 AND single = TRUNC(single)),
  CONSTRAINT routing_scoring_cost_best_pusd_check CHECK (cost_best_pusd BETWEEN 0 AND 1000000000000
  AND cost_best_pusd = TRUNC(cost_best_pusd)),
  CONSTRAINT routing_scoring_cost_worst_pusd_check CHECK (cost_worst_pusd BETWEEN 0 AND 1000000000000
  AND cost_worst_pusd = TRUNC(cost_worst_pusd)),
  CONSTRAINT routing_scoring_latency_best_ms_check CHECK (latency_best_ms BETWEEN 0 AND 1000000000
  AND latency_best_ms = TRUNC(latency_best_ms)),
  CONSTRAINT routing_scoring_latency_worst_ms_check CHECK (latency_worst_ms BETWEEN 0 AND 1000000000
  AND latency_worst_ms = TRUNC(latency_worst_ms)),
  CONSTRAINT routing_scoring_cost_order CHECK (cost_best_pusd < cost_worst_pusd),
  CONSTRAINT routing_scoring_latency_order CHECK (latency_best_ms < latency_worst_ms)
);

CREATE TABLE public.routing_resilience (
  single DECIMAL NOT NULL DEFAULT 1,
  failures DECIMAL NOT NULL DEFAULT 5,
  window_s DECIMAL NOT NULL DEFAULT 60,
  cooloff_s DECIMAL NOT NULL DEFAULT 60,
  max_attempts DECIMAL NOT NULL DEFAULT 5,
  description TEXT,
  owner TEXT,
  CONSTRAINT routing_resilience_pkey PRIMARY KEY (single),
  CONSTRAINT routing_resilience_single_check CHECK (single BETWEEN 1 AND 1 AND single = TRUNC(single)),
  CONSTRAINT routing_resilience_failures_check CHECK (failures BETWEEN 1 AND 1000000000 AND failures = TRUNC(failures)),
  CONSTRAINT routing_resilience_window_s_check CHECK (window_s BETWEEN 1 AND 1000000000 AND window_s = TRUNC(window_s)),
  CONSTRAINT routing_resilience_cooloff_s_check CHECK (cooloff_s BETWEEN 1 AND 1000000000 AND cooloff_s = TRUNC(cooloff_s)),
  CONSTRAINT routing_resilience_max_attempts_check CHECK (max_attempts BETWEEN 1 AND 1000000000 AND max_attempts = TRUNC(max_attempts))
);

CREATE TABLE public.routing_presets (
  preset TEXT NOT NULL,
  description TEXT,
  owner TEXT,
  CONSTRAINT routing_presets_pkey PRIMARY KEY (preset),
  CONSTRAINT routing_presets_preset_check CHECK (preset IN ('balanced', 'cost_first', 'quality_first', 'latency_first', 'strict_no_fallback'))
);

CREATE TABLE public.tenant_routing_policy (
  tenant TEXT NOT NULL,
  preset TEXT NOT NULL DEFAULT 'balanced',
  objective TEXT NOT NULL DEFAULT 'weighted',
  weight_quality_bp DECIMAL NOT NULL DEFAULT 4000,
  weight_latency_bp DECIMAL NOT NULL DEFAULT 3000,
  weight_cost_bp DECIMAL NOT NULL DEFAULT 3000,
  min_quality_bp DECIMAL,
  fallback_enabled BOOLEAN NOT NULL DEFAULT TRUE,
  fallback_cost_penalty_bp DECIMAL NOT NULL DEFAULT 500,
  compliance_veto_threshold_bp DECIMAL NOT NULL DEFAULT 5000,
  max_quality_loss_bp DECIMAL NOT NULL DEFAULT 1000,
  description TEXT,
  owner TEXT,
  CONSTRAINT tenant_routing_policy_pkey PRIMARY KEY (tenant),
  CONSTRAINT tenant_routing_policy_tenant_check CHECK (tenant COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT tenant_routing_policy_preset_check CHECK (preset IN ('balanced', 'cost_first', 'quality_first', 'latency_first', 'strict_no_fallback')),
  CONSTRAINT tenant_routing_policy_objective_check CHECK (objective IN ('weighted', 'cheapest')),
  CONSTRAINT tenant_routing_policy_weight_quality_bp_check CHECK (weight_quality_bp BETWEEN 0 AND 10000
  AND weight_quality_bp = TRUNC(weight_quality_bp)),
  CONSTRAINT tenant_routing_policy_weight_latency_bp_check CHECK (weight_latency_bp BETWEEN 0 AND 10000
  AND weight_latency_bp = TRUNC(weight_latency_bp)),
  CONSTRAINT tenant_routing_policy_weight_cost_bp_check CHECK (weight_cost_bp BETWEEN 0 AND 10000 AND weight_cost_bp = TRUNC(weight_cost_bp)),
  CONSTRAINT tenant_routing_policy_min_quality_bp_check CHECK (min_quality_bp IS NULL
  OR (
    min_quality_bp BETWEEN 0 AND 10000 AND min_quality_bp = TRUNC(min_quality_bp)
  )),
  CONSTRAINT tenant_routing_policy_fallback_cost_penalty_bp_check CHECK (fallback_cost_penalty_bp BETWEEN 0 AND 10000
  AND fallback_cost_penalty_bp = TRUNC(fallback_cost_penalty_bp)),
  CONSTRAINT tenant_routing_policy_compliance_veto_threshold_bp_check CHECK (compliance_veto_threshold_bp BETWEEN 0 AND 10000
  AND compliance_veto_threshold_bp = TRUNC(compliance_veto_threshold_bp)),
  CONSTRAINT tenant_routing_policy_max_quality_loss_bp_check CHECK (max_quality_loss_bp BETWEEN 0 AND 10000
  AND max_quality_loss_bp = TRUNC(max_quality_loss_bp)),
  CONSTRAINT tenant_routing_policy_weights_sum CHECK (weight_quality_bp + weight_latency_bp + weight_cost_bp = 10000),
  CONSTRAINT tenant_routing_policy_weights_steps CHECK (weight_quality_bp % 100 = 0
  AND weight_latency_bp % 100 = 0
  AND weight_cost_bp % 100 = 0),
  CONSTRAINT tenant_routing_policy_preset_fkey FOREIGN KEY (preset) REFERENCES public.routing_presets (
    preset
  )
);

CREATE TABLE public.tenant_banned_providers (
  tenant TEXT NOT NULL,
  provider TEXT NOT NULL,
  CONSTRAINT tenant_banned_providers_pkey PRIMARY KEY (tenant, provider),
  CONSTRAINT tenant_banned_providers_tenant_check CHECK (tenant COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT tenant_banned_providers_provider_check CHECK (provider COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT tenant_banned_providers_tenant_fkey FOREIGN KEY (tenant) REFERENCES public.tenant_routing_policy (
    tenant
  ) ON DELETE CASCADE,
  CONSTRAINT tenant_banned_providers_provider_fkey FOREIGN KEY (provider) REFERENCES public.providers (
    provider
  )
);

CREATE TABLE public.tenant_banned_models (
  tenant TEXT NOT NULL,
  model TEXT NOT NULL,
  CONSTRAINT tenant_banned_models_pkey PRIMARY KEY (tenant, model),
  CONSTRAINT tenant_banned_models_tenant_check CHECK (tenant COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT tenant_banned_models_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT tenant_banned_models_tenant_fkey FOREIGN KEY (tenant) REFERENCES public.tenant_routing_policy (
    tenant
  ) ON DELETE CASCADE
);

CREATE TABLE public.tenant_preferred_providers (
  tenant TEXT NOT NULL,
  provider TEXT NOT NULL,
  CONSTRAINT tenant_preferred_providers_pkey PRIMARY KEY (tenant, provider),
  CONSTRAINT tenant_preferred_providers_tenant_check CHECK (tenant COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT tenant_preferred_providers_provider_check CHECK (provider COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT tenant_preferred_providers_tenant_fkey FOREIGN KEY (tenant) REFERENCES public.tenant_routing_policy (
    tenant
  ) ON DELETE CASCADE,
  CONSTRAINT tenant_preferred_providers_provider_fkey FOREIGN KEY (provider) REFERENCES public.providers (
    provider
  )
);

CREATE TABLE public.tenant_stacks (
  tenant TEXT NOT NULL,
  stack TEXT NOT NULL,
  CONSTRAINT tenant_stacks_pkey PRIMARY KEY (tenant, stack),
  CONSTRAINT tenant_stacks_tenant_check CHECK (tenant COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT tenant_stacks_stack_check CHECK (stack COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT tenant_stacks_tenant_fkey FOREIGN KEY (tenant) REFERENCES public.tenant_routing_policy (
    tenant
  ) ON DELETE CASCADE
);

CREATE TABLE public.preference_floors (
  floor TEXT NOT NULL,
  quality_bp DECIMAL NOT NULL,
  CONSTRAINT preference_floors_pkey PRIMARY KEY (floor),
  CONSTRAINT preference_floors_floor_check CHECK (floor COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT preference_floors_quality_bp_check CHECK (quality_bp BETWEEN 0 AND 10000 AND quality_bp = TRUNC(quality_bp))
);

CREATE TABLE public.routing_preferences (
  single DECIMAL NOT NULL DEFAULT 1,
  default_preference TEXT NOT NULL,
  dial_quality_bp DECIMAL NOT NULL,
  dial_balanced_bp DECIMAL NOT NULL,
  dial_cost_bp DECIMAL NOT NULL,
  clamp_low TEXT NOT NULL,
  clamp_high TEXT NOT NULL,
  gate_env TEXT,
  description TEXT,
  owner TEXT,
  CONSTRAINT routing_preferences_pkey PRIMARY KEY (single),
  CONSTRAINT routing_preferences_single_check CHECK (single BETWEEN 1 AND 1 AND single = TRUNC(single)),
  CONSTRAINT routing_preferences_default_preference_check CHECK (default_preference IN ('quality', 'balanced', 'cost')),
  CONSTRAINT routing_preferences_dial_quality_bp_check CHECK (dial_quality_bp BETWEEN -10000 AND 10000
  AND dial_quality_bp = TRUNC(dial_quality_bp)),
  CONSTRAINT routing_preferences_dial_balanced_bp_check CHECK (dial_balanced_bp BETWEEN -10000 AND 10000
  AND dial_balanced_bp = TRUNC(dial_balanced_bp)),
  CONSTRAINT routing_preferences_dial_cost_bp_check CHECK (dial_cost_bp BETWEEN -10000 AND 10000 AND dial_cost_bp = TRUNC(dial_cost_bp)),
  CONSTRAINT routing_preferences_clamp_low_check CHECK (clamp_low COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT routing_preferences_clamp_high_check CHECK (clamp_high COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT routing_preferences_gate_env_check CHECK (gate_env IS NULL OR (
    gate_env COLLATE "C" ~ '^[A-Za-z_][A-Za-z0-9_]*$'
  )),
  CONSTRAINT routing_preferences_default_delta CHECK ((
    default_preference <> 'quality' OR dial_quality_bp = 0
  )
  AND (
    default_preference <> 'balanced' OR dial_balanced_bp = 0
  )
  AND (
    default_preference <> 'cost' OR dial_cost_bp = 0
  )),
  CONSTRAINT routing_preferences_monotone CHECK (dial_quality_bp >= 0 AND dial_cost_bp <= 0),
  CONSTRAINT routing_preferences_clamp_low_fkey FOREIGN KEY (clamp_low) REFERENCES public.preference_floors (
    floor
  ),
  CONSTRAINT routing_preferences_clamp_high_fkey FOREIGN KEY (clamp_high) REFERENCES public.preference_floors (
    floor
  )
);

CREATE TABLE public.model_experiment (
  experiment TEXT NOT NULL,
  public_model_id TEXT NOT NULL,
  status TEXT NOT NULL,
  archived BOOLEAN NOT NULL DEFAULT FALSE,
  salt TEXT NOT NULL,
  on_pause TEXT NOT NULL DEFAULT 'reject',
  winner TEXT,
  started_at TIMESTAMPTZ,
  description TEXT,
  owner TEXT,
  CONSTRAINT model_experiment_pkey PRIMARY KEY (experiment),
  CONSTRAINT model_experiment_experiment_check CHECK (experiment COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_experiment_public_model_id_check CHECK (public_model_id COLLATE "C" ~ '^[a-z0-9]([a-z0-9._/-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_experiment_status_check CHECK (status IN ('draft', 'active', 'paused', 'completed')),
  CONSTRAINT model_experiment_salt_check CHECK (REPLACE(salt, ':', '') = salt),
  CONSTRAINT model_experiment_on_pause_check CHECK (on_pause IN ('reject', 'control')),
  CONSTRAINT model_experiment_winner_check CHECK (winner IS NULL
  OR (
    winner COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )),
  CONSTRAINT model_experiment_archived_not_active CHECK (NOT (
    archived AND status = 'active'
  )),
  CONSTRAINT model_experiment_winner_completed CHECK (winner IS NULL OR status = 'completed')
);

CREATE TABLE public.model_experiment_variant (
  experiment TEXT NOT NULL,
  variant TEXT NOT NULL,
  position DECIMAL NOT NULL,
  label TEXT,
  weight_bp DECIMAL NOT NULL,
  CONSTRAINT model_experiment_variant_pkey PRIMARY KEY (experiment, variant),
  CONSTRAINT model_experiment_variant_experiment_check CHECK (experiment COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_experiment_variant_variant_check CHECK (variant COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_experiment_variant_position_check CHECK (position BETWEEN 0 AND 1000000000 AND position = TRUNC(position)),
  CONSTRAINT model_experiment_variant_weight_bp_check CHECK (weight_bp BETWEEN 1 AND 10000 AND weight_bp = TRUNC(weight_bp)),
  CONSTRAINT model_experiment_variant_experiment_fkey FOREIGN KEY (experiment) REFERENCES public.model_experiment (
    experiment
  )
);

CREATE TABLE public.model_experiment_variant_slot (
  experiment TEXT NOT NULL,
  variant TEXT NOT NULL,
  first_slot DECIMAL NOT NULL,
  last_slot DECIMAL NOT NULL,
  CONSTRAINT model_experiment_variant_slot_pkey PRIMARY KEY (experiment, first_slot),
  CONSTRAINT model_experiment_variant_slot_experiment_check CHECK (experiment COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_experiment_variant_slot_variant_check CHECK (variant COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_experiment_variant_slot_first_slot_check CHECK (first_slot BETWEEN 0 AND 9999 AND first_slot = TRUNC(first_slot)),
  CONSTRAINT model_experiment_variant_slot_last_slot_check CHECK (last_slot BETWEEN 0 AND 9999 AND last_slot = TRUNC(last_slot)),
  CONSTRAINT model_experiment_variant_slot_order CHECK (first_slot <= last_slot),
  CONSTRAINT model_experiment_variant_slot_experiment_variant_fkey FOREIGN KEY (experiment, variant) REFERENCES public.model_experiment_variant (
    experiment,
    variant
  )
);

CREATE TABLE public.model_experiment_variant_version (
  id BIGINT GENERATED ALWAYS AS IDENTITY,
  experiment TEXT NOT NULL,
  variant TEXT NOT NULL,
  version DECIMAL NOT NULL,
  model TEXT NOT NULL,
  api_key_env TEXT,
  withdrawn BOOLEAN NOT NULL DEFAULT FALSE,
  serving_model TEXT GENERATED ALWAYS AS (CASE WHEN withdrawn THEN NULL ELSE model END) STORED,
  CONSTRAINT model_experiment_variant_version_pkey PRIMARY KEY (id),
  CONSTRAINT model_experiment_variant_version_experiment_check CHECK (experiment COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_experiment_variant_version_variant_check CHECK (variant COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_experiment_variant_version_version_check CHECK (version BETWEEN 1 AND 1000000000 AND version = TRUNC(version)),
  CONSTRAINT model_experiment_variant_version_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_experiment_variant_version_api_key_env_check CHECK (api_key_env IS NULL OR (
    api_key_env COLLATE "C" ~ '^[A-Za-z_][A-Za-z0-9_]*$'
  )),
  CONSTRAINT model_experiment_variant_version_experiment_variant_fkey FOREIGN KEY (experiment, variant) REFERENCES public.model_experiment_variant (
    experiment,
    variant
  ),
  CONSTRAINT model_experiment_variant_version_serving_model_fkey FOREIGN KEY (serving_model) REFERENCES public.models (
    model
  )
);

CREATE TABLE public.model_promotions (
  id BIGINT GENERATED ALWAYS AS IDENTITY,
  feature TEXT NOT NULL,
  from_model TEXT,
  to_model TEXT,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL DEFAULT SESSION_USER,
  happened_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  migration TEXT NOT NULL,
  CONSTRAINT model_promotions_pkey PRIMARY KEY (id),
  CONSTRAINT model_promotions_feature_check CHECK (feature COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_promotions_from_model_check CHECK (from_model IS NULL
  OR (
    from_model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )),
  CONSTRAINT model_promotions_to_model_check CHECK (to_model IS NULL
  OR (
    to_model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )),
  CONSTRAINT model_promotions_kind_check CHECK (kind IN ('initial', 'promotion', 'rollback', 'swap', 'removed')),
  CONSTRAINT model_promotions_from CHECK ((
    kind = 'initial'
  ) = (
    from_model IS NULL
  )),
  CONSTRAINT model_promotions_to CHECK ((
    kind = 'removed'
  ) = (
    to_model IS NULL
  )),
  CONSTRAINT model_promotions_two_models CHECK (from_model IS NULL OR to_model IS NULL OR from_model <> to_model)
);

CREATE TABLE public.provider_health_checks (
  id BIGINT GENERATED ALWAYS AS IDENTITY,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  outcome TEXT NOT NULL,
  latency_ms DECIMAL,
  checked_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT provider_health_checks_pkey PRIMARY KEY (id),
  CONSTRAINT provider_health_checks_provider_check CHECK (provider COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT provider_health_checks_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT provider_health_checks_outcome_check CHECK (outcome IN ('ok', 'retriable_error', 'terminal_error', 'rate_limited', 'timeout')),
  CONSTRAINT provider_health_checks_latency_ms_check CHECK (latency_ms IS NULL
  OR (
    latency_ms BETWEEN 0 AND 1000000000 AND latency_ms = TRUNC(latency_ms)
  ))
);

CREATE TABLE public.circuit_breakers (
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'closed',
  consecutive_failures DECIMAL NOT NULL DEFAULT 0,
  trip_count DECIMAL NOT NULL DEFAULT 0,
  opened_at TIMESTAMPTZ,
  half_open_at TIMESTAMPTZ,
  closed_at TIMESTAMPTZ,
  last_failure_at TIMESTAMPTZ,
  last_success_at TIMESTAMPTZ,
  CONSTRAINT circuit_breakers_pkey PRIMARY KEY (provider, model),
  CONSTRAINT circuit_breakers_provider_check CHECK (provider COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT circuit_breakers_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT circuit_breakers_state_check CHECK (state IN ('closed', 'open', 'half_open')),
  CONSTRAINT circuit_breakers_consecutive_failures_check CHECK (consecutive_failures BETWEEN 0 AND 1000000000
  AND consecutive_failures = TRUNC(consecutive_failures)),
  CONSTRAINT circuit_breakers_trip_count_check CHECK (trip_count BETWEEN 0 AND 1000000000 AND trip_count = TRUNC(trip_count))
);

CREATE TABLE public.routing_outcomes (
  id BIGINT GENERATED ALWAYS AS IDENTITY,
  request_id TEXT,
  inference_id TEXT,
  feature TEXT,
  requested_model TEXT,
  tenant TEXT,
  route TEXT,
  source TEXT NOT NULL,
  status TEXT NOT NULL,
  provider TEXT,
  model TEXT,
  attempts DECIMAL NOT NULL DEFAULT 0,
  created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT routing_outcomes_pkey PRIMARY KEY (id),
  CONSTRAINT routing_outcomes_route_check CHECK (route IS NULL
  OR (
    route IN ('feature', 'target', 'logical', 'experiment', 'direct')
  )),
  CONSTRAINT routing_outcomes_source_check CHECK (source IN ('table', 'default_route', 'default_model', 'last_resort')),
  CONSTRAINT routing_outcomes_status_check CHECK (status IN (
    'ok',
    'rejected_policy',
    'rejected_unavailable',
    'rejected_floor',
    'rejected_cost',
    'rejected_experiment',
    'unknown_model',
    'succeeded',
    'fell_back',
    'failed'
  )),
  CONSTRAINT routing_outcomes_provider_check CHECK (provider IS NULL
  OR (
    provider COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )),
  CONSTRAINT routing_outcomes_model_check CHECK (model IS NULL
  OR (
    model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )),
  CONSTRAINT routing_outcomes_attempts_check CHECK (attempts BETWEEN 0 AND 1000000000 AND attempts = TRUNC(attempts)),
  CONSTRAINT routing_outcomes_rejected_without_answer CHECK (inference_id IS NULL
  OR (
    status <> 'unknown_model' AND SUBSTRING(status FROM 1 FOR 9) <> 'rejected_'
  ))
);

ALTER TABLE public.model_experiment ADD CONSTRAINT model_experiment_experiment_winner_fkey FOREIGN KEY (experiment, winner) REFERENCES public.model_experiment_variant (experiment, variant) DEFERRABLE INITIALLY DEFERRED;

COMMENT ON TABLE public.providers IS 'Hosts of models.';

COMMENT ON COLUMN public.providers.provider IS 'The provider''s name.';

COMMENT ON COLUMN public.providers.adapter IS 'The protocol your service speaks to it: anthropic, openai, openai_compatible, gemini, bedrock … Handed on as it is.';

COMMENT ON COLUMN public.providers.base_url IS 'Absolute base URL; https, or http for this machine itself (localhost).';

COMMENT ON COLUMN public.providers.chat_path IS 'Path of the chat call, joined to base_url with exactly one slash.';

COMMENT ON COLUMN public.providers.api_key_env IS 'Name of the environment variable that holds the key. Never the key itself.';

COMMENT ON COLUMN public.providers.stack IS 'Region word of your choice. Tenants (`stacks: [eu]`) and callers (`stack: eu`, `avoid-china`) filter by it, so it never begins with avoid-.';

COMMENT ON COLUMN public.providers.description IS 'What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision.';

COMMENT ON COLUMN public.providers.owner IS 'Who answers for it: a team, a person, a mailbox. Changes no decision.';

COMMENT ON TABLE public.models IS 'Deployable models, each at one provider.';

COMMENT ON COLUMN public.models.model IS 'The model''s name: what decisions and audits record.';

COMMENT ON COLUMN public.models.provider IS 'The provider that hosts it, declared under `providers`.';

COMMENT ON COLUMN public.models.provider_model_name IS 'The name that goes upstream. Default: the slug.';

COMMENT ON COLUMN public.models.logical_slug IS 'Models that share one are the same model on several hosts; a caller who names it gets the host that ranks best.';

COMMENT ON COLUMN public.models.quality_bp IS 'How good its answers are, 0 to 1, at most four decimals. Compared with the quality floors, and weighed in the score. In basis points.';

COMMENT ON COLUMN public.models.input_pusd IS 'US dollars per million input tokens, at most six decimals. In micro-dollars.';

COMMENT ON COLUMN public.models.output_pusd IS 'US dollars per million output tokens, at most six decimals. In micro-dollars.';

COMMENT ON COLUMN public.models.output_ratio_bp IS 'Expected output tokens per input token, for its blended cost (input price + output_ratio x output price). Default 0.5. In basis points.';

COMMENT ON COLUMN public.models.latency_ms IS 'Median latency to expect, in whole milliseconds.';

COMMENT ON COLUMN public.models.context_window IS 'Most tokens of input and output together.';

COMMENT ON COLUMN public.models.min_output_tokens IS 'Fewest output tokens a caller must allow, for models that think before they answer. Default 0.';

COMMENT ON COLUMN public.models.compliance_bp IS 'Your compliance score, 0 to 1: a policy''s compliance_veto_threshold shuts out what lies below it. Default 1. In basis points.';

COMMENT ON COLUMN public.models.active IS 'false takes it out of every route. Default true.';

COMMENT ON COLUMN public.models.listed IS 'false: only features and experiments that name it reach it, no target and no caller. Default true.';

COMMENT ON COLUMN public.models.description IS 'What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision.';

COMMENT ON COLUMN public.models.owner IS 'Who answers for it: a team, a person, a mailbox. Changes no decision.';

COMMENT ON TABLE public.model_capabilities IS 'What models can do, a row for each word.';

COMMENT ON COLUMN public.model_capabilities.model IS 'The model.';

COMMENT ON COLUMN public.model_capabilities.capability IS 'What it can do, in words of your choice. A caller''s `stream` needs streaming, `tools` needs tools. Default none.';

COMMENT ON TABLE public.targets IS 'Names callers send as `model` to be routed automatically.';

COMMENT ON COLUMN public.targets.target IS 'The target''s name.';

COMMENT ON COLUMN public.targets.candidates IS 'The models it ranks: all, {models: [...]}, {stacks: [...]} or {logical: slug}. Active, listed models only.';

COMMENT ON COLUMN public.targets.logical_slug IS 'All hosts of this logical model.';

COMMENT ON COLUMN public.targets.min_quality_bp IS 'Quality floor of this target, 0 to 1. Default none. In basis points.';

COMMENT ON COLUMN public.targets.description IS 'What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision.';

COMMENT ON COLUMN public.targets.owner IS 'Who answers for it: a team, a person, a mailbox. Changes no decision.';

COMMENT ON TABLE public.target_aliases IS 'Other names callers may send for a target.';

COMMENT ON COLUMN public.target_aliases.alias IS 'Other names callers may send; they may hold `/`. Default none.';

COMMENT ON COLUMN public.target_aliases.target IS 'The target.';

COMMENT ON TABLE public.target_models IS 'The models of a target that lists them.';

COMMENT ON COLUMN public.target_models.target IS 'The target.';

COMMENT ON COLUMN public.target_models.model IS 'Exactly these models.';

COMMENT ON TABLE public.target_stacks IS 'The stacks of a target that selects by them.';

COMMENT ON COLUMN public.target_stacks.target IS 'The target.';

COMMENT ON COLUMN public.target_stacks.stack IS 'All models of the providers in these stacks.';

COMMENT ON TABLE public.features IS 'Call sites in the product.';

COMMENT ON COLUMN public.features.feature IS 'The feature''s name.';

COMMENT ON COLUMN public.features.then_target IS 'The target whose ranking continues the chain after the fallbacks. Default none.';

COMMENT ON COLUMN public.features.min_quality_bp IS 'Quality floor of this feature, 0 to 1. Default none; never inherited from `then`. In basis points.';

COMMENT ON COLUMN public.features.description IS 'What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision.';

COMMENT ON COLUMN public.features.owner IS 'Who answers for it: a team, a person, a mailbox. Changes no decision.';

COMMENT ON TABLE public.feature_models IS 'The registry: each model''s status in a feature.';

COMMENT ON COLUMN public.feature_models.feature IS 'The feature.';

COMMENT ON COLUMN public.feature_models.model IS 'The model.';

COMMENT ON COLUMN public.feature_models.status IS 'primary serves (exactly one per feature); shadow is a candidate for it; retired is history and never serves.';

COMMENT ON COLUMN public.feature_models.position IS 'The place in the declared order of the feature''s models, from 0.';

COMMENT ON COLUMN public.feature_models.sample_bp IS 'Shadow only: the share of requests mirrored to it, above 0, at most 1. Without it nothing is mirrored. In basis points.';

COMMENT ON COLUMN public.feature_models.max_daily_cents IS 'Shadow only, with sample: most US dollars a day the service that mirrors may spend. In cents.';

COMMENT ON TABLE public.feature_fallbacks IS 'Models tried after a feature''s primary, in declared order.';

COMMENT ON COLUMN public.feature_fallbacks.feature IS 'The feature.';

COMMENT ON COLUMN public.feature_fallbacks.position IS 'The place in the declared order of the feature''s fallbacks, from 0.';

COMMENT ON COLUMN public.feature_fallbacks.model IS 'Models tried after the primary, in this order. Default none.';

COMMENT ON TABLE public.routing_defaults IS 'What answers below the registry, and the policy of requests without a tenant.';

COMMENT ON COLUMN public.routing_defaults.single IS 'Always 1: there is one row of the defaults.';

COMMENT ON COLUMN public.routing_defaults.model IS 'The model that answers when `routes` names none for the feature.';

COMMENT ON COLUMN public.routing_defaults.unknown_tenant IS 'What an undeclared tenant gets: default (the default policy) or reject (no answer). Default `default`.';

COMMENT ON COLUMN public.routing_defaults.preset IS 'The preset of the default policy.';

COMMENT ON COLUMN public.routing_defaults.objective IS 'weighted ranks by score; cheapest takes the cheapest model that clears the floor. Default: the preset''s, else weighted.';

COMMENT ON COLUMN public.routing_defaults.weight_quality_bp IS 'Share of quality in the score, in basis points.';

COMMENT ON COLUMN public.routing_defaults.weight_latency_bp IS 'Share of latency in the score, in basis points.';

COMMENT ON COLUMN public.routing_defaults.weight_cost_bp IS 'Share of cost in the score, in basis points.';

COMMENT ON COLUMN public.routing_defaults.min_quality_bp IS 'Quality floor, 0 to 1; the higher one of this and the feature''s or target''s counts. Default: the preset''s, else none. In basis points.';

COMMENT ON COLUMN public.routing_defaults.fallback_enabled IS 'false cuts every chain to its pick, and for a feature only the primary is ever tried. Default: the preset''s, else true.';

COMMENT ON COLUMN public.routing_defaults.fallback_cost_penalty_bp IS 'Percent by which cost counts more when fallbacks are ranked, 0 to 100. Default: the preset''s, else 5.00. In basis points.';

COMMENT ON COLUMN public.routing_defaults.compliance_veto_threshold_bp IS 'Least compliance a model needs, 0 to 1; nothing relaxes it. Default: the preset''s, else 0.50. In basis points.';

COMMENT ON COLUMN public.routing_defaults.max_quality_loss_bp IS 'How much quality a caller''s latency budget may cost, 0 to 1. Default: the preset''s, else 0.10. In basis points.';

COMMENT ON COLUMN public.routing_defaults.description IS 'What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision.';

COMMENT ON COLUMN public.routing_defaults.owner IS 'Who answers for it: a team, a person, a mailbox. Changes no decision.';

COMMENT ON TABLE public.default_banned_providers IS 'Providers that the default policy never uses.';

COMMENT ON COLUMN public.default_banned_providers.provider IS 'The provider that is banned.';

COMMENT ON TABLE public.default_banned_models IS 'Models that the default policy never uses.';

COMMENT ON COLUMN public.default_banned_models.model IS 'A model, or a logical model, that is banned.';

COMMENT ON TABLE public.default_preferred_providers IS 'Providers that the default policy ranks before all others, as one group.';

COMMENT ON COLUMN public.default_preferred_providers.provider IS 'The provider that is preferred.';

COMMENT ON TABLE public.default_stacks IS 'The only stacks that the default policy uses; without a row, all.';

COMMENT ON COLUMN public.default_stacks.stack IS 'A region word, as providers declare it.';

COMMENT ON TABLE public.default_routes IS 'The model per feature that answers when the registry cannot.';

COMMENT ON COLUMN public.default_routes.feature IS 'The feature, declared or not.';

COMMENT ON COLUMN public.default_routes.model IS 'The model per feature that answers when the registry cannot: no usable table, or a feature that is not declared. Default none.';

COMMENT ON TABLE public.routing_scoring IS 'The fixed scales that scores are measured on.';

COMMENT ON COLUMN public.routing_scoring.single IS 'Always 1: there is one row of the scales.';

COMMENT ON COLUMN public.routing_scoring.cost_best_pusd IS 'The blended cost that scores 1 (as does all below it), in US dollars. In micro-dollars.';

COMMENT ON COLUMN public.routing_scoring.cost_worst_pusd IS 'The blended cost that scores 0 (as does all above it), in US dollars; above best. In micro-dollars.';

COMMENT ON COLUMN public.routing_scoring.latency_best_ms IS 'The latency in milliseconds that scores 1.';

COMMENT ON COLUMN public.routing_scoring.latency_worst_ms IS 'The latency in milliseconds that scores 0; above best.';

COMMENT ON COLUMN public.routing_scoring.description IS 'What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision.';

COMMENT ON COLUMN public.routing_scoring.owner IS 'Who answers for it: a team, a person, a mailbox. Changes no decision.';

COMMENT ON TABLE public.routing_resilience IS 'How services try and give up.';

COMMENT ON COLUMN public.routing_resilience.single IS 'Always 1: there is one row of the settings.';

COMMENT ON COLUMN public.routing_resilience.failures IS 'Failures within the window that open a model''s circuit. Default 5.';

COMMENT ON COLUMN public.routing_resilience.window_s IS 'The window in which failures count, in seconds. Default 60.';

COMMENT ON COLUMN public.routing_resilience.cooloff_s IS 'How long an open circuit stays open, in seconds. Default 60.';

COMMENT ON COLUMN public.routing_resilience.max_attempts IS 'Most models of one chain: every chain is cut to it. Default 5.';

COMMENT ON COLUMN public.routing_resilience.description IS 'What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision.';

COMMENT ON COLUMN public.routing_resilience.owner IS 'Who answers for it: a team, a person, a mailbox. Changes no decision.';

COMMENT ON TABLE public.routing_presets IS 'The five presets; a tenant''s row already holds what its preset says.';

COMMENT ON COLUMN public.routing_presets.preset IS 'The preset''s name.';

COMMENT ON COLUMN public.routing_presets.description IS 'What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision.';

COMMENT ON COLUMN public.routing_presets.owner IS 'Who answers for it: a team, a person, a mailbox. Changes no decision.';

COMMENT ON TABLE public.tenant_routing_policy IS 'The effective policy of each tenant: its own values, completed by its preset.';

COMMENT ON COLUMN public.tenant_routing_policy.tenant IS 'The tenant.';

COMMENT ON COLUMN public.tenant_routing_policy.preset IS 'The preset that completes what is left out here. Default balanced.';

COMMENT ON COLUMN public.tenant_routing_policy.objective IS 'weighted ranks by score; cheapest takes the cheapest model that clears the floor. Default: the preset''s, else weighted.';

COMMENT ON COLUMN public.tenant_routing_policy.weight_quality_bp IS 'Share of quality in the score, in basis points.';

COMMENT ON COLUMN public.tenant_routing_policy.weight_latency_bp IS 'Share of latency in the score, in basis points.';

COMMENT ON COLUMN public.tenant_routing_policy.weight_cost_bp IS 'Share of cost in the score, in basis points.';

COMMENT ON COLUMN public.tenant_routing_policy.min_quality_bp IS 'Quality floor, 0 to 1; the higher one of this and the feature''s or target''s counts. Default: the preset''s, else none. In basis points.';

COMMENT ON COLUMN public.tenant_routing_policy.fallback_enabled IS 'false cuts every chain to its pick, and for a feature only the primary is ever tried. Default: the preset''s, else true.';

COMMENT ON COLUMN public.tenant_routing_policy.fallback_cost_penalty_bp IS 'Percent by which cost counts more when fallbacks are ranked, 0 to 100. Default: the preset''s, else 5.00. In basis points.';

COMMENT ON COLUMN public.tenant_routing_policy.compliance_veto_threshold_bp IS 'Least compliance a model needs, 0 to 1; nothing relaxes it. Default: the preset''s, else 0.50. In basis points.';

COMMENT ON COLUMN public.tenant_routing_policy.max_quality_loss_bp IS 'How much quality a caller''s latency budget may cost, 0 to 1. Default: the preset''s, else 0.10. In basis points.';

COMMENT ON COLUMN public.tenant_routing_policy.description IS 'What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision.';

COMMENT ON COLUMN public.tenant_routing_policy.owner IS 'Who answers for it: a team, a person, a mailbox. Changes no decision.';

COMMENT ON TABLE public.tenant_banned_providers IS 'Providers that a tenant never uses.';

COMMENT ON COLUMN public.tenant_banned_providers.tenant IS 'The tenant.';

COMMENT ON COLUMN public.tenant_banned_providers.provider IS 'The provider that is banned.';

COMMENT ON TABLE public.tenant_banned_models IS 'Models that a tenant never uses.';

COMMENT ON COLUMN public.tenant_banned_models.tenant IS 'The tenant.';

COMMENT ON COLUMN public.tenant_banned_models.model IS 'A model, or a logical model, that is banned.';

COMMENT ON TABLE public.tenant_preferred_providers IS 'Providers that a tenant ranks before all others, as one group.';

COMMENT ON COLUMN public.tenant_preferred_providers.tenant IS 'The tenant.';

COMMENT ON COLUMN public.tenant_preferred_providers.provider IS 'The provider that is preferred.';

COMMENT ON TABLE public.tenant_stacks IS 'The only stacks that a tenant uses; without a row, all.';

COMMENT ON COLUMN public.tenant_stacks.tenant IS 'The tenant.';

COMMENT ON COLUMN public.tenant_stacks.stack IS 'A region word, as providers declare it.';

COMMENT ON TABLE public.preference_floors IS 'Quality floors by name.';

COMMENT ON COLUMN public.preference_floors.floor IS 'The floor''s name.';

COMMENT ON COLUMN public.preference_floors.quality_bp IS 'Quality floors by name, 0 to 1. `good` is the floor of a request for which nothing declares one; the clamp names two of them. In basis points.';

COMMENT ON TABLE public.routing_preferences IS 'The caller''s dial between quality and cost; without a row there is none.';

COMMENT ON COLUMN public.routing_preferences.single IS 'Always 1: there is one row of the dial.';

COMMENT ON COLUMN public.routing_preferences.default_preference IS 'The preference of a request that names none. It leaves the floor untouched: its entry of the dial is 0.';

COMMENT ON COLUMN public.routing_preferences.dial_quality_bp IS 'What preference quality adds to the floor, -1 to 1; not below the default preference''s. In basis points.';

COMMENT ON COLUMN public.routing_preferences.dial_balanced_bp IS 'What preference balanced adds to the floor, -1 to 1. In basis points.';

COMMENT ON COLUMN public.routing_preferences.dial_cost_bp IS 'What preference cost adds to the floor, -1 to 1; not above the default preference''s. In basis points.';

COMMENT ON COLUMN public.routing_preferences.clamp_low IS 'The floor below which the dial moves nothing.';

COMMENT ON COLUMN public.routing_preferences.clamp_high IS 'The floor above which the dial moves nothing.';

COMMENT ON COLUMN public.routing_preferences.gate_env IS 'The environment variable of the service that opens the dial when it is "1"; until then every preference behaves as the default. Default: always shut.';

COMMENT ON COLUMN public.routing_preferences.description IS 'What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision.';

COMMENT ON COLUMN public.routing_preferences.owner IS 'Who answers for it: a team, a person, a mailbox. Changes no decision.';

COMMENT ON TABLE public.model_experiment IS 'A/B tests, each on one public model id.';

COMMENT ON COLUMN public.model_experiment.experiment IS 'The experiment''s name.';

COMMENT ON COLUMN public.model_experiment.public_model_id IS 'The id callers send as `model`; it may hold `/`.';

COMMENT ON COLUMN public.model_experiment.status IS 'draft (answers nobody), active, paused (see on_pause) or completed (final; answers only with a winner).';

COMMENT ON COLUMN public.model_experiment.archived IS 'true takes it out of routing; never while active. Default false.';

COMMENT ON COLUMN public.model_experiment.salt IS 'What the units'' slots are drawn with; no two experiments share one, and it never changes once active. Default: the slug.';

COMMENT ON COLUMN public.model_experiment.on_pause IS 'What a paused experiment does: reject every call, or serve control, the first declared variant. Default reject.';

COMMENT ON COLUMN public.model_experiment.winner IS 'Completed only: the variant that from then on serves everyone.';

COMMENT ON COLUMN public.model_experiment.started_at IS 'When it was first active; kept when it is activated again.';

COMMENT ON COLUMN public.model_experiment.description IS 'What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision.';

COMMENT ON COLUMN public.model_experiment.owner IS 'Who answers for it: a team, a person, a mailbox. Changes no decision.';

COMMENT ON TABLE public.model_experiment_variant IS 'The arms of experiments.';

COMMENT ON COLUMN public.model_experiment_variant.experiment IS 'The experiment.';

COMMENT ON COLUMN public.model_experiment_variant.variant IS 'The variant''s id.';

COMMENT ON COLUMN public.model_experiment_variant.position IS 'The place in the declared order of the variants; the first is the control, from 0.';

COMMENT ON COLUMN public.model_experiment_variant.label IS 'What people read; the id is what counts.';

COMMENT ON COLUMN public.model_experiment_variant.weight_bp IS 'Share of units (users) it gets, above 0, at most four decimals; those of all variants add up to exactly 1. In basis points.';

COMMENT ON TABLE public.model_experiment_variant_slot IS 'Slots a variant owns, where the author says which.';

COMMENT ON COLUMN public.model_experiment_variant_slot.experiment IS 'The experiment.';

COMMENT ON COLUMN public.model_experiment_variant_slot.variant IS 'The variant''s id.';

COMMENT ON COLUMN public.model_experiment_variant_slot.first_slot IS 'The first slot of the range.';

COMMENT ON COLUMN public.model_experiment_variant_slot.last_slot IS 'The last slot of the range.';

COMMENT ON TABLE public.model_experiment_variant_version IS 'The upstreams of variants, append-only; the last one that is not withdrawn serves.';

COMMENT ON COLUMN public.model_experiment_variant_version.id IS 'In order of appending.';

COMMENT ON COLUMN public.model_experiment_variant_version.experiment IS 'The experiment.';

COMMENT ON COLUMN public.model_experiment_variant_version.variant IS 'The variant''s id.';

COMMENT ON COLUMN public.model_experiment_variant_version.version IS '1, 2, 3 … in order; never changed once the experiment is active.';

COMMENT ON COLUMN public.model_experiment_variant_version.model IS 'The model that serves this version, declared under `models`.';

COMMENT ON COLUMN public.model_experiment_variant_version.api_key_env IS 'Name of an environment variable whose key takes the place of the provider''s. Never the key itself.';

COMMENT ON COLUMN public.model_experiment_variant_version.withdrawn IS 'True once a migration took it back; the row stays as history.';

COMMENT ON COLUMN public.model_experiment_variant_version.serving_model IS 'The model, while it is not withdrawn: history holds no model back.';

COMMENT ON TABLE public.model_promotions IS 'Every change of a primary, append-only.';

COMMENT ON COLUMN public.model_promotions.id IS 'In order of appending.';

COMMENT ON COLUMN public.model_promotions.feature IS 'The feature.';

COMMENT ON COLUMN public.model_promotions.from_model IS 'The primary before; none where the feature is new.';

COMMENT ON COLUMN public.model_promotions.to_model IS 'The primary after; none where the feature is gone.';

COMMENT ON COLUMN public.model_promotions.kind IS 'initial: the feature is new; promotion: the new primary was a shadow; rollback: the inverse of the promotion before it; swap: the new primary was no shadow; removed: the feature is gone.';

COMMENT ON COLUMN public.model_promotions.actor IS 'Who ran the migration, as the database knows it.';

COMMENT ON COLUMN public.model_promotions.happened_at IS 'When, by the database''s clock.';

COMMENT ON COLUMN public.model_promotions.migration IS 'The migration that did it, by the name of its file.';

COMMENT ON TABLE public.provider_health_checks IS 'What probes found. No foreign key: retired models keep their history.';

COMMENT ON COLUMN public.provider_health_checks.id IS 'In order of writing.';

COMMENT ON COLUMN public.provider_health_checks.provider IS 'The provider.';

COMMENT ON COLUMN public.provider_health_checks.model IS 'The model.';

COMMENT ON COLUMN public.provider_health_checks.outcome IS 'What came of the probe.';

COMMENT ON COLUMN public.provider_health_checks.latency_ms IS 'How long it took, in milliseconds.';

COMMENT ON COLUMN public.provider_health_checks.checked_at IS 'When, by the database''s clock.';

COMMENT ON TABLE public.circuit_breakers IS 'The state of each provider''s and model''s circuit.';

COMMENT ON COLUMN public.circuit_breakers.provider IS 'The provider.';

COMMENT ON COLUMN public.circuit_breakers.model IS 'The model.';

COMMENT ON COLUMN public.circuit_breakers.state IS 'closed lets calls through, open stops them, half_open tries one.';

COMMENT ON COLUMN public.circuit_breakers.consecutive_failures IS 'Failures since the last success.';

COMMENT ON COLUMN public.circuit_breakers.trip_count IS 'How often it opened.';

COMMENT ON COLUMN public.circuit_breakers.opened_at IS 'When that was last, in UTC: opened.';

COMMENT ON COLUMN public.circuit_breakers.half_open_at IS 'When that was last, in UTC: half open.';

COMMENT ON COLUMN public.circuit_breakers.closed_at IS 'When that was last, in UTC: closed.';

COMMENT ON COLUMN public.circuit_breakers.last_failure_at IS 'When that was last, in UTC: last failure.';

COMMENT ON COLUMN public.circuit_breakers.last_success_at IS 'When that was last, in UTC: last success.';

COMMENT ON TABLE public.routing_outcomes IS 'One row for each routed call.';

COMMENT ON COLUMN public.routing_outcomes.id IS 'In order of writing.';

COMMENT ON COLUMN public.routing_outcomes.request_id IS 'The caller''s id of the request.';

COMMENT ON COLUMN public.routing_outcomes.inference_id IS 'The provider''s id of the answer; none where the call was rejected.';

COMMENT ON COLUMN public.routing_outcomes.feature IS 'The feature asked for.';

COMMENT ON COLUMN public.routing_outcomes.requested_model IS 'The model asked for.';

COMMENT ON COLUMN public.routing_outcomes.tenant IS 'The tenant of the request.';

COMMENT ON COLUMN public.routing_outcomes.route IS 'The kind of route.';

COMMENT ON COLUMN public.routing_outcomes.source IS 'The table, or the rung of the ladder that answered.';

COMMENT ON COLUMN public.routing_outcomes.status IS 'The decision''s status, or what came of the call.';

COMMENT ON COLUMN public.routing_outcomes.provider IS 'The provider that was picked.';

COMMENT ON COLUMN public.routing_outcomes.model IS 'The model that was picked.';

COMMENT ON COLUMN public.routing_outcomes.attempts IS 'How many models were tried.';

COMMENT ON COLUMN public.routing_outcomes.created_at IS 'When, by the database''s clock.';

CREATE INDEX providers_by_stack ON public.providers (stack);

CREATE INDEX models_by_logical_slug ON public.models (logical_slug);

CREATE INDEX targets_by_logical_slug ON public.targets (logical_slug);

CREATE INDEX target_stacks_by_stack ON public.target_stacks (stack);

CREATE UNIQUE INDEX feature_models_one_primary ON public.feature_models (feature) WHERE status = 'primary';

CREATE INDEX tenant_banned_models_by_model ON public.tenant_banned_models (model);

CREATE INDEX tenant_stacks_by_stack ON public.tenant_stacks (stack);

CREATE UNIQUE INDEX model_experiment_one_running ON public.model_experiment (public_model_id) WHERE status IN ('active', 'paused');

CREATE UNIQUE INDEX model_experiment_one_winner ON public.model_experiment (public_model_id) WHERE status = 'completed' AND winner IS NOT NULL AND NOT archived;

CREATE UNIQUE INDEX model_experiment_salt ON public.model_experiment (salt);

CREATE INDEX model_experiment_by_public_model_id ON public.model_experiment (public_model_id);

CREATE UNIQUE INDEX model_experiment_variant_version_live ON public.model_experiment_variant_version (experiment, variant, version) WHERE NOT withdrawn;

CREATE INDEX model_promotions_by_feature ON public.model_promotions (feature, id DESC);

CREATE INDEX provider_health_checks_newest ON public.provider_health_checks (provider, model, checked_at DESC);

CREATE INDEX circuit_breakers_state ON public.circuit_breakers (state);

CREATE INDEX routing_outcomes_newest ON public.routing_outcomes (created_at DESC);

CREATE INDEX routing_outcomes_request ON public.routing_outcomes (request_id);

CREATE FUNCTION public.routecomp_started() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    NEW.started_at := coalesce(OLD.started_at, NEW.started_at);
  END IF;
  IF NEW.status = 'active' THEN
    NEW.started_at := coalesce(NEW.started_at, now());
  END IF;
  RETURN NEW;
END
$body$;

CREATE TRIGGER model_experiment_started BEFORE INSERT OR UPDATE ON public.model_experiment
FOR EACH ROW EXECUTE FUNCTION public.routecomp_started();

SELECT feature FROM public.features WHERE feature = 'agent-tools' FOR UPDATE;

SELECT feature FROM public.features WHERE feature = 'article-draft' FOR UPDATE;

SELECT feature FROM public.features WHERE feature = 'attachment-description' FOR UPDATE;

SELECT feature FROM public.features WHERE feature = 'code-assistant' FOR UPDATE;

SELECT feature FROM public.features WHERE feature = 'contract-review' FOR UPDATE;

SELECT feature FROM public.features WHERE feature = 'conversation-summary' FOR UPDATE;

SELECT feature FROM public.features WHERE feature = 'document-extraction' FOR UPDATE;

SELECT feature FROM public.features WHERE feature = 'kb-answer' FOR UPDATE;

SELECT feature FROM public.features WHERE feature = 'moderation' FOR UPDATE;

SELECT feature FROM public.features WHERE feature = 'pii-redaction' FOR UPDATE;

SELECT feature FROM public.features WHERE feature = 'quality-review' FOR UPDATE;

SELECT feature FROM public.features WHERE feature = 'reply-drafting' FOR UPDATE;

SELECT feature FROM public.features WHERE feature = 'search-rewrite' FOR UPDATE;

SELECT feature FROM public.features WHERE feature = 'sentiment' FOR UPDATE;

SELECT feature FROM public.features WHERE feature = 'support-chat' FOR UPDATE;

SELECT feature FROM public.features WHERE feature = 'ticket-triage' FOR UPDATE;

SELECT feature FROM public.features WHERE feature = 'translation' FOR UPDATE;

SELECT feature FROM public.features WHERE feature = 'typing-help' FOR UPDATE;

SELECT feature FROM public.features WHERE feature = 'weekly-insights' FOR UPDATE;

SELECT feature FROM public.features WHERE feature = 'workflow-builder' FOR UPDATE;

INSERT INTO public.providers (provider, adapter, base_url, chat_path, api_key_env, stack, description, owner) VALUES
  ('alibaba', 'openai_compatible', 'https://dashscope-intl.aliyuncs.com/compatible-mode', '/v1/chat/completions', 'DASHSCOPE_API_KEY', 'sea', 'Model Studio in Singapore. A tenant that bars Chinese operators bans this host by name.', NULL),
  ('anthropic', 'anthropic', 'https://api.anthropic.com', '/v1/messages', 'ANTHROPIC_API_KEY', 'us', NULL, NULL),
  ('azure-eu', 'openai', 'https://hermelin-swc.openai.azure.com/openai', '/v1/chat/completions', 'AZURE_OPENAI_API_KEY_SWC', 'eu', 'Our resource in Sweden Central; deployments are named after their models.', NULL),
  ('bedrock-eu', 'bedrock', 'https://bedrock-runtime.eu-central-1.amazonaws.com', '/model', 'AWS_BEARER_TOKEN_BEDROCK_EU', 'eu', 'The adapter appends /<provider_model_name>/converse and signs the request.', NULL),
  ('bedrock-us', 'bedrock', 'https://bedrock-runtime.us-west-2.amazonaws.com', '/model', 'AWS_BEARER_TOKEN_BEDROCK_US', 'us', 'The adapter appends /<provider_model_name>/converse and signs the request.', NULL),
  ('cerebras', 'openai_compatible', 'https://api.cerebras.ai', '/v1/chat/completions', 'CEREBRAS_API_KEY', 'us', NULL, NULL),
  ('cohere', 'openai_compatible', 'https://api.cohere.ai/compatibility', '/v1/chat/completions', 'COHERE_API_KEY', 'canada', NULL, NULL),
  ('deepseek', 'openai_compatible', 'https://api.deepseek.com', '/chat/completions', 'DEEPSEEK_API_KEY', 'china', NULL, NULL),
  ('fireworks', 'openai_compatible', 'https://api.fireworks.ai/inference', '/v1/chat/completions', 'FIREWORKS_API_KEY', 'us', NULL, NULL),
  ('google', 'openai_compatible', 'https://generativelanguage.googleapis.com/v1beta/openai', '/chat/completions', 'GEMINI_API_KEY', 'us', 'Gemini through its OpenAI-compatible endpoint.', NULL),
  ('groq', 'openai_compatible', 'https://api.groq.com/openai', '/v1/chat/completions', 'GROQ_API_KEY', 'us', NULL, NULL),
  ('mistral', 'openai_compatible', 'https://api.mistral.ai', '/v1/chat/completions', 'MISTRAL_API_KEY', 'eu', NULL, NULL),
  ('moonshot', 'openai_compatible', 'https://api.moonshot.ai', '/v1/chat/completions', 'MOONSHOT_API_KEY', 'china', NULL, NULL),
  ('nebius', 'openai_compatible', 'https://api.studio.nebius.com', '/v1/chat/completions', 'NEBIUS_API_KEY', 'eu', NULL, NULL),
  ('openai', 'openai', 'https://api.openai.com', '/v1/chat/completions', 'OPENAI_API_KEY', 'us', NULL, NULL),
  ('ovhcloud', 'openai_compatible', 'https://oai.endpoints.kepler.ai.cloud.ovh.net', '/v1/chat/completions', 'OVH_AI_ENDPOINTS_ACCESS_TOKEN', 'eu', NULL, NULL),
  ('scaleway', 'openai_compatible', 'https://api.scaleway.ai', '/v1/chat/completions', 'SCALEWAY_API_KEY', 'eu', NULL, NULL),
  ('together', 'openai_compatible', 'https://api.together.xyz', '/v1/chat/completions', 'TOGETHER_API_KEY', 'us', NULL, NULL),
  ('xai', 'openai_compatible', 'https://api.x.ai', '/v1/chat/completions', 'XAI_API_KEY', 'us', NULL, NULL),
  ('zai', 'openai_compatible', 'https://api.z.ai/api/paas/v4', '/chat/completions', 'ZAI_API_KEY', 'china', NULL, NULL);

INSERT INTO public.models (model, provider, provider_model_name, logical_slug, quality_bp, input_pusd, output_pusd, output_ratio_bp, latency_ms, context_window, min_output_tokens, compliance_bp, active, listed, description, owner) VALUES
  ('claude-3-5-haiku-bedrock-eu', 'bedrock-eu', 'eu.anthropic.claude-3-5-haiku-20241022-v1:0', NULL, 5750, 800000, 4000000, 5000, 1272, 200000, 0, 9700, TRUE, TRUE, NULL, NULL),
  ('claude-3-7-sonnet-bedrock-eu', 'bedrock-eu', 'eu.anthropic.claude-3-7-sonnet-20250219-v1:0', NULL, 7020, 3000000, 15000000, 5000, 1132, 200000, 0, 9700, TRUE, TRUE, NULL, NULL),
  ('claude-3-opus-bedrock-eu', 'bedrock-eu', 'eu.anthropic.claude-3-opus-20240229-v1:0', NULL, 5300, 15000000, 75000000, 5000, 1192, 200000, 0, 9700, FALSE, TRUE, 'Switched off by us after the move to Opus 5.5; kept for the history of the features that retired it.', NULL),
  ('claude-fable-5-1', 'anthropic', 'claude-fable-5-1', NULL, 7928, 10000000, 50000000, 5000, 1700, 1000000, 0, 9000, TRUE, FALSE, 'Under evaluation; reached by experiments that name it.', NULL),
  ('claude-haiku-5-5', 'anthropic', 'claude-haiku-5-5', 'any-claude-haiku-5-5', 5750, 100000, 500000, 5000, 1272, 1000000, 0, 9000, TRUE, TRUE, NULL, NULL),
  ('claude-haiku-5-5-bedrock-eu', 'bedrock-eu', 'eu.anthropic.claude-haiku-5-5', 'any-claude-haiku-5-5', 5750, 110000, 550000, 5000, 1272, 1000000, 0, 9700, TRUE, TRUE, NULL, NULL),
  ('claude-opus-4-bedrock-eu', 'bedrock-eu', 'eu.anthropic.claude-opus-4-20250514-v1:0', NULL, 7928, 15000000, 75000000, 5000, 1700, 200000, 0, 9700, TRUE, TRUE, NULL, NULL),
  ('claude-opus-5-5', 'anthropic', 'claude-opus-5-5', 'any-claude-opus-5-5', 7928, 4000000, 20000000, 5000, 1700, 1000000, 0, 9000, TRUE, TRUE, NULL, NULL),
  ('claude-opus-5-5-bedrock-eu', 'bedrock-eu', 'eu.anthropic.claude-opus-5-5', 'any-claude-opus-5-5', 7928, 4400000, 22000000, 5000, 1700, 1000000, 0, 9700, TRUE, TRUE, NULL, NULL),
  ('claude-sonnet-5-5', 'anthropic', 'claude-sonnet-5-5', 'any-claude-sonnet-5-5', 7290, 2000000, 10000000, 5000, 1192, 1000000, 0, 9000, TRUE, TRUE, NULL, NULL),
  ('claude-sonnet-5-5-bedrock-eu', 'bedrock-eu', 'eu.anthropic.claude-sonnet-5-5', 'any-claude-sonnet-5-5', 7290, 2200000, 11000000, 5000, 1192, 1000000, 0, 9700, TRUE, TRUE, NULL, NULL),
  ('codestral-2508', 'mistral', 'codestral-2508', NULL, 5555, 300000, 900000, 5000, 372, 128000, 0, 10000, TRUE, TRUE, NULL, NULL),
  ('command-a-03-2025', 'cohere', 'command-a-03-2025', NULL, 6060, 2500000, 10000000, 5000, 3404, 256000, 0, 8800, TRUE, TRUE, NULL, NULL),
  ('command-r-08-2024', 'cohere', 'command-r-08-2024', NULL, 3900, 150000, 600000, 5000, 1192, 128000, 0, 8800, TRUE, TRUE, NULL, NULL),
  ('command-r-plus-08-2024', 'cohere', 'command-r-plus-08-2024', NULL, 4660, 2500000, 10000000, 5000, 1192, 128000, 0, 8800, TRUE, TRUE, NULL, NULL),
  ('deepseek-r1-0528-fireworks', 'fireworks', 'accounts/fireworks/models/deepseek-r1-0528', 'any-deepseek-r1-0528', 8555, 3000000, 8000000, 6967, 28664, 163840, 1024, 8500, TRUE, TRUE, NULL, NULL),
  ('deepseek-r1-0528-nebius', 'nebius', 'deepseek-ai/DeepSeek-R1-0528', 'any-deepseek-r1-0528', 8555, 800000, 2400000, 6967, 28664, 164000, 1024, 9800, TRUE, TRUE, NULL, NULL),
  ('deepseek-r1-0528-together', 'together', 'deepseek-ai/DeepSeek-R1-0528', 'any-deepseek-r1-0528', 8555, 3000000, 7000000, 6967, 28664, 163840, 1024, 8500, TRUE, TRUE, NULL, NULL),
  ('deepseek-r1-bedrock-us', 'bedrock-us', 'us.deepseek.r1-v1:0', NULL, 7642, 1350000, 5400000, 5000, 4548, 128000, 1024, 9200, TRUE, TRUE, NULL, NULL),
  ('deepseek-v3', 'deepseek', 'deepseek-v3', 'any-deepseek-v3', 7040, 270000, 1100000, 5000, 1392, 65536, 0, 5500, FALSE, TRUE, 'Superseded by V3.2 at the same host; other hosts keep it.', NULL),
  ('deepseek-v3-together', 'together', 'deepseek-ai/DeepSeek-V3', 'any-deepseek-v3', 7040, 1250000, 1250000, 5000, 1392, 65536, 0, 8500, TRUE, TRUE, NULL, NULL),
  ('deepseek-v3.2', 'deepseek', 'deepseek-v3.2', 'any-deepseek-v3.2', 8510, 280000, 400000, 5000, 4160, 163840, 0, 5500, TRUE, TRUE, NULL, NULL),
  ('deepseek-v3.2-bedrock-eu', 'bedrock-eu', 'eu.deepseek.v3.2', 'any-deepseek-v3.2', 8510, 740000, 2220000, 5000, 4160, 163840, 0, 9700, TRUE, TRUE, NULL, NULL),
  ('deepseek-v3.2-fireworks', 'fireworks', 'accounts/fireworks/models/deepseek-v3p2', 'any-deepseek-v3.2', 8510, 560000, 1680000, 5000, 4160, 163840, 0, 8500, TRUE, TRUE, NULL, NULL),
  ('deepseek-v4-pro', 'deepseek', 'deepseek-v4-pro', NULL, 8710, 1320000, 3960000, 7507, 11648, 1000000, 1024, 5500, TRUE, TRUE, NULL, NULL),
  ('gemini-2.5-flash', 'google', 'gemini-2.5-flash', NULL, 7988, 300000, 2500000, 7372, 2156, 1048576, 0, 9000, TRUE, TRUE, NULL, NULL),
  ('gemini-2.5-flash-lite', 'google', 'gemini-2.5-flash-lite', NULL, 6600, 100000, 400000, 5000, 1192, 1048576, 0, 9000, TRUE, TRUE, NULL, NULL),
  ('gemini-2.5-pro', 'google', 'gemini-2.5-pro', NULL, 9178, 1250000, 10000000, 15055, 7008, 1048576, 1024, 9000, TRUE, TRUE, NULL, NULL),
  ('gemini-3.1-pro-preview', 'google', 'gemini-3.1-pro-preview', NULL, 9178, 2000000, 12000000, 15055, 7008, 1048576, 1024, 8000, TRUE, TRUE, NULL, NULL),
  ('gemini-3.8-flash', 'google', 'gemini-3.8-flash', NULL, 7988, 750000, 3750000, 7372, 2156, 1048576, 0, 9000, TRUE, TRUE, NULL, NULL),
  ('gemma-3-27b-nebius', 'nebius', 'google/gemma-3-27b-it', NULL, 6192, 100000, 300000, 5000, 3188, 110000, 0, 9800, TRUE, TRUE, NULL, NULL),
  ('glm-4.5', 'zai', 'glm-4.5', 'any-glm-4.5', 8680, 600000, 2200000, 5000, 5878, 128000, 0, 5500, TRUE, TRUE, NULL, NULL),
  ('glm-4.5-air', 'zai', 'glm-4.5-air', 'any-glm-4.5-air', 7860, 200000, 1100000, 5000, 5878, 128000, 0, 5500, TRUE, TRUE, NULL, NULL),
  ('glm-4.5-air-fireworks', 'fireworks', 'accounts/fireworks/models/glm-4p5-air', 'any-glm-4.5-air', 7860, 220000, 880000, 5000, 5878, 131072, 0, 8500, TRUE, TRUE, NULL, NULL),
  ('glm-4.5-fireworks', 'fireworks', 'accounts/fireworks/models/glm-4p5', 'any-glm-4.5', 8680, 550000, 2190000, 5000, 5878, 131072, 0, 8500, TRUE, TRUE, NULL, NULL),
  ('glm-5.3', 'zai', 'glm-5.3', NULL, 8680, 1400000, 4400000, 5000, 5878, 1000000, 0, 5500, TRUE, TRUE, NULL, NULL),
  ('gpt-4-turbo', 'openai', 'gpt-4-turbo-2024-04-09', NULL, 5480, 10000000, 30000000, 5000, 1192, 128000, 0, 9000, FALSE, TRUE, NULL, NULL),
  ('gpt-4.1', 'openai', 'gpt-4.1', 'any-gpt-4.1', 7610, 2000000, 8000000, 5000, 820, 1047576, 0, 9000, TRUE, TRUE, NULL, NULL),
  ('gpt-4.1-azure-eu', 'azure-eu', 'gpt-4.1', 'any-gpt-4.1', 7610, 2200000, 8800000, 5000, 820, 1047576, 0, 9700, TRUE, TRUE, NULL, NULL),
  ('gpt-4.1-mini', 'openai', 'gpt-4.1-mini', NULL, 6670, 400000, 1600000, 5000, 780, 1047576, 0, 9000, TRUE, TRUE, NULL, NULL),
  ('gpt-4o-2024-08-06', 'openai', 'gpt-4o-2024-08-06', 'any-gpt-4o', 5928, 2500000, 10000000, 5000, 640, 128000, 0, 9000, TRUE, TRUE, NULL, NULL),
  ('gpt-4o-azure-eu', 'azure-eu', 'gpt-4o-2024-08-06', 'any-gpt-4o', 5928, 2750000, 11000000, 5000, 640, 128000, 0, 9700, TRUE, TRUE, NULL, NULL),
  ('gpt-4o-mini', 'openai', 'gpt-4o-mini', 'any-gpt-4o-mini', 5470, 150000, 600000, 5000, 692, 128000, 0, 9000, TRUE, TRUE, NULL, NULL),
  ('gpt-4o-mini-azure-eu', 'azure-eu', 'gpt-4o-mini-2024-07-18', 'any-gpt-4o-mini', 5470, 165000, 660000, 5000, 692, 128000, 0, 9700, TRUE, TRUE, NULL, NULL),
  ('gpt-5', 'openai', 'gpt-5', 'any-gpt-5', 9335, 1250000, 10000000, 5195, 4748, 272000, 1024, 9000, TRUE, TRUE, NULL, NULL),
  ('gpt-5-azure-eu', 'azure-eu', 'gpt-5-2025-08-07', 'any-gpt-5', 9335, 1375000, 11000000, 5195, 4748, 272000, 1024, 9700, TRUE, TRUE, NULL, NULL),
  ('gpt-6-astra', 'openai', 'gpt-6-astra', NULL, 9335, 10000000, 50000000, 5195, 4748, 922000, 1024, 9000, TRUE, FALSE, 'Too dear for automatic routing; reached by experiments that name it.', NULL),
  ('gpt-6-luna', 'openai', 'gpt-6-luna', 'any-gpt-6-luna', 6670, 100000, 500000, 5000, 780, 922000, 0, 9000, TRUE, TRUE, NULL, NULL),
  ('gpt-6-luna-azure-eu', 'azure-eu', 'gpt-6-luna', 'any-gpt-6-luna', 6670, 120000, 600000, 5000, 780, 922000, 0, 9700, TRUE, TRUE, NULL, NULL),
  ('gpt-6.1-sol', 'openai', 'gpt-6.1-sol', 'any-gpt-6.1-sol', 9335, 2000000, 10000000, 5195, 4748, 922000, 512, 9000, TRUE, TRUE, NULL, NULL),
  ('gpt-6.1-sol-azure-eu', 'azure-eu', 'gpt-6.1-sol', 'any-gpt-6.1-sol', 9335, 2400000, 12000000, 5195, 4748, 922000, 512, 9700, TRUE, TRUE, NULL, NULL),
  ('gpt-oss-120b-cerebras', 'cerebras', 'gpt-oss-120b', 'any-gpt-oss-120b', 7090, 350000, 750000, 5000, 1420, 131072, 256, 8500, TRUE, TRUE, NULL, NULL),
  ('gpt-oss-120b-groq', 'groq', 'openai/gpt-oss-120b', 'any-gpt-oss-120b', 7090, 150000, 600000, 5000, 1420, 131072, 256, 9000, TRUE, TRUE, NULL, NULL),
  ('gpt-oss-120b-ovhcloud', 'ovhcloud', 'gpt-oss-120b', 'any-gpt-oss-120b', 7090, 80000, 400000, 5000, 1420, 131000, 256, 10000, TRUE, TRUE, NULL, NULL),
  ('gpt-oss-120b-together', 'together', 'openai/gpt-oss-120b', 'any-gpt-oss-120b', 7090, 150000, 600000, 5000, 1420, 131072, 256, 8500, TRUE, TRUE, NULL, NULL),
  ('grok-4.20-non-reasoning', 'xai', 'grok-4.20-non-reasoning', NULL, 8062, 1250000, 2500000, 5000, 612, 1000000, 0, 8000, TRUE, TRUE, NULL, NULL),
  ('grok-4.7', 'xai', 'grok-4.7', NULL, 8830, 2000000, 6000000, 12117, 16128, 500000, 1024, 8000, TRUE, TRUE, NULL, NULL),
  ('kimi-k2-fireworks', 'fireworks', 'accounts/fireworks/models/kimi-k2-instruct', NULL, 7778, 600000, 2500000, 5000, 2704, 131072, 0, 8500, TRUE, TRUE, NULL, NULL),
  ('kimi-k2.6', 'moonshot', 'kimi-k2.6', NULL, 7778, 950000, 4000000, 5000, 2704, 262144, 0, 5500, TRUE, TRUE, NULL, NULL),
  ('kimi-k3', 'moonshot', 'kimi-k3', NULL, 7778, 3000000, 15000000, 5000, 2704, 1048576, 512, 4500, TRUE, TRUE, 'Below the default veto of 0.50 until the data protection office has finished its review.', NULL),
  ('llama-3.1-8b-cerebras', 'cerebras', 'llama-3.1-8b', NULL, 3860, 100000, 100000, 5000, 1192, 128000, 0, 8500, TRUE, TRUE, NULL, NULL),
  ('llama-3.3-70b-bedrock-us', 'bedrock-us', 'us.meta.llama3-3-70b-instruct-v1:0', 'any-llama-3.3-70b', 5500, 720000, 720000, 5000, 1192, 128000, 0, 9200, TRUE, TRUE, NULL, NULL),
  ('llama-3.3-70b-nebius', 'nebius', 'meta-llama/Llama-3.3-70B-Instruct', 'any-llama-3.3-70b', 5500, 130000, 400000, 5000, 1192, 131072, 0, 9800, TRUE, TRUE, NULL, NULL),
  ('llama-3.3-70b-scaleway', 'scaleway', 'meta/llama-3.3-70b-instruct', 'any-llama-3.3-70b', 5500, 900000, 900000, 5000, 1192, 128000, 0, 10000, TRUE, TRUE, NULL, NULL),
  ('llama-3.3-70b-together', 'together', 'meta-llama/Llama-3.3-70B-Instruct-Turbo', 'any-llama-3.3-70b', 5500, 1040000, 1040000, 5000, 1192, 131072, 0, 8500, FALSE, TRUE, NULL, NULL),
  ('llama-4-maverick-bedrock-us', 'bedrock-us', 'us.meta.llama4-maverick-17b-instruct-v1:0', NULL, 5810, 240000, 970000, 5000, 820, 1000000, 0, 9200, TRUE, TRUE, NULL, NULL),
  ('llama-4-scout-bedrock-us', 'bedrock-us', 'us.meta.llama4-scout-17b-instruct-v1:0', NULL, 5520, 170000, 660000, 5000, 1192, 10000000, 0, 9200, TRUE, TRUE, NULL, NULL),
  ('ministral-8b-2512', 'mistral', 'ministral-8b-2512', NULL, 3960, 150000, 150000, 5000, 1192, 262144, 0, 10000, TRUE, TRUE, NULL, NULL),
  ('mistral-large-4', 'mistral', 'mistral-large-4', NULL, 5360, 1360000, 4180000, 5000, 1192, 1048576, 0, 10000, TRUE, TRUE, NULL, NULL),
  ('mistral-medium-3', 'mistral', 'mistral-medium-3', NULL, 7400, 1500000, 7500000, 5000, 1192, 262144, 0, 10000, TRUE, TRUE, NULL, NULL),
  ('mistral-small-2603', 'mistral', 'mistral-small-2603', NULL, 6700, 150000, 600000, 5000, 1192, 262144, 0, 10000, TRUE, TRUE, NULL, NULL),
  ('mistral-small-3.2-ovhcloud', 'ovhcloud', 'Mistral-Small-3.2-24B-Instruct-2506', 'any-mistral-small-3.2', 6700, 90000, 280000, 5000, 1192, 128000, 0, 10000, TRUE, TRUE, NULL, NULL),
  ('mistral-small-3.2-scaleway', 'scaleway', 'mistralai/mistral-small-3.2-24b-instruct-2506', 'any-mistral-small-3.2', 6700, 150000, 350000, 5000, 1192, 128000, 0, 10000, TRUE, TRUE, NULL, NULL),
  ('nemotron-ultra-253b-nebius', 'nebius', 'nvidia/Llama-3.1-Nemotron-Ultra-253B-v1', NULL, 6400, 600000, 1800000, 5000, 5878, 128000, 0, 9800, TRUE, TRUE, NULL, NULL),
  ('nova-lite-bedrock-eu', 'bedrock-eu', 'eu.amazon.nova-lite-v1:0', NULL, 4660, 78000, 312000, 5000, 1192, 300000, 0, 9700, TRUE, TRUE, NULL, NULL),
  ('nova-micro-bedrock-eu', 'bedrock-eu', 'eu.amazon.nova-micro-v1:0', NULL, 4280, 46000, 184000, 5000, 1192, 128000, 0, 9700, TRUE, TRUE, NULL, NULL),
  ('nova-pro-bedrock-eu', 'bedrock-eu', 'eu.amazon.nova-pro-v1:0', NULL, 5220, 1050000, 4200000, 5000, 1192, 300000, 0, 9700, TRUE, TRUE, NULL, NULL),
  ('o3', 'openai', 'o3', NULL, 8702, 2000000, 8000000, 5000, 4068, 200000, 1024, 9000, TRUE, TRUE, NULL, NULL),
  ('qwen-max', 'alibaba', 'qwen-max', NULL, 6705, 1600000, 6400000, 5000, 1580, 30720, 0, 6500, TRUE, TRUE, NULL, NULL),
  ('qwen-plus-2025-01-25', 'alibaba', 'qwen-plus-2025-01-25', NULL, 6540, 400000, 1200000, 5000, 1192, 129024, 0, 6500, TRUE, TRUE, NULL, NULL),
  ('qwen3-235b-bedrock-us', 'bedrock-us', 'qwen.qwen3-235b-a22b-2507-v1:0', 'any-qwen3-235b', 8540, 220000, 880000, 5000, 1192, 262144, 0, 9200, TRUE, TRUE, NULL, NULL),
  ('qwen3-235b-fireworks', 'fireworks', 'accounts/fireworks/models/qwen3-235b-a22b-instruct-2507', 'any-qwen3-235b', 8540, 220000, 880000, 5000, 1192, 262144, 0, 8500, TRUE, TRUE, NULL, NULL),
  ('qwen3-235b-nebius', 'nebius', 'Qwen/Qwen3-235B-A22B-Instruct-2507', 'any-qwen3-235b', 8540, 200000, 600000, 5000, 1192, 262144, 0, 9800, TRUE, TRUE, NULL, NULL),
  ('qwen3-235b-scaleway', 'scaleway', 'qwen/qwen3-235b-a22b-instruct-2507', 'any-qwen3-235b', 8540, 750000, 2250000, 5000, 1192, 256000, 0, 10000, TRUE, TRUE, NULL, NULL),
  ('qwen3-30b-nebius', 'nebius', 'Qwen/Qwen3-30B-A3B-Instruct-2507', NULL, 7600, 100000, 300000, 5000, 1192, 262144, 0, 9800, TRUE, TRUE, NULL, NULL),
  ('qwen3-32b-ovhcloud', 'ovhcloud', 'Qwen3-32B', NULL, 6910, 80000, 230000, 5000, 14888, 32000, 256, 10000, TRUE, TRUE, NULL, NULL),
  ('qwen3-coder-bedrock-us', 'bedrock-us', 'qwen.qwen3-coder-480b-a35b-v1:0', NULL, 7140, 450000, 1800000, 5000, 1192, 262144, 0, 9200, TRUE, TRUE, NULL, NULL);

INSERT INTO public.targets (target, candidates, logical_slug, min_quality_bp, description, owner) VALUES
  ('auto', 'all', NULL, 5000, 'The ordinary choice, over everything we list.', 'platform'),
  ('europe', 'stacks', NULL, 5000, 'Processed in the EU, whoever asks.', 'data-protection'),
  ('open-weights', 'logical', 'any-qwen3-235b', NULL, 'One open model, whichever of its hosts ranks best; for customers who want to be able to host it themselves.', 'platform'),
  ('swift', 'models', NULL, 5400, 'Answers while the customer is still typing. Hand-picked, a dollar blended and three seconds at most.', 'live-chat');

INSERT INTO public.features (feature, then_target, min_quality_bp, description, owner) VALUES
  ('agent-tools', 'auto', 7200, 'Looks up orders, issues refunds and books call-backs through the customer''s own tools.', 'automation'),
  ('article-draft', 'europe', 7800, 'Writes a knowledge-base article from a batch of solved tickets, overnight.', 'knowledge'),
  ('attachment-description', 'auto', NULL, 'Says in a sentence what a picture shows, for agents who use a screen reader.', 'documents'),
  ('code-assistant', 'auto', 7000, 'Writes the small scripts in which customers customise their widgets.', 'automation'),
  ('contract-review', NULL, 7500, 'Finds the clauses of a customer''s contract that bear on a complaint. Whole binders, so long windows only.', 'documents'),
  ('conversation-summary', 'auto', NULL, 'Three lines for the next agent when a ticket changes hands.', 'tickets'),
  ('document-extraction', 'europe', 6000, 'Reads invoices, delivery notes and photographed forms into fields.', 'documents'),
  ('kb-answer', 'auto', 6000, 'Quotes the articles that answer a question, with their numbers.', 'knowledge'),
  ('moderation', 'auto', NULL, 'Flags threats and abuse before an agent has to read them.', 'trust'),
  ('pii-redaction', 'europe', NULL, 'Blacks out names, numbers and addresses before anything is stored. European operators come first.', 'data-protection'),
  ('quality-review', 'auto', 8500, 'Grades a sample of conversations against the customer''s own rules.', 'trust'),
  ('reply-drafting', 'auto', 7000, 'Drafts the e-mail an agent then edits and sends.', 'tickets'),
  ('search-rewrite', 'swift', NULL, 'Turns a customer''s question into two or three search queries.', 'knowledge'),
  ('sentiment', 'swift', NULL, 'One word per customer message, for the supervisor''s wall board.', 'live-chat'),
  ('support-chat', 'auto', 6500, 'Answers a customer in the chat widget from the knowledge base.', 'live-chat'),
  ('ticket-triage', 'swift', NULL, 'Sorts a new ticket into queue, priority and language, as JSON.', 'tickets'),
  ('translation', 'auto', 6000, 'Translates a conversation both ways while it runs, thirty languages.', 'knowledge'),
  ('typing-help', 'swift', NULL, 'Finishes the agent''s sentence. Late is worse than plain, so no floor beyond the policy''s.', 'live-chat'),
  ('weekly-insights', 'open-weights', 8000, 'The Monday letter to the head of support, from a week of tickets. Nobody waits for it.', 'analytics'),
  ('workflow-builder', 'europe', 7500, 'Turns "if a parcel is late, apologise and refund the postage" into a workflow.', 'automation');

INSERT INTO public.routing_defaults (single, model, unknown_tenant, preset, objective, weight_quality_bp, weight_latency_bp, weight_cost_bp, min_quality_bp, fallback_enabled, fallback_cost_penalty_bp, compliance_veto_threshold_bp, max_quality_loss_bp, description, owner) VALUES
  (1, 'gpt-4.1-azure-eu', 'default', 'balanced', 'weighted', 4000, 3000, 3000, NULL, TRUE, 500, 8000, 1000, 'The last rungs; each works for a tenant that never told us anything.', 'platform');

INSERT INTO public.routing_scoring (single, cost_best_pusd, cost_worst_pusd, latency_best_ms, latency_worst_ms, description, owner) VALUES
  (1, 0, 20000000, 0, 10000, NULL, NULL);

INSERT INTO public.routing_resilience (single, failures, window_s, cooloff_s, max_attempts, description, owner) VALUES
  (1, 4, 30, 45, 4, 'Four failures within half a minute open a breaker; a call tries at most four models.', 'platform');

INSERT INTO public.routing_presets (preset, description, owner) VALUES
  ('balanced', NULL, NULL),
  ('cost_first', 'Cheap even when it costs some quality; a dearer substitute has to be worth it.', 'platform'),
  ('quality_first', 'Never below a solid answer, and a latency budget may cost next to nothing.', 'platform'),
  ('latency_first', NULL, NULL),
  ('strict_no_fallback', 'For customers whose auditors name the model; only hosts with a full agreement.', 'key-accounts');

INSERT INTO public.tenant_routing_policy (tenant, preset, objective, weight_quality_bp, weight_latency_bp, weight_cost_bp, min_quality_bp, fallback_enabled, fallback_cost_penalty_bp, compliance_veto_threshold_bp, max_quality_loss_bp, description, owner) VALUES
  ('auental-stadtwerke', 'balanced', 'weighted', 4500, 1500, 4000, NULL, TRUE, 500, 5000, 1000, 'A municipal utility. EU first by taste, open models where there is one.', 'public-sector'),
  ('bayou-electric', 'balanced', 'weighted', 4000, 3000, 3000, NULL, TRUE, 500, 5000, 1000, 'A utility in Louisiana; its contract says American hosts.', 'international'),
  ('elbufer-bank', 'strict_no_fallback', 'weighted', 4000, 3000, 3000, 5400, FALSE, 500, 9700, 1000, 'A savings bank. EU regions only, nothing below 0.97 in the register, no substitution.', 'key-accounts'),
  ('fernweh-reisen', 'balanced', 'weighted', 4000, 3000, 3000, NULL, TRUE, 500, 5000, 1000, 'A travel agency with guests from everywhere; the built-in balance suits it.', 'commerce'),
  ('funkwerk-mobil', 'quality_first', 'weighted', 7000, 1500, 1500, 7500, TRUE, 500, 8500, 300, 'A carrier. Complaints end at the regulator, so the floor is high everywhere.', 'key-accounts'),
  ('gartenfreund', 'cost_first', 'weighted', 2000, 2000, 6000, NULL, TRUE, 2500, 5000, 2000, 'Plants and tools; a season of eight weeks in which every cent of support counts.', 'commerce'),
  ('hermelin-evals', 'strict_no_fallback', 'weighted', 4000, 3000, 3000, 0, FALSE, 0, 0, 10000, 'The evaluation harness. Every model must answer for itself, whatever its quality.', 'platform'),
  ('hermelin-sales', 'latency_first', 'weighted', 2000, 6000, 2000, NULL, TRUE, 500, 9000, 1000, 'Demonstrations; quick, from any host with a full agreement.', 'sales'),
  ('hermelin-support', 'quality_first', 'weighted', 7000, 1500, 1500, 6500, TRUE, 500, 5000, 300, 'Our own help desk runs on what customers get, a little better.', 'platform'),
  ('honigtopf', 'balanced', 'weighted', 4000, 3000, 3000, NULL, TRUE, 500, 5000, 1000, 'Honey by subscription; the free plan with all defaults.', 'self-service'),
  ('kanzlei-brandt', 'quality_first', 'weighted', 7000, 1500, 1500, 6500, TRUE, 500, 5000, 300, 'A law firm. Its professional insurer excludes models trained in China, wherever they are hosted.', 'key-accounts'),
  ('leipold-versicherung', 'balanced', 'weighted', 4000, 3000, 3000, 6000, TRUE, 500, 5000, 500, 'An insurer with framework contracts at two clouds, which it wants used first.', 'key-accounts'),
  ('lotus-gadgets', 'balanced', 'weighted', 4000, 3000, 3000, NULL, TRUE, 500, 5000, 1000, 'Consumer electronics from Shenzhen. Data stay in the region; features with a European chain are not sold there.', 'international'),
  ('maple-outdoor', 'balanced', 'weighted', 4000, 3000, 3000, NULL, TRUE, 0, 5000, 1000, 'Tents and canoes from Quebec; Canadian first, neighbours next.', 'international'),
  ('merlion-travel', 'cost_first', 'weighted', 2000, 2000, 6000, NULL, TRUE, 1250, 5000, 2000, 'A booking site in Singapore. Likes the host around the corner.', 'international'),
  ('modehaus-lenz', 'latency_first', 'weighted', 3500, 5500, 1000, 6000, TRUE, 500, 5000, 500, 'Fashion; fast, but the tone must be right.', 'commerce'),
  ('nordhang-klinikum', 'quality_first', 'weighted', 7000, 1500, 1500, 6500, TRUE, 500, 10000, 300, 'A hospital group. Patients'' messages stay with European operators; a rejected call is better than a leak.', 'key-accounts'),
  ('orth-maschinenbau', 'balanced', 'weighted', 4000, 3000, 3000, NULL, TRUE, 500, 5000, 1000, 'Supplies a competitor of two of the hosts; its lawyers keep them out.', 'industry'),
  ('quellcode-labs', 'quality_first', 'weighted', 7000, 1500, 1500, 6500, TRUE, 500, 3000, 300, 'Developer tools. Takes what is new, reviewed or not.', 'self-service'),
  ('rollgut-spedition', 'cost_first', 'weighted', 2000, 2000, 6000, NULL, TRUE, 1250, 5000, 2000, 'A haulier. Drivers write from the cab, dispatch answers by template; frontier models are a waste there.', 'industry'),
  ('sparfuchs-versand', 'cost_first', 'cheapest', 2000, 2000, 6000, 5500, TRUE, 1250, 5000, 2000, 'Discount mail order. The cheapest model that clears the floor.', 'commerce'),
  ('tischlein', 'latency_first', 'weighted', 2000, 6000, 2000, NULL, TRUE, 500, 5000, 1000, 'Meal delivery. Nobody waits for an answer longer than for the courier.', 'commerce'),
  ('werkzeug-huber', 'balanced', 'weighted', 4000, 3000, 3000, NULL, TRUE, 500, 5000, 1000, 'Machine tools. No Chinese operator, and so not the one in Singapore either.', 'industry'),
  ('wohnungsamt-muldental', 'cost_first', 'cheapest', 2000, 2000, 6000, 5500, TRUE, 1250, 9800, 2000, 'A public authority. European operators by tender, and of those the cheapest.', 'public-sector'),
  ('zwei-und-zwanzig', 'cost_first', 'weighted', 1000, 500, 8500, 5000, TRUE, 1250, 5000, 2000, 'A bicycle workshop of three on the free plan.', 'self-service');

INSERT INTO public.preference_floors (floor, quality_bp) VALUES
  ('good', 5000),
  ('frontier', 8500);

INSERT INTO public.model_capabilities (model, capability) VALUES
  ('claude-3-5-haiku-bedrock-eu', 'json-schema'),
  ('claude-3-5-haiku-bedrock-eu', 'prompt-caching'),
  ('claude-3-5-haiku-bedrock-eu', 'streaming'),
  ('claude-3-5-haiku-bedrock-eu', 'tools'),
  ('claude-3-7-sonnet-bedrock-eu', 'json-schema'),
  ('claude-3-7-sonnet-bedrock-eu', 'prompt-caching'),
  ('claude-3-7-sonnet-bedrock-eu', 'reasoning'),
  ('claude-3-7-sonnet-bedrock-eu', 'streaming'),
  ('claude-3-7-sonnet-bedrock-eu', 'tools'),
  ('claude-3-7-sonnet-bedrock-eu', 'vision'),
  ('claude-3-opus-bedrock-eu', 'json-schema'),
  ('claude-3-opus-bedrock-eu', 'streaming'),
  ('claude-3-opus-bedrock-eu', 'tools'),
  ('claude-3-opus-bedrock-eu', 'vision'),
  ('claude-fable-5-1', 'json-schema'),
  ('claude-fable-5-1', 'prompt-caching'),
  ('claude-fable-5-1', 'reasoning'),
  ('claude-fable-5-1', 'streaming'),
  ('claude-fable-5-1', 'tools'),
  ('claude-fable-5-1', 'vision'),
  ('claude-haiku-5-5', 'json-schema'),
  ('claude-haiku-5-5', 'prompt-caching'),
  ('claude-haiku-5-5', 'reasoning'),
  ('claude-haiku-5-5', 'streaming'),
  ('claude-haiku-5-5', 'tools'),
  ('claude-haiku-5-5', 'vision'),
  ('claude-haiku-5-5-bedrock-eu', 'json-schema'),
  ('claude-haiku-5-5-bedrock-eu', 'prompt-caching'),
  ('claude-haiku-5-5-bedrock-eu', 'reasoning'),
  ('claude-haiku-5-5-bedrock-eu', 'streaming'),
  ('claude-haiku-5-5-bedrock-eu', 'tools'),
  ('claude-haiku-5-5-bedrock-eu', 'vision'),
  ('claude-opus-4-bedrock-eu', 'json-schema'),
  ('claude-opus-4-bedrock-eu', 'prompt-caching'),
  ('claude-opus-4-bedrock-eu', 'reasoning'),
  ('claude-opus-4-bedrock-eu', 'streaming'),
  ('claude-opus-4-bedrock-eu', 'tools'),
  ('claude-opus-4-bedrock-eu', 'vision'),
  ('claude-opus-5-5', 'json-schema'),
  ('claude-opus-5-5', 'prompt-caching'),
  ('claude-opus-5-5', 'reasoning'),
  ('claude-opus-5-5', 'streaming'),
  ('claude-opus-5-5', 'tools'),
  ('claude-opus-5-5', 'vision'),
  ('claude-opus-5-5-bedrock-eu', 'json-schema'),
  ('claude-opus-5-5-bedrock-eu', 'prompt-caching'),
  ('claude-opus-5-5-bedrock-eu', 'reasoning'),
  ('claude-opus-5-5-bedrock-eu', 'streaming'),
  ('claude-opus-5-5-bedrock-eu', 'tools'),
  ('claude-opus-5-5-bedrock-eu', 'vision'),
  ('claude-sonnet-5-5', 'json-schema'),
  ('claude-sonnet-5-5', 'prompt-caching'),
  ('claude-sonnet-5-5', 'reasoning'),
  ('claude-sonnet-5-5', 'streaming'),
  ('claude-sonnet-5-5', 'tools'),
  ('claude-sonnet-5-5', 'vision'),
  ('claude-sonnet-5-5-bedrock-eu', 'json-schema'),
  ('claude-sonnet-5-5-bedrock-eu', 'prompt-caching'),
  ('claude-sonnet-5-5-bedrock-eu', 'reasoning'),
  ('claude-sonnet-5-5-bedrock-eu', 'streaming'),
  ('claude-sonnet-5-5-bedrock-eu', 'tools'),
  ('claude-sonnet-5-5-bedrock-eu', 'vision'),
  ('codestral-2508', 'json-schema'),
  ('codestral-2508', 'streaming'),
  ('codestral-2508', 'tools'),
  ('command-a-03-2025', 'streaming'),
  ('command-a-03-2025', 'tools'),
  ('command-r-08-2024', 'streaming'),
  ('command-r-08-2024', 'tools'),
  ('command-r-plus-08-2024', 'streaming'),
  ('command-r-plus-08-2024', 'tools'),
  ('deepseek-r1-0528-fireworks', 'json-schema'),
  ('deepseek-r1-0528-fireworks', 'streaming'),
  ('deepseek-r1-0528-nebius', 'reasoning'),
  ('deepseek-r1-0528-nebius', 'streaming'),
  ('deepseek-r1-0528-nebius', 'tools'),
  ('deepseek-r1-0528-together', 'streaming'),
  ('deepseek-r1-bedrock-us', 'reasoning'),
  ('deepseek-r1-bedrock-us', 'streaming'),
  ('deepseek-v3', 'prompt-caching'),
  ('deepseek-v3', 'streaming'),
  ('deepseek-v3', 'tools'),
  ('deepseek-v3-together', 'json-schema'),
  ('deepseek-v3-together', 'streaming'),
  ('deepseek-v3-together', 'tools'),
  ('deepseek-v3.2', 'prompt-caching'),
  ('deepseek-v3.2', 'reasoning'),
  ('deepseek-v3.2', 'streaming'),
  ('deepseek-v3.2', 'tools'),
  ('deepseek-v3.2-bedrock-eu', 'json-schema'),
  ('deepseek-v3.2-bedrock-eu', 'reasoning'),
  ('deepseek-v3.2-bedrock-eu', 'streaming'),
  ('deepseek-v3.2-bedrock-eu', 'tools'),
  ('deepseek-v3.2-fireworks', 'json-schema'),
  ('deepseek-v3.2-fireworks', 'reasoning'),
  ('deepseek-v3.2-fireworks', 'streaming'),
  ('deepseek-v3.2-fireworks', 'tools'),
  ('deepseek-v4-pro', 'json-schema'),
  ('deepseek-v4-pro', 'prompt-caching'),
  ('deepseek-v4-pro', 'reasoning'),
  ('deepseek-v4-pro', 'streaming'),
  ('deepseek-v4-pro', 'tools'),
  ('gemini-2.5-flash', 'json-schema'),
  ('gemini-2.5-flash', 'prompt-caching'),
  ('gemini-2.5-flash', 'reasoning'),
  ('gemini-2.5-flash', 'streaming'),
  ('gemini-2.5-flash', 'tools'),
  ('gemini-2.5-flash', 'vision'),
  ('gemini-2.5-flash-lite', 'json-schema'),
  ('gemini-2.5-flash-lite', 'prompt-caching'),
  ('gemini-2.5-flash-lite', 'reasoning'),
  ('gemini-2.5-flash-lite', 'streaming'),
  ('gemini-2.5-flash-lite', 'tools'),
  ('gemini-2.5-flash-lite', 'vision'),
  ('gemini-2.5-pro', 'json-schema'),
  ('gemini-2.5-pro', 'prompt-caching'),
  ('gemini-2.5-pro', 'reasoning'),
  ('gemini-2.5-pro', 'streaming'),
  ('gemini-2.5-pro', 'tools'),
  ('gemini-2.5-pro', 'vision'),
  ('gemini-3.1-pro-preview', 'json-schema'),
  ('gemini-3.1-pro-preview', 'prompt-caching'),
  ('gemini-3.1-pro-preview', 'reasoning'),
  ('gemini-3.1-pro-preview', 'streaming'),
  ('gemini-3.1-pro-preview', 'tools'),
  ('gemini-3.1-pro-preview', 'vision'),
  ('gemini-3.8-flash', 'json-schema'),
  ('gemini-3.8-flash', 'prompt-caching'),
  ('gemini-3.8-flash', 'reasoning'),
  ('gemini-3.8-flash', 'streaming'),
  ('gemini-3.8-flash', 'tools'),
  ('gemini-3.8-flash', 'vision'),
  ('gemma-3-27b-nebius', 'streaming'),
  ('gemma-3-27b-nebius', 'tools'),
  ('gemma-3-27b-nebius', 'vision'),
  ('glm-4.5', 'streaming'),
  ('glm-4.5', 'tools'),
  ('glm-4.5-air', 'streaming'),
  ('glm-4.5-air', 'tools'),
  ('glm-4.5-air-fireworks', 'json-schema'),
  ('glm-4.5-air-fireworks', 'reasoning'),
  ('glm-4.5-air-fireworks', 'streaming'),
  ('glm-4.5-air-fireworks', 'tools'),
  ('glm-4.5-fireworks', 'json-schema'),
  ('glm-4.5-fireworks', 'reasoning'),
  ('glm-4.5-fireworks', 'streaming'),
  ('glm-4.5-fireworks', 'tools'),
  ('glm-5.3', 'json-schema'),
  ('glm-5.3', 'prompt-caching'),
  ('glm-5.3', 'reasoning'),
  ('glm-5.3', 'streaming'),
  ('glm-5.3', 'tools'),
  ('gpt-4-turbo', 'prompt-caching'),
  ('gpt-4-turbo', 'streaming'),
  ('gpt-4-turbo', 'tools'),
  ('gpt-4-turbo', 'vision'),
  ('gpt-4.1', 'json-schema'),
  ('gpt-4.1', 'prompt-caching'),
  ('gpt-4.1', 'streaming'),
  ('gpt-4.1', 'tools'),
  ('gpt-4.1', 'vision'),
  ('gpt-4.1-azure-eu', 'json-schema'),
  ('gpt-4.1-azure-eu', 'prompt-caching'),
  ('gpt-4.1-azure-eu', 'streaming'),
  ('gpt-4.1-azure-eu', 'tools'),
  ('gpt-4.1-azure-eu', 'vision'),
  ('gpt-4.1-mini', 'json-schema'),
  ('gpt-4.1-mini', 'prompt-caching'),
  ('gpt-4.1-mini', 'streaming'),
  ('gpt-4.1-mini', 'tools'),
  ('gpt-4.1-mini', 'vision'),
  ('gpt-4o-2024-08-06', 'json-schema'),
  ('gpt-4o-2024-08-06', 'prompt-caching'),
  ('gpt-4o-2024-08-06', 'streaming'),
  ('gpt-4o-2024-08-06', 'tools'),
  ('gpt-4o-2024-08-06', 'vision'),
  ('gpt-4o-azure-eu', 'json-schema'),
  ('gpt-4o-azure-eu', 'prompt-caching'),
  ('gpt-4o-azure-eu', 'streaming'),
  ('gpt-4o-azure-eu', 'tools'),
  ('gpt-4o-azure-eu', 'vision'),
  ('gpt-4o-mini', 'json-schema'),
  ('gpt-4o-mini', 'prompt-caching'),
  ('gpt-4o-mini', 'streaming'),
  ('gpt-4o-mini', 'tools'),
  ('gpt-4o-mini', 'vision'),
  ('gpt-4o-mini-azure-eu', 'json-schema'),
  ('gpt-4o-mini-azure-eu', 'prompt-caching'),
  ('gpt-4o-mini-azure-eu', 'streaming'),
  ('gpt-4o-mini-azure-eu', 'tools'),
  ('gpt-4o-mini-azure-eu', 'vision'),
  ('gpt-5', 'json-schema'),
  ('gpt-5', 'prompt-caching'),
  ('gpt-5', 'reasoning'),
  ('gpt-5', 'streaming'),
  ('gpt-5', 'tools'),
  ('gpt-5', 'vision'),
  ('gpt-5-azure-eu', 'json-schema'),
  ('gpt-5-azure-eu', 'prompt-caching'),
  ('gpt-5-azure-eu', 'reasoning');

INSERT INTO public.model_capabilities (model, capability) VALUES
  ('gpt-5-azure-eu', 'streaming'),
  ('gpt-5-azure-eu', 'tools'),
  ('gpt-5-azure-eu', 'vision'),
  ('gpt-6-astra', 'json-schema'),
  ('gpt-6-astra', 'prompt-caching'),
  ('gpt-6-astra', 'reasoning'),
  ('gpt-6-astra', 'streaming'),
  ('gpt-6-astra', 'tools'),
  ('gpt-6-astra', 'vision'),
  ('gpt-6-luna', 'json-schema'),
  ('gpt-6-luna', 'prompt-caching'),
  ('gpt-6-luna', 'reasoning'),
  ('gpt-6-luna', 'streaming'),
  ('gpt-6-luna', 'tools'),
  ('gpt-6-luna', 'vision'),
  ('gpt-6-luna-azure-eu', 'json-schema'),
  ('gpt-6-luna-azure-eu', 'prompt-caching'),
  ('gpt-6-luna-azure-eu', 'reasoning'),
  ('gpt-6-luna-azure-eu', 'streaming'),
  ('gpt-6-luna-azure-eu', 'tools'),
  ('gpt-6-luna-azure-eu', 'vision'),
  ('gpt-6.1-sol', 'json-schema'),
  ('gpt-6.1-sol', 'prompt-caching'),
  ('gpt-6.1-sol', 'reasoning'),
  ('gpt-6.1-sol', 'streaming'),
  ('gpt-6.1-sol', 'tools'),
  ('gpt-6.1-sol', 'vision'),
  ('gpt-6.1-sol-azure-eu', 'json-schema'),
  ('gpt-6.1-sol-azure-eu', 'prompt-caching'),
  ('gpt-6.1-sol-azure-eu', 'reasoning'),
  ('gpt-6.1-sol-azure-eu', 'streaming'),
  ('gpt-6.1-sol-azure-eu', 'tools'),
  ('gpt-6.1-sol-azure-eu', 'vision'),
  ('gpt-oss-120b-cerebras', 'json-schema'),
  ('gpt-oss-120b-cerebras', 'reasoning'),
  ('gpt-oss-120b-cerebras', 'streaming'),
  ('gpt-oss-120b-cerebras', 'tools'),
  ('gpt-oss-120b-groq', 'json-schema'),
  ('gpt-oss-120b-groq', 'prompt-caching'),
  ('gpt-oss-120b-groq', 'reasoning'),
  ('gpt-oss-120b-groq', 'streaming'),
  ('gpt-oss-120b-groq', 'tools'),
  ('gpt-oss-120b-ovhcloud', 'json-schema'),
  ('gpt-oss-120b-ovhcloud', 'reasoning'),
  ('gpt-oss-120b-ovhcloud', 'streaming'),
  ('gpt-oss-120b-together', 'json-schema'),
  ('gpt-oss-120b-together', 'reasoning'),
  ('gpt-oss-120b-together', 'streaming'),
  ('gpt-oss-120b-together', 'tools'),
  ('grok-4.20-non-reasoning', 'json-schema'),
  ('grok-4.20-non-reasoning', 'prompt-caching'),
  ('grok-4.20-non-reasoning', 'streaming'),
  ('grok-4.20-non-reasoning', 'tools'),
  ('grok-4.20-non-reasoning', 'vision'),
  ('grok-4.7', 'json-schema'),
  ('grok-4.7', 'prompt-caching'),
  ('grok-4.7', 'reasoning'),
  ('grok-4.7', 'streaming'),
  ('grok-4.7', 'tools'),
  ('grok-4.7', 'vision'),
  ('kimi-k2-fireworks', 'json-schema'),
  ('kimi-k2-fireworks', 'streaming'),
  ('kimi-k2-fireworks', 'tools'),
  ('kimi-k2.6', 'json-schema'),
  ('kimi-k2.6', 'reasoning'),
  ('kimi-k2.6', 'streaming'),
  ('kimi-k2.6', 'tools'),
  ('kimi-k2.6', 'vision'),
  ('kimi-k3', 'json-schema'),
  ('kimi-k3', 'prompt-caching'),
  ('kimi-k3', 'reasoning'),
  ('kimi-k3', 'streaming'),
  ('kimi-k3', 'tools'),
  ('kimi-k3', 'vision'),
  ('llama-3.1-8b-cerebras', 'streaming'),
  ('llama-3.1-8b-cerebras', 'tools'),
  ('llama-3.3-70b-bedrock-us', 'streaming'),
  ('llama-3.3-70b-bedrock-us', 'tools'),
  ('llama-3.3-70b-nebius', 'streaming'),
  ('llama-3.3-70b-nebius', 'tools'),
  ('llama-3.3-70b-scaleway', 'streaming'),
  ('llama-3.3-70b-scaleway', 'tools'),
  ('llama-3.3-70b-together', 'json-schema'),
  ('llama-3.3-70b-together', 'streaming'),
  ('llama-3.3-70b-together', 'tools'),
  ('llama-4-maverick-bedrock-us', 'streaming'),
  ('llama-4-maverick-bedrock-us', 'tools'),
  ('llama-4-scout-bedrock-us', 'streaming'),
  ('llama-4-scout-bedrock-us', 'tools'),
  ('ministral-8b-2512', 'json-schema'),
  ('ministral-8b-2512', 'streaming'),
  ('ministral-8b-2512', 'tools'),
  ('ministral-8b-2512', 'vision'),
  ('mistral-large-4', 'json-schema'),
  ('mistral-large-4', 'prompt-caching'),
  ('mistral-large-4', 'reasoning'),
  ('mistral-large-4', 'streaming'),
  ('mistral-large-4', 'tools'),
  ('mistral-large-4', 'vision'),
  ('mistral-medium-3', 'json-schema'),
  ('mistral-medium-3', 'reasoning'),
  ('mistral-medium-3', 'streaming'),
  ('mistral-medium-3', 'tools'),
  ('mistral-medium-3', 'vision'),
  ('mistral-small-2603', 'json-schema'),
  ('mistral-small-2603', 'reasoning'),
  ('mistral-small-2603', 'streaming'),
  ('mistral-small-2603', 'tools'),
  ('mistral-small-2603', 'vision'),
  ('mistral-small-3.2-ovhcloud', 'json-schema'),
  ('mistral-small-3.2-ovhcloud', 'streaming'),
  ('mistral-small-3.2-ovhcloud', 'tools'),
  ('mistral-small-3.2-ovhcloud', 'vision'),
  ('mistral-small-3.2-scaleway', 'streaming'),
  ('mistral-small-3.2-scaleway', 'tools'),
  ('mistral-small-3.2-scaleway', 'vision'),
  ('nemotron-ultra-253b-nebius', 'streaming'),
  ('nemotron-ultra-253b-nebius', 'tools'),
  ('nova-lite-bedrock-eu', 'json-schema'),
  ('nova-lite-bedrock-eu', 'prompt-caching'),
  ('nova-lite-bedrock-eu', 'streaming'),
  ('nova-lite-bedrock-eu', 'tools'),
  ('nova-lite-bedrock-eu', 'vision'),
  ('nova-micro-bedrock-eu', 'json-schema'),
  ('nova-micro-bedrock-eu', 'prompt-caching'),
  ('nova-micro-bedrock-eu', 'streaming'),
  ('nova-micro-bedrock-eu', 'tools'),
  ('nova-pro-bedrock-eu', 'json-schema'),
  ('nova-pro-bedrock-eu', 'prompt-caching'),
  ('nova-pro-bedrock-eu', 'streaming'),
  ('nova-pro-bedrock-eu', 'tools'),
  ('nova-pro-bedrock-eu', 'vision'),
  ('o3', 'json-schema'),
  ('o3', 'prompt-caching'),
  ('o3', 'reasoning'),
  ('o3', 'streaming'),
  ('o3', 'tools'),
  ('o3', 'vision'),
  ('qwen-max', 'reasoning'),
  ('qwen-max', 'streaming'),
  ('qwen-max', 'tools'),
  ('qwen-plus-2025-01-25', 'reasoning'),
  ('qwen-plus-2025-01-25', 'streaming'),
  ('qwen-plus-2025-01-25', 'tools'),
  ('qwen3-235b-bedrock-us', 'reasoning'),
  ('qwen3-235b-bedrock-us', 'streaming'),
  ('qwen3-235b-bedrock-us', 'tools'),
  ('qwen3-235b-fireworks', 'streaming'),
  ('qwen3-235b-nebius', 'streaming'),
  ('qwen3-235b-nebius', 'tools'),
  ('qwen3-235b-scaleway', 'streaming'),
  ('qwen3-235b-scaleway', 'tools'),
  ('qwen3-30b-nebius', 'streaming'),
  ('qwen3-30b-nebius', 'tools'),
  ('qwen3-32b-ovhcloud', 'json-schema'),
  ('qwen3-32b-ovhcloud', 'reasoning'),
  ('qwen3-32b-ovhcloud', 'streaming'),
  ('qwen3-32b-ovhcloud', 'tools'),
  ('qwen3-coder-bedrock-us', 'reasoning'),
  ('qwen3-coder-bedrock-us', 'streaming'),
  ('qwen3-coder-bedrock-us', 'tools');

INSERT INTO public.target_aliases (alias, target) VALUES
  ('hermelin/auto', 'auto'),
  ('router/auto', 'auto'),
  ('hermelin/europe', 'europe'),
  ('router/eu', 'europe'),
  ('hermelin/open', 'open-weights'),
  ('hermelin/swift', 'swift'),
  ('router/fast', 'swift');

INSERT INTO public.target_models (target, model) VALUES
  ('swift', 'claude-haiku-5-5'),
  ('swift', 'claude-haiku-5-5-bedrock-eu'),
  ('swift', 'codestral-2508'),
  ('swift', 'gemini-2.5-flash-lite'),
  ('swift', 'gpt-4o-mini'),
  ('swift', 'gpt-4o-mini-azure-eu'),
  ('swift', 'gpt-6-luna'),
  ('swift', 'gpt-6-luna-azure-eu'),
  ('swift', 'gpt-oss-120b-cerebras'),
  ('swift', 'gpt-oss-120b-groq'),
  ('swift', 'gpt-oss-120b-ovhcloud'),
  ('swift', 'llama-4-maverick-bedrock-us'),
  ('swift', 'mistral-small-2603'),
  ('swift', 'mistral-small-3.2-ovhcloud'),
  ('swift', 'qwen-plus-2025-01-25'),
  ('swift', 'qwen3-235b-bedrock-us'),
  ('swift', 'qwen3-235b-nebius'),
  ('swift', 'qwen3-30b-nebius');

INSERT INTO public.target_stacks (target, stack) VALUES
  ('europe', 'eu');

INSERT INTO public.feature_models (feature, model, status, position, sample_bp, max_daily_cents) VALUES
  ('agent-tools', 'gpt-5-azure-eu', 'primary', 0, NULL, NULL),
  ('agent-tools', 'claude-sonnet-5-5-bedrock-eu', 'shadow', 1, 200, 2000),
  ('agent-tools', 'gpt-6.1-sol-azure-eu', 'shadow', 2, 500, 2000),
  ('agent-tools', 'kimi-k2-fireworks', 'shadow', 3, NULL, NULL),
  ('agent-tools', 'gpt-4o-2024-08-06', 'retired', 4, NULL, NULL),
  ('article-draft', 'gpt-6.1-sol-azure-eu', 'primary', 0, NULL, NULL),
  ('article-draft', 'claude-opus-5-5-bedrock-eu', 'shadow', 1, 1000, 1200),
  ('article-draft', 'deepseek-r1-0528-nebius', 'shadow', 2, NULL, NULL),
  ('article-draft', 'o3', 'retired', 3, NULL, NULL),
  ('attachment-description', 'gemini-2.5-flash-lite', 'primary', 0, NULL, NULL),
  ('attachment-description', 'gemma-3-27b-nebius', 'shadow', 1, 500, 150),
  ('attachment-description', 'gpt-4o-mini', 'shadow', 2, NULL, NULL),
  ('code-assistant', 'gpt-6.1-sol', 'primary', 0, NULL, NULL),
  ('code-assistant', 'qwen3-coder-bedrock-us', 'shadow', 1, 500, 500),
  ('code-assistant', 'claude-opus-5-5', 'shadow', 2, 500, 1500),
  ('code-assistant', 'grok-4.20-non-reasoning', 'shadow', 3, NULL, NULL),
  ('code-assistant', 'deepseek-v3', 'retired', 4, NULL, NULL),
  ('contract-review', 'claude-opus-5-5-bedrock-eu', 'primary', 0, NULL, NULL),
  ('contract-review', 'gemini-2.5-pro', 'shadow', 1, 1000, 3000),
  ('contract-review', 'gemini-3.1-pro-preview', 'shadow', 2, NULL, NULL),
  ('contract-review', 'claude-opus-4-bedrock-eu', 'retired', 3, NULL, NULL),
  ('conversation-summary', 'mistral-small-2603', 'primary', 0, NULL, NULL),
  ('conversation-summary', 'gpt-6-luna-azure-eu', 'shadow', 1, 400, NULL),
  ('conversation-summary', 'qwen3-30b-nebius', 'shadow', 2, 400, 350),
  ('conversation-summary', 'command-r-08-2024', 'retired', 3, NULL, NULL),
  ('document-extraction', 'gpt-4.1-azure-eu', 'primary', 0, NULL, NULL),
  ('document-extraction', 'gemini-2.5-flash', 'shadow', 1, 300, 800),
  ('document-extraction', 'mistral-small-3.2-ovhcloud', 'shadow', 2, NULL, NULL),
  ('document-extraction', 'gpt-4o-azure-eu', 'retired', 3, NULL, NULL),
  ('kb-answer', 'mistral-medium-3', 'primary', 0, NULL, NULL),
  ('kb-answer', 'command-a-03-2025', 'shadow', 1, 100, 1000),
  ('kb-answer', 'gpt-4.1-azure-eu', 'shadow', 2, NULL, NULL),
  ('kb-answer', 'command-r-plus-08-2024', 'retired', 3, NULL, NULL),
  ('moderation', 'gpt-4o-mini-azure-eu', 'primary', 0, NULL, NULL),
  ('moderation', 'gpt-6-luna-azure-eu', 'shadow', 1, 100, 200),
  ('moderation', 'llama-4-scout-bedrock-us', 'shadow', 2, NULL, NULL),
  ('moderation', 'llama-3.3-70b-scaleway', 'retired', 3, NULL, NULL),
  ('pii-redaction', 'mistral-small-3.2-scaleway', 'primary', 0, NULL, NULL),
  ('pii-redaction', 'mistral-small-3.2-ovhcloud', 'shadow', 1, NULL, NULL),
  ('pii-redaction', 'qwen3-32b-ovhcloud', 'shadow', 2, NULL, NULL),
  ('quality-review', 'gpt-5-azure-eu', 'primary', 0, NULL, NULL),
  ('quality-review', 'claude-fable-5-1', 'shadow', 1, 200, 1800),
  ('quality-review', 'gemini-2.5-pro', 'shadow', 2, NULL, NULL),
  ('quality-review', 'deepseek-r1-bedrock-us', 'retired', 3, NULL, NULL),
  ('reply-drafting', 'claude-sonnet-5-5-bedrock-eu', 'primary', 0, NULL, NULL),
  ('reply-drafting', 'claude-opus-5-5-bedrock-eu', 'shadow', 1, 100, 2500),
  ('reply-drafting', 'gpt-4.1-azure-eu', 'shadow', 2, NULL, NULL),
  ('reply-drafting', 'claude-3-7-sonnet-bedrock-eu', 'retired', 3, NULL, NULL),
  ('reply-drafting', 'claude-3-opus-bedrock-eu', 'retired', 4, NULL, NULL),
  ('search-rewrite', 'qwen3-30b-nebius', 'primary', 0, NULL, NULL),
  ('search-rewrite', 'gpt-oss-120b-groq', 'shadow', 1, 200, 200),
  ('search-rewrite', 'llama-3.1-8b-cerebras', 'retired', 2, NULL, NULL),
  ('sentiment', 'mistral-small-3.2-ovhcloud', 'primary', 0, NULL, NULL),
  ('sentiment', 'nova-lite-bedrock-eu', 'shadow', 1, 50, 100),
  ('sentiment', 'ministral-8b-2512', 'shadow', 2, NULL, NULL),
  ('support-chat', 'gpt-4.1-azure-eu', 'primary', 0, NULL, NULL),
  ('support-chat', 'gpt-6.1-sol-azure-eu', 'shadow', 1, 500, 2000),
  ('support-chat', 'claude-sonnet-5-5-bedrock-eu', 'shadow', 2, 200, 1500),
  ('support-chat', 'qwen3-235b-nebius', 'shadow', 3, NULL, NULL),
  ('support-chat', 'gpt-4-turbo', 'retired', 4, NULL, NULL),
  ('ticket-triage', 'gpt-6-luna-azure-eu', 'primary', 0, NULL, NULL),
  ('ticket-triage', 'mistral-small-2603', 'shadow', 1, 1000, 500),
  ('ticket-triage', 'gpt-4o-mini-azure-eu', 'shadow', 2, NULL, NULL),
  ('ticket-triage', 'nova-micro-bedrock-eu', 'retired', 3, NULL, NULL),
  ('translation', 'gemini-2.5-flash', 'primary', 0, NULL, NULL),
  ('translation', 'qwen3-235b-scaleway', 'shadow', 1, 200, 600),
  ('translation', 'gpt-4.1-mini', 'shadow', 2, NULL, NULL),
  ('translation', 'nova-pro-bedrock-eu', 'retired', 3, NULL, NULL),
  ('typing-help', 'gpt-oss-120b-groq', 'primary', 0, NULL, NULL),
  ('typing-help', 'codestral-2508', 'shadow', 1, NULL, NULL),
  ('typing-help', 'gpt-4o-mini-azure-eu', 'shadow', 2, NULL, NULL),
  ('typing-help', 'llama-3.3-70b-together', 'retired', 3, NULL, NULL),
  ('weekly-insights', 'deepseek-v3.2-bedrock-eu', 'primary', 0, NULL, NULL),
  ('weekly-insights', 'gpt-6.1-sol', 'shadow', 1, 5000, 1000),
  ('weekly-insights', 'nemotron-ultra-253b-nebius', 'retired', 2, NULL, NULL),
  ('workflow-builder', 'claude-opus-5-5-bedrock-eu', 'primary', 0, NULL, NULL),
  ('workflow-builder', 'gpt-5-azure-eu', 'shadow', 1, NULL, NULL),
  ('workflow-builder', 'glm-4.5-fireworks', 'shadow', 2, 400, 400);

INSERT INTO public.feature_fallbacks (feature, position, model) VALUES
  ('agent-tools', 0, 'gpt-5'),
  ('agent-tools', 1, 'claude-opus-5-5-bedrock-eu'),
  ('article-draft', 0, 'gpt-6.1-sol'),
  ('article-draft', 1, 'gpt-5-azure-eu'),
  ('attachment-description', 0, 'gpt-4o-mini-azure-eu'),
  ('attachment-description', 1, 'mistral-small-2603'),
  ('attachment-description', 2, 'gpt-4o-mini'),
  ('code-assistant', 0, 'gpt-6.1-sol-azure-eu'),
  ('code-assistant', 1, 'claude-opus-5-5'),
  ('code-assistant', 2, 'o3'),
  ('contract-review', 0, 'claude-opus-5-5'),
  ('contract-review', 1, 'gpt-6.1-sol-azure-eu'),
  ('conversation-summary', 0, 'mistral-small-3.2-scaleway'),
  ('conversation-summary', 1, 'mistral-small-3.2-ovhcloud'),
  ('conversation-summary', 2, 'gpt-4o-mini-azure-eu'),
  ('document-extraction', 0, 'gpt-4.1'),
  ('document-extraction', 1, 'claude-sonnet-5-5-bedrock-eu'),
  ('kb-answer', 0, 'gpt-4.1-azure-eu'),
  ('kb-answer', 1, 'gpt-4.1'),
  ('moderation', 0, 'mistral-small-2603'),
  ('moderation', 1, 'claude-haiku-5-5-bedrock-eu'),
  ('pii-redaction', 0, 'mistral-small-3.2-ovhcloud'),
  ('pii-redaction', 1, 'mistral-small-2603'),
  ('pii-redaction', 2, 'gpt-6-luna'),
  ('quality-review', 0, 'gpt-6.1-sol-azure-eu'),
  ('quality-review', 1, 'gpt-5'),
  ('reply-drafting', 0, 'claude-sonnet-5-5'),
  ('reply-drafting', 1, 'gpt-4.1-azure-eu'),
  ('search-rewrite', 0, 'gpt-oss-120b-ovhcloud'),
  ('search-rewrite', 1, 'gpt-6-luna-azure-eu'),
  ('sentiment', 0, 'gpt-4o-mini-azure-eu'),
  ('support-chat', 0, 'gpt-4.1'),
  ('support-chat', 1, 'claude-sonnet-5-5-bedrock-eu'),
  ('support-chat', 2, 'mistral-medium-3'),
  ('ticket-triage', 0, 'gpt-6-luna'),
  ('ticket-triage', 1, 'mistral-small-2603'),
  ('translation', 0, 'qwen3-235b-scaleway'),
  ('translation', 1, 'gpt-4.1-mini'),
  ('translation', 2, 'mistral-medium-3'),
  ('typing-help', 0, 'gpt-oss-120b-cerebras'),
  ('typing-help', 1, 'mistral-small-3.2-ovhcloud'),
  ('weekly-insights', 0, 'deepseek-v3.2-fireworks'),
  ('weekly-insights', 1, 'gpt-5-azure-eu'),
  ('workflow-builder', 0, 'claude-opus-5-5'),
  ('workflow-builder', 1, 'gpt-5-azure-eu');

INSERT INTO public.default_stacks (stack) VALUES
  ('canada'),
  ('eu'),
  ('us');

INSERT INTO public.default_routes (feature, model) VALUES
  ('support-chat', 'gpt-4.1-azure-eu'),
  ('ticket-triage', 'gpt-6-luna-azure-eu'),
  ('reply-drafting', 'claude-sonnet-5-5-bedrock-eu'),
  ('conversation-summary', 'mistral-small-3.2-scaleway'),
  ('kb-answer', 'gpt-4.1-azure-eu'),
  ('document-extraction', 'gpt-4.1-azure-eu'),
  ('agent-tools', 'gpt-5-azure-eu'),
  ('moderation', 'gpt-4o-mini-azure-eu'),
  ('pii-redaction', 'mistral-small-3.2-scaleway'),
  ('tone-check', 'mistral-small-2603');

INSERT INTO public.tenant_banned_providers (tenant, provider) VALUES
  ('orth-maschinenbau', 'openai'),
  ('orth-maschinenbau', 'xai'),
  ('werkzeug-huber', 'alibaba'),
  ('zwei-und-zwanzig', 'cohere'),
  ('zwei-und-zwanzig', 'xai');

INSERT INTO public.tenant_banned_models (tenant, model) VALUES
  ('kanzlei-brandt', 'any-deepseek-r1-0528'),
  ('kanzlei-brandt', 'any-deepseek-v3'),
  ('kanzlei-brandt', 'any-deepseek-v3.2'),
  ('kanzlei-brandt', 'any-glm-4.5'),
  ('kanzlei-brandt', 'any-glm-4.5-air'),
  ('kanzlei-brandt', 'any-qwen3-235b'),
  ('kanzlei-brandt', 'deepseek-r1-bedrock-us'),
  ('kanzlei-brandt', 'kimi-k2-fireworks'),
  ('kanzlei-brandt', 'qwen3-30b-nebius'),
  ('kanzlei-brandt', 'qwen3-32b-ovhcloud'),
  ('kanzlei-brandt', 'qwen3-coder-bedrock-us'),
  ('rollgut-spedition', 'any-claude-opus-5-5'),
  ('rollgut-spedition', 'claude-opus-4-bedrock-eu'),
  ('rollgut-spedition', 'gemini-2.5-pro'),
  ('rollgut-spedition', 'gemini-3.1-pro-preview');

INSERT INTO public.tenant_preferred_providers (tenant, provider) VALUES
  ('auental-stadtwerke', 'nebius'),
  ('auental-stadtwerke', 'ovhcloud'),
  ('auental-stadtwerke', 'scaleway'),
  ('leipold-versicherung', 'azure-eu'),
  ('leipold-versicherung', 'bedrock-eu'),
  ('maple-outdoor', 'cohere'),
  ('merlion-travel', 'alibaba'),
  ('nordhang-klinikum', 'mistral'),
  ('nordhang-klinikum', 'scaleway');

INSERT INTO public.tenant_stacks (tenant, stack) VALUES
  ('auental-stadtwerke', 'eu'),
  ('bayou-electric', 'us'),
  ('elbufer-bank', 'eu'),
  ('fernweh-reisen', 'canada'),
  ('fernweh-reisen', 'eu'),
  ('fernweh-reisen', 'sea'),
  ('fernweh-reisen', 'us'),
  ('funkwerk-mobil', 'eu'),
  ('funkwerk-mobil', 'us'),
  ('gartenfreund', 'eu'),
  ('gartenfreund', 'us'),
  ('hermelin-support', 'canada'),
  ('hermelin-support', 'eu'),
  ('hermelin-support', 'us'),
  ('kanzlei-brandt', 'eu'),
  ('kanzlei-brandt', 'us'),
  ('leipold-versicherung', 'eu'),
  ('lotus-gadgets', 'china'),
  ('lotus-gadgets', 'sea'),
  ('maple-outdoor', 'canada'),
  ('maple-outdoor', 'us'),
  ('merlion-travel', 'eu'),
  ('merlion-travel', 'sea'),
  ('merlion-travel', 'us'),
  ('modehaus-lenz', 'canada'),
  ('modehaus-lenz', 'eu'),
  ('modehaus-lenz', 'us'),
  ('nordhang-klinikum', 'eu'),
  ('orth-maschinenbau', 'eu'),
  ('orth-maschinenbau', 'us'),
  ('rollgut-spedition', 'eu'),
  ('rollgut-spedition', 'us'),
  ('tischlein', 'canada'),
  ('tischlein', 'eu'),
  ('tischlein', 'us'),
  ('werkzeug-huber', 'canada'),
  ('werkzeug-huber', 'eu'),
  ('werkzeug-huber', 'sea'),
  ('werkzeug-huber', 'us'),
  ('wohnungsamt-muldental', 'eu'),
  ('zwei-und-zwanzig', 'eu'),
  ('zwei-und-zwanzig', 'us');

INSERT INTO public.routing_preferences (single, default_preference, dial_quality_bp, dial_balanced_bp, dial_cost_bp, clamp_low, clamp_high, gate_env, description, owner) VALUES
  (1, 'balanced', 1000, 0, -1000, 'good', 'frontier', 'HERMELIN_PREFERENCE_LIVE', 'Quality, balanced or cost, as the customer set it.', 'platform');

INSERT INTO public.model_experiment (experiment, public_model_id, status, archived, salt, on_pause, winner, description, owner) VALUES
  ('assistant-plus-1', 'hermelin/assistant-plus', 'completed', TRUE, 'assistant-plus-1', 'reject', 'gpt', 'The first round, won by GPT-4.1; its successor now owns the public id.', 'live-chat'),
  ('assistant-plus-2', 'hermelin/assistant-plus', 'active', FALSE, 'assistant-plus-2', 'control', NULL, 'Does Sonnet 5.5 close more chats without a human than GPT-6.1 Sol? Began at half and half.', 'live-chat'),
  ('kimi-agents', 'preview/agents', 'draft', FALSE, 'kimi-agents', 'reject', NULL, 'Planned for the new year, once the data protection office has finished with K3.', 'automation'),
  ('nimbus', 'preview/nimbus', 'paused', FALSE, 'nimbus', 'reject', NULL, 'The frontier preview, shut since the vendor''s incident; better no answer than a wrong one.', 'platform'),
  ('open-search', 'hermelin/search', 'completed', FALSE, 'open-search', 'reject', NULL, 'No difference in clicks after four weeks; nobody won and the id is free again.', 'knowledge'),
  ('reply-tone', 'hermelin/reply', 'completed', FALSE, 'reply-tone', 'reject', 'sonnet', 'Sonnet''s drafts were sent unedited more often; the winner serves the public id.', 'tickets'),
  ('summary-length', 'hermelin/summary', 'paused', FALSE, 'summary-length', 'control', NULL, 'Paused over the holidays; everyone gets the short summaries of the first variant.', 'tickets'),
  ('triage-three', 'hermelin/triage', 'active', FALSE, 'triage-three-2026-10', 'control', NULL, 'Three small models on the same queue. Luna was swapped for its EU deployment in the second week.', 'tickets');

INSERT INTO public.model_experiment_variant (experiment, variant, position, label, weight_bp) VALUES
  ('assistant-plus-1', 'control', 0, 'Claude 3.7 Sonnet', 5000),
  ('assistant-plus-1', 'gpt', 1, 'GPT-4.1', 5000),
  ('assistant-plus-2', 'control', 0, 'GPT-6.1 Sol', 6000),
  ('assistant-plus-2', 'sonnet', 1, 'Sonnet 5.5', 4000),
  ('kimi-agents', 'control', 0, 'GPT-5', 9000),
  ('kimi-agents', 'kimi', 1, 'Kimi K3', 1000),
  ('nimbus', 'astra', 0, 'GPT-6 Astra', 5000),
  ('nimbus', 'fable', 1, 'Fable 5.1', 5000),
  ('open-search', 'llama', 0, 'Llama 3.3', 3333),
  ('open-search', 'qwen', 1, 'Qwen 3', 3333),
  ('open-search', 'gemma', 2, 'Gemma 3', 3334),
  ('reply-tone', 'control', 0, 'GPT-4o', 5000),
  ('reply-tone', 'sonnet', 1, 'Sonnet', 5000),
  ('summary-length', 'short', 0, 'Three lines', 7500),
  ('summary-length', 'long', 1, 'A paragraph', 2500),
  ('triage-three', 'small', 0, 'Mistral Small', 3400),
  ('triage-three', 'luna', 1, 'GPT-6 Luna', 3300),
  ('triage-three', 'haiku', 2, 'Haiku 5.5', 3300);

INSERT INTO public.model_experiment_variant_slot (experiment, variant, first_slot, last_slot) VALUES
  ('assistant-plus-2', 'control', 0, 4999),
  ('assistant-plus-2', 'control', 9000, 9999),
  ('assistant-plus-2', 'sonnet', 5000, 8999);

INSERT INTO public.model_experiment_variant_version (experiment, variant, version, model, api_key_env) VALUES
  ('assistant-plus-1', 'control', 1, 'claude-3-7-sonnet-bedrock-eu', NULL),
  ('assistant-plus-1', 'gpt', 1, 'gpt-4.1-azure-eu', NULL),
  ('assistant-plus-2', 'control', 1, 'gpt-6.1-sol-azure-eu', NULL),
  ('assistant-plus-2', 'sonnet', 1, 'claude-sonnet-5-5-bedrock-eu', NULL),
  ('kimi-agents', 'control', 1, 'gpt-5-azure-eu', NULL),
  ('kimi-agents', 'kimi', 1, 'kimi-k3', NULL),
  ('nimbus', 'astra', 1, 'gpt-6-astra', 'OPENAI_PREVIEW_API_KEY'),
  ('nimbus', 'fable', 1, 'claude-fable-5-1', 'ANTHROPIC_PREVIEW_API_KEY'),
  ('open-search', 'llama', 1, 'llama-3.3-70b-nebius', NULL),
  ('open-search', 'qwen', 1, 'qwen3-30b-nebius', NULL),
  ('open-search', 'gemma', 1, 'gemma-3-27b-nebius', NULL),
  ('reply-tone', 'control', 1, 'gpt-4o-azure-eu', NULL),
  ('reply-tone', 'sonnet', 1, 'claude-3-7-sonnet-bedrock-eu', NULL),
  ('reply-tone', 'sonnet', 2, 'claude-sonnet-5-5-bedrock-eu', NULL),
  ('summary-length', 'short', 1, 'mistral-small-3.2-scaleway', NULL),
  ('summary-length', 'long', 1, 'mistral-medium-3', NULL),
  ('triage-three', 'small', 1, 'mistral-small-2603', NULL),
  ('triage-three', 'luna', 1, 'gpt-6-luna', NULL),
  ('triage-three', 'luna', 2, 'gpt-6-luna-azure-eu', 'AZURE_OPENAI_TRIAGE_KEY'),
  ('triage-three', 'haiku', 1, 'claude-haiku-5-5-bedrock-eu', NULL);

INSERT INTO public.model_promotions (feature, from_model, to_model, kind, migration) VALUES
  ('agent-tools', NULL, 'gpt-5-azure-eu', 'initial', '0001_baseline'),
  ('article-draft', NULL, 'gpt-6.1-sol-azure-eu', 'initial', '0001_baseline'),
  ('attachment-description', NULL, 'gemini-2.5-flash-lite', 'initial', '0001_baseline'),
  ('code-assistant', NULL, 'gpt-6.1-sol', 'initial', '0001_baseline'),
  ('contract-review', NULL, 'claude-opus-5-5-bedrock-eu', 'initial', '0001_baseline'),
  ('conversation-summary', NULL, 'mistral-small-2603', 'initial', '0001_baseline'),
  ('document-extraction', NULL, 'gpt-4.1-azure-eu', 'initial', '0001_baseline'),
  ('kb-answer', NULL, 'mistral-medium-3', 'initial', '0001_baseline'),
  ('moderation', NULL, 'gpt-4o-mini-azure-eu', 'initial', '0001_baseline'),
  ('pii-redaction', NULL, 'mistral-small-3.2-scaleway', 'initial', '0001_baseline'),
  ('quality-review', NULL, 'gpt-5-azure-eu', 'initial', '0001_baseline'),
  ('reply-drafting', NULL, 'claude-sonnet-5-5-bedrock-eu', 'initial', '0001_baseline'),
  ('search-rewrite', NULL, 'qwen3-30b-nebius', 'initial', '0001_baseline'),
  ('sentiment', NULL, 'mistral-small-3.2-ovhcloud', 'initial', '0001_baseline'),
  ('support-chat', NULL, 'gpt-4.1-azure-eu', 'initial', '0001_baseline'),
  ('ticket-triage', NULL, 'gpt-6-luna-azure-eu', 'initial', '0001_baseline'),
  ('translation', NULL, 'gemini-2.5-flash', 'initial', '0001_baseline'),
  ('typing-help', NULL, 'gpt-oss-120b-groq', 'initial', '0001_baseline'),
  ('weekly-insights', NULL, 'deepseek-v3.2-bedrock-eu', 'initial', '0001_baseline'),
  ('workflow-builder', NULL, 'claude-opus-5-5-bedrock-eu', 'initial', '0001_baseline');

SELECT public.routecomp_assert('feature agent-tools does not end with gpt-5-azure-eu as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'agent-tools' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'agent-tools' AND status = 'primary') = 'gpt-5-azure-eu');

SELECT public.routecomp_assert('feature article-draft does not end with gpt-6.1-sol-azure-eu as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'article-draft' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'article-draft' AND status = 'primary') = 'gpt-6.1-sol-azure-eu');

SELECT public.routecomp_assert('feature attachment-description does not end with gemini-2.5-flash-lite as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'attachment-description' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'attachment-description' AND status = 'primary') = 'gemini-2.5-flash-lite');

SELECT public.routecomp_assert('feature code-assistant does not end with gpt-6.1-sol as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'code-assistant' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'code-assistant' AND status = 'primary') = 'gpt-6.1-sol');

SELECT public.routecomp_assert('feature contract-review does not end with claude-opus-5-5-bedrock-eu as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'contract-review' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'contract-review' AND status = 'primary') = 'claude-opus-5-5-bedrock-eu');

SELECT public.routecomp_assert('feature conversation-summary does not end with mistral-small-2603 as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'conversation-summary' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'conversation-summary' AND status = 'primary') = 'mistral-small-2603');

SELECT public.routecomp_assert('feature document-extraction does not end with gpt-4.1-azure-eu as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'document-extraction' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'document-extraction' AND status = 'primary') = 'gpt-4.1-azure-eu');

SELECT public.routecomp_assert('feature kb-answer does not end with mistral-medium-3 as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'kb-answer' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'kb-answer' AND status = 'primary') = 'mistral-medium-3');

SELECT public.routecomp_assert('feature moderation does not end with gpt-4o-mini-azure-eu as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'moderation' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'moderation' AND status = 'primary') = 'gpt-4o-mini-azure-eu');

SELECT public.routecomp_assert('feature pii-redaction does not end with mistral-small-3.2-scaleway as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'pii-redaction' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'pii-redaction' AND status = 'primary') = 'mistral-small-3.2-scaleway');

SELECT public.routecomp_assert('feature quality-review does not end with gpt-5-azure-eu as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'quality-review' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'quality-review' AND status = 'primary') = 'gpt-5-azure-eu');

SELECT public.routecomp_assert('feature reply-drafting does not end with claude-sonnet-5-5-bedrock-eu as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'reply-drafting' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'reply-drafting' AND status = 'primary') = 'claude-sonnet-5-5-bedrock-eu');

SELECT public.routecomp_assert('feature search-rewrite does not end with qwen3-30b-nebius as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'search-rewrite' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'search-rewrite' AND status = 'primary') = 'qwen3-30b-nebius');

SELECT public.routecomp_assert('feature sentiment does not end with mistral-small-3.2-ovhcloud as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'sentiment' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'sentiment' AND status = 'primary') = 'mistral-small-3.2-ovhcloud');

SELECT public.routecomp_assert('feature support-chat does not end with gpt-4.1-azure-eu as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'support-chat' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'support-chat' AND status = 'primary') = 'gpt-4.1-azure-eu');

SELECT public.routecomp_assert('feature ticket-triage does not end with gpt-6-luna-azure-eu as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'ticket-triage' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'ticket-triage' AND status = 'primary') = 'gpt-6-luna-azure-eu');

SELECT public.routecomp_assert('feature translation does not end with gemini-2.5-flash as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'translation' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'translation' AND status = 'primary') = 'gemini-2.5-flash');

SELECT public.routecomp_assert('feature typing-help does not end with gpt-oss-120b-groq as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'typing-help' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'typing-help' AND status = 'primary') = 'gpt-oss-120b-groq');

SELECT public.routecomp_assert('feature weekly-insights does not end with deepseek-v3.2-bedrock-eu as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'weekly-insights' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'weekly-insights' AND status = 'primary') = 'deepseek-v3.2-bedrock-eu');

SELECT public.routecomp_assert('feature workflow-builder does not end with claude-opus-5-5-bedrock-eu as its one primary', (SELECT count(*) FROM public.feature_models WHERE feature = 'workflow-builder' AND status = 'primary') = 1 AND (SELECT min(model) FROM public.feature_models WHERE feature = 'workflow-builder' AND status = 'primary') = 'claude-opus-5-5-bedrock-eu');

CREATE FUNCTION public.routecomp_check_feature(subject text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  IF EXISTS (SELECT 1 FROM public.features f WHERE f.feature = subject) AND NOT EXISTS (SELECT 1 FROM public.feature_models fm WHERE fm.feature = subject AND fm.status = 'primary') THEN
    RAISE EXCEPTION 'feature % has no primary', subject
      USING ERRCODE = '23514', CONSTRAINT = 'features_have_a_primary';
  END IF;
  IF EXISTS (SELECT 1 FROM public.feature_models fm JOIN public.models m ON m.model = fm.model JOIN public.providers p ON p.provider = m.provider CROSS JOIN public.routing_defaults d WHERE fm.feature = subject AND fm.status = 'primary' AND NOT m.active) THEN
    RAISE EXCEPTION 'feature % has a primary that is not active', subject
      USING ERRCODE = '23514', CONSTRAINT = 'features_primary_active';
  END IF;
  IF EXISTS (SELECT 1 FROM public.feature_models fm JOIN public.models m ON m.model = fm.model JOIN public.providers p ON p.provider = m.provider CROSS JOIN public.routing_defaults d WHERE fm.feature = subject AND fm.status = 'primary' AND m.quality_bp < (SELECT f.min_quality_bp FROM public.features f WHERE f.feature = subject)) THEN
    RAISE EXCEPTION 'feature % has a primary below its min_quality', subject
      USING ERRCODE = '23514', CONSTRAINT = 'features_primary_above_floor';
  END IF;
  IF EXISTS (SELECT 1 FROM public.feature_models fm JOIN public.models m ON m.model = fm.model JOIN public.providers p ON p.provider = m.provider CROSS JOIN public.routing_defaults d WHERE fm.feature = subject AND fm.status = 'primary' AND m.compliance_bp < d.compliance_veto_threshold_bp) THEN
    RAISE EXCEPTION 'feature % has a primary below the default policy''s compliance', subject
      USING ERRCODE = '23514', CONSTRAINT = 'features_primary_compliance';
  END IF;
  IF EXISTS (SELECT 1 FROM public.feature_models fm JOIN public.models m ON m.model = fm.model JOIN public.providers p ON p.provider = m.provider CROSS JOIN public.routing_defaults d WHERE fm.feature = subject AND fm.status = 'primary' AND (EXISTS (SELECT 1 FROM public.default_banned_providers b WHERE b.provider = m.provider) OR EXISTS (SELECT 1 FROM public.default_banned_models b WHERE b.model = m.model OR b.model = m.logical_slug))) THEN
    RAISE EXCEPTION 'feature % has a primary that the default policy bans', subject
      USING ERRCODE = '23514', CONSTRAINT = 'features_primary_not_banned';
  END IF;
  IF EXISTS (SELECT 1 FROM public.feature_models fm JOIN public.models m ON m.model = fm.model JOIN public.providers p ON p.provider = m.provider CROSS JOIN public.routing_defaults d WHERE fm.feature = subject AND fm.status = 'primary' AND EXISTS (SELECT 1 FROM public.default_stacks s) AND NOT EXISTS (SELECT 1 FROM public.default_stacks s WHERE s.stack = p.stack)) THEN
    RAISE EXCEPTION 'feature % has a primary outside of the default policy''s stacks', subject
      USING ERRCODE = '23514', CONSTRAINT = 'features_primary_in_stacks';
  END IF;
  IF EXISTS (SELECT 1 FROM public.feature_fallbacks b JOIN public.feature_models fm ON fm.feature = b.feature AND fm.model = b.model WHERE b.feature = subject AND fm.status = 'retired') THEN
    RAISE EXCEPTION 'feature % has a retired model among its fallbacks', subject
      USING ERRCODE = '23514', CONSTRAINT = 'features_no_retired_fallback';
  END IF;
END
$body$;

CREATE FUNCTION public.routecomp_feature_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
  named text;
BEGIN
  FOREACH named IN ARRAY TG_ARGV LOOP
    IF TG_OP <> 'DELETE' THEN
      PERFORM public.routecomp_check_feature(to_jsonb(NEW) ->> named);
    END IF;
    IF TG_OP <> 'INSERT' THEN
      PERFORM public.routecomp_check_feature(to_jsonb(OLD) ->> named);
    END IF;
  END LOOP;
  RETURN NULL;
END
$body$;

CREATE FUNCTION public.routecomp_check_target(subject text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  IF EXISTS (SELECT 1 FROM public.targets t WHERE t.target = subject AND NOT ((t.candidates = 'models') = EXISTS (SELECT 1 FROM public.target_models c WHERE c.target = subject) AND (t.candidates = 'stacks') = EXISTS (SELECT 1 FROM public.target_stacks c WHERE c.target = subject))) THEN
    RAISE EXCEPTION 'target % lists what its selector does not say, or lists nothing', subject
      USING ERRCODE = '23514', CONSTRAINT = 'targets_have_candidates';
  END IF;
END
$body$;

CREATE FUNCTION public.routecomp_target_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
  named text;
BEGIN
  FOREACH named IN ARRAY TG_ARGV LOOP
    IF TG_OP <> 'DELETE' THEN
      PERFORM public.routecomp_check_target(to_jsonb(NEW) ->> named);
    END IF;
    IF TG_OP <> 'INSERT' THEN
      PERFORM public.routecomp_check_target(to_jsonb(OLD) ->> named);
    END IF;
  END LOOP;
  RETURN NULL;
END
$body$;

CREATE FUNCTION public.routecomp_check_experiment(subject text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  IF (SELECT coalesce(sum(v.weight_bp), 10000) FROM public.model_experiment_variant v WHERE v.experiment = subject) <> 10000 THEN
    RAISE EXCEPTION 'experiment % has variant weights that do not add up to 1', subject
      USING ERRCODE = '23514', CONSTRAINT = 'experiments_weights_sum';
  END IF;
  IF EXISTS (SELECT 1 FROM public.model_experiment e WHERE e.experiment = subject AND e.status IN ('active', 'paused')) AND (SELECT count(*) FROM public.model_experiment_variant v WHERE v.experiment = subject) < 2 THEN
    RAISE EXCEPTION 'experiment % runs with fewer than two variants', subject
      USING ERRCODE = '23514', CONSTRAINT = 'experiments_have_variants';
  END IF;
  IF EXISTS (SELECT 1 FROM public.model_experiment e WHERE e.experiment = subject AND (e.status IN ('active', 'paused') OR (e.status = 'completed' AND e.winner IS NOT NULL))) AND EXISTS (SELECT 1 FROM public.model_experiment_variant v WHERE v.experiment = subject AND NOT EXISTS (SELECT 1 FROM public.model_experiment_variant_version x WHERE x.experiment = subject AND NOT x.withdrawn AND x.variant = v.variant)) THEN
    RAISE EXCEPTION 'experiment % has a variant without a version', subject
      USING ERRCODE = '23514', CONSTRAINT = 'experiments_have_versions';
  END IF;
  IF EXISTS (SELECT 1 FROM public.model_experiment_variant_version x WHERE x.experiment = subject AND NOT x.withdrawn GROUP BY x.variant HAVING max(x.version) <> count(*)) THEN
    RAISE EXCEPTION 'experiment % has versions that are not 1, 2, 3 … in order', subject
      USING ERRCODE = '23514', CONSTRAINT = 'experiments_versions_in_order';
  END IF;
  IF EXISTS (SELECT 1 FROM public.model_experiment_variant_slot s WHERE s.experiment = subject) AND EXISTS (SELECT 1 FROM public.model_experiment_variant v WHERE v.experiment = subject AND v.weight_bp <> (SELECT coalesce(sum(s.last_slot - s.first_slot + 1), 0) FROM public.model_experiment_variant_slot s WHERE s.experiment = subject AND s.variant = v.variant)) THEN
    RAISE EXCEPTION 'experiment % has slots that do not match its variants'' weights', subject
      USING ERRCODE = '23514', CONSTRAINT = 'experiments_slots_owned';
  END IF;
  IF EXISTS (SELECT 1 FROM public.model_experiment_variant_slot a JOIN public.model_experiment_variant_slot b ON a.experiment = b.experiment AND a.first_slot < b.first_slot AND a.last_slot >= b.first_slot WHERE a.experiment = subject) THEN
    RAISE EXCEPTION 'experiment % has a slot that two ranges own', subject
      USING ERRCODE = '23514', CONSTRAINT = 'experiments_slots_apart';
  END IF;
END
$body$;

CREATE FUNCTION public.routecomp_experiment_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
  named text;
BEGIN
  FOREACH named IN ARRAY TG_ARGV LOOP
    IF TG_OP <> 'DELETE' THEN
      PERFORM public.routecomp_check_experiment(to_jsonb(NEW) ->> named);
    END IF;
    IF TG_OP <> 'INSERT' THEN
      PERFORM public.routecomp_check_experiment(to_jsonb(OLD) ->> named);
    END IF;
  END LOOP;
  RETURN NULL;
END
$body$;

CREATE FUNCTION public.routecomp_check_preferences(subject text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  IF EXISTS (SELECT 1 FROM public.routing_preferences r JOIN public.preference_floors l ON l.floor = r.clamp_low JOIN public.preference_floors h ON h.floor = r.clamp_high WHERE l.quality_bp > h.quality_bp) THEN
    RAISE EXCEPTION 'preferences clamp the dial between floors in the wrong order'
      USING ERRCODE = '23514', CONSTRAINT = 'preferences_clamp_order';
  END IF;
  IF EXISTS (SELECT 1 FROM public.routing_preferences r) AND NOT EXISTS (SELECT 1 FROM public.preference_floors l WHERE l.floor = 'good') THEN
    RAISE EXCEPTION 'preferences have no floor `good`'
      USING ERRCODE = '23514', CONSTRAINT = 'preferences_have_good';
  END IF;
END
$body$;

CREATE FUNCTION public.routecomp_preferences_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
  named text;
BEGIN
  FOREACH named IN ARRAY TG_ARGV LOOP
    IF TG_OP <> 'DELETE' THEN
      PERFORM public.routecomp_check_preferences(to_jsonb(NEW) ->> named);
    END IF;
    IF TG_OP <> 'INSERT' THEN
      PERFORM public.routecomp_check_preferences(to_jsonb(OLD) ->> named);
    END IF;
  END LOOP;
  RETURN NULL;
END
$body$;

CREATE FUNCTION public.routecomp_check_name(subject text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  IF (CASE WHEN EXISTS (SELECT 1 FROM public.models u WHERE u.model = subject) THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM public.models u WHERE u.logical_slug = subject) THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM public.targets u WHERE u.target = subject) THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM public.target_aliases u WHERE u.alias = subject) THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM public.model_experiment u WHERE u.public_model_id = subject) THEN 1 ELSE 0 END) > 1 THEN
    RAISE EXCEPTION 'name % means several of: model, logical model, target, alias, public model id', subject
      USING ERRCODE = '23514', CONSTRAINT = 'names_mean_one_thing';
  END IF;
  IF EXISTS (SELECT 1 FROM public.targets t WHERE t.logical_slug = subject) AND NOT EXISTS (SELECT 1 FROM public.models m WHERE m.logical_slug = subject) THEN
    RAISE EXCEPTION 'name % is the logical model of a target, and no model is its host', subject
      USING ERRCODE = '23514', CONSTRAINT = 'logical_names_have_hosts';
  END IF;
  IF (EXISTS (SELECT 1 FROM public.default_banned_models b WHERE b.model = subject) OR EXISTS (SELECT 1 FROM public.tenant_banned_models b WHERE b.model = subject)) AND NOT EXISTS (SELECT 1 FROM public.models m WHERE m.model = subject) AND NOT EXISTS (SELECT 1 FROM public.models m WHERE m.logical_slug = subject) THEN
    RAISE EXCEPTION 'name % is banned, and is neither a model nor a logical model', subject
      USING ERRCODE = '23514', CONSTRAINT = 'bans_name_models';
  END IF;
END
$body$;

CREATE FUNCTION public.routecomp_name_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
  named text;
BEGIN
  FOREACH named IN ARRAY TG_ARGV LOOP
    IF TG_OP <> 'DELETE' THEN
      PERFORM public.routecomp_check_name(to_jsonb(NEW) ->> named);
    END IF;
    IF TG_OP <> 'INSERT' THEN
      PERFORM public.routecomp_check_name(to_jsonb(OLD) ->> named);
    END IF;
  END LOOP;
  RETURN NULL;
END
$body$;

CREATE FUNCTION public.routecomp_check_stack(subject text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  IF (EXISTS (SELECT 1 FROM public.target_stacks s WHERE s.stack = subject) OR EXISTS (SELECT 1 FROM public.default_stacks s WHERE s.stack = subject) OR EXISTS (SELECT 1 FROM public.tenant_stacks s WHERE s.stack = subject)) AND NOT EXISTS (SELECT 1 FROM public.providers p WHERE p.stack = subject) THEN
    RAISE EXCEPTION 'stack % is used, and no provider is in it', subject
      USING ERRCODE = '23514', CONSTRAINT = 'stacks_have_providers';
  END IF;
END
$body$;

CREATE FUNCTION public.routecomp_stack_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
  named text;
BEGIN
  FOREACH named IN ARRAY TG_ARGV LOOP
    IF TG_OP <> 'DELETE' THEN
      PERFORM public.routecomp_check_stack(to_jsonb(NEW) ->> named);
    END IF;
    IF TG_OP <> 'INSERT' THEN
      PERFORM public.routecomp_check_stack(to_jsonb(OLD) ->> named);
    END IF;
  END LOOP;
  RETURN NULL;
END
$body$;

CREATE FUNCTION public.routecomp_model_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  PERFORM public.routecomp_check_feature(fm.feature) FROM public.feature_models fm
    WHERE fm.model = NEW.model AND fm.status = 'primary';
  RETURN NULL;
END
$body$;

CREATE FUNCTION public.routecomp_all_features_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  PERFORM public.routecomp_check_feature(f.feature) FROM public.features f;
  RETURN NULL;
END
$body$;

CREATE CONSTRAINT TRIGGER features_holds
AFTER INSERT OR UPDATE OR DELETE ON public.features
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_feature_changed('feature');

CREATE CONSTRAINT TRIGGER feature_models_holds
AFTER INSERT OR UPDATE OR DELETE ON public.feature_models
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_feature_changed('feature');

CREATE CONSTRAINT TRIGGER feature_fallbacks_holds
AFTER INSERT OR UPDATE OR DELETE ON public.feature_fallbacks
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_feature_changed('feature');

CREATE CONSTRAINT TRIGGER models_holds
AFTER UPDATE OF active, quality_bp, compliance_bp, provider, logical_slug ON public.models
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_model_changed();

CREATE CONSTRAINT TRIGGER providers_holds
AFTER UPDATE OF stack ON public.providers
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_all_features_changed();

CREATE CONSTRAINT TRIGGER routing_defaults_holds
AFTER INSERT OR UPDATE OF compliance_veto_threshold_bp OR DELETE ON public.routing_defaults
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_all_features_changed();

CREATE CONSTRAINT TRIGGER default_banned_providers_holds
AFTER INSERT OR UPDATE OR DELETE ON public.default_banned_providers
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_all_features_changed();

CREATE CONSTRAINT TRIGGER default_banned_models_holds
AFTER INSERT OR UPDATE OR DELETE ON public.default_banned_models
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_all_features_changed();

CREATE CONSTRAINT TRIGGER default_stacks_holds
AFTER INSERT OR UPDATE OR DELETE ON public.default_stacks
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_all_features_changed();

CREATE CONSTRAINT TRIGGER targets_holds
AFTER INSERT OR UPDATE OR DELETE ON public.targets
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_target_changed('target');

CREATE CONSTRAINT TRIGGER target_models_holds
AFTER INSERT OR UPDATE OR DELETE ON public.target_models
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_target_changed('target');

CREATE CONSTRAINT TRIGGER target_stacks_holds
AFTER INSERT OR UPDATE OR DELETE ON public.target_stacks
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_target_changed('target');

CREATE CONSTRAINT TRIGGER model_experiment_holds
AFTER INSERT OR UPDATE OR DELETE ON public.model_experiment
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_experiment_changed('experiment');

CREATE CONSTRAINT TRIGGER model_experiment_variant_holds
AFTER INSERT OR UPDATE OR DELETE ON public.model_experiment_variant
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_experiment_changed('experiment');

CREATE CONSTRAINT TRIGGER model_experiment_variant_slot_holds
AFTER INSERT OR UPDATE OR DELETE ON public.model_experiment_variant_slot
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_experiment_changed('experiment');

CREATE CONSTRAINT TRIGGER model_experiment_variant_version_holds
AFTER INSERT OR UPDATE OR DELETE ON public.model_experiment_variant_version
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_experiment_changed('experiment');

CREATE CONSTRAINT TRIGGER routing_preferences_holds
AFTER INSERT OR UPDATE OR DELETE ON public.routing_preferences
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_preferences_changed('preferences');

CREATE CONSTRAINT TRIGGER preference_floors_holds
AFTER INSERT OR UPDATE OR DELETE ON public.preference_floors
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_preferences_changed('preferences');

CREATE CONSTRAINT TRIGGER models_names_hold
AFTER INSERT OR UPDATE OF model, logical_slug OR DELETE ON public.models
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_name_changed('model', 'logical_slug');

CREATE CONSTRAINT TRIGGER targets_names_hold
AFTER INSERT OR UPDATE OF target, logical_slug OR DELETE ON public.targets
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_name_changed('target', 'logical_slug');

CREATE CONSTRAINT TRIGGER target_aliases_names_hold
AFTER INSERT OR UPDATE OF alias OR DELETE ON public.target_aliases
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_name_changed('alias');

CREATE CONSTRAINT TRIGGER model_experiment_names_hold
AFTER INSERT OR UPDATE OF public_model_id OR DELETE ON public.model_experiment
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_name_changed('public_model_id');

CREATE CONSTRAINT TRIGGER default_banned_models_names_hold
AFTER INSERT OR UPDATE OF model OR DELETE ON public.default_banned_models
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_name_changed('model');

CREATE CONSTRAINT TRIGGER tenant_banned_models_names_hold
AFTER INSERT OR UPDATE OF model OR DELETE ON public.tenant_banned_models
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_name_changed('model');

CREATE CONSTRAINT TRIGGER providers_stacks_hold
AFTER INSERT OR UPDATE OF stack OR DELETE ON public.providers
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_stack_changed('stack');

CREATE CONSTRAINT TRIGGER target_stacks_stacks_hold
AFTER INSERT OR UPDATE OF stack OR DELETE ON public.target_stacks
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_stack_changed('stack');

CREATE CONSTRAINT TRIGGER default_stacks_stacks_hold
AFTER INSERT OR UPDATE OF stack OR DELETE ON public.default_stacks
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_stack_changed('stack');

CREATE CONSTRAINT TRIGGER tenant_stacks_stacks_hold
AFTER INSERT OR UPDATE OF stack OR DELETE ON public.tenant_stacks
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_stack_changed('stack');

CREATE FUNCTION public.routecomp_append_only() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = '23514', CONSTRAINT = TG_NAME;
END
$body$;

CREATE FUNCTION public.routecomp_version_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - 'withdrawn' - 'serving_model') = (to_jsonb(OLD) - 'withdrawn' - 'serving_model')
      AND (NEW.withdrawn OR NOT OLD.withdrawn) THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM public.model_experiment e WHERE e.experiment = OLD.experiment
      AND (e.status = 'draft' OR (e.status = 'completed' AND e.archived))) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'versions are append-only once an experiment is no draft: % is refused', TG_OP
    USING ERRCODE = '23514', CONSTRAINT = TG_NAME;
END
$body$;

CREATE FUNCTION public.routecomp_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  RAISE EXCEPTION '% keeps its one row: % is refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = '23514', CONSTRAINT = TG_NAME;
END
$body$;

CREATE TRIGGER routing_defaults_stays BEFORE DELETE ON public.routing_defaults
FOR EACH ROW EXECUTE FUNCTION public.routecomp_stays();

CREATE TRIGGER routing_defaults_no_truncate BEFORE TRUNCATE ON public.routing_defaults
FOR EACH STATEMENT EXECUTE FUNCTION public.routecomp_stays();

CREATE TRIGGER routing_resilience_stays BEFORE DELETE ON public.routing_resilience
FOR EACH ROW EXECUTE FUNCTION public.routecomp_stays();

CREATE TRIGGER routing_resilience_no_truncate BEFORE TRUNCATE ON public.routing_resilience
FOR EACH STATEMENT EXECUTE FUNCTION public.routecomp_stays();

CREATE TRIGGER routing_scoring_stays BEFORE DELETE ON public.routing_scoring
FOR EACH ROW EXECUTE FUNCTION public.routecomp_stays();

CREATE TRIGGER routing_scoring_no_truncate BEFORE TRUNCATE ON public.routing_scoring
FOR EACH STATEMENT EXECUTE FUNCTION public.routecomp_stays();

CREATE TRIGGER model_promotions_append_only BEFORE UPDATE OR DELETE ON public.model_promotions
FOR EACH ROW EXECUTE FUNCTION public.routecomp_append_only();

CREATE TRIGGER model_promotions_no_truncate BEFORE TRUNCATE ON public.model_promotions
FOR EACH STATEMENT EXECUTE FUNCTION public.routecomp_append_only();

CREATE TRIGGER model_experiment_variant_version_append_only BEFORE UPDATE OR DELETE
ON public.model_experiment_variant_version FOR EACH ROW EXECUTE FUNCTION public.routecomp_version_kept();

CREATE TRIGGER model_experiment_variant_version_no_truncate BEFORE TRUNCATE
ON public.model_experiment_variant_version FOR EACH STATEMENT EXECUTE FUNCTION public.routecomp_append_only();

ALTER TABLE public.model_promotions ENABLE ALWAYS TRIGGER model_promotions_append_only;

ALTER TABLE public.model_promotions ENABLE ALWAYS TRIGGER model_promotions_no_truncate;

ALTER TABLE public.model_experiment_variant_version
ENABLE ALWAYS TRIGGER model_experiment_variant_version_append_only;

ALTER TABLE public.model_experiment_variant_version
ENABLE ALWAYS TRIGGER model_experiment_variant_version_no_truncate;

REVOKE UPDATE, DELETE, TRUNCATE ON public.model_promotions FROM PUBLIC;

REVOKE DELETE, TRUNCATE ON public.model_experiment_variant_version FROM PUBLIC;

SELECT public.routecomp_check_feature(subject) FROM (SELECT feature AS subject FROM public.features) whole;

SELECT public.routecomp_check_target(subject) FROM (SELECT target AS subject FROM public.targets) whole;

SELECT public.routecomp_check_experiment(subject) FROM (SELECT experiment AS subject FROM public.model_experiment) whole;

SELECT public.routecomp_check_preferences(subject) FROM (SELECT 'preferences' AS subject) whole;

SELECT public.routecomp_check_name(subject) FROM (SELECT model AS subject FROM public.models UNION SELECT logical_slug FROM public.models UNION SELECT target FROM public.targets UNION SELECT logical_slug FROM public.targets UNION SELECT alias FROM public.target_aliases UNION SELECT public_model_id FROM public.model_experiment UNION SELECT model FROM public.default_banned_models UNION SELECT model FROM public.tenant_banned_models) whole;

SELECT public.routecomp_check_stack(subject) FROM (SELECT stack AS subject FROM public.target_stacks UNION SELECT stack FROM public.default_stacks UNION SELECT stack FROM public.tenant_stacks) whole;

COMMIT;
