PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

UPDATE model_promotions SET actor = 'nobody' WHERE feature = 'chat';
--     ^^^^^^^^^^^^^^^^

DELETE FROM model_promotions;
--          ^^^^^^^^^^^^^^^^

COMMIT;
