-- Migration 0027: the way back of the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

DROP TRIGGER providers_providers_hold ON public.providers;

DROP TRIGGER provider_query_holds ON public.provider_query;

DROP TRIGGER provider_headers_holds ON public.provider_headers;

DROP TRIGGER provider_secret_headers_holds ON public.provider_secret_headers;

CREATE OR REPLACE FUNCTION public.routecomp_check_feature(subject text) RETURNS void
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

CREATE OR REPLACE FUNCTION public.routecomp_check_experiment(subject text) RETURNS void
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

CREATE OR REPLACE FUNCTION public.routecomp_routing_outcomes_holds() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
  broken text := CASE
    WHEN NOT (NEW.day >= '0001-01-01' AND NEW.day <= '9999-12-31') THEN 'routing_outcomes_day_check'
    WHEN NOT (NEW.route IS NULL OR (NEW.route IN ('feature', 'target', 'logical', 'experiment', 'direct'))) THEN 'routing_outcomes_route_check'
    WHEN NOT (NEW.source IS NULL OR (NEW.source IN ('table', 'default_route', 'default_model', 'last_resort'))) THEN 'routing_outcomes_source_check'
    WHEN NOT (NEW.status IN ('ok', 'rejected_policy', 'rejected_unavailable', 'rejected_floor', 'rejected_cost', 'rejected_experiment', 'unknown_model')) THEN 'routing_outcomes_status_check'
    WHEN NOT (NEW.outcome IN ('succeeded', 'fell_back', 'failed', 'rejected', 'cancelled')) THEN 'routing_outcomes_outcome_check'
    WHEN NOT (NEW.model IS NULL OR (NEW.model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$')) THEN 'routing_outcomes_model_check'
    WHEN NOT (NEW.answered_by IS NULL OR (NEW.answered_by COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$')) THEN 'routing_outcomes_answered_by_check'
    WHEN NOT (NEW.experiment IS NULL OR (NEW.experiment COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$')) THEN 'routing_outcomes_experiment_check'
    WHEN NOT (NEW.variant IS NULL OR (NEW.variant COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$')) THEN 'routing_outcomes_variant_check'
    WHEN NOT (NEW.version IS NULL OR (NEW.version >= 1 AND NEW.version <= 1000000000 AND NEW.version = trunc(NEW.version))) THEN 'routing_outcomes_version_check'
    WHEN NOT (NEW.slot IS NULL OR (NEW.slot >= 0 AND NEW.slot <= 9999 AND NEW.slot = trunc(NEW.slot))) THEN 'routing_outcomes_slot_check'
    WHEN NOT (NEW.latency_ms IS NULL OR (NEW.latency_ms >= 0 AND NEW.latency_ms <= 1000000000 AND NEW.latency_ms = trunc(NEW.latency_ms))) THEN 'routing_outcomes_latency_ms_check'
    WHEN NOT (NEW.first_token_ms IS NULL OR (NEW.first_token_ms >= 0 AND NEW.first_token_ms <= 1000000000 AND NEW.first_token_ms = trunc(NEW.first_token_ms))) THEN 'routing_outcomes_first_token_ms_check'
    WHEN NOT (NEW.input_tokens IS NULL OR (NEW.input_tokens >= 0 AND NEW.input_tokens <= 1000000000 AND NEW.input_tokens = trunc(NEW.input_tokens))) THEN 'routing_outcomes_input_tokens_check'
    WHEN NOT (NEW.output_tokens IS NULL OR (NEW.output_tokens >= 0 AND NEW.output_tokens <= 1000000000 AND NEW.output_tokens = trunc(NEW.output_tokens))) THEN 'routing_outcomes_output_tokens_check'
    WHEN NOT (NEW.cost_pusd IS NULL OR (NEW.cost_pusd >= 0 AND NEW.cost_pusd <= 9223372036854775807 AND NEW.cost_pusd = trunc(NEW.cost_pusd))) THEN 'routing_outcomes_cost_pusd_check'
    WHEN NOT (CAST(NEW.begun_at AT TIME ZONE 'UTC' AS DATE) = NEW.day) THEN 'routing_outcomes_day_of_call'
    WHEN NOT (NEW.outcome = 'rejected' OR (NEW.status <> 'unknown_model' AND substr(NEW.status, 1, 9) <> 'rejected_')) THEN 'routing_outcomes_rejected'
    WHEN NOT (NEW.outcome <> 'rejected' OR NEW.answered_by IS NULL) THEN 'routing_outcomes_rejected_unanswered'
    WHEN NOT (substr(NEW.reasons, 1, 1) = '[') THEN 'routing_outcomes_reasons_list'
    END;
BEGIN
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'a row of routing_outcomes violates %', broken
      USING ERRCODE = '23514', CONSTRAINT = broken, TABLE = 'routing_outcomes';
  END IF;
  RETURN NULL;
END
$body$;

CREATE OR REPLACE FUNCTION public.routecomp_routing_attempts_holds() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
  broken text := CASE
    WHEN NOT (NEW.day >= '0001-01-01' AND NEW.day <= '9999-12-31') THEN 'routing_attempts_day_check'
    WHEN NOT (NEW.number >= 1 AND NEW.number <= 1000000000 AND NEW.number = trunc(NEW.number)) THEN 'routing_attempts_number_check'
    WHEN NOT (NEW.model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$') THEN 'routing_attempts_model_check'
    WHEN NOT (NEW.outcome IN ('ok', 'retriable_error', 'terminal_error', 'rate_limited', 'timeout')) THEN 'routing_attempts_outcome_check'
    WHEN NOT (NEW.latency_ms IS NULL OR (NEW.latency_ms >= 0 AND NEW.latency_ms <= 1000000000 AND NEW.latency_ms = trunc(NEW.latency_ms))) THEN 'routing_attempts_latency_ms_check'
    END;
BEGIN
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'a row of routing_attempts violates %', broken
      USING ERRCODE = '23514', CONSTRAINT = broken, TABLE = 'routing_attempts';
  END IF;
  RETURN NULL;
END
$body$;

ALTER TABLE public.providers DROP CONSTRAINT providers_paths_sound;

ALTER TABLE public.providers DROP CONSTRAINT providers_chat_path_relative, ADD CONSTRAINT providers_chat_path_relative CHECK (POSITION('://' IN SPLIT_PART(chat_path, '?', 1)) = 0) NOT VALID;

ALTER TABLE public.providers DROP CONSTRAINT providers_over_https, ADD CONSTRAINT providers_over_https CHECK (SUBSTRING(LOWER(base_url) FROM 1 FOR 8) = 'https://'
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
  OR (
    allow_http
    AND SUBSTRING(LOWER(base_url) FROM 1 FOR 7) = 'http://'
    AND NOT LOWER(
      SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
    ) IN (
      'metadata',
      'metadata.google.internal',
      'instance-data',
      'instance-data.ec2.internal'
    )
    AND (
      (
        SUBSTRING(LOWER(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1)) FROM 1 FOR 3) IN ('[fc', '[fd')
        AND SUBSTRING(LOWER(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1)) FROM 6 FOR 1) = ':'
        AND SUBSTRING(LOWER(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1)) FROM 1 FOR 10) <> '[fd00:ec2:'
      )
      OR (
        TRIM(LEADING '0123456789.' FROM LOWER(
          SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
        )) = ''
        AND (
          SUBSTRING(LOWER(
            SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
          ) FROM 1 FOR 3) = '10.'
          OR SUBSTRING(LOWER(
            SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
          ) FROM 1 FOR 8) = '192.168.'
          OR SUBSTRING(LOWER(
            SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
          ) FROM 1 FOR 7) IN (
            '172.16.',
            '172.17.',
            '172.18.',
            '172.19.',
            '172.20.',
            '172.21.',
            '172.22.',
            '172.23.',
            '172.24.',
            '172.25.',
            '172.26.',
            '172.27.',
            '172.28.',
            '172.29.',
            '172.30.',
            '172.31.'
          )
        )
      )
      OR (
        REPLACE(
          LOWER(
            SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
          ),
          '.',
          ''
        ) = LOWER(
          SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
        )
        AND TRIM(LEADING '0123456789.' FROM LOWER(
          SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
        )) <> ''
        AND SUBSTRING(LOWER(
          SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
        ) FROM 1 FOR 2) <> '0x'
        AND SUBSTRING(LOWER(
          SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
        ) FROM 1 FOR 1) <> '['
      )
      OR SUBSTRING(LOWER(
        SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
      ) FROM LENGTH(
        LOWER(
          SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
        )
      ) - 5) = '.local'
      OR SUBSTRING(LOWER(
        SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
      ) FROM LENGTH(
        LOWER(
          SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
        )
      ) - 8) = '.internal'
      OR SUBSTRING(LOWER(
        SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
      ) FROM LENGTH(
        LOWER(
          SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
        )
      ) - 3) = '.lan'
      OR SUBSTRING(LOWER(
        SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
      ) FROM LENGTH(
        LOWER(
          SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
        )
      ) - 9) = '.home.arpa'
      OR SUBSTRING(LOWER(
        SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
      ) FROM LENGTH(
        LOWER(
          SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
        )
      ) - 3) = '.svc'
      OR SUBSTRING(LOWER(
        SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
      ) FROM LENGTH(
        LOWER(
          SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
        )
      ) - 13) = '.cluster.local'
    )
  )) NOT VALID;

ALTER TABLE public.providers DROP CONSTRAINT providers_auth_known, ADD CONSTRAINT providers_auth_known CHECK (auth IS NULL
  OR auth IN ('bearer', 'x-api-key', 'api-key', 'x-goog-api-key', 'sigv4', 'oauth', 'none')
  OR SUBSTRING(auth FROM 1 FOR 7) = 'header:') NOT VALID;

ALTER TABLE public.provider_query DROP CONSTRAINT provider_query_named;

ALTER TABLE public.provider_headers DROP CONSTRAINT provider_headers_allowed;

ALTER TABLE public.provider_secret_headers DROP CONSTRAINT provider_secret_headers_allowed;

ALTER TABLE public.provider_health_checks ADD CONSTRAINT provider_health_checks_provider_check CHECK (provider COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$') NOT VALID;

ALTER TABLE public.provider_health_checks ADD CONSTRAINT provider_health_checks_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$') NOT VALID;

ALTER TABLE public.circuit_breakers ADD CONSTRAINT circuit_breakers_provider_check CHECK (provider COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$') NOT VALID;

ALTER TABLE public.circuit_breakers ADD CONSTRAINT circuit_breakers_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$') NOT VALID;

COMMENT ON COLUMN public.target_stacks.stack IS 'All models of the providers in these stacks.';

COMMENT ON COLUMN public.default_stacks.stack IS 'A region word, as providers declare it.';

DROP FUNCTION public.routecomp_check_provider;

DROP FUNCTION public.routecomp_provider_changed;

COMMIT;
