-- Migration 0025: the way back of the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

SELECT public.routecomp_assert('column shared_as of table models holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.models WHERE shared_as IS NOT NULL));

DROP VIEW public.model_shares;

ALTER TABLE public.models DROP CONSTRAINT models_shared_as_check;

ALTER TABLE public.models DROP CONSTRAINT models_shared_as_share;

ALTER TABLE public.models DROP COLUMN shared_as;

COMMENT ON COLUMN public.target_stacks.stack IS 'All models of the providers in these stacks.';

COMMENT ON COLUMN public.default_stacks.stack IS 'A region word, as providers declare it.';

COMMENT ON COLUMN public.feature_aliases.alias IS 'Names that callers may send as `model` and that take this feature''s chain, in printable ASCII. Default none.';

COMMIT;
