PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature chat is already on another model', 0
WHERE ((SELECT model FROM feature_models WHERE feature = 'chat' AND status = 'primary') = 'old') IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'model new is no shadow any more', 0
WHERE (EXISTS (SELECT 1 FROM feature_models WHERE feature = 'chat' AND model = 'new' AND status = 'shadow')) IS NOT TRUE;

UPDATE feature_models SET status = 'shadow'
WHERE feature = 'chat' AND model = 'old' AND status = 'primary';

UPDATE feature_models SET status = 'primary'
--                                 ^^^^^^^^^
WHERE feature = 'chat' AND model = 'new' AND status = 'shadow';

INSERT INTO model_promotions (feature, from_model, to_model, kind, migration) VALUES
  ('chat', 'old', 'new', 'promotion', '0004_one-row-for-two');

INSERT INTO routecomp_assert (what, ok) SELECT 'feature chat has one primary', 0
WHERE ((SELECT min(model) FROM feature_models WHERE feature = 'chat' AND status = 'primary') = 'new') IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: feature chat is already on another model', 0
WHERE ((SELECT model FROM feature_models WHERE feature = 'chat' AND status = 'primary') = 'new') IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'model old is no shadow any more', 0
WHERE (EXISTS (SELECT 1 FROM feature_models WHERE feature = 'chat' AND model = 'old' AND status = 'shadow')) IS NOT TRUE;

UPDATE feature_models SET status = 'shadow'
WHERE feature = 'chat' AND model = 'new' AND status = 'primary';

UPDATE feature_models SET status = 'primary'
WHERE feature = 'chat' AND model = 'old' AND status = 'shadow';

INSERT INTO routecomp_assert (what, ok) SELECT 'feature chat has one primary', 0
WHERE ((SELECT min(model) FROM feature_models WHERE feature = 'chat' AND status = 'primary') = 'old') IS NOT TRUE;

COMMIT;
