PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

INSERT INTO feature_models (feature, model, status, position) VALUES
--^^^^
  ('chat', 'new', 'shadow', 1)
ON CONFLICT (feature, model) DO UPDATE SET status = excluded.status;

COMMIT;
