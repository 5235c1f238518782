-- Migration 0005: the way back of the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

SELECT public.routecomp_assert('column sunset of table models holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.models WHERE sunset IS NOT NULL));

SELECT public.routecomp_assert('column successor of table models holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.models WHERE successor IS NOT NULL));

DROP TRIGGER models_names_hold ON public.models;

CREATE OR REPLACE FUNCTION public.routecomp_check_name(subject text) RETURNS void
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

ALTER TABLE public.models DROP CONSTRAINT models_sunset_check;

ALTER TABLE public.models DROP CONSTRAINT models_successor_check;

ALTER TABLE public.models DROP CONSTRAINT models_successor_fkey;

ALTER TABLE public.models DROP COLUMN sunset;

ALTER TABLE public.models DROP COLUMN successor;

COMMENT ON TABLE public.providers IS 'Hosts of models.';

COMMENT ON COLUMN public.target_stacks.stack IS 'All models of the providers in these stacks.';

COMMENT ON COLUMN public.routing_resilience.failures IS 'Failures within the window that open a model''s circuit. Default 5.';

COMMENT ON COLUMN public.routing_resilience.max_attempts IS 'Most models of one chain: every chain is cut to it. Default 5.';

COMMENT ON COLUMN public.tenant_routing_policy.objective IS 'weighted ranks by score; cheapest takes the cheapest model that clears the floor. Default: the preset''s, else weighted.';

COMMENT ON COLUMN public.tenant_routing_policy.compliance_veto_threshold_bp IS 'Least compliance a model needs, 0 to 1; nothing relaxes it. Default: the preset''s, else 0.50. In basis points.';

CREATE CONSTRAINT TRIGGER models_names_hold
AFTER INSERT OR UPDATE OF model, logical_slug OR DELETE ON public.models
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_name_changed('model', 'logical_slug');

COMMIT;
