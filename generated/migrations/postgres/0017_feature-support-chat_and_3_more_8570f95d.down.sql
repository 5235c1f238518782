-- Migration 0017: the way back, 5 rows change.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

SELECT public.routecomp_assert('CONFLICT: feature_aliases chat/support:latest is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.feature_aliases WHERE alias = 'chat/support:latest' AND feature = 'support-chat'));

DELETE FROM public.feature_aliases
WHERE alias = 'chat/support:latest' AND feature = 'support-chat';

SELECT public.routecomp_assert('CONFLICT: target_aliases openai/* is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.target_aliases WHERE alias = 'openai/*' AND target = 'auto'));

DELETE FROM public.target_aliases
WHERE alias = 'openai/*' AND target = 'auto';

SELECT public.routecomp_assert('CONFLICT: target_aliases openai/gpt-oss* is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.target_aliases WHERE alias = 'openai/gpt-oss*' AND target = 'open-weights'));

DELETE FROM public.target_aliases
WHERE alias = 'openai/gpt-oss*' AND target = 'open-weights';

SELECT public.routecomp_assert('CONFLICT: target_aliases preview/* is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.target_aliases WHERE alias = 'preview/*' AND target = 'open-weights'));

DELETE FROM public.target_aliases
WHERE alias = 'preview/*' AND target = 'open-weights';

SELECT public.routecomp_assert('CONFLICT: model_aliases GPT 4o mini is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_aliases WHERE alias = 'GPT 4o mini' AND model = 'gpt-4o-mini'));

DELETE FROM public.model_aliases
WHERE alias = 'GPT 4o mini' AND model = 'gpt-4o-mini';

COMMIT;
