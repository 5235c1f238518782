-- Migration 0007: the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

CREATE OR REPLACE FUNCTION public.routecomp_check_name(subject text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  IF (CASE WHEN EXISTS (SELECT 1 FROM public.models u WHERE u.model = subject) THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM public.models u WHERE u.logical_slug = subject) THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM public.targets u WHERE u.target = subject) THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM public.target_aliases u WHERE u.alias = subject) THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM public.feature_aliases u WHERE u.alias = subject) THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM public.model_aliases u WHERE u.alias = subject) THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM public.model_experiment u WHERE u.public_model_id = subject) THEN 1 ELSE 0 END) > 1 THEN
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
  IF EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM public.models m WHERE m.model = subject UNION SELECT m.successor FROM public.models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = subject) THEN
    RAISE EXCEPTION 'name % follows itself as successor', subject
      USING ERRCODE = '23514', CONSTRAINT = 'successors_end';
  END IF;
END
$body$;

CREATE TABLE public.model_aliases (
  alias TEXT NOT NULL,
  model TEXT NOT NULL,
  CONSTRAINT model_aliases_pkey PRIMARY KEY (alias),
  CONSTRAINT model_aliases_alias_check CHECK (alias COLLATE "C" ~ '^[!-)+-~]+( [!-)+-~]+)*$' AND LENGTH(alias) <= 255),
  CONSTRAINT model_aliases_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_aliases_model_fkey FOREIGN KEY (model) REFERENCES public.models (
    model
  )
);

CREATE TABLE public.feature_aliases (
  alias TEXT NOT NULL,
  feature TEXT NOT NULL,
  CONSTRAINT feature_aliases_pkey PRIMARY KEY (alias),
  CONSTRAINT feature_aliases_alias_check CHECK (alias COLLATE "C" ~ '^[!-)+-~]+( [!-)+-~]+)*$' AND LENGTH(alias) <= 255),
  CONSTRAINT feature_aliases_feature_check CHECK (feature COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT feature_aliases_feature_fkey FOREIGN KEY (feature) REFERENCES public.features (
    feature
  )
);

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.target_aliases DROP CONSTRAINT target_aliases_alias_check, ADD CONSTRAINT target_aliases_alias_check CHECK (alias COLLATE "C" ~ '^([!-)+-~]+( [!-)+-~]+)*|([!-)+-~]+( [!-)+-~]+)* ?)?[*])$'
  AND LENGTH(alias) <= 255) NOT VALID;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.model_experiment DROP CONSTRAINT model_experiment_public_model_id_check, ADD CONSTRAINT model_experiment_public_model_id_check CHECK (public_model_id COLLATE "C" ~ '^[!-)+-~]+( [!-)+-~]+)*$'
  AND LENGTH(public_model_id) <= 255) NOT VALID;

COMMENT ON TABLE public.providers IS 'Hosts of models.';

COMMENT ON COLUMN public.target_stacks.stack IS 'All models of the providers in these stacks.';

COMMENT ON COLUMN public.routing_resilience.failures IS 'Failures within the window that open a model''s circuit. Default 5.';

COMMENT ON COLUMN public.routing_resilience.max_attempts IS 'Most models of one chain: every chain is cut to it. Default 5.';

COMMENT ON COLUMN public.tenant_routing_policy.objective IS 'weighted ranks by score; cheapest takes the cheapest model that clears the floor. Default: the preset''s, else weighted.';

COMMENT ON COLUMN public.tenant_routing_policy.compliance_veto_threshold_bp IS 'Least compliance a model needs, 0 to 1; nothing relaxes it. Default: the preset''s, else 0.50. In basis points.';

COMMENT ON TABLE public.model_aliases IS 'Other names callers may send for a model.';

COMMENT ON COLUMN public.model_aliases.alias IS 'Other names of this very model, which callers may send as `model`, in printable ASCII. Default none.';

COMMENT ON COLUMN public.model_aliases.model IS 'The model.';

COMMENT ON TABLE public.feature_aliases IS 'Names callers may send for a feature.';

COMMENT ON COLUMN public.feature_aliases.alias IS 'Names that callers may send as `model` and that take this feature''s chain, in printable ASCII. Default none.';

COMMENT ON COLUMN public.feature_aliases.feature IS 'The feature.';

CREATE CONSTRAINT TRIGGER feature_aliases_names_hold
AFTER INSERT OR UPDATE OF alias OR DELETE ON public.feature_aliases
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_name_changed('alias');

CREATE CONSTRAINT TRIGGER model_aliases_names_hold
AFTER INSERT OR UPDATE OF alias OR DELETE ON public.model_aliases
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_name_changed('alias');

COMMIT;
