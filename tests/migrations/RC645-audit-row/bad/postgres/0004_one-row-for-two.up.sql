BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SELECT public.routecomp_assert('CONFLICT: feature chat is already on another model', (SELECT model FROM public.feature_models WHERE feature = 'chat' AND status = 'primary') = 'old');

SELECT public.routecomp_assert('model new is no shadow any more', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'chat' AND model = 'new' AND status = 'shadow'));

UPDATE public.feature_models SET status = 'shadow'
WHERE feature = 'chat' AND model = 'old' AND status = 'primary';

UPDATE public.feature_models SET status = 'primary'
--                                        ^^^^^^^^^
WHERE feature = 'chat' AND model = 'new' AND status = 'shadow';

INSERT INTO public.model_promotions (feature, from_model, to_model, kind, migration) VALUES
  ('chat', 'old', 'new', 'promotion', '0004_one-row-for-two');

SELECT public.routecomp_assert('feature chat has one primary', (SELECT min(model) FROM public.feature_models WHERE feature = 'chat' AND status = 'primary') = 'new');

SELECT public.routecomp_assert('CONFLICT: feature chat is already on another model', (SELECT model FROM public.feature_models WHERE feature = 'chat' AND status = 'primary') = 'new');

SELECT public.routecomp_assert('model old is no shadow any more', EXISTS (SELECT 1 FROM public.feature_models WHERE feature = 'chat' AND model = 'old' AND status = 'shadow'));

UPDATE public.feature_models SET status = 'shadow'
WHERE feature = 'chat' AND model = 'new' AND status = 'primary';

UPDATE public.feature_models SET status = 'primary'
WHERE feature = 'chat' AND model = 'old' AND status = 'shadow';

SELECT public.routecomp_assert('feature chat has one primary', (SELECT min(model) FROM public.feature_models WHERE feature = 'chat' AND status = 'primary') = 'old');

COMMIT;
