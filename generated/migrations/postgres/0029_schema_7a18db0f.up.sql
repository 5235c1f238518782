-- Migration 0029: the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

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
  IF EXISTS (SELECT 1 FROM public.feature_fallbacks b JOIN public.feature_models fm ON fm.feature = b.feature AND fm.model = b.model WHERE b.feature = subject AND fm.status = 'primary') THEN
    RAISE EXCEPTION 'feature % has its primary among its fallbacks', subject
      USING ERRCODE = '23514', CONSTRAINT = 'features_no_primary_fallback';
  END IF;
  IF EXISTS (SELECT 1 FROM public.feature_fallbacks b WHERE b.feature = subject GROUP BY b.model HAVING count(*) > 1) THEN
    RAISE EXCEPTION 'feature % has a model among its fallbacks twice', subject
      USING ERRCODE = '23514', CONSTRAINT = 'features_fallbacks_apart';
  END IF;
END
$body$;

COMMENT ON COLUMN public.target_stacks.stack IS 'All models of the providers in these stacks.';

COMMENT ON COLUMN public.default_stacks.stack IS 'A region word, as providers declare it.';

COMMIT;
