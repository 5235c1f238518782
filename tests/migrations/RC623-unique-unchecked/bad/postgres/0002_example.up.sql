-- routecomp:no-transaction

SET lock_timeout = '5s';

SET statement_timeout = '30min';

CREATE UNIQUE INDEX CONCURRENTLY notes_by_name ON public.notes (name);
--            ^^^^^
