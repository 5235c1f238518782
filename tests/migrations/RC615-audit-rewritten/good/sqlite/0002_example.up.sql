PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

INSERT INTO model_promotions (feature, from_model, to_model, kind, migration) VALUES
  ('UPDATE model_promotions', 'a', 'b', 'promotion', '0002_example');

SELECT actor FROM model_promotions WHERE feature = 'chat';

COMMIT;
