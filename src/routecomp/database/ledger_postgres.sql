CREATE TABLE public.routecomp_migrations (
  seq BIGINT NOT NULL,
  migration TEXT NOT NULL,
  direction TEXT NOT NULL,
  checksum TEXT NOT NULL,
  applied_at TIMESTAMPTZ NOT NULL,
  actor TEXT NOT NULL,
  version TEXT NOT NULL,
  promotions_to BIGINT NOT NULL,
  promotions_hash TEXT NOT NULL,
  catalogue TEXT,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  CONSTRAINT routecomp_migrations_pkey PRIMARY KEY (seq),
  CONSTRAINT routecomp_migrations_one_line UNIQUE (prev_hash),
  CONSTRAINT routecomp_migrations_direction_check CHECK (direction IN ('up', 'down', 'adopt'))
);

COMMENT ON TABLE public.routecomp_migrations IS 'Every migration applied, taken back or adopted, append-only; written by routecomp migrate.';

CREATE FUNCTION public.routecomp_migrations_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = '23514', CONSTRAINT = TG_NAME;
END
$body$;

CREATE TRIGGER routecomp_migrations_append_only BEFORE UPDATE OR DELETE ON public.routecomp_migrations
FOR EACH ROW EXECUTE FUNCTION public.routecomp_migrations_kept();

CREATE TRIGGER routecomp_migrations_no_truncate BEFORE TRUNCATE ON public.routecomp_migrations
FOR EACH STATEMENT EXECUTE FUNCTION public.routecomp_migrations_kept();

ALTER TABLE public.routecomp_migrations ENABLE ALWAYS TRIGGER routecomp_migrations_append_only;

ALTER TABLE public.routecomp_migrations ENABLE ALWAYS TRIGGER routecomp_migrations_no_truncate;

REVOKE UPDATE, DELETE, TRUNCATE ON public.routecomp_migrations FROM PUBLIC;
