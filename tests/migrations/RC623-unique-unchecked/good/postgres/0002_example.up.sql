-- routecomp:no-transaction

SET lock_timeout = '5s';

SET statement_timeout = '30min';

-- routecomp:allow RC623 reason="counted on every database: no name stands twice"
CREATE UNIQUE INDEX CONCURRENTLY notes_by_name ON public.notes (name);
