-- routecomp:no-transaction

SET lock_timeout = '5s';

SET statement_timeout = '30min';

VACUUM public.notes;
