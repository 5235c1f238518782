-- routecomp:no-transaction

SET lock_timeout = '5s';

SET statement_timeout = '30min';

REINDEX INDEX CONCURRENTLY public.spare;
--            ^^^^^^^^^^^^

CREATE INDEX CONCURRENTLY notes_by_size ON public.notes (size);
--           ^^^^^^^^^^^^
