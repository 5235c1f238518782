-- Migration 0025: the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

ALTER TABLE public.models ADD COLUMN shared_as TEXT;

ALTER TABLE public.models ADD CONSTRAINT models_shared_as_check CHECK (shared_as IS NULL
  OR (
    shared_as COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )) NOT VALID;

ALTER TABLE public.models ADD CONSTRAINT models_shared_as_share CHECK (shared_as IS NULL OR share_bp IS NOT NULL) NOT VALID;

COMMENT ON COLUMN public.target_stacks.stack IS 'All models of the providers in these stacks.';

COMMENT ON COLUMN public.default_stacks.stack IS 'A region word, as providers declare it.';

COMMENT ON COLUMN public.feature_aliases.alias IS 'Names that callers may send as `model` and that take this feature''s chain, in printable ASCII. Default none.';

COMMENT ON COLUMN public.models.shared_as IS 'The slug that orders its share for one release after a rename.';

CREATE VIEW public.model_shares (logical, model, share_bp, first_slot, last_slot) AS
SELECT logical, model, share_bp, until - share_bp AS first_slot, until - 1 AS last_slot FROM (
  SELECT m.logical_slug AS logical, m.model, m.share_bp,
    sum(m.share_bp) OVER (PARTITION BY m.logical_slug ORDER BY coalesce(m.shared_as, m.model) COLLATE "C") AS until
  FROM public.models m WHERE m.share_bp IS NOT NULL) dealt;

COMMENT ON VIEW public.model_shares IS 'The models that share the load of a logical model, active or not, and the slots that each owns: the one that serves a request where it survives every filter.';

COMMIT;
