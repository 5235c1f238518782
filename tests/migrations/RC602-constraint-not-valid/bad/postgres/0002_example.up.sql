BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

-- ADD CONSTRAINT ... CHECK ... NOT VALID
ALTER TABLE public.notes ADD CONSTRAINT notes_size_check CHECK (size BETWEEN 0 AND 9);
--                                                       ^^^^^

ALTER TABLE public.notes ADD CONSTRAINT notes_owner_fkey FOREIGN KEY (owner) REFERENCES public.people (name) NOT VALID;

ALTER TABLE public.notes VALIDATE CONSTRAINT notes_owner_fkey;
--                       ^^^^^^^^

COMMIT;
