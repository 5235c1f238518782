-- Migration 0012: the way back, 2 rows change.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models gpt-oss-120b-cerebras is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'gpt-oss-120b-cerebras' AND share_bp = 4000)) IS NOT TRUE;

UPDATE models SET share_bp = NULL
WHERE model = 'gpt-oss-120b-cerebras' AND share_bp = 4000;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: models gpt-oss-120b-groq is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM models WHERE model = 'gpt-oss-120b-groq' AND share_bp = 6000)) IS NOT TRUE;

UPDATE models SET share_bp = NULL
WHERE model = 'gpt-oss-120b-groq' AND share_bp = 6000;

INSERT INTO routecomp_assert (what, ok) SELECT 'model_shares_sum: load any-gpt-oss-120b has shares that do not add up to 1', 0
WHERE (NOT ((SELECT coalesce(sum(m.share_bp), 10000) FROM models m WHERE m.logical_slug = 'any-gpt-oss-120b') <> 10000)) IS NOT TRUE;

COMMIT;
