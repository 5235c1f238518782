-- Migration 0010: the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

CREATE FUNCTION public.routecomp_check_load(subject text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  IF (SELECT coalesce(sum(m.share_bp), 10000) FROM public.models m WHERE m.logical_slug = subject) <> 10000 THEN
    RAISE EXCEPTION 'load % has shares that do not add up to 1', subject
      USING ERRCODE = '23514', CONSTRAINT = 'model_shares_sum';
  END IF;
END
$body$;

CREATE FUNCTION public.routecomp_load_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
  named text;
BEGIN
  FOREACH named IN ARRAY TG_ARGV LOOP
    IF TG_OP <> 'DELETE' THEN
      PERFORM public.routecomp_check_load(to_jsonb(NEW) ->> named);
    END IF;
    IF TG_OP <> 'INSERT' THEN
      PERFORM public.routecomp_check_load(to_jsonb(OLD) ->> named);
    END IF;
  END LOOP;
  RETURN NULL;
END
$body$;

ALTER TABLE public.models ADD COLUMN share_bp DECIMAL;

ALTER TABLE public.models ADD CONSTRAINT models_share_bp_check CHECK (share_bp IS NULL
  OR (
    share_bp >= 1 AND share_bp <= 10000 AND share_bp = TRUNC(share_bp)
  )) NOT VALID;

ALTER TABLE public.models ADD CONSTRAINT models_share_of_logical CHECK (share_bp IS NULL OR logical_slug IS NOT NULL) NOT VALID;

COMMENT ON TABLE public.providers IS 'Hosts of models.';

COMMENT ON COLUMN public.target_stacks.stack IS 'All models of the providers in these stacks.';

COMMENT ON COLUMN public.routing_resilience.failures IS 'Failures within the window that open a model''s circuit. Default 5.';

COMMENT ON COLUMN public.routing_resilience.max_attempts IS 'Most models of one chain: every chain is cut to it. Default 5.';

COMMENT ON COLUMN public.tenant_routing_policy.objective IS 'weighted ranks by score; cheapest takes the cheapest model that clears the floor. Default: the preset''s, else weighted.';

COMMENT ON COLUMN public.tenant_routing_policy.compliance_veto_threshold_bp IS 'Least compliance a model needs, 0 to 1; nothing relaxes it. Default: the preset''s, else 0.50. In basis points.';

COMMENT ON COLUMN public.feature_aliases.alias IS 'Names that callers may send as `model` and that take this feature''s chain, in printable ASCII. Default none.';

COMMENT ON COLUMN public.models.share_bp IS 'Its part of its logical model''s load, above 0, at most four decimals; the shares of one logical_slug add up to exactly 1. Default none: it takes no part. In basis points.';

CREATE CONSTRAINT TRIGGER models_loads_hold
AFTER INSERT OR UPDATE OF logical_slug, share_bp OR DELETE ON public.models
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_load_changed('logical_slug');

COMMIT;
