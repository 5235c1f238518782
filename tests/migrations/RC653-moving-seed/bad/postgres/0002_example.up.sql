BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

INSERT INTO public.notes (note, made_at) VALUES ('now()', now());
--                                                        ^^^

COMMIT;
