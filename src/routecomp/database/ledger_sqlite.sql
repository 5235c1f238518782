CREATE TABLE routecomp_migrations (
  seq INTEGER NOT NULL,
  migration TEXT NOT NULL,
  direction TEXT NOT NULL,
  checksum TEXT NOT NULL,
  applied_at TEXT NOT NULL,
  actor TEXT NOT NULL,
  version TEXT NOT NULL,
  promotions_to INTEGER NOT NULL,
  promotions_hash TEXT NOT NULL,
  catalogue TEXT,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  CONSTRAINT routecomp_migrations_pkey PRIMARY KEY (seq),
  CONSTRAINT routecomp_migrations_one_line UNIQUE (prev_hash),
  CONSTRAINT routecomp_migrations_direction_check CHECK (direction IN ('up', 'down', 'adopt'))
);

CREATE TRIGGER routecomp_migrations_no_update BEFORE UPDATE ON routecomp_migrations
BEGIN
  SELECT RAISE(ABORT, 'routecomp_migrations_no_update: the ledger is append-only');
END;

CREATE TRIGGER routecomp_migrations_no_delete BEFORE DELETE ON routecomp_migrations
BEGIN
  SELECT RAISE(ABORT, 'routecomp_migrations_no_delete: the ledger is append-only');
END;

CREATE TRIGGER routecomp_migrations_no_replace BEFORE INSERT ON routecomp_migrations
WHEN EXISTS (SELECT 1 FROM routecomp_migrations WHERE seq = NEW.seq OR prev_hash = NEW.prev_hash)
BEGIN
  SELECT RAISE(ABORT, 'routecomp_migrations_no_replace: the ledger is append-only');
END;
